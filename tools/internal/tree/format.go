package tree

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

// Formatted is a file whose canonical form differs from what it holds.
type Formatted struct {
	Path          string
	Before, After []byte
}

// Format brings files of metadata/ into their canonical form, or all of them when no path is given; a folder stands
// for what lies in it. It returns what would change and writes nothing. Files that cannot be read are findings.
func Format(fsys fs.FS, paths []string) ([]Formatted, []diag.Finding, error) {
	if len(paths) == 0 {
		paths = []string{"metadata"}
	}
	var changed []Formatted
	var findings []diag.Finding
	seen := map[string]bool{}
	for _, p := range paths {
		p = path.Clean(p)
		err := fs.WalkDir(fsys, p, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() || seen[name]:
				return nil
			}
			seen[name] = true
			place, ok := format.Locate(name)
			if !ok || place.Kind.Machine {
				if name == p {
					findings = append(findings, misplaced(name))
				}
				return nil
			}
			src, err := readBounded(fsys, name)
			if err != nil {
				return err
			}
			after, bad := yamldoc.Format(name, src, place.Kind)
			findings = append(findings, bad...)
			if len(bad) == 0 && !bytes.Equal(src, after) {
				changed = append(changed, Formatted{name, src, after})
			}
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("format %s: %w", p, err)
		}
	}
	slices.SortFunc(changed, func(a, b Formatted) int { return strings.Compare(a.Path, b.Path) })
	return changed, diag.Sort(findings), nil
}

// Diff shows the change as a unified diff.
func (f Formatted) Diff() string {
	a, b := lines(f.Before), lines(f.After)
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", f.Path, f.Path)
	for _, h := range hunks(edit(a, b)) {
		h.write(&out)
	}
	return out.String()
}

func lines(b []byte) []string {
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

// change is one line of an edit: ' ' kept, '-' gone, '+' new, with its line numbers before and after.
type change struct {
	op         byte
	text       string
	from, into int
}

// edit finds the lines to drop and add: equal ends are set aside, the rest is compared by longest common
// subsequence. Metadata files are short, so the table stays small.
func edit(a, b []string) []change {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	midA, midB := a[head:len(a)-tail], b[head:len(b)-tail]
	const tooMany = 4 << 20
	var common [][]int32
	if len(midA)*len(midB) <= tooMany {
		common = make([][]int32, len(midA)+1)
		for i := range common {
			common[i] = make([]int32, len(midB)+1)
		}
		for i := len(midA) - 1; i >= 0; i-- {
			for j := len(midB) - 1; j >= 0; j-- {
				if midA[i] == midB[j] {
					common[i][j] = common[i+1][j+1] + 1
				} else {
					common[i][j] = max(common[i+1][j], common[i][j+1])
				}
			}
		}
	}
	var out []change
	i, j := 0, 0
	step := func(op byte, text string) {
		out = append(out, change{op, text, i, j})
		if op != '+' {
			i++
		}
		if op != '-' {
			j++
		}
	}
	for i < head {
		step(' ', a[i])
	}
	for i-head < len(midA) || j-head < len(midB) {
		x, y := i-head, j-head
		switch {
		case x < len(midA) && y < len(midB) && midA[x] == midB[y] && common != nil:
			step(' ', midA[x])
		case x < len(midA) && (y == len(midB) || common == nil || common[x+1][y] >= common[x][y+1]):
			step('-', midA[x])
		default:
			step('+', midB[y])
		}
	}
	for i < len(a) {
		step(' ', a[i])
	}
	return out
}

type hunk []change

// hunks cuts an edit into pieces with three lines of context.
func hunks(all []change) []hunk {
	const context = 3
	var out []hunk
	end := 0 // of the last hunk
	for k, c := range all {
		if c.op == ' ' {
			continue
		}
		from, to := max(k-context, 0), min(k+context+1, len(all))
		if len(out) > 0 && from <= end {
			last := len(out) - 1
			out[last] = append(out[last], all[end:max(to, end)]...)
		} else {
			out = append(out, slices.Clone(all[from:to]))
		}
		end = max(to, end)
	}
	return out
}

func (h hunk) write(out *strings.Builder) {
	removed, added := 0, 0
	for _, c := range h {
		if c.op != '+' {
			removed++
		}
		if c.op != '-' {
			added++
		}
	}
	fmt.Fprintf(out, "@@ -%d,%d +%d,%d @@\n", h[0].from+1, removed, h[0].into+1, added)
	for _, c := range h {
		fmt.Fprintf(out, "%c%s\n", c.op, c.text)
	}
}
