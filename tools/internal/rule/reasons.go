package rule

import (
	"fmt"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// shareReasons is R02: limited sharing needs a reason and a legal basis in force; unconditional sharing has neither.
func shareReasons(j *judge) {
	for _, e := range j.Entries {
		s := e.Share
		if s.Type == catalog.Unconditional {
			if s.Reason != "" || len(s.LegalBasis) > 0 {
				j.error(at{e.Path, "share", e.Regime}, "无条件共享不需要理由和依据", "unconditional sharing takes no reason and no legal basis",
					"请删去 share.reason 和 share.legal_basis，或改正共享类型", "remove share.reason and share.legal_basis, or correct share.type")
			}
			continue
		}
		if s.Type != catalog.Authorized && s.Type != catalog.None {
			continue // not a sharing type at all: reported where files are read
		}
		if strings.TrimSpace(s.Reason) == "" {
			j.error(at{e.Path, "share.type", e.Regime}, "授权共享、非共享须说明理由", "limited sharing must give its reason",
				"请在 share.reason 中说明为什么不能无条件共享", "say in share.reason why it cannot be shared without condition")
		}
		j.basis(e, "share", s.LegalBasis, j.decided(e, catalog.AttributeShare))
	}
}

// closingReasons is R03: closing needs a reason code, a reason and a legal basis in force.
func closingReasons(j *judge) {
	for _, e := range j.Entries {
		o := e.Open
		if o.Type != catalog.Closed {
			continue
		}
		where := at{e.Path, "open.type", e.Regime}
		if o.ReasonCode == "" {
			j.error(where, "非开放须选择理由类别", "closing must name its reason code",
				"请填写 open.reason_code（见词表 open_reason）", "fill in open.reason_code (vocabulary open_reason)")
		}
		if strings.TrimSpace(o.Reason) == "" {
			j.error(where, "非开放须说明理由", "closing must give its reason",
				"请在 open.reason 中用公众看得懂的话说明原因", "explain in open.reason in words the public understands")
		}
		j.basis(e, "open", o.LegalBasis, j.decided(e, catalog.AttributeOpen))
	}
}

// decided is the day a legal basis must have been in force: that of the newest determination, or the day of judgement.
func (j *judge) decided(e *catalog.Entry, attribute catalog.Code) calendar.Date {
	if d := j.Determinations[e.ID].Newest(attribute, j.Today); d != nil {
		return d.Date
	}
	return j.AsOf
}

// binding are the levels of law that alone can justify limits on sharing and opening.
var binding = map[catalog.Code]bool{
	"law": true, "admin_regulation": true, "local_regulation": true, "department_rule": true, "government_rule": true,
}

// basis asks for at least one citation of a law, regulation or rule in force on a day, and refuses citations that
// were not in force or name an article that does not exist.
func (j *judge) basis(e *catalog.Entry, group string, refs []catalog.LegalRef, day calendar.Date) {
	where := at{e.Path, group + ".type", e.Regime}
	if len(refs) == 0 {
		j.error(where, "须列明现行有效的法律、法规、规章依据", "a law, regulation or rule in force must be cited",
			fmt.Sprintf("请在 %s.legal_basis 中写明依据（law 和 article）", group), fmt.Sprintf("cite it in %s.legal_basis (law and article)", group))
		return
	}
	enough := false
	for i, r := range refs {
		l := j.Laws[r.Law]
		if l == nil {
			continue // an unresolved reference is reported where files are read
		}
		where := at{e.Path, fmt.Sprintf("%s.legal_basis[%d]", group, i), e.Regime}
		if !l.InForce(day) {
			j.error(where, fmt.Sprintf("《%s》在认定日 %s 未生效或已失效，不能作为依据", l.Title, day),
				fmt.Sprintf("%q was not in force on the day of the decision, %s", l.Title, day),
				"请引用当日有效的法律、法规或规章", "cite what was in force on that day")
			continue
		}
		if r.Article != "" && l.ArticlesComplete && !hasArticle(l, r.Article) {
			j.error(where, fmt.Sprintf("《%s》没有%s", l.Title, r.Place()), fmt.Sprintf("%q has no article %s", l.Title, r.Article),
				"请核对条款号", "check the article number")
			continue
		}
		enough = enough || binding[l.Level] && (l.DocNo != "" || l.URL != "")
	}
	if !enough {
		j.error(where, "所列依据中没有现行有效的法律、法规或规章；规范性文件和标准不能单独作为依据",
			"none of the citations is a law, regulation or rule in force; documents and standards do not suffice alone",
			fmt.Sprintf("请在 %s.legal_basis 中补充法律、法规或规章", group), fmt.Sprintf("add a law, regulation or rule to %s.legal_basis", group))
	}
}

func hasArticle(l *catalog.Law, no string) bool {
	for _, a := range l.Articles {
		if a.No == no {
			return true
		}
	}
	return false
}
