package diag

import (
	"encoding/json"
	"strings"
	"testing"
)

func lapsed() Finding {
	return Finding{
		Rule: "R05", Severity: Error, Path: "metadata/determinations/mz/1203.yaml", Line: 14, Column: 9,
		Message: Text{"认定日 2026-03-02 所依据的办法已于 2025-12-31 失效", "the regime of the decision lapsed on 2025-12-31"},
		Reason:  Text{"办法 cn-2021 自 2026-01-01 起不再有效", "regime cn-2021 is void from 2026-01-01"},
		Hint:    Text{"请由有权部门依现行办法重新认定", "ask the competent body to decide again"},
	}
}

func TestPrint(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*Finding)
		lang    Lang
		verbose bool
		want    string
	}{
		{name: "where, what, why and how in Chinese", lang: Zh, want: `metadata/determinations/mz/1203.yaml:14:9: 错误: 认定日 2026-03-02 所依据的办法已于 2025-12-31 失效 [R05]
  原因: 办法 cn-2021 自 2026-01-01 起不再有效
  办法: 请由有权部门依现行办法重新认定
`},
		{name: "the same in English", lang: En, want: `metadata/determinations/mz/1203.yaml:14:9: error: the regime of the decision lapsed on 2025-12-31 [R05]
  reason: regime cn-2021 is void from 2026-01-01
  fix: ask the competent body to decide again
`},
		{name: "articles follow the reason", lang: Zh,
			change: func(f *Finding) { f.Articles, f.Hint = []string{"长府规〔2021〕2号第十四条"}, Text{} },
			want: `metadata/determinations/mz/1203.yaml:14:9: 错误: 认定日 2026-03-02 所依据的办法已于 2025-12-31 失效 [R05]
  原因: 办法 cn-2021 自 2026-01-01 起不再有效（长府规〔2021〕2号第十四条）
`},
		{name: "English missing falls back to Chinese", lang: En,
			change: func(f *Finding) { f.Message.En, f.Reason, f.Hint = "", Text{}, Text{} },
			want:   "metadata/determinations/mz/1203.yaml:14:9: error: 认定日 2026-03-02 所依据的办法已于 2025-12-31 失效 [R05]\n"},
		{name: "a whole file has no line", lang: Zh,
			change: func(f *Finding) { f.Line, f.Column, f.Reason, f.Hint = 0, 0, Text{}, Text{} },
			want:   "metadata/determinations/mz/1203.yaml: 错误: 认定日 2026-03-02 所依据的办法已于 2025-12-31 失效 [R05]\n"},
		{name: "clock findings are counted", lang: Zh,
			change: func(f *Finding) { f.Clock, f.Severity = true, Warning },
			want:   "另有 1 条与期限有关的事项 [R05]，加 -v 逐条列出\n"},
		{name: "verbose lists clock findings", lang: En, verbose: true,
			change: func(f *Finding) { f.Clock, f.Severity, f.Reason, f.Hint = true, Warning, Text{}, Text{} },
			want:   "metadata/determinations/mz/1203.yaml:14:9: warning: the regime of the decision lapsed on 2025-12-31 [R05]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := lapsed()
			if tt.change != nil {
				tt.change(&f)
			}
			out := &strings.Builder{}
			if err := Print(out, []Finding{f}, tt.lang, tt.verbose); err != nil {
				t.Fatal(err)
			}
			if out.String() != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", out, tt.want)
			}
		})
	}
}

func TestPrintGitHubEscapes(t *testing.T) {
	f := lapsed()
	f.Path, f.Message, f.Reason, f.Hint = "a,b:c%.csv", Text{"一\n二", "one"}, Text{}, Text{}
	out := &strings.Builder{}
	if err := PrintGitHub(out, []Finding{f}); err != nil {
		t.Fatal(err)
	}
	want := "::error file=a%2Cb%3Ac%25.csv,line=14,col=9,title=R05::一%0A二%0Aone\n"
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out, want)
	}
}

func TestPrintJSONReadsBack(t *testing.T) {
	for _, fs := range [][]Finding{{}, {lapsed()}, {lapsed(), lapsed()}} {
		out := &strings.Builder{}
		if err := PrintJSON(out, fs); err != nil {
			t.Fatal(err)
		}
		var back []Finding
		if err := json.Unmarshal([]byte(out.String()), &back); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		if len(back) != len(fs) {
			t.Errorf("%d findings read back, want %d", len(back), len(fs))
		}
	}
}

func TestSummaryCountsBySeverity(t *testing.T) {
	w := lapsed()
	w.Severity = Warning
	if got, want := Summary([]Finding{lapsed(), w, w}, Zh), "1 个错误，2 个警告，0 条提示"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
