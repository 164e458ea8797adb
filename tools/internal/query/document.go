package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// Document is a public record as search knows it: what is matched, what is counted, and what a result shows.
// It is a line of build/data/search.json and holds nothing that the portal would not show.
type Document struct {
	Key    string        `json:"key"` // dataset:<id> or catalog:<id>
	Card   Card          `json:"card"`
	Fields [][]string    `json:"fields"` // texts of each field, in the order of [Fields]
	Facets FacetTerms    `json:"facets"`
	Issued calendar.Date `json:"issued,omitzero"`
	Today  Today         `json:"today,omitzero"`
}

// Today is what depends on the day, and changes without the record changing.
type Today struct {
	Prior uint8 `json:"prior,omitempty"` // steps by which a result ranks higher, at most [MaxPrior]
	State Term  `json:"state,omitzero"`  // whether it is kept as often as promised
}

// Card is what a result shows.
type Card struct {
	Kind         string        `json:"kind"` // dataset, entry
	ID           string        `json:"id"`
	URL          string        `json:"url"` // root-relative
	Title        Text          `json:"title"`
	Snippet      string        `json:"snippet,omitempty"` // what one row is, or the beginning of the abstract
	Org          Term          `json:"org"`
	Domain       Term          `json:"domain,omitzero"`
	OpenType     Term          `json:"open_type,omitzero"`
	Resource     Term          `json:"resource,omitzero"`
	Formats      []Term        `json:"formats,omitempty"`
	Rows         int           `json:"rows,omitempty"`
	Modified     calendar.Date `json:"modified,omitzero"`
	Illustrative bool          `json:"illustrative,omitempty"`
}

// Text is a text in Chinese and English; En may be empty.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en,omitempty"`
}

// Term is a code with its label.
type Term struct {
	Code  string `json:"code"`
	Label Text   `json:"label"`
}

// Key names the document of a card.
func (c *Card) Key() string {
	if c.Kind == KindDataset {
		return "dataset:" + c.ID
	}
	return "catalog:" + c.ID
}

// Address is the page of a document, from the root of the site.
func (c *Card) Address() string {
	if c.Kind == KindDataset {
		return "/datasets/" + c.ID + "/"
	}
	return "/catalog/" + c.ID + "/"
}

// Kinds of documents.
const (
	KindDataset = "dataset"
	KindEntry   = "entry"
)

// terms are the values of one facet.
func (d *Document) terms(f Facet) []Term {
	if f == FacetState {
		return terms(d.Today.State)
	}
	return d.Facets.Of(f)
}

// Text is everything in a field, the parts kept apart.
func (d *Document) Text(f Field) string {
	if int(f) >= len(d.Fields) {
		return ""
	}
	return strings.Join(d.Fields[f], "\n")
}

// Documents are the public records as they stand on a day, in the order of their ordinals: by domain, then key. They are the published
// open-list entries, and those catalogue entries without one that may be shown. Of an entry that shows its title only,
// title and organisation are all that can be found; an internal one does not exist here.
func Documents(c *catalog.Catalog, day calendar.Date) []Document {
	b := builder{c: c, day: day, days: c.Days(), domains: map[string]int{}}
	if v := c.Vocabularies["domain"]; v != nil {
		for i, t := range v.Values {
			b.domains[string(t.Code)] = i + 1
		}
	}
	docs := []Document{}
	listed := map[catalog.ID]bool{}
	for _, o := range c.Published() {
		listed[o.Entry.ID] = true
		docs = append(docs, b.dataset(o))
	}
	for _, e := range c.Entries {
		if listed[e.ID] || e.Status != catalog.Published {
			continue
		}
		switch c.Visibility(e) {
		case catalog.Public:
			docs = append(docs, b.entry(e))
		case catalog.TitleOnly:
			docs = append(docs, b.titleOnly(e))
		}
	}
	slices.SortStableFunc(docs, func(x, y Document) int {
		return cmp.Or(cmp.Compare(b.rank(x), b.rank(y)), cmp.Compare(x.Key, y.Key))
	})
	return docs
}

type builder struct {
	c       *catalog.Catalog
	day     calendar.Date
	days    calendar.Days
	domains map[string]int
}

