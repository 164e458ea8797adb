// Package listing shows records as a table for people or as JSON for programs: one line a record, filtered by what
// people ask for. It decides nothing; what it lists is what the catalogue holds.
//
//	rows, err := listing.Rows(c, "openlist", listing.Filter{Dept: "minzheng"})
//	rows.Print(os.Stdout)
package listing

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"opendata.example/odc/tools/internal/catalog"
)

// Kinds that can be listed.
func Kinds() []string { return []string{"catalog", "openlist", "departments", "laws", "vocab"} }

// Filter keeps the records that match every field set.
type Filter struct {
	Dept   catalog.Dept
	Domain catalog.Code
	Open   catalog.Code // open_type
	Status catalog.Code
}

// Table is a list of records.
type Table struct {
	Keys []string // of the JSON form, and the head of the table
	Rows [][]string
}

// Rows lists the records of a kind, in the order of the catalogue.
func Rows(c *catalog.Catalog, kind string, f Filter) (Table, error) {
	switch kind {
	case "catalog":
		return entries(c, f), nil
	case "openlist":
		return openEntries(c, f), nil
	}
	if f != (Filter{}) {
		return Table{}, fmt.Errorf("filters apply to catalog and openlist, not to %s", kind)
	}
	switch kind {
	case "departments":
		return departments(c), nil
	case "laws":
		return laws(c), nil
	case "vocab":
		return vocabularies(c), nil
	}
	return Table{}, fmt.Errorf("no list of %q: choose %s", kind, strings.Join(Kinds(), ", "))
}

func (f Filter) match(dept catalog.Dept, domain, open, status catalog.Code) bool {
	return (f.Dept == "" || f.Dept == dept) && (f.Domain == "" || f.Domain == domain) &&
		(f.Open == "" || f.Open == open) && (f.Status == "" || f.Status == status)
}

func entries(c *catalog.Catalog, f Filter) Table {
	t := Table{Keys: []string{"id", "dept", "title", "domain", "share", "open", "status", "opened"}}
	for _, e := range c.Entries {
		if f.match(e.Dept, e.Domain, e.Open.Type, e.Status) {
			t.add(string(e.ID), string(e.Dept), e.Title, string(e.Domain), string(e.Share.Type), string(e.Open.Type), string(e.Status), fmt.Sprint(len(e.Opened)))
		}
	}
	return t
}

func openEntries(c *catalog.Catalog, f Filter) Table {
	t := Table{Keys: []string{"id", "dept", "title", "domain", "open", "status", "kind", "updated"}}
	for _, o := range c.OpenEntries {
		var domain catalog.Code
		if o.Entry != nil {
			domain = o.Entry.Domain
		}
		if f.match(o.Dept, domain, o.OpenType, o.Status) {
			t.add(string(o.ID), string(o.Dept), o.Name(), string(domain), string(o.OpenType), string(o.Status), string(o.ResourceKind), o.Updated().String())
		}
	}
	return t
}

func departments(c *catalog.Catalog) Table {
	t := Table{Keys: []string{"id", "serial", "name", "short_name", "type", "entries", "datasets"}}
	count, opened := map[catalog.Dept]int{}, map[catalog.Dept]int{}
	for _, e := range c.Entries {
		count[e.Dept]++
	}
	for _, o := range c.OpenEntries {
		opened[o.Dept]++
	}
	for _, d := range c.Departments {
		t.add(string(d.ID), d.Serial, d.Name, d.ShortName, string(d.OrgType), fmt.Sprint(count[d.ID]), fmt.Sprint(opened[d.ID]))
	}
	return t
}

func laws(c *catalog.Catalog) Table {
	t := Table{Keys: []string{"id", "title", "doc_no", "level", "in_force_from", "in_force_to", "text_verified"}}
	for _, id := range c.LawIDs() {
		l := c.Laws[id]
		t.add(string(id), l.Title, l.DocNo, string(l.Level), l.InForceFrom.String(), l.InForceTo.String(), fmt.Sprint(l.TextVerified))
	}
	return t
}

func vocabularies(c *catalog.Catalog) Table {
	t := Table{Keys: []string{"id", "title", "values", "verified"}}
	var ids []string
	for id := range c.Vocabularies {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		v := c.Vocabularies[id]
		t.add(id, v.Title, fmt.Sprint(len(v.Values)), fmt.Sprint(v.Verified))
	}
	return t
}

func (t *Table) add(cells ...string) { t.Rows = append(t.Rows, cells) }

// Print writes aligned columns; a Chinese character is two columns wide.
func (t Table) Print(w io.Writer) error {
	widths := make([]int, len(t.Keys))
	all := append([][]string{t.Keys}, t.Rows...)
	for _, row := range all {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, row := range all {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			b.WriteString(strings.Repeat(" ", widths[i]-columns(cell)+2))
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// PrintJSON writes an array of objects, one a line, with the keys in the order of the table.
func (t Table) PrintJSON(w io.Writer) error {
	var b strings.Builder
	b.WriteString("[")
	for i, row := range t.Rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n{")
		for j, cell := range row {
			if j > 0 {
				b.WriteString(", ")
			}
			value, err := json.Marshal(cell)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "%q: %s", t.Keys[j], value)
		}
		b.WriteString("}")
	}
	if len(t.Rows) > 0 {
		b.WriteString("\n")
	}
	b.WriteString("]\n")
	_, err := io.WriteString(w, b.String())
	return err
}
