// Package catalog is what exists: departments, catalogue entries (公共数据资源目录条目), open-list entries
// (公共数据开放清单条目), determinations (认定), laws and vocabularies, as typed records of one [Catalog].
//
// It does no I/O, knows no clock and judges nothing. The yaml tags are the keys of the files in metadata/ and equal
// the table of package format; a test holds the two together. Field meanings: tools/doc/format.md.
//
//	c.Dataset("bus-stops").Entry // the catalogue entry that the open-list entry opens
package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
)

type (
	// ID names a record within its kind and the whole district: "community-canteens". It is immutable and never reused.
	ID string
	// Dept is the id of an organisation (单位), the folder of its records: "minzheng".
	Dept string
	// LawID is the id of a law or document: "changning-2021-2".
	LawID string
	// RegimeID is the id of a dated set of duties resting on a law: "cn-2021".
	RegimeID string
	// Code is a term of a vocabulary in metadata/vocab.
	Code string
)

// Codes of vocabularies that the programs branch on. All other codes are data only.
const (
	Unconditional Code = "unconditional" // share_type and open_type: 无条件
	Authorized    Code = "authorized"    // share_type: 授权共享
	None          Code = "none"          // share_type: 非共享; pii and personal_info: 无
	Conditional   Code = "conditional"   // open_type: 有条件开放
	Closed        Code = "closed"        // open_type: 非开放

	KindData Code = "data" // resource_kind: 数据
	KindAPI  Code = "api"  // resource_kind and distribution kind: 接口
	KindFile Code = "file" // distribution kind: 文件

	Draft      Code = "draft" // status
	Submitted  Code = "submitted"
	Returned   Code = "returned"
	Registered Code = "registered"
	Published  Code = "published"
	Suspended  Code = "suspended"
	Withdrawn  Code = "withdrawn"

	Public    Code = "public" // record_visibility
	TitleOnly Code = "title_only"
	Internal  Code = "internal"

	AttributeShare Code = "share" // determination attribute
	AttributeOpen  Code = "open"

	OpenListed Code = "open_listed" // municipal_status: 已上架
)

// Kind of record: the folder below metadata/.
type Kind string

// Kinds with one file a record.
const (
	KindEntry         Kind = "catalog"
	KindOpenEntry     Kind = "openlist"
	KindDetermination Kind = "determinations"
	KindDepartment    Kind = "departments"
	KindLaw           Kind = "laws"
	KindRegime        Kind = "regimes"
	KindVocabulary    Kind = "vocab"
	KindCalendar      Kind = "calendar"
)

// Ref is the identity of a record: `<kind>:<dept>/<id>`.
type Ref struct {
	Kind Kind
	Dept Dept
	ID   ID
}

func (r Ref) String() string { return string(r.Kind) + ":" + string(r.Dept) + "/" + string(r.ID) }

// Catalog is the whole of metadata/. Slices are ordered by department, then id; maps are keyed by id.
type Catalog struct {
	Policy      Policy
	Departments []*Department
	Entries     []*Entry
	OpenEntries []*OpenEntry
	// Determinations by the id of the catalogue entry.
	Determinations map[ID]*Determinations
	Laws           map[LawID]*Law
	Regimes        map[RegimeID]*Regime
	Authorities    []Binding
	Vocabularies   map[string]*Vocabulary
	Calendar       map[int]*Year
	Aliases        []Alias
	Keys           []TrustedKey
	Mapping        Mapping
	// Files are the records that have a file, whether it could be read or not: what is merely unreadable is not missing.
	Files map[Ref]bool

	departments map[Dept]*Department
	entries     map[ID]*Entry
	open        map[ID]*OpenEntry
}

