package docs_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"opendata.example/odc/tools/internal/docs"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/testrepo"
	"opendata.example/odc/tools/internal/yamldoc"
)

const root = "../../.."

// TestCurrent proves that the committed documents are what the program makes now.
func TestCurrent(t *testing.T) {
	documents, err := docs.Generate(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]bool{}
	for _, d := range documents {
		made[d.Path] = true
		have, err := os.ReadFile(filepath.Join(root, d.Path))
		if err != nil || !bytes.Equal(have, d.Data) {
			t.Errorf("%s is out of date; run: go tool odc docs", d.Path)
		}
	}
	schemas, err := fs.Glob(os.DirFS(root), "tools/doc/schema/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range schemas {
		if !made[path] {
			t.Errorf("%s is made from nothing any more; delete it", path)
		}
	}
}

// TestShippedFilesFitSchemas gives every file of metadata/ to the schema that editors use.
func TestShippedFilesFitSchemas(t *testing.T) {
	schemas := compile(t, os.DirFS(root))
	n := 0
	err := fs.WalkDir(os.DirFS(root), "metadata", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		place, ok := format.Locate(name)
		if !ok {
			return nil
		}
		src, err := fs.ReadFile(os.DirFS(root), name)
		if err != nil {
			return err
		}
		n++
		if err := schemas[place.Kind.Name].Validate(value(t, name, src)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("no file was judged")
	}
}

// TestSchemasRefuse breaks a valid entry in one place at a time.
func TestSchemasRefuse(t *testing.T) {
	repo := testrepo.Valid(t)
	schema := compile(t, repo)["catalog"]
	if err := schema.Validate(value(t, testrepo.Entry, []byte(repo.Text(testrepo.Entry)))); err != nil {
		t.Fatalf("the valid entry: %v", err)
	}
	tests := []struct{ name, from, to string }{
		{"label for a code", "domain: livelihood", "domain: 民生服务"},
		{"unknown key", "domain: livelihood", "domain: livelihood\ncolour: red"},
		{"missing key", "domain: livelihood\n", ""},
		{"computed key", "domain: livelihood", "domain: livelihood\nprovider: minzheng"},
		{"date of another form", `published_on: "2024-03-01"`, `published_on: 2024年3月1日`},
		{"published without a date", "published_on: \"2024-03-01\"\n", ""},
		{"number in quotes", "security_level: 1", `security_level: "1"`},
		{"text for a list", "    - file", "    file"},
		{"angle brackets", "title: 社区食堂名录", "title: 社区<b>食堂"},
		{"level out of range", "security_level: 1", "security_level: 5"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			broken := testrepo.Valid(t).Edit(testrepo.Entry, tt.from, tt.to)
			if schema.Validate(value(t, testrepo.Entry, []byte(broken.Text(testrepo.Entry)))) == nil {
				t.Error("accepted")
			}
		})
	}
}

func compile(t *testing.T, fsys fs.FS) map[string]*jsonschema.Schema {
	t.Helper()
	documents, err := docs.Generate(fsys)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*jsonschema.Schema{}
	for _, d := range documents {
		name, ok := strings.CutPrefix(d.Path, "tools/doc/schema/")
		if !ok {
			continue
		}
		parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(d.Data))
		if err != nil {
			t.Fatalf("%s: %v", d.Path, err)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(name, parsed); err != nil {
			t.Fatalf("%s: %v", d.Path, err)
		}
		schema, err := c.Compile(name)
		if err != nil {
			t.Fatalf("%s: %v", d.Path, err)
		}
		out[strings.TrimSuffix(name, ".json")] = schema
	}
	return out
}

// value turns a file into what a schema judges: plain numbers and booleans as such, everything else as text.
func value(t *testing.T, name string, src []byte) any {
	t.Helper()
	doc, findings := yamldoc.Parse(name, src)
	if len(findings) > 0 || doc.Root == nil {
		t.Fatalf("%s: %v", name, findings)
	}
	return plain(doc.Root)
}

func plain(n *yamldoc.Node) any {
	switch {
	case n.Null:
		return nil
	case n.Kind == yamldoc.Map:
		m := map[string]any{}
		for _, e := range n.Entries {
			m[e.Key] = plain(e.Value)
		}
		return m
	case n.Kind == yamldoc.List:
		l := make([]any, len(n.Items))
		for i, it := range n.Items {
			l[i] = plain(it)
		}
		return l
	case n.Style == yamldoc.Plain && (n.Value == "true" || n.Value == "false"):
		return n.Value == "true"
	case n.Style == yamldoc.Plain:
		if _, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return json.Number(n.Value)
		}
	}
	return n.Value
}
