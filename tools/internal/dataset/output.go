package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/table"
)

// outputs are the files under way.
type outputs struct {
	all  []*output
	maps bool // one of them needs the geometry
}

// output is one file: its bytes go to the stage and into its digest.
type output struct {
	name   string
	file   *os.File
	sum    hash.Hash
	bytes  int64
	writer table.Writer
}

func (o *output) Write(b []byte) (int, error) {
	n, err := o.file.Write(b)
	o.sum.Write(b[:n])
	o.bytes += int64(n)
	return n, err
}

// openOutputs begins a file for each table that the distributions declare, csv with its twin for spreadsheets.
func (p *pass) openOutputs() (*outputs, error) {
	if err := p.makeStage(); err != nil {
		return nil, err
	}
	all := &outputs{}
	about := table.About{ID: p.entry.ID, Title: p.entry.Name(), Illustrative: p.entry.Illustrative()}
	if about.Illustrative {
		about.Title += "（示例数据）"
	}
	for i := range p.entry.Distributions {
		d := &p.entry.Distributions[i]
		if d.Kind != catalog.KindFile || !d.Tabular() {
			continue
		}
		var err error
		switch d.Format {
		case "csv":
			if err = p.openOutput(all, d.FileName(), func(w io.Writer) (table.Writer, error) { return table.NewCSV(w, p.items) }); err == nil {
				err = p.openOutput(all, d.ID+".excel.csv", func(w io.Writer) (table.Writer, error) { return table.NewExcelCSV(w, p.items) })
			}
		case "json":
			err = p.openOutput(all, d.FileName(), func(w io.Writer) (table.Writer, error) { return table.NewJSON(w, p.items) })
		case "xlsx":
			err = p.openOutput(all, d.FileName(), func(w io.Writer) (table.Writer, error) { return table.NewXLSX(w, p.items, about, p.limits()) })
		case "geojson":
			if p.mayMap(d) {
				all.maps = true
				err = p.openOutput(all, d.FileName(), func(w io.Writer) (table.Writer, error) { return table.NewGeoJSON(w, p.items, about) })
			}
		}
		if err != nil {
			all.abandon()
			return nil, err
		}
	}
	return all, nil
}

func (p *pass) makeStage() error {
	if p.stage != "" {
		return nil
	}
	if err := os.MkdirAll(p.opt.Out, 0o755); err != nil {
		return err
	}
	var err error
	p.stage, err = os.MkdirTemp(p.opt.Out, ".stage-")
	return err
}

func (p *pass) openOutput(all *outputs, name string, begin func(io.Writer) (table.Writer, error)) error {
	f, err := os.Create(filepath.Join(p.stage, name))
	if err != nil {
		return err
	}
	o := &output{name: name, file: f, sum: sha256.New()}
	all.all = append(all.all, o)
	o.writer, err = begin(o)
	return err
}

// crsNames are the spellings of WGS-84 and of CGCS2000, which is equal to it at six decimals.
var crsNames = []string{"WGS84", "EPSG4326", "CRS84", "OGCCRS84", "CGCS2000", "EPSG4490"}

// mayMap reports whether GeoJSON can be made: it knows only WGS-84, and needs places.
func (p *pass) mayMap(d *catalog.Distribution) bool {
	path := p.found.path
	defer func() { p.found.path = path }()
	p.found.path = p.entry.Path
	report := func(code, zh, en, hintZh, hintEn string) bool {
		p.found.add(diag.Finding{Rule: code, Severity: diag.Error, Field: "distributions",
			Message: diag.Text{Zh: "不能生成 GeoJSON：" + zh, En: "GeoJSON cannot be made: " + en}, Hint: diag.Text{Zh: hintZh, En: hintEn}})
		return false
	}
	crs := p.source.CRS
	if crs == "" {
		crs = d.CRS
	}
	if p.source.Format == "geojson" && crs == "" {
		return true // RFC 7946 fixes it
	}
	roles := map[catalog.Code]bool{}
	for _, it := range p.items {
		roles[it.Role] = true
	}
	folded := strings.NewReplacer("-", "", ":", "", "_", "", " ", "").Replace(strings.ToUpper(crs))
	switch {
	case p.source.Format != "geojson" && (!roles["lon"] || !roles["lat"]):
		return report("schema-error", "没有经度、纬度数据项", "there are no items for longitude and latitude",
			"请在目录的数据项上写 item_role: lon 和 lat，或去掉此分发", "give two items item_role lon and lat, or drop the distribution")
	case crs == "":
		return report("crs-undeclared", "来源文件没有写明坐标系", "the coordinate system of the source is not declared",
			"请在来源分发下写 crs: CGCS2000 或 WGS-84", "write crs: CGCS2000 or WGS-84 in the distribution with the source")
	case !slices.Contains(crsNames, folded):
		return report("crs-mismatch", "坐标系是 "+crs, "the coordinate system is "+crs,
			"只有 WGS-84 和 CGCS2000 的坐标可以发布为 GeoJSON，请去掉此分发或换成这两种坐标", "only WGS-84 and CGCS2000 can be published as GeoJSON")
	}
	return true
}

