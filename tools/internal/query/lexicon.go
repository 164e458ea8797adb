package query

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lexicon is what the rewriter may know of a set of documents. Phrases and words are in the order of [ByUse].
type Lexicon struct {
	Phrases  []Phrase  `json:"phrases,omitempty"`
	Words    []Word    `json:"words,omitempty"`
	Synonyms []Synonym `json:"synonyms,omitempty"` // by text
}

// Phrase is something in Chinese that documents speak of, with one way to pronounce it.
type Phrase struct {
	Text   string `json:"text"`
	Pinyin string `json:"pinyin"` // by syllable: "gong jiao zhan"
	DF     int    `json:"df"`
}

// Joined is the pinyin as people type it: gongjiaozhan.
func (p Phrase) Joined() string { return strings.ReplaceAll(p.Pinyin, " ", "") }

// Initials are the first letters of the syllables: gjz.
func (p Phrase) Initials() string {
	var b strings.Builder
	for syllable := range strings.FieldsSeq(p.Pinyin) {
		b.WriteByte(syllable[0])
	}
	return b.String()
}

// Word is a term of the index that begins with a Latin letter.
type Word struct {
	Text string `json:"text"`
	DF   int    `json:"df"`
}

// ByUse is the order of words: most used first, then by text.
func ByUse(a, b Word) int { return cmp.Or(cmp.Compare(b.DF, a.DF), cmp.Compare(a.Text, b.Text)) }

// Synonym says what else may be meant by a phrase.
type Synonym struct {
	Text string   `json:"text"`
	To   []string `json:"to"`
}

// Letter is the part of a lexicon under one Latin letter.
type Letter struct {
	Phrases []Spelled
	Words   []Word
}

// Spelled is a phrase with its spellings at hand.
type Spelled struct {
	Phrase
	joined, initials string
}

// Spell computes the spellings of phrases.
func Spell(phrases []Phrase) []Spelled {
	out := make([]Spelled, len(phrases))
	for i, p := range phrases {
		out[i] = Spelled{p, p.Joined(), p.Initials()}
	}
	return out
}

// Dictionary is a store of a lexicon, read in the parts that a query needs. All lists are in the lexicon's order.
// Implementations are safe for concurrent use.
type Dictionary interface {
	// Letter returns the part under a letter a–z.
	Letter(ctx context.Context, letter byte) (*Letter, error)
	// Character returns the phrases that begin with a Chinese character, each text once.
	Character(ctx context.Context, first rune) ([]Phrase, error)
	// Synonyms returns all of them.
	Synonyms(ctx context.Context) (*Synonyms, error)
}

// Synonyms finds the longest phrase that stands at a place of a text.
type Synonyms struct {
	to      map[string][]string
	longest int // bytes
}

// NewSynonyms indexes a list.
func NewSynonyms(list []Synonym) *Synonyms {
	s := &Synonyms{to: make(map[string][]string, len(list))}
	for _, e := range list {
		s.to[e.Text] = e.To
		s.longest = max(s.longest, len(e.Text))
	}
	return s
}

// at is the length of the longest phrase that stands at i, and what it may be replaced by. A Latin phrase does not
// stand inside a longer word.
func (s *Synonyms) at(text string, i int) (int, []string) {
	for n := min(s.longest, len(text)-i); n > 0; n-- {
		to, ok := s.to[text[i:i+n]]
		if ok && !joins(text[:i], text[i:i+n]) && !joins(text[i:i+n], text[i+n:]) {
			return n, to
		}
	}
	return 0, nil
}

// joins reports whether two texts side by side would make one word.
func joins(left, right string) bool {
	return left != "" && right != "" && isWord(rune(left[len(left)-1])) && isWord(rune(right[0]))
}

// held is a dictionary in memory.
type held struct {
	letters    map[byte]*Letter
	characters map[rune][]Phrase
	synonyms   *Synonyms
}

// Held indexes a lexicon in memory.
func Held(l Lexicon) Dictionary {
	h := &held{letters: map[byte]*Letter{}, characters: map[rune][]Phrase{}, synonyms: NewSynonyms(l.Synonyms)}
	for _, p := range Spell(l.Phrases) {
		at := h.letter(p.joined[0])
		at.Phrases = append(at.Phrases, p)
		first, _ := utf8.DecodeRuneInString(p.Text)
		// Two pronunciations of one text stand side by side.
		if same := h.characters[first]; len(same) == 0 || same[len(same)-1].Text != p.Text {
			h.characters[first] = append(same, p.Phrase)
		}
	}
	for _, w := range l.Words {
		at := h.letter(w.Text[0])
		at.Words = append(at.Words, w)
	}
	return h
}

func (h *held) letter(b byte) *Letter {
	if h.letters[b] == nil {
		h.letters[b] = &Letter{}
	}
	return h.letters[b]
}

func (h *held) Letter(_ context.Context, letter byte) (*Letter, error) {
	if l := h.letters[letter]; l != nil {
		return l, nil
	}
	return &Letter{}, nil
}

func (h *held) Character(_ context.Context, first rune) ([]Phrase, error) {
	return h.characters[first], nil
}

func (h *held) Synonyms(context.Context) (*Synonyms, error) { return h.synonyms, nil }

// Suggestion is a phrase or word that what was typed may grow into.
type Suggestion struct {
	Text string `json:"text"`
	N    int    `json:"n"` // documents that have it
}

// Suggest completes what is being typed, in Chinese, pinyin, initials or Latin letters.
func Suggest(ctx context.Context, d Dictionary, typed string) ([]Suggestion, error) {
	text := Normalise(typed)
	out := []Suggestion{}
	add := func(s string, df int) {
		same := func(o Suggestion) bool { return o.Text == s }
		if len(out) < MaxSuggestions && s != text && !slices.ContainsFunc(out, same) {
			out = append(out, Suggestion{s, df})
		}
	}
	if first, _ := utf8.DecodeRuneInString(text); unicode.Is(unicode.Han, first) {
		phrases, err := d.Character(ctx, first)
		for _, p := range phrases {
			if strings.HasPrefix(p.Text, text) {
				add(p.Text, p.DF)
			}
		}
		return out, err
	}
	letters, ok := lettersOf(text)
	if !ok || letters == "" {
		return out, nil
	}
	at, err := d.Letter(ctx, letters[0])
	if err != nil {
		return nil, err
	}
	for _, p := range at.Phrases {
		if strings.HasPrefix(p.joined, letters) || strings.HasPrefix(p.initials, letters) {
			add(p.Text, p.DF)
		}
	}
	for _, w := range at.Words {
		if len(letters) >= 2 && strings.HasPrefix(w.Text, letters) {
			add(w.Text, w.DF)
		}
	}
	return out, nil
}

// lettersOf is a text of Latin letters and spaces, without the spaces.
func lettersOf(text string) (string, bool) {
	letters := strings.ReplaceAll(text, " ", "")
	for i := range len(letters) {
		if c := letters[i]; c < 'a' || c > 'z' {
			return "", false
		}
	}
	return letters, len(letters) <= maxLetters
}
