// Package view is what each page shows, computed from the whole catalogue: lists, facets, paging, related datasets,
// breadcrumbs and figures. Templates only paint it.
//
// The types of this file are the contract between Go and the theme (the first seam): they are written as JSON into
// build/data and read by the templates; nothing else passes. The package writes no files and knows no clock.
//
//	build/data/site.json                   Site
//	build/data/pages/0001.json             []Page, about 500 a file: one record for each URL
//	build/data/view/<type>/<key>.json      what the page of that type shows: Home, List, Dataset, Entry, …
package view

import "opendata.example/odc/tools/internal/calendar"

// Text is a text in Chinese and English. En is empty where nobody wrote it: the page then shows Zh, marked zh-CN.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Link is a text with a root-relative address. Crumbs lead to a page and do not name it: the title follows them.
type Link struct {
	Text Text   `json:"text"`
	URL  string `json:"url"`
}

// Term is a code of a vocabulary with its labels: {"code":"transport","label":{"zh":"道路交通","en":"transport"}}.
type Term struct {
	Code  string `json:"code"`
	Label Text   `json:"label"`
	URL   string `json:"url,omitempty"`
}

// Count is a term with how many records carry it.
type Count struct {
	Term
	N int `json:"n"`
}

// Page is one URL in both languages. Type names the template and the folder of the view, Key the file in it.
type Page struct {
	Path    string `json:"path"` // "datasets/bus-stops", "" for home; Hugo adds the slash and the language
	Type    string `json:"type"` // home list dataset entry departments department domains domain laws law vocabularies vocabulary stats changes tombstone
	Title   Text   `json:"title"`
	Summary Text   `json:"summary"`
	Key     string `json:"key"`
	// Noindex keeps a page out of search engines and the sitemap (tombstones, aliases).
	Noindex bool `json:"noindex,omitempty"`
}

// Site is the frame around every page.
type Site struct {
	BaseURL       string       `json:"base_url"`
	Title         Text         `json:"title"`
	Description   Text         `json:"description"`
	Official      bool         `json:"official"`
	Host          string       `json:"host,omitempty"`
	Operator      string       `json:"operator,omitempty"`
	ICP           string       `json:"icp,omitempty"`
	Gongan        string       `json:"gongan,omitempty"`
	SiteCode      string       `json:"site_code,omitempty"`
	Hotline       string       `json:"hotline"`
	ContactMail   string       `json:"contact_mail,omitempty"`
	RepositoryURL string       `json:"repository_url,omitempty"`
	Channel       string       `json:"channel"`
	Basis         Basis        `json:"basis"`
	Counts        Counts       `json:"counts"`
	Vocabularies  []Count      `json:"vocabularies"`
	SearchFacets  []FacetGroup `json:"search_facets"` // for the search form without script
}

// Basis is the legal basis of the catalogue and its state, printed in the footer.
type Basis struct {
	Title     string        `json:"title"`
	DocNo     string        `json:"doc_no"`
	URL       string        `json:"url"` // page of the law
	ValidFrom calendar.Date `json:"valid_from"`
	ValidTo   calendar.Date `json:"valid_to"`
	Lapsed    bool          `json:"lapsed"` // no verified regime is in force on the as-of day: 依据待核
	Successor *Link         `json:"successor,omitempty"`
}

// Counts of public records.
type Counts struct {
	Datasets      int `json:"datasets"`      // published open-list entries
	Entries       int `json:"entries"`       // catalogue entries that may be shown
	Departments   int `json:"departments"`   // with at least one entry
	Unconditional int `json:"unconditional"` // datasets by opening type
	Conditional   int `json:"conditional"`
	APIs          int `json:"apis"`
	Rows          int `json:"rows"` // rows of all newest table files
	Files         int `json:"files"`
	OnTime        int `json:"on_time"` // of Due
	Due           int `json:"due"`     // datasets with a due date
	Late          int `json:"late"`
}

