package export

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"testing"
)

// readXLSX reads the cells of the first sheet of a workbook as text.
func readXLSX(t *testing.T, b []byte) [][]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	part := func(name string, v any) {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(data, v); err != nil {
			t.Fatal(err)
		}
	}
	var sheet struct {
		Rows []struct {
			Cells []struct {
				Type   string `xml:"t,attr"`
				Inline string `xml:"is>t"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	part("xl/worksheets/sheet1.xml", &sheet)
	var out [][]string
	for _, row := range sheet.Rows {
		var cells []string
		for _, c := range row.Cells {
			if c.Type != "inlineStr" {
				t.Fatalf("a cell of type %q: every cell is text", c.Type)
			}
			cells = append(cells, c.Inline)
		}
		out = append(out, cells)
	}
	return out
}
