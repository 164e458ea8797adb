// Package yamldoc is the door for YAML: it reads one strict document into a plain tree with the position of every key
// and value, and writes the one canonical form.
//
// It refuses what people do not need and machines abuse: anchors, aliases, merge keys, tags, several documents, odd
// bytes, and files beyond the limits below. All findings of a file come in one run where the text can still be read.
// Every scalar stays text as written; what it means is decided by the table of fields. A panic of the library behind
// it becomes a finding.
//
//	doc, findings := yamldoc.Parse("metadata/laws/a.yaml", src)
//	doc.Root.Get("title").Value
package yamldoc

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"opendata.example/odc/tools/internal/diag"
)

// Limits of one file. Depth and sizes are counted on tokens, before a tree is built.
const (
	MaxBytes = 256 << 10
	MaxDepth = 20
	MaxKeys  = 500
	MaxItems = 10_000
)

// Kind of a node.
type Kind int

// Kinds of node.
const (
	Scalar Kind = iota
	Map
	List
)

// Style is how a node was written.
type Style int

// Styles of writing.
const (
	Plain Style = iota
	Quoted
	Literal // |
	Folded  // >
	Flow    // {…} or […]; a block collection is Plain
)

// Node is a value and where it begins. Columns count characters from 1.
type Node struct {
	Kind    Kind
	Style   Style
	Value   string // of a Scalar; a missing value is Null with ""
	Null    bool
	Entries []Entry // of a Map, in the order written
	Items   []*Node // of a List
	Line    int
	Column  int
	end     int // last line of a flow collection
}

// Entry is a key of a Map.
type Entry struct {
	Key    string
	Line   int
	Column int
	Value  *Node
}

// Get returns the value of a key, or nil. It is nil-safe.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Map {
		return nil
	}
	for i := range n.Entries {
		if n.Entries[i].Key == key {
			return n.Entries[i].Value
		}
	}
	return nil
}

// Document is a parsed file. Root is nil when the file is empty or cannot be read.
type Document struct {
	Root   *Node
	text   string
	tokens token.Tokens // of comments
}

// Parse reads one file. The document is usable as far as it goes even when there are findings; a nil Root means that
// nothing could be read. Findings carry rule R19 and the path.
func Parse(path string, src []byte) (*Document, []diag.Finding) {
	r := &reader{path: path}
	doc := r.read(src)
	return doc, r.findings
}

type reader struct {
	path     string
	findings []diag.Finding
}

func (r *reader) report(line, column int, message, hint diag.Text) {
	r.findings = append(r.findings, diag.Finding{
		Rule: "R19", Severity: diag.Error, Path: r.path, Line: line, Column: column, Message: message, Hint: hint,
	})
}

func (r *reader) read(src []byte) *Document {
	text, ok := r.bytes(src)
	if !ok {
		return &Document{}
	}
	text = r.indentation(text)
	doc, failure := parse(text)
	if failure != nil {
		// A full-width colon makes a key look like text; with it mended the rest of the file can be judged too.
		if mended, places := mendColons(text); len(places) > 0 {
			if second, again := parse(mended); again == nil {
				r.colons(places, second)
				doc, failure = second, nil
			} else if places[0].line <= failure.line+1 {
				r.colons(places[:1], nil)
				return &Document{}
			}
		}
	}
	if failure != nil {
		r.report(failure.line, failure.column, failure.message, failure.hint)
		return &Document{}
	}
	r.findings = append(r.findings, doc.refused(r.path)...)
	if doc.Root != nil {
		r.duplicates(doc.Root)
	} else if line := firstContent(text); line > 0 && len(r.findings) == 0 {
		// The library passes over some broken beginnings in silence.
		r.report(line, 1, diag.Text{Zh: "文件格式有误：这一行读不出内容", En: "malformed file: nothing can be read from this line"}, diag.Text{Zh: "请写成“键: 值”", En: "write “key: value”"})
	}
	return &doc.Document
}

// firstContent is the first line that is neither blank, nor a comment, nor the mark of a document; 0 if none.
func firstContent(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line != "---" {
			return n
		}
	}
	return 0
}

