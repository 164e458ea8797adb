package export

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// edits are what people do to a dataset between two releases, and the event that consumers must see.
var edits = map[string]struct {
	change func(c *catalog.Catalog, o *catalog.OpenEntry)
	want   string
}{
	"text": {func(c *catalog.Catalog, o *catalog.OpenEntry) { o.Abstract = o.Summary() + "补充说明。" }, MetadataUpdated},
	"new data": {func(c *catalog.Catalog, o *catalog.OpenEntry) {
		o.Releases = append(o.Releases, release("2025-12-15", 50))
	}, DataUpdated},
	"declared update": {func(c *catalog.Catalog, o *catalog.OpenEntry) {
		o.Releases, o.UpdatedOn = nil, calendar.MustDate("2025-12-20")
	}, DataUpdated},
	"column added": {func(c *catalog.Catalog, o *catalog.OpenEntry) {
		o.Entry.Items = append(o.Entry.Items, catalog.Item{Name: "phone", Title: "电话", Type: "C"})
		o.Items = append(o.Items, "phone")
	}, SchemaChanged},
	"column removed": {func(c *catalog.Catalog, o *catalog.OpenEntry) { o.Items = o.Items[:1] }, SchemaChanged},
	"column retyped": {func(c *catalog.Catalog, o *catalog.OpenEntry) { o.Entry.Items[1].Type = "C" }, SchemaChanged},
	"suspended": {func(c *catalog.Catalog, o *catalog.OpenEntry) {
		o.Status, o.StatusReason = catalog.Suspended, "数据有误"
	}, Suspended},
	"entry suspended": {func(c *catalog.Catalog, o *catalog.OpenEntry) {
		o.Entry.Status, o.Entry.StatusReason = catalog.Suspended, "源系统停用"
	}, Suspended},
	"withdrawn in file": {func(c *catalog.Catalog, o *catalog.OpenEntry) {
		o.Status, o.StatusReason = catalog.Withdrawn, "不再采集"
	}, Withdrawn},
	"tombstone": {func(c *catalog.Catalog, o *catalog.OpenEntry) {
		c.OpenEntries = slices.DeleteFunc(c.OpenEntries, func(x *catalog.OpenEntry) bool { return x == o })
		c.Aliases = append(c.Aliases, catalog.Alias{From: o.Ref().String(), On: asOf, Reason: "不再采集", Code: o.ListCode(), Title: o.Name()})
	}, Withdrawn},
}

func TestEachEditIsToldOnce(t *testing.T) {
	next := asOf.AddDays(30)
	for name, tt := range edits {
		t.Run(name, func(t *testing.T) {
			before := publish(t, model(t, Input{Catalog: valid()}))
			c := valid()
			tt.change(c, c.Dataset("community-canteens"))
			c.Index()
			m := model(t, Input{Catalog: c, AsOf: next, Previous: before, Commit: "c0ffee"})
			events := m.Events()
			if len(events) != 5 {
				t.Fatalf("%d events, want the 4 creations and one more: %v", len(events), events)
			}
			e := events[4]
			if e.Event != tt.want || e.Day() != next || e.Commit != "c0ffee" || e.Dataset() != "community-canteens" {
				t.Errorf("%+v, want %s", e, tt.want)
			}
			if was := before.entries["dataset:community-canteens"].Hash; e.PrevHash == nil || *e.PrevHash != was {
				t.Errorf("prev_hash %v, want %s", e.PrevHash, was)
			}
			if (e.Hash == nil) != (tt.want == Withdrawn) {
				t.Errorf("hash %v", e.Hash)
			}
			if r := m.Dataset("community-canteens"); r != nil && r.Modified != next {
				t.Errorf("modified %s, want %s", r.Modified, next)
			}
			if again := publish(t, m); len(model(t, Input{Catalog: c, AsOf: next, Previous: again}).Events()) != 5 {
				t.Error("told again by a release that changes nothing")
			}
		})
	}
}

func TestSchemaChangeSaysWhetherItBreaks(t *testing.T) {
	before := publish(t, model(t, Input{Catalog: valid()}))
	for name, want := range map[string]bool{"column added": false, "column removed": true, "column retyped": true} {
		c := valid()
		edits[name].change(c, c.Dataset("community-canteens"))
		events := model(t, Input{Catalog: c, AsOf: asOf.AddDays(1), Previous: before}).Events()
		if e := events[4]; e.Breaking == nil || *e.Breaking != want || e.Version != "1.0.0" || !slices.Contains(e.Changed, "items") {
			t.Errorf("%s: %+v, want breaking %t", name, e, want)
		}
	}
}

