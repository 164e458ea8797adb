package bench

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// draft is an entry under way.
type draft struct {
	*rand.Rand
	subject
	opening
	id                     catalog.ID
	dept                   *catalog.Department
	code, related          string
	decided, listed        calendar.Date
	columns                []column
	status                 catalog.Code
	gb18030, xlsx, geojson bool
}

// opening is how an entry is shared and opened.
type opening struct {
	share, open catalog.Code
	api         bool
}

// drawOpening draws by weight: most entries are open, as a district would wish.
func drawOpening(r *rand.Rand) opening {
	switch p := r.IntN(100); {
	case p < 55:
		return opening{catalog.Unconditional, catalog.Unconditional, false}
	case p < 60:
		return opening{catalog.Unconditional, catalog.Unconditional, true}
	case p < 75:
		return opening{catalog.Authorized, catalog.Conditional, false}
	case p < 92:
		return opening{catalog.Authorized, catalog.Closed, false}
	}
	return opening{catalog.None, catalog.Closed, false}
}

func drawStatus(r *rand.Rand) catalog.Code {
	switch p := r.IntN(100); {
	case p < 2:
		return catalog.Draft
	case p < 4:
		return catalog.Suspended
	}
	return catalog.Published
}

// entry writes all files of entry n.
func (g *generator) entry(n int, r *rand.Rand) error {
	s := subjectOf(n)
	d := &draft{Rand: r, subject: s, opening: drawOpening(r), status: drawStatus(r), columns: s.columns()}
	d.dept = g.body(s, r)
	d.id = catalog.ID(fmt.Sprintf("%s-%s-%05d", s.object.id, s.aspect.id, n+1))
	d.decided = g.regime.ValidFrom.AddDays(firstDecision + r.IntN(decisions))
	d.listed = d.decided.AddDays(3 + r.IntN(18))
	d.gb18030, d.xlsx = r.IntN(25) == 0, r.IntN(5) == 0
	d.geojson = strings.Contains(s.aspect.columns, "lon lat") && r.IntN(2) == 0
	g.released[d.id] = g.regime.ValidFrom.AddDays(firstVersion + r.IntN(versions))
	if d.status != catalog.Draft {
		g.sequence[d.dept.ID]++
		d.code = catalog.ResourceCode{Class: "3", Item: "07", Group: "031", Region: "310105", Serial: d.dept.Serial,
			Sequence: fmt.Sprintf("%06d", g.sequence[d.dept.ID])}.String()
		if r.IntN(12) == 0 {
			d.related = g.last[d.dept.ID]
		}
		g.last[d.dept.ID] = d.code
		if err := g.record("determinations", d, g.determinations(d)); err != nil {
			return err
		}
	}
	if err := g.record("catalog", d, g.catalogEntry(d)); err != nil {
		return err
	}
	if d.open == catalog.Closed || d.status == catalog.Draft {
		return nil
	}
	if err := g.record("openlist", d, g.openEntry(d)); err != nil {
		return err
	}
	if d.open != catalog.Unconditional || d.api || g.RecordsOnly {
		return nil
	}
	b, err := table(d)
	if err != nil {
		return err
	}
	return write(filepath.Join(g.Out, "datasets", string(d.dept.ID), string(d.id), "table.csv"), b)
}

// body is who holds a resource: for a subdistrict now and then its own office, else the lead of the matter, and where
// the source repository does not know it, any.
func (g *generator) body(s subject, r *rand.Rand) *catalog.Department {
	local := r.IntN(3) == 0 && len(s.place.region) > len(places[0].region)
	for _, d := range g.bodies {
		if local && string(d.Region) == s.place.region {
			return d
		}
	}
	for _, d := range g.bodies {
		if string(d.ID) == s.object.lead {
			return d
		}
	}
	return pick(r, g.bodies)
}

// term is a code of a vocabulary, or the first one where the source repository has another list.
func (g *generator) term(vocabulary, code string) string {
	terms := g.catalog.TermsOf(vocabulary)
	for _, t := range terms {
		if string(t.Code) == code {
			return code
		}
	}
	if len(terms) == 0 {
		return code
	}
	return string(terms[0].Code)
}

func (g *generator) record(kind string, d *draft, body []byte) error {
	head := "# yaml-language-server: $schema=../../../tools/doc/schema/" + kind + ".json\n"
	return write(filepath.Join(g.Out, "metadata", kind, string(d.dept.ID), string(d.id)+".yaml"), append([]byte(head), body...))
}

// lines builds a file line by line.
type lines struct{ bytes.Buffer }

func (l *lines) add(format string, args ...any) { fmt.Fprintf(l, format+"\n", args...) }

func (l *lines) list(indent string, values []string) {
	for _, v := range values {
		l.add("%s- %s", indent, scalar(v))
	}
}

// scalar quotes what YAML would read as another type.
func scalar(s string) string {
	if s == "N" || s == "Y" || s == "%" || strings.Trim(s, "0123456789.-") == "" {
		return fmt.Sprintf("%q", s)
	}
	return s
}

