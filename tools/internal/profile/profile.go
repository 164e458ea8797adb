// Package profile describes a table by its columns: how many values are missing, distinct and valid, which are
// frequent, how numbers and days are spread, and which columns could be a key. It also keeps the first rows.
//
// It sees each row once and keeps bounded state, never the table. Figures are exact up to [ExactDistinct] distinct
// values of a column and marked approximate above. A column that may hold personal data is reduced to counts by
// [Column.Suppress]: none of its values leaves the machine. It reads no file and judges no value.
//
//	p := profile.New([]profile.Field{{Name: "name", Kind: profile.Text}, {Name: "lines", Kind: profile.Number}})
//	p.Add([]string{"中山公园站", "3"}, nil)
//	t := p.Table() // t.Columns[1].Mean == 3
package profile

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	ExactDistinct = 10_000 // distinct values counted exactly for one column
	HeadRows      = 100    // rows shown as a preview
	TopValues     = 10     // frequent values shown for one column
	Bins          = 10     // bars of a histogram

	beyond    = 1e100   // larger numbers are no measurements, and would overflow
	longValue = 120     // characters of a value that the profile keeps
	textBytes = 4 << 20 // of distinct values kept for one column
)

// Kind says how the values of a column compare.
type Kind string

// Kinds of column.
const (
	Text   Kind = "text"
	Number Kind = "number"
	Date   Kind = "date" // CCYY-MM-DD, with or without a time after T
)

// Field is a column to be profiled.
type Field struct {
	Name string
	Kind Kind
}

// Table is the profile of one table, written as build/data/profile/<id>.json.
type Table struct {
	Rows    int      `json:"rows"`
	Columns []Column `json:"columns"`
	// Keys are the columns that could be a key: no value is missing or occurs twice.
	Keys []string `json:"keys,omitempty"`
	// Head holds the first rows, cells in the order of Columns. Cells of suppressed columns are empty.
	Head [][]string `json:"head"`
}

// Column returns the profile of a column by name, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// Column is the profile of one column.
type Column struct {
	Name     string  `json:"name"`
	Kind     Kind    `json:"kind"`
	Nulls    int     `json:"nulls"`
	Valid    float64 `json:"valid"`             // share of the values that have the declared type, in [0,1]; 1 when there are none
	Distinct int     `json:"distinct"`          // of the values that are not null
	Example  string  `json:"example,omitempty"` // the first value
	Min      string  `json:"min,omitempty"`
	Max      string  `json:"max,omitempty"`
	Mean     string  `json:"mean,omitempty"` // numbers only
	Top      []Value `json:"top,omitempty"`  // the most frequent values; empty when every value is unique
	// Histogram has ten bins of equal width from Min to Max, for numbers and dates with at least two values.
	Histogram []Bin `json:"histogram,omitempty"`
	// Approximate marks Distinct, Top and Histogram as estimates.
	Approximate bool `json:"approximate,omitempty"`
	// Suppressed says that the column may hold personal data: only counts are given.
	Suppressed bool `json:"suppressed,omitempty"`
}

// Value is a frequent value.
type Value struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Bin counts the values in [From, To); the last bin includes To.
type Bin struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int    `json:"count"`
}

// Suppress reduces a column to counts.
func (c *Column) Suppress() {
	*c = Column{Name: c.Name, Kind: c.Kind, Nulls: c.Nulls, Valid: c.Valid, Distinct: c.Distinct, Approximate: c.Approximate, Suppressed: true}
}

// SuppressColumn reduces column i to counts and empties its cells in the head.
func (t *Table) SuppressColumn(i int) {
	t.Columns[i].Suppress()
	for _, row := range t.Head {
		row[i] = ""
	}
}

// Profiler takes the rows of one table.
type Profiler struct {
	rows    int
	columns []*column
	head    [][]string
}

// New begins a profile.
func New(fields []Field) *Profiler {
	p := &Profiler{columns: make([]*column, len(fields))}
	for i, f := range fields {
		p.columns[i] = &column{field: f, counts: map[string]*int{}}
	}
	return p
}

