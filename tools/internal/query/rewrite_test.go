package query

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// literally reads a query without any words to help.
func literally(t *testing.T, typed string) []Reading {
	t.Helper()
	return rewrite(t, Held(Lexicon{}), typed)
}

func rewrite(t *testing.T, d Dictionary, typed string) []Reading {
	t.Helper()
	readings, err := Rewrite(t.Context(), d, typed)
	if err != nil {
		t.Fatal(err)
	}
	return readings
}

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
		readings := literally(t, tt.typed)
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
		if got := literally(t, nothing); got != nil {
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
	for _, s := range []string{"", "请问有哪些公园？", strings.Repeat("有哪些", 100), strings.Repeat("㍿", 128), "\xff吗", "a b c", "gongjiaozhan", "gjz", "gongj", "bus stpo", "公車站和厕所"} {
		f.Add(s)
	}
	words := Held(testLexicon)
	f.Fuzz(func(t *testing.T, typed string) {
		if n := utf8.RuneCountInString(Normalise(typed)); n > MaxQuery {
			t.Fatalf("Normalise(%q) has %d code points", typed, n)
		}
		readings := rewrite(t, words, typed)
		if (len(readings) == 0) != (len(Terms(Normalise(typed))) == 0) {
			t.Fatalf("Rewrite(%q) = %+v, but the terms are %q", typed, readings, Terms(Normalise(typed)))
		}
		terms := map[string]bool{}
		for _, r := range readings {
			for _, s := range r.Slots {
				for _, a := range s {
					terms[a.Term] = true
				}
			}
			if len(r.Slots) == 0 || len(r.Slots) > MaxSlots || r.Weight <= 0 {
				t.Fatalf("Rewrite(%q) has a reading %+v", typed, r)
			}
		}
		if len(terms) > MaxTerms || len(readings) > MaxReadings {
			t.Fatalf("Rewrite(%q) has %d readings with %d terms", typed, len(readings), len(terms))
		}
	})
}

// testLexicon is a small town.
var testLexicon = Lexicon{
	Phrases: []Phrase{
		{"公交", "gong jiao", 9}, {"站点", "zhan dian", 8}, {"公交站", "gong jiao zhan", 7}, {"长宁", "chang ning", 6}, {"重固", "chong gu", 5}, {"重固", "zhong gu", 5},
		{"公园", "gong yuan", 4}, {"公元", "gong yuan", 3}, {"公园绿地", "gong yuan lv di", 3}, {"西安", "xi an", 2}, {"先", "xian", 1}, {"办公", "ban gong", 1}, {"工", "gong", 1}, {"攻坚战", "gong jian zhan", 1},
	},
	Words: []Word{{"stop", 9}, {"stops", 7}, {"stopping", 5}, {"step", 4}, {"bus", 3}, {"business", 2}, {"shop", 2}, {"sotp", 1}, {"top", 1}},
	Synonyms: []Synonym{
		{"aed", []string{"除颤器"}}, {"公交站", []string{"公交车站", "巴士站"}}, {"公交站点", []string{"公交站"}}, {"公园", []string{"绿地", "park"}}, {"厕所", []string{"卫生间", "公厕"}},
	},
}

func TestRewriteWithWords(t *testing.T) {
	tests := []struct{ typed, want string }{
		// Pinyin: whole phrases, as few as possible, homophones beside each other.
		{"gongjiaozhan", "gongjiaozhan 1; 公交站 0.9; 公交车站 0.72; 巴士站 0.72"},
		{"Gong Jiao zhan", "gong jiao zhan 1; 公交站 0.9; 公交车站 0.72; 巴士站 0.72"},
		{"gongyuan", "gongyuan 1; 公园 0.9; 公元 0.9; 绿地 0.72; park 0.72"},
		{"zhonggu", "zhonggu 1; 重固 0.9"},
		{"chonggu", "chonggu 1; 重固 0.9"},
		{"gongjiaozhandian", "gongjiaozhandian 1; 公交站点 0.9; 公交站 0.72"},
		{"changninggongyuan", "changninggongyuan 1; 长宁公园 0.9; 长宁绿地 0.72; 长宁park 0.72"},
		{"xian", "xian 1; 西安 0.9; 先 0.9"},
		// Initials, one phrase or several.
		{"gjz", "gjz 1; 公交站 0.8; 攻坚战 0.8; 公交车站 0.64; 巴士站 0.64"},
		{"cngy", "cngy 1; 长宁公园 0.8; 长宁绿地 0.64; 长宁park 0.64"},
		// The beginning of either.
		{"gongjiaozh", "gongjiaozh 1; 公交站 0.7; 公交车站 0.56; 巴士站 0.56"},
		{"gongj", "gongj 1; 公交 0.7; 攻坚 0.7"},
		{"chan", "chan 1; 长宁 0.7"},
		{"gyl", "gyl 1; 公园绿 0.7; 绿地绿 0.56; park绿 0.56"},
		{"x", "x 1"},
		{"bus gongjiao", "bus gongjiao 1"},
		{"2hao", "2hao 1"},
		// Synonyms: the longest phrase; not inside a word; in every place.
		{"公车站", "公车站 1"},
		{"公交站点", "公交站点 1; 公交站 0.8"},
		{"請問公園厕所", "公园厕所 1; 绿地厕所 0.8; park厕所 0.8; 公园卫生间 0.8; 公园公厕 0.8"},
		{"AED", "aed 1; 除颤器 0.8"},
		{"aeds paed", "aeds paed 1"},
		{"2公园3", "2公园3 1; 2绿地3 0.8; 2 park 3 0.8"},
	}
	d := Held(testLexicon)
	for _, tt := range tests {
		var got []string
		for _, r := range rewrite(t, d, tt.typed) {
			got = append(got, fmt.Sprintf("%s %.4g", r.Text, r.Weight))
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("Rewrite(%q) = %s\n want %s", tt.typed, s, tt.want)
		}
	}
}

