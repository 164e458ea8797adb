package export

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// sitemapLimit is the number of addresses in one file: the protocol allows 50 000, of which each takes two here
// (Chinese and English) and about 400 bytes, so that a file stays far below the limit of 50 MB.
const sitemapLimit = 40_000

type sitemapIndex struct {
	XMLName xml.Name      `xml:"sitemapindex"`
	NS      string        `xml:"xmlns,attr"`
	Files   []sitemapFile `xml:"sitemap"`
}

type sitemapFile struct {
	Loc string `xml:"loc"`
}

type sitemapSet struct {
	XMLName xml.Name     `xml:"urlset"`
	NS      string       `xml:"xmlns,attr"`
	XHTML   string       `xml:"xmlns:xhtml,attr"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string        `xml:"loc"`
	LastMod string        `xml:"lastmod,omitempty"`
	Links   []sitemapLink `xml:"xhtml:link"`
}

type sitemapLink struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

const sitemapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"

// sitemapURLs are the pages in both languages: those the caller names, then the datasets with their modified date.
func (m *Model) sitemapURLs() []sitemapURL {
	lastmod := map[string]string{}
	paths := []string{""}
	for _, p := range m.Pages {
		p = strings.Trim(p, "/")
		if p != "" {
			p += "/"
		}
		paths = append(paths, p)
	}
	for _, r := range m.records {
		p := "datasets/" + string(r.ID) + "/"
		lastmod[p] = r.Modified.String()
		paths = append(paths, p)
	}
	slices.Sort(paths)
	var out []sitemapURL
	for _, p := range slices.Compact(paths) {
		zh, en := m.base+"/"+p, m.base+"/en/"+p
		links := []sitemapLink{{"alternate", "zh-CN", zh}, {"alternate", "en", en}}
		out = append(out, sitemapURL{zh, lastmod[p], links}, sitemapURL{en, lastmod[p], links})
	}
	return out
}

// sitemapFiles are the index and its parts by path.
func (m *Model) sitemapFiles() map[string][]byte {
	out := map[string][]byte{}
	index := sitemapIndex{NS: sitemapNS}
	for urls := range slices.Chunk(m.sitemapURLs(), sitemapLimit) {
		path := fmt.Sprintf("sitemap/%04d.xml", len(index.Files)+1)
		out[path] = documentXML(sitemapSet{NS: sitemapNS, XHTML: "http://www.w3.org/1999/xhtml", URLs: urls})
		index.Files = append(index.Files, sitemapFile{m.base + "/" + path})
	}
	out["sitemap.xml"] = documentXML(index)
	return out
}

// robots lets programs read everything but the endless pages of search results.
func (m *Model) robots() []byte {
	root := ""
	if u, err := url.Parse(m.base); err == nil {
		root = u.EscapedPath()
	}
	return fmt.Appendf(nil, "User-agent: *\nDisallow: %[1]s/search/\nDisallow: %[1]s/en/search/\nDisallow: %[1]s/api/search\n\nSitemap: %[2]s/sitemap.xml\n",
		root, m.base)
}
