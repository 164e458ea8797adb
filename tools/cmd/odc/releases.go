package main

import (
	"context"
	"flag"
	"fmt"
	"text/tabwriter"

	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/publish"
)

func verbReleases() verb {
	return verb{
		name: "releases", group: "release", summary: "list what was live in a channel, newest first",
		help: `example:
  odc releases                                          of build/store, channel prod
  odc releases --store s3:https://s3.example.cn/portal --channel staging --limit 5

“*” marks what is live. Signatures and the chain of the log are checked on the way.

` + storeExitCodes,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			at := newStoreFlags(fs)
			limit := fs.Int("limit", 20, "at most so many `releases`")
			asJSON := fs.Bool("json", false, "print one JSON array")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("releases takes no arguments: %q", "see “odc releases -h”", args[0])
				}
				s, err := at.open(e)
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				defer s.Close()
				rows, err := publish.Releases(ctx, s.Channel, *limit)
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				if *asJSON {
					err = e.printJSON(append([]publish.Row{}, rows...)) // none is an empty array, not null
				} else {
					err = printReleases(e, rows)
				}
				if err != nil {
					return e.failed(ctx, err, "")
				}
				if len(rows) == 0 {
					fmt.Fprintf(e.stderr, "odc: channel %s of %s has no release yet\n", s.Name, s.address)
				}
				return exitOK
			}
		},
	}
}

func printReleases(e *env, rows []publish.Row) error {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		mark, signed := " ", "signed"
		if r.Live {
			mark = "*"
		}
		if !r.Signed {
			signed = "unsigned"
		}
		fmt.Fprintf(w, "%s %d\t%s\t%s\t%s\t%s\t%.12s\t%d files\t%s\t%s\t%s\n", mark, r.Seq, r.Kind, r.Release, r.Time.UTC().Format("2006-01-02 15:04:05Z"), signed, r.Commit, r.Files, folder.Size(r.Bytes), r.Writer, r.Note)
	}
	return w.Flush()
}
