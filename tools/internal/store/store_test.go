package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/store"
	"opendata.example/odc/tools/internal/store/storetest"
)

func TestMem(t *testing.T) {
	storetest.Run(t, storetest.Config{Open: func(*testing.T) store.Store { return &store.Mem{} }})
}

func TestDir(t *testing.T) {
	storetest.Run(t, storetest.Config{Open: func(t *testing.T) store.Store { return openDir(t, t.TempDir()) }})
}

func openDir(t *testing.T, dir string) *store.Dir {
	t.Helper()
	d, err := store.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestDirLeavesNoTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	d := openDir(t, dir)
	for _, cond := range []store.Cond{{}, store.CreateOnly, store.CreateOnly, store.IfMatch("other")} {
		_, _ = d.Put(t.Context(), "k", store.Bytes([]byte("x")), store.PutOpts{Cond: cond})
	}
	left, err := os.ReadDir(filepath.Join(dir, ".tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestDirRefusesSymbolicLinks(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := openDir(t, dir)
	for name, target := range map[string]string{"file": filepath.Join(outside, "secret"), "folder": outside} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"file", "folder/secret"} {
		if obj, err := d.Get(t.Context(), key, store.GetOpts{}); err == nil {
			obj.Body.Close()
			t.Errorf("get %s followed a link out of the store", key)
		}
	}
	if _, err := d.Put(t.Context(), "folder/new", store.Bytes([]byte("x")), store.PutOpts{}); err == nil {
		t.Error("put followed a link out of the store")
	}
}

// Two processes share a folder as two openings of it do.
func TestDirTwoOpenings(t *testing.T) {
	dir := t.TempDir()
	a, b := openDir(t, dir), openDir(t, dir)
	info, err := a.Put(t.Context(), "p", store.Bytes([]byte("1")), store.PutOpts{Cond: store.CreateOnly})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(t.Context(), "p", store.Bytes([]byte("2")), store.PutOpts{Cond: store.IfMatch(info.ETag)}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Put(t.Context(), "p", store.Bytes([]byte("3")), store.PutOpts{Cond: store.IfMatch(info.ETag)}); !errors.Is(err, store.ErrPrecondition) {
		t.Errorf("second writer: %v", err)
	}
}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		in, out string
		local   bool
	}{
		{"dir:build/store", "dir:build/store", true},
		{"s3:https://s3.example.cn/portal", "s3:https://s3.example.cn/portal", false},
		{"s3:https://s3.example.cn/portal/a/b/", "s3:https://s3.example.cn/portal/a/b", false},
		{"s3:http://127.0.0.1:9000/portal", "s3:http://127.0.0.1:9000/portal", true},
		{"s3:http://localhost:9000/portal", "s3:http://localhost:9000/portal", true},
	} {
		a, err := store.ParseAddress(c.in)
		if err != nil || a.String() != c.out || a.Local() != c.local {
			t.Errorf("%s: %s local %v, %v", c.in, a, a.Local(), err)
		}
	}
	for _, in := range []string{"", "build/store", "dir:", "s3:", "s3:portal", "s3:https://host", "s3:https://host/", "s3:ftp://h/b", "s3:http://s3.example.cn/portal", "s3:https://h/b/../c", "s3:https://h/b?x=1"} {
		if a, err := store.ParseAddress(in); err == nil {
			t.Errorf("%q accepted as %v", in, a)
		}
	}
	_, err := store.ParseAddress("s3:https://AKID:topsecret@host/bucket")
	if err == nil || strings.Contains(err.Error(), "topsecret") {
		t.Errorf("address with a password: %v", err)
	}
}
