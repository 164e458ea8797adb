package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// The columns and members of the municipal platform stand in metadata/municipal/mapping.yaml, not here: where its form
// was guessed wrong, one line of that file is mended. A mapping names its sources by path in the rows below.

// openRow is what a mapping can take from a dataset. Codes are codes; the mapping names the vocabulary that spells them.
type openRow struct {
	Index            int               `json:"index"` // from 1, in order of code
	ID               string            `json:"id"`
	ListCode         string            `json:"list_code"`
	FlatID           string            `json:"flat_id"`
	ResourceCode     string            `json:"resource_code"`
	Title            string            `json:"title"`
	TitleEn          string            `json:"title_en"`
	Abstract         string            `json:"abstract"`
	Description      string            `json:"description"` // abstract with the body that provides the data
	Labels           []string          `json:"labels"`
	Scenario         []string          `json:"scenario"`
	Domain           string            `json:"domain"`
	ThemeNational    string            `json:"theme_national"`
	OpenType         string            `json:"open_type"`
	OpenLevel        string            `json:"open_level"`
	OpenCondition    string            `json:"open_condition"`
	ResourceKind     string            `json:"resource_kind"`
	UpdateFrequency  string            `json:"update_frequency"`
	Spatial          []string          `json:"spatial"`
	Temporal         catalog.Temporal  `json:"temporal"`
	Items            []string          `json:"items"`
	License          string            `json:"license"`
	FirstPublishedOn calendar.Date     `json:"first_published_on"`
	UpdatedOn        calendar.Date     `json:"updated_on"`
	Modified         calendar.Date     `json:"modified"`
	Provider         providerRow       `json:"provider"`
	ContactWay       string            `json:"contact_way"` // the body, its office and its telephone in one line
	Municipal        municipalRow      `json:"municipal"`
	URL              string            `json:"url"`
	Version          string            `json:"version"`
	Distributions    []distributionRow `json:"distributions"`
}

type providerRow struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	USCC      string `json:"uscc"`
}

type municipalRow struct {
	DatasetID string `json:"dataset_id"`
	URL       string `json:"url"`
	Status    string `json:"status"`
}

type distributionRow struct {
	Index   int      `json:"index"`
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	URL     string   `json:"url"`
	Formats []string `json:"formats"`
}

// coreRow is what a mapping can take from a catalogue entry for the national core metadata.
type coreRow struct {
	Index           int           `json:"index"`
	Classification  string        `json:"classification"`
	Title           string        `json:"title"`
	ResourceCode    string        `json:"resource_code"`
	Provider        providerRow   `json:"provider"`
	Abstract        string        `json:"abstract"`
	Formats         []string      `json:"formats"`
	Items           []string      `json:"items"`
	Share           shareRow      `json:"share"`
	Open            openingRow    `json:"open"`
	UpdateFrequency string        `json:"update_frequency"`
	PublishedOn     calendar.Date `json:"published_on"`
	Related         []string      `json:"related"`
}

type shareRow struct {
	Type      string   `json:"type"`
	Condition string   `json:"condition"`
	Methods   []string `json:"methods"`
}

type openingRow struct {
	Type      string `json:"type"`
	Condition string `json:"condition"`
}

// Deviation is a value that the platform's form could not take as it is.
type Deviation struct {
	Record string `json:"record"` // flat identifier
	Target string `json:"target"`
	Kind   string `json:"kind"` // fallback, shortened
	Value  string `json:"value"`
	Sent   string `json:"sent"`
}

// mapper applies a mapping to rows of one type.
type mapper struct {
	fields     []boundField
	deviations []Deviation
}

type boundField struct {
	catalog.MappingField
	path       []int // indexes of struct fields; nil without a source
	spelling   func(code string) string
	vocabulary bool
	fields     []boundField // of each element
}

// bind checks a mapping against the type of its rows. It reports every fault at once.
func (m *Model) bind(part string, fields []catalog.MappingField, row reflect.Type) (*mapper, error) {
	bound, errs := m.bindFields(part, fields, row)
	if len(fields) == 0 {
		errs = append(errs, fmt.Errorf("%s: no fields", part))
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("%s: %w", cmp.Or(m.c.Mapping.Path, "municipal mapping"), errors.Join(errs...))
	}
	return &mapper{fields: bound}, nil
}

func (m *Model) bindFields(part string, fields []catalog.MappingField, row reflect.Type) (out []boundField, errs []error) {
	for _, f := range fields {
		b, err := m.bindField(part, f, row)
		if err != nil {
			errs = append(errs, err)
		}
		out = append(out, b)
	}
	return out, errs
}

func (m *Model) bindField(part string, f catalog.MappingField, row reflect.Type) (boundField, error) {
	b := boundField{MappingField: f}
	fault := func(format string, args ...any) (boundField, error) {
		return b, fmt.Errorf("%s: %s: %s", part, f.Target, fmt.Sprintf(format, args...))
	}
	if f.Required && f.Source == "" && f.Const == "" && f.Each == "" {
		return fault("required, but neither source nor const is given")
	}
	if !slices.Contains([]string{"", "date", "datetime", "join"}, f.Format) {
		return fault("unknown format %q; known are date, datetime, join", f.Format)
	}
	if path := f.Source + f.Each; path != "" {
		var t reflect.Type
		if b.path, t = lookUp(row, path); t == nil {
			return fault("unknown source %q; known are %s", path, strings.Join(sources(row, ""), ", "))
		}
		if f.Each != "" {
			if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
				return fault("each needs a list of records, and %q is none", f.Each)
			}
			var errs []error
			b.fields, errs = m.bindFields(part+": "+f.Target, f.Fields, t.Elem())
			return b, errors.Join(errs...)
		}
		if t.Kind() == reflect.Struct && t != dateType {
			return fault("source %q is a record; name one of %s", path, strings.Join(sources(t, path+"."), ", "))
		}
	}
	if f.Vocab != "" {
		list, name, _ := strings.Cut(f.Vocab, ".")
		v := m.c.Vocabularies[list]
		if v == nil {
			return fault("unknown vocabulary %q", list)
		}
		if !knowsSpelling(v, name) {
			return fault("no term of vocabulary %s has the spelling %q", list, name)
		}
		b.vocabulary, b.spelling = true, func(code string) string { return spelling(v, name, code) }
	}
	return b, nil
}

