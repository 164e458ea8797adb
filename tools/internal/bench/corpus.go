// Package bench makes realistic whole repositories of any size and times the steps of a build over them, so that every
// figure about speed and memory can be taken again by anyone.
//
// A generated repository obeys every rule. The same number and seed give the same bytes. All its records are marked
// as illustrative.
//
//	err := bench.Corpus(ctx, os.DirFS(root), "/tmp/big", bench.Size{Entries: 10000, Seed: 1}, nil)
package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// Size of a repository.
type Size struct {
	Entries int
	Seed    uint64
}

// MaxEntries is how many distinct titles the words of this package make.
const MaxEntries = len(places) * len(objects) * len(aspects) * serialsPerTitle

// serialsPerTitle numbers otherwise equal titles: 第一批, 第二批 …
const serialsPerTitle = 40

// kept are the folders and files of the source repository that a generated one shares.
var kept = []string{
	"go.mod", "go.sum", "hugo.toml", "content", "themes",
	"metadata/vocab", "metadata/laws", "metadata/regimes", "metadata/departments", "metadata/calendar", "metadata/municipal",
	"metadata/authorities.yaml", "metadata/policy.yaml", "metadata/keys.yaml",
}

// Corpus writes a repository into a folder that must be empty or absent. Progress is told every thousand entries.
func Corpus(ctx context.Context, source fs.FS, c *catalog.Catalog, out string, size Size, progress func(done int)) error {
	if size.Entries < 1 || size.Entries > MaxEntries {
		return fmt.Errorf("entries: %d is not between 1 and %d", size.Entries, MaxEntries)
	}
	if there, err := os.ReadDir(out); err == nil && len(there) > 0 {
		return fmt.Errorf("%s is not empty", out)
	}
	for _, name := range kept {
		if err := copyTree(source, name, out); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	g := &generator{out: out, c: c, sequence: map[catalog.Dept]int{}}
	if err := g.holders(); err != nil {
		return err
	}
	for _, d := range c.Departments {
		if d.OrgType == "department" || d.OrgType == "subdistrict" || d.OrgType == "town" {
			g.depts = append(g.depts, d)
		}
	}
	if len(g.depts) == 0 {
		return errors.New("the source repository has no departments")
	}
	for n := range size.Entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := g.entry(n, rand.New(rand.NewPCG(size.Seed, uint64(n)))); err != nil {
			return err
		}
		if progress != nil && (n+1)%1000 == 0 {
			progress(n + 1)
		}
	}
	return nil
}

func copyTree(source fs.FS, name, out string) error {
	return fs.WalkDir(source, name, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(source, path)
		if err != nil {
			return err
		}
		return write(filepath.Join(out, filepath.FromSlash(path)), b)
	})
}

func write(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}

// generator makes one entry after another; each draws from a source of its own, so that entry n is the same in a
// repository of any size.
type generator struct {
	out         string
	c           *catalog.Catalog
	depts       []*catalog.Department
	sequence    map[catalog.Dept]int
	regime      *catalog.Regime
	share, open catalog.Dept // who determines
}

// holders finds the newest verified regime and its authorities: what a record made today can rest on.
func (g *generator) holders() error {
	for _, r := range g.c.Regimes {
		if r.TextVerified && (g.regime == nil || r.ValidFrom.After(g.regime.ValidFrom)) {
			g.regime = r
		}
	}
	if g.regime == nil {
		return errors.New("the source repository has no verified regime")
	}
	day := g.regime.ValidFrom.AddDays(30)
	g.share, g.open = g.c.Holder("share_authority", day), g.c.Holder("open_authority", day)
	if g.share == "" || g.open == "" {
		return fmt.Errorf("nobody determines sharing or opening under %s", g.regime.ID)
	}
	return nil
}

// subject is what an entry is about.
type subject struct {
	place  place
	object object
	aspect aspect
	batch  int
}

// subjectOf walks through all combinations in an order that mixes neighbours.
func subjectOf(n int) subject {
	const step = 7919 // a prime that shares no factor with the number of combinations
	base := len(places) * len(objects) * len(aspects)
	k, batch := (n%base)*step%base, n/base
	return subject{places[k%len(places)], objects[k/len(places)%len(objects)], aspects[k/len(places)/len(objects)], batch}
}

