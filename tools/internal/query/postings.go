package query

import "context"

// Postings is what a store of an index must know. Document ordinals are positions in the slice of documents.
// Implementations are safe for concurrent use.
type Postings interface {
	// Len is the number of documents.
	Len() int
	// DF is the number of documents with the term in the field.
	DF(ctx context.Context, field Field, term string) (int, error)
	// Read appends the documents with the term in the field, each once, in any order.
	Read(ctx context.Context, field Field, term string, to []Posting) ([]Posting, error)
}

// Posting says that a term occurs TF times in a field of the document with that ordinal.
type Posting struct {
	Ord uint32
	TF  uint32
}

// Mem holds postings in plain maps. It is the reference that other readers are compared with, and serves small sets.
type Mem struct {
	n     int
	lists map[memKey][]Posting
}

type memKey struct {
	field Field
	term  string
}

// NewMem analyses the documents and holds their postings.
func NewMem(docs []Document) *Mem {
	m := &Mem{n: len(docs), lists: map[memKey][]Posting{}}
	for i := range docs {
		for _, field := range Fields() {
			m.add(uint32(i), field, docs[i].Text(field))
		}
	}
	return m
}

func (m *Mem) add(ord uint32, field Field, text string) {
	for _, term := range Terms(text) {
		key := memKey{field, term}
		list := m.lists[key]
		if n := len(list); n > 0 && list[n-1].Ord == ord {
			list[n-1].TF++
			continue
		}
		m.lists[key] = append(list, Posting{Ord: ord, TF: 1})
	}
}

// Len is the number of documents.
func (m *Mem) Len() int { return m.n }

// DF is the number of documents with the term in the field.
func (m *Mem) DF(_ context.Context, field Field, term string) (int, error) {
	return len(m.lists[memKey{field, term}]), nil
}

// Read appends the documents with the term in the field.
func (m *Mem) Read(_ context.Context, field Field, term string, to []Posting) ([]Posting, error) {
	return append(to, m.lists[memKey{field, term}]...), nil
}
