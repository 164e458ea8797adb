package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/search"
)

func verbIndex() verb {
	return verb{
		name: "index", group: "make", summary: "make the search index from the built documents",
		help: `example:
  odc index                                     build/data/search.json into build/index
  odc index --from docs.json --out /srv/index   for a server elsewhere

The folder is replaced in one step. “odc build” does this by itself.

exit codes: 0 fine, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			from := fs.String("from", "", "`file` of documents (default build/data/search.json)")
			out := fs.String("out", "", "`folder` of the index (default build/index)")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("index takes no arguments: %q", "see “odc index -h”", args[0])
				}
				source, err := e.built(*from, "build/data/search.json")
				if err != nil {
					return e.failed(ctx, err, "")
				}
				target, err := e.built(*out, "build/index")
				if err != nil {
					return e.failed(ctx, err, "")
				}
				docs, err := readDocuments(source)
				if err != nil {
					return e.failed(ctx, err, "run “odc build” first; it writes the documents")
				}
				if err := search.Build(ctx, target, docs); err != nil {
					return e.failed(ctx, err, "")
				}
				fmt.Fprintf(e.stderr, "odc: %d documents indexed in %s\n", len(docs), e.rel(target))
				return exitOK
			}
		},
	}
}

// built is a path given on the command line, or the usual one below the root of the repository.
func (e *env) built(given, usual string) (string, error) {
	if given != "" {
		return e.abs(given), nil
	}
	root, err := e.root()
	if err != nil {
		return "", err
	}
	return filepath.Join(root, filepath.FromSlash(usual)), nil
}

// abs is a path given on the command line, from the working directory.
func (e *env) abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(e.dir, path)
}

// rel is a path as people see it from where they stand.
func (e *env) rel(path string) string {
	if rel, err := filepath.Rel(e.dir, path); err == nil && fs.ValidPath(filepath.ToSlash(rel)) {
		return rel
	}
	return path
}

func readDocuments(name string) ([]query.Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	docs, err := search.DecodeDocuments(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return docs, nil
}
