// Package search keeps the index: the terms of documents in a folder of Bleve's, read as postings by the one scorer of
// package query. Where there is no folder it holds the postings in memory, with the same answers.
//
// Bleve analyses, compresses and looks up; it does not rank. Its own scoring depends on how an index was merged, so it
// is never asked for a score, and no text a visitor types ever reaches its query parser. No other package imports it.
//
//	err := search.Build("build/index", docs)
//	ix, err := search.Open("build/index")
//	defer ix.Close()
//	result, err := ix.Search(ctx, query.Request{Query: "公交站"})
package search

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"

	"opendata.example/odc/tools/internal/query"
)

// Names in the folder of an index. Without documents there is no Bleve folder: its builder cannot close an empty one.
const (
	manifestName  = "index.json"
	documentsName = "documents.json"
	bleveName     = "bleve"
)

// batchSize is how many documents Bleve takes at once; larger batches only buy memory.
const batchSize = 1000

// manifest says what a folder holds. A folder of another version is built again, never read.
type manifest struct {
	Version   int    `json:"version"` // of package query
	Set       string `json:"set"`
	Documents int    `json:"documents"`
}

// ErrStale marks an index made by another version of the program, or not whole.
var ErrStale = errors.New("the index does not fit this program or is incomplete")

// Build writes the index of the documents into a folder, replacing the one that is there. The folder is complete or
// does not exist: it is made beside its place and moved there.
func Build(ctx context.Context, dir string, docs []query.Document) error {
	if err := replaceable(dir); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".index-")
	if err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	if err := write(ctx, tmp, docs); err != nil {
		return fmt.Errorf("build index %s: %w", dir, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	if err := os.Rename(tmp, dir); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	return nil
}

// replaceable refuses a folder that holds something else than an index: a slip of the hand must not delete it.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, manifestName)); err != nil {
		return fmt.Errorf("%s holds other files and is not replaced", dir)
	}
	return nil
}

func write(ctx context.Context, dir string, docs []query.Document) error {
	if len(docs) > 0 {
		if err := writeBleve(ctx, filepath.Join(dir, bleveName), docs); err != nil {
			return err
		}
	}
	if err := writeJSON(filepath.Join(dir, documentsName), docs); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, manifestName),
		manifest{Version: query.Version, Set: query.SetID(docs), Documents: len(docs)})
}

func writeBleve(ctx context.Context, dir string, docs []query.Document) error {
	m, err := newMapping()
	if err != nil {
		return err
	}
	b, err := bleve.NewBuilder(dir, m, map[string]any{"batchSize": batchSize, "buildPathPrefix": filepath.Dir(dir)})
	if err != nil {
		return err
	}
	for i := range docs {
		// A builder that is given up holds nothing but files below dir, and closing one without documents panics.
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.Index(ordinalID(i), texts(&docs[i])); err != nil {
			return err
		}
	}
	return b.Close()
}

func writeJSON(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o644)
}

// ordinalID is a document's name in Bleve: its ordinal at fixed width.
func ordinalID(i int) string { return fmt.Sprintf("%08d", i) }

// texts are the fields of a document by name.
func texts(d *query.Document) map[string]any {
	out := map[string]any{}
	for _, f := range query.Fields() {
		if text := d.Text(f); text != "" {
			out[f.String()] = text
		}
	}
	return out
}

// Index answers searches over one set of documents. It is safe for concurrent use; a nil Index holds no documents.
type Index struct {
	engine *query.Engine
	set    string
	close  func() error
}

