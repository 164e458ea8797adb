package table

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

const maxDepth = 20 // of nested values: deeper ones are not data

// values reads one JSON value after another, each bounded.
type values struct {
	dec   *json.Decoder
	bound *boundReader
	limit int
}

// boundReader fails when the decoder asks for more than one value may hold.
type boundReader struct {
	r    io.Reader
	left int
}

func (b *boundReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func newValues(r io.Reader, limit int) *values {
	b := &boundReader{r: r, left: limit}
	return &values{dec: json.NewDecoder(b), bound: b, limit: limit}
}

// raw reads the next value whole.
func (v *values) raw() (json.RawMessage, error) {
	v.bound.left = v.limit
	var raw json.RawMessage
	if err := v.dec.Decode(&raw); err != nil {
		return nil, err
	}
	return raw, nil
}

// token reads the next token.
func (v *values) token() (json.Token, error) {
	v.bound.left = v.limit
	return v.dec.Token()
}

func (v *values) more() bool {
	v.bound.left = v.limit
	return v.dec.More()
}

// jsonError turns an error of the decoder into a refusal at a record; reading errors pass.
func (o *Options) jsonError(err error, record int) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errTooLong):
		return refuse("format-error", record,
			diag.Text{Zh: fmt.Sprintf("第 %d 条记录过大", record), En: fmt.Sprintf("record %d is too large", record)},
			diag.Text{Zh: "请拆分记录，或改用 csv", En: "split the record, or use csv"})
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return refuse("format-error", record,
			diag.Text{Zh: fmt.Sprintf("第 %d 条记录处不是正确的 JSON", record), En: fmt.Sprintf("no valid JSON at record %d", record)},
			diag.Text{Zh: "请检查这一条的括号、引号和逗号", En: "check brackets, quotes and commas there"})
	}
	return err
}

// jsonReader yields the objects of an array, of {"data": [...]}, or of NDJSON.
type jsonReader struct {
	src    io.Closer
	opt    Options
	values *values
	array  bool
	record int
	fields *fields
	first  json.RawMessage // read to know the header
	ended  bool
	cells  []string
}

func openJSON(ctx context.Context, text io.Reader, src io.Closer, opt Options) (Reader, error) {
	br := bufio.NewReaderSize(text, 64<<10)
	head, _ := br.Peek(4 << 10)
	r := &jsonReader{src: src, opt: opt, values: newValues(br, opt.Limits.RecordBytes)}
	skip := 0 // tokens before the first object
	switch head = bytes.TrimLeft(head, " \t\r\n"); {
	case bytes.HasPrefix(head, []byte("[")):
		r.array, skip = true, 1
	case wrapped(head):
		r.array, skip = true, 3
	case !bytes.HasPrefix(head, []byte("{")):
		return nil, refuse("format-error", 0,
			diag.Text{Zh: "不是对象数组，也不是逐行 JSON", En: "neither an array of objects nor NDJSON"},
			diag.Text{Zh: `请写成 [{"字段": 值}, …]`, En: `write [{"field": value}, …]`})
	}
	for range skip {
		if _, err := r.values.token(); err != nil {
			return nil, opt.jsonError(err, 1)
		}
	}
	first, err := r.next(ctx)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	r.first = first
	r.fields, err = opt.newFields(first)
	return r, err
}

// wrapped reports whether a document begins {"data": [.
func wrapped(head []byte) bool {
	for _, token := range []string{"{", `"data"`, ":", "["} {
		head = bytes.TrimLeft(head, " \t\r\n")
		if !bytes.HasPrefix(head, []byte(token)) {
			return false
		}
		head = head[len(token):]
	}
	return true
}

// next reads one object; io.EOF after the last.
func (r *jsonReader) next(ctx context.Context) (json.RawMessage, error) {
	if err := cancelled(ctx, r.record); err != nil {
		return nil, err
	}
	if r.ended {
		return nil, io.EOF
	}
	if r.array && !r.values.more() {
		// A missing bracket shows here; what follows the table in {"data": …, "total": …} is not read.
		if _, err := r.values.token(); err != nil {
			return nil, r.opt.jsonError(err, r.record+1)
		}
		r.ended = true
		return nil, io.EOF
	}
	raw, err := r.values.raw()
	if errors.Is(err, io.EOF) && !r.array {
		return nil, io.EOF
	}
	if err != nil {
		return nil, r.opt.jsonError(err, r.record+1)
	}
	r.record++
	if raw[0] != '{' {
		return nil, refuse("format-error", r.record,
			diag.Text{Zh: fmt.Sprintf("第 %d 条记录不是对象", r.record), En: fmt.Sprintf("record %d is not an object", r.record)},
			diag.Text{Zh: `每条记录写成 {"字段": 值}`, En: `write each record as {"field": value}`})
	}
	return raw, nil
}

func (r *jsonReader) Header() []string { return r.fields.header }
func (r *jsonReader) HeaderRow() int   { return 0 }
func (r *jsonReader) Close() error     { return r.src.Close() }

func (r *jsonReader) Next(ctx context.Context) (Row, error) {
	raw := r.first
	r.first = nil
	if raw == nil {
		var err error
		if raw, err = r.next(ctx); err != nil {
			return Row{}, err
		}
	}
	cells, err := r.fields.cells(raw, r.record, r.cells[:0])
	r.cells = cells
	return Row{N: r.record, Cells: cells}, err
}

// fields spread the members of an object over columns.
type fields struct {
	opt     *Options
	header  []string
	column  map[string]int
	unknown map[string]bool // members reported already
}

