package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// graph is a set of RDF statements. It is written as Turtle and as JSON-LD, so that both say the same by construction.
type graph map[node]map[string]map[node]bool // subject → predicate → objects

// node is an IRI, a blank node or a literal. IRIs and predicates are full addresses; prefixes are a matter of writing.
type node struct {
	kind  nodeKind
	value string
	// of a literal: language tag or datatype IRI, at most one of them
	lang, datatype string
}

type nodeKind int8

const (
	iriNode nodeKind = iota
	blankNode
	literalNode
)

func iri(s string) node        { return node{kind: iriNode, value: escapeIRI(s)} }
func blank(label string) node  { return node{kind: blankNode, value: label} }
func text(s, lang string) node { return node{kind: literalNode, value: s, lang: lang} }
func plain(s string) node      { return node{kind: literalNode, value: s} }
func typed(s, datatype string) node {
	return node{kind: literalNode, value: s, datatype: xsd + datatype}
}

// add states that a subject has a property. Values that are empty, because nobody wrote them, state nothing.
func (g graph) add(s node, predicate string, objects ...node) {
	for _, o := range objects {
		if o.value == "" {
			continue
		}
		if g[s] == nil {
			g[s] = map[string]map[node]bool{}
		}
		if g[s][predicate] == nil {
			g[s][predicate] = map[node]bool{}
		}
		g[s][predicate][o] = true
	}
}

const (
	adms   = "http://www.w3.org/ns/adms#"
	dcat   = "http://www.w3.org/ns/dcat#"
	dcatap = "http://data.europa.eu/r5r/"
	dct    = "http://purl.org/dc/terms/"
	eli    = "http://data.europa.eu/eli/ontology#"
	foaf   = "http://xmlns.com/foaf/0.1/"
	gsp    = "http://www.opengis.net/ont/geosparql#"
	hydra  = "http://www.w3.org/ns/hydra/core#"
	rdf    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	rdfs   = "http://www.w3.org/2000/01/rdf-schema#"
	skos   = "http://www.w3.org/2004/02/skos/core#"
	spdx   = "http://spdx.org/rdf/terms#"
	vcard  = "http://www.w3.org/2006/vcard/ns#"
	xsd    = "http://www.w3.org/2001/XMLSchema#"

	rdfType = rdf + "type"
)

// prefixes in order of name, as they are declared.
var prefixes = []struct{ name, iri string }{
	{"adms", adms}, {"dcat", dcat}, {"dcatap", dcatap}, {"dct", dct}, {"eli", eli}, {"foaf", foaf}, {"gsp", gsp},
	{"hydra", hydra}, {"rdf", rdf}, {"rdfs", rdfs}, {"skos", skos}, {"spdx", spdx}, {"vcard", vcard}, {"xsd", xsd},
}

// short writes an IRI with a declared prefix; ok is false where none fits.
func short(full string) (string, bool) {
	for _, p := range prefixes {
		if local, ok := strings.CutPrefix(full, p.iri); ok && isLocalName(local) {
			return p.name + ":" + local, true
		}
	}
	return "", false
}

