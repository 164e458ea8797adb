package dataset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/table"
	"opendata.example/odc/tools/internal/yamldoc"
)

// Release records the source file as it is now as a version of the dataset, dated day, and brings its files to Out. The
// record is nil when the newest one says the same already, or when the result has errors.
//
// Where only the form of the files changed (a title, a description, a further format, another program) and the content
// did not, the new version keeps the date of the one before: "updated" means that the data changed.
//
// Rows added and removed are counted against the source of the version before, which History finds by its digest. The
// first version adds all rows. When the earlier file cannot be had the record says so instead of guessing.
func Release(ctx context.Context, c *catalog.Catalog, o *catalog.OpenEntry, day calendar.Date, opt Options) (*Result, *catalog.DataRelease, error) {
	if opt.Out == "" {
		return nil, nil, errors.New("a release needs a folder for the files it records")
	}
	p, err := newPass(c, o, opt)
	if err != nil {
		return nil, nil, err
	}
	defer p.close()
	ready, err := p.inspect()
	if err != nil || !ready {
		return p.result, nil, err
	}
	if err := p.run(ctx, true); err != nil {
		return nil, nil, err
	}
	if !p.staged || diag.Errors(p.result.Findings) > 0 {
		p.result.Files = nil
		return p.result, nil, nil
	}
	newest := o.Latest()
	switch {
	case newest == nil:
	case newest.ContentSHA256 == p.result.ContentSHA256:
		day = newest.Date
	case day.Before(newest.Date):
		return nil, nil, fmt.Errorf("release %s of %s: the newest version is dated %s; versions go forward in time", day, o.ID, newest.Date)
	}
	r := &catalog.DataRelease{
		Version: nextVersion(o.Releases, day), Date: day, SourceSHA256: p.result.SourceSHA256,
		ItemsSHA256: p.result.ItemsSHA256, ContentSHA256: p.result.ContentSHA256, Files: map[string]catalog.ReleasedFile{},
	}
	for _, f := range p.result.Files {
		r.Files[f.Name] = f.ReleasedFile
	}
	if newest != nil && newest.SourceSHA256 == r.SourceSHA256 && maps.Equal(newest.Files, r.Files) {
		return p.result, nil, p.publish(newest.Version)
	}
	if r.Diff, err = p.diff(ctx, newest, r); err != nil {
		return nil, nil, err
	}
	b, err := recordYAML(r)
	if err != nil {
		return nil, nil, err
	}
	name := filepath.Join(opt.Root, filepath.FromSlash(o.Folder()), "releases", r.Version+".yaml")
	if err := folder.Replace(name, b); err != nil {
		return nil, nil, err
	}
	o.Releases = append(o.Releases, r)
	return p.result, r, p.publish(r.Version)
}

// nextVersion is the day, then the day with .2, .3 and on.
func nextVersion(releases []*catalog.DataRelease, day calendar.Date) string {
	taken := func(v string) bool {
		return slices.ContainsFunc(releases, func(r *catalog.DataRelease) bool { return r.Version == v })
	}
	version := day.String()
	for n := 2; taken(version); n++ {
		version = day.String() + "." + strconv.Itoa(n)
	}
	return version
}

// diff compares the table with that of the version before.
func (p *pass) diff(ctx context.Context, before *catalog.DataRelease, now *catalog.DataRelease) (catalog.Diff, error) {
	if before == nil {
		return catalog.Diff{RowsAdded: p.result.Profile.Rows}, nil
	}
	if before.ContentSHA256 == now.ContentSHA256 {
		return catalog.Diff{}, nil
	}
	unknown := catalog.Diff{Unknown: true}
	if p.opt.History == nil {
		return unknown, nil
	}
	name, content, err := p.opt.History(ctx, p.entry.Folder(), before.SourceSHA256)
	if err != nil {
		return catalog.Diff{}, err
	}
	if content == nil {
		return unknown, nil
	}
	older := *p.source
	older.Source, older.Format = name, catalog.Code(strings.TrimPrefix(filepath.Ext(name), "."))
	old, err := p.plain(ctx, io.NopCloser(bytes.NewReader(content)), &older)
	if err != nil {
		return unknown, p.onlyRefusal(err)
	}
	in, err := p.open(p.source.Source)
	if err != nil || in == nil {
		return unknown, err
	}
	current, err := p.plain(ctx, in, p.source)
	if err != nil {
		return unknown, p.onlyRefusal(err)
	}
	return compareTables(old, current)
}

// onlyRefusal drops a refusal: an earlier file that is no longer readable leaves the difference unknown.
func (p *pass) onlyRefusal(err error) error {
	if _, refused := errors.AsType[*table.Refusal](err); refused {
		return nil
	}
	return err
}

