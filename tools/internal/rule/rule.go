// Package rule judges a catalogue: each rule is a small pure function that returns findings and never an error.
//
// Rules compare records with each other and with the law of the day. The shape of a single file is judged where files
// are read (package tree). No article, date, term or holder of a role stands here: they come from the records of laws,
// regimes and authorities, so that a new regime changes citations and not rules.
//
//	for _, f := range rule.Check(c, rule.Env{AsOf: day, Today: day}) { … }
package rule

import (
	"maps"
	"slices"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

// Env is the day of judgement.
type Env struct {
	// AsOf is the day whose law applies.
	AsOf calendar.Date
	// Today is the latest day a record may be dated: the later of AsOf and the date of the revision. An AsOf in the
	// past moves the law, not the records.
	Today calendar.Date
}

// Rule is one line of the table.
type Rule struct {
	ID    string
	Title diag.Text
	check func(*judge)
}

// Rules lists all rules in order of id.
func Rules() []Rule {
	return []Rule{
		{"R01", diag.Text{Zh: "开放清单对应资源目录", En: "open list within the catalogue"}, openWithinCatalogue},
		{"R02", diag.Text{Zh: "共享的理由和依据", En: "reason and basis of limited sharing"}, shareReasons},
		{"R03", diag.Text{Zh: "非开放的理由和依据", En: "reason and basis of closing"}, closingReasons},
		{"R05", diag.Text{Zh: "有权部门认定", En: "determination by the competent body"}, determinations},
		{"R13", diag.Text{Zh: "日期先后", En: "order of dates"}, dates},
		{"R14", diag.Text{Zh: "标识、代码、序号唯一", En: "unique ids, codes and serials"}, identities},
		{"R15", diag.Text{Zh: "单位和职责", En: "bodies and roles"}, bodies},
		{"R18", diag.Text{Zh: "取值相符", En: "values that agree"}, agreement},
	}
}

// Check runs every rule. Findings have a path and a field; positions are filled in where the files are known.
func Check(c *catalog.Catalog, env Env) []diag.Finding {
	var all []diag.Finding
	for _, r := range Rules() {
		j := &judge{Catalog: c, Env: env, rule: r.ID}
		r.check(j)
		all = append(all, j.findings...)
	}
	return diag.Sort(all)
}

// judge collects the findings of one rule.
type judge struct {
	*catalog.Catalog
	Env
	rule     string
	findings []diag.Finding
}

// at says where a finding belongs and which regime its citation comes from.
type at struct {
	path, field string
	regime      catalog.RegimeID
}

func (j *judge) error(where at, zh, en, hintZh, hintEn string) {
	j.add(diag.Error, where, zh, en, hintZh, hintEn, false)
}

// clock reports what time alone may cause; it is never an error.
func (j *judge) clock(where at, zh, en, hintZh, hintEn string) {
	j.add(diag.Warning, where, zh, en, hintZh, hintEn, true)
}

func (j *judge) add(s diag.Severity, where at, zh, en, hintZh, hintEn string, clock bool) {
	j.findings = append(j.findings, diag.Finding{
		Rule: j.rule, Severity: s, Path: where.path, Field: where.field, Clock: clock,
		Message: diag.Text{Zh: zh, En: en}, Hint: diag.Text{Zh: hintZh, En: hintEn}, Articles: j.articles(where.regime),
	})
}

// articles cites what the rule rests on, under the record's regime or else the one of the day.
func (j *judge) articles(id catalog.RegimeID) []string {
	r := j.Regimes[id]
	if r == nil {
		r = j.RegimeOn(j.AsOf)
	}
	if r == nil {
		return nil
	}
	var out []string
	for _, s := range r.RuleBasis[j.rule] {
		out = append(out, j.Cite(catalog.ParseCitation(r.Law, s)))
	}
	return out
}

// settled reports a status that only a determination can give.
func settled(status catalog.Code) bool {
	return slices.Contains([]catalog.Code{catalog.Registered, catalog.Published, catalog.Suspended}, status)
}

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
