// Package tree reads the folders metadata/ and datasets/ into a catalogue, with the position of every field.
//
// It judges each file by the table of package format: shapes, texts, dates, codes and their check digits, references
// to other records, and what one record alone can tell about itself. What only several records or the law can tell is
// left to the rules. A file that cannot be read yields findings and no record; an error means that the folders
// themselves could not be read.
//
//	c, at, findings, err := tree.Load(os.DirFS("."))
//	line, column := at.At("metadata/catalog/minzheng/canteens.yaml", "open.reason")
package tree

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

// Load reads a whole repository. The catalogue is indexed; the findings are in their total order.
func Load(fsys fs.FS) (*catalog.Catalog, *Positions, []diag.Finding, error) {
	files, unknown, err := list(fsys)
	if err != nil {
		return nil, nil, nil, err
	}
	known := newScope(files)

	// Vocabularies first: every other file is judged by them.
	vocabularies, rest := split(files, func(f *file) bool { return f.place.Kind.Name == string(catalog.KindVocabulary) })
	if err := readAll(fsys, vocabularies, known); err != nil {
		return nil, nil, nil, err
	}
	for _, f := range vocabularies {
		if v, ok := f.record.(*catalog.Vocabulary); ok {
			known.vocabularies[v.ID] = newLexicon(v)
		}
	}
	if err := readAll(fsys, rest, known); err != nil {
		return nil, nil, nil, err
	}

	findings := slices.Concat(unknown, known.missingVocabularies(), folders(files, known))
	c, at := newCatalog(), &Positions{files: map[string]*places{}}
	for _, f := range files {
		findings = append(findings, f.findings...)
		if f.places != nil {
			at.files[f.path] = f.places
		}
		if p := f.place; p.Kind != nil {
			c.Files[catalog.Ref{Kind: catalog.Kind(p.Kind.Name), Dept: catalog.Dept(p.Dept), ID: catalog.ID(p.ID)}] = true
		}
		if f.record != nil {
			add(c, f)
		}
	}
	c.Index()
	attach(c, files)
	findings = append(findings, crossFile(c, at)...)
	return c, at, diag.Sort(findings), nil
}

// file is one file on its way into the catalogue.
type file struct {
	path     string
	place    format.Place // zero Kind for a data file
	record   any          // pointer to a record of package catalog, or nil
	source   catalog.SourceFile
	places   *places
	findings []diag.Finding
}

func split(files []*file, in func(*file) bool) (yes, no []*file) {
	for _, f := range files {
		switch {
		case f.place.Kind != nil && in(f):
			yes = append(yes, f)
		default:
			no = append(no, f)
		}
	}
	return yes, no
}

// list walks both folders in lexical order.
func list(fsys fs.FS) (files []*file, unknown []diag.Finding, err error) {
	for _, root := range []string{"metadata", "datasets"} {
		err := fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && name == root && root == "datasets":
				return nil
			case err != nil:
				return err
			case strings.HasPrefix(d.Name(), ".") && name != root:
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case d.IsDir() || d.Name() == "README.md":
				return nil
			case !d.Type().IsRegular():
				unknown = append(unknown, whole(name, "R19", diag.Text{Zh: "不是普通文件", En: "not a regular file"}, diag.Text{Zh: "请放入文件本身，不用链接", En: "put the file itself here, not a link"}))
				return nil
			}
			if leftover(d.Name()) {
				unknown = append(unknown, whole(name, "R19", diag.Text{Zh: "这是 Office 或系统留下的临时文件", En: "a temporary file of Office or of the system"}, diag.Text{Zh: "请关闭文档后删去它", En: "close the document and delete it"}))
				return nil
			}
			if place, ok := format.Locate(name); ok {
				files = append(files, &file{path: name, place: place})
			} else if root == "datasets" && strings.Count(name, "/") == 3 {
				files = append(files, &file{path: name})
			} else {
				unknown = append(unknown, misplaced(name))
			}
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", root, err)
		}
	}
	return files, unknown, nil
}

// whole is a finding about a file as such.
func whole(name, rule string, message, hint diag.Text) diag.Finding {
	return diag.Finding{Rule: rule, Severity: diag.Error, Path: name, Line: 1, Column: 1, Message: message, Hint: hint}
}

// leftover reports what Office and Windows leave beside the files of people.
func leftover(name string) bool {
	return strings.HasPrefix(name, "~$") || slices.Contains([]string{"thumbs.db", "desktop.ini"}, strings.ToLower(name))
}

