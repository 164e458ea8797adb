package rule

import (
	"fmt"

	"opendata.example/odc/tools/internal/catalog"
)

// roleOf is the role that determines an attribute.
var roleOf = map[catalog.Code]catalog.Code{
	catalog.AttributeShare: "share_authority",
	catalog.AttributeOpen:  "open_authority",
}

// determinations is R05: what a registered entry says is what the competent body decided, on a day when its regime was
// in force. A regime that lapsed since, and a review that is due, are matters of the clock.
func determinations(j *judge) {
	for _, id := range sortedKeys(j.Catalog.Determinations) {
		ds := j.Catalog.Determinations[id]
		if !j.Files[catalog.Ref{Kind: catalog.KindEntry, Dept: ds.Dept, ID: id}] {
			j.error(at{path: ds.Path}, "认定没有对应的资源目录条目", "no catalogue entry belongs to these determinations",
				"文件路径须与目录条目相同：metadata/determinations/<部门>/<条目标识>.yaml", "the path must be that of the catalogue entry")
		}
		j.rows(ds)
	}
	for _, e := range j.Entries {
		if !settled(e.Status) {
			continue
		}
		j.decision(e, catalog.AttributeShare, e.Share.Type, "share.type", "共享属性", "sharing type")
		j.decision(e, catalog.AttributeOpen, e.Open.Type, "open.type", "开放属性", "opening type")
	}
}

// rows judges each determination by itself: the day, the regime and the body.
func (j *judge) rows(ds *catalog.Determinations) {
	for i, d := range ds.Rows {
		where := func(field string) at {
			return at{ds.Path, fmt.Sprintf("determinations[%d].%s", i, field), d.Regime}
		}
		if d.Date.After(j.Today) {
			j.error(where("date"), fmt.Sprintf("认定日 %s 在未来", d.Date), fmt.Sprintf("%s lies in the future", d.Date),
				"请填写实际认定日期", "give the day of the decision")
		}
		if r := j.Regimes[d.Regime]; r != nil {
			switch {
			case !r.TextVerified:
				j.error(where("regime"), fmt.Sprintf("“%s”的文本待核，不能据以认定", r.Title), fmt.Sprintf("the text of %q is unverified; nothing can be determined under it", d.Regime),
					"请等办法文本核实后再认定", "wait until the text has been verified")
			case !r.InForce(d.Date):
				j.error(where("date"), fmt.Sprintf("认定日 %s 不在所依据办法的有效期内（%s 至 %s）", d.Date, r.ValidFrom, r.ValidTo),
					fmt.Sprintf("%s lies outside the validity of its regime (%s to %s)", d.Date, r.ValidFrom, r.ValidTo),
					"请由有权部门依现行办法重新认定", "have it determined under the regime in force")
			}
		}
		role := roleOf[d.Attribute]
		if holder := j.Holder(role, d.Date); role != "" && holder != "" && d.By != holder {
			j.error(where("by"), fmt.Sprintf("该属性在 %s 须由“%s”认定，不是“%s”", d.Date, j.name(holder), j.name(d.By)),
				fmt.Sprintf("on %s this attribute is determined by %q, not %q", d.Date, holder, d.By),
				"请由有权部门认定，并改正 by", "have the competent body decide and correct by")
		}
	}
}

// decision judges whether an entry says what was decided, and whether that still stands.
func (j *judge) decision(e *catalog.Entry, attribute, value catalog.Code, field, zh, en string) {
	where := at{e.Path, field, e.Regime}
	if r := j.Regimes[e.Regime]; r != nil && !r.DeterminationRequired {
		return
	}
	d := j.Catalog.Determinations[e.ID].Newest(attribute, j.Today)
	if d == nil {
		if j.Catalog.Determinations[e.ID] == nil && j.Files[catalog.Ref{Kind: catalog.KindDetermination, Dept: e.Dept, ID: e.ID}] {
			return // the file is there and says itself why it cannot be read
		}
		j.error(where, zh+"未经认定", "the "+en+" has not been determined",
			fmt.Sprintf("请由有权部门认定，写入 metadata/determinations/%s/%s.yaml；未认定前状态最高为 submitted", e.Dept, e.ID),
			"have it determined; until then the status is at most submitted")
		return
	}
	if d.Value != value {
		j.error(where, fmt.Sprintf("%s为“%s”，而最近一次认定（%s）为“%s”", zh, value, d.Date, d.Value),
			fmt.Sprintf("the %s is %q but the newest determination (%s) says %q", en, value, d.Date, d.Value),
			"取值须与最近一次认定相同；要更改，请先由有权部门重新认定", "the value must equal the newest determination")
	}
	r := j.Regimes[d.Regime]
	if r == nil || !r.InForce(d.Date) {
		return // an unresolved or wrongly dated regime is an error of its own
	}
	if !r.InForce(j.AsOf) {
		j.clock(where, fmt.Sprintf("认定（%s）所依据的“%s”已于 %s 失效，须依现行办法重新确认", d.Date, r.Title, r.ValidTo),
			fmt.Sprintf("the determination of %s rests on %q, which lapsed on %s: it needs confirmation", d.Date, d.Regime, r.ValidTo),
			"列入重新确认清单；现有条目继续有效展示", "on the list for confirmation; the entry stays published")
	} else if due := d.Date.AddDays(r.ReviewAfterDays); r.ReviewAfterDays > 0 && j.AsOf.After(due) {
		j.clock(where, fmt.Sprintf("%s认定于 %s，已过内部复核时限 %s", zh, d.Date, due),
			fmt.Sprintf("the %s was determined on %s; the internal review was due on %s", en, d.Date, due),
			"请提请有权部门复核", "ask the competent body for a review")
	}
}

// name is a body's short name for people, with its id.
func (j *judge) name(id catalog.Dept) string {
	if d := j.Department(id); d != nil && d.ShortName != "" {
		return d.ShortName
	}
	return string(id)
}
