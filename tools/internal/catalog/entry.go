package catalog

import "opendata.example/odc/tools/internal/calendar"

// Entry is a catalogue entry (公共数据资源目录条目): what a department holds, and how it may be shared and opened.
// File: metadata/catalog/<dept>/<id>.yaml.
type Entry struct {
	ID   ID     `yaml:"-"`
	Dept Dept   `yaml:"-"` // provider (提供方), from the path
	Path string `yaml:"-"`

	ResourceCode     string        `yaml:"resource_code"` // 信息资源代码, see tools/doc/format.md
	Class            Code          `yaml:"class"`         // drafts without a code: 类
	ClassItem        Code          `yaml:"class_item"`    // drafts without a code: 项
	Relation         Code          `yaml:"relation"`
	MunicipalCode    string        `yaml:"municipal_code"`
	Title            string        `yaml:"title"`
	TitleEn          string        `yaml:"title_en"`
	AltTitles        []string      `yaml:"alt_titles"`
	RowMeaning       string        `yaml:"row_meaning"` // 一行是……
	Abstract         string        `yaml:"abstract"`
	Keywords         []string      `yaml:"keywords"`
	SourceOrg        Dept          `yaml:"source_org"` // 数源单位; empty = provider
	DutyBasis        []LegalRef    `yaml:"duty_basis"`
	ProcedureURL     string        `yaml:"procedure_url"`
	ITSystem         *ITSystem     `yaml:"it_system"`
	Digital          Code          `yaml:"digital"`
	Digitisation     *Digitisation `yaml:"digitisation"`
	Formats          []Format      `yaml:"formats"`
	Items            []Item        `yaml:"items"`
	Share            Share         `yaml:"share"`
	Open             Open          `yaml:"open"`
	UpdateFrequency  Code          `yaml:"update_frequency"`
	FrequencyReason  string        `yaml:"frequency_reason"`
	Domain           Code          `yaml:"domain"`
	ThemeNational    *Theme        `yaml:"theme_national"`
	Spatial          []Code        `yaml:"spatial"`
	Temporal         *Temporal     `yaml:"temporal"`
	SecurityLevel    int           `yaml:"security_level"`
	PersonalInfo     Code          `yaml:"personal_info"`
	Secrecy          Code          `yaml:"secrecy"`
	Aggregation      Aggregation   `yaml:"aggregation"`
	HistoryYears     int           `yaml:"history_years"`
	Related          []Related     `yaml:"related"`
	PublishedOn      calendar.Date `yaml:"published_on"`
	Contact          string        `yaml:"contact"` // key of the department's public_contact
	ObjectionURL     string        `yaml:"objection_url"`
	Illustrative     bool          `yaml:"illustrative"` // 示例数据
	RecordVisibility Code          `yaml:"record_visibility"`
	Status           Code          `yaml:"status"`
	StatusReason     string        `yaml:"status_reason"`
	Imported         *Imported     `yaml:"imported"`
	Overlaps         []Overlap     `yaml:"overlaps"`
	Version          string        `yaml:"version"`
	Regime           RegimeID      `yaml:"regime"`

	// Opened are the open-list entries that open this entry, in order of id.
	Opened []*OpenEntry `yaml:"-"`
}

// Ref is the identity of the entry.
func (e *Entry) Ref() Ref { return Ref{KindEntry, e.Dept, e.ID} }

// Source is the body the data come from (数源单位): the provider unless the entry says otherwise.
func (e *Entry) Source() Dept {
	if e.SourceOrg != "" {
		return e.SourceOrg
	}
	return e.Dept
}

// Item returns the item with that name, or nil.
func (e *Entry) Item(name string) *Item {
	for i := range e.Items {
		if e.Items[i].Name == name {
			return &e.Items[i]
		}
	}
	return nil
}

// LegalRef cites a place in a law: 〔14(3)〕 is {Law, Article "14", Paragraph "3"}.
type LegalRef struct {
	Law       LawID  `yaml:"law" json:"law"`
	Article   string `yaml:"article" json:"article,omitempty"`
	Paragraph string `yaml:"paragraph" json:"paragraph,omitempty"`
	Item      string `yaml:"item" json:"item,omitempty"`
	Note      string `yaml:"note" json:"note,omitempty"`
}

