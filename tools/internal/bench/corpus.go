// Package bench makes realistic whole repositories of any size and measures the steps of a build over them, so that
// every figure about speed and memory can be taken again by anyone.
//
// A generated repository obeys every rule. The same number and seed give the same bytes, and entry n is the same in a
// repository of any size. All its records are marked as illustrative; none tells a fact.
//
//	err := bench.Corpus(ctx, bench.Plan{Source: root, Out: "/tmp/big", Entries: 10000, Seed: 1})
package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/dataset"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/tree"
)

// Plan of a repository.
type Plan struct {
	Source   string // the repository whose bodies, laws, vocabularies, theme and Hugo the generated one shares
	Out      string // a folder that is empty or absent
	Entries  int
	Seed     uint64
	Progress func(phase string, done, total int)
	// RecordsOnly leaves out data files and their releases, which search has no use for.
	RecordsOnly bool
}

// Made is the note that a finished repository carries in build/corpus.json.
type Made struct {
	Entries int    `json:"entries"`
	Seed    uint64 `json:"seed"`
}

// kept are the folders and files that a generated repository shares with its source.
var kept = []string{
	"go.mod", "go.sum", "hugo.toml", "content", "themes",
	"metadata/vocab", "metadata/laws", "metadata/regimes", "metadata/departments", "metadata/calendar", "metadata/municipal",
	"metadata/search",
	"metadata/authorities.yaml", "metadata/policy.yaml", "metadata/keys.yaml",
}

// Corpus writes a repository: what is shared, the records, the data files, and last the release records of the data
// files, which name the digests of the published ones. With records only it is not finished and cannot be published.
func Corpus(ctx context.Context, p Plan) error {
	if p.Entries < 1 || p.Entries > MaxEntries {
		return fmt.Errorf("entries: %d is not between 1 and %d", p.Entries, MaxEntries)
	}
	if there, err := os.ReadDir(p.Out); err == nil && len(there) > 0 {
		return fmt.Errorf("%s is not empty", p.Out)
	}
	if p.Progress == nil {
		p.Progress = func(string, int, int) {}
	}
	if err := share(p.Source, p.Out); err != nil {
		return err
	}
	g, err := newGenerator(p)
	if err != nil {
		return err
	}
	for n := range p.Entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := g.entry(n, rand.New(rand.NewPCG(p.Seed, uint64(n)))); err != nil {
			return err
		}
		if done := n + 1; done%1000 == 0 || done == p.Entries {
			p.Progress("records", done, p.Entries)
		}
	}
	if p.RecordsOnly {
		return nil
	}
	if err := g.release(ctx); err != nil {
		return err
	}
	b, err := json.Marshal(Made{p.Entries, p.Seed})
	if err != nil {
		return err
	}
	return write(filepath.Join(p.Out, "build", "corpus.json"), append(b, '\n'))
}

// Finished reports whether a folder holds the whole repository of a number and a seed.
func Finished(dir string, entries int, seed uint64) bool {
	b, err := os.ReadFile(filepath.Join(dir, "build", "corpus.json"))
	var m Made
	return err == nil && json.Unmarshal(b, &m) == nil && m == Made{entries, seed}
}