// write gives the row to every file.
func (o *outputs) write(row table.Row) error {
	for _, out := range o.all {
		if err := out.writer.Write(row); err != nil {
			return err
		}
	}
	return nil
}

// finish completes the files of a table of so many rows.
func (o *outputs) finish(rows int) ([]File, error) {
	var files []File
	for _, out := range o.all {
		if err := out.writer.Close(); err != nil {
			return nil, err
		}
		out.writer = nil
		if err := out.file.Close(); err != nil {
			return nil, err
		}
		files = append(files, File{out.name, catalog.ReleasedFile{SHA256: hex.EncodeToString(out.sum.Sum(nil)), Bytes: out.bytes, Rows: rows}})
	}
	return files, nil
}

// abandon closes what finish did not. The writers may hold temporary files of their own.
func (o *outputs) abandon() {
	for _, out := range o.all {
		if out.writer != nil {
			out.writer.Close()
			out.file.Close()
		}
	}
}

// attachmentMagic is how files of a format begin; an attachment that begins otherwise is refused.
var attachmentMagic = map[catalog.Code][]string{
	"pdf": {"%PDF-"}, "png": {"\x89PNG\r\n"}, "jpg": {"\xFF\xD8\xFF"}, "zip": {"PK\x03\x04", "PK\x05\x06"}, "shp": {"PK\x03\x04"},
}

// attach copies attachments to the stage as they are and puts all files into the order of the distributions.
func (p *pass) attach(tables []File) ([]File, error) {
	var files []File
	for i := range p.entry.Distributions {
		d := &p.entry.Distributions[i]
		if d.Kind != catalog.KindFile {
			continue
		}
		if d.Tabular() {
			for _, f := range tables {
				if f.Name == d.FileName() || d.Format == "csv" && f.Name == d.ID+".excel.csv" {
					files = append(files, f)
				}
			}
			continue
		}
		f, err := p.copyAttachment(d)
		if err != nil {
			return nil, err
		}
		if f != nil {
			files = append(files, *f)
		}
	}
	return files, nil
}

func (p *pass) copyAttachment(d *catalog.Distribution) (*File, error) {
	path := p.found.path
	defer func() { p.found.path = path }()
	p.found.path = p.entry.Path
	if d.Source == "" {
		p.found.add(diag.Finding{Rule: "R10", Severity: diag.Error, Field: "distributions",
			Message: diag.Text{Zh: fmt.Sprintf("分发 %s 的格式 %s 不能由程序生成，又没有来源文件", d.ID, d.Format), En: fmt.Sprintf("distribution %s: %s is not made by the program, and there is no source", d.ID, d.Format)},
			Hint:    diag.Text{Zh: "请写明 source，或去掉此分发", En: "name its source, or drop the distribution"}})
		return nil, nil
	}
	p.found.path = p.entry.Folder() + "/" + d.Source
	in, err := p.open(d.Source)
	if err != nil || in == nil {
		return nil, err
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(p.stage, d.FileName()))
	if err != nil {
		return nil, err
	}
	defer out.Close()
	sum := sha256.New()
	head := &prefix{}
	n, err := io.Copy(io.MultiWriter(out, sum, head), in)
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", d.Source, err)
	}
	if magic := attachmentMagic[d.Format]; magic != nil && !slices.ContainsFunc(magic, head.is) {
		p.found.add(diag.Finding{Rule: "type-mismatch", Severity: diag.Error,
			Message: diag.Text{Zh: fmt.Sprintf("登记的格式是 %s，文件内容却不是", d.Format), En: fmt.Sprintf("declared as %s, but the bytes are something else", d.Format)},
			Hint:    diag.Text{Zh: "请改正 format，或换成正确的文件", En: "correct format, or put the right file there"}})
	}
	return &File{d.FileName(), catalog.ReleasedFile{SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: n}}, out.Close()
}

// prefix keeps the first bytes that pass.
type prefix struct{ b []byte }

func (h *prefix) Write(b []byte) (int, error) {
	if room := 16 - len(h.b); room > 0 {
		h.b = append(h.b, b[:min(room, len(b))]...)
	}
	return len(b), nil
}

func (h *prefix) is(magic string) bool { return bytes.HasPrefix(h.b, []byte(magic)) }

// publish moves the stage to data/<id>/<version>/ and links the same bytes below latest/. A file that is already there
// with the right digest stays untouched; a version's files never change.
func (p *pass) publish(version string) error {
	base := filepath.Join(p.opt.Out, "data", string(p.entry.ID))
	dir := filepath.Join(base, version)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	p.result.Version = version
	for _, f := range p.result.Files {
		to := filepath.Join(dir, f.Name)
		if has(to, f.ReleasedFile) {
			continue
		}
		if err := os.Rename(filepath.Join(p.stage, f.Name), to); err != nil {
			return err
		}
	}
	if err := keepOnly(dir, p.result.Files); err != nil {
		return err
	}
	return linkLatest(base, version, p.result.Files)
}

