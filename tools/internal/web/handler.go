// Package web answers HTTP for one site, a folder or a release of a store: its files, the search API, and the search
// page as HTML for browsers that run no script.
//
// It serves what a [Site] knows and nothing else: a request path is looked up, never joined to a file name. It sets no
// cookie, writes no query and no address into a log, and executes nothing it did not bring along.
//
//	h := web.New(site, index, web.Options{Now: time.Now})
//	err := web.Serve(ctx, listener, h)
package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"opendata.example/odc/tools/internal/search"
)

// Limits of the service.
const (
	searchTime       = 2 * time.Second // for one search
	searchesAtOnce   = 32
	keptReleases     = 10 // whose hashed assets still resolve
	gzipFrom         = 1 << 10
	gzipTo           = 8 << 20
	gzipMemory       = 64 << 20
	slowestBytes     = 16 << 10 // a second: below it a download is cut
	responseTime     = 30 * time.Second
	documentsPath    = "search/documents.json"
	documentsMaximum = 1 << 30
)

// Options of a handler.
type Options struct {
	// Now is the clock, for measuring how long a search took.
	Now func() time.Time
	// Report is told of trouble that a visitor cannot mend: an unreadable file, a release that is not served.
	// It may be nil, and it is called from several goroutines.
	Report func(error)
}

// Handler serves a site. A whole new site can take the place of the old one at any time, in one step.
type Handler struct {
	now    func() time.Time
	report func(error)

	current  atomic.Pointer[snapshot]
	trouble  atomic.Pointer[string] // why a newer release is not served
	searches chan struct{}          // a token a running search
	packed   packed
}

// snapshot is everything one request needs; a request uses one from beginning to end.
type snapshot struct {
	site  Site
	index *search.Index // nil: this site brings no search
	older []Site        // newest first, for hashed assets that old pages still ask for
}

// New serves a site. The index answers searches; nil means that the site's own documents do.
func New(site Site, index *search.Index, o Options) (*Handler, error) {
	h := &Handler{now: o.Now, report: o.Report, searches: make(chan struct{}, searchesAtOnce)}
	if h.report == nil {
		h.report = func(error) {}
	}
	snap, err := newSnapshot(site, index, nil)
	if err != nil {
		return nil, err
	}
	h.current.Store(snap)
	return h, nil
}

// Swap puts another site in the place of the current one. When it cannot be used the current one stays.
func (h *Handler) Swap(site Site) error {
	old := h.current.Load()
	older := append([]Site{old.site}, old.older...)
	snap, err := newSnapshot(site, nil, older[:min(len(older), keptReleases-1)])
	if err != nil {
		return err
	}
	h.current.Store(snap)
	h.trouble.Store(nil)
	return nil
}

func newSnapshot(site Site, index *search.Index, older []Site) (*snapshot, error) {
	if index == nil {
		var err error
		if index, err = ownIndex(site); err != nil {
			return nil, err
		}
	}
	return &snapshot{site: site, index: index, older: older}, nil
}

// ownIndex indexes the documents that a site carries; nil when it carries none.
func ownIndex(site Site) (*search.Index, error) {
	file, err := site.Lookup(documentsPath)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case file.Size > documentsMaximum:
		return nil, fmt.Errorf("%s has %d bytes, more than %d", documentsPath, file.Size, documentsMaximum)
	}
	r, err := file.Open(context.Background())
	if err != nil {
		return nil, err
	}
	docs, err := search.DecodeDocuments(r)
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", documentsPath, err)
	}
	return search.InMemory(docs), nil
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	snap := h.current.Load()
	if name := snap.site.Name(); name != "" {
		w.Header().Set("X-Release", name)
	}
	switch {
	case r.URL.Path == "/-/health":
		h.health(w, r, snap)
	case r.URL.Path == "/api/search":
		h.searchAPI(w, r, snap)
	case isSearchPage(r.URL.Path) && asksSomething(r.URL.Query()) && snap.index != nil:
		h.searchPage(w, r, snap)
	default:
		h.file(w, r, snap)
	}
}

// secure sets what every answer carries. Scripts and styles come from this site alone and never stand in a page.
func secure(header http.Header) {
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
}