// share copies what a generated repository has from its source, and links the compiled Hugo, so that it can be built
// straight away.
func share(source, out string) error {
	for _, name := range kept {
		err := filepath.WalkDir(filepath.Join(source, filepath.FromSlash(name)), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			rel, err := filepath.Rel(source, path)
			if err != nil {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return write(filepath.Join(out, rel), b)
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	binaries, err := filepath.Glob(filepath.Join(source, "build", "cache", "hugo-*", "hugo"))
	if err != nil {
		return err
	}
	for _, path := range binaries {
		rel, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		to := filepath.Join(out, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Symlink(path, to); err != nil {
			return err
		}
	}
	return nil
}

func write(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

// generator makes one entry after another; each draws from a source of its own.
type generator struct {
	Plan
	catalog     *catalog.Catalog // of the source: bodies, laws, regimes, vocabularies
	bodies      []*catalog.Department
	sequence    map[catalog.Dept]int
	last        map[catalog.Dept]string // code of the last entry of a body
	regime      *catalog.Regime
	share, open catalog.Dept // who determines
	basis       catalog.LawID
	released    map[catalog.ID]calendar.Date
}

func newGenerator(p Plan) (*generator, error) {
	c, _, findings, err := tree.Load(os.DirFS(p.Out))
	if err != nil {
		return nil, err
	}
	if diag.Errors(findings) > 0 {
		return nil, fmt.Errorf("%s:%d: %s", findings[0].Path, findings[0].Line, findings[0].Message.En)
	}
	g := &generator{Plan: p, catalog: c, sequence: map[catalog.Dept]int{}, last: map[catalog.Dept]string{}, released: map[catalog.ID]calendar.Date{}}
	for _, d := range c.Departments {
		if len(d.Duties) > 0 && len(d.PublicContact) > 0 && d.Serial != "" {
			g.bodies = append(g.bodies, d)
		}
	}
	if len(g.bodies) == 0 {
		return nil, errors.New("the source repository has no body with a serial, duties and a public contact")
	}
	for _, id := range slices.Sorted(maps.Keys(c.Regimes)) {
		if r := c.Regimes[id]; r.TextVerified && (g.regime == nil || r.ValidFrom.After(g.regime.ValidFrom)) {
			g.regime = r
		}
	}
	if g.regime == nil {
		return nil, errors.New("the source repository has no verified regime: nothing can be determined")
	}
	day := g.regime.ValidFrom.AddDays(firstDecision)
	g.share, g.open = c.Holder("share_authority", day), c.Holder("open_authority", day)
	if g.share == "" || g.open == "" {
		return nil, fmt.Errorf("nobody determines sharing or opening under %s", g.regime.ID)
	}
	for _, id := range c.LawIDs() {
		if l := c.Laws[id]; (l.Level == "law" || l.Level == "admin_regulation") && l.InForce(day) && (l.DocNo != "" || l.URL != "") {
			if g.basis == "" || id == "cn-info-disclosure" {
				g.basis = id
			}
		}
	}
	if g.basis == "" {
		return nil, errors.New("the source repository has no law in force to rest a closure on")
	}
	return g, nil
}

// Days are counted from the first day of the regime: decisions fall into its first years, data versions later.
const (
	firstDecision, decisions = 120, 1200
	firstVersion, versions   = 1340, 180
)

// release records the version of each data file that is published.
func (g *generator) release(ctx context.Context) error {
	c, _, findings, err := tree.Load(os.DirFS(g.Out))
	if err != nil {
		return err
	}
	if diag.Errors(findings) > 0 {
		return fmt.Errorf("generated a wrong record, a defect of this program: %s:%d: %s", findings[0].Path, findings[0].Line, findings[0].Message.En)
	}
	scratch := filepath.Join(g.Out, "build", "scratch")
	defer os.RemoveAll(scratch)
	all := dataset.All(c)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		done  int
		work  = make(chan *catalog.OpenEntry)
	)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for o := range work {
				if ctx.Err() != nil {
					continue
				}
				r, _, err := dataset.Release(ctx, c, o, g.released[o.ID], dataset.Options{Root: g.Out, Out: scratch, AsOf: g.released[o.ID]})
				if err == nil && diag.Errors(r.Findings) > 0 {
					f := diag.Sort(r.Findings)[0]
					err = fmt.Errorf("generated a wrong table, a defect of this program: %s:%d: %s", f.Path, f.Line, f.Message.En)
				}
				if err == nil {
					err = os.RemoveAll(filepath.Join(scratch, "data", string(o.ID)))
				}
				if err != nil {
					cancel(err)
					continue
				}
				mu.Lock()
				if done++; done%1000 == 0 || done == len(all) {
					g.Progress("data files", done, len(all))
				}
				mu.Unlock()
			}
		})
	}
	for _, o := range all {
		work <- o
	}
	close(work)
	group.Wait()
	return context.Cause(ctx)
}