// Card is a dataset or catalogue entry in a list.
type Card struct {
	Kind         string        `json:"kind"` // dataset, entry
	ID           string        `json:"id"`
	URL          string        `json:"url"`
	Title        Text          `json:"title"`
	RowMeaning   string        `json:"row_meaning,omitempty"`
	Abstract     string        `json:"abstract,omitempty"` // shortened
	Org          Term          `json:"org"`
	Domain       Term          `json:"domain"`
	OpenType     Term          `json:"open_type"` // unconditional, conditional, closed
	Resource     Term          `json:"resource"`  // data, api
	Formats      []Term        `json:"formats,omitempty"`
	Rows         int           `json:"rows,omitempty"`
	Bytes        int64         `json:"bytes,omitempty"` // of the primary download
	Updated      calendar.Date `json:"updated"`
	Clock        Clock         `json:"clock"`
	Illustrative bool          `json:"illustrative,omitempty"`
	Suspended    bool          `json:"suspended,omitempty"`
}

// Clock is how fresh a dataset is against its promise. Dates only, no counts of days: pages change only with data.
type Clock struct {
	State     string        `json:"state"` // ontime, due_soon, late, very_late, none (not due)
	Frequency Term          `json:"frequency"`
	Updated   calendar.Date `json:"updated"`
	Due       calendar.Date `json:"due"` // zero when not due
	// Sample: the data are made up, so nobody is held to the promise.
	Sample bool `json:"sample,omitempty"`
}

// FacetGroup is one facet with its values; a value's Term.URL leads to the list page that it selects.
type FacetGroup struct {
	Facet  string  `json:"facet"` // domain org open_type format frequency region licence
	Label  Text    `json:"label"`
	Values []Count `json:"values"`
	// Current is the code selected on this list page, or empty.
	Current string `json:"current,omitempty"`
}

// List is a page of cards: all datasets, one facet value, or all catalogue entries.
type List struct {
	Heading  Text         `json:"heading"`
	Intro    Text         `json:"intro,omitzero"`
	Kind     string       `json:"kind"` // dataset, entry
	Crumbs   []Link       `json:"crumbs"`
	Selected []Count      `json:"selected"` // chips: the facet value of this page; its URL removes it
	Facets   []FacetGroup `json:"facets"`
	Cards    []Card       `json:"cards"`
	Pager    Pager        `json:"pager"`
}

// Pager describes where a list page stands.
type Pager struct {
	Total int        `json:"total"` // cards in all pages
	From  int        `json:"from"`  // first card on this page, from 1
	To    int        `json:"to"`
	Page  int        `json:"page"`
	Pages int        `json:"pages"`
	Prev  string     `json:"prev,omitempty"` // URL
	Next  string     `json:"next,omitempty"`
	Links []PageLink `json:"links"` // numbers to show, with gaps
}

// PageLink is one number of a pager; Gap stands for left-out numbers.
type PageLink struct {
	N       int    `json:"n"`
	URL     string `json:"url"`
	Current bool   `json:"current,omitempty"`
	Gap     bool   `json:"gap,omitempty"`
}

// Home is the first page.
type Home struct {
	Counts      Counts   `json:"counts"`
	Examples    []string `json:"examples"` // three queries that find something
	Domains     []Count  `json:"domains"`
	Changes     []Change `json:"changes"` // five newest
	Late        Link     `json:"late"`    // where the overdue ones are listed
	Departments []Count  `json:"departments"`
	Popular     []Card   `json:"popular"` // a varied hand of datasets to begin with
	CurlURL     string   `json:"curl_url"`
	JSONLD      string   `json:"jsonld"`
}

// Change is one event of the catalogue.
type Change struct {
	Date     calendar.Date `json:"date"`
	Event    string        `json:"event"` // created data_updated metadata_updated schema_changed suspended resumed withdrawn
	Title    Text          `json:"title"`
	URL      string        `json:"url"`
	Org      Term          `json:"org"`
	Detail   Text          `json:"detail,omitzero"`
	Sequence int           `json:"seq,omitempty"`
}

