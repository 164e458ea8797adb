// Package storetest is what every store must do: one suite for memory, folder and bucket, and a real S3 server to run
// it against. It is for tests only. A driver that passes may stand behind publish and web.
//
//	func TestDir(t *testing.T) {
//		storetest.Run(t, storetest.Config{Open: func(t *testing.T) store.Store { … }})
//	}
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"opendata.example/odc/tools/internal/store"
)

// Config of one run.
type Config struct {
	Open   func(t *testing.T) store.Store // an empty store
	Rounds int                            // of each race between writers; 0: 100
	Many   int                            // objects in the listing; 0: 1100, more than one page of S3
}

// Run checks a driver.
func Run(t *testing.T, c Config) {
	if c.Rounds == 0 {
		c.Rounds = 100
	}
	if c.Many == 0 {
		c.Many = 1100
	}
	for _, sub := range []struct {
		name string
		test func(*testing.T, store.Store, Config)
	}{
		{"what is put is read back", readBack},
		{"ranges", ranges},
		{"an unchanged object is not sent again", notModified},
		{"create-only", createOnly},
		{"if-match", ifMatch},
		{"of many writers exactly one wins", races},
		{"a wrong digest is refused and leaves nothing", wrongDigest},
		{"list is ordered, complete and cut by prefix and start", list},
		{"delete", deletes},
		{"a cancelled put leaves nothing", cancelled},
		{"keys outside the rules are refused", keys},
	} {
		t.Run(sub.name, func(t *testing.T) { sub.test(t, c.Open(t), c) })
	}
}

func put(t *testing.T, st store.Store, key, content string, cond store.Cond) store.Info {
	t.Helper()
	info, err := st.Put(t.Context(), key, store.Bytes([]byte(content)), store.PutOpts{Cond: cond, ContentType: "text/plain"})
	if err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
	return info
}

