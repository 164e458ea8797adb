package export

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

var asOf = calendar.MustDate("2025-12-01")

// canary marks every text that must reach no output.
const canary = "CANARY"

// valid is a small catalogue with one of everything: a file in two versions, a conditional dataset, an interface, an
// illustrative one, a suspended one, a tombstone, a closed entry listed by title, and secrets in every corner.
func valid() *catalog.Catalog {
	c := &catalog.Catalog{
		Policy: catalog.Policy{
			BaseURL: "https://data.example.cn", Title: "长宁区公共数据目录", TitleEn: "Changning Public Data Catalogue",
			Description: "长宁区有哪些公共数据。", DescriptionEn: "Public data of Changning.", Publisher: "fuban",
			ContactMail: "opendata@example.cn", Hotline: "12345", Channel: "mirror",
		},
		Departments: []*catalog.Department{
			{ID: "fuban", Name: "上海市长宁区人民政府办公室", ShortName: "区府办", OrgType: "department", Region: "310105", Serial: "001"},
			{ID: "minzheng", Name: "上海市长宁区民政局", ShortName: "区民政局", OrgType: "department", Region: "310105", Serial: "012",
				USCC: "11310105002433216K", Parent: "fuban",
				PublicContact: []catalog.Contact{{Key: "office", Label: "区民政局办公室", Phone: "12345"}, {Key: "data", Label: "区民政局数据窗口", Email: "mz@example.cn"}},
				Reviewers:     []string{canary + "-reviewer"}, Stewards: []catalog.Steward{{Post: canary + "-post"}}},
		},
		Laws: map[catalog.LawID]*catalog.Law{
			"rule-2021": {ID: "rule-2021", Title: "公共数据管理办法", DocNo: "长府规〔2021〕2号", URL: "https://example.cn/law/2021-2"},
		},
		Regimes:        map[catalog.RegimeID]*catalog.Regime{"cn-2021": {ID: "cn-2021", ListClosed: catalog.TitleOnly}},
		Determinations: map[catalog.ID]*catalog.Determinations{},
		Vocabularies:   vocabularies(),
		Mapping:        mapping(),
		Aliases: []catalog.Alias{{From: "openlist:minzheng/phone-booths", On: calendar.MustDate("2025-06-30"), Reason: "资源不再更新",
			Code: "307031310105012/00009038-01", Title: "公用电话亭点位"}},
	}
	add(c, "minzheng", "community-canteens", 1, func(e *catalog.Entry, o *catalog.OpenEntry) {
		e.TitleEn, e.Abstract = "Community canteens", "长宁区各社区食堂的名称、地址、开放时间和座位数，由各街道核对后按月更新，供居民就近用餐时查询。"
		e.Related = []catalog.Related{{Code: code(2), Kind: "related"}, {Code: code(90), Kind: "related"}}
		e.DutyBasis = []catalog.LegalRef{{Law: "rule-2021", Article: "9", Note: canary + "-note"}}
		e.ITSystem = &catalog.ITSystem{Name: canary + "-system"}
		e.ThemeNational = &catalog.Theme{L1: "civil-affairs", L2: "civil-affairs/03"}
		e.Items = append(e.Items, catalog.Item{Name: "steward_" + strings.ToLower(canary), Title: canary + "-item", Type: "C", OpenType: catalog.Closed})
		o.Items = append(o.Items, "steward_"+strings.ToLower(canary))
		o.StatusReason = canary + "-reason"
		o.Municipal = catalog.Municipal{DatasetID: "1234", URL: "https://data.sh.example.cn/view?id=1234&type=cp", Status: catalog.OpenListed}
		o.Distributions[0].Source = "canteens.csv"
		o.Releases = []*catalog.DataRelease{release("2025-10-01", 40), release("2025-11-03", 44)}
	})
	c.Determinations["community-canteens"] = &catalog.Determinations{Rows: []catalog.Determination{
		{N: 1, Attribute: catalog.AttributeOpen, Value: catalog.Unconditional, By: "fuban", Date: calendar.MustDate("2022-03-01"), DocNo: "长数认〔2022〕1号", Reason: canary + "-decision"},
	}}
	add(c, "fuban", "hotline-orders", 2, func(e *catalog.Entry, o *catalog.OpenEntry) {
		e.Open.Type, o.OpenType, o.OpenLevel, o.OpenCondition = catalog.Conditional, catalog.Conditional, "L2", "须说明用途并签订使用协议"
		o.Access = &catalog.Access{ApplyURL: "/request/", ReviewDays: 5}
		e.SourceOrg, e.UpdateFrequency, o.UpdatedOn = "minzheng", "quarterly", calendar.MustDate("2025-09-30")
		o.Distributions[0].Title = "热线工单"
	})
	add(c, "minzheng", "catalogue-api", 3, func(e *catalog.Entry, o *catalog.OpenEntry) {
		o.ResourceKind, o.UpdatedOn = catalog.KindAPI, calendar.MustDate("2025-11-20")
		o.Distributions = []catalog.Distribution{{ID: "search", Title: "检索接口", Kind: catalog.KindAPI, Format: "json",
			EndpointURL: "/api/search", EndpointDescription: "/api/v1/openapi.json"}}
	})
	add(c, "minzheng", "sample-visits", 4, func(e *catalog.Entry, o *catalog.OpenEntry) {
		e.Illustrative, e.TitleEn, e.Contact = true, "Visits", "data"
		e.Temporal = &catalog.Temporal{Start: "2024", End: "2025-06"}
		o.Releases = []*catalog.DataRelease{release("2025-11-10", 12)}
	})
	add(c, "minzheng", "suspended-set", 5, func(e *catalog.Entry, o *catalog.OpenEntry) {
		o.Status, o.StatusReason, o.UpdatedOn = catalog.Suspended, "正在核对", calendar.MustDate("2025-08-01")
		o.Entry = e
	})
	addHidden(c)
	c.Index()
	return c
}

