package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// Kinds of event. A release gives each dataset at most one.
const (
	Created         = "created"
	MetadataUpdated = "metadata_updated"
	DataUpdated     = "data_updated"
	SchemaChanged   = "schema_changed"
	Suspended       = "suspended"
	Resumed         = "resumed"
	Withdrawn       = "withdrawn"
)

// Event is one line of the ledger: what happened to a dataset in one release.
type Event struct {
	Seq        int          `json:"seq"`
	Time       string       `json:"time"` // midnight at +08:00 of the day of the release
	Event      string       `json:"event"`
	ID         string       `json:"id"` // flat identifier
	IRI        string       `json:"iri"`
	Org        catalog.Dept `json:"org"`
	Title      string       `json:"title"`
	Hash       *string      `json:"hash"`      // null when withdrawn: the line is the tombstone
	PrevHash   *string      `json:"prev_hash"` // null when created
	URL        string       `json:"url"`
	Commit     string       `json:"commit,omitempty"`
	Changed    []string     `json:"changed,omitempty"` // members of entry.json
	Breaking   *bool        `json:"breaking,omitempty"`
	Version    string       `json:"version,omitempty"` // with schema_changed
	Reason     string       `json:"reason,omitempty"`
	Authority  catalog.Dept `json:"authority,omitempty"` // who withdrew it
	ReplacedBy string       `json:"replaced_by,omitempty"`
	dataset    catalog.ID
	day        calendar.Date
}

// Dataset is the id of the dataset that the event is about.
func (e Event) Dataset() catalog.ID { return e.dataset }

// Day is the day of the event.
func (e Event) Day() calendar.Date { return e.day }

// ledger is the history of all datasets: append-only lines, one file a year.
type ledger struct {
	years  map[int][]byte // the lines of each year, exactly as they are published
	events []Event        // all of them, oldest first
}

// ledgerHeader is the first line of /changes.ndjson.
type ledgerHeader struct {
	Format   string `json:"format"`
	FirstSeq int    `json:"first_seq"`
	LastSeq  int    `json:"last_seq"`
	Previous string `json:"previous,omitempty"` // the newest year that this file leaves out
}

const ledgerFormat = "odc-changes/1"

// Events are all events of the ledger, oldest first.
func (m *Model) Events() []Event { return m.ledger.events }

// continueLedger reads the previous release's ledger and appends what this release changes. The old lines stay
// byte for byte what they were, so a consumer can resume at any sequence number.
func (m *Model) continueLedger(previous Previous, before map[string]Entry) (*ledger, error) {
	l := &ledger{years: map[int][]byte{}}
	if previous == nil {
		l.append(m.firstEvents())
		return l, nil
	}
	if err := l.read(previous); err != nil {
		return nil, fmt.Errorf("ledger of the previous release: %w", err)
	}
	events, err := m.newEvents(previous, before, l)
	if err != nil {
		return nil, err
	}
	l.append(events)
	return l, nil
}

// firstEvents begin the ledger: one creation for each dataset, dated by its first publication rather than by the day
// this program first ran. The datasets were public before; a history that begins today would say that they were not.
func (m *Model) firstEvents() []Event {
	var out []Event
	for _, r := range m.records {
		out = append(out, m.created(r, capped(r.IssuedOn, m.asOf)))
	}
	return out
}

// capped is the day, or the limit when the day is missing or later.
func capped(day, limit calendar.Date) calendar.Date {
	if day.IsZero() || day.After(limit) {
		return limit
	}
	return day
}

func (m *Model) created(r *Record, day calendar.Date) Event {
	e := m.event(Created, r, day)
	e.PrevHash = nil
	return e
}

func (m *Model) event(kind string, r *Record, day calendar.Date) Event {
	return Event{
		Event: kind, ID: r.FlatID, IRI: m.datasetIRI(r.ID), Org: r.Org.ID, Title: r.Title.Zh, Hash: &r.Hash,
		URL: m.base + "/" + entryPath(r.ID), Commit: m.commit, dataset: r.ID, day: day,
	}
}