var contentPolicy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
	"connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}, "; ")

// health says whether the newest release is served. A degraded service still serves the last good one.
func (h *Handler) health(w http.ResponseWriter, r *http.Request, snap *snapshot) {
	status := struct {
		Status    string `json:"status"`
		Release   string `json:"release,omitempty"`
		Documents int    `json:"documents"`
		Set       string `json:"set,omitempty"`
		Trouble   string `json:"trouble,omitempty"`
	}{Status: "ok", Release: snap.site.Name(), Documents: snap.index.Len()}
	if snap.index != nil {
		status.Set = snap.index.Set()
	}
	if trouble := h.trouble.Load(); trouble != nil {
		status.Status, status.Trouble = "degraded", *trouble
	}
	replyJSON(w, r, http.StatusOK, "application/json", "no-store", status)
}

// file answers with a file of the site.
func (h *Handler) file(w http.ResponseWriter, r *http.Request, snap *snapshot) {
	name, ok := siteName(r.URL.Path)
	if !ok {
		h.notFound(w, r, snap)
		return
	}
	file, err := snap.lookup(name)
	if err == nil {
		h.send(w, r, name, file)
		return
	}
	if !errors.Is(err, fs.ErrNotExist) {
		h.unreadable(w, r, err)
		return
	}
	// A page asked for without its slash. Data and feeds are never redirected.
	if _, err := snap.site.Lookup(name + "/index.html"); err == nil && !strings.HasSuffix(r.URL.Path, "/") {
		to := url.URL{Path: r.URL.Path + "/", RawQuery: r.URL.RawQuery}
		w.Header().Set("Cache-Control", cachePage)
		http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
		return
	}
	h.notFound(w, r, snap)
}

// siteName is the name in the site of a request path: that of a page ends in a slash.
func siteName(p string) (string, bool) {
	name, ok := strings.CutPrefix(p, "/")
	if !ok {
		return "", false
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	return name, fs.ValidPath(name) && !strings.ContainsAny(name, "\\\x00")
}

// lookup finds a file; a hashed asset also in the releases before, whose pages may still be open somewhere.
func (s *snapshot) lookup(name string) (File, error) {
	file, err := s.site.Lookup(name)
	if err == nil || !hashed(name) || !errors.Is(err, fs.ErrNotExist) {
		return file, err
	}
	for _, old := range s.older {
		if file, err := old.Lookup(name); err == nil {
			return file, nil
		}
	}
	return file, err
}

// notFound answers 404 with the site's own page, in the language of the address.
func (h *Handler) notFound(w http.ResponseWriter, r *http.Request, snap *snapshot) {
	w.Header().Set("Cache-Control", cachePage)
	names := []string{"404.html"}
	if strings.HasPrefix(r.URL.Path, "/en/") {
		names = []string{"en/404.html", "404.html"}
	}
	for _, name := range names {
		if page, err := readAll(r.Context(), snap.site, name); err == nil {
			reply(w, r, http.StatusNotFound, "text/html; charset=utf-8", cachePage, page)
			return
		}
	}
	http.Error(w, "404: nothing is here", http.StatusNotFound)
}

// unreadable answers when the site knows a file and cannot give its bytes: never others in their place.
func (h *Handler) unreadable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the visitor has left
	}
	h.report(err)
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "502: the file cannot be read just now", http.StatusBadGateway)
}

// reply sends what was made for this request, compressed where that helps.
func reply(w http.ResponseWriter, r *http.Request, status int, contentType, cache string, data []byte) {
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", cache)
	header.Add("Vary", "Accept-Encoding")
	if len(data) >= gzipFrom && acceptsGzip(r) {
		data = pack(data)
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(data) // an error means that the visitor has left
	}
}

func replyJSON(w http.ResponseWriter, r *http.Request, status int, contentType, cache string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "500: the answer cannot be written", http.StatusInternalServerError)
		return
	}
	reply(w, r, status, contentType, cache, append(data, '\n'))
}

// isSearchPage says whether a path is the address of the search form.
func isSearchPage(p string) bool { return slices.Contains([]string{"/search/", "/en/search/"}, p) }
