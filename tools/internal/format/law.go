package format

var determinationsKind = &Kind{
	Name: "determinations", Zh: "属性认定", En: "determinations",
	Path: "metadata/determinations/<dept>/<id>.yaml", Identity: ByDept,
	IntroZh: "对同名目录条目的共享属性、开放属性的认定，只增不改，旧的在前。单位在条目中提出，主管单位在这里认定；更正另起一行。",
	IntroEn: "Decisions on the sharing and opening attributes of the entry with the same address; append-only, oldest first. A correction is a new row.",
	Fields: fields(identity(true), []Field{
		{Key: "determinations", Zh: "认定", En: "determinations", Type: Object, List: true, Required: true, MinItems: 1, MaxItems: 500, Fields: []Field{
			{Key: "n", Zh: "序号", En: "number", Type: Int, Required: true, Min: 1, Max: 500, HelpZh: "自1起连续", HelpEn: "1, 2, 3 …", Example: "1"},
			{Key: "attribute", Zh: "属性", En: "attribute", Type: Term, Required: true, Enum: []Choice{{"share", "共享属性", "sharing"}, {"open", "开放属性", "opening"}}},
			{Key: "value", Zh: "取值", En: "value", Type: Term, Required: true, HelpZh: "共享属性取 share_type，开放属性取 open_type 的代码", HelpEn: "a code of share_type or of open_type", Example: "unconditional"},
			{Key: "by", Zh: "认定单位", En: "by", Type: Org, Required: true},
			{Key: "date", Zh: "认定日", En: "date", Type: Date, Required: true},
			{Key: "doc_no", Zh: "文号", En: "document number", Type: Text, Max: 60},
			{Key: "regime", Zh: "依据办法", En: "regime", Type: Regime, Required: true, Example: "cn-2021"},
			{Key: "previous", Zh: "前一次", En: "previous", Type: Int, Min: 1, Max: 500, HelpZh: "被本行取代的行的序号", HelpEn: "the row that this one replaces"},
			{Key: "reason", Zh: "理由", En: "reason", Type: Text, Min: 4, Max: 500},
			{Key: "review_due", Zh: "复核日", En: "review due", Type: Date, Derived: true},
		}},
	}),
}