// addHidden adds what no output may show: an internal entry, a draft, a dataset of a closed entry; and a closed entry
// of which only the title may.
func addHidden(c *catalog.Catalog) {
	secret := func(id catalog.ID, n int, change func(e *catalog.Entry, o *catalog.OpenEntry)) {
		add(c, "minzheng", id, n, func(e *catalog.Entry, o *catalog.OpenEntry) {
			for _, s := range []*string{&e.Title, &e.TitleEn, &e.Abstract, &e.RowMeaning, &e.Share.Reason, &o.Title, &o.Abstract, &o.OpenCondition} {
				*s = canary + "-" + string(id)
			}
			e.Keywords, o.Labels = []string{canary}, []string{canary}
			e.Items = []catalog.Item{{Name: "x", Title: canary + "-x", Type: "C"}}
			change(e, o)
		})
	}
	secret("canary-internal", 90, func(e *catalog.Entry, o *catalog.OpenEntry) { e.RecordVisibility = catalog.Internal })
	secret("canary-draft", 91, func(e *catalog.Entry, o *catalog.OpenEntry) { e.Status, o.Status = catalog.Draft, catalog.Draft })
	secret("canary-draft-open", 92, func(e *catalog.Entry, o *catalog.OpenEntry) {
		o.Status, e.RecordVisibility = catalog.Draft, catalog.Internal
	})
	secret("assistance-recipients", 93, func(e *catalog.Entry, o *catalog.OpenEntry) {
		e.Title, e.Regime = "社会救助对象名册", "cn-2021"
		e.Open = catalog.Open{Type: catalog.Closed, ReasonCode: "personal_privacy", Reason: "涉及救助对象个人信息"}
		e.ResourceCode = canary
	})
}

