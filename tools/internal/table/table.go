// Package table reads and writes tables as streams of rows: CSV in any usual encoding, XLSX, JSON and GeoJSON.
//
// Real files are dirty. A reader detects what is not declared, goes on after a bad row and reports everything through
// [Options].Report; it stops only where the rest of the file cannot be trusted, with a [Refusal]. It never holds a
// table: a row is valid until the next one. Row numbers are those of the file, so that a person finds the place.
//
// It refuses legacy binary workbooks (.xls, .et) and ODS with advice instead of parsing them, evaluates no formula,
// follows no link and takes nothing above its [Limits]. It judges no value: types, keys and personal data are for
// its callers. It is the only package that knows the spreadsheet and encoding libraries.
//
//	traits, err := table.Inspect(file)           // one pass: digest, size, encoding
//	r, err := table.Open(ctx, file, traits, table.Options{Format: "csv", Items: items})
//	for row, err := r.Next(ctx); err != io.EOF; row, err = r.Next(ctx) { … row.Cells … }
package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

// Row is one record of a table. The empty string is the null: a format's own null and every declared missing value
// are read as "".
type Row struct {
	N        int       // row of the file from 1: the header counts; in JSON and GeoJSON the number of the record
	Cells    []string  // in the order of the header; reused by the next call
	Geometry *Geometry // GeoJSON only
}

// Reader streams the rows of one table.
type Reader interface {
	// Header is the label of each column as the file writes it. JSON and GeoJSON name their columns in the first
	// record; declared items that it lacks follow, as later records may have them.
	Header() []string
	// HeaderRow is the row of the file that holds the labels, 0 where a format has no such row.
	HeaderRow() int
	// Next returns the next row, io.EOF after the last one, a *Refusal when the file cannot be read further,
	// or another error when reading failed or ctx is done.
	Next(ctx context.Context) (Row, error)
	io.Closer
}

// Options say how to read a table. Declared values win over detected ones; a contradiction is reported.
type Options struct {
	Format  catalog.Code     // csv, json, xlsx, geojson
	Items   []catalog.Item   // what the columns should be: finds the header, converts the dates of workbooks
	Dialect *catalog.Dialect // nil: detect everything
	Missing []string         // values that stand for "no value" besides the empty string
	Limits  Limits
	Report  func(diag.Finding) // receives findings without a path; Line is the row, Column the column of the file
}

// Limits bound what a reader takes. Zero fields mean the default.
type Limits struct {
	TextBytes     int64 // CSV and JSON files
	WorkbookBytes int64 // XLSX files
	UnpackedBytes int64 // XLSX files, unpacked
	Cells         int64 // XLSX cells, read or written
	Columns       int
	RecordBytes   int // one CSV record, one JSON object
	CellBytes     int
	FeatureBytes  int // one GeoJSON feature
}

func (l Limits) orDefault() Limits {
	d := Limits{
		TextBytes: 2 << 30, WorkbookBytes: 100 << 20, UnpackedBytes: 1 << 30, Cells: 2_000_000,
		Columns: 4096, RecordBytes: 4 << 20, CellBytes: 1 << 20, FeatureBytes: 16 << 20,
	}
	for _, f := range []struct{ have, want *int64 }{
		{&l.TextBytes, &d.TextBytes}, {&l.WorkbookBytes, &d.WorkbookBytes}, {&l.UnpackedBytes, &d.UnpackedBytes}, {&l.Cells, &d.Cells},
	} {
		if *f.have <= 0 {
			*f.have = *f.want
		}
	}
	for _, f := range []struct{ have, want *int }{
		{&l.Columns, &d.Columns}, {&l.RecordBytes, &d.RecordBytes}, {&l.CellBytes, &d.CellBytes}, {&l.FeatureBytes, &d.FeatureBytes},
	} {
		if *f.have <= 0 {
			*f.have = *f.want
		}
	}
	return l
}

// Refusal ends the reading of a file: what follows could not be trusted. Its finding is an error with advice.
type Refusal struct{ Finding diag.Finding }

func (r *Refusal) Error() string { return r.Finding.Rule + ": " + r.Finding.Message.En }

// refuse makes a refusal at a row (0: the whole file).
func refuse(code string, row int, message, hint diag.Text) error {
	return &Refusal{diag.Finding{Rule: code, Severity: diag.Error, Line: row, Message: message, Hint: hint}}
}

// Open starts reading a table whose traits [Inspect] found in the same bytes. The reader owns src and closes it.
func Open(ctx context.Context, src io.ReadCloser, traits Traits, opt Options) (Reader, error) {
	opt.Limits = opt.Limits.orDefault()
	if opt.Report == nil {
		opt.Report = func(diag.Finding) {}
	}
	if opt.Dialect == nil {
		opt.Dialect = &catalog.Dialect{}
	}
	r, err := open(ctx, src, traits, opt)
	if err != nil {
		src.Close()
		return nil, err
	}
	if n := len(r.Header()); n > opt.Limits.Columns {
		r.Close()
		return nil, refuse("table-dimensions", r.HeaderRow(),
			diag.Text{Zh: fmt.Sprintf("表有 %d 列，上限 %d 列", n, opt.Limits.Columns), En: fmt.Sprintf("%d columns, the limit is %d", n, opt.Limits.Columns)},
			diag.Text{Zh: "请检查分隔符，或拆成多个数据集", En: "check the delimiter, or split the dataset"})
	}
	return r, nil
}

