package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

// stops is the schema of the tests: one column of each kind.
func stops() []catalog.Item {
	return []catalog.Item{
		{Name: "code", Title: "站点编码", Type: "C", Length: 10, Key: true, Required: true},
		{Name: "name", Title: "站点名称", Type: "C", Length: 40},
		{Name: "lines", Title: "线路数", Type: "I"},
		{Name: "length", Title: "长度", Type: "N", Unit: "米"},
		{Name: "opened", Title: "启用日期", Type: "D"},
		{Name: "shelter", Title: "有候车亭", Type: "L"},
	}
}

const goodCSV = "code,name,lines,length,opened,shelter\r\n" +
	"0001,中山公园站,3,12.50,2020-01-02,true\r\n" +
	"0002,\"天山路, 芙蓉江路\",1,,2021-03-04,false\r\n" +
	"0003,\"说\"\"好\"\"\",12,0.1,,\r\n"

var goodRows = [][]string{
	{"0001", "中山公园站", "3", "12.50", "2020-01-02", "true"},
	{"0002", "天山路, 芙蓉江路", "1", "", "2021-03-04", "false"},
	{"0003", `说"好"`, "12", "0.1", "", ""},
}

// read returns header, rows, findings and the error of a file, nil at its end.
func read(t testing.TB, data []byte, opt Options) (header []string, rows []Row, found []diag.Finding, err error) {
	t.Helper()
	traits, err := Inspect(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	opt.Report = func(f diag.Finding) { found = append(found, f) }
	r, err := Open(t.Context(), io.NopCloser(bytes.NewReader(data)), traits, opt)
	if err != nil {
		return nil, nil, found, err
	}
	defer r.Close()
	for {
		row, err := r.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return r.Header(), rows, found, nil
		}
		if err != nil {
			return r.Header(), rows, found, err
		}
		row.Cells = slices.Clone(row.Cells)
		rows = append(rows, row)
	}
}

func cellsOf(rows []Row) [][]string {
	var out [][]string
	for _, r := range rows {
		out = append(out, r.Cells)
	}
	return out
}

// codes lists findings as "code row:column".
func codes(fs []diag.Finding, err error) []string {
	var out []string
	for _, f := range fs {
		out = append(out, fmt.Sprintf("%s %d:%d", f.Rule, f.Line, f.Column))
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		out = append(out, fmt.Sprintf("refused %s %d:%d", refusal.Finding.Rule, refusal.Finding.Line, refusal.Finding.Column))
	} else if err != nil {
		out = append(out, err.Error())
	}
	return out
}