// newFields names the columns after the members of the first record, then the items it lacks.
func (o *Options) newFields(first json.RawMessage) (*fields, error) {
	f := &fields{opt: o, column: map[string]int{}, unknown: map[string]bool{}}
	if first != nil {
		err := members(first, func(key string, _ json.RawMessage) error {
			if _, twice := f.column[key]; !twice {
				f.column[key] = len(f.header)
				f.header = append(f.header, key)
			}
			return nil
		})
		if err != nil {
			return nil, o.jsonError(err, 1)
		}
	}
	for i, it := range o.Items {
		if !f.names(i) {
			f.column[it.Name] = len(f.header)
			f.header = append(f.header, it.Name)
		}
	}
	return f, nil
}

// names reports whether a column of the first record is this item.
func (f *fields) names(item int) bool {
	for _, h := range f.header {
		if f.opt.label(h) == item {
			return true
		}
	}
	return false
}

// cells appends the values of one object in the order of the header.
func (f *fields) cells(object json.RawMessage, record int, dst []string) ([]string, error) {
	for range f.header {
		dst = append(dst, "")
	}
	seen := make([]bool, len(f.header))
	err := members(object, func(key string, value json.RawMessage) error {
		c, ok := f.column[key]
		if !ok {
			if !f.unknown[key] && len(f.unknown) < 100 {
				f.unknown[key] = true
				f.opt.Report(diag.Finding{Rule: "extra-label", Severity: diag.Error, Line: record,
					Message: diag.Text{Zh: fmt.Sprintf("出现首条记录没有、也未登记的字段 %.40q", key), En: fmt.Sprintf("member %.40q is neither in the first record nor declared", key)},
					Hint:    diag.Text{Zh: "请删去该字段，或登记为数据项", En: "remove it, or declare it as an item"}})
			}
			return nil
		}
		if seen[c] {
			return refuse("format-error", record,
				diag.Text{Zh: fmt.Sprintf("字段 %.40q 重复", key), En: fmt.Sprintf("member %.40q occurs twice", key)},
				diag.Text{Zh: "每条记录中字段只能出现一次", En: "a record names each member once"})
		}
		seen[c] = true
		cell, err := scalar(value)
		if err != nil {
			return err
		}
		if len(cell) > f.opt.Limits.CellBytes {
			return tooLong(record, f.opt.Limits.CellBytes)
		}
		if !f.opt.missing(cell) {
			dst[c] = cell
		}
		return nil
	})
	var refusal *Refusal
	if err != nil && !errors.As(err, &refusal) {
		err = f.opt.jsonError(err, record)
	}
	return dst, err
}

// members calls f for each member of an object in order. The object is valid JSON: a decoder has read it whole.
func members(object json.RawMessage, f func(key string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		if err := f(key.(string), value); err != nil {
			return err
		}
	}
	return nil
}

// scalar is the cell of a value: text without quotes, numbers as written, null empty, nested values as JSON text.
func scalar(value json.RawMessage) (string, error) {
	switch value[0] {
	case '"':
		var s string
		err := json.Unmarshal(value, &s)
		return stripControls(s), err
	case '{', '[':
		if depth(value) > maxDepth {
			return "", errTooLong
		}
		var b bytes.Buffer
		err := json.Compact(&b, value)
		return b.String(), err
	case 'n':
		return "", nil
	}
	return string(value), nil
}

func depth(value []byte) int {
	most, now, inString := 0, 0, false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

// stripControls drops control characters, which XLSX and XML cannot carry.
func stripControls(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return strings.Map(func(r rune) rune {
				if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
					return -1
				}
				return r
			}, s)
		}
	}
	return s
}

// jsonWriter writes an array of objects, one a line, members in the order of the items.
type jsonWriter struct {
	w     *bufio.Writer
	items []catalog.Item
	keys  [][]byte // `"name":`
	rows  int
	line  []byte
}

// NewJSON writes an array of objects. Numbers stay numbers where that is lossless, everything else is text; an empty
// cell is null.
func NewJSON(w io.Writer, items []catalog.Item) (Writer, error) {
	return &jsonWriter{w: bufio.NewWriterSize(w, 64<<10), items: items, keys: jsonKeys(items)}, nil
}

func jsonKeys(items []catalog.Item) [][]byte {
	keys := make([][]byte, len(items))
	for i, it := range items {
		keys[i] = append(appendString(nil, it.Name), ':')
	}
	return keys
}

func (j *jsonWriter) Write(row Row) error {
	j.line = append(j.line[:0], "[\n"...)
	if j.rows > 0 {
		j.line = append(j.line[:0], ",\n"...)
	}
	j.rows++
	j.line = appendObject(j.line, j.items, j.keys, row.Cells)
	_, err := j.w.Write(j.line)
	return err
}

func (j *jsonWriter) Close() error {
	end := "\n]\n"
	if j.rows == 0 {
		end = "[]\n"
	}
	if _, err := j.w.WriteString(end); err != nil {
		return err
	}
	return j.w.Flush()
}

func appendObject(b []byte, items []catalog.Item, keys [][]byte, cells []string) []byte {
	b = append(b, '{')
	for i, cell := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(append(b, keys[i]...), items[i].Type, cell)
	}
	return append(b, '}')
}

func appendValue(b []byte, itemType catalog.Code, cell string) []byte {
	if cell == "" {
		return append(b, "null"...)
	}
	if Numeric(itemType) && lossless(cell) {
		return append(b, cell...)
	}
	if itemType == "L" {
		if _, ok := boolean(cell); ok {
			return append(b, cell...)
		}
	}
	return appendString(b, cell)
}

const hexDigits = "0123456789abcdef"

// appendString appends a JSON string. Only what JSON demands is escaped, so that people can read and compare the files.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
		}
	}
	return append(append(b, s[start:]...), '"')
}
