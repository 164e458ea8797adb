package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/profile"
)

func (b *builder) writeDatasets() error {
	for _, o := range b.datasets {
		v := b.dataset(o)
		p := Page{Path: "datasets/" + string(o.ID), Type: "dataset", Key: string(o.ID), Title: v.Title,
			Summary: Text{shorten(o.Summary(), 150), ""}}
		if err := b.page(p, v); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) dataset(o *catalog.OpenEntry) Dataset {
	e := o.Entry
	v := Dataset{
		Card:        b.cards[o.ID],
		Crumbs:      crumbs(datasetsCrumb, Link{b.domain(e.Domain).Label, b.domain(e.Domain).URL}),
		Description: paragraphs(o.Summary()), Keywords: o.Keywords(), Scenarios: o.Scenario,
		Code: o.ListCode(), Themes: b.themes(e.ThemeNational), Region: b.regions(o.Region()), Period: period(o.Period()),
		License: b.license(o.Terms()), Issued: o.FirstPublishedOn.String(), Version: o.Version,
		OpenLevel: b.term("open_level", o.OpenLevel), Contact: b.contact(e),
		Downloads: b.downloads(o, o.Latest()), Columns: b.columns(o.Columns(), b.Profiles[o.ID]),
		Clock: b.cards[o.ID].Clock, Basis: b.grounds(e), Municipal: b.municipal(o),
		Related: b.related(o), Notices: b.notices(e, o.Status, o.StatusReason),
	}
	v.Primary = primary(v.Downloads)
	if a := o.Access; a != nil && o.Status == catalog.Published {
		v.Access = &Access{cmp.Or(o.OpenCondition, e.Open.Condition), a.ApplyURL, a.Materials, a.AgreementURL, a.IndividualsAllowed, a.ReviewDays}
	}
	for _, d := range o.Distributions {
		if d.Kind == catalog.KindAPI && o.Status == catalog.Published {
			v.APIs = append(v.APIs, API{d.ID, d.Title, d.EndpointURL, d.EndpointDescription, b.term("availability", d.Availability)})
		}
	}
	if p := b.Profiles[o.ID]; p != nil && len(p.Head) > 0 && o.Status == catalog.Published {
		v.Preview = preview(p, v.Columns)
	}
	for _, r := range slices.Backward(o.Releases) {
		v.History = append(v.History, Release{
			Version: r.Version, Date: r.Date, Rows: rowsOf(r), RowsAdded: r.Diff.RowsAdded, RowsRemoved: r.Diff.RowsRemoved,
			ColumnsAdded: r.Diff.ColumnsAdded, ColumnsRemoved: r.Diff.ColumnsRemoved, Files: b.downloads(o, r),
		})
	}
	for _, r := range o.Reuse {
		v.Reuse = append(v.Reuse, Reuse{r.Title, r.URL, r.By})
	}
	v.Citation, v.BibTeX = b.citation(o, v)
	if o.Status == catalog.Published { // what is suspended has left the feeds
		v.Alternates = []Alternate{
			{"application/ld+json", datasetURL(o.ID) + "dcat.jsonld"},
			{"text/turtle", datasetURL(o.ID) + "dcat.ttl"},
			{"application/json", datasetURL(o.ID) + "entry.json"},
		}
		if b.DatasetJSONLD != nil {
			v.JSONLD = b.DatasetJSONLD(o.ID)
		}
	}
	return v
}

// rowsOf is the largest row count of a release's files: the table's, whatever attachments lie beside it.
func rowsOf(r *catalog.DataRelease) int {
	n := 0
	for _, f := range r.Files {
		n = max(n, f.Rows)
	}
	return n
}

func (b *builder) license(code catalog.Code) License {
	t := b.Catalog.Term("license", code)
	return License{string(code), b.label("license", code), cmp.Or(t.Mappings["url"], "/terms/")}
}

func (b *builder) contact(e *catalog.Entry) Contact {
	d := b.Catalog.Department(e.Dept)
	if d == nil {
		return Contact{Phone: b.Catalog.Policy.Hotline}
	}
	c := d.Contact(e.Contact)
	return Contact{c.Label, cmp.Or(c.Phone, b.Catalog.Policy.Hotline), cmp.Or(c.Email, b.Catalog.Policy.ContactMail)}
}

func (b *builder) municipal(o *catalog.OpenEntry) *Municipal {
	if o.Municipal.Status == "" {
		return nil
	}
	return &Municipal{b.term("municipal_status", o.Municipal.Status), o.Municipal.DatasetID, o.Municipal.URL}
}

// relatedShown is how many related datasets a page shows.
const relatedShown = 4

// related ranks other datasets: same catalogue entry, then shared keywords, same domain, same department.
func (b *builder) related(o *catalog.OpenEntry) []Card {
	if b.kin == nil {
		b.kin = newKinship(b.datasets)
	}
	var out []Card
	for _, other := range b.kin.nearest(o, relatedShown) {
		out = append(out, b.cards[other.ID])
	}
	return out
}

func (b *builder) notices(e *catalog.Entry, status catalog.Code, reason string) []Notice {
	var out []Notice
	if status == catalog.Suspended {
		out = append(out, Notice{"suspended", Text{Zh: reason}})
	}
	if e.Illustrative {
		out = append(out, Notice{Kind: "illustrative"})
	}
	if r := b.Catalog.Regimes[e.Regime]; r != nil && !r.InForce(b.AsOf) {
		out = append(out, Notice{Kind: "lapsed"})
	}
	return out
}

// citation gives a sentence to cite a dataset with, and the same as BibTeX.
func (b *builder) citation(o *catalog.OpenEntry, v Dataset) (sentence, bibtex string) {
	url := b.Catalog.Policy.BaseURL + datasetURL(o.ID)
	version := o.Version
	if r := o.Latest(); r != nil {
		version = r.Version
	}
	publisher := v.Org.Label.Zh
	if d := b.Catalog.Department(o.Entry.Dept); d != nil {
		publisher = d.Name
	}
	sentence = fmt.Sprintf("%s：《%s》，版本 %s，%s，%s", publisher, v.Title.Zh, version, b.Catalog.Policy.Title, url)
	year := o.Updated().Year()
	bibtex = fmt.Sprintf("@misc{%s,\n  title        = {%s},\n  author       = {{%s}},\n  year         = {%d},\n  version      = {%s},\n  howpublished = {%s},\n  url          = {%s}\n}",
		o.ID, texSafe(v.Title.Zh), texSafe(publisher), year, version, texSafe(b.Catalog.Policy.Title), url)
	return sentence, bibtex
}

func texSafe(s string) string {
	return strings.NewReplacer("{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "#", `\#`, "_", `\_`).Replace(s)
}

// columns describes items; p adds what the values of the newest table look like.
func (b *builder) columns(items []catalog.Item, p *profile.Table) []Column {
	var out []Column
	for _, it := range items {
		c := Column{
			Name: it.Name, Title: Text{it.Title, it.TitleEn}, Type: b.term("item_type", it.Type),
			Numeric: slices.Contains([]catalog.Code{"N", "Y", "B", "I", "F"}, it.Type),
			Unit:    it.Unit, Description: it.Description, Required: it.Required, Key: it.Key,
		}
		if id := it.Codelist.Vocabulary; id != "" {
			title := Text{Zh: id}
			if voc := b.Catalog.Vocabularies[id]; voc != nil {
				title = Text{voc.Title, voc.TitleEn}
			}
			c.Codelist = &Link{title, vocabularyURL(id)}
		}
		if p != nil {
			if col := p.Column(it.Name); col != nil {
				fillProfile(&c, col)
			}
		}
		out = append(out, c)
	}
	return out
}

const (
	topShown      = 5  // frequent values in a column summary
	exampleLength = 40 // characters of an example
)

func fillProfile(c *Column, p *profile.Column) {
	c.Profiled, c.Nulls, c.Distinct, c.Min, c.Max = true, p.Nulls, p.Distinct, p.Min, p.Max
	c.Example = shorten(p.Example, exampleLength)
	for _, v := range p.Top[:min(len(p.Top), topShown)] {
		c.Top = append(c.Top, Value{v.Value, v.Count})
	}
	tallest := 0
	for _, bin := range p.Histogram {
		tallest = max(tallest, bin.Count)
	}
	for _, bin := range p.Histogram {
		c.Histogram = append(c.Histogram, Bin{bin.From, bin.To, bin.Count, percent(bin.Count, tallest)})
	}
}

func percent(n, of int) int {
	if of == 0 {
		return 0
	}
	return (100*n + of/2) / of
}

// previewRows is how many of the profile's rows a page shows.
const previewRows = 20

// preview puts the first rows in the order of the columns shown.
func preview(p *profile.Table, columns []Column) *Preview {
	v := &Preview{Rows: p.Rows, Columns: columns}
	for _, row := range p.Head[:min(len(p.Head), previewRows)] {
		cells := make([]string, len(columns))
		for i, c := range columns {
			if at := slices.IndexFunc(p.Columns, func(col profile.Column) bool { return col.Name == c.Name }); at >= 0 && at < len(row) {
				cells[i] = row[at]
			}
		}
		v.Cells = append(v.Cells, cells)
	}
	v.Shown = len(v.Cells)
	return v
}

// grounds is the section 依据 of an entry and of the datasets that open it.
func (b *builder) grounds(e *catalog.Entry) Grounds {
	g := Grounds{Entry: Link{Text{e.Title, e.TitleEn}, entryURL(e.ID)}, ResourceCode: e.ResourceCode}
	for _, r := range e.DutyBasis {
		g.Duties = append(g.Duties, b.citationOf(r))
	}
	regime := b.Catalog.Regimes[e.Regime]
	if regime != nil {
		g.Regime = Link{Text{Zh: regime.Title}, "/laws/" + string(regime.Law) + "/"}
		g.Lapsed = !regime.InForce(b.AsOf)
	}
	ds := b.Catalog.Determinations[e.ID]
	for _, attribute := range []catalog.Code{catalog.AttributeOpen, catalog.AttributeShare} {
		d := ds.Newest(attribute, b.AsOf)
		if d == nil {
			continue
		}
		row := Decision{
			Attribute: Term{Code: string(attribute), Label: attributeLabels[attribute]},
			Value:     b.term(string(attribute)+"_type", d.Value), By: b.org(d.By), Date: d.Date, DocNo: d.DocNo,
		}
		if r := b.Catalog.Regimes[d.Regime]; r != nil {
			row.Lapsed = !r.InForce(b.AsOf)
			if r.ReviewAfterDays > 0 {
				row.Review = d.Date.AddDays(r.ReviewAfterDays)
			}
		}
		g.Determinations = append(g.Determinations, row)
	}
	return g
}

var attributeLabels = map[catalog.Code]Text{
	catalog.AttributeOpen:  {"开放属性", "openness"},
	catalog.AttributeShare: {"共享属性", "sharing"},
}

func (b *builder) citationOf(r catalog.LegalRef) Citation {
	c := Citation{Law: Link{Text{Zh: string(r.Law)}, ""}, Article: r.Place(), Note: r.Note}
	if l := b.Catalog.Laws[r.Law]; l != nil {
		c.Law = Link{Text{Zh: l.Title}, "/laws/" + string(l.ID) + "/"}
		c.DocNo, c.Verified = l.DocNo, l.TextVerified
	}
	return c
}

// lateFirst orders cards by their state, the worst first, then by due date.
func lateFirst(x, y Card) int {
	rank := map[string]int{string(calendar.VeryLate): 0, string(calendar.Late): 1}
	return cmp.Or(cmp.Compare(rank[x.Clock.State], rank[y.Clock.State]), x.Clock.Due.Compare(y.Clock.Due), cmp.Compare(x.ID, y.ID))
}