// linkLatest makes latest/ hold the files of a version: hard links where the file system has them, else copies.
func linkLatest(base, version string, files []File) error {
	latest := filepath.Join(base, "latest")
	if err := os.MkdirAll(latest, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		from, to := filepath.Join(base, version, f.Name), filepath.Join(latest, f.Name)
		a, errA := os.Stat(from)
		b, errB := os.Stat(to)
		if errA == nil && errB == nil && os.SameFile(a, b) {
			continue
		}
		if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := folder.Link(from, to); err != nil {
			return err
		}
	}
	return keepOnly(latest, files)
}

// keepOnly removes files that a folder of a version should not hold.
func keepOnly(dir string, files []File) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.ContainsFunc(files, func(f File) bool { return f.Name == e.Name() }) {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// has reports whether a file holds the bytes of a record.
func has(name string, want catalog.ReleasedFile) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != want.Bytes {
		return false
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return false
	}
	return hex.EncodeToString(sum.Sum(nil)) == want.SHA256
}

// prune removes from Out the versions that no result wrote. Only folders named like versions are touched.
func prune(out string, results []*Result) error {
	keep := map[string]bool{}
	for _, r := range results {
		if r.Version != "" {
			keep[string(r.ID)+"/"+r.Version], keep[string(r.ID)+"/latest"] = true, true
		}
	}
	dirs, err := filepath.Glob(filepath.Join(out, "data", "*", "*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		id, version := filepath.Base(filepath.Dir(dir)), filepath.Base(dir)
		if keep[id+"/"+version] || version != "latest" && !isVersion(version) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		os.Remove(filepath.Dir(dir)) // succeeds only when nothing else is in it
	}
	stages, err := filepath.Glob(filepath.Join(out, ".stage-*")) // left by a run that was killed
	if err != nil {
		return err
	}
	for _, s := range stages {
		if err := os.RemoveAll(s); err != nil {
			return err
		}
	}
	return nil
}

// program tells one build of this program from another: the size and time of its file. It is part of cache keys only.
var program = sync.OnceValue(func() string {
	name, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(name)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
})

// cacheKey covers all that a result depends on; "" = do not cache.
func (p *pass) cacheKey() string {
	if p.opt.Cache == "" || program() == "" {
		return ""
	}
	attachments := map[string]string{}
	for i := range p.entry.Distributions {
		d := &p.entry.Distributions[i]
		if d.Source == "" || d.Tabular() || p.folder == nil {
			continue
		}
		if f, err := p.folder.Open(d.Source); err == nil {
			if t, err := table.Inspect(f); err == nil {
				attachments[d.Source] = t.SHA256
			}
			f.Close()
		}
	}
	var codes []*catalog.Vocabulary
	for _, it := range p.items {
		if v := it.Codelist.Vocabulary; v != "" {
			codes = append(codes, p.catalog.Vocabularies[v])
		}
	}
	return digestJSON([]any{
		program(), p.traits.SHA256, attachments, p.items, p.entry.Entry.Items, codes, p.entry.Distributions, p.entry.Latest(),
		p.entry.ID, p.entry.Dept, p.entry.Name(), p.entry.Illustrative(), p.opt.AsOf.Year(), p.opt.Out != "",
		p.catalog.Policy.Limits, p.catalog.Policy.Privacy,
	})
}

// cached returns the result of an earlier pass whose files are still there.
func (p *pass) cached(key string) *Result {
	if key == "" {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(p.opt.Cache, key+".json"))
	if err != nil {
		return nil
	}
	r := &Result{}
	if json.Unmarshal(b, r) != nil || r.ID != p.entry.ID {
		return nil
	}
	base := filepath.Join(p.opt.Out, "data", string(r.ID))
	for _, f := range r.Files {
		if !has(filepath.Join(base, r.Version, f.Name), f.ReleasedFile) {
			return nil
		}
	}
	if r.Version != "" && linkLatest(base, r.Version, r.Files) != nil {
		return nil
	}
	r.Cached = true
	return r
}

// store keeps the result. A cache that cannot be written only costs time.
func (p *pass) store(key string) error {
	if key == "" {
		return nil
	}
	b, err := json.Marshal(p.result)
	if err != nil {
		return err
	}
	return folder.Replace(filepath.Join(p.opt.Cache, key+".json"), b)
}

// writeProfile writes the profile of a dataset for others to read.
func writeProfile(dir string, r *Result) error {
	if dir == "" || r.Profile == nil {
		return nil
	}
	b, err := json.Marshal(r.Profile)
	if err != nil {
		return err
	}
	return folder.Replace(filepath.Join(dir, string(r.ID)+".json"), append(b, '\n'))
}
