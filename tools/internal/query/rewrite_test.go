package query

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRewrite(t *testing.T) {
	tests := []struct{ typed, text, terms string }{
		{"公交站", "公交站", "公交 交站"},
		{"  公交站  ", "公交站", "公交 交站"},
		{"請問長寧區有哪些公園？", "长宁区 公园", "长宁 宁区 公园"},
		{"我想查一下社区食堂在哪里", "社区食堂", "社区 区食 食堂"},
		{"怎么查询行政处罚的信息", "行政处罚", "行政 政处 处罚"},
		{"哪里可以找到学校名单", "找到学校名单", "找到 到学 学校 校名 名单"},
		{"附近的图书馆呢", "图书馆", "图书 书馆"},
		{"有没有AED分布的数据吗？", "aed分布", "aed 分布"},
		{"呢绒", "呢绒", "呢绒"},
		{"毛呢", "毛", "毛"},
		{"呢", "呢", "呢"},
		{"如何", "如何", "如何"},
		{"请问在哪里", "请问在哪里", "请问 问在 在哪 哪里"},
		{"ＢＵＳ Stop bus", "bus stop bus", "bus stop"},
		{"开放数据", "开放数据", "开放 放数 数据"},
		{"数据", "数据", "数据"},
	}
	for _, tt := range tests {
		readings := Rewrite(tt.typed)
		if len(readings) != 1 {
			t.Errorf("Rewrite(%q) = %+v, want one reading", tt.typed, readings)
			continue
		}
		var terms []string
		for _, s := range readings[0].Slots {
			terms = append(terms, s[0].Term)
		}
		if got := readings[0].Text; got != tt.text || !slices.Equal(terms, strings.Fields(tt.terms)) || readings[0].Weight != 1 {
			t.Errorf("Rewrite(%q) = %q %q, want %q %q", tt.typed, got, terms, tt.text, tt.terms)
		}
	}
	for _, nothing := range []string{"", " ", "？？", "🚌", "，。", "\x00"} {
		if got := Rewrite(nothing); got != nil {
			t.Errorf("Rewrite(%q) = %+v, want none", nothing, got)
		}
	}
}

func TestQuestionPhrasesAreFolded(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range append(slices.Clone(questionPhrases), particles...) {
		if Fold(p) != p || seen[p] || p == "" {
			t.Errorf("phrase %q is not folded, or stands twice", p)
		}
		seen[p] = true
	}
}

func FuzzRewrite(f *testing.F) {
	for _, s := range []string{"", "请问有哪些公园？", strings.Repeat("有哪些", 100), strings.Repeat("㍿", 128), "\xff吗", "a b c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if n := utf8.RuneCountInString(Normalise(typed)); n > MaxQuery {
			t.Fatalf("Normalise(%q) has %d code points", typed, n)
		}
		readings := Rewrite(typed)
		if (len(readings) == 0) != (len(Terms(Normalise(typed))) == 0) {
			t.Fatalf("Rewrite(%q) = %+v, but the terms are %q", typed, readings, Terms(Normalise(typed)))
		}
		for _, r := range readings {
			if len(r.Slots) == 0 || len(r.Slots) > MaxSlots || r.Weight <= 0 {
				t.Fatalf("Rewrite(%q) has a reading %+v", typed, r)
			}
		}
	})
}
