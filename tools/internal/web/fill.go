package web

import (
	"bytes"
	"errors"
	"html/template"
	"io"

	"golang.org/x/net/html"
)

// resultsID marks the element of the built search page whose content the results replace.
const resultsID = "odc-results"

// fill puts results into the built page: they replace the content of the marked element (without one they end
// <main>), the search fields show the query, and the title begins with it. All other bytes stay as they were built.
func fill(page, fragment []byte, typed string) ([]byte, error) {
	f := filler{in: html.NewTokenizer(bytes.NewReader(page)), fragment: fragment, typed: typed}
	f.marked = bytes.Contains(page, []byte(resultsID))
	for {
		switch kind := f.in.Next(); kind {
		case html.ErrorToken:
			if err := f.in.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			if !f.filled {
				return nil, errors.New("the search page has no place for results")
			}
			return f.out.Bytes(), nil
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := f.start(kind); err != nil {
				return nil, err
			}
		case html.EndTagToken:
			f.end()
		default:
			f.out.Write(f.in.Raw())
		}
	}
}

type filler struct {
	in       *html.Tokenizer
	out      bytes.Buffer
	fragment []byte
	typed    string
	titled   bool // an <svg> may have a title of its own
	marked   bool // the page has an element for results
	filled   bool
}

func (f *filler) start(kind html.TokenType) error {
	raw := bytes.Clone(f.in.Raw())
	token := f.in.Token()
	switch {
	case token.Data == "title" && kind == html.StartTagToken:
		f.out.Write(raw)
		if f.typed != "" && !f.titled {
			template.HTMLEscape(&f.out, []byte(f.typed+" · "))
		}
		f.titled = true
	case token.Data == "input" && attribute(token, "name") == "q":
		setAttribute(&token, "value", f.typed)
		f.out.WriteString(token.String())
	case kind == html.StartTagToken && attribute(token, "id") == resultsID:
		setAttribute(&token, "data-filled", "") // so that a script leaves the results alone
		f.out.WriteString(token.String())
		f.out.Write(f.fragment)
		f.filled = true
		return f.skip(token.Data)
	default:
		f.out.Write(raw)
	}
	return nil
}

// end fills a page without a marked element before its </main>.
func (f *filler) end() {
	raw := bytes.Clone(f.in.Raw())
	if name, _ := f.in.TagName(); string(name) == "main" && !f.marked && !f.filled {
		f.out.Write(f.fragment)
		f.filled = true
	}
	f.out.Write(raw)
}

// skip drops what was in the element and writes its end tag.
func (f *filler) skip(element string) error {
	for depth := 1; depth > 0; {
		kind := f.in.Next()
		if kind == html.ErrorToken {
			return errors.New("the search page ends inside the element for results")
		}
		raw := bytes.Clone(f.in.Raw())
		name, _ := f.in.TagName()
		if string(name) != element {
			continue
		}
		switch kind {
		case html.StartTagToken:
			depth++
		case html.EndTagToken:
			if depth--; depth == 0 {
				f.out.Write(raw)
			}
		}
	}
	return nil
}

func attribute(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func setAttribute(t *html.Token, key, value string) {
	for i := range t.Attr {
		if t.Attr[i].Key == key {
			t.Attr[i].Val = value
			return
		}
	}
	t.Attr = append(t.Attr, html.Attribute{Key: key, Val: value})
}
