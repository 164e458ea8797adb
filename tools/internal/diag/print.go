package diag

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Lang chooses the language of the text form.
type Lang string

// Languages of the text form.
const (
	Zh Lang = "zh"
	En Lang = "en"
)

// words of the text form.
type words struct {
	severity            map[Severity]string
	reason, hint, basis string
	clock, many         string
}

var wordsOf = map[Lang]words{
	Zh: {
		severity: map[Severity]string{Error: "错误", Warning: "警告", Info: "提示"},
		reason:   "原因", hint: "办法", basis: "依据",
		clock: "另有 %d 条与期限有关的事项 [%s]，加 -v 逐条列出\n",
		many:  "%d 个错误，%d 个警告，%d 条提示",
	},
	En: {
		severity: map[Severity]string{Error: "error", Warning: "warning", Info: "info"},
		reason:   "reason", hint: "fix", basis: "basis",
		clock: "%d more about deadlines [%s]; -v lists them\n",
		many:  "%d errors, %d warnings, %d notes",
	},
}

// In returns the text in a language; English falls back to Chinese, which is never empty.
func (t Text) In(l Lang) string {
	if l == En && t.En != "" {
		return t.En
	}
	return t.Zh
}

// Place is where a finding lies: path, path:line or path:line:column.
func (f Finding) Place() string {
	switch {
	case f.Line == 0:
		return f.Path
	case f.Column == 0:
		return fmt.Sprintf("%s:%d", f.Path, f.Line)
	}
	return fmt.Sprintf("%s:%d:%d", f.Path, f.Line, f.Column)
}

// Print writes findings for people, each with where, what, why and how:
//
//	metadata/determinations/mz/1203.yaml:14:9: 错误: 认定日 2026-03-02 所依据的办法已于 2025-12-31 失效 [R05]
//	  原因: 办法 cn-2021 自 2026-01-01 起不再有效（长府规〔2021〕2号第十四条）
//	  办法: 请由有权部门依现行办法重新认定
//
// Findings that time alone may cause are counted in one line for each rule unless verbose.
func Print(w io.Writer, fs []Finding, lang Lang, verbose bool) error {
	b := bufio.NewWriter(w)
	word := wordsOf[cmp.Or(lang, Zh)]
	clock := map[string]int{}
	for _, f := range fs {
		if f.Clock && !verbose {
			clock[f.Rule]++
			continue
		}
		fmt.Fprintf(b, "%s: %s: %s [%s]\n", f.Place(), word.severity[f.Severity], f.Message.In(lang), f.Rule)
		if reason := f.reason(lang, word); reason != "" {
			fmt.Fprintf(b, "  %s: %s\n", word.reason, reason)
		}
		if hint := f.Hint.In(lang); hint != "" {
			fmt.Fprintf(b, "  %s: %s\n", word.hint, hint)
		}
	}
	for _, rule := range sortedKeys(clock) {
		fmt.Fprintf(b, word.clock, clock[rule], rule)
	}
	return b.Flush()
}

// reason is the reason with the articles it rests on.
func (f Finding) reason(lang Lang, word words) string {
	text := f.Reason.In(lang)
	if len(f.Articles) == 0 {
		return text
	}
	if text == "" {
		return word.basis + " " + strings.Join(f.Articles, "、")
	}
	if lang == En {
		return text + " (" + strings.Join(f.Articles, "; ") + ")"
	}
	return text + "（" + strings.Join(f.Articles, "、") + "）"
}

// Summary is a phrase that counts findings by severity: “1 个错误，2 个警告，0 条提示”.
func Summary(fs []Finding, lang Lang) string {
	n := map[Severity]int{}
	for _, f := range fs {
		n[f.Severity]++
	}
	return fmt.Sprintf(wordsOf[cmp.Or(lang, Zh)].many, n[Error], n[Warning], n[Info])
}

// PrintJSON writes findings as one JSON array, one finding a line; no findings are an empty array.
func PrintJSON(w io.Writer, fs []Finding) error {
	b := bufio.NewWriter(w)
	b.WriteString("[")
	for i, f := range fs {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		// Marshal cannot fail: a Finding holds strings and numbers only.
		line := &strings.Builder{}
		enc := json.NewEncoder(line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(f); err != nil {
			return fmt.Errorf("encode finding %s: %w", f.Rule, err)
		}
		b.WriteString(strings.TrimSuffix(line.String(), "\n"))
	}
	if len(fs) > 0 {
		b.WriteString("\n")
	}
	b.WriteString("]\n")
	return b.Flush()
}

// githubLevel names the workflow command of a severity.
var githubLevel = map[Severity]string{Error: "error", Warning: "warning", Info: "notice"}

// PrintGitHub writes findings as workflow commands, which GitHub shows beside the changed lines. The text is
// Chinese first, English second. Values are escaped: a file name may hold a comma or a line break.
func PrintGitHub(w io.Writer, fs []Finding) error {
	b := bufio.NewWriter(w)
	for _, f := range fs {
		fmt.Fprintf(b, "::%s file=%s", githubLevel[f.Severity], escapeProperty(f.Path))
		if f.Line > 0 {
			fmt.Fprintf(b, ",line=%d", f.Line)
		}
		if f.Column > 0 {
			fmt.Fprintf(b, ",col=%d", f.Column)
		}
		fmt.Fprintf(b, ",title=%s::%s\n", escapeProperty(f.Rule), escapeData(f.annotation()))
	}
	return b.Flush()
}

func (f Finding) annotation() string {
	var lines []string
	for _, lang := range []Lang{Zh, En} {
		lines = append(lines, f.Message.In(lang))
		if reason := f.reason(lang, wordsOf[lang]); reason != "" {
			lines = append(lines, wordsOf[lang].reason+": "+reason)
		}
		if hint := f.Hint.In(lang); hint != "" {
			lines = append(lines, wordsOf[lang].hint+": "+hint)
		}
	}
	return strings.Join(lines, "\n")
}

// escapeData and escapeProperty follow the escaping of the runner's command parser.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
