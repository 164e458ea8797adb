package tree

import (
	"fmt"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

// record checks what one record alone can tell about itself, beyond the shape of its fields.
func (c *checker) record(r any) {
	switch r := r.(type) {
	case *catalog.Entry:
		c.entry(r)
	case *catalog.OpenEntry:
		c.openEntry(r)
	case *catalog.Determinations:
		c.determinations(r)
	case *catalog.Department:
		c.department(r)
	case *catalog.Law:
		c.law(r)
	case *catalog.Regime:
		if dayBefore(r.ValidFrom, r.ValidTo) {
			c.endBeforeStart("valid_to")
		}
	case *authorities:
		for i, b := range r.Bindings {
			if dayBefore(b.ValidFrom, b.ValidTo) {
				c.endBeforeStart(fmt.Sprintf("bindings[%d].valid_to", i))
			}
		}
	case *catalog.Vocabulary:
		c.vocabulary(r)
	case *catalog.Year:
		c.year(r)
	case *catalog.Policy:
		if strings.HasSuffix(r.BaseURL, "/") || strings.HasPrefix(r.BaseURL, "/") {
			c.at("R18", "base_url", diag.Text{Zh: "网址须以 https:// 开头，且不带结尾的 /", En: "the base address begins with https:// and has no trailing slash"}, diag.Text{Zh: "例如 https://data.example.org", En: "for example https://data.example.org"})
		}
	case *catalog.DataRelease:
		if r.Version != "" && r.Version != c.file.place.ID {
			c.at("R18", "version", diag.Text{Zh: "版本与文件名不一致", En: "the version differs from the file name"}, diag.Text{Zh: "数据版本由 odc data --release 书写，请勿手改", En: "releases are written by odc data --release, not by hand"})
		}
	}
}

// at reports at a field, or at the nearest parent that was written.
func (c *checker) at(rule, field string, message, hint diag.Text) {
	line, column := c.file.places.at(field)
	c.reportAt(line, column, rule, field, message, hint)
}

// needs reports a key that another value makes necessary.
func (c *checker) needs(field, zh, en string) {
	c.at("R19", field, diag.Text{Zh: zh, En: en}, diag.Text{Zh: "请补上 " + field, En: "add " + field})
}

// unwanted reports a key that another value forbids.
func (c *checker) unwanted(field, zh, en string) {
	c.at("R18", field, diag.Text{Zh: zh, En: en}, diag.Text{Zh: "请删去 " + field, En: "delete " + field})
}

func (c *checker) endBeforeStart(field string) {
	c.at("R18", field, diag.Text{Zh: "止期早于起期", En: "the end lies before the start"}, diag.Text{Zh: "请核对起止日期", En: "compare both days"})
}

// repeats reports the second of two equal names; fold decides what equal means.
func (c *checker) repeats(list, key string, n int, name func(int) string, zh string) {
	seen := map[string]int{}
	for i := range n {
		k := strings.ToLower(name(i))
		if k == "" {
			continue
		}
		if first, ok := seen[k]; ok {
			c.at("R18", fmt.Sprintf("%s[%d].%s", list, i, key),
				diag.Text{Zh: fmt.Sprintf("%s“%s”与第%d项重复", zh, show(name(i)), first+1), En: fmt.Sprintf("%s %q repeats number %d", key, show(name(i)), first+1)},
				diag.Text{Zh: "请改名", En: "rename one of them"})
			continue
		}
		seen[k] = i
	}
}

func needsReason(status catalog.Code) bool {
	return slices.Contains([]catalog.Code{catalog.Returned, catalog.Suspended, catalog.Withdrawn}, status)
}

func (c *checker) entry(e *catalog.Entry) {
	if e.Relation == "municipal_catalogue" && e.MunicipalCode == "" {
		c.needs("municipal_code", "目录关系为市级目录的，须填市级目录代码", "an entry of the municipal catalogue needs its municipal code")
	}
	if labelKey(e.Abstract) != "" && labelKey(e.Abstract) == labelKey(e.Title) {
		c.at("R18", "abstract", diag.Text{Zh: "摘要与名称相同", En: "the abstract repeats the title"}, diag.Text{Zh: "请写明内容、来源、范围和用途", En: "say what it holds, where it comes from and what it is for"})
	}
	if s := e.ITSystem; s != nil && s.Hosting == "exempt" && s.Reason == "" {
		c.needs("it_system.reason", "例外部署须说明理由", "exempt hosting needs a reason")
	}
	if e.Digital == "paper" && e.Digitisation == nil {
		c.needs("digitisation", "纸质资源须有数字化计划和完成日期", "a paper resource needs a plan and a date for its digitisation")
	}
	if e.Aggregation.Status == "exempt" && e.Aggregation.Exemption == nil {
		c.needs("aggregation.exemption", "认定为特殊情况的，须填认定单位、日期和理由", "an exemption needs body, date and reason")
	}
	if needsReason(e.Status) && e.StatusReason == "" {
		c.needs("status_reason", "退回、暂停、撤回须说明原因", "returned, suspended and withdrawn need a reason")
	}
	c.classification(e)
	c.share(e)
	c.open(e)
	c.theme(e)
	c.temporal(e.Temporal)
	c.items(e)
}

// classification compares 类 and 项 with each other and with the code.
func (c *checker) classification(e *catalog.Entry) {
	if e.Class != "" && e.ClassItem != "" && !strings.HasPrefix(string(e.ClassItem), string(e.Class)) {
		c.at("R18", "class_item", diag.Text{Zh: fmt.Sprintf("项“%s”不属于类“%s”", show(string(e.ClassItem)), show(string(e.Class))), En: fmt.Sprintf("item %q is not of class %q", show(string(e.ClassItem)), show(string(e.Class)))}, diag.Text{Zh: "项的全码以类开头，见 metadata/vocab/resource_class.yaml", En: "the full code of an item begins with its class: metadata/vocab/resource_class.yaml"})
	}
	code, err := catalog.ParseResourceCode(e.ResourceCode)
	if err != nil {
		return
	}
	if l := c.known.vocabulary("resource_class"); l != nil && l.codes[catalog.Code(code.Class+code.Item)] == nil {
		c.at("R18", "resource_code", diag.Text{Zh: fmt.Sprintf("代码中的类项“%s”不在词表 resource_class 中", code.Class+code.Item), En: fmt.Sprintf("class and item %q of the code are not in vocabulary resource_class", code.Class+code.Item)}, diag.Text{Zh: "类项见 metadata/vocab/resource_class.yaml", En: "classes and items stand in metadata/vocab/resource_class.yaml"})
	}
}

func (c *checker) share(e *catalog.Entry) {
	s := e.Share
	switch {
	case s.Type == catalog.Authorized && s.Condition == "":
		c.needs("share.condition", "授权共享须写明共享条件", "authorised sharing needs its condition")
	case s.Type != catalog.Authorized && s.Condition != "":
		c.unwanted("share.condition", "只有授权共享才写共享条件", "only authorised sharing has a condition")
	}
	if s.Type == catalog.None && len(s.Methods) > 0 {
		c.unwanted("share.methods", "非共享的资源没有共享方式", "what is not shared has no methods")
	}
	if slices.Contains(s.Methods, "offline") && s.OfflineReason == "" {
		c.needs("share.offline_reason", "以介质、邮件共享须说明理由", "sharing by media or mail needs a reason")
	}
}

func (c *checker) open(e *catalog.Entry) {
	o := e.Open
	if e.Share.Type == catalog.None && o.Type != "" && o.Type != catalog.Closed {
		c.at("R18", "open.type", diag.Text{Zh: "非共享的资源只能是非开放", En: "what is not shared can only be closed"}, diag.Text{Zh: "请改为 closed，或调整共享类型", En: "set it to closed or change the sharing type"})
	}
	switch {
	case o.Type == catalog.Conditional && o.Condition == "":
		c.needs("open.condition", "有条件开放须写明开放条件", "conditional opening needs its condition")
	case o.Type != catalog.Conditional && o.Condition != "":
		c.unwanted("open.condition", "只有有条件开放才写开放条件", "only conditional opening has a condition")
	}
	if e.SecurityLevel == 4 && o.Type != "" && o.Type != catalog.Closed {
		c.at("R18", "open.type", diag.Text{Zh: "4级数据不得开放", En: "level 4 is never opened"}, diag.Text{Zh: "请改为 closed", En: "set it to closed"})
	}
	if e.PersonalInfo != "" && e.PersonalInfo != catalog.None && o.Type != "" && o.Type != catalog.Closed && o.Release == nil {
		c.needs("open.release", "含个人信息而开放的，须写明脱敏等转开放的方式和证明", "opening personal information needs its release: method, date, evidence")
	}
}

func (c *checker) theme(e *catalog.Entry) {
	if t := e.ThemeNational; t != nil && t.L2 != "" && !strings.HasPrefix(string(t.L2), string(t.L1)+"/") {
		c.at("R18", "theme_national.l2", diag.Text{Zh: fmt.Sprintf("二级主题“%s”不属于一级“%s”", show(string(t.L2)), show(string(t.L1))), En: fmt.Sprintf("%q is not part of %q", show(string(t.L2)), show(string(t.L1)))}, diag.Text{Zh: "请改一级或二级，见 metadata/vocab/theme_national.yaml", En: "change level 1 or 2: metadata/vocab/theme_national.yaml"})
	}
}

// temporal compares the ends of a period as far as both are written: "2024" covers "2024-06".
func (c *checker) temporal(t *catalog.Temporal) {
	if t == nil || !isPeriod(t.Start) || !isPeriod(t.End) {
		return
	}
	if n := min(len(t.Start), len(t.End)); t.End[:n] < t.Start[:n] {
		c.at("R13", "temporal.end", diag.Text{Zh: "日期前后矛盾：时间范围的止期早于起期", En: "contradicting dates: the period ends before it starts"},
			diag.Text{Zh: "请核对 start 与 end", En: "compare start and end"})
	}
}

func (c *checker) items(e *catalog.Entry) {
	c.repeats("items", "name", len(e.Items), func(i int) string { return e.Items[i].Name }, "字段名")
	c.repeats("items", "title", len(e.Items), func(i int) string { return e.Items[i].Title }, "数据项名称")
	for i := range e.Items {
		c.item(e, i)
	}
}

func (c *checker) item(e *catalog.Entry, i int) {
	it := &e.Items[i]
	at := func(key string) string { return fmt.Sprintf("items[%d].%s", i, key) }
	if it.Key && !it.Required {
		c.needs(at("required"), fmt.Sprintf("主键“%s”须同时必填", show(it.Name)), fmt.Sprintf("key %q must be required", show(it.Name)))
	}
	if it.Type == "C" && it.Length == 0 {
		c.needs(at("length"), fmt.Sprintf("字符型数据项“%s”须写长度", show(it.Name)), fmt.Sprintf("item %q of type C needs a length", show(it.Name)))
	}
	if it.Scale > it.Length {
		c.at("R18", at("scale"), diag.Text{Zh: "小数位大于长度", En: "the scale exceeds the length"}, diag.Text{Zh: "长度包含小数位，请改其一", En: "the length includes the scale; change one of them"})
	}
	if it.Level > e.SecurityLevel && e.SecurityLevel > 0 {
		c.at("R18", at("level"), diag.Text{Zh: fmt.Sprintf("数据项分级高于条目的%d级", e.SecurityLevel), En: fmt.Sprintf("above the entry's level %d", e.SecurityLevel)}, diag.Text{Zh: "请提高条目的 security_level", En: "raise the entry's security_level"})
	}
	if strongest := personalInfo(it.PII); rank(personalRanks, strongest) > rank(personalRanks, e.PersonalInfo) {
		c.at("R18", at("pii"), diag.Text{Zh: fmt.Sprintf("数据项含个人信息（%s），条目的 personal_info 只是“%s”", strongest, e.PersonalInfo), En: fmt.Sprintf("the item is %s personal information, the entry says %q", strongest, e.PersonalInfo)},
			diag.Text{Zh: "请改条目的 personal_info", En: "change the entry's personal_info"})
	}
	if p := it.Constraints; p != nil && p.Pattern != "" && !validPattern(p.Pattern) {
		c.at("R18", at("constraints.pattern"), diag.Text{Zh: "正则式有误（RE2 语法）", En: "not a regular expression (RE2)"}, diag.Text{Zh: "请按 RE2 语法改写，不支持回溯引用和环视", En: "write it for RE2: no back references, no look-around"})
	}
	c.stricter(at, "share", it.ShareType, it.ShareReason, e.Share.Type, shareRanks)
	c.stricter(at, "open", it.OpenType, it.OpenReason, e.Open.Type, openRanks)
	if it.ShareType == catalog.None && it.OpenType != catalog.Closed && e.Open.Type != catalog.Closed {
		c.needs(at("open_type"), "非共享的数据项须为非开放", "an item that is not shared must be closed")
	}
}

// Strictness, loosest first.
var (
	shareRanks    = []catalog.Code{catalog.Unconditional, catalog.Authorized, catalog.None}
	openRanks     = []catalog.Code{catalog.Unconditional, catalog.Conditional, catalog.Closed}
	personalRanks = []catalog.Code{catalog.None, "general", "sensitive"}
)

func rank(order []catalog.Code, code catalog.Code) int { return slices.Index(order, code) }

// personalInfo is the strength of a kind of personal information.
func personalInfo(pii catalog.Code) catalog.Code {
	switch pii {
	case "", catalog.None:
		return catalog.None
	case "name", "phone", "address", "other":
		return "general"
	}
	return "sensitive"
}

func (c *checker) stricter(at func(string) string, key string, own catalog.Code, reason string, entry catalog.Code, order []catalog.Code) {
	if own == "" || rank(order, own) < 0 || rank(order, entry) < 0 {
		return
	}
	switch {
	case rank(order, own) < rank(order, entry):
		c.at("R18", at(key+"_type"), diag.Text{Zh: fmt.Sprintf("数据项不能比条目更宽（条目为“%s”）", entry), En: fmt.Sprintf("an item cannot be looser than its entry (%s)", entry)}, diag.Text{Zh: "请删去，或改为更严的取值", En: "delete it or choose a stricter value"})
	case own != entry && reason == "":
		c.needs(at(key+"_reason"), "数据项比条目更严的须说明理由", "an item stricter than its entry needs a reason")
	}
}

func (c *checker) openEntry(o *catalog.OpenEntry) {
	switch o.OpenType {
	case catalog.Closed:
		c.at("R18", "open_type", diag.Text{Zh: "开放清单条目只能是无条件或有条件开放", En: "an open-list entry is unconditional or conditional"}, diag.Text{Zh: "非开放的资源不列入开放清单", En: "closed resources are not listed"})
	case catalog.Conditional:
		if o.OpenCondition == "" {
			c.needs("open_condition", "有条件开放须写明开放条件", "conditional opening needs its condition")
		}
		if o.Access == nil {
			c.needs("access", "有条件开放须写明申请方式", "conditional opening needs how to apply")
		}
	case catalog.Unconditional:
		if o.OpenCondition != "" {
			c.unwanted("open_condition", "无条件开放没有开放条件", "unconditional opening has no condition")
		}
		if o.Access != nil {
			c.unwanted("access", "无条件开放无须申请", "unconditional opening needs no application")
		}
	}
	if needsReason(o.Status) && o.StatusReason == "" {
		c.needs("status_reason", "退回、暂停、撤回须说明原因", "returned, suspended and withdrawn need a reason")
	}
	c.temporal(o.Temporal)
	c.distributions(o)
}

func (c *checker) distributions(o *catalog.OpenEntry) {
	c.repeats("distributions", "id", len(o.Distributions), func(i int) string { return o.Distributions[i].ID }, "标识")
	kinds := map[catalog.Code]bool{}
	for i, d := range o.Distributions {
		at := func(key string) string { return fmt.Sprintf("distributions[%d].%s", i, key) }
		kinds[d.Kind] = true
		if d.Kind == catalog.KindAPI {
			if d.EndpointURL == "" {
				c.needs(at("endpoint_url"), "接口须有接口地址", "an interface needs its endpoint")
			}
			if d.EndpointDescription == "" {
				c.needs(at("endpoint_description"), "接口须有说明文档（OpenAPI 3）的地址", "an interface needs its OpenAPI 3 description")
			}
			if d.Source != "" {
				c.unwanted(at("source"), "接口没有来源文件", "an interface has no source file")
			}
		}
		if d.Kind == catalog.KindFile && (d.EndpointURL != "" || d.EndpointDescription != "") {
			c.at("R18", at("kind"), diag.Text{Zh: "文件没有接口地址", En: "a file has no endpoint"}, diag.Text{Zh: "请改 kind 为 api，或删去接口地址", En: "set kind to api or delete the endpoint"})
		}
		c.mediaType(at, d)
	}
	wanted := catalog.KindFile
	if o.ResourceKind == catalog.KindAPI {
		wanted = catalog.KindAPI
	}
	if o.ResourceKind != "" && len(o.Distributions) > 0 && !kinds[wanted] {
		c.at("R18", "distributions", diag.Text{Zh: fmt.Sprintf("数据资源类型为“%s”，至少要有一个 kind 为 %s 的分发", o.ResourceKind, wanted), En: fmt.Sprintf("resource_kind %s needs a distribution of kind %s", o.ResourceKind, wanted)}, diag.Text{Zh: "请改 resource_kind，或补上这样的分发", En: "change resource_kind or add such a distribution"})
	}
}

// mediaType compares a written media type with that of the format.
func (c *checker) mediaType(at func(string) string, d catalog.Distribution) {
	l := c.known.vocabulary("file_format")
	if d.MediaType == "" || l == nil || l.codes[d.Format] == nil {
		return
	}
	if want := l.codes[d.Format].Mappings["media_type"]; want != "" && want != d.MediaType {
		c.at("R18", at("media_type"), diag.Text{Zh: fmt.Sprintf("媒体类型与格式 %s 不符，应为 %s", d.Format, want), En: fmt.Sprintf("format %s has the media type %s", d.Format, want)}, diag.Text{Zh: "请删去，由格式得出", En: "delete it; the format says it"})
	}
}

func (c *checker) determinations(d *catalog.Determinations) {
	for i, r := range d.Rows {
		at := func(key string) string { return fmt.Sprintf("determinations[%d].%s", i, key) }
		if r.N != 0 && r.N != i+1 {
			c.at("R18", at("n"), diag.Text{Zh: fmt.Sprintf("序号应为%d：自1起连续，旧的在前", i+1), En: fmt.Sprintf("the number should be %d: from 1, oldest first", i+1)}, diag.Text{Zh: "新的一行写在最后，不改旧行", En: "add new rows at the end, never change old ones"})
		}
		if i > 0 && dayBefore(d.Rows[i-1].Date, r.Date) {
			c.at("R18", at("date"), diag.Text{Zh: "认定日早于上一行，应旧的在前", En: "earlier than the row before; oldest come first"}, diag.Text{Zh: "请核对日期", En: "compare the days"})
		}
		if r.Previous != 0 && r.Previous >= r.N {
			c.at("R18", at("previous"), diag.Text{Zh: "前一次须是更早的一行", En: "must name an earlier row"}, diag.Text{Zh: "请填被取代的行的序号", En: "give the number of the row it replaces"})
		}
		c.determinedValue(at("value"), r)
	}
}

func (c *checker) determinedValue(field string, r catalog.Determination) {
	vocabulary := map[catalog.Code]string{catalog.AttributeShare: "share_type", catalog.AttributeOpen: "open_type"}[r.Attribute]
	if vocabulary == "" || r.Value == "" {
		return
	}
	l := c.known.vocabulary(vocabulary)
	if l == nil || l.codes[r.Value] != nil {
		return
	}
	hint := diag.Text{Zh: "可用代码：" + strings.Join(l.ordered, "、"), En: "codes: " + strings.Join(l.ordered, ", ")}
	if t := l.suggest(string(r.Value)); t != nil {
		hint = diag.Text{Zh: fmt.Sprintf("是否应为“%s”（%s）？", t.Code, t.Zh), En: fmt.Sprintf("did you mean %q (%s)?", t.Code, t.En)}
	}
	c.at("R18", field, diag.Text{Zh: fmt.Sprintf("“%s”不是 %s 的规定代码", show(string(r.Value)), vocabulary), En: fmt.Sprintf("%q is not a code of %s", show(string(r.Value)), vocabulary)}, hint)
}

func (c *checker) department(d *catalog.Department) {
	if dayBefore(d.ValidFrom, d.ValidTo) {
		c.endBeforeStart("valid_to")
	}
	if !d.ValidTo.IsZero() && d.Successor == "" {
		c.needs("successor", "有存续止期的单位须写承继单位", "an organisation that ends needs a successor")
	}
	if d.Parent == d.ID || d.Successor == d.ID {
		c.at("R18", "parent", diag.Text{Zh: "单位不能是自己的上级或承继单位", En: "an organisation cannot be its own parent or successor"}, diag.Text{Zh: "请改为另一单位，或删去", En: "name another organisation or delete it"})
	}
	c.repeats("duties", "id", len(d.Duties), func(i int) string { return d.Duties[i].ID }, "标识")
	c.repeats("public_contact", "key", len(d.PublicContact), func(i int) string { return d.PublicContact[i].Key }, "键")
}

func (c *checker) law(l *catalog.Law) {
	if l.DocNo == "" && l.URL == "" {
		c.at("R19", "doc_no", diag.Text{Zh: "文号和网址至少填一项", En: "a document number or an address is required"}, diag.Text{Zh: "请补上 doc_no 或 url", En: "add doc_no or url"})
	}
	if dayBefore(l.InForceFrom, l.InForceTo) {
		c.endBeforeStart("in_force_to")
	}
	c.repeats("articles", "no", len(l.Articles), func(i int) string { return l.Articles[i].No }, "条")
}

func (c *checker) vocabulary(v *catalog.Vocabulary) {
	c.repeatedCodes(v)
	codes := map[catalog.Code]bool{}
	for _, t := range v.Values {
		codes[t.Code] = true
	}
	for i, t := range v.Values {
		for key, code := range map[string]catalog.Code{"parent": t.Parent, "replaced_by": t.ReplacedBy} {
			if code != "" && !codes[code] {
				c.at("R18", fmt.Sprintf("values[%d].%s", i, key), diag.Text{Zh: fmt.Sprintf("本词表没有代码“%s”", show(string(code))), En: fmt.Sprintf("this vocabulary has no code %q", show(string(code)))}, diag.Text{Zh: "请写本词表的代码", En: "name a code of this vocabulary"})
			}
		}
	}
}

// repeatedCodes compares codes exactly: "C" and "c" may differ in a published list.
func (c *checker) repeatedCodes(v *catalog.Vocabulary) {
	first := map[catalog.Code]int{}
	for i, t := range v.Values {
		if j, ok := first[t.Code]; ok && t.Code != "" {
			c.at("R18", fmt.Sprintf("values[%d].code", i), diag.Text{Zh: fmt.Sprintf("代码“%s”与第%d项重复", show(string(t.Code)), j+1), En: fmt.Sprintf("code %q repeats number %d", show(string(t.Code)), j+1)}, diag.Text{Zh: "请只保留一处", En: "keep one of them"})
			continue
		}
		first[t.Code] = i
	}
}

func (c *checker) year(y *catalog.Year) {
	for i, h := range y.Holidays {
		for j, d := range h.Days {
			// A holiday may begin in the last days of the year before (元旦) and is then listed in both.
			if !d.IsZero() && (d.Year() < y.Year-1 || d.Year() > y.Year+1) {
				c.at("R18", fmt.Sprintf("holidays[%d].days[%d]", i, j), diag.Text{Zh: fmt.Sprintf("日期不在%d年", y.Year), En: fmt.Sprintf("not a day of %d", y.Year)}, diag.Text{Zh: "请核对日期，或放到那一年的文件", En: "compare the day, or move it to that year's file"})
			}
		}
	}
}
