package rule

import (
	"fmt"
	"slices"

	"opendata.example/odc/tools/internal/catalog"
)

// bodies is R15: bodies exist when they publish, and a role has one holder at a time.
func bodies(j *judge) {
	for _, e := range j.Entries {
		if d := j.Department(e.Dept); d != nil && !e.PublishedOn.IsZero() && !d.Exists(e.PublishedOn) {
			j.error(at{e.Path, "published_on", e.Regime}, fmt.Sprintf("“%s”在 %s 不存在", d.Name, e.PublishedOn),
				fmt.Sprintf("%q did not exist on %s", e.Dept, e.PublishedOn), "请核对单位存续期和发布日期", "check the body's validity and the day")
		}
	}
	for i, a := range j.Authorities {
		for _, b := range j.Authorities[:i] {
			if a.Role == b.Role && a.TextVerified && b.TextVerified && a.Org != b.Org && (a.Covers(b.ValidFrom) || b.Covers(a.ValidFrom)) {
				j.error(at{"metadata/authorities.yaml", fmt.Sprintf("bindings[%d]", i), a.Regime}, fmt.Sprintf("职责“%s”同时归属“%s”和“%s”", a.Role, j.name(b.Org), j.name(a.Org)),
					fmt.Sprintf("role %q is held by %q and %q at once", a.Role, b.Org, a.Org), "请用 valid_to 结束前一归属", "close the earlier binding with valid_to")
			}
		}
	}
}

// agreement is R18 between fields: types, levels, conditions and titles that must agree with each other.
func agreement(j *judge) {
	titles := map[string]string{}
	for _, e := range j.Entries {
		j.entryAgrees(e)
		key := string(e.Dept) + "\x00" + folded(e.Title)
		if first, taken := titles[key]; taken && e.Title != "" {
			j.error(at{e.Path, "title", e.Regime}, fmt.Sprintf("本单位已有同名条目：%s", first), "this body already has an entry of that title: "+first, "请使用能区分的名称", "choose a title that tells them apart")
		} else {
			titles[key] = e.Path
		}
	}
	for _, o := range j.OpenEntries {
		if o.Entry != nil {
			j.openAgrees(o, o.Entry)
		}
	}
}

func (j *judge) entryAgrees(e *catalog.Entry) {
	where := func(field string) at { return at{e.Path, field, e.Regime} }
	if e.Share.Type == catalog.None && e.Open.Type != "" && e.Open.Type != catalog.Closed {
		j.error(where("open.type"), "非共享的数据不能开放", "what is not shared cannot be open", "请将开放类型改为 closed，或由有权部门重新认定共享类型", "make open.type closed, or have the sharing type determined anew")
	}
	if e.Open.Type == catalog.Conditional && e.Open.Condition == "" {
		j.error(where("open.type"), "有条件开放须写明开放条件", "conditional opening must state its condition", "请填写 open.condition", "fill in open.condition")
	}
	if e.SecurityLevel >= 4 && e.Open.Type != catalog.Closed {
		j.error(where("security_level"), "4 级数据不得开放", "level 4 data are never opened", "请核对数据分级或开放类型", "check the level or the opening type")
	}
	if personal := e.PersonalInfo != "" && e.PersonalInfo != catalog.None; personal && e.Open.Type != catalog.Closed && e.Open.Release == nil {
		j.error(where("personal_info"), "含个人信息而开放的，须写明脱敏、脱密或同意的情况", "opening personal information needs open.release", "请填写 open.release（method、date、evidence）", "fill in open.release (method, date, evidence)")
	}
	if d := j.Department(e.Dept); d != nil && e.Contact != "" && !slices.ContainsFunc(d.PublicContact, func(c catalog.Contact) bool { return c.Key == e.Contact }) {
		j.error(where("contact"), fmt.Sprintf("“%s”没有联系方式“%s”", j.name(e.Dept), e.Contact), fmt.Sprintf("%q has no public contact %q", e.Dept, e.Contact), "请使用部门文件 public_contact 中的 key", "use a key of the department's public_contact")
	}
	for i, it := range e.Items {
		if it.Level > e.SecurityLevel {
			j.error(where(fmt.Sprintf("items[%d].level", i)), fmt.Sprintf("数据项分级 %d 高于条目分级 %d", it.Level, e.SecurityLevel), fmt.Sprintf("item level %d is above the entry's %d", it.Level, e.SecurityLevel), "条目分级不低于最高的数据项", "raise security_level to the highest item")
		}
	}
}

func (j *judge) openAgrees(o *catalog.OpenEntry, e *catalog.Entry) {
	where := func(field string) at { return at{o.Path, field, e.Regime} }
	if o.Dept != e.Dept {
		j.error(where("catalog_id"), fmt.Sprintf("开放清单条目属“%s”，资源目录条目属“%s”", j.name(o.Dept), j.name(e.Dept)), fmt.Sprintf("the open-list entry belongs to %q, the catalogue entry to %q", o.Dept, e.Dept), "两者须在同一部门", "both belong to one body")
	}
	if o.OpenType == catalog.Unconditional && e.Open.Type == catalog.Conditional {
		j.error(where("open_type"), "开放清单不得比资源目录更宽：目录认定为有条件开放", "the open list may not be wider than the catalogue: it says conditional", "请改为 conditional", "make it conditional")
	}
	if o.OpenType == catalog.Conditional {
		if o.Access == nil {
			j.error(where("open_type"), "有条件开放须写明申请方式", "conditional opening must say how to apply", "请填写 access（apply_url、individuals_allowed、review_days）", "fill in access (apply_url, individuals_allowed, review_days)")
		}
		if o.OpenCondition == "" && e.Open.Condition == "" {
			j.error(where("open_type"), "有条件开放须写明开放条件", "conditional opening must state its condition", "请填写 open_condition", "fill in open_condition")
		}
	}
	if want := j.Term("open_level", o.OpenLevel).Mappings["open_type"]; want != "" && want != string(o.OpenType) {
		j.error(where("open_level"), fmt.Sprintf("开放级别 %s 与开放属性 %s 不符", o.OpenLevel, o.OpenType), fmt.Sprintf("level %s does not go with %s", o.OpenLevel, o.OpenType), "见词表 open_level", "see the vocabulary open_level")
	}
	if !slices.ContainsFunc(o.Distributions, func(d catalog.Distribution) bool {
		return (d.Kind == catalog.KindAPI) == (o.ResourceKind == catalog.KindAPI)
	}) {
		j.error(where("resource_kind"), fmt.Sprintf("资源类型为 %s，却没有相应的分发", o.ResourceKind), fmt.Sprintf("resource kind %s without such a distribution", o.ResourceKind), "请补充 distributions，或改正 resource_kind", "add a distribution or correct resource_kind")
	}
	sources := 0
	for _, d := range o.Distributions {
		if d.Source != "" {
			sources++
			if _, there := o.Files[d.Source]; !there && o.OpenType == catalog.Unconditional {
				j.error(where("distributions"), fmt.Sprintf("来源文件“%s”不在 datasets/%s/%s/ 中", d.Source, o.Dept, o.ID), fmt.Sprintf("source %q is not in datasets/%s/%s/", d.Source, o.Dept, o.ID), "请提交数据文件，或改正 source", "add the file or correct source")
			}
		}
	}
	if o.OpenType == catalog.Unconditional && o.ResourceKind == catalog.KindData && sources == 0 {
		j.error(where("distributions"), "无条件开放的数据须有来源文件", "unconditionally open data need a source file", "请在一个分发中填写 source", "give source in one distribution")
	}
}
