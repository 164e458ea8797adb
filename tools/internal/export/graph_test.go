package export

import (
	"encoding/json"
	"maps"
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

// statement is a triple in N-Triples form.
type statement struct{ s, p, o string }

// readJSONLD expands a flat document with an inline context of prefixes.
func readJSONLD(t *testing.T, b []byte) map[statement]bool {
	t.Helper()
	var doc struct {
		Context map[string]string            `json:"@context"`
		Graph   []map[string]json.RawMessage `json:"@graph"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	expand := func(s string) string {
		prefix, local, ok := strings.Cut(s, ":")
		if full, known := doc.Context[prefix]; ok && known {
			return full + local
		}
		return s
	}
	resource := func(id string) string {
		if strings.HasPrefix(id, "_:") {
			return id
		}
		return "<" + expand(id) + ">"
	}
	out := map[statement]bool{}
	for _, n := range doc.Graph {
		s := resource(unmarshal[string](t, n["@id"]))
		for key, raw := range n {
			if key == "@id" {
				continue
			}
			for _, v := range unmarshal[[]json.RawMessage](t, raw) {
				if key == "@type" {
					out[statement{s, rdfType, resource(unmarshal[string](t, v))}] = true
					continue
				}
				out[statement{s, expand(key), objectOf(t, v, resource)}] = true
			}
		}
	}
	return out
}

func objectOf(t *testing.T, raw json.RawMessage, resource func(string) string) string {
	if raw[0] == '"' {
		return quote(unmarshal[string](t, raw))
	}
	v := unmarshal[map[string]string](t, raw)
	switch {
	case v["@id"] != "":
		return resource(v["@id"])
	case v["@language"] != "":
		return quote(v["@value"]) + "@" + v["@language"]
	}
	return quote(v["@value"]) + "^^" + resource(v["@type"])
}

func quote(s string) string { b, _ := json.Marshal(s); return string(b) }

// readTurtle reads the part of Turtle that has prefixes, IRIs, blank node labels, quoted literals, ";" and ",".
func readTurtle(t *testing.T, b []byte) map[statement]bool {
	t.Helper()
	r := &turtleReader{t: t, rest: string(b), prefix: map[string]string{}}
	out := map[statement]bool{}
	for r.skip(); r.rest != ""; r.skip() {
		if r.accept("@prefix") {
			r.skip()
			name, _, _ := strings.Cut(r.rest, ":")
			r.rest = r.rest[len(name)+1:]
			iri := r.term()
			r.prefix[name] = strings.Trim(iri, "<>")
			r.expect(".")
			continue
		}
		s := r.term()
		for {
			p := strings.Trim(r.term(), "<>")
			for {
				out[statement{s, p, r.term()}] = true
				if !r.accept(",") {
					break
				}
			}
			if !r.accept(";") {
				break
			}
		}
		r.expect(".")
	}
	return out
}

type turtleReader struct {
	t      *testing.T
	rest   string
	prefix map[string]string
}

func (r *turtleReader) skip() { r.rest = strings.TrimLeft(r.rest, " \n\t") }

func (r *turtleReader) accept(token string) bool {
	r.skip()
	rest, ok := strings.CutPrefix(r.rest, token)
	if ok {
		r.rest = rest
	}
	return ok
}

func (r *turtleReader) expect(token string) {
	r.t.Helper()
	if !r.accept(token) {
		r.t.Fatalf("want %q before %.60q", token, r.rest)
	}
}

func (r *turtleReader) term() string {
	r.t.Helper()
	r.skip()
	switch {
	case strings.HasPrefix(r.rest, "<"):
		i := strings.IndexByte(r.rest, '>')
		return r.take(i + 1)
	case strings.HasPrefix(r.rest, `"`):
		return r.literal()
	}
	word := r.take(strings.IndexAny(r.rest, " ;,\n"))
	if word == "a" {
		return "<" + rdfType + ">"
	}
	if strings.HasPrefix(word, "_:") {
		return word
	}
	name, local, ok := strings.Cut(word, ":")
	full, known := r.prefix[name]
	if !ok || !known {
		r.t.Fatalf("unknown word %q", word)
	}
	return "<" + full + local + ">"
}

func (r *turtleReader) take(n int) string {
	r.t.Helper()
	if n <= 0 {
		r.t.Fatalf("cut off at %.60q", r.rest)
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *turtleReader) literal() string {
	r.t.Helper()
	end := 1
	for r.rest[end] != '"' {
		if r.rest[end] == '\n' {
			r.t.Fatalf("line break in a literal: %.60q", r.rest)
		}
		if r.rest[end] == '\\' {
			end++
		}
		end++
	}
	value := unmarshal[string](r.t, []byte(r.take(end+1))) // our escapes are those of JSON
	switch {
	case r.accept("@"):
		return quote(value) + "@" + r.take(strings.IndexAny(r.rest, " ;,."))
	case r.accept("^^"):
		return quote(value) + "^^" + r.term()
	}
	return quote(value)
}

func TestTurtleAndJSONLDSayTheSame(t *testing.T) {
	c := valid()
	c.Dataset("community-canteens").Abstract = "第一行\n第二行\t“引号” \"quote\" \\ 反斜线"
	c.Dataset("community-canteens").Municipal.URL = "https://data.example.cn/a b?<x>"
	files := outputs(t, model(t, Input{Catalog: c}))
	n := 0
	for name, b := range files {
		if path.Ext(name) != ".ttl" {
			continue
		}
		n++
		if !utf8.Valid(b) {
			t.Errorf("%s is not UTF-8", name)
		}
		ttl, ld := readTurtle(t, b), readJSONLD(t, files[strings.TrimSuffix(name, "ttl")+"jsonld"])
		if len(ttl) == 0 || !maps.Equal(ttl, ld) {
			for s := range ttl {
				if !ld[s] {
					t.Errorf("%s: only in Turtle: %v", name, s)
				}
			}
			for s := range ld {
				if !ttl[s] {
					t.Errorf("%s: only in JSON-LD: %v", name, s)
				}
			}
		}
	}
	if n != 5 {
		t.Errorf("%d documents compared, want 5", n)
	}
}

// required are the properties that DCAT-AP demands, and single those it allows once.
var (
	required = map[string][]string{
		dcat + "Catalog":       {dct + "title", dct + "description", dct + "publisher"},
		dcat + "Dataset":       {dct + "title", dct + "description", dct + "identifier", dcat + "contactPoint", dct + "publisher"},
		dcat + "Distribution":  {dcat + "accessURL", dct + "license", dct + "description"},
		dcat + "DataService":   {dct + "title", dcat + "endpointURL", dcat + "servesDataset"},
		dcat + "CatalogRecord": {foaf + "primaryTopic", dct + "modified"},
		foaf + "Agent":         {foaf + "name"},
		vcard + "Kind":         {vcard + "fn", vcard + "hasEmail"},
		spdx + "Checksum":      {spdx + "algorithm", spdx + "checksumValue"},
		skos + "Concept":       {skos + "prefLabel", skos + "inScheme"},
	}
	single = map[string][]string{
		dcat + "Catalog":      {dct + "license", dct + "publisher", foaf + "homepage", dct + "issued", dct + "modified"},
		dcat + "Dataset":      {dct + "accessRights", dct + "accrualPeriodicity", dct + "modified", dct + "issued", dct + "publisher", dcat + "version", dct + "identifier"},
		dcat + "Distribution": {dct + "license", dct + "format", dcat + "mediaType", dcat + "byteSize", spdx + "checksum", dcatap + "availability", adms + "status"},
		vcard + "Kind":        {vcard + "fn"},
	}
	// ranges are the classes that the objects of a property must be stated to have.
	ranges = map[string]string{
		dct + "publisher": foaf + "Agent", dct + "creator": foaf + "Agent", dcat + "contactPoint": vcard + "Kind",
		dcat + "distribution": dcat + "Distribution", dcat + "theme": skos + "Concept", dct + "language": dct + "LinguisticSystem",
		dct + "accessRights": dct + "RightsStatement", dct + "accrualPeriodicity": dct + "Frequency", dct + "spatial": dct + "Location",
		dct + "temporal": dct + "PeriodOfTime", dct + "license": dct + "LicenseDocument", dct + "format": dct + "MediaTypeOrExtent",
		dcat + "mediaType": dct + "MediaType", spdx + "checksum": spdx + "Checksum", spdx + "algorithm": spdx + "ChecksumAlgorithm",
		dcat + "landingPage": foaf + "Document", foaf + "homepage": foaf + "Document", skos + "inScheme": skos + "ConceptScheme",
		dcat + "themeTaxonomy": skos + "ConceptScheme", adms + "status": skos + "Concept", dcatap + "availability": skos + "Concept",
		dct + "type": skos + "Concept", dcat + "accessService": dcat + "DataService", adms + "identifier": adms + "Identifier",
		dcat + "service": dcat + "DataService", dcat + "dataset": dcat + "Dataset", dcat + "record": dcat + "CatalogRecord",
	}
)

// faults checks a page against the profile.
func faults(statements map[statement]bool) []string {
	types, values := map[string]map[string]bool{}, map[string]map[string]int{}
	for s := range statements {
		if types[s.s] == nil {
			types[s.s], values[s.s] = map[string]bool{}, map[string]int{}
		}
		if s.p == rdfType {
			types[s.s][strings.Trim(s.o, "<>")] = true
		}
		values[s.s][s.p]++
	}
	var out []string
	for subject, classes := range types {
		for class := range classes {
			for _, p := range required[class] {
				if values[subject][p] == 0 {
					out = append(out, subject+" lacks "+p)
				}
			}
			for _, p := range single[class] {
				if values[subject][p] > 1 {
					out = append(out, subject+" has several "+p)
				}
			}
		}
	}
	for s := range statements {
		if class, ok := ranges[s.p]; ok && !types[s.o][class] {
			out = append(out, s.s+" "+s.p+" "+s.o+" is not stated to be a "+class)
		}
	}
	return out
}

func TestEveryPageKeepsTheProfile(t *testing.T) {
	files := outputs(t, model(t, Input{Catalog: valid()}))
	for name, b := range files {
		if path.Ext(name) == ".ttl" {
			for _, f := range faults(readTurtle(t, b)) {
				t.Errorf("%s: %s", name, f)
			}
		}
	}
	// Each page states everything it refers to, not only the first.
	_, large := threePages(t)
	for _, f := range faults(readTurtle(t, large["catalog/p/0003.ttl"])) {
		t.Errorf("page 3: %s", f)
	}
	// The check can fail.
	statements := readTurtle(t, files["catalog.ttl"])
	maps.DeleteFunc(statements, func(s statement, _ bool) bool { return s.p == dct+"publisher" || s.o == "<"+dct+"Frequency>" })
	if len(faults(statements)) < 2 {
		t.Error("taking away publishers and a class goes unnoticed")
	}
}

// TestHarvesterReachesTheEnd follows the pages as the most widespread harvester does: by hydra:next, until there is none.
func TestHarvesterReachesTheEnd(t *testing.T) {
	_, files := threePages(t)
	for _, form := range []string{"ttl", "jsonld"} {
		datasets, seen := map[string]bool{}, map[string]bool{}
		for url := "https://data.example.cn/catalog." + form; url != ""; {
			if seen[url] {
				t.Fatalf("%s: page %s comes again", form, url)
			}
			seen[url] = true
			b, ok := files[strings.TrimPrefix(url, "https://data.example.cn/")]
			if !ok {
				t.Fatalf("%s: dead link %s", form, url)
			}
			if len(b) > 15<<20 {
				t.Errorf("%s is larger than 15 MB", url)
			}
			read := readTurtle
			if form == "jsonld" {
				read = readJSONLD
			}
			views, next := 0, ""
			for s := range read(t, b) {
				switch {
				case s.p == dcat+"dataset":
					datasets[s.o] = true
				case s.p == rdfType && s.o == "<"+hydra+"PartialCollectionView>":
					views++
				case s.p == hydra+"next":
					next = strings.Trim(s.o, "<>")
				case s.p == hydra+"totalItems" && !strings.HasPrefix(s.o, `"1101"`):
					t.Errorf("%s: total %s", url, s.o)
				}
			}
			if views != 1 {
				t.Errorf("%s: %d views", url, views)
			}
			url = next
		}
		if len(datasets) != 1101 || len(seen) != 3 {
			t.Errorf("%s: %d datasets on %d pages, want 1101 on 3", form, len(datasets), len(seen))
		}
	}
}

// FuzzGraph holds that no text or address in a record can break a document or make the two forms disagree.
func FuzzGraph(f *testing.F) {
	for _, s := range []string{"社区食堂", `"quoted" \\`, "a\nb\tc\r", "x> . <y", "_:b", "https://a.cn/?q=<>{}|^`\"", "\x00\x1f\x7f", "@zh", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // refused at the door
		}
		g := graph{}
		g.add(iri("https://a.cn/#"+s), dct+"title", text(s, "zh"), plain(s), typed(s, "string"))
		g.add(iri("https://a.cn/#"+s), dct+"relation", iri("https://b.cn/"+s), blank("b"))
		ttl, ld := readTurtle(t, g.turtle()), readJSONLD(t, g.jsonLD())
		if !maps.Equal(ttl, ld) {
			t.Errorf("%q:\n%v\n%v", s, ttl, ld)
		}
	})
}
