package table

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

const (
	maxArchiveEntries = 1000
	maxRatio          = 200     // unpacked to packed, after the first MiB of an entry
	maxSheetRows      = 1048576 // of the format, header included
	maxCellUnits      = 32767   // of the format, in UTF-16
)

// xlsxReader yields the rows of one sheet. The workbook's parts are unpacked into memory up to 16 MiB each, larger ones
// into temporary files; the rows are streamed.
type xlsxReader struct {
	src    io.Closer
	opt    Options
	file   *excelize.File
	rows   *excelize.Rows
	span   span
	header []string
	row    int // of the header
	n      int // row last read
	seen   int64
	is1904 bool
	kinds  []catalog.Code // type of the item in each column, "" unknown
	blank  int            // blank rows not reported yet: those at the end are formatting, not data
	cells  []string
}

// span is the declared range; zero ends are open.
type span struct{ col1, row1, col2, row2 int }

func openXLSX(src io.ReadCloser, opt Options) (r Reader, err error) {
	defer guard(&err)
	data, err := io.ReadAll(io.LimitReader(src, opt.Limits.WorkbookBytes+1))
	if err != nil {
		return nil, err
	}
	if err := checkArchive(data, opt); err != nil {
		return nil, err
	}
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: opt.Limits.UnpackedBytes, UnzipXMLSizeLimit: 16 << 20,
	})
	if err != nil {
		return nil, notWorkbook()
	}
	x := &xlsxReader{src: src, opt: opt, file: file}
	if err := x.open(); err != nil {
		file.Close()
		return nil, err
	}
	return x, nil
}

// guard turns a panic of the spreadsheet library, which hostile files can cause, into a refusal.
func guard(err *error) {
	if recover() != nil {
		*err = notWorkbook()
	}
}

func notWorkbook() error {
	return refuse("format-error", 0,
		diag.Text{Zh: "工作簿损坏或不合规范，无法打开", En: "the workbook is damaged or malformed"},
		diag.Text{Zh: "请在表格软件中打开后另存为 xlsx，或存为 csv（UTF-8）", En: "open it in a spreadsheet and save it again, or as csv (UTF-8)"})
}

// checkArchive looks at the directory of the archive before anything is unpacked. Sizes in it can be trusted: the zip
// reader fails on an entry that holds more than it says.
func checkArchive(data []byte, opt Options) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return notWorkbook()
	}
	bomb := func() error {
		return refuse("zip-bomb", 0,
			diag.Text{Zh: "压缩包条目过多、过大，或压缩比异常", En: "the archive has too many or too large entries"},
			diag.Text{Zh: "请另存为 csv，或拆成多个文件", En: "save it as csv, or split it"})
	}
	if len(z.File) > maxArchiveEntries {
		return bomb()
	}
	var total uint64
	for _, f := range z.File {
		total += f.UncompressedSize64
		if total > uint64(opt.Limits.UnpackedBytes) || f.UncompressedSize64 > 1<<20+maxRatio*f.CompressedSize64 {
			return bomb()
		}
		if strings.EqualFold(f.Name, "xl/vbaProject.bin") {
			opt.Report(diag.Finding{Rule: "comment-or-macro", Severity: diag.Error,
				Message: diag.Text{Zh: "工作簿带有宏", En: "the workbook holds macros"},
				Hint:    diag.Text{Zh: "请另存为不含宏的 xlsx", En: "save it as xlsx without macros"}})
		}
		if strings.HasPrefix(f.Name, "xl/comments") || strings.HasPrefix(f.Name, "xl/threadedComments") {
			opt.Report(diag.Finding{Rule: "comment-or-macro", Severity: diag.Warning,
				Message: diag.Text{Zh: "工作簿带有批注", En: "the workbook holds comments"},
				Hint:    diag.Text{Zh: "源文件是公开的，请删去批注", En: "the source is public: delete the comments"}})
		}
	}
	return nil
}

