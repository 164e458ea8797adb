package publish

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/release"
)

// cache is a folder that saves requests and hashing. Deleting it changes nothing but time: what is read from it is
// checked like anything else, and whatever is odd counts as absent. The empty cache remembers nothing.
type cache string

// granularity is more than any file system's timestamps need to tell two writes apart.
const granularity = 2 * time.Second

func (c cache) read(name string) []byte {
	if c == "" {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(string(c), name))
	if err != nil {
		return nil
	}
	return b
}

// write replaces a file in one step. A cache that cannot be written is no reason to fail.
func (c cache) write(name string, b []byte) {
	if c != "" {
		_ = folder.Replace(filepath.Join(string(c), name), b)
	}
}

// now is the time of the file system that holds the tree, or 0 when there is no cache to protect.
func (c cache) now() int64 {
	if c == "" || os.MkdirAll(string(c), 0o755) != nil {
		return 0
	}
	f, err := os.CreateTemp(string(c), ".now-*")
	if err != nil {
		return 0
	}
	defer os.Remove(f.Name())
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return 0
	}
	return fi.ModTime().Add(-granularity).UnixNano()
}

// cachedHead is the pointer as it was read or written last.
type cachedHead struct {
	ETag   string `json:"etag"`
	Record []byte `json:"record"`
}

func (c cache) head(name string) (cachedHead, bool) {
	var h cachedHead
	if err := json.Unmarshal(c.read(name+".head"), &h); err != nil || h.ETag == "" || len(h.Record) == 0 {
		return cachedHead{}, false
	}
	return h, true
}

func (c cache) setHead(name string, h cachedHead) {
	b, err := json.Marshal(h)
	if err == nil && !bytes.Equal(b, c.read(name+".head")) {
		c.write(name+".head", b)
	}
}

// manifest returns the cached manifest only if it has the digest that a verified record names.
func (c cache) manifest(name, digest string) *release.Manifest {
	b := c.read(name + ".manifest")
	if b == nil || release.Digest(b) != digest {
		return nil
	}
	m, err := release.DecodeManifest(b)
	if err != nil {
		return nil
	}
	return m
}
