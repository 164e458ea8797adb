package tree

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

// scalar checks one value by its type and stores it.
func (c *checker) scalar(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	if f.Type == format.Date && n.Value != "" && !isDay(n.Value) {
		c.notADay(n, f)
		return
	}
	if f.Type.IsText() && n.Style == yamldoc.Plain && yamldoc.NeedsQuotes(n.Value) {
		c.reportNode(n, "R19", diag.Text{Zh: fmt.Sprintf("“%s”看起来像数字、日期或布尔值，须加引号", show(n.Value)), En: fmt.Sprintf("%s looks like a number, a date or a boolean and needs quotes", show(n.Value))},
			diag.Text{Zh: fmt.Sprintf("请写成 %q，或运行 odc fmt", show(n.Value)), En: fmt.Sprintf("write %q, or run odc fmt", show(n.Value))})
	}
	switch f.Type {
	case format.Bool:
		c.boolean(n, f, into)
		return
	case format.Int:
		c.integer(n, f, into)
		return
	}
	if !c.text(n, f) {
		return
	}
	switch f.Type {
	case format.Date:
		c.date(n, into)
		return
	case format.Period:
		if !isPeriod(n.Value) {
			c.wrong(n, f, "应为年、年月或年月日，如 \"2024\"、\"2024-06\"、\"2024-06-30\"", "must be a year, month or day, such as \"2024-06\"")
		}
	case format.Term:
		c.term(n, f)
	case format.URL:
		if !isURL(n.Value) {
			c.wrong(n, f, "应为 https 地址，或以 / 开头的站内路径", "must be an https address or a path of this site")
		}
	case format.Slug:
		if !slug.MatchString(n.Value) {
			c.wrong(n, f, "只能用小写字母、数字和单个连字符", "lower-case letters, digits and single hyphens only")
		}
	case format.Org:
		c.reference(n, f, c.known.departments, "单位", "organisation", "metadata/departments")
	case format.Law:
		c.reference(n, f, c.known.laws, "法律、法规、文件", "law", "metadata/laws")
	case format.Regime:
		c.reference(n, f, c.known.regimes, "依据办法", "regime", "metadata/regimes")
	case format.Entry:
		c.entryReference(n, f)
	case format.Code:
		if _, err := catalog.ParseResourceCode(n.Value); err != nil {
			c.wrong(n, f, "应为15位、斜线、8位数字，且校验码相符", "must be 15 digits, a slash and 8 digits with correct check digits")
		}
	case format.USCC:
		if err := catalog.CheckUSCC(n.Value); err != nil {
			c.reportNode(n, "R15", diag.Text{Zh: "统一社会信用代码有误：长度、字符或校验位不符", En: "not a unified social credit code: length, characters or check characters"},
				diag.Text{Zh: "请核对原件；不确知的删去这一项", En: "compare with the certificate; leave it out when unknown"})
		}
	}
	if into.IsValid() && into.Kind() == reflect.String {
		into.SetString(n.Value)
	}
}

// wrong reports a value that does not fit its pattern or range.
func (c *checker) wrong(n *yamldoc.Node, f *format.Field, zh, en string) {
	c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("“%s”（%s）的值“%s”不合要求：%s", f.Zh, f.Key, show(n.Value), zh), En: fmt.Sprintf("%s: %q %s", f.Key, show(n.Value), en)}, help(f))
}

func help(f *format.Field) diag.Text {
	t := diag.Text{Zh: f.HelpZh, En: f.HelpEn}
	if f.Example != "" {
		t.Zh = strings.TrimPrefix(t.Zh+"；例如 "+f.Example, "；")
		t.En = strings.TrimPrefix(t.En+"; for example "+f.Example, "; ")
	}
	if t.Zh == "" || t.En == "" {
		return diag.Text{Zh: "请照此改写，写法见 tools/doc/format.md", En: "change it accordingly; tools/doc/format.md shows how"}
	}
	return t
}

