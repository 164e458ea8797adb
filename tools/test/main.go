// Command test runs everything the project proves: vet, staticcheck, all Go tests (with a real S3 server as child
// process), and the journeys in a real browser over the site built from this very tree.
//
// It installs what the browser tests need when it may: npm packages into tools/e2e, and Chromium from the system's
// packages when none is there.
//
//	go run ./tools/test          everything
//	go run ./tools/test -short   without the browser
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	short := flag.Bool("short", false, "leave out the browser")
	update := flag.Bool("screenshots", false, "only take the screenshots, into build/screenshots")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *short, *update); err != nil {
		fmt.Fprintf(os.Stderr, "test: %v\n", err)
		os.Exit(1)
	}
}

type step struct {
	name string
	dir  string
	args []string
}

func run(ctx context.Context, short, screenshots bool) error {
	root, err := output(ctx, ".", "go", "list", "-m", "-f", "{{.Dir}}", "opendata.example/odc")
	if err != nil {
		return fmt.Errorf("run it inside the repository: %w", err)
	}
	e2e := filepath.Join(root, "tools", "e2e")
	steps := []step{
		{"vet", root, []string{"go", "vet", "./..."}},
		{"vet the S3 server", filepath.Join(root, "tools", "s3dev"), []string{"go", "vet", "./..."}},
		// The linter has a module file of its own: its requirements are not the program's.
		{"staticcheck", root, []string{"go", "tool", "-modfile=tools/lint.mod", "staticcheck", "./..."}},
		// Before the tests, which render pages too: Hugo is compiled once, here, where its progress can be seen.
		{"build the site", root, []string{"go", "tool", "odc", "build"}},
		{"Go tests", root, []string{"go", "test", "-timeout", "20m", "./..."}},
		{"metadata is formatted", root, []string{"go", "tool", "odc", "fmt", "-l"}},
	}
	if screenshots {
		steps = nil
	}
	if !short {
		chromium, err := chromium(ctx)
		if err != nil {
			return err
		}
		if err := os.Setenv("CHROMIUM", chromium); err != nil {
			return err
		}
		journeys := []string{"npx", "playwright", "test"}
		if screenshots {
			journeys = []string{"npx", "playwright", "test", "--config", "screenshots.config.ts"}
		}
		steps = append(steps,
			step{"browser packages", e2e, []string{"npm", "ci", "--no-audit", "--no-fund"}},
			step{"types of the scripts", e2e, []string{"npm", "run", "--silent", "types"}},
			step{"journeys in the browser", e2e, journeys},
		)
	}
	for _, s := range steps {
		if err := s.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	fmt.Println("test: everything passed")
	return nil
}

func (s step) run(ctx context.Context) error {
	fmt.Printf("== %s: %s\n", s.name, strings.Join(s.args, " "))
	start := time.Now()
	cmd := exec.CommandContext(ctx, s.args[0], s.args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, os.Stdout, os.Stderr
	err := cmd.Run()
	fmt.Printf("== %s: %.0f s\n", s.name, time.Since(start).Seconds())
	return err
}

// chromium finds the browser or installs Debian's package, which needs root.
func chromium(ctx context.Context) (string, error) {
	names := []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return "", errors.New("the browser tests need Chromium; install it (Debian: apt-get install chromium fonts-noto-cjk) or pass -short")
	}
	for _, args := range [][]string{{"update", "-q"}, {"install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-noto-cjk"}} {
		s := step{"install Chromium", ".", append([]string{"apt-get"}, args...)}
		if err := s.run(ctx); err != nil {
			return "", fmt.Errorf("install chromium: %w", err)
		}
	}
	return exec.LookPath("chromium")
}

func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
