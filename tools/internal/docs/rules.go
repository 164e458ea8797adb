package docs

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/rule"
	"opendata.example/odc/tools/internal/tree"
)

// Broken is the folder of the counter-examples: one defect a file, which the tests of package check put into a valid
// repository. The name of a file begins with the rule it breaks.
const Broken = "tools/internal/check/testdata/broken"

// Rule is a section of tools/doc/rules.md.
type Rule struct {
	ID    string
	Title diag.Text
}

// Rules are all rules that name an id of their own, in its order: those over the catalogue, and those that are judged
// where a file is read.
func Rules() []Rule {
	rules := []Rule{
		{"R10", diag.Text{Zh: "数据文件与版本记录一致", En: "data files agree with their release records"}},
		{"R11", diag.Text{Zh: "待发布文件不含非开放数据项", En: "no closed item in a file to be published"}},
		{"R19", diag.Text{Zh: "文件的写法", En: "how a file is written"}},
	}
	for _, r := range rule.Rules() {
		rules = append(rules, Rule{r.ID, r.Title})
	}
	slices.SortFunc(rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return rules
}

const rulesHead = `# 规则 Rules

本文件由 ` + "`go tool odc docs`" + ` 生成，请勿直接修改。This file is generated; run ` + "`go tool odc docs`" + `.

每条问题都给出文件、行、列、规则、原因和改法。` + "`odc check`" + ` 检查记录，` + "`odc data`" + ` 检查数据文件；R10、R11 和数据文件的代码属于后者。
规则依据哪一条由各办法的 ` + "`rule_basis`" + ` 规定（` + "`metadata/regimes`" + `），办法换了，规则不变。

A finding names file, line, column, rule, reason and fix. Records are judged by ` + "`odc check`" + `, data files by
` + "`odc data`" + ` (R10, R11 and the codes below). What a rule rests on is data of the regime, not of the program. A counter-example
shows one defect: the file, the rule and the line that must be reported.

`

// rulesDocument is tools/doc/rules.md: each rule with what it rests on and its counter-examples, and the codes of
// findings in data files.
func rulesDocument(fsys fs.FS) ([]byte, error) {
	c, _, _, err := tree.Load(fsys)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString(rulesHead)
	for _, r := range Rules() {
		examples, err := fs.Glob(fsys, path.Join(Broken, r.ID+"-*.txt"))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "## %s %s %s\n\n", r.ID, r.Title.Zh, r.Title.En)
		if basis := basis(c, r.ID); len(basis) > 0 {
			fmt.Fprintf(&b, "- 依据 Basis: %s\n", strings.Join(basis, "、"))
		}
		if len(examples) > 0 {
			fmt.Fprintf(&b, "- 反例 Counter-examples: %s\n", strings.Join(links(r.ID, examples), " · "))
		}
		b.WriteByte('\n')
	}
	b.WriteString("## 数据文件的代码 Codes of data files\n\n| 代码 | 含义 | Meaning |\n|---|---|---|\n")
	for _, c := range Codes() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.ID, c.Title.Zh, c.Title.En)
	}
	return []byte(b.String()), nil
}

// basis cites what a rule rests on under each regime whose text is verified.
func basis(c *catalog.Catalog, id string) []string {
	var out []string
	for _, regime := range slices.Sorted(maps.Keys(c.Regimes)) {
		r := c.Regimes[regime]
		if !r.TextVerified {
			continue
		}
		for _, s := range r.RuleBasis[id] {
			out = append(out, c.Cite(catalog.ParseCitation(r.Law, s)))
		}
	}
	return out
}

// links turns the paths of counter-examples into links from tools/doc.
func links(id string, examples []string) []string {
	out := make([]string, len(examples))
	for i, name := range examples {
		base := path.Base(name)
		out[i] = fmt.Sprintf("[%s](../%s)", strings.TrimSuffix(strings.TrimPrefix(base, id+"-"), ".txt"), strings.TrimPrefix(name, "tools/"))
	}
	return out
}
