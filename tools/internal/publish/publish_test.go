package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
	"opendata.example/odc/tools/internal/store/s3"
	"opendata.example/odc/tools/internal/store/storetest"
)

var testKey = release.NewSigningKey([32]byte{1, 2, 3})

// site is a tree in a folder and what publishing it takes. It is valid; tests break one thing.
type site struct {
	t     testing.TB
	opts  Options
	files map[string]string
}

func newSite(t testing.TB, st store.Store) *site {
	t.Helper()
	s := &site{t: t, files: map[string]string{}, opts: Options{
		Store:   st,
		Address: store.Address{Scheme: "dir", Path: "store"},
		Channel: "prod",
		Tree:    t.TempDir(),
		Build: release.Build{
			CreatedFrom: release.CreatedFrom{GitCommit: "c0ffee", AsOf: "2025-12-01", Previous: "none"},
			Entries:     map[string]release.Entry{},
		},
		Rules:  release.Rules{PublicStore: true},
		Trust:  release.Trust{Keys: []catalog.TrustedKey{testKey.Trusted(1)}},
		Signer: &testKey,
		Writer: "test",
		Cache:  t.TempDir(),
	}}
	s.write("index.html", "<!doctype html>首页")
	s.write("catalog.jsonld", "{}")
	for i := range 20 {
		s.dataset(fmt.Sprintf("set-%02d", i), "1", fmt.Sprintf("a,b\r\n%d,2\r\n", i))
	}
	return s
}

