package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"opendata.example/odc/tools/internal/query"
)

// corpus makes n plausible records from a fixed seed.
func corpus(n int) []query.Document {
	var (
		places = []string{"华阳路街道", "江苏路街道", "新华路街道", "周家桥街道", "天山路街道", "仙霞新村街道", "虹桥街道", "程家桥街道", "北新泾街道", "新泾镇"}
		things = []string{"公交站点", "社区食堂", "养老服务机构", "公共图书馆", "体育场馆", "公园绿地", "停车场", "菜市场", "托育机构", "医疗机构",
			"垃圾分类投放点", "公共厕所", "应急避难场所", "消防站", "充电桩", "历史保护建筑", "文化活动中心", "行政许可", "行政处罚", "财政预算"}
		kinds   = []string{"名录", "分布", "基本信息", "统计表", "年度情况", "位置信息"}
		domains = []string{"transport", "livelihood", "culture", "health", "economy"}
		columns = []string{"名称", "地址", "经度", "纬度", "联系电话", "开放时间", "数量", "面积", "更新日期", "所属街道"}
		latin   = []string{"bus stops", "community canteens", "care homes", "libraries", "parks", "permits"}
	)
	r := rand.New(rand.NewPCG(7, 7))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	docs := make([]query.Document, n)
	for i := range docs {
		place, thing, kind, domain := pick(places), pick(things), pick(kinds), pick(domains)
		title := place + thing + kind
		docs[i] = query.Document{
			Key: fmt.Sprintf("dataset:%s-%06d", domain, i),
			Card: query.Card{
				Kind: "dataset", ID: fmt.Sprintf("%s-%06d", domain, i), URL: fmt.Sprintf("/datasets/%s-%06d/", domain, i),
				Title: query.Text{Zh: title, En: pick(latin)},
			},
			Fields: [][]string{
				{title}, {thing, kind, domain}, {place + "办事处"}, {pick(latin)},
				{fmt.Sprintf("本数据集列出%s范围内的%s，按%s编制，每%d个月更新一次，共%d条。", place, thing, kind, r.IntN(12), r.IntN(9000))},
				{pick(columns), pick(columns), pick(columns), "name", "address"},
			},
			Facets: query.FacetTerms{
				Domain: []query.Term{{Code: domain, Label: query.Text{Zh: domain}}},
				Region: []query.Term{{Code: place, Label: query.Text{Zh: place}}, {Code: "310105", Label: query.Text{Zh: "长宁区"}}},
			},
		}
	}
	return docs
}

// questions makes n queries: titles, parts of them, questions, traditional characters, noise.
func questions(docs []query.Document, n int) []query.Request {
	r := rand.New(rand.NewPCG(11, 13))
	noise := []string{"", " ", "？", "公", "吗", "bus", "address 地址", "臺灣公園", "ＡＢＣ 停车", "\xff公交", "🚌公交站", "a b c d e f", strings.Repeat("公园绿地停车场", 40)}
	out := make([]query.Request, n)
	for i := range out {
		title := []rune(docs[r.IntN(len(docs))].Card.Title.Zh)
		from := r.IntN(len(title) - 1)
		text := string(title[from : from+1+r.IntN(len(title)-from)])
		switch r.IntN(5) {
		case 0:
			text = "请问" + text + "有哪些？"
		case 1:
			text += " " + docs[r.IntN(len(docs))].Card.Title.En
		case 2:
			text = noise[r.IntN(len(noise))] + text
		case 3:
			text = noise[r.IntN(len(noise))]
		}
		out[i] = query.Request{Query: text, Page: 1 + r.IntN(3), Size: []int{0, 5, 100}[r.IntN(3)]}
		if r.IntN(3) == 0 {
			out[i].Filters = map[query.Facet][]string{query.FacetDomain: {"transport", "health"}}
		}
	}
	return out
}

