package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/tree"
)

func verbFmt() verb {
	return verb{
		name: "fmt", group: "write", synopsis: "[-l] [-d] [file or folder …]", summary: "bring metadata into the canonical form",
		help: `Keys get their order, groups one blank line, texts that look like numbers their quotes; comments stay.
Without arguments all of metadata/ is formatted. Files that cannot be read are reported and left alone.

example:
  odc fmt                        format everything
  odc fmt -l                     list what is not formatted, change nothing
  odc fmt -d metadata/laws       show what would change in a folder

exit codes: 0 fine, 1 with -l or -d: something is not formatted, or a file cannot be read, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			list := fs.Bool("l", false, "list the files that are not formatted and change nothing")
			diff := fs.Bool("d", false, "show the changes and make none")
			out := findingFlags(fs)
			return func(ctx context.Context, e *env, args []string) int {
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				paths, err := e.within(root, args)
				if err != nil {
					return e.wrong("%v", "name files or folders below metadata/", err)
				}
				changed, findings, err := tree.Format(os.DirFS(root), paths)
				if err != nil {
					return e.failed(ctx, err, "")
				}
				dry := *list || *diff
				for _, f := range changed {
					if *list || !dry {
						fmt.Fprintln(e.stdout, f.Path)
					}
					if *diff {
						fmt.Fprint(e.stdout, f.Diff())
					}
					if !dry {
						if err := folder.Replace(filepath.Join(root, filepath.FromSlash(f.Path)), f.After); err != nil {
							return e.failed(ctx, err, "")
						}
					}
				}
				if len(findings) > 0 || *out.json {
					if err := out.print(e.stdout, findings); err != nil {
						return e.failed(ctx, err, "")
					}
				}
				if len(findings) > 0 || dry && len(changed) > 0 {
					return exitFindings
				}
				return exitOK
			}
		},
	}
}

// within turns arguments into slash-separated paths below the root.
func (e *env) within(root string, args []string) ([]string, error) {
	var out []string
	for _, a := range args {
		if !filepath.IsAbs(a) {
			a = filepath.Join(e.dir, a)
		}
		rel, err := filepath.Rel(root, a)
		if err != nil || !filepath.IsLocal(rel) {
			return nil, fmt.Errorf("%s lies outside the catalogue %s", a, root)
		}
		if _, err := os.Stat(a); err != nil {
			return nil, err
		}
		out = append(out, filepath.ToSlash(rel))
	}
	return out, nil
}
