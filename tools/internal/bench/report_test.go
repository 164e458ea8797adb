package bench

import (
	"strings"
	"testing"
	"time"
)

func TestMarkdown(t *testing.T) {
	build := []Step{
		{Name: "check", Detail: "10 catalogue entries", Wall: 2 * time.Second, CPU: 3 * time.Second, Peak: 200 << 20},
		{Name: "data", Wall: 7 * time.Second, CPU: 9 * time.Second, Peak: 90 << 20},
		{Name: "pages", Detail: "Hugo", Wall: 4 * time.Second, CPU: 8 * time.Second, Peak: 1000 << 20},
	}
	r := Report{Day: "2026-11-24", OS: "linux/amd64", Cores: 2, Memory: 8 << 30, Go: "go1.26", Runs: []Run{
		{
			Entries: 10_000, Seed: 5, Check: Step{Wall: 1500 * time.Millisecond, CPU: time.Second, Peak: 100 << 20}, Build: build,
			Search:  Latency{Documents: 9601, Questions: 300, P50: 400 * time.Microsecond, P95: 12 * time.Millisecond},
			Publish: []Step{{Name: "first publication", Wall: 3 * time.Second, Detail: "published"}, {Name: "nothing changed", Wall: time.Second, Detail: "no change"}},
		},
		{Entries: 7, Build: build[:2]},
	}}
	for _, want := range []string{
		"Measured on 2026-11-24: linux/amd64, 2 cores, 8 GB of memory, go1.26.\n",
		"| 10,000 | 1.5 s | 6.0 s | 7.0 s | 1000 MB | 1.50 | 0.4 ms / 12.0 ms | 3.0 s | 1.0 s |\n",
		"| 7 | 0.0 s | 2.0 s | 7.0 s | 200 MB | – | 0.0 ms / 0.0 ms | – | – |\n", // no pages, nothing published
		"## 10,000 entries, seed 5\n\nWanted on two cores: build without data ≤ 40 s",
		"| build: check | 2.0 s | 3.0 s | 200 MB | 10 catalogue entries |\n",
		"| build: **in all** | 13.0 s | 20.0 s | 1000 MB |  |\n",
		"| publish: nothing changed | 1.0 s | 0.0 s | 0 MB | no change |\n",
		"Search over 9,601 documents, 300 questions one after the other: p50 0.4 ms, p95 12.0 ms",
	} {
		if !strings.Contains(r.Markdown(), want) {
			t.Errorf("missing %q in:\n%s", want, r.Markdown())
		}
	}
	if !strings.Contains(r.Document(), r.Markdown()) {
		t.Error("the document does not hold the tables")
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}
