package query

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed simplified.txt
var simplifiedTable string

// simplified maps traditional characters to simplified ones, one to one. Phrases are not needed: query and record go
// through the same table, so 乾 and 干 meet whatever they mean.
var simplified = sync.OnceValue(func() map[rune]rune {
	table := make(map[rune]rune, 4096)
	for line := range strings.Lines(simplifiedTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for pair := range strings.FieldsSeq(line) {
			from, n := utf8.DecodeRuneInString(pair)
			to, _ := utf8.DecodeRuneInString(pair[n:])
			table[from] = to
		}
	}
	return table
})

// Fold brings a text into the form in which it is compared: compatibility forms resolved (ＡＢＣ, ㎡, ⼀), traditional
// characters simplified, Latin capitals small. Only A–Z are made small: beyond them, languages and programs disagree.
// A code point that Unicode has not assigned yet becomes a space, so that a later Unicode cannot change an answer.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x80 && unicode.Is(unicode.Cn, r) {
			return ' '
		}
		return r
	}, s)
	table := simplified()
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case r < 0x80:
			return r
		}
		if to, ok := table[r]; ok {
			return to
		}
		return r
	}, norm.NFKC.String(s))
}

// Terms analyses a text: overlapping pairs of a run of Chinese characters (公交站 → 公交, 交站; a run of one stays one),
// and words of a–z and 0–9. Everything else separates. It is the same for records and queries.
func Terms(text string) []string { return split(Fold(text)) }

// split cuts a folded text into terms.
func split(folded string) []string {
	var terms []string
	for i := 0; i < len(folded); {
		r, n := utf8.DecodeRuneInString(folded[i:])
		switch {
		case isWord(r):
			end := i
			for end < len(folded) && isWord(rune(folded[end])) {
				end++
			}
			terms = append(terms, folded[i:end])
			i = end
		case unicode.Is(unicode.Han, r):
			end := hanEnd(folded, i)
			terms = appendBigrams(terms, folded[i:end])
			i = end
		default:
			i += n
		}
	}
	return terms
}

func isWord(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }

// hanEnd is where the run of Chinese characters that begins at i ends.
func hanEnd(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !unicode.Is(unicode.Han, r) {
			break
		}
		i += n
	}
	return i
}

// appendBigrams appends the overlapping pairs of a run of Chinese characters.
func appendBigrams(terms []string, run string) []string {
	first := 0
	_, second := utf8.DecodeRuneInString(run)
	if second == len(run) {
		return append(terms, run)
	}
	for second < len(run) {
		_, n := utf8.DecodeRuneInString(run[second:])
		terms = append(terms, run[first:second+n])
		first, second = second, second+n
	}
	return terms
}
