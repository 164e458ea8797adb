package listing_test

import (
	"encoding/json"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/listing"
	"opendata.example/odc/tools/internal/testrepo"
	"opendata.example/odc/tools/internal/tree"
)

func load(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, _, _, err := tree.Load(testrepo.Valid(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFilters(t *testing.T) {
	c := load(t)
	tests := []struct {
		name, kind string
		filter     listing.Filter
		want       string
	}{
		{"all entries", "catalog", listing.Filter{}, "hotline-orders assistance-recipients community-canteens"},
		{"of a department", "catalog", listing.Filter{Dept: "fuban"}, "hotline-orders"},
		{"of a domain and opening", "catalog", listing.Filter{Domain: "society", Open: "closed"}, "assistance-recipients"},
		{"of a status nobody has", "catalog", listing.Filter{Status: "draft"}, ""},
		{"datasets of a domain", "openlist", listing.Filter{Domain: "livelihood"}, "community-canteens"},
		{"departments", "departments", listing.Filter{}, "fuban minzheng"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := listing.Rows(c, tt.kind, tt.filter)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, r := range table.Rows {
				ids = append(ids, r[0])
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	for _, kind := range listing.Kinds() {
		if _, err := listing.Rows(c, kind, listing.Filter{}); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := listing.Rows(c, "laws", listing.Filter{Dept: "fuban"}); err == nil {
		t.Error("a filter without meaning was accepted")
	}
}

func TestPrint(t *testing.T) {
	table := listing.Table{Keys: []string{"id", "title", "n"}, Rows: [][]string{{"a", "社区食堂", "1"}, {"bb", "x", "22"}}}
	var text strings.Builder
	if err := table.Print(&text); err != nil {
		t.Fatal(err)
	}
	if want := "id  title     n\na   社区食堂  1\nbb  x         22\n"; text.String() != want {
		t.Errorf("got\n%s", text.String())
	}
	for _, rows := range [][][]string{nil, table.Rows} {
		var out strings.Builder
		table.Rows = rows
		if err := table.PrintJSON(&out); err != nil {
			t.Fatal(err)
		}
		var back []map[string]string
		if err := json.Unmarshal([]byte(out.String()), &back); err != nil || len(back) != len(rows) {
			t.Errorf("%v: %s", err, out.String())
		}
	}
}
