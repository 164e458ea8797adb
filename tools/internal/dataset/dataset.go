// Package dataset turns the source file of an open-list entry into what the public downloads: it reads the file once
// as a stream, checks every cell against the declared items, profiles the columns, looks for personal data, and writes
// the formats that the distributions declare.
//
// It publishes nothing that has an error, no column that is not opened, and no file that no release record names:
// [Release] writes such a record. It repairs nothing in the source. Its memory does not grow with the table, but for
// the sets of 128-bit hashes that prove keys and unique columns (16 bytes a row each, up to [keyLimit] rows).
//
//	results, findings, err := dataset.ProcessAll(ctx, c, dataset.Options{Root: ".", Out: "build/files", AsOf: day})
//	// build/files/data/bus-stops/2025-11-28/csv.csv, …/latest/csv.csv
package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/profile"
	"opendata.example/odc/tools/internal/table"
)

// Options of a pass.
type Options struct {
	Root  string // of the repository
	Out   string // folder for data/<id>/<version>/…; "" checks only
	Cache string // folder for results of unchanged datasets; "" = none
	// Profiles is a folder for <id>.json, the profile.Table of each dataset; "" = none.
	Profiles string
	AsOf     calendar.Date // the day of judgement: nobody is born after it
	// Progress is told of each dataset, in the order of the catalogue.
	Progress func(*Result)
	// History finds an earlier source file by its digest; without it a release cannot count changed rows.
	History func(ctx context.Context, folder, sha256 string) (name string, content []byte, err error)
}

// Result is what one pass found out about one dataset.
type Result struct {
	ID            catalog.ID     `json:"id"`
	Version       string         `json:"version,omitempty"` // the release whose files were written
	Source        string         `json:"source,omitempty"`  // file name of the source table
	SourceSHA256  string         `json:"source_sha256,omitempty"`
	ItemsSHA256   string         `json:"items_sha256,omitempty"`
	ContentSHA256 string         `json:"content_sha256,omitempty"`
	Bytes         int64          `json:"bytes,omitempty"` // of the source table
	Profile       *profile.Table `json:"profile,omitempty"`
	Files         []File         `json:"files,omitempty"` // in the order of the distributions
	Findings      []diag.Finding `json:"findings,omitempty"`
	Cached        bool           `json:"-"`
}

// File is one published file.
type File struct {
	Name string `json:"name"` // csv.csv, csv.excel.csv
	catalog.ReleasedFile
}

// Takes reports whether an entry publishes data files: unconditional data with a file. Conditional data are handed
// out on request, and interfaces have none.
func Takes(o *catalog.OpenEntry) bool {
	if o.OpenType != catalog.Unconditional || o.ResourceKind != catalog.KindData {
		return false
	}
	for i := range o.Distributions {
		if o.Distributions[i].Kind == catalog.KindFile {
			return true
		}
	}
	return false
}

// All are the published datasets that have data files, in the order of the catalogue.
func All(c *catalog.Catalog) []*catalog.OpenEntry {
	var out []*catalog.OpenEntry
	for _, o := range c.Published() {
		if Takes(o) && c.Visibility(o.Entry) == catalog.Public {
			out = append(out, o)
		}
	}
	return out
}

// ProcessAll passes over every published dataset, as many at once as there are processors, and removes from Out what
// belongs to no current version. Findings are those of all datasets in their total order.
func ProcessAll(ctx context.Context, c *catalog.Catalog, o Options) ([]*Result, []diag.Finding, error) {
	results, findings, err := ProcessSome(ctx, c, All(c), o)
	if err != nil || o.Out == "" {
		return results, findings, err
	}
	return results, findings, prune(o.Out, results)
}

// ProcessSome passes over some datasets.
func ProcessSome(ctx context.Context, c *catalog.Catalog, entries []*catalog.OpenEntry, o Options) ([]*Result, []diag.Finding, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	results := make([]*Result, len(entries))
	done := make([]chan struct{}, len(entries))
	for i := range done {
		done[i] = make(chan struct{})
	}
	work := make(chan int)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(entries)) {
		group.Go(func() {
			for i := range work {
				r, err := Process(ctx, c, entries[i], o)
				if err == nil {
					err = writeProfile(o.Profiles, r)
				}
				if err != nil {
					cancel(fmt.Errorf("dataset %s: %w", entries[i].ID, err))
				}
				results[i] = r
				close(done[i])
			}
		})
	}
	go func() {
		defer close(work)
		for i := range entries {
			work <- i
		}
	}()
	var findings []diag.Finding
	for i := range entries {
		<-done[i]
		if r := results[i]; r != nil && ctx.Err() == nil {
			findings = append(findings, r.Findings...)
			if o.Progress != nil {
				o.Progress(r)
			}
		}
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, nil, err
	}
	return results, diag.Sort(findings), nil
}