var departmentKind = &Kind{
	Name: "departments", Zh: "单位", En: "organisation",
	Path: "metadata/departments/<id>.yaml", Identity: ByID,
	IntroZh: "提供数据的单位：委办局、街道、镇、事业单位。联系方式是办公室的，不写个人。",
	IntroEn: "A body that provides data. Contacts are those of an office, never of a person.",
	Fields: fields(identity(false), []Field{
		{Key: "name", Zh: "全称", En: "name", Type: Text, Required: true, Min: 2, Max: 100, Example: "上海市长宁区民政局"},
		{Key: "short_name", Zh: "简称", En: "short name", Type: Text, Required: true, Min: 2, Max: 40, Example: "区民政局"},
		{Key: "name_en", Zh: "英文名", En: "English name", Type: Text, Max: 200},
		{Key: "short_name_en", Zh: "英文简称", En: "short English name", Type: Text, Max: 80, HelpZh: "用在列表和表格里", HelpEn: "for lists and tables", Example: "Civil Affairs Bureau"},
		{Key: "uscc", Zh: "统一社会信用代码", En: "social credit code", Type: USCC, HelpZh: "不确知的不填，不编造", HelpEn: "left out when unknown, never invented"},
		{Key: "org_type", Zh: "类型", En: "type", Type: Term, Vocab: "org_type", Required: true, Example: "department"},
		{Key: "parent", Zh: "上级", En: "parent", Type: Org},
		{Key: "region", Zh: "行政区划", En: "region", Type: Term, Vocab: "region", Required: true, Example: "310105"},
		{Key: "serial", Zh: "目录机构序号", En: "serial", Type: Token, Required: true, Pattern: `^\d{3}$`, HelpZh: "三位数字，加引号；唯一，不改，不重用", HelpEn: "three digits, quoted; unique, never changed or reused", Example: "012"},

		{Key: "duties", Zh: "法定职责", En: "duties", Type: Object, List: true, Required: true, MinItems: 1, MaxItems: 100, Break: true, Fields: []Field{
			{Key: "id", Zh: "标识", En: "id", Type: Slug, Required: true, Min: 2, Max: 80},
			{Key: "title", Zh: "职责", En: "title", Type: Text, Required: true, Min: 2, Max: 200},
			{Key: "basis", Zh: "依据", En: "basis", Type: Object, Required: true, Fields: legalRefFields},
		}},
		{Key: "public_contact", Zh: "公开联系", En: "public contact", Type: Object, List: true, Required: true, MinItems: 1, MaxItems: 20, Break: true, Fields: []Field{
			{Key: "key", Zh: "键", En: "key", Type: Slug, Required: true, Min: 2, Max: 40, Example: "office"},
			{Key: "label", Zh: "名称", En: "label", Type: Text, Required: true, Min: 2, Max: 60, HelpZh: "科室名称，不写人名", HelpEn: "an office, not a person", Example: "办公室"},
			{Key: "phone", Zh: "电话", En: "phone", Type: Token, Required: true, Pattern: officePhonePattern, HelpZh: "办公电话或热线，加引号；不确知的填 12345", HelpEn: "an office line or hotline, quoted; 12345 when unknown", Example: "12345"},
			{Key: "email", Zh: "邮箱", En: "mail", Type: Token, Max: 100, Pattern: mailPattern, HelpZh: "公用邮箱", HelpEn: "an office mailbox"},
			{Key: "address", Zh: "地址", En: "address", Type: Text, Max: 200},
		}},
		{Key: "stewards", Zh: "负责人备案", En: "stewards", Type: Object, List: true, MaxItems: 20, HelpZh: "只记岗位和备案日期，姓名、电话不得写入公开库", HelpEn: "post and filing date only, never a name or number", Fields: []Field{
			{Key: "post", Zh: "岗位", En: "post", Type: Text, Required: true, Min: 2, Max: 60},
			{Key: "filed_on", Zh: "备案日期", En: "filed on", Type: Date, Required: true},
		}},
		{Key: "reviewers", Zh: "审核账号", En: "reviewers", Type: Token, List: true, MaxItems: 50, Pattern: `^@[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9._-]+)?$`, HelpZh: "@账号 或 @组织/小组", HelpEn: "@handle or @organisation/team"},
		{Key: "training", Zh: "培训", En: "training", Type: Object, List: true, MaxItems: 200, Fields: []Field{
			{Key: "date", Zh: "日期", En: "date", Type: Date, Required: true},
			{Key: "topic", Zh: "主题", En: "topic", Type: Text, Required: true, Min: 2, Max: 200},
		}},
		{Key: "valid_from", Zh: "存续起", En: "valid from", Type: Date, Break: true, HelpZh: "不填即一直存在", HelpEn: "always when left out"},
		{Key: "valid_to", Zh: "存续止", En: "valid to", Type: Date, HelpZh: "最后一日", HelpEn: "the last day"},
		{Key: "successor", Zh: "承继单位", En: "successor", Type: Org, HelpZh: "有存续止的必填", HelpEn: "required with valid_to"},
	}),
}

