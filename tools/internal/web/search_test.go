package web

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"opendata.example/odc/tools/internal/query"
)

// apiAnswer is what a program reads.
type apiAnswer struct {
	Spec, Total, Page, Size int
	Set                     string
	About                   bool
	Rewritten               []string
	Hits                    []query.Hit
	Facets                  map[query.Facet][]query.Count
}

func askAPI(t *testing.T, h *Handler, target string) apiAnswer {
	t.Helper()
	res := ask(t, h, "GET", target)
	text := body(t, res)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%s = %d %s", target, res.StatusCode, text)
	}
	var a apiAnswer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSearchAPI(t *testing.T) {
	for kind, site := range sites(t) {
		h := newTestHandler(t, site)
		a := askAPI(t, h, "/api/search?q="+url.QueryEscape("请问公交站点有哪些？"))
		if a.Total != 1 || len(a.Hits) != 1 || a.Hits[0].Key != "dataset:bus-stops" || a.Hits[0].Card.URL != "/datasets/bus-stops/" || a.Hits[0].Score <= 0 {
			t.Errorf("%s: answer %+v", kind, a)
		}
		if a.Spec != query.Version || len(a.Set) != 16 || !slices.Equal(a.Rewritten, []string{"公交站点"}) {
			t.Errorf("%s: spec %d, set %q, rewritten %q", kind, a.Spec, a.Set, a.Rewritten)
		}
		a = askAPI(t, h, "/api/search?domain=health&size=10&page=6")
		if a.Total != 51 || len(a.Hits) != 1 || a.Page != 6 || a.Size != 10 {
			t.Errorf("%s: last page of a domain: %d of %d, page %d of size %d", kind, len(a.Hits), a.Total, a.Page, a.Size)
		}
		domains := map[string]int{}
		for _, c := range a.Facets[query.FacetDomain] {
			domains[c.Code] = c.N
		}
		if domains["health"] != 51 || domains["transport"] != 2 {
			t.Errorf("%s: a facet must not count its own filter: %v", kind, domains)
		}
	}
}

func TestSearchAPIIsCached(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	res := ask(t, h, "GET", "/api/search?q=x&domain=health&domain=transport")
	etag := res.Header.Get("ETag")
	if res.Header.Get("Cache-Control") != "public, max-age=60" || !strings.HasPrefix(etag, "W/") || res.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("headers %v", res.Header)
	}
	for target, want := range map[string]int{
		"/api/search?q=x&domain=health&domain=transport":        304,
		"/api/search?domain=transport&domain=health&q=x&page=1": 304, // the same question
		"/api/search?q=x&domain=health":                         200,
		"/api/search?q=y&domain=health&domain=transport":        200,
		"/api/search?q=x&domain=health&domain=transport&page=2": 200,
	} {
		if got := ask(t, h, "GET", target, "If-None-Match: "+etag).StatusCode; got != want {
			t.Errorf("%s = %d, want %d", target, got, want)
		}
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for _, target := range []string{"/api/search?domain=health", "/search/?domain=health"} {
		plain := body(t, ask(t, h, "GET", target))
		res := ask(t, h, "GET", target, "Accept-Encoding: gzip")
		zip, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		unpacked, err := io.ReadAll(zip)
		took := regexp.MustCompile(`"took_ms":\d+`)
		if same := took.ReplaceAllString(string(unpacked), "") == took.ReplaceAllString(plain, ""); err != nil || !same || res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: unpacked to %d bytes, want %d; %v, %v", target, len(unpacked), len(plain), err, res.Header)
		}
	}
	if res := ask(t, h, "HEAD", "/api/search?q=x"); body(t, res) != "" || res.Header.Get("Content-Length") == "" {
		t.Errorf("HEAD has a body or no length: %v", res.Header)
	}
}

