package view

import (
	"cmp"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// abstractOnCard is how many characters of the abstract a card shows.
const abstractOnCard = 90

func (b *builder) datasetCard(o *catalog.OpenEntry) Card {
	e := o.Entry
	c := Card{
		Kind: "dataset", ID: string(o.ID), URL: datasetURL(o.ID),
		Title:      Text{o.Name(), o.NameEn()},
		RowMeaning: e.RowMeaning,
		Abstract:   shorten(o.Summary(), abstractOnCard),
		Org:        b.org(e.Dept), Domain: b.domain(e.Domain),
		OpenType: b.term("open_type", o.OpenType), Resource: b.term("resource_kind", o.ResourceKind),
		Updated: o.Updated(), Clock: b.clock(o),
		Illustrative: o.Illustrative(), Suspended: o.Status == catalog.Suspended,
	}
	for _, d := range o.Distributions {
		if d.Kind == catalog.KindFile && !slices.ContainsFunc(c.Formats, func(t Term) bool { return t.Code == string(d.Format) }) {
			c.Formats = append(c.Formats, b.format(d.Format))
		}
	}
	if p := primary(b.downloads(o, o.Latest())); p != nil {
		c.Rows, c.Bytes = p.Rows, p.Bytes
	}
	return c
}

func (b *builder) entryCard(e *catalog.Entry) Card {
	c := Card{
		Kind: "entry", ID: string(e.ID), URL: entryURL(e.ID),
		Title: Text{e.Title, e.TitleEn}, Org: b.org(e.Dept), OpenType: b.term("open_type", e.Open.Type),
	}
	if b.Catalog.Visibility(e) == catalog.TitleOnly {
		return c
	}
	c.RowMeaning, c.Abstract = e.RowMeaning, shorten(e.Abstract, abstractOnCard)
	c.Domain, c.Updated = b.domain(e.Domain), e.PublishedOn
	c.Illustrative, c.Suspended = e.Illustrative, e.Status == catalog.Suspended
	c.Clock = Clock{State: string(calendar.NotDue), Frequency: b.term("update_frequency", e.UpdateFrequency)}
	return c
}

// clock holds dates, never counts of days, so that a page changes only when the data or their state do.
func (b *builder) clock(o *catalog.OpenEntry) Clock {
	cadence := b.Catalog.Promise(o)
	return Clock{
		State:     string(cadence.StateOn(b.AsOf, o.Updated(), b.days)),
		Frequency: b.term("update_frequency", o.Frequency()),
		Updated:   o.Updated(),
		Due:       cadence.Due(o.Updated(), b.days),
		Sample:    o.Illustrative(),
	}
}

// format is a file format under its short name, which is how people know it: CSV, GeoJSON.
func (b *builder) format(code catalog.Code) Term {
	t := b.term("file_format", code)
	name := strings.ToUpper(string(code))
	if as := b.Catalog.Term("file_format", code).Aliases; len(as) > 0 {
		name = as[0]
	}
	t.Label = Text{name, name}
	return t
}

func datasetURL(id catalog.ID) string { return "/datasets/" + string(id) + "/" }
func entryURL(id catalog.ID) string   { return "/catalog/" + string(id) + "/" }

// downloads are the files of one version that the distributions name, the primary first among equals.
func (b *builder) downloads(o *catalog.OpenEntry, r *catalog.DataRelease) []Download {
	if r == nil || o.Status == catalog.Suspended { // a release without it has none of its files
		return nil
	}
	var out []Download
	for _, d := range o.Distributions {
		if d.Kind != catalog.KindFile {
			continue
		}
		name := d.ID + "." + b.Catalog.Extension(d.Format)
		f, ok := r.Files[name]
		if !ok {
			continue
		}
		t := b.Catalog.Term("file_format", d.Format)
		dl := Download{
			ID: d.ID, Title: d.Title, Format: b.format(d.Format), Media: cmp.Or(d.MediaType, t.Mappings["media_type"]),
			URL:    "/data/" + string(o.ID) + "/" + r.Version + "/" + name,
			Latest: "/data/" + string(o.ID) + "/latest/" + name,
			Bytes:  f.Bytes, Rows: f.Rows, SHA256: f.SHA256,
			Open: t.Mappings["non_proprietary"] == "yes" && t.Mappings["machine_readable"] == "yes",
		}
		if twin := d.ID + ".excel.csv"; d.Format == "csv" && hasFile(r, twin) {
			dl.Excel = "/data/" + string(o.ID) + "/" + r.Version + "/" + twin
		}
		out = append(out, dl)
	}
	if p := primary(out); p != nil {
		p.Primary = true
	}
	return out
}

func hasFile(r *catalog.DataRelease, name string) bool { _, ok := r.Files[name]; return ok }

// primary is the first open, machine-readable file, or else the first file; nil without files.
func primary(ds []Download) *Download {
	for i := range ds {
		if ds[i].Open {
			return &ds[i]
		}
	}
	if len(ds) > 0 {
		return &ds[0]
	}
	return nil
}