var lawKind = &Kind{
	Name: "laws", Zh: "法律、法规、规章、文件", En: "law",
	Path: "metadata/laws/<id>.yaml", Identity: ByID,
	IntroZh: "可以引用的法律、法规、规章、文件和标准。原文未经核对的写 text_verified: false，页面也会标明。",
	IntroEn: "What entries may cite. Where nobody has read the text, text_verified is false and pages say so.",
	Fields: fields(identity(false), []Field{
		{Key: "title", Zh: "名称", En: "title", Type: Text, Required: true, Min: 2, Max: 200},
		{Key: "short_title", Zh: "简称", En: "short title", Type: Text, Max: 100},
		{Key: "doc_no", Zh: "文号", En: "document number", Type: Text, Max: 100, HelpZh: "文号、网址至少填一项", HelpEn: "this or the address is required", Example: "长府规〔2021〕2号"},
		{Key: "issuer", Zh: "制定机关", En: "issuer", Type: Text, Required: true, Min: 2, Max: 200},
		{Key: "level", Zh: "效力层级", En: "level", Type: Term, Vocab: "law_level", Required: true, Example: "normative_document"},
		{Key: "adopted_on", Zh: "通过日期", En: "adopted on", Type: Date},
		{Key: "issued_on", Zh: "发布日期", En: "issued on", Type: Date},
		{Key: "in_force_from", Zh: "施行日期", En: "in force from", Type: Date},
		{Key: "in_force_to", Zh: "失效日期", En: "in force to", Type: Date, HelpZh: "有效的最后一日", HelpEn: "the last day in force"},
		{Key: "successor", Zh: "替代者", En: "successor", Type: Law},
		{Key: "supersedes", Zh: "废止", En: "supersedes", Type: Law, List: true, MaxItems: 50},
		{Key: "url", Zh: "网址", En: "address", Type: URL},
		{Key: "text_sha256", Zh: "原文校验值", En: "digest of the text", Type: Token, Pattern: sha256Pattern},
		{Key: "amended", Zh: "修订", En: "amended", Type: Object, List: true, MaxItems: 100, Fields: []Field{
			{Key: "on", Zh: "日期", En: "on", Type: Date, Required: true},
			{Key: "doc_no", Zh: "文号", En: "document number", Type: Text, Max: 100},
		}},
		{Key: "articles", Zh: "条文", En: "articles", Type: Object, List: true, MaxItems: 1000, Fields: []Field{
			{Key: "no", Zh: "条", En: "number", Type: Token, Required: true, Pattern: articlePattern, HelpZh: "阿拉伯数字，加引号", HelpEn: "Arabic digits, quoted", Example: "14"},
			{Key: "title", Zh: "条标", En: "title", Type: Text, Max: 100},
			{Key: "text", Zh: "条文", En: "text", Type: Prose, Max: 4000, HelpZh: "只有核对过的才作为原文显示", HelpEn: "quoted only when verified"},
			{Key: "verified", Zh: "已核对", En: "verified", Type: Bool, Required: true},
		}},
		{Key: "articles_complete", Zh: "条文齐全", En: "articles complete", Type: Bool, HelpZh: "为 true 时引用的条必须在下面", HelpEn: "when true a cited article must be listed"},
		{Key: "text_verified", Zh: "原文已核对", En: "text verified", Type: Bool, Required: true},
		{Key: "note", Zh: "说明", En: "note", Type: Prose, Max: 2000},
	}),
}

var limitFields = []Field{
	{Key: "value", Zh: "数值", En: "value", Type: Int, Required: true, Max: 100000},
	{Key: "basis", Zh: "出处", En: "basis", Type: Text, Required: true, Min: 2, Max: 300},
	{Key: "verified", Zh: "已核对", En: "verified", Type: Bool, Required: true},
}

