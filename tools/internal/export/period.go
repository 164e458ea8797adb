package export

import (
	"time"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// firstDay is the first day of CCYY, CCYY-MM or CCYY-MM-DD; "" for anything else.
func firstDay(s string) string {
	switch len(s) {
	case len("2006"):
		s += "-01-01"
	case len("2006-01"):
		s += "-01"
	}
	if _, err := calendar.ParseDate(s); err != nil {
		return ""
	}
	return s
}

// lastDay is the last day of CCYY, CCYY-MM or CCYY-MM-DD; "" for anything else.
func lastDay(s string) string {
	first := firstDay(s)
	if first == "" {
		return ""
	}
	d := calendar.MustDate(first)
	switch len(s) {
	case len("2006"):
		return calendar.NewDate(d.Year(), time.December, 31).String()
	case len("2006-01"):
		return calendar.NewDate(d.Year(), d.Time().Month()+1, 0).String()
	}
	return s
}

// interval is an ISO 8601 interval; open stands for an end that is still to come.
func interval(t *catalog.Temporal, open string) string {
	if t == nil || firstDay(t.Start) == "" {
		return ""
	}
	if end := lastDay(t.End); end != "" {
		return firstDay(t.Start) + "/" + end
	}
	return firstDay(t.Start) + "/" + open
}
