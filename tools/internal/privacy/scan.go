package privacy

import (
	"time"

	"opendata.example/odc/tools/internal/calendar"
)

// run is a run of digits, with what separates its groups: "138 1234 5678" is one run of three groups.
type run struct {
	digits []byte // ASCII; an X at the end of a group stays
	groups []int  // where each group ends in digits
}

const (
	maxGroups = 16 // a longer run is a list of numbers: the oldest groups are dropped
	maxDigits = 64 // a longer group is no identifier
)

// scan walks a cell once. Runs of digits are gathered and judged at their end; all other bytes cost one comparison.
// Full-width digits are read as digits, single spaces and dashes within a run are read through.
func (r *run) scan(cell string, asOf calendar.Date) (identity, mobile bool) {
	if len(cell) < 11 {
		return false, false
	}
	for i := 0; i < len(cell); {
		if _, size := digit(cell, i); size == 0 {
			i++
			continue
		}
		open := i == 0 || !glued(cell[i-1])
		plus := i > 0 && cell[i-1] == '+'
		end, closed := r.gather(cell, i)
		id, mob := r.judge(open, closed, plus, asOf)
		identity, mobile = identity || id, mobile || mob
		i = end
	}
	return identity, mobile
}

// glued reports whether a byte beside a number makes it part of something else: a code, a decimal, an e-mail address.
func glued(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '.' || c == '_'
}

// digit reads an ASCII or full-width digit at i; size 0 when there is none.
func digit(s string, i int) (d byte, size int) {
	c := s[i]
	if c >= '0' && c <= '9' {
		return c, 1
	}
	if c == 0xEF && i+2 < len(s) && s[i+1] == 0xBC && s[i+2] >= 0x90 && s[i+2] <= 0x99 {
		return '0' + s[i+2] - 0x90, 3
	}
	return 0, 0
}

// checkX reads an X, which may stand for the last digit of an identity number; full-width ones are Ｘ and ｘ.
func checkX(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	switch {
	case s[i] == 'X' || s[i] == 'x':
		return 1
	case i+2 < len(s) && s[i] == 0xEF && (s[i+1] == 0xBC && s[i+2] == 0xB8 || s[i+1] == 0xBD && s[i+2] == 0x98):
		return 3
	}
	return 0
}

// separator is the length of one space or dash at i, ASCII or full-width.
func separator(s string, i int) int {
	switch {
	case s[i] == ' ' || s[i] == '-':
		return 1
	case i+2 < len(s) && (s[i:i+3] == "\u3000" || s[i:i+3] == "－" || s[i:i+3] == "—" || s[i:i+3] == "–" || s[i:i+3] == "‑"):
		return 3
	case i+1 < len(s) && s[i:i+2] == "\u00a0":
		return 2
	}
	return 0
}

// gather reads the run that starts at i and returns its end; closed says that nothing is glued to it.
func (r *run) gather(cell string, i int) (end int, closed bool) {
	r.digits, r.groups = r.digits[:0], r.groups[:0]
	for i < len(cell) {
		start := len(r.digits)
		for i < len(cell) {
			d, size := digit(cell, i)
			if size == 0 {
				break
			}
			if len(r.digits)-start <= maxDigits {
				r.digits = append(r.digits, d)
			}
			i += size
		}
		if size := checkX(cell, i); size > 0 && (i+size == len(cell) || !glued(cell[i+size])) {
			r.digits = append(r.digits, 'X')
			i += size
		}
		r.groups = append(r.groups, len(r.digits))
		if len(r.groups) > maxGroups {
			r.drop()
		}
		if i == len(cell) {
			return i, true
		}
		next := i + separator(cell, i)
		if next == i || next >= len(cell) {
			break
		}
		if _, size := digit(cell, next); size == 0 {
			break
		}
		i = next
	}
	return i, i == len(cell) || !glued(cell[i])
}

// drop forgets the oldest group.
func (r *run) drop() {
	n := r.groups[0]
	r.digits = append(r.digits[:0], r.digits[n:]...)
	r.groups = append(r.groups[:0], r.groups[1:]...)
	for i := range r.groups {
		r.groups[i] -= n
	}
}

// judge looks at every sequence of groups that has the length of an identifier. The first group counts only when
// nothing is glued before it, the last only when nothing follows.
func (r *run) judge(open, closed, plus bool, asOf calendar.Date) (identity, mobile bool) {
	start := 0
	for g := range r.groups {
		if g > 0 || open {
			for h := g; h < len(r.groups); h++ {
				n := r.groups[h] - start
				if n > 18 {
					break
				}
				if h == len(r.groups)-1 && !closed {
					break
				}
				switch value := r.digits[start:r.groups[h]]; {
				case n == 18:
					identity = identity || isIdentity(value, asOf)
				case n >= 11 && n <= 15:
					mobile = mobile || isMobile(value, r.groups[g:h+1], start, plus && g == 0)
				}
			}
		}
		start = r.groups[g]
	}
	return identity, mobile
}

// provinces are the first two digits of the codes of administrative divisions (GB/T 2260), with Taiwan, Hong Kong,
// Macao and the codes for holders of residence permits.
var provinces = [100]bool{
	11: true, 12: true, 13: true, 14: true, 15: true, 21: true, 22: true, 23: true,
	31: true, 32: true, 33: true, 34: true, 35: true, 36: true, 37: true,
	41: true, 42: true, 43: true, 44: true, 45: true, 46: true,
	50: true, 51: true, 52: true, 53: true, 54: true, 61: true, 62: true, 63: true, 64: true, 65: true,
	71: true, 81: true, 82: true, 83: true, 91: true,
}

var identityWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const identityChecks = "10X98765432"

// isIdentity tests 18 characters by GB 11643: known province, real date of birth, check digit by MOD 11-2.
func isIdentity(v []byte, asOf calendar.Date) bool {
	sum := 0
	for i, w := range identityWeights {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
		sum += w * int(v[i]-'0')
	}
	if identityChecks[sum%11] != v[17] || !provinces[number(v[:2])] {
		return false
	}
	year, month, day := number(v[6:10]), number(v[10:12]), number(v[12:14])
	if year < 1900 || month < 1 || month > 12 || day < 1 || day > 31 {
		return false
	}
	birth := calendar.NewDate(year, time.Month(month), day)
	// A day that does not exist, such as 30 February, comes out as another one.
	return birth.String()[8:] == string(v[12:14]) && !birth.After(asOf)
}

func number(v []byte) int {
	n := 0
	for _, c := range v {
		n = n*10 + int(c-'0')
	}
	return n
}

// isMobile tests 11 digits, written whole or 3-4-4, with or without the country code 86 or 0086. start is where the
// first group begins, groups are the ends of the others.
func isMobile(v []byte, groups []int, start int, plus bool) bool {
	prefix := len(v) - 11
	switch prefix {
	case 0:
		if plus {
			return false // +1… is a number of another country
		}
	case 2:
		if string(v[:2]) != "86" {
			return false
		}
	case 4:
		if string(v[:4]) != "0086" {
			return false
		}
	default:
		return false
	}
	if v[prefix] != '1' || v[prefix+1] < '3' || v[len(v)-1] == 'X' {
		return false
	}
	// Every border between groups must be one that people write.
	for _, end := range groups[:len(groups)-1] {
		if at := end - start - prefix; at != 0 && at != 3 && at != 7 {
			return false
		}
	}
	return true
}
