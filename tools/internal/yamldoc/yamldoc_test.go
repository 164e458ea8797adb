package yamldoc_test

import (
	"fmt"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/yamldoc"
)

func TestParse(t *testing.T) {
	doc, findings := yamldoc.Parse("a.yaml", []byte("名称: 社区食堂 # 注\nitems:\n  - {x: 1, y: '二'}\n  - z: |\n      第一\n      第二\nempty:\n"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	tests := []struct {
		node         *yamldoc.Node
		value        string
		line, column int
	}{
		{doc.Root.Get("名称"), "社区食堂", 1, 5},
		{doc.Root.Get("items").Items[0].Get("y"), "二", 3, 15},
		{doc.Root.Get("items").Items[1].Get("z"), "第一\n第二\n", 4, 8},
	}
	for _, tt := range tests {
		if n := tt.node; n == nil || n.Value != tt.value || n.Line != tt.line || n.Column != tt.column {
			t.Errorf("want %q at %d:%d, got %+v", tt.value, tt.line, tt.column, n)
		}
	}
	if n := doc.Root.Get("empty"); n == nil || !n.Null || n.Line != 7 {
		t.Errorf("a key without value: %+v", n)
	}
	if doc.Root.Get("none").Get("deeper") != nil {
		t.Error("a missing key has a value")
	}
}

// TestRefusals: each text gives exactly these findings, as line:column and a part of the message.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"anchor and alias", "a: &x 1\nb: *x\n", []string{"1:4 锚点", "2:4 别名"}},
		{"merge key", "a:\n  <<: {b: 1}\n", []string{"2:3 合并键"}},
		{"tag", "a: !!str 1\n", []string{"1:4 标签"}},
		{"two documents", "a: 1\n---\nb: 2\n", []string{"2:1 只能有一份文档"}},
		{"end of document", "a: 1\n...\n", []string{"2:1 只能有一份文档"}},
		{"complex key", "? a\n: b\n", []string{"1:1 复合键"}},
		{"duplicate keys, all of them", "a: 1\nb: 2\na: 3\nc:\n  d: 1\n  d: 2\nb: 4\n", []string{"3:1 “a”重复，第1行", "6:3 “d”重复，第5行", "7:1 “b”重复，第2行"}},
		{"tab, and what follows is still read", "a:\n\tb: 1\n\tb: 2\n", []string{"2:1 制表符", "3:1 制表符", "3:3 “b”重复"}},
		{"wide blank", "a:\n　　b: 1\n", []string{"2:1 全角空格"}},
		{"full-width colons, all of them", "a: 1\nb：2\nc:\n  - d：x\n    e: 1\n", []string{"2:2 全角冒号", "4:6 全角冒号"}},
		{"full-width colon inside text is text", "a: |\n  note：yes\nb: 1\n", nil},
		{"unclosed quote", "a: 1\nb: \"x\nc: 2\n", []string{"2:4 引号没有闭合"}},
		{"unclosed bracket", "a: [1, 2\nb: 3\n", []string{"2:1 括号没有闭合"}},
		{"a line that is no key", "a: 1\nb\nc: 2\n", []string{"2:1 不是“键: 值”"}},
		{"colon in a value", "a: b: c\n", []string{"1:4 不能再出现"}},
		{"key indented by mistake", "a: 1\n  b: 2\n", []string{"2:1 不能再出现"}},
		{"control characters, all of them", "a: x\x01\nb: \x7fy\n", []string{"1:5 U+0001", "2:4 U+007F"}},
		{"binary", "PK\x03\x04\x00\x00", []string{"1:5 不是文本文件"}},
		{"two bytes a character", "\xff\xfea\x00:\x00", []string{"1:1 UTF-16"}},
		{"lines that end as on an old Mac, once", "a: 1\rb: 2\rc: 3\r", []string{"1:5 单个回车"}},
		{"other encoding", "a: \xc9\xe7\xc7\xf8\n", []string{"1:4 不是 UTF-8"}},
		{"byte order mark", "\ufeffa: 1\n", []string{"1:1 BOM"}},
		{"one line of a megabyte", "a: " + strings.Repeat("x", 1<<20), []string{"1:1 文件过大"}},
		{"deep flow", "a: " + strings.Repeat("[", 30) + strings.Repeat("]", 30), []string{"1:23 嵌套超过 20 层"}},
		{"deep blocks", deep(30), []string{"21:22 嵌套超过 20 层"}},
		{"too many keys", keys(501), []string{"501:5 超过 500 个键"}},
		{"as many keys as allowed", keys(500), nil},
		{"too many items", "a:\n" + strings.Repeat("- 1\n", 10_001), []string{"10002:1 列表超过 10000 项"}},
		{"alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", []string{"1:4 锚点", "2:4 锚点", "2:8 别名", "2:12 别名", "3:5 别名", "3:9 别名"}},
		{"empty", "", nil},
		{"one key", "k: 1\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := yamldoc.Parse("a.yaml", []byte(tt.src))
			var got []string
			for _, f := range findings {
				got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Message.Zh))
				if f.Rule != "R19" || f.Path != "a.yaml" || f.Message.En == "" || f.Hint.Zh == "" || f.Hint.En == "" {
					t.Errorf("unfinished finding %+v", f)
				}
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, w := range tt.want {
				place, part, _ := strings.Cut(w, " ")
				if !strings.HasPrefix(got[i], place+" ") || !strings.Contains(got[i], part) {
					t.Errorf("got %q, want %q", got[i], w)
				}
			}
		})
	}
}

func deep(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%03d: 1\n", i)
	}
	return b.String()
}

func TestNeedsQuotes(t *testing.T) {
	for _, v := range []string{"", "1", "010", "-1", "+1", "1.0", ".5", "1e3", "1_000", "0x1F", "0o7", "2025-01-01", "2025-01", "2025-1-1", "2025-01-01T10:00:00Z", "12:30", "true", "Yes", "off", "null", "~", ".inf", ".NaN"} {
		if !yamldoc.NeedsQuotes(v) {
			t.Errorf("%q is taken for text", v)
		}
	}
	for _, v := range []string{"a", "n", "Y", "x1", "1号线", "2025年", "1.0.0", "12345号", "307031310105012/00000195", "yesterday", "nullable", "-", "a-1", "社区"} {
		if yamldoc.NeedsQuotes(v) {
			t.Errorf("%q is taken for something else", v)
		}
	}
}

func TestShow(t *testing.T) {
	for _, v := range []string{"13800138000", "电话 138-0013-8000", "310105189901011239", "31010518990101123X", "１３８００１３８０００"} {
		if got := yamldoc.Show(v); !strings.Contains(got, "不显示") {
			t.Errorf("%q is shown as %q", v, got)
		}
	}
	if got := yamldoc.Show("“307031310105007/00000115"); got != "“307031310105007/00000115" {
		t.Errorf("the code of a resource is shown as %q", got)
	}
	if got := yamldoc.Show("a\n  b " + strings.Repeat("长", 100)); got != "a b "+strings.Repeat("长", 36)+"…" {
		t.Errorf("got %q", got)
	}
}