// Open reads the index in a folder. An index of another version, or a damaged one, is [ErrStale].
func Open(dir string) (*Index, error) {
	var m manifest
	if err := readJSON(filepath.Join(dir, manifestName), &m); err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	if m.Version != query.Version {
		return nil, fmt.Errorf("open index %s: %w: version %d, not %d", dir, ErrStale, m.Version, query.Version)
	}
	var docs []query.Document
	if err := readJSON(filepath.Join(dir, documentsName), &docs); err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	if len(docs) != m.Documents || query.SetID(docs) != m.Set {
		return nil, fmt.Errorf("open index %s: %w: its documents are not those it was built from", dir, ErrStale)
	}
	if len(docs) == 0 {
		return InMemory(nil), nil
	}
	if err := register(); err != nil {
		return nil, err
	}
	b, err := bleve.OpenUsing(filepath.Join(dir, bleveName), map[string]any{"read_only": true})
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w: %v", dir, ErrStale, err)
	}
	ix, err := fromBleve(b, docs)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open index %s: %w", dir, err), b.Close())
	}
	return ix, nil
}

func readJSON(name string, v any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("%w: %s: %v", ErrStale, filepath.Base(name), err)
	}
	return nil
}

// InMemory holds the documents in plain maps, for sets that are not worth a folder.
func InMemory(docs []query.Document) *Index {
	return newIndex(docs, query.NewMem(docs), func() error { return nil })
}

// fromBleve takes one reader for the life of the index: the set never changes.
func fromBleve(b bleve.Index, docs []query.Document) (*Index, error) {
	inner, err := b.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	ords, err := ordinals(r, len(docs))
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	p := &postings{reader: r, ords: ords}
	return newIndex(docs, p, func() error { return errors.Join(r.Close(), b.Close()) }), nil
}

func newIndex(docs []query.Document, p query.Postings, closer func() error) *Index {
	return &Index{engine: query.NewEngine(docs, p), set: query.SetID(docs), close: closer}
}

// ordinals maps Bleve's document numbers, which follow the order of its segments, to ordinals.
func ordinals(r index.IndexReader, n int) ([]uint32, error) {
	count, err := r.DocCount()
	if err != nil {
		return nil, err
	}
	if count != uint64(n) {
		return nil, fmt.Errorf("%w: %d documents, not %d", ErrStale, count, n)
	}
	ids, err := r.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer ids.Close()
	ords := make([]uint32, n)
	seen := make([]bool, n)
	for {
		id, err := ids.Next()
		if err != nil {
			return nil, err
		}
		if id == nil {
			return ords, nil
		}
		name, err := r.ExternalID(id)
		if err != nil {
			return nil, err
		}
		ord, err := strconv.ParseUint(name, 10, 32)
		number, ok := docNumber(id, n)
		if err != nil || !ok || ord >= uint64(n) || seen[ord] {
			return nil, fmt.Errorf("%w: a document is called %q", ErrStale, name)
		}
		seen[ord] = true
		ords[number] = uint32(ord)
	}
}

// docNumber is Bleve's number of a document among n that were never deleted.
func docNumber(id index.IndexInternalID, n int) (uint64, bool) {
	if len(id) != 8 {
		return 0, false
	}
	number := binary.BigEndian.Uint64(id)
	return number, number < uint64(n)
}

// Search answers a request.
func (ix *Index) Search(ctx context.Context, req query.Request) (*query.Result, error) {
	return ix.queries().Search(ctx, req)
}

func (ix *Index) queries() *query.Engine {
	if ix == nil {
		return query.NewEngine(nil, query.NewMem(nil))
	}
	return ix.engine
}

// Len is the number of documents.
func (ix *Index) Len() int {
	if ix == nil {
		return 0
	}
	return ix.engine.Len()
}

// Set names what is indexed: equal sets have equal names.
func (ix *Index) Set() string {
	if ix == nil {
		return query.SetID(nil)
	}
	return ix.set
}

// Close ends the index. Searches must have ended before.
func (ix *Index) Close() error {
	if ix == nil {
		return nil
	}
	return ix.close()
}

// DecodeDocuments reads a file of documents, such as build/data/search.json.
func DecodeDocuments(r io.Reader) ([]query.Document, error) {
	dec := json.NewDecoder(r)
	var docs []query.Document
	if err := dec.Decode(&docs); err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("read documents: there is more than one list")
	}
	return docs, nil
}
