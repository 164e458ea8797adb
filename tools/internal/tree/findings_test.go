package tree_test

import (
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/testrepo"
	"opendata.example/odc/tools/internal/tree"
)

// TestFindings breaks the valid repository in one place. The finding must stand at the changed text, carry the rule and
// say both what is wrong and how to mend it.
func TestFindings(t *testing.T) {
	tests := []struct {
		name, path, from, to string
		rule, at, zh, hint   string // at: text on the line of the finding, "" = line 1
	}{
		{"label for a code", testrepo.Entry, "domain: livelihood", "domain: 民生服务", "R18", "domain:", "“民生服务”不是规定代码，是否应为“livelihood”（民生服务）？", "livelihood"},
		{"alias for a code", testrepo.Entry, "domain: livelihood", "domain: 交通", "R18", "domain:", "“transport”（道路交通）", ""},
		{"code with a slip", testrepo.Entry, "domain: livelihood", "domain: livelyhood", "R18", "domain:", "是否应为“livelihood”", ""},
		{"unknown code", testrepo.Entry, "domain: livelihood", "domain: weather", "R18", "domain:", "“weather”不是规定代码", "transport、society"},
		{"unknown key", testrepo.Entry, "domain: livelihood", "domian: livelihood", "R19", "domian", "不认识的键“domian”", "是否应为 domain？"},
		{"Chinese key", testrepo.Entry, "domain: livelihood", "数据领域: livelihood", "R19", "数据领域", "不认识的键“数据领域”", "是否应为 domain？"},
		{"missing key", testrepo.Entry, "domain: livelihood\n", "", "R19", "resource_code", "缺少“数据领域”（domain）", "请补上 domain"},
		{"missing nested key", testrepo.Entry, "    type: D\n", "", "R19", "name: opened_on", "缺少“数据类型”（type）", ""},
		{"no value", testrepo.Entry, "domain: livelihood", "domain:", "R19", "domain:", "没有值", ""},
		{"number without quotes", testrepo.Entry, `start: "2021"`, "start: 2021", "R19", "start:", "须加引号", "odc fmt"},
		{"number in quotes", testrepo.Entry, "security_level: 1", `security_level: "1"`, "R19", "security_level", "应为整数，不加引号", ""},
		{"computed key", testrepo.Entry, "domain: livelihood", "domain: livelihood\nprovider: minzheng", "R19", "provider:", "由程序得出", "请删去"},
		{"own id differs", testrepo.Entry, "title: 社区食堂名录", "id: other\ntitle: 社区食堂名录", "R18", "id: other", "与路径不一致", ""},
		{"day that does not exist", testrepo.Entry, `"2024-03-01"`, `"2024-02-30"`, "R18", "2024-02-30", "真实存在的日期", ""},
		{"day with slashes", testrepo.Entry, `"2024-03-01"`, "2024/3/1", "R18", "2024/3/1", "真实存在的日期", `"2024-03-01"`},
		{"day of an Excel sheet", testrepo.Entry, `"2024-03-01"`, "45352", "R18", "45352", "真实存在的日期", `"2024-03-01"`},
		{"day in quotes of Word", testrepo.Entry, `"2024-03-01"`, "“2024-03-01”", "R18", "“2024-03-01”", "真实存在的日期", `"2024-03-01"`},
		{"quotes of Word", testrepo.Entry, "title: 社区食堂名录", "title: “社区食堂名录”", "R18", "title:", "引号会成为内容", "请删去引号"},
		{"check digit", testrepo.Entry, "307031310105007/", "307031310105008/", "R18", "resource_code", "校验码", ""},
		{"secrecy is not repeated", testrepo.Entry, "secrecy: non_secret", "secrecy: 机密事项", "R18", "secrecy", "只能是“non_secret”", ""},
		{"angle brackets", testrepo.Entry, "title: 社区食堂名录", "title: 社区<b>食堂", "R18", "title:", "< 或 >", ""},
		{"too short", testrepo.Entry, "title: 社区食堂名录", "title: 食", "R18", "title:", "应为2—100字", ""},
		{"not in normal form", testrepo.Entry, "title_en: Community canteens", "title_en: Cafe\u0301s", "R19", "title_en", "NFC", ""},
		{"invisible character", testrepo.Entry, "title: 社区食堂名录", "title: 社区\u200b食堂", "R18", "title:", "U+200B", ""},
		{"withdrawn without a reason", testrepo.Entry, "status: published", "status: withdrawn", "R19", "resource_code", "撤回须说明原因", "status_reason"},
		{"repeated keyword", testrepo.Entry, "  - 助餐\n", "  - 养老\n", "R18", "  - 养老\n  - 社区", "重复", ""},
		{"repeated item name", testrepo.Entry, "  - name: seats", "  - name: Street", "R18", "name: Street", "与第2项重复", ""},
		{"key that may be absent", testrepo.Entry, "    required: true\n    key: true", "    key: true", "R19", "  - name: name", "须同时必填", ""},
		{"character item without length", testrepo.Entry, "    length: 20\n", "", "R19", "  - name: street", "须写长度", ""},
		{"unknown organisation", testrepo.Entry, "duty_basis:", "source_org: minzhen\nduty_basis:", "R18", "source_org", "没有标识为“minzhen”的单位", "minzheng"},
		{"unknown law", testrepo.Entry, "  - law: changning-2021-2", "  - law: changning-2021", "R18", "- law:", "没有标识为“changning-2021”", "changning-2021-2"},
		{"unknown regime", testrepo.Entry, "regime: cn-2021", "regime: cn-2020", "R18", "regime:", "没有标识为“cn-2020”", "cn-2021"},
		{"level 2 theme of another level 1", testrepo.Entry, "l1: civil-affairs\n", "l1: general-government\n", "R18", "l2:", "不属于一级", ""},
		{"published without a day", testrepo.Entry, "published_on: \"2024-03-01\"\n", "", "R19", "resource_code", "须有“发布日期”", ""},
		{"looser item", testrepo.Conditional, "    description: 按热线的分类", "    description: 按热线的分类\n    open_type: unconditional", "R18", "open_type", "不能比条目更宽", ""},
		{"personal item of an impersonal entry", testrepo.Entry, "    description: 食堂的名称", "    description: 食堂的名称\n    pii: name", "R18", "pii:", "个人信息", ""},
		{"conditional without condition", testrepo.Conditional, "  condition: 说明用途，签署使用协议，不得据此推断诉求人身份。\n", "", "R19", "open:", "须写明开放条件", ""},
		{"open but not shared", testrepo.Closed, "  type: authorized", "  type: none", "R18", "methods:", "没有共享方式", ""},
		{"two distributions of one id", testrepo.OpenEntry, "  - id: json", "  - id: csv", "R18", "id: csv\n    title: 社区食堂名录（JSON", "与第1项重复", ""},
		{"interface without endpoint", testrepo.OpenEntry, "    kind: file\n    format: json", "    kind: api\n    format: json", "R19", "- id: json", "接口须有接口地址", ""},
		{"path as a source file", testrepo.OpenEntry, "source: canteens.csv", "source: ../canteens.csv", "R18", "source:", "写法不符", ""},
		{"access without a condition", testrepo.OpenEntry, "open_level: L1", "open_level: L1\nopen_condition: 说明用途", "R18", "open_condition", "没有开放条件", ""},
		{"rows out of order", testrepo.Decisions, "  - n: 2", "  - n: 3", "R18", "n: 3", "序号应为2", ""},
		{"decision of another list", testrepo.Decisions, "    attribute: open\n    value: unconditional", "    attribute: open\n    value: authorized", "R18", "value: authorized", "不是 open_type 的规定代码", ""},
		{"social credit code", testrepo.Department, `serial: "007"`, "serial: \"007\"\nuscc: \"11310105MB2F30000A\"", "R15", "uscc", "统一社会信用代码有误", ""},
		{"mobile number as office phone", testrepo.Department, `phone: "12345"`, `phone: "13800138000"`, "R18", "phone", "疑似个人信息，不显示", "12345"},
		{"law without number or address", testrepo.Law, "doc_no: 长府规〔2021〕2号\n", "", "R19", "title:", "至少填一项", ""},
		{"code twice in a vocabulary", "metadata/vocab/domain.yaml", "- code: society", "- code: transport", "R18", "code: transport\n    zh: 社会", "与第1项重复", ""},
		{"label for a unit", testrepo.Regime, "unit: working_day", "unit: 工作日", "R18", "unit:", "是否应为“working_day”", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			repo := testrepo.Valid(t).Edit(tt.path, tt.from, tt.to)
			line := 1
			if tt.at != "" {
				line = repo.Line(tt.path, tt.at)
			}
			want(t, repo, tt.path, line, tt.rule, tt.zh, tt.hint)
		})
	}
}

