package query

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
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
	postings Postings
	records  Records
	words    Dictionary
	scorers  sync.Pool
}

// NewEngine joins the parts of an index, whose ordinals mean the same documents.
func NewEngine(p Postings, r Records, d Dictionary) *Engine {
	e := &Engine{postings: p, records: r, words: d}
	e.scorers.New = func() any { return newScorer(p) }
	return e
}

// Len is the number of documents.
func (e *Engine) Len() int { return e.postings.Len() }

// Suggest completes what is being typed.
func (e *Engine) Suggest(ctx context.Context, typed string) ([]Suggestion, error) {
	return Suggest(ctx, e.words, typed)
}

// Search answers a request. It fails only when the index cannot be read or the context ends.
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
	for _, f := range Facets() {
		c, err := e.records.Column(ctx, f)
		if err != nil {
			return nil, err
		}
		selections = append(selections, newSelection(f, c, req.Filters[f]))
	}
	kept, counts := filter(hits, selections)
	if err := e.sort(ctx, kept, req.Sort, len(readings) == 0); err != nil {
		return nil, err
	}
	shown, err := e.hits(ctx, page(kept, req.Page, req.Size))
	if err != nil {
		return nil, err
	}
	return &Result{
		Total: len(kept), About: about, Page: req.Page, Size: req.Size,
		Rewritten: rewritten(req.Query, readings), Facets: counts, Hits: shown,
	}, nil
}

// hits fetches the cards of results.
func (e *Engine) hits(ctx context.Context, found []scored) ([]Hit, error) {
	ords := make([]uint32, len(found))
	for i, h := range found {
		ords[i] = h.ord
	}
	cards, err := e.records.Cards(ctx, ords)
	if err != nil {
		return nil, err
	}
	out := make([]Hit, len(found))
	for i, h := range found {
		out[i] = Hit{Key: cards[i].Key(), Score: h.score, Card: &cards[i]}
	}
	return out, nil
}

// match finds the documents: all of them, unscored, when nothing was typed; none when only signs were typed.
func (e *Engine) match(ctx context.Context, typed string) ([]scored, []Reading, error) {
	if strings.TrimSpace(typed) == "" {
		all := make([]scored, e.Len())
		for i := range all {
			all[i].ord = uint32(i)
		}
		return all, nil, nil
	}
	readings, err := Rewrite(ctx, e.words, typed)
	if err != nil || len(readings) == 0 || e.Len() == 0 {
		return nil, readings, err
	}
	prior, err := e.records.Prior(ctx)
	if err != nil {
		return nil, nil, err
	}
	s := e.scorers.Get().(*scorer)
	defer e.scorers.Put(s)
	hits, err := s.score(ctx, readings, prior)
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
func (e *Engine) sort(ctx context.Context, hits []scored, by Sort, listing bool) error {
	if by == Relevance {
		if !listing {
			return nil
		}
		by = Modified
	}
	days, err := e.records.Days(ctx, by)
	if err != nil {
		return err
	}
	slices.SortStableFunc(hits, func(a, b scored) int { return cmp.Compare(days[b.ord], days[a.ord]) })
	return nil
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
