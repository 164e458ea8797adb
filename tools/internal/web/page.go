package web

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"opendata.example/odc/tools/internal/query"
)

//go:embed results.html
var resultsHTML string

var results = template.Must(template.New("").Parse(resultsHTML))

// firstValues of a facet are shown; the rest folds away.
const firstValues = 8

// searchPage answers the search form without script: the built page of the site with the results filled in.
func (h *Handler) searchPage(w http.ResponseWriter, r *http.Request, snap *snapshot) {
	text := &chinese
	if strings.HasPrefix(r.URL.Path, english.prefix+"/") {
		text = &english
	}
	name, _ := siteName(r.URL.Path)
	page, err := readAll(r.Context(), snap.site, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		h.notFound(w, r, snap)
		return
	case err != nil:
		h.unreadable(w, r, err)
		return
	}
	req := lenientRequest(r.URL.Query())
	view := pageView{handler: h, snap: snap, text: text, base: r.URL.Path, req: req}
	status, fragment := view.render(r.Context())
	filled, err := fill(page, fragment, req.Query)
	if err != nil {
		h.unreadable(w, r, err)
		return
	}
	header := w.Header()
	header.Set("X-Robots-Tag", "noindex") // every query would be a page
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		header.Set("Retry-After", "1")
	}
	reply(w, r, status, "text/html; charset=utf-8", cachePage, filled)
}

// asksSomething says whether an address carries a query or a filter; without one the page is sent as it was built.
func asksSomething(params url.Values) bool {
	return slices.ContainsFunc(parameters, func(name string) bool { return params.Has(name) })
}

// lenientRequest reads the parameters of the page: a person who comes by a broken link gets results, not an error.
func lenientRequest(params url.Values) query.Request {
	req := query.Request{Query: strings.TrimSpace(query.Clip(params.Get("q"))), Filters: filters(params)}
	var ok bool
	if req.Sort, ok = query.ParseSort(params.Get("sort")); !ok {
		req.Sort = query.Relevance
	}
	req.Size, _ = number(params, "size", query.DefaultSize, query.MaxPageSize)
	req.Page, _ = number(params, "page", 1, query.MaxWindow)
	return req
}

// pageView makes the HTML of one answer.
type pageView struct {
	handler *Handler
	snap    *snapshot
	text    *words
	base    string // address of the page
	req     query.Request
}

func (v *pageView) render(ctx context.Context) (status int, fragment []byte) {
	result, err := v.handler.search(ctx, v.snap.index, v.req)
	if err != nil {
		status, _ = v.handler.explain(err)
		return status, v.trouble(status)
	}
	v.req.Page, v.req.Size = result.Page, result.Size
	data := map[string]any{
		"Count": v.count(result), "LookedFor": v.lookedFor(result), "Selected": v.selected(result),
		"SortLabel": v.text.sortLabel, "FacetsLabel": v.text.filters, "ResultsLabel": v.text.results,
		"Sorts": v.sorts(result), "Facets": v.facets(result), "Cards": v.cards(result), "Pager": v.pager(result), "Nothing": nil,
	}
	if result.Total == 0 {
		data["Nothing"] = v.nothing(ctx, result)
	}
	return http.StatusOK, execute("results", data)
}

func (v *pageView) trouble(status int) []byte {
	text := v.text.broken
	if status == http.StatusTooManyRequests {
		text = v.text.busy
	}
	return execute("trouble", map[string]any{"Text": text, "Browse": v.text.browse, "BrowseURL": v.text.page("/domains/")})
}

