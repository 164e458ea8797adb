package yamldoc

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// private matches what may be a person's number: mobile, identity or account.
var private = regexp.MustCompile(`1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\d{15}|\d{17}[\dXx]`)

// resourceCode matches the code of a catalogue entry, which is long but nobody's number.
var resourceCode = regexp.MustCompile(`\b\d{15}/\d{8}\b`)

// Show prepares a value for a message: short, on one line, and without anything that may be a person's number.
func Show(v string) string {
	if private.MatchString(resourceCode.ReplaceAllString(norm.NFKC.String(v), "")) {
		return "（疑似个人信息，不显示）"
	}
	v = strings.Join(strings.Fields(v), " ")
	if r := []rune(v); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return v
}