// plain opens a table for comparison: from bytes, without reports.
func (p *pass) plain(ctx context.Context, in io.ReadCloser, d *catalog.Distribution) (*plainTable, error) {
	content, err := io.ReadAll(in)
	in.Close()
	if err != nil {
		return nil, err
	}
	traits, err := table.Inspect(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	r, err := table.Open(ctx, io.NopCloser(bytes.NewReader(content)), traits, table.Options{
		Format: d.Format, Items: p.items, Dialect: d.Dialect, Missing: d.MissingValues, Limits: p.limits(),
	})
	if err != nil {
		return nil, err
	}
	t := &plainTable{ctx: ctx, reader: r, items: p.items, columns: map[string]int{}}
	for c, label := range r.Header() {
		if i := table.Label(p.items, label); i >= 0 {
			t.columns[p.items[i].Name] = c
		} else {
			t.columns[label] = c
		}
	}
	return t, nil
}

// plainTable is a table whose columns are known by item name, or by label where no item has it.
type plainTable struct {
	ctx     context.Context
	reader  table.Reader
	items   []catalog.Item
	columns map[string]int
}

// compareTables counts rows as members of a bag, over the columns that both tables have.
func compareTables(old, current *plainTable) (catalog.Diff, error) {
	defer old.reader.Close()
	defer current.reader.Close()
	var d catalog.Diff
	var both []string
	for _, name := range slices.Sorted(maps.Keys(old.columns)) {
		if _, kept := current.columns[name]; kept {
			both = append(both, name)
		} else {
			d.ColumnsRemoved = append(d.ColumnsRemoved, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(current.columns)) {
		if _, known := old.columns[name]; !known {
			d.ColumnsAdded = append(d.ColumnsAdded, name)
		}
	}
	bag := map[[16]byte]int{}
	if err := old.each(both, func(row [16]byte) { bag[row]-- }); err != nil {
		return d, err
	}
	if err := current.each(both, func(row [16]byte) { bag[row]++ }); err != nil {
		return d, err
	}
	for _, n := range bag {
		d.RowsAdded += max(n, 0)
		d.RowsRemoved += max(-n, 0)
	}
	return d, nil
}

// each hashes the named cells of every row, in their published form, so that another spelling of a date is no change.
func (t *plainTable) each(names []string, f func([16]byte)) error {
	cells := make([]string, len(names))
	for {
		row, err := t.reader.Next(t.ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i, name := range names {
			cell := strings.TrimSpace(row.Cells[t.columns[name]])
			if item := table.Label(t.items, name); item >= 0 && cell != "" {
				cell, _ = normal(&t.items[item], cell)
			}
			cells[i] = cell
		}
		sum := sha256.Sum256(appendCells(nil, cells, nil))
		f([16]byte(sum[:16]))
	}
}

// recordYAML is the canonical form of a release record.
func recordYAML(r *catalog.DataRelease) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "version: %q\ndate: %q\nsource_sha256: %q\nitems_sha256: %q\ncontent_sha256: %q\n", r.Version, r.Date.String(), r.SourceSHA256, r.ItemsSHA256, r.ContentSHA256)
	b.WriteString("diff:\n")
	if r.Diff.Unknown {
		b.WriteString("  unknown: true\n")
	} else {
		fmt.Fprintf(&b, "  rows_added: %d\n  rows_removed: %d\n", r.Diff.RowsAdded, r.Diff.RowsRemoved)
	}
	writeNames(&b, "columns_added", r.Diff.ColumnsAdded)
	writeNames(&b, "columns_removed", r.Diff.ColumnsRemoved)
	b.WriteString("files:\n")
	for _, name := range sortedNames(r.Files) {
		f := r.Files[name]
		fmt.Fprintf(&b, "  %s:\n    sha256: %q\n    bytes: %d\n    rows: %d\n", name, f.SHA256, f.Bytes, f.Rows)
	}
	kind, _ := format.Lookup("release")
	out, findings := yamldoc.Format("release.yaml", []byte(b.String()), kind)
	if len(findings) > 0 {
		return nil, fmt.Errorf("write a release record: %s", findings[0].Message.En)
	}
	return out, nil
}

func writeNames(b *strings.Builder, key string, names []string) {
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s:\n", key)
	for _, n := range names {
		fmt.Fprintf(b, "    - %q\n", n)
	}
}

// ReleaseSome records versions of several datasets, one after another: each writes to the repository.
func ReleaseSome(ctx context.Context, c *catalog.Catalog, entries []*catalog.OpenEntry, day calendar.Date, opt Options) ([]diag.Finding, error) {
	var found []diag.Finding
	for _, o := range entries {
		r, _, err := Release(ctx, c, o, day, opt)
		if err != nil {
			return nil, fmt.Errorf("dataset %s: %w", o.ID, err)
		}
		if err := writeProfile(opt.Profiles, r); err != nil {
			return nil, err
		}
		found = append(found, r.Findings...)
		if opt.Progress != nil {
			opt.Progress(r)
		}
	}
	return diag.Sort(found), nil
}
