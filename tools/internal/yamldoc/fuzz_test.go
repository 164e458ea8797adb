package yamldoc_test

import (
	"bytes"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

var seeds = []string{
	"title: 社区食堂\nitems:\n  - name: a\n    title: 名 # 注\n# 尾\n",
	"a: &x 1\nb: *x\n", "a: !!str 1\n", "<<: {a: 1}\n", "---\na: 1\n---\nb: 2\n", "a: [1, {b: c}, \"d\"]\n",
	"a: |\n  x\n   y\n\n  z\n", "a: >-\n  x y\n  z\n", "a: 'it''s'\nb: \"\\u4e2d\\n\"\n", "\ta: 1\n", "a： 1\n", "? a\n: b\n",
	"a: {x: 1, # c\n  y: 2}\n", "- - a\n  - b\n- {}\n- []\n", "a:\n- b\n-\n- c: d\n", "# only\n", "\ufeffa: 1\r\n", "a: b: c\n", "a: \"\n", "{a: [}\n",
	"a: # c\n  # d\n  b: 1\n    # e\n", "%YAML 1.2\n---\na: 1\n...\n", "a: @x\n", "a: x #y\n", "\"k: 1\": v\n", "a: - b\n",
}

// FuzzParse: no input makes the door panic, and every finding has a place inside the file.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, findings := yamldoc.Parse("a.yaml", src)
		lines := bytes.Count(src, []byte("\n")) + 1
		for _, d := range findings {
			if d.Line < 1 || d.Line > lines+1 || d.Column < 1 || d.Message.Zh == "" || d.Message.En == "" {
				t.Errorf("finding without a place or words: %+v", d)
			}
		}
		if doc.Root == nil && len(findings) == 0 && len(bytes.Trim(src, " \t\r\n\ufeff-")) > 0 && !bytes.ContainsAny(src, "#\u00a0\u3000\v\f\u0085\u2028\u2029") {
			t.Errorf("silence: %q gives neither a tree nor a finding", src)
		}
		within(t, doc.Root, lines)
	})
}

func within(t *testing.T, n *yamldoc.Node, lines int) {
	if n == nil {
		return
	}
	if n.Line < 0 || n.Line > lines+1 {
		t.Errorf("node at line %d of %d", n.Line, lines)
	}
	for _, e := range n.Entries {
		within(t, e.Value, lines)
	}
	for _, it := range n.Items {
		within(t, it, lines)
	}
}

// FuzzFormat: the canonical form is a fixed point.
func FuzzFormat(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	kind, _ := format.Lookup("catalog")
	f.Fuzz(func(t *testing.T, src []byte) {
		if !strings.Contains(string(src), ":") {
			return
		}
		once, findings := yamldoc.Format("a.yaml", src, kind)
		if len(findings) > 0 {
			return
		}
		twice, findings := yamldoc.Format("a.yaml", once, kind)
		if len(findings) > 0 {
			t.Fatalf("the canonical form of %q is not accepted: %q: %+v", src, once, findings)
		}
		if !bytes.Equal(once, twice) {
			t.Errorf("%q\nonce  %q\ntwice %q", src, once, twice)
		}
	})
}