// ITSystem is the information system a resource lives in (所属信息系统).
type ITSystem struct {
	Name      string `yaml:"name"`
	ProjectNo string `yaml:"project_no"`
	Hosting   Code   `yaml:"hosting"`
	Reason    string `yaml:"reason"`
}

// Digitisation is the plan for a paper resource 〔12〕.
type Digitisation struct {
	Plan string        `yaml:"plan"`
	By   calendar.Date `yaml:"by"`
}

// Format is a source format (信息资源格式).
type Format struct {
	Category Code   `yaml:"category"`
	Format   string `yaml:"format"`
}

// Item is a data item (数据项): one column of a table.
type Item struct {
	Name        string       `yaml:"name"`  // header of published CSV, JSON, GeoJSON
	Title       string       `yaml:"title"` // header of published XLSX and previews
	Type        Code         `yaml:"type"`  // item_type: C N Y D T L M G B I F
	TitleEn     string       `yaml:"title_en"`
	Length      int          `yaml:"length"`
	Scale       int          `yaml:"scale"`
	Description string       `yaml:"description"`
	Required    bool         `yaml:"required"`
	Key         bool         `yaml:"key"`
	Codelist    Codelist     `yaml:"codelist"` // a vocabulary id, or the values themselves
	Constraints *Constraints `yaml:"constraints"`
	Role        Code         `yaml:"item_role"`
	References  *References  `yaml:"references"`
	Unit        string       `yaml:"unit"`
	Format      string       `yaml:"format"`
	Level       int          `yaml:"level"`
	PII         Code         `yaml:"pii"`
	ShareType   Code         `yaml:"share_type"`
	ShareReason string       `yaml:"share_reason"`
	OpenType    Code         `yaml:"open_type"`
	OpenReason  string       `yaml:"open_reason"`
}

// Codelist limits the values of an item: either a vocabulary of metadata/vocab or an inline list.
type Codelist struct {
	Vocabulary string
	Values     []string
}

// IsZero reports that no code list is declared.
func (c Codelist) IsZero() bool { return c.Vocabulary == "" && len(c.Values) == 0 }

// Constraints are checked on every value of the item's column.
type Constraints struct {
	Unique    bool   `yaml:"unique"`
	Minimum   string `yaml:"minimum"`
	Maximum   string `yaml:"maximum"`
	MinLength int    `yaml:"min_length"`
	Pattern   string `yaml:"pattern"` // RE2, anchored at both ends
}

// References names the item of another entry whose values this item repeats (foreign key).
type References struct {
	Entry string `yaml:"entry"` // <dept>/<id>
	Item  string `yaml:"item"`
}

// Share is the sharing attribute (共享属性) 〔4〕〔14〕.
type Share struct {
	Type          Code       `yaml:"type"`
	Reason        string     `yaml:"reason"`
	LegalBasis    []LegalRef `yaml:"legal_basis"`
	Condition     string     `yaml:"condition"`
	Methods       []Code     `yaml:"methods"`
	OfflineReason string     `yaml:"offline_reason"`
}

// Open is the opening attribute (开放属性) 〔14〕.
type Open struct {
	Type       Code         `yaml:"type"`
	ReasonCode Code         `yaml:"reason_code"`
	Reason     string       `yaml:"reason"`
	LegalBasis []LegalRef   `yaml:"legal_basis"`
	Condition  string       `yaml:"condition"`
	Release    *OpenRelease `yaml:"release"`
}

// OpenRelease is how a closed resource came to be opened (转开放) 〔14(2)〕.
type OpenRelease struct {
	Method   Code          `yaml:"method"`
	Date     calendar.Date `yaml:"date"`
	Evidence string        `yaml:"evidence"`
}

// Theme is the national theme (国家主题分类).
type Theme struct {
	L1 Code `yaml:"l1"`
	L2 Code `yaml:"l2"`
}

