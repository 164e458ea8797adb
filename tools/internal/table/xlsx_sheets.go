package table

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// WriteSheet writes a workbook of one sheet whose cells are all text, the first row being the header. It is for lists
// that are no dataset: codes keep their zeros, nothing is taken for a number, a date or a formula. The bytes depend
// on the arguments alone.
func WriteSheet(w io.Writer, title, sheet string, rows [][]string) error {
	file := excelize.NewFile()
	defer file.Close()
	if err := fillSheet(file, title, sheet, rows); err != nil {
		return fmt.Errorf("workbook %s: %w", sheet, err)
	}
	return file.Write(w)
}

func fillSheet(file *excelize.File, title, sheet string, rows [][]string) error {
	// The library's own template names its author and a day.
	err := file.SetDocProps(&excelize.DocProperties{Title: title, Creator: "odc", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"})
	if err != nil {
		return err
	}
	if err := file.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	out, err := file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if len(rows) > 0 {
		for i, label := range rows[0] {
			if err := out.SetColWidth(i+1, i+1, float64(max(12, 2*len([]rune(label))+2))); err != nil {
				return err
			}
		}
	}
	for n, row := range rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			if len([]rune(cell)) > maxCellUnits {
				return fmt.Errorf("row %d, column %d: a cell holds %d characters at most", n+1, i+1, maxCellUnits)
			}
			cells[i] = cell
			if n == 0 {
				cells[i] = excelize.Cell{StyleID: bold, Value: cell}
			}
		}
		name, err := excelize.CoordinatesToCellName(1, n+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(name, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}