func (s subject) title() string {
	t := s.place.zh + s.object.zh + s.aspect.zh
	if s.batch > 0 {
		t += fmt.Sprintf("（第%d批）", s.batch+1)
	}
	return t
}

func (s subject) titleEn() string {
	t := fmt.Sprintf("%s of %s, %s", s.aspect.en, s.object.en, s.place.en)
	if s.batch > 0 {
		t += fmt.Sprintf(" (batch %d)", s.batch+1)
	}
	return strings.ToUpper(t[:1]) + t[1:]
}

// kind of opening, drawn by weight: most entries are open, as a district would wish.
type opening struct {
	share, open catalog.Code
	api         bool
}

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

func (g *generator) entry(n int, r *rand.Rand) error {
	s, how := subjectOf(n), drawOpening(r)
	d := g.depts[r.IntN(len(g.depts))]
	g.sequence[d.ID]++
	id := fmt.Sprintf("%s-%s-%05d", s.object.id, s.aspect.id, n+1)
	day := g.regime.ValidFrom.AddDays(120 + r.IntN(1200))
	var determined bytes.Buffer
	fmt.Fprintf(&determined, "determinations:\n")
	for i, row := range []struct {
		attribute, value catalog.Code
		by               catalog.Dept
	}{{catalog.AttributeShare, how.share, g.share}, {catalog.AttributeOpen, how.open, g.open}} {
		fmt.Fprintf(&determined, "  - n: %d\n    attribute: %s\n    value: %s\n    by: %s\n    date: %q\n    regime: %s\n",
			i+1, row.attribute, row.value, row.by, day, g.regime.ID)
	}
	if err := g.record("determinations", d.ID, id, determined.Bytes()); err != nil {
		return err
	}
	if err := g.record("catalog", d.ID, id, g.catalogEntry(s, d, how, day, r)); err != nil {
		return err
	}
	if how.open == catalog.Closed {
		return nil
	}
	if err := g.record("openlist", d.ID, id, openEntry(s, d.ID, id, how, day, r)); err != nil {
		return err
	}
	if how.open == catalog.Unconditional && !how.api {
		return write(filepath.Join(g.out, "datasets", string(d.ID), id, "table.csv"), table(s, r))
	}
	return nil
}

func (g *generator) record(kind string, dept catalog.Dept, id string, body []byte) error {
	head := "# yaml-language-server: $schema=../../../tools/doc/schema/" + kind + ".json\n"
	return write(filepath.Join(g.out, "metadata", kind, string(dept), id+".yaml"), slices.Concat([]byte(head), body))
}

