package query

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "accept new golden files")

// The vectors are what every other implementation of the analyzer must reproduce: a quoted text, then its terms.
func TestAnalyzerVectors(t *testing.T) {
	const file = "testdata/analyzer.txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	n := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			out.WriteString(line + "\n")
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			t.Fatalf("%s: %q: %v", file, line, err)
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %q: %v", file, line, err)
		}
		n++
		got, want := Terms(text), strings.Fields(line[len(quoted):])
		if !slices.Equal(got, want) && !*update {
			t.Errorf("Terms(%s) = %q, want %q", quoted, got, want)
		}
		fmt.Fprintln(&out, strings.TrimRight(quoted+" "+strings.Join(got, " "), " "))
	}
	if n < 100 {
		t.Errorf("%d vectors, want at least 100", n)
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A newer Unicode changes which code points are assigned and how they fold. That is a change of the contract.
func TestUnicodeVersionIsPinned(t *testing.T) {
	const pinned = "15.0.0"
	if unicode.Version != pinned || norm.Version != pinned {
		t.Errorf("Unicode %s and normalisation %s, but the contract is written for %s: review the vectors and raise query.Version",
			unicode.Version, norm.Version, pinned)
	}
}

func TestSimplifiedTableIsOneStep(t *testing.T) {
	table := simplified()
	if len(table) < 3000 {
		t.Fatalf("%d pairs: the table is not whole", len(table))
	}
	for from, to := range table {
		if _, again := table[to]; again || from == to {
			t.Errorf("%c → %c is not the end of the way", from, to)
		}
		if norm.NFKC.String(string(to)) != string(to) {
			t.Errorf("%c → %c is not in normal form", from, to)
		}
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"", "公交站", "長寧區 Bus-Stop 2025", "ＡＢＣ①㎡", "𠀀𠀁", "\xff\xfe公", "é́́́", "İstanbul"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		for _, term := range Terms(s) {
			if term == "" || !utf8.ValidString(term) {
				t.Fatalf("Terms(%q) has %q", s, term)
			}
			if again := split(term); len(again) != 1 || again[0] != term {
				t.Fatalf("Terms(%q): the term %q analyses to %q", s, term, again)
			}
			if !strings.Contains(folded, term) {
				t.Fatalf("Terms(%q): %q is not in the folded text %q", s, term, folded)
			}
		}
	})
}