// misplaced says where a file that belongs nowhere may have been meant to go.
func misplaced(name string) diag.Finding {
	message := diag.Text{Zh: "不认识的文件，目录里没有这样的位置", En: "no kind of record has this path"}
	hint := diag.Text{Zh: "各类记录的位置见 tools/doc/format.md", En: "tools/doc/format.md lists where records belong"}
	paths := map[string]string{} // by folder, or file, below metadata/
	for _, k := range format.Kinds() {
		top := strings.Split(k.Path, "/")
		paths[top[1]] = k.Path
	}
	_, wouldFit := format.Locate(yamlEnding.ReplaceAllString(name, ".yaml"))
	parts := strings.Split(name, "/")
	near := nearest(parts[min(1, len(parts)-1)], slices.Sorted(maps.Keys(paths)))
	switch {
	case wouldFit:
		hint = diag.Text{Zh: "扩展名应为 .yaml", En: "the extension is .yaml"}
	case parts[0] == "metadata" && dataEnding.MatchString(name):
		hint = diag.Text{Zh: "数据文件放在 datasets/<dept>/<id>/，metadata/ 中只放 YAML 文件", En: "data files belong in datasets/<dept>/<id>/, only YAML in metadata/"}
	case parts[0] != "metadata" || near == "":
	case near == parts[1]:
		hint = diag.Text{Zh: "应放在 " + paths[near], En: "it belongs at " + paths[near]}
	default:
		hint = diag.Text{Zh: fmt.Sprintf("是否应为 metadata/%s？", near), En: fmt.Sprintf("did you mean metadata/%s?", near)}
	}
	return whole(name, "R19", message, hint)
}

var (
	yamlEnding = regexp.MustCompile(`(?i)\.ya?ml(\.txt)?$`)
	dataEnding = regexp.MustCompile(`(?i)\.(csv|tsv|xlsx?|json|geojson|zip)$`)
)

// readAll reads files in parallel. Each file has its own results, so the order of work does not show.
func readAll(fsys fs.FS, files []*file, known *scope) error {
	var next atomic.Int64
	var group sync.WaitGroup
	failures := make([]error, len(files))
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				failures[i] = files[i].read(fsys, known)
			}
		})
	}
	group.Wait()
	return errors.Join(failures...)
}

// read fills the file's record, positions and findings.
func (f *file) read(fsys fs.FS, known *scope) error {
	if f.place.Kind == nil {
		return f.digest(fsys)
	}
	src, err := readBounded(fsys, f.path)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.path, err)
	}
	doc, findings := yamldoc.Parse(f.path, src)
	f.findings = findings
	c := &checker{file: f, known: known}
	c.identity()
	if doc.Root == nil {
		if len(findings) == 0 {
			c.reportAt(1, 1, "R19", "", diag.Text{Zh: "文件是空的", En: "the file is empty"}, diag.Text{Zh: "请填写内容，或用 odc new 重新起草", En: "write the record, or begin it with odc new"})
		}
		return nil
	}
	f.places = flatten(doc.Root)
	record := newRecord(f.place)
	if c.object(doc.Root, f.place.Kind.Fields, reflect.ValueOf(record).Elem(), true) {
		c.record(record)
		f.record = record
	}
	return nil
}

// readBounded reads one byte more than the door accepts, so that the door can refuse the file.
func readBounded(fsys fs.FS, name string) ([]byte, error) {
	in, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, yamldoc.MaxBytes+1))
}

func newCatalog() *catalog.Catalog {
	return &catalog.Catalog{
		Determinations: map[catalog.ID]*catalog.Determinations{},
		Laws:           map[catalog.LawID]*catalog.Law{},
		Regimes:        map[catalog.RegimeID]*catalog.Regime{},
		Vocabularies:   map[string]*catalog.Vocabulary{},
		Calendar:       map[int]*catalog.Year{},
		Files:          map[catalog.Ref]bool{},
	}
}

// Files that hold a list under one key.
type (
	authorities struct {
		Bindings []catalog.Binding `yaml:"bindings"`
	}
	aliases struct {
		Aliases []catalog.Alias `yaml:"aliases"`
	}
	keys struct {
		Keys []catalog.TrustedKey `yaml:"keys"`
	}
	remote struct {
		URL    string `yaml:"url"`
		SHA256 string `yaml:"sha256"`
		Bytes  int64  `yaml:"bytes"`
	}
)

// newRecord is an empty record of a kind, with what its path says about it.
func newRecord(p format.Place) any {
	switch p.Kind.Name {
	case "catalog":
		return &catalog.Entry{ID: catalog.ID(p.ID), Dept: catalog.Dept(p.Dept)}
	case "openlist":
		return &catalog.OpenEntry{ID: catalog.ID(p.ID), Dept: catalog.Dept(p.Dept)}
	case "determinations":
		return &catalog.Determinations{ID: catalog.ID(p.ID), Dept: catalog.Dept(p.Dept)}
	case "departments":
		return &catalog.Department{ID: catalog.Dept(p.ID)}
	case "laws":
		return &catalog.Law{ID: catalog.LawID(p.ID)}
	case "regimes":
		return &catalog.Regime{ID: catalog.RegimeID(p.ID)}
	case "authorities":
		return &authorities{}
	case "vocab":
		return &catalog.Vocabulary{ID: p.ID}
	case "calendar":
		year, _ := strconv.Atoi(p.ID)
		return &catalog.Year{Year: year}
	case "policy":
		return &catalog.Policy{}
	case "aliases":
		return &aliases{}
	case "keys":
		return &keys{}
	case "mapping":
		return &catalog.Mapping{}
	case "release":
		return &catalog.DataRelease{}
	case "ref":
		return &remote{}
	}
	panic("kind without a record: " + p.Kind.Name)
}

