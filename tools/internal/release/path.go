package release

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// CheckPaths refuses names that some store, file system or browser could not hold apart: one refusal a path.
func CheckPaths(files map[string]File) []Refusal {
	fold := cases.Fold()
	folded := make(map[string]string, len(files))
	var out []Refusal
	for _, p := range slices.Sorted(maps.Keys(files)) {
		why := pathFault(p)
		if why == "" {
			for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
				if _, file := files[dir]; file {
					why = "it lies below " + dir + ", which is a file"
				}
			}
		}
		if why == "" {
			key := fold.String(p)
			if other, taken := folded[key]; taken {
				why = "it differs from " + other + " in upper and lower case only"
			}
			folded[key] = p
		}
		if why != "" {
			out = append(out, Refusal{ID: "STORE-PATH", Message: fmt.Sprintf("path %q cannot be published: %s", p, why), Hint: "rename the file and build again"})
		}
	}
	return out
}

func pathFault(p string) string {
	switch {
	case len(p) > 900:
		return "it has more than 900 bytes"
	case !norm.NFC.IsNormalString(p) || strings.ContainsRune(p, unicode.ReplacementChar):
		return "it is not UTF-8 in normal form C"
	case strings.ContainsFunc(p, func(r rune) bool { return unicode.IsControl(r) || r == '\\' }):
		return "it has a control character or a backslash"
	}
	for segment := range strings.SplitSeq(p, "/") {
		switch {
		case segment == "" || segment == "." || segment == "..":
			return "it has an empty segment, “.” or “..”"
		case len(segment) > 255:
			return "a segment has more than 255 bytes"
		}
	}
	return ""
}

// FrozenPath splits data/<id>/<version>/<file>: a published version never changes. "latest" is a moving name.
func FrozenPath(p string) (version, file string, frozen bool) {
	parts := strings.SplitN(p, "/", 4)
	if len(parts) < 4 || parts[0] != "data" || parts[2] == "latest" {
		return "", "", false
	}
	return parts[1] + "/" + parts[2], parts[3], true
}

// types are the content types of the site by the end of the name, longest first; they come from here and never from
// the machine, so that a release is the same wherever it is built.
var types = func() []typeBySuffix {
	table := []typeBySuffix{
		{".html", "text/html; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".js", "text/javascript; charset=utf-8"},
		{".mjs", "text/javascript; charset=utf-8"},
		{".json", "application/json"},
		{".map", "application/json"},
		{".jsonld", "application/ld+json"},
		{".schema.json", "application/schema+json"},
		{".csv-metadata.json", "application/csvm+json"},
		{".geojson", "application/geo+json"},
		{".ndjson", "application/x-ndjson"},
		{".ttl", "text/turtle"},
		{".rdf", "application/rdf+xml"},
		{".xml", "application/xml"},
		{".atom", "application/atom+xml"},
		{".csv", "text/csv; charset=utf-8"},
		{".tsv", "text/tab-separated-values; charset=utf-8"},
		{".txt", "text/plain; charset=utf-8"},
		{".md", "text/markdown; charset=utf-8"},
		{".yaml", "application/yaml"},
		{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{".parquet", "application/vnd.apache.parquet"},
		{".pdf", "application/pdf"},
		{".zip", "application/zip"},
		{".gz", "application/gzip"},
		{".svg", "image/svg+xml"},
		{".png", "image/png"},
		{".jpg", "image/jpeg"},
		{".jpeg", "image/jpeg"},
		{".gif", "image/gif"},
		{".webp", "image/webp"},
		{".avif", "image/avif"},
		{".ico", "image/x-icon"},
		{".woff2", "font/woff2"},
		{".webmanifest", "application/manifest+json"},
		{".wasm", "application/wasm"},
	}
	slices.SortStableFunc(table, func(a, b typeBySuffix) int { return cmp.Compare(len(b.suffix), len(a.suffix)) })
	return table
}()

type typeBySuffix struct{ suffix, contentType string }

// ContentType of a path of the site.
func ContentType(p string) string {
	name := strings.ToLower(path.Base(p))
	for _, t := range types {
		if strings.HasSuffix(name, t.suffix) {
			return t.contentType
		}
	}
	return "application/octet-stream"
}
