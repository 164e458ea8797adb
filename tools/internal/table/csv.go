package table

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

const (
	csvPeek    = 256 << 10 // what the vote for the delimiter may look at
	voteRows   = 200
	headerHunt = 20 // rows in which a header that matches the items is looked for
)

// csvReader yields the rows of one CSV table.
type csvReader struct {
	src    io.Closer
	opt    Options
	split  *splitter
	header []string
	row    int // row of the header
	cells  []string
	footer [][]string // rows held back, as dialect.footer_rows says they are no data
	rows   []int
}

func openCSV(text io.Reader, src io.Closer, opt Options) (Reader, error) {
	br := bufio.NewReaderSize(text, csvPeek)
	quote := byte('"')
	if q := opt.Dialect.QuoteChar; len(q) == 1 {
		quote = q[0]
	}
	// A peek ends early at the end of the file or at a decoding error, which the rows will meet again.
	sample, _ := br.Peek(csvPeek)
	delimiter, err := opt.delimiter(sample, quote)
	if err != nil {
		return nil, err
	}
	r := &csvReader{src: src, opt: opt, split: newSplitter(br, delimiter, quote, opt)}
	if err := r.readHeader(sample, delimiter, quote); err != nil {
		return nil, err
	}
	return r, nil
}

// delimiter is the declared one, else the one under which most records have the same, largest width.
func (o *Options) delimiter(sample []byte, quote byte) (byte, error) {
	switch d := o.Dialect.Delimiter; {
	case len(d) == 1:
		return d[0], nil
	case d == `\t` || d == "tab":
		return '\t', nil
	case d != "":
		return 0, refuse("dialect-error", 0,
			diag.Text{Zh: fmt.Sprintf("分隔符“%s”不是一个半角字符", d), En: fmt.Sprintf("delimiter %q is not one ASCII character", d)},
			diag.Text{Zh: `请写 "," ";" "|" 或 "\t"`, En: `write "," ";" "|" or "\t"`})
	}
	best, bestScore := byte(','), 0.0
	for _, d := range []byte(",;\t|") {
		if s := o.vote(sample, d, quote); s > bestScore {
			best, bestScore = d, s
		}
	}
	if best != ',' {
		o.Report(diag.Finding{Rule: "delimiter-not-comma", Severity: diag.Info,
			Message: diag.Text{Zh: fmt.Sprintf("分隔符按内容识别为 %q，发布时改为逗号", best), En: fmt.Sprintf("detected delimiter %q; published with commas", best)},
			Hint:    diag.Text{Zh: fmt.Sprintf("请在 distribution 下写 dialect: {delimiter: %q}", string(best)), En: fmt.Sprintf("write dialect: {delimiter: %q} in the distribution", string(best))}})
	}
	return best, nil
}

// vote scores a delimiter: share of records with the most frequent width, times the logarithm of that width.
func (o *Options) vote(sample []byte, delimiter, quote byte) float64 {
	quiet := *o
	quiet.Report = func(diag.Finding) {}
	s := newSplitter(bufio.NewReader(bytes.NewReader(sample)), delimiter, quote, quiet)
	widths, records := map[int]int{}, 0
	var cells []string
	for records < voteRows {
		var err error
		if cells, err = s.record(cells[:0]); err != nil {
			break
		}
		if len(cells) > 1 || cells[0] != "" {
			widths[len(cells)]++
			records++
		}
	}
	width, most := 0, 0
	for w, n := range widths {
		if n > most || n == most && w > width {
			width, most = w, n
		}
	}
	return share(most, records) * math.Log(float64(max(width, 1)))
}

// readHeader leaves the splitter at the first row of data. A table whose labels are the declared items is found below
// title rows; otherwise the first row is the header.
func (r *csvReader) readHeader(sample []byte, delimiter, quote byte) error {
	d := r.opt.Dialect
	skip := d.SkipRows
	if skip == 0 && d.Header != "false" {
		skip = r.titleRows(sample, delimiter, quote)
	}
	for range skip {
		if _, err := r.split.record(nil); err != nil {
			return r.noTable(err)
		}
	}
	if d.Header == "false" {
		for _, it := range r.opt.Items {
			r.header = append(r.header, it.Name)
		}
		return nil
	}
	for i := range max(d.HeaderRows, 1) {
		labels, err := r.split.record(nil)
		if err != nil {
			return r.noTable(err)
		}
		if i == 0 {
			r.header, r.row = labels, r.split.row
			continue
		}
		for c, label := range labels[:min(len(labels), len(r.header))] {
			if label = strings.TrimSpace(label); label != "" {
				r.header[c] = strings.TrimSpace(r.header[c]) + "/" + label
			}
		}
	}
	return nil
}

