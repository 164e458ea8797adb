package dataset

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryCodeIsDocumented compares the codes that the sources raise with the table of tools/doc/data.md.
func TestEveryCodeIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../doc/data.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(doc), "## Findings")
	raised := map[string]bool{"pii-P01": true, "pii-P03": true}
	call := regexp.MustCompile(`(?:Rule: |Rule = |refuse\(|report\(|find\()"([a-zR][a-z0-9-]*[a-z0-9])"`)
	for _, pattern := range []string{"*.go", "../table/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range call.FindAllStringSubmatch(string(src), -1) {
				raised[m[1]] = true
			}
		}
	}
	if len(raised) < 40 {
		t.Fatalf("only %d codes found: the pattern no longer fits the sources", len(raised))
	}
	for code := range raised {
		if !strings.Contains(table, "`"+code+"`") {
			t.Errorf("code %s is not in tools/doc/data.md", code)
		}
	}
	for _, m := range regexp.MustCompile("`([a-zR][a-zP0-9-]+)`").FindAllStringSubmatch(table, -1) {
		if !raised[m[1]] && !strings.Contains(m[1], "_") {
			t.Errorf("tools/doc/data.md names %s, which nothing raises", m[1])
		}
	}
}
