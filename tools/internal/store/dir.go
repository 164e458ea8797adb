package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"
)

var errRange = errors.New("range outside the object")

const (
	tmpDir   = ".tmp"  // on the same file system, so that rename and link work
	lockFile = ".lock" // held while a pointer is compared and replaced
)

// Dir is a store in a folder. Many processes may use it at once. Keys cannot leave the folder: it is opened as an
// os.Root, and symbolic links are refused.
type Dir struct {
	root *os.Root
	name string // of temporary files: random, since process ids repeat across containers
	tmp  atomic.Int64
}

// OpenDir opens a folder as a store and makes it when it is missing.
func OpenDir(dir string) (*Dir, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	if err := root.MkdirAll(tmpDir, 0o755); err != nil {
		return nil, err
	}
	return &Dir{root: root, name: rand.Text()}, nil
}

// Get implements [Store]. The ETag of a folder is the SHA-256 of the content; that of a blob is in its key already
// and is not computed again.
func (d *Dir) Get(ctx context.Context, key string, o GetOpts) (_ *Object, err error) {
	if err := begin(ctx, key); err != nil {
		return nil, err
	}
	f, err := d.open(key)
	if err != nil {
		return nil, failed("get", key, err)
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	fi, err := f.Stat()
	if err != nil {
		return nil, failed("get", key, err)
	}
	if !fi.Mode().IsRegular() {
		return nil, &Error{Op: "get", Key: key, Kind: ErrNotFound}
	}
	info := Info{Key: key, Size: fi.Size(), ETag: path.Base(key), Modified: fi.ModTime()}
	if !strings.HasPrefix(key, "blobs/sha256/") {
		if info.ETag, err = digest(f); err != nil {
			return nil, failed("get", key, err)
		}
	}
	if o.IfNoneMatch != "" && o.IfNoneMatch == info.ETag {
		return nil, &Error{Op: "get", Key: key, Kind: ErrNotModified}
	}
	r, err := section(f, key, info.Size, o)
	if err != nil {
		return nil, err
	}
	return &Object{Info: info, Body: struct {
		io.Reader
		io.Closer
	}{r, f}}, nil
}

// open refuses a symbolic link in the last place; os.Root keeps the others inside the folder.
func (d *Dir) open(key string) (*os.File, error) {
	fi, err := d.root.Lstat(key)
	if err != nil {
		return nil, err
	}
	if fi.Mode()&fs.ModeSymlink != 0 {
		return nil, errors.New("symbolic link")
	}
	return d.root.Open(key)
}

// Put implements [Store]. The content goes to a temporary file first and is checked there, so that a reader never
// sees a part of it: link(2) gives it a new name and fails if the name is taken; rename replaces an old one.
func (d *Dir) Put(ctx context.Context, key string, b Body, o PutOpts) (Info, error) {
	if err := begin(ctx, key); err != nil {
		return Info{}, err
	}
	tmp := path.Join(tmpDir, fmt.Sprintf("%s-%d", d.name, d.tmp.Add(1)))
	defer d.root.Remove(tmp)
	if err := d.write(ctx, tmp, b); err != nil {
		return Info{}, failed("put", key, err)
	}
	if err := d.root.MkdirAll(path.Dir(key), 0o755); err != nil {
		return Info{}, failed("put", key, err)
	}
	if err := d.place(tmp, key, o.Cond); err != nil {
		return Info{}, failed("put", key, err)
	}
	if err := d.synced(key); err != nil {
		return Info{}, failed("put", key, err)
	}
	fi, err := d.root.Lstat(key)
	if err != nil {
		return Info{}, failed("put", key, err)
	}
	return Info{Key: key, Size: b.Size, ETag: hex.EncodeToString(b.SHA256[:]), Modified: fi.ModTime()}, nil
}

func (d *Dir) write(ctx context.Context, name string, b Body) error {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), &ctxReader{ctx, b.reader()})
	if err != nil {
		return err
	}
	if n != b.Size || [32]byte(h.Sum(nil)) != b.SHA256 {
		return ErrChecksum
	}
	if !haveSyncfs {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	return f.Close()
}