// Add takes one row: cells in the order of the fields, "" for null. invalid[i] marks a cell that has not the declared
// type; it counts as a value, but not in minimum, mean and histogram. invalid may be nil.
func (p *Profiler) Add(cells []string, invalid []bool) {
	if p.rows < HeadRows {
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = shorten(c)
		}
		p.head = append(p.head, row)
	}
	p.rows++
	for i, c := range cells {
		p.columns[i].add(c, invalid != nil && invalid[i])
	}
}

// Table ends the profile.
func (p *Profiler) Table() *Table {
	t := &Table{Rows: p.rows, Columns: make([]Column, len(p.columns)), Head: p.head}
	if t.Head == nil {
		t.Head = [][]string{}
	}
	for i, c := range p.columns {
		t.Columns[i] = c.summary()
		if p.rows > 0 && c.unique() && c.nulls == 0 {
			t.Keys = append(t.Keys, c.field.Name)
		}
	}
	return t
}

// column gathers one column.
type column struct {
	field    Field
	nulls    int
	invalid  int
	values   int
	example  string
	counts   map[string]*int // exact to the limit, then the heavy hitters of [column.forget]
	bytes    int             // of the keys of counts
	dropped  int             // most that a count may be too low
	over     bool            // the limit was passed
	sketch   sketch
	seen     map[uint64]struct{} // hashes of all values while none occurs twice, once the limit is passed
	repeated bool
	numbers  int
	sum      float64
	min, max float64
	spread   spread
}

// uniqueLimit bounds the set of hashes that proves a column to be unique: 4 M entries, about 80 MB.
const uniqueLimit = 4 << 20

func (c *column) add(cell string, invalid bool) {
	if cell == "" {
		c.nulls++
		return
	}
	if c.values == 0 {
		c.example = shorten(cell)
	}
	c.values++
	if invalid {
		c.invalid++
	} else if c.field.Kind != Text {
		c.addNumber(cell)
	}
	key := valueKey(cell)
	if c.over && !c.repeated {
		// Every value so far was new: one look-up proves the next, and counting them would be idle.
		if c.addHashed(hash(key)); !c.repeated {
			return
		}
	}
	if n := c.counts[key]; n != nil {
		*n++
		c.repeated = true
		return
	}
	if !c.over && (len(c.counts) >= ExactDistinct || c.bytes+len(key) > textBytes) {
		if c.overflow(); !c.repeated {
			c.addHashed(hash(key))
			return
		}
	}
	if c.over {
		c.addHashed(hash(key))
		if len(c.counts) >= ExactDistinct || c.bytes+len(key) > textBytes {
			c.forget()
			return
		}
	}
	n := new(int)
	*n = 1
	c.counts[key] = n
	c.bytes += len(key)
}

// overflow leaves exact counting: what was counted seeds the sketches.
func (c *column) overflow() {
	c.over = true
	c.seen = map[uint64]struct{}{}
	for v := range c.counts {
		c.sketch.add(hash(v))
		c.seen[hash(v)] = struct{}{}
	}
	if !c.repeated {
		clear(c.counts) // each was counted once
		c.bytes, c.dropped = 0, 1
	}
}

// addHashed notes a value that is not among the counted ones.
func (c *column) addHashed(h uint64) {
	c.sketch.add(h)
	if c.repeated {
		c.seen = nil
		return
	}
	if _, twice := c.seen[h]; twice || len(c.seen) >= uniqueLimit {
		c.repeated = true
		return
	}
	c.seen[h] = struct{}{}
}

// forget makes room among the counted values by the rule of Misra and Gries: every count falls by one. A value that
// makes up more than 1/ExactDistinct of the column survives; no count is too low by more than dropped.
func (c *column) forget() {
	c.dropped++
	type survivor struct {
		key string
		n   *int
	}
	var left []survivor
	for v, n := range c.counts {
		if *n--; *n > 0 {
			left = append(left, survivor{v, n})
		}
	}
	// Clearing and filling again keeps the map free of the traces of deleted keys, which would slow every look-up.
	clear(c.counts)
	c.bytes = 0
	for _, s := range left {
		c.counts[s.key] = s.n
		c.bytes += len(s.key)
	}
}