func (s *site) write(path, content string) {
	s.t.Helper()
	name := filepath.Join(s.opts.Tree, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
	s.files[path] = content
}

func (s *site) remove(path string) {
	s.t.Helper()
	if err := os.Remove(filepath.Join(s.opts.Tree, filepath.FromSlash(path))); err != nil {
		s.t.Fatal(err)
	}
	delete(s.files, path)
}

func (s *site) dataset(id, version, content string) {
	s.write("datasets/"+id+"/index.html", "<title>"+id+" "+version+"</title>")
	s.write("data/"+id+"/"+version+"/table.csv", content)
	s.opts.Build.Entries["dataset:"+id] = release.Entry{Hash: release.Digest([]byte(content)), Status: "published", Visibility: "public"}
}

func (s *site) publish() *Result {
	s.t.Helper()
	r, err := Publish(s.t.Context(), s.opts)
	if err != nil {
		s.t.Fatalf("publish: %v", err)
	}
	return r
}

func (s *site) refused(id string) {
	s.t.Helper()
	_, err := Publish(s.t.Context(), s.opts)
	var refused *RefusedError
	if !errors.As(err, &refused) || !slices.ContainsFunc(refused.Refusals, func(r release.Refusal) bool { return r.ID == id }) {
		s.t.Errorf("publish: %v, want a refusal %s", err, id)
	}
}

func (s *site) channel() Channel { return Channel{s.opts.Store, s.opts.Channel, s.opts.Trust} }

// live reads the whole live release as a reader does, each file through its checks.
func live(t testing.TB, c Channel) (map[string]string, *Snapshot) {
	t.Helper()
	r, err := OpenReader(t.Context(), c.Store, c.Name, c.Trust)
	if err != nil {
		t.Fatalf("reader: %v", err)
	}
	out := map[string]string{}
	for path, f := range r.Current().Manifest.Files {
		content, err := r.Current().Open(t.Context(), f)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		b, err := io.ReadAll(content)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out[path] = string(b)
	}
	return out, r.Current()
}

func (s *site) isLive() {
	s.t.Helper()
	got, _ := live(s.t, s.channel())
	if !maps.Equal(got, s.files) {
		s.t.Errorf("live: %d files, the tree has %d, or they differ", len(got), len(s.files))
	}
}

// wholeStore compares every object with what names it: blobs with their keys, manifests with the records.
func wholeStore(t testing.TB, st store.Store) (objects int) {
	t.Helper()
	for info, err := range st.List(t.Context(), "", "") {
		if err != nil {
			t.Fatal(err)
		}
		objects++
		b, _, err := store.ReadAll(t.Context(), st, info.Key, store.GetOpts{}, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		if digest, blob := strings.CutPrefix(info.Key, "blobs/sha256/"); blob && release.BlobKey(release.Digest(b)) != info.Key {
			t.Errorf("blob %s holds other bytes", digest)
		}
		if strings.HasSuffix(info.Key, ".json.gz") {
			m, err := release.DecodeManifest(b)
			if err != nil {
				t.Errorf("%s: %v", info.Key, err)
				continue
			}
			for path, f := range m.Files {
				b, _, err := store.ReadAll(t.Context(), st, release.BlobKey(f.SHA256), store.GetOpts{}, 1<<30)
				if err != nil || int64(len(b)) != f.Size || release.Digest(b) != f.SHA256 {
					t.Errorf("%s of %s: %d bytes, %v", path, info.Key, len(b), err)
				}
			}
		}
	}
	return objects
}

func TestPublish(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	blobs := map[string]bool{}
	for _, content := range s.files {
		blobs[content] = true
	}
	first := s.publish()
	if first.Outcome != Published || first.Seq != 1 || first.Requests != int64(len(blobs))+5 {
		t.Errorf("first: %+v, want %d requests", first, len(blobs)+5)
	}
	s.isLive()

	if again := s.publish(); again.Outcome != NoChange || again.Requests != 2 || again.Release != first.Release {
		t.Errorf("again: %s with %d requests", again.Outcome, again.Requests)
	}

	s.write("index.html", "<!doctype html>新首页")
	s.write("robots.txt", "User-agent: *")
	second := s.publish()
	if second.Seq != 2 || second.Parent != first.Release || second.Requests != 2+5 {
		t.Errorf("second: %+v, want 7 requests", second)
	}
	s.isLive()

	s.opts.Cache = t.TempDir() // another machine: manifest and signature of the parent come from the store
	if again := s.publish(); again.Outcome != NoChange || again.Requests != 4 {
		t.Errorf("cold: %s with %d requests", again.Outcome, again.Requests)
	}
	wholeStore(t, st)
}

func TestSameTreeSameRelease(t *testing.T) {
	a, b := &store.Mem{}, &store.Mem{}
	one, two := newSite(t, a).publish(), newSite(t, b).publish()
	if one.Release != two.Release {
		t.Errorf("%s and %s", one.Release, two.Release)
	}
	key := release.ManifestKey(one.Release)
	x, _, errX := store.ReadAll(t.Context(), a, key, store.GetOpts{}, 1<<20)
	y, _, errY := store.ReadAll(t.Context(), b, key, store.GetOpts{}, 1<<20)
	if errX != nil || errY != nil || !bytes.Equal(x, y) {
		t.Errorf("manifests differ: %v %v", errX, errY)
	}
}

// TestRandomHistories publishes random trees on top of each other; after each step readers see exactly the tree plus
// the dataset versions of the past, and every object is what its name says.
func TestRandomHistories(t *testing.T) {
	const seed = 20251201
	for name, st := range map[string]store.Store{"mem": &store.Mem{}, "dir": tempDir(t)} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			s := newSite(t, st)
			published := map[string]string{}
			for step := range 8 {
				for range rng.IntN(12) {
					switch rng.IntN(4) {
					case 0:
						s.write(fmt.Sprintf("pages/%d/index.html", rng.IntN(40)), strings.Repeat("页", rng.IntN(2000)))
					case 1:
						s.write(fmt.Sprintf("assets/%d.css", rng.IntN(5)), fmt.Sprint(rng.IntN(3)))
					case 2:
						id := fmt.Sprintf("set-%02d", rng.IntN(20))
						s.remove("data/" + id + "/" + versionOf(s, id) + "/table.csv")
						s.dataset(id, fmt.Sprintf("%d", 100*step+rng.IntN(100)+2), fmt.Sprint(rng.Uint64()))
					case 3:
						if old := slices.Sorted(maps.Keys(s.files)); strings.HasPrefix(old[len(old)-1], "pages/") {
							s.remove(old[len(old)-1])
						}
					}
				}
				s.publish()
				want := maps.Clone(s.files)
				for path, content := range published {
					if _, _, frozen := release.FrozenPath(path); frozen {
						want[path] = content
					}
				}
				got, _ := live(t, s.channel())
				if !maps.Equal(got, want) {
					t.Fatalf("seed %d step %d: %d files live, want %d", seed, step, len(got), len(want))
				}
				published = got
			}
			wholeStore(t, st)
		})
	}
}

// versionOf is the version of a dataset that the tree holds.
func versionOf(s *site, id string) string {
	for path := range s.files {
		if version, _, frozen := release.FrozenPath(path); frozen && strings.HasPrefix(version, id+"/") {
			return strings.TrimPrefix(version, id+"/")
		}
	}
	s.t.Fatalf("no version of %s", id)
	return ""
}