// newEvents compares this release with the previous one. A dataset may leave the feeds only as suspended or withdrawn;
// any other disappearance is refused, because consumers delete what is absent.
func (m *Model) newEvents(previous Previous, before map[string]Entry, l *ledger) ([]Event, error) {
	// Time never runs backwards in a ledger, even when an older commit is released again.
	day := later(m.asOf, l.lastDay())
	var out []Event
	var errs []error
	for _, key := range sortedKeys(m.entries) {
		id, ok := datasetID(key)
		if !ok {
			continue
		}
		e, changed, err := m.compare(id, before[key], previous, l, day)
		if err != nil {
			errs = append(errs, err)
		} else if changed {
			out = append(out, e)
		}
	}
	for _, key := range sortedKeys(before) {
		id, ok := datasetID(key)
		if _, still := m.entries[key]; !ok || still {
			continue
		}
		e, told, err := m.withdrawn(id, before[key], l, day)
		if err != nil {
			errs = append(errs, err)
		} else if told {
			out = append(out, e)
		}
	}
	return out, errors.Join(errs...)
}

func datasetID(key string) (catalog.ID, bool) {
	const prefix = "dataset:"
	if len(key) <= len(prefix) || key[:len(prefix)] != prefix {
		return "", false
	}
	return catalog.ID(key[len(prefix):]), true
}

// compare tells what happened to a dataset that is still there.
func (m *Model) compare(id catalog.ID, was Entry, previous Previous, l *ledger, day calendar.Date) (Event, bool, error) {
	now := m.entries[datasetKey(id)]
	o := m.c.Dataset(id)
	record := m.byID[id]
	switch {
	case was.Hash == "" && record != nil:
		return m.created(record, day), true, nil
	case was.Hash == now.Hash || was.Hash == "":
		return Event{}, false, nil
	case record == nil:
		r := m.newRecord(o, m.base)
		r.Hash = now.Hash
		e := m.event(Suspended, r, day)
		e.PrevHash, e.Reason = &was.Hash, cmp.Or(o.StatusReason, o.Entry.StatusReason)
		return e, true, nil
	case was.Status == catalog.Suspended:
		if _, known := l.last(id); !known {
			return m.created(record, day), true, nil // suspended since before the ledger began
		}
		e := m.event(Resumed, record, day)
		e.PrevHash = &was.Hash
		return e, true, nil
	}
	e, err := m.updated(record, was, previous, day)
	return e, true, err
}

// updated tells what an update changed by comparing with the record that the previous release serves.
func (m *Model) updated(r *Record, was Entry, previous Previous, day calendar.Date) (Event, error) {
	b, err := previous.File(entryPath(r.ID))
	if err != nil {
		return Event{}, fmt.Errorf("dataset %s: record of the previous release: %w", r.ID, err)
	}
	var old Record
	if err := json.Unmarshal(b, &old); err != nil {
		return Event{}, fmt.Errorf("dataset %s: record of the previous release: %w", r.ID, err)
	}
	changed := changedMembers(&old, r)
	kind := MetadataUpdated
	switch {
	case slices.Contains(changed, "items"):
		kind = SchemaChanged
	case slices.Contains(changed, "versions"), old.Update.UpdatedOn != r.Update.UpdatedOn:
		kind = DataUpdated
	}
	e := m.event(kind, r, day)
	e.PrevHash, e.Changed = &was.Hash, changed
	if kind == SchemaChanged {
		breaking := breaks(old.Items, r.Items)
		e.Breaking, e.Version = &breaking, r.Version
	}
	return e, nil
}

// changedMembers names the members of two records that differ, apart from those that follow from the others.
func changedMembers(old, now *Record) []string {
	a, b := members(old), members(now)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(union(a, b))) {
		if !bytes.Equal(a[name], b[name]) {
			out = append(out, name)
		}
	}
	return out
}

