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

// agreement is R18 between records: titles, contacts, levels and files that must agree with each other. What one
// record can say wrong by itself is judged where it is read.
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
	if d := j.Department(e.Dept); d != nil && e.Contact != "" && !slices.ContainsFunc(d.PublicContact, func(c catalog.Contact) bool { return c.Key == e.Contact }) {
		j.error(where("contact"), fmt.Sprintf("“%s”没有联系方式“%s”", j.name(e.Dept), e.Contact), fmt.Sprintf("%q has no public contact %q", e.Dept, e.Contact), "请使用部门文件 public_contact 中的 key", "use a key of the department's public_contact")
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
	if want := j.Term("open_level", o.OpenLevel).Mappings["open_type"]; want != "" && want != string(o.OpenType) {
		j.error(where("open_level"), fmt.Sprintf("开放级别 %s 与开放属性 %s 不符", o.OpenLevel, o.OpenType), fmt.Sprintf("level %s does not go with %s", o.OpenLevel, o.OpenType), "见词表 open_level", "see the vocabulary open_level")
	}
	sources := 0
	for i, d := range o.Distributions {
		if d.Source != "" {
			sources++
			if _, there := o.Files[d.Source]; !there && o.OpenType == catalog.Unconditional {
				j.error(where(fmt.Sprintf("distributions[%d].source", i)), fmt.Sprintf("来源文件“%s”不在 datasets/%s/%s/ 中", d.Source, o.Dept, o.ID), fmt.Sprintf("source %q is not in datasets/%s/%s/", d.Source, o.Dept, o.ID), "请提交数据文件，或改正 source", "add the file or correct source")
			}
		}
	}
	if o.OpenType == catalog.Unconditional && o.ResourceKind == catalog.KindData && sources == 0 {
		j.error(where("distributions"), "无条件开放的数据须有来源文件", "unconditionally open data need a source file", "请在一个分发中填写 source", "give source in one distribution")
	}
}
