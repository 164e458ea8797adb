package query

import (
	"cmp"
	"encoding/json"
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
)

// Facets lists all facets in order.
func Facets() []Facet {
	return []Facet{FacetDomain, FacetOrg, FacetOpenType, FacetFormat, FacetFrequency, FacetRegion, FacetLicence}
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

// facetColumn holds the values of one facet for all documents: those of document d are codes[start[d]:start[d+1]].
type facetColumn struct {
	facet  Facet
	values []Term // by code
	index  map[string]uint32
	codes  []uint32
	start  []uint32
}

func newFacetColumn(f Facet, docs []Document) *facetColumn {
	c := &facetColumn{facet: f, index: map[string]uint32{}, start: make([]uint32, 1, len(docs)+1)}
	for i := range docs {
		for _, t := range docs[i].Facets.Of(f) {
			n, ok := c.index[t.Code]
			if !ok {
				n = uint32(len(c.values))
				c.index[t.Code] = n
				c.values = append(c.values, t)
			}
			c.codes = append(c.codes, n)
		}
		c.start = append(c.start, uint32(len(c.codes)))
	}
	return c
}

func (c *facetColumn) of(d uint32) []uint32 { return c.codes[c.start[d]:c.start[d+1]] }

// selection is a filter on one facet, resolved to codes. A value nobody has selects nothing.
type selection struct {
	column *facetColumn
	wanted []bool // by code; nil: no filter on this facet
}

func (s selection) accepts(d uint32) bool {
	if s.wanted == nil {
		return true
	}
	return slices.ContainsFunc(s.column.of(d), func(code uint32) bool { return s.wanted[code] })
}

func (c *facetColumn) selection(values []string) selection {
	s := selection{column: c}
	if len(values) == 0 {
		return s
	}
	s.wanted = make([]bool, len(c.values))
	for _, v := range values {
		if code, ok := c.index[v]; ok {
			s.wanted[code] = true
		}
	}
	return s
}

// filter keeps the documents that every selection accepts. A facet's own selection does not count in its own figures,
// so that people see what choosing another value would give.
func filter(hits []scored, selections []selection) (kept []scored, counts FacetList) {
	tallies := make([][]int, len(selections))
	for i, s := range selections {
		tallies[i] = make([]int, len(s.column.values))
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
		for i, s := range selections {
			if refusals == 0 || refusals == 1 && by == i {
				for _, code := range s.column.of(h.ord) {
					tallies[i][code]++
				}
			}
		}
		if refusals == 0 {
			kept = append(kept, h)
		}
	}
	for i, s := range selections {
		counts = append(counts, s.count(tallies[i]))
	}
	return kept, counts
}

// count lists the values that occur or are selected, by number, then code.
func (s selection) count(tally []int) FacetCounts {
	out := FacetCounts{Facet: s.column.facet, Values: []Count{}}
	for code, n := range tally {
		selected := s.wanted != nil && s.wanted[code]
		if n > 0 || selected {
			out.Values = append(out.Values, Count{Term: s.column.values[code], N: n, Selected: selected})
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
