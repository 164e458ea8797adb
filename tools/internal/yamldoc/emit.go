package yamldoc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
)

// width is where flow collections break into blocks and folded text wraps, in characters.
const width = 100

// Format returns the canonical form of a file: keys in the order of the table, one blank line between groups, texts
// that look like numbers quoted, comments kept. Formatting twice changes nothing more, and the meaning stays. A file
// that cannot be read, or holds what the door refuses, is returned as findings and no bytes.
func Format(path string, src []byte, kind *format.Kind) ([]byte, []diag.Finding) {
	text := strings.TrimPrefix(string(src), "\ufeff")
	doc, findings := Parse(path, []byte(text))
	if len(findings) > 0 {
		return nil, findings
	}
	if doc.Root == nil {
		return src, nil
	}
	before := meaning(doc.Root)
	comments := commentTexts(doc)
	e := &emitter{layout: newLayout(doc)}
	e.document(doc.Root, kind)
	out := e.b.String()
	// The proof is cheap, and a formatter that loses a word is worse than none.
	again, findings := Parse(path, []byte(out))
	if len(findings) > 0 || meaning(again.Root) != before || !slices.Equal(commentTexts(again), comments) {
		return nil, []diag.Finding{{
			Rule: "R19", Severity: diag.Error, Path: path, Line: 1, Column: 1,
			Message: diag.Text{Zh: "这个文件不能自动整理，内容保持不变", En: "this file cannot be formatted by itself; it was left as it is"},
			Hint:    diag.Text{Zh: "请简化写法：不在括号中写注释，长文字写成一行", En: "write it more simply: no comments inside brackets, long texts on one line"},
		}}
	}
	return []byte(out), nil
}

// Encode writes a tree in the canonical form of a kind, below the comments of a header.
func Encode(root *Node, kind *format.Kind, header ...string) []byte {
	e := &emitter{layout: &layout{header: header}}
	e.document(root, kind)
	return []byte(e.b.String())
}

// meaning is a document without style and order of keys.
func meaning(n *Node) string {
	var b strings.Builder
	writeMeaning(&b, n)
	return b.String()
}

func writeMeaning(b *strings.Builder, n *Node) {
	switch {
	case n == nil || n.Null:
		b.WriteString("~")
	case n.Kind == Map:
		entries := slices.Clone(n.Entries)
		slices.SortStableFunc(entries, func(a, b Entry) int { return strings.Compare(a.Key, b.Key) })
		b.WriteString("{")
		for _, e := range entries {
			b.WriteString(strconv.Quote(e.Key) + ":")
			writeMeaning(b, e.Value)
		}
		b.WriteString("}")
	case n.Kind == List:
		b.WriteString("[")
		for _, it := range n.Items {
			writeMeaning(b, it)
			b.WriteString(",")
		}
		b.WriteString("]")
	default:
		b.WriteString(strconv.Quote(norm.NFC.String(n.Value)))
	}
}

func commentTexts(d *Document) []string {
	var out []string
	comments, _ := d.comments()
	for _, c := range comments {
		out = append(out, c.text)
	}
	slices.Sort(out)
	return out
}

type emitter struct {
	b      strings.Builder
	layout *layout
}

func (e *emitter) line(indent int, text string) {
	e.b.WriteString(strings.Repeat(" ", indent))
	e.b.WriteString(text)
	e.b.WriteByte('\n')
}

func (e *emitter) comments(indent int, texts []string) {
	for _, t := range texts {
		e.line(indent, t)
	}
}

func (e *emitter) document(root *Node, kind *format.Kind) {
	e.comments(0, e.layout.header)
	if h := e.layout.header; len(h) > 0 && !(len(h) == 1 && strings.HasPrefix(h[0], modeline)) {
		e.line(0, "")
	}
	var fields []format.Field
	if kind != nil {
		fields = kind.Fields
	}
	switch {
	case root.Kind == Map && root.Style != Flow && len(root.Entries) > 0:
		e.mapping(root, fields, 0, true)
	case root.Kind == List && root.Style != Flow && len(root.Items) > 0:
		e.list(root, nil, 0)
	default:
		text, more := e.inline(root, nil, 0)
		e.line(0, text)
		e.b.WriteString(more)
	}
}

// ordered returns the entries in the order of the table; unknown keys follow as they were.
func ordered(n *Node, fields []format.Field) []Entry {
	rank := func(key string) int {
		if i := slices.IndexFunc(fields, func(f format.Field) bool { return f.Key == key }); i >= 0 {
			return i
		}
		return len(fields)
	}
	entries := slices.Clone(n.Entries)
	slices.SortStableFunc(entries, func(a, b Entry) int { return rank(a.Key) - rank(b.Key) })
	return entries
}

// group numbers the groups of a record's keys; a key outside the table joins the last group.
func group(fields []format.Field, key string) int {
	g := 0
	for _, f := range fields {
		if f.Break {
			g++
		}
		if f.Key == key {
			return g
		}
	}
	return g
}