func TestSearchAPIRefuses(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for target, says := range map[string]string{
		"/api/search?query=x":                   "unknown parameter",
		"/api/search?sort=size":                 "sort must be",
		"/api/search?page=0":                    "page must be",
		"/api/search?page=x":                    "page must be",
		"/api/search?size=101":                  "size must be",
		"/api/search?size=-1":                   "size must be",
		"/api/search?page=200&size=99":          "page × size",
		"/api/search?q=%zz":                     "malformed",
		"/api/search?a;b":                       "malformed",
		"/api/search?page=99999999999999999999": "page must be",
	} {
		res := ask(t, h, "GET", target)
		var p problem
		if err := json.Unmarshal([]byte(body(t, res)), &p); err != nil {
			t.Errorf("%s: %v", target, err)
		}
		if res.StatusCode != 400 || res.Header.Get("Content-Type") != "application/problem+json" || p.Status != 400 || !strings.Contains(p.Detail, says) || res.Header.Get("ETag") != "" {
			t.Errorf("%s = %d %+v, want a problem that says %q", target, res.StatusCode, p, says)
		}
	}
	if a := askAPI(t, h, "/api/search?q="+strings.Repeat("%E5%85%AC%E4%BA%A4", 500)); a.Total == 0 {
		t.Error("a long query was not cut but lost")
	}
	if a := askAPI(t, h, "/api/search?q=x&domain=nothing"); a.Total != 0 {
		t.Errorf("an unknown value selects %d", a.Total)
	}
}

func TestSearchesAreBounded(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for range cap(h.searches) {
		h.searches <- struct{}{}
	}
	for target, kind := range map[string]string{"/api/search?q=x": "application/problem+json", "/search/?q=x": "text/html; charset=utf-8"} {
		res := ask(t, h, "GET", target)
		if res.StatusCode != 429 || res.Header.Get("Retry-After") == "" || res.Header.Get("Content-Type") != kind {
			t.Errorf("%s = %d %v", target, res.StatusCode, res.Header)
		}
	}
	<-h.searches
	if res := ask(t, h, "GET", "/api/search?q=x"); res.StatusCode != 200 {
		t.Errorf("with room again = %d", res.StatusCode)
	}
}

// searchPageOf asks the search page and parses it.
func searchPageOf(t *testing.T, h *Handler, target string) (text string, links []string) {
	t.Helper()
	res := ask(t, h, "GET", target)
	text = body(t, res)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/html; charset=utf-8" || res.Header.Get("X-Robots-Tag") != "noindex" {
		t.Fatalf("%s = %d %v", target, res.StatusCode, res.Header)
	}
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" {
			links = append(links, attribute(html.Token{Attr: n.Attr}, "href"))
		}
	}
	return text, links
}

func TestSearchPageWithoutScript(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	text, links := searchPageOf(t, h, "/search/?q="+url.QueryEscape("公共停车"))
	for _, want := range []string{
		"找到 1 个结果", `value="公共停车"`, "<title>公共停车 · 搜索 · 目录</title>",
		"公共停车场&lt;名录&gt;", "区建管委", "odc-chip--unconditional", "1,234 行", "<h1>搜索</h1>",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(text, "按领域浏览</div>") || strings.Contains(text, "<名录>") {
		t.Error("the placeholder is still there, or a title is not escaped")
	}
	if !slices.Contains(links, "/datasets/parking/") {
		t.Errorf("no link to the result: %q", links)
	}
}

func TestSearchPageInEnglish(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	text, links := searchPageOf(t, h, "/en/search/?q=bus")
	for _, want := range []string{"1 result<", `<a href="/en/datasets/bus-stops/">Bus stops</a>`, `<span lang="zh-CN">区建管委</span>`} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q: %s", want, text)
		}
	}
	if slices.Contains(links, "/datasets/bus-stops/") {
		t.Error("an English page links to a Chinese one")
	}
}

func TestSearchPageStates(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	_, links := searchPageOf(t, h, "/search/?q="+url.QueryEscape("药店")+"&domain=health&page=2")
	q := url.QueryEscape("药店")
	for _, want := range []string{
		"/search/?q=" + q + "&domain=health",               // page 1
		"/search/?q=" + q + "&domain=health&page=3",        // next
		"/search/?q=" + q + "&domain=health&sort=modified", // sort, from page 1 again
		"/search/?q=" + q, // without the filter
	} {
		if !slices.Contains(links, want) {
			t.Errorf("no link to %s among %q", want, links)
		}
	}
	for _, odd := range []string{"page=0", "page=x", "page=9999", "size=0", "sort=none", "domain=", "unknown=1&q=x", "q=" + strings.Repeat("a", 5000), "q=%00", "q=%ff", "q=%3Cscript%3Ealert(1)%3C/script%3E"} {
		text, _ := searchPageOf(t, h, "/search/?q=x&"+odd)
		if strings.Contains(text, "<script") {
			t.Errorf("%s: a script in the page", odd)
		}
	}
}

