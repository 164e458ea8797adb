package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"opendata.example/odc/tools/internal/build"
	"opendata.example/odc/tools/internal/check"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/export"
	"opendata.example/odc/tools/internal/publish"
	"opendata.example/odc/tools/internal/store"
)

func verbBuild() verb {
	return verb{
		name: "build", group: "make", summary: "everything into build/public: check, data, feeds, index, pages",
		help: `The feeds of changes continue those of a release: by default of channel prod in dir:build/store, if there is one.

example:
  odc build
  odc build --previous s3:https://host/bucket#prod --as-of today
  odc build --previous none            begin the history of changes anew

exit codes: 0 built, 1 errors in records or data files, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			asOf := asOfFlag(fs)
			previous := fs.String("previous", "", "`STORE#CHANNEL` whose release the feeds continue (channel: prod), or none")
			asJSON := fs.Bool("json", false, "print one JSON object at the end")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("build takes no arguments: %q", "run “odc build -h”", args[0])
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				result, code := e.build(ctx, root, *asOf, *previous)
				if code != exitOK {
					return code
				}
				if *asJSON {
					if err := e.printJSON(map[string]any{"public": result.Public, "files": result.Files, "created_from": result.Release.CreatedFrom}); err != nil {
						return e.failed(ctx, err, "")
					}
					return exitOK
				}
				fmt.Fprintf(e.stdout, "%s\n", result.Public)
				return exitOK
			}
		},
	}
}

// build runs the composer and prints one line a step; findings go where “odc check” would print them.
func (e *env) build(ctx context.Context, root, asOf, previous string) (*build.Result, int) {
	day, head, err := check.Days(ctx, root, asOf, e.today())
	if err != nil {
		return nil, e.wrong("%v", "dates are CCYY-MM-DD, or today", err)
	}
	o := build.Options{Root: root, Day: day, Head: head, Now: e.now, Progress: e.step, Hugo: build.FindHugo(root, besideHugo())}
	if o.Previous, o.PreviousID, err = e.previous(ctx, root, previous); err != nil {
		return nil, e.failed(ctx, err, "--previous none begins the history of changes anew")
	}
	result, err := build.Run(ctx, o)
	if err != nil {
		return nil, e.buildFailed(ctx, err)
	}
	return result, exitOK
}

// buildFailed prints the findings that stopped a build, or why it could not run.
func (e *env) buildFailed(ctx context.Context, err error) int {
	var found *build.FindingsError
	if !errors.As(err, &found) {
		return e.failed(ctx, err, "")
	}
	if err := diag.Print(e.stdout, found.Findings, diag.Zh, false); err != nil {
		return e.failed(ctx, err, "")
	}
	fmt.Fprintf(e.stderr, "odc: %v\n", found)
	return exitFindings
}

// besideHugo is the folder of the running program, where a release archive carries Hugo; empty when nobody knows.
func besideHugo() string {
	exe, err := os.Executable()
	if err != nil {
		return ""
	}
	return filepath.Dir(exe)
}

// step prints a step of a build: a finished one with its time, a running one as it is.
func (e *env) step(s build.Step) {
	if s.Took == 0 {
		fmt.Fprintf(e.stderr, "odc: %-9s %s\n", s.Name, s.Detail)
		return
	}
	fmt.Fprintf(e.stderr, "odc: %-9s %-62s %6.1f s\n", s.Name, s.Detail, s.Took.Round(100*time.Millisecond).Seconds())
}

// previous opens the release whose feeds a build continues: STORE#CHANNEL, none, or by default the local store when it
// has one.
func (e *env) previous(ctx context.Context, root, named string) (export.Previous, string, error) {
	if named == "none" {
		return nil, "", nil
	}
	address, channel := "dir:"+filepath.Join(root, "build", "store"), "prod"
	if named != "" {
		address, channel, _ = strings.Cut(named, "#")
		channel = cmp.Or(channel, "prod")
	}
	flags := storeFlags{&address, &channel}
	if named == "" && !isDir(filepath.Join(root, "build", "store")) {
		return nil, "", nil
	}
	s, err := flags.open(e)
	if err != nil {
		return nil, "", err
	}
	reader, err := publish.OpenReader(ctx, s.Store, s.Name, s.Trust)
	if errors.Is(err, store.ErrNotFound) {
		// Right before the first release of a channel, and what a wrong channel or prefix looks like.
		fmt.Fprintf(e.stderr, "odc: channel %s of %s has no release yet: the history of changes begins anew\n", channel, address)
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	previous, err := build.PreviousOf(ctx, reader.Current())
	return previous, reader.Current().ID(), err
}