func union[V any](a, b map[string]V) map[string]V {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

func members(r *Record) map[string]json.RawMessage {
	clean := *r
	clean.Hash, clean.Modified, clean.Update.State = "", calendar.Date{}, ""
	out := map[string]json.RawMessage{}
	if err := json.Unmarshal(canonicalJSON(clean), &out); err != nil {
		panic(err) // our own bytes
	}
	return out
}

// breaks reports whether a program written for the old columns may fail on the new ones: a column is gone or has
// another type.
func breaks(old, now []Item) bool {
	for _, o := range old {
		i := slices.IndexFunc(now, func(n Item) bool { return n.Name == o.Name })
		if i < 0 || now[i].Type.Key != o.Type.Key {
			return true
		}
	}
	return false
}

// withdrawn tells of a dataset that is gone for good. What it was called comes from the ledger, for its file is gone.
// Nothing is told of one that was suspended since before the ledger began: no consumer ever saw it.
func (m *Model) withdrawn(id catalog.ID, was Entry, l *ledger, day calendar.Date) (Event, bool, error) {
	reason, replacedBy, closed, err := m.whyGone(id)
	if err != nil {
		return Event{}, false, err
	}
	last, known := l.last(id)
	if !known {
		if was.Status == catalog.Suspended {
			return Event{}, false, nil
		}
		return Event{}, false, fmt.Errorf("dataset %s: in the previous release, but not in its ledger", id)
	}
	e := Event{
		Event: Withdrawn, ID: last.ID, IRI: last.IRI, Org: last.Org, Title: last.Title, PrevHash: &was.Hash,
		URL: m.base + "/datasets/" + string(id) + "/", Commit: m.commit, Reason: reason, Authority: last.Org,
		ReplacedBy: replacedBy, dataset: id, day: day,
	}
	if closed {
		e.Title = "" // of a closed one only code and date are told
	}
	return e, true, nil
}

// whyGone finds the record that explains an absence: a withdrawn file, or a tombstone or alias in metadata/aliases.yaml.
func (m *Model) whyGone(id catalog.ID) (reason, replacedBy string, closed bool, err error) {
	if o := m.c.Dataset(id); o != nil {
		if o.Status != catalog.Withdrawn {
			err = fmt.Errorf("dataset %s was public and is now %q: a dataset leaves the feeds only as suspended or withdrawn", id, o.Status)
		}
		return o.StatusReason, "", false, err
	}
	for _, t := range m.tombstones() {
		if t.ID == id {
			return t.Reason, t.ReplacedBy, t.Title == "", nil
		}
	}
	return "", "", false, fmt.Errorf("dataset %s was public and is gone: add its tombstone or alias to metadata/aliases.yaml", id)
}

// last is the newest event of a dataset.
func (l *ledger) last(id catalog.ID) (Event, bool) {
	for _, e := range slices.Backward(l.events) {
		if e.dataset == id {
			return e, true
		}
	}
	return Event{}, false
}

func (l *ledger) lastDay() calendar.Date {
	if len(l.events) == 0 {
		return calendar.Date{}
	}
	return l.events[len(l.events)-1].day
}

// append numbers the events of a release, ordered by day and code, and adds their lines.
func (l *ledger) append(events []Event) {
	slices.SortFunc(events, func(a, b Event) int { return cmp.Or(a.day.Compare(b.day), cmp.Compare(a.ID, b.ID)) })
	for _, e := range events {
		e.Seq = len(l.events) + 1
		e.Time = dateTime(e.day)
		l.years[e.day.Year()] = append(l.years[e.day.Year()], append(compactJSON(e), '\n')...)
		l.events = append(l.events, e)
	}
}

// oldestYear bounds the search for year files; no open data portal is older.
const oldestYear = 1990

// read takes over the ledger of the previous release: the years back to the first sequence number.
func (l *ledger) read(previous Previous) error {
	current, err := previous.File("changes.ndjson")
	if err != nil {
		return err
	}
	line, rest, _ := bytes.Cut(current, []byte("\n"))
	var h ledgerHeader
	if err := json.Unmarshal(line, &h); err != nil || h.Format != ledgerFormat {
		return fmt.Errorf("changes.ndjson does not begin with a header of format %s", ledgerFormat)
	}
	if h.LastSeq == 0 {
		return nil
	}
	newest, err := newestYear(h, rest)
	if err != nil {
		return fmt.Errorf("changes.ndjson: %w", err)
	}
	var files [][]Event
	for year, first := newest, h.LastSeq+1; first > 1; year-- {
		if year < oldestYear {
			return fmt.Errorf("the ledger begins at sequence number %d: year files are missing", first)
		}
		b, err := previous.File(yearPath(year))
		if errors.Is(err, fs.ErrNotExist) {
			continue // nothing happened in that year
		}
		if err != nil {
			return err
		}
		events, err := readEvents(b)
		if err != nil {
			return fmt.Errorf("%s: %w", yearPath(year), err)
		}
		if got := events[len(events)-1].Seq; got != first-1 {
			return fmt.Errorf("%s ends at sequence number %d, want %d", yearPath(year), got, first-1)
		}
		l.years[year] = bytes.Clone(b)
		files, first = append(files, events), events[0].Seq
	}
	for _, events := range slices.Backward(files) {
		l.events = append(l.events, events...)
	}
	return nil
}

// newestYear is the year of the last event: that of the last line, or that of the file the header points to when
// nothing happened lately.
func newestYear(h ledgerHeader, lines []byte) (int, error) {
	if len(lines) == 0 {
		var year int
		if _, err := fmt.Sscanf(h.Previous, "/changes/%d.ndjson", &year); err != nil {
			return 0, fmt.Errorf("no events, and %q is not a year file", h.Previous)
		}
		return year, nil
	}
	events, err := readEvents(lines)
	if err != nil {
		return 0, err
	}
	return events[len(events)-1].day.Year(), nil
}

// readEvents parses lines, whose sequence numbers must follow one another.
func readEvents(b []byte) ([]Event, error) {
	if len(b) == 0 || b[len(b)-1] != '\n' {
		return nil, errors.New("empty, or cut off in the middle of a line")
	}
	var out []Event
	for line := range bytes.Lines(b) {
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(out)+1, err)
		}
		day, err := calendar.ParseDate(cutTime(e.Time))
		if err != nil {
			return nil, fmt.Errorf("line %d: time: %w", len(out)+1, err)
		}
		if len(out) > 0 && e.Seq != out[len(out)-1].Seq+1 {
			return nil, fmt.Errorf("line %d: sequence number %d follows %d", len(out)+1, e.Seq, out[len(out)-1].Seq)
		}
		e.day, e.dataset = day, idOfIRI(e.IRI)
		out = append(out, e)
	}
	return out, nil
}

