// Package tools holds the repository itself to its rules: what no single package can prove about all of them.
package tools

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/tree"
)

// root is the root of the repository; tests run in the folder of their package.
const root = ".."

// TestMetadataIsCanonical is `odc fmt -l` over all records.
func TestMetadataIsCanonical(t *testing.T) {
	changed, findings, err := tree.Format(os.DirFS(root), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range changed {
		t.Errorf("%s is not in canonical form; run: go tool odc fmt", f.Path)
	}
	for _, f := range findings {
		t.Errorf("%s: %s [%s]", f.Place(), f.Message.En, f.Rule)
	}
}

// forbidden is what no file of the project may say. The words are put together here so that this file may stand too.
var forbidden = map[string]*regexp.Regexp{
	"a path of somebody's machine":        regexp.MustCompile(`(^|[^\w.])/(home|work|root|Users)/\w`),
	"a note of work left for another day": regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`),
	"a mark of an unsettled merge":        regexp.MustCompile(`(?m)^(<{7}|>{7}) `),
}

// TestNoFileSpeaksOfItsMaking looks through every text of the project but the data files, which `odc data` judges.
func TestNoFileSpeaksOfItsMaking(t *testing.T) {
	seen := 0
	walkProject(t, func(path string, src []byte) {
		if strings.HasPrefix(path, "datasets/") || strings.Contains(path, "/testdata/fuzz/") || bytes.IndexByte(src, 0) >= 0 {
			return
		}
		seen++
		for what, words := range forbidden {
			if at := words.FindIndex(src); at != nil {
				t.Errorf("%s:%d holds %s: %q", path, 1+bytes.Count(src[:at[0]], []byte("\n")), what, src[at[0]:at[1]])
			}
		}
	})
	if seen < 500 {
		t.Errorf("only %d texts were read", seen)
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)

// TestDocumentsLinkToFiles follows the links between the documents of the repository. Pages of the portal are not
// among them: their links are addresses of the site, which the journeys follow.
func TestDocumentsLinkToFiles(t *testing.T) {
	followed := 0
	walkProject(t, func(name string, src []byte) {
		if !strings.HasSuffix(name, ".md") || strings.HasPrefix(name, "content/") {
			return
		}
		for _, m := range link.FindAllSubmatch(src, -1) {
			target := string(m[1])
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			followed++
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, target)
			}
		}
	})
	if followed < 50 {
		t.Errorf("only %d links were followed", followed)
	}
}

// walkProject visits every file that belongs to the project: not what git ignores, not git itself.
func walkProject(t *testing.T, visit func(path string, src []byte)) {
	t.Helper()
	repository := os.DirFS(root)
	made := map[string]bool{
		".git": true, "build": true, "tools/e2e/node_modules": true, "tools/e2e/test-results": true, "tools/e2e/report": true,
	}
	err := fs.WalkDir(repository, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case made[path] && d.IsDir():
			return fs.SkipDir
		case made[path] || !d.Type().IsRegular():
			return nil // .git is a file in a linked work tree
		}
		src, err := fs.ReadFile(repository, path)
		if err != nil {
			return err
		}
		visit(path, src)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