func (r *csvReader) noTable(err error) error {
	if !errors.Is(err, io.EOF) {
		return err
	}
	return refuse("source-error", 0, diag.Text{Zh: "文件里没有表头", En: "the file holds no header"},
		diag.Text{Zh: "第一行应是列名；请核对 dialect.skip_rows", En: "the first row holds the column names; see dialect.skip_rows"})
}

// titleRows counts the rows above the header, if the header is below the first row.
func (r *csvReader) titleRows(sample []byte, delimiter, quote byte) int {
	if len(r.opt.Items) == 0 {
		return 0
	}
	quiet := r.opt
	quiet.Report = func(diag.Finding) {}
	s := newSplitter(bufio.NewReader(bytes.NewReader(sample)), delimiter, quote, quiet)
	for n := range headerHunt {
		cells, err := s.record(nil)
		if err != nil {
			return 0
		}
		if !r.opt.isHeader(cells) {
			continue
		}
		for row := 1; row <= n; row++ {
			r.opt.Report(diag.Finding{Rule: "title-row", Severity: diag.Warning, Line: row, Column: 1,
				Message: diag.Text{Zh: "表头之上有标题行，发布的文件不含此行", En: "a title row above the header; it is left out of published files"},
				Hint:    diag.Text{Zh: fmt.Sprintf("请删去此行，或登记 dialect: {skip_rows: %d}", n), En: fmt.Sprintf("delete the row, or declare dialect: {skip_rows: %d}", n)}})
		}
		return n
	}
	return 0
}

// isHeader reports whether at least half of the declared items are named.
func (o *Options) isHeader(cells []string) bool {
	hits := 0
	for _, c := range cells {
		if o.label(c) >= 0 {
			hits++
		}
	}
	return hits > 0 && hits*2 >= len(o.Items)
}

func (r *csvReader) Header() []string { return r.header }
func (r *csvReader) HeaderRow() int   { return r.row }
func (r *csvReader) Close() error     { return r.src.Close() }

func (r *csvReader) Next(ctx context.Context) (Row, error) {
	hold := r.opt.Dialect.FooterRows
	for {
		row, err := r.next(ctx)
		if err != nil || hold == 0 {
			return row, err
		}
		if len(r.footer) < hold {
			r.footer, r.rows = append(r.footer, slices.Clone(row.Cells)), append(r.rows, row.N)
			continue
		}
		first, n := r.footer[0], r.rows[0]
		r.footer, r.rows = append(r.footer[1:], slices.Clone(row.Cells)), append(r.rows[1:], row.N)
		return Row{N: n, Cells: first}, nil
	}
}

func (r *csvReader) next(ctx context.Context) (Row, error) {
	for {
		if err := cancelled(ctx, r.split.row); err != nil {
			return Row{}, err
		}
		cells, err := r.split.record(r.cells[:0])
		if errors.Is(err, io.EOF) {
			r.reportLineEnds()
		}
		if err != nil {
			return Row{}, err
		}
		r.cells = cells
		n := r.split.row
		if c := r.opt.Dialect.CommentChar; c != "" && strings.HasPrefix(cells[0], c) {
			continue
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return s != "" }) {
			r.opt.Report(diag.Finding{Rule: "blank-row", Severity: diag.Warning, Line: n,
				Message: diag.Text{Zh: "空行", En: "blank row"}, Hint: diag.Text{Zh: "请删去空行", En: "delete it"}})
			continue
		}
		r.fit(n)
		for i, c := range r.cells {
			if c != "" && r.opt.missing(c) {
				r.cells[i] = ""
			}
		}
		return Row{N: n, Cells: r.cells}, nil
	}
}

func (r *csvReader) reportLineEnds() {
	if s := r.split; s.crlf > 0 && s.crlf < s.row {
		s.crlf = 0 // told once
		r.opt.Report(diag.Finding{Rule: "line-breaks-mixed", Severity: diag.Info,
			Message: diag.Text{Zh: "换行有 CRLF 和 LF 两种，发布时统一为 CRLF", En: "CRLF and LF line ends are mixed; published with CRLF"}})
	}
}

// fit gives the row the width of the header.
func (r *csvReader) fit(n int) {
	have, want := len(r.cells), len(r.header)
	switch {
	case have < want:
		r.opt.Report(diag.Finding{Rule: "missing-cell", Severity: diag.Error, Line: n, Column: have + 1,
			Message: diag.Text{Zh: fmt.Sprintf("只有 %d 格，表头有 %d 列", have, want), En: fmt.Sprintf("%d cells, the header has %d", have, want)},
			Hint:    diag.Text{Zh: "请补上缺少的分隔符；空值留空即可", En: "add the missing delimiters; an empty cell is fine"}})
		for len(r.cells) < want {
			r.cells = append(r.cells, "")
		}
	case have > want:
		if slices.ContainsFunc(r.cells[want:], func(s string) bool { return s != "" }) {
			r.opt.Report(diag.Finding{Rule: "extra-cell", Severity: diag.Error, Line: n, Column: want + 1,
				Message: diag.Text{Zh: fmt.Sprintf("有 %d 格，表头只有 %d 列", have, want), En: fmt.Sprintf("%d cells, the header has %d", have, want)},
				Hint:    diag.Text{Zh: "值中有分隔符时请用双引号括起整格", En: "quote a cell that holds the delimiter"}})
		}
		r.cells = r.cells[:want]
	}
}

