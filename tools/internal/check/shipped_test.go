package check

import (
	"os"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/rule"
)

// TestShippedTree holds the shipped records to the rules: no error, on a day when the regime was in force.
func TestShippedTree(t *testing.T) {
	day := calendar.MustDate("2025-12-01")
	r, err := Tree(os.DirFS("../../.."), rule.Env{AsOf: day, Today: calendar.MustDate("2026-11-24")})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Catalog.Entries) < 120 || len(r.Catalog.OpenEntries) < 60 {
		t.Errorf("%d catalogue and %d open-list entries", len(r.Catalog.Entries), len(r.Catalog.OpenEntries))
	}
	for _, f := range r.Findings {
		if f.Severity == diag.Error {
			t.Errorf("%s: %s [%s]", f.Place(), f.Message.Zh, f.Rule)
		}
	}
}
