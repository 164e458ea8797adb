package tree

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

// ReservedIDs are names that the portal's own addresses use.
var ReservedIDs = []string{"page", "latest", "index", "all"}

// CheckID returns what is wrong with the id of a record, or nil.
func CheckID(id string) error {
	switch {
	case len(id) < 2 || len(id) > 80:
		return fmt.Errorf("标识应为2—80个字符 (an id has 2 to 80 characters, not %d)", len(id))
	case !slug.MatchString(id):
		return fmt.Errorf("标识只能用小写字母、数字和单个连字符 (%q: an id has lower-case letters, digits and single hyphens)", show(id))
	case slices.Contains(ReservedIDs, id):
		return fmt.Errorf("标识“%s”为保留字 (%q is a reserved id)", id, id)
	}
	return nil
}

// identity judges the path of the file.
func (c *checker) identity() {
	p := c.file.place
	bad := func(zh, en string, hint diag.Text) {
		c.reportAt(1, 1, "R18", "", diag.Text{Zh: zh, En: en}, hint)
	}
	switch p.Kind.Identity {
	case format.ByYear:
		if !isPeriod(p.ID) || len(p.ID) != 4 {
			bad(fmt.Sprintf("文件名“%s”应为四位年份", show(p.ID)), fmt.Sprintf("file name %q must be a year", show(p.ID)), diag.Text{Zh: "请改名为 CCYY.yaml", En: "name it CCYY.yaml"})
		}
		return
	case format.ByID, format.ByDept:
	default:
		return
	}
	if p.Kind.Name == string(catalog.KindVocabulary) {
		return // named by its id, whose pattern the table holds
	}
	if slices.Contains(ReservedIDs, p.ID) {
		bad(fmt.Sprintf("标识“%s”为保留字", p.ID), fmt.Sprintf("the id %q is reserved", p.ID), diag.Text{Zh: "请改文件名", En: "rename the file"})
	} else if CheckID(p.ID) != nil {
		bad(fmt.Sprintf("文件名“%s”不能作标识", show(p.ID)), fmt.Sprintf("file name %q cannot be an id", show(p.ID)),
			diag.Text{Zh: "标识用小写字母、数字和单个连字符，2—80个字符", En: "an id has lower-case letters, digits and single hyphens, 2 to 80 characters"})
	}
	if p.Kind.Identity == format.ByDept && !c.known.departments[p.Dept] {
		hint := diag.Text{Zh: "请先登记 metadata/departments/" + p.Dept + ".yaml", En: "register metadata/departments/" + p.Dept + ".yaml first"}
		if CheckID(p.Dept) != nil {
			hint = diag.Text{Zh: "文件夹用单位的标识命名，即 metadata/departments/ 中的文件名", En: "the folder is named by the organisation's id, the file name in metadata/departments/"}
		} else if near := nearest(p.Dept, sortedKeys(c.known.departments)); near != "" {
			hint = diag.Text{Zh: fmt.Sprintf("文件夹是否应为 %s？", near), En: fmt.Sprintf("did you mean the folder %s?", near)}
		}
		bad(fmt.Sprintf("没有标识为“%s”的单位", show(p.Dept)), fmt.Sprintf("there is no organisation %q", show(p.Dept)), hint)
	}
}

// ownName checks a key that repeats the path.
func (c *checker) ownName(key string, n *yamldoc.Node) {
	want := c.file.place.ID
	if key == "dept" {
		want = c.file.place.Dept
	}
	if n.Kind != yamldoc.Scalar || n.Value != want {
		c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("%s 与路径不一致，应为“%s”", key, want), En: fmt.Sprintf("%s differs from the path, which says %q", key, want)},
			diag.Text{Zh: "标识取自路径，请删去这一项", En: "the path is the identity; delete the key"})
	}
}

