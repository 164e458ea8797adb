package query

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
)

// doc is a document of a test: texts by field, in order.
func doc(key string, fields ...string) Document {
	d := Document{Key: key, Fields: make([][]string, fieldCount)}
	for i, text := range fields {
		d.Fields[i] = []string{text}
	}
	d.Card.Kind, d.Card.ID, d.Card.Title.Zh = KindEntry, key, fields[0]
	return d
}

// engine knows the documents and no words.
func engine(docs []Document, p Postings) *Engine { return (&Corpus{Documents: docs}).Engine(p) }

func run(t *testing.T, docs []Document, req Request) *Result {
	t.Helper()
	res, err := engine(docs, NewMem(docs)).Search(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func keys(r *Result) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, strings.TrimPrefix(h.Key, "catalog:"))
	}
	return out
}

// One query by hand. Three documents; 公园 is in the titles of a and b and twice in the description of c.
func TestScoreByHand(t *testing.T) {
	docs := []Document{
		doc("a", "公园"),
		doc("b", "公园名录", "绿地"),
		doc("c", "绿地", "", "", "", "公园，公园"),
	}
	res := run(t, docs, Request{Query: "公园绿地"}) // slots 公园, 园绿, 绿地

	idf := func(df float64) float64 { return math.Log(1 + (3-df+0.5)/(df+0.5)) }
	tf := func(n float64) float64 { return n * 2.2 / (n + 1.2) }
	want := map[string]float64{
		"a": 1.0 / 3 * (3 * idf(2)),                // title 公园
		"b": 2.0 / 3 * (3*idf(2) + 2*idf(1)),       // title 公园, keywords 绿地
		"c": 2.0 / 3 * (1*idf(1)*tf(2) + 3*idf(1)), // description 公园 twice, title 绿地
	}
	if got := keys(res); !slices.Equal(got, []string{"c", "b"}) {
		t.Fatalf("hits %q, want c, b; a scores %g of %g, below the cut", got, want["a"], want["c"])
	}
	for _, h := range res.Hits {
		if math.Abs(h.Score-want[h.Card.ID]) > 1e-9 {
			t.Errorf("%s scores %.12f, by hand %.12f", h.Key, h.Score, want[h.Card.ID])
		}
	}
	if want["a"] >= cutShare*want["c"] || !res.About || res.Total != 2 {
		t.Errorf("total %d, about %v; the cut is not tested", res.Total, res.About)
	}
}

func TestAlternativesCountOnce(t *testing.T) {
	docs := []Document{doc("a", "bus stop"), doc("b", "bus"), doc("c", "stop")}
	s := newScorer(NewMem(docs))
	one, err := s.score(t.Context(), []Reading{{Weight: 1, Slots: []Slot{{{"bus", 1}, {"stop", 0.5}}}}}, make([]uint8, s.postings.Len()))
	if err != nil {
		t.Fatal(err)
	}
	weight := func(ord uint32) float64 {
		for _, h := range one {
			if h.ord == ord {
				return h.score
			}
		}
		return 0
	}
	// The best alternative counts, not the sum of both; a lighter one counts for less.
	if weight(0) != weight(1) || math.Abs(weight(2)-weight(1)/2) > 1e-12 {
		t.Errorf("both %g, first %g, second at half weight %g", weight(0), weight(1), weight(2))
	}
}

func TestReadingsCountByTheBest(t *testing.T) {
	docs := []Document{doc("a", "公园"), doc("b", "绿地")}
	s := newScorer(NewMem(docs))
	read := func(rs ...Reading) []scored {
		hits, err := s.score(t.Context(), rs, make([]uint8, s.postings.Len()))
		if err != nil {
			t.Fatal(err)
		}
		return hits
	}
	park := Reading{Weight: 1, Slots: slotsOf("公园")}
	green := Reading{Weight: 0.8, Slots: slotsOf("绿地")}
	both := read(park, green)
	alone := read(park)
	if len(both) != 2 || both[0] != alone[0] || both[1].ord != 1 || math.Abs(both[1].score-0.8*both[0].score) > 1e-9 {
		t.Errorf("both readings give %v, the first alone %v", both, alone)
	}
	if again := read(park, green); !reflect.DeepEqual(again, both) {
		t.Errorf("the second run gives %v, the first %v: a cell was not cleared", again, both)
	}
}

func TestTiesGoByOrdinal(t *testing.T) {
	var docs []Document
	for i := range 50 {
		docs = append(docs, doc(fmt.Sprintf("k%02d", i), "公园"))
	}
	res := run(t, docs, Request{Query: "公园", Size: 50})
	if got := keys(res); !slices.IsSorted(got) || len(got) != 50 {
		t.Errorf("equal documents come as %q", got)
	}
}