func tempDir(t testing.TB) store.Store {
	d, err := store.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestPublishToS3(t *testing.T) {
	server := storetest.StartS3(t)
	address, err := store.ParseAddress(server.Address)
	if err != nil {
		t.Fatal(err)
	}
	st, err := s3.Open(address, s3.Credentials{Getenv: server.Getenv}, s3.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, st)
	s.opts.Address = address
	s.write("data/set-00/1/big.bin", strings.Repeat("0123456789abcdef", 1<<20))
	first := s.publish()
	s.isLive()
	if again := s.publish(); again.Outcome != NoChange || again.Requests != 2 {
		t.Errorf("again: %s with %d requests", again.Outcome, again.Requests)
	}
	s.write("index.html", "new")
	s.publish()
	s.isLive()
	if rec, err := Rollback(t.Context(), s.channel(), RollbackOptions{Signer: &testKey, Writer: "test"}); err != nil || rec.Release != first.Release {
		t.Errorf("rollback: %+v %v", rec, err)
	}
	rows, err := Releases(t.Context(), s.channel(), 10)
	if err != nil || len(rows) != 3 || !rows[0].Live || rows[0].Release != first.Release || rows[2].Time.IsZero() {
		t.Errorf("releases: %+v %v", rows, err)
	}
	for info, err := range st.List(t.Context(), "doctor/", "") {
		t.Errorf("the probe left %v behind: %v", info.Key, err)
	}
	wholeStore(t, st)
}

// failing stops every write from the nth on, as if the process were killed before it.
type failing struct {
	store.Store
	mu   sync.Mutex
	left int
}

var errKilled = errors.New("killed")

func (f *failing) Put(ctx context.Context, key string, b store.Body, o store.PutOpts) (store.Info, error) {
	f.mu.Lock()
	f.left--
	dead := f.left < 0
	f.mu.Unlock()
	if dead {
		return store.Info{}, errKilled
	}
	return f.Store.Put(ctx, key, b, o)
}

// TestKilledAnywhere stops a publication before each of its writes. Readers see the old release or the new one, whole;
// the second run ends what the first began.
func TestKilledAnywhere(t *testing.T) {
	for n := 0; ; n++ {
		st := &store.Mem{}
		s := newSite(t, st)
		s.publish()
		old := maps.Clone(s.files)
		s.write("index.html", "new")
		s.dataset("set-00", "2", "new version")
		s.opts.Store = &failing{Store: st, left: n}
		_, err := Publish(t.Context(), s.opts)
		s.opts.Store = st

		got, _ := live(t, s.channel())
		want := maps.Clone(s.files)
		if err != nil && !maps.Equal(got, old) || err == nil && !maps.Equal(got, want) {
			t.Fatalf("killed before write %d (%v): readers see neither the old nor the new release", n, err)
		}
		if err == nil {
			if n < 7 { // 3 blobs, manifest, signature, record, pointer
				t.Fatalf("only %d writes", n)
			}
			return
		}
		if n == 6 {
			var pending *PendingError
			if !errors.As(err, &pending) {
				t.Errorf("killed between record and pointer: %v", err)
			}
		}
		if r := s.publish(); r.Seq != 2 {
			t.Errorf("killed before write %d, run again: %s, number %d", n, r.Outcome, r.Seq)
		}
		s.isLive()
		if r := s.publish(); r.Outcome != NoChange {
			t.Errorf("killed before write %d, third run: %s", n, r.Outcome)
		}
		wholeStore(t, st)
	}
}

// TestAnotherRunCompletesAPendingRelease: whoever comes next moves the pointer on.
func TestAnotherRunCompletesAPendingRelease(t *testing.T) {
	for name, next := range map[string]func(*site) error{
		"the same tree as before": func(s *site) error {
			s.write("index.html", "<!doctype html>首页")
			_, err := Publish(s.t.Context(), s.opts)
			return err
		},
		"another tree": func(s *site) error {
			s.write("index.html", "third")
			_, err := Publish(s.t.Context(), s.opts)
			var conflict *ConflictError
			if !errors.As(err, &conflict) || conflict.Rival.Seq != 2 {
				s.t.Errorf("first run: %v, want a conflict with number 2", err)
			}
			_, err = Publish(s.t.Context(), s.opts)
			return err
		},
		"another tree, with rebase": func(s *site) error {
			s.write("index.html", "third")
			s.opts.Rebase = true
			_, err := Publish(s.t.Context(), s.opts)
			return err
		},
		"a rollback": func(s *site) error {
			_, err := Rollback(s.t.Context(), s.channel(), RollbackOptions{Signer: &testKey})
			s.files["index.html"] = "<!doctype html>首页"
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			st := &store.Mem{}
			s := newSite(t, st)
			s.publish()
			s.write("index.html", "new")
			s.opts.Store = &failing{Store: st, left: 4} // blob, manifest, signature, record; not the pointer
			if _, err := Publish(t.Context(), s.opts); err == nil {
				t.Fatal("not killed")
			}
			s.opts.Store = st
			if err := next(s); err != nil {
				t.Fatal(err)
			}
			s.isLive()
			if _, now := live(t, s.channel()); now.Record.Seq != 3 {
				t.Errorf("number %d is live, want 3", now.Record.Seq)
			}
		})
	}
}

