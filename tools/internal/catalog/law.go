package catalog

import (
	"cmp"

	"opendata.example/odc/tools/internal/calendar"
)

// Law is a law, regulation or document (法律、法规、规章、文件). File: metadata/laws/<id>.yaml.
type Law struct {
	ID   LawID  `yaml:"-"`
	Path string `yaml:"-"`

	Title            string        `yaml:"title"`
	ShortTitle       string        `yaml:"short_title"`
	DocNo            string        `yaml:"doc_no"` // 文号
	Issuer           string        `yaml:"issuer"`
	Level            Code          `yaml:"level"` // law_level
	AdoptedOn        calendar.Date `yaml:"adopted_on"`
	IssuedOn         calendar.Date `yaml:"issued_on"`
	InForceFrom      calendar.Date `yaml:"in_force_from"`
	InForceTo        calendar.Date `yaml:"in_force_to"` // last day in force
	Successor        LawID         `yaml:"successor"`
	Supersedes       []LawID       `yaml:"supersedes"`
	URL              string        `yaml:"url"`
	TextSHA256       string        `yaml:"text_sha256"`
	Amended          []Amendment   `yaml:"amended"`
	Articles         []Article     `yaml:"articles"`
	ArticlesComplete bool          `yaml:"articles_complete"`
	TextVerified     bool          `yaml:"text_verified"`
	Note             string        `yaml:"note"`
}

// InForce reports whether the law is known to be in force on a day; an unknown first day means no.
func (l *Law) InForce(day calendar.Date) bool {
	return !l.InForceFrom.IsZero() && !day.Before(l.InForceFrom) && (l.InForceTo.IsZero() || !day.After(l.InForceTo))
}

// Amendment of a law.
type Amendment struct {
	On    calendar.Date `yaml:"on"`
	DocNo string        `yaml:"doc_no"`
}

// Article of a law; Text is printed as a quotation only when Verified.
type Article struct {
	No       string `yaml:"no"`
	Title    string `yaml:"title"`
	Text     string `yaml:"text"`
	Verified bool   `yaml:"verified"`
}

// Regime is a dated set of duties resting on one law (依据办法). File: metadata/regimes/<id>.yaml.
type Regime struct {
	ID   RegimeID `yaml:"-"`
	Path string   `yaml:"-"`

	Title                 string               `yaml:"title"`
	Law                   LawID                `yaml:"law"`
	ValidFrom             calendar.Date        `yaml:"valid_from"`
	ValidTo               calendar.Date        `yaml:"valid_to"` // last day
	Successor             RegimeID             `yaml:"successor"`
	TextVerified          bool                 `yaml:"text_verified"`
	Scope                 []Code               `yaml:"scope"` // org_type
	ShareTypes            []NationalTerm       `yaml:"share_types"`
	OpenTypes             []NationalTerm       `yaml:"open_types"`
	RolesRequired         []Code               `yaml:"roles_required"`
	Deadlines             map[string]Deadline  `yaml:"deadlines"`
	Thresholds            map[string]Threshold `yaml:"thresholds"`
	Transitions           []Transition         `yaml:"transitions"`
	ListClosed            Code                 `yaml:"list_closed"` // none, title_only
	DeterminationRequired bool                 `yaml:"determination_required"`
	ReviewAfterDays       int                  `yaml:"review_after_days"`
	// RuleBasis cites, for each rule id, the articles it rests on: "R05" → ["14(3)", "26"].
	RuleBasis map[string][]string `yaml:"rule_basis"`
}

// InForce reports whether a day lies between the first and the last day of the regime.
func (r *Regime) InForce(day calendar.Date) bool {
	return !r.ValidFrom.IsZero() && !day.Before(r.ValidFrom) && (r.ValidTo.IsZero() || !day.After(r.ValidTo))
}

// NationalTerm maps a district term to the national one.
type NationalTerm struct {
	Code     Code   `yaml:"code"`
	National string `yaml:"national"`
}

