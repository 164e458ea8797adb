package query

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Facet is a property by which results are counted and filtered.
type Facet string

// Facets in the order in which they are shown. The names are the parameters of /api/search and of /search/.
const (
	FacetDomain    Facet = "domain"
	FacetOrg       Facet = "org"
	FacetOpenType  Facet = "open_type"
	FacetFormat    Facet = "format"
	FacetFrequency Facet = "frequency"
	FacetRegion    Facet = "region"
	FacetLicence   Facet = "licence"
	FacetState     Facet = "state" // whether it is kept as often as promised; depends on the day
)

// Facets lists all facets in order.
func Facets() []Facet {
	return []Facet{FacetDomain, FacetOrg, FacetOpenType, FacetFormat, FacetFrequency, FacetRegion, FacetLicence, FacetState}
}

// FacetTerms are the values of one document. Format and Region may have several.
type FacetTerms struct {
	Domain    []Term `json:"domain,omitempty"`
	Org       []Term `json:"org,omitempty"`
	OpenType  []Term `json:"open_type,omitempty"`
	Format    []Term `json:"format,omitempty"`
	Frequency []Term `json:"frequency,omitempty"`
	Region    []Term `json:"region,omitempty"`
	Licence   []Term `json:"licence,omitempty"`
}

// Of returns the values of one facet.
func (t *FacetTerms) Of(f Facet) []Term {
	switch f {
	case FacetDomain:
		return t.Domain
	case FacetOrg:
		return t.Org
	case FacetOpenType:
		return t.OpenType
	case FacetFormat:
		return t.Format
	case FacetFrequency:
		return t.Frequency
	case FacetRegion:
		return t.Region
	case FacetLicence:
		return t.Licence
	}
	return nil
}

// Count is a value of a facet with how many results have it.
type Count struct {
	Term
	N        int  `json:"n"`
	Selected bool `json:"selected,omitempty"`
}

// FacetCounts are the values of one facet among the results, most frequent first; of very many only the first.
type FacetCounts struct {
	Facet  Facet
	Values []Count
}

// FacetList holds all facets in order. For programs it is an object: {"domain": [{"code": …, "n": 3}, …], …}.
type FacetList []FacetCounts

// MarshalJSON writes the object.
func (l FacetList) MarshalJSON() ([]byte, error) {
	values := make(map[Facet][]Count, len(l))
	for _, f := range l {
		values[f.Facet] = f.Values
	}
	return json.Marshal(values)
}

// Column holds the values of one facet for all documents. Few combinations of values occur, so each document names one.
type Column struct {
	Values []Term     // in the order in which documents have them
	Sets   [][]uint32 // combinations, by number of value
	Of     []uint32   // number of the set, by ordinal
}

func newColumn(f Facet, docs []Document) *Column {
	c := &Column{Of: make([]uint32, len(docs))}
	values, sets := map[string]uint32{}, map[string]uint32{}
	for i := range docs {
		var set []uint32
		for _, t := range docs[i].terms(f) {
			n, ok := values[t.Code]
			if !ok {
				n = uint32(len(c.Values))
				values[t.Code] = n
				c.Values = append(c.Values, t)
			}
			if !slices.Contains(set, n) {
				set = append(set, n)
			}
		}
		name := fmt.Sprint(set)
		n, ok := sets[name]
		if !ok {
			n = uint32(len(c.Sets))
			sets[name] = n
			c.Sets = append(c.Sets, set)
		}
		c.Of[i] = n
	}
	return c
}

// selection is a filter on one facet, resolved to sets. A value nobody has selects nothing.
type selection struct {
	facet    Facet
	column   *Column
	selected []bool // by value; nil: no filter on this facet
	accepted []bool // by set
}

func newSelection(f Facet, c *Column, values []string) selection {
	s := selection{facet: f, column: c}
	if len(values) == 0 {
		return s
	}
	s.selected, s.accepted = make([]bool, len(c.Values)), make([]bool, len(c.Sets))
	for i, v := range c.Values {
		s.selected[i] = slices.Contains(values, v.Code)
	}
	for i, set := range c.Sets {
		s.accepted[i] = slices.ContainsFunc(set, func(v uint32) bool { return s.selected[v] })
	}
	return s
}

func (s selection) accepts(d uint32) bool { return s.accepted == nil || s.accepted[s.column.Of[d]] }

// filter keeps the documents that every selection accepts. A facet's own selection does not count in its own figures,
// so that people see what choosing another value would give.
func filter(hits []scored, selections []selection) (kept []scored, counts FacetList) {
	tallies := make([][]int, len(selections)) // by set
	for i, s := range selections {
		tallies[i] = make([]int, len(s.column.Sets))
	}
	kept = make([]scored, 0, len(hits))
	for _, h := range hits {
		refusals, by := 0, 0
		for i, s := range selections {
			if !s.accepts(h.ord) {
				refusals++
				by = i
			}
		}
		switch refusals {
		case 0:
			kept = append(kept, h)
			for i, s := range selections {
				tallies[i][s.column.Of[h.ord]]++
			}
		case 1:
			tallies[by][selections[by].column.Of[h.ord]]++
		}
	}
	for i, s := range selections {
		counts = append(counts, s.count(tallies[i]))
	}
	return kept, counts
}

// count lists the values that occur or are selected, by number, then code.
func (s selection) count(sets []int) FacetCounts {
	tally := make([]int, len(s.column.Values))
	for set, n := range sets {
		for _, v := range s.column.Sets[set] {
			tally[v] += n
		}
	}
	out := FacetCounts{Facet: s.facet, Values: []Count{}}
	for v, n := range tally {
		selected := s.selected != nil && s.selected[v]
		if n > 0 || selected {
			out.Values = append(out.Values, Count{Term: s.column.Values[v], N: n, Selected: selected})
		}
	}
	slices.SortFunc(out.Values, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code))
	})
	if len(out.Values) > manyValues {
		shown := out.Values[:0:0]
		for i, v := range out.Values {
			if i < maxFacetValues || v.Selected {
				shown = append(shown, v)
			}
		}
		out.Values = shown
	}
	return out
}