func (x *xlsxReader) open() error {
	if err := x.setRange(); err != nil {
		return err
	}
	if p, err := x.file.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		x.is1904 = *p.Date1904
	}
	sheet, err := x.sheet()
	if err != nil {
		return err
	}
	if x.rows, err = x.file.Rows(sheet); err != nil {
		return notWorkbook()
	}
	return x.readHeader()
}

func (x *xlsxReader) setRange() error {
	if x.opt.Dialect.Range == "" {
		return nil
	}
	from, to, _ := strings.Cut(x.opt.Dialect.Range, ":")
	var err error
	if x.span.col1, x.span.row1, err = excelize.CellNameToCoordinates(from); err == nil && to != "" {
		x.span.col2, x.span.row2, err = excelize.CellNameToCoordinates(to)
	}
	if err != nil {
		return refuse("dialect-error", 0,
			diag.Text{Zh: fmt.Sprintf("区域“%s”不是单元格范围", x.opt.Dialect.Range), En: fmt.Sprintf("range %q is no range of cells", x.opt.Dialect.Range)},
			diag.Text{Zh: "请写成 A3 或 A3:F200", En: "write A3 or A3:F200"})
	}
	return nil
}

// sheet chooses the declared sheet, the only visible one, or the only one whose header names the items.
func (x *xlsxReader) sheet() (string, error) {
	var visible []string
	for i, name := range x.file.GetSheetList() {
		if shown, err := x.file.GetSheetVisible(name); err != nil || shown {
			visible = append(visible, name)
			continue
		}
		x.opt.Report(diag.Finding{Rule: "hidden-sheet", Severity: diag.Error,
			Message: diag.Text{Zh: fmt.Sprintf("第 %d 个工作表是隐藏的", i+1), En: fmt.Sprintf("sheet %d is hidden", i+1)},
			Hint:    diag.Text{Zh: "源文件是公开的，请删去隐藏的工作表", En: "the source file is public: delete hidden sheets"}})
	}
	if want := x.opt.Dialect.Sheet; want != "" {
		if !slices.Contains(x.file.GetSheetList(), want) {
			return "", refuse("dialect-error", 0,
				diag.Text{Zh: fmt.Sprintf("没有名为“%s”的工作表", want), En: fmt.Sprintf("there is no sheet %q", want)},
				diag.Text{Zh: "请改正 dialect.sheet", En: "correct dialect.sheet"})
		}
		return want, nil
	}
	if len(visible) == 1 {
		return visible[0], nil
	}
	var fit []string
	for _, name := range visible {
		if x.hasHeader(name) {
			fit = append(fit, name)
		}
	}
	if len(fit) == 1 {
		x.opt.Report(diag.Finding{Rule: "several-tables", Severity: diag.Warning,
			Message: diag.Text{Zh: fmt.Sprintf("有 %d 个工作表，只读取表头相符的“%s”", len(visible), fit[0]), En: fmt.Sprintf("%d sheets; only %q has the declared header and is read", len(visible), fit[0])},
			Hint:    diag.Text{Zh: "请在 dialect.sheet 中登记工作表名", En: "name it in dialect.sheet"}})
		return fit[0], nil
	}
	return "", refuse("several-tables", 0,
		diag.Text{Zh: fmt.Sprintf("有 %d 个可见的工作表，不知读哪一个", len(visible)), En: fmt.Sprintf("%d visible sheets: which one is the table?", len(visible))},
		diag.Text{Zh: "请在 dialect.sheet 中登记工作表名", En: "name it in dialect.sheet"})
}

// hasHeader looks for the declared labels in the first rows of a sheet.
func (x *xlsxReader) hasHeader(sheet string) bool {
	rows, err := x.file.Rows(sheet)
	if err != nil {
		return false
	}
	defer rows.Close()
	for range headerHunt {
		if !rows.Next() {
			return false
		}
		if cells, err := rows.Columns(); err == nil && x.opt.isHeader(cells) {
			return true
		}
	}
	return false
}

