package tools

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
)

// TestWorkflows lints the workflows, and holds what a linter does not ask: no default permissions, actions pinned by
// commit, and every odc verb that is called existing.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := linter.LintFiles(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("%s:%d:%d: %s", f.Filepath, f.Line, f.Column, f.Message)
	}
	actions, err := filepath.Glob("../.github/actions/*/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`^(\./|[\w.-]+/[\w./-]+@[0-9a-f]{40}$)`)
	uses := regexp.MustCompile(`uses: (\S+)`)
	for _, file := range append(files, actions...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(file, "workflows") && !strings.Contains(string(src), "\npermissions: {}\n") {
			t.Errorf("%s grants permissions by default", file)
		}
		for _, m := range uses.FindAllStringSubmatch(string(src), -1) {
			if !pinned.MatchString(m[1]) {
				t.Errorf("%s uses %s, which is not pinned by commit", file, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`go tool odc ((?:store )?[a-z]+)`).FindAllStringSubmatch(string(src), -1) {
			if !verbExists(m[1]) {
				t.Errorf("%s calls odc %s, which does not exist", file, m[1])
			}
		}
	}
}

// verbExists looks for the verb's declaration in the program's source.
func verbExists(name string) bool {
	files, _ := filepath.Glob("cmd/odc/*.go")
	for _, f := range files {
		if src, err := os.ReadFile(f); err == nil && regexp.MustCompile(`name:\s+"`+name+`"`).Match(src) {
			return true
		}
	}
	return false
}