// Deadline is a time limit; Unit is calendar_day or working_day.
type Deadline struct {
	Value    int    `yaml:"value"`
	Unit     Code   `yaml:"unit"`
	Basis    string `yaml:"basis"`
	Verified bool   `yaml:"verified"`
}

// Threshold is a number a rule compares with, and where it comes from.
type Threshold struct {
	Value    int    `yaml:"value"`
	Basis    string `yaml:"basis"`
	Verified bool   `yaml:"verified"`
}

// Transition of status allowed to some roles (tools/doc/format.md).
type Transition struct {
	From []Code `yaml:"from"`
	To   Code   `yaml:"to"`
	By   []Code `yaml:"by"`
}

// Binding gives a role to an organisation for a time (职责归属). File: metadata/authorities.yaml, key bindings.
type Binding struct {
	Role         Code          `yaml:"role"`
	Org          Dept          `yaml:"org"`
	Regime       RegimeID      `yaml:"regime"`
	Basis        LegalRef      `yaml:"basis"`
	ValidFrom    calendar.Date `yaml:"valid_from"`
	ValidTo      calendar.Date `yaml:"valid_to"`
	TextVerified bool          `yaml:"text_verified"`
	Note         string        `yaml:"note"`
}

// Covers reports whether the binding holds on a day.
func (b Binding) Covers(day calendar.Date) bool {
	return !day.Before(b.ValidFrom) && (b.ValidTo.IsZero() || !day.After(b.ValidTo))
}

// Determinations are the decisions on one catalogue entry, append-only, oldest first (认定) 〔14(3)〕.
// File: metadata/determinations/<dept>/<id>.yaml.
type Determinations struct {
	ID   ID     `yaml:"-"` // of the catalogue entry
	Dept Dept   `yaml:"-"`
	Path string `yaml:"-"`

	Rows []Determination `yaml:"determinations"`
}

// Newest returns the newest row for an attribute dated up to a day, or nil.
func (d *Determinations) Newest(attribute Code, upTo calendar.Date) *Determination {
	if d == nil {
		return nil
	}
	for i := len(d.Rows) - 1; i >= 0; i-- {
		if r := &d.Rows[i]; r.Attribute == attribute && !r.Date.After(upTo) {
			return r
		}
	}
	return nil
}

// Determination is one decision of the competent body.
type Determination struct {
	N         int           `yaml:"n"`
	Attribute Code          `yaml:"attribute"` // share, open
	Value     Code          `yaml:"value"`
	By        Dept          `yaml:"by"`
	Date      calendar.Date `yaml:"date"`
	DocNo     string        `yaml:"doc_no"`
	Regime    RegimeID      `yaml:"regime"`
	Previous  int           `yaml:"previous"`
	Reason    string        `yaml:"reason"`
}

// Alias redirects an old address; without To it is a tombstone (注销). File: metadata/aliases.yaml, key aliases.
type Alias struct {
	From   string        `yaml:"from"` // <kind>:<dept>/<id>
	To     string        `yaml:"to"`
	On     calendar.Date `yaml:"on"`
	Reason string        `yaml:"reason"`
	Code   string        `yaml:"code"`
	Title  string        `yaml:"title"`
	Closed bool          `yaml:"closed"` // the entry was closed: the tombstone shows code and date only
}

// Department is an organisation (单位). File: metadata/departments/<id>.yaml.
type Department struct {
	ID   Dept   `yaml:"-"`
	Path string `yaml:"-"`

	Name          string        `yaml:"name"`
	ShortName     string        `yaml:"short_name"`
	NameEn        string        `yaml:"name_en"`
	ShortNameEn   string        `yaml:"short_name_en"`
	USCC          string        `yaml:"uscc"`
	OrgType       Code          `yaml:"org_type"`
	Parent        Dept          `yaml:"parent"`
	Region        Code          `yaml:"region"`
	Serial        string        `yaml:"serial"` // three digits, part of resource codes
	Duties        []Duty        `yaml:"duties"`
	PublicContact []Contact     `yaml:"public_contact"`
	Stewards      []Steward     `yaml:"stewards"`
	Reviewers     []string      `yaml:"reviewers"`
	Training      []Training    `yaml:"training"`
	ValidFrom     calendar.Date `yaml:"valid_from"`
	ValidTo       calendar.Date `yaml:"valid_to"`
	Successor     Dept          `yaml:"successor"`
}