func TestReadCSV(t *testing.T) {
	gb := func(s string) string { return mustEncode(simplifiedchinese.GB18030.NewEncoder().String(s)) }
	tests := []struct {
		name  string
		data  string
		opt   Options
		rows  [][]string // nil: goodRows
		codes []string
	}{
		{name: "plain", data: goodCSV},
		{name: "LF line ends", data: strings.ReplaceAll(goodCSV, "\r\n", "\n")},
		{name: "CR line ends", data: strings.ReplaceAll(goodCSV, "\r\n", "\r")},
		{name: "no line end at the end", data: strings.TrimSuffix(goodCSV, "\r\n")},
		{name: "mixed line ends", data: strings.Replace(goodCSV, "\r\n", "\n", 1), codes: []string{"line-breaks-mixed 0:0"}},
		{name: "BOM", data: "\uFEFF" + goodCSV, codes: []string{"bom 0:0"}},
		{name: "titles as header", data: strings.Replace(goodCSV, "code,name,lines,length,opened,shelter", "站点编码,站点名称,线路数,长度,启用日期,有候车亭", 1)},
		{name: "GB18030 detected", data: gb(goodCSV), codes: []string{"encoding-not-utf8 0:0", "encoding-not-declared 0:0"}},
		{name: "GB18030 declared as GBK", data: gb(goodCSV), opt: Options{Dialect: &catalog.Dialect{Encoding: "gbk"}}, codes: []string{"encoding-not-utf8 0:0"}},
		{name: "declared GB18030 but UTF-8", data: goodCSV, opt: Options{Dialect: &catalog.Dialect{Encoding: "GB18030"}}, codes: []string{"encoding-error 0:0"}},
		{name: "declared UTF-8 but GB18030", data: gb(goodCSV), opt: Options{Dialect: &catalog.Dialect{Encoding: "UTF-8"}}, codes: []string{"encoding-error 0:0", "encoding-not-utf8 0:0"}},
		{name: "UTF-16 with BOM", data: utf16le("\uFEFF" + goodCSV), codes: []string{"bom 0:0", "encoding-not-utf8 0:0", "encoding-not-declared 0:0"}},
		{name: "BOM before other bytes", data: "\uFEFFcode,name\n1,a\xff\n", rows: [][]string{{"1", "a\xff"}}, codes: []string{"encoding-error 0:0", "bom 0:0"}},
		{name: "semicolons", data: "code;name;lines;length;opened;shelter\n0001;a,b;1;2;;\n0002;c;1;2;;\n",
			rows: [][]string{{"0001", "a,b", "1", "2", "", ""}, {"0002", "c", "1", "2", "", ""}}, codes: []string{"delimiter-not-comma 0:0"}},
		{name: "tabs declared", data: "code\tname\n1\ta\n", opt: Options{Dialect: &catalog.Dialect{Delimiter: `\t`}}, rows: [][]string{{"1", "a"}}},
		{name: "blank row keeps the numbers", data: "code,name\n1,a\n\n2,b,\n", rows: [][]string{{"1", "a"}, {"2", "b"}}, codes: []string{"blank-row 3:0"}},
		{name: "missing cell", data: "code,name\n1\n", rows: [][]string{{"1", ""}}, codes: []string{"missing-cell 2:2"}},
		{name: "extra cell", data: "code,name\n1,a,b\n", rows: [][]string{{"1", "a"}}, codes: []string{"extra-cell 2:3"}},
		{name: "title row above the header", data: "公交站点一览表,,,,,\n" + goodCSV, codes: []string{"title-row 1:1", "line-breaks-mixed 0:0"}},
		{name: "declared skip rows", data: "x\r\n" + goodCSV, opt: Options{Dialect: &catalog.Dialect{SkipRows: 1}}},
		{name: "declared footer rows", data: goodCSV + "合计,,,,,\r\n", opt: Options{Dialect: &catalog.Dialect{FooterRows: 1}}},
		{name: "declared missing values", data: "code,name\n1,-\n", opt: Options{Missing: []string{"-"}}, rows: [][]string{{"1", ""}}},
		{name: "no header declared", data: "1,a,1,1,,\n", opt: Options{Dialect: &catalog.Dialect{Header: "false"}}, rows: [][]string{{"1", "a", "1", "1", "", ""}}},
		{name: "two header rows", data: "code,a\n,b\n1,x\n", opt: Options{Dialect: &catalog.Dialect{HeaderRows: 2}}, rows: [][]string{{"1", "x"}}},
		{name: "line break within quotes", data: "code,name\n1,\"a\r\nb\"\n2,c\n", rows: [][]string{{"1", "a\nb"}, {"2", "c"}}},
		{name: "text after a closing quote", data: "code,name\n1,\"a\"b\"\n", rows: [][]string{{"1", `a"b`}}, codes: []string{"stray-quote 2:2"}},
		{name: "control characters", data: "code,name\n1,a\x00b\x01\n", rows: [][]string{{"1", "ab"}}, codes: []string{"control-char 2:2"}},
		{name: "unclosed quote", data: "code,name\n1,a\n2,\"b\n3,c\n", rows: [][]string{{"1", "a"}}, codes: []string{"refused unclosed-quote 3:0"}},
		{name: "record over the limit", data: "code,name\n1,\"" + strings.Repeat("x\n", 600), opt: Options{Limits: Limits{RecordBytes: 1000}}, rows: [][]string{}, codes: []string{"refused format-error 2:0"}},
		{name: "cell over the limit", data: "code,name\n1," + strings.Repeat("x", 200) + "\n", opt: Options{Limits: Limits{CellBytes: 100}}, rows: [][]string{}, codes: []string{"refused format-error 2:0"}},
		{name: "columns over the limit", data: strings.Repeat(",", 50) + "\n", opt: Options{Limits: Limits{Columns: 10}}, rows: [][]string{}, codes: []string{"refused table-dimensions 1:0"}},
		{name: "file over the limit", data: goodCSV, opt: Options{Limits: Limits{TextBytes: 10}}, rows: [][]string{}, codes: []string{"refused file-too-large 0:0"}},
		{name: "empty file", data: "", rows: [][]string{}, codes: []string{"refused source-error 0:0"}},
		{name: "legacy workbook", data: "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", rows: [][]string{}, codes: []string{"refused legacy-binary 0:0"}},
		{name: "archive named csv", data: "PK\x03\x04rest", rows: [][]string{}, codes: []string{"refused type-mismatch 0:0"}},
		{name: "unknown declared encoding", data: goodCSV, opt: Options{Dialect: &catalog.Dialect{Encoding: "klingon"}}, rows: [][]string{}, codes: []string{"refused dialect-error 0:0"}},
		{name: "bytes that are no text", data: "\x81\x00\xff\xfe\x01\x02\x80\x80", rows: [][]string{}, codes: []string{"refused encoding-error 0:0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.opt.Format = "csv"
			tt.opt.Items = stops()
			if tt.rows == nil {
				tt.rows = goodRows
			} else if len(tt.rows) > 0 && len(tt.rows[0]) == 2 {
				tt.opt.Items = tt.opt.Items[:2]
			}
			_, rows, found, err := read(t, []byte(tt.data), tt.opt)
			if got := cellsOf(rows); !slices.EqualFunc(got, tt.rows, slices.Equal) {
				t.Errorf("rows %q, want %q", got, tt.rows)
			}
			if got := codes(found, err); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
		})
	}
}

