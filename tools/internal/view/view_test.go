package view_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/testrepo"
	"opendata.example/odc/tools/internal/tree"
	"opendata.example/odc/tools/internal/view"
)

const (
	canteens   = "metadata/catalog/minzheng/community-canteens.yaml"
	assistance = "metadata/catalog/minzheng/assistance-recipients.yaml"
)

// documents are all JSON documents of a repository, by name, and their page records.
func documents(t *testing.T, r *testrepo.Repo, asOf string) (map[string][]byte, []view.Page) {
	t.Helper()
	c, _, _, err := tree.Load(r)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, c, asOf)
}

func write(t *testing.T, c *catalog.Catalog, asOf string) (map[string][]byte, []view.Page) {
	t.Helper()
	docs := map[string][]byte{}
	var pages []view.Page
	err := view.Write(view.Input{Catalog: c, AsOf: calendar.MustDate(asOf)}, func(name string, v any) error {
		if _, twice := docs[name]; twice {
			return fmt.Errorf("%s written twice", name)
		}
		if ps, ok := v.([]view.Page); ok {
			pages = append(pages, ps...)
		}
		b, err := json.Marshal(v)
		docs[name] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs, pages
}

func decode[T any](t *testing.T, docs map[string][]byte, name string) T {
	t.Helper()
	var v T
	if docs[name] == nil {
		t.Fatalf("no document %s", name)
	}
	if err := json.Unmarshal(docs[name], &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Every public record has its page, every page its view: nothing is dropped on the way.
func TestEveryRecordHasItsPage(t *testing.T) {
	docs, pages := documents(t, testrepo.Valid(t), "2025-12-01")
	at := map[string]bool{}
	for _, p := range pages {
		at[p.Path] = true
		if docs["view/"+p.Type+"/"+p.Key] == nil {
			t.Errorf("/%s/ has no view", p.Path)
		}
		if p.Title.Zh == "" {
			t.Errorf("/%s/ has no title", p.Path)
		}
	}
	for _, want := range []string{"", "datasets", "catalog", "datasets/community-canteens", "datasets/hotline-orders",
		"catalog/community-canteens", "catalog/hotline-orders", "catalog/assistance-recipients", "departments/minzheng",
		"domains/livelihood", "laws/changning-2021-2", "vocab/open-type", "browse/format/csv", "browse/org/fuban", "stats", "changes"} {
		if !at[want] {
			t.Errorf("no page /%s/", want)
		}
	}
}

func TestTwoRunsAreEqual(t *testing.T) {
	a, _ := documents(t, testrepo.Valid(t), "2025-12-01")
	b, _ := documents(t, testrepo.Valid(t), "2025-12-01")
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

// A closed entry is listed by its title; of everything else that its record says only reason, basis, decision and
// contact reach a page.
func TestTitleOnlySaysNoMore(t *testing.T) {
	docs, _ := documents(t, testrepo.Valid(t), "2025-12-01")
	v := decode[view.Entry](t, docs, "view/entry/assistance-recipients")
	if !v.TitleOnly || v.Reason == "" || len(v.LegalBasis) == 0 || len(v.Basis.Determinations) != 1 {
		t.Errorf("a closed entry must say why: %+v", v)
	}
	for _, secret := range []string{"公民身份号码", "成员姓名", "307031310105007/00000212", "只供教育、医保", "以接口核验", "一户救助家庭"} {
		for name, b := range docs {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s holds %q of a closed entry", name, secret)
			}
		}
	}
}

func TestInternalIsNowhere(t *testing.T) {
	for name, edit := range map[string]func(*testrepo.Repo){
		"own visibility": func(r *testrepo.Repo) {
			r.Edit(assistance, "regime: cn-2021", "regime: cn-2021\nrecord_visibility: internal")
		},
		"regime lists nothing": func(r *testrepo.Repo) {
			r.Edit("metadata/regimes/cn-2021.yaml", "list_closed: title_only", "list_closed: none")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := testrepo.Valid(t)
			edit(r)
			docs, _ := documents(t, r, "2025-12-01")
			for name, b := range docs {
				if bytes.Contains(b, []byte("社会救助对象信息")) || bytes.Contains(b, []byte("assistance-recipients")) {
					t.Errorf("%s names an internal entry", name)
				}
			}
		})
	}
}

// A closed item never appears, not even as a column of its open entry.
func TestClosedItemsAreNotShown(t *testing.T) {
	r := testrepo.Valid(t).Edit(canteens, "    description: 可同时用餐的座位", "    description: 可同时用餐的座位\n    open_type: closed\n    open_reason: 只供内部核对使用的数字")
	docs, _ := documents(t, r, "2025-12-01")
	v := decode[view.Entry](t, docs, "view/entry/community-canteens")
	for _, c := range v.Columns {
		if c.Name == "seats" {
			t.Error("the closed item is shown")
		}
	}
}

func TestStatusDecidesWhatIsListed(t *testing.T) {
	openlist := "metadata/openlist/minzheng/community-canteens.yaml"
	draft := testrepo.Valid(t).Edit(openlist, "status: published", "status: draft")
	docs, _ := documents(t, draft, "2025-12-01")
	if docs["view/dataset/community-canteens"] != nil {
		t.Error("a draft has a page")
	}
	suspended := testrepo.Valid(t).Edit(openlist, "status: published", "status: suspended\nstatus_reason: 数据核对中")
	docs, _ = documents(t, suspended, "2025-12-01")
	v := decode[view.Dataset](t, docs, "view/dataset/community-canteens")
	if len(v.Notices) == 0 || v.Notices[0].Kind != "suspended" || v.Notices[0].Text.Zh != "数据核对中" {
		t.Errorf("a suspended dataset must say why: %+v", v.Notices)
	}
	if n := decode[view.Stats](t, docs, "view/stats/all").Counts.Datasets; n != 1 {
		t.Errorf("%d datasets counted, want the one that is not suspended", n)
	}
	// Its files have left the site with it: nothing leads to them, nothing shows their rows.
	if v.Primary != nil || v.Downloads != nil || v.Preview != nil || len(v.History) == 0 || v.History[0].Files != nil {
		t.Errorf("a suspended dataset offers %+v, %+v, %+v, %+v", v.Primary, v.Downloads, v.Preview, v.History)
	}
}

// TestWithdrawnRecordsKeepTheirAddress: a record that says of itself that it is withdrawn has a page that says why.
func TestWithdrawnRecordsKeepTheirAddress(t *testing.T) {
	const withdrawn = "status: withdrawn\nstatus_reason: 系统停用，数据不再产生"
	repo := testrepo.Valid(t)
	for _, path := range []string{testrepo.Entry, testrepo.OpenEntry, testrepo.Closed} {
		repo.Edit(path, "status: published", withdrawn)
	}
	docs, _ := documents(t, repo, "2025-12-01")
	if docs["view/dataset/community-canteens"] != nil {
		t.Error("a withdrawn dataset is still offered")
	}
	for key, code := range map[string]string{"datasets-community-canteens": "307031310105007/00000115-01", "catalog-community-canteens": "307031310105007/00000115"} {
		if v := decode[view.Tombstone](t, docs, "view/tombstone/"+key); v.Title != "社区食堂名录" || v.Code != code || v.Reason != "系统停用，数据不再产生" {
			t.Errorf("%s: %+v", key, v)
		}
	}
	if v := decode[view.Tombstone](t, docs, "view/tombstone/catalog-assistance-recipients"); v.Title != "" || v.Reason != "" || v.Code == "" {
		t.Errorf("a closed entry tells more than its code: %+v", v)
	}
}

func TestLapseIsSaidOnTheDay(t *testing.T) {
	for day, lapsed := range map[string]bool{"2025-12-31": false, "2026-01-01": true} {
		docs, _ := documents(t, testrepo.Valid(t), day)
		s := decode[view.Site](t, docs, "site")
		v := decode[view.Dataset](t, docs, "view/dataset/community-canteens")
		if s.Basis.Lapsed != lapsed || v.Basis.Lapsed != lapsed {
			t.Errorf("%s: site %v, dataset %v, want %v", day, s.Basis.Lapsed, v.Basis.Lapsed, lapsed)
		}
		if s.Basis.DocNo == "" || s.Basis.ValidTo.String() != "2025-12-31" {
			t.Errorf("%s: the footer must name the basis even when it lapsed: %+v", day, s.Basis)
		}
	}
}

// A law and its successor may share their title: a link tells them apart by number, or by year.
func TestLinksTellLawsOfOneTitleApart(t *testing.T) {
	for name, tt := range map[string]struct{ facts, want string }{
		"number": {"doc_no: 长府规〔2026〕1号\nissued_on: \"2026-01-05\"", "长宁区公共数据管理办法（长府规〔2026〕1号）"},
		"year":   {"adopted_on: \"2025-11-13\"\nissued_on: \"2026-01-05\"", "长宁区公共数据管理办法（2026年）"},
		"none":   {"note: 待核", "长宁区公共数据管理办法"},
	} {
		t.Run(name, func(t *testing.T) {
			r := testrepo.Valid(t).
				Put("metadata/laws/successor.yaml", "title: 长宁区公共数据管理办法\nissuer: 长宁区人民政府\nlevel: normative_document\n"+tt.facts+"\ntext_verified: false\n").
				Edit("metadata/laws/changning-2021-2.yaml", "doc_no:", "successor: successor\ndoc_no:")
			docs, _ := documents(t, r, "2025-12-01")
			v := decode[view.Law](t, docs, "view/law/changning-2021-2")
			if v.Successor == nil || v.Successor.Text.Zh != tt.want {
				t.Errorf("successor %+v, want %s", v.Successor, tt.want)
			}
		})
	}
}

func TestTimeLimitsHaveNames(t *testing.T) {
	r := testrepo.Valid(t).Edit("metadata/regimes/cn-2021.yaml", "deadlines:\n", "deadlines:\n  own_limit:\n    value: 3\n    unit: calendar_day\n    basis: 内部时限\n    verified: false\n")
	docs, _ := documents(t, r, "2025-12-01")
	rows := decode[view.Law](t, docs, "view/law/changning-2021-2").Regime.Deadlines
	if len(rows) != 2 || rows[0].Name.Zh != "审核有条件开放的申请" || rows[0].Name.En == "" || rows[1].Name.Zh != "own_limit" {
		t.Errorf("time limits %+v", rows)
	}
}

func TestPagingKeepsEveryCard(t *testing.T) {
	c, _, _, err := tree.Load(testrepo.Valid(t))
	if err != nil {
		t.Fatal(err)
	}
	model := c.Dataset("community-canteens")
	const n = 2*view.PageSize + 3
	for i := range n {
		o := *model
		o.ID = catalog.ID(fmt.Sprintf("copy-%03d", i))
		c.OpenEntries = append(c.OpenEntries, &o)
	}
	c.Index()
	docs, _ := write(t, c, "2025-12-01")
	seen := map[string]bool{}
	for _, key := range []string{"datasets", "datasets-p2", "datasets-p3"} {
		l := decode[view.List](t, docs, "view/list/"+key)
		if l.Pager.Total != n+2 || l.Pager.Pages != 3 {
			t.Errorf("%s: %+v", key, l.Pager)
		}
		for _, card := range l.Cards {
			seen[card.ID] = true
		}
	}
	if len(seen) != n+2 {
		t.Errorf("%d cards on three pages, want %d", len(seen), n+2)
	}
	if l := decode[view.List](t, docs, "view/list/datasets-p2"); l.Pager.Prev != "/datasets/" || l.Pager.Next != "/datasets/page/3/" {
		t.Errorf("neighbours of page 2: %q, %q", l.Pager.Prev, l.Pager.Next)
	}
}

func TestAddressesAreCleanAndInside(t *testing.T) {
	_, pages := documents(t, testrepo.Valid(t), "2025-12-01")
	for _, p := range pages {
		if strings.ToLower(p.Path) != p.Path || strings.ContainsAny(p.Path, "_% :") || strings.HasPrefix(p.Path, "/") {
			t.Errorf("address %q", p.Path)
		}
	}
}

// A body is never late with data that were made up for show; with real data it is, from the day after the limit.
func TestSampleDataAreNotLate(t *testing.T) {
	sample, _ := documents(t, testrepo.Valid(t), "2027-01-01")
	if c := decode[view.Dataset](t, sample, "view/dataset/community-canteens").Clock; c.State != string(calendar.NotDue) || !c.Sample || !c.Due.IsZero() {
		t.Errorf("sample data: %+v", c)
	}
	docs, _ := documents(t, testrepo.Valid(t).Edit(canteens, "illustrative: true", "illustrative: false"), "2027-01-01")
	if c := decode[view.Dataset](t, docs, "view/dataset/community-canteens").Clock; c.State != string(calendar.VeryLate) || c.Due.IsZero() {
		t.Errorf("real data: %+v", c)
	}
	if s := decode[view.Stats](t, docs, "view/stats/all"); s.Counts.Late != 1 || len(s.Late) != 1 {
		t.Errorf("%d late, %d listed", s.Counts.Late, len(s.Late))
	}
}

// In lists a body goes by its short name in either language, and by its whole one where it has no other.
func TestBodiesGoByTheirShortNames(t *testing.T) {
	const file = "metadata/departments/minzheng.yaml"
	for short, want := range map[string]string{"": "Changning District Civil Affairs Bureau", "short_name_en: Civil Affairs Bureau\n": "Civil Affairs Bureau"} {
		r := testrepo.Valid(t).Edit(file, "org_type:", short+"org_type:")
		docs, _ := documents(t, r, "2025-12-01")
		if got := decode[view.Dataset](t, docs, "view/dataset/community-canteens").Org.Label; got.Zh != "区民政局" || got.En != want {
			t.Errorf("the provider is called %+v, want %s", got, want)
		}
	}
}

// The old address of a record tells its present name and place, however often it moved; it never leads nowhere.
func TestAMovedRecordIsNamedAsItIsNow(t *testing.T) {
	alias := func(from, to string) string {
		return "  - from: openlist:minzheng/" + from + "\n    to: openlist:minzheng/" + to + "\n    \"on\": \"2024-03-18\"\n    reason: 改名\n    title: 老年助餐点\n"
	}
	r := testrepo.Valid(t).Put("metadata/aliases.yaml", "aliases:\n"+alias("oldest", "older")+alias("older", "community-canteens")+alias("lost", "nowhere")+alias("round", "about")+alias("about", "round"))
	docs, _ := documents(t, r, "2025-12-01")
	now := decode[view.Dataset](t, docs, "view/dataset/community-canteens").Title.Zh
	for _, key := range []string{"datasets-oldest", "datasets-older"} {
		v := decode[view.Tombstone](t, docs, "view/tombstone/"+key)
		if v.Moved == nil || v.Moved.URL != "/datasets/community-canteens/" || v.Moved.Text.Zh != now || v.Title != "老年助餐点" {
			t.Errorf("%s: %+v, moved to %+v; want %s", key, v, v.Moved, now)
		}
	}
	for _, key := range []string{"datasets-lost", "datasets-round", "datasets-about"} {
		if v := decode[view.Tombstone](t, docs, "view/tombstone/"+key); v.Moved != nil {
			t.Errorf("%s leads to %+v, which is not there", key, v.Moved)
		}
	}
}
