package query

import (
	"cmp"
	"context"
	"slices"
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
// The steps, their order and their limits are part of the contract; tools/doc/search.md has them in words.
func Rewrite(ctx context.Context, d Dictionary, typed string) ([]Reading, error) {
	text := literal(typed)
	if len(split(text)) == 0 {
		return nil, nil
	}
	base, err := spelled(ctx, d, text)
	if err != nil {
		return nil, err
	}
	all, err := withSynonyms(ctx, d, append([]Reading{{Text: text, Weight: 1}}, base...))
	if err != nil {
		return nil, err
	}
	readings := slotted(all)
	for i := range readings {
		if err := widen(ctx, d, readings[i].Slots); err != nil {
			return nil, err
		}
	}
	return limitTerms(readings), nil
}

// literal is what was typed, without the words of a question.
func literal(typed string) string {
	text := Normalise(typed)
	if bare := stripQuestion(text); len(split(bare)) > 0 {
		return bare
	}
	return text
}

// spelled reads Latin letters as pinyin, else as initials, else as the beginning of either.
func spelled(ctx context.Context, d Dictionary, text string) ([]Reading, error) {
	letters, ok := lettersOf(text)
	if !ok || len(letters) < 2 {
		return nil, nil
	}
	joined := func(p Spelled) string { return p.joined }
	initials := func(p Spelled) string { return p.initials }
	if texts, err := covered(ctx, d, letters, joined); err != nil || len(texts) > 0 {
		return readingsOf(texts, weightPinyin), err
	}
	if texts, err := covered(ctx, d, letters, initials); err != nil || len(texts) > 0 {
		return readingsOf(texts, weightInitials), err
	}
	texts, err := begun(ctx, d, letters)
	return readingsOf(texts, weightBeginning), err
}

func readingsOf(texts []string, weight float64) []Reading {
	var out []Reading
	for _, t := range texts {
		out = append(out, Reading{Text: t, Weight: weight})
	}
	return out
}

// piece is a way to read letters from some place on: the texts with one spelling, most used first.
type piece struct {
	length int
	texts  []string
}

// covered reads the letters as spellings of phrases, one behind the other, as few as possible, the longest first.
func covered(ctx context.Context, d Dictionary, letters string, spelling func(Spelled) string) ([]string, error) {
	pieces, err := reachable(ctx, d, letters, spelling)
	if err != nil {
		return nil, err
	}
	// From the end: how many phrases the rest takes, and the piece it begins with.
	const never = maxLetters + 1
	least := make([]int, len(letters)+1)
	choice := make([]piece, len(letters))
	for i := len(letters) - 1; i >= 0; i-- {
		least[i] = never
		for _, p := range pieces[i] {
			n := least[i+p.length] + 1
			if n < least[i] || n == least[i] && p.length > choice[i].length {
				least[i], choice[i] = n, p
			}
		}
	}
	switch {
	case least[0] >= never:
		return nil, nil
	case least[0] == 1:
		return choice[0].texts, nil
	}
	var b strings.Builder
	for i := 0; i < len(letters); i += choice[i].length {
		b.WriteString(choice[i].texts[0])
	}
	return []string{b.String()}, nil
}

// reachable lists the pieces at each place where a piece before ends.
func reachable(ctx context.Context, d Dictionary, letters string, spelling func(Spelled) string) ([][]piece, error) {
	pieces := make([][]piece, len(letters))
	reached := make([]bool, len(letters)+1)
	reached[0] = true
	for i := range pieces {
		if !reached[i] {
			continue
		}
		at, err := d.Letter(ctx, letters[i])
		if err != nil {
			return nil, err
		}
		for _, p := range at.Phrases {
			if s := spelling(p); strings.HasPrefix(letters[i:], s) {
				pieces[i] = addPiece(pieces[i], len(s), p.Text)
				reached[i+len(s)] = true
			}
		}
	}
	return pieces, nil
}

func addPiece(pieces []piece, length int, text string) []piece {
	k := slices.IndexFunc(pieces, func(p piece) bool { return p.length == length })
	if k < 0 {
		return append(pieces, piece{length, []string{text}})
	}
	if t := pieces[k].texts; len(t) < maxHomophones && !slices.Contains(t, text) {
		pieces[k].texts = append(t, text)
	}
	return pieces
}

// begun reads the letters as the beginning of a phrase that somebody is still typing.
func begun(ctx context.Context, d Dictionary, letters string) ([]string, error) {
	at, err := d.Letter(ctx, letters[0])
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, p := range at.Phrases {
		syllables := 0
		switch {
		case strings.HasPrefix(p.joined, letters):
			syllables = touched(p.Pinyin, len(letters))
		case len(letters) >= 3 && strings.HasPrefix(p.initials, letters):
			syllables = len(letters)
		default:
			continue
		}
		text := firstRunes(p.Text, max(2, syllables))
		if len(texts) < maxHomophones && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

// touched is how many syllables the first n letters reach into.
func touched(pinyin string, n int) int {
	syllables := 0
	for s := range strings.FieldsSeq(pinyin) {
		if n <= 0 {
			break
		}
		n -= len(s)
		syllables++
	}
	return syllables
}

// withSynonyms adds a reading for each replacement of each phrase. Replacements are not replaced again.
func withSynonyms(ctx context.Context, d Dictionary, readings []Reading) ([]Reading, error) {
	synonyms, err := d.Synonyms(ctx)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(readings)
	for _, r := range readings {
		for i := 0; i < len(r.Text); {
			n, to := synonyms.at(r.Text, i)
			for _, t := range to {
				out = append(out, Reading{Text: replaced(r.Text[:i], t, r.Text[i+n:]), Weight: float64(r.Weight * weightSynonym)})
			}
			if n == 0 {
				_, n = utf8.DecodeRuneInString(r.Text[i:])
			}
			i += n
		}
	}
	return out, nil
}

// replaced joins three texts; Latin words do not grow together.
func replaced(before, with, after string) string {
	if joins(before, with) {
		before += " "
	}
	if joins(with, after) {
		with += " "
	}
	return before + with + after
}

// slotted gives the first readings their slots, and leaves out those that ask for the same as an earlier one.
func slotted(all []Reading) []Reading {
	var out []Reading
	for _, r := range all {
		if len(out) == MaxReadings {
			break
		}
		r.Slots = slotsOf(r.Text)
		same := func(o Reading) bool {
			return slices.EqualFunc(o.Slots, r.Slots, func(a, b Slot) bool { return a[0].Term == b[0].Term })
		}
		if len(r.Slots) > 0 && !slices.ContainsFunc(out, same) {
			out = append(out, r)
		}
	}
	return out
}

// widen gives Latin words their alternatives: words that begin with them, or that a slip of the hand turns into them.
func widen(ctx context.Context, d Dictionary, slots []Slot) error {
	for i, slot := range slots {
		term := slot[0].Term
		if len(term) < 3 || term[0] < 'a' || term[0] > 'z' {
			continue
		}
		at, err := d.Letter(ctx, term[0])
		if err != nil {
			return err
		}
		for _, w := range at.Words {
			if len(slots[i]) > maxExpansions {
				break
			}
			switch {
			case w.Text == term:
			case strings.HasPrefix(w.Text, term):
				slots[i] = append(slots[i], Alternative{w.Text, weightPrefix})
			case len(term) >= 4 && strings.HasPrefix(w.Text, term[:2]) && oneSlip(w.Text, term):
				slots[i] = append(slots[i], Alternative{w.Text, weightTypo})
			}
		}
	}
	return nil
}

// oneSlip reports whether a differs from b by one character too many, too few or another, or by two neighbours swapped.
func oneSlip(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) > len(b) {
		return a[i+1:] == b[i:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// limitTerms drops the least alternatives, and then the last readings, until the different terms are few enough.
func limitTerms(readings []Reading) []Reading {
	type place struct {
		reading, slot int
		term          string
		weight        float64
	}
	uses := map[string]int{}
	var places []place
	for i, r := range readings {
		for j, s := range r.Slots {
			for _, a := range s {
				uses[a.Term]++
				places = append(places, place{i, j, a.Term, float64(r.Weight * a.Weight)})
			}
		}
	}
	drop := func(term string) {
		if uses[term]--; uses[term] == 0 {
			delete(uses, term)
		}
	}
	slices.Reverse(places) // among equals, the last goes first
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.weight, b.weight) })
	for _, p := range places {
		if len(uses) <= MaxTerms {
			return readings
		}
		slot := &readings[p.reading].Slots[p.slot]
		if len(*slot) == 1 {
			continue
		}
		*slot = slices.DeleteFunc(*slot, func(a Alternative) bool { return a.Term == p.term })
		drop(p.term)
	}
	for len(uses) > MaxTerms && len(readings) > 1 {
		last := len(readings) - 1
		for _, s := range readings[last].Slots {
			drop(s[0].Term)
		}
		readings = readings[:last]
	}
	return readings
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
