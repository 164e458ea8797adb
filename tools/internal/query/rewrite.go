package query

import (
	"strings"
	"unicode/utf8"
)

// Reading is one way to understand a query: terms, each of which a record may match, with a weight below 1 where the
// reading is not what was typed.
type Reading struct {
	Text   string  `json:"text"` // folded, for people: what was looked for
	Weight float64 `json:"weight"`
	Slots  []Slot  `json:"slots"`
}

// Slot is one thing asked for, as alternatives of which the best counts.
type Slot []Alternative

// Alternative is a term that may fill a slot.
type Alternative struct {
	Term   string  `json:"term"`
	Weight float64 `json:"weight"`
}

// questionPhrases are what people wrap around the thing they look for. The longest that fits is dropped.
// A phrase stands here only when no data set would be named by it.
var questionPhrases = []string{
	"请问一下", "请问", "请帮我找", "请帮我查", "帮我找一下", "帮我查一下", "帮我找", "帮我查", "帮忙找", "我想知道", "我想了解", "我想查询", "我想查一下", "我想找一下", "我想查", "我想找",
	"我要查询", "我要查一下", "我要找一下", "我要查", "我要找", "我需要", "想知道", "想了解", "想查询", "想查一下", "想找一下", "想要找", "想查", "想找",
	"有哪些", "有没有", "有什么", "有多少", "有几个", "有几家", "哪里可以", "哪里能", "哪里有", "在哪里", "在哪儿", "哪里", "哪儿", "在哪",
	"怎么查询", "怎么查", "怎么找", "怎么样", "怎么", "怎样", "如何查询", "如何查", "如何", "查询一下", "查一下", "找一下",
	"是什么", "是多少", "分别是", "都有哪些", "能不能", "可不可以", "可以查到", "能查到",
	"的数据集", "的数据", "的信息", "的资料", "的名单", "的情况", "相关数据", "相关信息", "谢谢", "附近的", "附近",
}

// particles end a Chinese question and are dropped at the end only: 呢 is also a cloth (呢绒).
var particles = []string{"吗", "呢", "啊", "呀", "吧", "么"}

// Rewrite turns what was typed into readings, the literal one first. It returns none when nothing can be looked for.
func Rewrite(typed string) []Reading {
	text := Normalise(typed)
	slots := slotsOf(text)
	if bare := stripQuestion(text); bare != text {
		if s := slotsOf(bare); len(s) > 0 {
			text, slots = bare, s
		}
	}
	if len(slots) == 0 {
		return nil
	}
	return []Reading{{Text: text, Weight: 1, Slots: slots}}
}

// Normalise folds a query, collapses its spaces and cuts it at [MaxQuery] code points.
func Normalise(typed string) string {
	// Folding can lengthen a text (㍿ becomes four characters), so the cut comes before it, to bound the work, and after.
	text := strings.Join(strings.Fields(Fold(firstRunes(typed, MaxQuery))), " ")
	return strings.TrimSpace(firstRunes(text, MaxQuery))
}

// slotsOf makes one slot of each different term of a folded text. A word typed twice is not asked for twice.
func slotsOf(folded string) []Slot {
	var slots []Slot
	seen := map[string]bool{}
	for _, term := range split(folded) {
		if len(slots) == MaxSlots {
			break
		}
		if !seen[term] {
			seen[term] = true
			slots = append(slots, Slot{{Term: term, Weight: 1}})
		}
	}
	return slots
}

// stripQuestion replaces question phrases by a space: the words around them must not grow together into a pair.
func stripQuestion(folded string) string {
	var b strings.Builder
	for i := 0; i < len(folded); {
		if n := phraseAt(folded[i:]); n > 0 {
			b.WriteByte(' ')
			i += n
			continue
		}
		_, n := utf8.DecodeRuneInString(folded[i:])
		b.WriteString(folded[i : i+n])
		i += n
	}
	bare := strings.TrimRight(b.String(), " ?!.,。、")
	for _, p := range particles {
		if rest, ok := strings.CutSuffix(bare, p); ok {
			bare = rest
			break
		}
	}
	return strings.Join(strings.Fields(bare), " ")
}

// phraseAt is the length of the longest question phrase that s begins with, or 0.
func phraseAt(s string) int {
	longest := 0
	for _, p := range questionPhrases {
		if len(p) > longest && strings.HasPrefix(s, p) {
			longest = len(p)
		}
	}
	return longest
}

// firstRunes is the beginning of s, at most n code points.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// Clip cuts a query at [MaxQuery] code points.
func Clip(typed string) string { return firstRunes(typed, MaxQuery) }