// add puts a record into the catalogue.
func add(c *catalog.Catalog, f *file) {
	switch r := f.record.(type) {
	case *catalog.Entry:
		r.Path = f.path
		c.Entries = append(c.Entries, r)
	case *catalog.OpenEntry:
		r.Path = f.path
		c.OpenEntries = append(c.OpenEntries, r)
	case *catalog.Determinations:
		r.Path = f.path
		if c.Determinations[r.ID] == nil {
			c.Determinations[r.ID] = r
		}
	case *catalog.Department:
		r.Path = f.path
		c.Departments = append(c.Departments, r)
	case *catalog.Law:
		r.Path = f.path
		c.Laws[r.ID] = r
	case *catalog.Regime:
		r.Path = f.path
		c.Regimes[r.ID] = r
	case *authorities:
		c.Authorities = r.Bindings
	case *catalog.Vocabulary:
		r.Path = f.path
		c.Vocabularies[r.ID] = r
	case *catalog.Year:
		r.Path = f.path
		c.Calendar[r.Year] = r
	case *catalog.Policy:
		r.Path = f.path
		c.Policy = *r
	case *aliases:
		c.Aliases = r.Aliases
	case *keys:
		c.Keys = r.Keys
	case *catalog.Mapping:
		r.Path = f.path
		c.Mapping = *r
	}
}

// attach gives every open-list entry its data files and releases.
func attach(c *catalog.Catalog, files []*file) {
	for _, f := range files {
		dept, id, name, ok := datasetPath(f.path)
		if !ok {
			continue
		}
		o := c.Dataset(id)
		if o == nil || o.Dept != dept {
			continue
		}
		if r, ok := f.record.(*catalog.DataRelease); ok {
			o.Releases = append(o.Releases, r)
			continue
		}
		if o.Files == nil {
			o.Files = map[string]catalog.SourceFile{}
		}
		if r, ok := f.record.(*remote); ok {
			o.Files[strings.TrimSuffix(name, ".ref.yaml")] = catalog.SourceFile{SHA256: r.SHA256, Bytes: r.Bytes, Remote: r.URL}
		} else if f.place.Kind == nil {
			o.Files[name] = f.source
		}
	}
	for _, o := range c.OpenEntries {
		slices.SortFunc(o.Releases, compareVersions)
	}
}

// compareVersions orders "2025-01-01" before "2025-01-01.2" before "2025-01-01.10".
func compareVersions(a, b *catalog.DataRelease) int {
	dayA, nA, _ := strings.Cut(a.Version, ".")
	dayB, nB, _ := strings.Cut(b.Version, ".")
	numA, _ := strconv.Atoi(nA)
	numB, _ := strconv.Atoi(nB)
	return cmp.Or(cmp.Compare(dayA, dayB), cmp.Compare(numA, numB))
}

func datasetPath(name string) (dept catalog.Dept, id catalog.ID, rest string, ok bool) {
	parts := strings.Split(name, "/")
	if len(parts) < 4 || parts[0] != "datasets" {
		return "", "", "", false
	}
	return catalog.Dept(parts[1]), catalog.ID(parts[2]), path.Join(parts[3:]...), true
}

// Settings reads the policy and the keys alone, by the same rules as [Load]: a store needs no more.
func Settings(fsys fs.FS) (catalog.Policy, []catalog.TrustedKey, []diag.Finding, error) {
	c, known := newCatalog(), newScope(nil)
	departments, err := fs.Glob(fsys, "metadata/departments/*.yaml")
	if err != nil {
		return c.Policy, nil, nil, err
	}
	for _, name := range departments {
		if p, ok := format.Locate(name); ok {
			known.departments[p.ID] = true
		}
	}
	var findings []diag.Finding
	for _, name := range []string{"metadata/policy.yaml", "metadata/keys.yaml"} {
		place, _ := format.Locate(name)
		f := &file{path: name, place: place}
		if err := f.read(fsys, known); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return c.Policy, nil, nil, err
		}
		findings = append(findings, f.findings...)
		if f.record != nil {
			add(c, f)
		}
	}
	return c.Policy, c.Keys, diag.Sort(findings), nil
}

// Vocabularies reads metadata/vocab alone. A vocabulary with findings is an error: nothing can be derived from it.
func Vocabularies(fsys fs.FS) (map[string]*catalog.Vocabulary, error) {
	files, _, err := list(fsys)
	if err != nil {
		return nil, err
	}
	vocabularies, _ := split(files, func(f *file) bool { return f.place.Kind.Name == string(catalog.KindVocabulary) })
	if err := readAll(fsys, vocabularies, newScope(files)); err != nil {
		return nil, err
	}
	out := map[string]*catalog.Vocabulary{}
	for _, f := range vocabularies {
		if len(f.findings) > 0 {
			return nil, fmt.Errorf("%s:%d: %s", f.path, f.findings[0].Line, f.findings[0].Message.En)
		}
		if v, ok := f.record.(*catalog.Vocabulary); ok {
			out[v.ID] = v
		}
	}
	return out, nil
}
