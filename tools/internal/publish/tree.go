package publish

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"opendata.example/odc/tools/internal/release"
)

// hashTree digests every file of a folder in parallel. A file that changes while it is read fails the run: what was
// reviewed is what is published. Symbolic links and devices are refused.
func hashTree(ctx context.Context, root *os.Root, known hashes, progress func(Event)) (map[string]release.File, hashes, error) {
	infos := map[string]fs.FileInfo{}
	total := Event{Phase: "hash"}
	err := fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return fmt.Errorf("%s: neither file nor folder; a release holds plain files only", path)
		}
		fi, err := d.Info()
		if err != nil {
			return err
		}
		infos[path] = fi
		total.Total++
		total.TotalBytes += fi.Size()
		return nil
	})
	if err != nil {
		return nil, nil, err
	}

	var mu sync.Mutex
	files, fresh := make(map[string]release.File, len(infos)), make(hashes, len(infos))
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, path := range slices.Sorted(maps.Keys(infos)) {
		if each.Err() != nil {
			break
		}
		group.Go(func() error {
			id := identify(infos[path])
			h, hit := known.find(path, id)
			if !hit {
				var err error
				if h, err = hashFile(each, root, path, infos[path]); err != nil {
					return err
				}
				h.id = id
			}
			mu.Lock()
			defer mu.Unlock()
			fresh[path] = h
			files[path] = release.File{SHA256: h.sha256, Chunks: h.chunks, Size: infos[path].Size(), Type: release.ContentType(path)}
			total.Done++
			total.Bytes += infos[path].Size()
			progress(total)
			return nil
		})
	}
	return files, fresh, cmp.Or(group.Wait(), ctx.Err())
}

func hashFile(ctx context.Context, root *os.Root, path string, before fs.FileInfo) (hashed, error) {
	f, err := root.Open(path)
	if err != nil {
		return hashed{}, err
	}
	defer f.Close()
	whole := sha256.New()
	list, n, err := chunkList(ctx, io.TeeReader(f, whole))
	if err != nil {
		return hashed{}, err
	}
	after, err := f.Stat()
	if err != nil {
		return hashed{}, err
	}
	if n != before.Size() || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return hashed{}, fmt.Errorf("%s changed while it was read", path)
	}
	h := hashed{sha256: hex.EncodeToString(whole.Sum(nil))}
	if n > release.ChunkedFrom {
		h.chunks = release.Digest(list)
	}
	return h, nil
}

// chunkList reads to the end and returns the raw digests of all pieces, and the number of bytes.
func chunkList(ctx context.Context, r io.Reader) (list []byte, n int64, err error) {
	piece := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		piece.Reset()
		k, err := io.CopyN(piece, r, release.ChunkSize)
		if k > 0 {
			list = piece.Sum(list)
			n += k
		}
		if errors.Is(err, io.EOF) {
			return list, n, nil
		}
		if err != nil {
			return nil, 0, err
		}
	}
}

// hashes is what is known about files from an earlier run. It saves time and nothing else: an entry counts only
// while path, size, times and inode are the same.
type hashes map[string]hashed

type hashed struct {
	sha256, chunks string
	id             identity
}

// identity changes whenever the content of a file may have changed. The zero value is unknown and equals nothing.
type identity struct {
	size, mtime, ctime int64
	inode              uint64
}

func (h hashes) find(path string, id identity) (hashed, bool) {
	e, ok := h[path]
	return e, ok && id != identity{} && e.id == id
}

// encode writes one line a file and leaves out what changed since the given time of the file system's clock: within
// the granularity of its timestamps such a file could change again unnoticed.
func (h hashes) encode(since int64) []byte {
	out := &bytes.Buffer{}
	for _, path := range slices.Sorted(maps.Keys(h)) {
		e := h[path]
		if e.id == (identity{}) || e.id.mtime >= since || e.id.ctime >= since {
			continue
		}
		chunks := e.chunks
		if chunks == "" {
			chunks = "-"
		}
		fmt.Fprintf(out, "%s %s %d %d %d %d %q\n", e.sha256, chunks, e.id.size, e.id.mtime, e.id.ctime, e.id.inode, path)
	}
	return out.Bytes()
}

// decodeHashes reads the lines that encode wrote and forgets what is malformed: it will be hashed again.
func decodeHashes(b []byte) hashes {
	h := hashes{}
	for line := range strings.Lines(string(b)) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 7)
		if len(f) != 7 || !release.IsDigest(f[0]) {
			continue
		}
		e := hashed{sha256: f[0]}
		if release.IsDigest(f[1]) {
			e.chunks = f[1]
		}
		var errs [5]error
		e.id.size, errs[0] = strconv.ParseInt(f[2], 10, 64)
		e.id.mtime, errs[1] = strconv.ParseInt(f[3], 10, 64)
		e.id.ctime, errs[2] = strconv.ParseInt(f[4], 10, 64)
		e.id.inode, errs[3] = strconv.ParseUint(f[5], 10, 64)
		var path string
		path, errs[4] = strconv.Unquote(f[6])
		if errors.Join(errs[:]...) != nil || (e.chunks != "") != (e.id.size > release.ChunkedFrom) {
			continue
		}
		h[path] = e
	}
	return h
}
