package dataset

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/privacy"
	"opendata.example/odc/tools/internal/table"
)

// keyLimit bounds the sets that prove keys: 4 M rows, about 150 MB each.
const keyLimit = 4 << 20

// typeErrorShare is the share of a column's values from which wrong types are an error, not a warning.
const typeErrorShare = 0.01

// columnChecker judges the cells of one opened item.
type columnChecker struct {
	item          catalog.Item
	column        int // in the file, from 1
	found         *findings
	asOf          calendar.Date
	codes         map[string]bool // nil: no code list
	vocabulary    string
	pattern       *regexp.Regexp
	min, max      float64
	hasMin        bool
	hasMax        bool
	unique        *hashSet
	values, wrong int
	secret        bool // cells are never quoted
}

func (p *pass) newChecker(it catalog.Item, column int) *columnChecker {
	c := &columnChecker{item: it, column: column, found: p.found, asOf: p.opt.AsOf}
	switch it.Role {
	case "name", "person", "quasi", "sensitive":
		c.secret = it.Role != "name"
	}
	c.secret = c.secret || it.PII != "" && it.PII != catalog.None
	switch {
	case len(it.Codelist.Values) > 0:
		c.codes = map[string]bool{}
		for _, v := range it.Codelist.Values {
			c.codes[v] = true
		}
	case it.Codelist.Vocabulary != "":
		c.vocabulary = it.Codelist.Vocabulary
		if v := p.catalog.Vocabularies[c.vocabulary]; v != nil {
			c.codes = map[string]bool{}
			for _, t := range v.Values {
				c.codes[string(t.Code)], c.codes[t.Zh] = true, true
			}
		}
	}
	if k := it.Constraints; k != nil {
		if k.Pattern != "" {
			// A pattern that does not compile is a finding of the metadata check.
			c.pattern, _ = regexp.Compile("^(?:" + k.Pattern + ")$")
		}
		if table.Numeric(it.Type) {
			c.min, c.hasMin = parseBound(k.Minimum)
			c.max, c.hasMax = parseBound(k.Maximum)
		}
		if k.Unique {
			c.unique = newHashSet()
		}
	}
	return c
}