var regimeKind = &Kind{
	Name: "regimes", Zh: "依据办法", En: "regime",
	Path: "metadata/regimes/<id>.yaml", Identity: ByID,
	IntroZh: "一部办法在其有效期内规定的职责、期限、阈值和状态变化。换了办法，新写一份，旧的不动。",
	IntroEn: "Duties, deadlines, thresholds and transitions of one law for the time it is in force. A new law is a new file.",
	Fields: fields(identity(false), []Field{
		{Key: "title", Zh: "名称", En: "title", Type: Text, Required: true, Min: 2, Max: 200},
		{Key: "law", Zh: "依据文件", En: "law", Type: Law, Required: true},
		{Key: "valid_from", Zh: "起", En: "valid from", Type: Date},
		{Key: "valid_to", Zh: "止", En: "valid to", Type: Date, HelpZh: "有效的最后一日", HelpEn: "the last day"},
		{Key: "successor", Zh: "后续办法", En: "successor", Type: Regime},
		{Key: "text_verified", Zh: "原文已核对", En: "text verified", Type: Bool, Required: true},

		{Key: "scope", Zh: "适用单位", En: "scope", Type: Term, Vocab: "org_type", List: true, Break: true},
		{Key: "share_types", Zh: "共享类型", En: "sharing types", Type: Object, List: true, Fields: nationalFields("share_type")},
		{Key: "open_types", Zh: "开放类型", En: "opening types", Type: Object, List: true, Fields: nationalFields("open_type")},
		{Key: "roles_required", Zh: "须有的职责", En: "roles required", Type: Term, Vocab: "role", List: true},

		{Key: "deadlines", Zh: "期限", En: "deadlines", Type: Map, Break: true, Value: &Field{Type: Object, Fields: []Field{
			limitFields[0],
			{Key: "unit", Zh: "单位", En: "unit", Type: Term, Required: true, Enum: []Choice{{"calendar_day", "日", "calendar days"}, {"working_day", "工作日", "working days"}}},
			limitFields[1], limitFields[2],
		}}},
		{Key: "thresholds", Zh: "阈值", En: "thresholds", Type: Map, Value: &Field{Type: Object, Fields: limitFields}},
		{Key: "transitions", Zh: "状态变化", En: "transitions", Type: Object, List: true, MaxItems: 100, Break: true, Fields: []Field{
			{Key: "from", Zh: "从", En: "from", Type: Term, Vocab: "status", List: true},
			{Key: "to", Zh: "到", En: "to", Type: Term, Vocab: "status", Required: true},
			{Key: "by", Zh: "由", En: "by", Type: Term, Vocab: "role", List: true, Required: true, MinItems: 1, HelpZh: "provider 指提供方", HelpEn: "provider is the body itself", Enum: []Choice{{"provider", "提供方", "provider"}}},
		}},
		{Key: "list_closed", Zh: "非开放条目可见范围", En: "how far closed entries show", Type: Term, Default: "none", Break: true, Enum: []Choice{{"none", "不公开", "nothing"}, {"title_only", "仅公开名称", "title only"}}},
		{Key: "determination_required", Zh: "属性须经认定", En: "determination required", Type: Bool},
		{Key: "review_after_days", Zh: "复核时限", En: "review after days", Type: Int, Max: 3660, HelpZh: "日历日；内部时限", HelpEn: "calendar days"},
		{Key: "rule_basis", Zh: "规则依据", En: "basis of the rules", Type: Map, Break: true, HelpZh: "规则编号 → 条款", HelpEn: "rule id → articles", Value: &Field{Type: Token, List: true, Max: 20, Pattern: `^\d{1,4}(\([^()]{1,4}\))*$`}},
	}),
}

func nationalFields(vocab string) []Field {
	return []Field{
		{Key: "code", Zh: "代码", En: "code", Type: Term, Vocab: vocab, Required: true},
		{Key: "national", Zh: "国家标准的说法", En: "national term", Type: Text, Max: 60},
	}
}

var authoritiesKind = &Kind{
	Name: "authorities", Zh: "职责归属", En: "role bindings",
	Path: "metadata/authorities.yaml", Identity: Single,
	IntroZh: "某一职责在某一期间归哪个单位。到期填 valid_to，不改旧行。",
	IntroEn: "Which organisation holds which role in which period. Bindings are closed by valid_to, never edited.",
	Fields: []Field{
		{Key: "bindings", Zh: "归属", En: "bindings", Type: Object, List: true, Required: true, MaxItems: 1000, Fields: []Field{
			{Key: "role", Zh: "职责", En: "role", Type: Term, Vocab: "role", Required: true},
			{Key: "org", Zh: "单位", En: "organisation", Type: Org, Required: true},
			{Key: "regime", Zh: "依据办法", En: "regime", Type: Regime, Required: true},
			{Key: "basis", Zh: "条款", En: "basis", Type: Object, Required: true, Fields: legalRefFields},
			{Key: "valid_from", Zh: "起", En: "valid from", Type: Date, Required: true},
			{Key: "valid_to", Zh: "止", En: "valid to", Type: Date},
			{Key: "text_verified", Zh: "原文已核对", En: "text verified", Type: Bool, Required: true},
			{Key: "note", Zh: "说明", En: "note", Type: Text, Max: 300},
		}},
	},
}