// execute fills a template of this package with data of this package, which cannot fail.
func execute(name string, data any) []byte {
	var out bytes.Buffer
	if err := results.ExecuteTemplate(&out, name, data); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func (v *pageView) count(r *query.Result) string {
	switch {
	case r.Total == 0 && v.req.Query != "":
		return say(v.text.nothing, v.req.Query)
	case v.req.Query == "":
		return say(v.text.foundAll, grouped(r.Total))
	case r.Total == 1:
		return v.text.foundOne
	case r.About && r.Total > r.Size: // what stands on one page can be counted
		return say(v.text.about, grouped(r.Total))
	}
	return say(v.text.found, grouped(r.Total))
}

// lookedFor tells what the words around a question were dropped for.
func (v *pageView) lookedFor(r *query.Result) []string {
	var out []string
	for _, text := range r.Rewritten {
		if text != strings.TrimRight(query.Normalise(v.req.Query), "?!.,。、 ") {
			out = append(out, say(v.text.lookedFor, text))
		}
	}
	return out
}

// with is the address of the request after a change; a change begins again at page 1.
func (v *pageView) with(change func(*query.Request)) string {
	req := v.req
	req.Page = 1
	req.Filters = maps.Clone(v.req.Filters)
	change(&req)
	return address(v.base, req)
}

func (v *pageView) without(f query.Facet, value string) func(*query.Request) {
	return func(r *query.Request) {
		r.Filters[f] = slices.DeleteFunc(slices.Clone(r.Filters[f]), func(x string) bool { return x == value })
	}
}

type linkView struct {
	URL      string
	Label    phrase
	N        string
	Kind     string
	Remove   string
	Selected bool
}

// selected are the filters that are on, each a link that takes it away.
func (v *pageView) selected(r *query.Result) []linkView {
	var out []linkView
	for _, f := range query.Facets() {
		for _, value := range v.req.Filters[f] {
			out = append(out, linkView{
				URL: v.with(v.without(f, value)), Label: v.valueLabel(r, f, value), Remove: say(v.text.remove, v.valueLabel(r, f, value).Text),
			})
		}
	}
	return out
}

// valueLabel is the label of a value, or the value itself when no document has it.
func (v *pageView) valueLabel(r *query.Result, f query.Facet, value string) phrase {
	for _, group := range r.Facets {
		for _, c := range group.Values {
			if group.Facet == f && c.Code == value {
				return v.text.label(c.Label)
			}
		}
	}
	return phrase{Text: value}
}

type sortView struct {
	URL, Label string
	Current    bool
}

func (v *pageView) sorts(r *query.Result) []sortView {
	if r.Total < 2 {
		return nil
	}
	var out []sortView
	for _, s := range []query.Sort{query.Relevance, query.Modified, query.Issued} {
		out = append(out, sortView{v.with(func(r *query.Request) { r.Sort = s }), v.text.sorts[s], s == v.req.Sort})
	}
	return out
}

type facetsView struct {
	Button, Label string
	Groups        []groupView
}

type groupView struct {
	Label, More string
	First, Rest []linkView
	Open        bool
}

// facets are links: one adds a value, or takes it away when it is on. A facet with one value tells nothing.
func (v *pageView) facets(r *query.Result) *facetsView {
	out := &facetsView{Button: v.text.filters, Label: v.text.filters}
	if on := len(v.selected(r)); on > 0 {
		out.Button = say(v.text.filtersOn, strconv.Itoa(on))
	}
	for _, counts := range r.Facets {
		if len(counts.Values) < 2 && len(v.req.Filters[counts.Facet]) == 0 {
			continue
		}
		group := groupView{Label: v.text.facets[counts.Facet]}
		for _, c := range counts.Values {
			link := linkView{URL: v.toggle(counts.Facet, c), Label: v.text.label(c.Label), N: grouped(c.N), Selected: c.Selected}
			if len(group.First) < firstValues {
				group.First = append(group.First, link)
				continue
			}
			group.Rest = append(group.Rest, link)
			group.Open = group.Open || c.Selected
		}
		group.More = say(v.text.more, strconv.Itoa(len(group.Rest)))
		if len(group.First) > 0 {
			out.Groups = append(out.Groups, group)
		}
	}
	if len(out.Groups) == 0 {
		return nil
	}
	return out
}

func (v *pageView) toggle(f query.Facet, c query.Count) string {
	if c.Selected {
		return v.with(v.without(f, c.Code))
	}
	return v.with(func(r *query.Request) { r.Filters[f] = append(slices.Clone(r.Filters[f]), c.Code) })
}

type cardView struct {
	URL, Traits                             string
	Title, RowMeaning, Snippet, Org, Domain phrase
	RowIs                                   [2]string
	Chips                                   []linkView
	Facts                                   []string
}

func (v *pageView) cards(r *query.Result) []cardView {
	var out []cardView
	for _, hit := range r.Hits {
		out = append(out, v.card(hit.Card))
	}
	return out
}

func (v *pageView) card(c *query.Card) cardView {
	out := cardView{
		URL: v.text.page(c.URL), Traits: v.text.traits, Title: v.text.label(c.Title),
		RowIs: v.text.rowIs, RowMeaning: v.text.zh(c.RowMeaning), Snippet: v.text.zh(c.Snippet), Org: v.text.label(c.Org.Label), Domain: v.text.label(c.Domain.Label),
	}
	if c.OpenType.Code != "" {
		out.Chips = append(out.Chips, linkView{Kind: c.OpenType.Code, Label: v.text.label(c.OpenType.Label)})
	}
	for _, f := range c.Formats {
		out.Chips = append(out.Chips, linkView{Kind: "plain", Label: v.text.label(f.Label)})
	}
	if c.Illustrative {
		out.Chips = append(out.Chips, linkView{Kind: "mark", Label: phrase{Text: v.text.illustrative}})
	}
	if c.Kind == "entry" {
		out.Facts = append(out.Facts, v.text.notOpened)
	}
	if c.Rows > 0 {
		out.Facts = append(out.Facts, say(v.text.rows, grouped(c.Rows)))
	}
	if !c.Modified.IsZero() && c.Kind == "dataset" {
		out.Facts = append(out.Facts, say(v.text.updated, v.text.date(c.Modified)))
	}
	return out
}

type nothingView struct {
	Tips                       []string
	Without, Browse, BrowseURL string
	Request, RequestURL        string
	Drop                       []sortView
}

// nothing helps on: what to try, what each filter costs, where to browse and how to ask for data.
func (v *pageView) nothing(ctx context.Context, r *query.Result) nothingView {
	out := nothingView{
		Without: v.text.without, Browse: v.text.browse, BrowseURL: v.text.page("/domains/"),
		Request: v.text.request, RequestURL: v.text.page("/request/"),
	}
	if v.req.Query != "" {
		out.Tips = v.text.nothingTips
		if onlyLetters(v.req.Query) {
			out.Tips = append([]string{v.text.letters}, out.Tips...)
		}
	}
	out.Drop = v.drops(ctx, r)
	return out
}

// onlyLetters says whether a query may be pinyin: Latin letters and nothing else.
func onlyLetters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Latin, r) && r != ' ' && r != '\'' })
}

