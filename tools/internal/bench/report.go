package bench

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// Report is what a series found out, and on what kind of machine.
type Report struct {
	Day    string `json:"day"`
	OS     string `json:"os"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory_bytes"`
	Go     string `json:"go"`
	Runs   []Run  `json:"runs"`
}

// NewReport describes the machine without naming it.
func NewReport(day string, runs []Run) Report {
	return Report{Day: day, OS: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.GOMAXPROCS(0), Memory: memory(), Go: runtime.Version(), Runs: runs}
}

// targets are what the project wants to hold on two cores, by number of entries: seconds of a build without the
// conversion of data files, and peak memory of a build; for 10,000 entries also of the check alone.
var targets = map[int]string{
	1000:    "build without data ≤ 5 s, peak ≤ 0.6 GB",
	10_000:  "build without data ≤ 40 s, peak ≤ 1.5 GB; check ≤ 3 s, ≤ 300 MB",
	100_000: "build without data ≤ 7 min, peak ≤ 8 GB",
}

// Markdown prints tables: one line a size, then one table a size.
func (r Report) Markdown() string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "Measured on %s: %s, %d cores, %.0f GB of memory, %s.\n\n", r.Day, r.OS, r.Cores, float64(r.Memory)/(1<<30), r.Go)
	b.WriteString("| entries | check | build without data | data files | peak of the build | build ÷ Hugo alone | search p50 / p95 | first publication | nothing changed |\n")
	b.WriteString("|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, run := range r.Runs {
		total, data, pages, peak := run.totals()
		ratio := "–"
		if pages > 0 {
			ratio = fmt.Sprintf("%.2f", float64(total)/float64(pages))
		}
		first, again := "–", "–"
		if len(run.Publish) == 2 {
			first, again = seconds(run.Publish[0].Wall), seconds(run.Publish[1].Wall)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s / %s | %s | %s |\n", thousands(run.Entries), seconds(run.Check.Wall), seconds(total), seconds(data),
			megabytes(peak), ratio, milliseconds(run.Search.P50), milliseconds(run.Search.P95), first, again)
	}
	for _, run := range r.Runs {
		run.markdown(b)
	}
	return b.String()
}

func (r Run) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s entries, seed %d\n\n", thousands(r.Entries), r.Seed)
	if t := targets[r.Entries]; t != "" {
		fmt.Fprintf(b, "Wanted on two cores: %s.\n\n", t)
	}
	b.WriteString(heading)
	if r.Made != nil {
		r.Made.line(b, "`odc bench corpus`")
	}
	r.Check.line(b, "`odc check` alone")
	stepsOfBuild(b, r.Build)
	for _, s := range r.Publish {
		s.line(b, "publish: "+s.Name)
	}
	fmt.Fprintf(b, "\nSearch over %s.\n", r.Search)
}

const heading = "| step | wall | CPU | peak memory | what |\n|---|--:|--:|--:|---|\n"

// Table prints the steps of one build.
func Table(steps []Step) string {
	b := &strings.Builder{}
	b.WriteString(heading)
	stepsOfBuild(b, steps)
	return b.String()
}

func stepsOfBuild(b *strings.Builder, steps []Step) {
	var all Step
	for _, s := range steps {
		s.line(b, "build: "+s.Name)
		all.Wall, all.CPU, all.Peak = all.Wall+s.Wall, all.CPU+s.CPU, max(all.Peak, s.Peak)
	}
	all.line(b, "build: **in all**")
}

func (s Step) line(b *strings.Builder, name string) {
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", name, seconds(s.Wall), seconds(s.CPU), megabytes(s.Peak), s.Detail)
}

// totals of a build: without the data files, the data files, the pages, and the peak.
func (r Run) totals() (rest, data, pages time.Duration, peak int64) {
	for _, s := range r.Build {
		switch s.Name {
		case "data":
			data += s.Wall
		case "pages":
			pages += s.Wall
			rest += s.Wall
		default:
			rest += s.Wall
		}
		peak = max(peak, s.Peak)
	}
	return rest, data, pages, peak
}

func seconds(d time.Duration) string      { return fmt.Sprintf("%.1f s", d.Seconds()) }
func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }
func megabytes(n int64) string            { return fmt.Sprintf("%.0f MB", float64(n)/(1<<20)) }

// thousands writes 10,000 for 10000.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Document is tools/doc/benchmarks.md: what the figures mean, and the figures.
func (r Report) Document() string {
	return `# Benchmarks

This file is made by a command that anyone can run again; with other sizes it takes longer or shorter:

` + "```" + `
odc bench build --entries 1000,10000 --out tools/doc/benchmarks.md
` + "```" + `

It generates whole repositories (` + "`odc bench corpus`" + `: the same seed gives the same bytes) and runs the verbs on them, each
in a process of its own and nothing at the same time. The build starts from nothing: no cached data file, no earlier
output; only Hugo is compiled beforehand. Every entry has its determinations, three in four are on the open list, and
more than half bring a data file, most of them small and one in fifty with thousands of rows.

- **wall** is what one waits, **CPU** is what the processors did, children such as Hugo included. Wall above CPU means
  waiting for the disk; CPU above wall means that several cores worked.
- **peak memory** is the resident high-water mark within the step; where Hugo runs it is that of odc plus that of Hugo.
- **build without data** leaves out reading and converting the data files, which depends on their rows and not on the
  number of entries, and which the next build takes from its cache.
- **build ÷ Hugo alone** is that time over the time of Hugo on the same records: how much the catalogue adds to the
  painting of pages. The project wants at most 1.5.

Figures of two machines cannot be compared; ratios and growth can. From one size to the next everything should grow as
the number of entries does: a step that grows faster has something quadratic in it.

` + r.Markdown()
}