// Temporal is the period the data describe. Its ends are days, months or years as written (CCYY, CCYY-MM, CCYY-MM-DD).
type Temporal struct {
	Start string `yaml:"start" json:"start"`
	End   string `yaml:"end" json:"end,omitempty"`
}

// Aggregation into the district's data platform (汇聚) 〔15〕.
type Aggregation struct {
	Status    Code          `yaml:"status"`
	Channel   string        `yaml:"channel"`
	LastSync  calendar.Date `yaml:"last_sync"`
	Exemption *Exemption    `yaml:"exemption"`
}

// Exemption is a recognised special case of aggregation.
type Exemption struct {
	Org    Dept          `yaml:"org"`
	Date   calendar.Date `yaml:"date"`
	DocNo  string        `yaml:"doc_no"`
	Reason string        `yaml:"reason"`
}

// Related names another resource by its code.
type Related struct {
	Code string `yaml:"code"`
	Kind Code   `yaml:"kind"`
}

// Imported says where a record was imported from.
type Imported struct {
	Kind   string        `yaml:"kind"`
	Source string        `yaml:"source"`
	Key    string        `yaml:"key"`
	Date   calendar.Date `yaml:"date"`
	Extra  string        `yaml:"extra"`
}

// Overlap is a person's conclusion on a suspected second collection of the same data (重复采集).
type Overlap struct {
	With       string        `yaml:"with"`
	Verdict    Code          `yaml:"verdict"`
	Reason     string        `yaml:"reason"`
	LegalBasis []LegalRef    `yaml:"legal_basis"`
	DecidedBy  Dept          `yaml:"decided_by"`
	DecidedOn  calendar.Date `yaml:"decided_on"`
}

// OpenEntry is an open-list entry (公共数据开放清单条目): a public dataset or interface. Its id is the dataset id.
// File: metadata/openlist/<dept>/<id>.yaml. Empty fields default to those of the entry; the methods apply the defaults.
type OpenEntry struct {
	ID   ID     `yaml:"-"`
	Dept Dept   `yaml:"-"`
	Path string `yaml:"-"`

	CatalogID        string         `yaml:"catalog_id"` // <dept>/<id>
	Serial           string         `yaml:"serial"`     // two digits; list code = resource code + "-" + serial
	Title            string         `yaml:"title"`
	TitleEn          string         `yaml:"title_en"`
	Abstract         string         `yaml:"abstract"`
	Labels           []string       `yaml:"labels"`
	Scenario         []string       `yaml:"scenario"`
	OpenType         Code           `yaml:"open_type"`
	OpenLevel        Code           `yaml:"open_level"`
	OpenCondition    string         `yaml:"open_condition"`
	Access           *Access        `yaml:"access"`
	ResourceKind     Code           `yaml:"resource_kind"`
	UpdateFrequency  Code           `yaml:"update_frequency"`
	FrequencyReason  string         `yaml:"frequency_reason"`
	Items            []string       `yaml:"items"` // names of the entry's items
	Distributions    []Distribution `yaml:"distributions"`
	Sample           string         `yaml:"sample"`
	Spatial          []Code         `yaml:"spatial"`
	Temporal         *Temporal      `yaml:"temporal"`
	License          Code           `yaml:"license"`
	FirstPublishedOn calendar.Date  `yaml:"first_published_on"`
	UpdatedOn        calendar.Date  `yaml:"updated_on"` // only for entries without files; else the newest data release
	Municipal        Municipal      `yaml:"municipal"`
	Reuse            []Reuse        `yaml:"reuse"`
	Status           Code           `yaml:"status"`
	StatusReason     string         `yaml:"status_reason"`
	Version          string         `yaml:"version"`

	// Entry is the catalogue entry; nil when the reference does not resolve (a finding of R01).
	Entry *Entry `yaml:"-"`
	// Releases are the data versions in order of time (datasets/<dept>/<id>/releases/*.yaml).
	Releases []*DataRelease `yaml:"-"`
	// Files are the names in datasets/<dept>/<id>/ with their digests, without releases/.
	Files map[string]SourceFile `yaml:"-"`
}

