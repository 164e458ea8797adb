package format

var policyKind = &Kind{
	Name: "policy", Zh: "站点设置", En: "policy",
	Path: "metadata/policy.yaml", Identity: Single,
	IntroZh: "运营者的选择：网址、渠道、存储、限额、联系方式。",
	IntroEn: "The operator's choices: address, channel, stores, limits and contacts.",
	Fields: []Field{
		{Key: "base_url", Zh: "网址", En: "base address", Type: URL, Required: true, HelpZh: "不带结尾的 /", HelpEn: "no trailing slash"},
		{Key: "official", Zh: "政府正式网站", En: "official", Type: Bool, Required: true, HelpZh: "为 false 时每页标明“演示站点，非政府网站”", HelpEn: "false: every page says it is a demonstration"},
		{Key: "repository", Zh: "仓库", En: "repository", Type: Term, Required: true, Enum: []Choice{{"public", "公开", "public"}, {"private", "不公开", "private"}}},
		{Key: "channel", Zh: "渠道", En: "channel", Type: Term, Required: true, Enum: []Choice{{"mirror", "发布数据文件", "data files are published"}, {"catalog-only", "只发布目录", "only the catalogue is public"}}},
		{Key: "title", Zh: "站名", En: "title", Type: Text, Required: true, Min: 2, Max: 60, Break: true},
		{Key: "title_en", Zh: "英文站名", En: "English title", Type: Text, Required: true, Min: 2, Max: 100},
		{Key: "description", Zh: "简介", En: "description", Type: Text, Max: 500},
		{Key: "description_en", Zh: "英文简介", En: "English description", Type: Text, Max: 500},
		{Key: "repository_url", Zh: "仓库地址", En: "repository address", Type: URL},
		{Key: "publisher", Zh: "目录发布单位", En: "publisher", Type: Org, Required: true, Break: true},
		{Key: "contact_mail", Zh: "联系邮箱", En: "contact mail", Type: Token, Max: 100, Pattern: mailPattern},
		{Key: "hotline", Zh: "热线", En: "hotline", Type: Token, Pattern: officePhonePattern, Example: "12345"},
		{Key: "site", Zh: "页脚", En: "footer", Type: Object, HelpZh: "有的才填，填了才显示", HelpEn: "shown where set", Fields: []Field{
			{Key: "host", Zh: "主办", En: "host", Type: Text, Max: 100},
			{Key: "operator", Zh: "承办", En: "operator", Type: Text, Max: 100},
			{Key: "icp", Zh: "ICP备案号", En: "ICP number", Type: Text, Max: 60},
			{Key: "gongan", Zh: "公安备案号", En: "police filing number", Type: Text, Max: 60},
			{Key: "site_code", Zh: "网站标识码", En: "site code", Type: Token, Max: 40},
		}},
		{Key: "stores", Zh: "存储", En: "stores", Type: Object, List: true, MaxItems: 20, Break: true, Fields: []Field{
			{Key: "name", Zh: "名称", En: "name", Type: Slug, Required: true, Min: 2, Max: 40},
			{Key: "address", Zh: "地址", En: "address", Type: Token, Required: true, Max: 300, Pattern: `^(dir|s3):\S+$`, Example: "dir:build/store"},
			{Key: "visibility", Zh: "可见范围", En: "visibility", Type: Term, Required: true, Enum: []Choice{{"public", "公开", "public"}, {"private", "不公开", "private"}}},
		}},
		{Key: "deletion_budget", Zh: "一次发布可少的条目数", En: "deletion budget", Type: Int, Max: 100000},
		{Key: "fetch_hosts", Zh: "可取文件的主机", En: "hosts to fetch from", Type: Token, List: true, MaxItems: 100, Pattern: `^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`},
		{Key: "limits", Zh: "限额", En: "limits", Type: Map, Value: &Field{Type: Int}},
		{Key: "privacy", Zh: "个人信息阈值", En: "privacy thresholds", Type: Map, Value: &Field{Type: Int}},
	},
}

// recordRef is `<kind>:<dept>/<id>`, or `<kind>:<id>` for kinds without departments.
const recordRefPattern = `^(catalog|openlist):[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$`