// files are the ledger's outputs: each year, and the current and the previous year behind a header.
func (m *Model) ledgerFiles() map[string][]byte {
	out := map[string][]byte{}
	current := later(m.asOf, m.ledger.lastDay()).Year()
	var h ledgerHeader
	h.Format, h.LastSeq = ledgerFormat, len(m.ledger.events)
	h.FirstSeq = h.LastSeq + 1
	var recent []byte
	for _, year := range sortedKeys(m.ledger.years) {
		lines := m.ledger.years[year]
		out[yearPath(year)] = lines
		if year < current-1 {
			h.Previous = "/" + yearPath(year)
			continue
		}
		recent = append(recent, lines...)
	}
	if i := slices.IndexFunc(m.ledger.events, func(e Event) bool { return e.day.Year() >= current-1 }); i >= 0 {
		h.FirstSeq = m.ledger.events[i].Seq
	}
	out["changes.ndjson"] = append(append(compactJSON(h), '\n'), recent...)
	return out
}

func yearPath(year int) string { return "changes/" + strconv.Itoa(year) + ".ndjson" }

func entryPath(id catalog.ID) string { return "datasets/" + string(id) + "/entry.json" }

// dateTime is midnight in China at the start of a day (RFC 3339).
func dateTime(d calendar.Date) string { return d.String() + "T00:00:00+08:00" }

func cutTime(s string) string { return s[:min(len(s), len("2006-01-02"))] }

// idOfIRI reads the dataset id out of {base}/datasets/<id>/#dataset.
func idOfIRI(iri string) catalog.ID {
	const head, tail = "/datasets/", "/#dataset"
	i := bytes.LastIndex([]byte(iri), []byte(head))
	if i < 0 || len(iri) < i+len(head)+len(tail) {
		return ""
	}
	return catalog.ID(iri[i+len(head) : len(iri)-len(tail)])
}
