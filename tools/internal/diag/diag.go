// Package diag holds findings: what is wrong, where, why, and how to mend it, Chinese first.
//
// A finding is a value, never an error: an error means "the work could not be done". The order of findings is total,
// so that two runs print the same bytes.
//
//	f := diag.Finding{Rule: "R19", Severity: diag.Error, Path: "metadata/catalog/mz/a.yaml", Line: 3, Column: 1,
//		Message: diag.Text{Zh: "文件格式有误", En: "malformed file"}}
package diag

import (
	"cmp"
	"slices"
)

// Severity says what a finding does to a change.
type Severity string

const (
	Error   Severity = "error"   // the change is refused
	Warning Severity = "warning" // reported, never refused
	Info    Severity = "info"    // told once, for orientation
)

// Text is a sentence in Chinese and in English. Chinese is never empty.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Finding is one place that a person should look at.
type Finding struct {
	Rule     string   `json:"rule"`             // R01…R20 of the model, or a data code such as "type-error"
	Severity Severity `json:"severity"`         // error, warning, info
	Path     string   `json:"path"`             // slash-separated, relative to the root of the repository
	Line     int      `json:"line,omitempty"`   // from 1; 0 = the whole file
	Column   int      `json:"column,omitempty"` // from 1, in characters, not bytes
	Field    string   `json:"field,omitempty"`  // where in the record: "open.reason", "items[2].type"
	Message  Text     `json:"message"`
	Reason   Text     `json:"reason,omitzero"`    // why the law or the format asks for it
	Hint     Text     `json:"hint,omitzero"`      // how to mend it
	Articles []string `json:"articles,omitempty"` // citations, for example "长府规〔2021〕2号第十四条"
	// Clock marks a finding that time alone may cause (a basis lapsed, an update due). It is never an error,
	// and reports show one line for each rule instead of one for each record.
	Clock bool `json:"clock,omitempty"`
}

// Compare orders findings by path, line, column, rule, field and text.
func Compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message.Zh, b.Message.Zh),
	)
}

// Sort puts findings into their total order and drops exact repeats.
func Sort(fs []Finding) []Finding {
	slices.SortFunc(fs, Compare)
	return slices.CompactFunc(fs, func(a, b Finding) bool { return Compare(a, b) == 0 && a.Severity == b.Severity })
}

// Errors counts the findings that refuse a change.
func Errors(fs []Finding) int {
	n := 0
	for _, f := range fs {
		if f.Severity == Error {
			n++
		}
	}
	return n
}