// readHeader skips declared rows and title rows, and reads the labels.
func (x *xlsxReader) readHeader() error {
	d := x.opt.Dialect
	var titles []int
	for range headerHunt + d.SkipRows + x.span.row1 {
		cells, ok, err := x.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		if x.n <= d.SkipRows || x.n < x.span.row1 {
			continue
		}
		if d.Header == "false" {
			for _, it := range x.opt.Items {
				x.header = append(x.header, it.Name)
			}
			x.cells = slices.Clone(cells) // the first row of data
			x.setKinds()
			return nil
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return s != "" }) {
			continue
		}
		if x.header == nil {
			x.header, x.row = slices.Clone(cells), x.n
		}
		if len(x.opt.Items) == 0 || d.SkipRows > 0 || x.opt.isHeader(cells) {
			x.header, x.row = slices.Clone(cells), x.n
			for _, row := range titles {
				x.opt.Report(diag.Finding{Rule: "title-row", Severity: diag.Warning, Line: row, Column: 1,
					Message: diag.Text{Zh: "表头之上有标题行，发布的文件不含此行", En: "a title row above the header; it is left out of published files"},
					Hint:    diag.Text{Zh: "请删去此行，或登记 dialect.skip_rows", En: "delete the row, or declare dialect.skip_rows"}})
			}
			x.setKinds()
			return nil
		}
		titles = append(titles, x.n)
	}
	if x.header == nil {
		return refuse("source-error", 0, diag.Text{Zh: "工作表里没有表头", En: "the sheet holds no header"},
			diag.Text{Zh: "第一行应是列名", En: "the first row holds the column names"})
	}
	return x.restart()
}

// restart reads on below the first filled row: no row matched the items, and the caller will say which are missing.
func (x *xlsxReader) restart() error {
	sheet, err := x.quietSheet()
	if err != nil {
		return err
	}
	x.rows.Close()
	if x.rows, err = x.file.Rows(sheet); err != nil {
		return notWorkbook()
	}
	to := x.row
	for x.n = 0; x.n < to; {
		if _, ok, err := x.next(); err != nil || !ok {
			return err
		}
	}
	x.setKinds()
	return nil
}

func (x *xlsxReader) quietSheet() (string, error) {
	report := x.opt.Report
	defer func() { x.opt.Report = report }()
	x.opt.Report = func(diag.Finding) {}
	return x.sheet()
}

func (x *xlsxReader) setKinds() {
	x.kinds = make([]catalog.Code, len(x.header))
	for c, label := range x.header {
		if i := x.opt.label(label); i >= 0 {
			x.kinds[c] = x.opt.Items[i].Type
		}
	}
}

// next reads one row of the sheet, cut to the declared columns; false at the end.
func (x *xlsxReader) next() ([]string, bool, error) {
	if !x.rows.Next() {
		if x.rows.Error() != nil {
			return nil, false, notWorkbook()
		}
		return nil, false, nil
	}
	x.n++
	if x.span.row2 > 0 && x.n > x.span.row2 {
		return nil, false, nil
	}
	cells, err := x.rows.Columns()
	if err != nil {
		return nil, false, notWorkbook()
	}
	x.seen += int64(max(len(cells), 1))
	if x.seen > x.opt.Limits.Cells {
		return nil, false, tooManyCells(x.n, x.opt.Limits.Cells)
	}
	if x.span.col2 > 0 && len(cells) > x.span.col2 {
		cells = cells[:x.span.col2]
	}
	if x.span.col1 > 1 {
		cells = cells[min(len(cells), x.span.col1-1):]
	}
	return cells, true, nil
}

func tooManyCells(row int, limit int64) error {
	return refuse("too-many-cells", row,
		diag.Text{Zh: fmt.Sprintf("工作簿超过 %d 个单元格（含带格式的空格）", limit), En: fmt.Sprintf("more than %d cells in the workbook, formatted blanks included", limit)},
		diag.Text{Zh: "请删去表尾空行，或改用 csv", En: "delete blank rows at the end, or use csv"})
}

func (x *xlsxReader) Header() []string { return x.header }
func (x *xlsxReader) HeaderRow() int   { return x.row }

func (x *xlsxReader) Close() error {
	x.rows.Close()
	x.file.Close()
	return x.src.Close()
}

