package search

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
	index "github.com/blevesearch/bleve_index_api"

	"opendata.example/odc/tools/internal/query"
)

// analyzerName is what Bleve calls the analyzer of package query.
const analyzerName = "catalog"

// register makes the analyzer known to Bleve, whose registry is global and refuses a second registration.
var register = sync.OnceValue(func() error {
	return registry.RegisterAnalyzer(analyzerName, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
		return analyzer{}, nil
	})
})

// analyzer lends query.Terms to Bleve.
type analyzer struct{}

// Analyze numbers the terms; positions in the text are not kept, since nothing asks for phrases.
func (analyzer) Analyze(input []byte) analysis.TokenStream {
	terms := query.Terms(string(input))
	tokens := make(analysis.TokenStream, len(terms))
	for i, t := range terms {
		tokens[i] = &analysis.Token{Term: []byte(t), Position: i + 1}
	}
	return tokens
}

// newMapping declares the text fields: terms and how often they occur, no text, no positions, no values.
func newMapping() (mapping.IndexMapping, error) {
	if err := register(); err != nil {
		return nil, err
	}
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = analyzerName
	m.StoreDynamic, m.DocValuesDynamic, m.IndexDynamic = false, false, false
	record := bleve.NewDocumentStaticMapping()
	for _, f := range query.Fields() {
		text := bleve.NewTextFieldMapping()
		text.Analyzer = analyzerName
		text.Store, text.IncludeInAll, text.IncludeTermVectors, text.DocValues = false, false, false, false
		record.AddFieldMappingsAt(f.String(), text)
	}
	m.DefaultMapping = record
	return m, nil
}

// postings reads Bleve's lists of documents by term.
type postings struct {
	reader index.IndexReader
	ords   []uint32 // ordinal by Bleve's document number
}

func (p *postings) Len() int { return len(p.ords) }

func (p *postings) DF(ctx context.Context, field query.Field, term string) (int, error) {
	r, err := p.reader.TermFieldReader(ctx, []byte(term), field.String(), false, false, false)
	if err != nil {
		return 0, err
	}
	return int(r.Count()), r.Close()
}

func (p *postings) Read(ctx context.Context, field query.Field, term string, to []query.Posting) ([]query.Posting, error) {
	r, err := p.reader.TermFieldReader(ctx, []byte(term), field.String(), true, false, false)
	if err != nil {
		return to, err
	}
	var doc index.TermFieldDoc
	for {
		d, err := r.Next(&doc)
		if err != nil {
			return to, errors.Join(err, r.Close())
		}
		if d == nil {
			return to, r.Close()
		}
		n, ok := docNumber(d.ID, len(p.ords))
		if !ok {
			return to, errors.Join(fmt.Errorf("%w: document number %d", query.ErrPostings, n), r.Close())
		}
		to = append(to, query.Posting{Ord: p.ords[n], TF: uint32(d.Freq)})
		doc.Reset()
	}
}
