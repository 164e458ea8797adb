package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"opendata.example/odc/tools/internal/query"
)

const (
	hashedCSS   = "css/main.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.css"
	searchHTML  = `<!doctype html><html lang="zh-CN"><head><title>搜索 · 目录</title></head><body><form action="/search/"><input name="q" type="search" maxlength="200"></form><main><h1>搜索</h1><div id="odc-results" data-module="search-results"><div>按领域浏览</div></div></main></body></html>`
	frozenCSV   = "data/bus-stops/2025-11-30/table.csv"
	testReader  = "\ufeff"
	bigPageSize = 4 << 10
)

// files of a small site.
func siteFiles(t *testing.T) map[string]string {
	t.Helper()
	docs, err := json.Marshal(testDocuments())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"index.html":                      "<h1>首页</h1>",
		"404.html":                        "<h1>没有这个页面</h1>",
		"en/404.html":                     "<h1>Not found</h1>",
		"datasets/index.html":             "<h1>数据集</h1>" + strings.Repeat("<p>公交站点</p>", bigPageSize/10),
		"search/index.html":               searchHTML,
		"en/search/index.html":            strings.Replace(searchHTML, "zh-CN", "en", 1),
		"search/documents.json":           string(docs),
		"catalog.ttl":                     "@prefix dct: <http://purl.org/dc/terms/> .\n",
		"catalog.jsonld":                  `{"@graph":[]}`,
		"feed.atom":                       "<feed/>",
		"api/v1/index.json":               `{"datasets":[]}` + strings.Repeat(" ", bigPageSize),
		"robots.txt":                      "User-agent: *\n",
		hashedCSS:                         "body{}",
		frozenCSV:                         testReader + strings.Repeat("id,name\r\n1,中山公园\r\n", 300),
		"data/bus-stops/latest/table.csv": "id,name\r\n",
		"data/bus-stops/2025-11-30/table.geojson": "{}",
	}
}

func testDocuments() []query.Document {
	term := func(code, zh, en string) []query.Term {
		return []query.Term{{Code: code, Label: query.Text{Zh: zh, En: en}}}
	}
	transport, health := term("transport", "道路交通", "transport"), term("health", "卫生健康", "health")
	open := term("unconditional", "无条件开放", "open")
	doc := func(id, title, en string, domain []query.Term) query.Document {
		return query.Document{
			Key:    "dataset:" + id,
			Card:   query.Card{Kind: "dataset", ID: id, URL: "/datasets/" + id + "/", Title: query.Text{Zh: title, En: en}, Org: term("jianguan", "区建管委", "")[0], Domain: domain[0], OpenType: open[0], RowMeaning: "一个" + title, Rows: 1234},
			Fields: [][]string{{title}, nil, {"区建管委"}, {en}, nil, nil},
			Facets: query.FacetTerms{Domain: domain, OpenType: open},
		}
	}
	docs := []query.Document{
		doc("bus-stops", "公交站点", "Bus stops", transport),
		doc("parking", "公共停车场<名录>", "Car parks", transport),
		doc("clinics", "社区卫生服务站点", "", health),
	}
	for i := range 50 {
		docs = append(docs, doc(fmt.Sprintf("pharmacy-%02d", i), fmt.Sprintf("零售药店%02d", i), "", health))
	}
	return docs
}

