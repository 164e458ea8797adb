package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
)

// facet is one way to divide a list. A record may carry several values of it.
type facet[T any] struct {
	name   string
	label  Text
	values func(T) []string
	term   func(code string) Term
	url    func(code string) string // first list page of a value
}

func (b *builder) datasetFacets() []facet[*catalog.OpenEntry] {
	one := func(f func(*catalog.OpenEntry) catalog.Code) func(*catalog.OpenEntry) []string {
		return func(o *catalog.OpenEntry) []string { return []string{string(f(o))} }
	}
	vocab := func(list string) func(string) Term {
		return func(code string) Term { return b.term(list, catalog.Code(code)) }
	}
	return []facet[*catalog.OpenEntry]{
		{"domain", Text{"领域", "Domain"}, one(func(o *catalog.OpenEntry) catalog.Code { return o.Entry.Domain }),
			vocab("domain"), func(code string) string { return "/domains/" + code + "/" }},
		{"org", Text{"提供部门", "Department"}, func(o *catalog.OpenEntry) []string { return []string{string(o.Entry.Dept)} },
			func(code string) Term { return b.org(catalog.Dept(code)) }, browse("org")},
		{"open_type", Text{"开放类型", "Opening"}, one(func(o *catalog.OpenEntry) catalog.Code { return o.OpenType }),
			vocab("open_type"), browse("open_type")},
		{"format", Text{"格式", "Format"}, func(o *catalog.OpenEntry) []string {
			var out []string
			for _, t := range b.cards[o.ID].Formats {
				out = append(out, t.Code)
			}
			return out
		}, func(code string) Term { return b.format(catalog.Code(code)) }, browse("format")},
		{"frequency", Text{"更新周期", "Frequency"}, one((*catalog.OpenEntry).Frequency),
			vocab("update_frequency"), browse("frequency")},
		{"region", Text{"地区", "Area"}, func(o *catalog.OpenEntry) []string {
			var out []string
			for _, r := range o.Region() {
				out = append(out, string(r))
			}
			return out
		}, vocab("region"), browse("region")},
		{"licence", Text{"使用条款", "Terms of use"}, one((*catalog.OpenEntry).Terms), vocab("license"), browse("licence")},
		{"state", Text{"更新状态", "Freshness"}, func(o *catalog.OpenEntry) []string { return []string{b.cards[o.ID].Clock.State} },
			clockTerm, browse("state")},
	}
}

// entryFacets divide the catalogue. Title-only entries say no more than their provider and openness.
func (b *builder) entryFacets() []facet[*catalog.Entry] {
	return []facet[*catalog.Entry]{
		{"domain", Text{"领域", "Domain"}, func(e *catalog.Entry) []string {
			if b.Catalog.Visibility(e) == catalog.TitleOnly {
				return nil
			}
			return []string{string(e.Domain)}
		}, func(code string) Term { return b.term("domain", catalog.Code(code)) }, browse("catalog-domain")},
		{"org", Text{"提供部门", "Department"}, func(e *catalog.Entry) []string { return []string{string(e.Dept)} },
			func(code string) Term { return b.org(catalog.Dept(code)) }, browse("catalog-org")},
		{"open_type", Text{"开放类型", "Opening"}, func(e *catalog.Entry) []string { return []string{string(e.Open.Type)} },
			func(code string) Term { return b.term("open_type", catalog.Code(code)) }, browse("catalog-open_type")},
	}
}

var clockLabels = map[string]Text{
	"ontime": {"按期", "on time"}, "due_soon": {"将到期", "due soon"}, "late": {"逾期", "late"},
	"very_late": {"严重逾期", "very late"}, "none": {"不计期限", "not timed"},
}

func clockTerm(code string) Term { return Term{Code: code, Label: clockLabels[code]} }

// browse gives the addresses of a facet's values. Public paths are lower case with hyphens.
func browse(facet string) func(string) string {
	return func(code string) string { return "/browse/" + slug(facet) + "/" + slug(code) + "/" }
}