func TestRowNumbersAreThoseOfTheFile(t *testing.T) {
	_, rows, _, err := read(t, []byte("标题\ncode,name\n1,\"a\nb\"\n\n2,c\n"), Options{Format: "csv", Items: stops()[:2]})
	if err != nil || len(rows) != 2 || rows[0].N != 3 || rows[1].N != 5 {
		t.Errorf("rows %v, err %v; want rows 3 and 5", rows, err)
	}
}

func TestEncodings(t *testing.T) {
	trad := strings.Repeat("臺北市公車站牌資料,說明文字\n", 3)
	tests := []struct{ name, data, want string }{
		{"one row of GBK", mustEncode(simplifiedchinese.GBK.NewEncoder().String("长宁区江苏路街道社区食堂\n")), "GB18030"},
		{"traditional Big5", mustEncode(traditionalchinese.Big5.NewEncoder().String(trad)), "Big5"},
		{"French in Latin-1", "nom,ville\nRen\xe9e,Orl\xe9ans\nFran\xe7ois,Ch\xe2teau\n", "windows-1252"},
		{"ASCII", "a,b\n", "UTF-8"},
		{"UTF-8 cut at a block border", strings.Repeat("a", inspectBlock-1) + "长宁" + strings.Repeat("区", inspectBlock), "UTF-8"},
		{"UTF-16 without BOM", utf16le("code,name\n1,a\n"), "UTF-16LE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			traits, err := Inspect(strings.NewReader(tt.data))
			if err != nil || traits.Encoding != tt.want {
				t.Errorf("encoding %q (%v), want %q", traits.Encoding, err, tt.want)
			}
		})
	}
}

func TestBadOffsetNamesTheFirstBadByte(t *testing.T) {
	data := strings.Repeat("长", inspectBlock/3) + "a\xff\xfe"
	traits, err := Inspect(strings.NewReader(data))
	if want := int64(len(data) - 2); err != nil || traits.BadOffset != want {
		t.Errorf("offset %d (%v), want %d", traits.BadOffset, err, want)
	}
}

