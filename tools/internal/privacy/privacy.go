// Package privacy finds personal data in tables: identity numbers (P01) and mobile numbers (P03).
//
// A verdict belongs to a column, never to a cell: it weighs how many values look like the thing and what the column
// is called. Only an identity number, whose check digit, date and province all fit, blocks by itself. The package
// never keeps or returns a value; a verdict holds counts and the row of the first hit.
//
// It finds no names, addresses or cards, and a clean verdict is no permission to publish: a person decides that.
//
//	s := privacy.NewScanner([]privacy.Column{{Name: "tel", Title: "联系电话"}}, calendar.MustDate("2025-12-01"), 0.01)
//	s.Row(2, []string{"138…"})
//	for _, v := range s.Verdicts() { … v.Rule, v.Column, v.Hits … }
package privacy

import (
	"strings"

	"opendata.example/odc/tools/internal/calendar"
)

// Rule names what was found.
type Rule string

const (
	IdentityNumber Rule = "P01" // 公民身份号码, 18 characters
	Mobile         Rule = "P03" // 手机号码
)

// Column is a column to be scanned: what it is called is evidence too.
type Column struct {
	Name, Title, Description string
	// Measure marks amounts and measurements: eleven digits there are a large number, not a telephone.
	Measure bool
}

// Verdict is what a column holds.
type Verdict struct {
	Rule     Rule
	Column   int // index into the columns
	Hits     int // rows with at least one
	Values   int // cells that are not null
	FirstRow int
	// Block says that the table must not be published so. Otherwise the hits are few, and a person should look.
	Block bool
}

// hints are the words in the name of a column of personal telephones. Short ones match whole words only.
var hints = []string{"手机", "联系电话", "联系方式", "电话", "mobile", "phone", "telephone", "cellphone"}

func hinted(c Column) bool {
	text := strings.ToLower(c.Name + " " + c.Title + " " + c.Description)
	for _, h := range hints {
		if strings.Contains(text, h) {
			return true
		}
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if word == "tel" || word == "sjh" || word == "lxdh" {
			return true
		}
	}
	return false
}

// Scanner takes the rows of one table.
type Scanner struct {
	columns     []column
	asOf        calendar.Date
	mobileShare float64
	run         run
}

type column struct {
	Column
	values           int
	identity, mobile tally
}

type tally struct{ hits, first int }

func (t *tally) add(row int) {
	if t.hits == 0 {
		t.first = row
	}
	t.hits++
}

// NewScanner begins a scan. A date of birth after asOf is none. mobileShare is the share of values from which mobile
// numbers block a column whose name does not speak of telephones; the policy sets it.
func NewScanner(columns []Column, asOf calendar.Date, mobileShare float64) *Scanner {
	s := &Scanner{asOf: asOf, mobileShare: mobileShare, columns: make([]column, len(columns))}
	for i, c := range columns {
		s.columns[i].Column = c
	}
	return s
}

// Row scans one row; n is its number in the file.
func (s *Scanner) Row(n int, cells []string) {
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		c := &s.columns[i]
		c.values++
		identity, mobile := s.run.scan(cell, s.asOf)
		if identity {
			c.identity.add(n)
		}
		if mobile && !c.Measure {
			c.mobile.add(n)
		}
	}
}

// Verdicts lists what was found, in order of column, then rule. Nothing found is nil.
func (s *Scanner) Verdicts() []Verdict {
	var out []Verdict
	for i := range s.columns {
		c := &s.columns[i]
		if t := c.identity; t.hits > 0 {
			out = append(out, Verdict{IdentityNumber, i, t.hits, c.values, t.first, true})
		}
		if t := c.mobile; t.hits > 0 {
			block := hinted(c.Column) || float64(t.hits) >= s.mobileShare*float64(c.values)
			out = append(out, Verdict{Mobile, i, t.hits, c.values, t.first, block})
		}
	}
	return out
}

// Suspect reports whether a text holds an identity or a mobile number, so that no message quotes it.
func Suspect(text string, asOf calendar.Date) bool {
	var r run
	identity, mobile := r.scan(text, asOf)
	return identity || mobile
}
