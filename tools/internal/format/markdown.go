package format

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed prose.md
var prose string

// Markdown is tools/doc/format.md: the prose of this package with the tables of all kinds in their place.
func Markdown() []byte {
	var b strings.Builder
	for _, k := range kinds {
		k.markdown(&b)
	}
	return []byte(strings.Replace(prose, "<!-- kinds -->\n", b.String(), 1))
}

func (k *Kind) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "### %s %s\n\n`%s`", k.Zh, k.En, k.Path)
	if k.Machine {
		b.WriteString("（由程序书写）")
	}
	fmt.Fprintf(b, " · [schema/%s.json](schema/%s.json)\n\n%s\n%s\n\n", k.Name, k.Name, k.IntroZh, k.IntroEn)
	b.WriteString("| 键 | 名称 | 类型 | 必填 | 说明 |\n|---|---|---|---|---|\n")
	rows(b, "", k.Fields)
	b.WriteByte('\n')
}

func rows(b *strings.Builder, prefix string, fields []Field) {
	for i := range fields {
		f := &fields[i]
		if f.Derived {
			fmt.Fprintf(b, "| `%s%s` | %s %s | – | 由程序得出，不填 | |\n", prefix, f.Key, f.Zh, f.En)
			continue
		}
		key := prefix + f.Key
		if f.List && f.Type == Object {
			key += "[]"
		}
		fmt.Fprintf(b, "| `%s` | %s %s | %s | %s | %s |\n", key, f.Zh, f.En, f.describe(), f.cardinality(), f.help())
		switch {
		case f.Type == Object && !repeatsRef(f.Fields):
			rows(b, key+".", f.Fields)
		case f.Type == Map && f.Value.Type == Object:
			rows(b, key+".*.", f.Value.Fields)
		}
	}
}

// repeatsRef leaves the parts of citations and nested mapping members to their first description.
func repeatsRef(fields []Field) bool {
	return len(fields) > 0 && (&fields[0] == &legalRefFields[0] || fields[0].Key == "target" && fields[len(fields)-1].Key != "fields")
}

func (f *Field) cardinality() string {
	switch {
	case f.Required:
		return "是"
	case f.Once == "registered":
		return "登记后"
	case f.Once == "published":
		return "发布后"
	}
	return ""
}

func (f *Field) describe() string {
	var d string
	switch f.Type {
	case Text:
		d = "文字"
	case Prose:
		d = "文字，可分段"
	case Token:
		d = "字符"
	case Slug:
		d = "标识"
	case Date:
		d = "日期"
	case Period:
		d = "年、年月或日期"
	case Term:
		d = f.codes()
	case Bool:
		d = "true / false"
	case Int:
		d = "整数"
	case URL:
		d = "网址"
	case Org:
		d = "单位标识"
	case Law:
		d = "法律、文件标识"
	case Regime:
		d = "办法标识"
	case Entry:
		d = "<单位>/<标识>"
	case Code:
		d = "信息资源代码"
	case USCC:
		d = "18位代码"
	case Codelist:
		d = "词表标识，或各值的列表"
	case Object:
		d = "对象"
		if len(f.Fields) > 0 && &f.Fields[0] == &legalRefFields[0] {
			d = "[引用](#引用-citations)"
		}
	case Map:
		d = "名称 → " + f.Value.describe()
	}
	if f.Type != Term && f.Type != Object && f.Type != Map {
		d += f.bounds()
	}
	if f.List {
		d += "的列表"
		if f.MaxItems > 0 {
			d += fmt.Sprintf("，%d—%d项", f.MinItems, f.MaxItems)
		}
	}
	return d
}

func (f *Field) bounds() string {
	unit := "字"
	if f.Type == Int {
		unit = ""
	}
	switch {
	case f.Min > 0 && f.Max > 0:
		return fmt.Sprintf(" %d—%d%s", f.Min, f.Max, unit)
	case f.Max > 0:
		return fmt.Sprintf(" ≤%d%s", f.Max, unit)
	}
	return ""
}

func (f *Field) codes() string {
	var parts []string
	if f.Vocab != "" {
		parts = append(parts, "词表 "+f.Vocab)
	}
	for _, c := range f.Enum {
		parts = append(parts, fmt.Sprintf("%s %s", c.Code, c.Zh))
	}
	if len(parts) == 0 {
		return "代码"
	}
	return strings.Join(parts, " · ")
}

func (f *Field) help() string {
	var parts []string
	if f.HelpZh != "" {
		parts = append(parts, f.HelpZh)
	}
	if f.Default != "" {
		parts = append(parts, "缺省 "+f.Default)
	}
	if f.Example != "" {
		parts = append(parts, "例：`"+f.Example+"`")
	}
	return strings.ReplaceAll(strings.Join(parts, "；"), "|", "\\|")
}
