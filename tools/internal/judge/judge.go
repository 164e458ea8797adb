// Package judge measures how good a ranking is: it reads queries whose answers people have graded, counts what an
// engine finds for them, and holds the figures against those that were accepted before. It knows nothing of the engine.
//
// The queries are a text file, one a line, so that whoever knows the records can change a grade without a program:
//
//	category | query | 3 bus-stops; 1 bus-ridership c:street-trees
//
// A grade without a key, a key graded twice and a query asked twice are refused: each is a slip that would shift a
// figure unseen.
//
//	queries, err := judge.Parse(file)
//	report, err := judge.Measure(queries, func(q string) ([]string, error) { return engine.Find(q) })
//	problems := judge.Compare(accepted, report)
package judge

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// Grades: what a record is worth to whoever asked.
const (
	Unwanted = iota
	Helpful  // better than nothing
	Good     // answers a good part of it
	Wanted   // just what was asked for
)

// Depth is how many results count.
const Depth = 10

// Query is a judged query.
type Query struct {
	Line     int // in the file it comes from
	Category string
	Text     string
	Grades   map[string]int // by key; what is not there has not been judged
	Complete bool           // or is not wanted
}

// Parse reads judged queries. Keys are dataset:<id>, or catalog:<id> where the file says c:<id>.
func Parse(r io.Reader) ([]Query, error) {
	var out []Query
	asked := map[string]int{}
	n := 0
	for in := bufio.NewScanner(r); ; {
		if !in.Scan() {
			return out, in.Err()
		}
		n++
		line := strings.TrimSpace(in.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 3 {
			return nil, fmt.Errorf("line %d: want category | query | grades", n)
		}
		q := Query{Line: n, Category: parts[0], Text: parts[1], Grades: map[string]int{}}
		if first := asked[q.Text]; first > 0 {
			return nil, fmt.Errorf("line %d: %q is asked on line %d already", n, q.Text, first)
		}
		asked[q.Text] = n
		if err := q.parseGrades(parts[2]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, q)
	}
}

func (q *Query) parseGrades(s string) error {
	for group := range strings.SplitSeq(s, ";") {
		words := strings.Fields(group)
		if len(words) < 2 || len(words[0]) != 1 || words[0] < "0" || words[0] > "3" {
			return fmt.Errorf("%q is not a grade from 0 to 3 and the records that have it", strings.TrimSpace(group))
		}
		for _, id := range words[1:] {
			key := "dataset:" + id
			if id, ok := strings.CutPrefix(id, "c:"); ok {
				key = "catalog:" + id
			}
			if _, twice := q.Grades[key]; twice {
				return fmt.Errorf("%s has two grades", id)
			}
			q.Grades[key] = int(words[0][0] - '0')
		}
	}
	return nil
}

// Figures of the queries of one category.
type Figures struct {
	Category string  `json:"category"`
	Queries  int     `json:"queries"`
	NDCG     float64 `json:"ndcg"`     // at 10, of the queries that have a wanted record
	MRR      float64 `json:"mrr"`      // reciprocal rank of the first good record
	Zero     float64 `json:"zero"`     // share of queries with a wanted record that find nothing at all
	Unjudged float64 `json:"unjudged"` // share of the first ten results that nobody has judged
}

// All is the category of all queries together.
const All = "all"

// Report has the figures of each category by name, then those of all.
type Report []Figures

// All are the figures of all queries together.
func (r Report) All() Figures {
	if len(r) == 0 {
		return Figures{Category: All}
	}
	return r[len(r)-1]
}

// Measure asks every query. The answer is the keys of the best results in order, ten or more where there are as many.
func Measure(queries []Query, ask func(query string) ([]string, error)) (Report, error) {
	by := map[string]*sum{}
	all := &sum{}
	for _, q := range queries {
		keys, err := ask(q.Text)
		if err != nil {
			return nil, fmt.Errorf("ask %q: %w", q.Text, err)
		}
		if by[q.Category] == nil {
			by[q.Category] = &sum{}
		}
		by[q.Category].add(q, keys)
		all.add(q, keys)
	}
	var r Report
	for _, category := range slices.Sorted(maps.Keys(by)) {
		r = append(r, by[category].figures(category))
	}
	return append(r, all.figures(All)), nil
}

// sum adds up queries on their way to an average.
type sum struct {
	queries, answerable     int
	ndcg, reciprocal        float64
	nothing, shown, unknown int
}

func (s *sum) add(q Query, keys []string) {
	s.queries++
	top := keys[:min(Depth, len(keys))]
	s.shown += len(top)
	for _, key := range top {
		if _, judged := q.Grades[key]; !judged && !q.Complete {
			s.unknown++
		}
	}
	ideal := q.ideal()
	if ideal == 0 {
		return
	}
	s.answerable++
	s.ndcg += q.gained(top) / ideal
	s.reciprocal += q.reciprocal(keys)
	if len(keys) == 0 {
		s.nothing++
	}
}

func (s *sum) figures(category string) Figures {
	return Figures{
		Category: category, Queries: s.queries,
		NDCG: share(s.ndcg, s.answerable), MRR: share(s.reciprocal, s.answerable), Zero: share(float64(s.nothing), s.answerable),
		Unjudged: share(float64(s.unknown), s.shown),
	}
}

func share(part float64, whole int) float64 { return part / float64(max(whole, 1)) }

// gain of a grade at a rank from 0: what stands lower is seen by fewer.
func gain(grade, rank int) float64 {
	return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(rank)+2)
}