func parseBound(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// check judges a cell and returns what is published; valid is false when it has not the declared type.
func (c *columnChecker) check(row int, cell string) (value string, valid bool) {
	if cell == "" {
		if c.item.Required {
			c.report("required-value", diag.Error, row, "必填项没有值", "a required value is missing", "请补上这一格", "fill the cell")
		}
		return "", true
	}
	c.values++
	text := !table.Numeric(c.item.Type) && c.item.Type != "D" && c.item.Type != "T" && c.item.Type != "L"
	if trimmed := strings.TrimSpace(cell); len(trimmed) != len(cell) {
		c.report("whitespace", diag.Warning, row, "首尾有空白，发布时已去除", "white space at the ends; left out of published files", "请在来源系统中清理", "clean it in the source system")
		if cell = trimmed; cell == "" {
			return c.check(row, "")
		}
	}
	value, valid = normal(&c.item, cell)
	if !valid {
		c.wrong++
		c.report("type-error", diag.Warning, row, fmt.Sprintf("%s不是%s", c.quote(cell), typeNames[c.item.Type].Zh),
			fmt.Sprintf("%s is not %s", c.quote(cell), typeNames[c.item.Type].En), "请改正这一格，或改正数据项的类型", "correct the cell, or the type of the item")
		return value, false
	}
	if text {
		c.checkText(row, value)
	}
	c.checkConstraints(row, value)
	return value, true
}

func (c *columnChecker) checkText(row int, value string) {
	if isMojibake(value) {
		c.report("mojibake", diag.Error, row, "有乱码", "text was damaged by a wrong encoding", "请以正确的编码重新导出", "export it again in the right encoding")
	}
	if sheetErrors[value] {
		c.report("formula-error", diag.Error, row, "是表格软件算不出结果的标记", "is what a spreadsheet shows for a formula it cannot compute", "请改正公式，或留空", "correct the formula, or leave the cell empty")
	}
	if table.FormulaStart(value) {
		c.report("csv-injection", diag.Warning, row, "以公式符号开头，表格软件会当作公式", "begins like a formula, which spreadsheets would run", "请去掉开头的 = + - @", "drop the leading = + - @")
	}
	if n := c.item.Length; n > 0 && len(value) > n && utf8.RuneCountInString(value) > n {
		c.report("constraint-error", diag.Warning, row, fmt.Sprintf("超过登记的长度 %d", n), fmt.Sprintf("longer than the declared %d characters", n), "请改正这一格，或改正数据项的长度", "correct the cell, or the length of the item")
	}
}

// sheetErrors are shown in place of a value by spreadsheets, and stay in what is exported.
var sheetErrors = map[string]bool{"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NUM!": true, "#NULL!": true}

func (c *columnChecker) checkConstraints(row int, value string) {
	constraint := func(zh, en string) {
		c.report("constraint-error", diag.Warning, row, zh, en, "请改正这一格，或改正数据项的约束", "correct the cell, or the constraint of the item")
	}
	if c.codes != nil && !c.codes[value] {
		if c.vocabulary != "" {
			c.report("code-unknown", diag.Warning, row, fmt.Sprintf("%s不在代码表 %s 中", c.quote(value), c.vocabulary), fmt.Sprintf("%s is not in the code list %s", c.quote(value), c.vocabulary), "请改用代码表中的代码或名称", "use a code or label of the list")
		} else {
			constraint(fmt.Sprintf("%s不在数据项列出的取值中", c.quote(value)), fmt.Sprintf("%s is none of the declared values", c.quote(value)))
		}
	}
	c.checkRole(row, value)
	if c.unique != nil && c.unique.add(value) {
		c.report("unique-error", diag.Error, row, fmt.Sprintf("%s重复，而数据项要求唯一", c.quote(value)), fmt.Sprintf("%s occurs again in a unique column", c.quote(value)), "请删去重复的行，或去掉唯一约束", "delete the duplicate, or drop the constraint")
	}
	k := c.item.Constraints
	if k == nil {
		return
	}
	if c.pattern != nil && !c.pattern.MatchString(value) {
		constraint(fmt.Sprintf("%s不符合规定的样式", c.quote(value)), fmt.Sprintf("%s does not match the pattern", c.quote(value)))
	}
	if k.MinLength > 0 && utf8.RuneCountInString(value) < k.MinLength {
		constraint(fmt.Sprintf("少于 %d 个字符", k.MinLength), fmt.Sprintf("shorter than %d characters", k.MinLength))
	}
	if c.belowMinimum(value) {
		constraint(fmt.Sprintf("%s小于最小值 %s", c.quote(value), k.Minimum), fmt.Sprintf("%s is below the minimum %s", c.quote(value), k.Minimum))
	}
	if c.aboveMaximum(value) {
		constraint(fmt.Sprintf("%s大于最大值 %s", c.quote(value), k.Maximum), fmt.Sprintf("%s is above the maximum %s", c.quote(value), k.Maximum))
	}
}

func (c *columnChecker) belowMinimum(value string) bool {
	if c.hasMin {
		v, err := strconv.ParseFloat(value, 64)
		return err == nil && v < c.min
	}
	// ISO days and moments order like text.
	return (c.item.Type == "D" || c.item.Type == "T") && c.item.Constraints.Minimum != "" && value < c.item.Constraints.Minimum
}

func (c *columnChecker) aboveMaximum(value string) bool {
	if c.hasMax {
		v, err := strconv.ParseFloat(value, 64)
		return err == nil && v > c.max
	}
	return (c.item.Type == "D" || c.item.Type == "T") && c.item.Constraints.Maximum != "" && value > c.item.Constraints.Maximum
}

// checkRole asks of coordinates that they are degrees, longitude and latitude not confused.
func (c *columnChecker) checkRole(row int, value string) {
	if c.item.Role != "lon" && c.item.Role != "lat" {
		return
	}
	v, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return
	}
	switch {
	case c.item.Role == "lat" && (v > 90 || v < -90) && v >= -180 && v <= 180:
		c.report("coordinate-swapped", diag.Error, row, "纬度不可能超过 90 度，经度、纬度可能颠倒", "a latitude above 90 degrees: longitude and latitude may be swapped", "请对调两列", "swap the columns")
	case v < -180 || v > 180:
		c.report("constraint-error", diag.Warning, row, "不是经纬度", "no degrees", "请换算为 WGS-84 或 CGCS2000 经纬度", "convert it to WGS-84 or CGCS2000 degrees")
	}
}

func (c *columnChecker) report(code string, severity diag.Severity, row int, zh, en, hintZh, hintEn string) {
	c.found.add(diag.Finding{Rule: code, Severity: severity, Line: row, Column: c.column, Field: c.item.Name,
		Message: diag.Text{Zh: "“" + c.item.Title + "”" + zh, En: c.item.Name + ": " + en}, Hint: diag.Text{Zh: hintZh, En: hintEn}})
}

// settle decides the severity of wrong types, known only at the end.
func (c *columnChecker) settle() {
	if c.wrong > 0 && float64(c.wrong) > typeErrorShare*float64(c.values) {
		c.found.raise("type-error", c.column, diag.Error)
	}
}

// quote is a cell for a message: short, and hidden where it could be personal data.
func (c *columnChecker) quote(cell string) string {
	if c.secret {
		return hidden
	}
	return quote(cell, c.asOf)
}

const hidden = "“***”"

func quote(cell string, asOf calendar.Date) string {
	if longDigits(cell) || privacy.Suspect(cell, asOf) {
		return hidden
	}
	runes := []rune(cell)
	if len(runes) > 40 {
		runes = append(runes[:39], '…')
	}
	return "“" + strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, string(runes)) + "”"
}

