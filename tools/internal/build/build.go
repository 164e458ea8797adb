// Package build is the one composer: check → data → contract and feeds → index → pages → public. It turns a tree of
// records into one folder that a server can serve and a publisher can publish.
//
// It decides nothing by itself: each step is one call into the package that knows. The folder it leaves is complete or
// untouched: build/public is replaced in one step at the end.
//
//	result, err := build.Run(ctx, build.Options{Root: root, Day: day, Progress: print})
package build

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/check"
	"opendata.example/odc/tools/internal/dataset"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/export"
	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/gitlog"
	"opendata.example/odc/tools/internal/profile"
	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/rule"
	"opendata.example/odc/tools/internal/search"
	"opendata.example/odc/tools/internal/site"
	"opendata.example/odc/tools/internal/view"
)

// Options of a build.
type Options struct {
	Root string // of the repository
	Day  rule.Env
	Head gitlog.Revision
	// Previous is the release whose change feeds this build continues; nil for the first.
	Previous   export.Previous
	PreviousID string
	// Hugo finds the binary that renders the pages; see [FindHugo].
	Hugo         func(ctx context.Context, progress func(string)) (site.Binary, error)
	Progress     func(Step)
	Now          func() time.Time // measures steps; never reaches the output
	WithoutPages bool             // stop before Hugo: data, contract, feeds and index only
}

// Step tells how a step went, or how far it is.
type Step struct {
	Name   string        // check, data, contract, feeds, index, pages, public
	Detail string        // "1,284 files, 93 MB"
	Took   time.Duration // zero while the step is running
}

// FindingsError stops a build whose records or data files have errors.
type FindingsError struct{ Findings []diag.Finding }

func (e *FindingsError) Error() string {
	return fmt.Sprintf("%d errors in the records or data files", diag.Errors(e.Findings))
}

// Result of a build.
type Result struct {
	Catalog  *catalog.Catalog
	Findings []diag.Finding // warnings
	Public   string         // the complete site
	Release  release.Build  // as written to build/release.json
	Files    int            // in Public
}

// run is a build under way.
type run struct {
	Options
	dir      string // build/
	report   *check.Report
	profiles map[catalog.ID]*profile.Table
	model    *export.Model
	files    int
}

// Run builds everything.
func Run(ctx context.Context, o Options) (*Result, error) {
	r := &run{Options: o, dir: filepath.Join(o.Root, "build")}
	steps := []struct {
		name string
		do   func(context.Context) (detail string, err error)
	}{
		{"check", r.check}, {"data", r.data}, {"contract", r.contract}, {"feeds", r.feeds}, {"index", r.index},
		{"pages", r.pages}, {"public", r.public},
	}
	if o.WithoutPages {
		steps = steps[:len(steps)-2]
	}
	for _, s := range steps {
		start := r.Now()
		detail, err := s.do(ctx)
		if err != nil {
			return nil, err
		}
		r.Progress(Step{s.name, detail, max(r.Now().Sub(start), 1)})
	}
	result := &Result{Catalog: r.report.Catalog, Findings: r.report.Findings, Public: filepath.Join(r.dir, "public"), Files: r.files}
	result.Release = r.releaseRecord()
	b, err := json.MarshalIndent(result.Release, "", "  ")
	if err != nil {
		return nil, err
	}
	return result, writeFile(filepath.Join(r.dir, "release.json"), append(b, '\n'))
}

func (r *run) check(context.Context) (string, error) {
	var err error
	if r.report, err = check.Tree(os.DirFS(r.Root), r.Day); err != nil {
		return "", err
	}
	if diag.Errors(r.report.Findings) > 0 {
		return "", &FindingsError{r.report.Findings}
	}
	c := r.report.Catalog
	return fmt.Sprintf("%d catalogue entries, %d open-list entries, as of %s", len(c.Entries), len(c.OpenEntries), r.Day.AsOf), nil
}

// data reads, checks and converts every dataset file.
func (r *run) data(ctx context.Context) (string, error) {
	out := filepath.Join(r.dir, "files")
	results, findings, err := dataset.ProcessAll(ctx, r.report.Catalog, dataset.Options{
		Root: r.Root, Out: out, Cache: filepath.Join(r.dir, "cache", "data"), AsOf: r.Day.AsOf,
	})
	if err != nil {
		return "", err
	}
	if r.report.Findings = diag.Sort(append(r.report.Findings, findings...)); diag.Errors(findings) > 0 {
		return "", &FindingsError{r.report.Findings}
	}
	r.profiles = map[catalog.ID]*profile.Table{}
	rows, bytes := 0, int64(0)
	for _, d := range results {
		r.profiles[d.ID] = d.Profile
		for _, f := range d.Files {
			bytes += f.Bytes
		}
		if d.Profile != nil {
			rows += d.Profile.Rows
		}
	}
	return fmt.Sprintf("%d datasets, %d rows, %s published", len(results), rows, folder.Size(bytes)), nil
}

