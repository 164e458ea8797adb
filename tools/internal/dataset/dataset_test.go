package dataset

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

const stopsCSV = "code,name,street,lines,opened,lon,lat\n" +
	"0001,中山公园站,310105005,3,2020-01-02,121.4170,31.2190\n" +
	"0002,天山路站,310105008,1,2021/3/4,121.3900,31.2110\n" +
	"0003,虹桥路站,310105010,12,20220506,121.4000,31.2000\n"

// world is a repository with one valid dataset; a test breaks one thing in it.
type world struct {
	t    testing.TB
	root string
	out  string
	c    *catalog.Catalog
	e    *catalog.Entry
	o    *catalog.OpenEntry
}

func valid(t testing.TB) *world {
	w := &world{t: t, root: t.TempDir(), out: filepath.Join(t.TempDir(), "files")}
	w.e = &catalog.Entry{
		ID: "stops-record", Dept: "jianguan", Title: "公交站点", Status: catalog.Published, Illustrative: true,
		Open: catalog.Open{Type: catalog.Unconditional},
		Items: []catalog.Item{
			{Name: "code", Title: "站点编码", Type: "C", Length: 4, Key: true, Required: true},
			{Name: "name", Title: "站点名称", Type: "C", Length: 20},
			{Name: "street", Title: "街道", Type: "C", Length: 9, Codelist: catalog.Codelist{Vocabulary: "region"}},
			{Name: "lines", Title: "线路数", Type: "I", Constraints: &catalog.Constraints{Minimum: "1", Maximum: "40"}},
			{Name: "opened", Title: "启用日期", Type: "D"},
			{Name: "lon", Title: "经度", Type: "N", Role: "lon"},
			{Name: "lat", Title: "纬度", Type: "N", Role: "lat"},
			{Name: "keeper", Title: "责任人", Type: "C", OpenType: catalog.Closed},
			{Name: "remark", Title: "备注", Type: "C"},
		},
	}
	w.o = &catalog.OpenEntry{
		ID: "stops", Dept: "jianguan", Path: "metadata/openlist/jianguan/stops.yaml", CatalogID: "jianguan/stops-record",
		OpenType: catalog.Unconditional, ResourceKind: catalog.KindData, Status: catalog.Published,
		Items: []string{"code", "name", "street", "lines", "opened", "lon", "lat"},
		Distributions: []catalog.Distribution{
			{ID: "table", Kind: catalog.KindFile, Format: "csv", Source: "stops.csv", CRS: "CGCS2000"},
			{ID: "rows", Kind: catalog.KindFile, Format: "json"},
			{ID: "book", Kind: catalog.KindFile, Format: "xlsx"},
			{ID: "map", Kind: catalog.KindFile, Format: "geojson"},
		},
	}
	w.c = &catalog.Catalog{
		Entries: []*catalog.Entry{w.e}, OpenEntries: []*catalog.OpenEntry{w.o},
		Vocabularies: map[string]*catalog.Vocabulary{"region": {ID: "region", Values: []catalog.Term{
			{Code: "310105005", Zh: "华阳路街道"}, {Code: "310105008", Zh: "天山路街道"}, {Code: "310105010", Zh: "虹桥街道"}}}},
	}
	w.c.Index()
	w.put("stops.csv", stopsCSV)
	return w
}