// mostDrops bounds the searches behind one page that found nothing.
const mostDrops = 5

func (v *pageView) drops(ctx context.Context, r *query.Result) []sortView {
	var out []sortView
	tried := 0
	for _, f := range query.Facets() {
		for _, value := range v.req.Filters[f] {
			if tried++; tried > mostDrops {
				return out
			}
			req := v.req
			req.Page, req.Filters = 1, maps.Clone(v.req.Filters)
			v.without(f, value)(&req)
			found, err := v.handler.search(ctx, v.snap.index, req)
			if err != nil {
				return out // help is left out rather than the page
			}
			if found.Total > 0 {
				label := say(v.text.dropOne, v.valueLabel(r, f, value).Text, grouped(found.Total))
				out = append(out, sortView{URL: address(v.base, req), Label: label})
			}
		}
	}
	return out
}

type pagerView struct {
	Label, Prev, PrevText, Next, NextText string
	Links                                 []pagerLink
}

type pagerLink struct {
	N, URL, Label string
	Current, Gap  bool
}

// pager links the first, the last and the neighbouring pages.
func (v *pageView) pager(r *query.Result) *pagerView {
	last := min((r.Total+r.Size-1)/r.Size, query.MaxWindow/r.Size)
	if last < 2 {
		return nil
	}
	to := func(n int) string {
		req := v.req
		req.Page = n
		return address(v.base, req)
	}
	out := &pagerView{Label: v.text.pager, PrevText: v.text.prev, NextText: v.text.next}
	if r.Page > 1 {
		out.Prev = to(min(r.Page-1, last))
	}
	if r.Page < last {
		out.Next = to(r.Page + 1)
	}
	shown := 0
	for n := 1; n <= last; n++ {
		if n != 1 && n != last && (n < r.Page-2 || n > r.Page+2) {
			continue
		}
		if n > shown+1 {
			out.Links = append(out.Links, pagerLink{Gap: true})
		}
		out.Links = append(out.Links, pagerLink{N: strconv.Itoa(n), URL: to(n), Label: say(v.text.pageN, strconv.Itoa(n)), Current: n == r.Page})
		shown = n
	}
	return out
}