// rank is the place of a document's domain in its vocabulary; documents without one come last.
func (b *builder) rank(d Document) int {
	return cmp.Or(b.domains[d.Card.Domain.Code], len(b.domains)+1)
}

func (b *builder) dataset(o *catalog.OpenEntry) Document {
	e := o.Entry
	formats := b.formats(o)
	d := Document{
		Key: "dataset:" + string(o.ID),
		Card: Card{
			Kind: "dataset", ID: string(o.ID), URL: "/datasets/" + string(o.ID) + "/",
			Title:    Text{o.Name(), o.NameEn()},
			Snippet:  snippet(cmp.Or(e.RowMeaning, o.Summary())),
			Org:      b.org(e.Dept),
			Domain:   b.term("domain", e.Domain),
			OpenType: b.term("open_type", cmp.Or(o.OpenType, e.Open.Type)),
			Resource: b.term("resource_kind", cmp.Or(o.ResourceKind, catalog.KindData)),
			Formats:  formats, Rows: rows(o), Modified: o.Updated(), Illustrative: o.Illustrative(),
		},
		Issued: o.FirstPublishedOn,
	}
	titles := titlesOf(o.Name(), append([]string{e.Title}, e.AltTitles...)...)
	d.Fields = b.fields(e, titles, o.Keywords(), o.NameEn(), o.Summary(), o.Columns())
	d.Facets = FacetTerms{
		Domain: terms(d.Card.Domain), Org: terms(d.Card.Org), OpenType: terms(d.Card.OpenType), Format: formats,
		Frequency: terms(b.term("update_frequency", o.Frequency())), Region: b.terms("region", o.Region()),
		Licence: terms(b.term("license", o.Terms())),
	}
	state := b.c.Promise(o).StateOn(b.day, o.Updated(), b.days)
	d.Today = Today{Prior: prior(state, &d), State: Term{string(state), stateLabels[state]}}
	return d
}

var stateLabels = map[calendar.State]Text{
	calendar.OnTime: {"按期", "on time"}, calendar.DueSoon: {"将到期", "due soon"}, calendar.Late: {"逾期", "late"},
	calendar.VeryLate: {"严重逾期", "very late"}, calendar.NotDue: {"不计期限", "not timed"},
}

// prior favours data that are kept and described. It is public: every department can see how to rank higher.
func prior(state calendar.State, d *Document) uint8 {
	steps := map[calendar.State]uint8{calendar.OnTime: 5, calendar.DueSoon: 4, calendar.NotDue: 2}[state]
	for _, merit := range []struct {
		steps uint8
		has   bool
	}{
		{4, len(d.Card.Formats) > 0},
		{3, len(d.Fields[Columns]) > 0},
		{2, utf8.RuneCountInString(d.Text(Description)) >= 50},
		{1, d.Card.Title.En != ""},
	} {
		if merit.has {
			steps += merit.steps
		}
	}
	return steps
}

func (b *builder) entry(e *catalog.Entry) Document {
	d := Document{
		Key: "catalog:" + string(e.ID),
		Card: Card{
			Kind: "entry", ID: string(e.ID), URL: "/catalog/" + string(e.ID) + "/",
			Title: Text{e.Title, e.TitleEn}, Snippet: snippet(cmp.Or(e.RowMeaning, e.Abstract)),
			Org: b.org(e.Dept), Domain: b.term("domain", e.Domain), OpenType: b.term("open_type", e.Open.Type),
			Modified: e.PublishedOn, Illustrative: e.Illustrative,
		},
		Issued: e.PublishedOn,
	}
	d.Fields = b.fields(e, titlesOf(e.Title, e.AltTitles...), e.Keywords, e.TitleEn, e.Abstract, e.Items)
	d.Facets = FacetTerms{
		Domain: terms(d.Card.Domain), Org: terms(d.Card.Org), OpenType: terms(d.Card.OpenType),
		Frequency: terms(b.term("update_frequency", e.UpdateFrequency)), Region: b.terms("region", e.Spatial),
	}
	return d
}

