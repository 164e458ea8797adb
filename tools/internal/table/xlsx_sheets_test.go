package table

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestWriteSheetKeepsTextAsText(t *testing.T) {
	rows := [][]string{{"编码", "名称", "日期"}, {"007", "=1+1", "2025-11-03"}, {"", "3E5", "电话 021"}}
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := WriteSheet(b, "清单", "开放清单", rows); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two runs differ")
	}
	f, err := excelize.OpenReader(&first)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for n, row := range rows {
		for i, want := range row {
			cell, err := excelize.CoordinatesToCellName(i+1, n+1)
			if err != nil {
				t.Fatal(err)
			}
			got, err := f.GetCellValue("开放清单", cell)
			if err != nil || got != want {
				t.Errorf("%s is %q (%v), want %q", cell, got, err, want)
			}
			if formula, _ := f.GetCellFormula("开放清单", cell); formula != "" {
				t.Errorf("%s holds the formula %q", cell, formula)
			}
		}
	}
}

func TestWriteSheetRefusesWhatACellCannotHold(t *testing.T) {
	err := WriteSheet(&bytes.Buffer{}, "清单", "开放清单", [][]string{{"名称"}, {strings.Repeat("长", maxCellUnits+1)}})
	if err == nil || !strings.Contains(err.Error(), "row 2, column 1") {
		t.Errorf("got %v", err)
	}
}
