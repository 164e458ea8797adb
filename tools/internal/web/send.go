package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"opendata.example/odc/tools/internal/release"
)

// Values of Cache-Control.
const (
	cachePage   = "no-cache"
	cacheFeed   = "public, max-age=300"
	cacheSearch = "public, max-age=60"
	cacheFrozen = "public, max-age=31536000, immutable"
)

// hashedName is a name that carries the digest of its content, as Hugo writes it: main.<64 hex>.css.
var hashedName = regexp.MustCompile(`[.-][0-9a-f]{32,128}\.[a-z0-9]+(\.map)?$`)

func hashed(name string) bool { return hashedName.MatchString(name) }

// cacheControl is how long a file may be kept: pages are asked for again each time, feeds after five minutes, and what
// can never change is kept for ever.
func cacheControl(name, contentType string) string {
	_, _, frozen := release.FrozenPath(name)
	switch {
	case frozen, hashed(name):
		return cacheFrozen
	case isHTML(contentType):
		return cachePage
	}
	return cacheFeed
}

func isHTML(contentType string) bool { return strings.HasPrefix(contentType, "text/html") }

// send answers with a file: whole, a range of it, compressed, or 304.
func (h *Handler) send(w http.ResponseWriter, r *http.Request, name string, file File) {
	header := w.Header()
	header.Set("Content-Type", file.Type)
	header.Set("Cache-Control", cacheControl(name, file.Type))
	if !isHTML(file.Type) {
		// Programs anywhere may read data, feeds and the API. No answer depends on who asks, so nothing leaks.
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Expose-Headers", "Content-Length, Content-Range, ETag, X-Release")
	}
	h.allowTime(w, file.Size)

	if compressible(name, file) {
		header.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) && r.Header.Get("Range") == "" {
			h.sendPacked(w, r, file)
			return
		}
	}
	header.Set("ETag", `"`+file.Digest+`"`)
	if matches(r, header.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content, err := file.Open(r.Context())
	if err != nil {
		unsetContent(header)
		h.unreadable(w, r, err)
		return
	}
	defer content.Close()
	// The zero time leaves Last-Modified out: when a file was copied says nothing about the data.
	http.ServeContent(w, r, "", time.Time{}, content)
}

// sendPacked answers with the compressed form, which has an ETag of its own.
func (h *Handler) sendPacked(w http.ResponseWriter, r *http.Request, file File) {
	header := w.Header()
	header.Set("ETag", `"`+file.Digest+`-gzip"`)
	if matches(r, header.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	data, err := h.packed.get(file.Digest, func() ([]byte, error) { return readFile(r.Context(), file) })
	if err != nil {
		unsetContent(header)
		h.unreadable(w, r, err)
		return
	}
	header.Set("Content-Encoding", "gzip")
	header.Set("Content-Length", strconv.Itoa(len(data)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// allowTime gives a response as long as its size needs on a slow line, and no longer.
func (h *Handler) allowTime(w http.ResponseWriter, size int64) {
	limit := responseTime + time.Duration(size/slowestBytes)*time.Second
	err := http.NewResponseController(w).SetWriteDeadline(h.now().Add(limit))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		h.report(err)
	}
}

// matches says whether the visitor has this version already (RFC 9110, weak comparison).
func matches(r *http.Request, etag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for tag := range strings.SplitSeq(line, ",") {
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(etag, "W/") {
				return true
			}
		}
	}
	return false
}

// unsetContent takes back what described a file that is not sent after all.
func unsetContent(header http.Header) {
	for _, name := range []string{"Content-Type", "Cache-Control", "ETag", "Vary", "Content-Encoding"} {
		header.Del(name)
	}
}

// compressible says whether a file is text of a sensible size. Data files are sent as they are, so that their digest
// can be checked and a broken download resumed.
func compressible(name string, file File) bool {
	if file.Size < gzipFrom || file.Size > gzipTo || strings.HasPrefix(name, "data/") {
		return false
	}
	kind, _, _ := strings.Cut(file.Type, ";")
	switch {
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "+json"), strings.HasSuffix(kind, "+xml"):
		return true
	}
	return kind == "application/json" || kind == "application/xml" || kind == "application/x-ndjson"
}

// acceptsGzip reads Accept-Encoding; "gzip;q=0" means no.
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		weight, weighted := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(params), " ", ""), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !weighted || err == nil && q > 0
	}
	return false
}

// packed remembers compressed files by digest, up to a budget of memory; then it begins anew.
type packed struct {
	mu    sync.Mutex
	files map[string][]byte
	bytes int
}

func (p *packed) get(digest string, read func() ([]byte, error)) ([]byte, error) {
	p.mu.Lock()
	data, ok := p.files[digest]
	p.mu.Unlock()
	if ok {
		return data, nil
	}
	plain, err := read()
	if err != nil {
		return nil, err
	}
	data = pack(plain)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil || p.bytes+len(data) > gzipMemory {
		p.files, p.bytes = map[string][]byte{}, 0
	}
	p.files[digest] = data
	p.bytes += len(data)
	return data, nil
}

// pack compresses in memory, which cannot fail.
func pack(plain []byte) []byte {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	zip.Write(plain)
	zip.Close()
	return out.Bytes()
}

// readAll reads a file of a site.
func readAll(ctx context.Context, site Site, name string) ([]byte, error) {
	file, err := site.Lookup(name)
	if err != nil {
		return nil, err
	}
	return readFile(ctx, file)
}

func readFile(ctx context.Context, file File) ([]byte, error) {
	r, err := file.Open(ctx)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	return data, errors.Join(err, r.Close())
}