// Index orders the records, links them to each other and builds the look-ups. Call it once after filling the slices.
// Where two records share an id the first in order wins; the rules report the other.
func (c *Catalog) Index() {
	slices.SortFunc(c.Departments, func(a, b *Department) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(c.Entries, func(a, b *Entry) int { return cmp.Or(cmp.Compare(a.Dept, b.Dept), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(c.OpenEntries, func(a, b *OpenEntry) int {
		return cmp.Or(cmp.Compare(a.Dept, b.Dept), cmp.Compare(a.ID, b.ID))
	})
	c.departments, c.entries, c.open = map[Dept]*Department{}, map[ID]*Entry{}, map[ID]*OpenEntry{}
	for _, d := range c.Departments {
		putFirst(c.departments, d.ID, d)
	}
	for _, e := range c.Entries {
		e.Opened = nil
		putFirst(c.entries, e.ID, e)
	}
	for _, o := range c.OpenEntries {
		putFirst(c.open, o.ID, o)
		o.Entry = nil
		if dept, id, ok := strings.Cut(o.CatalogID, "/"); ok {
			if e := c.entries[ID(id)]; e != nil && e.Dept == Dept(dept) {
				o.Entry = e
				e.Opened = append(e.Opened, o)
			}
		}
	}
}

func putFirst[K comparable, V any](m map[K]V, k K, v V) {
	if _, taken := m[k]; !taken {
		m[k] = v
	}
}

// Department returns the organisation, or nil.
func (c *Catalog) Department(d Dept) *Department { return c.departments[d] }

// Entry returns the catalogue entry with that id, or nil.
func (c *Catalog) Entry(id ID) *Entry { return c.entries[id] }

// Dataset returns the open-list entry with that id, or nil. Its id is the public dataset id.
func (c *Catalog) Dataset(id ID) *OpenEntry { return c.open[id] }

// Published lists the open-list entries that every feed carries: status published on a published, open entry.
func (c *Catalog) Published() []*OpenEntry {
	var out []*OpenEntry
	for _, o := range c.OpenEntries {
		if o.Status == Published && o.Entry != nil && o.Entry.Status == Published && o.Entry.Open.Type != Closed {
			out = append(out, o)
		}
	}
	return out
}

// Term looks a code up in a vocabulary; the zero Term when either is unknown.
func (c *Catalog) Term(vocabulary string, code Code) Term {
	if v := c.Vocabularies[vocabulary]; v != nil {
		if t, ok := v.Term(code); ok {
			return t
		}
	}
	return Term{}
}

// TermsOf lists the terms of a vocabulary in its order.
func (c *Catalog) TermsOf(vocabulary string) []Term {
	if v := c.Vocabularies[vocabulary]; v != nil {
		return v.Values
	}
	return nil
}

// Cadence is what an update frequency promises, from the mappings of its term.
func (c *Catalog) Cadence(frequency Code) calendar.Cadence {
	m := c.Term("update_frequency", frequency).Mappings
	period, _ := strconv.Atoi(m["period_days"])
	limit, _ := strconv.Atoi(m["overdue_after"])
	return calendar.Cadence{Period: period, Limit: limit, Working: m["overdue_unit"] == "working_day"}
}

// Promise is the cadence that a dataset is held to. Sample data are never due: a body is not late with what was made up.
func (c *Catalog) Promise(o *OpenEntry) calendar.Cadence {
	if o.Illustrative() {
		return calendar.Cadence{}
	}
	return c.Cadence(o.Frequency())
}

// Extension is the file name ending of a published format, without the dot.
func (c *Catalog) Extension(format Code) string {
	return cmp.Or(c.Term("file_format", format).Mappings["extension"], string(format))
}

// Days is the statutory calendar of all years that metadata/calendar knows.
func (c *Catalog) Days() calendar.Days {
	days := calendar.Days{Off: map[calendar.Date]bool{}, Worked: map[calendar.Date]bool{}}
	for _, y := range c.Calendar {
		for _, h := range y.Holidays {
			for _, d := range h.Days {
				days.Off[d] = true
			}
			for _, d := range h.Workday {
				days.Worked[d] = true
			}
		}
	}
	return days
}

// Visibility is the effective visibility of an entry: the stricter of its own and, when closed, of its regime's
// list_closed. A regime that says "none" makes a closed entry internal.
func (c *Catalog) Visibility(e *Entry) Code {
	own := cmp.Or(e.RecordVisibility, Public)
	if e.Open.Type != Closed {
		return own
	}
	most := Internal
	if r := c.Regimes[e.Regime]; r != nil && r.ListClosed == TitleOnly {
		most = TitleOnly
	}
	if visibilityRank[own] > visibilityRank[most] {
		return own
	}
	return most
}

var visibilityRank = map[Code]int{Public: 0, TitleOnly: 1, Internal: 2}

// LawIDs lists the laws in order of id.
func (c *Catalog) LawIDs() []LawID { return slices.Sorted(maps.Keys(c.Laws)) }

// RegimeOn returns the verified regime in force on a day, or nil: between two regimes there may be none.
func (c *Catalog) RegimeOn(day calendar.Date) *Regime {
	for _, id := range slices.Sorted(maps.Keys(c.Regimes)) {
		if r := c.Regimes[id]; r.TextVerified && r.InForce(day) {
			return r
		}
	}
	return nil
}

// Holder returns the organisation bound to a role on a day under verified text, or "".
func (c *Catalog) Holder(role Code, day calendar.Date) Dept {
	for _, b := range c.Authorities {
		if b.Role == role && b.TextVerified && b.Covers(day) {
			return b.Org
		}
	}
	return ""
}
