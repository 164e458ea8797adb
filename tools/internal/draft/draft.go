// Package draft begins a new record: it knows which answers the table of fields still wants, takes them one by one and
// writes a file that the reader of metadata accepts.
//
// It refuses ids that exist, are reserved or were withdrawn, and it never invents: what cannot be derived is asked.
//
//	d, err := draft.New(fsys, "catalog", "minzheng/canteens")
//	for q := range d.Missing() { d.Set(q.Path, ask(q)) }
//	text, findings, err := d.Check(fsys)
package draft

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/tree"
	"opendata.example/odc/tools/internal/yamldoc"
)

// Kinds are the records that can be begun, by the name of their folder.
func Kinds() []string {
	return []string{"catalog", "openlist", "determinations", "departments", "laws"}
}

// KindPrompt asks for the kind of record. The Chinese name of a kind stands for it.
func KindPrompt() string {
	var b strings.Builder
	b.WriteString("起草哪一类记录？\n ")
	for _, name := range Kinds() {
		if k, ok := format.Lookup(name); ok {
			fmt.Fprintf(&b, " %s %s", name, k.Zh)
		}
	}
	return b.String()
}

// NamePrompt asks for the name.
const NamePrompt = "记录的名称：目录、清单和认定写 <单位标识>/<条目标识>，单位和法规写 <标识>；用小写字母、数字和连字符\n  例如 minzheng/care-homes"

// Draft is a record being written.
type Draft struct {
	Path string // of the file to be

	kind    *format.Kind
	catalog *catalog.Catalog
	dept    catalog.Dept
	id      catalog.ID
	root    *yamldoc.Node
}

// New begins a record named <dept>/<id>, or <id> for departments and laws.
func New(fsys fs.FS, kind, name string) (*Draft, error) {
	k := kindNamed(kind)
	if k == nil {
		return nil, fmt.Errorf("没有“%s”这类可起草的记录 (no records of kind %q can be begun: choose %s)", yamldoc.Show(kind), yamldoc.Show(kind), strings.Join(Kinds(), ", "))
	}
	c, _, _, err := tree.Load(fsys)
	if err != nil {
		return nil, err
	}
	d := &Draft{kind: k, catalog: c, root: &yamldoc.Node{Kind: yamldoc.Map}}
	if k.Identity == format.ByDept {
		dept, id, ok := strings.Cut(name, "/")
		if !ok {
			return nil, fmt.Errorf("名称应为 <单位>/<标识> (%q is not <dept>/<id>)", yamldoc.Show(name))
		}
		if c.Department(catalog.Dept(dept)) == nil {
			return nil, noOrganisation(c, dept)
		}
		d.dept, d.id = catalog.Dept(dept), catalog.ID(id)
	} else {
		d.id = catalog.ID(name)
	}
	if err := tree.CheckID(string(d.id)); err != nil {
		return nil, err
	}
	d.Path = strings.NewReplacer("<dept>", string(d.dept), "<id>", string(d.id)).Replace(k.Path)
	if err := d.free(fsys); err != nil {
		return nil, err
	}
	d.presets()
	return d, nil
}

// kindNamed finds a kind by its name or its Chinese name.
func kindNamed(name string) *format.Kind {
	for _, n := range Kinds() {
		if k, ok := format.Lookup(n); ok && (n == name || k.Zh == name) {
			return k
		}
	}
	return nil
}

// noOrganisation names the organisation that is called what was written.
func noOrganisation(c *catalog.Catalog, name string) error {
	shown := yamldoc.Show(name)
	for _, d := range c.Departments {
		if name != "" && (strings.HasSuffix(d.Name, name) || strings.HasSuffix(d.ShortName, name)) {
			return fmt.Errorf("请写单位的标识 %s，不写名称“%s” (there is no organisation %q: write %s)", d.ID, shown, shown, d.ID)
		}
	}
	return fmt.Errorf("没有标识为“%s”的单位，标识见 metadata/departments (there is no organisation %q)", shown, shown)
}

// free refuses an identity that is taken, in any department, or was once given.
func (d *Draft) free(fsys fs.FS) error {
	if _, err := fs.Stat(fsys, d.Path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("已有 %s (it exists)", d.Path)
	}
	switch d.kind.Name {
	case "catalog":
		if e := d.catalog.Entry(d.id); e != nil {
			return fmt.Errorf("标识已被占用 (the id %q is taken by %s)", d.id, e.Path)
		}
	case "openlist":
		if o := d.catalog.Dataset(d.id); o != nil {
			return fmt.Errorf("标识已被占用 (the id %q is taken by %s)", d.id, o.Path)
		}
	}
	for _, a := range d.catalog.Aliases {
		kind, name, _ := strings.Cut(a.From, ":")
		if kind == d.kind.Name && strings.HasSuffix("/"+name, "/"+string(d.id)) {
			return fmt.Errorf("标识曾经用过，不得再用 (the id %q was given before (metadata/aliases.yaml) and is never reused)", d.id)
		}
	}
	return nil
}