// crossFile checks references into other records, which need them decoded.
func crossFile(c *catalog.Catalog, at *Positions) []diag.Finding {
	x := &crossChecker{at: at, codes: map[string]bool{}}
	entries := 0
	for ref := range c.Files {
		if ref.Kind == catalog.KindEntry {
			entries++
		}
	}
	x.unread = entries > len(c.Entries)
	for _, e := range c.Entries {
		if _, err := catalog.ParseResourceCode(e.ResourceCode); err == nil {
			x.codes[e.ResourceCode] = true
		} else if e.ResourceCode != "" {
			x.unread = true
		}
	}
	for _, a := range c.Aliases {
		x.codes[a.Code] = true
	}
	for _, e := range c.Entries {
		x.entry(c, e)
	}
	return x.findings
}

type crossChecker struct {
	at       *Positions
	codes    map[string]bool
	unread   bool // the code of some entry could not be read
	findings []diag.Finding
}

func (x *crossChecker) report(path, field string, message, hint diag.Text) {
	line, column := x.at.At(path, field)
	x.findings = append(x.findings, diag.Finding{
		Rule: "R18", Severity: diag.Error, Path: path, Line: line, Column: column, Field: field, Message: message, Hint: hint,
	})
}

func (x *crossChecker) entry(c *catalog.Catalog, e *catalog.Entry) {
	for i, r := range e.Related {
		field := fmt.Sprintf("related[%d].code", i)
		switch {
		case r.Code == "":
		case r.Code == e.ResourceCode:
			x.report(e.Path, field, diag.Text{Zh: "关联资源不能是条目自己", En: "an entry cannot be related to itself"}, diag.Text{Zh: "请删去这一项", En: "delete it"})
		case !x.codes[r.Code] && !x.unread:
			x.report(e.Path, field, diag.Text{Zh: fmt.Sprintf("没有代码为“%s”的资源", show(r.Code)), En: fmt.Sprintf("no resource has the code %q", show(r.Code))}, diag.Text{Zh: "请核对信息资源代码；对方尚未登记的先不写", En: "compare the code; leave it out until the other is registered"})
		}
	}
	for i, it := range e.Items {
		if it.References == nil {
			continue
		}
		dept, id, _ := strings.Cut(it.References.Entry, "/")
		target := c.Entry(catalog.ID(id))
		if target == nil || target.Dept != catalog.Dept(dept) || it.References.Item == "" {
			continue // the entry's own finding says so
		}
		if target.Item(it.References.Item) == nil {
			x.report(e.Path, fmt.Sprintf("items[%d].references.item", i),
				diag.Text{Zh: fmt.Sprintf("条目 %s 没有数据项“%s”", it.References.Entry, show(it.References.Item)), En: fmt.Sprintf("entry %s has no item %q", it.References.Entry, show(it.References.Item))}, diag.Text{Zh: "请写对方条目的字段名", En: "name an item of that entry"})
		}
	}
}

// folders reports dataset folders without an open-list entry, once each.
func folders(files []*file, known *scope) []diag.Finding {
	var out []diag.Finding
	seen := map[string]bool{}
	for _, f := range files {
		dept, id, _, ok := datasetPath(f.path)
		key := string(dept) + "/" + string(id)
		if !ok || known.openEntries[key] || seen[key] {
			continue
		}
		seen[key] = true
		hint := diag.Text{Zh: "应有 metadata/openlist/" + key + ".yaml", En: "expected metadata/openlist/" + key + ".yaml"}
		if near := nearest(key, sortedKeys(known.openEntries)); near != "" {
			hint = diag.Text{Zh: "文件夹是否应为 datasets/" + near + "？", En: "did you mean datasets/" + near + "?"}
		}
		out = append(out, whole(f.path, "R18", diag.Text{Zh: "这个文件夹没有对应的开放清单条目", En: "this folder has no open-list entry"}, hint))
	}
	return out
}

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }

// dayBefore reports an end that lies before its start.
func dayBefore(start, end calendar.Date) bool {
	return !start.IsZero() && !end.IsZero() && end.Before(start)
}
