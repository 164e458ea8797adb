// Package export writes the machine-readable forms of the catalogue: DCAT-AP as JSON-LD and Turtle, DCAT-US data.json,
// schema.org for the pages, the static API, the ledger of changes, Atom, the sitemap and the feed for the municipal
// platform (市平台).
//
// Every writer reads one [Model], so all feeds carry the same datasets with the same dates. The bytes are a function
// of the catalogue, the as-of day and the previous release alone: the package reads no YAML, clock, environment or
// network, and it refuses to make a model without datasets, or one that has lost a dataset without saying why,
// because a harvester deletes what a feed no longer names.
//
//	m, err := export.NewModel(export.Input{Catalog: c, AsOf: calendar.MustDate("2025-12-01")})
//	err = export.Write(m, func(path string, data []byte) error { … })
package export

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// ErrEmpty refuses a catalogue without a published dataset: an empty feed erases the district from its consumers.
var ErrEmpty = errors.New("no published dataset: an empty feed would erase the district from every consumer")

// Input is all that the outputs depend on.
type Input struct {
	Catalog  *catalog.Catalog
	AsOf     calendar.Date
	Commit   string   // revision of the tree; "" when it is unknown or changed
	Previous Previous // the release these feeds continue; nil for the first
}

// Previous is the release whose ledger the feeds continue.
type Previous interface {
	// Entries are the records of its manifest by "dataset:<id>" and "catalog:<id>".
	Entries() map[string]Entry
	// File returns the bytes it serves at a path such as "changes.ndjson"; fs.ErrNotExist when it has none.
	File(path string) ([]byte, error)
}

// Entry is what a release manifest keeps of a record.
type Entry struct {
	Hash       string        `json:"hash"` // SHA-256 of the canonical public record
	Modified   calendar.Date `json:"modified"`
	Status     catalog.Code  `json:"status"`
	Visibility catalog.Code  `json:"visibility"`
}

// Model is what every writer reads.
type Model struct {
	// Pages are further pages for the sitemap, as paths below the site ("about/", "departments/"); those of the
	// datasets are always in it. Set it before Write.
	Pages []string

	c      *catalog.Catalog
	base   string
	asOf   calendar.Date
	commit string
	days   calendar.Days

	records []*Record // published datasets, ordered by code
	byID    map[catalog.ID]*Record
	byCode  map[string][]*catalog.OpenEntry // what is published of a catalogue entry, by its resource code
	orgs    []*Org                          // organisations that hold a dataset or an entry, and their parents; ordered by id
	orgByID map[catalog.Dept]*Org
	entries map[string]Entry
	ledger  *ledger
}

// NewModel builds the model. Its errors name every record that stands in the way.
func NewModel(in Input) (*Model, error) {
	m := &Model{
		c: in.Catalog, asOf: in.AsOf, commit: in.Commit, days: in.Catalog.Days(),
		base: strings.TrimSuffix(in.Catalog.Policy.BaseURL, "/"),
		byID: map[catalog.ID]*Record{}, byCode: map[string][]*catalog.OpenEntry{}, orgByID: map[catalog.Dept]*Org{},
		entries: map[string]Entry{},
	}
	var before map[string]Entry
	if in.Previous != nil {
		before = in.Previous.Entries()
	}
	open, err := m.openEntries()
	if err != nil {
		return nil, err
	}
	for _, o := range open {
		m.addDataset(o, before[datasetKey(o.ID)])
	}
	if len(m.records) == 0 {
		return nil, ErrEmpty
	}
	slices.SortFunc(m.records, func(a, b *Record) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID)) })
	m.addCatalogEntries(before)
	m.addOrgs()
	if m.ledger, err = m.continueLedger(in.Previous, before); err != nil {
		return nil, err
	}
	return m, nil
}

// addDataset records the state of a dataset for the manifest and, when it is published, the record of the feeds.
func (m *Model) addDataset(o *catalog.OpenEntry, before Entry) {
	status := m.status(o)
	hash := canonicalHash(m.newRecord(o, ""))
	modified := m.modified(later(o.Updated(), o.FirstPublishedOn), hash, before)
	m.entries[datasetKey(o.ID)] = Entry{hash, modified, status, catalog.Public}
	if status != catalog.Published {
		if before.Status == status {
			m.entries[datasetKey(o.ID)] = before // edits while nobody can see it are told when it comes back
		}
		return
	}
	r := m.newRecord(o, m.base)
	r.Hash, r.Modified = hash, modified
	cadence := m.c.Promise(o)
	r.Update.DueOn = cadence.Due(o.Updated(), m.days)
	r.Update.State = cadence.StateOn(m.asOf, o.Updated(), m.days)
	m.records = append(m.records, r)
	m.byID[r.ID] = r
}

