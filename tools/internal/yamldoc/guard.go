package yamldoc

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"

	"opendata.example/odc/tools/internal/diag"
)

// bytes judges the raw file and returns the text to parse.
func (r *reader) bytes(src []byte) (string, bool) {
	if len(src) > MaxBytes {
		r.report(1, 1,
			diag.Text{Zh: fmt.Sprintf("文件过大，上限 %d KiB", MaxBytes>>10), En: fmt.Sprintf("file too large, the limit is %d KiB", MaxBytes>>10)},
			diag.Text{Zh: "元数据应是简短的文字；数据请放在 datasets/ 中", En: "metadata are short texts; data belong in datasets/"})
		return "", false
	}
	if rest, ok := bytes.CutPrefix(src, []byte("\ufeff")); ok {
		src = rest
		r.report(1, 1, diag.Text{Zh: "文件开头有 BOM", En: "the file begins with a byte order mark"},
			diag.Text{Zh: "请以“UTF-8（无 BOM）”保存，或运行 odc fmt", En: "save as UTF-8 without BOM, or run odc fmt"})
	}
	if bytes.HasPrefix(src, []byte("\xff\xfe")) || bytes.HasPrefix(src, []byte("\xfe\xff")) {
		r.report(1, 1, diag.Text{Zh: "文件是 UTF-16 编码（记事本称“Unicode”）", En: "the file is UTF-16"}, saveAsUTF8)
		return "", false
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		line, column := position(src, i)
		r.report(line, column, diag.Text{Zh: "这不是文本文件", En: "this is not a text file"},
			diag.Text{Zh: "请检查是否误放了别的文件", En: "has another file been put here by mistake?"})
		return "", false
	}
	if !utf8.Valid(src) {
		i := invalidUTF8(src)
		line, column := position(src, i)
		r.report(line, column, diag.Text{Zh: "文件不是 UTF-8 编码", En: "the file is not UTF-8"}, saveAsUTF8)
		return "", false
	}
	bad := false
	line, column := 1, 0
	text := string(src)
	for i, c := range text {
		column++
		switch {
		case c == '\n':
			line, column = line+1, 0
		case c == '\r' && i+1 < len(text) && text[i+1] == '\n':
		case c == '\r' && !bad:
			r.report(line, column, diag.Text{Zh: "换行符是单个回车（CR）", En: "lines end with a bare carriage return"},
				diag.Text{Zh: "请在编辑器中把换行改为 LF", En: "let the editor end lines with LF"})
			bad = true
		case c == '\r':
		case c < ' ' && c != '\t', c >= 0x7f && c < 0xa0, c == 0xfeff, c == 0x2028, c == 0x2029:
			r.report(line, column, diag.Text{Zh: fmt.Sprintf("含有控制字符 U+%04X", c), En: fmt.Sprintf("control character U+%04X", c)},
				diag.Text{Zh: "请删去这个看不见的字符", En: "delete this invisible character"})
			bad = true
		}
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), !bad
}

var saveAsUTF8 = diag.Text{Zh: "请在编辑器中“另存为”，编码选 UTF-8", En: "save it anew with the encoding UTF-8"}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// position counts lines and characters up to a byte offset.
func position(b []byte, offset int) (line, column int) {
	before := b[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}

// indentation reports tabs and wide blanks that indent a line and returns the text with blanks in their place, so
// that the rest can still be judged.
func (r *reader) indentation(text string) string {
	if !strings.ContainsAny(text, "\t\u3000\u00a0") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		body := strings.TrimLeft(l, " \t\u3000\u00a0")
		indent := l[:len(l)-len(body)]
		at := strings.IndexAny(indent, "\t\u3000\u00a0")
		if at < 0 || body == "" {
			continue
		}
		zh, en := "用制表符缩进", "a tab indents this line"
		if indent[at] != '\t' {
			zh, en = "用全角空格缩进", "a wide blank indents this line"
		}
		r.report(i+1, utf8.RuneCountInString(indent[:at])+1, diag.Text{Zh: "文件格式有误：" + zh, En: "malformed file: " + en},
			diag.Text{Zh: "请改用半角空格，每级两格", En: "indent with blanks, two for each level"})
		lines[i] = strings.NewReplacer("\t", "  ", "\u3000", "  ", "\u00a0", " ").Replace(indent) + body
	}
	return strings.Join(lines, "\n")
}

type place struct{ line, column int }

var wideColon = regexp.MustCompile(`^( *(?:- +)*[a-z][a-z0-9_]*)：[ \x{3000}]*`)

// mendColons replaces full-width colons after what looks like a key.
func mendColons(text string) (string, []place) {
	if !strings.Contains(text, "：") {
		return text, nil
	}
	var places []place
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if m := wideColon.FindStringSubmatchIndex(l); m != nil {
			places = append(places, place{i + 1, utf8.RuneCountInString(l[:m[3]]) + 1})
			lines[i] = l[:m[3]] + ": " + l[m[1]:]
		}
	}
	return strings.Join(lines, "\n"), places
}

// colons reports the full-width colons that stand where a key ends; with a document it leaves out those inside texts.
func (r *reader) colons(places []place, doc *parsed) {
	keys := map[int]bool{}
	if doc != nil && doc.Root != nil {
		doc.Root.keyLines(keys)
	}
	for _, p := range places {
		if doc == nil || doc.Root == nil || keys[p.line] {
			r.report(p.line, p.column, diag.Text{Zh: "文件格式有误：键后用了全角冒号“：”", En: "malformed file: a full-width colon follows the key"},
				diag.Text{Zh: "请用半角冒号，并在其后空一格", En: "use an ASCII colon and a blank"})
		}
	}
}

