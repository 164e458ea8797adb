package web

import (
	"fmt"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/query"
)

// words are the texts of the search page in one language. They repeat those of the theme, whose files a release does
// not carry.
type words struct {
	lang         string
	prefix       string // of page addresses
	found, about string
	foundOne     string
	foundAll     string // without a query
	lookedFor    string
	nothing      string
	nothingTips  []string
	letters      string // what to try when only Latin letters were typed
	without      string // heading above the links that drop one filter
	dropOne      string // value, number
	request      string
	browse       string
	busy         string
	broken       string
	filters      string
	filtersOn    string
	more         string
	remove       string
	sortLabel    string
	sorts        map[query.Sort]string
	facets       map[query.Facet]string
	rowIs        [2]string // before and after what one row is
	rows         string
	updated      string
	illustrative string
	notOpened    string
	traits       string
	pager        string
	prev, next   string
	pageN        string
	results      string // title of the page
}

var chinese = words{
	lang: "zh-CN", found: "找到 %s 个结果", about: "找到约 %s 个结果", foundOne: "找到 1 个结果", foundAll: "共 %s 个结果",
	lookedFor: "（已按“%s”查找）",
	nothing:   "没有找到与“%s”相符的数据。",
	nothingTips: []string{
		"换一个更短、更常用的说法，只写最要紧的词。",
		"看看有没有错别字。",
	},
	letters: "目前还不能用拼音查找，请输入汉字。",
	without: "去掉一个筛选条件再看：", dropOne: "去掉“%s”（%s 个结果）",
	request: "目录里没有您要的数据？提出需求", browse: "按领域浏览全部数据集",
	busy:    "现在查询的人较多，请稍后再试。",
	broken:  "查询暂时无法完成，请稍后再试，或按领域浏览。",
	filters: "筛选", filtersOn: "筛选（已选 %s 项）", more: "其余 %s 项", remove: "取消筛选：%s",
	sortLabel: "排序：",
	sorts:     map[query.Sort]string{query.Relevance: "相关程度", query.Modified: "最近更新", query.Issued: "最近发布"},
	facets: map[query.Facet]string{
		query.FacetDomain: "领域", query.FacetOrg: "提供部门", query.FacetOpenType: "开放类型", query.FacetFormat: "格式",
		query.FacetFrequency: "更新周期", query.FacetRegion: "地区", query.FacetLicence: "使用条款",
	},
	rowIs: [2]string{"一行是", "。"}, rows: "%s 行", updated: "%s更新", illustrative: "示例数据", notOpened: "目录条目，未开放下载",
	traits: "开放类型、格式", pager: "分页", prev: "上一页", next: "下一页", pageN: "第 %s 页", results: "搜索结果",
}

var english = words{
	lang: "en", prefix: "/en", found: "%s results", about: "About %s results", foundOne: "1 result", foundAll: "%s results in all",
	lookedFor: " (searched for “%s”)",
	nothing:   "Nothing matches “%s”.",
	nothingTips: []string{
		"Try a shorter or more common word.",
		"Check the spelling.",
	},
	letters: "Most records are in Chinese: a word in Chinese characters finds more. Pinyin is not understood yet.",
	without: "See what dropping one filter gives:", dropOne: "Without “%s” (%s)",
	request: "Is what you need missing? Ask for it", browse: "Browse all datasets by domain",
	busy:    "Many people are searching just now. Please try again in a moment.",
	broken:  "The search cannot be completed just now. Please try again in a moment, or browse by domain.",
	filters: "Filter", filtersOn: "Filter (%s on)", more: "%s more", remove: "Remove filter: %s",
	sortLabel: "Sort by:",
	sorts:     map[query.Sort]string{query.Relevance: "relevance", query.Modified: "last updated", query.Issued: "first published"},
	facets: map[query.Facet]string{
		query.FacetDomain: "Domain", query.FacetOrg: "Department", query.FacetOpenType: "Opening", query.FacetFormat: "Format",
		query.FacetFrequency: "Frequency", query.FacetRegion: "Area", query.FacetLicence: "Terms of use",
	},
	rowIs: [2]string{"One row is: ", ""}, rows: "%s rows", updated: "updated %s", illustrative: "sample data", notOpened: "catalogue entry, not open for download",
	traits: "Opening and formats", pager: "Pages", prev: "Previous", next: "Next", pageN: "Page %s", results: "Search results",
}

// say fills a text.
func say(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// grouped is a number with separators: 12,345.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// date is a day as people of this language write it.
func (w *words) date(d calendar.Date) string {
	if w.lang == "en" && !d.IsZero() {
		return d.Time().Format("2 January 2006")
	}
	return d.Chinese()
}

// label is a text in this language, or in Chinese where nobody wrote an English one.
func (w *words) label(t query.Text) phrase {
	if w.lang == "en" && t.En != "" {
		return phrase{Text: t.En}
	}
	return w.zh(t.Zh)
}

// zh is a text that exists in Chinese only.
func (w *words) zh(s string) phrase {
	if w.lang == "en" {
		return phrase{Text: s, Lang: chinese.lang}
	}
	return phrase{Text: s}
}

// page is the address of a page in this language.
func (w *words) page(address string) string { return w.prefix + strings.TrimPrefix(address, w.prefix) }

// phrase is a text and, where it is not the page's, its language.
type phrase struct {
	Text string
	Lang string
}
