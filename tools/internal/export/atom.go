package export

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// feedLimit is the number of datasets in an Atom feed.
const feedLimit = 100

type atomFeed struct {
	XMLName xml.Name   `xml:"feed"`
	NS      string     `xml:"xmlns,attr"`
	At      string     `xml:"xmlns:at,attr"`
	Lang    string     `xml:"xml:lang,attr"`
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  string     `xml:"author>name"`
	Links   []atomLink `xml:"link"`
	Entries []any      // atomEntry or atomDeleted, newest first
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	XMLName   xml.Name     `xml:"entry"`
	ID        string       `xml:"id"`
	Title     string       `xml:"title"`
	Updated   string       `xml:"updated"`
	Published string       `xml:"published"`
	Link      atomLink     `xml:"link"`
	Category  atomCategory `xml:"category"`
	Summary   atomText     `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// atomDeleted stands in place of an entry that was withdrawn (RFC 6721).
type atomDeleted struct {
	XMLName xml.Name `xml:"at:deleted-entry"`
	Ref     string   `xml:"ref,attr"`
	When    string   `xml:"when,attr"`
	Comment string   `xml:"at:comment,omitempty"`
}

// eventNames are the words a reader of the feed sees before the title.
var eventNames = map[string]string{
	Created: "新增", MetadataUpdated: "描述更新", DataUpdated: "数据更新", SchemaChanged: "结构变更",
	Suspended: "暂停", Resumed: "恢复", Withdrawn: "撤回",
}

// latest is the newest event of a dataset with the day a reader should see it under.
type latest struct {
	Event
	day       calendar.Date
	published string
}

// latestEvents holds one event for each dataset that ever was in the ledger, newest first. A dataset that is public
// counts under its modified date, which the other feeds carry too.
func (m *Model) latestEvents() []latest {
	byID := map[catalog.ID]latest{}
	for _, e := range m.ledger.events {
		l := latest{Event: e, day: e.day, published: byID[e.dataset].published}
		if l.published == "" {
			l.published = e.Time
		}
		byID[e.dataset] = l
	}
	var out []latest
	for _, id := range sortedKeys(byID) {
		l := byID[id]
		if r := m.byID[id]; r != nil {
			l.day = later(l.day, r.Modified)
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b latest) int { return cmp.Or(b.day.Compare(a.day), cmp.Compare(a.ID, b.ID)) })
	return out
}

// atom is the feed of the whole catalogue: one entry for each dataset, its latest event.
func (m *Model) atom() []byte {
	f := atomFeed{
		NS: "http://www.w3.org/2005/Atom", At: "http://purl.org/atompub/tombstones/1.0", Lang: "zh-CN",
		ID: m.base + "/#feed", Title: m.c.Policy.Title + "：更新", Author: m.orgRef(m.c.Policy.Publisher, m.base).Name,
		Links: []atomLink{
			{"self", "application/atom+xml", m.base + "/feed.atom"},
			{"alternate", "text/html", m.base + "/changes/"},
		},
	}
	if !m.c.Policy.Official {
		f.Title += "（演示站点）"
	}
	events := m.latestEvents()
	f.Updated = dateTime(m.issuedMin())
	if len(events) > 0 {
		f.Updated = dateTime(events[0].day)
	}
	for _, e := range events[:min(len(events), feedLimit)] {
		f.Entries = append(f.Entries, m.atomEntry(e))
	}
	return documentXML(f)
}

func (m *Model) atomEntry(e latest) any {
	if e.Event.Event == Withdrawn {
		return atomDeleted{Ref: e.IRI, When: dateTime(e.day), Comment: e.Reason}
	}
	return atomEntry{
		ID: e.IRI, Title: fmt.Sprintf("〔%s〕%s", eventNames[e.Event.Event], e.Title), Updated: dateTime(e.day), Published: e.published,
		Link:     atomLink{"alternate", "text/html", m.base + "/datasets/" + string(e.dataset) + "/"},
		Category: atomCategory{e.Event.Event}, Summary: atomText{"text", m.eventSummary(e.Event)},
	}
}

// eventSummary is what the dataset is about, or why it cannot be had at present.
func (m *Model) eventSummary(e Event) string {
	r := m.byID[e.dataset]
	switch {
	case e.Reason != "":
		return e.Reason
	case r == nil:
		return e.Title
	case len(e.Changed) > 0:
		return r.Org.Name + "：" + r.Abstract + "（变更：" + strings.Join(e.Changed, "、") + "）"
	}
	return r.Org.Name + "：" + r.Abstract
}

// documentXML is an XML document with an indent of two spaces and a final LF.
func documentXML(v any) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(v); err != nil {
		panic(err) // only types of this package are encoded, and none of them can fail
	}
	b.WriteByte('\n')
	return b.Bytes()
}