func (g *generator) determinations(d *draft) []byte {
	l := &lines{}
	l.add("determinations:")
	row := func(n int, attribute, value catalog.Code, by catalog.Dept, day calendar.Date) {
		l.add("  - n: %d\n    attribute: %s\n    value: %s\n    by: %s\n    date: %q\n    regime: %s", n, attribute, value, by, day, g.regime.ID)
	}
	row(1, catalog.AttributeShare, d.share, g.share, d.decided)
	row(2, catalog.AttributeOpen, d.open, g.open, d.decided.AddDays(d.IntN(3)))
	return l.Bytes()
}

func (g *generator) catalogEntry(d *draft) []byte {
	l := &lines{}
	if d.code != "" {
		l.add("resource_code: %q", d.code)
	} else {
		l.add("class: %q\nclass_item: %q", "3", "307")
	}
	l.add("relation: district_supplement\n\ntitle: %s\ntitle_en: %s\nrow_meaning: %s\nabstract: %s\nkeywords:",
		d.title(), d.titleEn(), d.aspect.row, d.abstract())
	l.list("  ", d.keywords(d.Rand))
	duty := pick(d.Rand, d.dept.Duties).Basis
	l.add("\nduty_basis:\n  - law: %s", duty.Law)
	if duty.Article != "" {
		l.add("    article: %q", duty.Article)
	}
	l.add("formats:\n  - category: \"2\"\n    format: csv\n\nitems:")
	for _, c := range d.columns {
		c.item(l, d.object)
	}
	g.rights(l, d)
	l.add("\nupdate_frequency: %s\nfrequency_reason: 按业务台账的更新节奏报送。\ndomain: %s\ntheme_national:\n  l1: %s", g.term("update_frequency", pick(d.Rand, d.aspect.frequencies)),
		g.term("domain", d.object.domain), g.term("theme_national", d.object.theme))
	l.add("spatial:\n  - %q\ntemporal:\n  start: %q", g.term("region", d.place.region), d.period.start)
	if d.period.end != "" {
		l.add("  end: %q", d.period.end)
	}
	level, aggregation := 1, "aggregated"
	if d.open != catalog.Unconditional {
		level = 2
	}
	if d.share == catalog.None {
		level, aggregation = 3, "not_applicable"
	}
	l.add("\nsecurity_level: %d\npersonal_info: none\nsecrecy: non_secret\naggregation:\n  status: %s", level, aggregation)
	if years := d.IntN(6); years > 0 {
		l.add("history_years: %d", years)
	}
	if d.related != "" {
		l.add("\nrelated:\n  - code: %q\n    kind: related", d.related)
	}
	l.add("\ncontact: %s\nillustrative: true\nregime: %s\nstatus: %s", d.dept.PublicContact[0].Key, g.regime.ID, d.status)
	if d.status == catalog.Suspended {
		l.add("status_reason: %s", suspended)
	}
	l.add("version: \"1.0.0\"")
	if d.status != catalog.Draft {
		l.add("published_on: %q", d.listed)
	}
	return l.Bytes()
}

const suspended = "业务系统切换，暂停更新，恢复后继续提供。"

func (c column) item(l *lines, of object) {
	l.add("  - name: %s\n    title: %s\n    type: %s\n    title_en: %s", c.name, c.title, scalar(c.kind), c.titleEn)
	if c.length > 0 {
		l.add("    length: %d", c.length)
	}
	if c.scale > 0 {
		l.add("    scale: %d", c.scale)
	}
	l.add("    description: %s的%s", of.zh, c.about)
	if c.key {
		l.add("    required: true\n    key: true")
	}
	if len(c.values) > 0 {
		l.add("    codelist:")
		l.list("      ", c.values)
	}
	for _, f := range []struct{ key, value string }{{"item_role", c.role}, {"unit", c.unit}, {"format", c.format}} {
		if f.value != "" {
			l.add("    %s: %s", f.key, scalar(f.value))
		}
	}
}

// rights are the groups share and open.
func (g *generator) rights(l *lines, d *draft) {
	l.add("\nshare:\n  type: %s", d.share)
	if d.share != catalog.Unconditional {
		l.add("  reason: 涉及%s的内部管理信息，须按职责使用。\n  legal_basis:\n    - law: %s", d.object.zh, g.basis)
	}
	switch d.share {
	case catalog.Authorized:
		l.add("  condition: 限履行相应职责的部门申请使用。\n  methods:\n    - api")
	case catalog.Unconditional:
		l.add("  methods:\n    - %s", pick(d.Rand, []string{"table", "file", "api"}))
	}
	l.add("\nopen:\n  type: %s", d.open)
	switch d.open {
	case catalog.Closed:
		reason := pick(d.Rand, []struct{ code, zh string }{
			{"public_security", "逐条公开%s的%s，可能影响公共安全。"}, {"process_information", "%s的%s尚在核定，属于过程性信息。"},
			{"trade_secret", "%s的%s涉及经营者的商业秘密。"}, {"third_party_rights", "%s的%s由第三方提供，未取得公开的授权。"},
		})
		l.add("  reason_code: %s\n  reason: %s\n  legal_basis:\n    - law: %s", reason.code, fmt.Sprintf(reason.zh, d.object.zh, d.aspect.zh), g.basis)
	case catalog.Conditional:
		l.add("  condition: 申请单位须说明用途，并承诺不转让、不用于识别个人。")
	}
}

