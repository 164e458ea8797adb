package dataset

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/table"
)

// normal reads a cell as a value of the item's type and returns the form that is published: days and moments as ISO
// 8601, logical values as true and false, numbers and text as written. ok is false when the cell is no such value; the
// cell is then published as it is.
func normal(it *catalog.Item, cell string) (value string, ok bool) {
	switch it.Type {
	case "I":
		return cell, isInteger(cell)
	case "N", "Y", "B", "F":
		return cell, table.IsNumber(cell)
	case "D":
		return isoDate(cell)
	case "T":
		return isoMoment(cell)
	case "L":
		return logical(cell)
	}
	switch it.Format {
	case "year":
		_, err := time.Parse("2006", cell)
		return cell, err == nil
	case "yearmonth":
		_, err := time.Parse("2006-01", cell)
		return cell, err == nil
	case "time":
		_, err := time.Parse("15:04:05", cell)
		if err != nil {
			_, err = time.Parse("15:04", cell)
		}
		return cell, err == nil
	case "geojson":
		return cell, json.Valid([]byte(cell))
	}
	return cell, true
}

func isInteger(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "-"), "+")
	return s != "" && allDigits(s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isoDate accepts the forms that begin with the year; 1/2/2024 could be two days and is no date.
func isoDate(cell string) (string, bool) {
	if len(cell) == len(time.DateOnly) && cell[4] == '-' && cell[7] == '-' {
		return cell, isDay(cell[:4], cell[5:7], cell[8:])
	}
	if len(cell) == 8 && allDigits(cell) {
		return cell[:4] + "-" + cell[4:6] + "-" + cell[6:], isDay(cell[:4], cell[4:6], cell[6:])
	}
	parts := strings.FieldsFunc(strings.TrimSuffix(cell, "日"), func(r rune) bool {
		return r == '-' || r == '/' || r == '.' || r == '年' || r == '月'
	})
	if len(parts) != 3 || len(parts[0]) != 4 || len(parts[1]) > 2 || len(parts[2]) > 2 {
		return cell, false
	}
	month, day := twoDigits(parts[1]), twoDigits(parts[2])
	if !isDay(parts[0], month, day) {
		return cell, false
	}
	return parts[0] + "-" + month + "-" + day, true
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// monthDays is the length of each month; February is asked for separately.
var monthDays = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// isDay reports whether year, month and day, as digits, are a day of the calendar.
func isDay(y, m, d string) bool {
	if !allDigits(y) || !allDigits(m) || !allDigits(d) || len(y) != 4 || len(m) != 2 || len(d) != 2 {
		return false
	}
	year, month, day := small(y), small(m), small(d)
	if year < 1000 || month < 1 || month > 12 || day < 1 || day > monthDays[month] {
		return false
	}
	return month != 2 || day < 29 || year%4 == 0 && (year%100 != 0 || year%400 == 0)
}

func small(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// moments are the forms of a point in time after its day; seconds and zone may be absent.
var moments = []string{"15:04:05", "15:04", "15:04:05Z07:00", "15:04Z07:00", "15:04:05.999999999", "15:04:05.999999999Z07:00"}

func isoMoment(cell string) (string, bool) {
	i := strings.IndexAny(cell, "T ")
	if i < 0 {
		return cell, false
	}
	day, ok := isoDate(cell[:i])
	if !ok {
		return cell, false
	}
	clock := strings.TrimSpace(cell[i+1:])
	if len(clock) > 1 && clock[1] == ':' {
		clock = "0" + clock
	}
	for n, layout := range moments {
		if _, err := time.Parse(layout, clock); err == nil {
			if n == 1 {
				clock += ":00"
			}
			return day + "T" + clock, true
		}
	}
	return cell, false
}

func logical(cell string) (string, bool) {
	switch cell {
	case "true", "True", "TRUE", "1", "是", "Y", "y", "有":
		return "true", true
	case "false", "False", "FALSE", "0", "否", "N", "n", "无":
		return "false", true
	}
	return cell, false
}

// mojibake are what wrongly decoded text leaves behind.
var mojibake = []string{"\uFFFD", "锟斤拷", "烫烫烫", "屯屯屯"}

func isMojibake(cell string) bool {
	for i := range len(cell) {
		if cell[i] >= utf8.RuneSelf {
			for _, m := range mojibake {
				if strings.Contains(cell[i:], m) {
					return true
				}
			}
			return false
		}
	}
	return false
}
