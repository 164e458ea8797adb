package site

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPinnedReadsGoMod(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"block":  {"module x\n\nrequire (\n\tgithub.com/gohugoio/hugo v0.1.2 // indirect\n)\n", "v0.1.2"},
		"single": {"require github.com/gohugoio/hugo v0.3.4\n", "v0.3.4"},
		"other":  {"require github.com/gohugoio/hugoDocs v1.0.0\n", ""},
	} {
		file := filepath.Join(t.TempDir(), "go.mod")
		if err := os.WriteFile(file, []byte(c.src), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := pinned(file)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
}

// A binary beside odc is used only when it is the pinned version; a stand-in script shows which one ran.
func TestHugoPrefersTheBinaryBesideOdc(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "require github.com/gohugoio/hugo v0.1.2\n", 0o644)
	write("bin/hugo", "#!/bin/sh\necho hugo v0.9.9+other\n", 0o755)
	write("cache/hugo-v0.1.2/hugo", "#!/bin/sh\necho hugo v0.1.2 linux\n", 0o755)
	where := Where{Root: dir, Cache: filepath.Join(dir, "cache"), Beside: filepath.Join(dir, "bin")}
	silent := func(string) {}
	b, err := Hugo(t.Context(), where, silent)
	if err != nil || !strings.Contains(b.Path, "cache") {
		t.Fatalf("with another version beside: %+v, %v; want the one in the cache", b, err)
	}
	write("bin/hugo", "#!/bin/sh\necho hugo v0.1.2 linux\n", 0o755)
	b, err = Hugo(t.Context(), where, silent)
	if err != nil || !strings.Contains(b.Path, "bin") {
		t.Fatalf("with the pinned version beside: %+v, %v; want that one", b, err)
	}
	write("bin/hugo", "#!/bin/sh\necho 'ERROR it broke'; echo 'goroutine 1'; exit 1\n", 0o755)
	err = Binary{Path: b.Path}.Render(t.Context(), Request{Root: dir})
	if err == nil || !strings.Contains(err.Error(), "it broke") || strings.Contains(err.Error(), "goroutine") {
		t.Fatalf("a failing Hugo: %v; want its message without the stack", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Render(cancelled, Request{Root: dir}); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
}