// add puts an unconditional dataset with one CSV file and its catalogue entry into the catalogue.
func add(c *catalog.Catalog, dept catalog.Dept, id catalog.ID, n int, change func(e *catalog.Entry, o *catalog.OpenEntry)) {
	e := &catalog.Entry{
		ID: id, Dept: dept, ResourceCode: code(n), Title: "数据集" + string(id), Abstract: "第" + fmt.Sprint(n) + "号数据集的说明。",
		Keywords: []string{"民政", "示例"}, Domain: "livelihood", Spatial: []catalog.Code{"310105"}, UpdateFrequency: "monthly",
		Open: catalog.Open{Type: catalog.Unconditional}, Share: catalog.Share{Type: catalog.Unconditional, Methods: []catalog.Code{"file"}},
		Items:   []catalog.Item{{Name: "name", Title: "名称", Type: "C", Length: 50, Required: true, Key: true}, {Name: "seats", Title: "座位数", Type: "I", Unit: "个"}},
		Formats: []catalog.Format{{Category: "2", Format: "csv"}}, Temporal: &catalog.Temporal{Start: "2023-01-01"},
		PublishedOn: calendar.MustDate("2024-01-01"), Status: catalog.Published, Version: "1.0.0",
	}
	o := &catalog.OpenEntry{
		ID: id, Dept: dept, CatalogID: string(dept) + "/" + string(id), Serial: "01", OpenType: catalog.Unconditional, OpenLevel: "L1",
		ResourceKind: catalog.KindData, Items: []string{"name", "seats"}, FirstPublishedOn: calendar.MustDate("2024-01-01").AddDays(n),
		Municipal: catalog.Municipal{Status: "pending"}, Status: catalog.Published, Version: "1.0.0",
		Distributions: []catalog.Distribution{{ID: "table", Title: "全部记录", Kind: catalog.KindFile, Format: "csv"}},
	}
	change(e, o)
	c.Entries, c.OpenEntries = append(c.Entries, e), append(c.OpenEntries, o)
}

func code(n int) string { return fmt.Sprintf("307031310105012/%08d", n) }

func release(day string, rows int) *catalog.DataRelease {
	return &catalog.DataRelease{Version: day, Date: calendar.MustDate(day), Files: map[string]catalog.ReleasedFile{
		"table.csv":       {SHA256: digest([]byte(day)), Bytes: int64(rows * 30), Rows: rows},
		"table.excel.csv": {SHA256: digest([]byte(day + "x")), Bytes: int64(rows*30 + 3), Rows: rows},
	}}
}

func vocabularies() map[string]*catalog.Vocabulary {
	out := map[string]*catalog.Vocabulary{}
	for id, terms := range map[string]map[catalog.Code]map[string]string{
		"open_type": {"unconditional": {"eu": "PUBLIC", "dcat_us": "public", "schema_org": "true"},
			"conditional": {"eu": "RESTRICTED", "dcat_us": "restricted public", "schema_org": "true"}, "closed": {"eu": "NON_PUBLIC", "dcat_us": "non-public"}},
		"update_frequency": {"monthly": {"eu": "MONTHLY", "iso8601": "R/P1M", "municipal": "5", "period_days": "30", "overdue_after": "32"},
			"quarterly": {"eu": "QUARTERLY", "iso8601": "R/P3M", "period_days": "92", "overdue_after": "94"}},
		"domain":           {"livelihood": {"municipal": "8", "eu": "SOCI"}, "education-tech": {"municipal": "2", "eu": "EDUC,TECH"}},
		"file_format":      {"csv": {"media_type": "text/csv", "eu": "CSV"}, "json": {"media_type": "application/json", "eu": "JSON"}},
		"license":          {"CC0-1.0": {"eu": "CC0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"}, "LicenseRef-SH-OpenData-Terms": {"url": "/terms/"}, "LicenseRef-CN-District-Terms": {"url": "/terms/"}},
		"resource_kind":    {"data": {"municipal": "0"}, "api": {"municipal": "1"}},
		"availability":     {"STABLE": {"eu": "STABLE"}},
		"status":           {"published": {"adms": "Completed"}},
		"region":           {"310105": nil},
		"open_level":       {"L1": nil, "L2": nil},
		"open_reason":      {"personal_privacy": nil},
		"theme_national":   {"civil-affairs": nil, "civil-affairs/03": nil},
		"municipal_status": {"pending": nil, "open_listed": nil},
		"share_type":       {"unconditional": nil},
		"item_type":        {"C": nil, "I": nil},
		"org_type":         {"department": nil},
	} {
		v := &catalog.Vocabulary{ID: id, Title: "词表" + id, TitleEn: id}
		for _, c := range slices.Sorted(maps.Keys(terms)) {
			v.Values = append(v.Values, catalog.Term{Code: c, Zh: "“" + string(c) + "”", En: string(c), Mappings: terms[c]})
		}
		out[id] = v
	}
	return out
}

