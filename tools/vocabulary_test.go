package tools

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/tree"
)

// spoken are vocabularies that no field takes its values from, and what they are for.
var spoken = map[string]string{
	"security_level": "names the numbers 1 to 4 of the field security_level on pages and in feeds",
}

// TestEveryVocabularyHasAUser asks for a field or a line of the municipal mapping that takes its values from each
// vocabulary. A list that nobody uses is a promise nobody keeps.
func TestEveryVocabularyHasAUser(t *testing.T) {
	c, _, _, err := tree.Load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	users := map[string]bool{}
	for _, kind := range format.Kinds() {
		for _, id := range kind.Vocabularies() {
			users[id] = true
		}
	}
	for _, part := range [][]catalog.MappingField{c.Mapping.Columns, c.Mapping.JSON, c.Mapping.Core} {
		mapped(part, users)
	}
	for _, id := range slices.Sorted(maps.Keys(c.Vocabularies)) {
		switch {
		case !users[id] && spoken[id] == "":
			t.Errorf("metadata/vocab/%s.yaml: neither a field nor the municipal mapping uses it", id)
		case users[id] && spoken[id] != "":
			t.Errorf("vocabulary %s has a user by now; take it out of spoken", id)
		}
	}
	for id := range users {
		if c.Vocabularies[id] == nil {
			t.Errorf("vocabulary %s is used and does not exist", id)
		}
	}
	for id := range spoken {
		if c.Vocabularies[id] == nil {
			t.Errorf("vocabulary %s does not exist; take it out of spoken", id)
		}
	}
}

func mapped(fields []catalog.MappingField, users map[string]bool) {
	for _, f := range fields {
		if id, _, ok := strings.Cut(f.Vocab, "."); ok {
			users[id] = true
		}
		mapped(f.Fields, users)
	}
}
