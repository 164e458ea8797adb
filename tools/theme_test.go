package tools

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/export"
	"opendata.example/odc/tools/internal/query"
	"opendata.example/odc/tools/internal/yamldoc"
)

const theme = "themes/portal"

// composed are the texts whose key a template puts together, with every value that the records can give it.
var composed = map[string][]string{
	"clock_%s": {string(calendar.OnTime), string(calendar.DueSoon), string(calendar.Late), string(calendar.VeryLate)},
	"event_%s": {export.Created, export.MetadataUpdated, export.DataUpdated, export.SchemaChanged, export.Suspended,
		export.Resumed, export.Withdrawn},
	"law_%s":          {"in_force", "not_yet", "lapsed", "unknown"},
	"nav_%s":          {"datasets", "domains", "departments", "stats", "changes", "about"},
	"notice_%s":       {"illustrative", "lapsed", "suspended", "unverified"},
	"notice_%s_text":  {"illustrative", "lapsed", "suspended", "unverified"},
	"search_facet_%s": facetNames(),
	"total_%s":        {"dataset", "entry"},
}

func facetNames() []string {
	var out []string
	for _, f := range query.Facets() {
		out = append(out, string(f))
	}
	return out
}

// TestTexts holds the texts of the portal together: both languages have the same keys with the same blanks to fill,
// each key that a template asks for exists, and none is left over.
func TestTexts(t *testing.T) {
	zh, en := texts(t, "zh"), texts(t, "en")
	asked, patterns := askedTexts(t)
	for pattern, where := range patterns {
		values, ok := composed[pattern]
		if !ok {
			t.Errorf("%s asks for %q; name its values in composed", where, pattern)
		}
		for _, v := range values {
			asked[strings.Replace(pattern, "%s", v, 1)] = where
		}
	}
	for pattern := range composed {
		if patterns[pattern] == "" {
			t.Errorf("no template asks for %q; take it out of composed", pattern)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		if _, ok := zh[key]; !ok {
			t.Errorf("%s asks for %q, which i18n/zh.yaml does not hold", asked[key], key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		if asked[key] == "" {
			t.Errorf("i18n: no template asks for %q", key)
		}
		if _, ok := en[key]; !ok {
			t.Errorf("i18n/en.yaml lacks %q", key)
		} else if a, b := blanks(zh[key]), blanks(en[key]); !slices.Equal(a, b) {
			t.Errorf("i18n: %q has the blanks %v in Chinese, %v in English", key, a, b)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := zh[key]; !ok {
			t.Errorf("i18n/zh.yaml lacks %q", key)
		}
	}
}

// texts reads a file of texts strictly: a key that stands twice is a finding. The forms of a number are joined.
func texts(t *testing.T, language string) map[string]string {
	t.Helper()
	name := path.Join(theme, "i18n", language+".yaml")
	src, err := fs.ReadFile(os.DirFS(root), name)
	if err != nil {
		t.Fatal(err)
	}
	doc, findings := yamldoc.Parse(name, src)
	for _, f := range findings {
		t.Errorf("%s: %s", f.Place(), f.Message.En)
	}
	out := map[string]string{}
	for _, e := range doc.Root.Entries {
		text := e.Value.Value
		for _, form := range e.Value.Entries {
			text += form.Value.Value + "\n"
		}
		if strings.TrimSpace(text) == "" {
			t.Errorf("%s:%d: %q is empty", name, e.Line, e.Key)
		}
		out[e.Key] = text
	}
	return out
}

var blank = regexp.MustCompile(`\{\{ *\.(\w+) *\}\}`)

// blanks are the names that a text expects to be given. The number that chooses a form needs not be shown.
func blanks(text string) []string {
	seen := map[string]bool{}
	for _, m := range blank.FindAllStringSubmatch(text, -1) {
		seen[m[1]] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

var (
	askFor  = regexp.MustCompile(`(?:^|[\s({])T ("\w+"|\()`)
	literal = regexp.MustCompile(`"([a-z][a-z0-9_]*(?:%s[a-z0-9_]*)?)"`)
)

// askedTexts finds in the templates each key given to T, and the patterns of keys that are put together there, with
// the template that asks.
func askedTexts(t *testing.T) (keys, patterns map[string]string) {
	t.Helper()
	keys, patterns = map[string]string{}, map[string]string{}
	walkProject(t, func(name string, src []byte) {
		if !strings.HasPrefix(name, theme+"/layouts/") && !strings.HasPrefix(name, "content/") {
			return
		}
		for _, at := range askFor.FindAllSubmatchIndex(src, -1) {
			argument := string(src[at[2]:at[3]])
			if argument == "(" {
				argument = conditionless(parenthesis(string(src[at[2]:])))
			}
			for _, m := range literal.FindAllStringSubmatch(argument, -1) {
				if strings.Contains(m[1], "%s") {
					patterns[m[1]] = name
				} else {
					keys[m[1]] = name
				}
			}
		}
	})
	return keys, patterns
}

// parenthesis cuts a text after the parenthesis that closes its first one.
func parenthesis(s string) string {
	depth := 0
	for i, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s[:i+1]
			}
		}
	}
	return s
}

var comparison = regexp.MustCompile(`\((?:eq|ne|or|and|gt|lt|not)\b[^()]*(?:\([^()]*\)[^()]*)*\)`)

// conditionless leaves out comparisons: their texts are values, not keys.
func conditionless(s string) string { return comparison.ReplaceAllString(s, "") }