var vocabularyKind = &Kind{
	Name: "vocab", Zh: "词表", En: "vocabulary",
	Path: "metadata/vocab/<id>.yaml", Identity: ByID,
	IntroZh: "受控词表。条目里写代码，不写名称。用过的代码不删，只标停用。",
	IntroEn: "A closed list of codes. Records hold the code, never the label. A code once used is deprecated, never removed.",
	Fields: []Field{
		{Key: "id", Zh: "标识", En: "id", Type: Token, Required: true, Min: 2, Max: 80, Pattern: `^[a-z][a-z0-9_]*$`, HelpZh: "与文件名一致", HelpEn: "equal to the file name"},
		{Key: "title", Zh: "名称", En: "title", Type: Text, Required: true, Min: 2, Max: 100},
		{Key: "title_en", Zh: "英文名称", En: "English title", Type: Text, Max: 100},
		{Key: "source", Zh: "出处", En: "source", Type: Text, Required: true, Min: 2, Max: 500},
		{Key: "verified", Zh: "已核对", En: "verified", Type: Bool, Required: true},
		{Key: "values", Zh: "值", En: "values", Type: Object, List: true, Required: true, MinItems: 1, MaxItems: 5000, Fields: []Field{
			{Key: "code", Zh: "代码", En: "code", Type: Token, Required: true, Max: 80, Pattern: `^[A-Za-z0-9][A-Za-z0-9._/-]*$`},
			{Key: "zh", Zh: "名称", En: "Chinese", Type: Text, Required: true, Max: 100},
			{Key: "en", Zh: "英文名称", En: "English", Type: Text, Max: 200},
			{Key: "parent", Zh: "上级代码", En: "parent", Type: Token, Max: 80},
			{Key: "aliases", Zh: "别名", En: "aliases", Type: Text, List: true, MaxItems: 50, Max: 100},
			{Key: "description", Zh: "说明", En: "description", Type: Text, Max: 500},
			{Key: "mappings", Zh: "对照", En: "mappings", Type: Map, HelpZh: "其他代码体系中的写法，值一律加引号", HelpEn: "its name in other systems; values are quoted", Value: &Field{Type: Text, Max: 300}},
			{Key: "deprecated_on", Zh: "停用日期", En: "deprecated on", Type: Date},
			{Key: "replaced_by", Zh: "改用", En: "replaced by", Type: Token, Max: 80},
		}},
	},
}

var calendarKind = &Kind{
	Name: "calendar", Zh: "工作日历", En: "working days",
	Path: "metadata/calendar/<yyyy>.yaml", Identity: ByYear,
	IntroZh: "一年的法定节假日和调休上班日，依国务院办公厅的通知。",
	IntroEn: "Days off and working weekend days of one year, from the State Council's notice.",
	Fields: []Field{
		{Key: "year", Zh: "年份", En: "year", Type: Int, HelpZh: "取自文件名，一般不写", HelpEn: "taken from the file name"},
		{Key: "source", Zh: "出处", En: "source", Type: Text, Required: true, Min: 2, Max: 500},
		{Key: "holidays", Zh: "节假日", En: "holidays", Type: Object, List: true, Required: true, MinItems: 1, MaxItems: 50, Fields: []Field{
			{Key: "name", Zh: "名称", En: "name", Type: Text, Required: true, Max: 40, Example: "国庆节"},
			{Key: "name_en", Zh: "英文名称", En: "English name", Type: Text, Max: 60},
			{Key: "days", Zh: "放假日", En: "days off", Type: Date, List: true, Required: true, MinItems: 1, MaxItems: 30},
			{Key: "workdays", Zh: "调休上班日", En: "worked weekend days", Type: Date, List: true, MaxItems: 10},
		}},
	},
}
