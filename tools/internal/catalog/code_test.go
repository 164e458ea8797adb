package catalog

import (
	"strings"
	"testing"
)

func TestParseResourceCode(t *testing.T) {
	c, err := ParseResourceCode("307031310105012/00000195")
	if err != nil {
		t.Fatal(err)
	}
	if c != (ResourceCode{"3", "07", "031", "310105", "012", "000001"}) || c.Front() != "307031310105012" {
		t.Errorf("parts: %+v", c)
	}
	for name, s := range map[string]string{
		"check digit":          "307031310105012/00000196",
		"digits swapped":       "307031310105021/00000195",
		"class":                "407031310105012/00000195",
		"no slash":             "30703131010501200000195",
		"too short":            "307031310105012/0000195",
		"letters":              "30703131010501A/00000195",
		"full-width digits":    "30703131010501２/00000195",
		"blank":                "307031310105012/ 0000195",
		"nothing":              "",
		"sign":                 "+07031310105012/00000195",
		"slash in wrong place": "3070313101050120/0000195",
	} {
		if _, err := ParseResourceCode(s); err == nil {
			t.Errorf("%s: %q was accepted", name, s)
		}
	}
}

// FuzzParseResourceCode: what is accepted is written back the same, and no single digit can change unnoticed.
func FuzzParseResourceCode(f *testing.F) {
	for _, s := range []string{"307031310105012/00000195", "307031310105012/00000196", "", "/", "101031310105001/00000000", strings.Repeat("9", 400)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseResourceCode(s)
		if err != nil {
			return
		}
		if c.String() != s {
			t.Errorf("%q is written back as %q", s, c.String())
		}
		for i := range s {
			if s[i] == '/' {
				continue
			}
			changed := s[:i] + string('0'+(s[i]-'0'+1)%10) + s[i+1:]
			if _, err := ParseResourceCode(changed); err == nil {
				t.Errorf("%q and %q are both valid", s, changed)
			}
		}
	})
}

func TestCheckUSCC(t *testing.T) {
	// Made for the test: region 999999 does not exist.
	valid := withUSCCChecks("119999990000001")
	if err := CheckUSCC(valid); err != nil {
		t.Fatalf("%s: %v", valid, err)
	}
	for i := range valid {
		changed := valid[:i] + string(usccAlphabet[(strings.IndexByte(usccAlphabet, valid[i])+1)%len(usccAlphabet)]) + valid[i+1:]
		if CheckUSCC(changed) == nil {
			t.Errorf("position %d: %s was accepted", i+1, changed)
		}
	}
	for _, s := range []string{"", valid[:17], valid + "0", strings.ToLower(valid[:8]) + "i" + valid[9:]} {
		if CheckUSCC(s) == nil {
			t.Errorf("%q was accepted", s)
		}
	}
	if err := CheckUSCC("1199"); strings.Contains(err.Error(), "1199") {
		t.Error("the error repeats the code")
	}
}

// withUSCCChecks completes 15 characters with the next of the organisation code and both check characters.
func withUSCCChecks(s string) string {
	s += "1"
	sum := 0
	for i, w := range orgWeights {
		sum += orgValue(s[8+i]) * w
	}
	s += string("0123456789X0"[11-sum%11])
	sum = 0
	for i, w := range usccWeights {
		sum += strings.IndexByte(usccAlphabet, s[i]) * w
	}
	return s + string(usccAlphabet[(31-sum%31)%31])
}