// abstract tells content, source and use in one of three ways.
func (d *draft) abstract() string {
	var named []string
	for _, c := range d.columns {
		if !c.key && len(named) < 3 {
			named = append(named, c.title)
		}
	}
	what := d.place.zh + d.period.zh + d.object.zh
	switch d.IntN(3) {
	case 0:
		return fmt.Sprintf("%s的%s，%s。由%s根据%s整理，%s。", what, d.aspect.zh, d.aspect.about, d.dept.ShortName, pick(d.Rand, sources), pick(d.Rand, uses))
	case 1:
		return fmt.Sprintf("列出%s的%s等%d项内容，每行是%s，来自%s，%s。", what, strings.Join(named, "、"), len(d.columns), d.aspect.row, pick(d.Rand, sources), pick(d.Rand, uses))
	}
	return fmt.Sprintf("为方便%s，%s把%s的%s整理成表：%s。数据取自%s，%s。", pick(d.Rand, audiences), d.dept.ShortName, what, d.aspect.zh, d.aspect.about,
		pick(d.Rand, sources), pick(d.Rand, uses))
}

func (g *generator) openEntry(d *draft) []byte {
	l := &lines{}
	l.add("catalog_id: %s/%s\nserial: \"01\"\n\nscenario:\n  - %s\n\nopen_type: %s", d.dept.ID, d.id, pick(d.Rand, uses), d.open)
	if d.open == catalog.Conditional {
		l.add("open_level: %s\nopen_condition: 限说明的用途，成果注明来源，用后删除。\naccess:\n  apply_url: /request/\n  materials:\n    - 申请表\n    - 用途说明\n  individuals_allowed: %t\n  review_days: %d",
			pick(d.Rand, []string{"L2", "L2", "L3"}), d.IntN(2) == 0, 5+5*d.IntN(3))
	} else {
		l.add("open_level: L1")
	}
	kind := catalog.KindData
	if d.api {
		kind = catalog.KindAPI
	}
	l.add("\nresource_kind: %s\nitems:", kind)
	for _, c := range d.columns {
		l.add("  - %s", c.name)
	}
	l.add("distributions:")
	d.distributions(l)
	l.add("\nmunicipal:\n  status: pending\n\nstatus: %s", d.status)
	if d.status == catalog.Suspended {
		l.add("status_reason: %s", suspended)
	}
	first := d.listed.AddDays(d.IntN(15))
	l.add("version: \"1.0.0\"\nfirst_published_on: %q", first)
	if d.open == catalog.Conditional || d.api {
		l.add("updated_on: %q", first.AddDays(d.IntN(200)))
	}
	return l.Bytes()
}

func (d *draft) distributions(l *lines) {
	file := func(format, note string) {
		l.add("  - id: %s\n    title: %s（%s）\n    kind: file\n    format: %s", format, d.title(), note, format)
	}
	switch {
	case d.api:
		l.add("  - id: api\n    title: %s接口\n    kind: api\n    format: json\n    endpoint_url: /api/v1/index.json\n    endpoint_description: /api/v1/openapi.json\n    availability: STABLE", d.title())
		return
	case d.open == catalog.Conditional:
		file("csv", "申请后提供")
		return
	}
	file("csv", "CSV 文件")
	l.add("    source: table.csv")
	if d.gb18030 {
		l.add("    dialect:\n      encoding: gb18030")
	}
	if d.geojson {
		l.add("    crs: WGS-84")
	}
	file("json", "JSON 文件")
	if d.xlsx {
		file("xlsx", "Excel 文件")
	}
	if d.geojson {
		file("geojson", "GeoJSON 点位")
	}
}

// rows draws the size of a table: most are small, one in fifty has thousands of rows.
func rows(r *rand.Rand) int {
	if r.IntN(50) == 0 {
		return 1000 + r.IntN(4000)
	}
	f := r.Float64()
	return 10 + int(160*f*f)
}

// table is the data file.
func table(d *draft) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	cells := make([]string, len(d.columns))
	for i, c := range d.columns {
		cells[i] = c.name
	}
	if err := w.Write(cells); err != nil {
		return nil, err
	}
	t := &tableRow{Rand: d.Rand, subject: d.subject, prefix: strings.ToUpper(d.object.id[:2]) + "-", year: d.year(d.Rand)}
	for t.n = range rows(d.Rand) {
		t.thing, t.point = t.n/d.aspect.series, t.n%d.aspect.series
		for i, c := range d.columns {
			cells[i] = c.cell(t)
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	if w.Flush(); w.Error() != nil {
		return nil, w.Error()
	}
	if d.gb18030 {
		return simplifiedchinese.GB18030.NewEncoder().Bytes(b.Bytes())
	}
	return b.Bytes(), nil
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
