// Package testrepo is a valid miniature repository for tests, to be broken in one place at a time.
//
// It is imported by tests only.
//
//	r := testrepo.Valid(t)
//	r.Edit("metadata/catalog/minzheng/community-canteens.yaml", "domain: livelihood", "domain: 民生服务")
//	c, at, findings, err := tree.Load(r)
package testrepo

import (
	_ "embed"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

//go:embed valid.txtar
var valid []byte

// Paths of the records that most tests break.
const (
	Entry       = "metadata/catalog/minzheng/community-canteens.yaml" // unconditional, published, with a data file
	Conditional = "metadata/catalog/fuban/hotline-orders.yaml"
	Closed      = "metadata/catalog/minzheng/assistance-recipients.yaml"
	OpenEntry   = "metadata/openlist/minzheng/community-canteens.yaml"
	OnRequest   = "metadata/openlist/fuban/hotline-orders.yaml"
	Decisions   = "metadata/determinations/minzheng/community-canteens.yaml"
	Department  = "metadata/departments/minzheng.yaml"
	Law         = "metadata/laws/changning-2021-2.yaml"
	Regime      = "metadata/regimes/cn-2021.yaml"
	Source      = "datasets/minzheng/community-canteens/canteens.csv"
)

// Repo is a repository in memory: an [fs.FS] that can be changed.
type Repo struct {
	fstest.MapFS
	t testing.TB
}

// Valid returns a fresh copy of the miniature repository.
func Valid(t testing.TB) *Repo {
	r := &Repo{MapFS: fstest.MapFS{}, t: t}
	for _, f := range txtar.Parse(valid).Files {
		r.Put(f.Name, string(f.Data))
	}
	return r
}

// Put writes a file.
func (r *Repo) Put(path, text string) *Repo {
	r.MapFS[path] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	return r
}

// Text returns a file's text; a file that is not there fails the test.
func (r *Repo) Text(path string) string {
	r.t.Helper()
	f := r.MapFS[path]
	if f == nil {
		r.t.Fatalf("testrepo: no file %s", path)
	}
	return string(f.Data)
}

// Edit replaces a text that occurs exactly once in a file: a mutation that no longer fits fails the test.
func (r *Repo) Edit(path, from, to string) *Repo {
	r.t.Helper()
	text := r.Text(path)
	if n := strings.Count(text, from); n != 1 {
		r.t.Fatalf("testrepo: %q occurs %d times in %s", from, n, path)
	}
	return r.Put(path, strings.Replace(text, from, to, 1))
}

// Remove deletes a file.
func (r *Repo) Remove(path string) *Repo {
	r.t.Helper()
	r.Text(path)
	delete(r.MapFS, path)
	return r
}

// Line is the number of the line that holds a text which occurs once in a file.
func (r *Repo) Line(path, text string) int {
	r.t.Helper()
	before, _, found := strings.Cut(r.Text(path), text)
	if !found {
		r.t.Fatalf("testrepo: %s does not hold %q", path, text)
	}
	return strings.Count(before, "\n") + 1
}

// WriteTo copies the repository into a folder.
func (r *Repo) WriteTo(dir string) {
	r.t.Helper()
	err := fs.WalkDir(r.MapFS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, r.MapFS[name].Data, 0o644)
	})
	if err != nil {
		r.t.Fatalf("testrepo: %v", err)
	}
}

// WriteSite copies the repository into a folder together with the theme, the settings and the hand-written pages of the
// real one, so that its pages can be rendered. repository is the root of the real one.
func (r *Repo) WriteSite(dir, repository string) {
	r.t.Helper()
	r.WriteTo(dir)
	for _, name := range []string{"themes", "content"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(repository, name))); err != nil {
			r.t.Fatalf("testrepo: %v", err)
		}
	}
	for _, name := range []string{"go.mod", "hugo.toml"} {
		src, err := os.ReadFile(filepath.Join(repository, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), src, 0o644)
		}
		if err != nil {
			r.t.Fatalf("testrepo: %v", err)
		}
	}
}
