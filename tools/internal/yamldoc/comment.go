package yamldoc

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// comment is one line of comment and where it stood.
type comment struct {
	line, column int
	text         string // with its "#"
	own          bool   // alone on its line
}

func commentsOf(tokens token.Tokens, lines []string) []comment {
	var out []comment
	for _, tk := range tokens {
		if tk.Type != token.CommentType {
			continue
		}
		c := comment{line: tk.Position.Line, column: tk.Position.Column}
		c.text = strings.TrimRight("#"+tk.Value, " \r\n")
		if c.line-1 < len(lines) {
			c.own = strings.HasPrefix(strings.TrimLeft(lines[c.line-1], " "), "#")
		}
		out = append(out, c)
	}
	return out
}
