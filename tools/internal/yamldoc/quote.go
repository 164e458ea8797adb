package yamldoc

import "regexp"

var lookalike = regexp.MustCompile(`^(` +
	`[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?` + // 12, 1.0, 1_000, 3e8
	`|0[xob][0-9A-Fa-f_]+` +
	`|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)` +
	`|[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2}([Tt ].*)?)?` + // dates and months
	`|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?` + // times, base 60
	`)$`)

// NeedsQuotes reports whether some reader of YAML would take a plain text for a number, a date, a boolean or nothing.
func NeedsQuotes(value string) bool {
	if value == "" {
		return true
	}
	switch c := value[0]; {
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.':
		return lookalike.MatchString(value)
	}
	switch value {
	case "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE",
		"yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF":
		return true
	}
	return false
}
