package catalog

import "testing"

func TestPlace(t *testing.T) {
	for in, want := range map[string]string{
		"14(3)": "第十四条第三款",
		"1":     "第一条",
		"10":    "第十条",
		"20(2)": "第二十条第二款",
		"105":   "第一百零五条",
		"110":   "第一百一十条",
		"":      "",
		"附则":    "第附则条",
	} {
		if got := ParseCitation("x", in).Place(); got != want {
			t.Errorf("Place(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCite(t *testing.T) {
	c := &Catalog{Laws: map[LawID]*Law{
		"a": {Title: "长宁区公共数据管理办法", DocNo: "长府规〔2021〕2号"},
		"b": {Title: "某办法"},
	}}
	for want, ref := range map[string]LegalRef{
		"长府规〔2021〕2号第九条": {Law: "a", Article: "9"},
		"《某办法》":          {Law: "b"},
		"c第二条":           {Law: "c", Article: "2"},
	} {
		if got := c.Cite(ref); got != want {
			t.Errorf("Cite(%v) = %q, want %q", ref, got, want)
		}
	}
}
