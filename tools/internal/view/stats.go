package view

import (
	"cmp"
	"slices"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

func (b *builder) writeStats() error {
	v := Stats{
		Crumbs: crumbs(), Counts: b.counts,
		ShareTypes: b.countEntries(b.entries, "share_type", func(e *catalog.Entry) catalog.Code { return e.Share.Type }),
		OpenTypes:  b.countEntries(b.entries, "open_type", func(e *catalog.Entry) catalog.Code { return e.Open.Type }),
		Domains:    b.countEntries(b.entries, "domain", b.visibleDomain),
	}
	frequencies := map[catalog.Code]int{}
	for _, o := range b.live {
		frequencies[o.Frequency()]++
	}
	v.Frequencies = b.countTerms("update_frequency", frequencies)
	for _, f := range tally(b.live, func(o *catalog.OpenEntry) []string {
		var out []string
		for _, t := range b.cards[o.ID].Formats {
			out = append(out, t.Code)
		}
		return out
	}) {
		v.Formats = append(v.Formats, Count{b.format(catalog.Code(f.Code)), f.N})
	}
	for _, d := range b.Catalog.Departments {
		live, entries := b.ofDept(d.ID)
		if len(entries) > 0 {
			v.Matrix = append(v.Matrix, b.matrixRow(d, entries, v.Domains))
		}
		if row := b.departmentRow(d, live, entries); row.Due > 0 {
			v.OnTime = append(v.OnTime, row)
		}
	}
	slices.SortStableFunc(v.Matrix, func(x, y MatrixRow) int { return cmp.Compare(y.Total, x.Total) })
	v.Late = b.late()
	v.Timeline = b.timeline()
	return b.page(Page{Path: "stats", Type: "stats", Key: "all", Title: Text{"统计", "Statistics"},
		Summary: Text{"目录和开放的数量、构成与按期更新情况，每个数字都有分母。", "How much is catalogued, open and up to date; each figure with its denominator."}}, v)
}

func (b *builder) matrixRow(d *catalog.Department, entries []*catalog.Entry, domains []Count) MatrixRow {
	row := MatrixRow{Org: b.org(d.ID), N: make([]int, len(domains)), Total: len(entries)}
	for _, e := range entries {
		if e.Open.Type != catalog.Closed {
			row.Open++
		}
		if i := slices.IndexFunc(domains, func(c Count) bool { return c.Code == string(b.visibleDomain(e)) }); i >= 0 {
			row.N[i]++
		}
	}
	return row
}

func (b *builder) late() []Card {
	var out []Card
	for _, o := range b.live {
		if c := b.cards[o.ID]; c.Clock.State == string(calendar.Late) || c.Clock.State == string(calendar.VeryLate) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, lateFirst)
	return out
}

// timeline counts what was open at the end of each year since the first publication.
func (b *builder) timeline() []TimelineRow {
	first := 0
	for _, o := range b.live {
		if y := o.FirstPublishedOn.Year(); y > 0 && (first == 0 || y < first) {
			first = y
		}
	}
	var out []TimelineRow
	for year := first; first > 0 && year <= b.AsOf.Year(); year++ {
		row := TimelineRow{Year: year}
		for _, o := range b.live {
			switch y := o.FirstPublishedOn.Year(); {
			case y == 0 || y > year:
			case o.OpenType == catalog.Conditional:
				row.Conditional++
			default:
				row.Unconditional++
			}
		}
		out = append(out, row)
	}
	return out
}

// changesShown bounds the page of changes; the full ledger is /changes.ndjson.
const changesShown = 200

func (b *builder) writeChanges() error {
	return b.page(Page{Path: "changes", Type: "changes", Key: "all", Title: Text{"更新", "Changes"},
		Summary: Text{"最近新增、更新、暂停和撤回的数据集。", "Datasets lately added, updated, suspended and withdrawn."},
	}, Changes{Crumbs: crumbs(), Rows: b.Changes[:min(len(b.Changes), changesShown)], Total: len(b.Changes)})
}

// Sizes of the lists on the first page.
const (
	homeChanges = 5
	homePopular = 6
	homeQueries = 3
)

func (b *builder) writeHome() error {
	v := Home{Counts: b.counts, Changes: b.Changes[:min(len(b.Changes), homeChanges)],
		Late: Link{Text{"逾期未更新", "Overdue"}, "/stats/#late"}, CurlURL: b.Catalog.Policy.BaseURL + "/api/v1/index.json"}
	n := map[catalog.Code]int{}
	for _, o := range b.live {
		n[o.Entry.Domain]++
	}
	for _, t := range b.Catalog.TermsOf("domain") {
		v.Domains = append(v.Domains, Count{b.domain(t.Code), n[t.Code]})
	}
	for _, d := range b.Catalog.Departments {
		if live, _ := b.ofDept(d.ID); len(live) > 0 {
			v.Departments = append(v.Departments, Count{b.org(d.ID), len(live)})
		}
	}
	slices.SortStableFunc(v.Departments, func(x, y Count) int { return cmp.Compare(y.N, x.N) })
	v.Popular, v.Examples = b.hand()
	if b.CatalogJSONLD != nil {
		v.JSONLD = b.CatalogJSONLD()
	}
	return b.page(Page{Path: "", Type: "home", Key: "home", Title: Text{b.Catalog.Policy.Title, b.Catalog.Policy.TitleEn},
		Summary: Text{b.Catalog.Policy.Description, b.Catalog.Policy.DescriptionEn}}, v)
}

// hand picks the newest downloadable dataset of each of the best-filled domains, and from them words that find something.
func (b *builder) hand() (cards []Card, words []string) {
	for _, d := range tally(b.live, func(o *catalog.OpenEntry) []string { return []string{string(o.Entry.Domain)} }) {
		for _, o := range b.live {
			if string(o.Entry.Domain) != d.Code || o.OpenType != catalog.Unconditional || o.ResourceKind != catalog.KindData {
				continue
			}
			if len(cards) < homePopular {
				cards = append(cards, b.cards[o.ID])
			}
			if ks := o.Keywords(); len(words) < homeQueries && len(ks) > 0 && !slices.Contains(words, ks[0]) {
				words = append(words, ks[0])
			}
			break
		}
	}
	return cards, words
}

// site is the frame around every page.
func (b *builder) site() Site {
	p := b.Catalog.Policy
	s := Site{
		BaseURL: p.BaseURL, Title: Text{p.Title, p.TitleEn}, Description: Text{p.Description, p.DescriptionEn}, Official: p.Official,
		Host: p.Site.Host, Operator: p.Site.Operator, ICP: p.Site.ICP, Gongan: p.Site.Gongan, SiteCode: p.Site.SiteCode,
		Hotline: p.Hotline, ContactMail: p.ContactMail, RepositoryURL: p.RepositoryURL, Channel: string(p.Channel),
		Basis: b.basis(), Counts: b.counts,
	}
	s.SearchFacets = groupsBy(b.datasetFacets(), b.datasets)
	return s
}