func isLocalName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// escapeIRI replaces what an IRI may not hold, so that an odd address in a record cannot break a document.
func escapeIRI(s string) string {
	if !strings.ContainsAny(s, notInIRI) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(notInIRI, s[i]) >= 0 {
			fmt.Fprintf(&b, "%%%02X", s[i])
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// notInIRI are the ASCII characters that no IRI holds.
const notInIRI = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	" <>\"{}|^`\\"

// turtle writes subjects by IRI, rdf:type first among the predicates, and objects in order of their N-Triples form.
func (g graph) turtle() []byte {
	var b strings.Builder
	for _, p := range prefixes {
		fmt.Fprintf(&b, "@prefix %s: <%s> .\n", p.name, p.iri)
	}
	for _, s := range g.subjects() {
		fmt.Fprintf(&b, "\n%s", s.turtle())
		for i, p := range g.predicates(s) {
			if i > 0 {
				b.WriteString(" ;\n   ")
			}
			b.WriteString(" " + predicateTurtle(p) + " ")
			for j, o := range g.objects(s, p) {
				if j > 0 {
					b.WriteString(", ")
				}
				b.WriteString(o.turtle())
			}
		}
		b.WriteString(" .\n")
	}
	return []byte(b.String())
}

// jsonLD writes the same statements as one flat @graph under an inline context of prefixes: no remote document is
// needed to read it. Nodes and members come in the order of Turtle, one member a line.
func (g graph) jsonLD() []byte {
	var b strings.Builder
	b.WriteString("{\n  \"@context\": {")
	for i, p := range prefixes {
		fmt.Fprintf(&b, "%s\n    %s: %s", comma(i), quoted(p.name), quoted(p.iri))
	}
	b.WriteString("\n  },\n  \"@graph\": [")
	for i, s := range g.subjects() {
		fmt.Fprintf(&b, "%s\n    {\n      \"@id\": %s", comma(i), quoted(s.id()))
		for _, p := range g.predicates(s) {
			key := shortOr(p)
			if p == rdfType {
				key = "@type"
			}
			b.WriteString(",\n      " + quoted(key) + ": [")
			for j, o := range g.objects(s, p) {
				if j > 0 {
					b.WriteString(", ")
				}
				if p == rdfType {
					b.WriteString(quoted(shortOr(o.value)))
				} else {
					b.WriteString(o.jsonLD())
				}
			}
			b.WriteString("]")
		}
		b.WriteString("\n    }")
	}
	b.WriteString("\n  ]\n}\n")
	return []byte(b.String())
}

func comma(i int) string {
	if i > 0 {
		return ","
	}
	return ""
}

func (g graph) subjects() []node {
	return slices.SortedFunc(maps.Keys(g), func(a, b node) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value))
	})
}

func (g graph) predicates(s node) []string {
	return slices.SortedFunc(maps.Keys(g[s]), func(a, b string) int {
		if (a == rdfType) != (b == rdfType) {
			if a == rdfType {
				return -1
			}
			return 1
		}
		return cmp.Compare(a, b)
	})
}

func (g graph) objects(s node, p string) []node {
	return slices.SortedFunc(maps.Keys(g[s][p]), func(a, b node) int { return cmp.Compare(a.nTriples(), b.nTriples()) })
}

func (n node) id() string {
	if n.kind == blankNode {
		return "_:" + n.value
	}
	return n.value
}

func (n node) jsonLD() string {
	switch {
	case n.kind != literalNode:
		return `{"@id": ` + quoted(n.id()) + `}`
	case n.lang != "":
		return `{"@language": ` + quoted(n.lang) + `, "@value": ` + quoted(n.value) + `}`
	case n.datatype != "":
		return `{"@type": ` + quoted(shortOr(n.datatype)) + `, "@value": ` + quoted(n.value) + `}`
	}
	return quoted(n.value)
}

func shortOr(full string) string {
	if s, ok := short(full); ok {
		return s
	}
	return full
}

func (n node) turtle() string { return n.form(shortest) }

// nTriples is the form that orders objects: independent of prefixes.
func (n node) nTriples() string { return n.form(bracketed) }

// form writes a node with the names of resources as asked.
func (n node) form(name func(iri string) string) string {
	switch n.kind {
	case iriNode:
		return name(n.value)
	case blankNode:
		return "_:" + n.value
	}
	out := quoted(n.value)
	switch {
	case n.lang != "":
		return out + "@" + n.lang
	case n.datatype != "":
		return out + "^^" + name(n.datatype)
	}
	return out
}

func bracketed(iri string) string { return "<" + iri + ">" }

// shortest uses a prefix where one fits.
func shortest(iri string) string {
	if s, ok := short(iri); ok {
		return s
	}
	return bracketed(iri)
}

func predicateTurtle(p string) string {
	if p == rdfType {
		return "a"
	}
	return iri(p).turtle()
}

// quoted is a string of Turtle, N-Triples and JSON alike: the three share these escapes.
func quoted(s string) string { return `"` + literalEscaper.Replace(s) + `"` }

// literalEscaper writes what may not stand between quotes, and every control character, as an escape.
var literalEscaper = strings.NewReplacer(literalEscapes()...)

func literalEscapes() []string {
	out := []string{`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`}
	for c := range rune(' ') {
		if !strings.ContainsRune("\n\r\t", c) {
			out = append(out, string(c), fmt.Sprintf(`\u%04X`, c))
		}
	}
	return out
}
