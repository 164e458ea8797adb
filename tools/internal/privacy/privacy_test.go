package privacy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
)

var asOf = calendar.MustDate("2025-12-01")

// identity makes a well-formed number that nobody holds: county 00 of a province is not assigned.
func identity(province, birth string, serial int) string {
	v := fmt.Sprintf("%s0000%s%03d", province, birth, serial)
	sum := 0
	for i, w := range identityWeights {
		sum += w * int(v[i]-'0')
	}
	return v + string(identityChecks[sum%11])
}

// mobile makes a number of a virtual operator's range.
func mobile(n int) string { return fmt.Sprintf("170%08d", n) }

func TestScan(t *testing.T) {
	id := identity("31", "19900228", 12)
	for last := byte('0'); ; last++ { // one that ends in X
		if id[17] == 'X' {
			break
		}
		id = identity("31", "19900228", int(last))
	}
	broken := id[:17] + "0"
	m := mobile(12345678)
	wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "7", "７").Replace
	tests := []struct {
		name, cell       string
		identity, mobile bool
	}{
		{"identity number", id, true, false},
		{"small x", strings.ToLower(id), true, false},
		{"in a sentence", "证件号码：" + id + "，已核", true, false},
		{"in groups", id[:6] + " " + id[6:14] + " " + id[14:], true, false},
		{"full-width digits", wide(id), true, false},
		{"after another number", "12 " + id, true, false},
		{"wrong check digit", broken, false, false},
		{"province not assigned", identity("99", "19900228", 1), false, false},
		{"day that does not exist", identity("31", "19900230", 1), false, false},
		{"29 February of a common year", identity("31", "19900229", 1), false, false},
		{"29 February of a leap year", identity("31", "20000229", 1), true, false},
		{"born before 1900", identity("31", "18991231", 1), false, false},
		{"born after the day of the scan", identity("31", "20251202", 1), false, false},
		{"letter before", "A" + id, false, false},
		{"decimal", "0." + id, false, false},
		{"digit too many", "1" + id, false, false},
		{"letter after", id + "a", false, false},
		{"mobile", m, false, true},
		{"mobile in Chinese text", "电话" + m + "（办公）", false, true},
		{"3-4-4 with dashes", m[:3] + "-" + m[3:7] + "-" + m[7:], false, true},
		{"3-4-4 with spaces", m[:3] + " " + m[3:7] + " " + m[7:], false, true},
		{"country code", "+86 " + m, false, true},
		{"country code without a space", "+86" + m, false, true},
		{"country code 0086", "0086-" + m, false, true},
		{"two mobiles", m + " " + mobile(1), false, true},
		{"after a slash", "62345678/" + m, false, true},
		{"full-width mobile", wide(m), false, true},
		{"grouped as no one writes", m[:5] + "-" + m[5:], false, false},
		{"another country", "+" + m, false, false},
		{"second digit 2", "12" + m[2:], false, false},
		{"landline of Shanghai", "021-52567890", false, false},
		{"landline with extension", "021-62345678-8001", false, false},
		{"landline without dash", "02152567890", false, false},
		{"400 number", "400-820-8820", false, false},
		{"800 number", "8008208820", false, false},
		{"hotline 12345", "12345", false, false},
		{"hotline in text", "请拨打12345或021-12345", false, false},
		{"longitude", "121.17012345678", false, false},
		{"coordinates", "121.4170123,31.1381234567", false, false},
		{"milliseconds", "1701234567890", false, false},
		{"file name", "IMG_17012345678.jpg", false, false},
		{"date and time", "2024-01-02 13:14:15", false, false},
		{"street code", "310105005000", false, false},
		{"social credit code", "11310105002425041K", false, false},
		{"empty", "", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r run
			gotID, gotMobile := r.scan(tt.cell, asOf)
			if gotID != tt.identity || gotMobile != tt.mobile {
				t.Errorf("identity %v, mobile %v; want %v, %v", gotID, gotMobile, tt.identity, tt.mobile)
			}
		})
	}
}

