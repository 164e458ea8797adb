package check

import (
	"testing"

	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/testrepo"
)

// TestOneDefectIsToldOnce breaks one thing: the only error is the one at that place, not what follows from it elsewhere.
func TestOneDefectIsToldOnce(t *testing.T) {
	tests := []struct{ name, path, from, to string }{
		{"entry that is no YAML", testrepo.Entry, "domain: livelihood", "domain:livelihood"},
		{"entry that is no text", testrepo.Entry, "title: 社区食堂名录", "title: \x00"},
		{"determinations that are no YAML", testrepo.Decisions, "determinations:", "determinations: ["},
		{"open-list entry that is no YAML", testrepo.OpenEntry, "open_level: L1", "open_level: [L1"},
		{"vocabulary that is no YAML", "metadata/vocab/open_type.yaml", "values:", "values: ["},
		{"label for a determined value", testrepo.Entry, "open:\n  type: unconditional", "open:\n  type: 无条件开放"},
		{"day that does not exist", testrepo.Entry, `published_on: "2024-03-01"`, `published_on: "2024-02-30"`},
		{"day of an Excel sheet", testrepo.Entry, `published_on: "2024-03-01"`, "published_on: 45352"},
		{"wide blank behind a code", testrepo.Entry, "open:\n  type: unconditional", "open:\n  type: unconditional\u3000"},
		{"code in quotes of Word", testrepo.Entry, `"307031310105007/00000115"`, "“307031310105007/00000115”"},
		{"published without a day", testrepo.Entry, "published_on: \"2024-03-01\"\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			repo := testrepo.Valid(t).Edit(testrepo.Closed, "\nduty_basis:", "\nrelated:\n  - code: 307031310105007/00000115\n    kind: related\n\nduty_basis:")
			r, err := Tree(repo.Edit(tt.path, tt.from, tt.to), day)
			if err != nil {
				t.Fatal(err)
			}
			var seen []string
			for _, f := range r.Findings {
				if f.Severity == diag.Error {
					seen = append(seen, f.Place()+" "+f.Rule+" "+f.Message.Zh)
				}
			}
			if n := diag.Errors(r.Findings); n != 1 {
				t.Errorf("want one error, got %d: %q", n, seen)
			}
		})
	}
}

// TestCopyUnderAnotherBody copies an entry: the copy is a repeated id, and the records of the original still have theirs.
func TestCopyUnderAnotherBody(t *testing.T) {
	repo := testrepo.Valid(t)
	repo.Put("metadata/catalog/fuban/community-canteens.yaml", repo.Text(testrepo.Entry))
	r, err := Tree(repo, day)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Severity == diag.Error && f.Rule != "R14" {
			t.Errorf("%s: %s [%s]", f.Place(), f.Message.Zh, f.Rule)
		}
	}
}
