package profile

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// one profiles a single column.
func one(kind Kind, values ...string) Column {
	p := New([]Field{{Name: "a", Kind: kind}})
	for _, v := range values {
		p.Add([]string{v}, nil)
	}
	return p.Table().Columns[0]
}

func TestColumn(t *testing.T) {
	tests := []struct {
		name   string
		kind   Kind
		values []string
		want   string
	}{
		{"nothing", Text, nil, `{"name":"a","kind":"text","nulls":0,"valid":1,"distinct":0}`},
		{"only nulls", Number, []string{"", ""}, `{"name":"a","kind":"number","nulls":2,"valid":1,"distinct":0}`},
		{"text with repeats", Text, []string{"b", "a", "b", ""}, `{"name":"a","kind":"text","nulls":1,"valid":1,"distinct":2,"example":"b","top":[{"value":"b","count":2}]}`},
		{"unique text has no top values", Text, []string{"b", "a"}, `{"name":"a","kind":"text","nulls":0,"valid":1,"distinct":2,"example":"b"}`},
		{"one number", Number, []string{"5", "5"}, `{"name":"a","kind":"number","nulls":0,"valid":1,"distinct":1,"example":"5","min":"5","max":"5","mean":"5","top":[{"value":"5","count":2}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(one(tt.kind, tt.values...))
			if err != nil || string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestHistogramCountsEveryNumber(t *testing.T) {
	var values []string
	for i := range 101 {
		values = append(values, strconv.Itoa(i))
	}
	c := one(Number, values...)
	if c.Min != "0" || c.Max != "100" || c.Mean != "50" || len(c.Histogram) != Bins {
		t.Fatalf("%+v", c)
	}
	for i, b := range c.Histogram {
		want := 10
		if i == Bins-1 {
			want = 11 // the last bin includes the maximum
		}
		if b.Count != want || b.From != strconv.Itoa(i*10) || b.To != strconv.Itoa(i*10+10) {
			t.Errorf("bin %d is %+v", i, b)
		}
	}
}

func TestHistogramOfDates(t *testing.T) {
	c := one(Date, "2020-01-01", "2020-01-11T08:00:00", "2020-01-11")
	if c.Min != "2020-01-01" || c.Max != "2020-01-11" || c.Mean != "" || c.Histogram[1].From != "2020-01-02" || c.Histogram[9].Count != 2 {
		t.Errorf("%+v", c)
	}
}

func TestInvalidCellsLowerTheValidShare(t *testing.T) {
	p := New([]Field{{Name: "a", Kind: Number}})
	for i, v := range []string{"1", "x", "3", "4"} {
		p.Add([]string{v}, []bool{i == 1})
	}
	c := p.Table().Columns[0]
	if c.Valid != 0.75 || c.Max != "4" || c.Min != "1" {
		t.Errorf("%+v", c)
	}
}

func TestAboveTheLimitFiguresAreEstimates(t *testing.T) {
	const n = 60_000
	p := New([]Field{{Name: "id", Kind: Number}, {Name: "word", Kind: Text}, {Name: "half", Kind: Text}})
	for i := range n {
		word := "often"
		if i%2 == 1 {
			word = fmt.Sprintf("w%d", i)
		}
		p.Add([]string{strconv.Itoa(i), word, strconv.Itoa(i / 2)}, nil)
	}
	table := p.Table()
	id, word, half := table.Columns[0], table.Columns[1], table.Columns[2]
	if id.Distinct != n || !id.Approximate {
		t.Errorf("a unique column is counted exactly: %d", id.Distinct)
	}
	if !slices.Equal(table.Keys, []string{"id"}) {
		t.Errorf("keys %q, want id", table.Keys)
	}
	for name, c := range map[string]struct{ got, want int }{"word": {word.Distinct, n/2 + 1}, "half": {half.Distinct, n / 2}} {
		if diff := math.Abs(float64(c.got-c.want)) / float64(c.want); diff > 0.1 {
			t.Errorf("%s: distinct ≈ %d, want %d", name, c.got, c.want)
		}
	}
	if len(word.Top) != 1 || word.Top[0].Value != "often" || word.Top[0].Count > n/2 || word.Top[0].Count < n/2-n/ExactDistinct {
		t.Errorf("top %v, want often about %d times", word.Top, n/2)
	}
	sum := 0
	for _, b := range id.Histogram {
		sum += b.Count
		if math.Abs(float64(b.Count-n/Bins)) > n/Bins/50 {
			t.Errorf("bin %+v, want about %d", b, n/Bins)
		}
	}
	if sum != n {
		t.Errorf("histogram holds %d of %d", sum, n)
	}
}

func TestTheSameRowsGiveTheSameProfile(t *testing.T) {
	run := func() string {
		p := New([]Field{{Name: "a", Kind: Number}, {Name: "b", Kind: Text}})
		for i := range 30_000 {
			p.Add([]string{strconv.Itoa(i * i % 20011), fmt.Sprintf("v%d", i%12000)}, nil)
		}
		b, err := json.Marshal(p.Table())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if first, second := run(), run(); first != second {
		t.Errorf("two runs differ:\n%s\n%s", first, second)
	}
}

func TestSuppressedColumnsShowNoValue(t *testing.T) {
	p := New([]Field{{Name: "a", Kind: Text}, {Name: "b", Kind: Number}})
	p.Add([]string{"secret", "1"}, nil)
	p.Add([]string{"secret", "2"}, nil)
	table := p.Table()
	table.SuppressColumn(0)
	b, err := json.Marshal(table)
	if err != nil || strings.Contains(string(b), "secret") {
		t.Errorf("%s", b)
	}
	if c := table.Columns[0]; !c.Suppressed || c.Distinct != 1 {
		t.Errorf("%+v", c)
	}
}

func TestLongValuesAreShortenedButDistinct(t *testing.T) {
	long := strings.Repeat("长", 200)
	c := one(Text, long+"a", long+"b", long+"b")
	if c.Distinct != 2 || len(c.Top) != 1 || c.Top[0].Value != strings.Repeat("长", longValue)+"…" {
		t.Errorf("%+v", c)
	}
}

func TestHistogramSurvivesExtremes(t *testing.T) {
	for _, values := range [][]string{{"1e308", "-1e308", "5"}, {"0", "1e-320", "1e308"}, {"1", "1.0000000000000002", "1e300"}} {
		one(Number, values...) // must not hang or panic
	}
}
