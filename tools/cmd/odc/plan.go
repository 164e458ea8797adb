package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/publish"
)

func verbPlan() verb {
	return verb{
		name: "plan", group: "release", summary: "say what publishing would change, and whether a rule stands against it",
		help: `example:
  odc plan                                            build/public against build/store
  odc plan --store s3:https://s3.example.cn/portal    against what is live in a bucket
  odc plan --json | jq .plan.entries_removed

Nothing is written to the store.

` + storeExitCodes,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			at, what := newStoreFlags(fs), newTreeFlags(fs)
			asJSON := fs.Bool("json", false, "print the plan as JSON")
			verbose := fs.Bool("v", false, "list every file")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("plan takes no arguments: %q", "see “odc plan -h”", args[0])
				}
				s, err := at.open(e)
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				defer s.Close()
				o, err := what.options(e, s)
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				o.DryRun = true
				result, refused := publish.Publish(ctx, o)
				if result == nil {
					return e.storeFailed(ctx, refused)
				}
				if *asJSON {
					err = e.printJSON(result)
				} else {
					err = printPlan(e.stdout, result, *verbose)
				}
				switch {
				case err != nil:
					return e.failed(ctx, err, "")
				case refused != nil:
					return e.storeFailed(ctx, refused)
				}
				return exitOK
			}
		},
	}
}

func printPlan(w io.Writer, r *publish.Result, verbose bool) error {
	p := r.Plan
	on := "the first release of " + r.Channel
	if r.Parent != "" {
		on = "on top of release " + r.Parent + " of " + r.Channel
	}
	if _, err := fmt.Fprintf(w, "%s: %d files, %s\n", on, p.Files, folder.Size(p.Bytes)); err != nil {
		return err
	}
	if p.Same() {
		_, err := fmt.Fprintln(w, "no change")
		return err
	}
	fmt.Fprintf(w, "files:   %d added, %d changed, %d removed\n", len(p.Added), len(p.Changed), len(p.Removed))
	if verbose {
		printList(w, "+", p.Added)
		printList(w, "~", p.Changed)
		printList(w, "-", p.Removed)
	}
	fmt.Fprintf(w, "blobs:   %d new, %s\n", p.Upload, folder.Size(p.UploadBytes))
	fmt.Fprintf(w, "entries: %d added, %d changed, %d removed\n", len(p.EntriesAdded), len(p.EntriesChanged), len(p.EntriesRemoved))
	printList(w, "+", p.EntriesAdded)
	printList(w, "~", p.EntriesChanged)
	printList(w, "-", p.EntriesRemoved)
	verdict := "may be published"
	if len(p.Refusals) > 0 {
		verdict = "refused"
	}
	_, err := fmt.Fprintf(w, "verdict: %s\n", verdict)
	return err
}

func printList(w io.Writer, mark string, list []string) {
	for _, s := range list {
		fmt.Fprintf(w, "  %s %s\n", mark, s)
	}
}