func mapping() catalog.Mapping {
	f := func(target, source string) catalog.MappingField {
		return catalog.MappingField{Target: target, Source: source}
	}
	with := func(f catalog.MappingField, change func(*catalog.MappingField)) catalog.MappingField {
		change(&f)
		return f
	}
	return catalog.Mapping{
		Path: "metadata/municipal/mapping.yaml", Version: "1",
		Columns: []catalog.MappingField{
			f("序号", "index"), with(f("名称", "title"), func(f *catalog.MappingField) { f.Required, f.MaxLen = true, 40 }), f("浏览量", ""),
			with(f("更新频率", "update_frequency"), func(f *catalog.MappingField) { f.Vocab = "update_frequency.zh" }),
			f("首次发布日期", "first_published_on"), f("最近更新日期", "modified"), f("编码", "list_code"),
		},
		JSON: []catalog.MappingField{
			f("id", "flat_id"), f("dataset_name", "title"), with(f("data_label", "labels"), func(f *catalog.MappingField) { f.Format = "join" }),
			with(f("update_date", "modified"), func(f *catalog.MappingField) { f.Format = "datetime" }),
			with(f("open_rate", "update_frequency"), func(f *catalog.MappingField) {
				f.Vocab, f.Default, f.Required = "update_frequency.municipal", "6", true
			}),
			{Target: "org_name", Const: "长宁区人民政府"}, f("contact_way", "contact_way"),
			{Target: "docType", Each: "distributions", Fields: []catalog.MappingField{f("name", "title"), f("path", "url"), f("sort", "index"), f("file_type", "formats")}},
		},
		Core: []catalog.MappingField{
			f("信息资源名称", "title"), f("信息资源代码", "resource_code"), f("信息项", "items"), f("共享类型", "share.type"), f("关联资源代码", "related"),
		},
	}
}

// synthetic is a catalogue of n datasets in 20 departments.
func synthetic(n int) *catalog.Catalog {
	c := valid()
	c.Entries, c.OpenEntries, c.Aliases = nil, nil, nil
	for i := range 20 {
		c.Departments = append(c.Departments, &catalog.Department{ID: catalog.Dept(fmt.Sprintf("dept-%02d", i)), Name: fmt.Sprintf("第%d局", i), OrgType: "department", Region: "310105"})
	}
	for i := range n {
		add(c, catalog.Dept(fmt.Sprintf("dept-%02d", i%20)), catalog.ID(fmt.Sprintf("set-%05d", i)), i, func(e *catalog.Entry, o *catalog.OpenEntry) {
			o.Releases = []*catalog.DataRelease{release("2025-11-03", 100+i%7)}
		})
	}
	c.Index()
	return c
}

// threePages is a model of 1101 datasets, which fill three pages of the catalogue and six shards, with its outputs.
func threePages(t testing.TB) (*Model, map[string][]byte) {
	t.Helper()
	large.once.Do(func() {
		large.model = model(t, Input{Catalog: synthetic(1101)})
		large.files = outputs(t, large.model)
	})
	return large.model, large.files
}

var large struct {
	once  sync.Once
	model *Model
	files map[string][]byte
}

func model(t testing.TB, in Input) *Model {
	t.Helper()
	if in.AsOf.IsZero() {
		in.AsOf = asOf
	}
	m, err := NewModel(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// outputs are all files of a model by path.
func outputs(t testing.TB, m *Model) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	if err := Write(m, func(path string, data []byte) error { out[path] = data; return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// published is an earlier release in memory.
type published struct {
	entries map[string]Entry
	files   map[string][]byte
}

func (p published) Entries() map[string]Entry { return p.entries }

func (p published) File(path string) ([]byte, error) {
	if b, ok := p.files[path]; ok {
		return b, nil
	}
	return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
}

func publish(t testing.TB, m *Model) published {
	return published{m.ReleaseEntries(), outputs(t, m)}
}
