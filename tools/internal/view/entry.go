package view

import (
	"cmp"
	"slices"

	"opendata.example/odc/tools/internal/catalog"
)

func (b *builder) writeEntries() error {
	for _, e := range b.entries {
		v := b.entry(e)
		summary := Text{Zh: shorten(e.Abstract, 150)}
		if v.TitleOnly {
			summary = Text{"本条目不予开放。这里说明原因和依据。", "This record is not open. The reason and the legal basis are given here."}
		}
		p := Page{Path: "catalog/" + string(e.ID), Type: "entry", Key: string(e.ID), Title: v.Title, Summary: summary}
		if err := b.page(p, v); err != nil {
			return err
		}
	}
	return nil
}

// entry shows a catalogue entry. Of a title-only one it shows title, provider, reason, basis, decision and contact,
// and nothing else: whatever is added here must stand below the check.
func (b *builder) entry(e *catalog.Entry) Entry {
	v := Entry{
		Card: b.entryCard(e), Crumbs: crumbs(catalogCrumb, Link{b.org(e.Dept).Label, b.org(e.Dept).URL}),
		TitleOnly: b.Catalog.Visibility(e) == catalog.TitleOnly,
		Reason:    e.Open.Reason, Contact: b.contact(e), Basis: b.grounds(e), Notices: b.notices(e, e.Status, e.StatusReason),
	}
	if e.Open.ReasonCode != "" {
		t := b.term("open_reason", e.Open.ReasonCode)
		v.ReasonCode = &t
	}
	for _, r := range e.Open.LegalBasis {
		v.LegalBasis = append(v.LegalBasis, b.citationOf(r))
	}
	if v.TitleOnly {
		v.Basis.ResourceCode, v.Basis.Duties = "", nil
		v.Basis.Determinations = onlyOpen(v.Basis.Determinations)
		return v
	}
	v.Description, v.Keywords, v.Code = paragraphs(e.Abstract), e.Keywords, e.ResourceCode
	v.Source, v.Share = b.org(e.Source()), b.term("share_type", e.Share.Type)
	v.ShareNote = cmp.Or(e.Share.Condition, e.Share.Reason)
	v.Condition, v.Frequency = e.Open.Condition, b.term("update_frequency", e.UpdateFrequency)
	v.Themes, v.Region, v.Period = b.themes(e.ThemeNational), b.regions(e.Spatial), period(e.Temporal)
	if e.ITSystem != nil {
		v.System = e.ITSystem.Name
	}
	for _, f := range e.Formats {
		v.Formats = append(v.Formats, f.Format)
	}
	var open []catalog.Item
	for _, it := range e.Items {
		if it.OpenType != catalog.Closed {
			open = append(open, it)
		}
	}
	v.Columns = b.columns(open, nil)
	for _, o := range e.Opened {
		if c, ok := b.cards[o.ID]; ok {
			v.Datasets = append(v.Datasets, c)
		}
	}
	return v
}

func onlyOpen(ds []Decision) []Decision {
	for _, d := range ds {
		if d.Attribute.Code == string(catalog.AttributeOpen) {
			return []Decision{d}
		}
	}
	return nil
}

// tombstone pages keep old addresses alive: where the record went, or that and why it was withdrawn.
func (b *builder) writeTombstones() error {
	for _, a := range slices.Concat(b.Catalog.Aliases, b.withdrawn()) {
		path, ok := publicPath(a.From)
		if !ok || b.taken(path) {
			continue
		}
		v := Tombstone{Code: a.Code, Date: a.On, Crumbs: crumbs()}
		if !a.Closed {
			v.Title, v.Reason = a.Title, a.Reason
		}
		v.Moved = b.movedTo(a)
		title := Text{"已注销：" + cmp.Or(v.Title, a.Code), "Withdrawn: " + cmp.Or(v.Title, a.Code)}
		if v.Moved != nil {
			to := v.Moved.Text
			title = Text{"已移动：" + to.Zh, "Moved: " + cmp.Or(to.En, to.Zh)}
		}
		p := Page{Path: path, Type: "tombstone", Key: slug(pathKey(path)), Title: title, Noindex: true}
		if err := b.page(p, v); err != nil {
			return err
		}
	}
	return nil
}

// withdrawn are the records that were published, say of themselves that they are withdrawn, and keep their file. What
// was closed or never listed tells no more than it did before.
func (b *builder) withdrawn() []catalog.Alias {
	var out []catalog.Alias
	for _, e := range b.Catalog.Entries {
		seen := b.Catalog.Visibility(e)
		if e.Status == catalog.Withdrawn && !e.PublishedOn.IsZero() && seen != catalog.Internal {
			out = append(out, catalog.Alias{From: e.Ref().String(),
				Reason: e.StatusReason, Code: e.ResourceCode, Title: e.Title, Closed: seen != catalog.Public})
		}
	}
	for _, o := range b.Catalog.OpenEntries {
		if o.Status == catalog.Withdrawn && !o.FirstPublishedOn.IsZero() && o.Entry != nil && b.Catalog.Visibility(o.Entry) == catalog.Public {
			out = append(out, catalog.Alias{From: o.Ref().String(),
				Reason: o.StatusReason, Code: o.ListCode(), Title: o.Name()})
		}
	}
	return out
}

// movedTo is the page that a moved record has now, under the name it has there; nil when there is none.
func (b *builder) movedTo(a catalog.Alias) *Link {
	for range b.Catalog.Aliases { // a record may have moved more than once
		path, ok := publicPath(a.To)
		if !ok {
			return nil
		}
		if p := b.pageAt(path); p != nil && p.Type != "tombstone" {
			return &Link{p.Title, "/" + path + "/"}
		}
		next := slices.IndexFunc(b.Catalog.Aliases, func(x catalog.Alias) bool { return x.From == a.To })
		if next < 0 {
			return nil
		}
		a = b.Catalog.Aliases[next]
	}
	return nil
}

func (b *builder) taken(path string) bool { return b.pageAt(path) != nil }

func (b *builder) pageAt(path string) *Page {
	for i := range b.pages {
		if b.pages[i].Path == path {
			return &b.pages[i]
		}
	}
	return nil
}
