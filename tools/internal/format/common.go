package format

// Patterns shared by several kinds.
const (
	slugPattern    = `^[a-z0-9]+(-[a-z0-9]+)*$`
	entryPattern   = `^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$`
	semverPattern  = `^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$`
	sha256Pattern  = `^[0-9a-f]{64}$`
	articlePattern = `^\d{1,4}(-\d{1,3})?$`
	partPattern    = `^\d{1,3}$`
	// OfficePhone is a switchboard, an office line or a hotline; a mobile number never matches.
	officePhonePattern = `^((021-)?\d{8}(-\d{1,6})?|1\d{4}|9\d{4,5}|400-?\d{3}-?\d{4})$`
	mailPattern        = `^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`
	// fileNamePattern allows Chinese file names and refuses paths.
	fileNamePattern = `^[^./\\:*?"|][^/\\:*?"|]*\.[A-Za-z0-9]{1,10}$`
)

// legalRef cites a place in a law.
var legalRefFields = []Field{
	{Key: "law", Zh: "法律、法规、文件", En: "law", Type: Law, Required: true, HelpZh: "metadata/laws 中的标识", HelpEn: "id in metadata/laws", Example: "changning-2021-2"},
	{Key: "article", Zh: "条", En: "article", Type: Token, Pattern: articlePattern, HelpZh: "阿拉伯数字，加引号", HelpEn: "Arabic digits, quoted", Example: "14"},
	{Key: "paragraph", Zh: "款", En: "paragraph", Type: Token, Pattern: partPattern, Example: "1"},
	{Key: "item", Zh: "项", En: "item", Type: Token, Pattern: partPattern, Example: "2"},
	{Key: "note", Zh: "说明", En: "note", Type: Text, Max: 200},
}

// identity keys repeat the path; they may be written and must then agree with it.
func identity(withDept bool) []Field {
	fs := []Field{{Key: "id", Zh: "标识", En: "id", Type: Slug, Min: 2, Max: 80, HelpZh: "取自文件名，一般不写；写了须与文件名一致", HelpEn: "taken from the file name; usually left out, must agree with it when written"}}
	if withDept {
		fs = append(fs, Field{Key: "dept", Zh: "单位", En: "organisation", Type: Org, HelpZh: "取自文件夹名，一般不写；写了须与文件夹名一致", HelpEn: "taken from the folder; usually left out, must agree with it when written"})
	}
	return fs
}

// IsIdentity reports whether a key of a kind only repeats the path.
func (k *Kind) IsIdentity(key string) bool {
	switch k.Identity {
	case ByDept:
		return key == "id" || key == "dept"
	case ByID:
		return key == "id"
	case ByYear:
		return key == "year"
	}
	return false
}

func fields(parts ...[]Field) []Field {
	var out []Field
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

var temporalFields = []Field{
	{Key: "start", Zh: "起", En: "start", Type: Period, Required: true, HelpZh: "年、年月或年月日，加引号", HelpEn: "year, month or day, quoted", Example: "2024-01-01"},
	{Key: "end", Zh: "止", En: "end", Type: Period, HelpZh: "仍在延续的不填", HelpEn: "left out while it goes on", Example: "2024-12-31"},
}

var visibilities = []Choice{
	{"public", "公开", "public"},
	{"title_only", "仅公开名称", "title only"},
	{"internal", "不公开", "internal"},
}