// longDigits reports a run of digits long enough to be somebody's number, also a broken one.
func longDigits(s string) bool {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			if n++; n >= 9 {
				return true
			}
		} else if s[i] != ' ' && s[i] != '-' {
			n = 0
		}
	}
	return false
}

var typeNames = map[catalog.Code]diag.Text{
	"I": {Zh: "整数", En: "an integer"}, "N": {Zh: "数值", En: "a number"}, "Y": {Zh: "金额", En: "an amount"},
	"B": {Zh: "数值", En: "a number"}, "F": {Zh: "数值", En: "a number"},
	"D": {Zh: "日期（应为 2025-01-31 的形式）", En: "a date (write 2025-01-31)"},
	"T": {Zh: "日期时间（应为 2025-01-31T08:00:00 的形式）", En: "a date and time (write 2025-01-31T08:00:00)"},
	"L": {Zh: "是或否", En: "yes or no"},
	"C": {Zh: "规定格式的值", En: "of the declared format"}, "M": {Zh: "规定格式的值", En: "of the declared format"}, "G": {Zh: "规定格式的值", En: "of the declared format"},
}

// hashSet remembers values by 128 bits of their digest.
type hashSet struct{ seen map[[16]byte]struct{} }

func newHashSet() *hashSet { return &hashSet{map[[16]byte]struct{}{}} }

// add reports whether the value was there already. Above the limit it remembers no more.
func (h *hashSet) add(value string) bool {
	sum := sha256.Sum256([]byte(value))
	return h.addHash([16]byte(sum[:16]))
}

func (h *hashSet) addHash(key [16]byte) bool {
	if _, twice := h.seen[key]; twice {
		return true
	}
	if len(h.seen) < keyLimit {
		h.seen[key] = struct{}{}
	}
	return false
}

func (h *hashSet) full() bool { return len(h.seen) >= keyLimit }

// rowChecker judges whole rows: key and repeats.
type rowChecker struct {
	found   *findings
	keys    []int // indexes of the key items
	names   string
	column  int
	keySet  *hashSet
	rowSet  *hashSet
	scratch []byte
}

func newRowChecker(found *findings, items []catalog.Item, columns []int) *rowChecker {
	r := &rowChecker{found: found, rowSet: newHashSet()}
	var names []string
	for i, it := range items {
		if it.Key {
			r.keys = append(r.keys, i)
			names = append(names, it.Title)
			if r.column == 0 {
				r.column = columns[i] + 1
			}
		}
	}
	r.names = strings.Join(names, "、")
	if r.keys != nil {
		r.keySet = newHashSet()
	}
	return r
}

// check returns the digest of the row. Cells are joined with their lengths, so that no two rows read alike.
func (r *rowChecker) check(row int, cells []string) [32]byte {
	all := r.digest(cells, nil)
	if r.keys != nil {
		// A missing part of the key is a required value that is missing; it is told once, by the column.
		if key := r.digest(cells, r.keys); r.keySet.addHash([16]byte(key[:16])) {
			r.found.add(diag.Finding{Rule: "primary-key", Severity: diag.Error, Line: row, Column: r.column,
				Message: diag.Text{Zh: fmt.Sprintf("主键“%s”与前面的行重复", r.names), En: "the key repeats that of an earlier row"},
				Hint:    diag.Text{Zh: "请删去重复的行，或改正主键", En: "delete the duplicate, or correct the key"}})
			return all
		}
	}
	if r.keys == nil && r.rowSet.addHash([16]byte(all[:16])) {
		r.found.add(diag.Finding{Rule: "duplicate-row", Severity: diag.Warning, Line: row,
			Message: diag.Text{Zh: "整行与前面的行相同", En: "the row repeats an earlier one"},
			Hint:    diag.Text{Zh: "请删去重复的行", En: "delete it"}})
	}
	return all
}

// digest hashes the cells at some indexes, or all of them.
func (r *rowChecker) digest(cells []string, only []int) [32]byte {
	r.scratch = appendCells(r.scratch[:0], cells, only)
	return sha256.Sum256(r.scratch)
}

func appendCells(b []byte, cells []string, only []int) []byte {
	for i, cell := range cells {
		if only != nil && !slices.Contains(only, i) {
			continue
		}
		b = strconv.AppendInt(b, int64(len(cell)), 10)
		b = append(b, ':')
		b = append(b, cell...)
	}
	return b
}

// settle says so when a set was too small to prove anything.
func (r *rowChecker) settle() {
	if r.keySet != nil && r.keySet.full() || r.rowSet.full() {
		r.found.add(diag.Finding{Rule: "duplicate-row", Severity: diag.Info,
			Message: diag.Text{Zh: fmt.Sprintf("超过 %d 行，其后的行只与前面的比较是否重复", keyLimit), En: fmt.Sprintf("more than %d rows: later ones are compared with the first only", keyLimit)}})
	}
}
