package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"opendata.example/odc/tools/internal/catalog"
)

func TestMappingFaultsAreNamed(t *testing.T) {
	for name, tt := range map[string]struct {
		field catalog.MappingField
		want  []string
	}{
		"unknown source":          {catalog.MappingField{Target: "名称", Source: "titel"}, []string{"名称", `unknown source "titel"`, "title_en"}},
		"unknown member":          {catalog.MappingField{Target: "电话", Source: "provider.phone"}, []string{"电话", `unknown source "provider.phone"`}},
		"path through a text":     {catalog.MappingField{Target: "名称", Source: "title.zh"}, []string{`unknown source "title.zh"`}},
		"path through a date":     {catalog.MappingField{Target: "年", Source: "modified.year"}, []string{`unknown source "modified.year"`}},
		"record without a member": {catalog.MappingField{Target: "部门", Source: "provider"}, []string{"is a record", "provider.name"}},
		"required, not mapped":    {catalog.MappingField{Target: "名称", Required: true}, []string{"名称", "required, but neither source nor const"}},
		"unknown format":          {catalog.MappingField{Target: "日期", Source: "modified", Format: "DD.MM."}, []string{`unknown format "DD.MM."`}},
		"unknown vocabulary":      {catalog.MappingField{Target: "领域", Source: "domain", Vocab: "domains.zh"}, []string{`unknown vocabulary "domains"`}},
		"unknown spelling":        {catalog.MappingField{Target: "领域", Source: "domain", Vocab: "domain.beijing"}, []string{"vocabulary domain", `"beijing"`}},
		"each over a text":        {catalog.MappingField{Target: "文件", Each: "title"}, []string{"each needs a list of records"}},
		"fault in a member":       {catalog.MappingField{Target: "docType", Each: "distributions", Fields: []catalog.MappingField{{Target: "path", Source: "link"}}}, []string{"docType: path", `unknown source "link"`}},
	} {
		t.Run(name, func(t *testing.T) {
			c := valid()
			c.Mapping.JSON = append(c.Mapping.JSON, tt.field)
			err := Write(model(t, Input{Catalog: c}), func(string, []byte) error { return nil })
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range append(tt.want, "metadata/municipal/mapping.yaml: json") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
		})
	}
	t.Run("all at once", func(t *testing.T) {
		c := valid()
		c.Mapping.Columns = []catalog.MappingField{{Target: "a", Source: "x"}, {Target: "b", Source: "y"}}
		err := Write(model(t, Input{Catalog: c}), func(string, []byte) error { return nil })
		if err == nil || !strings.Contains(err.Error(), `"x"`) || !strings.Contains(err.Error(), `"y"`) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no columns", func(t *testing.T) {
		c := valid()
		c.Mapping.Columns = nil
		if err := Write(model(t, Input{Catalog: c}), func(string, []byte) error { return nil }); err == nil {
			t.Error("accepted")
		}
	})
}

func TestNoMappingMeansNoMunicipalFeed(t *testing.T) {
	c := valid()
	c.Mapping = catalog.Mapping{}
	m := model(t, Input{Catalog: c})
	files := outputs(t, m)
	for name := range files {
		if strings.HasPrefix(name, "feeds/") {
			t.Errorf("%s is written", name)
		}
	}
	if bytes.Contains(files["api/v1/index.json"], []byte("openlist")) {
		t.Error("the index links to a feed that is not there")
	}
	if _, err := WriteMunicipal(m, MunicipalPackage{}, func(string, []byte) error { return nil }); !errors.Is(err, ErrNoMapping) {
		t.Errorf("got %v, want ErrNoMapping", err)
	}
}

