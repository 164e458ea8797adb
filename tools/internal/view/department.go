package view

import (
	"cmp"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
)

// cardsOnPage bounds the lists inside a page; the full list is a browse page.
const cardsOnPage = 30

func (b *builder) writeDepartments() error {
	var groups []DepartmentGroup
	for _, t := range b.Catalog.TermsOf("org_type") {
		g := DepartmentGroup{Type: b.term("org_type", t.Code)}
		for _, d := range b.Catalog.Departments {
			if d.OrgType != t.Code || !d.Exists(b.AsOf) {
				continue
			}
			live, entries := b.ofDept(d.ID)
			g.Rows = append(g.Rows, b.departmentRow(d, live, entries))
			if err := b.writeDepartment(d, live, entries); err != nil {
				return err
			}
		}
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return b.page(Page{Path: "departments", Type: "departments", Key: "all", Title: departmentsCrumb.Text,
		Summary: Text{"提供公共数据的部门、街道和镇，以及各自的目录、开放和按期更新情况。", "Bodies that hold public data: what they catalogue, open and keep up to date."},
	}, Departments{Crumbs: crumbs(), Groups: groups})
}

func (b *builder) ofDept(id catalog.Dept) (live []*catalog.OpenEntry, entries []*catalog.Entry) {
	if b.deptLive == nil {
		b.deptLive, b.deptEntries = map[catalog.Dept][]*catalog.OpenEntry{}, map[catalog.Dept][]*catalog.Entry{}
		for _, o := range b.live {
			b.deptLive[o.Entry.Dept] = append(b.deptLive[o.Entry.Dept], o)
		}
		for _, e := range b.entries {
			b.deptEntries[e.Dept] = append(b.deptEntries[e.Dept], e)
		}
	}
	return b.deptLive[id], b.deptEntries[id]
}

func (b *builder) departmentRow(d *catalog.Department, live []*catalog.OpenEntry, entries []*catalog.Entry) DepartmentRow {
	n := b.countOf(live, entries)
	return DepartmentRow{Org: b.org(d.ID), Datasets: n.Datasets, Entries: n.Entries, OnTime: n.OnTime, Due: n.Due}
}

func (b *builder) writeDepartment(d *catalog.Department, live []*catalog.OpenEntry, entries []*catalog.Entry) error {
	v := Department{
		Crumbs: crumbs(departmentsCrumb), Org: b.org(d.ID), FullName: d.Name, NameEn: d.NameEn,
		Type: b.term("org_type", d.OrgType), Counts: b.countOf(live, entries),
	}
	for _, duty := range d.Duties {
		n := 0
		for _, e := range entries {
			if slices.ContainsFunc(e.DutyBasis, func(r catalog.LegalRef) bool { return r.Law == duty.Basis.Law && r.Article == duty.Basis.Article }) {
				n++
			}
		}
		v.Duties = append(v.Duties, DutyRow{duty.Title, b.citationOf(duty.Basis), n})
	}
	for _, c := range d.PublicContact {
		v.Contacts = append(v.Contacts, Contact{c.Label, c.Phone, c.Email})
	}
	for _, r := range b.Catalog.Authorities {
		if r.Org == d.ID {
			v.Roles = append(v.Roles, RoleRow{b.term("role", r.Role), b.citationOf(r.Basis), r.ValidFrom, r.ValidTo, r.TextVerified})
		}
	}
	for _, o := range live[:min(len(live), cardsOnPage)] {
		v.Datasets = append(v.Datasets, b.cards[o.ID])
	}
	var unopened []*catalog.Entry
	for _, e := range entries {
		if !slices.ContainsFunc(e.Opened, func(o *catalog.OpenEntry) bool { _, shown := b.cards[o.ID]; return shown }) {
			unopened = append(unopened, e)
		}
	}
	for _, e := range unopened[:min(len(unopened), cardsOnPage)] {
		v.Entries = append(v.Entries, b.entryCard(e))
	}
	v.Domains = b.countEntries(entries, "domain", b.visibleDomain)
	v.OpenTypes = b.countEntries(entries, "open_type", func(e *catalog.Entry) catalog.Code { return e.Open.Type })
	return b.page(Page{Path: "departments/" + string(d.ID), Type: "department", Key: string(d.ID), Title: Text{d.Name, d.NameEn},
		Summary: Text{d.Name + "的公共数据：目录、开放数据集、更新情况和联系方式。", "Public data of " + cmp.Or(d.NameEn, d.Name) + "."}}, v)
}

// visibleDomain hides the domain of title-only entries: it says more than they may.
func (b *builder) visibleDomain(e *catalog.Entry) catalog.Code {
	if b.Catalog.Visibility(e) == catalog.TitleOnly {
		return ""
	}
	return e.Domain
}

// countEntries counts entries by a vocabulary term, in the vocabulary's order, leaving out terms nobody uses.
func (b *builder) countEntries(entries []*catalog.Entry, vocabulary string, of func(*catalog.Entry) catalog.Code) []Count {
	n := map[catalog.Code]int{}
	for _, e := range entries {
		n[of(e)]++
	}
	return b.countTerms(vocabulary, n)
}

func (b *builder) countTerms(vocabulary string, n map[catalog.Code]int) []Count {
	var out []Count
	for _, t := range b.Catalog.TermsOf(vocabulary) {
		if n[t.Code] > 0 {
			term := b.term(vocabulary, t.Code)
			if vocabulary == "domain" {
				term = b.domain(t.Code)
			}
			out = append(out, Count{term, n[t.Code]})
		}
	}
	return out
}

func (b *builder) writeDomains() error {
	v := Domains{Crumbs: crumbs()}
	for _, t := range b.Catalog.TermsOf("domain") {
		row := DomainRow{Domain: b.domain(t.Code)}
		for _, o := range b.live {
			if o.Entry.Domain != t.Code {
				continue
			}
			if row.Datasets++; len(row.Examples) < 3 {
				row.Examples = append(row.Examples, Link{Text{o.Name(), o.NameEn()}, datasetURL(o.ID)})
			}
		}
		for _, e := range b.entries {
			if b.visibleDomain(e) == t.Code {
				row.Entries++
			}
		}
		v.Rows = append(v.Rows, row)
		if path := strings.Trim(row.Domain.URL, "/"); !b.taken(path) { // its list has no dataset: keep the address answering
			empty := List{Heading: row.Domain.Label, Kind: "dataset", Crumbs: crumbs(domainsCrumb), Pager: pager(row.Domain.URL, 1, 1, 0, 0)}
			if err := b.page(Page{Path: path, Type: "list", Key: "domain-empty-" + string(t.Code), Title: row.Domain.Label}, empty); err != nil {
				return err
			}
		}
	}
	return b.page(Page{Path: "domains", Type: "domains", Key: "all", Title: domainsCrumb.Text,
		Summary: Text{"按生活和工作的领域找数据。", "Find data by field of life and work."}}, v)
}

// publicPath turns a record's identity `<kind>:<dept>/<id>` into its page, where it has one.
func publicPath(ref string) (string, bool) {
	kind, rest, _ := strings.Cut(ref, ":")
	_, id, ok := strings.Cut(rest, "/")
	switch {
	case !ok:
		return "", false
	case kind == string(catalog.KindEntry):
		return "catalog/" + id, true
	case kind == string(catalog.KindOpenEntry):
		return "datasets/" + id, true
	}
	return "", false
}

func pathKey(path string) string { return strings.ReplaceAll(path, "/", "-") }