func TestReadJSON(t *testing.T) {
	items := stops()[:3]
	want := [][]string{{"0001", "a", "3"}, {"0002", "", "12345678901234567890"}}
	tests := []struct {
		name, data string
		rows       [][]string
		codes      []string
	}{
		{"array", `[{"code":"0001","name":"a","lines":3},{"code":"0002","name":null,"lines":12345678901234567890}]`, want, nil},
		{"NDJSON", "{\"code\":\"0001\",\"name\":\"a\",\"lines\":3}\n{\"code\":\"0002\",\"lines\":12345678901234567890}\n", want, nil},
		{"wrapped in data", `{"data":[{"code":"0001","name":"a","lines":3},{"lines":12345678901234567890,"code":"0002"}],"total":2}`, want, nil},
		{"declared member missing from the first record", `[{"code":"1"},{"code":"2","name":"b","lines":1}]`, [][]string{{"1", "", ""}, {"2", "b", "1"}}, nil},
		{"empty array", `[]`, nil, nil},
		{"nested value is JSON text", `[{"code":"1","name":{"a":[1, 2]},"lines":1}]`, [][]string{{"1", `{"a":[1,2]}`, "1"}}, nil},
		{"unknown member later", `[{"code":"1","name":"","lines":1},{"code":"2","x":1}]`, [][]string{{"1", "", "1"}, {"2", "", ""}}, []string{"extra-label 2:0"}},
		{"duplicate member", `[{"code":"1","code":"2"}]`, nil, []string{"refused format-error 1:0"}},
		{"too deep", `[{"code":` + strings.Repeat("[", 30) + strings.Repeat("]", 30) + `}]`, nil, []string{"refused format-error 1:0"}},
		{"not objects", `[1,2]`, nil, []string{"refused format-error 1:0"}},
		{"not JSON", `<html>`, nil, []string{"refused format-error 0:0"}},
		{"cut off", `[{"code":"1","name":"a","lines":1},{"code":`, [][]string{{"1", "a", "1"}}, []string{"refused format-error 2:0"}},
		{"bracket missing", `[{"code":"1","name":"a","lines":1}`, [][]string{{"1", "a", "1"}}, []string{"refused format-error 2:0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, rows, found, err := read(t, []byte(tt.data), Options{Format: "json", Items: items})
			if got := cellsOf(rows); !slices.EqualFunc(got, tt.rows, slices.Equal) {
				t.Errorf("rows %q, want %q", got, tt.rows)
			}
			if got := codes(found, err); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
		})
	}
}

const point = `{"type":"Feature","properties":{"code":"1","name":"a"},"geometry":{"type":"Point","coordinates":[121.4,31.2]}}`