// TestPaths puts a file where it does not belong.
func TestPaths(t *testing.T) {
	entry := testrepo.Valid(t).Text(testrepo.Entry)
	tests := []struct{ name, path, text, rule, zh, hint string }{
		{"folder with a slip", "metadata/catalgo/minzheng/a1.yaml", entry, "R19", "不认识的文件", "metadata/catalog"},
		{"no folder of a department", "metadata/catalog/a1.yaml", entry, "R19", "不认识的文件", "metadata/catalog/<dept>/<id>.yaml"},
		{"other ending", "metadata/catalog/minzheng/a1.yml", entry, "R19", "不认识的文件", ".yaml"},
		{"other ending in capitals", "metadata/catalog/minzheng/a1.YAML", entry, "R19", "不认识的文件", "扩展名应为 .yaml"},
		{"second ending", "metadata/catalog/minzheng/a1.yaml.txt", entry, "R19", "不认识的文件", "扩展名应为 .yaml"},
		{"data among metadata", "metadata/catalog/minzheng/a1.xlsx", "PK", "R19", "不认识的文件", "datasets/<dept>/<id>/"},
		{"left by Office", "datasets/minzheng/community-canteens/~$canteens.xlsx", "x", "R19", "临时文件", "删去"},
		{"left by Windows", "datasets/minzheng/community-canteens/Thumbs.db", "x", "R19", "临时文件", "删去"},
		{"department by its name", "metadata/catalog/民政局/a1.yaml", entry, "R18", "没有标识为“民政局”的单位", "metadata/departments/"},
		{"capital letters", "metadata/catalog/minzheng/Care.yaml", entry, "R18", "不能作标识", "小写字母"},
		{"reserved id", "metadata/openlist/minzheng/latest.yaml", testrepo.Valid(t).Text(testrepo.OpenEntry), "R18", "保留字", ""},
		{"unknown department", "metadata/catalog/minzhen/a1.yaml", entry, "R18", "没有标识为“minzhen”的单位", "minzheng"},
		{"year of the calendar", "metadata/calendar/next.yaml", testrepo.Valid(t).Text("metadata/calendar/2025.yaml"), "R18", "四位年份", ""},
		{"data without an entry", "datasets/minzheng/comunity-canteens/a.csv", "a\n1\n", "R18", "没有对应的开放清单条目", "datasets/minzheng/community-canteens"},
		{"data in a subfolder", "datasets/minzheng/community-canteens/old/a.csv", "a\n1\n", "R19", "不认识的文件", ""},
		{"release under another name", "datasets/minzheng/community-canteens/releases/2025-11-21.yaml", testrepo.Valid(t).Text("datasets/minzheng/community-canteens/releases/2025-11-20.yaml"), "R18", "版本与文件名不一致", ""},
		{"remote file without digest", "datasets/minzheng/community-canteens/b.csv.ref.yaml", "url: https://files.example.org/b.csv\nbytes: 5\n", "R19", "缺少“校验值”", ""},
		{"empty file", "metadata/laws/cn-empty.yaml", "", "R19", "文件是空的", "odc new"},
		{"binary file", "metadata/laws/cn-binary.yaml", "PK\x03\x04\x00\x00", "R19", "不是文本文件", ""},
		{"huge file", "metadata/laws/cn-huge.yaml", "title: " + strings.Repeat("长", 400_000), "R19", "文件过大", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want(t, testrepo.Valid(t).Put(tt.path, tt.text), tt.path, 1, tt.rule, tt.zh, tt.hint)
		})
	}
}