func (e *emitter) mapping(n *Node, fields []format.Field, indent int, root bool) {
	before := -1
	for i, entry := range ordered(n, fields) {
		s := e.layout.slot(entry.Value)
		if g := group(fields, entry.Key); root {
			if i > 0 && g != before {
				e.line(0, "")
			}
			before = g
		}
		e.comments(indent, s.head)
		e.entry(entry, s, fieldFor(fields, entry.Key), indent)
		e.foot(s, indent, i == len(n.Entries)-1)
	}
}

// foot writes the comments below a slot; before a sibling they stand deeper, or they would become the sibling's.
func (e *emitter) foot(s *slot, indent int, last bool) {
	if !last {
		indent += 2
	}
	e.comments(indent, s.foot)
}

func fieldFor(fields []format.Field, key string) *format.Field {
	for i := range fields {
		if fields[i].Key == key {
			return &fields[i]
		}
	}
	return nil
}

// children are the fields of the maps below a field.
func children(f *format.Field, key string) (*format.Field, []format.Field) {
	if f == nil {
		return nil, nil
	}
	if f.Type == format.Map {
		return f.Value, nil
	}
	return fieldFor(f.Fields, key), f.Fields
}

func (e *emitter) entry(entry Entry, s *slot, f *format.Field, indent int) {
	head := strings.Repeat(" ", indent) + keyText(entry.Key, false) + ":"
	v := entry.Value
	if e.isBlock(v, f, utf8.RuneCountInString(head)+1) {
		e.b.WriteString(head + side(s) + "\n")
		if v.Kind == List {
			e.list(v, f, indent+2)
		} else {
			e.nested(v, f, indent+2)
		}
		return
	}
	text, more := e.inline(v, f, indent+2)
	if text != "" {
		head += " " + text
	}
	e.b.WriteString(head + side(s) + "\n" + more)
}

// nested writes a map below a field, whose keys are given by the field or free.
func (e *emitter) nested(n *Node, f *format.Field, indent int) {
	if f != nil && f.Type == format.Map {
		for i, entry := range n.Entries {
			s := e.layout.slot(entry.Value)
			e.comments(indent, s.head)
			e.entry(entry, s, f.Value, indent)
			e.foot(s, indent, i == len(n.Entries)-1)
		}
		return
	}
	_, fields := children(f, "")
	e.mapping(n, fields, indent, false)
}

func side(s *slot) string {
	if s.side == "" {
		return ""
	}
	return " " + s.side
}

// isBlock reports whether a value is written on the lines below its key.
func (e *emitter) isBlock(n *Node, f *format.Field, column int) bool {
	switch {
	case n.Kind == Scalar || len(n.Entries)+len(n.Items) == 0:
		return false
	case n.Style != Flow:
		return true
	}
	if column+utf8.RuneCountInString(flow(n, f)) > width {
		n.Style = Plain // its parts have no slots, and no comments to keep
		return true
	}
	return false
}

func (e *emitter) list(n *Node, f *format.Field, indent int) {
	for i, it := range n.Items {
		s := e.layout.slot(it)
		if s.gap && i > 0 {
			e.line(0, "")
		}
		e.comments(indent, s.head)
		dash := strings.Repeat(" ", indent) + "- "
		if e.isBlock(it, f, indent+2) {
			e.blockItem(it, s, f, indent)
		} else {
			text, more := e.inline(it, f, indent+2)
			e.b.WriteString(strings.TrimRight(dash+text, " ") + side(s) + "\n" + more)
		}
		e.foot(s, indent, i == len(n.Items)-1)
	}
}

// blockItem writes a map or list that begins on the line of its dash. Comments that would come between the two move
// above the dash.
func (e *emitter) blockItem(it *Node, s *slot, f *format.Field, indent int) {
	inner := &emitter{layout: e.layout}
	if it.Kind == List {
		inner.list(it, nil, indent+2)
	} else {
		inner.nested(it, f, indent+2)
	}
	text := inner.b.String()
	prefix := strings.Repeat(" ", indent+2)
	if s.side != "" {
		e.line(indent, s.side)
	}
	for strings.HasPrefix(text, prefix+"#") {
		first, rest, _ := strings.Cut(text, "\n")
		e.line(indent, strings.TrimPrefix(first, prefix))
		text = rest
	}
	e.b.WriteString(strings.Repeat(" ", indent) + "- " + strings.TrimPrefix(text, prefix))
}

// inline renders a value that begins behind its key: the rest of the line, and further lines of a block scalar.
func (e *emitter) inline(n *Node, f *format.Field, indent int) (text, more string) {
	switch {
	case n.Null:
		return "", ""
	case n.Kind != Scalar:
		return flow(n, f), ""
	}
	v := norm.NFC.String(n.Value)
	isText := f == nil && n.Style != Plain || f != nil && f.Type.IsText()
	if !isText && f != nil && plainTyped(v, f.Type) || f == nil && n.Style == Plain && plainSafe(v, false) {
		return v, ""
	}
	if head, body, ok := blockScalar(v, n.Style, indent); ok {
		return head, body
	}
	return scalar(v, false), ""
}

