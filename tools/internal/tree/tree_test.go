package tree_test

import (
	"reflect"
	"testing"

	"opendata.example/odc/tools/internal/diag"
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

// TestSettingsAreThoseOfTheWholeTree: the narrow reader says what the wide one says, also of broken files.
func TestSettingsAreThoseOfTheWholeTree(t *testing.T) {
	for name, change := range map[string]func(*testrepo.Repo){
		"valid":                func(*testrepo.Repo) {},
		"no keys":              func(r *testrepo.Repo) { r.Remove("metadata/keys.yaml") },
		"keys that are broken": func(r *testrepo.Repo) { r.Put("metadata/keys.yaml", "keys: [\n") },
		"unknown publisher":    func(r *testrepo.Repo) { r.Edit("metadata/policy.yaml", "publisher: fuban", "publisher: nobody") },
	} {
		repo := testrepo.Valid(t)
		repo.Put("metadata/keys.yaml", "keys: []\n")
		change(repo)
		c, _, all, err := tree.Load(repo)
		if err != nil {
			t.Fatal(err)
		}
		var want []diag.Finding
		for _, f := range all {
			if f.Path == "metadata/policy.yaml" || f.Path == "metadata/keys.yaml" {
				want = append(want, f)
			}
		}
		policy, keys, got, err := tree.Settings(repo)
		if err != nil || !reflect.DeepEqual(policy, c.Policy) || !reflect.DeepEqual(keys, c.Keys) || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\ngot  %+v %+v %+v\nwant %+v %+v %+v", name, err, policy, keys, got, c.Policy, c.Keys, want)
		}
	}
}