func TestVerdicts(t *testing.T) {
	id := identity("31", "19900101", 5)
	tests := []struct {
		name   string
		column Column
		hits   int // of 1,000 rows
		value  string
		want   []Verdict
	}{
		{"one identity number blocks", Column{Name: "remark"}, 1, id, []Verdict{{IdentityNumber, 0, 1, 1000, 2, true}}},
		{"few mobiles inform", Column{Name: "remark"}, 9, mobile(1), []Verdict{{Mobile, 0, 9, 1000, 2, false}}},
		{"one in a hundred blocks", Column{Name: "remark"}, 10, mobile(1), []Verdict{{Mobile, 0, 10, 1000, 2, true}}},
		{"one in a telephone column blocks", Column{Name: "a", Title: "联系电话"}, 1, mobile(1), []Verdict{{Mobile, 0, 1, 1000, 2, true}}},
		{"English name", Column{Name: "contact_tel"}, 1, mobile(1), []Verdict{{Mobile, 0, 1, 1000, 2, true}}},
		{"tel within a word is no hint", Column{Name: "hotel"}, 1, mobile(1), []Verdict{{Mobile, 0, 1, 1000, 2, false}}},
		{"an amount is no telephone", Column{Name: "amount", Measure: true}, 500, mobile(1), nil},
		{"nothing", Column{Name: "手机"}, 0, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := NewScanner([]Column{tt.column}, asOf, 0.01)
			for i := range 1000 {
				cell := "长宁路"
				if i < tt.hits {
					cell = tt.value
				}
				s.Row(i+2, []string{cell})
			}
			got := s.Verdicts()
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestLabelledTables measures recall on generated positives and wrong blocks on a thousand generated clean columns.
func TestLabelledTables(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	day := func() string {
		return strings.ReplaceAll(calendar.NewDate(1930+rng.IntN(90), 1, 1).AddDays(rng.IntN(365)).String(), "-", "")
	}
	provinceCodes := []string{"11", "31", "32", "44", "50", "65", "81"}
	const n = 2000
	found := map[string]int{}
	for range n {
		if Suspect(identity(provinceCodes[rng.IntN(len(provinceCodes))], day(), rng.IntN(1000)), asOf) {
			found["P01"]++
		}
		if m := mobile(rng.IntN(1e8)); Suspect([]string{m, "+86" + m, m[:3] + "-" + m[3:7] + "-" + m[7:], "电话：" + m}[rng.IntN(4)], asOf) {
			found["P03"]++
		}
	}
	for rule, hits := range found {
		if recall := float64(hits) / n; recall < 0.995 {
			t.Errorf("%s: recall %.4f, want 0.995", rule, recall)
		}
	}
	if len(found) != 2 {
		t.Fatalf("found only %v", found)
	}

	clean := map[string]func(int) string{
		"coordinates":   func(int) string { return fmt.Sprintf("%.*f", 6+rng.IntN(9), 121+rng.Float64()) },
		"landlines":     func(int) string { return fmt.Sprintf("021-%08d", 50000000+rng.IntN(2e7)) },
		"hotlines":      func(int) string { return fmt.Sprintf("400-%03d-%04d", rng.IntN(1000), rng.IntN(10000)) },
		"credit codes":  func(int) string { return fmt.Sprintf("9131010%d%09dX", rng.IntN(10), rng.IntN(1e9)) },
		"district code": func(int) string { return fmt.Sprintf("310105%06d", rng.IntN(1e6)) },
		"serials":       func(i int) string { return fmt.Sprintf("%08d", i) },
		"licences":      func(int) string { return fmt.Sprintf("JY%d%014d", 1+rng.IntN(3), rng.IntN(1e14)) },
		"18 digits":     func(int) string { return fmt.Sprintf("9%017d", rng.Int64N(1e17)) },
		"moments": func(int) string {
			return fmt.Sprintf("2024-%02d-%02d %02d:15:00", 1+rng.IntN(12), 1+rng.IntN(28), rng.IntN(24))
		},
		"addresses": func(int) string { return fmt.Sprintf("愚园路%d号", 1+rng.IntN(2000)) },
	}
	blocked, columns := 0, 0
	for name, value := range clean {
		for range 100 {
			s := NewScanner([]Column{{Name: name}}, asOf, 0.01)
			for i := range 200 {
				s.Row(i+2, []string{value(i)})
			}
			columns++
			for _, v := range s.Verdicts() {
				if v.Block {
					t.Logf("%s wrongly blocked by %s: %d hits", name, v.Rule, v.Hits)
					blocked++
				}
			}
		}
	}
	if blocked > columns/1000 {
		t.Errorf("%d of %d clean columns blocked, at most 1 in 1000 may be", blocked, columns)
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"", identity("31", "19900101", 5), "+86 170-1234-5678", "１２３４５６７８９０１", "1 2-3 4-5 6-7 8-9 0 1 2 3 4 5 6 7 8 9 0 1 2", "\xef\xbc", "123456789012345678X"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var r run
		id, mob := r.scan(s, asOf)
		id2, mob2 := r.scan(s, asOf)
		if id != id2 || mob != mob2 {
			t.Errorf("%q: two scans differ", s)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	cell := strings.Repeat("上海市长宁区愚园路1088号，121.417012,31.220123；", 20)
	b.SetBytes(int64(len(cell)))
	var r run
	for b.Loop() {
		r.scan(cell, asOf)
	}
}
