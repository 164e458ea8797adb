package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/publish"
	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
)

// shelf is a directory store with one channel.
type shelf struct {
	dir   string
	store *store.Dir
	key   release.SigningKey
}

func (s *shelf) trust() release.Trust {
	return release.Trust{Keys: []catalog.TrustedKey{s.key.Trusted(1)}}
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	dir := t.TempDir()
	st, err := store.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return &shelf{dir: dir, store: st, key: release.NewSigningKey([32]byte{1})}
}

func (s *shelf) publish(t *testing.T, files map[string]string) string {
	t.Helper()
	tree := t.TempDir()
	for name, content := range files {
		write(t, tree, name, content)
	}
	result, err := publish.Publish(t.Context(), publish.Options{
		Store: s.store, Address: store.Address{Scheme: "dir", Path: s.dir}, Channel: "prod", Tree: tree, Trust: s.trust(), Signer: &s.key,
		Build: release.Build{Entries: map[string]release.Entry{"dataset:bus-stops": {Hash: "x", Modified: "2025-11-30", Status: "published", Visibility: "public"}}},
		Rules: release.Rules{DeletionBudget: 1000}, Writer: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return result.Release
}

func (s *shelf) channel(t *testing.T) Channel {
	t.Helper()
	r, err := publish.OpenReader(t.Context(), s.store, "prod", s.trust())
	if err != nil {
		t.Fatal(err)
	}
	return NewChannel(r)
}

// publishedSite publishes files into a store and reads them back as a site.
func publishedSite(t *testing.T, files map[string]string) Site {
	t.Helper()
	s := newShelf(t)
	s.publish(t, files)
	return s.channel(t).Current()
}

func TestFollowsTheChannel(t *testing.T) {
	shelf := newShelf(t)
	files := siteFiles(t)
	first := shelf.publish(t, files)
	channel := shelf.channel(t)
	h := newTestHandler(t, channel.Current())
	if got := ask(t, h, "GET", "/").Header.Get("X-Release"); got != first {
		t.Errorf("release %q is served, want %q", got, first)
	}

	changed := maps.Clone(files)
	delete(changed, hashedCSS)
	changed["index.html"] = "<h1>新首页</h1>"
	changed["search/documents.json"] = "[]"
	second := shelf.publish(t, changed)
	h.follow(t.Context(), channel)

	res := ask(t, h, "GET", "/")
	if got := res.Header.Get("X-Release"); got != second || body(t, res) != changed["index.html"] {
		t.Errorf("release %q is served, want %q", got, second)
	}
	if got := health(t, h); got.Documents != 0 || got.Release != second || got.Status != "ok" {
		t.Errorf("health is %+v", got)
	}
	// A page loaded before the switch still gets its style.
	if res := ask(t, h, "GET", "/"+hashedCSS); res.StatusCode != 200 || body(t, res) != files[hashedCSS] {
		t.Errorf("the style of the release before = %d", res.StatusCode)
	}
	h.follow(t.Context(), channel)
	if got := ask(t, h, "GET", "/").Header.Get("X-Release"); got != second {
		t.Errorf("after looking again %q is served, want %q", got, second)
	}
}

type healthReport struct {
	Status, Release, Trouble string
	Documents                int
}

func health(t *testing.T, h *Handler) healthReport {
	t.Helper()
	var got healthReport
	if err := json.Unmarshal([]byte(body(t, ask(t, h, "GET", "/-/health"))), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestBadReleaseKeepsTheOldOne(t *testing.T) {
	damages := map[string]func(t *testing.T, shelf *shelf, id string){
		"damaged manifest": func(t *testing.T, shelf *shelf, id string) { spoil(t, shelf, release.ManifestKey(id)) },
		"missing manifest": func(t *testing.T, shelf *shelf, id string) {
			if err := os.Remove(shelf.file(release.ManifestKey(id))); err != nil {
				t.Fatal(err)
			}
		},
		"damaged pointer": func(t *testing.T, shelf *shelf, id string) { spoil(t, shelf, release.PointerKey("prod")) },
		"damaged documents": func(t *testing.T, shelf *shelf, id string) {
			spoil(t, shelf, release.BlobKey(digestOf("[]")))
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			shelf := newShelf(t)
			files := siteFiles(t)
			first := shelf.publish(t, files)
			channel := shelf.channel(t)
			var reports []string
			h, err := New(channel.Current(), nil, Options{Now: time.Now, Report: func(err error) { reports = append(reports, err.Error()) }})
			if err != nil {
				t.Fatal(err)
			}
			files["search/documents.json"] = "[]"
			damage(t, shelf, shelf.publish(t, files))
			for range 3 {
				h.follow(t.Context(), channel)
			}
			if got := health(t, h); got.Status != "degraded" || got.Release != first || got.Trouble == "" || got.Documents != 53 {
				t.Errorf("health is %+v, want degraded on %s", got, first)
			}
			if len(reports) != 1 {
				t.Errorf("reported %d times, want once: %q", len(reports), reports)
			}
			if res := ask(t, h, "GET", "/"); res.StatusCode != 200 {
				t.Errorf("the old release = %d", res.StatusCode)
			}
		})
	}
}

func (s *shelf) file(key string) string { return filepath.Join(s.dir, filepath.FromSlash(key)) }

// spoil changes the bytes behind a key.
func spoil(t *testing.T, s *shelf, key string) {
	t.Helper()
	name := s.file(key)
	if err := errors.Join(os.Chmod(name, 0o644), os.WriteFile(name, []byte("spoilt"), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestServiceRecovers(t *testing.T) {
	shelf := newShelf(t)
	files := siteFiles(t)
	shelf.publish(t, files)
	channel := shelf.channel(t)
	h, err := New(channel.Current(), nil, Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	files["index.html"] = "<h1>坏</h1>"
	spoil(t, shelf, release.ManifestKey(shelf.publish(t, files)))
	h.follow(t.Context(), channel)
	if got := health(t, h); got.Status != "degraded" {
		t.Fatalf("health is %+v", got)
	}
	h.follow(t.Context(), steady{})
	if got := health(t, h); got.Status != "ok" || got.Trouble != "" {
		t.Errorf("health is %+v, want ok again", got)
	}
}

// steady is a source without news.
type steady struct{}

func (steady) Newest(context.Context, string) (Site, error) { return nil, nil }

func TestDamagedFileIsNeverSent(t *testing.T) {
	shelf := newShelf(t)
	files := siteFiles(t)
	shelf.publish(t, files)
	var reports int
	h, err := New(shelf.channel(t).Current(), nil, Options{Now: time.Now, Report: func(error) { reports++ }})
	if err != nil {
		t.Fatal(err)
	}
	spoil(t, shelf, release.BlobKey(digestOf(files[frozenCSV])))
	spoil(t, shelf, release.BlobKey(digestOf(files["datasets/index.html"])))
	for _, path := range []string{"/" + frozenCSV, "/datasets/"} {
		res := ask(t, h, "GET", path, "Accept-Encoding: gzip")
		if text := body(t, res); res.StatusCode != 502 || strings.Contains(text, "spoilt") || res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("ETag") != "" {
			t.Errorf("%s = %d %q %v", path, res.StatusCode, text, res.Header)
		}
	}
	if reports != 2 {
		t.Errorf("%d reports, want 2", reports)
	}
}

func TestServeStopsGracefully(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	entered, release := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		io.WriteString(w, "done")
	})
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, h) }()
	answered := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer res.Body.Close()
		data, _ := io.ReadAll(res.Body)
		answered <- string(data)
	}()
	<-entered
	stop()
	close(release)
	if got := <-answered; got != "done" {
		t.Errorf("a running request got %q", got)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve = %v", err)
	}
}