// presets are what follows from other records, and the state in which every record begins.
func (d *Draft) presets() {
	set := func(pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			d.put(pairs[i], pairs[i+1])
		}
	}
	switch d.kind.Name {
	case "catalog":
		set("secrecy", "non_secret", "status", "draft", "version", "0.1.0", "aggregation.status", "scheduled")
		if contacts := d.catalog.Department(d.dept).PublicContact; len(contacts) > 0 {
			set("contact", contacts[0].Key)
		}
	case "openlist":
		set("municipal.status", "pending", "status", "draft", "version", "0.1.0")
		if e := d.catalog.Entry(d.id); e != nil && e.Dept == d.dept {
			d.put("catalog_id", string(e.Dept)+"/"+string(e.ID))
		}
		d.follow()
	case "determinations":
		set("determinations[0].n", "1")
	case "departments":
		set("serial", d.nextSerial())
	case "laws":
		set("text_verified", "false")
	}
}

// follow derives what an open-list entry takes from its catalogue entry.
func (d *Draft) follow() {
	ref := d.root.Get("catalog_id")
	if ref == nil {
		return
	}
	dept, id, _ := strings.Cut(ref.Value, "/")
	e := d.catalog.Entry(catalog.ID(id))
	if e == nil || e.Dept != catalog.Dept(dept) {
		return
	}
	d.suggest("serial", fmt.Sprintf("%02d", len(e.Opened)+1))
	d.suggest("open_type", string(e.Open.Type))
	d.suggest("resource_kind", "data")
	switch e.Open.Type {
	case catalog.Unconditional:
		d.suggest("open_level", "L1")
	case catalog.Conditional:
		d.suggest("open_level", "L2")
		d.suggest("open_condition", e.Open.Condition)
	}
	if d.root.Get("items") == nil {
		var names []string
		for _, it := range e.Items {
			if it.OpenType != catalog.Closed {
				names = append(names, it.Name)
			}
		}
		d.put("items", strings.Join(names, ","))
	}
	if d.root.Get("distributions") == nil {
		d.put("distributions[0].id", "csv")
		d.put("distributions[0].title", e.Title+"（CSV 文件）")
		d.put("distributions[0].kind", "file")
		d.put("distributions[0].format", "csv")
	}
}

func (d *Draft) suggest(key, value string) {
	if d.root.Get(key) == nil && value != "" {
		d.put(key, value)
	}
}