func get(t *testing.T, st store.Store, key string, o store.GetOpts) (string, store.Info) {
	t.Helper()
	b, info, err := store.ReadAll(t.Context(), st, key, o, 64<<20)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	return string(b), info
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func missing(t *testing.T, st store.Store, key string) {
	t.Helper()
	_, err := st.Get(t.Context(), key, store.GetOpts{})
	wantErr(t, "get "+key, err, store.ErrNotFound)
}

func readBack(t *testing.T, st store.Store, _ Config) {
	missing(t, st, "a/b.txt")
	for _, content := range []string{"first", "second, longer", "", strings.Repeat("大", 1<<20)} {
		info := put(t, st, "a/b.txt", content, store.Cond{})
		got, read := get(t, st, "a/b.txt", store.GetOpts{})
		if got != content {
			t.Errorf("read %d bytes back, put %d", len(got), len(content))
		}
		if read.ETag == "" || read.ETag != info.ETag || read.Size != int64(len(content)) || read.Key != "a/b.txt" || read.Modified.IsZero() {
			t.Errorf("info %+v after put answered %+v", read, info)
		}
	}
	if err := st.Barrier(t.Context()); err != nil {
		t.Error(err)
	}
}

func ranges(t *testing.T, st store.Store, _ Config) {
	put(t, st, "r", "0123456789", store.Cond{})
	for _, c := range []struct {
		off, n int64
		want   string
	}{{0, 0, "0123456789"}, {0, 3, "012"}, {3, 4, "3456"}, {7, 0, "789"}, {8, 100, "89"}, {9, 1, "9"}} {
		got, info := get(t, st, "r", store.GetOpts{Offset: c.off, Length: c.n})
		if got != c.want || info.Size != 10 {
			t.Errorf("range %d+%d: %q of %d bytes, want %q of 10", c.off, c.n, got, info.Size, c.want)
		}
	}
	_, err := st.Get(t.Context(), "r", store.GetOpts{Offset: 10, Length: 1})
	wantErr(t, "range behind the end", err, store.ErrUnsupported)
}

func notModified(t *testing.T, st store.Store, _ Config) {
	old := put(t, st, "channels/prod.json", "one", store.Cond{})
	_, err := st.Get(t.Context(), "channels/prod.json", store.GetOpts{IfNoneMatch: old.ETag})
	wantErr(t, "unchanged", err, store.ErrNotModified)
	put(t, st, "channels/prod.json", "two", store.Cond{})
	if got, _ := get(t, st, "channels/prod.json", store.GetOpts{IfNoneMatch: old.ETag}); got != "two" {
		t.Errorf("changed object read as %q", got)
	}
}

func createOnly(t *testing.T, st store.Store, _ Config) {
	put(t, st, "log/prod/00000001.json", "first", store.CreateOnly)
	for _, content := range []string{"second", "first"} { // even the same bytes: the caller decides what that means
		_, err := st.Put(t.Context(), "log/prod/00000001.json", store.Bytes([]byte(content)), store.PutOpts{Cond: store.CreateOnly})
		wantErr(t, "create again", err, store.ErrPrecondition)
	}
	if got, _ := get(t, st, "log/prod/00000001.json", store.GetOpts{}); got != "first" {
		t.Errorf("content is %q", got)
	}
}

func ifMatch(t *testing.T, st store.Store, _ Config) {
	stale := store.PutOpts{Cond: store.IfMatch("0123456789abcdef0123456789abcdef")}
	if _, err := st.Put(t.Context(), "p", store.Bytes([]byte("x")), stale); !errors.Is(err, store.ErrPrecondition) && !errors.Is(err, store.ErrNotFound) {
		t.Errorf("replace a missing object: %v", err)
	}
	missing(t, st, "p")
	one := put(t, st, "p", "one", store.Cond{})
	two := put(t, st, "p", "two", store.IfMatch(one.ETag))
	_, err := st.Put(t.Context(), "p", store.Bytes([]byte("three")), store.PutOpts{Cond: store.IfMatch(one.ETag)})
	wantErr(t, "replace by a stale ETag", err, store.ErrPrecondition)
	if got, info := get(t, st, "p", store.GetOpts{}); got != "two" || info.ETag != two.ETag {
		t.Errorf("content %q with ETag %s, want two with %s", got, info.ETag, two.ETag)
	}
}

// races is the heart of the suite: lost updates show only here.
func races(t *testing.T, st store.Store, c Config) {
	pointer := put(t, st, "race/pointer", "start", store.CreateOnly)
	for round := range c.Rounds {
		race(t, st, fmt.Sprintf("race/%d", round), store.CreateOnly)
		pointer = race(t, st, "race/pointer", store.IfMatch(pointer.ETag))
	}
}

func race(t *testing.T, st store.Store, key string, cond store.Cond) store.Info {
	t.Helper()
	const writers = 8
	var mu sync.Mutex
	var wg sync.WaitGroup
	winners := map[string]store.Info{}
	for w := range writers {
		wg.Go(func() {
			content := fmt.Sprintf("%s by writer %d after %v", key, w, cond)
			info, err := st.Put(t.Context(), key, store.Bytes([]byte(content)), store.PutOpts{Cond: cond})
			if err != nil {
				wantErr(t, "loser", err, store.ErrPrecondition)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			winners[content] = info
		})
	}
	wg.Wait()
	if len(winners) != 1 {
		t.Fatalf("%s: %d winners of %d writers", key, len(winners), writers)
	}
	got, _ := get(t, st, key, store.GetOpts{})
	info, won := winners[got]
	if !won {
		t.Fatalf("%s: %q is stored, which no winner wrote", key, got)
	}
	return info
}

func wrongDigest(t *testing.T, st store.Store, _ Config) {
	body := store.Bytes([]byte("some content"))
	body.SHA256[31] ^= 1
	_, err := st.Put(t.Context(), "blobs/sha256/ab/x", body, store.PutOpts{})
	wantErr(t, "wrong digest", err, store.ErrChecksum)
	missing(t, st, "blobs/sha256/ab/x")

	put(t, st, "kept", "old", store.Cond{})
	_, err = st.Put(t.Context(), "kept", body, store.PutOpts{})
	wantErr(t, "wrong digest over an object", err, store.ErrChecksum)
	if got, _ := get(t, st, "kept", store.GetOpts{}); got != "old" {
		t.Errorf("object became %q", got)
	}
}

func list(t *testing.T, st store.Store, c Config) {
	want := []string{"many.txt", "many/a.b", "many-x/y", "other"}
	for i := range c.Many {
		want = append(want, fmt.Sprintf("many/%c/%05d", 'a'+i%3, i))
	}
	next := make(chan string)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for key := range next {
				if _, err := st.Put(t.Context(), key, store.Bytes([]byte(key)), store.PutOpts{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, key := range want {
		next <- key
	}
	close(next)
	wg.Wait()
	slices.Sort(want)
	for _, cut := range []struct{ prefix, after string }{{"", ""}, {"many/", ""}, {"many", ""}, {"many/b", "many/b/00100"}, {"", "many/c/"}, {"nothing/", ""}} {
		var got []string
		for info, err := range st.List(t.Context(), cut.prefix, cut.after) {
			if err != nil {
				t.Fatal(err)
			}
			if info.Size != int64(len(info.Key)) {
				t.Errorf("%s has %d bytes", info.Key, info.Size)
			}
			got = append(got, info.Key)
		}
		wanted := slices.DeleteFunc(slices.Clone(want), func(k string) bool { return !strings.HasPrefix(k, cut.prefix) || k <= cut.after })
		if !slices.Equal(got, wanted) {
			t.Errorf("list %q after %q: %d keys, want %d", cut.prefix, cut.after, len(got), len(wanted))
		}
	}
	for range st.List(t.Context(), "many/", "") {
		break // a caller may stop early
	}
}

func deletes(t *testing.T, st store.Store, _ Config) {
	for _, key := range []string{"d/1", "d/2", "d/3"} {
		put(t, st, key, "x", store.Cond{})
	}
	if err := st.Delete(t.Context(), []string{"d/1", "d/missing", "d/3"}); err != nil {
		t.Fatal(err)
	}
	missing(t, st, "d/1")
	missing(t, st, "d/3")
	get(t, st, "d/2", store.GetOpts{})
	put(t, st, "d/1", "again", store.CreateOnly)
}

// cancelled stops a put in the middle of its body.
func cancelled(t *testing.T, st store.Store, _ Config) {
	ctx, cancel := context.WithCancel(t.Context())
	content := bytes.Repeat([]byte("x"), 4<<20)
	body := store.Bytes(content)
	body.R = cancelAt{bytes.NewReader(content), 1 << 20, cancel}
	_, err := st.Put(ctx, "big", body, store.PutOpts{})
	wantErr(t, "cancelled put", err, context.Canceled)
	missing(t, st, "big")
}

type cancelAt struct {
	r      io.ReaderAt
	at     int64
	cancel func()
}

func (c cancelAt) ReadAt(p []byte, off int64) (int, error) {
	if off >= c.at {
		c.cancel()
	}
	return c.r.ReadAt(p, off)
}

func keys(t *testing.T, st store.Store, _ Config) {
	for _, key := range []string{"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", ".hidden", "a/.tmp", `a\b`, "a b", "中", "a\x00", "a\n", strings.Repeat("a", 256), strings.Repeat("a/", 450) + "aa"} {
		name := fmt.Sprintf("%.20q", key)
		_, err := st.Put(t.Context(), key, store.Bytes([]byte("x")), store.PutOpts{})
		wantErr(t, "put "+name, err, store.ErrUnsupported)
		_, err = st.Get(t.Context(), key, store.GetOpts{})
		wantErr(t, "get "+name, err, store.ErrUnsupported)
		wantErr(t, "delete "+name, st.Delete(t.Context(), []string{key}), store.ErrUnsupported)
	}
	put(t, st, strings.Repeat("a", 255), "x", store.Cond{})
}
