package table

import (
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
)

// Writer receives the rows of one table in order. Close completes the output; it does not close what lies below.
type Writer interface {
	Write(Row) error
	Close() error
}

// About is what the formats that carry metadata say of the table.
type About struct {
	ID           catalog.ID
	Title        string
	Illustrative bool // 示例数据
}

// illustrativeNote stands in every file whose format has a place for it.
const illustrativeNote = "示例数据：内容为演示而虚构，不是真实业务数据 (illustrative data, made up for demonstration)"

// Numeric reports whether the items of a type hold numbers.
func Numeric(itemType catalog.Code) bool {
	switch itemType {
	case "N", "Y", "B", "I", "F":
		return true
	}
	return false
}

// IsNumber reports whether a cell is a plain decimal number: sign, digits, fraction, exponent; ASCII only.
func IsNumber(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	whole := digits(s)
	s = s[whole:]
	fraction := 0
	if s != "" && s[0] == '.' {
		fraction = digits(s[1:])
		s = s[1+fraction:]
	}
	if whole+fraction == 0 {
		return false
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		n := digits(s)
		return n > 0 && n == len(s)
	}
	return s == ""
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// lossless reports whether a cell may be written as a number of JSON or of a workbook without a change: it has the
// grammar of JSON (no leading zero or plus sign), at most 15 significant digits, and a modest exponent.
func lossless(s string) bool {
	if !IsNumber(s) {
		return false
	}
	mantissa, exponent, hasExponent := s, "", false
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent, hasExponent = s[:i], s[i+1:], true
	}
	mantissa = strings.TrimPrefix(mantissa, "-")
	whole, fraction, point := strings.Cut(mantissa, ".")
	if whole == "" || whole[0] == '+' || len(whole) > 1 && whole[0] == '0' || point && fraction == "" {
		return false
	}
	if hasExponent {
		if e, err := strconv.Atoi(exponent); err != nil || e < -300 || e > 300 {
			return false
		}
	}
	significant := strings.TrimLeft(whole+fraction, "0")
	return len(significant) <= 15
}

// boolean reports the value of a cell that Normal wrote for type L.
func boolean(s string) (value, ok bool) {
	switch s {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}