// failure is why a text is not YAML, at the best position known.
type failure struct {
	line, column  int
	message, hint diag.Text
}

type parsed struct {
	Document
	bad []failure // features refused; the tree is then not built
}

func (p *parsed) refused(path string) []diag.Finding {
	var out []diag.Finding
	for _, b := range p.bad {
		out = append(out, diag.Finding{Rule: "R19", Severity: diag.Error, Path: path, Line: b.line, Column: b.column, Message: b.message, Hint: b.hint})
	}
	return out
}

// parse runs the library. Its panics on hostile input are failures like any other.
func parse(text string) (doc *parsed, fail *failure) {
	defer func() {
		if p := recover(); p != nil {
			doc, fail = nil, &failure{1, 1, diag.Text{Zh: "文件格式有误：无法解析", En: "malformed file: cannot be parsed"}, diag.Text{Zh: "请对照 tools/doc/format.md 检查写法", En: "compare with tools/doc/format.md"}}
		}
	}()
	tokens := lexer.Tokenize(text)
	doc = &parsed{}
	if doc.bad = guard(tokens); len(doc.bad) > 0 {
		return doc, nil
	}
	doc.text = text
	for _, tk := range tokens {
		if tk.Type == token.CommentType {
			doc.tokens = append(doc.tokens, tk)
		}
	}
	if root, ok := blocks(tokens); ok {
		doc.Root = root
		return doc, nil
	}
	// Duplicate keys are ours to report: all of them, and without giving up the tree.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, explain(err)
	}
	for _, d := range file.Docs {
		if d.Body != nil {
			doc.Root = convert(d.Body)
		}
	}
	return doc, nil
}

// convert turns the library's tree into ours.
func convert(n ast.Node) *Node {
	switch n := n.(type) {
	case *ast.MappingNode:
		m := &Node{Kind: Map, Entries: make([]Entry, 0, len(n.Values))}
		if n.IsFlowStyle {
			m.Style, m.end = Flow, lineOf(n.End)
		}
		for _, v := range n.Values {
			m.Entries = append(m.Entries, entry(v))
		}
		m.at(n.Start)
		if !n.IsFlowStyle && len(m.Entries) > 0 {
			m.Line, m.Column = m.Entries[0].Line, m.Entries[0].Column
		}
		return m
	case *ast.MappingValueNode:
		e := entry(n)
		return &Node{Kind: Map, Entries: []Entry{e}, Line: e.Line, Column: e.Column}
	case *ast.SequenceNode:
		l := &Node{Kind: List, Items: make([]*Node, 0, len(n.Values))}
		if n.IsFlowStyle {
			l.Style, l.end = Flow, lineOf(n.End)
		}
		for _, v := range n.Values {
			l.Items = append(l.Items, convert(v))
		}
		l.at(n.Start)
		return l
	case *ast.LiteralNode:
		return blockText(n.Start, n.Value.GetToken())
	case nil:
		return &Node{Null: true}
	}
	return scalarNode(n.GetToken())
}

func blockText(start, text *token.Token) *Node {
	n := &Node{Value: text.Value, Style: Literal}
	if start.Type == token.FoldedType {
		n.Style = Folded
	}
	n.at(start)
	return n
}

func scalarNode(tk *token.Token) *Node {
	n := &Node{}
	n.at(tk)
	switch tk.Type {
	case token.NullType, token.ImplicitNullType:
		n.Null = true
	case token.SingleQuoteType, token.DoubleQuoteType:
		n.Style, n.Value = Quoted, tk.Value
	default:
		n.Value = tk.Value
	}
	return n
}

func entry(v *ast.MappingValueNode) Entry {
	key := v.Key.GetToken()
	e := Entry{Key: key.Value, Line: key.Position.Line, Column: key.Position.Column, Value: convert(v.Value)}
	if e.Value.Null && e.Value.Line == 0 {
		e.Value.Line, e.Value.Column = e.Line, e.Column
	}
	return e
}

func (n *Node) at(tk *token.Token) {
	if tk != nil && tk.Position != nil {
		n.Line, n.Column = tk.Position.Line, tk.Position.Column
	}
}

