package tree_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/testrepo"
	"opendata.example/odc/tools/internal/tree"
)

// many multiplies the records of the miniature repository: n catalogue entries with their determinations, and half as
// many open-list entries.
func many(tb testing.TB, n int) *testrepo.Repo {
	r := testrepo.Valid(tb)
	entry, decision, open := r.Text(testrepo.Entry), r.Text(testrepo.Decisions), r.Text(testrepo.OpenEntry)
	code := "resource_code: \"307031310105007/00000113\""
	if !strings.Contains(entry, "resource_code: \"") {
		tb.Fatal("the entry has no code")
	}
	for i := range n {
		id := fmt.Sprintf("generated-%05d", i)
		own := catalog.ResourceCode{Class: "3", Item: "07", Group: "031", Region: "310105", Serial: "007", Sequence: fmt.Sprintf("%06d", i+100)}
		text := strings.Replace(entry, entry[strings.Index(entry, "resource_code:"):strings.Index(entry, "\nrelation")], "resource_code: \""+own.String()+"\"", 1)
		r.Put("metadata/catalog/minzheng/"+id+".yaml", strings.Replace(text, code, "", 1))
		r.Put("metadata/determinations/minzheng/"+id+".yaml", decision)
		if i%2 == 0 {
			r.Put("metadata/openlist/minzheng/"+id+".yaml", strings.Replace(open, "catalog_id: minzheng/community-canteens", "catalog_id: minzheng/"+id, 1))
		}
	}
	return r
}

// BenchmarkLoad reads 10,000 catalogue entries of 4 items, 10,000 determinations and 5,000 open-list entries: the
// target is 3 s and 300 MB on two cores.
func BenchmarkLoad(b *testing.B) {
	repo := many(b, 10_000)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		c, at, findings, err := tree.Load(repo)
		if err != nil || len(findings) > 0 || len(c.Entries) != 10_003 {
			b.Fatal(err, len(findings), len(c.Entries))
		}
		b.StopTimer()
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-live")
		runtime.KeepAlive(c)
		runtime.KeepAlive(at)
		b.StartTimer()
	}
}
