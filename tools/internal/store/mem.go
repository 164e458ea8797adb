package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mem is a store in memory, for tests. The zero value is empty and ready.
type Mem struct {
	mu      sync.Mutex
	objects map[string]memObject
	writes  int64
}

type memObject struct {
	content []byte
	info    Info
}

// Get implements [Store].
func (m *Mem) Get(ctx context.Context, key string, o GetOpts) (*Object, error) {
	if err := begin(ctx, key); err != nil {
		return nil, err
	}
	m.mu.Lock()
	obj, ok := m.objects[key]
	m.mu.Unlock()
	switch {
	case !ok:
		return nil, &Error{Op: "get", Key: key, Kind: ErrNotFound}
	case o.IfNoneMatch != "" && o.IfNoneMatch == obj.info.ETag:
		return nil, &Error{Op: "get", Key: key, Kind: ErrNotModified}
	}
	r, err := section(bytes.NewReader(obj.content), key, obj.info.Size, o)
	if err != nil {
		return nil, err
	}
	return &Object{Info: obj.info, Body: io.NopCloser(r)}, nil
}

// Put implements [Store].
func (m *Mem) Put(ctx context.Context, key string, b Body, o PutOpts) (Info, error) {
	if err := begin(ctx, key); err != nil {
		return Info{}, err
	}
	content, err := io.ReadAll(b.reader())
	if err != nil {
		return Info{}, &Error{Op: "put", Key: key, Kind: ErrUnavailable, Err: err}
	}
	if int64(len(content)) != b.Size || sha256.Sum256(content) != b.SHA256 {
		return Info{}, &Error{Op: "put", Key: key, Kind: ErrChecksum}
	}
	if err := ctx.Err(); err != nil {
		return Info{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	old, exists := m.objects[key]
	createOnly, ifMatch := o.Cond.Split()
	if (createOnly && exists) || (ifMatch != "" && old.info.ETag != ifMatch) {
		return Info{}, &Error{Op: "put", Key: key, Kind: ErrPrecondition}
	}
	if m.objects == nil {
		m.objects = map[string]memObject{}
	}
	m.writes++ // the clock of this store
	info := Info{Key: key, Size: b.Size, ETag: hex.EncodeToString(b.SHA256[:]), Modified: time.Unix(m.writes, 0).UTC()}
	m.objects[key] = memObject{content: content, info: info}
	return info, nil
}

// List implements [Store].
func (m *Mem) List(ctx context.Context, prefix, after string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		m.mu.Lock()
		objects := maps.Clone(m.objects)
		m.mu.Unlock()
		for _, key := range slices.Sorted(maps.Keys(objects)) {
			if err := ctx.Err(); err != nil {
				yield(Info{}, err)
				return
			}
			if strings.HasPrefix(key, prefix) && key > after && !yield(objects[key].info, nil) {
				return
			}
		}
	}
}

// Delete implements [Store].
func (m *Mem) Delete(ctx context.Context, keys []string) error {
	for _, key := range keys {
		if err := begin(ctx, key); err != nil {
			return err
		}
		m.mu.Lock()
		delete(m.objects, key)
		m.mu.Unlock()
	}
	return nil
}

// Barrier implements [Store].
func (m *Mem) Barrier(ctx context.Context) error { return ctx.Err() }

// begin is the start of every operation on a key.
func begin(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return CheckKey(key)
}

// section cuts the range that was asked for out of an object.
func section(r io.ReaderAt, key string, size int64, o GetOpts) (io.Reader, error) {
	if o.Offset < 0 || o.Length < 0 || (o.Offset > 0 && o.Offset >= size) {
		return nil, &Error{Op: "get", Key: key, Kind: ErrUnsupported, Err: errRange}
	}
	n := size - o.Offset
	if o.Length > 0 {
		n = min(n, o.Length)
	}
	return io.NewSectionReader(r, o.Offset, n), nil
}