func TestFrequentTermsAreDroppedInLargeSetsOnly(t *testing.T) {
	set := func(n int) []Document {
		var docs []Document
		for i := range n {
			title := "长宁"
			if i == 7 {
				title = "公园"
			}
			docs = append(docs, doc(fmt.Sprintf("k%05d", i), title))
		}
		return docs
	}
	large := set(frequentAt)
	if res := run(t, large, Request{Query: "长宁公园"}); res.Total != 1 || res.About {
		t.Errorf("in a large set a term of everything counts: %d results, about %v", res.Total, res.About)
	}
	if res := run(t, large, Request{Query: "长宁"}); res.Total != frequentAt-1 {
		t.Errorf("a frequent term alone finds %d", res.Total)
	}
	small := set(frequentAt - 1)
	s := newScorer(NewMem(small))
	if hits, err := s.score(t.Context(), literally(t, "长宁公园"), make([]uint8, len(small))); err != nil || len(hits) != frequentAt-1 {
		t.Errorf("in a small set %d documents match, %v", len(hits), err)
	}
}

func TestFiltersFacetsAndPages(t *testing.T) {
	term := func(code string) Term { return Term{Code: code, Label: Text{Zh: "“" + code + "”"}} }
	var docs []Document
	for i := range 30 {
		d := doc(fmt.Sprintf("k%02d", i), "公园")
		d.Facets.Domain = []Term{term([]string{"culture", "city"}[i%2])}
		d.Facets.Format = []Term{term("csv")}
		if i%3 == 0 {
			d.Facets.Format = append(d.Facets.Format, term("json"))
		}
		d.Card.Modified = calendar.MustDate("2025-01-01").AddDays(i % 5)
		d.Issued = calendar.MustDate("2025-01-01").AddDays(-i)
		docs = append(docs, d)
	}
	counts := func(r *Result, f Facet) map[string]int {
		out := map[string]int{}
		for _, c := range r.Facets {
			for _, v := range c.Values {
				if c.Facet == f {
					out[v.Code] = v.N
				}
			}
		}
		return out
	}
	all := run(t, docs, Request{Query: "公园", Size: 100})
	if all.Total != 30 || !reflect.DeepEqual(counts(all, FacetDomain), map[string]int{"culture": 15, "city": 15}) ||
		!reflect.DeepEqual(counts(all, FacetFormat), map[string]int{"csv": 30, "json": 10}) {
		t.Errorf("all: %d, %v", all.Total, all.Facets)
	}
	city := run(t, docs, Request{Query: "公园", Filters: map[Facet][]string{FacetDomain: {"city"}, FacetFormat: {"json"}}})
	if city.Total != 5 || !reflect.DeepEqual(counts(city, FacetDomain), map[string]int{"culture": 5, "city": 5}) ||
		!reflect.DeepEqual(counts(city, FacetFormat), map[string]int{"csv": 15, "json": 5}) {
		t.Errorf("filtered: %d, %v", city.Total, city.Facets)
	}
	either := run(t, docs, Request{Filters: map[Facet][]string{FacetDomain: {"city", "culture", "nonsense"}}})
	if either.Total != 30 {
		t.Errorf("values of one facet must add up: %d", either.Total)
	}
	if none := run(t, docs, Request{Filters: map[Facet][]string{FacetDomain: {"nonsense"}}}); none.Total != 0 || len(none.Hits) != 0 {
		t.Errorf("an unknown value selects %d", none.Total)
	}
	if got := keys(run(t, docs, Request{Query: "公园", Size: 7, Page: 5})); !slices.Equal(got, []string{"k28", "k29"}) {
		t.Errorf("last page is %q", got)
	}
	if got := run(t, docs, Request{Query: "公园", Size: 7, Page: 6}); len(got.Hits) != 0 || got.Total != 30 {
		t.Errorf("behind the last page: %d hits of %d", len(got.Hits), got.Total)
	}
	if got := keys(run(t, docs, Request{Query: "公园", Sort: Modified, Size: 3})); !slices.Equal(got, []string{"k04", "k09", "k14"}) {
		t.Errorf("most recently changed: %q", got)
	}
	if got := keys(run(t, docs, Request{Size: 3})); !slices.Equal(got, []string{"k04", "k09", "k14"}) {
		t.Errorf("without a query: %q", got)
	}
	if got := keys(run(t, docs, Request{Query: "公园", Sort: Issued, Size: 2})); !slices.Equal(got, []string{"k00", "k01"}) {
		t.Errorf("most recently published: %q", got)
	}
}

