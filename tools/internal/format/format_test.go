package format_test

import (
	"regexp"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/format"
)

func TestLocate(t *testing.T) {
	tests := []struct{ path, kind, dept, id string }{
		{"metadata/catalog/minzheng/care-homes.yaml", "catalog", "minzheng", "care-homes"},
		{"metadata/openlist/minzheng/care-homes.yaml", "openlist", "minzheng", "care-homes"},
		{"metadata/determinations/minzheng/care-homes.yaml", "determinations", "minzheng", "care-homes"},
		{"metadata/departments/minzheng.yaml", "departments", "", "minzheng"},
		{"metadata/calendar/2025.yaml", "calendar", "", "2025"},
		{"metadata/policy.yaml", "policy", "", ""},
		{"metadata/municipal/mapping.yaml", "mapping", "", ""},
		{"datasets/minzheng/care-homes/releases/2025-11-20.2.yaml", "release", "minzheng", "2025-11-20.2"},
		{"datasets/minzheng/care-homes/beds.csv.ref.yaml", "ref", "minzheng", "beds.csv"},
		{"metadata/catalog/care-homes.yaml", "", "", ""},
		{"metadata/catalog/minzheng/sub/care-homes.yaml", "", "", ""},
		{"metadata/catalog/minzheng/care-homes.yml", "", "", ""},
		{"metadata/catalog/minzheng/.yaml", "", "", ""},
		{"datasets/minzheng/care-homes/beds.csv", "", "", ""},
		{"", "", "", ""},
	}
	for _, tt := range tests {
		p, ok := format.Locate(tt.path)
		if ok != (tt.kind != "") {
			t.Errorf("%s: found %v", tt.path, ok)
			continue
		}
		if ok && (p.Kind.Name != tt.kind || p.Dept != tt.dept || p.ID != tt.id) {
			t.Errorf("%s: %s %q %q", tt.path, p.Kind.Name, p.Dept, p.ID)
		}
	}
}

func TestFieldByPath(t *testing.T) {
	k, _ := format.Lookup("catalog")
	for path, key := range map[string]string{"open.type": "type", "items[12].constraints.pattern": "pattern", "share.legal_basis[0].law": "law"} {
		if f, ok := k.Field(path); !ok || f.Key != key {
			t.Errorf("%s: %v %v", path, f, ok)
		}
	}
	for _, path := range []string{"nonsense", "open.nonsense", "title.more"} {
		if _, ok := k.Field(path); ok {
			t.Errorf("%s was found", path)
		}
	}
	regime, _ := format.Lookup("regimes")
	if f, ok := regime.Field("deadlines.access_review.unit"); !ok || f.Key != "unit" {
		t.Errorf("a field below free keys: %v %v", f, ok)
	}
}

// TestTable holds what every row of the table must have.
func TestTable(t *testing.T) {
	for _, k := range format.Kinds() {
		if k.Zh == "" || k.En == "" || k.IntroZh == "" || k.IntroEn == "" {
			t.Errorf("%s has no names or introduction", k.Name)
		}
		checkFields(t, k.Name, k.Fields)
	}
}

func checkFields(t *testing.T, path string, fields []format.Field) {
	seen := map[string]bool{}
	for _, f := range fields {
		at := path + "." + f.Key
		if seen[f.Key] {
			t.Errorf("%s occurs twice", at)
		}
		seen[f.Key] = true
		switch {
		case f.Zh == "" || f.En == "" || f.Type == "":
			t.Errorf("%s lacks a name or a type", at)
		case (f.HelpZh == "") != (f.HelpEn == ""):
			t.Errorf("%s has help in one language only", at)
		case (f.Type == format.Object) != (len(f.Fields) > 0):
			t.Errorf("%s: an object has fields and nothing else has", at)
		case (f.Type == format.Map) != (f.Value != nil):
			t.Errorf("%s: a map has a value and nothing else has", at)
		case f.Max > 0 && f.Min > f.Max, f.MaxItems > 0 && f.MinItems > f.MaxItems:
			t.Errorf("%s: its bounds exclude everything", at)
		case f.Required && f.Default != "":
			t.Errorf("%s is required and has a default", at)
		}
		if f.Pattern != "" {
			re, err := regexp.Compile(f.Pattern)
			if err != nil || !strings.HasPrefix(f.Pattern, "^") || !strings.HasSuffix(f.Pattern, "$") {
				t.Errorf("%s: pattern %q: %v", at, f.Pattern, err)
			} else if f.Example != "" && !re.MatchString(f.Example) {
				t.Errorf("%s: the example %q does not fit its pattern", at, f.Example)
			}
		}
		checkFields(t, at, f.Fields)
		if f.Value != nil {
			checkFields(t, at+".*", f.Value.Fields)
		}
	}
}
