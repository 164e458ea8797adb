package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/draft"
	"opendata.example/odc/tools/internal/folder"
)

func verbNew() verb {
	return verb{
		name: "new", group: "write", synopsis: "<kind> <dept>/<id> [-set field=value …]", summary: "begin a record: asks for what is missing, writes a valid draft",
		help: `Kinds: catalog, openlist and determinations are named <dept>/<id>; departments and laws <id>.
What other records say is filled in; the rest is taken from -set or asked on standard input, in Chinese. Lists are split
at commas, items[0].name names a field of the first item. The file is written only when it is valid.

example:
  odc new catalog minzheng/care-homes
  odc new openlist minzheng/care-homes -set catalog_id=minzheng/care-homes
  odc new departments xinjing -set name=上海市长宁区新泾镇人民政府 -set short_name=新泾镇

exit codes: 0 written, 1 the answers do not make a valid record, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			var pairs draft.Pairs
			fs.Var(&pairs, "set", "`field=value`, repeatable; a label of a vocabulary stands for its code")
			lang := fs.String("lang", "zh", "`language` of findings: zh or en")
			return func(ctx context.Context, e *env, names []string) int {
				ask := e.asker()
				if names = askNames(names, ask); len(names) != 2 {
					return e.wrong("new takes a kind and a name, not %d arguments", "for example: odc new catalog minzheng/care-homes", len(names))
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				d, err := draft.New(os.DirFS(root), names[0], names[1])
				if err == nil {
					err = pairs.Apply(d)
				}
				if err != nil {
					return e.wrong("%v", "run “odc new -h”", err)
				}
				findings, err := draft.Interview(os.DirFS(root), d, ask)
				if errors.Is(err, draft.ErrUnanswered) {
					return e.wrong("%v", "answer on standard input, or pass -set field=value", err)
				}
				if err != nil {
					return e.failed(ctx, err, "")
				}
				if len(findings) > 0 {
					if err := diag.Print(e.stdout, findings, diag.Lang(*lang), false); err != nil {
						return e.failed(ctx, err, "")
					}
					return exitFindings
				}
				if err := folder.Replace(filepath.Join(root, filepath.FromSlash(d.Path)), d.Text()); err != nil {
					return e.failed(ctx, err, "")
				}
				fmt.Fprintln(e.stdout, d.Path)
				return exitOK
			}
		},
	}
}

// askNames asks for the kind and the name where they are missing.
func askNames(names []string, ask func(string) (string, bool)) []string {
	for _, prompt := range []string{draft.KindPrompt(), draft.NamePrompt}[min(len(names), 2):] {
		answer, ok := ask(prompt)
		if !ok {
			break
		}
		names = append(names, answer)
	}
	return names
}

// asker prints questions to stderr and reads one line for each; ok is false at the end of the input.
func (e *env) asker() func(string) (string, bool) {
	in := bufio.NewReader(io.LimitReader(e.stdin, 1<<20))
	return func(prompt string) (string, bool) {
		fmt.Fprintf(e.stderr, "%s\n> ", prompt)
		line, err := in.ReadString('\n')
		return strings.TrimSpace(line), err == nil || line != ""
	}
}