func TestLongAddressMakesNoHugePage(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	var target strings.Builder
	target.WriteString("/search/?q=x")
	for i := 0; target.Len() < 16<<10; i++ {
		fmt.Fprintf(&target, "&domain=%d&org=%d", i, i)
	}
	if text, _ := searchPageOf(t, h, target.String()); len(text) > 64<<10 {
		t.Errorf("an address of %d bytes makes a page of %d", target.Len(), len(text))
	}
}

func TestNothingFoundHelps(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	text, links := searchPageOf(t, h, "/search/?q="+url.QueryEscape("药店")+"&domain=transport")
	for _, want := range []string{"没有找到与“药店”相符的数据", "去掉“道路交通”（50 个结果）", "提出需求"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, want := range []string{"/search/?q=" + url.QueryEscape("药店"), "/domains/", "/request/"} {
		if !slices.Contains(links, want) {
			t.Errorf("no link to %s among %q", want, links)
		}
	}
	if text, _ := searchPageOf(t, h, "/search/?q="+url.QueryEscape("？？")); !strings.Contains(text, "没有找到") {
		t.Error("signs alone find something")
	}
}

func TestSearchPageWithoutQuestionIsTheBuiltOne(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	res := ask(t, h, "GET", "/search/")
	if body(t, res) != searchHTML || res.Header.Get("ETag") == "" {
		t.Error("the page is not served as it was built")
	}
	if text, _ := searchPageOf(t, h, "/search/?q="); !strings.Contains(text, "共 53 个结果") {
		t.Error("an empty query does not list everything")
	}
}

func TestFill(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"content is replaced", `<main><div id="odc-results"><div>old</div><p>old</p></div>after</main>`, `<main><div id="odc-results" data-filled="">NEW</div>after</main>`},
		{"any element", `<main><section class=a id=odc-results>old</section></main>`, `<main><section class="a" id="odc-results" data-filled="">NEW</section></main>`},
		{"no mark", `<main><p>kept</p></main><footer></footer>`, `<main><p>kept</p>NEW</main><footer></footer>`},
		{"bytes are kept", `<!-- c --><MAIN  x='1'><BR/>&nbsp;<div id="odc-results"></div></MAIN>`, `<!-- c --><MAIN  x='1'><BR/>&nbsp;<div id="odc-results" data-filled="">NEW</div></MAIN>`},
		{"fields", `<main><input name=q><input name="other"><div id="odc-results"></div></main>`, `<main><input name="q" value="a&#34;b"><input name="other"><div id="odc-results" data-filled="">NEW</div></main>`},
		{"script is not read", `<main><script>"<input name=q>"</script><div id="odc-results"></div></main>`, `<main><script>"<input name=q>"</script><div id="odc-results" data-filled="">NEW</div></main>`},
		{"title", `<title>S</title><main><svg><title>i</title></svg></main>`, `<title>a&#34;b · S</title><main><svg><title>i</title></svg>NEW</main>`},
	}
	for _, tt := range tests {
		got, err := fill([]byte(tt.page), []byte("NEW"), `a"b`)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %s (%v), want %s", tt.name, got, err, tt.want)
		}
	}
	for _, broken := range []string{"", "<p>no main</p>", `<main><div id="odc-results"><div></div>`} {
		if got, err := fill([]byte(broken), []byte("NEW"), ""); err == nil {
			t.Errorf("%q was filled: %s", broken, got)
		}
	}
}

