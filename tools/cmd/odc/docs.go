package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"opendata.example/odc/tools/internal/docs"
	"opendata.example/odc/tools/internal/folder"
)

func verbDocs() verb {
	return verb{
		name: "docs", group: "keep", synopsis: "[-l]", summary: "write the generated documents of tools/doc and the JSON Schemas",
		help: `format.md and schema/ follow the table of fields and the vocabularies of metadata/, rules.md the rules and the
articles that the regimes give them, cli.md the help of the verbs. Run it after changing one of these.

example:
  odc docs        bring tools/doc up to date
  odc docs -l     list what is out of date, write nothing

exit codes: 0 fine, 1 with -l: a document is out of date, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			list := fs.Bool("l", false, "list the documents that are out of date and write nothing")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("docs takes no arguments: %q", "run “odc docs”", args[0])
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				documents, err := docs.Generate(os.DirFS(root))
				if err != nil {
					return e.failed(ctx, err, "run “odc check”")
				}
				code := exitOK
				for _, d := range append(documents, cliDocument()) {
					name := filepath.Join(root, filepath.FromSlash(d.Path))
					if have, err := os.ReadFile(name); err == nil && bytes.Equal(have, d.Data) {
						continue
					}
					fmt.Fprintln(e.stdout, d.Path)
					if *list {
						code = exitFindings
					} else if err := folder.Replace(name, d.Data); err != nil {
						return e.failed(ctx, err, "")
					}
				}
				return code
			}
		},
	}
}