// contract writes build/data, which is all that the theme knows, and needs the model of the feeds for the changes and
// the schema.org blocks.
func (r *run) contract(ctx context.Context) (string, error) {
	commit := ""
	if r.Head.Clean() {
		commit = r.Head.Commit
	}
	var err error
	r.model, err = export.NewModel(export.Input{Catalog: r.report.Catalog, AsOf: r.Day.AsOf, Commit: commit, Previous: r.Previous})
	if err != nil {
		return "", err
	}
	w, err := newWriter(filepath.Join(r.dir, "data"))
	if err != nil {
		return "", err
	}
	in := view.Input{
		Catalog: r.report.Catalog, Profiles: r.profiles, AsOf: r.Day.AsOf, Changes: changes(r.report.Catalog, r.model),
		DatasetJSONLD: r.model.DatasetJSONLD, CatalogJSONLD: r.model.CatalogJSONLD,
	}
	err = view.Write(in, func(name string, v any) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if pages, ok := v.([]view.Page); ok {
			for _, p := range pages {
				if !p.Noindex {
					r.model.Pages = append(r.model.Pages, p.Path)
				}
			}
		}
		return w.json(name+".json", v)
	})
	return fmt.Sprintf("%d documents, %s", w.files, folder.Size(w.bytes)), err
}

func (r *run) feeds(ctx context.Context) (string, error) {
	w, err := newWriter(filepath.Join(r.dir, "static"))
	if err != nil {
		return "", err
	}
	err = export.Write(r.model, func(name string, data []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return w.file(name, data)
	})
	return fmt.Sprintf("%d files, %s", w.files, folder.Size(w.bytes)), err
}

// index builds the search index, and puts the documents beside the feeds for servers of a released store.
func (r *run) index(ctx context.Context) (string, error) {
	docs := query.Documents(r.report.Catalog)
	b, err := json.Marshal(docs)
	if err != nil {
		return "", err
	}
	for _, name := range []string{"data/search.json", "static/search/documents.json"} {
		if err := writeFile(filepath.Join(r.dir, filepath.FromSlash(name)), b); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d documents", len(docs)), search.Build(ctx, filepath.Join(r.dir, "index"), docs)
}

// FindHugo looks for the Hugo that a repository pins: beside the running program (folder beside, may be empty), then in
// build/cache, and compiles it there when it is in neither.
func FindHugo(root, beside string) func(context.Context, func(string)) (site.Binary, error) {
	return func(ctx context.Context, progress func(string)) (site.Binary, error) {
		return site.Hugo(ctx, site.Where{Root: root, Cache: filepath.Join(root, "build", "cache"), Beside: beside}, progress)
	}
}

func (r *run) pages(ctx context.Context) (string, error) {
	hugo, err := r.Hugo(ctx, func(s string) { r.Progress(Step{Name: "pages", Detail: s}) })
	if err != nil {
		return "", err
	}
	out := filepath.Join(r.dir, "pages")
	if err := os.RemoveAll(out); err != nil {
		return "", err
	}
	r.profiles = nil
	debug.FreeOSMemory() // what the feeds took; Hugo needs it now
	err = hugo.Render(ctx, site.Request{Root: r.Root, Out: out, Cache: filepath.Join(r.dir, "cache", "hugo"), BaseURL: r.report.Catalog.Policy.BaseURL})
	return "Hugo " + hugo.Version, err
}

// public joins pages, feeds and data files into build/public.
func (r *run) public(context.Context) (string, error) {
	var err error
	r.files, err = join(filepath.Join(r.dir, "public"), filepath.Join(r.dir, "pages"), filepath.Join(r.dir, "static"), filepath.Join(r.dir, "files"))
	return fmt.Sprintf("%d files", r.files), err
}

func (r *run) releaseRecord() release.Build {
	b := release.Build{
		CreatedFrom: release.CreatedFrom{AsOf: r.Day.AsOf.String(), Dirty: !r.Head.Clean(), GitCommit: r.Head.Commit, Previous: r.PreviousID},
		Entries:     map[string]release.Entry{},
	}
	for key, e := range r.model.ReleaseEntries() {
		b.Entries[key] = release.Entry{Hash: e.Hash, Modified: e.Modified.String(), Status: string(e.Status), Visibility: string(e.Visibility)}
	}
	return b
}

// changes are the newest events as the pages show them, newest first.
func changes(c *catalog.Catalog, m *export.Model) []view.Change {
	events := m.Events()
	out := make([]view.Change, 0, len(events))
	for _, e := range slices.Backward(events) {
		ch := view.Change{Date: e.Day(), Event: e.Event, Title: view.Text{Zh: e.Title}, Sequence: e.Seq}
		if o := c.Dataset(e.Dataset()); o != nil {
			ch.Title = view.Text{Zh: o.Name(), En: o.NameEn()}
			ch.URL = "/datasets/" + string(o.ID) + "/"
		}
		if d := c.Department(e.Org); d != nil {
			zh, en := d.Label()
			ch.Org = view.Term{Code: string(d.ID), Label: view.Text{Zh: zh, En: en}, URL: "/departments/" + string(d.ID) + "/"}
		}
		out = append(out, ch)
	}
	return out
}
