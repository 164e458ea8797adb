package yamldoc

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// tree shows a node with its places, so that two readers can be compared.
func (n *Node) tree() string {
	switch {
	case n == nil:
		return "-"
	case n.Null:
		return "~" // where nothing stands is nowhere
	case n.Kind == Map:
		var b strings.Builder
		for _, e := range n.Entries {
			fmt.Fprintf(&b, "%q@%d:%d=%s;", e.Key, e.Line, e.Column, e.Value.tree())
		}
		return fmt.Sprintf("{%d:%d %s}", n.Line, n.Column, b.String())
	case n.Kind == List:
		var b strings.Builder
		for _, it := range n.Items {
			b.WriteString(it.tree() + ";")
		}
		return fmt.Sprintf("[%d:%d %s]", n.Line, n.Column, b.String())
	}
	return fmt.Sprintf("%q/%d@%d:%d", n.Value, n.Style, n.Line, n.Column)
}

func TestBlocksReadsOrdinaryFiles(t *testing.T) {
	src := "---\n# c\na: 1\nb:\n  - x: y\n    z: |\n      t\n  - - p\n    - q\nc:\n- d\ne:\nf: >-\n  g\n  h\n'i': \"j\"\n"
	root, ok := blocks(lexer.Tokenize(src))
	if !ok || len(root.Entries) != 6 {
		t.Fatalf("left to the parser: %s", root.tree())
	}
	for _, src := range []string{"a: {b: c}\n", "a: b: c\n", "a: [1]\n", "- \n", "a: - b\n", ""} {
		if _, ok := blocks(lexer.Tokenize(src)); ok {
			t.Errorf("%q was not left to the parser", src)
		}
	}
}

// FuzzBlocks: what is read from the tokens is what the parser reads, and nothing that it refuses.
func FuzzBlocks(f *testing.F) {
	for _, s := range []string{
		"a: 1\nb:\n  - x: y\n    z: |\n      t\n", "a:\n- b\n- c: d\n  e: f\n", "a:\n  b\n", "- - a\n  - b\n- c\n", "a: 'x'\n  b: 1\n",
		"a:\n    b: 1\n  c: 2\n", "a: x\n  y\nb: 1\n", "a: \"x\" y\n", "'a': 1\n", "a: |\n  x\n y: 1\n", "- a\nb: 1\n", "a:\n  - b\n c: 1\n", "1: 2\n~: 3\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		tokens := lexer.Tokenize(src)
		if len(guard(tokens)) > 0 {
			return
		}
		fast, ok := blocks(tokens)
		if !ok {
			return
		}
		file, err := parser.Parse(lexer.Tokenize(src), 0, parser.AllowDuplicateMapKey())
		if err != nil {
			t.Fatalf("%q: read as %s, the parser says %v", src, fast.tree(), err)
		}
		var slow *Node
		for _, d := range file.Docs {
			if d.Body != nil {
				slow = convert(d.Body)
			}
		}
		if fast.tree() != slow.tree() {
			t.Errorf("%q\nblocks %s\nparser %s", src, fast.tree(), slow.tree())
		}
	})
}