func TestLatinWordsGetAlternatives(t *testing.T) {
	tests := []struct{ typed, want string }{
		{"stop", "stop 1, stops 0.7, stopping 0.7, step 0.5"},
		{"stpo", "stpo 1, stop 0.5"},
		{"sto", "sto 1, stop 0.7, stops 0.7, stopping 0.7"},
		{"st", "st 1"},
		{"stoop", "stoop 1, stop 0.5"},
		{"business", "business 1"},
		{"2bus", "2bus 1"},
	}
	d := Held(testLexicon)
	for _, tt := range tests {
		var got []string
		for _, a := range rewrite(t, d, tt.typed)[0].Slots[0] {
			got = append(got, fmt.Sprintf("%s %.4g", a.Term, a.Weight))
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("alternatives of %q: %s\n want %s", tt.typed, s, tt.want)
		}
	}
}

func TestOneSlip(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"stop", "stop", false}, {"stop", "stops", true}, {"stops", "stop", true}, {"stop", "xstop", true}, {"stop", "sxtop", true}, {"stop", "step", true},
		{"stop", "stpo", true}, {"stop", "tsop", true}, {"stop", "stxy", false}, {"stop", "sotq", false}, {"stop", "st", false}, {"abcd", "badc", false}, {"stop", "shops", false},
	} {
		if got := oneSlip(tt.a, tt.b); got != tt.want || oneSlip(tt.b, tt.a) != got {
			t.Errorf("oneSlip(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

// Too many terms: the lightest alternatives go first, then readings, never the literal one.
func TestTermsAreLimited(t *testing.T) {
	var l Lexicon
	for i := range 16 {
		l.Words = append(l.Words, Word{fmt.Sprintf("abc%c", 'a'+i), 20 - i}, Word{fmt.Sprintf("abd%c", 'a'+i), 20 - i})
	}
	slices.SortFunc(l.Words, ByUse)
	for i := range 12 {
		text := strings.Repeat(string(rune('一'+i)), 2)
		l.Synonyms = append(l.Synonyms, Synonym{text, []string{text + "甲乙丙丁戊己庚辛"}})
	}
	var long strings.Builder
	for i := range 12 {
		long.WriteString(strings.Repeat(string(rune('一'+i)), 2) + " ")
	}
	long.WriteString("abc abd")
	readings := rewrite(t, Held(l), long.String())
	terms := map[string]bool{}
	for _, r := range readings {
		for _, s := range r.Slots {
			for _, a := range s {
				terms[a.Term] = true
			}
		}
	}
	if len(terms) > MaxTerms || len(readings) == 0 || len(readings[0].Slots) != 14 {
		t.Errorf("%d terms in %d readings, the first of %d slots", len(terms), len(readings), len(readings[0].Slots))
	}
}

func TestSuggest(t *testing.T) {
	tests := []struct{ typed, want string }{
		{"公", "公交 公交站 公园 公元 公园绿地"},
		{"公園", "公园绿地"},
		{"公交站", ""},
		{"重", "重固"},
		{"g", "公交 公交站 公园 公元 公园绿地 工 攻坚战"},
		{"gj", "公交 公交站 攻坚战"},
		{"gong jiao", "公交 公交站"},
		{"b", "办公"},
		{"bu", "bus business"},
		{"bus", "business"},
		{"zh", "站点 重固"},
		{"2", ""}, {"", ""}, {"？", ""}, {"bus公", ""},
	}
	d := Held(testLexicon)
	for _, tt := range tests {
		got, err := Suggest(t.Context(), d, tt.typed)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, s := range got {
			texts = append(texts, s.Text)
		}
		if s := strings.Join(texts, " "); s != tt.want {
			t.Errorf("Suggest(%q) = %s\n want %s", tt.typed, s, tt.want)
		}
	}
}
