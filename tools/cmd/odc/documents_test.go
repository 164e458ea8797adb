package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// command is an odc command line as documents and workflows give it, up to a comment, a pipe or the end of the line.
var command = regexp.MustCompile(`go tool odc ([^\n#|` + "`" + `]*)`)

// TestDocumentedCommandsParse holds README, documents and workflows to the verbs and flags that exist.
func TestDocumentedCommandsParse(t *testing.T) {
	files := []string{"../../../README.md", "../../../.github/PULL_REQUEST_TEMPLATE.md"}
	for _, pattern := range []string{"../../../tools/doc/*.md", "../../../.github/workflows/*.yml", "../../../content/*/*.md"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	seen := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range command.FindAllStringSubmatch(string(src), -1) {
			seen++
			if err := parses(strings.Fields(m[1])); err != "" {
				t.Errorf("%s: odc %s: %s", file, m[1], err)
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d commands found: the documents no longer show how to use odc", seen)
	}
}

// parses says what is wrong with a command line, or nothing.
func parses(args []string) string {
	if len(args) == 0 || args[0] == "help" || strings.HasPrefix(args[0], "<") {
		return ""
	}
	for _, v := range verbs() {
		words := strings.Fields(v.name)
		if len(args) < len(words) || strings.Join(args[:len(words)], " ") != v.name {
			continue
		}
		fs := flag.NewFlagSet(v.name, flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		v.bind(fs)
		for _, a := range args[len(words):] {
			if a == "--help" || a == "-h" {
				return ""
			}
		}
		if err := fs.Parse(args[len(words):]); err != nil {
			return err.Error()
		}
		return ""
	}
	return "no such verb"
}

// TestEveryVerbHelps asks each verb for a summary, an example and its exit codes.
func TestEveryVerbHelps(t *testing.T) {
	for _, v := range verbs() {
		out := &strings.Builder{}
		v.printHelp(out, flag.NewFlagSet(v.name, flag.ContinueOnError))
		for _, want := range []string{"example", "exit codes:", v.summary} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("odc %s -h does not hold %q", v.name, want)
			}
		}
	}
}

// TestEveryVerbHasAScript asks for a testscript that runs each verb: a behaviour exists when a script shows it.
func TestEveryVerbHasAScript(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, s := range scripts {
		src, err := os.ReadFile(s)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(src)
	}
	for _, v := range verbs() {
		if !strings.Contains(all.String(), "odc "+v.name) {
			t.Errorf("no script runs odc %s", v.name)
		}
	}
}

// TestCommandsAreDocumented holds tools/doc/cli.md to what the verbs print.
func TestCommandsAreDocumented(t *testing.T) {
	want := cliDocument()
	have, err := os.ReadFile(filepath.Join("../../..", want.Path))
	if err != nil || string(have) != string(want.Data) {
		t.Errorf("%s is out of date; run: go tool odc docs", want.Path)
	}
}