// Access is how to apply for a conditionally open dataset (申请方式).
type Access struct {
	ApplyURL           string   `yaml:"apply_url"`
	Materials          []string `yaml:"materials"`
	AgreementURL       string   `yaml:"agreement_url"`
	IndividualsAllowed bool     `yaml:"individuals_allowed"`
	ReviewDays         int      `yaml:"review_days"` // working days
}

// Distribution is one form of a dataset: a file or an interface (分发).
type Distribution struct {
	ID                  string   `yaml:"id"`
	Title               string   `yaml:"title"`
	Kind                Code     `yaml:"kind"` // file, api
	Format              Code     `yaml:"format"`
	MediaType           string   `yaml:"media_type"`
	Source              string   `yaml:"source"` // file name in datasets/<dept>/<id>/
	AccessURL           string   `yaml:"access_url"`
	Dialect             *Dialect `yaml:"dialect"`
	MissingValues       []string `yaml:"missing_values"`
	CRS                 string   `yaml:"crs"`
	CompressFormat      Code     `yaml:"compress_format"`
	EndpointURL         string   `yaml:"endpoint_url"`
	EndpointDescription string   `yaml:"endpoint_description"`
	Availability        Code     `yaml:"availability"`
}

// FileName is the name of the published file: the distribution's id with the extension of its format.
func (d *Distribution) FileName() string {
	if d.Format == "shp" { // a shapefile is several files and travels as one archive
		return d.ID + ".zip"
	}
	return d.ID + "." + string(d.Format)
}

// Tabular reports whether the format is a table that the programs read and write; every other file is an attachment
// and published as it is.
func (d *Distribution) Tabular() bool {
	switch d.Format {
	case "csv", "json", "xlsx", "geojson":
		return true
	}
	return false
}

// Dialect of a source table; what is not declared is detected.
type Dialect struct {
	Encoding    string `yaml:"encoding"`
	Delimiter   string `yaml:"delimiter"`
	QuoteChar   string `yaml:"quote_char"`
	Header      string `yaml:"header"` // "true", "false" or empty
	HeaderRows  int    `yaml:"header_rows"`
	SkipRows    int    `yaml:"skip_rows"`
	FooterRows  int    `yaml:"footer_rows"`
	Sheet       string `yaml:"sheet"`
	Range       string `yaml:"range"`
	CommentChar string `yaml:"comment_char"`
}

// Municipal is the state on the municipal open-data platform (市平台对接).
type Municipal struct {
	DatasetID string        `yaml:"dataset_id"`
	URL       string        `yaml:"url"`
	Status    Code          `yaml:"status"`
	PushedOn  calendar.Date `yaml:"pushed_on"`
}

// Reuse is something made with the data (利用成果).
type Reuse struct {
	Title string `yaml:"title" json:"title"`
	URL   string `yaml:"url" json:"url"`
	By    string `yaml:"by" json:"by"`
}

// SourceFile is a file in a dataset's folder.
type SourceFile struct {
	SHA256 string // lower-case hex
	Bytes  int64
	// Remote is set for <name>.ref.yaml: the bytes lie elsewhere and SHA256 and Bytes are what they must be.
	Remote string
}

// DataRelease is one published version of a dataset's files, written by `odc data --release`, never by people.
type DataRelease struct {
	Version       string                  `yaml:"version"` // CCYY-MM-DD, then CCYY-MM-DD.2 …
	Date          calendar.Date           `yaml:"date"`
	SourceSHA256  string                  `yaml:"source_sha256"`
	ItemsSHA256   string                  `yaml:"items_sha256"`
	ContentSHA256 string                  `yaml:"content_sha256"` // of the typed table: what "updated" means
	Diff          Diff                    `yaml:"diff"`
	Files         map[string]ReleasedFile `yaml:"files"`
}

// Diff is what changed against the version before. Unknown: the earlier file could not be found, rows are not counted.
type Diff struct {
	Unknown        bool     `yaml:"unknown" json:"unknown,omitempty"`
	RowsAdded      int      `yaml:"rows_added" json:"rows_added"`
	RowsRemoved    int      `yaml:"rows_removed" json:"rows_removed"`
	ColumnsAdded   []string `yaml:"columns_added" json:"columns_added,omitempty"`
	ColumnsRemoved []string `yaml:"columns_removed" json:"columns_removed,omitempty"`
}