var aliasesKind = &Kind{
	Name: "aliases", Zh: "别名与注销", En: "aliases and tombstones",
	Path: "metadata/aliases.yaml", Identity: Single,
	IntroZh: "移动过的记录写明新址，撤销的记录只写旧址；只增不改。",
	IntroEn: "Moved records name their new address; withdrawn ones leave only the old one. Append-only.",
	Fields: []Field{
		{Key: "aliases", Zh: "别名", En: "aliases", Type: Object, List: true, Required: true, MaxItems: 10000, Fields: []Field{
			{Key: "from", Zh: "旧址", En: "from", Type: Token, Required: true, Pattern: recordRefPattern, Example: "openlist:minzheng/canteens"},
			{Key: "to", Zh: "新址", En: "to", Type: Token, Pattern: recordRefPattern},
			{Key: "on", Zh: "日期", En: "on", Type: Date, Required: true},
			{Key: "reason", Zh: "原因", En: "reason", Type: Text, Required: true, Min: 4, Max: 500},
			{Key: "code", Zh: "代码", En: "code", Type: Token, Max: 40},
			{Key: "title", Zh: "名称", En: "title", Type: Text, Max: 100},
			{Key: "closed", Zh: "曾为非开放", En: "was closed", Type: Bool},
		}},
	},
}

var keysKind = &Kind{
	Name: "keys", Zh: "签名公钥", En: "trusted keys",
	Path: "metadata/keys.yaml", Identity: Single,
	IntroZh: "可以为发布版本签名的公钥。私钥不入库。",
	IntroEn: "Public keys that may sign releases. Private keys never enter the repository.",
	Fields: []Field{
		{Key: "keys", Zh: "公钥", En: "keys", Type: Object, List: true, Required: true, MaxItems: 100, Fields: []Field{
			{Key: "id", Zh: "标识", En: "id", Type: Token, Required: true, Min: 2, Max: 80, Pattern: `^[A-Za-z0-9][A-Za-z0-9._-]*$`},
			{Key: "public_key", Zh: "公钥", En: "public key", Type: Token, Required: true, Pattern: `^[A-Za-z0-9+/]{43}=$`, HelpZh: "ed25519，base64", HelpEn: "ed25519, base64"},
			{Key: "from_seq", Zh: "自第几版", En: "from release", Type: Int},
			{Key: "until_seq", Zh: "至第几版", En: "until release", Type: Int, HelpZh: "不填即不限", HelpEn: "open when left out"},
			{Key: "revoked", Zh: "已吊销", En: "revoked", Type: Bool},
		}},
	},
}

var mappingKind = &Kind{
	Name: "mapping", Zh: "市平台字段对照", En: "municipal mapping",
	Path: "metadata/municipal/mapping.yaml", Identity: Single,
	IntroZh: "开放清单怎样变成市平台的列。平台的字段名只出现在这里。",
	IntroEn: "How open-list entries become the municipal platform's columns. Its field names occur nowhere else.",
	Fields: []Field{
		{Key: "version", Zh: "版本", En: "version", Type: Token, Required: true, Max: 40},
		{Key: "valid_from", Zh: "起用日期", En: "valid from", Type: Date, Required: true},
		{Key: "columns", Zh: "列", En: "columns", Type: Object, List: true, Required: true, MinItems: 1, MaxItems: 200, Break: true, Fields: mappingFields(2)},
		{Key: "json", Zh: "JSON 成员", En: "JSON members", Type: Object, List: true, MaxItems: 200, Break: true, Fields: mappingFields(2)},
		{Key: "core", Zh: "国家核心元数据", En: "national core metadata", Type: Object, List: true, MaxItems: 200, Break: true, Fields: mappingFields(2)},
	},
}