func (g *generator) catalogEntry(s subject, d *catalog.Department, how opening, day calendar.Date, r *rand.Rand) []byte {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("resource_code: %q", catalog.ResourceCode{Class: "3", Item: "07", Group: "031", Region: "310105", Serial: d.Serial,
		Sequence: fmt.Sprintf("%06d", 100000+g.sequence[d.ID])}.String())
	p("relation: district_supplement\n")
	p("title: %s", s.title())
	p("title_en: %s", s.titleEn())
	p("row_meaning: %s的一条%s记录", s.object.zh, s.aspect.zh)
	p("abstract: %s范围内%s的%s，%s。由%s汇总核对，每条记录对应一处%s，%s。本条目为性能测试而生成，内容为示例。",
		s.place.zh, s.object.zh, s.aspect.zh, s.aspect.about, d.ShortName, s.object.zh, pick(r, uses))
	p("keywords:\n  - %s\n  - %s\n  - %s\n", s.object.zh, s.aspect.zh, s.place.zh)
	duty := d.Duties[r.IntN(len(d.Duties))].Basis
	p("duty_basis:\n  - law: %s", duty.Law)
	if duty.Article != "" {
		p("    article: %q", duty.Article)
	}
	p("formats:\n  - category: \"2\"\n    format: csv\n")
	p("items:")
	for _, c := range columns {
		p("  - name: %s\n    title: %s\n    type: %s\n    title_en: %s", c.name, c.title, c.kind, c.titleEn)
		if c.length > 0 {
			p("    length: %d", c.length)
		}
		p("    description: %s%s", s.object.zh, c.about)
		if c.key {
			p("    required: true\n    key: true")
		}
		if c.unit != "" {
			p("    unit: %s", c.unit)
		}
		if c.role != "" {
			p("    item_role: %s", c.role)
		}
	}
	p("\nshare:\n  type: %s", how.share)
	if how.share != catalog.Unconditional {
		p("  reason: 涉及%s的内部管理信息，须按职责使用。\n  legal_basis:\n    - law: cn-data-security\n      article: \"21\"", s.object.zh)
	}
	if how.share == catalog.Authorized {
		p("  condition: 限履行相应职责的部门申请使用。\n  methods:\n    - api")
	} else if how.share == catalog.Unconditional {
		p("  methods:\n    - file")
	}
	p("\nopen:\n  type: %s", how.open)
	switch how.open {
	case catalog.Closed:
		p("  reason_code: public_security\n  reason: 公开%s的%s可能影响公共安全。\n  legal_basis:\n    - law: cn-data-security\n      article: \"21\"", s.object.zh, s.aspect.zh)
	case catalog.Conditional:
		p("  condition: 申请单位须说明用途，并承诺不转让、不用于识别个人。")
	}
	p("\nupdate_frequency: %s\ndomain: %s\nspatial:\n  - %q\ntemporal:\n  start: \"%d\"\n", pick(r, s.aspect.frequencies), s.object.domain, s.place.region, 2021+r.IntN(4))
	p("security_level: %d\npersonal_info: none\nsecrecy: non_secret\naggregation:\n  status: %s\n", 1+boolInt(how.open != catalog.Unconditional), map[bool]string{true: "not_applicable", false: "aggregated"}[how.share == catalog.None])
	p("contact: %s\nillustrative: true\nregime: %s\nstatus: published\nversion: \"1.0.0\"\npublished_on: %q", d.PublicContact[0].Key, g.regime.ID, day.AddDays(5))
	return b.Bytes()
}

func openEntry(s subject, dept catalog.Dept, id string, how opening, day calendar.Date, r *rand.Rand) []byte {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("catalog_id: %s/%s\nserial: \"01\"\n", dept, id)
	p("scenario:\n  - %s\n", pick(r, uses))
	p("open_type: %s\nopen_level: %s", how.open, map[bool]string{true: "L1", false: "L2"}[how.open == catalog.Unconditional])
	if how.open == catalog.Conditional {
		p("access:\n  apply_url: /request/\n  materials:\n    - 申请表\n    - 用途说明\n  individuals_allowed: false\n  review_days: 5")
	}
	p("\nresource_kind: %s\nitems:", map[bool]string{true: "api", false: "data"}[how.api])
	for _, c := range columns {
		p("  - %s", c.name)
	}
	p("distributions:")
	switch {
	case how.api:
		p("  - id: api\n    title: %s接口\n    kind: api\n    format: json\n    endpoint_url: /api/v1/index.json\n    endpoint_description: /api/v1/openapi.json\n    availability: STABLE", s.title())
	case how.open == catalog.Conditional:
		p("  - id: csv\n    title: %s（申请后提供）\n    kind: file\n    format: csv", s.title())
	default:
		p("  - id: csv\n    title: %s（CSV 文件）\n    kind: file\n    format: csv\n    source: table.csv", s.title())
		p("  - id: json\n    title: %s（JSON 文件）\n    kind: file\n    format: json", s.title())
	}
	p("\nmunicipal:\n  status: pending\n")
	p("status: published\nversion: \"1.0.0\"\nfirst_published_on: %q", day.AddDays(10))
	if how.open == catalog.Conditional || how.api {
		p("updated_on: %q", day.AddDays(10+r.IntN(200)))
	}
	return b.Bytes()
}

// table is a small CSV, 20 to 120 rows, keyed by code.
func table(s subject, r *rand.Rand) []byte {
	var b bytes.Buffer
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	b.WriteString(strings.Join(names, ",") + "\n")
	for i := range 20 + r.IntN(100) {
		fmt.Fprintf(&b, "%s-%04d,%s第%d%s,%s,%d,%.1f,2025-%02d-%02d\n", strings.ToUpper(s.object.id[:2]), i+1, s.place.zh, i+1, s.object.zh,
			pick(r, roads), r.IntN(900)+1, r.Float64()*100, 1+r.IntN(10), 1+r.IntN(28))
	}
	return b.Bytes()
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
