package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"opendata.example/odc/tools/internal/build"
	"opendata.example/odc/tools/internal/testrepo"
)

// testNow is the clock of every script: scripts that need another day pass --as-of.
var testNow = time.Date(2025, 12, 1, 10, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"fetch": fetch,
		"odc": func() {
			dir, _ := os.Getwd()
			e := &env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, dir: dir,
				now: func() time.Time { return testNow }, getenv: os.Getenv}
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			code := run(ctx, e, os.Args[1:])
			stop()
			os.Exit(code)
		},
	})
}

// TestScripts runs testdata/script/*.txtar: the specification of the command line.
// Accept new golden output with: UPDATE=1 go test ./tools/cmd/odc -run Scripts
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE") != "",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// valid lays the miniature repository into the working directory.
			"valid": func(ts *testscript.TestScript, _ bool, _ []string) { testrepo.Valid(t).WriteTo(ts.MkAbs(".")) },
			// site adds what its pages need: theme, settings, hand-written pages, and Hugo in build/cache.
			"site": func(ts *testscript.TestScript, _ bool, _ []string) {
				dir := ts.MkAbs(".")
				testrepo.Valid(t).WriteSite(dir, "../../..")
				ts.Check(shareHugo(t.Context(), "../../..", dir))
			},
			// lists gives it the whole vocabularies, of which the miniature has only what it uses.
			"lists": func(ts *testscript.TestScript, _ bool, _ []string) {
				lists := ts.MkAbs("metadata/vocab")
				ts.Check(os.RemoveAll(lists))
				ts.Check(os.CopyFS(lists, os.DirFS("../../../metadata/vocab")))
			},
		},
	})
}

// shareHugo makes the Hugo of this repository, compiled if need be, that of another.
func shareHugo(ctx context.Context, from, to string) error {
	hugo, err := build.FindHugo(from, "")(ctx, func(string) {})
	if err != nil {
		return err
	}
	name, err := filepath.Rel(from, hugo.Path)
	if err != nil {
		return err
	}
	target := filepath.Join(to, name)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	source, err := filepath.Abs(hugo.Path)
	if err != nil {
		return err
	}
	return os.Symlink(source, target)
}
