package tools

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/tree"
)

var update = flag.Bool("update", false, "write the data files that repeat the records")

// copies are the data files that publish what the records themselves say.
var copies = []struct {
	dataset catalog.ID
	file    string
	make    func(*catalog.Catalog) ([]byte, error)
}{
	{"division-codes", "division-codes.csv", divisionCodes},
	{"organisations", "organisations.json", organisations},
	{"vocabularies", "vocabularies.csv", vocabularies},
}

// TestPublishedFactsFollowTheRecords holds the data files about the catalogue itself to the catalogue.
func TestPublishedFactsFollowTheRecords(t *testing.T) {
	c, _, _, err := tree.Load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range copies {
		o := c.Dataset(f.dataset)
		if o == nil {
			t.Errorf("dataset %s is gone; take it out of copies", f.dataset)
			continue
		}
		name := path.Join(root, o.Folder(), f.file)
		want, err := f.make(c)
		if err != nil {
			t.Fatal(err)
		}
		have, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(have, want) {
			continue
		}
		if !*update {
			t.Errorf("%s does not say what metadata/ says now; run:\n\tgo test ./tools -run PublishedFacts -update\n\tgo tool odc data --release %s", name, f.dataset)
			continue
		}
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// divisionCodes lists the district and its parts; their kind is the last word of the name.
func divisionCodes(c *catalog.Catalog) ([]byte, error) {
	rows := [][]string{{"code", "name", "name_en", "kind", "parent"}}
	for _, t := range c.TermsOf("region") {
		if t.Parent == "" {
			continue // the city
		}
		kind := ""
		for _, k := range []string{"街道", "镇", "区"} {
			if strings.HasSuffix(t.Zh, k) {
				kind = k
				break
			}
		}
		rows = append(rows, []string{string(t.Code), t.Zh, t.En, kind, string(t.Parent)})
	}
	return lines(rows)
}

// vocabularies lists the terms of all lists, the lists in order of id.
func vocabularies(c *catalog.Catalog) ([]byte, error) {
	rows := [][]string{{"vocabulary", "code", "zh", "en", "parent"}}
	for _, id := range slices.Sorted(maps.Keys(c.Vocabularies)) {
		for _, t := range c.TermsOf(id) {
			rows = append(rows, []string{id, string(t.Code), t.Zh, t.En, string(t.Parent)})
		}
	}
	return lines(rows)
}

func lines(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// organisations lists the bodies in order of their serials, one a line.
func organisations(c *catalog.Catalog) ([]byte, error) {
	departments := slices.Clone(c.Departments)
	slices.SortFunc(departments, func(a, b *catalog.Department) int { return cmp.Compare(a.Serial, b.Serial) })
	var b bytes.Buffer
	b.WriteString("[\n")
	for i, d := range departments {
		b.WriteString("  {")
		for j, m := range [][2]string{
			{"id", string(d.ID)}, {"serial", d.Serial}, {"name", d.Name}, {"short_name", d.ShortName},
			{"name_en", d.NameEn}, {"org_type", string(d.OrgType)}, {"region", string(d.Region)},
		} {
			value, err := json.Marshal(m[1])
			if err != nil {
				return nil, err
			}
			if j > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%q: %s", m[0], value)
		}
		b.WriteString("}")
		if i < len(departments)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	return b.Bytes(), nil
}
