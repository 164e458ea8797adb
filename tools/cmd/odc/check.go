package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/check"
	"opendata.example/odc/tools/internal/diag"
)

func verbCheck() verb {
	return verb{
		name: "check", group: "write", summary: "judge all records; say where, why and how to mend",
		help: `example:
  odc check                    the tree on the day of its commit
  odc check --as-of 2026-01-01 the same tree on another day
  odc check --json | jq '.[] | select(.severity == "error")'

Findings about the clock (a basis lapsed, a review due) are warnings, one line for each rule unless -v.

exit codes: 0 no error (warnings included), 1 errors found, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			asOf := asOfFlag(fs)
			out := findingFlags(fs)
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("check takes no arguments, it always judges the whole tree: %q", "run “odc check”", args[0])
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				day, _, err := check.Days(ctx, root, *asOf, e.today())
				if err != nil {
					return e.wrong("%v", "dates are CCYY-MM-DD, or today", err)
				}
				report, err := check.Tree(os.DirFS(root), day)
				if err != nil {
					return e.failed(ctx, err, "")
				}
				if err := out.print(e.stdout, report.Findings); err != nil {
					return e.failed(ctx, err, "")
				}
				if !*out.json && !*out.github {
					fmt.Fprintf(e.stderr, "odc: %d catalogue entries, %d open-list entries as of %s: %s\n", len(report.Catalog.Entries),
						len(report.Catalog.OpenEntries), day.AsOf, diag.Summary(report.Findings, out.language()))
				}
				if diag.Errors(report.Findings) > 0 {
					return exitFindings
				}
				return exitOK
			}
		},
	}
}

// asOfFlag declares the day of judgement that most verbs share.
func asOfFlag(fs *flag.FlagSet) *string {
	return fs.String("as-of", "", "`day` whose law applies: CCYY-MM-DD or today (default: the day of the commit on a clean tree, else today)")
}

func (e *env) today() calendar.Date { return calendar.DateOf(e.now()) }

// findingOutput is how a verb prints findings.
type findingOutput struct {
	json, github, verbose *bool
	lang                  *string
}

func findingFlags(fs *flag.FlagSet) findingOutput {
	return findingOutput{
		json:    fs.Bool("json", false, "print one JSON array with both languages"),
		github:  fs.Bool("github", false, "print annotations for GitHub"),
		verbose: fs.Bool("v", false, "print every finding about the clock"),
		lang:    fs.String("lang", "zh", "`language` of the text: zh or en"),
	}
}

func (o findingOutput) language() diag.Lang {
	if diag.Lang(*o.lang) == diag.En {
		return diag.En
	}
	return diag.Zh
}

func (o findingOutput) print(w io.Writer, fs []diag.Finding) error {
	fs = slices.Clone(fs)
	switch {
	case *o.json:
		return diag.PrintJSON(w, fs)
	case *o.github:
		return diag.PrintGitHub(w, fs)
	}
	return diag.Print(w, fs, o.language(), *o.verbose)
}
