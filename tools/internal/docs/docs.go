// Package docs writes the documents that are derived from the program and its data: tools/doc/format.md, rules.md
// and the JSON Schemas in tools/doc/schema. They are committed so that editors and readers need no program; a test proves that they
// are current. It refuses to guess: vocabularies that cannot be read are an error.
//
//	files, err := docs.Generate(os.DirFS("."))
package docs

import (
	"fmt"
	"io/fs"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/tree"
)

// Document is a generated file by its path from the root of the repository.
type Document struct {
	Path string
	Data []byte
}

// Generate returns all documents in order of path.
func Generate(fsys fs.FS) ([]Document, error) {
	vocabularies, err := tree.Vocabularies(fsys)
	if err != nil {
		return nil, err
	}
	terms := func(id string) []format.Choice { return choices(vocabularies[id]) }
	rules, err := rulesDocument(fsys)
	if err != nil {
		return nil, err
	}
	out := []Document{{"tools/doc/format.md", format.Markdown()}, {"tools/doc/rules.md", rules}}
	for _, k := range format.Kinds() {
		for _, id := range k.Vocabularies() {
			if vocabularies[id] == nil {
				return nil, fmt.Errorf("vocabulary %s is missing: metadata/vocab/%s.yaml", id, id)
			}
		}
		out = append(out, Document{"tools/doc/schema/" + k.Name + ".json", k.Schema(terms)})
	}
	return out, nil
}

func choices(v *catalog.Vocabulary) []format.Choice {
	if v == nil {
		return nil
	}
	out := make([]format.Choice, len(v.Values))
	for i, t := range v.Values {
		out[i] = format.Choice{Code: string(t.Code), Zh: t.Zh, En: t.En}
	}
	return out
}