// splitter cuts a text into records and cells. Unlike encoding/csv it counts blank rows, bounds a record, and goes on
// after a stray quote.
type splitter struct {
	br               *bufio.Reader
	opt              Options
	delimiter, quote byte
	row              int // of the record last returned
	crlf             int // records that ended in CRLF, or at the end of the file
	lineCRLF         bool
	line             []byte
	cells            []byte // text of all cells, one after another
	ends             []int
}

func newSplitter(br *bufio.Reader, delimiter, quote byte, opt Options) *splitter {
	opt.Limits = opt.Limits.orDefault()
	return &splitter{br: br, opt: opt, delimiter: delimiter, quote: quote}
}

// record appends the cells of the next record to dst; a blank line is one empty cell. io.EOF ends the file.
func (s *splitter) record(dst []string) ([]string, error) {
	line, err := s.readLine(0)
	if err != nil {
		return dst, err
	}
	s.row++
	size := len(line)
	s.cells, s.ends = s.cells[:0], s.ends[:0]
	for col := 1; ; col++ {
		if len(s.ends) > s.opt.Limits.Columns {
			return dst, refuse("table-dimensions", s.row,
				diag.Text{Zh: fmt.Sprintf("这一行超过 %d 列", s.opt.Limits.Columns), En: fmt.Sprintf("more than %d columns in this row", s.opt.Limits.Columns)},
				diag.Text{Zh: "请检查分隔符", En: "check the delimiter"})
		}
		if len(line) > 0 && line[0] == s.quote {
			if line, size, err = s.quoted(line[1:], size, col); err != nil {
				return dst, err
			}
		} else if i := bytes.IndexByte(line, s.delimiter); i >= 0 {
			s.cells, line = append(s.cells, line[:i]...), line[i:]
		} else {
			s.cells, line = append(s.cells, line...), nil
		}
		start := 0
		if n := len(s.ends); n > 0 {
			start = s.ends[n-1]
		}
		s.endCell(start, col)
		if len(s.cells)-start > s.opt.Limits.CellBytes {
			return dst, tooLong(s.row, s.opt.Limits.CellBytes)
		}
		if len(line) == 0 {
			break
		}
		line = line[1:] // the delimiter
		if len(line) == 0 {
			s.endCell(len(s.cells), col+1)
			break
		}
	}
	if s.lineCRLF {
		s.crlf++
	}
	text, start := string(s.cells), 0
	for _, end := range s.ends {
		dst = append(dst, text[start:end])
		start = end
	}
	return dst, nil
}

// endCell closes the cell that began at start and takes control characters out of it: no format can carry them all.
func (s *splitter) endCell(start, col int) {
	cell := s.cells[start:]
	for i, c := range cell {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			s.opt.Report(diag.Finding{Rule: "control-char", Severity: diag.Warning, Line: s.row, Column: col,
				Message: diag.Text{Zh: fmt.Sprintf("含控制字符 0x%02X，发布时已去除", c), En: fmt.Sprintf("control character 0x%02X; left out of published files", c)},
				Hint:    diag.Text{Zh: "请在来源系统中清理", En: "clean it in the source system"}})
			clean := bytes.Map(func(r rune) rune {
				if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
					return -1
				}
				return r
			}, cell[i:])
			s.cells = append(s.cells[:start+i], clean...)
			break
		}
	}
	s.ends = append(s.ends, len(s.cells))
}

