package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/search"
)

// answer is the JSON of /api/search.
type answer struct {
	Spec   int    `json:"spec"` // version of the search contract
	Set    string `json:"set"`  // what was searched
	TookMS int64  `json:"took_ms"`
	*query.Result
}

// problem is an error for programs (RFC 9457).
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func fail(w http.ResponseWriter, r *http.Request, status int, detail string) {
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	replyJSON(w, r, status, "application/problem+json", "no-store", problem{"about:blank", http.StatusText(status), status, detail})
}

// searchAPI answers /api/search.
func (h *Handler) searchAPI(w http.ResponseWriter, r *http.Request, snap *snapshot) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if snap.index == nil {
		fail(w, r, http.StatusServiceUnavailable, "this site was built without a search index")
		return
	}
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		fail(w, r, http.StatusBadRequest, "the query string is malformed")
		return
	}
	req, err := parseRequest(params)
	if err != nil {
		fail(w, r, http.StatusBadRequest, err.Error())
		return
	}
	// The answer is the same but for the time it took, hence a weak tag.
	etag := `W/"` + snap.index.Set() + "-" + requestID(req) + `"`
	w.Header().Set("ETag", etag)
	if matches(r, etag) {
		w.Header().Set("Cache-Control", cacheSearch)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	start := h.now()
	result, err := h.search(r.Context(), snap.index, req)
	if err != nil {
		w.Header().Del("ETag")
		status, detail := h.explain(err)
		fail(w, r, status, detail)
		return
	}
	replyJSON(w, r, http.StatusOK, "application/json", cacheSearch,
		answer{query.Version, snap.index.Set(), h.now().Sub(start).Milliseconds(), result})
}

// errBusy means that too many searches run already.
var errBusy = errors.New("too many searches at once")

// search runs one search, if there is room, for a limited time.
func (h *Handler) search(ctx context.Context, index *search.Index, req query.Request) (*query.Result, error) {
	select {
	case h.searches <- struct{}{}:
		defer func() { <-h.searches }()
	default:
		return nil, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	return index.Search(ctx, req)
}

// explain turns a failed search into a status and a sentence.
func (h *Handler) explain(err error) (int, string) {
	switch {
	case errors.Is(err, errBusy):
		return http.StatusTooManyRequests, "too many searches run at once; try again in a second"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable, "the search took too long; try fewer words"
	}
	h.report(fmt.Errorf("search: %w", err))
	return http.StatusInternalServerError, "the search failed; it is not the fault of the query"
}

// parseRequest reads the parameters of the API strictly: a program should learn of its misspelling. A long query is
// cut all the same, since people typed it.
func parseRequest(params url.Values) (query.Request, error) {
	for name := range params {
		if !slices.Contains(parameters, name) {
			return query.Request{}, fmt.Errorf("unknown parameter %q; known are %s", shorten(name), strings.Join(parameters, ", "))
		}
	}
	req := query.Request{Query: params.Get("q"), Filters: filters(params)}
	var ok bool
	if req.Sort, ok = query.ParseSort(params.Get("sort")); !ok {
		return req, errors.New("sort must be relevance, modified or issued")
	}
	var err error
	if req.Page, err = number(params, "page", 1, query.MaxWindow); err != nil {
		return req, err
	}
	if req.Size, err = number(params, "size", query.DefaultSize, query.MaxPageSize); err != nil {
		return req, err
	}
	if req.Page*req.Size > query.MaxWindow {
		return req, fmt.Errorf("page × size must be at most %d", query.MaxWindow)
	}
	return req, nil
}

// parameters of /api/search and /search/, in the order in which addresses carry them.
var parameters = append(append([]string{"q"}, facetNames()...), "sort", "page", "size")

func facetNames() []string {
	var out []string
	for _, f := range query.Facets() {
		out = append(out, string(f))
	}
	return out
}

// mostValues of one facet are read. Every link of the page repeats them, so that a long address would make a huge page.
const mostValues = 20

// filters reads the facets; a facet may be given several times.
func filters(params url.Values) map[query.Facet][]string {
	out := map[query.Facet][]string{}
	for _, f := range query.Facets() {
		for _, v := range params[string(f)] {
			if v != "" && len(v) <= 100 && len(out[f]) < mostValues && !slices.Contains(out[f], v) {
				out[f] = append(out[f], v)
			}
		}
	}
	return out
}

// number reads a whole number from 1 to most.
func number(params url.Values, name string, otherwise, most int) (int, error) {
	text := params.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%s must be a whole number from 1 to %d", name, most)
	}
	return n, nil
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// requestID is equal for requests that have the same answer.
func requestID(req query.Request) string {
	req.Query = strings.TrimSpace(req.Query)
	for f, values := range req.Filters {
		req.Filters[f] = slices.Sorted(slices.Values(values))
	}
	sum := sha256.Sum256([]byte(address("", req)))
	return hex.EncodeToString(sum[:8])
}

// address is the URL of a request: parameters in a fixed order, those with their usual value left out.
func address(base string, req query.Request) string {
	var parts []string
	add := func(name, value string) { parts = append(parts, name+"="+url.QueryEscape(value)) }
	if req.Query != "" {
		add("q", req.Query)
	}
	for _, f := range query.Facets() {
		for _, v := range req.Filters[f] {
			add(string(f), v)
		}
	}
	if req.Sort != "" && req.Sort != query.Relevance {
		add("sort", string(req.Sort))
	}
	if req.Page > 1 {
		add("page", strconv.Itoa(req.Page))
	}
	if req.Size != 0 && req.Size != query.DefaultSize {
		add("size", strconv.Itoa(req.Size))
	}
	if len(parts) == 0 {
		return base
	}
	return base + "?" + strings.Join(parts, "&")
}
