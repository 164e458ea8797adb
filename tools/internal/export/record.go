package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// Record is the public record of one dataset: the document /datasets/<id>/entry.json, and the only source of every
// feed. A value that nobody wrote is left out, never null or "".
type Record struct {
	Format        string            `json:"format"` // odc-entry/1
	ID            catalog.ID        `json:"id"`
	IRI           string            `json:"iri"`
	URL           string            `json:"url"` // its page
	Code          string            `json:"code"`
	FlatID        string            `json:"flat_id"` // the code with "-" for "/", where a slash does harm
	ResourceCode  string            `json:"resource_code"`
	Status        catalog.Code      `json:"status"`
	Title         Text              `json:"title"`
	Abstract      string            `json:"abstract"`
	RowMeaning    string            `json:"row_meaning,omitempty"`
	Labels        []string          `json:"labels"`
	Scenarios     []string          `json:"scenarios,omitempty"`
	Org           OrgRef            `json:"org"`
	SourceOrg     *OrgRef           `json:"source_org,omitempty"` // where the provider is not the source
	Contact       Contact           `json:"contact"`
	Domain        Term              `json:"domain"`
	Themes        []Term            `json:"themes,omitempty"`
	ResourceKind  Term              `json:"resource_kind"`
	Open          Opening           `json:"open"`
	License       License           `json:"license"`
	Update        Update            `json:"update"`
	Spatial       []Term            `json:"spatial,omitempty"`
	Temporal      *catalog.Temporal `json:"temporal,omitempty"`
	Items         []Item            `json:"items,omitempty"`
	Distributions []Distribution    `json:"distributions"`
	Versions      []Version         `json:"versions,omitempty"` // newest first
	Municipal     *Municipal        `json:"municipal,omitempty"`
	LegalBasis    []Citation        `json:"legal_basis,omitempty"`
	Related       []Relation        `json:"related,omitempty"`
	CatalogID     string            `json:"catalog_id"`
	Illustrative  bool              `json:"illustrative,omitempty"`
	IssuedOn      calendar.Date     `json:"issued,omitzero"`
	Version       string            `json:"version,omitempty"`
	Modified      calendar.Date     `json:"modified,omitzero"`
	Hash          string            `json:"hash,omitempty"`
	HistoryURL    string            `json:"history_url"`
	Links         map[string]string `json:"links"`
}

