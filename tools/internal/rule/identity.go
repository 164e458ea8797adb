package rule

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opendata.example/odc/tools/internal/catalog"
)

// identities is R14: ids are unique across the district within their kind, and so are codes and serials. What a
// tombstone reserves is not used again.
func identities(j *judge) {
	ids, codes, serials, lists := once{}, once{}, once{}, once{}
	for _, d := range j.Departments {
		serials.see(j, at{path: d.Path, field: "serial"}, d.Serial, "目录机构序号", "serial")
	}
	for _, e := range j.Entries {
		ids.see(j, at{e.Path, "", e.Regime}, "catalog:"+string(e.ID), "条目标识", "id")
		codes.see(j, at{e.Path, "resource_code", e.Regime}, e.ResourceCode, "信息资源代码", "resource code")
		if d := j.Department(e.Dept); d != nil && e.ResourceCode != "" && e.Imported == nil && !strings.Contains(e.ResourceCode, d.Serial+"/") {
			j.error(at{e.Path, "resource_code", e.Regime}, fmt.Sprintf("信息资源代码中的机构序号与提供部门的序号 %s 不符", d.Serial),
				fmt.Sprintf("the organisation serial in the code is not %s, that of the provider", d.Serial), "请核对代码", "check the code")
		}
		if settled(e.Status) && e.ResourceCode == "" {
			j.error(at{e.Path, "status", e.Regime}, "已登记的条目须有信息资源代码", "a registered entry must have a resource code", "请填写 resource_code", "fill in resource_code")
		}
	}
	for _, o := range j.OpenEntries {
		ids.see(j, at{path: o.Path}, "openlist:"+string(o.ID), "清单标识", "id")
		lists.see(j, at{path: o.Path, field: "serial"}, o.ListCode(), "清单编码", "list code")
	}
	for i, a := range j.Aliases {
		if kind, rest, _ := strings.Cut(a.From, ":"); a.To == "" {
			_, id, _ := strings.Cut(rest, "/")
			if first, used := ids[kind+":"+id]; used {
				j.error(at{path: first}, fmt.Sprintf("标识“%s”已注销，不得重用", id), fmt.Sprintf("id %q was withdrawn and is never used again", id), "请换一个标识", "choose another id")
			}
			if first, used := codes[a.Code]; used && a.Code != "" {
				j.error(at{path: first, field: "resource_code"}, fmt.Sprintf("代码“%s”已随注销的条目保留，不得重用", a.Code), fmt.Sprintf("code %q belongs to a withdrawn record", a.Code), "请换一个代码", "take another code")
			}
		}
		j.aliasEnds(i, a)
	}
}

// aliasEnds follows an alias to its end, which must exist and not be itself.
func (j *judge) aliasEnds(i int, a catalog.Alias) {
	where := at{path: "metadata/aliases.yaml", field: fmt.Sprintf("aliases[%d].to", i)}
	to := a.To
	for range len(j.Aliases) {
		next, found := "", false
		for _, b := range j.Aliases {
			if b.From == to && to != "" {
				next, found = b.To, true
			}
		}
		if !found {
			return
		}
		to = next
	}
	j.error(where, fmt.Sprintf("别名“%s”循环指向", a.From), fmt.Sprintf("alias %q goes round in a circle", a.From), "请改正 to", "correct to")
}

// once remembers where a value was first seen.
type once map[string]string

func (o once) see(j *judge, where at, value, zh, en string) {
	if value == "" {
		return
	}
	if first, taken := o[value]; taken {
		_, shown, _ := strings.Cut(value, ":")
		if shown == "" {
			shown = value
		}
		j.error(where, fmt.Sprintf("%s“%s”已被 %s 使用", zh, shown, first), fmt.Sprintf("%s %q is already used by %s", en, shown, first), "请换一个，已登记的不得更改", "choose another; registered ones never change")
		return
	}
	o[value] = where.path
}

// folded is how titles are compared: NFKC, lower case, without spaces.
func folded(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), ""))
}