func TestFirstReleaseKilledBeforeThePointer(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	s.opts.Workers = 1
	distinct := map[string]bool{}
	for _, c := range s.files {
		distinct[c] = true
	}
	s.opts.Store = &failing{Store: st, left: len(distinct) + 3}
	if _, err := Publish(t.Context(), s.opts); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if _, err := OpenReader(t.Context(), st, "prod", s.opts.Trust); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("reader of a channel without pointer: %v", err)
	}
	s.opts.Store = st
	if r := s.publish(); r.Outcome != AlreadyPublished || r.Seq != 1 {
		t.Errorf("%+v", r)
	}
	s.isLive()
}

// meddling runs something just before one key is written.
type meddling struct {
	store.Store
	prefix string
	before func()
}

func (m *meddling) Put(ctx context.Context, key string, b store.Body, o store.PutOpts) (store.Info, error) {
	if before := m.before; before != nil && strings.HasPrefix(key, m.prefix) {
		m.before = nil
		before()
	}
	return m.Store.Put(ctx, key, b, o)
}

func TestSecondPublisherIsRefused(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	s.publish()
	rival := newSite(t, st)
	rival.opts.Writer = "the rival"
	rival.write("index.html", "rival")
	s.write("index.html", "ours")
	s.opts.Store = &meddling{Store: st, prefix: "log/", before: func() { rival.publish() }}
	_, err := Publish(t.Context(), s.opts)
	var conflict *ConflictError
	if !errors.As(err, &conflict) {
		t.Fatalf("lost race: %v", err)
	}
	for _, part := range []string{"number 2", "the rival", conflict.Rival.Release} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("message %q does not name %q", err, part)
		}
	}
	rival.isLive()

	s.opts.Store = &meddling{Store: st, prefix: "log/", before: func() { rival.write("robots.txt", "x"); rival.publish() }}
	s.opts.Rebase = true
	if r := s.publish(); r.Seq != 4 {
		t.Errorf("rebased: %+v", r)
	}
	s.isLive()
}

func TestTwoPublishersOfOneTreeAgree(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	twin := newSite(t, st)
	s.opts.Store = &meddling{Store: st, prefix: "log/", before: func() { twin.publish() }}
	if r := s.publish(); r.Outcome != AlreadyPublished || r.Seq != 1 {
		t.Errorf("%+v", r)
	}
}

func TestTreeThatContinuesAnotherRelease(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	first := s.publish()
	s.write("index.html", "second")
	s.opts.Build.CreatedFrom.Previous = first.Release
	s.publish()
	s.write("index.html", "third")
	_, err := Publish(t.Context(), s.opts)
	var conflict *ConflictError
	if !errors.As(err, &conflict) || !strings.Contains(err.Error(), first.Release) {
		t.Errorf("tree built on a release that is no longer live: %v", err)
	}

	// A store that is still empty has no live release to be named.
	s.opts.Store = &store.Mem{}
	if _, err = Publish(t.Context(), s.opts); !errors.As(err, &conflict) || !strings.Contains(err.Error(), "has no release yet") {
		t.Errorf("tree that continues a release of another store: %v", err)
	}
}

