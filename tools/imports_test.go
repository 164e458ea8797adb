package tools

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "opendata.example/odc/"

// rings are the packages below tools/internal by ring: 0 words, 1 judgement, 2 doors. A package imports inner rings;
// within its ring only along the edges below.
var rings = map[string]int{
	"calendar": 0, "catalog": 0, "diag": 0, "format": 0,
	"judge": 1, "listing": 1, "privacy": 1, "profile": 1, "query": 1, "release": 1, "rule": 1, "view": 1,
	"build": 2, "check": 2, "dataset": 2, "docs": 2, "draft": 2, "export": 2, "gitlog": 2, "publish": 2, "search": 2, "site": 2,
	"store": 2, "store/s3": 2, "table": 2, "tree": 2, "web": 2, "yamldoc": 2, "bench": 2,
}

// testOnly packages may import anything and are imported by tests alone.
var testOnly = []string{"testrepo", "store/storetest"}

// edges are the imports allowed inside a ring. Each is used, or it goes.
var edges = map[string][]string{
	"bench":    {"build", "dataset", "search", "tree"},
	"catalog":  {"calendar"},
	"view":     {"profile"},
	"build":    {"check", "dataset", "export", "gitlog", "publish", "search", "site"},
	"check":    {"gitlog", "tree"},
	"dataset":  {"table", "yamldoc"},
	"docs":     {"tree"},
	"draft":    {"tree", "yamldoc"},
	"export":   {"table"},
	"publish":  {"store"},
	"store/s3": {"store"},
	"tree":     {"yamldoc"},
	"web":      {"publish", "search"},
}

// doors are the only packages that may import a library, by module prefix. golang.org/x is open to all but ring 0.
var doors = map[string]string{
	"github.com/goccy/go-yaml":  "yamldoc",
	"github.com/blevesearch":    "search",
	"github.com/minio/minio-go": "store/s3",
	"github.com/xuri/excelize":  "table",
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p goPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// TestRings holds the shape of the program: who may import whom.
func TestRings(t *testing.T) {
	usedEdges, seen := map[string]bool{}, map[string]bool{}
	for _, p := range listPackages(t) {
		name, inner := strings.CutPrefix(p.ImportPath, module+"tools/internal/")
		if !inner {
			continue
		}
		seen[name] = true
		if slices.Contains(testOnly, name) {
			continue
		}
		ring, listed := rings[name]
		if !listed {
			t.Errorf("package %s is in no ring; add it to rings", name)
			continue
		}
		for _, imp := range p.Imports {
			if other, ok := strings.CutPrefix(imp, module+"tools/internal/"); ok {
				otherRing, listed := rings[other]
				switch {
				case slices.Contains(testOnly, other):
					t.Errorf("%s imports %s, which is for tests", name, other)
				case !listed || otherRing > ring:
					t.Errorf("%s (ring %d) imports %s (ring %d)", name, ring, other, otherRing)
				case otherRing == ring && !slices.Contains(edges[name], other):
					t.Errorf("%s imports %s of its own ring; that edge is not listed", name, other)
				case otherRing == ring:
					usedEdges[name+"→"+other] = true
				}
				continue
			}
			first, _, _ := strings.Cut(imp, "/")
			if !strings.Contains(first, ".") {
				continue // standard library
			}
			if ring == 0 {
				t.Errorf("%s is in ring 0 and imports %s", name, imp)
			}
			if strings.HasPrefix(imp, "github.com/gohugoio") {
				t.Errorf("%s imports Hugo, which runs as a child process", name)
			}
			if strings.HasPrefix(imp, "golang.org/x/") {
				continue
			}
			if door := doorOf(imp); door != name {
				t.Errorf("%s imports %s, whose door is %q", name, imp, door)
			}
		}
	}
	for from, tos := range edges {
		for _, to := range tos {
			if !usedEdges[from+"→"+to] {
				t.Errorf("edge %s→%s is listed and not used", from, to)
			}
		}
	}
	for name := range rings {
		if !seen[name] {
			t.Errorf("package %s is listed and does not exist", name)
		}
	}
}

func doorOf(imp string) string {
	for prefix, door := range doors {
		if strings.HasPrefix(imp, prefix) {
			return door
		}
	}
	return "none"
}

// TestOnlyCmdTouchesTheWorld keeps clock, environment and standard output out of the packages.
func TestOnlyCmdTouchesTheWorld(t *testing.T) {
	allowed := map[string][]string{
		// A child process inherits the environment; the clock paces retries and caches, never results.
		"internal/site/site.go": {"os.Environ("},
	}
	err := walkGo("internal", func(path string, src []byte) {
		for _, word := range []string{"time.Now(", "os.Getenv(", "os.LookupEnv(", "os.Environ(", "os.Stdout", "os.Stderr"} {
			if inCode(src, word) && !slices.Contains(allowed[path], word) {
				t.Errorf("%s uses %s: only cmd touches clock, environment and output", path, strings.TrimSuffix(word, "("))
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// inCode looks for a word outside of comments.
func inCode(src []byte, word string) bool {
	for line := range bytes.Lines(src) {
		code, _, _ := bytes.Cut(line, []byte("//"))
		if bytes.Contains(code, []byte(word)) {
			return true
		}
	}
	return false
}

// TestEveryPackageHasOneComment asks for a package comment in exactly one file.
func TestEveryPackageHasOneComment(t *testing.T) {
	comments := map[string]int{}
	err := walkGo("internal", func(path string, src []byte) {
		dir := path[:strings.LastIndex(path, "/")]
		comments[dir] += bytes.Count(src, []byte("\n// Package "))
		if bytes.HasPrefix(src, []byte("// Package ")) {
			comments[dir]++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, n := range comments {
		if n != 1 {
			t.Errorf("%s has %d package comments, want one", dir, n)
		}
	}
}

func walkGo(root string, visit func(path string, src []byte)) error {
	var walk func(dir string) error
	walk = func(dir string) error {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			path := dir + "/" + e.Name()
			switch {
			case e.IsDir() && e.Name() != "testdata" && e.Name() != "storetest" && e.Name() != "testrepo":
				if err := walk(path); err != nil {
					return err
				}
			case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
				src, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				visit(path, src)
			}
		}
		return nil
	}
	return walk(root)
}
