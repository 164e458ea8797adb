package query

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// secret stands in every field that must not be found.
const secret = "机密标记"

func testCatalog() *catalog.Catalog {
	entry := func(id catalog.ID) *catalog.Entry {
		return &catalog.Entry{
			ID: id, Dept: "minzheng", Title: "标题" + string(id), TitleEn: "title " + string(id), Abstract: "摘要", RowMeaning: "一行",
			Keywords: []string{"关键词"}, Domain: "society", UpdateFrequency: "monthly", Spatial: []catalog.Code{"310105"},
			Status: catalog.Published, Regime: "cn-2021", Open: catalog.Open{Type: catalog.Unconditional},
			Items: []catalog.Item{{Name: "name", Title: "名称"}, {Name: "hidden", Title: secret, OpenType: catalog.Closed}},
		}
	}
	open := func(id catalog.ID) *catalog.OpenEntry {
		return &catalog.OpenEntry{ID: id, Dept: "minzheng", CatalogID: "minzheng/" + string(id), OpenType: catalog.Unconditional, Items: []string{"name", "hidden"}, Status: catalog.Published}
	}
	closed := entry("closed")
	closed.Open.Type = catalog.Closed
	closed.Abstract, closed.Keywords, closed.RowMeaning, closed.TitleEn = secret, []string{secret}, secret, ""
	closed.Items = []catalog.Item{{Name: "x", Title: secret}}
	internal := entry("internal")
	internal.RecordVisibility, internal.Title = catalog.Internal, secret
	internalOpen := open("internal-open")
	internalOpen.CatalogID, internalOpen.Status = "minzheng/internal", catalog.Draft
	draft := entry("draft")
	draft.Status, draft.Title = catalog.Draft, secret
	unlisted := entry("unlisted") // its open-list entry is suspended
	unlisted.Domain = "transport"
	suspended := open("unlisted")
	suspended.Status, suspended.Title = catalog.Suspended, secret
	noRegime := entry("no-regime")
	noRegime.Open.Type, noRegime.Regime, noRegime.Title = catalog.Closed, "", secret

	c := &catalog.Catalog{
		Departments:  []*catalog.Department{{ID: "minzheng", Name: "上海市长宁区民政局", ShortName: "区民政局"}},
		Entries:      []*catalog.Entry{entry("listed"), closed, internal, draft, unlisted, noRegime},
		OpenEntries:  []*catalog.OpenEntry{open("listed"), internalOpen, suspended},
		Regimes:      map[catalog.RegimeID]*catalog.Regime{"cn-2021": {ListClosed: catalog.TitleOnly}},
		Vocabularies: map[string]*catalog.Vocabulary{"domain": {Values: []catalog.Term{{Code: "transport", Zh: "道路交通"}, {Code: "society", Zh: "社会发展"}}}},
	}
	c.Index()
	return c
}

func TestDocumentsHoldWhatMayBeShown(t *testing.T) {
	docs := Documents(testCatalog(), calendar.MustDate("2025-12-01"))
	var got []string
	for _, d := range docs {
		got = append(got, d.Key)
	}
	// In the order of the domains, then of the keys; without a domain last.
	if want := []string{"catalog:unlisted", "dataset:listed", "catalog:closed"}; !slices.Equal(got, want) {
		t.Errorf("documents %q, want %q", got, want)
	}
	data, err := json.Marshal(docs)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), secret) {
		t.Errorf("what may not be shown can be found: %s", data)
	}
	if closed := docs[2]; closed.Facets.Domain != nil || closed.Facets.OpenType[0].Code != "closed" || closed.Card.Snippet != "" || !closed.Card.Modified.IsZero() {
		t.Errorf("of a closed entry more than its title is shown: %+v", closed)
	}
	for _, q := range []string{"标题listed", "关键词", "社会发展", "民政局", "title listed", "摘要", "名称"} {
		if res := run(t, docs, Request{Query: q}); !slices.Contains(keys(res), "dataset:listed") {
			t.Errorf("%q does not find the dataset", q)
		}
	}
}

func TestDocumentOfADataset(t *testing.T) {
	c := testCatalog()
	o := c.Dataset("listed")
	o.Distributions = []catalog.Distribution{{ID: "a", Kind: catalog.KindFile, Format: "csv"}, {ID: "b", Kind: catalog.KindFile, Format: "csv"}, {ID: "c", Kind: catalog.KindAPI}}
	o.Releases = []*catalog.DataRelease{{Date: calendar.MustDate("2025-11-30"), Files: map[string]catalog.ReleasedFile{"a.csv": {Rows: 7}, "b.csv": {Rows: 9}}}}
	o.FirstPublishedOn = calendar.MustDate("2024-01-02")
	o.Entry.AltTitles = []string{"别名"}
	d := Documents(c, calendar.MustDate("2025-12-01"))[1]
	if d.Card.Rows != 9 || d.Card.Modified.String() != "2025-11-30" || d.Issued.String() != "2024-01-02" || d.Card.URL != "/datasets/listed/" {
		t.Errorf("card %+v", d.Card)
	}
	if len(d.Card.Formats) != 2 || d.Card.Formats[0].Code != "csv" || d.Card.Formats[1].Code != "api" {
		t.Errorf("formats %+v", d.Card.Formats)
	}
	if !slices.Equal(d.Fields[Title], []string{"标题listed", "别名"}) || !slices.Equal(d.Fields[Org], []string{"上海市长宁区民政局", "区民政局"}) {
		t.Errorf("fields %q", d.Fields)
	}
}

func TestCapsOnFields(t *testing.T) {
	c := testCatalog()
	e := c.Dataset("listed").Entry
	e.Abstract = strings.Repeat("长", maxDescription) + secret
	e.RowMeaning = strings.Repeat("行", 200)
	e.Items = nil
	o := c.Dataset("listed")
	o.Items = nil
	for i := range 150 {
		name := strings.Repeat("c", i+1)
		e.Items = append(e.Items, catalog.Item{Name: name, Title: name})
		o.Items = append(o.Items, name)
	}
	d := Documents(c, calendar.MustDate("2025-12-01"))[1]
	if n := len([]rune(d.Text(Description))); n != maxDescription {
		t.Errorf("%d characters of the abstract are indexed", n)
	}
	if n := len(d.Fields[Columns]); n != maxColumns {
		t.Errorf("%d columns are indexed", n)
	}
	if n := len([]rune(d.Card.Snippet)); n != maxSnippet || !strings.HasSuffix(d.Card.Snippet, "…") {
		t.Errorf("snippet of %d characters: %s", n, d.Card.Snippet)
	}
}

func TestDocumentsSurviveJSON(t *testing.T) {
	docs := Documents(testCatalog(), calendar.MustDate("2025-12-01"))
	data, err := json.Marshal(docs)
	if err != nil {
		t.Fatal(err)
	}
	var again []Document
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if (&Corpus{Documents: again}).ID() != (&Corpus{Documents: docs}).ID() {
		t.Errorf("read back the documents are another set:\n%s", data)
	}
}

func TestEmptyCatalog(t *testing.T) {
	c := &catalog.Catalog{}
	c.Index()
	if docs := Documents(c, calendar.MustDate("2025-12-01")); len(docs) != 0 {
		t.Errorf("an empty catalogue has documents: %v", docs)
	}
}
