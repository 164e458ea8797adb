package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/check"
	"opendata.example/odc/tools/internal/dataset"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/gitlog"
	"opendata.example/odc/tools/internal/tree"
)

func verbData() verb {
	return verb{
		name: "data", group: "make", synopsis: "[options] [ID...]", summary: "read, check, profile and convert the data files",
		help: `Reads the source file of each published dataset, or of the given ones, once as a stream: header, types, keys, code
lists, personal data. Files of the declared formats go to DIR/files/data/<id>/<version>/ and latest/, the profile of
each table to DIR/data/profile/<id>.json. Nothing is published that has an error, or that no release record names.

With --release the file as it is now becomes a version, dated --as-of: datasets/<dept>/<id>/releases/<version>.yaml.
Rows added and removed are counted against the version before, whose file is looked up in the history of git. When
the data are the same and only the form of the files changed, the new version keeps the date of the one before.

example:
  odc data                              all published datasets
  odc data bus-stops                    one, also a draft
  odc data --release bus-stops          record a new version of it
  odc data --release-all --as-of today  record every dataset whose file changed

exit codes: 0 no error (warnings included), 1 errors found, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			asOf := asOfFlag(fs)
			findings := findingFlags(fs)
			releaseOne := fs.String("release", "", "record a version of the dataset `ID`")
			releaseAll := fs.Bool("release-all", false, "record a version of every published dataset whose file changed")
			out := fs.String("out", "build", "build `folder`")
			return func(ctx context.Context, e *env, args []string) int {
				if (*releaseOne != "" || *releaseAll) && len(args) > 0 || *releaseOne != "" && *releaseAll {
					return e.wrong("name datasets, or use --release, or --release-all", "run “odc data -h” for examples")
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				day, _, err := check.Days(ctx, root, *asOf, e.today())
				if err != nil {
					return e.wrong("%v", "dates are CCYY-MM-DD, or today", err)
				}
				c, _, problems, err := tree.Load(os.DirFS(root))
				if err != nil {
					return e.failed(ctx, err, "")
				}
				if n := diag.Errors(problems); n > 0 {
					fmt.Fprintf(e.stderr, "odc: the records have %d errors; what they say of the data may be incomplete\nhint: run “odc check”\n", n)
				}
				if *releaseOne != "" {
					args = []string{*releaseOne}
				}
				entries, err := datasetsNamed(c, args)
				if err != nil {
					return e.wrong("%v", "an ID is the name of a file in metadata/openlist, without .yaml", err)
				}
				dir := *out
				if !filepath.IsAbs(dir) {
					dir = filepath.Join(root, dir)
				}
				o := dataset.Options{
					Root: root, Out: filepath.Join(dir, "files"), Cache: filepath.Join(dir, "cache", "data"),
					Profiles: filepath.Join(dir, "data", "profile"), AsOf: day.AsOf,
					Progress: func(r *dataset.Result) { fmt.Fprintf(e.stderr, "odc: %s\n", r.Line()) },
					History: func(ctx context.Context, folder, sha256 string) (string, []byte, error) {
						return gitlog.Source(ctx, root, folder, sha256)
					},
				}
				found, err := runData(ctx, c, entries, len(args) == 0, *releaseOne != "" || *releaseAll, day.AsOf, o)
				if err != nil {
					return e.failed(ctx, err, "")
				}
				if err := findings.print(e.stdout, found); err != nil {
					return e.failed(ctx, err, "")
				}
				if !*findings.json && !*findings.github {
					fmt.Fprintf(e.stderr, "odc: datasets read: %d; %s\n", len(entries), diag.Summary(found, findings.language()))
				}
				if diag.Errors(found) > 0 {
					return exitFindings
				}
				return exitOK
			}
		},
	}
}

func runData(ctx context.Context, c *catalog.Catalog, entries []*catalog.OpenEntry, all, release bool, day calendar.Date, o dataset.Options) ([]diag.Finding, error) {
	var found []diag.Finding
	var err error
	switch {
	case release:
		found, err = dataset.ReleaseSome(ctx, c, entries, day, o)
	case all:
		_, found, err = dataset.ProcessAll(ctx, c, o)
	default:
		_, found, err = dataset.ProcessSome(ctx, c, entries, o)
	}
	return found, err
}

// datasetsNamed looks the ids up; none means all published ones.
func datasetsNamed(c *catalog.Catalog, ids []string) ([]*catalog.OpenEntry, error) {
	if len(ids) == 0 {
		return dataset.All(c), nil
	}
	slices.Sort(ids)
	var out []*catalog.OpenEntry
	for _, id := range slices.Compact(ids) {
		o := c.Dataset(catalog.ID(id))
		if o == nil {
			return nil, fmt.Errorf("there is no dataset %q", id)
		}
		if !dataset.Takes(o) {
			return nil, fmt.Errorf("dataset %q publishes no data files", id)
		}
		out = append(out, o)
	}
	return out, nil
}