// text applies the rules that all texts share. It reports whether the value is worth looking at further.
func (c *checker) text(n *yamldoc.Node, f *format.Field) bool {
	v := n.Value
	if v == "" {
		c.reportNode(n, "R19", diag.Text{Zh: fmt.Sprintf("“%s”（%s）是空的", f.Zh, f.Key), En: fmt.Sprintf("%s is empty", f.Key)}, diag.Text{Zh: "请填写，不需要的请删去这一项", En: "give it a value or delete it"})
		return false
	}
	if !norm.NFC.IsNormalString(v) {
		c.reportNode(n, "R19", diag.Text{Zh: "文字不是 NFC 规范形式", En: "the text is not in normal form NFC"}, diag.Text{Zh: "请运行 odc fmt，或重新输入这段文字", En: "run odc fmt or type the text anew"})
	}
	prose := f.Type == format.Prose
	for _, r := range v {
		switch {
		case r == '\n' && prose:
		case r == '\n':
			c.wrong(n, f, "须写在一行内", "must be one line")
			return false
		case r == '<' || r == '>':
			if f.Type == format.Text || prose {
				c.wrong(n, f, "不能含有 < 或 >", "must not contain < or >")
				return false
			}
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			c.wrong(n, f, fmt.Sprintf("含有看不见的字符 U+%04X", r), fmt.Sprintf("contains the invisible character U+%04X", r))
			return false
		}
	}
	if (f.Type == format.Text || f.Type == format.Term) && strings.TrimSpace(v) != v {
		c.wrong(n, f, "首尾有空格", "begins or ends with a blank")
		return false
	}
	if (f.Type == format.Text || prose) && n.Style == yamldoc.Plain && wrapped.MatchString(v) {
		c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("“%s”（%s）的值整个放在中文引号里，引号会成为内容", f.Zh, f.Key), En: fmt.Sprintf("%s stands in Chinese quotation marks, which become part of the text", f.Key)},
			diag.Text{Zh: "请删去引号；确需保留的，在外面再加一对英文引号", En: "delete them, or put ASCII quotes around them to keep them"})
	}
	if size := utf8.RuneCountInString(strings.TrimRight(v, "\n")); f.Type != format.Int && (size < f.Min || f.Max > 0 && size > f.Max) {
		zh, en := fmt.Sprintf("有%d字，", size), fmt.Sprintf("has %d characters, ", size)
		switch {
		case f.Max == 0:
			zh, en = zh+fmt.Sprintf("至少%d字", f.Min), en+fmt.Sprintf("at least %d are needed", f.Min)
		case f.Min == 0:
			zh, en = zh+fmt.Sprintf("至多%d字", f.Max), en+fmt.Sprintf("at most %d are allowed", f.Max)
		default:
			zh, en = zh+fmt.Sprintf("应为%d—%d字", f.Min, f.Max), en+fmt.Sprintf("%d to %d are allowed", f.Min, f.Max)
		}
		c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("“%s”（%s）%s", f.Zh, f.Key, zh), En: fmt.Sprintf("%s %s", f.Key, en)}, help(f))
	}
	if f.Pattern != "" && !compiled(f.Pattern).MatchString(v) {
		c.wrong(n, f, "写法不符", "does not have the required form")
	}
	return true
}

func (c *checker) boolean(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	if n.Style != yamldoc.Plain || (n.Value != "true" && n.Value != "false") {
		c.reportNode(n, "R19", diag.Text{Zh: fmt.Sprintf("“%s”（%s）应为 true 或 false，不加引号", f.Zh, f.Key), En: fmt.Sprintf("%s must be true or false, without quotes", f.Key)}, help(f))
		return
	}
	switch {
	case !into.IsValid():
	case into.Kind() == reflect.Bool:
		into.SetBool(n.Value == "true")
	case into.Kind() == reflect.String:
		into.SetString(n.Value)
	}
}

func (c *checker) integer(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	if n.Style != yamldoc.Plain || !digits.MatchString(n.Value) {
		c.reportNode(n, "R19", diag.Text{Zh: fmt.Sprintf("“%s”（%s）应为整数，不加引号", f.Zh, f.Key), En: fmt.Sprintf("%s must be a whole number, without quotes", f.Key)}, help(f))
		return
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil || v < int64(f.Min) || f.Max > 0 && v > int64(f.Max) {
		if f.Max > 0 {
			c.wrong(n, f, fmt.Sprintf("应在%d—%d之间", f.Min, f.Max), fmt.Sprintf("must lie between %d and %d", f.Min, f.Max))
		} else {
			c.wrong(n, f, fmt.Sprintf("不能小于%d，也不能过大", f.Min), fmt.Sprintf("must not be below %d or too large", f.Min))
		}
		return
	}
	if into.IsValid() && into.CanInt() {
		into.SetInt(v)
	}
}

func isDay(v string) bool {
	_, err := calendar.ParseDate(v)
	return err == nil
}

// notADay reports a value that is no day, with the day that was probably meant.
func (c *checker) notADay(n *yamldoc.Node, f *format.Field) {
	c.wrong(n, f, "应为真实存在的日期，写作 \"CCYY-MM-DD\"", "must be a day that exists, written \"CCYY-MM-DD\"")
	if d, ok := calendar.Guess(strings.Trim(n.Value, " \u3000“”\"'")); ok {
		last := &c.file.findings[len(c.file.findings)-1]
		last.Hint = diag.Text{Zh: fmt.Sprintf("请写成 %q", d), En: fmt.Sprintf("write %q", d)}
	}
}

func (c *checker) date(n *yamldoc.Node, into reflect.Value) {
	d, err := calendar.ParseDate(n.Value)
	if err == nil && into.IsValid() && into.Type() == dateType {
		into.Set(reflect.ValueOf(d))
	}
}

// term checks a code against its vocabulary, or against the values that belong to the format.
func (c *checker) term(n *yamldoc.Node, f *format.Field) {
	if slices.ContainsFunc(f.Enum, func(e format.Choice) bool { return e.Code == n.Value }) {
		return
	}
	if f.Vocab != "" {
		c.vocabularyTerm(n, f.Vocab)
		return
	}
	if len(f.Enum) > 0 {
		c.choice(n, f)
	}
}

func (c *checker) choice(n *yamldoc.Node, f *format.Field) {
	if len(f.Enum) == 1 {
		// The only choice is a safeguard: whatever else was written is not repeated.
		only := f.Enum[0]
		c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("“%s”（%s）只能是“%s”（%s）", f.Zh, f.Key, only.Code, only.Zh), En: fmt.Sprintf("%s can only be %q (%s)", f.Key, only.Code, only.En)}, help(f))
		return
	}
	codes := make([]string, len(f.Enum))
	for i, e := range f.Enum {
		codes[i] = e.Code
		if labelKey(e.Zh) == labelKey(n.Value) || labelKey(e.En) == labelKey(n.Value) {
			c.unknownTerm(n, e.Code, e.Zh, e.En, nil)
			return
		}
	}
	if near := nearest(n.Value, codes); near != "" {
		e := f.Enum[slices.Index(codes, near)]
		c.unknownTerm(n, e.Code, e.Zh, e.En, nil)
		return
	}
	c.unknownTerm(n, "", "", "", codes)
}

