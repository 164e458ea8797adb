package view

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"opendata.example/odc/tools/internal/catalog"
)

// citingShown bounds the list of entries citing a law.
const citingShown = 50

// cite finds, for each law, the visible entries that rest on it. Title-only entries count by what they show: the
// basis of their closing.
func (b *builder) cite() {
	b.cited = map[catalog.LawID][]Card{}
	for _, e := range b.entries {
		refs := slices.Clone(e.Open.LegalBasis)
		if b.Catalog.Visibility(e) == catalog.Public {
			refs = slices.Concat(refs, e.DutyBasis, e.Share.LegalBasis)
		}
		seen := map[catalog.LawID]bool{}
		for _, r := range refs {
			if !seen[r.Law] {
				seen[r.Law] = true
				b.cited[r.Law] = append(b.cited[r.Law], b.entryCard(e))
			}
		}
	}
}

func (b *builder) writeLaws() error {
	byLevel := map[catalog.Code][]LawRow{}
	for _, id := range b.Catalog.LawIDs() {
		l := b.Catalog.Laws[id]
		row := b.lawRow(l)
		byLevel[l.Level] = append(byLevel[l.Level], row)
		if err := b.writeLaw(l, row); err != nil {
			return err
		}
	}
	v := Laws{Crumbs: crumbs()}
	for _, t := range b.Catalog.TermsOf("law_level") {
		if rows := byLevel[t.Code]; len(rows) > 0 {
			v.Levels = append(v.Levels, LawSet{b.term("law_level", t.Code), rows})
		}
	}
	return b.page(Page{Path: "laws", Type: "laws", Key: "all", Title: lawsCrumb.Text,
		Summary: Text{"本目录依据的法律、法规、规章和文件，及其效力状态。", "The laws and documents this catalogue rests on, and whether they are in force."}}, v)
}

func (b *builder) lawRow(l *catalog.Law) LawRow {
	r := LawRow{Law: Link{Text{Zh: l.Title}, "/laws/" + string(l.ID) + "/"}, DocNo: l.DocNo, From: l.InForceFrom, To: l.InForceTo,
		State: "in_force", Verified: l.TextVerified, Cited: len(b.cited[l.ID])}
	switch {
	case !l.InForceTo.IsZero() && b.AsOf.After(l.InForceTo):
		r.State = "lapsed"
	case l.InForceFrom.IsZero():
		r.State = "unknown"
	case b.AsOf.Before(l.InForceFrom):
		r.State = "not_yet"
	}
	return r
}

func (b *builder) writeLaw(l *catalog.Law, row LawRow) error {
	cards := b.cited[l.ID]
	v := Law{
		LawRow: row, Crumbs: crumbs(lawsCrumb), Issuer: l.Issuer, Level: b.term("law_level", l.Level),
		Adopted: l.AdoptedOn, Issued: l.IssuedOn, URL: l.URL, Note: l.Note, Citing: cards[:min(len(cards), citingShown)],
	}
	if s := b.lawLink(l.Successor); s.URL != "" {
		v.Successor = &s
	}
	for _, id := range l.Supersedes {
		v.Supersedes = append(v.Supersedes, b.lawLink(id))
	}
	regime := b.regimeOf(l.ID)
	for _, a := range l.Articles {
		row := LawArticle{No: a.No, Label: catalog.LegalRef{Article: a.No}.Place(), Title: a.Title}
		if a.Verified {
			row.Text = a.Text
		}
		if regime != nil {
			for _, rule := range slices.Sorted(maps.Keys(regime.RuleBasis)) {
				if slices.ContainsFunc(regime.RuleBasis[rule], func(s string) bool { return catalog.ParseCitation("", s).Article == a.No }) {
					row.Rules = append(row.Rules, rule)
				}
			}
		}
		v.Articles = append(v.Articles, row)
	}
	if regime != nil {
		v.Regime = b.regimeView(regime)
	}
	return b.page(Page{Path: "laws/" + string(l.ID), Type: "law", Key: string(l.ID), Title: Text{Zh: l.Title},
		Summary: Text{Zh: cmp.Or(l.DocNo, l.Issuer, l.Title)}}, v)
}

// lawLink tells a law from those of the same title: by its document number, or else by the year.
func (b *builder) lawLink(id catalog.LawID) Link {
	l := b.Catalog.Laws[id]
	if l == nil {
		return Link{}
	}
	text := l.Title
	day := cmp.Or(l.IssuedOn, l.AdoptedOn, l.InForceFrom)
	switch {
	case l.DocNo != "":
		text += "（" + l.DocNo + "）"
	case !day.IsZero():
		text += "（" + strconv.Itoa(day.Year()) + "年）"
	}
	return Link{Text{Zh: text}, "/laws/" + string(id) + "/"}
}

// deadlineLabels name the time limits that regimes set.
var deadlineLabels = map[string]Text{
	"access_review":    {"审核有条件开放的申请", "Review of an application for conditional data"},
	"objection_answer": {"答复异议", "Answer to an objection"},
	"request_answer":   {"答复数据需求", "Answer to a request for data"},
	"steward_filing":   {"负责人备案", "Filing of those responsible"},
}

// deadlineLabel is the name of a time limit, or its key where a regime brings one of its own.
func deadlineLabel(key string) Text {
	if label, ok := deadlineLabels[key]; ok {
		return label
	}
	return Text{Zh: key}
}

func (b *builder) regimeOf(law catalog.LawID) *catalog.Regime {
	for _, id := range slices.Sorted(maps.Keys(b.Catalog.Regimes)) {
		if r := b.Catalog.Regimes[id]; r.Law == law {
			return r
		}
	}
	return nil
}

func (b *builder) regimeView(r *catalog.Regime) *RegimeView {
	v := &RegimeView{ID: string(r.ID), Title: r.Title, Verified: r.TextVerified, From: r.ValidFrom, To: r.ValidTo}
	for _, a := range b.Catalog.Authorities {
		if a.Regime == r.ID {
			v.Roles = append(v.Roles, RoleOrg{b.term("role", a.Role), b.org(a.Org), a.Basis.Place()})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Deadlines)) {
		d := r.Deadlines[name]
		v.Deadlines = append(v.Deadlines, DeadlineRow{deadlineLabel(name), d.Value, string(d.Unit), d.Basis, d.Verified})
	}
	return v
}

// basis is the regime the catalogue rests on: the one in force, or else the last verified one, marked lapsed.
func (b *builder) basis() Basis {
	r := b.Catalog.RegimeOn(b.AsOf)
	lapsed := r == nil
	if lapsed {
		for _, id := range slices.Sorted(maps.Keys(b.Catalog.Regimes)) {
			c := b.Catalog.Regimes[id]
			if c.TextVerified && !c.ValidTo.IsZero() && c.ValidTo.Before(b.AsOf) && (r == nil || c.ValidTo.After(r.ValidTo)) {
				r = c
			}
		}
	}
	if r == nil {
		return Basis{Lapsed: true}
	}
	v := Basis{Title: r.Title, URL: "/laws/" + string(r.Law) + "/", ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Lapsed: lapsed}
	if l := b.Catalog.Laws[r.Law]; l != nil {
		v.Title, v.DocNo = l.Title, l.DocNo
	}
	if s := b.Catalog.Regimes[r.Successor]; s != nil {
		if link := b.lawLink(s.Law); link.URL != "" {
			v.Successor = &link
		}
	}
	return v
}
