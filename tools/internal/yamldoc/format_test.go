package yamldoc_test

import (
	"testing"

	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

func TestFormat(t *testing.T) {
	entry, _ := format.Lookup("catalog")
	tests := []struct{ name, in, want string }{
		{"order and groups", "title: 甲\nresource_code: x\nabstract: 乙\nopen:\n  type: closed\n", "resource_code: x\n\ntitle: 甲\nabstract: 乙\n\nopen:\n  type: closed\n"},
		{"a group whose first key is missing", "relation: a\ntitle_en: b\n", "relation: a\n\ntitle_en: b\n"},
		{"extra blank lines go", "title: 甲\n\n\nabstract: 乙\n", "title: 甲\nabstract: 乙\n"},
		{"comments move with their key", "# 关于名称\ntitle: 甲 # 旁注\n# 关于代码\nresource_code: x\n", "# 关于代码\nresource_code: x\n\n# 关于名称\ntitle: 甲 # 旁注\n"},
		{"the editor's line stays on top", "# yaml-language-server: $schema=x.json\n\ntitle: 甲\nresource_code: x\n", "# yaml-language-server: $schema=x.json\nresource_code: x\n\ntitle: 甲\n"},
		{"a header with a blank line below stays on top", "# 说明\n\ntitle: 甲\nresource_code: x\n", "# 说明\n\nresource_code: x\n\ntitle: 甲\n"},
		{"texts that look like other things are quoted", "title: 2024\nresource_code: yes\nversion: 1.0\n", "resource_code: \"yes\"\n\ntitle: \"2024\"\n\nversion: \"1.0\"\n"},
		{"numbers and booleans are not", "security_level: \"2\"\nillustrative: 'true'\n", "security_level: 2\n\nillustrative: true\n"},
		{"needless quotes go", "title: '社区食堂'\nabstract: \"a: b\"\n", "title: 社区食堂\nabstract: \"a: b\"\n"},
		{"quotes within", "title: 'a \"b\" c'\n", "title: a \"b\" c\n"},
		{"list items indent by two", "keywords:\n- 甲\n-   乙\n", "keywords:\n  - 甲\n  - 乙\n"},
		{"keys of items in order", "items:\n- title: 名称\n  # 表头\n  name: a\n", "items:\n  # 表头\n  - name: a\n    title: 名称\n"},
		{"blank lines between items stay", "items:\n- name: a\n\n\n- name: b\n", "items:\n  - name: a\n\n  - name: b\n"},
		{"short flow stays", "theme_national: {l2: b, l1: a}\nspatial: [310105]\n", "theme_national: {l1: a, l2: b}\nspatial: [\"310105\"]\n"},
		{"long flow becomes a block", "keywords: [一二三四五六七八九十一二三四五六七八九十, 一二三四五六七八九十一二三四五六七八九十, 一二三四五六七八九十一二三四五六七八九十, 一二三四五六七八九十一二三四五六七八九十, 一二三四五六七八九十]\n",
			"keywords:\n  - 一二三四五六七八九十一二三四五六七八九十\n  - 一二三四五六七八九十一二三四五六七八九十\n  - 一二三四五六七八九十一二三四五六七八九十\n  - 一二三四五六七八九十一二三四五六七八九十\n  - 一二三四五六七八九十\n"},
		{"literal text", "abstract: |\n    第一行\n\n    第二行\n", "abstract: |\n  第一行\n\n  第二行\n"},
		{"escaped newline becomes literal", "abstract: \"a\\nb\"\n", "abstract: |-\n  a\n  b\n"},
		{"short folded text is one line", "abstract: >-\n  a\n  b\n", "abstract: a b\n"},
		{"plain text over lines is one line", "abstract: a\n  b\n", "abstract: a b\n"},
		{"comment at the end of a list", "keywords:\n  - 甲\n  # 完\ntitle: x\n", "title: x\nkeywords:\n  - 甲\n  # 完\n"},
		{"comment at the end of the file", "title: x\n# 完\n", "title: x\n# 完\n"},
		{"comment below a nested key", "open:\n  type: closed\n  # 待补\nshare:\n  type: none\n", "share:\n  type: none\n\nopen:\n  type: closed\n  # 待补\n"},
		{"comment inside a flow", "keywords: [甲, # 一\n  乙]\n", "keywords:\n  - 甲 # 一\n  - 乙\n"},
		{"windows line ends and BOM", "\ufefftitle: 甲\r\nabstract: 乙\r\n", "title: 甲\nabstract: 乙\n"},
		{"unknown keys stay at the end", "zz: 1\ntitle: 甲\n", "title: 甲\n\nzz: 1\n"},
		{"no value", "title:\nabstract: ~\n", "title:\nabstract:\n"},
		{"codes and versions are quoted", "version: 1.0.0\nresource_code: 307031310105012/00000195\n", "resource_code: \"307031310105012/00000195\"\n\nversion: \"1.0.0\"\n"},
		{"empty collections", "keywords: [ ]\nopen: {  }\n", "keywords: []\n\nopen: {}\n"},
		{"comment behind a key with a block", "items: # 列\n- name: a # 名\n", "items: # 列\n  - name: a # 名\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, findings := yamldoc.Format("a.yaml", []byte(tt.in), entry)
			if len(findings) > 0 {
				t.Fatalf("finding: %+v", findings)
			}
			if string(got) != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			again, _ := yamldoc.Format("a.yaml", got, entry)
			if string(again) != string(got) {
				t.Errorf("formatting twice gives\n%s", again)
			}
		})
	}
}