func (d *Dir) place(tmp, key string, c Cond) error {
	createOnly, ifMatch := c.Split()
	switch {
	case createOnly:
		return d.root.Link(tmp, key)
	case ifMatch == "":
		return d.root.Rename(tmp, key)
	}
	lock, err := d.root.OpenFile(lockFile, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close() // unlocks; a lock belongs to one opening of the file, so goroutines exclude each other too
	if err := lockExclusive(lock); err != nil {
		return err
	}
	f, err := d.open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrPrecondition
	}
	if err != nil {
		return err
	}
	defer f.Close()
	switch etag, err := digest(f); {
	case err != nil:
		return err
	case etag != ifMatch:
		return ErrPrecondition
	}
	return d.root.Rename(tmp, key)
}

// synced makes one Put durable where a whole file system cannot be synced at once.
func (d *Dir) synced(key string) error {
	if haveSyncfs {
		return nil
	}
	folder, err := d.root.Open(path.Dir(key))
	if err != nil {
		return err
	}
	defer folder.Close()
	_ = folder.Sync() // some systems cannot sync folders; they need not
	return nil
}

// List implements [Store].
func (d *Dir) List(ctx context.Context, prefix, after string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		top := "."
		if i := strings.LastIndexByte(prefix, '/'); i > 0 {
			top = prefix[:i]
		}
		// A walk visits "a/x" before "a.b", byte order has them the other way round: collect, then sort.
		var infos []Info
		err := fs.WalkDir(d.root.FS(), top, func(key string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil // an empty listing, or removed while we walk
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case key != "." && strings.HasPrefix(e.Name(), "."):
				if e.IsDir() {
					return fs.SkipDir
				}
				return nil
			case !e.Type().IsRegular() || !strings.HasPrefix(key, prefix) || key <= after:
				return nil
			}
			fi, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			infos = append(infos, Info{Key: key, Size: fi.Size(), Modified: fi.ModTime()})
			return nil
		})
		if err != nil {
			yield(Info{}, failed("list", prefix, err))
			return
		}
		slices.SortFunc(infos, func(a, b Info) int { return strings.Compare(a.Key, b.Key) })
		for _, info := range infos {
			if !yield(info, nil) {
				return
			}
		}
	}
}

// Delete implements [Store].
func (d *Dir) Delete(ctx context.Context, keys []string) error {
	for _, key := range keys {
		if err := begin(ctx, key); err != nil {
			return err
		}
		if err := d.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failed("delete", key, err)
		}
	}
	return nil
}

// Barrier implements [Store].
func (d *Dir) Barrier(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	top, err := d.root.Open(".")
	if err != nil {
		return failed("sync", ".", err)
	}
	defer top.Close()
	if err := syncAll(top); err != nil {
		return failed("sync", ".", err)
	}
	return nil
}

// Close gives the folder back.
func (d *Dir) Close() error { return d.root.Close() }

func digest(f *os.File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, 1<<62)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// failed turns an error of the file system into one of a store. Cancelling is the caller's wish, not a failure.
func failed(op, key string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e := &Error{Op: op, Key: key, Kind: ErrUnavailable, Err: err}
	switch {
	case errors.Is(err, ErrPrecondition), errors.Is(err, ErrChecksum):
		e.Kind, e.Err = err, nil
	case errors.Is(err, fs.ErrExist):
		e.Kind, e.Err = ErrPrecondition, nil
	case errors.Is(err, fs.ErrNotExist):
		e.Kind, e.Err = ErrNotFound, nil
	case errors.Is(err, fs.ErrPermission):
		e.Kind = ErrDenied
	case noSpace(err):
		e.Kind = ErrNoSpace
	}
	return e
}

// ctxReader ends a copy when the context does.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