func TestRequiredValueMissing(t *testing.T) {
	c := valid()
	c.Mapping.JSON = append(c.Mapping.JSON, catalog.MappingField{Target: "平台编号", Source: "municipal.dataset_id", Required: true})
	err := Write(model(t, Input{Catalog: c}), func(string, []byte) error { return nil })
	want := "dataset 307031310105012-00000002-01: 平台编号 is required, and municipal.dataset_id is empty"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDeviationsAreReported(t *testing.T) {
	c := valid()
	c.Dataset("hotline-orders").Title = strings.Repeat("长", 50)
	got, err := model(t, Input{Catalog: c}).MunicipalDeviations()
	if err != nil {
		t.Fatal(err)
	}
	const id = "307031310105012-00000002-01"
	want := []Deviation{
		{id, "名称", "shortened", strings.Repeat("长", 50), strings.Repeat("长", 39) + "…"},
		{id, "open_rate", "fallback", "quarterly", "6"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestMappedValues(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	f := func(f catalog.MappingField) any {
		t.Helper()
		f.Target = "x"
		p, err := m.bind("json", []catalog.MappingField{f}, reflect.TypeFor[openRow]())
		if err != nil {
			t.Fatal(err)
		}
		row, err := p.apply("first", m.openRows(m.Datasets())[0])
		if err != nil {
			t.Fatal(err)
		}
		return row[0].value
	}
	for _, tt := range []struct {
		field catalog.MappingField
		want  any
	}{
		{catalog.MappingField{}, ""}, // a counter that nobody keeps
		{catalog.MappingField{Const: "长宁区人民政府"}, "长宁区人民政府"},
		{catalog.MappingField{Source: "index"}, 1},
		{catalog.MappingField{Source: "labels"}, []string{"民政", "示例"}},
		{catalog.MappingField{Source: "labels", Format: "join"}, "民政；示例"},
		{catalog.MappingField{Source: "labels", Format: "join", MaxLen: 4}, "民政；…"},
		{catalog.MappingField{Source: "modified"}, "2025-11-03"},
		{catalog.MappingField{Source: "modified", Format: "datetime"}, "2025-11-03T00:00:00"},
		{catalog.MappingField{Source: "provider.name"}, "上海市长宁区民政局"},
		{catalog.MappingField{Source: "contact_way"}, "上海市长宁区民政局 区民政局办公室 12345"},
		{catalog.MappingField{Source: "theme_national", Vocab: "theme_national.zh"}, "“civil-affairs/03”"},
		{catalog.MappingField{Source: "open_condition"}, ""},
		{catalog.MappingField{Source: "temporal.start"}, "2023-01-01"},
		{catalog.MappingField{Source: "spatial", Vocab: "region.en", Format: "join"}, "310105"},
		{catalog.MappingField{Source: "description"}, "长宁区各社区食堂的名称、地址、开放时间和座位数，由各街道核对后按月更新，供居民就近用餐时查询。（提供单位：上海市长宁区民政局）"},
	} {
		if got := f(tt.field); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%+v: %#v, want %#v", tt.field, got, tt.want)
		}
	}
}

func pack(t *testing.T, m *Model, pkg MunicipalPackage) (*MunicipalManifest, map[string][]byte) {
	t.Helper()
	files := map[string][]byte{}
	manifest, err := WriteMunicipal(m, pkg, func(path string, data []byte) error {
		if files[path] != nil {
			t.Errorf("%s is written twice", path)
		}
		files[path] = data
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return manifest, files
}

func TestPackageLeavesSampleDataBehind(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	manifest, files := pack(t, m, MunicipalPackage{})
	if manifest.Datasets != 3 || manifest.LeftOut != 1 {
		t.Errorf("%d datasets, %d left out; want 3 and 1", manifest.Datasets, manifest.LeftOut)
	}
	for name, b := range files {
		if bytes.Contains(b, []byte("sample-visits")) {
			t.Errorf("%s names sample data", name)
		}
	}
	manifest, files = pack(t, m, MunicipalPackage{Illustrative: true})
	if manifest.Datasets != 4 || manifest.LeftOut != 0 || !bytes.Contains(files["openlist.csv"], []byte("sample-visits（示例数据）")) {
		t.Errorf("%d datasets, %d left out, or sample data are not marked", manifest.Datasets, manifest.LeftOut)
	}
}

func TestPackageOfSampleDataAlone(t *testing.T) {
	c := valid()
	for _, e := range c.Entries {
		e.Illustrative = true
	}
	_, err := WriteMunicipal(model(t, Input{Catalog: c}), MunicipalPackage{}, func(string, []byte) error { return nil })
	if !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v, want ErrEmpty", err)
	}
}

func TestPackageProvesItsFiles(t *testing.T) {
	m := model(t, Input{Catalog: valid()})
	manifest, files := pack(t, m, MunicipalPackage{})
	sums := map[string]string{}
	for line := range strings.Lines(string(files["SHA256SUMS"])) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			t.Fatalf("line %q", line)
		}
		sums[name] = sum
	}
	for name, b := range files {
		if name != "SHA256SUMS" && sums[name] != digest(b) {
			t.Errorf("SHA256SUMS says %q of %s", sums[name], name)
		}
	}
	if len(sums) != len(files)-1 || len(manifest.Files) != len(files)-2 {
		t.Errorf("%d sums and %d entries for %d files", len(sums), len(manifest.Files), len(files))
	}
	for _, f := range manifest.Files {
		if f.Path != "openlist.csv" {
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(files[f.Path])).ReadAll()
		if err != nil || len(rows)-1 != f.Rows || f.Rows != 3 {
			t.Errorf("%d rows, the manifest says %d (%v)", len(rows)-1, f.Rows, err)
		}
	}
	if !bytes.Contains(files["openlist.csv"], []byte("\r\n")) || bytes.HasPrefix(files["openlist.csv"], []byte("\ufeff")) {
		t.Error("openlist.csv needs CRLF and no byte order mark")
	}
	if got := readXLSX(t, files["catalog-core.xlsx"]); len(got) != 1+manifest.Entries || got[0][0] != "信息资源名称" {
		t.Errorf("catalog-core.xlsx: %v", got)
	}
}

func TestPackageTakesReleasedFilesOnly(t *testing.T) {
	c := valid()
	data := []byte("name,seats\r\n")
	o := c.Dataset("community-canteens")
	o.Releases[1].Files = map[string]catalog.ReleasedFile{"table.csv": {SHA256: digest(data), Bytes: int64(len(data)), Rows: 44}}
	built := fstest.MapFS{"data/community-canteens/2025-11-03/table.csv": {Data: data}}
	manifest, files := pack(t, model(t, Input{Catalog: c}), MunicipalPackage{Files: built})
	const name = "files/307031310105012-00000001-01/table.csv"
	if !bytes.Equal(files[name], data) {
		t.Errorf("files are %v", slices.Sorted(func(yield func(string) bool) {
			for f := range files {
				if !yield(f) {
					return
				}
			}
		}))
	}
	if i := slices.IndexFunc(manifest.Files, func(f MunicipalFile) bool { return f.Path == name }); i < 0 || manifest.Files[i].Rows != 44 {
		t.Errorf("manifest: %+v", manifest.Files)
	}
	for what, fsys := range map[string]fstest.MapFS{
		"another file": {"data/community-canteens/2025-11-03/table.csv": {Data: []byte("x")}}, "no file": {},
	} {
		if _, err := WriteMunicipal(model(t, Input{Catalog: c}), MunicipalPackage{Files: fsys}, func(string, []byte) error { return nil }); err == nil {
			t.Errorf("%s in place of the released one: accepted", what)
		}
	}
}

func TestPreviousBuildContinues(t *testing.T) {
	if p, err := PreviousBuild(fstest.MapFS{}); p != nil || err != nil {
		t.Errorf("no build: %v, %v", p, err)
	}
	if _, err := PreviousBuild(fstest.MapFS{"release.json": {Data: []byte("x")}}); err == nil {
		t.Error("a damaged record is accepted")
	}
	m := model(t, Input{Catalog: valid()})
	build := fstest.MapFS{"release.json": {Data: compactJSON(object{"created_from": object{"as_of": "2025-12-01"}, "entries": m.ReleaseEntries()})}}
	for name, b := range outputs(t, m) {
		build["static/"+name] = &fstest.MapFile{Data: b}
	}
	p, err := PreviousBuild(build)
	if err != nil {
		t.Fatal(err)
	}
	c := valid()
	edits["text"].change(c, c.Dataset("hotline-orders"))
	if events := model(t, Input{Catalog: c, AsOf: asOf.AddDays(1), Previous: p}).Events(); len(events) != 5 || events[4].Event != MetadataUpdated {
		t.Errorf("%+v", events)
	}
}