func TestManyValuesAreCutButNotTheSelected(t *testing.T) {
	var docs []Document
	for i := range 250 {
		d := doc(fmt.Sprintf("k%03d", i), "公园")
		d.Facets.Org = []Term{{Code: fmt.Sprintf("org-%03d", i)}}
		docs = append(docs, d)
	}
	res := run(t, docs, Request{Filters: map[Facet][]string{FacetOrg: {"org-249"}}})
	values := res.Facets[1].Values
	if len(values) != maxFacetValues+1 || values[maxFacetValues].Code != "org-249" || !values[maxFacetValues].Selected {
		t.Errorf("%d values, last %+v", len(values), values[len(values)-1])
	}
}

func TestLimitsMoveToTheBound(t *testing.T) {
	docs := []Document{doc("a", "公园")}
	for _, req := range []Request{
		{Query: "公园", Page: -3, Size: -1}, {Query: "公园", Size: 0}, {Query: strings.Repeat("公园", 500)},
	} {
		if res := run(t, docs, req); res.Page != 1 || res.Size != DefaultSize || len(res.Hits) != 1 {
			t.Errorf("page %d of size %d with %d hits", res.Page, res.Size, len(res.Hits))
		}
	}
	res := run(t, docs, Request{Query: "公园", Page: 1 << 40, Size: 1 << 40})
	if res.Size != MaxPageSize || res.Page != MaxWindow/MaxPageSize {
		t.Errorf("page %d of size %d", res.Page, res.Size)
	}
}

// liar is a damaged index.
type liar struct {
	Postings
	df   int
	list []Posting
	err  error
}

func (l liar) DF(context.Context, Field, string) (int, error) { return l.df, nil }
func (l liar) Read(_ context.Context, _ Field, _ string, to []Posting) ([]Posting, error) {
	return append(to, l.list...), l.err
}

func TestDamagedPostingsAreAnError(t *testing.T) {
	docs := []Document{doc("a", "公园"), doc("b", "公园")}
	broken := errors.New("broken")
	tests := []struct {
		name string
		p    liar
		want error
	}{
		{"more documents than there are", liar{df: 3}, ErrPostings},
		{"a negative number", liar{df: -1}, ErrPostings},
		{"a document that is not there", liar{df: 1, list: []Posting{{2, 1}}}, ErrPostings},
		{"no occurrence", liar{df: 1, list: []Posting{{0, 0}}}, ErrPostings},
		{"unreadable", liar{df: 1, list: []Posting{{0, 1}}, err: broken}, broken},
	}
	for _, tt := range tests {
		tt.p.Postings = NewMem(docs)
		e := engine(docs, tt.p)
		if res, err := e.Search(t.Context(), Request{Query: "公园"}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v; want %v", tt.name, res, err, tt.want)
		}
	}
	// A document listed twice must not count as two, nor leave anything behind.
	twice := engine(docs, liar{Postings: NewMem(docs), df: 1, list: []Posting{{0, 1}, {0, 1}}})
	for range 2 {
		if res, err := twice.Search(t.Context(), Request{Query: "公园"}); err != nil || res.Total != 1 {
			t.Errorf("listed twice: %+v, %v", res, err)
		}
	}
}

func TestSearchEndsWithItsContext(t *testing.T) {
	docs := []Document{doc("a", "公园")}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := engine(docs, NewMem(docs)).Search(ctx, Request{Query: "公园"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search = %v, want context.Canceled", err)
	}
}

func TestIDFollowsTheCorpus(t *testing.T) {
	id := func(l Lexicon, docs ...Document) string { return (&Corpus{docs, l}).ID() }
	none := Lexicon{}
	a := id(none, doc("a", "公园"))
	others := []string{id(none), id(none, doc("a", "公园 ")), id(Lexicon{Words: []Word{{"park", 1}}}, doc("a", "公园"))}
	if a != id(none, doc("a", "公园")) || slices.Contains(others, a) || len(a) != 16 {
		t.Errorf("ids %s and %s", a, others)
	}
}

func TestPriorBreaksTies(t *testing.T) {
	docs := []Document{doc("a", "公园"), doc("b", "公园"), doc("c", "公园名录")}
	docs[1].Today.Prior = 15
	res := run(t, docs, Request{Query: "公园"})
	if got := keys(res); !slices.Equal(got, []string{"b", "a", "c"}) {
		t.Errorf("hits %q", got)
	}
	if got, want := res.Hits[0].Score/res.Hits[1].Score, 1.15; math.Abs(got-want) > 1e-9 {
		t.Errorf("15 steps are worth %g, want %g", got, want)
	}
}