// addNumber takes a number, or a day as its number.
func (c *column) addNumber(cell string) {
	v, ok := c.field.Kind.number(cell)
	if !ok {
		return
	}
	if c.numbers == 0 {
		c.min, c.max = v, v
	}
	c.numbers++
	c.sum += v
	c.min, c.max = min(c.min, v), max(c.max, v)
	c.spread.add(v)
}

// unique reports that no value occurs twice, as far as that was counted.
func (c *column) unique() bool { return !c.repeated && (!c.over || c.seen != nil) }

func (c *column) summary() Column {
	out := Column{Name: c.field.Name, Kind: c.field.Kind, Nulls: c.nulls, Valid: 1, Distinct: len(c.counts), Example: c.example, Approximate: c.over}
	if c.values > 0 {
		out.Valid = round(float64(c.values-c.invalid)/float64(c.values), 4)
	}
	switch {
	case c.over && c.unique():
		out.Distinct = len(c.seen)
	case c.over:
		out.Distinct = min(c.sketch.estimate(), c.values)
	}
	out.Top = c.top()
	if c.numbers > 0 {
		out.Min, out.Max = c.field.Kind.text(c.min), c.field.Kind.text(c.max)
		if c.field.Kind == Number {
			out.Mean = strconv.FormatFloat(significant(c.sum/float64(c.numbers), 6), 'f', -1, 64)
		}
		out.Histogram = c.histogram()
	}
	return out
}

// top lists the most frequent values that occur more than once, in order of count, then text.
func (c *column) top() []Value {
	var all []Value
	for v, n := range c.counts {
		if *n > max(1, c.dropped) {
			all = append(all, Value{v, *n})
		}
	}
	slices.SortFunc(all, func(a, b Value) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	if len(all) > TopValues {
		all = all[:TopValues:TopValues]
	}
	for i := range all {
		all[i].Value, _, _ = strings.Cut(all[i].Value, "\x00")
	}
	return all
}

func (c *column) histogram() []Bin {
	if c.min == c.max {
		return nil
	}
	width := (c.max - c.min) / Bins
	bins := make([]Bin, Bins)
	for i := range bins {
		bins[i].From = c.field.Kind.edge(c.min + float64(i)*width)
		bins[i].To = c.field.Kind.edge(c.min + float64(i+1)*width)
	}
	bins[0].From, bins[Bins-1].To = c.field.Kind.text(c.min), c.field.Kind.text(c.max)
	place := func(v float64, n int) {
		i := int((v - c.min) / width)
		bins[min(max(i, 0), Bins-1)].Count += n
	}
	if c.over {
		c.spread.each(place)
		return bins
	}
	for text, n := range c.counts {
		if v, ok := c.field.Kind.number(text); ok {
			place(v, *n)
		}
	}
	return bins
}

// number is the value that the histogram of a kind is drawn over: days since 1970 for dates.
func (k Kind) number(cell string) (float64, bool) {
	if k == Number {
		v, err := strconv.ParseFloat(cell, 64)
		return v, err == nil && math.Abs(v) <= beyond
	}
	if len(cell) < len(time.DateOnly) {
		return 0, false
	}
	t, err := time.Parse(time.DateOnly, cell[:len(time.DateOnly)])
	return float64(t.Unix()) / 86400, err == nil
}

// text is the inverse of number.
func (k Kind) text(v float64) string {
	if k == Number {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return time.Unix(int64(math.Floor(v))*86400, 0).UTC().Format(time.DateOnly)
}

// edge is a border between two bins, short enough to read.
func (k Kind) edge(v float64) string {
	if k == Number {
		v = significant(v, 6)
	}
	return k.text(v)
}

// significant rounds to n significant digits.
func significant(v float64, n int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', n, 64), 64)
	if err != nil {
		return v
	}
	return r
}

func round(v float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(v*p) / p
}

// valueKey is the value itself, or for a long one its beginning and its hash.
func valueKey(s string) string {
	if len(s) <= longValue {
		return s
	}
	return shorten(s) + "\x00" + strconv.FormatUint(hash(s), 16)
}

// shorten keeps the beginning of a long value.
func shorten(s string) string {
	if len(s) <= longValue {
		return s
	}
	n := 0
	for i := range s {
		if n == longValue {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