// Dataset is an open-list entry's page.
type Dataset struct {
	Card
	Crumbs      []Link      `json:"crumbs"`
	Description []string    `json:"description"` // paragraphs of the abstract
	Keywords    []string    `json:"keywords"`
	Scenarios   []string    `json:"scenarios,omitempty"`
	Code        string      `json:"code"` // list code 清单编码
	Themes      []Term      `json:"themes,omitempty"`
	Region      []Term      `json:"region"`
	Period      string      `json:"period,omitempty"` // "2021 — 2025"
	License     License     `json:"license"`
	Issued      string      `json:"issued"`
	Version     string      `json:"version"`
	OpenLevel   Term        `json:"open_level"`
	Access      *Access     `json:"access,omitempty"` // conditional ones: how to apply
	Contact     Contact     `json:"contact"`
	Primary     *Download   `json:"primary,omitempty"`
	Downloads   []Download  `json:"downloads"`         // files of the newest version
	APIs        []API       `json:"apis,omitempty"`    // interfaces
	Preview     *Preview    `json:"preview,omitempty"` // first rows and column summaries
	Columns     []Column    `json:"columns"`           // data items that are open
	Clock       Clock       `json:"clock"`
	History     []Release   `json:"history,omitempty"` // newest first
	Basis       Grounds     `json:"basis"`
	Municipal   *Municipal  `json:"municipal,omitempty"` // canonical place on the municipal platform
	Related     []Card      `json:"related,omitempty"`
	Reuse       []Reuse     `json:"reuse,omitempty"`
	Citation    string      `json:"citation"`
	BibTeX      string      `json:"bibtex"`
	Notices     []Notice    `json:"notices,omitempty"`
	JSONLD      string      `json:"jsonld"` // escaped for a script element
	Alternates  []Alternate `json:"alternates"`
}

// Alternate is a machine form of the page for <link rel="alternate">.
type Alternate struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// Notice is a line above the title; Kind chooses text and tone: illustrative, lapsed, suspended, unverified.
type Notice struct {
	Kind string `json:"kind"`
	Text Text   `json:"text,omitzero"`
}

// License names the terms of use.
type License struct {
	Code  string `json:"code"`
	Title Text   `json:"title"`
	URL   string `json:"url"`
}

// Access is how to apply for a conditionally open dataset.
type Access struct {
	Condition   string   `json:"condition"`
	URL         string   `json:"url"`
	Materials   []string `json:"materials,omitempty"`
	Agreement   string   `json:"agreement,omitempty"`
	Individuals bool     `json:"individuals"`
	ReviewDays  int      `json:"review_days"` // working days
}

// Contact of an office.
type Contact struct {
	Label string `json:"label"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Download is one file of the newest version.
type Download struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Format  Term   `json:"format"`
	Media   string `json:"media"`
	URL     string `json:"url"`    // /data/<id>/<version>/<id>.<ext>, never changes
	Latest  string `json:"latest"` // /data/<id>/latest/…
	Bytes   int64  `json:"bytes"`
	Rows    int    `json:"rows"`
	SHA256  string `json:"sha256"`
	Excel   string `json:"excel,omitempty"` // URL of the twin for spreadsheets (.excel.csv)
	Open    bool   `json:"open"`            // non-proprietary and machine-readable
	Primary bool   `json:"primary,omitempty"`
}

// API is an interface.
type API struct {
	ID           string `json:"id"`
	Title        string `json:"title"`
	Endpoint     string `json:"endpoint"`
	Description  string `json:"description"` // OpenAPI document
	Availability Term   `json:"availability"`
}

// Preview is the head of the primary table.
type Preview struct {
	Rows    int        `json:"rows"` // in the whole table
	Shown   int        `json:"shown"`
	Columns []Column   `json:"columns"`
	Cells   [][]string `json:"cells"` // Shown × columns, as text
}

// Column is a data item with what its values look like.
type Column struct {
	Name        string  `json:"name"`
	Title       Text    `json:"title"`
	Type        Term    `json:"type"`
	Numeric     bool    `json:"numeric,omitempty"` // right-aligned
	Unit        string  `json:"unit,omitempty"`
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required,omitempty"`
	Key         bool    `json:"key,omitempty"`
	Codelist    *Link   `json:"codelist,omitempty"`
	Example     string  `json:"example,omitempty"`
	Nulls       int     `json:"nulls"`
	Distinct    int     `json:"distinct"`
	Min         string  `json:"min,omitempty"`
	Max         string  `json:"max,omitempty"`
	Top         []Value `json:"top,omitempty"`
	Histogram   []Bin   `json:"histogram,omitempty"` // numbers and dates
	Profiled    bool    `json:"profiled,omitempty"`  // false: no table was read (conditional, interface)
}