type (
	// Text is a text in Chinese and, where somebody wrote it, English.
	Text struct {
		Zh string `json:"zh"`
		En string `json:"en,omitempty"`
	}
	// Term is a code of a vocabulary with its labels.
	Term struct {
		Key   string `json:"key"`
		Label Text   `json:"label"`
	}
	// OrgRef names an organisation.
	OrgRef struct {
		ID   catalog.Dept `json:"id"`
		Name string       `json:"name"`
		IRI  string       `json:"iri"`
	}
	// Contact is an office, never a person.
	Contact struct {
		Label string `json:"label"`
		Phone string `json:"phone,omitempty"`
		Email string `json:"email,omitempty"`
		key   string // tells the contacts of one organisation apart
	}
	// Opening says who may have the data and who decided so.
	Opening struct {
		Type          Term           `json:"type"`
		Level         *Term          `json:"level,omitempty"`
		Condition     string         `json:"condition,omitempty"`
		Access        *Access        `json:"access,omitempty"`
		Determination *Determination `json:"determination,omitempty"`
	}
	// Access is how to apply for a conditionally open dataset.
	Access struct {
		ApplyURL           string   `json:"apply_url"`
		Materials          []string `json:"materials,omitempty"`
		AgreementURL       string   `json:"agreement_url,omitempty"`
		IndividualsAllowed bool     `json:"individuals_allowed"`
		ReviewDays         int      `json:"review_days,omitempty"` // working days
	}
	// Determination is the newest decision on the opening attribute (认定).
	Determination struct {
		Org   OrgRef        `json:"org"`
		Date  calendar.Date `json:"date"`
		DocNo string        `json:"doc_no,omitempty"`
	}
	// License names the terms of use.
	License struct {
		ID    string `json:"id"`
		Title Text   `json:"title"`
		URL   string `json:"url,omitempty"`
	}
	// Update is the promise of freshness and how it is kept. State is relative to the as-of day and no part of the hash.
	Update struct {
		Frequency Term           `json:"frequency"`
		UpdatedOn calendar.Date  `json:"updated_on,omitzero"`
		DueOn     calendar.Date  `json:"due_on,omitzero"`
		State     calendar.State `json:"state,omitempty"`
	}
	// Item is a data item that is open: one column.
	Item struct {
		Name        string   `json:"name"`
		Title       string   `json:"title"`
		TitleEn     string   `json:"title_en,omitempty"`
		Type        Term     `json:"type"`
		Length      int      `json:"length,omitempty"`
		Scale       int      `json:"scale,omitempty"`
		Description string   `json:"description,omitempty"`
		Required    bool     `json:"required,omitempty"`
		Key         bool     `json:"key,omitempty"`
		Vocabulary  string   `json:"vocabulary,omitempty"` // URL of the code list
		Values      []string `json:"values,omitempty"`     // or the list itself
		Unit        string   `json:"unit,omitempty"`
		Format      string   `json:"format,omitempty"`
	}
	// Distribution is one file or interface of the dataset.
	Distribution struct {
		ID                  string       `json:"id"`
		IRI                 string       `json:"iri"`
		Title               string       `json:"title"`
		Kind                catalog.Code `json:"kind"` // file, api
		Format              Term         `json:"format"`
		MediaType           string       `json:"media_type,omitempty"`
		CompressFormat      catalog.Code `json:"compress_format,omitempty"`
		AccessURL           string       `json:"access_url"`
		DownloadURL         string       `json:"download_url,omitempty"` // of this version, for ever
		LatestURL           string       `json:"latest_url,omitempty"`   // the same bytes until the next version
		ExcelURL            string       `json:"excel_url,omitempty"`    // twin for spreadsheets: CSV with a byte order mark
		Bytes               int64        `json:"bytes,omitempty"`
		SHA256              string       `json:"sha256,omitempty"`
		Rows                int          `json:"rows,omitempty"`
		EndpointURL         string       `json:"endpoint_url,omitempty"`
		EndpointDescription string       `json:"endpoint_description,omitempty"`
		Availability        Term         `json:"availability"`
	}
	// Version is one release of the data. Its files never change.
	Version struct {
		Version string        `json:"version"`
		Date    calendar.Date `json:"date"`
		Files   []File        `json:"files"`
	}
	// File of a version.
	File struct {
		Name   string `json:"name"`
		URL    string `json:"url"`
		SHA256 string `json:"sha256"`
		Bytes  int64  `json:"bytes"`
		Rows   int    `json:"rows,omitempty"`
	}
	// Municipal is the record on the municipal platform.
	Municipal struct {
		ID     string `json:"id,omitempty"`
		URL    string `json:"url,omitempty"`
		Status Term   `json:"status"`
	}
	// Citation of the law that the duty or decision rests on.
	Citation struct {
		Law       catalog.LawID `json:"law"`
		Title     string        `json:"title"`
		DocNo     string        `json:"doc_no,omitempty"`
		Article   string        `json:"article,omitempty"`
		Paragraph string        `json:"paragraph,omitempty"`
		URL       string        `json:"url"` // page of the law on this site
		SourceURL string        `json:"source_url,omitempty"`
	}
	// Relation to another public dataset.
	Relation struct {
		Kind catalog.Code `json:"kind"` // related, derived_from, part_of
		ID   catalog.ID   `json:"id"`
		IRI  string       `json:"iri"`
	}
)

const (
	illustrativeZh = "（示例数据）"
	illustrativeEn = " (illustrative)"
)

