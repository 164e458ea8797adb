package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
)

// Reader follows one channel of a store and always offers one whole, verified release: the newest that it could
// verify. A server asks it like this:
//
//	r, err := publish.OpenReader(ctx, st, "prod", release.Trust{Keys: c.Keys})
//	go func() { for range tick { if _, err := r.Refresh(ctx); err != nil { degraded } } }()
//
//	s := r.Current()                        // once a request: everything below comes from one release
//	f, ok := s.Lookup("datasets/index.html") // no leading slash; f.SHA256 is the ETag, f.Type the content type
//	content, err := s.Open(ctx, f)           // verified bytes; io.ReadSeeker for http.ServeContent
type Reader struct {
	st      store.Store
	channel string
	trust   release.Trust

	mu      sync.Mutex // one refresh at a time
	raw     []byte     // stored bytes of the newest record
	etag    string     // of the pointer
	current atomic.Pointer[Snapshot]
}

// Snapshot is one verified release. It never changes and may be used by any number of goroutines.
type Snapshot struct {
	Record   release.Record
	Manifest *release.Manifest

	st store.Store
}

// OpenReader verifies the live release of a channel: the signature of its record, the digest and signature of its
// manifest. A channel without any release is an error for which errors.Is(err, store.ErrNotFound) holds.
func OpenReader(ctx context.Context, st store.Store, channel string, trust release.Trust) (*Reader, error) {
	if err := release.CheckChannel(channel); err != nil {
		return nil, err
	}
	r := &Reader{st: st, channel: channel, trust: trust}
	if _, err := r.Refresh(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Current is the release that is live, as of the last successful Refresh.
func (r *Reader) Current() *Snapshot { return r.current.Load() }

// Refresh asks for the pointer and, if it moved, verifies the new release and switches to it in one step. When
// anything about the new release is wrong the old one stays, and the error says why. It costs one small request when
// nothing changed.
func (r *Reader) Refresh(ctx context.Context) (changed bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := release.PointerKey(r.channel)
	raw, info, err := store.ReadAll(ctx, r.st, key, store.GetOpts{IfNoneMatch: r.etag}, release.MaxRecord)
	switch {
	case errors.Is(err, store.ErrNotModified):
		return false, nil
	case err != nil:
		return false, err
	case bytes.Equal(raw, r.raw):
		r.etag = info.ETag
		return false, nil
	}
	rec, err := release.DecodeRecord(raw, r.channel, r.trust)
	if err != nil {
		return false, &IntegrityError{Key: key, Err: err}
	}
	if now := r.Current(); now != nil {
		// An old signed record, put back by whoever can write the pointer, must not turn the site back.
		if rec.Seq <= now.Record.Seq {
			return false, &IntegrityError{Key: key, Err: fmt.Errorf("record %d after record %d: the pointer was turned back", rec.Seq, now.Record.Seq)}
		}
		if rec.Seq == now.Record.Seq+1 {
			if err := rec.Follows(now.Record, r.raw); err != nil {
				return false, &IntegrityError{Key: key, Err: err}
			}
		}
	}
	m, _, err := loadManifest(ctx, r.st, rec, r.trust)
	if err != nil {
		return false, err
	}
	r.raw, r.etag = raw, info.ETag
	r.current.Store(&Snapshot{Record: rec, Manifest: m, st: r.st})
	return true, nil
}

// ID is the release id.
func (s *Snapshot) ID() string { return s.Record.Release }

// Signed says whether a trusted key signed the release. A server of unsigned releases stays on loopback.
func (s *Snapshot) Signed() bool { return s.Record.Sig != "" }

// Lookup finds a path of the site, without leading slash.
func (s *Snapshot) Lookup(path string) (release.File, bool) {
	f, ok := s.Manifest.Files[path]
	return f, ok
}

// Open gives the content of a file. Every byte that can be read from it has been checked against the manifest: small
// files as a whole before Open returns, large ones piece by piece as they are read, so that ranges cost little.
// A damaged blob is an IntegrityError.
func (s *Snapshot) Open(ctx context.Context, f release.File) (io.ReadSeeker, error) {
	if f.Chunks == "" {
		b, err := s.blob(ctx, f.SHA256, f.Size)
		if err != nil {
			return nil, err
		}
		return bytes.NewReader(b), nil
	}
	count := (f.Size + release.ChunkSize - 1) / release.ChunkSize
	list, err := s.blob(ctx, f.Chunks, count*sha256.Size)
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(&chunks{ctx: ctx, st: s.st, file: f, list: list, loaded: -1}, 0, f.Size), nil
}

// blob reads a whole blob and checks its size and digest.
func (s *Snapshot) blob(ctx context.Context, digest string, size int64) ([]byte, error) {
	key := release.BlobKey(digest)
	b, _, err := store.ReadAll(ctx, s.st, key, store.GetOpts{}, size)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &IntegrityError{Key: key, Err: err}
	}
	if err != nil {
		return nil, err
	}
	if int64(len(b)) != size || release.Digest(b) != digest {
		return nil, &IntegrityError{Key: key, Err: store.ErrChecksum}
	}
	return b, nil
}

// chunks reads a large blob in pieces, each checked before a byte of it is handed out. It keeps the last piece, since
// readers go forward in small steps.
type chunks struct {
	ctx    context.Context
	st     store.Store
	file   release.File
	list   []byte
	loaded int64
	piece  []byte
}

// ReadAt serves one sequential reader, so it needs no lock.
func (c *chunks) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) && off < c.file.Size {
		if err := c.load(off / release.ChunkSize); err != nil {
			return n, err
		}
		k := copy(p[n:], c.piece[off%release.ChunkSize:])
		n += k
		off += int64(k)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (c *chunks) load(i int64) error {
	if c.loaded == i {
		return nil
	}
	key := release.BlobKey(c.file.SHA256)
	off := i * release.ChunkSize
	want := min(release.ChunkSize, c.file.Size-off)
	b, _, err := store.ReadAll(c.ctx, c.st, key, store.GetOpts{Offset: off, Length: want}, want)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	if !bytes.Equal(sum[:], c.list[i*sha256.Size:(i+1)*sha256.Size]) {
		return &IntegrityError{Key: key, Err: fmt.Errorf("piece %d: %w", i, store.ErrChecksum)}
	}
	c.loaded, c.piece = i, b
	return nil
}

// loadManifest fetches the manifest that a verified record names, and its signature, and checks both. It also
// returns the stored bytes.
func loadManifest(ctx context.Context, st store.Store, rec release.Record, trust release.Trust) (*release.Manifest, []byte, error) {
	key := release.ManifestKey(rec.Release)
	stored, _, err := store.ReadAll(ctx, st, key, store.GetOpts{}, release.MaxManifest)
	if err != nil {
		return nil, nil, missing(key, err)
	}
	// The digest first: nothing is decompressed that was not signed.
	if release.Digest(stored) != rec.ManifestSHA256 {
		return nil, nil, &IntegrityError{Key: key, Err: store.ErrChecksum}
	}
	if rec.Sig != "" {
		key := release.SignatureKey(rec.Release)
		sig, _, err := store.ReadAll(ctx, st, key, store.GetOpts{}, release.MaxRecord)
		if err != nil {
			return nil, nil, missing(key, err)
		}
		if err := release.VerifyManifest(sig, rec.ManifestSHA256, release.Seq(rec.Release), trust); err != nil {
			return nil, nil, &IntegrityError{Key: key, Err: err}
		}
	}
	m, err := release.DecodeManifest(stored)
	if err != nil {
		return nil, nil, &IntegrityError{Key: key, Err: err}
	}
	if m.Root != rec.Root {
		return nil, nil, &IntegrityError{Key: key, Err: errors.New("its root is not that of the record")}
	}
	return m, stored, nil
}

// missing turns "not found" into damage where a verified object names what is missing.
func missing(key string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return &IntegrityError{Key: key, Err: errors.New("a signed record names it, and it is missing")}
	}
	return err
}

func digestOf(hexDigest string) (out [32]byte, err error) {
	b, err := hex.DecodeString(hexDigest)
	if err != nil || len(b) != len(out) {
		return out, fmt.Errorf("malformed digest %q", hexDigest)
	}
	return [32]byte(b), nil
}
