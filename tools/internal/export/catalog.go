package export

import (
	"cmp"
	"slices"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// Org is the public record of an organisation: /departments/<dept>/org.json.
type Org struct {
	ID        catalog.Dept      `json:"id"`
	IRI       string            `json:"iri"`
	URL       string            `json:"url"`
	Name      string            `json:"name"`
	ShortName string            `json:"short_name,omitempty"`
	NameEn    string            `json:"name_en,omitempty"`
	USCC      string            `json:"uscc,omitempty"`
	Type      Term              `json:"type"`
	Parent    *OrgRef           `json:"parent,omitempty"`
	Region    Term              `json:"region"`
	Contacts  []Contact         `json:"contacts,omitempty"`
	Datasets  int               `json:"datasets"`
	ValidFrom calendar.Date     `json:"valid_from,omitzero"`
	ValidTo   calendar.Date     `json:"valid_to,omitzero"`
	Successor *OrgRef           `json:"successor,omitempty"`
	Links     map[string]string `json:"links"`
}

// addOrgs records every organisation. All are public: they stand in the list of departments.
func (m *Model) addOrgs() {
	datasets := map[catalog.Dept]int{}
	for _, r := range m.records {
		datasets[r.Org.ID]++
	}
	for _, d := range m.c.Departments {
		ref := m.orgRef(d.ID, m.base)
		url := m.base + "/departments/" + string(d.ID) + "/"
		o := &Org{
			ID: d.ID, IRI: ref.IRI, URL: url, Name: d.Name, ShortName: d.ShortName, NameEn: d.NameEn, USCC: d.USCC,
			Type: m.term("org_type", d.OrgType), Region: m.term("region", d.Region), Datasets: datasets[d.ID],
			ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, Links: map[string]string{"self": url + "org.json"},
		}
		for _, c := range d.PublicContact {
			o.Contacts = append(o.Contacts, Contact{Label: c.Label, Phone: c.Phone, Email: c.Email})
		}
		if d.Parent != "" {
			parent := m.orgRef(d.Parent, m.base)
			o.Parent = &parent
		}
		if d.Successor != "" {
			successor := m.orgRef(d.Successor, m.base)
			o.Successor = &successor
		}
		if o.Datasets > 0 {
			o.Links["data_json"] = url + "data.json"
		}
		m.orgs = append(m.orgs, o)
		m.orgByID[d.ID] = o
	}
}

// Closed is all that the public learns of an entry whose title alone is listed: that it exists, why it is not open,
// who decided so, and whom to ask.
type Closed struct {
	ID            catalog.ID     `json:"id"`
	URL           string         `json:"url"`
	Title         string         `json:"title"`
	Org           OrgRef         `json:"org"`
	Reason        *Term          `json:"reason,omitempty"` // of vocabulary open_reason
	ReasonText    string         `json:"reason_text,omitempty"`
	LegalBasis    []Citation     `json:"legal_basis,omitempty"`
	Determination *Determination `json:"determination,omitempty"`
	Contact       Contact        `json:"contact"`
}

// listed reports whether a catalogue entry has a page at all, its visibility permitting.
func listed(e *catalog.Entry) bool {
	return e.Status == catalog.Registered || suspendable(e.Status)
}

// closedEntries are the entries listed by title only, in order of id.
func (m *Model) closedEntries() []Closed {
	out := []Closed{}
	for _, e := range m.c.Entries {
		if listed(e) && m.c.Visibility(e) == catalog.TitleOnly {
			out = append(out, m.newClosed(e, m.base))
		}
	}
	slices.SortFunc(out, func(a, b Closed) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (m *Model) newClosed(e *catalog.Entry, base string) Closed {
	out := Closed{
		ID: e.ID, URL: base + "/catalog/" + string(e.ID) + "/", Title: e.Title, Org: m.orgRef(e.Dept, base),
		ReasonText: e.Open.Reason, LegalBasis: m.citations(e.Open.LegalBasis, base),
		Determination: m.determination(e, base), Contact: m.contact(e),
	}
	if e.Illustrative {
		out.Title += illustrativeZh
	}
	if e.Open.ReasonCode != "" {
		reason := m.term("open_reason", e.Open.ReasonCode)
		out.Reason = &reason
	}
	return out
}

// newEntryState is what the page of a catalogue entry says of it, for the hash in the release manifest: everything
// for a public entry, the title and the reason for one that is listed by title only.
func (m *Model) newEntryState(e *catalog.Entry, visibility catalog.Code) any {
	closed := m.newClosed(e, "")
	if visibility == catalog.TitleOnly {
		return closed
	}
	type item struct {
		Name, Title, TitleEn, Description, Unit, Format string
		Type, OpenType                                  catalog.Code
	}
	items := []item{}
	for _, it := range e.Items {
		if !hidden(it) {
			items = append(items, item{it.Name, it.Title, it.TitleEn, it.Description, it.Unit, it.Format, it.Type, it.OpenType})
		}
	}
	return object{
		"headline": closed, "code": e.ResourceCode, "title_en": e.TitleEn, "abstract": e.Abstract, "keywords": e.Keywords,
		"source": e.Source(), "share": e.Share.Type, "open": e.Open.Type, "condition": e.Open.Condition,
		"frequency": e.UpdateFrequency, "domain": e.Domain, "spatial": e.Spatial, "temporal": e.Temporal, "items": items,
		"status": e.Status,
	}
}

// Tombstone stands for a dataset that was withdrawn or renamed. Its IRI is never used again.
type Tombstone struct {
	ID          catalog.ID    `json:"id"`
	IRI         string        `json:"iri"`
	Status      catalog.Code  `json:"status"` // withdrawn
	Code        string        `json:"code,omitempty"`
	FlatID      string        `json:"flat_id,omitempty"`
	Title       string        `json:"title,omitempty"`
	WithdrawnOn calendar.Date `json:"withdrawn_on"`
	Reason      string        `json:"reason,omitempty"`
	ReplacedBy  string        `json:"replaced_by,omitempty"` // IRI of the dataset that took its place
}

// tombstones are the withdrawn datasets in order of id. Of one that was closed only code and date are told.
func (m *Model) tombstones() []Tombstone {
	out := []Tombstone{}
	for _, a := range m.c.Aliases {
		kind, id := splitRef(a.From)
		if kind != catalog.KindOpenEntry || m.c.Dataset(id) != nil {
			continue // another kind, or a move that kept the id
		}
		t := Tombstone{ID: id, IRI: m.datasetIRI(id), Status: catalog.Withdrawn, Code: a.Code, FlatID: flat(a.Code), WithdrawnOn: a.On}
		if !a.Closed {
			t.Title, t.Reason = a.Title, a.Reason
		}
		if _, to := splitRef(a.To); m.byID[to] != nil {
			t.ReplacedBy = m.datasetIRI(to)
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b Tombstone) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(out, func(a, b Tombstone) bool { return a.ID == b.ID })
}

func (m *Model) datasetIRI(id catalog.ID) string {
	return m.base + "/datasets/" + string(id) + "/#dataset"
}
