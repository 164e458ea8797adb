package query

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"

	"opendata.example/odc/tools/internal/calendar"
)

// Corpus is a set of documents with what the rewriter knows of them: all that an index is made from.
type Corpus struct {
	Documents []Document `json:"documents"` // by ordinal
	Lexicon   Lexicon    `json:"lexicon"`
}

// ID names a corpus under this contract: the same corpus gives the same id anywhere.
func (c *Corpus) ID() string {
	h := sha256.New()
	fmt.Fprintln(h, Hash())
	enc := json.NewEncoder(h)
	for i := range c.Documents {
		if err := enc.Encode(&c.Documents[i]); err != nil {
			panic(err) // a Document holds strings and numbers only
		}
	}
	if err := enc.Encode(c.Lexicon); err != nil {
		panic(err)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Engine answers from a corpus in memory, with postings of whatever kind.
func (c *Corpus) Engine(p Postings) *Engine {
	return NewEngine(p, HoldRecords(c.Documents), Held(c.Lexicon))
}

// Records are what an engine needs of documents besides their postings, by ordinal.
// Implementations are safe for concurrent use; what they return is not changed by anybody.
type Records interface {
	// Prior is the number of steps by which each document ranks higher.
	Prior(ctx context.Context) ([]uint8, error)
	// Column holds the values of a facet.
	Column(ctx context.Context, f Facet) (*Column, error)
	// Days are those to sort by, as [Day] counts them. The sort is Modified or Issued.
	Days(ctx context.Context, s Sort) ([]uint16, error)
	// Cards are those of the documents asked for, in that order.
	Cards(ctx context.Context, ords []uint32) ([]Card, error)
}

// Day counts days since 1970-01-01; 0 is no day.
func Day(d calendar.Date) uint16 {
	if d.IsZero() {
		return 0
	}
	return uint16(min(max(d.DaysSince(calendar.NewDate(1970, 1, 1)), 1), math.MaxUint16))
}

// heldRecords are records in memory.
type heldRecords struct {
	docs    []Document
	prior   []uint8
	columns map[Facet]*Column
	days    map[Sort][]uint16
}

// HoldRecords keeps documents in memory.
func HoldRecords(docs []Document) Records {
	r := &heldRecords{docs: docs, prior: make([]uint8, len(docs)), columns: map[Facet]*Column{}, days: map[Sort][]uint16{
		Modified: make([]uint16, len(docs)), Issued: make([]uint16, len(docs)),
	}}
	for _, f := range Facets() {
		r.columns[f] = newColumn(f, docs)
	}
	for i := range docs {
		r.prior[i] = min(docs[i].Today.Prior, MaxPrior)
		r.days[Modified][i], r.days[Issued][i] = Day(docs[i].Card.Modified), Day(docs[i].Issued)
	}
	return r
}

func (r *heldRecords) Prior(context.Context) ([]uint8, error)             { return r.prior, nil }
func (r *heldRecords) Column(_ context.Context, f Facet) (*Column, error) { return r.columns[f], nil }
func (r *heldRecords) Days(_ context.Context, s Sort) ([]uint16, error)   { return r.days[s], nil }

func (r *heldRecords) Cards(_ context.Context, ords []uint32) ([]Card, error) {
	out := make([]Card, len(ords))
	for i, ord := range ords {
		out[i] = r.docs[ord].Card
	}
	return out, nil
}
