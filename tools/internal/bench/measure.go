package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"opendata.example/odc/tools/internal/build"
	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/search"
)

// Step is one measured piece of work.
type Step struct {
	Name   string        `json:"name"`
	Detail string        `json:"detail,omitempty"`
	Wall   time.Duration `json:"wall_ns"`
	CPU    time.Duration `json:"cpu_ns"`     // of this process and its children
	Peak   int64         `json:"peak_bytes"` // resident
}

// Build runs a build in this process and measures each of its steps. A process of its own gives honest figures: what
// an earlier build left in memory would count.
func Build(ctx context.Context, o build.Options) ([]Step, error) {
	m, err := newMeter()
	if err != nil {
		return nil, err
	}
	defer m.close()
	var steps []Step
	var failed error
	progress := o.Progress
	o.Progress = func(s build.Step) {
		if s.Took > 0 {
			cpu, peak, err := m.read()
			failed = errors.Join(failed, err)
			steps = append(steps, Step{Name: s.Name, Detail: s.Detail, Wall: s.Took, CPU: cpu, Peak: peak})
		}
		if progress != nil {
			progress(s)
		}
	}
	_, err = build.Run(ctx, o)
	return steps, errors.Join(err, failed)
}

// Latency is how long searches take, one after the other, each with facets and cards of twenty hits.
type Latency struct {
	Documents int           `json:"documents"`
	Questions int           `json:"questions"`
	Opening   time.Duration `json:"opening_ns"` // of the index
	P50       time.Duration `json:"p50_ns"`
	P95       time.Duration `json:"p95_ns"`
	Longest   time.Duration `json:"longest_ns"`
}

func (l Latency) String() string {
	return fmt.Sprintf("%s documents, %s questions one after the other: p50 %s, p95 %s, longest %s; the index opens in %s",
		thousands(l.Documents), thousands(l.Questions), milliseconds(l.P50), milliseconds(l.P95), milliseconds(l.Longest), milliseconds(l.Opening))
}

// Search asks the questions of a fixed list, once to warm up and then as many rounds as wanted.
func Search(ctx context.Context, index string, rounds int, now func() time.Time) (Latency, error) {
	start := now()
	ix, err := search.Open(index)
	if err != nil {
		return Latency{}, err
	}
	defer ix.Close()
	l := Latency{Documents: ix.Len(), Opening: now().Sub(start)}
	var took []time.Duration
	for round := range rounds + 1 {
		for _, q := range questions() {
			start := now()
			if _, err := ix.Search(ctx, query.Request{Query: q, Page: 1, Size: query.DefaultSize}); err != nil {
				return l, fmt.Errorf("search %s: %w", q, err)
			}
			if round > 0 {
				took = append(took, now().Sub(start))
			}
		}
	}
	slices.Sort(took)
	l.Questions = len(took)
	l.P50, l.P95, l.Longest = took[len(took)/2], took[len(took)*95/100], took[len(took)-1]
	return l, nil
}

// questions are what people type: a thing, a thing in a place, a matter, a whole sentence, English, and what is not
// there.
func questions() []string {
	out := []string{"", "长宁区", "上海市长宁区公共数据", "不存在的词语组合", "PM2.5", "2024年"}
	for i, o := range objects {
		out = append(out, o.zh, places[i%len(places)].zh+o.zh, "请问哪里有"+o.zh, o.zh+o.family[i%len(o.family)].zh, o.en)
	}
	return out
}

// Options of a series of measurements.
type Options struct {
	Program  string // the program whose verbs are measured, each in a process of its own
	Source   string // the repository that generated ones are made from
	Dir      string // where generated repositories lie; what is already there is used again
	Sizes    []int
	Seed     uint64
	AsOf     string
	Progress func(string)
	Now      func() time.Time
	// WithoutPages leaves out Hugo and what follows it.
	WithoutPages bool
	Keep         bool // do not delete what was generated
}