func (x *xlsxReader) Next(ctx context.Context) (row Row, err error) {
	defer guard(&err)
	for {
		if err := cancelled(ctx, x.n); err != nil {
			return Row{}, err
		}
		cells, ok := x.cells, x.cells != nil
		x.cells = nil
		if !ok {
			if cells, ok, err = x.next(); err != nil {
				return Row{}, err
			}
		}
		if !ok {
			return Row{}, io.EOF
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return s != "" }) {
			x.blank++
			continue
		}
		for ; x.blank > 0; x.blank-- {
			x.opt.Report(diag.Finding{Rule: "blank-row", Severity: diag.Warning, Line: x.n - x.blank,
				Message: diag.Text{Zh: "空行", En: "blank row"}, Hint: diag.Text{Zh: "请删去空行", En: "delete it"}})
		}
		return Row{N: x.n, Cells: x.fit(cells)}, nil
	}
}

// fit gives a row the width of the header and turns numbers into what the items say they are.
func (x *xlsxReader) fit(cells []string) []string {
	want := len(x.header)
	if len(cells) > want {
		if slices.ContainsFunc(cells[want:], func(s string) bool { return s != "" }) {
			x.opt.Report(diag.Finding{Rule: "extra-cell", Severity: diag.Error, Line: x.n, Column: want + 1,
				Message: diag.Text{Zh: fmt.Sprintf("表头只有 %d 列，这一行在其外还有内容", want), En: fmt.Sprintf("the header has %d columns, this row has more", want)},
				Hint:    diag.Text{Zh: "请补上列名，或删去多出的内容", En: "name the column, or delete the cell"}})
		}
		cells = cells[:want]
	}
	for len(cells) < want {
		cells = append(cells, "")
	}
	for c, cell := range cells {
		switch {
		case cell == "":
		case x.opt.missing(cell):
			cells[c] = ""
		case x.kinds[c] == "D" || x.kinds[c] == "T":
			cells[c] = x.date(cell, x.kinds[c] == "T")
		case Numeric(x.kinds[c]):
			cells[c] = plainNumber(cell)
		default:
			cells[c] = stripControls(cell)
		}
	}
	return cells
}

// date writes the serial number of a day, or of a moment, as ISO text. Other cells are text already.
func (x *xlsxReader) date(cell string, withTime bool) string {
	serial, err := strconv.ParseFloat(cell, 64)
	if err != nil || serial < 1 || serial >= 2958466 || len(cell) == 8 && digits(cell) == 8 {
		return cell
	}
	t, err := excelize.ExcelDateToTime(serial, x.is1904)
	if err != nil {
		return cell
	}
	if withTime {
		return t.Format("2006-01-02T15:04:05")
	}
	if serial != math.Trunc(serial) {
		return cell
	}
	return t.Format("2006-01-02")
}