func open(ctx context.Context, src io.ReadCloser, traits Traits, opt Options) (Reader, error) {
	if err := refuseContainer(traits, opt.Format); err != nil {
		return nil, err
	}
	limit := opt.Limits.TextBytes
	if opt.Format == "xlsx" {
		limit = opt.Limits.WorkbookBytes
	}
	if traits.Bytes > limit {
		return nil, refuse("file-too-large", 0,
			diag.Text{Zh: fmt.Sprintf("文件 %d 字节，上限 %d 字节", traits.Bytes, limit), En: fmt.Sprintf("%d bytes, the limit is %d", traits.Bytes, limit)},
			diag.Text{Zh: "请按时间或区域拆成多个文件", En: "split the file by period or area"})
	}
	if opt.Format == "xlsx" {
		return openXLSX(src, opt)
	}
	if traits.Bytes == 0 {
		return nil, refuse("source-error", 0, diag.Text{Zh: "文件是空的", En: "the file is empty"},
			diag.Text{Zh: "请放入数据文件，第一行是列名", En: "put the data there, column names first"})
	}
	text, err := decode(src, traits, opt)
	if err != nil {
		return nil, err
	}
	switch opt.Format {
	case "csv":
		return openCSV(text, src, opt)
	case "json":
		return openJSON(ctx, text, src, opt)
	case "geojson":
		return openGeoJSON(ctx, text, src, opt)
	}
	return nil, refuse("format-error", 0,
		diag.Text{Zh: fmt.Sprintf("不能把 %q 作为表格读取", opt.Format), En: fmt.Sprintf("%q is not read as a table", opt.Format)},
		diag.Text{Zh: "来源表可以是 csv、xlsx、json 或 geojson", En: "a source table is csv, xlsx, json or geojson"})
}

// containers are known by their first bytes, whatever the file is called.
var containers = []struct {
	magic, name string
	format      catalog.Code // the format that may begin so
}{
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "旧版 Office 文件（.xls、.doc、.et）或加密的工作簿", ""},
	{"PK\x03\x04", "ZIP", "xlsx"},
	{"%PDF-", "PDF", ""},
	{"\x1f\x8b", "gzip", ""},
	{"\x89PNG", "PNG", ""},
	{"\xFF\xD8\xFF", "JPEG", ""},
	{"PAR1", "Parquet", ""},
}

// refuseContainer turns away files whose first bytes contradict the declared format.
func refuseContainer(traits Traits, format catalog.Code) error {
	for _, c := range containers {
		if !bytes.HasPrefix(traits.Head, []byte(c.magic)) || c.format == format {
			continue
		}
		if strings.HasPrefix(c.magic, "\xD0") {
			return refuse("legacy-binary", 0,
				diag.Text{Zh: "这是" + c.name + "，不作为表格读取", En: "a legacy Office file or an encrypted workbook is not read as a table"},
				diag.Text{Zh: "请在表格软件中另存为 xlsx 或 csv（UTF-8），不设密码", En: "save it as xlsx or csv (UTF-8) without a password"})
		}
		return refuse("type-mismatch", 0,
			diag.Text{Zh: fmt.Sprintf("登记的格式是 %s，文件内容却是 %s", format, c.name), En: fmt.Sprintf("declared as %s, but the bytes are %s", format, c.name)},
			diag.Text{Zh: "请改正 format，或换成正确的文件", En: "correct format, or put the right file there"})
	}
	if format == "xlsx" && !bytes.HasPrefix(traits.Head, []byte("PK\x03\x04")) {
		return refuse("type-mismatch", 0,
			diag.Text{Zh: "登记的格式是 xlsx，文件内容却不是工作簿", En: "declared as xlsx, but the bytes are no workbook"},
			diag.Text{Zh: "请改正 format，或在表格软件中另存为 xlsx", En: "correct format, or save it as xlsx"})
	}
	return nil
}

// missing reports whether a cell stands for "no value".
func (o *Options) missing(cell string) bool {
	return slices.Contains(o.Missing, cell)
}

// label finds the item a header cell names, by name or title; -1 when none does.
func (o *Options) label(cell string) int { return Label(o.Items, cell) }

// Label finds the item that a header cell names, by its name or its title; -1 when none does.
func Label(items []catalog.Item, cell string) int {
	cell = strings.TrimSpace(cell)
	for i := range items {
		if cell != "" && (strings.EqualFold(cell, items[i].Name) || cell == items[i].Title) {
			return i
		}
	}
	return -1
}

// cancelled looks at the context once in a thousand rows: asking each time would cost more than splitting a row.
func cancelled(ctx context.Context, row int) error {
	if row&1023 == 0 {
		return ctx.Err()
	}
	return nil
}

// errTooLong ends a bounded read.
var errTooLong = errors.New("longer than the limit")

func tooLong(row, limit int) error {
	return refuse("format-error", row,
		diag.Text{Zh: fmt.Sprintf("从第 %d 行起的一条记录超过 %d 字节", row, limit), En: fmt.Sprintf("the record at row %d is longer than %d bytes", row, limit)},
		diag.Text{Zh: "多半是引号没有闭合，请检查这一行", En: "an unclosed quote is likely: look at this row"})
}