// Value is a frequent value.
type Value struct {
	Text string `json:"text"`
	N    int    `json:"n"`
}

// Bin of a histogram; Height is 0–100, relative to the tallest.
type Bin struct {
	From   string `json:"from"`
	To     string `json:"to"`
	N      int    `json:"n"`
	Height int    `json:"height"`
}

// Release is one version of the data.
type Release struct {
	Version        string        `json:"version"`
	Date           calendar.Date `json:"date"`
	Rows           int           `json:"rows"`
	RowsAdded      int           `json:"rows_added"`
	RowsRemoved    int           `json:"rows_removed"`
	ColumnsAdded   []string      `json:"columns_added,omitempty"`
	ColumnsRemoved []string      `json:"columns_removed,omitempty"`
	Files          []Download    `json:"files"`
}

// Grounds is the section 依据: the entry, who decided what and when, and by which article.
type Grounds struct {
	Entry          Link       `json:"entry"`
	ResourceCode   string     `json:"resource_code"`
	Duties         []Citation `json:"duties"`
	Determinations []Decision `json:"determinations"`
	Regime         Link       `json:"regime"`
	Lapsed         bool       `json:"lapsed"` // the regime of the decision has lapsed: 待复核
}

// Citation of a law.
type Citation struct {
	Law      Link   `json:"law"`
	DocNo    string `json:"doc_no,omitempty"`
	Article  string `json:"article,omitempty"` // "第十四条第三款"
	Note     string `json:"note,omitempty"`
	Verified bool   `json:"verified"`
}

// Decision is one determination.
type Decision struct {
	Attribute Term          `json:"attribute"` // share, open
	Value     Term          `json:"value"`
	By        Term          `json:"by"`
	Date      calendar.Date `json:"date"`
	DocNo     string        `json:"doc_no,omitempty"`
	Review    calendar.Date `json:"review"` // 内部时限
	Lapsed    bool          `json:"lapsed"`
}

// Municipal is the record on the municipal platform.
type Municipal struct {
	Status Term   `json:"status"`
	ID     string `json:"id,omitempty"`
	URL    string `json:"url,omitempty"`
}

// Reuse is something made with the data.
type Reuse struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	By    string `json:"by"`
}

