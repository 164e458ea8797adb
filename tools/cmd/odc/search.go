package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/search"
	"opendata.example/odc/tools/internal/tree"
)

func verbSearch() verb {
	return verb{
		name: "search", group: "look", synopsis: "[options] QUERY…", summary: "find datasets, ranked as in the portal",
		help: `example:
  odc search 公交站
  odc search 养老 --domain livelihood --limit 5
  odc search 请问哪里有社区食堂 --json | jq -r '.hits[].card.url'

Words may be Chinese, simplified or traditional, or Latin. Without a query everything is listed.
The index in build/index answers; where there is none, or with --tree, the records in metadata/ do.

exit codes: 0 fine (also when nothing is found), 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			asJSON := fs.Bool("json", false, "print one JSON object, as /api/search does")
			limit := fs.Int("limit", query.DefaultSize, fmt.Sprintf("`number` of results on a page, at most %d", query.MaxPageSize))
			page := fs.Int("page", 1, "which page of the results, a `number` from 1")
			sort := fs.String("sort", "relevance", "`order`: relevance, modified or issued")
			fromTree := fs.Bool("tree", false, "read metadata/ even where there is an index")
			filters := facetFlags(fs)
			return func(ctx context.Context, e *env, words []string) int {
				order, ok := query.ParseSort(*sort)
				switch {
				case !ok:
					return e.wrong("--sort %q is unknown", "use relevance, modified or issued", *sort)
				case *limit < 1 || *limit > query.MaxPageSize:
					return e.wrong("--limit must lie between 1 and %d", "use --page for more", query.MaxPageSize)
				case *page < 1 || *page**limit > query.MaxWindow:
					return e.wrong("--page must lie between 1 and %d", "narrow the search with a filter such as --domain", query.MaxWindow / *limit)
				}
				index, err := e.searchIndex(*fromTree)
				if err != nil {
					return e.failed(ctx, err, "")
				}
				defer index.Close()
				result, err := index.Search(ctx, query.Request{
					Query: strings.Join(words, " "), Filters: filters, Sort: order, Page: *page, Size: *limit,
				})
				if err != nil {
					return e.failed(ctx, err, "")
				}
				if *asJSON {
					enc := json.NewEncoder(e.stdout)
					enc.SetIndent("", "  ")
					enc.SetEscapeHTML(false)
					if err := enc.Encode(result); err != nil {
						return e.failed(ctx, err, "")
					}
					return exitOK
				}
				printResult(e.stdout, result)
				fmt.Fprintf(e.stderr, "odc: %s\n", summary(result))
				return exitOK
			}
		},
	}
}

// facetFlags declares a flag for each facet: --domain transport,health or --domain transport --domain health.
func facetFlags(fs *flag.FlagSet) map[query.Facet][]string {
	filters := map[query.Facet][]string{}
	for _, f := range query.Facets() {
		name := strings.ReplaceAll(string(f), "_", "-")
		fs.Func(name, "only with this "+strings.ReplaceAll(string(f), "_", " ")+": a `code`, or several with commas", func(s string) error {
			for v := range strings.SplitSeq(s, ",") {
				filters[f] = append(filters[f], strings.TrimSpace(v))
			}
			return nil
		})
	}
	return filters
}

// searchIndex opens build/index. Where it is missing or was made by another version, the records are read.
func (e *env) searchIndex(fromTree bool) (*search.Index, error) {
	root, err := e.root()
	if err != nil {
		return nil, err
	}
	if !fromTree {
		dir, err := e.built("", "build/index")
		if err != nil {
			return nil, err
		}
		index, err := search.Open(dir)
		if err == nil || !errors.Is(err, os.ErrNotExist) && !errors.Is(err, search.ErrStale) {
			return index, err
		}
	}
	c, _, _, err := tree.Load(os.DirFS(root))
	if err != nil {
		return nil, err
	}
	return search.InMemory(query.Documents(c)), nil
}

// printResult writes two lines a result, for people.
func printResult(w io.Writer, r *query.Result) {
	for i, hit := range r.Hits {
		c := hit.Card
		fmt.Fprintf(w, "%3d  %s\n     %s\n", (r.Page-1)*r.Size+i+1, c.Title.Zh, strings.Join(facts(c), "  "))
	}
}

func facts(c *query.Card) []string {
	out := []string{c.URL, c.Org.Label.Zh}
	for _, t := range append([]query.Term{c.OpenType}, c.Formats...) {
		if t.Label.Zh != "" {
			out = append(out, t.Label.Zh)
		}
	}
	return out
}

func summary(r *query.Result) string {
	about, looked := "", ""
	if r.About {
		about = "about "
	}
	if len(r.Rewritten) > 0 {
		looked = " for “" + strings.Join(r.Rewritten, "”, “") + "”"
	}
	switch {
	case r.Total == 0:
		return "nothing found" + looked
	case len(r.Hits) < r.Total:
		return fmt.Sprintf("%s%d results%s, page %d", about, r.Total, looked, r.Page)
	}
	return fmt.Sprintf("%s%d results%s", about, r.Total, looked)
}