// openEntries are the datasets that are or were public: published ones, and suspended ones, whose page stays.
func (m *Model) openEntries() ([]*catalog.OpenEntry, error) {
	var out []*catalog.OpenEntry
	var errs []error
	codes := map[string]catalog.ID{}
	for _, o := range m.c.OpenEntries {
		status := m.status(o)
		if status != catalog.Published && status != catalog.Suspended {
			continue
		}
		switch code := o.ListCode(); {
		case code == "":
			errs = append(errs, fmt.Errorf("dataset %s: no list code, because its catalogue entry %s has no resource code", o.ID, o.CatalogID))
		case codes[code] != "":
			errs = append(errs, fmt.Errorf("dataset %s: list code %s is already that of %s", o.ID, code, codes[code]))
		default:
			codes[code] = o.ID
			out = append(out, o)
			if status == catalog.Published {
				m.byCode[o.Entry.ResourceCode] = append(m.byCode[o.Entry.ResourceCode], o)
			}
		}
	}
	return out, errors.Join(errs...)
}

// status is the status of a dataset as consumers see it: a suspended catalogue entry suspends what opens it, and
// whatever else keeps a dataset from the public counts as registered.
func (m *Model) status(o *catalog.OpenEntry) catalog.Code {
	switch {
	case o.Entry == nil || o.Entry.Open.Type == catalog.Closed || m.c.Visibility(o.Entry) != catalog.Public:
		return catalog.Registered
	case o.Status == catalog.Published && o.Entry.Status == catalog.Published:
		return catalog.Published
	case suspendable(o.Status) && suspendable(o.Entry.Status):
		return catalog.Suspended
	}
	return catalog.Registered
}

func suspendable(status catalog.Code) bool {
	return status == catalog.Published || status == catalog.Suspended
}

// modified is the day a consumer should look again: the latest of the declared day and the change of the record's
// hash. It never lies after the as-of day, because harvesters drop dates in the future.
func (m *Model) modified(declared calendar.Date, hash string, before Entry) calendar.Date {
	day := declared
	switch before.Hash {
	case "":
	case hash:
		day = later(declared, before.Modified)
	default:
		day = m.asOf
	}
	if day.IsZero() || day.After(m.asOf) {
		return m.asOf
	}
	return day
}

func later(a, b calendar.Date) calendar.Date {
	if b.After(a) {
		return b
	}
	return a
}

// addCatalogEntries records the catalogue entries that have a page, so that a release can count what it would lose.
func (m *Model) addCatalogEntries(before map[string]Entry) {
	for _, e := range m.c.Entries {
		visibility := m.c.Visibility(e)
		if !listed(e) || visibility == catalog.Internal {
			continue
		}
		key := "catalog:" + string(e.ID)
		hash := canonicalHash(m.newEntryState(e, visibility))
		m.entries[key] = Entry{hash, m.modified(e.PublishedOn, hash, before[key]), e.Status, visibility}
	}
}

// ReleaseEntries are the entries of the release manifest: every published or suspended dataset and every catalogue
// entry that has a page. Internal entries are not named.
func (m *Model) ReleaseEntries() map[string]Entry { return m.entries }

// Datasets are the published datasets in order of code.
func (m *Model) Datasets() []*Record { return m.records }

// Dataset returns the published dataset with that id, or nil.
func (m *Model) Dataset(id catalog.ID) *Record { return m.byID[id] }

// modifiedMax is the newest modification of any dataset: that of the catalogue as a whole.
func (m *Model) modifiedMax() calendar.Date {
	var day calendar.Date
	for _, r := range m.records {
		day = later(day, r.Modified)
	}
	return day
}

// issuedMin is the first publication of any dataset.
func (m *Model) issuedMin() calendar.Date {
	day := m.asOf
	for _, r := range m.records {
		if !r.IssuedOn.IsZero() && r.IssuedOn.Before(day) {
			day = r.IssuedOn
		}
	}
	return day
}

func datasetKey(id catalog.ID) string { return "dataset:" + string(id) }
