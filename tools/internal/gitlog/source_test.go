package gitlog

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestSourceFindsAnEarlierFileUnderAnotherName(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	put := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, "datasets/d/e"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "datasets/d/e", name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	put("旧.csv", "a\n1\n")
	git("add", ".")
	git("commit", "-qm", "one")
	git("rm", "-q", "datasets/d/e/旧.csv")
	put("new.csv", "a\n2\n")
	git("add", ".")
	git("commit", "-qm", "two")

	sum := sha256.Sum256([]byte("a\n1\n"))
	name, content, err := Source(t.Context(), dir, "datasets/d/e", hex.EncodeToString(sum[:]))
	if err != nil || name != "旧.csv" || string(content) != "a\n1\n" {
		t.Errorf("got %q %q %v", name, content, err)
	}
	if _, content, err := Source(t.Context(), dir, "datasets/d/e", "00"); err != nil || content != nil {
		t.Errorf("an unknown digest gave %q %v", content, err)
	}
	if _, content, err := Source(t.Context(), t.TempDir(), "datasets/d/e", "00"); err != nil || content != nil {
		t.Errorf("a folder without git gave %q %v", content, err)
	}
}
