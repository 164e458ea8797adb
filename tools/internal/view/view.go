package view

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/profile"
)

// Input is everything pages are made from.
type Input struct {
	Catalog  *catalog.Catalog
	Profiles map[catalog.ID]*profile.Table // by dataset id; nil where no table was read
	AsOf     calendar.Date
	Changes  []Change // newest first
	// DatasetJSONLD and CatalogJSONLD give the schema.org block of a page, escaped for a script element.
	DatasetJSONLD func(catalog.ID) string
	CatalogJSONLD func() string
}

// Emit receives one JSON document of build/data: its name without ".json", and its value.
type Emit func(name string, value any) error

// PageSize is the number of cards on a list page.
const PageSize = 20

// pagesPerFile bounds what Hugo reads at once: a file of page records is one resource.
const pagesPerFile = 500

// Write computes all pages and hands them to emit, views first, then the page records, then the frame.
// The same input gives the same documents in the same order.
func Write(in Input, emit Emit) error {
	b := newBuilder(in, emit)
	for _, step := range []func() error{
		b.writeDatasets, b.writeEntries, b.writeLists, b.writeDepartments, b.writeDomains, b.writeLaws,
		b.writeVocabularies, b.writeStats, b.writeChanges, b.writeTombstones, b.writeHome, b.writePages,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return emit("site", b.site())
}

// builder holds what several pages share: the visible records, their cards and labels.
type builder struct {
	Input
	emit  Emit
	pages []Page

	days     calendar.Days
	datasets []*catalog.OpenEntry // published or suspended, newest first
	live     []*catalog.OpenEntry // published, newest first
	entries  []*catalog.Entry     // visible as public or by title
	cards    map[catalog.ID]Card  // of datasets
	counts   Counts
	cited    map[catalog.LawID][]Card
	used     map[string]map[catalog.Code]int // vocabulary → code → uses

	// filled on first use
	kin         *kinship
	deptLive    map[catalog.Dept][]*catalog.OpenEntry
	deptEntries map[catalog.Dept][]*catalog.Entry
}

func newBuilder(in Input, emit Emit) *builder {
	b := &builder{Input: in, emit: emit, days: in.Catalog.Days(), cards: map[catalog.ID]Card{}}
	for _, o := range in.Catalog.OpenEntries {
		if o.Entry == nil || o.Entry.Open.Type == catalog.Closed || in.Catalog.Visibility(o.Entry) != catalog.Public {
			continue
		}
		switch o.Status {
		case catalog.Published:
			b.live = append(b.live, o)
			b.datasets = append(b.datasets, o)
		case catalog.Suspended:
			b.datasets = append(b.datasets, o)
		}
	}
	slices.SortStableFunc(b.live, newestFirst)
	slices.SortStableFunc(b.datasets, newestFirst)
	for _, e := range in.Catalog.Entries {
		listed := e.Status == catalog.Registered || e.Status == catalog.Published || e.Status == catalog.Suspended
		if listed && in.Catalog.Visibility(e) != catalog.Internal {
			b.entries = append(b.entries, e)
		}
	}
	for _, o := range b.datasets {
		b.cards[o.ID] = b.datasetCard(o)
	}
	b.count()
	b.cite()
	return b
}

func newestFirst(a, b *catalog.OpenEntry) int {
	return cmp.Or(b.Updated().Compare(a.Updated()), cmp.Compare(a.ID, b.ID))
}

// page emits a view and records its URL.
func (b *builder) page(p Page, v any) error {
	b.pages = append(b.pages, p)
	return b.emit("view/"+p.Type+"/"+p.Key, v)
}

func (b *builder) writePages() error {
	slices.SortFunc(b.pages, func(x, y Page) int { return cmp.Compare(x.Path, y.Path) })
	for i := 1; i < len(b.pages); i++ {
		if b.pages[i].Path == b.pages[i-1].Path {
			return fmt.Errorf("two pages at /%s/: %s and %s", b.pages[i].Path, b.pages[i-1].Type, b.pages[i].Type)
		}
	}
	n := 0
	for chunk := range slices.Chunk(b.pages, pagesPerFile) {
		n++
		if err := b.emit(fmt.Sprintf("pages/%04d", n), chunk); err != nil {
			return err
		}
	}
	return nil
}

// count takes the public figures of the whole catalogue.
func (b *builder) count() {
	b.counts = b.countOf(b.live, b.entries)
	with := map[catalog.Dept]bool{}
	for _, e := range b.entries {
		with[e.Dept] = true
	}
	b.counts.Departments = len(with)
}

// countOf counts datasets and entries; Departments is left to the caller.
func (b *builder) countOf(live []*catalog.OpenEntry, entries []*catalog.Entry) Counts {
	n := Counts{Datasets: len(live), Entries: len(entries)}
	for _, o := range live {
		if o.OpenType == catalog.Conditional {
			n.Conditional++
		} else {
			n.Unconditional++
		}
		if o.ResourceKind == catalog.KindAPI {
			n.APIs++
		}
		card := b.cards[o.ID]
		n.Rows += card.Rows
		if r := o.Latest(); r != nil {
			n.Files += len(r.Files)
		}
		switch calendar.State(card.Clock.State) {
		case calendar.OnTime, calendar.DueSoon:
			n.Due++
			n.OnTime++
		case calendar.Late, calendar.VeryLate:
			n.Due++
			n.Late++
		}
	}
	return n
}

// label is the text of a vocabulary term; an unknown code stands for itself so that nothing is silently empty.
func (b *builder) label(vocabulary string, code catalog.Code) Text {
	t := b.Catalog.Term(vocabulary, code)
	return Text{cmp.Or(t.Zh, string(code)), t.En}
}

// term is a code with its label and the place where the vocabulary explains it.
func (b *builder) term(vocabulary string, code catalog.Code) Term {
	if code == "" {
		return Term{}
	}
	return Term{string(code), b.label(vocabulary, code), vocabularyURL(vocabulary) + "#" + string(code)}
}

func (b *builder) domain(code catalog.Code) Term {
	return Term{string(code), b.label("domain", code), "/domains/" + string(code) + "/"}
}

func (b *builder) org(id catalog.Dept) Term {
	d := b.Catalog.Department(id)
	if d == nil {
		return Term{Code: string(id), Label: Text{Zh: string(id)}}
	}
	zh, en := d.Label()
	return Term{string(id), Text{zh, en}, "/departments/" + string(id) + "/"}
}

func (b *builder) regions(codes []catalog.Code) []Term {
	var out []Term
	for _, c := range codes {
		out = append(out, b.term("region", c))
	}
	return out
}

func (b *builder) themes(t *catalog.Theme) []Term {
	var out []Term
	if t != nil {
		for _, c := range []catalog.Code{t.L1, t.L2} {
			if c != "" {
				out = append(out, b.term("theme_national", c))
			}
		}
	}
	return out
}

func vocabularyURL(id string) string { return "/vocab/" + strings.ReplaceAll(id, "_", "-") + "/" }

// period writes a temporal range for people: "2021年 至 2025年11月".
func period(t *catalog.Temporal) string {
	if t == nil {
		return ""
	}
	if t.End == "" {
		return chineseDay(t.Start) + "起"
	}
	if t.End == t.Start {
		return chineseDay(t.Start)
	}
	return chineseDay(t.Start) + "至" + chineseDay(t.End)
}

// chineseDay turns CCYY, CCYY-MM or CCYY-MM-DD into 2025年, 2025年11月 or 2025年11月3日.
func chineseDay(s string) string {
	out := ""
	for i, part := range strings.Split(s, "-") {
		if i < 3 {
			out += strings.TrimPrefix(part, "0") + []string{"年", "月", "日"}[i]
		}
	}
	return out
}

// paragraphs splits a text at its line breaks.
func paragraphs(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// shorten cuts a text to n characters at most, with an ellipsis.
func shorten(s string, n int) string {
	r := []rune(strings.Join(paragraphs(s), ""))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

var homeCrumb = Link{Text{"首页", "Home"}, "/"}

func crumbs(links ...Link) []Link { return append([]Link{homeCrumb}, links...) }

var (
	datasetsCrumb    = Link{Text{"数据集", "Datasets"}, "/datasets/"}
	catalogCrumb     = Link{Text{"资源目录", "Catalogue"}, "/catalog/"}
	departmentsCrumb = Link{Text{"部门", "Departments"}, "/departments/"}
	domainsCrumb     = Link{Text{"领域", "Domains"}, "/domains/"}
	lawsCrumb        = Link{Text{"依据", "Legal basis"}, "/laws/"}
	vocabCrumb       = Link{Text{"词表", "Vocabularies"}, "/vocab/"}
)

// tally counts codes and orders them by count, then code.
func tally[T any](items []T, codes func(T) []string) []struct {
	Code string
	N    int
} {
	n := map[string]int{}
	for _, it := range items {
		for _, c := range codes(it) {
			if c != "" {
				n[c]++
			}
		}
	}
	var out []struct {
		Code string
		N    int
	}
	for _, c := range slices.Sorted(maps.Keys(n)) {
		out = append(out, struct {
			Code string
			N    int
		}{c, n[c]})
	}
	slices.SortStableFunc(out, func(a, b struct {
		Code string
		N    int
	}) int {
		return cmp.Compare(b.N, a.N)
	})
	return out
}
