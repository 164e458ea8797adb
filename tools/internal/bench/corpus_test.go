package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/check"
	"opendata.example/odc/tools/internal/dataset"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/rule"
	"opendata.example/odc/tools/internal/tree"
)

const shipped = "../../.."

func corpus(t *testing.T, entries int, seed uint64) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "corpus")
	if err := Corpus(t.Context(), Plan{Source: shipped, Out: out, Entries: entries, Seed: seed}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCorpus(t *testing.T) {
	dir := corpus(t, 300, 1)
	t.Run("obeys every rule", func(t *testing.T) { obeysEveryRule(t, dir) })
	t.Run("is varied", func(t *testing.T) { isVaried(t, dir) })
}

func obeysEveryRule(t *testing.T, dir string) {
	if !Finished(dir, 300, 1) || Finished(dir, 301, 1) || Finished(dir, 300, 2) {
		t.Error("Finished does not tell this corpus from another")
	}
	day := calendar.MustDate("2025-12-01")
	r, err := check.Tree(os.DirFS(dir), rule.Env{AsOf: day, Today: day})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if !f.Clock { // a review that is due is a matter of the day, not of the record
			t.Errorf("%s: %s: %s", f.Severity, f.Place(), f.Message.En)
		}
	}
	changed, findings, err := tree.Format(os.DirFS(dir), []string{"metadata/catalog", "metadata/openlist", "metadata/determinations"})
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	for _, f := range changed {
		t.Fatalf("%s is not in the canonical form:\n%s", f.Path, f.Diff())
	}
	_, found, err := dataset.ProcessAll(t.Context(), r.Catalog, dataset.Options{Root: dir, Out: t.TempDir(), AsOf: day})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Severity != diag.Info {
			t.Errorf("%s: %s: %s", f.Severity, f.Place(), f.Message.En)
		}
	}
}

// isVaried counts what a realistic catalogue has of everything.
func isVaried(t *testing.T, dir string) {
	c, _, _, err := tree.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Entries) != 300 {
		t.Errorf("%d entries, want 300", len(c.Entries))
	}
	titles, abstracts := map[string]bool{}, map[string]bool{}
	seen := map[string]map[string]int{}
	count := func(what, value string) {
		if seen[what] == nil {
			seen[what] = map[string]int{}
		}
		seen[what][value]++
	}
	for _, e := range c.Entries {
		if !e.Illustrative {
			t.Errorf("%s is not marked as illustrative", e.Path)
		}
		if titles[e.Title] {
			t.Errorf("%s: title %s occurs twice", e.Path, e.Title)
		}
		titles[e.Title], abstracts[e.Abstract] = true, true
		count("domain", string(e.Domain))
		count("open type", string(e.Open.Type))
		count("share type", string(e.Share.Type))
		count("status", string(e.Status))
		count("frequency", string(e.UpdateFrequency))
		count("body", string(e.Dept))
		count("columns", columnNames(e))
	}
	for _, o := range c.OpenEntries {
		count("kind", string(o.ResourceKind))
		for _, d := range o.Distributions {
			count("format", string(d.Format))
		}
		if dataset.Takes(o) && o.Status == catalog.Published && o.Latest() == nil {
			t.Errorf("%s has no release", o.Path)
		}
	}
	if len(abstracts) < 290 {
		t.Errorf("%d different abstracts in 300 entries", len(abstracts))
	}
	for what, least := range map[string]int{
		"domain": 12, "open type": 3, "share type": 3, "status": 3, "frequency": 6, "body": 20, "columns": 20, "kind": 2, "format": 4,
	} {
		if len(seen[what]) < least {
			t.Errorf("%s: %d values, want at least %d: %v", what, len(seen[what]), least, seen[what])
		}
	}
}

func columnNames(e *catalog.Entry) string {
	var names []string
	for _, it := range e.Items {
		names = append(names, it.Name)
	}
	return strings.Join(names, " ")
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b, other := digests(t, corpus(t, 40, 7)), digests(t, corpus(t, 40, 7)), digests(t, corpus(t, 40, 8))
	if len(a) < 100 {
		t.Fatalf("only %d files", len(a))
	}
	for name, sum := range a {
		if b[name] != sum {
			t.Errorf("%s differs between two runs", name)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files, then %d", len(a), len(b))
	}
	differ := 0
	for name, sum := range other {
		if a[name] != sum {
			differ++
		}
	}
	if differ < 40 {
		t.Errorf("another seed changed only %d files", differ)
	}
}

// TestEntryIsTheSameInLargerCorpora lets figures at 1,000 and 10,000 entries be compared.
func TestEntryIsTheSameInLargerCorpora(t *testing.T) {
	small, large := digests(t, corpus(t, 20, 3)), digests(t, corpus(t, 60, 3))
	for name, sum := range small {
		if name != "build/corpus.json" && large[name] != sum {
			t.Errorf("%s differs in the larger corpus", name)
		}
	}
}

func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		sums[filepath.ToSlash(rel)] = hex.EncodeToString(sum.Sum(nil))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestSubjectsAreDistinct(t *testing.T) {
	if MaxEntries < 100_000 {
		t.Fatalf("only %d subjects", MaxEntries)
	}
	titles := make(map[string]int, MaxEntries)
	english := make(map[string]int, MaxEntries)
	for n := range MaxEntries {
		s := subjectOf(n)
		if first, taken := titles[s.title()]; taken {
			t.Fatalf("subjects %d and %d are both %s", first, n, s.title())
		}
		if first, taken := english[s.titleEn()]; taken {
			t.Fatalf("subjects %d and %d are both %s", first, n, s.titleEn())
		}
		titles[s.title()], english[s.titleEn()] = n, n
	}
}

func TestCorpusRefuses(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "mine"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		plan Plan
		want string
	}{
		{"no entries", Plan{Source: shipped, Out: filepath.Join(full, "a"), Entries: 0}, "not between 1 and"},
		{"more entries than subjects", Plan{Source: shipped, Out: filepath.Join(full, "b"), Entries: MaxEntries + 1}, "not between 1 and"},
		{"a folder with something in it", Plan{Source: shipped, Out: full, Entries: 1}, "is not empty"},
		{"a source without bodies", Plan{Source: full, Out: filepath.Join(full, "c"), Entries: 1}, "metadata"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := Corpus(t.Context(), tt.plan)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