func (c *checker) vocabularyTerm(n *yamldoc.Node, vocabulary string) {
	l := c.known.vocabulary(vocabulary)
	if l == nil || l.codes[catalog.Code(n.Value)] != nil {
		return
	}
	if t := l.suggest(n.Value); t != nil {
		c.unknownTerm(n, string(t.Code), t.Zh, t.En, nil)
		return
	}
	codes := l.ordered
	if len(codes) > 16 {
		codes = nil
	}
	c.unknownTerm(n, "", "", "", codes)
	last := &c.file.findings[len(c.file.findings)-1]
	if codes == nil {
		last.Hint = diag.Text{Zh: "代码见 metadata/vocab/" + vocabulary + ".yaml", En: "the codes stand in metadata/vocab/" + vocabulary + ".yaml"}
	}
}

// unknownTerm reports a code that does not exist, with the probable one or all of them.
func (c *checker) unknownTerm(n *yamldoc.Node, code, zh, en string, all []string) {
	v := show(n.Value)
	switch {
	case code != "":
		c.reportNode(n, "R18",
			diag.Text{Zh: fmt.Sprintf("“%s”不是规定代码，是否应为“%s”（%s）？", v, code, zh), En: fmt.Sprintf("%q is not a code; did you mean %q (%s)?", v, code, en)},
			diag.Text{Zh: "请写代码，不写名称：" + code, En: "write the code, not the label: " + code})
	default:
		c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("“%s”不是规定代码", v), En: fmt.Sprintf("%q is not a code", v)},
			diag.Text{Zh: "可用代码：" + strings.Join(all, "、"), En: "codes: " + strings.Join(all, ", ")})
	}
}

func (c *checker) reference(n *yamldoc.Node, f *format.Field, in map[string]bool, zh, en, folder string) {
	if in[n.Value] {
		return
	}
	hint := diag.Text{Zh: "请写 " + folder + " 中的标识", En: "name one of " + folder}
	if near := nearest(n.Value, sortedKeys(in)); near != "" {
		hint = diag.Text{Zh: fmt.Sprintf("是否应为 %s？", near), En: fmt.Sprintf("did you mean %s?", near)}
	}
	c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("没有标识为“%s”的%s", show(n.Value), zh), En: fmt.Sprintf("there is no %s %q", en, show(n.Value))}, hint)
}

// entryReference checks <dept>/<id>. Whether an open-list entry's own entry exists is the rules' concern (R01).
func (c *checker) entryReference(n *yamldoc.Node, f *format.Field) {
	dept, id, ok := strings.Cut(n.Value, "/")
	if !ok || !slug.MatchString(dept) || !slug.MatchString(id) {
		c.wrong(n, f, "应为 <单位>/<标识>", "must be <dept>/<id>")
		return
	}
	if f.Key != "catalog_id" {
		c.reference(n, f, c.known.entries, "目录条目", "catalogue entry", "metadata/catalog")
	}
}

var (
	slug    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	wrapped = regexp.MustCompile(`^[“”][^“”]*[“”]$`)
	digits  = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
	site    = regexp.MustCompile(`^https://[^\s/?#@<>"]+\.[^\s/?#@<>"]+([/?#][^\s<>"]*)?$`)
	inSite  = regexp.MustCompile(`^/([^\s/<>"\\][^\s<>"\\]*)?$`)
)

// show prepares a value for a message.
func show(v string) string { return yamldoc.Show(v) }

func isURL(v string) bool { return site.MatchString(v) || inSite.MatchString(v) }

func isPeriod(v string) bool {
	switch len(v) {
	case len("2006"):
		v += "-01-01"
	case len("2006-01"):
		v += "-01"
	}
	_, err := calendar.ParseDate(v)
	return err == nil
}

var patterns sync.Map // string → *regexp.Regexp

func compiled(pattern string) *regexp.Regexp {
	if re, ok := patterns.Load(pattern); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(pattern)
	patterns.Store(pattern, re)
	return re
}

func validPattern(p string) bool {
	_, err := regexp.Compile(p)
	return err == nil
}
