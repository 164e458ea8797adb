// Command odc checks, builds, publishes and serves a district's open data catalogue.
//
// Each verb is one file: its flags, one call into a package, and printing. No rule and no loop over records lives here.
//
//	go tool odc up
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Exit codes every verb shares; a verb lists further ones in its help.
const (
	exitOK          = 0
	exitFindings    = 1
	exitUsage       = 2
	exitFailed      = 3
	exitInterrupted = 130
)

// env is the outside world, handed to every verb: only main touches the real one.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	dir            string // working directory
	now            func() time.Time
	getenv         func(string) string
}

// verb is one subcommand. Help reads like a man page: synopsis, what it does, options, an example, exit codes.
type verb struct {
	name     string
	group    string
	synopsis string // arguments, without "odc name"
	summary  string // one line
	help     string // paragraphs after the options: an example and the exit codes
	// bind declares flags and returns what runs with the arguments left after them.
	bind func(fs *flag.FlagSet) func(ctx context.Context, e *env, args []string) int
}

// groups are the headings of the help, in order.
var groups = []string{"write", "look", "make", "exchange", "release", "store", "keep"}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "odc: %v\n", err)
		os.Exit(exitFailed)
	}
	e := &env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, dir: dir, now: time.Now, getenv: os.Getenv}
	code := run(ctx, e, os.Args[1:])
	stop()
	os.Exit(code)
}

// run dispatches to a verb and returns its exit code.
func run(ctx context.Context, e *env, args []string) int {
	if len(args) == 0 {
		usage(e.stderr)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		if len(args) > 1 {
			return run(ctx, e, append(slices.Clone(args[1:]), "-h"))
		}
		usage(e.stdout)
		return exitOK
	}
	for _, v := range verbs() {
		// A verb may have two words: "store keygen".
		words := strings.Fields(v.name)
		if len(args) < len(words) || strings.Join(args[:len(words)], " ") != v.name {
			continue
		}
		return v.run(ctx, e, args[len(words):])
	}
	for _, v := range verbs() {
		if strings.HasPrefix(v.name, args[0]+" ") {
			return e.wrong("%q is the first word of a verb", "for example: odc "+v.name+" -h", args[0])
		}
	}
	return e.wrong("unknown verb %q", "run “odc help” for the list of verbs", args[0])
}

func (v verb) run(ctx context.Context, e *env, args []string) int {
	fs := flag.NewFlagSet(v.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	do := v.bind(fs)
	words, err := interleaved(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		v.printHelp(e.stdout, fs)
		return exitOK
	case err != nil:
		return e.wrong("%s: %v", "run “odc "+v.name+" -h” for its options", v.name, err)
	}
	return do(ctx, e, words)
}

// interleaved reads flags that come after words, as people type them: odc search 公交站 --json.
// After “--” everything is a word.
func interleaved(fs *flag.FlagSet, args []string) (words []string, err error) {
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		rest := fs.Args()
		if len(rest) == 0 || len(rest) < len(args) && args[len(args)-len(rest)-1] == "--" {
			return append(words, rest...), nil
		}
		words, args = append(words, rest[0]), rest[1:]
	}
	return words, nil
}

func (v verb) printHelp(w io.Writer, fs *flag.FlagSet) {
	fmt.Fprintf(w, "odc %s — %s\n\nusage: odc %s\n", v.name, v.summary, strings.TrimSpace(v.name+" "+v.synopsis))
	options := &strings.Builder{}
	fs.SetOutput(options)
	fs.PrintDefaults()
	if options.Len() > 0 {
		fmt.Fprintf(w, "\noptions:\n%s", options)
	}
	fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(v.help))
}

func usage(w io.Writer) {
	fmt.Fprint(w, "odc — open data catalogue of a district: check, build, publish, serve\n\nusage: odc <verb> [options]\n")
	for _, g := range groups {
		heading := "\n" + g + "\n"
		for _, v := range verbs() {
			if v.group == g {
				fmt.Fprintf(w, "%s  %-18s %s\n", heading, v.name, v.summary)
				heading = ""
			}
		}
	}
	fmt.Fprint(w, "\n“odc <verb> -h” shows options and an example. Start with: odc up\n")
}

// wrong reports a use that cannot be understood.
func (e *env) wrong(format, hint string, args ...any) int {
	fmt.Fprintf(e.stderr, "odc: "+format+"\nhint: %s\n", append(args, hint)...)
	return exitUsage
}

// failed reports work that could not be done. An interrupt is not a failure of the work.
func (e *env) failed(ctx context.Context, err error, hint string) int {
	if ctx.Err() != nil {
		fmt.Fprintln(e.stderr, "odc: interrupted; running the command again is safe")
		return exitInterrupted
	}
	fmt.Fprintf(e.stderr, "odc: %v\n", err)
	if hint != "" {
		fmt.Fprintf(e.stderr, "hint: %s\n", hint)
	}
	return exitFailed
}

// root finds the repository: the nearest folder, from the working directory upwards, with hugo.toml and metadata/.
func (e *env) root() (string, error) {
	for dir := e.dir; ; {
		if isFile(filepath.Join(dir, "hugo.toml")) && isDir(filepath.Join(dir, "metadata")) {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no catalogue here: neither this folder nor one above it has hugo.toml and metadata/")
		}
		dir = up
	}
}

func isFile(name string) bool {
	fi, err := os.Stat(name)
	return err == nil && fi.Mode().IsRegular()
}

func isDir(name string) bool {
	fi, err := os.Stat(name)
	return err == nil && fi.IsDir()
}
