// Package store is a place for immutable content and for a few small objects that are written under a condition:
// the same keys and bytes in a folder ([Dir]), in a bucket (package s3) and in memory ([Mem]). Everything above it,
// publishing and serving alike, uses only [Store].
//
// It refuses to guess: an object is created only if it is absent, or replaced only if it is still the one that was
// read, and content whose digest is not the announced one is never stored. It never decides by time or by listing.
//
//	st, err := store.OpenDir("build/store")
//	info, err := st.Put(ctx, "log/prod/00000001.json", store.Bytes(record), store.PutOpts{Cond: store.CreateOnly})
package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
)

// Store holds objects by key. All methods may be called from many goroutines at once.
type Store interface {
	// Get opens an object; the caller closes its Body.
	Get(ctx context.Context, key string, o GetOpts) (*Object, error)
	// Put stores a whole object or nothing, and returns its new ETag.
	Put(ctx context.Context, key string, b Body, o PutOpts) (Info, error)
	// List yields the objects whose key has the prefix and comes after the given key, in byte order.
	// ETags may be missing. It is for maintenance: publishing and serving never list.
	List(ctx context.Context, prefix, after string) iter.Seq2[Info, error]
	// Delete removes objects; a missing one is no error.
	Delete(ctx context.Context, keys []string) error
	// Barrier returns when all earlier Puts are durable.
	Barrier(ctx context.Context) error
}

// Info describes a stored object. The ETag is opaque and serves only for conditions; it is never an identity.
type Info struct {
	Key      string
	Size     int64 // of the whole object, also when a range was asked for
	ETag     string
	Modified time.Time // by the store's own clock
}

// Object is an open object.
type Object struct {
	Info
	Body io.ReadCloser
}

// GetOpts asks for less than a whole object. The zero value asks for all of it.
type GetOpts struct {
	IfNoneMatch string // an ETag: answer ErrNotModified if it is still the current one
	Offset      int64
	Length      int64 // 0: up to the end
}

// Body is content to be stored. Its size and digest are known before the first byte is sent.
type Body struct {
	R      io.ReaderAt
	Size   int64
	SHA256 [32]byte
}

// Bytes is a body in memory.
func Bytes(b []byte) Body {
	return Body{R: bytes.NewReader(b), Size: int64(len(b)), SHA256: sha256.Sum256(b)}
}

func (b Body) reader() io.Reader { return io.NewSectionReader(b.R, 0, b.Size) }

// PutOpts are the condition and the headers of an object. A folder keeps no headers.
type PutOpts struct {
	Cond         Cond
	ContentType  string
	CacheControl string
}

// Cond is the condition under which a Put happens; otherwise it answers ErrPrecondition. The zero value is none.
type Cond struct {
	createOnly bool
	ifMatch    string
}

// CreateOnly lets a Put happen only if the key is absent.
var CreateOnly = Cond{createOnly: true}

// IfMatch lets a Put happen only if the object still has this ETag.
func IfMatch(etag string) Cond { return Cond{ifMatch: etag} }

// Split gives the parts of a condition to drivers: at most one of them is set.
func (c Cond) Split() (createOnly bool, ifMatch string) { return c.createOnly, c.ifMatch }

// Errors of a store. Drivers wrap them in an [Error]; ask with errors.Is.
var (
	ErrNotFound       = errors.New("not found")
	ErrNotModified    = errors.New("not modified")
	ErrPrecondition   = errors.New("precondition failed")
	ErrDenied         = errors.New("access denied")
	ErrClockSkew      = errors.New("the clocks of this machine and of the store differ too much")
	ErrChecksum       = errors.New("content differs from its digest")
	ErrNoSpace        = errors.New("no space left")
	ErrUnsupported    = errors.New("not supported")
	ErrUnknownOutcome = errors.New("the write may or may not have happened")
	ErrUnavailable    = errors.New("store unavailable")
)

// Error says which operation on which key failed, and why.
type Error struct {
	Op, Key string
	Kind    error // one of the errors above
	Err     error // the driver's own cause, when there is one
}

func (e *Error) Error() string {
	s := e.Op + " " + e.Key + ": " + e.Kind.Error()
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// CheckKey accepts keys that every driver can hold: segments of ASCII letters, digits, “.”, “_” and “-”, none of them
// empty, longer than 255 bytes or beginning with a dot, and at most 900 bytes in all.
func CheckKey(key string) error {
	bad := func(why string) error {
		return &Error{Op: "key", Key: fmt.Sprintf("%.80q", key), Kind: ErrUnsupported, Err: errors.New(why)}
	}
	if len(key) > 900 {
		return bad("longer than 900 bytes")
	}
	for segment := range strings.SplitSeq(key, "/") {
		switch {
		case segment == "":
			return bad("empty segment")
		case segment[0] == '.':
			return bad("segment begins with a dot")
		case len(segment) > 255:
			return bad("segment longer than 255 bytes")
		}
	}
	for i := range len(key) {
		c := key[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._-/", c) >= 0) {
			return bad("character outside A–Z a–z 0–9 . _ - /")
		}
	}
	return nil
}

// ReadAll reads a small object whole and refuses one above a limit of bytes.
func ReadAll(ctx context.Context, st Store, key string, o GetOpts, limit int64) ([]byte, Info, error) {
	obj, err := st.Get(ctx, key, o)
	if err != nil {
		return nil, Info{}, err
	}
	defer obj.Body.Close()
	b, err := io.ReadAll(io.LimitReader(obj.Body, limit+1))
	switch {
	case err != nil:
		return nil, Info{}, &Error{Op: "get", Key: key, Kind: ErrUnavailable, Err: err}
	case int64(len(b)) > limit:
		return nil, Info{}, &Error{Op: "get", Key: key, Kind: ErrUnsupported, Err: fmt.Errorf("larger than %d bytes", limit)}
	}
	return b, obj.Info, nil
}