// plainNumber takes the noise of binary fractions out of a number: a workbook keeps 0.1 as 0.10000000000000001.
func plainNumber(cell string) string {
	if lossless(cell) && !strings.ContainsAny(cell, "eE") || !IsNumber(cell) || !strings.ContainsAny(cell, ".eE") {
		return cell
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil || math.Abs(rounded) >= 1e15 {
		return cell
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

const (
	dataSheet       = "数据"
	dictionarySheet = "数据字典"
)

// xlsxWriter writes a workbook with the data and its dictionary. The rows are streamed into a temporary file; the
// archive is put together in memory by Close.
type xlsxWriter struct {
	out   io.Writer
	file  *excelize.File
	sheet *excelize.StreamWriter
	items []catalog.Item
	limit int64
	row   int
	cells []any
}

// NewXLSX writes a workbook: sheet 数据 with item titles as header, sheet 数据字典 with what each column is. The bytes
// depend on the rows alone. More cells than the limit are refused.
func NewXLSX(w io.Writer, items []catalog.Item, about About, limits Limits) (Writer, error) {
	x := &xlsxWriter{out: w, file: excelize.NewFile(), items: items, limit: limits.orDefault().Cells, cells: make([]any, len(items))}
	if err := x.begin(about); err != nil {
		x.file.Close()
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	return x, nil
}

func (x *xlsxWriter) begin(about About) error {
	// The library's own template names its author and a day; the file says what the data are.
	props := &excelize.DocProperties{Title: about.Title, Identifier: string(about.ID), Creator: "odc", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}
	if about.Illustrative {
		props.Description = illustrativeNote
	}
	if err := x.file.SetDocProps(props); err != nil {
		return err
	}
	if err := x.file.SetSheetName("Sheet1", dataSheet); err != nil {
		return err
	}
	bold, err := x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := x.dictionary(about, bold); err != nil {
		return err
	}
	if x.sheet, err = x.file.NewStreamWriter(dataSheet); err != nil {
		return err
	}
	if err := x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, it := range x.items {
		if err := x.sheet.SetColWidth(i+1, i+1, columnWidth(it)); err != nil {
			return err
		}
		x.cells[i] = excelize.Cell{StyleID: bold, Value: it.Title}
	}
	x.row = 1
	return x.sheet.SetRow("A1", x.cells)
}

// columnWidth is wide enough for the title and for most values of the declared length.
func columnWidth(it catalog.Item) float64 {
	width := 2*len([]rune(it.Title)) + 2
	if it.Type == "D" {
		width = max(width, 12)
	}
	return float64(min(max(width, min(it.Length, 40), 10), 60))
}

// dictionary is the second sheet, written whole: two streamed sheets would come out in random order.
func (x *xlsxWriter) dictionary(about About, bold int) error {
	if _, err := x.file.NewSheet(dictionarySheet); err != nil {
		return err
	}
	rows := [][]any{{"数据集", about.Title}, {"标识", string(about.ID)}}
	if about.Illustrative {
		rows = append(rows, []any{"性质", illustrativeNote})
	}
	rows = append(rows, nil, []any{"字段名", "名称", "类型", "单位", "必填", "主键", "说明"})
	head := len(rows)
	for _, it := range x.items {
		rows = append(rows, []any{it.Name, it.Title, string(it.Type), it.Unit, yes(it.Required), yes(it.Key), it.Description})
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := x.file.SetSheetRow(dictionarySheet, cell, &row); err != nil {
			return err
		}
	}
	if err := x.file.SetRowStyle(dictionarySheet, head, head, bold); err != nil {
		return err
	}
	for _, c := range []struct {
		column string
		width  float64
	}{{"A", 18}, {"B", 24}, {"G", 60}} {
		if err := x.file.SetColWidth(dictionarySheet, c.column, c.column, c.width); err != nil {
			return err
		}
	}
	return nil
}

func yes(b bool) string {
	if b {
		return "是"
	}
	return ""
}

func (x *xlsxWriter) Write(row Row) error {
	x.row++
	if x.row > maxSheetRows || int64(x.row)*int64(len(x.items)) > x.limit {
		return tooManyCells(row.N, x.limit)
	}
	for i, cell := range row.Cells {
		x.cells[i] = nil
		if cell == "" {
			continue
		}
		if len(cell) > maxCellUnits && len(utf16.Encode([]rune(cell))) > maxCellUnits {
			return refuse("truncated-value", row.N,
				diag.Text{Zh: fmt.Sprintf("工作簿的一格最多 %d 字，此格更长", maxCellUnits), En: fmt.Sprintf("a cell of a workbook holds %d characters at most", maxCellUnits)},
				diag.Text{Zh: "请去掉 xlsx 分发，改用 csv 或 json", En: "drop the xlsx distribution, use csv or json"})
		}
		x.cells[i] = cell
		if Numeric(x.items[i].Type) && lossless(cell) {
			if v, err := strconv.ParseFloat(cell, 64); err == nil {
				x.cells[i] = v
			}
		} else if v, ok := boolean(cell); ok && x.items[i].Type == "L" {
			x.cells[i] = v
		}
	}
	name, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return err
	}
	return x.sheet.SetRow(name, x.cells)
}

func (x *xlsxWriter) Close() error {
	defer x.file.Close()
	if err := x.sheet.Flush(); err != nil {
		return fmt.Errorf("end workbook: %w", err)
	}
	if err := x.file.Write(x.out); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}
