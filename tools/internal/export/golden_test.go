package export

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "accept the outputs as they are")

// golden are the outputs whose bytes are reviewed. The rest follow from the same record and graph.
var golden = []string{
	"catalog.ttl", "datasets/community-canteens/entry.json", "datasets/hotline-orders/dcat.jsonld", "data.json", "feed.atom",
	"changes.ndjson", "feeds/shanghai-openlist.csv", "feeds/shanghai-openlist.json", "api/v1/index.json", "api/v1/closed.json",
	"api/v1/tombstones.json", "sitemap.xml", "robots.txt",
}

// TestGolden compares outputs of the small catalogue with testdata/golden.
// Accept new bytes with: go test ./tools/internal/export -run Golden -update
func TestGolden(t *testing.T) {
	m := model(t, Input{Catalog: valid(), Commit: "0123456789abcdef0123456789abcdef01234567"})
	files := outputs(t, m)
	files["dataset.jsonld"] = append([]byte(m.DatasetJSONLD("community-canteens")), '\n')
	want := map[string]bool{}
	for _, name := range append(golden, "dataset.jsonld") {
		file := filepath.Join("testdata", "golden", filepath.FromSlash(name))
		want[file] = true
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, files[name], 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v; accept with -update", err)
			continue
		}
		if !bytes.Equal(b, files[name]) {
			t.Errorf("%s differs from %s; look at it, then accept it with: go test ./tools/internal/export -run Golden -update", name, file)
		}
	}
	err := filepath.WalkDir(filepath.Join("testdata", "golden"), func(file string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !want[file] {
			t.Errorf("%s is stale: no output is compared with it", file)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