// ReleasedFile is a published file: its digest, size in bytes and rows of data (without header).
type ReleasedFile struct {
	SHA256 string `yaml:"sha256" json:"sha256"`
	Bytes  int64  `yaml:"bytes" json:"bytes"`
	Rows   int    `yaml:"rows" json:"rows"`
}

// Folder holds the data files and release records: datasets/<dept>/<id>.
func (o *OpenEntry) Folder() string { return "datasets/" + string(o.Dept) + "/" + string(o.ID) }

// Ref is the identity of the open-list entry.
func (o *OpenEntry) Ref() Ref { return Ref{KindOpenEntry, o.Dept, o.ID} }

// ListCode is the code of the open-list entry (清单编码): resource code, "-", serial.
func (o *OpenEntry) ListCode() string {
	if o.Entry == nil || o.Entry.ResourceCode == "" {
		return ""
	}
	return o.Entry.ResourceCode + "-" + o.Serial
}

// Name is the title, by default the entry's.
func (o *OpenEntry) Name() string {
	if o.Title == "" && o.Entry != nil {
		return o.Entry.Title
	}
	return o.Title
}

// NameEn is the English title, by default the entry's; it may be empty.
func (o *OpenEntry) NameEn() string {
	if o.TitleEn == "" && o.Entry != nil {
		return o.Entry.TitleEn
	}
	return o.TitleEn
}

// Summary is the abstract, by default the entry's.
func (o *OpenEntry) Summary() string {
	if o.Abstract == "" && o.Entry != nil {
		return o.Entry.Abstract
	}
	return o.Abstract
}

// Keywords are the labels, by default the entry's keywords.
func (o *OpenEntry) Keywords() []string {
	if len(o.Labels) == 0 && o.Entry != nil {
		return o.Entry.Keywords
	}
	return o.Labels
}

// Frequency is the promised update frequency, by default the entry's.
func (o *OpenEntry) Frequency() Code {
	if o.UpdateFrequency == "" && o.Entry != nil {
		return o.Entry.UpdateFrequency
	}
	return o.UpdateFrequency
}

// Region is where the data are about, by default the entry's.
func (o *OpenEntry) Region() []Code {
	if len(o.Spatial) == 0 && o.Entry != nil {
		return o.Entry.Spatial
	}
	return o.Spatial
}

// Period is what time the data are about, by default the entry's; nil when neither says.
func (o *OpenEntry) Period() *Temporal {
	if o.Temporal == nil && o.Entry != nil {
		return o.Entry.Temporal
	}
	return o.Temporal
}

// Illustrative reports sample data: an open-list entry inherits it from its entry.
func (o *OpenEntry) Illustrative() bool { return o.Entry != nil && o.Entry.Illustrative }

// Terms is the licence code; the defaultsare CC0 for sample data and the municipal platform's terms otherwise.
func (o *OpenEntry) Terms() Code {
	switch {
	case o.License != "":
		return o.License
	case o.Illustrative():
		return "CC0-1.0"
	}
	return "LicenseRef-SH-OpenData-Terms"
}

// Columns are the items this entry opens, in the order it names them; unknown names are left out (R01 reports them).
func (o *OpenEntry) Columns() []Item {
	var out []Item
	if o.Entry == nil {
		return nil
	}
	for _, name := range o.Items {
		if it := o.Entry.Item(name); it != nil {
			out = append(out, *it)
		}
	}
	return out
}

// Latest is the newest data release, or nil.
func (o *OpenEntry) Latest() *DataRelease {
	if len(o.Releases) == 0 {
		return nil
	}
	return o.Releases[len(o.Releases)-1]
}

// Updated is the day the data last changed: that of the newest release, or the declared day where there are no files.
func (o *OpenEntry) Updated() calendar.Date {
	if r := o.Latest(); r != nil {
		return r.Date
	}
	return o.UpdatedOn
}