// nextSerial is one above the highest serial of an organisation: serials are never reused.
func (d *Draft) nextSerial() string {
	highest := 0
	for _, o := range d.catalog.Departments {
		n, err := strconv.Atoi(o.Serial)
		if err == nil {
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("%03d", highest+1)
}

// Question is a required field without a value.
type Question struct {
	Path    string // "open.type", "items[0].name"
	Field   *format.Field
	Choices []format.Choice
}

// Prompt is the question in Chinese, with what helps to answer it.
func (q Question) Prompt() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s（%s）", q.Field.Zh, q.Path)
	if q.Field.List {
		b.WriteString("，多个用逗号分开")
	}
	if q.Field.HelpZh != "" {
		b.WriteString("：" + q.Field.HelpZh)
	}
	if n := len(q.Choices); n > 0 && n <= 24 {
		b.WriteString("\n ")
		for _, c := range q.Choices {
			fmt.Fprintf(&b, " %s %s", c.Code, c.Zh)
		}
	} else if q.Field.Vocab != "" {
		fmt.Fprintf(&b, "\n  代码见 metadata/vocab/%s.yaml", q.Field.Vocab)
	}
	if q.Field.Example != "" {
		b.WriteString("\n  例如 " + q.Field.Example)
	}
	return b.String()
}

// Missing yields the required fields that have no value yet, in the order of the table. A list of objects asks for
// its first element; further ones are added in the file. Values set meanwhile are taken into account.
func (d *Draft) Missing() iter.Seq[Question] {
	return func(yield func(Question) bool) {
		d.missing(d.kind.Fields, "", yield)
	}
}

func (d *Draft) missing(fields []format.Field, prefix string, yield func(Question) bool) bool {
	for i := range fields {
		f := &fields[i]
		path := prefix + f.Key
		node := d.at(path)
		switch {
		case !f.Required && node == nil, f.Derived, prefix == "" && d.kind.IsIdentity(f.Key):
		case f.Type == format.Object:
			if f.List {
				path += "[0]"
			}
			if !d.missing(f.Fields, path+".", yield) {
				return false
			}
		case node == nil:
			if !yield(d.question(path, f)) {
				return false
			}
		}
	}
	return true
}

// Question returns the question for a field by its path, for asking again.
func (d *Draft) Question(path string) (Question, bool) {
	f, ok := d.kind.Field(path)
	if !ok || f.Type == format.Object || f.Type == format.Map {
		return Question{}, false
	}
	return d.question(path, f), true
}

func (d *Draft) question(path string, f *format.Field) Question {
	q := Question{Path: path, Field: f, Choices: slices.Clone(f.Enum)}
	vocabulary := f.Vocab
	if attribute := d.at("determinations[0].attribute"); path == "determinations[0].value" && attribute != nil {
		vocabulary = attribute.Value + "_type"
	}
	if v := d.catalog.Vocabularies[vocabulary]; v != nil {
		for _, t := range v.Values {
			q.Choices = append(q.Choices, format.Choice{Code: string(t.Code), Zh: t.Zh, En: t.En})
		}
	}
	return q
}

// Set gives a field its value. A label stands for its code; lists are split at commas.
func (d *Draft) Set(path, value string) error {
	q, ok := d.Question(path)
	if !ok {
		return fmt.Errorf("没有可填写的字段“%s” (%s has no field %q that takes a value)", yamldoc.Show(path), d.kind.Name, yamldoc.Show(path))
	}
	value = strings.TrimSpace(value)
	for _, c := range q.Choices {
		if !q.Field.List && (value == c.Zh || strings.EqualFold(value, c.En)) {
			value = c.Code
		}
	}
	d.put(path, value)
	if d.kind.Name == "openlist" {
		d.follow()
	}
	return nil
}

// put stores a value, making the maps and lists on the way.
func (d *Draft) put(path, value string) {
	f, _ := d.kind.Field(path)
	node := d.root
	for part := range strings.SplitSeq(path, ".") {
		key, index, inList := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		child := node.Get(key)
		if child == nil {
			child = &yamldoc.Node{Kind: yamldoc.Map}
			node.Entries = append(node.Entries, yamldoc.Entry{Key: key, Value: child})
		}
		node = child
		if inList {
			node.Kind = yamldoc.List
			at, _ := strconv.Atoi(index)
			if at < 0 || at >= len(node.Items) { // beyond the end means the next
				at = len(node.Items)
				node.Items = append(node.Items, &yamldoc.Node{Kind: yamldoc.Map})
			}
			node = node.Items[at]
		}
	}
	node.Entries = nil
	if f != nil && f.List {
		node.Kind, node.Items = yamldoc.List, nil
		for item := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune(",，、;；", r) }) {
			node.Items = append(node.Items, &yamldoc.Node{Value: strings.TrimSpace(item)})
		}
		return
	}
	node.Kind, node.Value = yamldoc.Scalar, value
}

// drop takes a value back.
func (d *Draft) drop(path string) {
	parent, key := d.root, path
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		parent, key = d.at(path[:i]), path[i+1:]
	}
	parent.Entries = slices.DeleteFunc(parent.Entries, func(e yamldoc.Entry) bool { return e.Key == key })
}

func (d *Draft) at(path string) *yamldoc.Node {
	node := d.root
	for part := range strings.SplitSeq(path, ".") {
		key, index, inList := strings.Cut(strings.TrimSuffix(part, "]"), "[")
		node = node.Get(key)
		if node == nil {
			return nil
		}
		if inList {
			i, _ := strconv.Atoi(index)
			if i < 0 || i >= len(node.Items) {
				return nil
			}
			node = node.Items[i]
		}
	}
	return node
}

// Text is the file: the editor's line, then the record in its canonical form.
func (d *Draft) Text() []byte {
	up := strings.Repeat("../", strings.Count(d.Path, "/"))
	return yamldoc.Encode(d.root, d.kind, "# yaml-language-server: $schema="+up+"tools/doc/schema/"+d.kind.Name+".json")
}

// Check reads the repository with the draft in it and returns what is wrong with the draft.
func (d *Draft) Check(fsys fs.FS) ([]diag.Finding, error) {
	_, _, findings, err := tree.Load(overlay{fsys, d.Path, d.Text()})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(findings, func(f diag.Finding) bool { return f.Path != d.Path }), nil
}

// Pairs are settings such as "title=社区食堂名录", in the order given.
type Pairs []string

// String makes Pairs a flag.
func (p *Pairs) String() string { return strings.Join(*p, " ") }

// Set adds one pair.
func (p *Pairs) Set(v string) error {
	if key, _, ok := strings.Cut(v, "="); !ok || key == "" {
		return fmt.Errorf("want field=value, have %q", v)
	}
	*p = append(*p, v)
	return nil
}

// Apply sets the pairs on a draft.
func (p Pairs) Apply(d *Draft) error {
	for _, pair := range p {
		key, value, _ := strings.Cut(pair, "=")
		if err := d.Set(key, value); err != nil {
			return err
		}
	}
	return nil
}
