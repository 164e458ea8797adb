package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"opendata.example/odc/tools/internal/bench"
	"opendata.example/odc/tools/internal/build"
	"opendata.example/odc/tools/internal/check"
	"opendata.example/odc/tools/internal/folder"
)

func verbBenchCorpus() verb {
	return verb{
		name: "bench corpus", group: "keep", summary: "generate a whole repository of any size, to measure or to try",
		help: `Bodies, laws, vocabularies, pages and theme are those of this repository; entries, determinations and data files are
generated, marked as illustrative, and obey every rule. The same number and seed give the same bytes. A compiled Hugo
in build/cache is shared, so that “odc build” works in the new folder straight away.

example:
  odc bench corpus --entries 10000 --seed 1 --out /tmp/big
  cd /tmp/big && odc check && odc up

exit codes: 0 done, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			entries := fs.Int("entries", 1000, "`number` of catalogue entries")
			seed := fs.Uint64("seed", 1, "`number` that decides everything drawn")
			out := fs.String("out", "", "empty or new `folder`")
			return func(ctx context.Context, e *env, args []string) int {
				switch {
				case len(args) > 0:
					return e.wrong("bench corpus takes no arguments: %q", "see “odc bench corpus -h”", args[0])
				case *out == "":
					return e.wrong("bench corpus needs --out", "name an empty or new folder")
				case *entries < 1 || *entries > bench.MaxEntries:
					return e.wrong("--entries must lie between 1 and %d", "that is how many distinct titles there are", bench.MaxEntries)
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				dir := e.abs(*out)
				err = bench.Corpus(ctx, bench.Plan{Source: root, Out: dir, Entries: *entries, Seed: *seed, Progress: e.counted()})
				if err != nil {
					return e.failed(ctx, err, "what was written so far can be deleted: "+*out)
				}
				fmt.Fprintln(e.stdout, dir)
				return exitOK
			}
		},
	}
}

// counted prints how far a phase is, at most every few seconds and at its end.
func (e *env) counted() func(phase string, done, total int) {
	const every = 5 * time.Second
	next := e.now().Add(every)
	return func(phase string, done, total int) {
		if done < total && e.now().Before(next) {
			return
		}
		next = e.now().Add(every)
		fmt.Fprintf(e.stderr, "odc: %s: %d of %d\n", phase, done, total)
	}
}

func verbBenchBuild() verb {
	return verb{
		name: "bench build", group: "keep", summary: "measure check, build, search and publish at given sizes",
		help: `For each size a repository is generated and every step measured: time, processor time of all processes, peak memory.
With --in nothing is generated: the steps of a build of that repository are measured. Linux only.

example:
  odc bench build --entries 1000,10000                                     print the tables
  odc bench build --entries 1000,10000 --out tools/doc/benchmarks.md       and write the document
  odc bench build --dir /var/tmp/bench --keep                              keep the repositories and use them again
  odc bench build --in .                                                   measure this repository

exit codes: 0 measured, 1 the records of --in have errors, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			o := benchOptions{
				asOf:         asOfFlag(fs),
				entries:      fs.String("entries", "1000", "`numbers` of catalogue entries, with commas"),
				seed:         fs.Uint64("seed", 1, "`number` that decides everything drawn"),
				dir:          fs.String("dir", "", "`folder` for the generated repositories (default: a temporary one)"),
				in:           fs.String("in", "", "measure the repository in this `folder`"),
				out:          fs.String("out", "", "write the document to this `file`"),
				keep:         fs.Bool("keep", false, "do not delete the generated repositories"),
				json:         fs.Bool("json", false, "print one JSON value"),
				withoutPages: fs.Bool("without-pages", false, "leave out Hugo and what follows it"),
			}
			return func(ctx context.Context, e *env, args []string) int {
				switch {
				case len(args) > 0:
					return e.wrong("bench build takes no arguments: %q", "see “odc bench build -h”", args[0])
				case *o.in != "" && *o.out != "":
					return e.wrong("--in measures one build, --out writes the document of generated repositories", "use one of them")
				case *o.in != "":
					return e.benchOne(ctx, o)
				}
				sizes, err := parseSizes(*o.entries)
				if err != nil {
					return e.wrong("--entries: %v", "write numbers with commas, such as 1000,10000", err)
				}
				return e.benchSizes(ctx, o, sizes)
			}
		},
	}
}

