package tree

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

// checker judges one file while it decodes it.
type checker struct {
	file  *file
	known *scope
	path  []string // keys down to the place being judged; list items as "[2]"
}

func (c *checker) in(step string) { c.path = append(c.path, step) }
func (c *checker) out()           { c.path = c.path[:len(c.path)-1] }

// field is the dotted path of the place being judged, with further keys.
func (c *checker) field(more ...string) string {
	var b strings.Builder
	for _, step := range append(slices.Clip(c.path), more...) {
		if b.Len() > 0 && !strings.HasPrefix(step, "[") {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

func (c *checker) reportAt(line, column int, rule, field string, message, hint diag.Text) {
	c.file.findings = append(c.file.findings, diag.Finding{
		Rule: rule, Severity: diag.Error, Path: c.file.path, Line: line, Column: column, Field: field, Message: message, Hint: hint,
	})
}

func (c *checker) reportNode(n *yamldoc.Node, rule string, message, hint diag.Text) {
	c.reportAt(n.Line, n.Column, rule, c.field(), message, hint)
}

// object checks a map against its fields and decodes it into a struct. It reports whether there was a map at all.
func (c *checker) object(n *yamldoc.Node, fields []format.Field, into reflect.Value, root bool) bool {
	if n.Kind != yamldoc.Map {
		c.shape(n, "一组“键: 值”", "keys and values")
		return false
	}
	var repeated map[string]bool
	for i := range n.Entries {
		e := &n.Entries[i]
		if slices.ContainsFunc(n.Entries[:i], func(o yamldoc.Entry) bool { return o.Key == e.Key }) {
			if repeated == nil {
				repeated = map[string]bool{}
			}
			repeated[e.Key] = true
			continue // the door has reported it
		}
		f := findField(fields, e.Key)
		if f == nil {
			c.unknownKey(e, fields)
			continue
		}
		c.in(e.Key)
		switch {
		case f.Derived:
			c.reportAt(e.Line, e.Column, "R19", c.field(),
				diag.Text{Zh: fmt.Sprintf("“%s”（%s）由程序得出，不接受填写", f.Zh, f.Key), En: fmt.Sprintf("%q is computed and cannot be written", f.Key)},
				diag.Text{Zh: "请删去这一项", En: "delete it"})
		case root && c.file.place.Kind.IsIdentity(e.Key):
			c.ownName(e.Key, e.Value)
		case e.Value.Null:
			c.reportAt(e.Line, e.Column, "R19", c.field(),
				diag.Text{Zh: fmt.Sprintf("“%s”（%s）没有值", f.Zh, f.Key), En: fmt.Sprintf("%q has no value", f.Key)},
				diag.Text{Zh: "请填写，不需要的请删去这一项", En: "give it a value or delete it"})
		default:
			c.value(e.Value, f, structField(into, e.Key))
		}
		c.out()
	}
	for i := range fields {
		if f := &fields[i]; !f.Derived && n.Get(f.Key) == nil {
			c.absent(n, f, into)
		}
	}
	return true
}

func findField(fields []format.Field, key string) *format.Field {
	for i := range fields {
		if fields[i].Key == key {
			return &fields[i]
		}
	}
	return nil
}

// absent reports a missing required key at its parent, and fills in defaults.
func (c *checker) absent(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	if f.Required && !(len(c.path) == 0 && c.file.place.Kind.IsIdentity(f.Key)) {
		zh, en := fmt.Sprintf("请补上 %s", f.Key), fmt.Sprintf("add %s", f.Key)
		if f.HelpZh != "" {
			zh += "：" + f.HelpZh
		}
		if f.HelpEn != "" {
			en += ": " + f.HelpEn
		}
		if f.Example != "" {
			zh += fmt.Sprintf("；例如 %s", f.Example)
			en += fmt.Sprintf("; for example %s", f.Example)
		}
		c.reportAt(n.Line, n.Column, "R19", c.field(f.Key),
			diag.Text{Zh: fmt.Sprintf("缺少“%s”（%s）", f.Zh, f.Key), En: fmt.Sprintf("%q is missing", f.Key)}, diag.Text{Zh: zh, En: en})
		return
	}
	if c.isOnce(n, f) {
		c.reportAt(n.Line, n.Column, "R19", c.field(f.Key),
			diag.Text{Zh: fmt.Sprintf("状态为“%s”的条目须有“%s”（%s）", n.Get("status").Value, f.Zh, f.Key), En: fmt.Sprintf("%q is required from status %s on", f.Key, f.Once)},
			diag.Text{Zh: fmt.Sprintf("请补上 %s", f.Key), En: fmt.Sprintf("add %s", f.Key)})
		return
	}
	target := structField(into, f.Key)
	if !target.IsValid() {
		return
	}
	if f.Type == format.Object && !f.List && target.Kind() == reflect.Struct {
		fillDefaults(f.Fields, target)
	} else {
		fillDefault(f, target)
	}
}

func fillDefaults(fields []format.Field, into reflect.Value) {
	for i := range fields {
		fillDefault(&fields[i], structField(into, fields[i].Key))
	}
}

func fillDefault(f *format.Field, target reflect.Value) {
	if f.Default == "" || !target.IsValid() {
		return
	}
	switch target.Kind() {
	case reflect.String:
		target.SetString(f.Default)
	case reflect.Slice:
		list := reflect.MakeSlice(target.Type(), 1, 1)
		list.Index(0).SetString(f.Default)
		target.Set(list)
	}
}

// isOnce reports whether the record has reached the status from which a field is required.
func (c *checker) isOnce(n *yamldoc.Node, f *format.Field) bool {
	if f.Once == "" {
		return false
	}
	status := n.Get("status")
	if status == nil {
		return false
	}
	switch catalog.Code(status.Value) {
	case catalog.Registered:
		return f.Once == string(catalog.Registered)
	case catalog.Published, catalog.Suspended, catalog.Withdrawn:
		return true
	}
	return false
}

func (c *checker) unknownKey(e *yamldoc.Entry, fields []format.Field) {
	keys := make([]string, 0, len(fields))
	for _, f := range fields {
		if !f.Derived {
			keys = append(keys, f.Key)
		}
	}
	hint := diag.Text{Zh: "可用的键：" + strings.Join(keys, "、"), En: "known keys: " + strings.Join(keys, ", ")}
	label := slices.IndexFunc(fields, func(f format.Field) bool { return f.Zh == e.Key })
	near := nearest(e.Key, keys)
	if label >= 0 {
		near = fields[label].Key
	}
	if near != "" {
		hint = diag.Text{Zh: fmt.Sprintf("是否应为 %s？", near), En: fmt.Sprintf("did you mean %s?", near)}
	} else if len(keys) > 12 {
		hint = diag.Text{Zh: "可用的键见 tools/doc/format.md", En: "tools/doc/format.md lists the keys"}
	}
	c.reportAt(e.Line, e.Column, "R19", c.field(show(e.Key)),
		diag.Text{Zh: fmt.Sprintf("不认识的键“%s”", show(e.Key)), En: fmt.Sprintf("unknown key %q", show(e.Key))}, hint)
}

// shape reports that a node is not what the table asks for.
func (c *checker) shape(n *yamldoc.Node, zh, en string) {
	have := map[yamldoc.Kind]diag.Text{
		yamldoc.Scalar: {Zh: "一个值", En: "a single value"}, yamldoc.Map: {Zh: "一组“键: 值”", En: "keys and values"}, yamldoc.List: {Zh: "一个列表", En: "a list"},
	}[n.Kind]
	hint := diag.Text{Zh: "请改成" + zh + "，写法见 tools/doc/format.md", En: "write " + en + "; tools/doc/format.md shows how"}
	if n.Kind == yamldoc.Scalar && strings.Contains(n.Value, "：") {
		hint = diag.Text{Zh: "键后请用半角冒号，并空一格", En: "follow the key with an ASCII colon and a blank"}
	}
	c.reportNode(n, "R19", diag.Text{Zh: fmt.Sprintf("这里应是%s，写的是%s", zh, have.Zh), En: fmt.Sprintf("expected %s, found %s", en, have.En)}, hint)
}

// value checks and decodes the value of a field. The target may be invalid: then the value is only checked.
func (c *checker) value(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	switch {
	case f.List:
		c.list(n, f, into)
	case f.Type == format.Codelist:
		c.codelist(n, f, into)
	case f.Type == format.Map:
		c.mapping(n, f.Value, into)
	case f.Type == format.Object:
		if into.Kind() == reflect.Pointer {
			target := reflect.New(into.Type().Elem())
			if c.object(n, f.Fields, target.Elem(), false) {
				into.Set(target)
			}
			return
		}
		c.object(n, f.Fields, into, false)
	case n.Kind != yamldoc.Scalar:
		c.shape(n, "一个值", "a single value")
	default:
		c.scalar(n, f, into)
	}
}

func (c *checker) list(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	if n.Kind != yamldoc.List {
		c.shape(n, "一个列表（每项以“- ”开头）", "a list (items begin with “- ”)")
		return
	}
	if len(n.Items) < f.MinItems {
		c.reportNode(n, "R19", diag.Text{Zh: fmt.Sprintf("“%s”至少要有%d项", f.Zh, f.MinItems), En: fmt.Sprintf("at least %d of %q", f.MinItems, f.Key)}, diag.Text{Zh: "请补上，或删去整项", En: "add some, or delete the key"})
	}
	if f.MaxItems > 0 && len(n.Items) > f.MaxItems {
		c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("“%s”有%d项，至多%d项", f.Zh, len(n.Items), f.MaxItems), En: fmt.Sprintf("%d of %q, at most %d", len(n.Items), f.Key, f.MaxItems)}, diag.Text{Zh: "请只留最要紧的", En: "keep the most important"})
	}
	one := *f
	one.List = false
	if into.IsValid() {
		into.Set(reflect.MakeSlice(into.Type(), len(n.Items), len(n.Items)))
	}
	for i, it := range n.Items {
		c.in("[" + strconv.Itoa(i) + "]")
		var target reflect.Value
		if into.IsValid() {
			target = into.Index(i)
		}
		if it.Null {
			c.reportNode(it, "R19", diag.Text{Zh: "列表项是空的", En: "an empty list item"}, diag.Text{Zh: "请填写或删去这一行", En: "fill it in or delete the line"})
		} else {
			c.value(it, &one, target)
		}
		c.out()
	}
	if f.Type != format.Object {
		c.repeatedItems(n, f)
	}
}

// repeatedItems reports equal values of a list of scalars.
func (c *checker) repeatedItems(n *yamldoc.Node, f *format.Field) {
	if len(n.Items) < 2 {
		return
	}
	seen := make(map[string]bool, len(n.Items))
	for i, it := range n.Items {
		if it.Kind != yamldoc.Scalar || it.Null {
			continue
		}
		key := labelKey(it.Value)
		if seen[key] {
			c.in("[" + strconv.Itoa(i) + "]")
			c.reportNode(it, "R18", diag.Text{Zh: fmt.Sprintf("“%s”中“%s”重复", f.Zh, show(it.Value)), En: fmt.Sprintf("%q repeats in %q", show(it.Value), f.Key)}, diag.Text{Zh: "请只保留一处", En: "keep one of them"})
			c.out()
		}
		seen[key] = true
	}
}

func (c *checker) codelist(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	list, _ := into.Addr().Interface().(*catalog.Codelist)
	switch n.Kind {
	case yamldoc.List:
		values := format.Field{Key: f.Key, Zh: f.Zh, Type: format.Text, List: true, MinItems: 1, MaxItems: 2000, Max: 200}
		c.list(n, &values, reflect.ValueOf(&list.Values).Elem())
	case yamldoc.Scalar:
		list.Vocabulary = n.Value
		if _, there := c.known.vocabularies[n.Value]; !there {
			c.reportNode(n, "R18", diag.Text{Zh: fmt.Sprintf("没有词表“%s”", show(n.Value)), En: fmt.Sprintf("there is no vocabulary %q", show(n.Value))},
				diag.Text{Zh: "请写 metadata/vocab 中的标识，或直接列出各值", En: "name one of metadata/vocab, or list the values"})
		}
	default:
		c.shape(n, "词表标识或各值的列表", "a vocabulary or a list of values")
	}
}

func (c *checker) mapping(n *yamldoc.Node, f *format.Field, into reflect.Value) {
	if n.Kind != yamldoc.Map {
		c.shape(n, "一组“键: 值”", "keys and values")
		return
	}
	m := reflect.MakeMapWithSize(into.Type(), len(n.Entries))
	for _, e := range n.Entries {
		c.in(show(e.Key))
		target := reflect.New(into.Type().Elem()).Elem()
		if e.Value.Null {
			c.reportAt(e.Line, e.Column, "R19", c.field(), diag.Text{Zh: fmt.Sprintf("“%s”没有值", show(e.Key)), En: fmt.Sprintf("%q has no value", show(e.Key))}, diag.Text{Zh: "请填写或删去", En: "give it a value or delete it"})
		} else {
			named := *f
			named.Key, named.Zh = show(e.Key), show(e.Key)
			c.value(e.Value, &named, target)
		}
		m.SetMapIndex(reflect.ValueOf(e.Key), target)
		c.out()
	}
	into.Set(m)
}

// structField finds the field of a struct by its yaml tag; the zero Value when there is none.
func structField(v reflect.Value, key string) reflect.Value {
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	i, ok := tagsOf(v.Type())[key]
	if !ok {
		return reflect.Value{}
	}
	return v.Field(i)
}

var tagCache sync.Map // reflect.Type → map[string]int

func tagsOf(t reflect.Type) map[string]int {
	if m, ok := tagCache.Load(t); ok {
		return m.(map[string]int)
	}
	m := map[string]int{}
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" && tag != "-" {
			m[tag] = i
		}
	}
	tagCache.Store(t, m)
	return m
}

var dateType = reflect.TypeFor[calendar.Date]()
