package calendar

import "time"

// Days is the statutory calendar: days off and weekend days worked in exchange (调休). A day in neither set
// is a working day from Monday to Friday.
type Days struct {
	Off    map[Date]bool
	Worked map[Date]bool
}

// Working reports whether people work on a day.
func (c Days) Working(d Date) bool {
	switch {
	case c.Worked[d]:
		return true
	case c.Off[d]:
		return false
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// AddWorking moves n working days forward; n must not be negative.
func (c Days) AddWorking(d Date, n int) Date {
	for n > 0 {
		if d = d.AddDays(1); c.Working(d) {
			n--
		}
	}
	return d
}

// Cadence is a promised update frequency: how long one period lasts and when an update counts as overdue.
// The zero Cadence is never due (irregular, static).
type Cadence struct {
	Period  int  // days of one period
	Limit   int  // days after the last update until it is overdue
	Working bool // Limit counts working days
}

// IsZero reports a cadence that is never due.
func (c Cadence) IsZero() bool { return c.Limit == 0 }

// Due is the last day on which data updated on a day still keep the promise; zero when never due.
func (c Cadence) Due(updated Date, days Days) Date {
	switch {
	case c.IsZero() || updated.IsZero():
		return Date{}
	case c.Working:
		return days.AddWorking(updated, c.Limit)
	}
	return updated.AddDays(c.Limit)
}

// State of a promise on a day.
type State string

// States, from good to bad.
const (
	NotDue   State = "none"      // no promise: irregular, static, or never updated
	OnTime   State = "ontime"    // 按期
	DueSoon  State = "due_soon"  // 将到期: a fifth of the time or less is left
	Late     State = "late"      // 逾期
	VeryLate State = "very_late" // 严重逾期: later than two further periods
)

// StateOn is the state on a day of data last updated on another.
func (c Cadence) StateOn(day, updated Date, days Days) State {
	due := c.Due(updated, days)
	switch {
	case due.IsZero():
		return NotDue
	case day.After(due.AddDays(2 * c.Period)):
		return VeryLate
	case day.After(due):
		return Late
	case 5*due.DaysSince(day) <= due.DaysSince(updated):
		return DueSoon
	}
	return OnTime
}