func TestManyPublishers(t *testing.T) {
	st := tempDir(t)
	var wg sync.WaitGroup
	for p := range 4 {
		s := newSite(t, st)
		wg.Go(func() {
			for round := range 5 {
				s.write("index.html", fmt.Sprintf("publisher %d round %d", p, round))
				_, err := Publish(t.Context(), s.opts)
				if conflict := (*ConflictError)(nil); err != nil && !errors.As(err, &conflict) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	c := newSite(t, st).channel()
	rows, err := Releases(t.Context(), c, 100) // walks and checks the whole chain
	if err != nil || int64(len(rows)) != rows[0].Seq || rows[0].Seq < 2 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if _, _, _, err := (log{c.Store, c.Name, c.Trust}).record(t.Context(), rows[0].Seq+1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the pointer lags behind a finished race: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, id string
		breaks   func(*site)
	}{
		{"frozen version changes", "STORE-FROZEN", func(s *site) { s.write("data/set-00/1/table.csv", "other") }},
		{"no home page", "STORE-HOME", func(s *site) { s.remove("index.html") }},
		{"too many entries lost", "STORE-SHRINK", func(s *site) {
			for i := range 3 {
				delete(s.opts.Build.Entries, fmt.Sprintf("dataset:set-%02d", i))
			}
		}},
		{"beyond the budget", "STORE-SHRINK", func(s *site) {
			s.opts.Rules.DeletionBudget = 1
			delete(s.opts.Build.Entries, "dataset:set-00")
			delete(s.opts.Build.Entries, "dataset:set-01")
		}},
		{"withdrawing counts", "STORE-SHRINK", func(s *site) {
			for i := range 3 {
				key := fmt.Sprintf("dataset:set-%02d", i)
				e := s.opts.Build.Entries[key]
				e.Status = "withdrawn"
				s.opts.Build.Entries[key] = e
			}
		}},
		{"a number that is not the loss", "STORE-SHRINK", func(s *site) { s.opts.Rules.AllowShrink = 2; delete(s.opts.Build.Entries, "dataset:set-00") }},
		{"empty catalogue", "STORE-EMPTY", func(s *site) { clear(s.opts.Build.Entries); s.opts.Rules.AllowShrink = 20 }},
		{"internal entry", "STORE-INTERNAL", func(s *site) { s.opts.Build.Entries["catalog:x"] = release.Entry{Visibility: "internal"} }},
		{"catalogue only", "STORE-CATALOG-ONLY", func(s *site) { s.opts.Rules.CatalogOnly = true }},
		{"two names in one", "STORE-PATH", func(s *site) { s.write("INDEX.html", "x") }},
		{"untrusted key", "STORE-KEY", func(s *site) { k := release.NewSigningKey([32]byte{9}); s.opts.Signer = &k }},
		{"no key", "STORE-UNSIGNED", func(s *site) { s.opts.Signer = nil }},
		{"unsigned beyond loopback", "STORE-UNSIGNED", func(s *site) {
			s.opts.Signer, s.opts.Unsigned = nil, true
			s.opts.Address = store.Address{Scheme: "s3", URL: "https://s3.example.cn", Bucket: "b"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := &store.Mem{}
			s := newSite(t, st)
			s.publish()
			before := wholeStore(t, st)
			s.write("robots.txt", "changed")
			c.breaks(s)
			s.refused(c.id)
			if after := wholeStore(t, st); after != before {
				t.Errorf("a refused release left %d objects behind", after-before)
			}
		})
	}
}

func TestAllowShrink(t *testing.T) {
	s := newSite(t, &store.Mem{})
	s.publish()
	s.write("robots.txt", "changed")
	for i := range 3 {
		delete(s.opts.Build.Entries, fmt.Sprintf("dataset:set-%02d", i))
	}
	s.opts.Rules.AllowShrink = 3
	s.publish()
}

// TestOldVersionsAreCarriedOn: git holds the newest file of a dataset, the store all of its versions.
func TestOldVersionsAreCarriedOn(t *testing.T) {
	s := newSite(t, &store.Mem{})
	s.publish()
	s.remove("data/set-00/1/table.csv")
	s.dataset("set-00", "2", "new")
	s.publish()
	got, _ := live(t, s.channel())
	if got["data/set-00/1/table.csv"] != "a,b\r\n0,2\r\n" || got["data/set-00/2/table.csv"] != "new" {
		t.Errorf("versions: %q and %q", got["data/set-00/1/table.csv"], got["data/set-00/2/table.csv"])
	}
	if r := s.publish(); r.Outcome != NoChange {
		t.Errorf("again: %s", r.Outcome)
	}

	// A withdrawn dataset loses its files; their names stay taken for ever.
	e := s.opts.Build.Entries["dataset:set-00"]
	e.Status = "withdrawn"
	s.opts.Build.Entries["dataset:set-00"] = e
	s.remove("data/set-00/2/table.csv")
	s.publish()
	got, now := live(t, s.channel())
	if _, still := got["data/set-00/1/table.csv"]; still {
		t.Error("a withdrawn dataset still has files")
	}
	if now.Manifest.Datasets["set-00/1"]["table.csv"] == "" || now.Manifest.Datasets["set-00/2"]["table.csv"] == "" {
		t.Errorf("ledger lost a withdrawn version: %v", now.Manifest.Datasets)
	}
	e.Status = "published"
	s.opts.Build.Entries["dataset:set-00"] = e
	s.write("data/set-00/2/table.csv", "something else")
	s.refused("STORE-FROZEN")
}

func TestRollback(t *testing.T) {
	s := newSite(t, &store.Mem{})
	first := s.publish()
	was := maps.Clone(s.files)
	s.dataset("set-00", "2", "two")
	second := s.publish()
	s.dataset("set-00", "3", "three")
	s.publish()

	back := func(to, want string) {
		t.Helper()
		rec, err := Rollback(t.Context(), s.channel(), RollbackOptions{To: to, Signer: &testKey, Writer: "test", Note: "wrong figures"})
		if err != nil || rec.Release != want {
			t.Fatalf("rollback to %q: %s, %v", to, rec.Release, err)
		}
	}
	back("", second.Release)
	back("", first.Release)
	if got, _ := live(t, s.channel()); !maps.Equal(got, was) {
		t.Error("the first release is not live again")
	}
	for _, to := range []string{first.Release, "0123456789ab-00000009", "nonsense"} {
		if _, err := Rollback(t.Context(), s.channel(), RollbackOptions{To: to, Signer: &testKey}); err == nil {
			t.Errorf("rollback to %s succeeded", to)
		}
	}
	if _, err := Rollback(t.Context(), s.channel(), RollbackOptions{Signer: &testKey}); err == nil {
		t.Error("rollback behind the first release succeeded")
	}

	// What the two releases left behind had frozen stays frozen.
	for version, content := range map[string]string{"2": "two", "3": "three"} {
		s.write("data/set-00/"+version+"/table.csv", "other")
		s.refused("STORE-FROZEN")
		s.write("data/set-00/"+version+"/table.csv", content)
	}
	if r := s.publish(); r.Seq != 6 {
		t.Errorf("published again as %d", r.Seq)
	}
	s.isLive()
	rows, err := Releases(t.Context(), s.channel(), 3)
	if err != nil || len(rows) != 3 || rows[0].Kind != "publish" || rows[1].Kind != "rollback" || rows[1].Note != "wrong figures" || rows[1].Live {
		t.Errorf("releases: %+v, %v", rows, err)
	}
}

// TestTamperedIsNeverServed flips one byte in each object of a store in turn.
func TestTamperedIsNeverServed(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	s.write("large.csv", strings.Repeat("0123456789\r\n", 1<<20))
	s.publish()
	var keys []string
	for info := range st.List(t.Context(), "", "") {
		keys = append(keys, info.Key)
	}
	_, now := live(t, s.channel())
	large := now.Manifest.Files["large.csv"]
	for _, key := range keys {
		if strings.HasPrefix(key, "log/") {
			continue // readers take the pointer; Releases is tried below
		}
		content, info, err := store.ReadAll(t.Context(), st, key, store.GetOpts{}, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, len(content) / 2, len(content) - 1} {
			if len(content) == 0 {
				continue
			}
			bad := bytes.Clone(content)
			bad[at] ^= 1
			if _, err := st.Put(t.Context(), key, store.Bytes(bad), store.PutOpts{}); err != nil {
				t.Fatal(err)
			}
			if err := readAll(t.Context(), s.channel(), s.files); err == nil {
				t.Errorf("%s with byte %d flipped was served", key, at)
			} else if damage := (*IntegrityError)(nil); !errors.As(err, &damage) {
				t.Errorf("%s with byte %d flipped: %v", key, at, err)
			}
		}
		if _, err := st.Put(t.Context(), key, store.Bytes(content), store.PutOpts{}); err != nil {
			t.Fatal(err)
		}
		_ = info
	}
	if large.Chunks == "" {
		t.Error("the large file has no list of pieces")
	}
	s.isLive()
}

// readAll reads a release and fails on the first thing that is not as it should be. It compares with the truth, so
// that a wrong byte which passes all checks is an untyped error.
func readAll(ctx context.Context, c Channel, want map[string]string) error {
	r, err := OpenReader(ctx, c.Store, c.Name, c.Trust)
	if err != nil {
		return err
	}
	for path, f := range r.Current().Manifest.Files {
		content, err := r.Current().Open(ctx, f)
		if err != nil {
			return err
		}
		b, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		if string(b) != want[path] {
			return fmt.Errorf("%s was served wrong", path)
		}
	}
	return nil
}

func TestReader(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	s.write("large.csv", strings.Repeat("0123456789\r\n", 1<<20))
	s.publish()
	r, err := OpenReader(t.Context(), st, "prod", s.opts.Trust)
	if err != nil {
		t.Fatal(err)
	}
	old := r.Current()
	if changed, err := r.Refresh(t.Context()); changed || err != nil {
		t.Errorf("refresh without change: %v %v", changed, err)
	}
	f, ok := old.Lookup("large.csv")
	if !ok || f.Type != "text/csv; charset=utf-8" {
		t.Fatalf("large.csv: %+v %v", f, ok)
	}
	content, err := old.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	part := make([]byte, 2<<20)
	if _, err := content.Seek(5<<20-7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(content, part); err != nil || string(part) != s.files["large.csv"][5<<20-7:7<<20-7] {
		t.Errorf("range across pieces: %v", err)
	}

	pointer, _, err := store.ReadAll(t.Context(), st, release.PointerKey("prod"), store.GetOpts{}, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	s.write("index.html", "new")
	s.publish()
	if changed, err := r.Refresh(t.Context()); !changed || err != nil || r.Current() == old || r.Current().Record.Seq != 2 {
		t.Errorf("refresh after a release: %v %v", changed, err)
	}
	if _, err := old.Open(t.Context(), old.Manifest.Files["index.html"]); err != nil {
		t.Errorf("a request in flight lost its release: %v", err)
	}

	// Somebody puts the old pointer back: signed, valid, and out of date.
	if _, err := st.Put(t.Context(), release.PointerKey("prod"), store.Bytes(pointer), store.PutOpts{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Refresh(t.Context()); err == nil || r.Current().Record.Seq != 2 {
		t.Errorf("replayed pointer: %v, number %d is served", err, r.Current().Record.Seq)
	}
}

// TestReadersSeeNoMixture reads whole releases while others are published: every file of a release names its number.
func TestReadersSeeNoMixture(t *testing.T) {
	for name, st := range map[string]store.Store{"mem": &store.Mem{}, "dir": tempDir(t)} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, st)
			mark := func(n int) {
				for i := range 10 {
					s.write(fmt.Sprintf("pages/%d.html", i), fmt.Sprintf("release %d", n))
				}
			}
			mark(0)
			s.publish()
			done := make(chan struct{})
			var wg sync.WaitGroup
			for range 4 {
				r, err := OpenReader(t.Context(), st, "prod", s.opts.Trust)
				if err != nil {
					t.Fatal(err)
				}
				wg.Go(func() {
					for last := false; !last; {
						select {
						case <-done:
							last = true
						default:
						}
						if _, err := r.Refresh(t.Context()); err != nil {
							t.Error(err)
						}
						now, seen := r.Current(), map[string]bool{}
						for i := range 10 {
							f, _ := now.Lookup(fmt.Sprintf("pages/%d.html", i))
							content, err := now.Open(t.Context(), f)
							if err != nil {
								t.Error(err)
								return
							}
							b, err := io.ReadAll(content)
							if err != nil {
								t.Error(err)
							}
							seen[string(b)] = true
						}
						if len(seen) != 1 {
							t.Errorf("a reader saw %v at once", seen)
						}
					}
				})
			}
			for n := range 15 {
				mark(n + 1)
				s.publish()
			}
			close(done)
			wg.Wait()
		})
	}
}

func TestUnsignedNeedsConsent(t *testing.T) {
	st := &store.Mem{}
	s := newSite(t, st)
	s.opts.Signer, s.opts.Unsigned, s.opts.Trust = nil, true, release.Trust{Unsigned: true}
	s.publish()
	if _, now := live(t, s.channel()); now.Signed() {
		t.Error("unsigned release says it is signed")
	}
	if _, err := OpenReader(t.Context(), st, "prod", release.Trust{Keys: []catalog.TrustedKey{testKey.Trusted(1)}}); err == nil {
		t.Error("a reader that wants signatures believed an unsigned release")
	}
}

func TestProbeFindsALiar(t *testing.T) {
	for name, st := range map[string]store.Store{
		"ignores conditions": lying{&store.Mem{}, func(b *store.Body, o *store.PutOpts) { o.Cond = store.Cond{} }},
		"ignores digests": lying{&store.Mem{}, func(b *store.Body, _ *store.PutOpts) {
			all := make([]byte, b.Size)
			if _, err := b.R.ReadAt(all, 0); err == nil {
				*b = store.Bytes(all)
			}
		}},
	} {
		var lacking *CapabilityError
		if err := Probe(t.Context(), st); !errors.As(err, &lacking) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Probe(t.Context(), &store.Mem{}); err != nil {
		t.Error(err)
	}
}

// TestProbeOfADeadStoreAsksOnce: where nothing could be written nothing is cleaned up, and nobody waits for that too.
func TestProbeOfADeadStoreAsksOnce(t *testing.T) {
	st := &dead{}
	if err := Probe(t.Context(), st); !errors.Is(err, store.ErrUnavailable) || st.deletes > 0 {
		t.Errorf("%v, %d deletions", err, st.deletes)
	}
}

type dead struct {
	store.Mem
	deletes int
}

func (*dead) Put(context.Context, string, store.Body, store.PutOpts) (store.Info, error) {
	return store.Info{}, store.ErrUnavailable
}

func (d *dead) Delete(context.Context, []string) error { d.deletes++; return store.ErrUnavailable }

type lying struct {
	store.Store
	lie func(*store.Body, *store.PutOpts)
}

func (l lying) Put(ctx context.Context, key string, b store.Body, o store.PutOpts) (store.Info, error) {
	l.lie(&b, &o)
	return l.Store.Put(ctx, key, b, o)
}

func TestHashCacheChangesNothingButTime(t *testing.T) {
	s := newSite(t, &store.Mem{})
	hash := func() map[string]release.File {
		t.Helper()
		p, err := newPublisher(s.opts)
		if err != nil {
			t.Fatal(err)
		}
		defer p.tree.Close()
		if err := p.hash(t.Context()); err != nil {
			t.Fatal(err)
		}
		return p.files
	}
	age(t, s)
	first := hash()
	if known := decodeHashes(cache(s.opts.Cache).read("hashes")); len(known) != 0 {
		t.Errorf("%d digests of files whose inode changed a moment ago are remembered", len(known))
	}
	if second := hash(); !maps.Equal(first, second) {
		t.Error("second run gives other digests")
	}

	known := hashes{}
	for path, f := range first {
		fi, err := os.Stat(filepath.Join(s.opts.Tree, path))
		if err != nil {
			t.Fatal(err)
		}
		known[path] = hashed{sha256: f.SHA256, chunks: f.Chunks, id: identify(fi)}
	}
	round := decodeHashes(known.encode(1 << 62))
	if !maps.Equal(round, known) {
		t.Errorf("%d of %d entries survive the file", len(round), len(known))
	}
	// The same size and the same old mtime do not deceive it: the change time tells.
	cache(s.opts.Cache).write("hashes", known.encode(1<<62))
	s.write("index.html", strings.ToUpper(s.files["index.html"]))
	age(t, s)
	if third := hash(); third["index.html"] == first["index.html"] {
		t.Error("a change of equal size with an old mtime went unnoticed")
	}
	cache(s.opts.Cache).write("hashes", []byte("rubbish\n"+strings.Repeat("a", 64)+" - x y z 1 \"p\"\n"))
	hash()
}

// age gives every file of the tree an old modification time.
func age(t *testing.T, s *site) {
	t.Helper()
	fi, err := os.Stat(s.opts.Tree)
	if err != nil {
		t.Fatal(err)
	}
	for path := range s.files {
		old := fi.ModTime().AddDate(-1, 0, 0)
		if err := os.Chtimes(filepath.Join(s.opts.Tree, path), old, old); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSymbolicLinkInTheTree(t *testing.T) {
	s := newSite(t, &store.Mem{})
	if err := os.Symlink("/etc/hostname", filepath.Join(s.opts.Tree, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := Publish(t.Context(), s.opts); err == nil || !strings.Contains(err.Error(), "link") {
		t.Errorf("symbolic link: %v", err)
	}
}

// BenchmarkPublish publishes 2,000 pages of about 5 KB into a folder: all of them, one in a hundred, none.
func BenchmarkPublish(b *testing.B) {
	const pages = 2000
	build := func(b *testing.B) *site {
		s := newSite(b, tempDir(b))
		for i := range pages {
			s.write(fmt.Sprintf("p/%d/index.html", i), strings.Repeat(fmt.Sprintf("第%d页 ", i), 500))
		}
		return s
	}
	report := func(b *testing.B, r *Result) { b.ReportMetric(float64(r.Requests), "requests") }
	b.Run("first", func(b *testing.B) {
		var r *Result
		for b.Loop() {
			b.StopTimer()
			s := build(b)
			b.StartTimer()
			r = s.publish()
		}
		report(b, r)
	})
	b.Run("one in a hundred", func(b *testing.B) {
		s := build(b)
		s.publish()
		var r *Result
		n := 0
		for b.Loop() {
			b.StopTimer()
			n++
			for i := 0; i < pages; i += 100 {
				s.write(fmt.Sprintf("p/%d/index.html", i), fmt.Sprintf("change %d of %d", n, i))
			}
			b.StartTimer()
			r = s.publish()
		}
		report(b, r)
	})
	b.Run("no change", func(b *testing.B) {
		s := build(b)
		s.publish()
		var r *Result
		for b.Loop() {
			r = s.publish()
		}
		report(b, r)
	})
}