// mappingFields may hold themselves, to the given depth.
func mappingFields(depth int) []Field {
	fs := []Field{
		{Key: "target", Zh: "目标字段", En: "target", Type: Text, Required: true, Max: 100},
		{Key: "source", Zh: "来源", En: "source", Type: Token, Max: 100, HelpZh: "点号连接的路径", HelpEn: "a dotted path"},
		{Key: "const", Zh: "常量", En: "constant", Type: Text, Max: 300},
		{Key: "vocab", Zh: "词表对照", En: "vocabulary mapping", Type: Token, Max: 100, Example: "domain.municipal"},
		{Key: "format", Zh: "写法", En: "format", Type: Term, Enum: []Choice{{"date", "日期", "date"}, {"datetime", "日期时间", "date-time"}, {"join", "连接", "joined"}}},
		{Key: "default", Zh: "缺省", En: "default", Type: Text, Max: 300, HelpZh: "代码无对应时使用，并在报告中列出", HelpEn: "where a code has no counterpart; reported"},
		{Key: "required", Zh: "必填", En: "required", Type: Bool},
		{Key: "max_len", Zh: "最长", En: "longest", Type: Int, Max: 100000},
		{Key: "each", Zh: "逐项来源", En: "each of", Type: Token, Max: 100},
	}
	if depth > 0 {
		fs = append(fs, Field{Key: "fields", Zh: "成员", En: "members", Type: Object, List: true, MaxItems: 100, Fields: mappingFields(depth - 1)})
	}
	return fs
}

var releaseKind = &Kind{
	Name: "release", Zh: "数据版本", En: "data release", Machine: true,
	Path: "datasets/<dept>/<id>/releases/<version>.yaml", Identity: InFolder,
	IntroZh: "数据文件一个版本的登记，由 odc data --release 写，人不改。",
	IntroEn: "One published version of a dataset's files, written by odc data --release, never by people.",
	Fields: []Field{
		{Key: "version", Zh: "版本", En: "version", Type: Token, Required: true, Pattern: `^\d{4}-\d{2}-\d{2}(\.[1-9]\d{0,3})?$`},
		{Key: "date", Zh: "日期", En: "date", Type: Date, Required: true},
		{Key: "source_sha256", Zh: "来源校验值", En: "source digest", Type: Token, Required: true, Pattern: sha256Pattern},
		{Key: "items_sha256", Zh: "结构校验值", En: "digest of the items", Type: Token, Required: true, Pattern: sha256Pattern},
		{Key: "content_sha256", Zh: "内容校验值", En: "digest of the content", Type: Token, Required: true, Pattern: sha256Pattern},
		{Key: "diff", Zh: "变化", En: "difference", Type: Object, Fields: []Field{
			{Key: "unknown", Zh: "无从比较", En: "unknown", Type: Bool},
			{Key: "rows_added", Zh: "增加行", En: "rows added", Type: Int},
			{Key: "rows_removed", Zh: "减少行", En: "rows removed", Type: Int},
			{Key: "columns_added", Zh: "增加列", En: "columns added", Type: Token, List: true, MaxItems: 400, Max: 64},
			{Key: "columns_removed", Zh: "减少列", En: "columns removed", Type: Token, List: true, MaxItems: 400, Max: 64},
		}},
		{Key: "files", Zh: "文件", En: "files", Type: Map, Required: true, Value: &Field{Type: Object, Fields: []Field{
			{Key: "sha256", Zh: "校验值", En: "sha256", Type: Token, Required: true, Pattern: sha256Pattern},
			{Key: "bytes", Zh: "大小", En: "bytes", Type: Int, Required: true},
			{Key: "rows", Zh: "行数", En: "rows", Type: Int},
		}}},
	},
}

var remoteKind = &Kind{
	Name: "ref", Zh: "外部数据文件", En: "remote data file",
	Path: "datasets/<dept>/<id>/<file>.ref.yaml", Identity: InFolder,
	IntroZh: "超过 10 MiB 的数据文件不入库，只登记地址、校验值和大小，构建时取来核对。",
	IntroEn: "A data file above 10 MiB stays outside the repository; its address, digest and size stand here and are verified.",
	Fields: []Field{
		{Key: "url", Zh: "地址", En: "address", Type: URL, Required: true},
		{Key: "sha256", Zh: "校验值", En: "sha256", Type: Token, Required: true, Pattern: sha256Pattern},
		{Key: "bytes", Zh: "大小", En: "bytes", Type: Int, Required: true},
	},
}