// Label is the short name in Chinese and in English, or the whole one where none is given.
func (d *Department) Label() (zh, en string) {
	return cmp.Or(d.ShortName, d.Name), cmp.Or(d.ShortNameEn, d.NameEn)
}

// Exists reports whether the body exists on a day.
func (d *Department) Exists(day calendar.Date) bool {
	return !day.Before(d.ValidFrom) && (d.ValidTo.IsZero() || !day.After(d.ValidTo))
}

// Contact returns the public contact with that key, or the first.
func (d *Department) Contact(key string) Contact {
	for _, c := range d.PublicContact {
		if c.Key == key {
			return c
		}
	}
	if len(d.PublicContact) > 0 {
		return d.PublicContact[0]
	}
	return Contact{}
}

// Duty is a statutory duty of an organisation (法定职责) 〔9〕.
type Duty struct {
	ID    string   `yaml:"id"`
	Title string   `yaml:"title"`
	Basis LegalRef `yaml:"basis"`
}

// Contact of an office, never of a person.
type Contact struct {
	Key     string `yaml:"key" json:"key"`
	Label   string `yaml:"label" json:"label"`
	Phone   string `yaml:"phone" json:"phone,omitempty"`
	Email   string `yaml:"email" json:"email,omitempty"`
	Address string `yaml:"address" json:"address,omitempty"`
}

// Steward is the filing of a responsible post 〔23〕; the person stands in the private overlay only.
type Steward struct {
	Post    string        `yaml:"post"`
	FiledOn calendar.Date `yaml:"filed_on"`
}

// Training held or attended 〔23〕.
type Training struct {
	Date  calendar.Date `yaml:"date"`
	Topic string        `yaml:"topic"`
}

// Vocabulary is a closed list of terms. File: metadata/vocab/<id>.yaml.
type Vocabulary struct {
	ID   string `yaml:"id"`
	Path string `yaml:"-"`

	Title    string `yaml:"title"`
	TitleEn  string `yaml:"title_en"`
	Source   string `yaml:"source"`
	Verified bool   `yaml:"verified"`
	Values   []Term `yaml:"values"`
}

// Term of a vocabulary. Mappings go to other code systems by name: "municipal" → "0".
type Term struct {
	Code         Code              `yaml:"code"`
	Zh           string            `yaml:"zh"`
	En           string            `yaml:"en"`
	Parent       Code              `yaml:"parent"`
	Aliases      []string          `yaml:"aliases"`
	Description  string            `yaml:"description"`
	Mappings     map[string]string `yaml:"mappings"`
	DeprecatedOn calendar.Date     `yaml:"deprecated_on"`
	ReplacedBy   Code              `yaml:"replaced_by"`
}

// Term finds a code.
func (v *Vocabulary) Term(code Code) (Term, bool) {
	for _, t := range v.Values {
		if t.Code == code {
			return t, true
		}
	}
	return Term{}, false
}

// Year is the statutory calendar of one year: days off and working weekends (调休). File: metadata/calendar/<yyyy>.yaml.
type Year struct {
	Year     int       `yaml:"-"`
	Path     string    `yaml:"-"`
	Source   string    `yaml:"source"`
	Holidays []Holiday `yaml:"holidays"`
}

// Holiday is a statutory holiday with its days off and the weekend days worked in exchange.
type Holiday struct {
	Name    string          `yaml:"name"`
	NameEn  string          `yaml:"name_en"`
	Days    []calendar.Date `yaml:"days"`
	Workday []calendar.Date `yaml:"workdays"`
}