func TestSuspendedDatasetComesBack(t *testing.T) {
	c := valid()
	o := c.Dataset("community-canteens")
	first := publish(t, model(t, Input{Catalog: c}))
	o.Status, o.StatusReason = catalog.Suspended, "数据有误"
	second := publish(t, model(t, Input{Catalog: c, AsOf: asOf.AddDays(1), Previous: first}))
	o.Abstract = o.Summary() + "已更正。"
	third := publish(t, model(t, Input{Catalog: c, AsOf: asOf.AddDays(2), Previous: second}))
	o.Status, o.StatusReason = catalog.Published, ""
	m := model(t, Input{Catalog: c, AsOf: asOf.AddDays(3), Previous: third})
	var kinds []string
	for _, e := range m.Events()[4:] {
		kinds = append(kinds, e.Event)
	}
	if want := []string{Suspended, Resumed}; !slices.Equal(kinds, want) {
		t.Errorf("events %v, want %v", kinds, want)
	}
	if got := m.Dataset("community-canteens").Modified; got != asOf.AddDays(3) {
		t.Errorf("modified %s, want the day it came back", got)
	}
	if e := m.Events()[4]; e.Reason != "数据有误" {
		t.Errorf("reason %q", e.Reason)
	}
	// One that was suspended before the ledger began is created when it first comes.
	c.Dataset("suspended-set").Status = catalog.Published
	events := model(t, Input{Catalog: c, AsOf: asOf.AddDays(3), Previous: third}).Events()
	if i := slices.IndexFunc(events, func(e Event) bool { return e.Dataset() == "suspended-set" }); i < 0 || events[i].Event != Created {
		t.Errorf("events %v", events)
	}
}

func TestRenamedDatasetNamesItsSuccessor(t *testing.T) {
	before := publish(t, model(t, Input{Catalog: valid()}))
	c := valid()
	c.Dataset("community-canteens").ID = "canteens"
	c.Aliases = append(c.Aliases, catalog.Alias{From: "openlist:minzheng/community-canteens", To: "openlist:minzheng/canteens", On: asOf, Reason: "改名"})
	c.Index()
	events := model(t, Input{Catalog: c, AsOf: asOf.AddDays(1), Previous: before}).Events()[4:]
	i := slices.IndexFunc(events, func(e Event) bool { return e.Event == Withdrawn })
	if len(events) != 2 || i < 0 || events[i].ReplacedBy != "https://data.example.cn/datasets/canteens/#dataset" {
		t.Errorf("%+v", events)
	}
}

func TestDisappearanceWithoutReasonIsRefused(t *testing.T) {
	before := publish(t, model(t, Input{Catalog: valid()}))
	for name, change := range map[string]func(c *catalog.Catalog){
		"metadata/aliases.yaml": func(c *catalog.Catalog) {
			c.OpenEntries = slices.DeleteFunc(c.OpenEntries, func(o *catalog.OpenEntry) bool { return o.ID == "community-canteens" })
		},
		`is now "draft"`:     func(c *catalog.Catalog) { c.Dataset("community-canteens").Status = catalog.Draft },
		`is now "published"`: func(c *catalog.Catalog) { c.Entry("community-canteens").RecordVisibility = catalog.Internal },
	} {
		c := valid()
		change(c)
		c.Index()
		_, err := NewModel(Input{Catalog: c, AsOf: asOf, Previous: before})
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "community-canteens") {
			t.Errorf("want %q, got %v", name, err)
		}
	}
}