// Run is one size.
type Run struct {
	Entries int     `json:"entries"`
	Seed    uint64  `json:"seed"`
	Made    *Step   `json:"made,omitempty"` // the generator; nil when the repository was there
	Check   Step    `json:"check"`          // odc check alone
	Build   []Step  `json:"build"`
	Search  Latency `json:"search"`
	Publish []Step  `json:"publish,omitempty"` // first, then without a change
}

// Measure takes all figures, one size after the other and nothing at the same time.
func Measure(ctx context.Context, o Options) ([]Run, error) {
	var runs []Run
	for _, n := range o.Sizes {
		r, err := o.measure(ctx, n)
		if err != nil {
			return runs, fmt.Errorf("%d entries: %w", n, err)
		}
		runs = append(runs, r)
	}
	return runs, nil
}

func (o Options) measure(ctx context.Context, entries int) (Run, error) {
	r := Run{Entries: entries, Seed: o.Seed}
	size, seed := strconv.Itoa(entries), strconv.FormatUint(o.Seed, 10)
	dir := filepath.Join(o.Dir, size+"-"+seed)
	if !Finished(dir, entries, o.Seed) {
		if err := os.RemoveAll(dir); err != nil {
			return r, err
		}
		made, _, err := o.child(ctx, o.Source, "corpus", "bench", "corpus", "--entries", size, "--seed", seed, "--out", dir)
		if err != nil {
			return r, err
		}
		r.Made = &made
	}
	if !o.Keep {
		defer os.RemoveAll(dir)
	}
	// What an earlier run left would make this one quicker than it is.
	for _, left := range []string{"data", "static", "files", "index", "pages", "public", "store", "cache/data", "cache/publish", "cache/hugo"} {
		if err := os.RemoveAll(filepath.Join(dir, "build", filepath.FromSlash(left))); err != nil {
			return r, err
		}
	}
	var err error
	if r.Check, _, err = o.child(ctx, dir, "check", "check", "--as-of", o.AsOf); err != nil {
		return r, err
	}
	args := []string{"bench", "build", "--in", dir, "--as-of", o.AsOf, "--json"}
	if o.WithoutPages {
		args = append(args, "--without-pages")
	}
	if err := o.childJSON(ctx, dir, &r.Build, "build", args...); err != nil {
		return r, err
	}
	if err := o.childJSON(ctx, dir, &r.Search, "search", "bench", "search", "--json"); err != nil {
		return r, err
	}
	if o.WithoutPages {
		return r, nil
	}
	for _, name := range []string{"first publication", "nothing changed"} {
		step, out, err := o.child(ctx, dir, name, "publish", "--unsigned", "--json")
		if err != nil {
			return r, err
		}
		var result struct{ Outcome string }
		if err := json.Unmarshal(out, &result); err != nil {
			return r, err
		}
		step.Detail = result.Outcome
		r.Publish = append(r.Publish, step)
	}
	return r, nil
}

// child runs a verb in a process of its own and measures it from outside.
func (o Options) child(ctx context.Context, dir, name string, args ...string) (Step, []byte, error) {
	o.Progress(name)
	cmd := exec.CommandContext(ctx, o.Program, args...)
	cmd.Dir = dir
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	start := o.Now()
	err := cmd.Run()
	if err != nil {
		if ctx.Err() != nil {
			return Step{}, nil, ctx.Err()
		}
		return Step{}, nil, fmt.Errorf("odc %s: %w\n%s", strings.Join(args[:min(len(args), 2)], " "), err, strings.TrimSpace(out.String()+trouble.String()))
	}
	step := Step{Name: name, Wall: o.Now().Sub(start)}
	step.CPU, step.Peak = usageOf(cmd)
	return step, out.Bytes(), nil
}

func (o Options) childJSON(ctx context.Context, dir string, into any, name string, args ...string) error {
	_, out, err := o.child(ctx, dir, name, args...)
	if err != nil {
		return err
	}
	return json.Unmarshal(out, into)
}
