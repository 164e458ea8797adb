package query

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"opendata.example/odc/tools/internal/calendar"
)

// Sort orders results.
type Sort string

const (
	Relevance Sort = "relevance" // best first; without a query the most recently changed first
	Modified  Sort = "modified"  // most recently changed first
	Issued    Sort = "issued"    // most recently published first
)

// ParseSort reads the name of a sort; empty means relevance.
func ParseSort(s string) (Sort, bool) {
	switch v := cmp.Or(Sort(s), Relevance); v {
	case Relevance, Modified, Issued:
		return v, true
	}
	return "", false
}

// Request is a question to an [Engine]. The zero Request lists the first page of everything.
type Request struct {
	Query   string
	Filters map[Facet][]string // all facets must hold, any of a facet's values
	Sort    Sort
	Page    int // from 1
	Size    int
}

// Result is a page of answers.
type Result struct {
	Total     int       `json:"total"` // results on all pages
	About     bool      `json:"about"` // weaker matches were cut, so that "about" belongs before the total
	Page      int       `json:"page"`  // as answered: limits may have moved it
	Size      int       `json:"size"`
	Rewritten []string  `json:"rewritten"` // what was looked for, where it differs from what was typed
	Hits      []Hit     `json:"hits"`      // of this page
	Facets    FacetList `json:"facets"`    // of all results
}

// Hit is a result.
type Hit struct {
	Key   string  `json:"id"` // dataset:<id> or catalog:<id>
	Score float64 `json:"score"`
	Card  *Card   `json:"card"`
}

// Engine answers requests over one unchanging set of documents. It is safe for concurrent use.
type Engine struct {
	docs     []Document
	postings Postings
	columns  []*facetColumn
	scorers  sync.Pool
}

// NewEngine joins documents and their postings, whose ordinals are positions in docs.
func NewEngine(docs []Document, p Postings) *Engine {
	e := &Engine{docs: docs, postings: p}
	for _, f := range Facets() {
		e.columns = append(e.columns, newFacetColumn(f, docs))
	}
	e.scorers.New = func() any { return newScorer(p) }
	return e
}

// Len is the number of documents.
func (e *Engine) Len() int { return len(e.docs) }

// Search answers a request. It fails only when the postings cannot be read or the context ends.
func (e *Engine) Search(ctx context.Context, req Request) (*Result, error) {
	req = req.limited()
	hits, readings, err := e.match(ctx, req.Query)
	if err != nil {
		return nil, err
	}
	all := len(hits)
	hits = cut(hits)
	about := len(hits) < all

	var selections []selection
	for _, c := range e.columns {
		selections = append(selections, c.selection(req.Filters[c.facet]))
	}
	kept, counts := filter(hits, selections)
	e.sort(kept, req.Sort, len(readings) == 0)

	out := &Result{
		Total: len(kept), About: about, Page: req.Page, Size: req.Size,
		Rewritten: rewritten(req.Query, readings), Facets: counts, Hits: []Hit{},
	}
	for _, h := range page(kept, req.Page, req.Size) {
		d := &e.docs[h.ord]
		out.Hits = append(out.Hits, Hit{Key: d.Key, Score: h.score, Card: &d.Card})
	}
	return out, nil
}

// match finds the documents: all of them, unscored, when nothing was typed; none when only signs were typed.
func (e *Engine) match(ctx context.Context, typed string) ([]scored, []Reading, error) {
	if strings.TrimSpace(typed) == "" {
		all := make([]scored, len(e.docs))
		for i := range all {
			all[i].ord = uint32(i)
		}
		return all, nil, nil
	}
	readings := Rewrite(typed)
	if len(readings) == 0 || len(e.docs) == 0 {
		return nil, readings, nil
	}
	s := e.scorers.Get().(*scorer)
	defer e.scorers.Put(s)
	hits, err := s.score(ctx, readings)
	if err != nil {
		s.reset()
		return nil, nil, err
	}
	return hits, readings, nil
}

// cut drops the long tail of hits that share a pair of characters with the query and no more.
func cut(hits []scored) []scored {
	if len(hits) == 0 {
		return hits
	}
	least := cutShare * hits[0].score
	n := slices.IndexFunc(hits, func(h scored) bool { return h.score < least })
	if n < 0 {
		return hits
	}
	return hits[:n]
}

// sort orders hits that come in order of relevance. Sorting is stable: equal days keep that order.
func (e *Engine) sort(hits []scored, by Sort, listing bool) {
	day := func(h scored) calendar.Date { return e.docs[h.ord].Card.Modified }
	switch {
	case by == Issued:
		day = func(h scored) calendar.Date { return e.docs[h.ord].Issued }
	case by == Relevance && !listing:
		return
	}
	slices.SortStableFunc(hits, func(a, b scored) int { return day(b).Compare(day(a)) })
}

func page(hits []scored, page, size int) []scored {
	from := min((page-1)*size, len(hits))
	return hits[from:min(from+size, len(hits))]
}

// limited moves what is out of bounds to the bound.
func (r Request) limited() Request {
	r.Query = firstRunes(r.Query, MaxQuery)
	r.Sort = cmp.Or(r.Sort, Relevance)
	r.Size = min(cmp.Or(max(r.Size, 0), DefaultSize), MaxPageSize)
	r.Page = min(max(r.Page, 1), MaxWindow/r.Size)
	return r
}

// rewritten lists the texts that were looked for unless they are just what was typed.
func rewritten(typed string, readings []Reading) []string {
	out := []string{}
	for _, r := range readings {
		if r.Text != Normalise(typed) {
			out = append(out, r.Text)
		}
	}
	return out
}
