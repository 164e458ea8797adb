package catalog

import (
	"errors"
	"fmt"
	"strings"
)

// ResourceCode is a parsed 信息资源代码: class 类, item 项, 目, 细目 (region and organisation serial), a slash, the
// sequence of the organisation and two check digits: "307031310105012/00000195".
type ResourceCode struct {
	Class    string // 1 digit
	Item     string // 2 digits
	Group    string // 目, 3 digits
	Region   string // 6 digits
	Serial   string // of the organisation, 3 digits
	Sequence string // 6 digits
}

var errResourceCode = errors.New("not a resource code: 15 digits, a slash, 8 digits with their check")

// ParseResourceCode reads a code and verifies its check digits (ISO 7064 MOD 97-10).
func ParseResourceCode(s string) (ResourceCode, error) {
	front, back, ok := strings.Cut(s, "/")
	if !ok || len(front) != 15 || len(back) != 8 || !allDigits(front) || !allDigits(back) {
		return ResourceCode{}, errResourceCode
	}
	if front[0] < '1' || front[0] > '3' || mod97(front+back) != 1 {
		return ResourceCode{}, errResourceCode
	}
	c := ResourceCode{
		Class: front[:1], Item: front[1:3], Group: front[3:6], Region: front[6:12], Serial: front[12:], Sequence: back[:6],
	}
	// 00, 01 and 99 leave the same remainder as 97, 98 and 02, and are never given.
	if c.String() != s {
		return ResourceCode{}, errResourceCode
	}
	return c, nil
}

// Front is the classification: the part before the slash.
func (c ResourceCode) Front() string { return c.Class + c.Item + c.Group + c.Region + c.Serial }

// String is the code with its check digits: 98 − (first 21 digits × 100) mod 97.
func (c ResourceCode) String() string {
	check := 98 - mod97(c.Front()+c.Sequence+"00")
	return fmt.Sprintf("%s/%s%02d", c.Front(), c.Sequence, check)
}

// mod97 reduces digit by digit: 23 digits exceed 64 bits.
func mod97(digits string) int {
	n := 0
	for i := range len(digits) {
		n = (n*10 + int(digits[i]-'0')) % 97
	}
	return n
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var (
	usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	orgWeights  = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	errUSCC     = errors.New("not a unified social credit code (GB 32100)")
)

// CheckUSCC verifies a unified social credit code (统一社会信用代码, GB 32100): its own check character and that of the
// organisation code within it. The error never holds the code.
func CheckUSCC(s string) error {
	if len(s) != 18 {
		return errUSCC
	}
	sum := 0
	for i := range 17 {
		v := strings.IndexByte(usccAlphabet, s[i])
		if v < 0 {
			return errUSCC
		}
		sum += v * usccWeights[i]
	}
	if s[17] != usccAlphabet[(31-sum%31)%31] {
		return errUSCC
	}
	// Positions 9 to 17 are the organisation code; its letters count as A=10 … Z=35.
	sum = 0
	for i, w := range orgWeights {
		sum += orgValue(s[8+i]) * w
	}
	check := "0123456789X0"[11-sum%11]
	if s[16] != check {
		return errUSCC
	}
	return nil
}

func orgValue(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c-'A') + 10
}