func TestDamagedLedgerIsRefused(t *testing.T) {
	good := publish(t, model(t, Input{Catalog: valid()}))
	for name, damage := range map[string]func(files map[string][]byte){
		"no ledger":    func(f map[string][]byte) { delete(f, "changes.ndjson") },
		"no header":    func(f map[string][]byte) { f["changes.ndjson"] = []byte("{}\n") },
		"year missing": func(f map[string][]byte) { delete(f, "changes/2024.ndjson") },
		"line lost": func(f map[string][]byte) {
			b := f["changes/2024.ndjson"]
			f["changes/2024.ndjson"] = b[bytes.IndexByte(b, '\n')+1:]
		},
		"line in the middle lost": func(f map[string][]byte) {
			lines := bytes.SplitAfter(f["changes/2024.ndjson"], []byte("\n"))
			f["changes/2024.ndjson"] = bytes.Join(slices.Delete(lines, 1, 2), nil)
		},
		"cut off":  func(f map[string][]byte) { b := f["changes/2024.ndjson"]; f["changes/2024.ndjson"] = b[:len(b)-2] },
		"no JSON":  func(f map[string][]byte) { f["changes/2024.ndjson"] = []byte("x\n") },
		"bad time": func(f map[string][]byte) { f["changes/2024.ndjson"] = []byte(`{"seq":4,"time":"gestern"}` + "\n") },
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string][]byte{}
			for k, v := range good.files {
				files[k] = bytes.Clone(v)
			}
			damage(files)
			if _, err := NewModel(Input{Catalog: valid(), AsOf: asOf, Previous: published{good.entries, files}}); err == nil {
				t.Error("accepted")
			}
		})
	}
}

// TestLedgerSurvivesEveryHistory edits a catalogue at random over years and holds every release to what consumers
// rely on: old lines never change, numbers have no gap, and replaying the events gives the datasets of the release.
func TestLedgerSurvivesEveryHistory(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := history{rand: rand.New(rand.NewPCG(seed, 7)), c: synthetic(12), t: t, lines: map[string][]byte{}, copy: map[string]string{}}
			day := asOf
			for range 25 {
				h.release(day)
				for range h.rand.IntN(5) {
					h.edit(day)
				}
				day = day.AddDays(h.rand.IntN(90) - 5) // now and then an older commit is released
			}
		})
	}
}

type history struct {
	t     *testing.T
	rand  *rand.Rand
	c     *catalog.Catalog
	next  int
	last  Previous
	lines map[string][]byte // year files of the release before
	seq   int
	copy  map[string]string // a consumer's copy, flat id → hash, from the events alone
}

func (h *history) edit(day calendar.Date) {
	o := h.c.OpenEntries[h.rand.IntN(len(h.c.OpenEntries))]
	switch h.rand.IntN(7) {
	case 0:
		o.Abstract = fmt.Sprintf("第 %d 次修改后的说明。", h.rand.Int())
	case 1:
		o.Releases = append(o.Releases, release(day.String(), h.rand.IntN(100)))
	case 2:
		o.Status = catalog.Suspended
	case 3:
		if o.Status == catalog.Suspended {
			o.Status = catalog.Published
		}
	case 4:
		if len(h.c.OpenEntries) > 6 {
			edits["tombstone"].change(h.c, o)
		}
	case 5:
		h.next++
		add(h.c, "dept-01", catalog.ID(fmt.Sprintf("new-%d", h.next)), 5000+h.next, func(e *catalog.Entry, o *catalog.OpenEntry) { o.FirstPublishedOn = day })
	case 6:
		o.Entry.Items[1].Title += "·"
	}
	h.c.Index()
}