func slug(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", "-") }

// listing is a list with all its facets, written as pages of cards.
type listing[T any] struct {
	kind    string // dataset, entry
	key     string // prefix of view keys
	path    string // address of the whole list, without slashes at the ends
	heading Text
	intro   Text
	crumb   Link
	items   []T
	facets  []facet[T]
	card    func(T) Card

	groups []FacetGroup // filled once: counts over the whole list, which every page shows
}

func (b *builder) writeLists() error {
	err := writeListing(b, listing[*catalog.OpenEntry]{
		kind: "dataset", key: "datasets", path: "datasets", heading: Text{"全部数据集", "All datasets"},
		intro: Text{"按最近更新排列。每个数据集都可以先看样例，再下载。", "Most recently updated first. Every dataset can be looked at before it is downloaded."},
		crumb: datasetsCrumb, items: b.datasets, facets: b.datasetFacets(),
		card: func(o *catalog.OpenEntry) Card { return b.cards[o.ID] },
	})
	if err != nil {
		return err
	}
	return writeListing(b, listing[*catalog.Entry]{
		kind: "entry", key: "catalog", path: "catalog", heading: Text{"公共数据资源目录", "Catalogue of public data resources"},
		intro: Text{"本区各部门依职责掌握的公共数据，包括尚未开放和不予开放的；不予开放的说明理由和依据。",
			"What the district's bodies hold in the course of their duties, including what is not open, with the reason and the legal basis."},
		crumb: catalogCrumb, items: b.entries, facets: b.entryFacets(), card: b.entryCard,
	})
}

func writeListing[T any](b *builder, l listing[T]) error {
	l.groups = groupsBy(l.facets, l.items)
	if err := l.write(b, nil, "", l.items); err != nil {
		return err
	}
	for _, f := range l.facets {
		chosen := map[string][]T{}
		for _, it := range l.items {
			codes := f.values(it)
			for i, code := range codes {
				if !slices.Contains(codes[:i], code) {
					chosen[code] = append(chosen[code], it)
				}
			}
		}
		for _, v := range tally(l.items, f.values) {
			if err := l.write(b, &f, v.Code, chosen[v.Code]); err != nil {
				return err
			}
		}
	}
	return nil
}

// write emits the pages of the whole list (f nil) or of one facet value.
func (l listing[T]) write(b *builder, f *facet[T], code string, items []T) error {
	path, key, heading, intro, trail := l.path, l.key, l.heading, l.intro, crumbs()
	var selected []Count
	if f != nil {
		path = strings.Trim(f.url(code), "/")
		key = l.key + "-" + slug(f.name) + "-" + slug(code)
		t := f.term(code)
		heading, intro = joinText(t.Label, Text{"：", ": "}, l.heading), Text{}
		trail = crumbs(l.crumb)
		if f.name == "domain" && l.kind == "dataset" {
			trail = crumbs(domainsCrumb)
		}
		selected = []Count{{Term{code, t.Label, "/" + l.path + "/"}, len(items)}}
	}
	groups := slices.Clone(l.groups)
	for i := range groups {
		if f != nil && groups[i].Facet == f.name {
			groups[i].Current = code
		}
	}
	pages := max(1, (len(items)+PageSize-1)/PageSize)
	for n := range pages {
		part := items[n*PageSize : min(len(items), (n+1)*PageSize)]
		v := List{
			Heading: heading, Intro: intro, Kind: l.kind, Crumbs: trail, Selected: selected, Facets: groups,
			Pager: pager("/"+path+"/", n+1, pages, len(items), len(part)),
		}
		for _, it := range part {
			v.Cards = append(v.Cards, l.card(it))
		}
		p := Page{Path: pagePath(path, n+1), Type: "list", Key: key, Title: heading, Summary: summaryOf(heading, len(items))}
		if n > 0 {
			p.Key = fmt.Sprintf("%s-p%d", key, n+1)
			p.Title = joinText(heading, Text{"，", ", "}, Text{fmt.Sprintf("第 %d 页", n+1), fmt.Sprintf("page %d", n+1)})
		}
		if err := b.page(p, v); err != nil {
			return err
		}
	}
	return nil
}

// groupsBy are the facets with counts over the whole list: each value is a page of its own.
func groupsBy[T any](facets []facet[T], items []T) []FacetGroup {
	var out []FacetGroup
	for _, f := range facets {
		g := FacetGroup{Facet: f.name, Label: f.label}
		for _, v := range tally(items, f.values) {
			t := f.term(v.Code)
			t.URL = f.url(v.Code)
			g.Values = append(g.Values, Count{t, v.N})
		}
		if len(g.Values) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func joinText(a, sep, z Text) Text {
	return Text{a.Zh + sep.Zh + z.Zh, cmp.Or(a.En, a.Zh) + sep.En + z.En}
}

func summaryOf(heading Text, n int) Text {
	return Text{fmt.Sprintf("%s，共 %d 条。", heading.Zh, n), fmt.Sprintf("%s: %d records.", heading.En, n)}
}

func pagePath(path string, n int) string {
	if n == 1 {
		return path
	}
	return fmt.Sprintf("%s/page/%d", path, n)
}

// pager shows the first and last page, the current one and its two neighbours on each side.
func pager(base string, n, pages, total, shown int) Pager {
	url := func(i int) string {
		if i == 1 {
			return base
		}
		return fmt.Sprintf("%spage/%d/", base, i)
	}
	p := Pager{Total: total, From: (n-1)*PageSize + 1, To: (n-1)*PageSize + shown, Page: n, Pages: pages}
	if total == 0 {
		p.From = 0
	}
	if n > 1 {
		p.Prev = url(n - 1)
	}
	if n < pages {
		p.Next = url(n + 1)
	}
	last := 0
	for i := 1; i <= pages; i++ {
		if i != 1 && i != pages && (i < n-2 || i > n+2) {
			continue
		}
		if last != 0 && i > last+1 {
			p.Links = append(p.Links, PageLink{Gap: true})
		}
		p.Links = append(p.Links, PageLink{N: i, URL: url(i), Current: i == n})
		last = i
	}
	return p
}
