package draft_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"opendata.example/odc/tools/internal/draft"
	"opendata.example/odc/tools/internal/testrepo"
)

func TestNewRefuses(t *testing.T) {
	repo := testrepo.Valid(t)
	repo.Edit("metadata/aliases.yaml", "aliases: []", "aliases:\n  - from: catalog:fuban/old-things\n    on: \"2025-01-01\"\n    reason: 资源已撤销")
	tests := []struct{ name, kind, id, want string }{
		{"a kind that tools write", "release", "x", "choose catalog"},
		{"an unknown kind", "thing", "x", "choose catalog"},
		{"no department", "catalog", "things", "not <dept>/<id>"},
		{"an unknown department", "catalog", "nobody/things", `no organisation "nobody"`},
		{"a department by its name", "catalog", "民政局/things", "write minzheng"},
		{"an existing file", "departments", "minzheng", "exists"},
		{"an id of another department", "catalog", "fuban/community-canteens", "is taken by"},
		{"a dataset id of another department", "openlist", "fuban/community-canteens", "is taken by"},
		{"a withdrawn id, in any department", "catalog", "minzheng/old-things", "never reused"},
		{"a reserved id", "openlist", "minzheng/all", "reserved"},
		{"a short id", "laws", "a", "2 to 80"},
		{"a path", "laws", "../../x", "lower-case"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := draft.New(repo, tt.kind, tt.id)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestSerialIsNeverReused(t *testing.T) {
	repo := testrepo.Valid(t)
	repo.Put("metadata/departments/tiyu.yaml", strings.Replace(repo.Text(testrepo.Department), `serial: "007"`, `serial: "031"`, 1))
	d, err := draft.New(repo, "departments", "dangan")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(d.Text()), `serial: "032"`) {
		t.Errorf("got\n%s", d.Text())
	}
}

// TestOpenListFollowsItsEntry: a conditional entry gives its condition, and only items that are not closed.
func TestOpenListFollowsItsEntry(t *testing.T) {
	repo := testrepo.Valid(t)
	repo.Edit(testrepo.Conditional, "    description: 答复诉求人的日期", "    description: 答复诉求人的日期\n    open_type: closed\n    open_reason: 与案件有关，不宜开放")
	d, err := draft.New(repo, "openlist", "fuban/orders-again")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Set("catalog_id", "fuban/hotline-orders"); err != nil {
		t.Fatal(err)
	}
	text := string(d.Text())
	for _, want := range []string{`serial: "02"`, "open_type: conditional", "open_level: L2", "不得据此推断诉求人身份", "  - order_no\n  - category\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "closed_on") {
		t.Errorf("a closed item is opened:\n%s", text)
	}
}

func TestMissingIsInOrderAndShrinks(t *testing.T) {
	d, err := draft.New(testrepo.Valid(t), "laws", "cn-example")
	if err != nil {
		t.Fatal(err)
	}
	missing := func() (out []string) {
		for q := range d.Missing() {
			out = append(out, q.Path)
		}
		return out
	}
	if got := missing(); !slices.Equal(got, []string{"title", "issuer", "level"}) {
		t.Errorf("got %v", got)
	}
	if err := d.Set("level", "规范性文件"); err != nil {
		t.Fatal(err)
	}
	if got := missing(); !slices.Equal(got, []string{"title", "issuer"}) || !strings.Contains(string(d.Text()), "level: normative_document") {
		t.Errorf("a label did not become its code: %v\n%s", got, d.Text())
	}
	for _, path := range []string{"", "nonsense", "articles", "title.x", "amended[999999999].on.x"} {
		if err := d.Set(path, "x"); err == nil {
			t.Errorf("%q was set", path)
		}
	}
	if err := d.Set("articles[999999999].no", "1"); err != nil || len(d.Text()) > 1000 {
		t.Errorf("a far item: %v, %d bytes", err, len(d.Text()))
	}
}

func TestInterview(t *testing.T) {
	repo := testrepo.Valid(t)
	ask := func(answers ...string) func(string) (string, bool) {
		return func(string) (string, bool) {
			if len(answers) == 0 {
				return "", false
			}
			a := answers[0]
			answers = answers[1:]
			return a, true
		}
	}
	begin := func() *draft.Draft {
		d, err := draft.New(repo, "laws", "cn-example")
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if _, err := draft.Interview(repo, begin(), ask("某办法")); !errors.Is(err, draft.ErrUnanswered) {
		t.Errorf("unanswered: %v", err)
	}
	findings, err := draft.Interview(repo, begin(), ask("某办法", "", "长宁区人民政府", "规范性文件"))
	if err != nil || len(findings) != 1 || findings[0].Field != "doc_no" {
		t.Errorf("a law without number: %v %v", findings, err)
	}
	d := begin()
	findings, err = draft.Interview(repo, d, ask("某办法", "长宁区人民政府", "规范性文件", "长府规〔2024〕9号"))
	if err != nil || len(findings) > 0 || !strings.Contains(string(d.Text()), "doc_no: 长府规〔2024〕9号") {
		t.Errorf("%v %v\n%s", findings, err, d.Text())
	}
	if _, err := fs.Stat(repo, d.Path); err == nil {
		t.Error("the interview wrote a file")
	}
	// A draft in a folder that does not exist yet is judged all the same.
	repo.MapFS["metadata/openlist"] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
	first, err := draft.New(repo, "determinations", "fuban/hotline-orders-2")
	if err != nil {
		t.Fatal(err)
	}
	if findings, err := first.Check(repo); err != nil || len(findings) == 0 {
		t.Errorf("an unfinished draft has no findings: %v", err)
	}
}