func newTestFolder(t *testing.T, files map[string]string) *Folder {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		write(t, dir, name, content)
	}
	f, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func write(t testing.TB, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func newTestHandler(t *testing.T, site Site) *Handler {
	t.Helper()
	h, err := New(site, nil, Options{Now: time.Now, Report: func(err error) { t.Errorf("reported: %v", err) }})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends a request; headers are "Name: value".
func ask(t *testing.T, h http.Handler, method, target string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func digestOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// sites are the two kinds of site; every test of files runs on both.
func sites(t *testing.T) map[string]Site {
	return map[string]Site{"folder": newTestFolder(t, siteFiles(t)), "store": publishedSite(t, siteFiles(t))}
}

func TestFiles(t *testing.T) {
	tests := []struct {
		path        string
		status      int
		contentType string
		cache       string
		cors        bool
	}{
		{"/", 200, "text/html; charset=utf-8", "no-cache", false},
		{"/datasets/", 200, "text/html; charset=utf-8", "no-cache", false},
		{"/datasets", 301, "", "no-cache", false},
		{"/search/", 200, "text/html; charset=utf-8", "no-cache", false},
		{"/en/search", 301, "", "no-cache", false},
		{"/catalog.ttl", 200, "text/turtle", "public, max-age=300", true},
		{"/catalog.jsonld", 200, "application/ld+json", "public, max-age=300", true},
		{"/feed.atom", 200, "application/atom+xml", "public, max-age=300", true},
		{"/api/v1/index.json", 200, "application/json", "public, max-age=300", true},
		{"/robots.txt", 200, "text/plain; charset=utf-8", "public, max-age=300", true},
		{"/" + hashedCSS, 200, "text/css; charset=utf-8", "public, max-age=31536000, immutable", true},
		{"/" + frozenCSV, 200, "text/csv; charset=utf-8", "public, max-age=31536000, immutable", true},
		{"/data/bus-stops/2025-11-30/table.geojson", 200, "application/geo+json", "public, max-age=31536000, immutable", true},
		{"/data/bus-stops/latest/table.csv", 200, "text/csv; charset=utf-8", "public, max-age=300", true},
		{"/data/bus-stops/2025-11-30", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/nothing", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/nothing/", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/index.html/", 404, "text/html; charset=utf-8", "no-cache", false},
		{"//datasets/", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/datasets/../index.html", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/%2e%2e/%2e%2e/etc/passwd", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/..%5c..%5cetc", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/a%00b", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/%ff", 404, "text/html; charset=utf-8", "no-cache", false},
		{"/" + strings.Repeat("长", 2000), 404, "text/html; charset=utf-8", "no-cache", false},
	}
	for kind, site := range sites(t) {
		h := newTestHandler(t, site)
		for _, tt := range tests {
			for _, method := range []string{"GET", "HEAD"} {
				res := ask(t, h, method, tt.path)
				if res.StatusCode != tt.status {
					t.Errorf("%s: %s %s = %d, want %d", kind, method, tt.path, res.StatusCode, tt.status)
					continue
				}
				if got := res.Header.Get("Content-Type"); tt.contentType != "" && got != tt.contentType {
					t.Errorf("%s: %s %s has type %q, want %q", kind, method, tt.path, got, tt.contentType)
				}
				if got := res.Header.Get("Cache-Control"); got != tt.cache {
					t.Errorf("%s: %s %s has Cache-Control %q, want %q", kind, method, tt.path, got, tt.cache)
				}
				if got := res.Header.Get("Access-Control-Allow-Origin") == "*"; got != tt.cors {
					t.Errorf("%s: %s %s open to all origins: %v, want %v", kind, method, tt.path, got, tt.cors)
				}
				if res.Header.Get("Last-Modified") != "" || res.Header.Get("Set-Cookie") != "" {
					t.Errorf("%s: %s %s tells a time or sets a cookie: %v", kind, method, tt.path, res.Header)
				}
				if text := body(t, res); method == "HEAD" && text != "" && tt.status != 301 {
					t.Errorf("%s: HEAD %s has a body", kind, tt.path)
				}
			}
		}
	}
}

func TestContentAndETag(t *testing.T) {
	files := siteFiles(t)
	for kind, site := range sites(t) {
		h := newTestHandler(t, site)
		for name, want := range files {
			if strings.HasSuffix(name, ".html") {
				continue
			}
			res := ask(t, h, "GET", "/"+name)
			if got := body(t, res); got != want {
				t.Errorf("%s: /%s has %d bytes, want %d", kind, name, len(got), len(want))
			}
			etag := res.Header.Get("ETag")
			if want := `"` + digestOf(want) + `"`; etag != want {
				t.Errorf("%s: /%s has ETag %s, want %s", kind, name, etag, want)
			}
			if got := res.Header.Get("Content-Length"); got != fmt.Sprint(len(want)) {
				t.Errorf("%s: /%s has Content-Length %q, want %d", kind, name, got, len(want))
			}
			for _, known := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
				again := ask(t, h, "GET", "/"+name, "If-None-Match: "+known)
				if again.StatusCode != 304 || body(t, again) != "" {
					t.Errorf("%s: /%s with If-None-Match %s = %d, want 304", kind, name, known, again.StatusCode)
				}
			}
			if other := ask(t, h, "GET", "/"+name, `If-None-Match: "other"`); other.StatusCode != 200 {
				t.Errorf("%s: /%s with another ETag = %d, want 200", kind, name, other.StatusCode)
			}
		}
	}
}

func TestRanges(t *testing.T) {
	want := siteFiles(t)[frozenCSV]
	for kind, site := range sites(t) {
		h := newTestHandler(t, site)
		tests := []struct {
			ranges, etag string
			status       int
			body         string
		}{
			{"bytes=0-9", "", 206, want[:10]},
			{"bytes=100-199", "", 206, want[100:200]},
			{"bytes=-7", "", 206, want[len(want)-7:]},
			{"bytes=999999-", "", 416, ""},
			{"bytes=0-9", `"stale"`, 200, want},
			{"bytes=0-9", `"` + digestOf(want) + `"`, 206, want[:10]},
		}
		for _, tt := range tests {
			headers := []string{"Range: " + tt.ranges, "Accept-Encoding: gzip"}
			if tt.etag != "" {
				headers = append(headers, "If-Range: "+tt.etag)
			}
			res := ask(t, h, "GET", "/"+frozenCSV, headers...)
			if got := body(t, res); res.StatusCode != tt.status || tt.status != 416 && got != tt.body {
				t.Errorf("%s: range %s if %s = %d with %d bytes, want %d with %d", kind, tt.ranges, tt.etag, res.StatusCode, len(got), tt.status, len(tt.body))
			}
			if res.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: a range of compressed bytes", kind)
			}
		}
	}
}

func TestCompression(t *testing.T) {
	files := siteFiles(t)
	for kind, site := range sites(t) {
		h := newTestHandler(t, site)
		for _, name := range []string{"datasets/", "api/v1/index.json"} {
			want := files[name]
			if strings.HasSuffix(name, "/") {
				want = files[name+"index.html"]
			}
			res := ask(t, h, "GET", "/"+name, "Accept-Encoding: br, gzip;q=0.8")
			etag := res.Header.Get("ETag")
			if res.Header.Get("Content-Encoding") != "gzip" || res.Header.Get("Vary") != "Accept-Encoding" || etag != `"`+digestOf(want)+`-gzip"` {
				t.Errorf("%s: /%s is not compressed as it should be: %v", kind, name, res.Header)
				continue
			}
			packed := body(t, res)
			if got := res.Header.Get("Content-Length"); got != fmt.Sprint(len(packed)) {
				t.Errorf("%s: /%s has Content-Length %s, %d bytes came", kind, name, got, len(packed))
			}
			zip, err := gzip.NewReader(strings.NewReader(packed))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(zip); err != nil || string(got) != want {
				t.Errorf("%s: /%s unpacks to %d bytes (%v), want %d", kind, name, len(got), err, len(want))
			}
			if again := ask(t, h, "GET", "/"+name, "Accept-Encoding: gzip", "If-None-Match: "+etag); again.StatusCode != 304 {
				t.Errorf("%s: /%s again = %d, want 304", kind, name, again.StatusCode)
			}
			for _, no := range []string{"", "identity", "gzip;q=0", "br"} {
				plain := ask(t, h, "GET", "/"+name, "Accept-Encoding: "+no)
				if plain.Header.Get("Content-Encoding") != "" || plain.Header.Get("Vary") != "Accept-Encoding" || body(t, plain) != want {
					t.Errorf("%s: /%s for Accept-Encoding %q: %v", kind, name, no, plain.Header)
				}
			}
		}
		for _, name := range []string{frozenCSV, "robots.txt"} {
			if res := ask(t, h, "GET", "/"+name, "Accept-Encoding: gzip"); res.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: /%s is compressed", kind, name)
			}
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for _, path := range []string{"/", "/datasets", "/nothing", "/api/search?q=x", "/api/search?oops=1", "/search/?q=x", "/-/health", "/" + frozenCSV} {
		res := ask(t, h, "GET", path)
		csp := res.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q lacks %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %q is open", path, csp)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if !strings.Contains(res.Header.Get("Permissions-Policy"), "geolocation=()") {
			t.Errorf("%s: no Permissions-Policy", path)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"} {
		for _, path := range []string{"/", "/api/search?q=x"} {
			res := ask(t, h, method, path)
			if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s = %d, Allow %q", method, path, res.StatusCode, res.Header.Get("Allow"))
			}
		}
	}
}

func TestRedirectKeepsTheQueryAndTheSite(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	res := ask(t, h, "GET", "/search?q=%E5%85%AC%E4%BA%A4&x=1")
	if got, want := res.Header.Get("Location"), "/search/?q=%E5%85%AC%E4%BA%A4&x=1"; got != want {
		t.Errorf("Location %q, want %q", got, want)
	}
	for _, path := range []string{"//example.org", "//example.org/datasets", "/\\example.org/datasets"} {
		if res := ask(t, h, "GET", "http://localhost"+path); res.StatusCode != 404 {
			t.Errorf("%s = %d to %q, want 404", path, res.StatusCode, res.Header.Get("Location"))
		}
	}
}

func TestNotFoundSpeaksTheLanguageOfTheAddress(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	if got := body(t, ask(t, h, "GET", "/x")); got != "<h1>没有这个页面</h1>" {
		t.Errorf("/x shows %q", got)
	}
	if got := body(t, ask(t, h, "GET", "/en/x")); got != "<h1>Not found</h1>" {
		t.Errorf("/en/x shows %q", got)
	}
}

func TestFolderFollowsItsFiles(t *testing.T) {
	folder := newTestFolder(t, siteFiles(t))
	h := newTestHandler(t, folder)
	first := ask(t, h, "GET", "/robots.txt")
	write(t, folder.root.Name(), "robots.txt", "User-agent: other\n")
	second := ask(t, h, "GET", "/robots.txt", "If-None-Match: "+first.Header.Get("ETag"))
	if got := body(t, second); second.StatusCode != 200 || got != "User-agent: other\n" {
		t.Errorf("a changed file = %d %q", second.StatusCode, got)
	}
}

func TestFolderDoesNotFollowLinksOut(t *testing.T) {
	folder := newTestFolder(t, siteFiles(t))
	outside := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(outside, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(folder.root.Name(), "link.txt")); err != nil {
		t.Fatal(err)
	}
	res := ask(t, newTestHandler(t, folder), "GET", "/link.txt")
	if got := body(t, res); res.StatusCode != 404 || strings.Contains(got, "secret") {
		t.Errorf("/link.txt = %d %q", res.StatusCode, got)
	}
}

func TestSiteWithoutDocumentsHasNoSearch(t *testing.T) {
	files := siteFiles(t)
	delete(files, "search/documents.json")
	h := newTestHandler(t, newTestFolder(t, files))
	if res := ask(t, h, "GET", "/api/search?q=x"); res.StatusCode != 503 {
		t.Errorf("/api/search = %d, want 503", res.StatusCode)
	}
	if res := ask(t, h, "GET", "/search/?q=x"); res.StatusCode != 200 || body(t, res) != searchHTML {
		t.Errorf("/search/ = %d, want the page as it was built", res.StatusCode)
	}
}

func TestDamagedDocumentsAreNotServed(t *testing.T) {
	for _, content := range []string{"", "{}", "[{]", `[] []`, `[{"key":1}]`} {
		files := siteFiles(t)
		files["search/documents.json"] = content
		if _, err := New(newTestFolder(t, files), nil, Options{Now: time.Now}); err == nil {
			t.Errorf("documents %q were accepted", content)
		}
	}
}

func TestHealth(t *testing.T) {
	res := ask(t, newTestHandler(t, newTestFolder(t, siteFiles(t))), "GET", "/-/health")
	var got map[string]any
	if err := json.NewDecoder(bytes.NewBufferString(body(t, res))).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got["status"] != "ok" || got["documents"] != 53.0 || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("health is %v, %v", got, res.Header)
	}
}
