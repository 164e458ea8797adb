package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"

	"opendata.example/odc/tools/internal/release"
)

// Site is a set of files by path, without a leading slash.
type Site interface {
	// Name of the release; empty for a folder.
	Name() string
	// Lookup finds a file. A path that names none, a folder included, is fs.ErrNotExist.
	Lookup(name string) (File, error)
}

// File is one file of a [Site].
type File struct {
	Type   string // content type
	Size   int64
	Digest string // SHA-256 in hex: equal content, equal digest
	Open   func(ctx context.Context) (io.ReadSeekCloser, error)
}

// Folder is the site in a folder, which may change while it is served. Names cannot leave it, symbolic links included.
type Folder struct {
	root *os.Root

	mu      sync.Mutex
	digests map[string]knownDigest
}

// knownDigest is the digest of a file as long as its size and time stay what they were.
type knownDigest struct {
	size     int64
	modified time.Time
	digest   string
}

// OpenFolder opens the folder of a site.
func OpenFolder(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open site: %w", err)
	}
	return &Folder{root: root, digests: map[string]knownDigest{}}, nil
}

// Close ends the use of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Name is empty: a folder is not a release.
func (f *Folder) Name() string { return "" }

// Lookup finds a regular file.
func (f *Folder) Lookup(name string) (File, error) {
	info, err := f.root.Stat(name)
	switch {
	case err != nil:
		// Whatever the reason, a name outside the folder or not a file names nothing here.
		return File{}, fmt.Errorf("%w: %v", fs.ErrNotExist, err)
	case !info.Mode().IsRegular():
		return File{}, fs.ErrNotExist
	}
	digest, err := f.digest(name, info)
	if err != nil {
		return File{}, err
	}
	return File{
		Type: release.ContentType(path.Base(name)), Size: info.Size(), Digest: digest,
		Open: func(context.Context) (io.ReadSeekCloser, error) { return f.root.Open(name) },
	}, nil
}

// digest reads a file once and remembers, until its size or time change.
func (f *Folder) digest(name string, info fs.FileInfo) (string, error) {
	f.mu.Lock()
	known, ok := f.digests[name]
	f.mu.Unlock()
	if ok && known.size == info.Size() && known.modified.Equal(info.ModTime()) {
		return known.digest, nil
	}
	file, err := f.root.Open(name)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, file)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	digest := hex.EncodeToString(h.Sum(nil))
	f.mu.Lock()
	f.digests[name] = knownDigest{info.Size(), info.ModTime(), digest}
	f.mu.Unlock()
	return digest, nil
}