func want(t *testing.T, repo *testrepo.Repo, path string, line int, rule, zh, hint string) {
	t.Helper()
	_, _, findings, err := tree.Load(repo)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, f := range findings {
		if f.Message.En == "" || f.Hint.Zh == "" || f.Hint.En == "" {
			t.Errorf("finding without English or a hint: %+v", f)
		}
		if f.Path == path && f.Line == line && f.Rule == rule && f.Severity == diag.Error &&
			strings.Contains(f.Message.Zh, zh) && strings.Contains(f.Hint.Zh, hint) {
			return
		}
		seen = append(seen, f.Place()+" "+f.Message.Zh+" ["+f.Rule+"] "+f.Hint.Zh)
	}
	t.Errorf("want %s at %s:%d with %q, hint %q; got\n%s", rule, path, line, zh, hint, strings.Join(seen, "\n"))
}

// TestPrivateNumbersAreNeverRepeated: whatever is wrong with such a value, no finding holds it.
func TestPrivateNumbersAreNeverRepeated(t *testing.T) {
	for _, number := range []string{"13800138000", "138 0013 8000", "310105189901011239", "１３８００１３８０００"} {
		for _, field := range []string{"contact: ", "history_years: ", "municipal_code: \"1\"\nclass: ", number + ": "} {
			repo := testrepo.Valid(t)
			text := repo.Text(testrepo.Entry)
			repo.Put(testrepo.Entry, text+"\n"+field+`"`+number+`"`+"\n")
			_, _, findings, err := tree.Load(repo)
			if err != nil {
				t.Fatal(err)
			}
			if len(findings) == 0 {
				t.Errorf("%s%s was accepted", field, number)
			}
			for _, f := range findings {
				if strings.Contains(f.Message.Zh+f.Message.En+f.Hint.Zh+f.Hint.En+f.Field, number) {
					t.Errorf("a finding repeats %s: %+v", number, f)
				}
			}
		}
	}
}