// newRecord maps an open-list entry to its public record, below a base URL. With the base "" the record is the one
// that is hashed: moving the site to another address changes no dataset.
func (m *Model) newRecord(o *catalog.OpenEntry, base string) *Record {
	e := o.Entry
	path := "/datasets/" + string(o.ID) + "/"
	r := &Record{
		Format: "odc-entry/1", ID: o.ID, IRI: base + path + "#dataset", URL: base + path,
		Code: o.ListCode(), FlatID: flat(o.ListCode()), ResourceCode: e.ResourceCode, Status: m.status(o),
		Title: Text{o.Name(), o.NameEn()}, Abstract: o.Summary(), RowMeaning: e.RowMeaning,
		Labels: distinct(o.Keywords()), Scenarios: o.Scenario,
		Org: m.orgRef(e.Dept, base), Contact: m.contact(e),
		Domain: m.term("domain", e.Domain), Themes: m.themes(e), ResourceKind: m.term("resource_kind", o.ResourceKind),
		Open: m.opening(o, base), License: m.license(o.Terms(), base),
		Update:   Update{Frequency: m.term("update_frequency", o.Frequency()), UpdatedOn: o.Updated()},
		Temporal: o.Period(), Items: m.items(o, base), Distributions: m.distributions(o, base), Versions: m.versions(o, base),
		Municipal: m.municipal(o), LegalBasis: m.citations(e.DutyBasis, base), Related: m.related(e, base),
		CatalogID: o.CatalogID, Illustrative: o.Illustrative(), IssuedOn: o.FirstPublishedOn, Version: o.Version,
		HistoryURL: base + "/changes.ndjson",
		Links: map[string]string{
			"self": base + path + "entry.json", "jsonld": base + path + "dcat.jsonld", "turtle": base + path + "dcat.ttl",
			"catalog": base + "/catalog/" + string(e.ID) + "/",
		},
	}
	if source := e.Source(); source != e.Dept {
		ref := m.orgRef(source, base)
		r.SourceOrg = &ref
	}
	for _, code := range o.Region() {
		r.Spatial = append(r.Spatial, m.term("region", code))
	}
	if r.Illustrative {
		r.Title.Zh += illustrativeZh
		if r.Title.En != "" {
			r.Title.En += illustrativeEn
		}
		r.Abstract = illustrativeZh + r.Abstract
	}
	return r
}

// flat replaces the slash of a code: flat identifiers stand in paths, file names and other catalogues.
func flat(code string) string { return strings.ReplaceAll(code, "/", "-") }

