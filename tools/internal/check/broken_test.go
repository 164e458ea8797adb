package check

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/rule"
	"opendata.example/odc/tools/internal/testrepo"
)

var day = rule.Env{AsOf: calendar.MustDate("2025-12-01"), Today: calendar.MustDate("2026-11-24")}

func TestValidRepositoryHasNoErrors(t *testing.T) {
	r, err := Tree(testrepo.Valid(t), day)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Severity == diag.Error {
			t.Errorf("%s: %s [%s]", f.Place(), f.Message.Zh, f.Rule)
		}
	}
}

// TestBrokenFiles puts one file with one defect into the valid repository. Each must give the named rule at the named
// line, with a text in both languages and a way to mend it.
func TestBrokenFiles(t *testing.T) {
	cases, err := filepath.Glob("testdata/broken/*.txt")
	if err != nil || len(cases) < 60 {
		t.Fatalf("%d broken files, %v", len(cases), err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			path, id, line, text := readCase(t, name)
			r, err := Tree(testrepo.Valid(t).Put(path, text), day)
			if err != nil {
				t.Fatal(err)
			}
			var seen []string
			for _, f := range r.Findings {
				if f.Severity != diag.Error {
					continue
				}
				seen = append(seen, fmt.Sprintf("%s %s %s", f.Rule, f.Place(), f.Message.Zh))
				if f.Path != path || f.Rule != id || f.Line != line {
					continue
				}
				if f.Message.Zh == "" || f.Message.En == "" || f.Hint.Zh == "" || f.Hint.En == "" {
					t.Errorf("finding without text or hint: %+v", f)
				}
				return
			}
			t.Errorf("want %s at %s:%d, got:\n%s", id, path, line, strings.Join(seen, "\n"))
		})
	}
}

// readCase reads a case: "path:" and "want:" lines, a line of three dashes, and the file. Bytes that no editor keeps are
// written as {{hex ff 00}}, long runs as {{repeat 1000 x}}, many keys as {{keys 501}}.
func readCase(t *testing.T, name string) (path, id string, line int, text string) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, body, ok := strings.Cut(string(src), "\n---\n")
	var want string
	if _, err := fmt.Sscanf(head, "path: %s\nwant: %s %d", &path, &want, &line); err != nil || !ok {
		t.Fatalf("%s: %v", name, err)
	}
	text = regexp.MustCompile(`\{\{(hex|repeat|keys) ([^}]*)\}\}`).ReplaceAllStringFunc(body, func(s string) string {
		verb, arg, _ := strings.Cut(strings.Trim(s, "{}"), " ")
		switch verb {
		case "hex":
			b, err := hex.DecodeString(strings.ReplaceAll(arg, " ", ""))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return string(b)
		case "repeat":
			count, what, _ := strings.Cut(arg, " ")
			n, err := strconv.Atoi(count)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return strings.Repeat(what, n)
		}
		n, err := strconv.Atoi(arg)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var keys strings.Builder
		for i := range n {
			fmt.Fprintf(&keys, "k%d: x\n", i)
		}
		return keys.String()
	})
	return path, want, line, text
}