// plainTyped reports a number or boolean in its plain form.
func plainTyped(v string, t format.Type) bool {
	switch t {
	case format.Bool:
		return v == "true" || v == "false"
	case format.Int:
		return v != "" && strings.Trim(v, "0123456789") == ""
	}
	return false
}

// blockScalar renders a text of several lines as |, and a long text that was folded as >, wrapped anew.
func blockScalar(v string, style Style, indent int) (head, body string, ok bool) {
	trimmed, clip := strings.CutSuffix(v, "\n")
	mark := "-"
	if clip {
		mark = ""
	}
	pad := strings.Repeat(" ", indent)
	if strings.Contains(trimmed, "\n") || clip && style != Folded {
		if !literalSafe(trimmed) {
			return "", "", false
		}
		var b strings.Builder
		for line := range strings.SplitSeq(trimmed, "\n") {
			b.WriteString(strings.TrimRight(pad+line, " ") + "\n")
		}
		return "|" + mark, b.String(), true
	}
	if style != Folded || !foldSafe(trimmed) || !clip && utf8.RuneCountInString(pad+v) <= width {
		return "", "", false
	}
	var b strings.Builder
	line := pad
	for word := range strings.SplitSeq(trimmed, " ") {
		if line != pad && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			b.WriteString(line + "\n")
			line = pad
		}
		if line != pad {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
	return ">" + mark, b.String(), true
}

// literalSafe reports a text that | can hold as it is.
func literalSafe(v string) bool {
	if v == "" || strings.HasPrefix(v, " ") || strings.HasPrefix(v, "\n") || strings.HasSuffix(v, "\n") {
		return false
	}
	for line := range strings.SplitSeq(v, "\n") {
		if strings.HasSuffix(line, " ") || strings.HasPrefix(line, "\t") || strings.ContainsFunc(line, unicode.IsControl) {
			return false
		}
	}
	return true
}

// foldSafe reports a text of words with single blanks between them.
func foldSafe(v string) bool {
	return v != "" && !strings.Contains(v, "  ") && strings.TrimSpace(v) == v && !strings.ContainsFunc(v, unicode.IsControl)
}

// flow renders a collection on one line.
func flow(n *Node, f *format.Field) string {
	switch {
	case n.Null:
		return ""
	case n.Kind == Map:
		_, fields := children(f, "")
		parts := make([]string, 0, len(n.Entries))
		for _, entry := range ordered(n, fields) {
			sub, _ := children(f, entry.Key)
			parts = append(parts, strings.TrimRight(keyText(entry.Key, true)+": "+flow(entry.Value, sub), " "))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case n.Kind == List:
		parts := make([]string, len(n.Items))
		for i, it := range n.Items {
			if parts[i] = flow(it, f); it.Null {
				parts[i] = "null"
			}
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	v := norm.NFC.String(n.Value)
	switch {
	case f != nil && plainTyped(v, f.Type):
		return v
	case f == nil && n.Style == Plain && plainSafe(v, true):
		return v
	}
	return scalar(v, true)
}

// scalar renders a text on one line, plain where nobody could misread it.
func scalar(v string, inFlow bool) string {
	if plainSafe(v, inFlow) && !NeedsQuotes(v) && !ambiguous(v) {
		return v
	}
	return quoted(v)
}

// keyText renders a key: words such as on and n stay plain, they are keys of the table.
func keyText(v string, inFlow bool) string {
	if plainSafe(v, inFlow) && (v[0] > '9' || !NeedsQuotes(v)) {
		return v
	}
	return quoted(v)
}

func quoted(v string) string {
	if strings.ContainsAny(v, `"\`) && !strings.Contains(v, "'") && !strings.ContainsFunc(v, unicode.IsControl) {
		return "'" + v + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range v {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02X`, r)
		case unicode.IsControl(r) || r == 0xfeff || r == 0x2028 || r == 0x2029:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// ambiguous is what a person might misread, so that the canonical form quotes it though no reader needs it: the
// letters that once were booleans, and codes, versions and phone numbers made of digits.
func ambiguous(v string) bool {
	switch v {
	case "y", "Y", "n", "N":
		return true
	}
	return v[0] >= '0' && v[0] <= '9' && strings.Trim(v, "0123456789./:_-") == ""
}

// plainSafe reports a text that YAML reads back unchanged without quotes.
func plainSafe(v string, inFlow bool) bool {
	switch {
	case v == "", strings.TrimSpace(v) != v, strings.ContainsAny(v[:1], "-?:,[]{}#&*!|>'\"%@`=<"), strings.HasPrefix(v, "..."):
		return false
	case strings.Contains(v, ": "), strings.HasSuffix(v, ":"), strings.Contains(v, " #"):
		return false
	case inFlow && strings.ContainsAny(v, ",[]{}:#"):
		return false
	}
	return !strings.ContainsFunc(v, func(r rune) bool {
		return unicode.IsControl(r) || r == 0xfeff || r == 0x2028 || r == 0x2029 || r == utf8.RuneError
	})
}
