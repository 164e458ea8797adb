package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Terms gives the values of a vocabulary.
type Terms func(vocabulary string) []Choice

// Schema is the JSON Schema (draft 2020-12) of a kind, for editors: names and help in Chinese, values of vocabularies
// as enumerations. It says what one file can tell about itself by shape; `odc check` says the rest.
func (k *Kind) Schema(terms Terms) []byte {
	s := objectSchema(k.Fields, terms)
	s.Draft = "https://json-schema.org/draft/2020-12/schema"
	s.Title = k.Zh
	s.Description = k.IntroZh + "\n" + k.IntroEn
	s.AllOf = onceSchemas(k.Fields)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		panic(err) // a tree of strings and numbers always encodes
	}
	return b.Bytes()
}

// schema has its members in the order they are written.
type schema struct {
	Draft            string      `json:"$schema,omitempty"`
	Title            string      `json:"title,omitempty"`
	Description      string      `json:"description,omitempty"`
	Type             any         `json:"type,omitempty"` // a name, or several
	Const            string      `json:"const,omitempty"`
	Enum             []string    `json:"enum,omitempty"`
	EnumDescriptions []string    `json:"enumDescriptions,omitempty"` // shown by editors
	Pattern          string      `json:"pattern,omitempty"`
	MinLength        int         `json:"minLength,omitempty"`
	MaxLength        int         `json:"maxLength,omitempty"`
	Minimum          *int        `json:"minimum,omitempty"`
	Maximum          int         `json:"maximum,omitempty"`
	Items            *schema     `json:"items,omitempty"`
	MinItems         int         `json:"minItems,omitempty"`
	MaxItems         int         `json:"maxItems,omitempty"`
	Unique           bool        `json:"uniqueItems,omitempty"`
	Properties       *properties `json:"properties,omitempty"`
	Required         []string    `json:"required,omitempty"`
	Additional       any         `json:"additionalProperties,omitempty"` // false, or the schema of free keys
	If               *schema     `json:"if,omitempty"`
	Then             *schema     `json:"then,omitempty"`
	AllOf            []*schema   `json:"allOf,omitempty"`
	Default          any         `json:"default,omitempty"`
	Examples         []any       `json:"examples,omitempty"`
}

// properties keep the order of the table.
type properties struct {
	keys    []string
	schemas []*schema
}

func (p *properties) add(key string, s *schema) {
	p.keys, p.schemas = append(p.keys, key), append(p.schemas, s)
}

func (p *properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range p.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:", k)
		one := json.NewEncoder(&b)
		one.SetEscapeHTML(false)
		if err := one.Encode(p.schemas[i]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func objectSchema(fields []Field, terms Terms) *schema {
	s := &schema{Type: "object", Properties: &properties{}, Additional: false}
	for i := range fields {
		f := &fields[i]
		if f.Derived {
			continue
		}
		s.Properties.add(f.Key, f.schema(terms))
		if f.Required {
			s.Required = append(s.Required, f.Key)
		}
	}
	return s
}

// onceSchemas require keys from a status on.
func onceSchemas(fields []Field) []*schema {
	later := map[string][]string{
		"registered": {"registered", "published", "suspended", "withdrawn"},
		"published":  {"published", "suspended", "withdrawn"},
	}
	var out []*schema
	for _, f := range fields {
		if f.Once == "" {
			continue
		}
		status := &properties{}
		status.add("status", &schema{Enum: later[f.Once]})
		out = append(out, &schema{If: &schema{Properties: status, Required: []string{"status"}}, Then: &schema{Required: []string{f.Key}}})
	}
	return out
}

func (f *Field) schema(terms Terms) *schema {
	one := *f
	one.List = false
	if f.List {
		s := f.named(&schema{Type: "array", Items: one.bare(terms), MinItems: f.MinItems, MaxItems: f.MaxItems, Unique: f.Type != Object})
		if f.Default != "" {
			s.Default = []string{f.Default}
		}
		return s
	}
	s := f.named(one.bare(terms))
	if f.Default != "" {
		s.Default = f.Default
	}
	switch {
	case f.Example == "":
	case f.Type == Int:
		s.Examples = []any{json.Number(f.Example)}
	default:
		s.Examples = []any{f.Example}
	}
	return s
}

func (f *Field) named(s *schema) *schema {
	s.Title = f.Zh
	s.Description = f.HelpZh
	if f.HelpEn != "" {
		s.Description += " / " + f.HelpEn
	}
	return s
}

// bare is the schema of one value, without its name.
func (f *Field) bare(terms Terms) *schema {
	text := &schema{Type: "string", MinLength: max(f.Min, 1), MaxLength: f.Max, Pattern: f.Pattern}
	switch f.Type {
	case Object:
		return objectSchema(f.Fields, terms)
	case Map:
		return &schema{Type: "object", Additional: f.Value.schema(terms)}
	case Bool:
		return &schema{Type: "boolean"}
	case Int:
		least := f.Min
		return &schema{Type: "integer", Minimum: &least, Maximum: f.Max}
	case Term:
		return f.termSchema(terms)
	case Codelist:
		return &schema{Type: []string{"string", "array"}, Items: &schema{Type: "string"}, MinItems: 1}
	case Text:
		text.Pattern = `^[^<>\n]+$`
	case Prose:
		text.Pattern = `^[^<>]+$`
	case Date:
		text.Pattern = `^\d{4}-\d{2}-\d{2}$`
	case Period:
		text.Pattern = `^\d{4}(-\d{2}(-\d{2})?)?$`
	case URL:
		text.Pattern = `^(https://|/)`
	case Slug, Org, Law, Regime:
		text.Pattern = slugPattern
	case Entry:
		text.Pattern = entryPattern
	case Code:
		text.Pattern = `^[123]\d{14}/\d{8}$`
	case USCC:
		text.Pattern = `^[0-9A-HJ-NP-RTUWXY]{18}$`
	}
	return text
}

func (f *Field) termSchema(terms Terms) *schema {
	choices := f.Enum
	if f.Vocab != "" {
		choices = append(slices.Clip(choices), terms(f.Vocab)...)
	}
	s := &schema{Type: "string"}
	for _, c := range choices {
		s.Enum = append(s.Enum, c.Code)
		s.EnumDescriptions = append(s.EnumDescriptions, c.Zh)
	}
	return s
}
