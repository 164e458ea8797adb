package yamldoc

import "github.com/goccy/go-yaml/token"

// blocks builds the tree of a document that holds only block maps, block lists and scalars, straight from its tokens:
// nearly every file is of that kind, and the library's parser costs twice the time of its lexer. Anything else, and
// anything doubtful, is left to the parser (ok is false); a fuzz test holds the two together.
func blocks(tokens token.Tokens) (root *Node, ok bool) {
	b := &blockReader{tokens: make(token.Tokens, 0, len(tokens))}
	for _, tk := range tokens {
		if tk.Type != token.CommentType {
			b.tokens = append(b.tokens, tk)
		}
	}
	if len(b.tokens) > 0 && b.tokens[0].Type == token.DocumentHeaderType {
		b.tokens = b.tokens[1:]
	}
	if len(b.tokens) == 0 {
		return nil, false
	}
	root = b.node()
	return root, root != nil && len(b.tokens) == 0
}

// blockReader takes tokens from the front. Its methods return nil for what they leave to the parser.
type blockReader struct {
	tokens token.Tokens
}

func (b *blockReader) isKey() bool {
	return len(b.tokens) > 1 && isScalar(b.tokens[0]) && b.tokens[1].Type == token.MappingValueType &&
		b.tokens[1].Position.Line == b.tokens[0].Position.Line
}

func isScalar(tk *token.Token) bool {
	switch tk.Type {
	case token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.IntegerType, token.FloatType, token.BoolType,
		token.NullType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType, token.InfinityType, token.NanType:
		return true
	}
	return false
}

func (b *blockReader) node() *Node {
	switch first := b.tokens[0]; {
	case first.Type == token.SequenceEntryType:
		return b.list(first.Position.Column)
	case b.isKey():
		return b.mapping(first.Position.Column)
	}
	return b.scalar()
}

func (b *blockReader) scalar() *Node {
	first := b.tokens[0]
	var n *Node
	switch {
	case first.Type == token.LiteralType || first.Type == token.FoldedType:
		if len(b.tokens) < 2 || b.tokens[1].Type != token.StringType {
			return nil
		}
		n = blockText(first, b.tokens[1])
		b.tokens = b.tokens[2:]
	case isScalar(first):
		n = scalarNode(first)
		b.tokens = b.tokens[1:]
	default:
		return nil
	}
	if len(b.tokens) > 0 && (b.tokens[0].Type == token.MappingValueType || b.tokens[0].Position.Line == first.Position.Line) {
		return nil // more on the line than a value
	}
	return n
}

func (b *blockReader) mapping(column int) *Node {
	n := &Node{Kind: Map, Line: b.tokens[0].Position.Line, Column: column}
	for b.isKey() && b.tokens[0].Position.Column == column {
		key := b.tokens[0]
		b.tokens = b.tokens[2:]
		v := b.valueOf(key)
		if v == nil {
			return nil
		}
		n.Entries = append(n.Entries, Entry{Key: key.Value, Line: key.Position.Line, Column: column, Value: v})
	}
	return n
}

// valueOf reads what stands behind a key: on its line a scalar, below it something deeper, or a list at its column.
func (b *blockReader) valueOf(key *token.Token) *Node {
	if len(b.tokens) > 0 {
		next := b.tokens[0]
		switch {
		case next.Position.Line == key.Position.Line:
			return b.scalar()
		case next.Position.Column > key.Position.Column, next.Position.Column == key.Position.Column && next.Type == token.SequenceEntryType:
			return b.node()
		}
	}
	return &Node{Null: true, Line: key.Position.Line, Column: key.Position.Column}
}

func (b *blockReader) list(column int) *Node {
	n := &Node{Kind: List, Line: b.tokens[0].Position.Line, Column: column}
	for len(b.tokens) > 0 && b.tokens[0].Type == token.SequenceEntryType && b.tokens[0].Position.Column == column {
		b.tokens = b.tokens[1:]
		if len(b.tokens) == 0 || b.tokens[0].Position.Column <= column && b.tokens[0].Position.Column > 0 {
			return nil // an empty item
		}
		item := b.node()
		if item == nil {
			return nil
		}
		n.Items = append(n.Items, item)
	}
	return n
}