func (h *history) release(day calendar.Date) {
	h.t.Helper()
	m, err := NewModel(Input{Catalog: h.c, AsOf: day, Previous: h.last})
	if errors.Is(err, ErrEmpty) {
		h.c.OpenEntries[0].Status = catalog.Published
		m, err = NewModel(Input{Catalog: h.c, AsOf: day, Previous: h.last})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	files := outputs(h.t, m)
	for name, old := range h.lines {
		if !bytes.HasPrefix(files[name], old) {
			h.t.Fatalf("%s: %s has lost or changed lines", day, name)
		}
	}
	h.lines = map[string][]byte{}
	for name, b := range files {
		if strings.HasPrefix(name, "changes/") {
			h.lines[name] = b
		}
	}
	h.resume(files)
	want := map[string]string{}
	for _, r := range m.Datasets() {
		want[r.FlatID] = r.Hash
		if r.Modified.After(day) {
			h.t.Fatalf("%s: modified %s lies in the future", day, r.Modified)
		}
	}
	if fmt.Sprint(h.copy) != fmt.Sprint(want) {
		h.t.Fatalf("%s: a consumer's copy differs:\n got %v\nwant %v", day, h.copy, want)
	}
	h.last = published{m.ReleaseEntries(), files}
}

// resume reads the feed as a consumer that has seen everything up to seq. When the feed begins later than that, it
// reads the year files first.
func (h *history) resume(files map[string][]byte) {
	h.t.Helper()
	header, rest, _ := bytes.Cut(files["changes.ndjson"], []byte("\n"))
	head := unmarshal[ledgerHeader](h.t, header)
	if head.FirstSeq > h.seq+1 {
		var years []string
		for name := range files {
			if strings.HasPrefix(name, "changes/") {
				years = append(years, name)
			}
		}
		slices.Sort(years)
		rest = nil
		for _, name := range years {
			rest = append(rest, files[name]...)
		}
	}
	if len(rest) > 0 {
		events, err := readEvents(rest)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, e := range events {
			if e.Seq <= h.seq {
				continue
			}
			if e.Seq != h.seq+1 {
				h.t.Fatalf("event %d follows %d", e.Seq, h.seq)
			}
			h.seq = e.Seq
			if e.Event == Withdrawn || e.Event == Suspended {
				delete(h.copy, e.ID)
			} else {
				h.copy[e.ID] = *e.Hash
			}
		}
	}
	if h.seq != head.LastSeq {
		h.t.Fatalf("consumer is at %d, the feed says %d", h.seq, head.LastSeq)
	}
}

func TestFeedHeaderPointsToOlderYears(t *testing.T) {
	m := model(t, Input{Catalog: valid(), AsOf: calendar.MustDate("2026-02-01")})
	files := outputs(t, m)
	line, rest, _ := bytes.Cut(files["changes.ndjson"], []byte("\n"))
	want := ledgerHeader{Format: "odc-changes/1", FirstSeq: 5, LastSeq: 4, Previous: "/changes/2024.ndjson"}
	if got := unmarshal[ledgerHeader](t, line); got != want || len(rest) > 0 {
		t.Errorf("header %+v, want %+v; then %q", got, want, rest)
	}
	// And a release can continue from a feed without recent events.
	next := model(t, Input{Catalog: valid(), AsOf: calendar.MustDate("2026-02-02"), Previous: published{m.ReleaseEntries(), files}})
	if len(next.Events()) != 4 {
		t.Errorf("%d events, want 4", len(next.Events()))
	}
}

func TestAtomShowsTheLatestEventOfEachDataset(t *testing.T) {
	before := publish(t, model(t, Input{Catalog: valid()}))
	c := valid()
	edits["text"].change(c, c.Dataset("hotline-orders"))
	edits["tombstone"].change(c, c.Dataset("community-canteens"))
	c.Index()
	m := model(t, Input{Catalog: c, AsOf: asOf.AddDays(1), Previous: before})
	body := string(outputs(t, m)["feed.atom"])
	for _, want := range []string{
		`<at:deleted-entry ref="https://data.example.cn/datasets/community-canteens/#dataset" when="2025-12-02T00:00:00+08:00">`,
		`<title>〔描述更新〕数据集hotline-orders</title>`, `<category term="metadata_updated">`, `<published>2024-01-03T00:00:00+08:00</published>`,
	} {
		if strings.Count(body, want) != 1 {
			t.Errorf("%d times %s in\n%s", strings.Count(body, want), want, body)
		}
	}
	if strings.Contains(body, "<title>〔新增〕数据集hotline-orders") {
		t.Error("an older event of a dataset stands in the feed")
	}
}

// FuzzReadEvents holds that a ledger is read whole or refused, whatever its bytes.
func FuzzReadEvents(f *testing.F) {
	f.Add([]byte(`{"seq":1,"time":"2024-01-02T00:00:00+08:00","event":"created","iri":"https://a.cn/datasets/x/#dataset","hash":"h"}` + "\n"))
	f.Add([]byte("{}\n"))
	f.Add([]byte(`{"seq":2,"time":"2024-01-02"}` + "\n" + `{"seq":2,"time":"2024-01-02"}` + "\n"))
	f.Add([]byte(`{"seq":1,"iri":"/datasets//#dataset","time":"2024-02-30"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		events, err := readEvents(b)
		if err != nil {
			return
		}
		if len(events) != bytes.Count(b, []byte("\n")) {
			t.Errorf("%d events in %d lines", len(events), bytes.Count(b, []byte("\n")))
		}
		for i, e := range events {
			if e.Day().IsZero() || e.Seq != events[0].Seq+i {
				t.Errorf("event %d: %+v", i, e)
			}
		}
	})
}