func distinct(labels []string) []string {
	out := []string{}
	for _, l := range labels {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// term is a code with its labels; an unknown code, a finding of the rules, is shown as it is.
func (m *Model) term(vocabulary string, code catalog.Code) Term {
	t := m.c.Term(vocabulary, code)
	return Term{string(code), Text{cmp.Or(t.Zh, string(code)), t.En}}
}

// mapped is a code's name in another system, such as "eu" or "media_type"; "" when the vocabulary has none.
func (m *Model) mapped(vocabulary, code, system string) string {
	return m.c.Term(vocabulary, catalog.Code(code)).Mappings[system]
}

func (m *Model) orgRef(dept catalog.Dept, base string) OrgRef {
	ref := OrgRef{dept, string(dept), base + "/departments/" + string(dept) + "/#org"}
	if d := m.c.Department(dept); d != nil {
		ref.Name = d.Name
	}
	return ref
}

// contact is the office that answers for a dataset. Nothing is invented: what the department has not filed is the
// hotline and the mail of the site.
func (m *Model) contact(e *catalog.Entry) Contact {
	out := Contact{Label: string(e.Dept), Phone: m.c.Policy.Hotline, Email: m.c.Policy.ContactMail}
	if d := m.c.Department(e.Dept); d != nil {
		c := d.Contact(e.Contact)
		out = Contact{cmp.Or(c.Label, d.Name), cmp.Or(c.Phone, out.Phone), cmp.Or(c.Email, out.Email), c.Key}
		if len(d.PublicContact) > 0 && c.Key == d.PublicContact[0].Key {
			out.key = "" // the first contact is the organisation's own
		}
	}
	return out
}

func (m *Model) themes(e *catalog.Entry) []Term {
	if e.ThemeNational == nil {
		return nil
	}
	out := []Term{m.term("theme_national", e.ThemeNational.L1)}
	if e.ThemeNational.L2 != "" {
		out = append(out, m.term("theme_national", e.ThemeNational.L2))
	}
	return out
}

func (m *Model) opening(o *catalog.OpenEntry, base string) Opening {
	out := Opening{Type: m.term("open_type", o.OpenType), Condition: o.OpenCondition}
	if o.OpenLevel != "" {
		level := m.term("open_level", o.OpenLevel)
		out.Level = &level
	}
	if a := o.Access; a != nil && o.OpenType == catalog.Conditional {
		out.Access = &Access{
			absolute(base, a.ApplyURL), a.Materials, absolute(base, a.AgreementURL), a.IndividualsAllowed, a.ReviewDays,
		}
	}
	out.Determination = m.determination(o.Entry, base)
	return out
}

func (m *Model) determination(e *catalog.Entry, base string) *Determination {
	d := m.c.Determinations[e.ID].Newest(catalog.AttributeOpen, m.asOf)
	if d == nil {
		return nil
	}
	return &Determination{m.orgRef(d.By, base), d.Date, d.DocNo}
}

func (m *Model) license(code catalog.Code, base string) License {
	return License{string(code), m.term("license", code).Label, absolute(base, m.mapped("license", string(code), "url"))}
}

// items are the columns of the dataset. A closed item reaches no output, whatever the open-list entry names.
func (m *Model) items(o *catalog.OpenEntry, base string) []Item {
	var out []Item
	for _, it := range o.Columns() {
		if hidden(it) {
			continue
		}
		item := Item{
			Name: it.Name, Title: it.Title, TitleEn: it.TitleEn, Type: m.term("item_type", it.Type), Length: it.Length,
			Scale: it.Scale, Description: it.Description, Required: it.Required, Key: it.Key,
			Values: it.Codelist.Values, Unit: it.Unit, Format: it.Format,
		}
		if v := it.Codelist.Vocabulary; v != "" {
			item.Vocabulary = base + vocabPath(v)
		}
		out = append(out, item)
	}
	return out
}

// hidden reports a closed item: a column that reaches no file, page or feed.
func hidden(it catalog.Item) bool {
	return it.OpenType == catalog.Closed || it.ShareType == catalog.None
}

// downloadable reports whether this site serves files of the dataset.
func (m *Model) downloadable(o *catalog.OpenEntry) bool {
	return o.OpenType == catalog.Unconditional && m.c.Policy.Channel != channelCatalogOnly
}

// channelCatalogOnly is the policy under which no dataset byte reaches the public channel.
const channelCatalogOnly catalog.Code = "catalog-only"

func (m *Model) distributions(o *catalog.OpenEntry, base string) []Distribution {
	page := base + "/datasets/" + string(o.ID) + "/"
	out := []Distribution{}
	for _, d := range o.Distributions {
		x := Distribution{
			ID: d.ID, IRI: page + "#dist-" + d.ID, Title: d.Title, Kind: d.Kind,
			Format:         m.term("file_format", d.Format),
			MediaType:      cmp.Or(d.MediaType, m.mapped("file_format", string(d.Format), "media_type")),
			CompressFormat: d.CompressFormat, Availability: m.term("availability", cmp.Or(d.Availability, "STABLE")),
		}
		switch {
		case d.Kind == catalog.KindAPI:
			x.EndpointURL, x.EndpointDescription = absolute(base, d.EndpointURL), absolute(base, d.EndpointDescription)
			x.AccessURL = cmp.Or(absolute(base, d.AccessURL), x.EndpointURL)
		case o.OpenType != catalog.Unconditional:
			x.AccessURL = absolute(base, d.AccessURL)
			if o.Access != nil {
				x.AccessURL = cmp.Or(absolute(base, o.Access.ApplyURL), x.AccessURL)
			}
		case !m.downloadable(o):
			x.AccessURL = o.Municipal.URL
		default:
			m.addDownload(&x, &d, o, base)
		}
		x.AccessURL = cmp.Or(x.AccessURL, page)
		out = append(out, x)
	}
	return out
}

// addDownload points a distribution to its file in the newest release, if that has one.
func (m *Model) addDownload(x *Distribution, d *catalog.Distribution, o *catalog.OpenEntry, base string) {
	r := o.Latest()
	if r == nil {
		return
	}
	name := d.FileName()
	f, released := r.Files[name]
	if !released {
		return
	}
	x.DownloadURL = base + dataPath(o.ID, r.Version, name)
	x.AccessURL = x.DownloadURL
	x.LatestURL = base + dataPath(o.ID, "latest", name)
	x.Bytes, x.SHA256, x.Rows = f.Bytes, f.SHA256, f.Rows
	if twin := d.ID + excelSuffix; twin != name {
		if _, ok := r.Files[twin]; ok {
			x.ExcelURL = base + dataPath(o.ID, r.Version, twin)
		}
	}
}

// excelSuffix ends the twin of a CSV file for spreadsheets, which know UTF-8 only by its byte order mark.
const excelSuffix = ".excel.csv"

// splitRef takes kind and id from `<kind>:<dept>/<id>`; the id alone names a record of its kind.
func splitRef(ref string) (catalog.Kind, catalog.ID) {
	kind, rest, _ := strings.Cut(ref, ":")
	_, id, _ := strings.Cut(rest, "/")
	return catalog.Kind(kind), catalog.ID(id)
}

func dataPath(id catalog.ID, version, name string) string {
	return fmt.Sprintf("/data/%s/%s/%s", id, version, name)
}

func (m *Model) versions(o *catalog.OpenEntry, base string) []Version {
	if !m.downloadable(o) {
		return nil
	}
	var out []Version
	for _, r := range slices.Backward(o.Releases) {
		v := Version{Version: r.Version, Date: r.Date, Files: []File{}}
		for _, name := range sortedKeys(r.Files) {
			f := r.Files[name]
			v.Files = append(v.Files, File{name, base + dataPath(o.ID, r.Version, name), f.SHA256, f.Bytes, f.Rows})
		}
		out = append(out, v)
	}
	return out
}

func (m *Model) municipal(o *catalog.OpenEntry) *Municipal {
	if o.Municipal.Status == "" {
		return nil
	}
	return &Municipal{o.Municipal.DatasetID, o.Municipal.URL, m.term("municipal_status", o.Municipal.Status)}
}

func (m *Model) citations(refs []catalog.LegalRef, base string) []Citation {
	var out []Citation
	for _, ref := range refs {
		c := Citation{Law: ref.Law, Title: string(ref.Law), Article: ref.Article, Paragraph: ref.Paragraph,
			URL: base + "/laws/" + string(ref.Law) + "/"}
		if law := m.c.Laws[ref.Law]; law != nil {
			c.Title, c.DocNo, c.SourceURL = law.Title, law.DocNo, law.URL
		}
		out = append(out, c)
	}
	return out
}

// related are the published datasets of related resources. A resource that is not public is not named, not even by code.
func (m *Model) related(e *catalog.Entry, base string) []Relation {
	var out []Relation
	for _, rel := range e.Related {
		for _, other := range m.byCode[rel.Code] {
			out = append(out, Relation{rel.Kind, other.ID, base + "/datasets/" + string(other.ID) + "/#dataset"})
		}
	}
	return out
}

// absolute completes a path of this site; other addresses stay as they are.
func absolute(base, url string) string {
	if strings.HasPrefix(url, "/") {
		return base + url
	}
	return url
}

// vocabPath is the page of a vocabulary; addresses of pages are written with hyphens.
func vocabPath(vocabulary string) string {
	return "/vocab/" + strings.ReplaceAll(vocabulary, "_", "-") + "/"
}

// canonicalHash is the SHA-256 of the compact JSON with sorted keys. It ignores key order and spelling of the source
// file, so reformatting YAML changes no date.
func canonicalHash(record any) string {
	return digest(canonicalJSON(record))
}

// canonicalJSON writes a value as compact JSON with sorted keys at every level.
func canonicalJSON(v any) []byte {
	var tree any
	dec := json.NewDecoder(bytes.NewReader(compactJSON(v)))
	dec.UseNumber()
	if err := dec.Decode(&tree); err != nil {
		panic(err) // our own bytes
	}
	return compactJSON(tree)
}
