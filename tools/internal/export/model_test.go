package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"maps"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// dates are what a feed says: the modified day of each dataset by some identifier.
type dates map[string]string

// feedDates reads identifiers and dates back out of every full feed, as a consumer would.
func feedDates(t *testing.T, m *Model, files map[string][]byte) map[string]dates {
	t.Helper()
	const base = "https://data.example.cn"
	flatOf := map[string]string{}
	for _, r := range m.Datasets() {
		flatOf[string(r.ID)] = r.FlatID
	}
	byIRI := func(iri string) string {
		return flatOf[strings.TrimSuffix(strings.TrimPrefix(iri, base+"/datasets/"), "/#dataset")]
	}
	out := map[string]dates{}

	for _, form := range []string{"jsonld", "ttl"} {
		d := dates{}
		for name, b := range files {
			if path.Ext(name) != "."+form || !strings.HasPrefix(name, "catalog") {
				continue
			}
			statements := readTurtle
			if form == "jsonld" {
				statements = readJSONLD
			}
			for s := range statements(t, b) {
				if s.p == dct+"modified" && strings.HasSuffix(s.s, "/#dataset>") {
					d[byIRI(strings.Trim(s.s, "<>"))] = strings.SplitN(s.o, `"`, 3)[1]
				}
			}
		}
		out["catalog."+form] = d
	}

	d := dates{}
	for _, x := range unmarshal[dataJSON](t, files["data.json"]).Dataset {
		d[x.Identifier] = x.Modified
	}
	out["data.json"] = d

	d = dates{}
	for name, b := range files {
		if ok, _ := path.Match("departments/*/data.json", name); ok {
			for _, x := range unmarshal[dataJSON](t, b).Dataset {
				d[x.Identifier] = x.Modified
			}
		}
	}
	out["departments/*/data.json"] = d

	d = dates{}
	for name, b := range files {
		if strings.HasPrefix(name, "api/v1/entries/") {
			for _, x := range unmarshal[apiShard](t, b).Entries {
				d[x.FlatID] = x.Modified.String()
			}
		}
	}
	out["entries"] = d

	d = dates{}
	for name, b := range files {
		if strings.HasSuffix(name, "/entry.json") {
			r := unmarshal[Record](t, b)
			d[r.FlatID] = r.Modified.String()
		}
	}
	out["entry.json"] = d

	d = dates{}
	for name, b := range files {
		if !strings.HasPrefix(name, "sitemap/") {
			continue
		}
		var set struct {
			URL []struct {
				Loc     string `xml:"loc"`
				LastMod string `xml:"lastmod"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(b, &set); err != nil {
			t.Fatal(err)
		}
		for _, u := range set.URL {
			if id, ok := strings.CutPrefix(u.Loc, base+"/datasets/"); ok && u.LastMod != "" {
				d[flatOf[strings.TrimSuffix(id, "/")]] = u.LastMod
			}
		}
	}
	out["sitemap"] = d

	d = dates{}
	var list []struct {
		ID   string `json:"id"`
		Date string `json:"update_date"`
	}
	if err := json.Unmarshal(files["feeds/shanghai-openlist.json"], &list); err != nil {
		t.Fatal(err)
	}
	for _, x := range list {
		d[x.ID] = strings.TrimSuffix(x.Date, "T00:00:00")
	}
	out["openlist.json"] = d

	rows, err := csv.NewReader(bytes.NewReader(files["feeds/shanghai-openlist.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out["openlist.csv"] = tableDates(rows)
	out["openlist.xlsx"] = tableDates(readXLSX(t, files["feeds/shanghai-openlist.xlsx"]))

	d = dates{}
	for id := range flatOf {
		var ld struct {
			DateModified string
		}
		if err := json.Unmarshal([]byte(m.DatasetJSONLD(catalog.ID(id))), &ld); err != nil {
			t.Fatal(err)
		}
		d[flatOf[id]] = ld.DateModified
	}
	out["schema.org"] = d
	return out
}

// tableDates reads the columns 编码 and 最近更新日期.
func tableDates(rows [][]string) dates {
	d := dates{}
	code, day := slices.Index(rows[0], "编码"), slices.Index(rows[0], "最近更新日期")
	for _, row := range rows[1:] {
		d[flat(row[code])] = row[day]
	}
	return d
}

func unmarshal[T any](t testing.TB, b []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %.200s", err, b)
	}
	return v
}

func TestFeedsCarryTheSameSetWithTheSameDates(t *testing.T) {
	small := model(t, Input{Catalog: valid()})
	large, files := threePages(t)
	for _, tt := range []struct {
		name  string
		m     *Model
		files map[string][]byte
	}{{"one page", small, outputs(t, small)}, {"several pages and shards", large, files}} {
		t.Run(tt.name, func(t *testing.T) {
			m := tt.m
			want := dates{}
			for _, o := range m.c.Published() {
				if m.c.Visibility(o.Entry) == catalog.Public {
					want[flat(o.ListCode())] = m.Dataset(o.ID).Modified.String()
				}
			}
			if len(want) == 0 {
				t.Fatal("no datasets to compare")
			}
			for feed, got := range feedDates(t, m, tt.files) {
				if !maps.Equal(got, want) {
					t.Errorf("%s differs:\n got %v\nwant %v", feed, got, want)
				}
			}
			references := unmarshal[struct {
				Dataset []map[string]string `json:"dataset"`
			}](t, []byte(m.CatalogJSONLD())).Dataset
			if len(references) != len(want) {
				t.Errorf("the catalogue's block names %d datasets, want %d", len(references), len(want))
			}
			for _, ref := range references {
				if len(ref) != 1 || ref["@id"] == "" {
					t.Fatalf("the catalogue's block holds more than a reference: %v", ref)
				}
			}
		})
	}
}

func TestOutputsAreAFunctionOfTheInput(t *testing.T) {
	want := outputs(t, model(t, Input{Catalog: valid()}))
	for _, procs := range []int{1, 2, 16} {
		before := runtime.GOMAXPROCS(procs)
		got := outputs(t, model(t, Input{Catalog: valid()}))
		runtime.GOMAXPROCS(before)
		for name := range want {
			if !bytes.Equal(got[name], want[name]) {
				t.Errorf("GOMAXPROCS=%d: %s differs", procs, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("GOMAXPROCS=%d: %d files, want %d", procs, len(got), len(want))
		}
	}
}

func TestSecretsReachNoOutput(t *testing.T) {
	c := valid()
	m := model(t, Input{Catalog: c})
	files := outputs(t, m)
	if _, err := WriteMunicipal(m, MunicipalPackage{Illustrative: true}, func(name string, data []byte) error {
		files["package/"+name] = data
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, o := range c.OpenEntries {
		files["page "+string(o.ID)] = []byte(m.DatasetJSONLD(o.ID))
	}
	files["page home"] = []byte(m.CatalogJSONLD())
	for key := range m.ReleaseEntries() {
		files["manifest "+key] = []byte(key)
	}
	for name, b := range files {
		if strings.HasSuffix(name, ".xlsx") {
			for _, row := range readXLSX(t, b) {
				b = append(b, strings.Join(row, "\n")...)
			}
		}
		if i := bytes.Index(bytes.ToUpper(b), []byte(canary)); i >= 0 {
			t.Errorf("%s tells a secret: …%s…", name, b[max(0, i-40):min(len(b), i+40)])
		}
	}
	// A closed entry is named in one place, and a dataset of it nowhere.
	for name, b := range files {
		if bytes.Contains(b, []byte("社会救助对象名册")) && name != "api/v1/closed.json" && name != "api/v1/openapi.json" {
			t.Errorf("%s names a closed entry", name)
		}
	}
	if !bytes.Contains(files["api/v1/closed.json"], []byte("社会救助对象名册")) {
		t.Error("closed.json does not list the closed entry")
	}
	if bytes.Contains(files["data.json"], []byte("suspended-set")) {
		t.Error("data.json carries a suspended dataset")
	}
}

func TestSampleDataAreMarkedEverywhere(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	r := m.Dataset("sample-visits")
	if r.Title.Zh != "数据集sample-visits（示例数据）" || r.Title.En != "Visits (illustrative)" || !strings.HasPrefix(r.Abstract, "（示例数据）") {
		t.Errorf("title %q %q, abstract %q", r.Title.Zh, r.Title.En, r.Abstract)
	}
	for name, b := range outputs(t, m) {
		for _, line := range bytes.Split(b, []byte("\n")) {
			if bytes.Contains(line, []byte("数据集sample-visits")) && !bytes.Contains(line, []byte("数据集sample-visits（示例数据）")) {
				t.Errorf("%s: unmarked: %s", name, line)
			}
		}
	}
	if !strings.Contains(m.DatasetJSONLD("sample-visits"), "（示例数据）") {
		t.Error("the page's block does not mark sample data")
	}
}

func TestPathsAreSafeForEveryConsumer(t *testing.T) {
	files := outputs(t, model(t, Input{Catalog: valid()}))
	good := regexp.MustCompile(`^[a-z0-9._-]+(/[a-z0-9._-]+)*$`)
	for name := range files {
		if !good.MatchString(name) {
			t.Errorf("path %q", name)
		}
	}
	for _, bad := range []string{"Data.json", "a%20b", "a:b", "数据.json", "a b", "../a", "/a", "a//b", ""} {
		if checkPath(bad) == nil {
			t.Errorf("checkPath(%q) accepts it", bad)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(c *catalog.Catalog)
		want   string
	}{
		"no dataset at all": {func(c *catalog.Catalog) { c.OpenEntries = nil }, ErrEmpty.Error()},
		"all suspended": {func(c *catalog.Catalog) {
			for _, o := range c.OpenEntries {
				o.Status = catalog.Suspended
			}
		}, ErrEmpty.Error()},
		"no code":     {func(c *catalog.Catalog) { c.Entry("community-canteens").ResourceCode = "" }, "dataset community-canteens: no list code"},
		"code shared": {func(c *catalog.Catalog) { c.Entry("sample-visits").ResourceCode = code(1) }, "is already that of community-canteens"},
		"two findings": {func(c *catalog.Catalog) {
			c.Entry("sample-visits").ResourceCode, c.Entry("hotline-orders").ResourceCode = "", ""
		}, "hotline-orders"},
	} {
		t.Run(name, func(t *testing.T) {
			c := valid()
			tt.change(c)
			_, err := NewModel(Input{Catalog: c, AsOf: asOf})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestModified(t *testing.T) {
	day := calendar.MustDate
	for name, tt := range map[string]struct {
		declared calendar.Date
		before   Entry
		want     string
	}{
		"first release":                         {day("2025-11-03"), Entry{}, "2025-11-03"},
		"nothing declared":                      {calendar.Date{}, Entry{}, "2025-12-01"},
		"declared in the future":                {day("2026-01-01"), Entry{}, "2025-12-01"},
		"unchanged since":                       {day("2025-11-03"), Entry{Hash: "h", Modified: day("2025-11-20")}, "2025-11-20"},
		"changed since":                         {day("2025-11-03"), Entry{Hash: "old", Modified: day("2025-11-20")}, "2025-12-01"},
		"previous release on a day yet to come": {day("2025-11-03"), Entry{Hash: "h", Modified: day("2026-05-01")}, "2025-12-01"},
	} {
		m := &Model{asOf: asOf}
		if got := m.modified(tt.declared, "h", tt.before).String(); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestHashIgnoresWhatIsNoChange(t *testing.T) {
	want := model(t, Input{Catalog: valid()}).ReleaseEntries()
	for name, in := range map[string]Input{
		"another day":     {Catalog: valid(), AsOf: asOf.AddDays(200)},
		"another commit":  {Catalog: valid(), Commit: strings.Repeat("a", 40)},
		"another address": {Catalog: func() *catalog.Catalog { c := valid(); c.Policy.BaseURL = "https://open.example.cn/cn"; return c }()},
	} {
		for key, e := range model(t, in).ReleaseEntries() {
			if e.Hash != want[key].Hash {
				t.Errorf("%s: the hash of %s changes", name, key)
			}
		}
	}
	c := valid()
	c.Dataset("hotline-orders").OpenCondition += "。"
	if got := model(t, Input{Catalog: c}).ReleaseEntries(); got["dataset:hotline-orders"].Hash == want["dataset:hotline-orders"].Hash {
		t.Error("an edit does not change the hash")
	}
}

func TestCatalogOnlyOffersNoFileOfOurs(t *testing.T) {
	c := valid()
	c.Policy.Channel = "catalog-only"
	m := model(t, Input{Catalog: c})
	for name, b := range outputs(t, m) {
		if name == "api/v1/openapi.json" {
			continue // describes members that other sites have
		}
		for _, word := range []string{"/data/community-canteens/", "downloadURL", "download_url"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s offers a file: %s", name, word)
			}
		}
	}
	if got := m.Dataset("community-canteens").Distributions[0].AccessURL; got != "https://data.sh.example.cn/view?id=1234&type=cp" {
		t.Errorf("access is %s, want the page on the municipal platform", got)
	}
	if got := m.Dataset("sample-visits").Distributions[0].AccessURL; got != "https://data.example.cn/datasets/sample-visits/" {
		t.Errorf("access is %s, want the page of the dataset", got)
	}
}

func TestConditionalDatasetLeadsToItsApplication(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	x := m.Dataset("hotline-orders").Distributions[0]
	if x.AccessURL != "https://data.example.cn/request/" || x.DownloadURL != "" || x.SHA256 != "" {
		t.Errorf("%+v", x)
	}
}

func TestScriptBlockCannotEndItsElement(t *testing.T) {
	c := valid()
	c.Dataset("community-canteens").Abstract = "</script><script>alert(1)</script> & \u2028 \u2029"
	ld := model(t, Input{Catalog: c}).DatasetJSONLD("community-canteens")
	if strings.ContainsAny(ld, "<>&\u2028\u2029") {
		t.Errorf("unescaped: %s", ld)
	}
	if got := unmarshal[struct{ Description string }](t, []byte(ld)).Description; !strings.HasPrefix(got, "</script>") {
		t.Errorf("the text changed: %q", got)
	}
}

func TestShortDescriptionIsFilledUp(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	got := unmarshal[struct{ Description string }](t, []byte(m.DatasetJSONLD("catalogue-api"))).Description
	if want := "第3号数据集的说明。提供单位：上海市长宁区民政局。数据项：名称、座位数。"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// dataJSONSchema states what consumers of DCAT-US 1.1 rely on.
const dataJSONSchema = `{
	"type": "object", "required": ["conformsTo", "dataset", "@context", "@type", "describedBy"],
	"properties": {
		"conformsTo": {"const": "https://project-open-data.cio.gov/v1.1/schema"}, "@type": {"const": "dcat:Catalog"},
		"dataset": {"type": "array", "minItems": 1, "items": {
			"type": "object",
			"required": ["title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel"],
			"properties": {
				"title": {"type": "string", "minLength": 2}, "description": {"type": "string", "minLength": 1, "maxLength": 10000},
				"keyword": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string", "minLength": 1}},
				"modified": {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}, "issued": {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
				"identifier": {"type": "string", "pattern": "^[0-9A-Za-z._-]+$"},
				"accessLevel": {"enum": ["public", "restricted public"]},
				"publisher": {"type": "object", "required": ["name"]},
				"contactPoint": {"type": "object", "required": ["fn", "hasEmail"], "properties": {"hasEmail": {"pattern": "^mailto:[^@ ]+@[^@ ]+$"}}},
				"accrualPeriodicity": {"pattern": "^(R/P[0-9A-Z.]+|irregular)$"},
				"temporal": {"pattern": "^[0-9-]{10}/[0-9-]{10}$"}, "license": {"pattern": "^https?://"},
				"language": {"const": ["zh-CN"]}, "landingPage": {"pattern": "^https?://"},
				"distribution": {"type": "array", "items": {
					"type": "object", "anyOf": [{"required": ["downloadURL", "mediaType"]}, {"required": ["accessURL"]}],
					"dependentRequired": {"downloadURL": ["mediaType"]}
				}}
			}
		}}
	}
}`

func compileSchema(t *testing.T, doc any) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func anyJSON(t testing.TB, b []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDataJSONKeepsItsSchema(t *testing.T) {
	s := compileSchema(t, anyJSON(t, []byte(dataJSONSchema)))
	files := outputs(t, model(t, Input{Catalog: valid()}))
	doc := anyJSON(t, files["data.json"])
	if err := s.Validate(doc); err != nil {
		t.Error(err)
	}
	// The schema can fail: each of these takes away what a consumer relies on.
	first := doc.(map[string]any)["dataset"].([]any)[0].(map[string]any)
	for _, key := range []string{"identifier", "publisher", "title", "keyword"} {
		kept := first[key]
		delete(first, key)
		if s.Validate(doc) == nil {
			t.Errorf("accepts a dataset without %s", key)
		}
		first[key] = kept
	}
}

// documented pairs paths of the description with the files they describe.
func TestEveryAPIFileKeepsItsSchema(t *testing.T) {
	files := outputs(t, model(t, Input{Catalog: valid()}))
	spec := anyJSON(t, files["api/v1/openapi.json"]).(map[string]any)
	schemas := map[string]*jsonschema.Schema{}
	patterns := map[string]*regexp.Regexp{}
	parameter := regexp.MustCompile(`\\\{[a-z_]+\\\}`)
	for p, item := range spec["paths"].(map[string]any) {
		content := item.(map[string]any)["get"].(map[string]any)["responses"].(map[string]any)["200"].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)
		schemas[p] = compileSchema(t, map[string]any{"allOf": []any{content["schema"]}, "components": spec["components"]})
		patterns[p] = regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(p), "[^/]+") + "$")
		if example, ok := content["example"]; ok {
			if err := schemas[p].Validate(example); err != nil {
				t.Errorf("example of %s: %v", p, err)
			}
		} else if p != "/api/search" {
			t.Errorf("%s has no example", p)
		}
	}
	seen := map[string]bool{}
	for name, b := range files {
		if !strings.HasPrefix(name, "api/v1/") && path.Base(name) != "entry.json" && path.Base(name) != "org.json" || path.Base(name) == "openapi.json" {
			continue
		}
		described := false
		for p, re := range patterns {
			if !re.MatchString("/" + name) {
				continue
			}
			described, seen[p] = true, true
			if err := schemas[p].Validate(anyJSON(t, b)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !described {
			t.Errorf("%s is not described", name)
		}
	}
	for p := range patterns {
		if !seen[p] && p != "/api/search" {
			t.Errorf("%s is described, but not written", p)
		}
	}
}

func TestXMLIsWellFormed(t *testing.T) {
	c := valid()
	c.Dataset("community-canteens").Title = `A & B <c> "d"`
	for name, b := range outputs(t, model(t, Input{Catalog: c})) {
		if ext := path.Ext(name); ext != ".xml" && ext != ".atom" {
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(b))
		for {
			if _, err := d.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v", name, err)
				}
				break
			}
		}
	}
}

func TestSitemapTakesFurtherPages(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	m.Pages = []string{"", "about", "/departments/", "datasets/sample-visits/"}
	body := string(outputs(t, m)["sitemap/0001.xml"])
	for loc, want := range map[string]int{
		"<loc>https://data.example.cn/</loc>": 1, "<loc>https://data.example.cn/about/</loc>": 1, "<loc>https://data.example.cn/en/about/</loc>": 1,
		"<loc>https://data.example.cn/departments/</loc>": 1, "<loc>https://data.example.cn/datasets/sample-visits/</loc>": 1,
	} {
		if got := strings.Count(body, loc); got != want {
			t.Errorf("%s: %d times, want %d", loc, got, want)
		}
	}
}

func TestRobotsKnowsThePathOfTheSite(t *testing.T) {
	c := valid()
	c.Policy.BaseURL = "https://example.cn/opendata"
	got := string(outputs(t, model(t, Input{Catalog: c}))["robots.txt"])
	if !strings.Contains(got, "Disallow: /opendata/search/\n") || !strings.Contains(got, "Sitemap: https://example.cn/opendata/sitemap.xml\n") {
		t.Error(got)
	}
}

func TestWriteStopsAtTheFirstError(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	full := errors.New("disk full")
	n := 0
	err := Write(m, func(string, []byte) error {
		if n++; n == 5 {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) || n > 6 {
		t.Errorf("error %v after %d files", err, n)
	}
}

func TestPeriods(t *testing.T) {
	for s, want := range map[string][2]string{
		"2024": {"2024-01-01", "2024-12-31"}, "2024-02": {"2024-02-01", "2024-02-29"}, "2023-12": {"2023-12-01", "2023-12-31"},
		"2024-05-06": {"2024-05-06", "2024-05-06"}, "": {}, "2024-13": {}, "soon": {},
	} {
		if got := [2]string{firstDay(s), lastDay(s)}; got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func TestPeriodThatHasNotBegunEndsWhereItBegins(t *testing.T) {
	c := valid()
	c.Dataset("community-canteens").Temporal = &catalog.Temporal{Start: "2026"}
	m := model(t, Input{Catalog: c})
	got := unmarshal[dataJSON](t, outputs(t, m)["data.json"]).Dataset[0].Temporal
	if got != "2026-01-01/2026-01-01" {
		t.Errorf("data.json says %s", got)
	}
	ld := unmarshal[struct{ TemporalCoverage string }](t, []byte(m.DatasetJSONLD("community-canteens")))
	if ld.TemporalCoverage != "2026-01-01/.." {
		t.Errorf("the page says %s", ld.TemporalCoverage)
	}
}

func TestEveryMappingSourceIsReadable(t *testing.T) {
	for _, row := range []reflect.Type{reflect.TypeFor[openRow](), reflect.TypeFor[coreRow]()} {
		for _, s := range sources(row, "") {
			if _, typ := lookUp(row, s); typ == nil {
				t.Errorf("%s: %s cannot be looked up", row, s)
			}
		}
	}
}