// The scorer must give the same answer over Bleve as over plain maps, whatever Bleve's segments look like.
func TestSameAnswersAsPlainMaps(t *testing.T) {
	for _, n := range []int{1, 60, 3500} {
		docs := corpus(n)
		onDisk := built(t, docs)
		plain := query.NewEngine(docs, query.NewMem(docs))
		found := 0
		for _, req := range questions(docs, 600) {
			want, err := plain.Search(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			found += len(want.Hits)
			got, err := onDisk.Search(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%d documents: Search(%+v) = %+v, want %+v", n, req, got, want)
			}
		}
		if found < 100 {
			t.Errorf("%d documents: %d hits for 600 queries: the queries test nothing", n, found)
		}
	}
}

// built makes an index of the documents in a folder of its own and opens it.
func built(t testing.TB, docs []query.Document) *Index {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(t.Context(), dir, docs); err != nil {
		t.Fatal(err)
	}
	ix, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func TestEmptySet(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	if err := Build(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	onDisk, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, ix := range map[string]*Index{"on disk": onDisk, "in memory": InMemory(nil), "nil": nil} {
		for _, q := range []string{"", "公交站"} {
			res, err := ix.Search(t.Context(), query.Request{Query: q})
			if err != nil || res.Total != 0 || len(res.Hits) != 0 {
				t.Errorf("%s: Search(%q) = %+v, %v; want nothing", name, q, res, err)
			}
		}
		if ix.Len() != 0 || ix.Set() != query.SetID(nil) {
			t.Errorf("%s: %d documents in set %s", name, ix.Len(), ix.Set())
		}
		if err := ix.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
	}
}

func TestBuildReplacesAnIndex(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	for _, n := range []int{30, 2} {
		docs := corpus(n)
		if err := Build(t.Context(), dir, docs); err != nil {
			t.Fatal(err)
		}
		ix, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if ix.Len() != n || ix.Set() != query.SetID(docs) {
			t.Errorf("%d documents in set %s, want %d in %s", ix.Len(), ix.Set(), n, query.SetID(docs))
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the index lie %v, %v", left, err)
	}
}

func TestBuildReplacesNothingElse(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "thesis.txt", "years of work")
	if err := Build(t.Context(), dir, corpus(1)); err == nil {
		t.Error("a folder of other files was replaced")
	}
	if err := Build(t.Context(), filepath.Join(dir, "thesis.txt"), corpus(1)); err == nil {
		t.Error("a file was replaced")
	}
	if data, err := os.ReadFile(filepath.Join(dir, "thesis.txt")); err != nil || string(data) != "years of work" {
		t.Errorf("the other file is %q, %v", data, err)
	}
	if err := Build(t.Context(), t.TempDir(), corpus(1)); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestBuildStopsWhenInterrupted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Build(ctx, dir, corpus(3)); !errors.Is(err, context.Canceled) {
		t.Errorf("Build = %v, want context.Canceled", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an interrupted build left an index: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name   string
		damage func(t *testing.T, dir string)
	}{
		{"another version", func(t *testing.T, dir string) { rewrite(t, dir, manifestName, `"version":1`, `"version":99`) }},
		{"other documents", func(t *testing.T, dir string) { rewrite(t, dir, documentsName, "街道", "街坊") }},
		{"documents that are not JSON", func(t *testing.T, dir string) { rewrite(t, dir, documentsName, "[", "{") }},
		{"an empty manifest", func(t *testing.T, dir string) { put(t, dir, manifestName, "") }},
		{"no terms", func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, bleveName)); err != nil {
				t.Fatal(err)
			}
		}},
		{"the terms of fewer documents", func(t *testing.T, dir string) {
			other := filepath.Join(t.TempDir(), "index")
			if err := Build(t.Context(), other, corpus(4)); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(os.RemoveAll(filepath.Join(dir, bleveName)),
				os.Rename(filepath.Join(other, bleveName), filepath.Join(dir, bleveName))); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "index")
			if err := Build(t.Context(), dir, corpus(5)); err != nil {
				t.Fatal(err)
			}
			tt.damage(t, dir)
			if ix, err := Open(dir); !errors.Is(err, ErrStale) {
				t.Errorf("Open = %v, %v; want ErrStale", ix, err)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open of nothing = %v, want os.ErrNotExist", err)
	}
}

func rewrite(t *testing.T, dir, name, old, new string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s has no %s", name, old)
	}
	put(t, dir, name, strings.Replace(string(data), old, new, 1))
}

func put(t *testing.T, dir, name, data string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestConcurrentSearches(t *testing.T) {
	docs := corpus(500)
	ix := built(t, docs)
	reqs := questions(docs, 40)
	want := make([]*query.Result, len(reqs))
	for i, req := range reqs {
		result, err := ix.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		want[i] = result
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, req := range reqs {
				got, err := ix.Search(context.Background(), req)
				if err != nil || !reflect.DeepEqual(got, want[i]) {
					t.Errorf("Search(%q) differs under load: %v", req.Query, err)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkSearch compares Bleve on disk with plain maps at 1,000 and 10,000 documents.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		docs := corpus(n)
		ix := built(b, docs)
		plain := query.NewEngine(docs, query.NewMem(docs))
		reqs := questions(docs, 200)
		for name, search := range map[string]func(context.Context, query.Request) (*query.Result, error){
			"bleve": ix.Search, "maps": plain.Search,
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if _, err := search(b.Context(), reqs[i%len(reqs)]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkBuild indexes 10,000 documents, in a folder and in memory.
func BenchmarkBuild(b *testing.B) {
	docs := corpus(10_000)
	b.Run("folder", func(b *testing.B) {
		for b.Loop() {
			if err := Build(b.Context(), filepath.Join(b.TempDir(), "index"), docs); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
			InMemory(docs)
		}
	})
}
