package publish

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/store"
	"opendata.example/odc/tools/internal/store/s3"
	"opendata.example/odc/tools/internal/store/storetest"
)

// TestStoreByteByByte publishes, changes, publishes again and turns back, into a folder and into a real S3 server. What
// then lies on the disk is read by the standard library alone, as somebody would who distrusts this program: every
// object is compared with its manifest, the live files with the tree, and there is nothing that nobody names.
func TestStoreByteByByte(t *testing.T) {
	t.Run("dir", func(t *testing.T) {
		folder := t.TempDir()
		st, err := store.OpenDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		audited(t, st, store.Address{Scheme: "dir", Path: folder}, folder)
	})
	t.Run("s3", func(t *testing.T) {
		server := storetest.StartS3(t)
		address, err := store.ParseAddress(server.Address)
		if err != nil {
			t.Fatal(err)
		}
		st, err := s3.Open(address, s3.Credentials{Getenv: server.Getenv}, s3.Options{})
		if err != nil {
			t.Fatal(err)
		}
		audited(t, st, address, server.Folder)
	})
}

func audited(t *testing.T, st store.Store, address store.Address, folder string) {
	s := newSite(t, st)
	s.opts.Address = address
	s.publish()
	if err := audit(os.DirFS(folder), os.DirFS(s.opts.Tree)); err != nil {
		t.Fatal(err)
	}
	s.write("index.html", "changed")
	s.publish()
	if err := audit(os.DirFS(folder), os.DirFS(s.opts.Tree)); err != nil {
		t.Error(err)
	}
	if _, err := Rollback(t.Context(), s.channel(), RollbackOptions{Signer: s.opts.Signer}); err != nil {
		t.Fatal(err)
	}
	s.write("index.html", "<!doctype html>首页")
	if err := audit(os.DirFS(folder), os.DirFS(s.opts.Tree)); err != nil {
		t.Errorf("turned back: %v", err)
	}

	// An audit that finds nothing must be able to find something.
	blob, err := fs.Glob(os.DirFS(folder), "blobs/sha256/*/*")
	if err != nil || len(blob) == 0 {
		t.Fatal("no blobs", err)
	}
	if err := os.WriteFile(path.Join(folder, blob[0]), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := audit(os.DirFS(folder), os.DirFS(s.opts.Tree)); err == nil {
		t.Error("a changed blob was not noticed")
	}
}

// audit knows the layout of a store and nothing of this program.
func audit(objects, tree fs.FS) error {
	var live struct {
		Release        string `json:"release"`
		ManifestSHA256 string `json:"manifest_sha256"`
		Seq            int    `json:"seq"`
	}
	pointer, err := fs.ReadFile(objects, "channels/prod.json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(pointer, &live); err != nil {
		return err
	}
	record, err := fs.ReadFile(objects, fmt.Sprintf("log/prod/%08d.json", live.Seq))
	if err != nil || !bytes.Equal(record, pointer) {
		return fmt.Errorf("the pointer is not record %d of the log: %v", live.Seq, err)
	}

	named := map[string]bool{"channels/prod.json": true, ".lock": true}
	manifests, err := fs.Glob(objects, "releases/*.json.gz")
	if err != nil {
		return err
	}
	for _, name := range manifests {
		packed, err := fs.ReadFile(objects, name)
		if err != nil {
			return err
		}
		named[name], named[strings.TrimSuffix(name, ".json.gz")+".sig"] = true, true
		isLive := name == "releases/"+live.Release+".json.gz"
		files, digest, err := manifest(packed)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if isLive && digest != live.ManifestSHA256 {
			return fmt.Errorf("%s: digest %s, the record says %s", name, digest, live.ManifestSHA256)
		}
		for file, want := range files {
			key := "blobs/sha256/" + want.SHA256[:2] + "/" + want.SHA256
			named[key] = true
			b, err := fs.ReadFile(objects, key)
			if err != nil {
				return err
			}
			if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want.SHA256 || int64(len(b)) != want.Size {
				return fmt.Errorf("%s of %s: other bytes than the manifest names", file, name)
			}
			if isLive {
				if local, err := fs.ReadFile(tree, file); err != nil || !bytes.Equal(b, local) {
					return fmt.Errorf("%s differs from the tree: %v", file, err)
				}
			}
		}
		if isLive {
			if err := sameFiles(files, tree); err != nil {
				return err
			}
		}
	}
	return fs.WalkDir(objects, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir() || named[name] || strings.HasPrefix(name, "log/prod/"):
			return err
		case strings.HasPrefix(name, "doctor/"):
			return fmt.Errorf("%s: left behind by the probe", name)
		}
		return fmt.Errorf("%s: no manifest names it", name)
	})
}

type file struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

func manifest(packed []byte) (map[string]file, string, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, "", err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, "", err
	}
	var m struct{ Files map[string]file }
	sum := sha256.Sum256(packed)
	return m.Files, hex.EncodeToString(sum[:]), json.Unmarshal(text, &m)
}

// sameFiles says whether the tree has a file that the manifest lacks.
func sameFiles(files map[string]file, tree fs.FS) error {
	return fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if _, ok := files[name]; err == nil && !d.IsDir() && !ok {
			return fmt.Errorf("%s of the tree is in no manifest", name)
		}
		return err
	})
}
