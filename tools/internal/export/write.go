package export

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"

	"opendata.example/odc/tools/internal/catalog"
)

// putJSON writes a value as a JSON document.
type putJSON func(path string, value any) error

// Write hands every output to put: its path below the site, without a leading slash, and its bytes. The order is
// fixed; records come before the lists that name them. Two runs put the same bytes at the same paths.
func Write(m *Model, put func(path string, data []byte) error) error {
	written := map[string]bool{}
	checked := func(path string, data []byte) error {
		if err := checkPath(path); err != nil {
			return err
		}
		if written[path] {
			return fmt.Errorf("two outputs at %s", path)
		}
		written[path] = true
		return put(path, data)
	}
	asJSON := func(path string, value any) error { return checked(path, documentJSON(value)) }
	if err := m.writeRecords(checked); err != nil {
		return err
	}
	if err := m.writeCatalog(checked); err != nil {
		return err
	}
	if err := m.writeDataJSON(asJSON); err != nil {
		return err
	}
	if err := m.writeAPI(asJSON); err != nil {
		return err
	}
	if m.hasMapping() {
		if _, err := m.writeOpenList(municipalFeed, m.records, checked); err != nil {
			return err
		}
	}
	for _, files := range []map[string][]byte{
		m.ledgerFiles(), m.sitemapFiles(), {"feed.atom": m.atom(), "robots.txt": m.robots()},
	} {
		for _, path := range sortedKeys(files) {
			if err := checked(path, files[path]); err != nil {
				return err
			}
		}
	}
	return nil
}

// MunicipalDeviations are the values of the municipal feed that the platform's form cannot take as they are.
func (m *Model) MunicipalDeviations() ([]Deviation, error) {
	if !m.hasMapping() {
		return nil, nil
	}
	return m.writeOpenList(municipalFeed, m.records, func(string, []byte) error { return nil })
}

// municipalFeed is the address of the open list in the platform's forms, without its ending.
const municipalFeed = "feeds/shanghai-openlist"

// checkPath refuses addresses that some consumer mangles: upper case, "%", ":" and anything beyond ASCII.
func checkPath(path string) error {
	for _, r := range path {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_./", r) {
			return fmt.Errorf("path %q: %q may not stand in a public address", path, r)
		}
	}
	if !fs.ValidPath(path) {
		return fmt.Errorf("path %q is not a clean relative path", path)
	}
	return nil
}

// document is one output: its path and bytes.
type document struct {
	path string
	data []byte
}

// writeRecords writes the documents beside each dataset's page.
func (m *Model) writeRecords(put func(string, []byte) error) error {
	return inOrder(m.records, put, func(r *Record) []document {
		dir := "datasets/" + string(r.ID) + "/"
		g := m.datasetGraph(r)
		return []document{{dir + "entry.json", documentJSON(r)}, {dir + "dcat.jsonld", g.jsonLD()}, {dir + "dcat.ttl", g.turtle()}}
	})
}

// writeCatalog writes the pages of the DCAT catalogue. Page 1 is /catalog.<ext>; links keep the extension they are on.
func (m *Model) writeCatalog(put func(string, []byte) error) error {
	forms := []struct {
		ext   string
		write func(graph) []byte
	}{{"jsonld", graph.jsonLD}, {"ttl", graph.turtle}}
	pages := slices.Collect(slices.Chunk(m.records, catalogPage))
	numbers := make([]int, len(pages))
	for i := range numbers {
		numbers[i] = i
	}
	return inOrder(numbers, put, func(i int) []document {
		var out []document
		for _, form := range forms {
			path := func(i int) string {
				if i == 0 {
					return "catalog." + form.ext
				}
				return fmt.Sprintf("catalog/p/%04d.%s", i+1, form.ext)
			}
			g := m.catalogGraph(pages[i], i, len(pages), func(i int) string { return m.base + "/" + path(i) })
			out = append(out, document{path(i), form.write(g)})
		}
		return out
	})
}

// inOrder makes the documents of many items on all processors and puts them in the order of the items. Batches bound
// the finished documents in memory, slots those under way: the graph of a large document outweighs its text.
func inOrder[T any](items []T, put func(string, []byte) error, write func(T) []document) error {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for batch := range slices.Chunk(items, 8*runtime.GOMAXPROCS(0)) {
		documents := make([][]document, len(batch))
		var wg sync.WaitGroup
		for i, item := range batch {
			wg.Go(func() {
				slots <- struct{}{}
				documents[i] = write(item)
				<-slots
			})
		}
		wg.Wait()
		for _, d := range slices.Concat(documents...) {
			if err := put(d.path, d.data); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeDataJSON writes the whole catalogue and the part of each department that has a dataset.
func (m *Model) writeDataJSON(put putJSON) error {
	if err := put("data.json", m.dataJSON(m.base+"/data.json", m.records)); err != nil {
		return err
	}
	byOrg := map[catalog.Dept][]*Record{}
	for _, r := range m.records {
		byOrg[r.Org.ID] = append(byOrg[r.Org.ID], r)
	}
	for _, dept := range sortedKeys(byOrg) {
		path := "departments/" + string(dept) + "/data.json"
		if err := put(path, m.dataJSON(m.base+"/"+path, byOrg[dept])); err != nil {
			return err
		}
	}
	return nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// PreviousBuild reads the outputs of an earlier build, a folder with release.json and static/, as the release to
// continue; nil when the folder holds none.
func PreviousBuild(build fs.FS) (Previous, error) {
	b, err := fs.ReadFile(build, "release.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var p previousBuild
	if err := json.Unmarshal(b, &p); err != nil {
		return nil, fmt.Errorf("release.json: %w", err)
	}
	p.build = build
	return &p, nil
}

type previousBuild struct {
	build fs.FS
	All   map[string]Entry `json:"entries"`
}

func (p *previousBuild) Entries() map[string]Entry { return p.All }

func (p *previousBuild) File(path string) ([]byte, error) {
	return fs.ReadFile(p.build, "static/"+path)
}
