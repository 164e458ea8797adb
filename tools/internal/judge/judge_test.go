package judge

import (
	"errors"
	"math"
	"strings"
	"testing"
)

const set = `# a comment

exact | 公交站 | 3 bus-stops; 1 c:street-trees parks
exact | 公厕   | 2 toilets
other | 无此物 | 0 parks
`

func parse(t *testing.T, text string) []Query {
	t.Helper()
	queries, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return queries
}

func TestParse(t *testing.T) {
	queries := parse(t, set)
	if len(queries) != 3 {
		t.Fatalf("%d queries", len(queries))
	}
	q := queries[0]
	if q.Line != 3 || q.Category != "exact" || q.Text != "公交站" || len(q.Grades) != 3 {
		t.Errorf("%+v", q)
	}
	for key, grade := range map[string]int{"dataset:bus-stops": 3, "catalog:street-trees": 1, "dataset:parks": 1} {
		if got, judged := q.Grades[key]; !judged || got != grade {
			t.Errorf("%s: %d, want %d", key, got, grade)
		}
	}
	if _, judged := q.Grades["dataset:street-trees"]; judged {
		t.Error("a catalogue entry was judged as an entry of the open list")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, line, want string }{
		{"two parts", "exact | 公交站", "want category"},
		{"four parts", "exact | 公交站 | 3 a | 1 b", "want category"},
		{"no record", "exact | 公交站 | 3", "is not a grade"},
		{"no grade", "exact | 公交站 | bus-stops", "is not a grade"},
		{"a grade beyond", "exact | 公交站 | 4 bus-stops", "is not a grade"},
		{"an end too many", "exact | 公交站 | 3 bus-stops;", "is not a grade"},
		{"two grades", "exact | 公交站 | 3 a; 1 a", "two grades"},
		{"asked twice", "exact | 公厕 | 3 a\nother | 公厕 | 2 a", "line 2: \"公厕\" is asked on line 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Parse(strings.NewReader(tt.line)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestMeasureByHand(t *testing.T) {
	r, err := Measure(parse(t, set), func(q string) ([]string, error) {
		if q == "公交站" {
			return []string{"dataset:unknown", "dataset:bus-stops", "dataset:parks"}, nil
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r) != 3 || r[0].Category != "exact" || r[1].Category != "other" || r.All().Category != All {
		t.Fatalf("%+v", r)
	}
	// Gains are 7, 1 and 0; discounts 1, log2(3) and 2: (7/log2 3 + 1/2) / (7 + 1/log2 3 + 1/2).
	ndcg := (7/math.Log2(3) + 0.5) / (7 + 1/math.Log2(3) + 0.5)
	near(t, "nDCG", r[0].NDCG, ndcg/2)
	near(t, "MRR", r[0].MRR, 0.25)
	near(t, "zero", r[0].Zero, 0.5)
	near(t, "unjudged", r[0].Unjudged, 1.0/3)
	// Nothing is wanted of the third query, so finding nothing is right and counts nowhere.
	near(t, "zero of a query without an answer", r[1].Zero, 0)
	near(t, "nDCG of all", r.All().NDCG, ndcg/2)
	if r.All().Queries != 3 {
		t.Errorf("%d queries in all", r.All().Queries)
	}
}

// Ten results count; what stands behind them helps the reciprocal rank only.
func TestMeasureStopsAtTen(t *testing.T) {
	long := strings.Fields("a b c d e f g h i j dataset:bus-stops")
	r, err := Measure(parse(t, "x | 公交站 | 3 bus-stops"), func(string) ([]string, error) { return long, nil })
	if err != nil {
		t.Fatal(err)
	}
	near(t, "nDCG", r.All().NDCG, 0)
	near(t, "MRR", r.All().MRR, 1.0/11)
	near(t, "unjudged", r.All().Unjudged, 1)
}

// Where every record has been graded, what is not named is known to be unwanted.
func TestMeasureComplete(t *testing.T) {
	queries := parse(t, "x | 公交站 | 3 bus-stops")
	queries[0].Complete = true
	r, err := Measure(queries, func(string) ([]string, error) { return []string{"dataset:parks"}, nil })
	if err != nil {
		t.Fatal(err)
	}
	near(t, "unjudged", r.All().Unjudged, 0)
	near(t, "nDCG", r.All().NDCG, 0)
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestMeasureGivesUpWithTheEngine(t *testing.T) {
	broken := errors.New("broken")
	if _, err := Measure(parse(t, set), func(string) ([]string, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestCompare(t *testing.T) {
	accepted := Report{{Category: "exact", Queries: 10, NDCG: 0.9, MRR: 0.9, Zero: 0.1}, {Category: All, Queries: 10, NDCG: 0.9, MRR: 0.9, Zero: 0.1}}
	for _, tt := range []struct {
		name string
		edit func(exact, all *Figures)
		want string
	}{
		{"nothing changed", func(_, _ *Figures) {}, ""},
		{"better", func(exact, all *Figures) { exact.NDCG, all.NDCG, exact.Zero = 1, 1, 0 }, ""},
		{"a little worse", func(exact, all *Figures) { exact.NDCG, all.NDCG = 0.8701, 0.8901 }, ""},
		{"a category worse", func(exact, _ *Figures) { exact.NDCG = 0.87 }, "exact: nDCG@10 was 0.9000 and is 0.8700"},
		{"all worse", func(_, all *Figures) { all.MRR = 0.89 }, "all: MRR was"},
		{"finds nothing more often", func(exact, _ *Figures) { exact.Zero = 0.2 }, "exact: share that finds nothing"},
		{"other queries", func(exact, _ *Figures) { exact.Queries = 11 }, "exact: the accepted figures are those of other queries"},
		{"a category renamed", func(exact, _ *Figures) { exact.Category = "same" }, "exact: no query of this category is left"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := Report{accepted[0], accepted[1]}
			tt.edit(&now[0], &now[1])
			problems := strings.Join(Compare(accepted, now), "\n")
			if (tt.want == "") != (problems == "") || !strings.Contains(problems, tt.want) {
				t.Errorf("got %q, want %q", problems, tt.want)
			}
		})
	}
}

func TestReportIsReadAsWritten(t *testing.T) {
	want := Report{{"exact", 40, 0.9876, 1, 0, 0.125}, {All, 40, 0.9876, 1, 0, 0.125}}
	got, err := ParseReport(strings.NewReader(want.String()))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := ParseReport(strings.NewReader("exact 40 high")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("got %v", err)
	}
}