// Entry is a catalogue entry's page. For title_only entries everything but title, provider, reason and basis is empty.
type Entry struct {
	Card
	Crumbs      []Link     `json:"crumbs"`
	TitleOnly   bool       `json:"title_only"`
	Description []string   `json:"description,omitempty"`
	Keywords    []string   `json:"keywords,omitempty"`
	Code        string     `json:"code,omitempty"`
	Source      Term       `json:"source"` // 数源单位
	Share       Term       `json:"share"`
	ShareNote   string     `json:"share_note,omitempty"` // condition or reason
	ReasonCode  *Term      `json:"reason_code,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	Condition   string     `json:"condition,omitempty"`
	LegalBasis  []Citation `json:"legal_basis,omitempty"`
	Frequency   Term       `json:"frequency"`
	Themes      []Term     `json:"themes,omitempty"`
	Region      []Term     `json:"region,omitempty"`
	Period      string     `json:"period,omitempty"`
	System      string     `json:"system,omitempty"`
	Formats     []string   `json:"source_formats,omitempty"`
	Columns     []Column   `json:"columns,omitempty"`
	Datasets    []Card     `json:"datasets,omitempty"` // what opens it
	Basis       Grounds    `json:"basis"`
	Contact     Contact    `json:"contact"`
	Notices     []Notice   `json:"notices,omitempty"`
}

// Departments lists all organisations, grouped by type.
type Departments struct {
	Crumbs []Link            `json:"crumbs"`
	Groups []DepartmentGroup `json:"groups"`
}

// DepartmentGroup is one org_type.
type DepartmentGroup struct {
	Type Term            `json:"type"`
	Rows []DepartmentRow `json:"rows"`
}

// DepartmentRow is one organisation in a table.
type DepartmentRow struct {
	Org      Term `json:"org"`
	Datasets int  `json:"datasets"`
	Entries  int  `json:"entries"`
	OnTime   int  `json:"on_time"`
	Due      int  `json:"due"`
}

// Department is an organisation's page.
type Department struct {
	Crumbs    []Link    `json:"crumbs"`
	Org       Term      `json:"org"`
	FullName  string    `json:"full_name"`
	NameEn    string    `json:"name_en,omitempty"`
	Type      Term      `json:"type"`
	Counts    Counts    `json:"counts"`
	Duties    []DutyRow `json:"duties"`
	Contacts  []Contact `json:"contacts"`
	Roles     []RoleRow `json:"roles,omitempty"` // what the regime gives it
	Datasets  []Card    `json:"datasets"`
	Entries   []Card    `json:"entries"` // catalogue entries without a dataset
	Domains   []Count   `json:"domains"`
	OpenTypes []Count   `json:"open_types"` // of its catalogue entries
}

// DutyRow is a statutory duty and how many entries it led to.
type DutyRow struct {
	Title   string   `json:"title"`
	Basis   Citation `json:"basis"`
	Entries int      `json:"entries"`
}

// RoleRow is a role held under a regime.
type RoleRow struct {
	Role     Term          `json:"role"`
	Basis    Citation      `json:"basis"`
	From     calendar.Date `json:"from"`
	To       calendar.Date `json:"to"`
	Verified bool          `json:"verified"`
}

// Domains lists the twelve domains; each one's page is a List.
type Domains struct {
	Crumbs []Link      `json:"crumbs"`
	Rows   []DomainRow `json:"rows"`
}

// DomainRow is a domain with figures and examples.
type DomainRow struct {
	Domain   Term   `json:"domain"`
	Datasets int    `json:"datasets"`
	Entries  int    `json:"entries"`
	Examples []Link `json:"examples"`
}

// Laws lists laws and regimes.
type Laws struct {
	Crumbs []Link   `json:"crumbs"`
	Levels []LawSet `json:"levels"`
}

// LawSet is the laws of one level.
type LawSet struct {
	Level Term     `json:"level"`
	Rows  []LawRow `json:"rows"`
}

// LawRow is one law in a table.
type LawRow struct {
	Law      Link          `json:"law"`
	DocNo    string        `json:"doc_no,omitempty"`
	From     calendar.Date `json:"from"`
	To       calendar.Date `json:"to"`
	State    string        `json:"state"` // in_force, lapsed, unknown
	Verified bool          `json:"verified"`
	Cited    int           `json:"cited"` // by visible entries
}

// Law is a law's page.
type Law struct {
	LawRow
	Crumbs     []Link        `json:"crumbs"`
	Issuer     string        `json:"issuer,omitempty"`
	Level      Term          `json:"level"`
	Adopted    calendar.Date `json:"adopted"`
	Issued     calendar.Date `json:"issued"`
	Successor  *Link         `json:"successor,omitempty"`
	Supersedes []Link        `json:"supersedes,omitempty"`
	URL        string        `json:"source_url,omitempty"`
	Note       string        `json:"note,omitempty"`
	Articles   []LawArticle  `json:"articles,omitempty"`
	Regime     *RegimeView   `json:"regime,omitempty"`
	Citing     []Card        `json:"citing,omitempty"` // at most 50
}

// LawArticle is an article; Text only where verified.
type LawArticle struct {
	No    string   `json:"no"`
	Label string   `json:"label"` // 第十四条
	Title string   `json:"title,omitempty"`
	Text  string   `json:"text,omitempty"`
	Rules []string `json:"rules,omitempty"` // rule ids resting on it
}

// RegimeView is the regime that rests on a law.
type RegimeView struct {
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	Verified  bool          `json:"verified"`
	From      calendar.Date `json:"from"`
	To        calendar.Date `json:"to"`
	Roles     []RoleOrg     `json:"roles"`
	Deadlines []DeadlineRow `json:"deadlines,omitempty"`
}

// RoleOrg says who holds a role.
type RoleOrg struct {
	Role    Term   `json:"role"`
	Org     Term   `json:"org"`
	Article string `json:"article"`
}

// DeadlineRow is a time limit of a regime.
type DeadlineRow struct {
	Name     Text   `json:"name"`
	Value    int    `json:"value"`
	Unit     string `json:"unit"` // working_day, calendar_day
	Basis    string `json:"basis"`
	Verified bool   `json:"verified"`
}

// Vocabularies lists the controlled lists.
type Vocabularies struct {
	Crumbs []Link  `json:"crumbs"`
	Rows   []Count `json:"rows"`
}

// Vocabulary is a list's page.
type Vocabulary struct {
	Crumbs   []Link    `json:"crumbs"`
	ID       string    `json:"id"`
	Heading  Text      `json:"heading"`
	Source   string    `json:"source"`
	Verified bool      `json:"verified"`
	Mappings []string  `json:"mappings"` // columns
	Rows     []TermRow `json:"rows"`
}

// TermRow is one term: its anchor on the page is the code.
type TermRow struct {
	Term
	Description string   `json:"description,omitempty"`
	Mappings    []string `json:"mappings"` // in the order of Vocabulary.Mappings, "" for none
	Used        int      `json:"used"`
	Deprecated  bool     `json:"deprecated,omitempty"`
}

// Stats is the statistics page: every figure with its denominator, every picture with its table.
type Stats struct {
	Crumbs      []Link          `json:"crumbs"`
	Counts      Counts          `json:"counts"`
	ShareTypes  []Count         `json:"share_types"` // of all catalogue entries that may be counted
	OpenTypes   []Count         `json:"open_types"`
	Formats     []Count         `json:"formats"`
	Frequencies []Count         `json:"frequencies"`
	Domains     []Count         `json:"domains"` // columns of the matrix
	Matrix      []MatrixRow     `json:"matrix"`
	OnTime      []DepartmentRow `json:"on_time"`
	Late        []Card          `json:"late"`
	Timeline    []TimelineRow   `json:"timeline"` // datasets by year and month of first publication
}

// MatrixRow is a department's catalogue entries by domain.
type MatrixRow struct {
	Org   Term  `json:"org"`
	N     []int `json:"n"` // in the order of Stats.Domains
	Total int   `json:"total"`
	Open  int   `json:"open"`
}

// TimelineRow is the number of datasets open at the end of a year, by opening type.
type TimelineRow struct {
	Year          int `json:"year"`
	Unconditional int `json:"unconditional"`
	Conditional   int `json:"conditional"`
}

// Changes is the page of events, newest first.
type Changes struct {
	Crumbs []Link   `json:"crumbs"`
	Rows   []Change `json:"rows"`
	Total  int      `json:"total"`
}

// Tombstone is the page of a withdrawn or moved record.
type Tombstone struct {
	Crumbs []Link        `json:"crumbs"`
	Title  string        `json:"title,omitempty"`
	Code   string        `json:"code"`
	Date   calendar.Date `json:"date"`
	Reason string        `json:"reason,omitempty"`
	Moved  *Link         `json:"moved,omitempty"` // alias: where it is now
}
