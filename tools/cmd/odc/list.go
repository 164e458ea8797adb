package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/listing"
	"opendata.example/odc/tools/internal/tree"
)

func verbList() verb {
	return verb{
		name: "list", group: "look", synopsis: "[options] [catalog | openlist | departments | laws | vocab]", summary: "list records, by default the catalogue entries",
		help: `Records that cannot be read are not listed; “odc check” says why.

example:
  odc list openlist --dept minzheng
  odc list --open closed --json catalog

exit codes: 0 fine, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			dept := fs.String("dept", "", "only of this `organisation`")
			domain := fs.String("domain", "", "only of this domain `code`")
			open := fs.String("open", "", "only with this opening type: unconditional, conditional or closed (`code`)")
			status := fs.String("status", "", "only with this status `code`")
			asJSON := fs.Bool("json", false, "print one JSON array")
			return func(ctx context.Context, e *env, args []string) int {
				kind := "catalog"
				switch len(args) {
				case 0:
				case 1:
					kind = args[0]
				default:
					return e.wrong("list takes one kind: %q is too much", "run “odc list -h”", args[1])
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				c, _, findings, err := tree.Load(os.DirFS(root))
				if err != nil {
					return e.failed(ctx, err, "")
				}
				table, err := listing.Rows(c, kind, listing.Filter{Dept: catalog.Dept(*dept), Domain: catalog.Code(*domain), Open: catalog.Code(*open), Status: catalog.Code(*status)})
				if err != nil {
					return e.wrong("%v", "run “odc list -h”", err)
				}
				if n := diag.Errors(findings); n > 0 {
					fmt.Fprintf(e.stderr, "odc: %d errors in the records; some may be missing here\nhint: run “odc check”\n", n)
				}
				write := table.Print
				if *asJSON {
					write = table.PrintJSON
				}
				if err := write(e.stdout); err != nil {
					return e.failed(ctx, err, "")
				}
				return exitOK
			}
		},
	}
}
