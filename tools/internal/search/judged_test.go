package search

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/tree"
)

// floors are the least figures of all judged queries together. They are raised when ranking gets better, and a change
// that needs them lowered is a change of the judged queries first.
const (
	floorNDCG = 0.92
	floorMRR  = 0.94
)

// judged is one line of testdata/queries.txt.
type judged struct {
	line     int
	category string
	query    string
	wanted   []wanted
}

type wanted struct {
	key   string
	grade float64 // 3 must be first, 2 must be among the first three, 1 helps too
}

func readJudged(t *testing.T) []judged {
	t.Helper()
	data, err := os.ReadFile("testdata/queries.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []judged
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 3 {
			t.Fatalf("queries.txt:%d: want name | query | records", n)
		}
		j := judged{line: n, category: parts[0], query: parts[1]}
		for word := range strings.FieldsSeq(parts[2]) {
			j.wanted = append(j.wanted, parseWanted(word))
		}
		out = append(out, j)
	}
	return out
}

func parseWanted(word string) wanted {
	w := wanted{grade: 2}
	if id, ok := strings.CutSuffix(word, "*"); ok {
		word, w.grade = id, 3
	} else if id, ok := strings.CutSuffix(word, "~"); ok {
		word, w.grade = id, 1
	}
	if id, ok := strings.CutPrefix(word, "c:"); ok {
		w.key = "catalog:" + id
	} else {
		w.key = "dataset:" + word
	}
	return w
}

// figures of one ranking against a judgement.
type figures struct {
	ndcg, reciprocal float64
	n                int
}

func (f *figures) add(o figures) {
	f.ndcg += o.ndcg
	f.reciprocal += o.reciprocal
	f.n++
}

func (f figures) String() string {
	return fmt.Sprintf("nDCG@10 %.3f, MRR %.3f, %d queries", f.ndcg/float64(f.n), f.reciprocal/float64(f.n), f.n)
}

// measure computes nDCG@10 with gain 2^grade−1 and the reciprocal rank of the first record that is wanted.
func measure(j judged, keys []string) figures {
	gain := func(grade float64, rank int) float64 { return (math.Exp2(grade) - 1) / math.Log2(float64(rank)+2) }
	var f figures
	dcg, ideal := 0.0, 0.0
	for rank, key := range keys[:min(10, len(keys))] {
		i := slices.IndexFunc(j.wanted, func(w wanted) bool { return w.key == key })
		if i < 0 {
			continue
		}
		dcg += gain(j.wanted[i].grade, rank)
		if f.reciprocal == 0 && j.wanted[i].grade > 1 {
			f.reciprocal = 1 / float64(rank+1)
		}
	}
	best := slices.SortedFunc(slices.Values(j.wanted), func(a, b wanted) int { return cmp.Compare(b.grade, a.grade) })
	for rank, w := range best[:min(10, len(best))] {
		ideal += gain(w.grade, rank)
	}
	f.ndcg = dcg / ideal
	return f
}

// The shipped catalogue answers the questions people are expected to ask.
func TestJudgedQueries(t *testing.T) {
	c, _, _, err := tree.Load(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	docs := query.Documents(c)
	known := map[string]bool{}
	for _, d := range docs {
		known[d.Key] = true
	}
	ix := built(t, docs)

	queries := readJudged(t)
	if len(queries) < 60 {
		t.Errorf("%d judged queries, want at least 60", len(queries))
	}
	var all figures
	by := map[string]*figures{}
	var categories []string
	for _, j := range queries {
		for _, w := range j.wanted {
			if !known[w.key] {
				t.Errorf("queries.txt:%d: there is no public record %s", j.line, w.key)
			}
		}
		result, err := ix.Search(t.Context(), query.Request{Query: j.query})
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, h := range result.Hits {
			keys = append(keys, h.Key)
		}
		f := measure(j, keys)
		all.add(f)
		if by[j.category] == nil {
			by[j.category] = &figures{}
			categories = append(categories, j.category)
		}
		by[j.category].add(f)
		for _, w := range j.wanted {
			rank := slices.Index(keys, w.key)
			if j.category != "synonym" && (w.grade == 3 && rank != 0 || w.grade == 2 && (rank < 0 || rank > 2)) {
				t.Errorf("queries.txt:%d: %q gives %q, want %s higher", j.line, j.query, keys[:min(5, len(keys))], w.key)
			}
		}
	}
	for _, category := range categories {
		t.Logf("%-12s %s", category, by[category])
	}
	t.Logf("%-12s %s", "all", all)
	if n := float64(all.n); all.ndcg/n < floorNDCG || all.reciprocal/n < floorMRR {
		t.Errorf("all: %s; the floors are %.2f and %.2f", all, floorNDCG, floorMRR)
	}
}
