package query

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// contract is everything that a port of the scorer and the rewriter must not repeat by hand.
type contract struct {
	Spec          int                `json:"spec"`
	Format        int                `json:"format"`
	Hash          string             `json:"hash,omitempty"`
	Fields        []contractField    `json:"fields"`
	Facets        []Facet            `json:"facets"`
	Sorts         []Sort             `json:"sorts"`
	K1            float64            `json:"k1"`
	Cut           float64            `json:"cut"`
	Ties          float64            `json:"ties"`
	FrequentAt    int                `json:"frequent_at"`
	FrequentShare float64            `json:"frequent_share"`
	PriorStep     float64            `json:"prior_step"`
	Weights       map[string]float64 `json:"weights"`
	Limits        map[string]int     `json:"limits"`
	Questions     []string           `json:"questions"`
	Particles     []string           `json:"particles"`
}

type contractField struct {
	Name  string  `json:"name"`
	Boost float64 `json:"boost"`
}

// folding is what a port needs to fold a text exactly as this program does, whatever Unicode its own platform knows.
type folding struct {
	Unicode     string   `json:"unicode"`
	Han         []uint32 `json:"han"`
	Unassigned  []uint32 `json:"unassigned"`
	Traditional []uint32 `json:"traditional"` // what has a simplified form: the first code point, then the gaps
	Simplified  string   `json:"simplified"`  // the forms, in the same order
}

// Contract is the table of constants as JSON, for programs that are compiled against it.
func Contract() []byte {
	c := newContract()
	c.Hash = Hash()
	return marshal(c)
}

// Folding is the tables of the analyzer as JSON.
func Folding() []byte { return marshal(newFolding()) }

// Hash names the contract: 16 hex digits over constants and tables. An index made under another one is not read.
var Hash = sync.OnceValue(func() string {
	h := sha256.New()
	h.Write(marshal(newContract()))
	h.Write(marshal(newFolding()))
	return hex.EncodeToString(h.Sum(nil))[:16]
})

func newContract() contract {
	c := contract{
		Spec: Version, Format: FileFormat, Facets: Facets(), Sorts: []Sort{Relevance, Modified, Issued},
		K1: k1, Cut: cutShare, Ties: ties, FrequentAt: frequentAt, FrequentShare: frequentShare, PriorStep: priorStep,
		Weights: map[string]float64{
			"synonym": weightSynonym, "pinyin": weightPinyin, "initials": weightInitials, "beginning": weightBeginning,
			"prefix": weightPrefix, "typo": weightTypo,
		},
		Limits: map[string]int{
			"query": MaxQuery, "slots": MaxSlots, "terms": MaxTerms, "readings": MaxReadings, "homophones": maxHomophones,
			"expansions": maxExpansions, "letters": maxLetters, "size": MaxPageSize, "default_size": DefaultSize, "window": MaxWindow,
			"suggest": MaxSuggestions, "facet_many": manyValues, "facet_values": maxFacetValues,
			"file": MaxFile, "column": MaxColumn, "documents": MaxDocuments,
		},
		Questions: questionPhrases, Particles: particles,
	}
	for _, f := range fields {
		c.Fields = append(c.Fields, contractField{f.name, f.boost})
	}
	return c
}

func newFolding() folding {
	f := folding{Unicode: unicode.Version, Han: ranges(unicode.Han), Unassigned: ranges(unicode.Cn)}
	table := simplified()
	var to strings.Builder
	before := rune(0)
	for _, from := range slices.Sorted(maps.Keys(table)) {
		f.Traditional = append(f.Traditional, uint32(from-before))
		to.WriteRune(table[from])
		before = from
	}
	f.Simplified = to.String()
	return f
}

// ranges writes a table as gaps and lengths: 3, 2, 5, 1 holds 3, 4 and 10.
func ranges(t *unicode.RangeTable) []uint32 {
	var points [][2]uint32
	add := func(lo, hi, stride uint32) {
		if stride == 1 {
			points = append(points, [2]uint32{lo, hi + 1})
			return
		}
		for r := lo; r <= hi; r += stride {
			points = append(points, [2]uint32{r, r + 1})
		}
	}
	for _, r := range t.R16 {
		add(uint32(r.Lo), uint32(r.Hi), uint32(r.Stride))
	}
	for _, r := range t.R32 {
		add(r.Lo, r.Hi, r.Stride)
	}
	slices.SortFunc(points, func(a, b [2]uint32) int { return int(a[0]) - int(b[0]) })
	var out []uint32
	end, begin := uint32(0), uint32(0)
	for _, p := range points {
		if len(out) > 0 && p[0] == end { // touching ranges are one
			out[len(out)-1] = p[1] - begin
		} else {
			out = append(out, p[0]-end, p[1]-p[0])
			begin = p[0]
		}
		end = p[1]
	}
	return out
}

// marshal writes what cannot fail: numbers and strings.
func marshal(v any) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("query: %v", err))
	}
	return []byte(b.String())
}
