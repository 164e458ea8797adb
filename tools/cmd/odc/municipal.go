package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"opendata.example/odc/tools/internal/check"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/export"
)

func verbMunicipalExport() verb {
	return verb{
		name: "municipal export", group: "exchange", synopsis: "--out DIR [options]",
		summary: "pack the open list for the municipal platform",
		help: `The columns and members are those of metadata/municipal/mapping.yaml. Dates and the ledger continue the last
build in build/, when there is one, and so equal those of the feeds; its data files go along. Sample data stay behind
unless --illustrative. What the platform's form cannot take as it is, is listed in the report and in manifest.json.

example:
  odc municipal export --out /tmp/package --as-of 2025-12-01
  cd /tmp/package && sha256sum -c SHA256SUMS

exit codes: 0 written, 1 the tree has errors, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			out := fs.String("out", "", "`folder` to write, new or empty")
			illustrative := fs.Bool("illustrative", false, "take sample data along, marked as such")
			asJSON := fs.Bool("json", false, "print the manifest as JSON")
			asOf := asOfFlag(fs)
			return func(ctx context.Context, e *env, args []string) int {
				if *out == "" || len(args) > 0 {
					return e.wrong("municipal export needs --out DIR and no further argument", "odc municipal export --out /tmp/package")
				}
				return e.municipalExport(ctx, e.path(*out), *asOf, *illustrative, *asJSON)
			}
		},
	}
}

func (e *env) municipalExport(ctx context.Context, out, asOf string, illustrative, asJSON bool) int {
	root, err := e.root()
	if err != nil {
		return e.failed(ctx, err, "")
	}
	day, head, err := check.Days(ctx, root, asOf, e.today())
	if err != nil {
		return e.wrong("%v", "dates are CCYY-MM-DD, or today", err)
	}
	report, err := check.Tree(os.DirFS(root), day)
	if err != nil {
		return e.failed(ctx, err, "")
	}
	if diag.Errors(report.Findings) > 0 {
		fmt.Fprintln(e.stderr, "odc: the tree has errors, nothing was exported\nhint: run “odc check”")
		return exitFindings
	}
	in := export.Input{Catalog: report.Catalog, AsOf: day.AsOf}
	if head.Clean() {
		in.Commit = head.Commit
	}
	build := os.DirFS(filepath.Join(root, "build"))
	if in.Previous, err = export.PreviousBuild(build); err != nil {
		return e.failed(ctx, err, "run “odc build”, or remove build/ to begin anew")
	}
	model, err := export.NewModel(in)
	if err != nil {
		hint := ""
		if in.Previous != nil {
			hint = "the dates continue the last build in build/; if that is of another tree, run “odc build” again"
		}
		return e.failed(ctx, err, hint)
	}
	pkg := export.MunicipalPackage{Illustrative: illustrative}
	if isDir(filepath.Join(root, "build", "files")) {
		if pkg.Files, err = fs.Sub(build, "files"); err != nil {
			return e.failed(ctx, err, "")
		}
	}
	folder, err := newFolder(out)
	if err != nil {
		return e.failed(ctx, err, "name a new or empty folder")
	}
	defer folder.Close()
	manifest, err := export.WriteMunicipal(model, pkg, func(path string, data []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return writeBelow(folder, path, data)
	})
	if err != nil {
		hint := ""
		if errors.Is(err, export.ErrEmpty) {
			hint = "--illustrative takes sample data along"
		}
		return e.failed(ctx, err, hint)
	}
	if asJSON {
		enc := json.NewEncoder(e.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(manifest); err != nil {
			return e.failed(ctx, err, "")
		}
		return exitOK
	}
	if err := manifest.Print(e.stdout); err != nil {
		return e.failed(ctx, err, "")
	}
	return exitOK
}

// path is a path of the command line, relative to the working directory.
func (e *env) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.dir, name)
}

// newFolder creates a folder and refuses one that holds anything: old files would be taken for new ones.
func newFolder(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("folder %s is not empty", dir)
	}
	return os.OpenRoot(dir)
}

func writeBelow(folder *os.Root, path string, data []byte) error {
	name := filepath.FromSlash(path)
	if err := folder.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return folder.WriteFile(name, data, 0o644)
}
