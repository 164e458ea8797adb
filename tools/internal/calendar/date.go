// Package calendar knows days: dates without a clock, cadences and deadlines, and the working days of China.
//
// "Now" is always a parameter; nothing here reads a clock or a time zone database.
//
//	d, err := calendar.ParseDate("2025-12-31")
//	d.AddDays(1).String() // "2026-01-01"
package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Date is a calendar day in Asia/Shanghai, written CCYY-MM-DD. The zero Date means "not given".
// Dates are comparable with == and usable as map keys.
type Date struct {
	year       int16
	month, day int8
}

// NewDate returns the day; out-of-range values are refused by [ParseDate], here they are the caller's duty.
func NewDate(year int, month time.Month, day int) Date {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return fromTime(t)
}

// DateOf returns the day of t in China (UTC+8, no daylight saving time since 1991).
func DateOf(t time.Time) Date { return fromTime(t.In(china)) }

// ParseDate reads CCYY-MM-DD. It refuses other forms and days that do not exist, such as 2024-02-30.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil || len(s) != len("2006-01-02") || t.Year() < 1000 {
		return Date{}, fmt.Errorf("%q is not a date of the form CCYY-MM-DD", s)
	}
	return fromTime(t), nil
}

// written is a day as people and spreadsheets write it: 2024/3/1, 2024.3.1, 2024年3月1日, 20240301, with or without a time.
var written = regexp.MustCompile(`^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[ T]+\d{1,2}:\d{2}(?::\d{2})?)?$`)

// Guess returns the day that somebody probably meant, for a hint; what is stored is always [ParseDate]'s form. A bare
// number of five digits is a day of an Excel sheet, counted from the end of 1899.
func Guess(s string) (Date, bool) {
	if m := written.FindStringSubmatch(s); m != nil {
		d, err := ParseDate(fmt.Sprintf("%s-%02s-%02s", m[1], m[2]+m[4], m[3]+m[5]))
		return d, err == nil
	}
	if n, err := strconv.Atoi(s); err == nil && len(s) == 5 && n >= 20000 && n < 75000 { // 1954 to 2105
		return NewDate(1899, time.December, 30).AddDays(n), true
	}
	return Date{}, false
}

// MustDate is ParseDate for tables and tests.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

var china = time.FixedZone("UTC+8", 8*60*60)

func fromTime(t time.Time) Date {
	y, m, d := t.Date()
	return Date{int16(y), int8(m), int8(d)}
}

// Time is midnight in China at the start of the day.
func (d Date) Time() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, china)
}

// IsZero reports whether no date was given.
func (d Date) IsZero() bool { return d == Date{} }

// Year is the calendar year, 0 for the zero Date.
func (d Date) Year() int { return int(d.year) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// String is CCYY-MM-DD, or the empty string for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// Chinese is the form the portal prints: 2026年11月23日.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.year, d.month, d.day)
}

// Compare orders days; the zero Date comes first.
func (d Date) Compare(o Date) int {
	switch {
	case d == o:
		return 0
	case d.year != o.year:
		return int(d.year) - int(o.year)
	case d.month != o.month:
		return int(d.month) - int(o.month)
	}
	return int(d.day) - int(o.day)
}

// Before reports whether d lies before o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After reports whether d lies after o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// AddDays moves by n days, which may be negative.
func (d Date) AddDays(n int) Date {
	return fromTime(time.Date(int(d.year), time.Month(d.month), int(d.day)+n, 0, 0, 0, 0, time.UTC))
}

// DaysSince is the number of days from o to d.
func (d Date) DaysSince(o Date) int {
	return int(d.Time().Sub(o.Time()) / (24 * time.Hour))
}

// MarshalText writes CCYY-MM-DD; the zero Date is empty.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}
