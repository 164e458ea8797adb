// Package format is the one table of fields: what every kind of file in metadata/ may say, in which order, in which
// shape, and how to explain it to a person.
//
// The reader of metadata, the canonical form, the JSON Schemas, `odc new` and tools/doc/format.md are all derived from
// this table, so that none of them can drift from another. The table knows shapes, never law: deadlines, terms and
// articles are records in metadata/. It refuses nothing itself and reads nothing.
//
//	k, _ := format.Lookup("catalog")
//	f, _ := k.Field("open.type") // {Key: "type", Zh: "开放类型", Vocab: "open_type", …}
package format

import (
	"slices"
	"strings"
)

// Type is the shape of one value.
type Type string

const (
	Text     Type = "text"     // one line for people
	Prose    Type = "prose"    // text that may have line breaks
	Token    Type = "token"    // text for machines, shaped by Pattern
	Slug     Type = "slug"     // an identifier: a-z, 0-9 and single hyphens
	Date     Type = "date"     // "CCYY-MM-DD"
	Period   Type = "period"   // "CCYY", "CCYY-MM" or "CCYY-MM-DD"
	Term     Type = "term"     // a code of Vocab, or of Enum
	Bool     Type = "boolean"  // true or false
	Int      Type = "integer"  // a whole number, not below zero
	URL      Type = "url"      // https://…, or a path of this site
	Org      Type = "org"      // id of an organisation
	Law      Type = "law"      // id of a law
	Regime   Type = "regime"   // id of a regime
	Entry    Type = "entry"    // <dept>/<id> of a catalogue entry
	Code     Type = "code"     // resource code with its check digits
	USCC     Type = "uscc"     // unified social credit code with its check characters
	Codelist Type = "codelist" // id of a vocabulary, or a list of values
	Object   Type = "object"   // keys given by Fields
	Map      Type = "map"      // free keys, values shaped by Value
)

// IsText reports whether a value of the type is a string in YAML: one that looks like a number needs quotes.
func (t Type) IsText() bool {
	switch t {
	case Bool, Int, Object, Map:
		return false
	}
	return true
}

// Field is one key of a record.
type Field struct {
	Key    string
	Zh, En string // names
	Type   Type
	// List makes the value a list whose elements have Type.
	List bool
	// Required keys stand in every file; Once names the status from which a key is required.
	Required bool
	Once     string
	// Derived keys are computed and refused when typed.
	Derived bool
	// Min and Max bound characters of texts, values of integers; MinItems and MaxItems bound lists. 0 = no bound.
	Min, Max           int
	MinItems, MaxItems int
	Pattern            string // RE2, anchored by ^ and $
	// Vocab is the vocabulary of a Term; where the values are part of the format they stand in Enum.
	Vocab   string
	Enum    []Choice
	Default string // filled in where the key is absent
	// Break puts a blank line before the key in the canonical form: a group begins.
	Break  bool
	Fields []Field // of an Object
	Value  *Field  // of a Map
	// Help explains the field to the person who writes it.
	HelpZh, HelpEn string
	Example        string
}

// Choice is a value that belongs to the format itself.
type Choice struct{ Code, Zh, En string }

// Identity says how a file's path names its record.
type Identity int

const (
	Single   Identity = iota // one file, known by its place
	ByID                     // <folder>/<id>.yaml
	ByDept                   // <folder>/<dept>/<id>.yaml
	ByYear                   // <folder>/<yyyy>.yaml
	InFolder                 // beside a dataset's files
)

// Kind is one kind of file.
type Kind struct {
	Name     string // also the name of its schema: tools/doc/schema/<name>.json
	Zh, En   string
	Path     string // with <dept>, <id>, <yyyy> standing for names
	Identity Identity
	// Machine kinds are written by odc only.
	Machine bool
	// Intro is a paragraph of tools/doc/format.md.
	IntroZh, IntroEn string
	Fields           []Field
}

// Field finds a field by its dotted path; list positions such as "items[2].type" are accepted.
func (k *Kind) Field(path string) (*Field, bool) {
	fields := k.Fields
	var found *Field
	for part := range strings.SplitSeq(path, ".") {
		part, _, _ = strings.Cut(part, "[")
		if found != nil && found.Type == Map {
			found = found.Value
			fields = found.Fields
			continue
		}
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == part })
		if i < 0 {
			return nil, false
		}
		found = &fields[i]
		fields = found.Fields
	}
	return found, found != nil
}

// Kinds are all kinds, in the order of the documentation.
func Kinds() []*Kind { return kinds }

// Lookup returns the kind with that name.
func Lookup(name string) (*Kind, bool) {
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return nil, false
}

// Place is where a path says a file belongs.
type Place struct {
	Kind *Kind
	Dept string
	ID   string // id of the record, year of a calendar, version of a release; "" for single files
}

// Locate finds the kind of a file by its slash-separated path from the root of the repository.
func Locate(path string) (Place, bool) {
	for _, k := range kinds {
		if p, ok := k.match(path); ok {
			return p, true
		}
	}
	return Place{}, false
}

func (k *Kind) match(path string) (Place, bool) {
	p := Place{Kind: k}
	for want := range strings.SplitSeq(k.Path, "/") {
		have, rest, _ := strings.Cut(path, "/")
		path = rest
		stem, suffix := want, ""
		if before, after, ok := strings.Cut(want, ">"); ok {
			stem, suffix = before+">", after
		}
		name, ok := strings.CutSuffix(have, suffix)
		switch {
		case !ok || name == "":
			return Place{}, false
		case stem == "<dept>":
			p.Dept = name
		case stem == "<id>" && suffix == "":
			// The folder of a dataset; the file in it names the version.
			p.ID = name
		case strings.HasPrefix(stem, "<"):
			p.ID = name
		case name != stem:
			return Place{}, false
		}
	}
	return p, path == ""
}

var kinds = []*Kind{
	entryKind, openEntryKind, determinationsKind, departmentKind, lawKind, regimeKind, authoritiesKind, vocabularyKind,
	calendarKind, policyKind, aliasesKind, keysKind, mappingKind, releaseKind, remoteKind,
}

// Vocabularies are the ids of the vocabularies a kind refers to, in order of the table.
func (k *Kind) Vocabularies() []string {
	var out []string
	var walk func([]Field)
	walk = func(fs []Field) {
		for _, f := range fs {
			if f.Vocab != "" && !slices.Contains(out, f.Vocab) {
				out = append(out, f.Vocab)
			}
			walk(f.Fields)
			if f.Value != nil {
				walk([]Field{*f.Value})
			}
		}
	}
	walk(k.Fields)
	return out
}