func lineOf(tk *token.Token) int {
	if tk == nil || tk.Position == nil {
		return 0
	}
	return tk.Position.Line
}

func (r *reader) duplicates(n *Node) {
	for i, e := range n.Entries {
		if j := slices.IndexFunc(n.Entries[:i], func(o Entry) bool { return o.Key == e.Key }); j >= 0 {
			r.report(e.Line, e.Column,
				diag.Text{Zh: fmt.Sprintf("键“%s”重复，第%d行已写过", Show(e.Key), n.Entries[j].Line), En: fmt.Sprintf("key %q repeats line %d", Show(e.Key), n.Entries[j].Line)},
				diag.Text{Zh: "请只保留一处", En: "keep one of them"})
		}
		r.duplicates(e.Value)
	}
	for _, it := range n.Items {
		r.duplicates(it)
	}
}

// explain turns a failure of the library into a sentence for people.
func explain(err error) *failure {
	f := &failure{line: 1, column: 1, message: diag.Text{Zh: "文件格式有误", En: "malformed file"},
		hint: diag.Text{Zh: "请检查这一行及上一行的缩进、冒号和引号", En: "check indentation, colons and quotes here and on the line above"}}
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) {
		return f
	}
	if tk := syntax.Token; tk != nil && tk.Position != nil {
		f.line, f.column = max(tk.Position.Line, 1), max(tk.Position.Column, 1)
		// A key indented by mistake reads as a further line of the value above it: the key is the place to mend.
		if colon := tk.Next; colon != nil && colon.Type == token.MappingValueType && colon.Position.Line > f.line {
			f.line, f.column = colon.Position.Line, 1
		}
	}
	f.message = diag.Text{Zh: "文件格式有误：这里不符合 YAML 语法", En: "malformed file: " + syntax.Message}
	for _, t := range translations {
		if strings.Contains(syntax.Message, t.part) {
			f.message.Zh, f.hint = "文件格式有误："+t.zh, t.hint
			break
		}
	}
	return f
}

var translations = []struct {
	part, zh string
	hint     diag.Text
}{
	{"could not find end character", "引号没有闭合", diag.Text{Zh: "请补上结尾的引号", En: "add the closing quote"}},
	{"must be specified", "括号没有闭合，或各项之间缺少逗号", diag.Text{Zh: "请检查这一行及上一行的 [ ]、{ } 和逗号", En: "check brackets and commas here and on the line above"}},
	{"non-map value is specified", "这一行不是“键: 值”的形式", diag.Text{Zh: "请写成“键: 值”，冒号用半角并后跟一个空格", En: "write “key: value”, with a colon and a space"}},
	{"mapping value is not allowed", "这里不能再出现“键: 值”", diag.Text{Zh: "值中含有冒号和空格的请加引号；下级内容请另起一行并缩进两格", En: "quote a value that holds a colon and a space; put nested keys on their own, indented lines"}},
	{"block sequence entries are not allowed", "列表项不能写在同一行", diag.Text{Zh: "请另起一行写“- ”", En: "begin the list item on its own line"}},
	{"reserved character", "值不能以 @ 或 ` 开头", diag.Text{Zh: "请给这个值加上双引号", En: "put the value in double quotes"}},
	{"unexpected directive", "值不能以 % 开头", diag.Text{Zh: "请给这个值加上双引号", En: "put the value in double quotes"}},
	{"cannot start any token", "这里出现了制表符", diag.Text{Zh: "请改用空格缩进", En: "indent with spaces"}},
	{"could not find expected ':'", "键后缺少冒号", diag.Text{Zh: "请写成“键: 值”", En: "write “key: value”"}},
	{"unexpected key name", "键后缺少冒号或空格", diag.Text{Zh: "请写成“键: 值”，冒号后有一个空格", En: "write “key: value”, with a space after the colon"}},
	{"invalid", "这里的写法不合 YAML 语法", diag.Text{Zh: "请对照 tools/doc/format.md 检查写法", En: "compare with tools/doc/format.md"}},
}