// Process passes over one dataset: it checks the source and, when the newest release names it and there is no error,
// brings its files to Out.
func Process(ctx context.Context, c *catalog.Catalog, o *catalog.OpenEntry, opt Options) (*Result, error) {
	p, err := newPass(c, o, opt)
	if err != nil {
		return nil, err
	}
	defer p.close()
	ready, err := p.inspect()
	if err != nil {
		return nil, err
	}
	if !ready {
		return p.result, nil
	}
	key := p.cacheKey()
	if r := p.cached(key); r != nil {
		return r, nil
	}
	newest := o.Latest()
	version := ""
	if newest != nil && newest.SourceSHA256 == p.result.SourceSHA256 {
		version = newest.Version
	} else {
		p.unreleased(newest)
	}
	if err := p.run(ctx, version != ""); err != nil {
		return nil, err
	}
	if version != "" && p.staged {
		p.compare(newest)
		if diag.Errors(p.result.Findings) == 0 {
			if err := p.publish(version); err != nil {
				return nil, err
			}
		}
	}
	if diag.Errors(p.result.Findings) > 0 {
		p.result.Files = nil
	}
	return p.result, p.store(key)
}

// pass is the work on one dataset.
type pass struct {
	catalog *catalog.Catalog
	entry   *catalog.OpenEntry
	opt     Options
	folder  *os.Root // datasets/<dept>/<id>; nothing outside it is read
	source  *catalog.Distribution
	traits  table.Traits
	items   []catalog.Item
	found   *findings
	result  *Result
	stage   string // temporary folder below Out
	staged  bool
}

func newPass(c *catalog.Catalog, o *catalog.OpenEntry, opt Options) (*pass, error) {
	p := &pass{catalog: c, entry: o, opt: opt, items: o.Columns(), result: &Result{ID: o.ID}}
	p.found = newFindings(o.Path)
	folder, err := os.OpenRoot(filepath.Join(opt.Root, filepath.FromSlash(o.Folder())))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	p.folder = folder
	return p, nil
}

func (p *pass) close() {
	if p.folder != nil {
		p.folder.Close()
	}
	if p.stage != "" {
		os.RemoveAll(p.stage)
	}
}

// inspect finds the source table and reads it once for its digest; false when there is none to go on with.
func (p *pass) inspect() (bool, error) {
	defer p.settle()
	var sources []*catalog.Distribution
	for i := range p.entry.Distributions {
		if d := &p.entry.Distributions[i]; d.Source != "" && d.Tabular() {
			sources = append(sources, d)
		}
	}
	if len(sources) != 1 {
		p.found.add(diag.Finding{Rule: "R10", Severity: diag.Error, Field: "distributions",
			Message: diag.Text{Zh: fmt.Sprintf("应恰有一个表格分发写明来源文件，现有 %d 个", len(sources)), En: fmt.Sprintf("exactly one table names a source file, here %d do", len(sources))},
			Hint:    diag.Text{Zh: "请在一个 csv、xlsx、json 或 geojson 分发下写 source，其余格式由程序生成", En: "write source in one csv, xlsx, json or geojson distribution; the other formats are made from it"}})
		return false, nil
	}
	p.source = sources[0]
	p.result.Source = p.source.Source
	p.found.path = p.entry.Folder() + "/" + p.source.Source
	in, err := p.open(p.source.Source)
	if err != nil || in == nil {
		return false, err
	}
	defer in.Close()
	if p.traits, err = table.Inspect(in); err != nil {
		return false, fmt.Errorf("read %s: %w", p.found.path, err)
	}
	p.result.SourceSHA256, p.result.Bytes = p.traits.SHA256, p.traits.Bytes
	p.result.ItemsSHA256 = itemsDigest(p.items)
	return true, nil
}

// settle puts the findings so far into the result.
func (p *pass) settle() { p.result.Findings = p.found.all() }

