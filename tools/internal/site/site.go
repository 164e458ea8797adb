// Package site renders pages: it starts Hugo as a child process with fixed arguments. It is the only package that
// knows Hugo.
//
// Hugo is not linked: checking metadata must stay a small, quick program. The version pinned in go.mod is compiled once
// into build/cache, unless a binary of that very version stands beside odc. Hugo's own verbs are never passed through.
//
//	hugo, err := site.Hugo(ctx, site.Where{Root: root, Cache: "build/cache"}, progress)
//	err = hugo.Render(ctx, site.Request{Root: root, Out: "build/pages", BaseURL: "https://data.example/"})
package site

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Where says where to look for Hugo.
type Where struct {
	Root  string // of the repository: its go.mod pins the version
	Cache string // folder for the compiled binary
	// Beside is the folder of the running program; a release archive carries hugo there. Empty: do not look.
	Beside string
}

// Binary is a Hugo of the pinned version.
type Binary struct {
	Path    string
	Version string // "v0.165.0"
}

// progressEvery is how often a long compilation says that it is alive.
const progressEvery = 20 * time.Second

const modulePath = "github.com/gohugoio/hugo"

// Hugo finds the pinned Hugo, compiling it when it is not there yet, which takes some minutes once.
// Progress is told what happens, at most every few seconds.
func Hugo(ctx context.Context, w Where, progress func(string)) (Binary, error) {
	version, err := pinned(filepath.Join(w.Root, "go.mod"))
	if err != nil {
		return Binary{}, err
	}
	if w.Beside != "" {
		b := Binary{filepath.Join(w.Beside, "hugo"), version}
		if ok, _ := b.matches(ctx); ok {
			return b, nil
		}
	}
	b := Binary{filepath.Join(w.Cache, "hugo-"+version, "hugo"), version}
	if ok, _ := b.matches(ctx); ok {
		return b, nil
	}
	return b, b.compile(ctx, w.Root, progress)
}

// pinned reads the version of Hugo that go.mod requires.
func pinned(goMod string) (string, error) {
	src, err := os.ReadFile(goMod)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(src)) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) >= 2 && fields[0] == modulePath {
			return fields[1], nil
		}
	}
	return "", fmt.Errorf("%s does not require %s", goMod, modulePath)
}

// matches runs the binary and compares its version.
func (b Binary) matches(ctx context.Context) (bool, error) {
	if _, err := os.Stat(b.Path); err != nil {
		return false, err
	}
	out, err := exec.CommandContext(ctx, b.Path, "version").Output()
	return err == nil && strings.Contains(string(out), "hugo "+b.Version), err
}

func (b Binary) compile(ctx context.Context, root string, progress func(string)) error {
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("hugo %s is not here and there is no go command to compile it: %w", b.Version, err)
	}
	if err := os.MkdirAll(filepath.Dir(b.Path), 0o755); err != nil {
		return err
	}
	// Two builds at once each compile their own: the later rename puts the same binary in the place of the earlier.
	dir, err := os.MkdirTemp(filepath.Dir(b.Path), "compiling-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	temp := filepath.Join(dir, "hugo")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", temp, modulePath)
	cmd.Dir = root
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	progress(fmt.Sprintf("compiling Hugo %s, once, in a few minutes", b.Version))
	for waited := progressEvery; ; waited += progressEvery {
		select {
		case err := <-done:
			if err != nil {
				return fmt.Errorf("compile hugo %s: %w\n%s", b.Version, err, tail(out.String(), 20))
			}
			if err := os.Rename(temp, b.Path); err != nil {
				return err
			}
			if ok, err := b.matches(ctx); !ok {
				return fmt.Errorf("the compiled hugo does not answer as %s: %v", b.Version, err)
			}
			return nil
		case <-tick.C:
			progress(fmt.Sprintf("compiling Hugo %s, %.0f s so far", b.Version, waited.Seconds()))
		}
	}
}

// Request is one rendering. Paths are absolute.
type Request struct {
	Root    string // with hugo.toml, content/, themes/ and build/data
	Out     string // emptied before by the caller
	Cache   string
	BaseURL string
}

// Render makes the pages. A warning is an error: a missing text or view must not reach readers.
func (b Binary) Render(ctx context.Context, r Request) error {
	cmd := exec.CommandContext(ctx, b.Path,
		"--source", r.Root, "--destination", r.Out, "--cacheDir", r.Cache, "--baseURL", strings.TrimSuffix(r.BaseURL, "/")+"/",
		"--noBuildLock", "--panicOnWarning", "--minify", "--quiet")
	// No clock, network or module cache of the machine may reach the pages.
	// A view is asked for once in each language, long apart: 0.5 GB of them is plenty, where Hugo by itself would fill a
	// quarter of the machine's memory, and spend more time on collecting it than on reading again.
	cmd.Env = append(os.Environ(), "HUGO_ENVIRONMENT=production", "TZ=UTC", "GOPROXY=off", "HUGO_MEMORYLIMIT=0.5")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("hugo: %w\n%s", err, explain(out.String()))
	}
	return nil
}

// explain keeps the lines of Hugo's output that name the trouble, without the stack of goroutines behind a panic.
func explain(out string) string {
	if i := strings.Index(out, "\ngoroutine "); i >= 0 {
		out = out[:i]
	}
	return tail(out, 30)
}

func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