type benchOptions struct {
	asOf, entries, dir, in, out *string
	seed                        *uint64
	keep, json, withoutPages    *bool
}

func parseSizes(list string) ([]int, error) {
	var sizes []int
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", s)
		}
		if n < 1 || n > bench.MaxEntries {
			return nil, fmt.Errorf("%d does not lie between 1 and %d", n, bench.MaxEntries)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// benchOne measures the build of one repository in this process.
func (e *env) benchOne(ctx context.Context, o benchOptions) int {
	root := e.abs(*o.in)
	day, head, err := check.Days(ctx, root, *o.asOf, e.today())
	if err != nil {
		return e.wrong("%v", "dates are CCYY-MM-DD, or today", err)
	}
	steps, err := bench.Build(ctx, build.Options{
		Root: root, Day: day, Head: head, Now: e.now, Progress: e.step, Hugo: build.FindHugo(root, besideHugo()), WithoutPages: *o.withoutPages,
	})
	if err != nil {
		return e.buildFailed(ctx, err)
	}
	if *o.json {
		err = e.printJSON(steps)
	} else {
		_, err = fmt.Fprint(e.stdout, bench.Table(steps))
	}
	if err != nil {
		return e.failed(ctx, err, "")
	}
	return exitOK
}

// benchSizes measures generated repositories, each verb in a process of its own.
func (e *env) benchSizes(ctx context.Context, o benchOptions, sizes []int) int {
	root, err := e.root()
	if err != nil {
		return e.failed(ctx, err, "")
	}
	day, _, err := check.Days(ctx, root, *o.asOf, e.today())
	if err != nil {
		return e.wrong("%v", "dates are CCYY-MM-DD, or today", err)
	}
	program, err := os.Executable()
	if err != nil {
		return e.failed(ctx, err, "")
	}
	say := func(s string) { fmt.Fprintf(e.stderr, "odc: %s\n", s) }
	if !*o.withoutPages { // compiled beforehand, so that no figure holds it
		if _, err := build.FindHugo(root, besideHugo())(ctx, say); err != nil {
			return e.failed(ctx, err, "")
		}
	}
	dir := e.abs(*o.dir)
	if *o.dir == "" {
		if dir, err = os.MkdirTemp("", "odc-bench-"); err != nil {
			return e.failed(ctx, err, "")
		}
		if !*o.keep {
			defer os.RemoveAll(dir)
		}
	}
	runs, err := bench.Measure(ctx, bench.Options{
		Program: program, Source: root, Dir: dir, Sizes: sizes, Seed: *o.seed, AsOf: day.AsOf.String(), Now: e.now, WithoutPages: *o.withoutPages, Keep: *o.keep,
		Progress: say,
	})
	if err != nil {
		return e.failed(ctx, err, "")
	}
	if *o.keep {
		fmt.Fprintf(e.stderr, "odc: the repositories are in %s\n", dir)
	}
	report := bench.NewReport(day.AsOf.String(), runs)
	if *o.out != "" {
		if err := folder.Replace(e.abs(*o.out), []byte(report.Document())); err != nil {
			return e.failed(ctx, err, "")
		}
	}
	if *o.json {
		err = e.printJSON(report)
	} else {
		_, err = fmt.Fprint(e.stdout, report.Markdown())
	}
	if err != nil {
		return e.failed(ctx, err, "")
	}
	return exitOK
}

func verbBenchSearch() verb {
	return verb{
		name: "bench search", group: "keep", summary: "measure how long searches in build/index take",
		help: `example:
  odc bench search
  odc bench search --rounds 10 --json

exit codes: 0 measured, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			rounds := fs.Int("rounds", 3, "`times` to ask the list of questions")
			asJSON := fs.Bool("json", false, "print one JSON object")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 || *rounds < 1 {
					return e.wrong("bench search takes no arguments and at least one round", "see “odc bench search -h”")
				}
				dir, err := e.built("", "build/index")
				if err != nil {
					return e.failed(ctx, err, "")
				}
				l, err := bench.Search(ctx, dir, *rounds, e.now)
				if err != nil {
					return e.failed(ctx, err, "“odc build” makes the index")
				}
				if *asJSON {
					err = e.printJSON(l)
				} else {
					_, err = fmt.Fprintln(e.stdout, l)
				}
				if err != nil {
					return e.failed(ctx, err, "")
				}
				return exitOK
			}
		},
	}
}
