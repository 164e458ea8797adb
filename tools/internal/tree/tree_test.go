package tree_test

import (
	"testing"

	"opendata.example/odc/tools/internal/testrepo"
	"opendata.example/odc/tools/internal/tree"
)

func TestLoadValid(t *testing.T) {
	c, at, findings, err := tree.Load(testrepo.Valid(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Errorf("%s:%d:%d: [%s] %s", f.Path, f.Line, f.Column, f.Rule, f.Message.Zh)
	}
	if len(c.Entries) != 3 || len(c.OpenEntries) != 2 || len(c.Departments) != 2 || len(c.Laws) != 4 {
		t.Errorf("got %d entries, %d open entries, %d departments", len(c.Entries), len(c.OpenEntries), len(c.Departments))
	}
	if line, _ := at.At(testrepo.Entry, "items[2].constraints.minimum"); line != testrepo.Valid(t).Line(testrepo.Entry, `minimum: "0"`) {
		t.Errorf("position of a nested field: line %d", line)
	}
}