// open opens a file of the dataset's folder; nil and a finding when it is not there.
func (p *pass) open(name string) (io.ReadCloser, error) {
	var err error = fs.ErrNotExist
	if p.folder != nil {
		var f *os.File
		if f, err = p.folder.Open(name); err == nil {
			if info, statErr := f.Stat(); statErr == nil && info.Mode().IsRegular() {
				return f, nil
			}
			f.Close()
			err = fs.ErrNotExist
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("open %s: %w", p.found.path, err)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		// A name that leads outside the folder is refused by os.Root with its own error.
		p.found.add(diag.Finding{Rule: "scheme-error", Severity: diag.Error,
			Message: diag.Text{Zh: "来源文件名不能指向数据集文件夹之外", En: "the source must lie in the folder of the dataset"},
			Hint:    diag.Text{Zh: "请只写文件名", En: "write the file name alone"}})
		return nil, nil
	}
	hint := diag.Text{Zh: "请把文件放入 " + p.entry.Folder() + "/", En: "put the file into " + p.entry.Folder() + "/"}
	if p.entry.Files[name].Remote != "" {
		hint = diag.Text{Zh: "文件在外部地址，请先下载到该文件夹", En: "the file lies elsewhere: fetch it into the folder first"}
	}
	p.found.add(diag.Finding{Rule: "source-error", Severity: diag.Error,
		Message: diag.Text{Zh: fmt.Sprintf("没有文件“%s”", name), En: fmt.Sprintf("there is no file %q", name)}, Hint: hint})
	return nil, nil
}

// unreleased reports a source file that no release names, with the command that records it.
func (p *pass) unreleased(newest *catalog.DataRelease) {
	message := diag.Text{Zh: "数据文件还没有版本记录", En: "no release record names the data file"}
	if newest != nil {
		message = diag.Text{Zh: fmt.Sprintf("数据文件与最新版本 %s 的记录不同", newest.Version), En: fmt.Sprintf("the data file differs from the newest release %s", newest.Version)}
	}
	p.found.add(diag.Finding{Rule: "R10", Severity: diag.Error, Message: message, Hint: p.releaseHint()})
}

func (p *pass) releaseHint() diag.Text {
	command := fmt.Sprintf("go tool odc data --release %s", p.entry.ID)
	return diag.Text{Zh: "核对无误后运行：" + command, En: "when the data are right, run: " + command}
}

// compare holds what was made against what the release promised: a published file never changes.
func (p *pass) compare(newest *catalog.DataRelease) {
	path := p.found.path
	defer func() { p.found.path = path; p.settle() }()
	p.found.path = p.entry.Folder() + "/releases/" + newest.Version + ".yaml"
	made := map[string]bool{}
	for _, f := range p.result.Files {
		made[f.Name] = true
		if want, ok := newest.Files[f.Name]; !ok || want != f.ReleasedFile {
			p.found.add(diag.Finding{Rule: "R10", Severity: diag.Error, Field: "files." + f.Name,
				Message: diag.Text{Zh: fmt.Sprintf("现在生成的 %s 与版本 %s 的记录不同", f.Name, newest.Version), En: fmt.Sprintf("%s as made now differs from the record of release %s", f.Name, newest.Version)},
				Reason:  diag.Text{Zh: "数据项、分发格式或程序有变；已发布的文件不能改变", En: "items, formats or the program changed; a published file never does"},
				Hint:    p.releaseHint()})
		}
	}
	for _, name := range sortedNames(newest.Files) {
		if !made[name] {
			p.found.add(diag.Finding{Rule: "R10", Severity: diag.Error, Field: "files." + name,
				Message: diag.Text{Zh: fmt.Sprintf("版本 %s 的记录有 %s，现在不再生成", newest.Version, name), En: fmt.Sprintf("release %s names %s, which is no longer made", newest.Version, name)},
				Hint:    p.releaseHint()})
		}
	}
}

// limits are those of the policy, or the defaults of the readers.
func (p *pass) limits() table.Limits {
	l := p.catalog.Policy.Limits
	return table.Limits{
		TextBytes: l["table_bytes"], WorkbookBytes: l["xlsx_bytes"], Cells: l["xlsx_cells"],
		Columns: int(l["csv_columns"]), RecordBytes: int(l["record_bytes"]), CellBytes: int(l["cell_bytes"]),
	}
}

// mobileShare is the share of cells from which mobile numbers block a column: the policy's, or one in a hundred.
func (p *pass) mobileShare() float64 {
	if permille := p.catalog.Policy.Privacy["phone_share_permille"]; permille > 0 {
		return float64(permille) / 1000
	}
	return 0.01
}

// itemsDigest covers what a reader of the files relies on: the columns, their order, names and types.
func itemsDigest(items []catalog.Item) string {
	var rows [][]any
	for _, it := range items {
		rows = append(rows, []any{it.Name, it.Title, it.Type, it.Format, it.Unit, it.Required, it.Key})
	}
	return digestJSON(rows)
}

// digestJSON is the digest of a value's JSON, whose member order is that of the fields.
func digestJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // records hold strings, numbers and lists only
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// closed reports whether an item may reach no published file.
func closed(it catalog.Item) bool {
	return it.OpenType == catalog.Closed || it.ShareType == catalog.None
}

// isVersion reports whether a folder name is a version: CCYY-MM-DD, then CCYY-MM-DD.2 and on.
func isVersion(name string) bool {
	day, n, numbered := strings.Cut(name, ".")
	if _, err := calendar.ParseDate(day); err != nil {
		return false
	}
	return !numbered || n != "" && strings.Trim(n, "0123456789") == ""
}

// Line tells the result in one line, for a terminal.
func (r *Result) Line() string {
	rows := 0
	if r.Profile != nil {
		rows = r.Profile.Rows
	}
	switch {
	case r.Version == "":
		return fmt.Sprintf("%s: %d rows, not published, %d errors", r.ID, rows, diag.Errors(r.Findings))
	case r.Cached:
		return fmt.Sprintf("%s: %d rows, %d files of version %s, unchanged", r.ID, rows, len(r.Files), r.Version)
	}
	return fmt.Sprintf("%s: %d rows, %d files of version %s", r.ID, rows, len(r.Files), r.Version)
}