func TestACardSaysWhatOneRowIs(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for path, want := range map[string]string{
		"/search/":    `<p class="odc-card__row">一行是一个公交站点。</p>`,
		"/en/search/": `<p class="odc-card__row">One row is: <span lang="zh-CN">一个公交站点</span></p>`,
	} {
		if page := body(t, ask(t, h, "GET", path+"?q="+url.QueryEscape("公交站点"))); !strings.Contains(page, want) {
			t.Errorf("%s lacks %s: %s", path, want, page)
		}
	}
}

func TestAQuestionIsSaidBackAsItWasUnderstood(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for path, want := range map[string]string{
		"/search/":    "找到 1 个结果（已按“公交站点”查找）<",
		"/en/search/": "1 result (searched for “公交站点”)<",
	} {
		if page := body(t, ask(t, h, "GET", path+"?q="+url.QueryEscape("请问公交站点有哪些？"))); !strings.Contains(page, want) {
			t.Errorf("%s lacks %s: %s", path, want, page)
		}
	}
}

func TestLettersThatFindNothingMayBePinyin(t *testing.T) {
	h := newTestHandler(t, newTestFolder(t, siteFiles(t)))
	for _, tt := range []struct {
		path, query, tip string
		told             bool
	}{
		{"/search/", "gongjiaozhan", chinese.letters, true},
		{"/search/", "yī yuàn", chinese.letters, true},
		{"/en/search/", "gongjiaozhan", english.letters, true},
		{"/search/", "没有这种数据", chinese.letters, false},
		{"/search/", "zzz 2024", chinese.letters, false},
	} {
		page := body(t, ask(t, h, "GET", tt.path+"?q="+url.QueryEscape(tt.query)))
		if strings.Contains(page, tt.tip) != tt.told {
			t.Errorf("%s?q=%s: told of pinyin should be %t: %s", tt.path, tt.query, tt.told, page)
		}
	}
}

func TestBothLanguagesSayEverything(t *testing.T) {
	for _, w := range []words{chinese, english} {
		for _, s := range []string{
			w.found, w.foundOne, w.about, w.foundAll, w.lookedFor, w.nothing, w.letters, w.rowIs[0], w.without, w.dropOne, w.request, w.browse, w.busy, w.broken, w.filters, w.filtersOn,
			w.more, w.remove, w.sortLabel, w.rows, w.updated, w.illustrative, w.notOpened, w.traits, w.pager, w.prev, w.next, w.pageN, w.results,
		} {
			if s == "" {
				t.Errorf("a text is missing in %s: %+v", w.lang, w)
			}
		}
		for _, f := range query.Facets() {
			if w.facets[f] == "" {
				t.Errorf("facet %s has no name in %s", f, w.lang)
			}
		}
		if len(w.sorts) != 3 || len(w.nothingTips) == 0 {
			t.Errorf("sorts or tips are missing in %s", w.lang)
		}
	}
}

// FuzzParameters looks for a query string that breaks the API or the page.
func FuzzParameters(f *testing.F) {
	for _, s := range []string{"q=公交", "q=%00&page=-1", "domain=a&domain=&sort=x", "q=<b>&size=100&page=100", "page=1e9", "a;b", "%"} {
		f.Add(s)
	}
	docs := testDocuments()
	data, err := json.Marshal(docs)
	if err != nil {
		f.Fatal(err)
	}
	dir := f.TempDir()
	for name, content := range map[string]string{"search/index.html": searchHTML, "search/documents.json": string(data), "404.html": "404"} {
		write(f, dir, name, content)
	}
	folder, err := OpenFolder(dir)
	if err != nil {
		f.Fatal(err)
	}
	h, err := New(folder, nil, Options{Now: time.Now, Report: func(err error) { panic(err) }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, rawQuery string) {
		for _, path := range []string{"/api/search", "/search/"} {
			r := httptest.NewRequest("GET", path, nil)
			r.URL.RawQuery = rawQuery
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			switch rec.Code {
			case 200:
			case 400:
				if path == "/search/" {
					t.Fatalf("%s?%s = 400: people get results, not errors", path, rawQuery)
				}
			default:
				t.Fatalf("%s?%s = %d %s", path, rawQuery, rec.Code, rec.Body)
			}
			if strings.Contains(rec.Body.String(), "<script") && path == "/search/" {
				t.Fatalf("a script in the answer to %q", rawQuery)
			}
		}
	})
}