func (q Query) gained(top []string) float64 {
	total := 0.0
	for rank, key := range top {
		total += gain(q.Grades[key], rank)
	}
	return total
}

// ideal is what the best possible order gains.
func (q Query) ideal() float64 {
	grades := slices.SortedFunc(maps.Values(q.Grades), func(a, b int) int { return cmp.Compare(b, a) })
	total := 0.0
	for rank, grade := range grades[:min(Depth, len(grades))] {
		total += gain(grade, rank)
	}
	return total
}

func (q Query) reciprocal(keys []string) float64 {
	best := Good
	if !slices.Contains(slices.Collect(maps.Values(q.Grades)), Wanted) {
		best = Helpful
	}
	for rank, key := range keys {
		if q.Grades[key] >= best {
			return 1 / float64(rank+1)
		}
	}
	return 0
}

// Gate: how much worse a figure may get before a change has to be accepted by hand.
const (
	gateAll      = 0.01
	gateCategory = 0.03
)

// Compare says what is worse than accepted, and what cannot be compared because the queries are others.
func Compare(accepted, now Report) []string {
	var problems []string
	for _, was := range accepted {
		if !slices.ContainsFunc(now, func(f Figures) bool { return f.Category == was.Category }) {
			problems = append(problems, was.Category+": no query of this category is left")
		}
	}
	for _, is := range now {
		i := slices.IndexFunc(accepted, func(f Figures) bool { return f.Category == is.Category })
		if i < 0 || accepted[i].Queries != is.Queries {
			problems = append(problems, is.Category+": the accepted figures are those of other queries")
			continue
		}
		allowed := gateCategory
		if is.Category == All {
			allowed = gateAll
		}
		for _, f := range []struct {
			name    string
			was, is float64
			worse   float64
		}{
			{"nDCG@10", accepted[i].NDCG, is.NDCG, accepted[i].NDCG - is.NDCG},
			{"MRR", accepted[i].MRR, is.MRR, accepted[i].MRR - is.MRR},
			{"share that finds nothing", accepted[i].Zero, is.Zero, is.Zero - accepted[i].Zero},
		} {
			if f.worse >= allowed-1e-9 {
				problems = append(problems, fmt.Sprintf("%s: %s was %.4f and is %.4f", is.Category, f.name, f.was, f.is))
			}
		}
	}
	return problems
}

// String is the table of figures, as it stands in a file of accepted ones.
func (r Report) String() string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "# %-12s %7s %7s %7s %7s %8s\n", "category", "queries", "nDCG@10", "MRR", "nothing", "unjudged")
	for _, f := range r {
		fmt.Fprintf(b, "%-14s %7d %7.4f %7.4f %7.4f %8.4f\n", f.Category, f.Queries, f.NDCG, f.MRR, f.Zero, f.Unjudged)
	}
	return b.String()
}

// ParseReport reads accepted figures.
func ParseReport(r io.Reader) (Report, error) {
	var out Report
	n := 0
	for in := bufio.NewScanner(r); ; {
		if !in.Scan() {
			return out, in.Err()
		}
		n++
		line := strings.TrimSpace(in.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var f Figures
		if _, err := fmt.Sscan(line, &f.Category, &f.Queries, &f.NDCG, &f.MRR, &f.Zero, &f.Unjudged); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, f)
	}
}