// titleOnly keeps what such an entry's page shows: the title, who provides it, and, when it is closed, that it is.
func (b *builder) titleOnly(e *catalog.Entry) Document {
	d := Document{
		Key: "catalog:" + string(e.ID),
		Card: Card{
			Kind: "entry", ID: string(e.ID), URL: "/catalog/" + string(e.ID) + "/",
			Title: Text{e.Title, e.TitleEn}, Org: b.org(e.Dept), Illustrative: e.Illustrative,
		},
	}
	if e.Open.Type == catalog.Closed {
		d.Card.OpenType = b.term("open_type", e.Open.Type)
	}
	d.Fields = make([][]string, fieldCount)
	d.Fields[Title], d.Fields[TitleEn], d.Fields[Org] = titlesOf(e.Title), titlesOf(e.TitleEn), b.orgNames(e.Dept)
	d.Facets = FacetTerms{Org: terms(d.Card.Org), OpenType: terms(d.Card.OpenType)}
	return d
}

func (b *builder) fields(e *catalog.Entry, titles, keywords []string, titleEn, abstract string, items []catalog.Item) [][]string {
	out := make([][]string, fieldCount)
	out[Title] = titles
	out[Keywords] = titlesOf(b.c.Term("domain", e.Domain).Zh, keywords...)
	out[Org] = b.orgNames(e.Dept)
	out[TitleEn] = titlesOf(titleEn)
	out[Description] = titlesOf(firstRunes(abstract, maxDescription))
	out[Columns] = columns(items)
	return out
}

// columns are the names and titles of the open items.
func columns(items []catalog.Item) []string {
	var out []string
	n := 0
	for _, it := range items {
		if it.OpenType == catalog.Closed {
			continue
		}
		if n++; n > maxColumns {
			break
		}
		out = append(out, titlesOf(it.Title, it.Name, it.TitleEn)...)
	}
	return out
}

func (b *builder) org(id catalog.Dept) Term {
	d := b.c.Department(id)
	if d == nil {
		return Term{Code: string(id), Label: Text{Zh: string(id)}}
	}
	return Term{Code: string(id), Label: Text{cmp.Or(d.ShortName, d.Name), d.NameEn}}
}

func (b *builder) orgNames(id catalog.Dept) []string {
	if d := b.c.Department(id); d != nil {
		return titlesOf(d.Name, d.ShortName)
	}
	return nil
}

func (b *builder) term(vocabulary string, code catalog.Code) Term {
	if code == "" {
		return Term{}
	}
	t := b.c.Term(vocabulary, code)
	return Term{Code: string(code), Label: Text{cmp.Or(t.Zh, string(code)), t.En}}
}

func (b *builder) terms(vocabulary string, codes []catalog.Code) []Term {
	var out []Term
	for _, c := range codes {
		out = append(out, b.term(vocabulary, c))
	}
	return out
}

// formats are the different formats of the distributions, in their order; an interface counts as format "api".
func (b *builder) formats(o *catalog.OpenEntry) []Term {
	var out []Term
	for _, d := range o.Distributions {
		t := b.format(d.Format)
		if d.Kind == catalog.KindAPI {
			t = b.term("resource_kind", catalog.KindAPI)
		}
		if t.Code != "" && !slices.ContainsFunc(out, func(x Term) bool { return x.Code == t.Code }) {
			out = append(out, t)
		}
	}
	return out
}

// format is a file format under its short name, which is how people know it: CSV, GeoJSON.
func (b *builder) format(code catalog.Code) Term {
	if code == "" {
		return Term{}
	}
	name := strings.ToUpper(string(code))
	if as := b.c.Term("file_format", code).Aliases; len(as) > 0 {
		name = as[0]
	}
	return Term{Code: string(code), Label: Text{name, name}}
}

// rows is the greatest number of rows among the newest files.
func rows(o *catalog.OpenEntry) int {
	n := 0
	if r := o.Latest(); r != nil {
		for _, f := range r.Files {
			n = max(n, f.Rows)
		}
	}
	return n
}

// terms leaves out the term that is not there.
func terms(t Term) []Term {
	if t.Code == "" {
		return nil
	}
	return []Term{t}
}

// titlesOf lists texts, each once, without empty ones.
func titlesOf(first string, more ...string) []string {
	var out []string
	for _, s := range append([]string{first}, more...) {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// snippet is the beginning of a text on one line, with an ellipsis where it was cut.
func snippet(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= maxSnippet {
		return s
	}
	return firstRunes(s, maxSnippet-1) + "…"
}
