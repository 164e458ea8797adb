package yamldoc

import (
	"slices"
	"strings"
)

// comment is one line of comment and where it stood.
type comment struct {
	line, column int
	text         string // with its "#"
	own          bool   // alone on its line
}

// comments are wanted for writing only; reading leaves them as tokens.
func (d *Document) comments() (out []comment, lines []string) {
	lines = strings.Split(d.text, "\n")
	for _, tk := range d.tokens {
		c := comment{line: tk.Position.Line, column: tk.Position.Column}
		c.text = strings.TrimRight("#"+tk.Value, " \t")
		if c.line-1 < len(lines) {
			c.own = strings.HasPrefix(strings.TrimLeft(lines[c.line-1], " "), "#")
		}
		out = append(out, c)
	}
	return out, lines
}

// slot is a place comments belong to: a key of a map or an item of a list.
type slot struct {
	line, column int
	parent       *slot
	head         []string // above it
	side         string   // behind it, on its line
	foot         []string // below it, as deep as it is
	gap          bool     // a blank line stood above it
}

// layout is where the comments of a document belong, found by position: the library attaches them in ways that do
// not survive reordering.
type layout struct {
	header []string // above everything; "" is a blank line
	slots  []*slot
	of     map[*Node]*slot // the slot of each value
}

func newLayout(doc *Document) *layout {
	l := &layout{of: map[*Node]*slot{}}
	comments, lines := doc.comments()
	if doc.Root != nil {
		l.collect(doc.Root, nil, comments)
	}
	for _, c := range l.splitHeader(comments, len(lines)) {
		if c.own {
			l.ownLine(c)
		} else {
			l.behind(c)
		}
	}
	for _, s := range l.slots {
		first := s.line - len(s.head) - 1 // the line above its head, counted from 1
		s.gap = first >= 1 && first <= len(lines) && strings.TrimSpace(lines[first-1]) == ""
	}
	return l
}

// collect lists the slots in the order of the document. A flow collection is one slot unless comments stand in it.
func (l *layout) collect(n *Node, parent *slot, comments []comment) {
	if n.Style == Flow && !slices.ContainsFunc(comments, func(c comment) bool { return c.line >= n.Line && c.line < n.end }) {
		return
	}
	n.Style = Plain // of a collection: written as a block
	for _, e := range n.Entries {
		l.collect(e.Value, l.add(e.Value, e.Line, e.Column, parent), comments)
	}
	for _, it := range n.Items {
		column := n.Column
		if n.Style == Flow {
			column = it.Column
		}
		l.collect(it, l.add(it, it.Line, column, parent), comments)
	}
}

func (l *layout) add(n *Node, line, column int, parent *slot) *slot {
	s := &slot{line: line, column: column, parent: parent}
	l.slots = append(l.slots, s)
	l.of[n] = s
	return s
}

// slot is the slot of a value; what has none has no comments either.
func (l *layout) slot(n *Node) *slot {
	if s := l.of[n]; s != nil {
		return s
	}
	return &slot{}
}

const modeline = "# yaml-language-server:"

// splitHeader takes the comments that open the file: the editor's line, and blocks with a blank line below them.
func (l *layout) splitHeader(comments []comment, lines int) []comment {
	first := lines + 1
	if len(l.slots) > 0 {
		first = l.slots[0].line
	}
	end := 0 // comments of the header
	for i, c := range comments {
		if len(l.slots) > 0 && (!c.own || c.line >= first) {
			break
		}
		next := first
		if i+1 < len(comments) {
			next = min(next, comments[i+1].line)
		}
		if strings.HasPrefix(c.text, modeline) && i == end || next > c.line+1 || len(l.slots) == 0 {
			end = i + 1
		}
	}
	last := 0
	for _, c := range comments[:end] {
		if last > 0 && c.line > last+1 {
			l.header = append(l.header, "")
		}
		l.header = append(l.header, c.text)
		last = c.line
	}
	return comments[end:]
}

// ownLine gives a comment to what follows it, or, when it stands deeper than that, to what it closes.
func (l *layout) ownLine(c comment) {
	next := slices.IndexFunc(l.slots, func(s *slot) bool { return s.line > c.line })
	if next >= 0 && c.column <= l.slots[next].column {
		l.slots[next].head = append(l.slots[next].head, c.text)
		return
	}
	if next < 0 {
		next = len(l.slots)
	}
	if next == 0 {
		l.slots[0].head = append(l.slots[0].head, c.text)
		return
	}
	s := l.slots[next-1]
	for s.parent != nil && s.column > c.column {
		s = s.parent
	}
	s.foot = append(s.foot, c.text)
}

// behind gives a comment to the last thing that begins on its line or before.
func (l *layout) behind(c comment) {
	var s *slot
	for _, o := range l.slots {
		if o.line > c.line {
			break
		}
		s = o
	}
	switch {
	case s == nil:
		l.header = append(l.header, c.text)
	case s.side == "":
		s.side = c.text
	default:
		s.head = append(s.head, c.text)
	}
}