func (w *world) put(name, content string) {
	w.t.Helper()
	full := filepath.Join(w.root, "datasets/jianguan/stops", name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

var asOf = calendar.MustDate("2025-12-01")

func (w *world) options() Options { return Options{Root: w.root, Out: w.out, AsOf: asOf} }

func (w *world) release(day string) (*Result, *catalog.DataRelease) {
	w.t.Helper()
	r, record, err := Release(w.t.Context(), w.c, w.o, calendar.MustDate(day), w.options())
	if err != nil {
		w.t.Fatal(err)
	}
	return r, record
}

func (w *world) process() *Result {
	w.t.Helper()
	r, err := Process(w.t.Context(), w.c, w.o, w.options())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// codes lists findings as "severity code line:column".
func codes(fs []diag.Finding) []string {
	out := []string{}
	for _, f := range fs {
		out = append(out, fmt.Sprintf("%s %s %d:%d", f.Severity, f.Rule, f.Line, f.Column))
	}
	return out
}

func TestFindings(t *testing.T) {
	row := func(old, new string) func(*world) {
		return func(w *world) { w.put("stops.csv", strings.Replace(stopsCSV, old, new, 1)) }
	}
	// Numbers that nobody holds: county 00 is not assigned, 170 belongs to virtual operators.
	const identity, mobile = "310000199001010053", "17012345678"
	tests := []struct {
		name   string
		change func(*world)
		want   []string
	}{
		{"valid", func(*world) {}, []string{}},
		{"titles as header, in another order", func(w *world) {
			w.put("stops.csv", "站点名称,站点编码,街道,线路数,启用日期,经度,纬度\n中山公园站,0001,310105005,3,2020-01-02,121.4,31.2\n")
		}, []string{}},
		{"source missing", func(w *world) { os.RemoveAll(filepath.Join(w.root, "datasets")) }, []string{"error source-error 0:0"}},
		{"source outside the folder", func(w *world) { w.o.Distributions[0].Source = "../other.csv" }, []string{"error scheme-error 0:0"}},
		{"no source named", func(w *world) { w.o.Distributions[0].Source = "" }, []string{"error R10 0:0"}},
		{"two sources named", func(w *world) { w.o.Distributions[1].Source = "stops.json" }, []string{"error R10 0:0"}},
		{"legacy workbook", func(w *world) { w.put("stops.csv", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") }, []string{"error legacy-binary 0:0"}},
		{"GB18030", func(w *world) {
			s, err := simplifiedchinese.GB18030.NewEncoder().String(stopsCSV)
			if err != nil {
				t.Fatal(err)
			}
			w.put("stops.csv", s)
			w.o.Distributions[0].Dialect = &catalog.Dialect{Encoding: "gb18030"}
		}, []string{"info encoding-not-utf8 0:0"}},
		{"column missing", row("code,name", "code,title"), []string{"error missing-label 1:0", "error extra-label 1:2"}},
		{"column twice", row("code,name", "code,站点编码"), []string{"error missing-label 1:0", "error duplicate-label 1:2"}},
		{"column without a name", row("code,name", "code,"), []string{"error missing-label 1:0", "error blank-label 1:2"}},
		{"closed column", row("code,name", "code,责任人"), []string{"error missing-label 1:0", "error R11 1:2"}},
		{"column that is not opened", row("code,name", "code,remark"), []string{"error missing-label 1:0", "error extra-label 1:2"}},
		{"number of a person for a column", row("code,name", "code,"+identity), []string{"error missing-label 1:0", "error extra-label 1:2"}},
		{"rows without a header", func(w *world) { w.put("stops.csv", "0001,"+identity+",3\n0002,"+mobile+",1\n") }, []string{"error missing-label 1:0"}},
		{"commas of another keyboard", row("code,name,street,lines,opened,lon,lat", "code，name，street，lines，opened，lon，lat"), []string{"error missing-label 1:0"}},
		{"header alone", func(w *world) { w.put("stops.csv", stopsCSV[:strings.Index(stopsCSV, "\n")+1]) }, []string{"warning no-rows 0:0"}},
		{"formula without a result", row("中山公园站", "#N/A"), []string{"error formula-error 2:2"}},
		{"wrong type", row(",12,", ",twelve,"), []string{"error type-error 4:4"}},
		{"day that does not exist", row("2020-01-02", "2020-02-30"), []string{"error type-error 2:5"}},
		{"ambiguous day", row("2020-01-02", "1/2/2020"), []string{"error type-error 2:5"}},
		{"required value missing", row("0001", ""), []string{"error required-value 2:1"}},
		{"key repeated", row("0002", "0001"), []string{"error primary-key 3:1"}},
		{"code unknown", row("310105005", "310105099"), []string{"warning code-unknown 2:3"}},
		{"label of a code is fine", row("310105005", "华阳路街道"), []string{}},
		{"below the minimum", row(",3,", ",0,"), []string{"warning constraint-error 2:4"}},
		{"above the maximum", row(",3,", ",41,"), []string{"warning constraint-error 2:4"}},
		{"too long", row("0001", "00001"), []string{"warning constraint-error 2:1"}},
		{"white space", row("中山公园站", " 中山公园站"), []string{"warning whitespace 2:2"}},
		{"formula", row("中山公园站", "=cmd()"), []string{"warning csv-injection 2:2"}},
		{"mojibake", row("中山公园站", "锟斤拷"), []string{"error mojibake 2:2"}},
		{"longitude and latitude swapped", row("121.4170,31.2190", "31.2190,121.4170"), []string{"error coordinate-swapped 2:7"}},
		{"no columns of coordinates for a map", func(w *world) { w.e.Items[5].Role = "" }, []string{"error schema-error 0:0"}},
		{"coordinate system not declared", func(w *world) { w.o.Distributions[0].CRS = "" }, []string{"error crs-undeclared 0:0"}},
		{"coordinate system with an offset", func(w *world) { w.o.Distributions[0].CRS = "GCJ-02" }, []string{"error crs-mismatch 0:0"}},
		{"identity number", row("虹桥路站", identity), []string{"error pii-P01 4:2"}},
		{"mobile number", row("虹桥路站", "电话"+mobile), []string{"error pii-P03 4:2"}},
		{"cell missing", row(",121.4170,31.2190", ",121.4170"), []string{"error missing-cell 2:7"}},
		{"unclosed quote", row("虹桥路站", "\"虹桥路站"), []string{"error unclosed-quote 4:0"}},
		{"not unique", func(w *world) {
			w.e.Items[1].Constraints = &catalog.Constraints{Unique: true}
			row("天山路站", "中山公园站")(w)
		}, []string{"error unique-error 3:2"}},
		{"against the pattern", func(w *world) { w.e.Items[0].Constraints = &catalog.Constraints{Pattern: `\d{3}[12]`} }, []string{"warning constraint-error 4:1"}},
		{"none of the inline values", func(w *world) {
			w.e.Items[2].Codelist = catalog.Codelist{Values: []string{"310105005", "310105008"}}
		}, []string{"warning constraint-error 4:3"}},
		{"rows repeated without a key", func(w *world) {
			w.e.Items[0].Key = false
			w.put("stops.csv", stopsCSV+stopsCSV[strings.LastIndex(stopsCSV[:len(stopsCSV)-1], "\n")+1:])
		}, []string{"warning duplicate-row 5:0"}},
		{"attachment that is something else", func(w *world) {
			w.put("guide.pdf", "hello")
			w.o.Distributions = append(w.o.Distributions, catalog.Distribution{ID: "guide", Kind: catalog.KindFile, Format: "pdf", Source: "guide.pdf"})
		}, []string{"error type-mismatch 0:0"}},
		{"format that cannot be made", func(w *world) {
			w.o.Distributions = append(w.o.Distributions, catalog.Distribution{ID: "tree", Kind: catalog.KindFile, Format: "xml"})
		}, []string{"error R10 0:0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := valid(t)
			tt.change(w)
			r, record := w.release("2025-11-28")
			if got := codes(r.Findings); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			failed := diag.Errors(r.Findings) > 0
			if failed == (record != nil) {
				t.Errorf("errors: %v, record: %v", failed, record)
			}
			if published, _ := filepath.Glob(filepath.Join(w.out, "data", "*", "*", "*")); failed == (len(published) > 0) {
				t.Errorf("errors: %v, published: %q", failed, published)
			}
			for _, f := range r.Findings {
				if text := fmt.Sprint(f); strings.Contains(text, identity) || strings.Contains(text, mobile) {
					t.Errorf("a finding quotes personal data: %s", text)
				}
				if !strings.HasPrefix(f.Path, "datasets/jianguan/stops/") && f.Path != w.o.Path {
					t.Errorf("path %q", f.Path)
				}
			}
		})
	}
}

func TestPublishedFiles(t *testing.T) {
	w := valid(t)
	w.put("guide.pdf", "%PDF-1.7 …")
	w.o.Distributions = append(w.o.Distributions, catalog.Distribution{ID: "guide", Kind: catalog.KindFile, Format: "pdf", Source: "guide.pdf"})
	_, record := w.release("2025-11-28")
	wantNames := []string{"book.xlsx", "guide.pdf", "map.geojson", "rows.json", "table.csv", "table.excel.csv"}
	if got := sortedNames(record.Files); !slices.Equal(got, wantNames) {
		t.Fatalf("files %q, want %q", got, wantNames)
	}
	for _, version := range []string{"2025-11-28", "latest"} {
		for name, f := range record.Files {
			if !has(filepath.Join(w.out, "data/stops", version, name), f) {
				t.Errorf("%s/%s is not what the record says", version, name)
			}
		}
	}
	want := map[string]string{
		"table.csv": "code,name,street,lines,opened,lon,lat\r\n" +
			"0001,中山公园站,310105005,3,2020-01-02,121.4170,31.2190\r\n" +
			"0002,天山路站,310105008,1,2021-03-04,121.3900,31.2110\r\n" +
			"0003,虹桥路站,310105010,12,2022-05-06,121.4000,31.2000\r\n",
		"rows.json": "[\n" +
			`{"code":"0001","name":"中山公园站","street":"310105005","lines":3,"opened":"2020-01-02","lon":121.4170,"lat":31.2190}` + ",\n" +
			`{"code":"0002","name":"天山路站","street":"310105008","lines":1,"opened":"2021-03-04","lon":121.3900,"lat":31.2110}` + ",\n" +
			`{"code":"0003","name":"虹桥路站","street":"310105010","lines":12,"opened":"2022-05-06","lon":121.4000,"lat":31.2000}` + "\n]\n",
		"guide.pdf": "%PDF-1.7 …",
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(w.out, "data/stops/latest", name))
		if err != nil || string(got) != text {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	geo, err := os.ReadFile(filepath.Join(w.out, "data/stops/latest/map.geojson"))
	if err != nil || !json.Valid(geo) || !bytes.Contains(geo, []byte(`"coordinates":[121.417,31.219]`)) || !bytes.Contains(geo, []byte(`"bbox":[121.39,31.2,121.417,31.219]`)) {
		t.Errorf("map.geojson: %v\n%s", err, geo)
	}
	if stages, _ := filepath.Glob(filepath.Join(w.out, ".stage-*")); len(stages) > 0 {
		t.Errorf("left behind: %q", stages)
	}
}

func TestGeoJSONSourceFillsCoordinateColumns(t *testing.T) {
	w := valid(t)
	w.put("stops.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"0001","name":"中山公园站","street":"310105005","lines":3,"opened":"2020-01-02"},"geometry":{"type":"Point","coordinates":[121.4170001,31.219]}}]}`)
	w.o.Distributions = []catalog.Distribution{
		{ID: "map", Kind: catalog.KindFile, Format: "geojson", Source: "stops.geojson"},
		{ID: "table", Kind: catalog.KindFile, Format: "csv"},
	}
	r, _ := w.release("2025-11-28")
	got, err := os.ReadFile(filepath.Join(w.out, "data/stops/latest/table.csv"))
	if want := "0001,中山公园站,310105005,3,2020-01-02,121.417,31.219\r\n"; err != nil || !strings.HasSuffix(string(got), want) {
		t.Errorf("%v %q %q", err, got, codes(r.Findings))
	}
}

func TestOnlyWhatAReleaseNamesIsPublished(t *testing.T) {
	w := valid(t)
	if got := codes(w.process().Findings); !slices.Equal(got, []string{"error R10 0:0"}) {
		t.Fatalf("before the first release: %q", got)
	}
	w.release("2025-11-28")
	if r := w.process(); r.Version != "2025-11-28" || len(r.Findings) > 0 || len(r.Files) != 5 {
		t.Fatalf("after it: %+v", r)
	}
	w.put("stops.csv", stopsCSV+"0004,新站,310105005,1,,121.4,31.2\n")
	if got := codes(w.process().Findings); !slices.Equal(got, []string{"error R10 0:0"}) {
		t.Errorf("after a change of the source: %q", got)
	}
	w.put("stops.csv", stopsCSV)
	w.e.Items[1].Title = "站名"
	if got := w.process().Findings; len(got) != 2 || got[0].Field != "files.book.xlsx" || got[1].Field != "files.table.excel.csv" {
		t.Errorf("after a change of a title, which the workbook and the twin carry: %v", got)
	}
}

func TestVersions(t *testing.T) {
	w := valid(t)
	sources := map[string]string{}
	opt := w.options()
	opt.History = func(_ context.Context, _, digest string) (string, []byte, error) {
		if s, ok := sources[digest]; ok {
			return "stops.csv", []byte(s), nil
		}
		return "", nil, nil
	}
	release := func(day, content string) *catalog.DataRelease {
		t.Helper()
		w.put("stops.csv", content)
		r, record, err := Release(t.Context(), w.c, w.o, calendar.MustDate(day), opt)
		if err != nil {
			t.Fatal(err)
		}
		sources[r.SourceSHA256] = content
		return record
	}
	first := release("2025-11-01", stopsCSV)
	if first.Version != "2025-11-01" || first.Diff.RowsAdded != 3 || first.Diff.RowsRemoved != 0 {
		t.Errorf("first: %+v", first)
	}
	if again := release("2025-11-02", stopsCSV); again != nil {
		t.Errorf("the same file is no new version: %+v", again)
	}
	changed := release("2025-11-01", strings.Replace(stopsCSV, "天山路站", "天山路遵义路站", 1)+"0004,新站,310105005,1,,121.4,31.2\n")
	if changed.Version != "2025-11-01.2" || changed.Diff.RowsAdded != 2 || changed.Diff.RowsRemoved != 1 {
		t.Errorf("changed: %+v", changed)
	}
	w.e.Items[1].Title = "站名"
	if form := release("2025-11-02", sources[changed.SourceSHA256]); form.Version != "2025-11-01.3" || form.Date != changed.Date || form.Diff.RowsAdded != 0 {
		t.Errorf("another title, the same content: %+v", form)
	}
	w.o.Items = slices.DeleteFunc(slices.Clone(w.o.Items), func(s string) bool { return s == "lines" })
	narrow := release("2025-11-03", "code,name,street,opened,lon,lat\n0001,中山公园站,310105005,2020-01-02,121.4170,31.2190\n")
	if narrow.Diff.RowsRemoved != 3 || narrow.Diff.RowsAdded != 0 || !slices.Equal(narrow.Diff.ColumnsRemoved, []string{"lines"}) {
		t.Errorf("a column less: %+v", narrow.Diff)
	}
	clear(sources)
	if lost := release("2025-11-04", "code,name,street,opened,lon,lat\n0001,x,310105005,2020-01-02,121.4170,31.2190\n"); !lost.Diff.Unknown {
		t.Errorf("without the earlier file: %+v", lost.Diff)
	}
	w.put("stops.csv", "code,name,street,opened,lon,lat\n0002,x,310105005,2020-01-02,121.4170,31.2190\n")
	if _, _, err := Release(t.Context(), w.c, w.o, calendar.MustDate("2025-11-03"), opt); err == nil {
		t.Error("a version before the newest was taken")
	}
	record, err := os.ReadFile(filepath.Join(w.root, "datasets/jianguan/stops/releases/2025-11-01.2.yaml"))
	if err != nil || !strings.HasPrefix(string(record), "version: \"2025-11-01.2\"\ndate: \"2025-11-01\"\n") {
		t.Errorf("%v\n%s", err, record)
	}
}

// files reads a folder into a map, for comparison.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		out[rel] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTwoRunsGiveTheSameBytes(t *testing.T) {
	run := func(procs int) map[string]string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		w := valid(t)
		w.release("2025-11-28")
		return files(t, w.out)
	}
	one, two := run(1), run(2)
	if len(one) != 10 {
		t.Errorf("%d files, want 10", len(one))
	}
	for name := range one {
		if one[name] != two[name] {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

func TestAnUnchangedDatasetComesFromTheCache(t *testing.T) {
	w := valid(t)
	w.release("2025-11-28")
	opt := w.options()
	opt.Cache = filepath.Join(t.TempDir(), "cache")
	pass := func() *Result {
		t.Helper()
		results, _, err := ProcessAll(t.Context(), w.c, opt)
		if err != nil || len(results) != 1 {
			t.Fatal(results, err)
		}
		return results[0]
	}
	first, second := pass(), pass()
	if first.Cached || !second.Cached || second.Profile.Rows != 3 || second.Version != first.Version {
		t.Errorf("first %v, second %v: %+v", first.Cached, second.Cached, second)
	}
	damaged := filepath.Join(w.out, "data/stops/2025-11-28/rows.json")
	if err := os.WriteFile(damaged, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if third := pass(); third.Cached {
		t.Error("a damaged file was not made again")
	}
	if b, err := os.ReadFile(filepath.Join(w.out, "data/stops/latest/rows.json")); err != nil || len(b) < 10 {
		t.Errorf("latest is not mended: %q %v", b, err)
	}
	w.c.Vocabularies["region"].Values = nil
	if fourth := pass(); fourth.Cached || len(fourth.Findings) != 3 {
		t.Errorf("a changed code list: cached %v, %q", fourth.Cached, codes(fourth.Findings))
	}
}

func TestProcessAllRemovesWhatIsNoLongerPublished(t *testing.T) {
	w := valid(t)
	w.release("2025-11-28")
	for _, name := range []string{"data/stops/2020-01-01/old.csv", "data/gone/2020-01-01/a.csv", "data/gone/latest/a.csv", ".stage-1/x", "data/notes/readme/kept.txt"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(w.out, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(w.out, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := ProcessAll(t.Context(), w.c, w.options()); err != nil {
		t.Fatal(err)
	}
	for name := range files(t, w.out) {
		if !strings.HasPrefix(name, "data/stops/2025-11-28/") && !strings.HasPrefix(name, "data/stops/latest/") && name != "data/notes/readme/kept.txt" {
			t.Errorf("%s is still there", name)
		}
	}
}

func TestClosedAndConditionalEntriesPublishNothing(t *testing.T) {
	for name, change := range map[string]func(*world){
		"conditional": func(w *world) { w.o.OpenType = catalog.Conditional },
		"closed":      func(w *world) { w.e.Open.Type = catalog.Closed },
		"draft":       func(w *world) { w.o.Status = catalog.Draft },
		"internal":    func(w *world) { w.e.RecordVisibility = catalog.Internal },
		"interface":   func(w *world) { w.o.ResourceKind = catalog.KindAPI },
	} {
		w := valid(t)
		change(w)
		if got := All(w.c); len(got) > 0 {
			t.Errorf("%s: would be published", name)
		}
	}
}

func TestManyFindingsAreCutShortButCounted(t *testing.T) {
	w := valid(t)
	var b strings.Builder
	b.WriteString("code,name,street,lines,opened,lon,lat\n")
	for i := range 250 {
		fmt.Fprintf(&b, "%04d,站,310105005,x,,121.4,31.2\n", i)
	}
	w.put("stops.csv", b.String())
	r, _ := w.release("2025-11-28")
	if len(r.Findings) != perCode+1 || r.Findings[0].Line != 0 || !strings.Contains(r.Findings[0].Message.Zh, "250") {
		t.Errorf("%d findings, the first: %+v", len(r.Findings), r.Findings[0])
	}
}

func TestFewWrongTypesWarnOnly(t *testing.T) {
	w := valid(t)
	var b strings.Builder
	b.WriteString("code,name,street,lines,opened,lon,lat\n")
	for i := range 200 {
		lines := "3"
		if i == 7 {
			lines = "三"
		}
		fmt.Fprintf(&b, "%04d,站,310105005,%s,,121.4,31.2\n", i, lines)
	}
	w.put("stops.csv", b.String())
	r, record := w.release("2025-11-28")
	if got := codes(r.Findings); record == nil || !slices.Equal(got, []string{"warning type-error 9:4"}) {
		t.Errorf("%q", got)
	}
}

func TestPersonalColumnsLeaveNoValueInTheProfile(t *testing.T) {
	w := valid(t)
	w.e.Items[1].Role = "person"
	w.put("stops.csv", strings.Replace(stopsCSV, ",3,", ",中山公园站,", 1)) // a wrong cell elsewhere, quoted
	r, _ := w.release("2025-11-28")
	b, err := json.Marshal(r.Profile)
	if err != nil || strings.Contains(string(b), "天山路站") {
		t.Errorf("%v %s", err, b)
	}
}

func TestCancelledContextIsAnError(t *testing.T) {
	w := valid(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := ProcessAll(ctx, w.c, w.options()); err == nil {
		t.Error("no error")
	}
}

func TestNormal(t *testing.T) {
	tests := []struct {
		typ        catalog.Code
		cell, want string
		ok         bool
	}{
		{"D", "2024-02-29", "2024-02-29", true}, {"D", "2023-02-29", "2023-02-29", false}, {"D", "2024年3月5日", "2024-03-05", true},
		{"D", "2024/3/5", "2024-03-05", true}, {"D", "2024.03.05", "2024-03-05", true}, {"D", "5/3/2024", "5/3/2024", false}, {"D", "2024-13-01", "2024-13-01", false},
		{"T", "2024-03-05 8:30", "2024-03-05T08:30:00", true}, {"T", "2024-03-05T08:30:00+08:00", "2024-03-05T08:30:00+08:00", true},
		{"T", "2024-03-05", "2024-03-05", false}, {"T", "2024-03-05 25:00", "2024-03-05 25:00", false},
		{"L", "是", "true", true}, {"L", "FALSE", "false", true}, {"L", "maybe", "maybe", false},
		{"I", "-12", "-12", true}, {"I", "1.0", "1.0", false}, {"I", "", "", false}, {"N", "1.50", "1.50", true}, {"N", "1,500", "1,500", false}, {"N", "3.5万", "3.5万", false},
		{"C", "任意", "任意", true},
	}
	for _, tt := range tests {
		if got, ok := normal(&catalog.Item{Type: tt.typ}, tt.cell); got != tt.want || ok != tt.ok {
			t.Errorf("%s %q: %q %v, want %q %v", tt.typ, tt.cell, got, ok, tt.want, tt.ok)
		}
	}
}

// BenchmarkProcess is the whole pass on a generated CSV of 200,000 rows: checks, profile, personal data, and csv, twin,
// json and geojson written.
func BenchmarkProcess(b *testing.B) {
	w := valid(b)
	w.o.Distributions = slices.DeleteFunc(w.o.Distributions, func(d catalog.Distribution) bool { return d.Format == "xlsx" })
	w.e.Items[0].Length = 8
	var text strings.Builder
	text.WriteString("code,name,street,lines,opened,lon,lat\n")
	for i := range 200_000 {
		fmt.Fprintf(&text, "%08d,天山路%d号公交站,310105008,%d,20%02d-%02d-%02d,121.%06d,31.%06d\n", i, i%9973, 1+i%40, i%25, 1+i%12, 1+i%28, 380000+i%60000, 190000+i%40000)
	}
	w.put("stops.csv", text.String())
	b.SetBytes(int64(text.Len()))
	for _, bench := range []struct{ name, out string }{{"check", ""}, {"check+write", w.out}} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			if bench.out != "" {
				if r, record := w.release("2025-11-28"); record == nil && len(w.o.Releases) == 0 {
					b.Fatal(codes(r.Findings))
				}
			}
			opt := w.options()
			opt.Out = bench.out
			for b.Loop() {
				if _, err := Process(b.Context(), w.c, w.o, opt); err != nil {
					b.Fatal(err)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys)/(1<<20), "heap-MB")
		})
	}
}
