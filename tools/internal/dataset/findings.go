package dataset

import (
	"fmt"
	"maps"
	"slices"

	"opendata.example/odc/tools/internal/diag"
)

// perCode bounds the findings kept for one code and file; the true count is always told.
const perCode = 100

// findings gathers what is wrong with the files of one dataset.
type findings struct {
	path   string // of the file under the eye
	kept   []diag.Finding
	counts map[string]int
	last   map[string]diag.Severity
}

func newFindings(path string) *findings {
	return &findings{path: path, counts: map[string]int{}, last: map[string]diag.Severity{}}
}

// add keeps a finding; one without a path gets the current one.
func (fs *findings) add(f diag.Finding) {
	if f.Path == "" {
		f.Path = fs.path
	}
	key := f.Path + "\x00" + f.Rule
	fs.counts[key]++
	fs.last[key] = f.Severity
	if fs.counts[key] <= perCode {
		fs.kept = append(fs.kept, f)
	}
}

// raise sets the severity of the kept findings of a code in one column.
func (fs *findings) raise(code string, column int, severity diag.Severity) {
	for i := range fs.kept {
		if f := &fs.kept[i]; f.Rule == code && f.Column == column && f.Path == fs.path {
			f.Severity = severity
		}
	}
}

// all returns the findings in order, with one more for each code of which some were dropped.
func (fs *findings) all() []diag.Finding {
	out := slices.Clone(fs.kept)
	for _, key := range slices.Sorted(maps.Keys(fs.counts)) {
		n := fs.counts[key]
		if n <= perCode {
			continue
		}
		first := slices.IndexFunc(fs.kept, func(f diag.Finding) bool { return f.Path+"\x00"+f.Rule == key })
		f := fs.kept[first]
		out = append(out, diag.Finding{Rule: f.Rule, Severity: fs.last[key], Path: f.Path,
			Message: diag.Text{Zh: fmt.Sprintf("此类问题共 %d 处，只列出前 %d 处", n, perCode), En: fmt.Sprintf("%d findings of this kind; the first %d are listed", n, perCode)}})
	}
	return diag.Sort(out)
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
