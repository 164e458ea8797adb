package catalog

import (
	"strconv"
	"strings"
)

// Place is the place in a law as Chinese citations write it: {Article "14", Paragraph "3"} is 第十四条第三款.
// Empty when the reference names the whole law.
func (r LegalRef) Place() string {
	var b strings.Builder
	for _, p := range []struct{ no, unit string }{{r.Article, "条"}, {r.Paragraph, "款"}, {r.Item, "项"}} {
		if p.no != "" {
			b.WriteString("第" + numeral(p.no) + p.unit)
		}
	}
	return b.String()
}

// ParseCitation reads the short form of regime data: "14(3)" is article 14, paragraph 3; "25(4)" likewise.
func ParseCitation(law LawID, s string) LegalRef {
	article, rest, _ := strings.Cut(s, "(")
	return LegalRef{Law: law, Article: article, Paragraph: strings.TrimSuffix(rest, ")")}
}

// Cite writes the articles a rule rests on: "长府规〔2021〕2号第十四条第三款". Laws without a document number are named.
func (c *Catalog) Cite(r LegalRef) string {
	l := c.Laws[r.Law]
	if l == nil {
		return string(r.Law) + r.Place()
	}
	if l.DocNo != "" {
		return l.DocNo + r.Place()
	}
	return "《" + l.Title + "》" + r.Place()
}

// numeral writes 1–999 in Chinese; other strings stay as they are.
func numeral(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 999 {
		return s
	}
	digits := []rune("零一二三四五六七八九")
	var b strings.Builder
	hundreds, tens, ones := n/100, n/10%10, n%10
	if hundreds > 0 {
		b.WriteString(string(digits[hundreds]) + "百")
	}
	switch {
	case tens == 1 && hundreds == 0:
		b.WriteString("十")
	case tens > 0:
		b.WriteString(string(digits[tens]) + "十")
	case hundreds > 0 && ones > 0:
		b.WriteString("零")
	}
	if ones > 0 {
		b.WriteRune(digits[ones])
	}
	return b.String()
}
