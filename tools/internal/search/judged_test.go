package search

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"opendata.example/odc/tools/internal/judge"
	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/tree"
)

var update = flag.Bool("update", false, "accept the figures of the judged queries")

// How many queries there are at least, and of each kind: a set that shrinks proves less.
const leastJudged = 150

var leastOf = map[string]int{"exact": 40, "org": 20, "synonym": 20, "pinyin": 10, "initials": 10, "typo": 20, "traditional": 10, "column": 10, "english": 10}

// judgedIn reads one file of judged queries.
func judgedIn(t *testing.T, name string) []judge.Query {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	queries, err := judge.Parse(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return queries
}

// shippedIndex is the index of the records of this repository.
func shippedIndex(t *testing.T) (*Index, map[string]bool) {
	t.Helper()
	c, _, _, err := tree.Load(os.DirFS("../../.."))
	if err != nil {
		t.Fatal(err)
	}
	docs := query.Documents(c)
	keys := map[string]bool{}
	for _, d := range docs {
		keys[d.Key] = true
	}
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(t.Context(), dir, docs); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix, keys
}

func (ix *Index) keysFor(t *testing.T) func(string) ([]string, error) {
	return func(q string) ([]string, error) {
		result, err := ix.Search(t.Context(), query.Request{Query: q})
		if err != nil {
			return nil, err
		}
		var keys []string
		for _, h := range result.Hits {
			keys = append(keys, h.Key)
		}
		return keys, nil
	}
}

// TestJudgedQueries holds the ranking of the shipped catalogue: figures may not fall below the accepted ones.
func TestJudgedQueries(t *testing.T) {
	ix, _ := shippedIndex(t)
	for _, name := range []string{"tuning", "reporting"} {
		t.Run(name, func(t *testing.T) {
			report, err := judge.Measure(judgedIn(t, "testdata/judged/"+name+".txt"), ix.keysFor(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("\n%s", report)
			file := "testdata/judged/" + name + ".baseline.txt"
			if *update {
				if err := os.WriteFile(file, []byte(report.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			accepted, err := judge.ParseReport(f)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, problem := range judge.Compare(accepted, report) {
				t.Errorf("%s; if that is meant, accept with: go test ./tools/internal/search -run Judged -update", problem)
			}
		})
	}
}

// TestExactTitlesStandFirst: whoever types a title sees that record first, whatever an average says.
func TestExactTitlesStandFirst(t *testing.T) {
	ix, _ := shippedIndex(t)
	ask := ix.keysFor(t)
	for _, name := range []string{"tuning", "reporting"} {
		for _, q := range judgedIn(t, "testdata/judged/"+name+".txt") {
			if q.Category != "exact" {
				continue
			}
			keys, err := ask(q.Text)
			if err != nil {
				t.Fatal(err)
			}
			if len(keys) == 0 || q.Grades[keys[0]] != judge.Wanted {
				t.Errorf("%s.txt:%d: %q gives %q first", name, q.Line, q.Text, keys[:min(1, len(keys))])
			}
		}
	}
}

// TestJudgementsName records that exist, in numbers that mean something, and keep the two files apart.
func TestJudgementsName(t *testing.T) {
	_, known := shippedIndex(t)
	asked, of, held := map[string]string{}, map[string]int{}, 0
	for _, name := range []string{"tuning", "reporting"} {
		for _, q := range judgedIn(t, "testdata/judged/"+name+".txt") {
			if other := asked[q.Text]; other != "" {
				t.Errorf("%s.txt:%d: %q is asked in %s.txt too", name, q.Line, q.Text, other)
			}
			asked[q.Text] = name
			of[q.Category]++
			if name == "reporting" {
				held++
			}
			wanted := false
			for key, grade := range q.Grades {
				wanted = wanted || grade == judge.Wanted
				if !known[key] {
					t.Errorf("%s.txt:%d: there is no public record %s", name, q.Line, key)
				}
			}
			if !wanted {
				t.Errorf("%s.txt:%d: %q wants no record; grade 3 is what was asked for", name, q.Line, q.Text)
			}
		}
	}
	if len(asked) < leastJudged {
		t.Errorf("%d judged queries, want at least %d", len(asked), leastJudged)
	}
	if held*3 < len(asked)-2 {
		t.Errorf("%d of %d queries are held back, want a third", held, len(asked))
	}
	for category, least := range leastOf {
		if of[category] < least {
			t.Errorf("%d queries of category %s, want at least %d", of[category], category, least)
		}
	}
}
