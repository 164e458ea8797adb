package main

import (
	"context"
	"flag"
	"fmt"

	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/publish"
)

func verbPublish() verb {
	return verb{
		name: "publish", group: "release", summary: "bring the built site into a store and make it live in one step",
		help: `example:
  odc publish --key ~/.odc/key                                    build/public into build/store, signed
  odc publish --store s3:https://s3.example.cn/portal --key k     into a bucket; AWS_* holds its credentials
  odc publish --unsigned                                          into the local store, for trying

Readers see the old release or the new one, never a mixture. The command may be stopped at any moment and run again:
it finishes the work or says “no change”. Versions of datasets that are live stay live; none of their files changes.

` + storeExitCodes,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			at, what, sign := newStoreFlags(fs), newTreeFlags(fs), newSignFlags(fs)
			note := fs.String("note", "", "`text` for the log")
			by := fs.String("writer", "", "`name` for the log (default: the name of this machine)")
			rehash := fs.Bool("rehash", false, "read every file again instead of trusting remembered digests")
			rebase := fs.Bool("rebase", false, "when another publisher is quicker, start again on top of it")
			asJSON := fs.Bool("json", false, "print the result as JSON")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("publish takes no arguments: %q", "see “odc publish -h”", args[0])
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
				if o.Signer, err = sign.signer(e); err != nil {
					return e.storeFailed(ctx, err)
				}
				o.Unsigned, o.Rehash, o.Rebase, o.Note, o.Writer = *sign.unsigned, *rehash, *rebase, *note, writer(*by)
				result, err := publish.Publish(ctx, o)
				if err != nil {
					return e.storeFailed(ctx, err)
				}
				if *asJSON {
					err = e.printJSON(result)
				} else {
					_, err = fmt.Fprintf(e.stdout, "%s: release %s is live as number %d of %s\n", result.Outcome, result.Release, result.Seq, result.Channel)
				}
				if err != nil {
					return e.failed(ctx, err, "")
				}
				fmt.Fprintf(e.stderr, "odc: files %d, %s; new blobs %d, %s; requests %d\n", result.Plan.Files, folder.Size(result.Plan.Bytes), result.Plan.Upload, folder.Size(result.Plan.UploadBytes), result.Requests)
				return exitOK
			}
		},
	}
}