func TestMissingVocabularyIsOneFinding(t *testing.T) {
	_, _, findings, err := tree.Load(testrepo.Valid(t).Remove("metadata/vocab/domain.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) != 1 || findings[0].Path != "metadata/vocab/domain.yaml" {
		t.Errorf("got %+v", findings)
	}
}

func TestDatasetFiles(t *testing.T) {
	repo := testrepo.Valid(t)
	release := repo.Text("datasets/minzheng/community-canteens/releases/2025-11-20.yaml")
	for _, v := range []string{"2025-11-20.2", "2025-11-20.10"} {
		repo.Put("datasets/minzheng/community-canteens/releases/"+v+".yaml", strings.Replace(release, `version: "2025-11-20"`, `version: "`+v+`"`, 1))
	}
	repo.Put("datasets/minzheng/community-canteens/big.csv.ref.yaml", "url: https://files.example.org/big.csv\nsha256: "+strings.Repeat("ab", 32)+"\nbytes: 20971520\n")
	c, _, findings, err := tree.Load(repo)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	o := c.Dataset("community-canteens")
	if len(o.Releases) != 3 || o.Latest().Version != "2025-11-20.10" || o.Releases[0].Version != "2025-11-20" {
		t.Errorf("releases are out of order: %v", o.Releases)
	}
	if f := o.Files["canteens.csv"]; len(f.SHA256) != 64 || f.Bytes != int64(len(repo.Text(testrepo.Source))) {
		t.Errorf("source: %+v", f)
	}
	if f := o.Files["big.csv"]; f.Remote == "" || f.Bytes != 20971520 {
		t.Errorf("remote: %+v", f)
	}
}

func TestDefaults(t *testing.T) {
	c, _, _, err := tree.Load(testrepo.Valid(t))
	if err != nil {
		t.Fatal(err)
	}
	e := c.Entry("community-canteens")
	if e.Digital != "native" || e.RecordVisibility != "public" || e.Items[0].PII != "none" {
		t.Errorf("defaults: %q %q %q", e.Digital, e.RecordVisibility, e.Items[0].PII)
	}
	if a := c.Dataset("community-canteens").Distributions[0].Availability; a != "STABLE" {
		t.Errorf("availability %q", a)
	}
}

func TestPositions(t *testing.T) {
	repo := testrepo.Valid(t)
	_, at, _, err := tree.Load(repo)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		field, text string
		column      int
	}{
		{"domain", "domain: livelihood", 9},
		{"items[2].constraints.minimum", `minimum: "0"`, 16},
		{"items[2].constraints", "    constraints:", 5},
		{"items[2].unwritten", "  - name: seats", 5},
		{"open.reason", "open:\n", 1},
		{"keywords[1]", "  - 助餐", 5},
		{"nothing.at.all", "resource_code", 1},
		{"", "resource_code", 1},
	}
	for _, tt := range tests {
		line, column := at.At(testrepo.Entry, tt.field)
		if line != repo.Line(testrepo.Entry, tt.text) || column != tt.column {
			t.Errorf("%q stands at %d:%d, want %d:%d", tt.field, line, column, repo.Line(testrepo.Entry, tt.text), tt.column)
		}
	}
	if line, column := at.At("metadata/none.yaml", "x"); line != 0 || column != 0 {
		t.Errorf("unknown file: %d:%d", line, column)
	}
	var none *tree.Positions
	if line, _ := none.At("a", "b"); line != 0 {
		t.Error("a nil table knows a line")
	}
}

func TestFormattedValid(t *testing.T) {
	changed, findings, err := tree.Format(testrepo.Valid(t), nil)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	for _, f := range changed {
		t.Errorf("not in canonical form:\n%s", f.Diff())
	}
}
