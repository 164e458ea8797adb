package tree

import (
	"strconv"
	"strings"
	"unique"

	"opendata.example/odc/tools/internal/yamldoc"
)

// Positions knows where every field of every file stands.
type Positions struct {
	files map[string]*places
}

// At returns the line and column of a field such as "items[2].type", or of the nearest parent that was written.
// An unknown file gives 0, 0; an empty field the beginning of the record.
func (p *Positions) At(path, field string) (line, column int) {
	if p == nil || p.files[path] == nil {
		return 0, 0
	}
	return p.files[path].at(field)
}

// places is a tree of keys in preorder: compact, because a repository has millions of them.
type places struct {
	nodes []placed
}

type placed struct {
	key          unique.Handle[string] // of list items: their position
	line, column int32
	end          int32 // index after the last descendant
}

func flatten(root *yamldoc.Node) *places {
	p := &places{}
	p.add(unique.Make(""), root, root.Line, root.Column)
	return p
}

func (p *places) add(key unique.Handle[string], n *yamldoc.Node, line, column int) {
	at := len(p.nodes)
	p.nodes = append(p.nodes, placed{key: key, line: int32(line), column: int32(column)})
	for _, e := range n.Entries {
		line, column := e.Line, e.Column
		if v := e.Value; v.Kind == yamldoc.Scalar && !v.Null && v.Line > 0 {
			line, column = v.Line, v.Column
		}
		p.add(unique.Make(e.Key), e.Value, line, column)
	}
	for i, it := range n.Items {
		p.add(unique.Make(strconv.Itoa(i)), it, it.Line, it.Column)
	}
	p.nodes[at].end = int32(len(p.nodes))
}

func (p *places) at(field string) (line, column int) {
	i := 0
	for _, step := range steps(field) {
		j := p.child(i, unique.Make(step))
		if j < 0 {
			break
		}
		i = j
	}
	return int(p.nodes[i].line), int(p.nodes[i].column)
}

func (p *places) child(parent int, key unique.Handle[string]) int {
	for i := parent + 1; i < int(p.nodes[parent].end); i = int(p.nodes[i].end) {
		if p.nodes[i].key == key {
			return i
		}
	}
	return -1
}

// steps splits "items[2].type" into items, 2, type.
func steps(field string) []string {
	return strings.FieldsFunc(field, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}