func (n *Node) keyLines(into map[int]bool) {
	for _, e := range n.Entries {
		into[e.Line] = true
		e.Value.keyLines(into)
	}
	for _, it := range n.Items {
		it.keyLines(into)
	}
}

// guard judges the tokens before a tree is built from them: features nobody needs here, and sizes that cost too much.
func guard(tokens token.Tokens) []failure {
	g := guarder{}
	for i, tk := range tokens {
		g.token(tokens, i, tk)
		if len(g.bad) >= maxRefusals {
			break
		}
	}
	return g.bad
}

// maxRefusals ends the count in a file that is nothing but refusals.
const maxRefusals = 20

// level is an open collection: a flow bracket, or a block known by its column.
type level struct {
	flow, list bool
	column     int
	n          int
}

type guarder struct {
	stack []level
	began bool // a document has content
	bad   []failure
}

func (g *guarder) refuse(tk *token.Token, zh, en string, hint diag.Text) {
	g.bad = append(g.bad, failure{tk.Position.Line, max(tk.Position.Column, 1), diag.Text{Zh: "文件格式有误：" + zh, En: "malformed file: " + en}, hint})
}

func (g *guarder) token(tokens token.Tokens, i int, tk *token.Token) {
	inFlow := len(g.stack) > 0 && g.stack[len(g.stack)-1].flow
	switch tk.Type {
	case token.CommentType:
		return
	case token.AnchorType:
		g.refuse(tk, "不接受锚点（&）", "anchors are refused", diag.Text{Zh: "请把内容写在需要的每一处；以 & 开头的文字请加引号", En: "repeat the content where it is needed; quote a text that begins with &"})
	case token.AliasType:
		g.refuse(tk, "不接受别名（*）", "aliases are refused", diag.Text{Zh: "请把内容写在需要的每一处；以 * 开头的文字请加引号", En: "repeat the content where it is needed; quote a text that begins with *"})
	case token.MergeKeyType:
		g.refuse(tk, "不接受合并键（<<）", "merge keys are refused", diag.Text{Zh: "请逐项写出", En: "write the keys out"})
	case token.TagType:
		g.refuse(tk, "不接受标签（!）", "tags are refused", diag.Text{Zh: "请删去标签；以 ! 开头的文字请加引号", En: "delete the tag; quote a text that begins with !"})
	case token.MappingKeyType:
		g.refuse(tk, "不接受复合键（?）", "complex keys are refused", diag.Text{Zh: "请写成“键: 值”；以 ? 开头的文字请加引号", En: "write “key: value”; quote a text that begins with ?"})
	case token.DirectiveType:
		g.refuse(tk, "不接受指令（%）", "directives are refused", diag.Text{Zh: "请删去这一行；以 % 开头的文字请加引号", En: "delete the line; quote a text that begins with %"})
	case token.DocumentHeaderType, token.DocumentEndType:
		if g.began || tk.Type == token.DocumentEndType {
			g.refuse(tk, "一个文件只能有一份文档", "one file holds one document", diag.Text{Zh: "请分成几个文件，或删去 --- 与 ...", En: "split the file, or delete --- and ..."})
		}
		return
	case token.MappingStartType, token.SequenceStartType:
		g.push(tk, level{flow: true, list: tk.Type == token.SequenceStartType})
	case token.MappingEndType, token.SequenceEndType:
		if inFlow {
			g.stack = g.stack[:len(g.stack)-1]
		}
	case token.CollectEntryType:
		if inFlow {
			g.count(tk)
		}
	case token.SequenceEntryType:
		if !inFlow {
			g.block(tk, tk.Position.Column, true)
		}
	case token.MappingValueType:
		if !inFlow && i > 0 {
			g.block(tk, tokens[i-1].Position.Column, false)
		}
	}
	g.began = true
}

// block enters or continues the block collection at a column.
func (g *guarder) block(tk *token.Token, column int, list bool) {
	for len(g.stack) > 0 {
		top := g.stack[len(g.stack)-1]
		if top.column == column && top.list == list {
			g.count(tk)
			return
		}
		// A list may stand at the column of its key: then it is nested in that map.
		if top.column < column || (top.column == column && list) {
			break
		}
		g.stack = g.stack[:len(g.stack)-1]
	}
	g.push(tk, level{list: list, column: column})
}

func (g *guarder) push(tk *token.Token, l level) {
	g.stack = append(g.stack, l)
	if len(g.stack) == MaxDepth+1 {
		g.refuse(tk, fmt.Sprintf("嵌套超过 %d 层", MaxDepth), fmt.Sprintf("nested deeper than %d", MaxDepth), diag.Text{Zh: "请简化内容；各类记录的写法见 tools/doc/format.md", En: "write it more simply; tools/doc/format.md shows each kind"})
	}
	g.count(tk)
}

func (g *guarder) count(tk *token.Token) {
	top := &g.stack[len(g.stack)-1]
	top.n++
	switch {
	case top.list && top.n == MaxItems+1:
		g.refuse(tk, fmt.Sprintf("列表超过 %d 项", MaxItems), fmt.Sprintf("a list of more than %d items", MaxItems), diag.Text{Zh: "请核对内容；数据请放在 datasets/ 中", En: "check the content; data belong in datasets/"})
	case !top.list && top.n == MaxKeys+1:
		g.refuse(tk, fmt.Sprintf("一个对象超过 %d 个键", MaxKeys), fmt.Sprintf("more than %d keys in one object", MaxKeys), diag.Text{Zh: "请核对内容；数据请放在 datasets/ 中", En: "check the content; data belong in datasets/"})
	}
}