// quoted reads a cell after its opening quote, across lines where needed, and returns what follows its end.
func (s *splitter) quoted(line []byte, size, col int) (rest []byte, total int, err error) {
	for {
		i := bytes.IndexByte(line, s.quote)
		switch {
		case i < 0: // a line break within the quotes
			s.cells = append(s.cells, line...)
			s.cells = append(s.cells, '\n')
			line, err = s.readLine(size)
			if errors.Is(err, io.EOF) {
				return nil, 0, refuse("unclosed-quote", s.row,
					diag.Text{Zh: fmt.Sprintf("第 %d 列的引号到文件末尾也没有闭合", col), En: fmt.Sprintf("the quote in column %d is never closed", col)},
					diag.Text{Zh: "请补上引号；值中的引号要写两个", En: "close it; a quote within a value is written twice"})
			}
			if err != nil {
				return nil, 0, err
			}
			size += len(line) + 1
		case i+1 == len(line):
			s.cells = append(s.cells, line[:i]...)
			return nil, size, nil
		case line[i+1] == s.quote:
			s.cells = append(s.cells, line[:i+1]...)
			line = line[i+2:]
		case line[i+1] == s.delimiter:
			s.cells = append(s.cells, line[:i]...)
			return line[i+1:], size, nil
		default:
			s.opt.Report(diag.Finding{Rule: "stray-quote", Severity: diag.Warning, Line: s.row, Column: col,
				Message: diag.Text{Zh: "引号之后还有文字，按原样读入", En: "text after a closing quote; read as it stands"},
				Hint:    diag.Text{Zh: "值中的引号要写两个", En: "a quote within a value is written twice"}})
			s.cells = append(s.cells, line[:i+1]...)
			line = line[i+1:]
		}
	}
}

// readLine returns the next line without its end. used is what the record holds already.
func (s *splitter) readLine(used int) ([]byte, error) {
	line, err := s.br.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		s.line = append(s.line[:0], line...)
		for errors.Is(err, bufio.ErrBufferFull) {
			if used+len(s.line) > s.opt.Limits.RecordBytes {
				return nil, tooLong(max(s.row, 1), s.opt.Limits.RecordBytes)
			}
			line, err = s.br.ReadSlice('\n')
			s.line = append(s.line, line...)
		}
		line = s.line
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	if used+len(line) > s.opt.Limits.RecordBytes {
		return nil, tooLong(max(s.row, 1), s.opt.Limits.RecordBytes)
	}
	s.lineCRLF = err != nil || bytes.HasSuffix(line, []byte("\r\n"))
	line = bytes.TrimSuffix(line, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), nil
}

// csvWriter writes RFC 4180: CRLF, quotes only where needed.
type csvWriter struct {
	w       *bufio.Writer
	line    []byte
	guarded bool // a leading apostrophe keeps spreadsheets from running a cell as a formula
}

// NewCSV writes the plain form: UTF-8 without BOM, item names as header, cells as they are.
func NewCSV(w io.Writer, items []catalog.Item) (Writer, error) {
	c := &csvWriter{w: bufio.NewWriterSize(w, 64<<10)}
	names := make([]string, len(items))
	for i, it := range items {
		names[i] = it.Name
	}
	return c, c.Write(Row{Cells: names})
}

// NewExcelCSV writes the twin for spreadsheets: BOM, so that they read UTF-8; item titles as header; and an
// apostrophe before what they would run as a formula.
func NewExcelCSV(w io.Writer, items []catalog.Item) (Writer, error) {
	c := &csvWriter{w: bufio.NewWriterSize(w, 64<<10), guarded: true}
	if _, err := c.w.WriteString("\uFEFF"); err != nil {
		return nil, err
	}
	titles := make([]string, len(items))
	for i, it := range items {
		titles[i] = it.Title
	}
	return c, c.Write(Row{Cells: titles})
}

func (c *csvWriter) Write(row Row) error {
	c.line = c.line[:0]
	for i, cell := range row.Cells {
		if i > 0 {
			c.line = append(c.line, ',')
		}
		quote := needsQuotes(cell) || cell == "" && len(row.Cells) == 1 // a bare line end would be a blank row
		if quote {
			c.line = append(c.line, '"')
		}
		if c.guarded && FormulaStart(cell) {
			c.line = append(c.line, '\'')
		}
		for {
			i := strings.IndexByte(cell, '"')
			if i < 0 {
				break
			}
			c.line = append(append(c.line, cell[:i]...), '"', '"')
			cell = cell[i+1:]
		}
		c.line = append(c.line, cell...)
		if quote {
			c.line = append(c.line, '"')
		}
	}
	c.line = append(c.line, '\r', '\n')
	_, err := c.w.Write(c.line)
	return err
}

func (c *csvWriter) Close() error { return c.w.Flush() }

func needsQuotes(cell string) bool {
	for i := range len(cell) {
		switch cell[i] {
		case ',', '"', '\r', '\n':
			return true
		}
	}
	return cell != "" && (cell[0] == ' ' || cell[0] == '\t' || cell[len(cell)-1] == ' ')
}

// FormulaStart reports whether a spreadsheet would take the cell for a formula: it begins with = @ tab or CR, with +
// unless it is a telephone number, or with - unless it is a number.
func FormulaStart(cell string) bool {
	if cell == "" {
		return false
	}
	switch cell[0] {
	case '=', '@', '\t', '\r':
		return true
	case '+':
		return strings.Trim(cell[1:], "0123456789 -") != ""
	case '-':
		return !IsNumber(cell)
	}
	return false
}
