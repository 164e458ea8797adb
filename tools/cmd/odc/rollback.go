package main

import (
	"context"
	"flag"
	"fmt"

	"opendata.example/odc/tools/internal/publish"
)

func verbRollback() verb {
	return verb{
		name: "rollback", group: "release", summary: "make an earlier release live again",
		help: `example:
  odc rollback --key ~/.odc/key                              to what was live before
  odc rollback --to 3f2a9c01d4e5-00000041 --key k --note "错误的统计口径"

History is kept: the log gains one record, and the next publication goes on from there. What later releases had
frozen stays frozen.

` + storeExitCodes,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			at, sign := newStoreFlags(fs), newSignFlags(fs)
			to := fs.String("to", "", "`release` as “odc releases” prints it (default: the one before the live one)")
			note := fs.String("note", "", "`text` for the log")
			by := fs.String("writer", "", "`name` for the log (default: the name of this machine)")
			asJSON := fs.Bool("json", false, "print the new record as JSON")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("rollback takes no arguments: %q", "to name a release use --to", args[0])
				}
				s, err := at.open(e)
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				defer s.Close()
				key, err := sign.signer(e)
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				rec, err := publish.Rollback(ctx, s.Channel, publish.RollbackOptions{
					To: *to, Signer: key, Unsigned: *sign.unsigned && s.address.Local(), Writer: writer(*by), Note: *note,
				})
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				if *asJSON {
					err = e.printJSON(rec)
				} else {
					_, err = fmt.Fprintf(e.stdout, "rolled back: release %s is live as number %d of %s; before it was %s\n", rec.Release, rec.Seq, rec.Channel, rec.From)
				}
				if err != nil {
					return e.failed(ctx, err, "")
				}
				return exitOK
			}
		},
	}
}
