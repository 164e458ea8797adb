package query

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// vectors are worked examples for every other reader of postings and every port of the scorer: documents, and for
// each query its readings and its results. One of them is computed by hand in TestScoreByHand.
type vectors struct {
	Spec int `json:"spec"`
	Corpus
	Cases []vectorCase `json:"cases"`
}

type vectorCase struct {
	Name     string             `json:"name"`
	Query    string             `json:"query"`
	Filters  map[Facet][]string `json:"filters,omitempty"`
	Sort     Sort               `json:"sort,omitempty"`
	Page     int                `json:"page,omitempty"`
	Size     int                `json:"size,omitempty"`
	Readings []Reading          `json:"readings"`
	Total    int                `json:"total"`
	About    bool               `json:"about"`
	Hits     []vectorHit        `json:"hits"`
}

type vectorHit struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
}

func TestVectors(t *testing.T) {
	const file = "testdata/vectors.json"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	engine, words := v.Engine(NewMem(v.Documents)), Held(v.Lexicon)
	v.Spec = Version
	for i := range v.Cases {
		c := &v.Cases[i]
		res, err := engine.Search(t.Context(), Request{Query: c.Query, Filters: c.Filters, Sort: c.Sort, Page: c.Page, Size: c.Size})
		if err != nil {
			t.Fatal(err)
		}
		c.Readings, c.Total, c.About, c.Hits = rewrite(t, words, c.Query), res.Total, res.About, []vectorHit{}
		for _, h := range res.Hits {
			c.Hits = append(c.Hits, vectorHit{h.Key, math.Round(h.Score*1e9) / 1e9}) // processors differ beyond
		}
	}
	var now bytes.Buffer
	enc := json.NewEncoder(&now)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(now.Bytes(), data) {
		t.Errorf("the answers differ from %s; if the contract was meant to change, raise query.Version and accept with -update:\n%s", file, now.String())
	}
}