func knowsSpelling(v *catalog.Vocabulary, name string) bool {
	return slices.ContainsFunc(v.Values, func(t catalog.Term) bool { return spelling(v, name, string(t.Code)) != "" })
}

// spelling is a code's label (zh, en) or its name in another system; "" where the vocabulary has none.
func spelling(v *catalog.Vocabulary, name, code string) string {
	t, _ := v.Term(catalog.Code(code))
	switch name {
	case "zh":
		return t.Zh
	case "en":
		return t.En
	}
	return t.Mappings[name]
}

var dateType = reflect.TypeFor[calendar.Date]()

// lookUp finds a dotted path among the json names of a row type; the type is nil when there is no such path.
func lookUp(t reflect.Type, path string) ([]int, reflect.Type) {
	var index []int
	for name := range strings.SplitSeq(path, ".") {
		if t.Kind() != reflect.Struct || t == dateType {
			return nil, nil
		}
		i := slices.IndexFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool { return jsonName(f) == name })
		if i < 0 {
			return nil, nil
		}
		index = append(index, i)
		t = t.Field(i).Type
	}
	return index, t
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// sources lists the paths of a row type.
func sources(t reflect.Type, prefix string) []string {
	var out []string
	for _, f := range reflect.VisibleFields(t) {
		if f.Type.Kind() == reflect.Struct && f.Type != dateType {
			out = append(out, sources(f.Type, prefix+jsonName(f)+".")...)
			continue
		}
		out = append(out, prefix+jsonName(f))
	}
	return out
}

// member is one filled field: Value is a string, an int, a list of strings or a list of members lists.
type member struct {
	name  string
	value any
}

// members are written as a JSON object in the order of the mapping.
type mappedRow []member

func (r mappedRow) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range r {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(compactJSON(f.name))
		b.WriteByte(':')
		b.Write(compactJSON(f.value))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

var _ json.Marshaler = mappedRow{}

// cells are the values as text, for tables.
func (r mappedRow) cells() []string {
	out := make([]string, len(r))
	for i, f := range r {
		switch v := f.value.(type) {
		case string:
			out[i] = v
		case int:
			out[i] = strconv.Itoa(v)
		case []string:
			out[i] = strings.Join(v, listSeparator)
		}
	}
	return out
}

// listSeparator joins the values of a list within one cell.
const listSeparator = "；"

// apply fills the fields from a row. record names it in messages.
func (p *mapper) apply(record string, row any) (mappedRow, error) {
	return p.fill(record, p.fields, reflect.ValueOf(row))
}

func (p *mapper) fill(record string, fields []boundField, row reflect.Value) (mappedRow, error) {
	var out mappedRow
	for _, f := range fields {
		value, err := p.value(record, f, row)
		if err != nil {
			return nil, err
		}
		if f.Required && isBlank(value) {
			return nil, fmt.Errorf("dataset %s: %s is required, and %s is empty", record, f.Target, cmp.Or(f.Source, f.Each))
		}
		out = append(out, member{f.Target, value})
	}
	return out, nil
}

func isBlank(v any) bool {
	switch v := v.(type) {
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	case []mappedRow:
		return len(v) == 0
	}
	return false
}

// value is what a field sends. A counter that the catalogue does not keep is blank, not zero.
func (p *mapper) value(record string, f boundField, row reflect.Value) (any, error) {
	if f.path == nil {
		return f.Const, nil
	}
	for _, i := range f.path {
		row = row.Field(i)
	}
	if f.Each != "" {
		out := []mappedRow{}
		for i := range row.Len() {
			r, err := p.fill(record, f.fields, row.Index(i))
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	}
	switch v := row.Interface().(type) {
	case int:
		return v, nil
	case calendar.Date:
		if f.Format == "datetime" && !v.IsZero() {
			return v.String() + "T00:00:00", nil // the platform writes no zone
		}
		return v.String(), nil
	case []string:
		list := []string{}
		for _, s := range v {
			list = append(list, p.send(record, f, s))
		}
		if f.Format == "join" {
			return p.shorten(record, f, strings.Join(list, listSeparator)), nil
		}
		return list, nil
	}
	return p.shorten(record, f, p.send(record, f, row.String())), nil
}

// send spells a code as the target does. A code without counterpart becomes the declared default, which is reported.
func (p *mapper) send(record string, f boundField, code string) string {
	if !f.vocabulary || code == "" {
		return code
	}
	if s := f.spelling(code); s != "" {
		return s
	}
	p.deviations = append(p.deviations, Deviation{record, f.Target, "fallback", code, f.Default})
	return f.Default
}

// shorten keeps a text within the length the target takes, and reports it.
func (p *mapper) shorten(record string, f boundField, s string) string {
	if f.MaxLen <= 0 || len([]rune(s)) <= f.MaxLen {
		return s
	}
	short := truncate(s, f.MaxLen-1) + "…"
	p.deviations = append(p.deviations, Deviation{record, f.Target, "shortened", s, short})
	return short
}