func TestReadGeoJSON(t *testing.T) {
	square := func(ring string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"a"},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}]}`
	}
	one := [][]string{{"1", "a"}}
	tests := []struct {
		name, data string
		rows       [][]string
		codes      []string
	}{
		{"points", `{"type":"FeatureCollection","features":[` + point + `,` + point + `]}`, [][]string{{"1", "a"}, {"1", "a"}}, nil},
		{"members after the features", `{"features":[` + point + `],"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}}}`, one, []string{"crs-mismatch 0:0"}},
		{"crs of WGS-84", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + point + `]}`, one, nil},
		{"ring closed and counter-clockwise", square(`[[0,0],[1,0],[1,1],[0,0]]`), one, nil},
		{"ring open", square(`[[0,0],[1,0],[1,1],[0,1]]`), one, []string{"ring-open 1:0"}},
		{"ring clockwise", square(`[[0,0],[1,1],[1,0],[0,0]]`), one, []string{"ring-winding 1:0"}},
		{"no geometry", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"a"},"geometry":null}]}`, one, []string{"empty-geometry 1:0"}},
		{"latitude first", strings.Replace(`{"type":"FeatureCollection","features":[`+point+`]}`, "121.4,31.2", "31.2,121.4", 1), one, []string{"coordinate-swapped 1:0"}},
		{"projected metres", strings.Replace(`{"type":"FeatureCollection","features":[`+point+`]}`, "121.4,31.2", "3500000,600000", 1), one, []string{"type-error 1:0"}},
		{"malformed coordinates", strings.Replace(`{"type":"FeatureCollection","features":[`+point+`]}`, "[121.4,31.2]", `"x"`, 1), one, []string{"type-error 1:0"}},
		{"a lone feature", point, nil, []string{"refused format-error 0:0"}},
		{"an array", `[]`, nil, []string{"refused format-error 0:0"}},
		{"not a feature", `{"type":"FeatureCollection","features":[{"type":"Point"}]}`, nil, []string{"refused format-error 1:0"}},
		{"cut off", `{"type":"FeatureCollection","features":[` + point, one, []string{"refused format-error 2:0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, rows, found, err := read(t, []byte(tt.data), Options{Format: "geojson", Items: stops()[:2]})
			if got := cellsOf(rows); !slices.EqualFunc(got, tt.rows, slices.Equal) {
				t.Errorf("rows %q, want %q", got, tt.rows)
			}
			if got := codes(found, err); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
		})
	}
}

// workbook builds an XLSX file of sheets of rows.
func workbook(t testing.TB, change func(*excelize.File), rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadXLSX(t *testing.T) {
	head := []any{"站点编码", "站点名称", "线路数", "长度", "启用日期", "有候车亭"}
	row := []any{"0001", "中山公园站", 3, 0.1, 44197, true}
	want := [][]string{{"0001", "中山公园站", "3", "0.1", "2021-01-01", "1"}}
	tests := []struct {
		name  string
		data  []byte
		opt   Options
		rows  [][]string
		codes []string
	}{
		{name: "one sheet", data: workbook(t, nil, head, row), rows: want},
		{name: "title row", data: workbook(t, nil, []any{"公交站点"}, head, row), rows: want, codes: []string{"title-row 1:1"}},
		{name: "blank row within", data: workbook(t, nil, head, row, nil, row), rows: [][]string{want[0], want[0]}, codes: []string{"blank-row 3:0"}},
		{name: "range", data: workbook(t, nil, nil, []any{nil, "code", "name"}, []any{"x", "1", "a"}, []any{"x", "2", "b"}),
			opt: Options{Dialect: &catalog.Dialect{Range: "B2:C3"}}, rows: [][]string{{"1", "a"}}},
		{name: "hidden sheet", data: workbook(t, func(f *excelize.File) { f.NewSheet("内部"); f.SetSheetVisible("内部", false) }, head, row), rows: want, codes: []string{"hidden-sheet 0:0"}},
		{name: "comment", data: workbook(t, func(f *excelize.File) {
			f.AddComment("Sheet1", excelize.Comment{Cell: "A1", Author: "a", Text: "x"})
		}, head, row), rows: want, codes: []string{"comment-or-macro 0:0"}},
		{name: "second sheet of notes", data: workbook(t, func(f *excelize.File) { f.NewSheet("说明"); f.SetCellStr("说明", "A1", "说明") }, head, row), rows: want, codes: []string{"several-tables 0:0"}},
		{name: "two sheets with the header", data: workbook(t, func(f *excelize.File) { f.NewSheet("二"); f.SetSheetRow("二", "A1", &head) }, head, row), codes: []string{"refused several-tables 0:0"}},
		{name: "declared sheet", data: workbook(t, func(f *excelize.File) { f.NewSheet("二"); f.SetSheetRow("二", "A1", &head) }, head, row), opt: Options{Dialect: &catalog.Dialect{Sheet: "Sheet1"}}, rows: want},
		{name: "declared sheet missing", data: workbook(t, nil, head, row), opt: Options{Dialect: &catalog.Dialect{Sheet: "三"}}, codes: []string{"refused dialect-error 0:0"}},
		{name: "cells over the limit", data: workbook(t, nil, head, row, row, row), opt: Options{Limits: Limits{Cells: 15}}, rows: want, codes: []string{"refused too-many-cells 3:0"}},
		{name: "beyond the header", data: workbook(t, nil, head, append(slices.Clone(row), "x")), rows: want, codes: []string{"extra-cell 2:7"}},
		{name: "1904 dates", data: workbook(t, func(f *excelize.File) {
			yes := true
			f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
		}, head, row), rows: [][]string{{"0001", "中山公园站", "3", "0.1", "2025-01-02", "1"}}},
		{name: "cut off", data: workbook(t, nil, head, row)[:1500], codes: []string{"refused format-error 0:0"}},
		{name: "text called xlsx", data: []byte(goodCSV), codes: []string{"refused type-mismatch 0:0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.opt.Format, tt.opt.Items = "xlsx", stops()
			if tt.name == "range" {
				tt.opt.Items = tt.opt.Items[:2]
			}
			_, rows, found, err := read(t, tt.data, tt.opt)
			if got := cellsOf(rows); !slices.EqualFunc(got, tt.rows, slices.Equal) {
				t.Errorf("rows %q, want %q", got, tt.rows)
			}
			if got := codes(found, err); !slices.Equal(got, tt.codes) {
				t.Errorf("findings %q, want %q", got, tt.codes)
			}
		})
	}
}

// writers are all formats, by the name under which they are read back.
var writers = map[catalog.Code]func(io.Writer) (Writer, error){
	"csv":  func(w io.Writer) (Writer, error) { return NewCSV(w, stops()) },
	"json": func(w io.Writer) (Writer, error) { return NewJSON(w, stops()) },
	"xlsx": func(w io.Writer) (Writer, error) {
		return NewXLSX(w, stops(), About{ID: "stops", Title: "公交站点", Illustrative: true}, Limits{})
	},
	"geojson": func(w io.Writer) (Writer, error) {
		return NewGeoJSON(w, stops(), About{ID: "stops", Title: "公交站点", Illustrative: true})
	},
}

func write(t testing.TB, format catalog.Code, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := writers[format](&b)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if err := w.Write(Row{N: i + 2, Cells: r, Geometry: NewPoint(121.4+float64(i), 31.1234567)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenReadsBack(t *testing.T) {
	rows := append(slices.Clone(goodRows),
		[]string{"0004", "=1+1", "-1", "12345678901234567890", "", ""},
		[]string{"0005", "第一行\n第二行", "0", "1e5", "2020-02-29", "true"},
		[]string{"0006", "<b>&\u2028", "9007199254740993", "0.3000000000004", "", ""},
	)
	for format := range writers {
		t.Run(string(format), func(t *testing.T) {
			data := write(t, format, rows)
			opt := Options{Format: format, Items: stops()}
			if format == "xlsx" {
				opt.Dialect = &catalog.Dialect{Sheet: dataSheet}
			}
			_, got, found, err := read(t, data, opt)
			if err != nil || len(found) > 0 {
				t.Fatalf("findings %q, err %v", codes(found, nil), err)
			}
			for i, r := range got {
				for c, cell := range r.Cells {
					want := rows[i][c]
					// A workbook keeps numbers and booleans in its own spelling.
					if format == "xlsx" {
						want = map[string]string{"true": "1", "false": "0", "12.50": "12.5", "1e5": "100000"}[want]
						if want == "" {
							want = rows[i][c]
						}
					}
					if cell != want {
						t.Errorf("row %d column %d: %q, want %q", i, c, cell, want)
					}
				}
			}
			if len(got) != len(rows) {
				t.Errorf("%d rows, want %d", len(got), len(rows))
			}
		})
	}
}

func TestTwoRunsGiveTheSameBytes(t *testing.T) {
	for format := range writers {
		first := write(t, format, goodRows)
		for _, procs := range []int{1, 2} {
			old := runtime.GOMAXPROCS(procs)
			again := write(t, format, goodRows)
			runtime.GOMAXPROCS(old)
			if !bytes.Equal(first, again) {
				t.Errorf("%s: two runs differ", format)
			}
		}
	}
}

func TestCSVIsMinimallyQuoted(t *testing.T) {
	if got := string(write(t, "csv", goodRows)); got != goodCSV {
		t.Errorf("got\n%s\nwant\n%s", got, goodCSV)
	}
}

func TestExcelTwinGuardsFormulas(t *testing.T) {
	var b bytes.Buffer
	w, err := NewExcelCSV(&b, stops()[:2])
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{"=1+1", "@x", "-x", "-1.5", "+86 21 12345", "+x", "a"} {
		if err := w.Write(Row{Cells: []string{"1", cell}}); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	want := "\uFEFF站点编码,站点名称\r\n1,'=1+1\r\n1,'@x\r\n1,'-x\r\n1,-1.5\r\n1,+86 21 12345\r\n1,'+x\r\n1,a\r\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}

func TestIllustrativeDataSaySo(t *testing.T) {
	geo := string(write(t, "geojson", goodRows))
	if !strings.Contains(geo, `"illustrative":true`) || !strings.Contains(geo, `"bbox":[121.4,31.123457,123.4,31.123457]`) {
		t.Errorf("GeoJSON lacks mark or box: %s", geo)
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx", goodRows)))
	if err != nil {
		t.Fatal(err)
	}
	if note, _ := f.GetCellValue(dictionarySheet, "B3"); !strings.HasPrefix(note, "示例数据") {
		t.Errorf("data dictionary says %q", note)
	}
}

func TestXLSXRefusesWhatAWorkbookCannotHold(t *testing.T) {
	w, err := NewXLSX(io.Discard, stops()[:2], About{}, Limits{Cells: 5})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(Row{N: 2, Cells: []string{"1", "a"}}); err != nil {
		t.Fatal(err)
	}
	if got := codes(nil, w.Write(Row{N: 3, Cells: []string{"1", "a"}})); !slices.Equal(got, []string{"refused too-many-cells 3:0"}) {
		t.Errorf("got %q", got)
	}
	if got := codes(nil, w.Write(Row{N: 2, Cells: []string{"1", strings.Repeat("a", 40000)}})); !slices.Equal(got, []string{"refused too-many-cells 2:0"}) {
		t.Errorf("got %q", got)
	}
	w.Close()
}

func TestCancelledContextStopsAReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	data := []byte("a,b\n" + strings.Repeat("1,2\n", 5000))
	traits, _ := Inspect(bytes.NewReader(data))
	r, err := Open(ctx, io.NopCloser(bytes.NewReader(data)), traits, Options{Format: "csv"})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for range 3000 {
		if _, err = r.Next(ctx); err != nil {
			break
		}
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want the context's", err)
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string][2]bool{ // number, lossless
		"0": {true, true}, "12.50": {true, true}, "-1": {true, true}, "1e5": {true, true}, "1E-7": {true, true},
		"+1": {true, false}, "007": {true, false}, ".5": {true, false}, "1.": {true, false}, "1234567890123456": {true, false},
		"": {}, "-": {}, ".": {}, "1,000": {}, "１２": {}, "1e": {}, "0x10": {}, "NaN": {}, "1 2": {}, "3.5万": {},
	} {
		if got := [2]bool{IsNumber(s), lossless(s)}; got != want {
			t.Errorf("%q: number, lossless = %v, want %v", s, got, want)
		}
	}
}

func fuzz(f *testing.F, format catalog.Code) {
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{TextBytes: 1 << 20, WorkbookBytes: 1 << 20, UnpackedBytes: 16 << 20, Cells: 100_000, Columns: 100, RecordBytes: 1 << 16, CellBytes: 1 << 14, FeatureBytes: 1 << 16}
		header, rows, _, err := read(t, data, Options{Format: format, Items: stops(), Limits: limits})
		for _, r := range rows {
			if err == nil && len(r.Cells) != len(header) {
				t.Fatalf("row %d has %d cells, the header %d", r.N, len(r.Cells), len(header))
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{goodCSV, "", "\"", "a;b\n1;2", "\xEF\xBB\xBFa,b\r\n\"1\r\n", "a\rb\rc", "\x00\x01,", mustEncode(simplifiedchinese.GBK.NewEncoder().String(goodCSV))} {
		f.Add([]byte(s))
	}
	fuzz(f, "csv")
}

func FuzzXLSX(f *testing.F) {
	f.Add(workbook(f, nil, []any{"code", "name"}, []any{"1", 2.5}))
	f.Add([]byte("PK\x03\x04"))
	fuzz(f, "xlsx")
}

func FuzzGeoJSON(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[` + point + `]}`))
	f.Add([]byte(`{"features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0]]],[]]}}],"type":"FeatureCollection"}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"LineString","coordinates":[]}}]}`))
	fuzz(f, "geojson")
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"code":"1","name":{"a":[]}},{"code":2}]`))
	f.Add([]byte(`{"data":[{"a":null}]}`))
	fuzz(f, "json")
}

func mustEncode(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func utf16le(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}
