package gitlog

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestHead(t *testing.T) {
	dir := t.TempDir()
	if r, err := Head(t.Context(), dir); err != nil || r != (Revision{}) {
		t.Fatalf("without git: %+v, %v; want the zero revision", r, err)
	}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.org"}, args...)...)
		// Late on the last day of the year in UTC is the new year in China.
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2025-12-31T20:00:00Z", "GIT_AUTHOR_DATE=2025-12-31T20:00:00Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q")
	if r, err := Head(t.Context(), dir); err != nil || r.Commit != "" {
		t.Fatalf("before the first commit: %+v, %v", r, err)
	}
	file := filepath.Join(dir, "a.yaml")
	if err := os.WriteFile(file, []byte("a: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git("add", ".")
	git("commit", "-qm", "a")
	r, err := Head(t.Context(), dir)
	if err != nil || !r.Clean() || r.Date.String() != "2026-01-01" || len(r.Commit) < 40 {
		t.Fatalf("after a commit: %+v, %v; want a clean revision of 2026-01-01", r, err)
	}
	if err := os.WriteFile(file, []byte("a: 2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r, err := Head(t.Context(), dir); err != nil || r.Clean() {
		t.Fatalf("after an edit: %+v, %v; want a dirty revision", r, err)
	}
}
