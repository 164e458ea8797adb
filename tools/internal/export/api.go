package export

import (
	"fmt"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
)

// The static API: documents under /api/v1 and one beside each page. Lists are members of an object, so that later
// versions can add to it; nothing is ever removed or renamed within v1.

// shardSize is the number of datasets in one file of the list.
const shardSize = 200

type (
	apiIndex struct {
		Format    string            `json:"format"` // odc-index/1
		Title     Text              `json:"title"`
		IRI       string            `json:"iri"`
		Official  bool              `json:"official"` // false: a demonstration, not a government's site
		Publisher OrgRef            `json:"publisher"`
		AsOf      calendar.Date     `json:"as_of"`
		Modified  calendar.Date     `json:"modified"`
		Commit    string            `json:"commit,omitempty"`
		Counts    apiCounts         `json:"counts"`
		LastSeq   int               `json:"last_seq"` // of the ledger
		Shards    []string          `json:"shards"`
		Links     map[string]string `json:"links"`
	}
	apiCounts struct {
		Datasets      int `json:"datasets"`
		Unconditional int `json:"unconditional"`
		Conditional   int `json:"conditional"`
		Orgs          int `json:"orgs"`
		Tombstones    int `json:"tombstones"`
	}
	apiShard struct {
		Format  string       `json:"format"` // odc-entries/1
		Page    int          `json:"page"`   // from 1
		Pages   int          `json:"pages"`
		Total   int          `json:"total"`
		Entries []apiSummary `json:"entries"`
	}
	apiSummary struct {
		ID           catalog.ID    `json:"id"`
		FlatID       string        `json:"flat_id"`
		IRI          string        `json:"iri"`
		Title        string        `json:"title"`
		Org          catalog.Dept  `json:"org"`
		Domain       string        `json:"domain"`
		OpenType     string        `json:"open_type"`
		Illustrative bool          `json:"illustrative,omitempty"`
		Modified     calendar.Date `json:"modified"`
		Hash         string        `json:"hash"`
		URL          string        `json:"url"` // of the full record
	}
	apiByID struct {
		ID     catalog.ID   `json:"id"`
		IRI    string       `json:"iri"`
		URL    string       `json:"url"` // of the page
		Status catalog.Code `json:"status"`
	}
	apiOrgs struct {
		Format string `json:"format"` // odc-orgs/1
		Orgs   []*Org `json:"orgs"`
	}
	apiTombstones struct {
		Format     string      `json:"format"` // odc-tombstones/1
		Tombstones []Tombstone `json:"tombstones"`
	}
	apiClosedList struct {
		Format  string   `json:"format"` // odc-closed/1
		Entries []Closed `json:"entries"`
	}
	apiVocabulary struct {
		Format   string              `json:"format"` // odc-vocabulary/1
		ID       string              `json:"id"`
		IRI      string              `json:"iri"`
		Title    Text                `json:"title"`
		Source   string              `json:"source,omitempty"`
		Verified bool                `json:"verified"`
		Terms    []apiVocabularyTerm `json:"terms"`
	}
	apiVocabularyTerm struct {
		Code         string            `json:"code"`
		Zh           string            `json:"zh"`
		En           string            `json:"en,omitempty"`
		Aliases      []string          `json:"aliases,omitempty"`
		Description  string            `json:"description,omitempty"`
		Parent       string            `json:"parent,omitempty"`
		Mappings     map[string]string `json:"mappings,omitempty"`
		DeprecatedOn calendar.Date     `json:"deprecated_on,omitzero"`
		ReplacedBy   string            `json:"replaced_by,omitempty"`
	}
)

const apiRoot = "api/v1/"

func shardPath(n int) string { return fmt.Sprintf(apiRoot+"entries/%04d.json", n) }

func (m *Model) apiIndex() apiIndex {
	x := apiIndex{
		Format: "odc-index/1", Title: Text{m.c.Policy.Title, m.c.Policy.TitleEn}, IRI: m.base + "/#catalog",
		Official: m.c.Policy.Official, Publisher: m.orgRef(m.c.Policy.Publisher, m.base), AsOf: m.asOf,
		Modified: m.modifiedMax(), Commit: m.commit, LastSeq: len(m.ledger.events), Shards: []string{},
		Counts: apiCounts{Datasets: len(m.records), Orgs: len(m.orgs), Tombstones: len(m.tombstones())},
		Links:  map[string]string{},
	}
	for _, r := range m.records {
		switch catalog.Code(r.Open.Type.Key) {
		case catalog.Unconditional:
			x.Counts.Unconditional++
		case catalog.Conditional:
			x.Counts.Conditional++
		}
	}
	for n := range shards(len(m.records)) {
		x.Shards = append(x.Shards, m.base+"/"+shardPath(n+1))
	}
	for name, path := range map[string]string{
		"self": apiRoot + "index.json", "openapi": apiRoot + "openapi.json", "orgs": apiRoot + "orgs.json",
		"tombstones": apiRoot + "tombstones.json", "closed": apiRoot + "closed.json", "changes": "changes.ndjson",
		"atom": "feed.atom", "dcat_jsonld": "catalog.jsonld", "dcat_turtle": "catalog.ttl", "data_json": "data.json",
		"sitemap": "sitemap.xml",
	} {
		x.Links[name] = m.base + "/" + path
	}
	if m.hasMapping() {
		x.Links["municipal"] = m.base + "/" + municipalFeed + ".json"
	}
	return x
}

func shards(n int) int { return (n + shardSize - 1) / shardSize }

func (m *Model) apiShard(n int, records []*Record) apiShard {
	out := apiShard{Format: "odc-entries/1", Page: n, Pages: shards(len(m.records)), Total: len(m.records)}
	for _, r := range records {
		out.Entries = append(out.Entries, apiSummary{
			r.ID, r.FlatID, r.IRI, r.Title.Zh, r.Org.ID, r.Domain.Key, r.Open.Type.Key, r.Illustrative, r.Modified, r.Hash,
			m.base + "/" + entryPath(r.ID),
		})
	}
	return out
}

func (m *Model) apiVocabulary(v *catalog.Vocabulary) apiVocabulary {
	out := apiVocabulary{
		Format: "odc-vocabulary/1", ID: v.ID, IRI: m.base + vocabPath(v.ID), Title: Text{v.Title, v.TitleEn},
		Source: v.Source, Verified: v.Verified, Terms: []apiVocabularyTerm{},
	}
	for _, t := range v.Values {
		out.Terms = append(out.Terms, apiVocabularyTerm{
			string(t.Code), t.Zh, t.En, t.Aliases, t.Description, string(t.Parent), t.Mappings, t.DeprecatedOn, string(t.ReplacedBy),
		})
	}
	return out
}

// writeAPI writes the documents of the API, without the records beside the pages of the datasets.
func (m *Model) writeAPI(put putJSON) error {
	if err := put(apiRoot+"index.json", m.apiIndex()); err != nil {
		return err
	}
	for n := range shards(len(m.records)) {
		part := m.records[n*shardSize : min((n+1)*shardSize, len(m.records))]
		if err := put(shardPath(n+1), m.apiShard(n+1, part)); err != nil {
			return err
		}
	}
	if err := m.writeByID(put); err != nil {
		return err
	}
	for _, o := range m.orgs {
		if err := put("departments/"+string(o.ID)+"/org.json", o); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(m.c.Vocabularies) {
		if err := put(apiRoot+"vocab/"+id+".json", m.apiVocabulary(m.c.Vocabularies[id])); err != nil {
			return err
		}
	}
	for _, doc := range []struct {
		name  string
		value any
	}{
		{"orgs.json", apiOrgs{"odc-orgs/1", m.orgs}},
		{"tombstones.json", apiTombstones{"odc-tombstones/1", m.tombstones()}},
		{"closed.json", apiClosedList{"odc-closed/1", m.closedEntries()}},
		{"openapi.json", m.openAPI()},
	} {
		if err := put(apiRoot+doc.name, doc.value); err != nil {
			return err
		}
	}
	return nil
}

// writeByID answers for every flat identifier that was ever public: where the dataset is, or that it is gone.
func (m *Model) writeByID(put putJSON) error {
	for _, o := range m.c.OpenEntries {
		e, ok := m.entries[datasetKey(o.ID)]
		if !ok {
			continue
		}
		doc := apiByID{o.ID, m.datasetIRI(o.ID), m.base + "/datasets/" + string(o.ID) + "/", e.Status}
		if err := put(apiRoot+"by-id/"+flat(o.ListCode())+".json", doc); err != nil {
			return err
		}
	}
	for _, t := range m.tombstones() {
		if t.FlatID == "" {
			continue
		}
		if err := put(apiRoot+"by-id/"+t.FlatID+".json", t); err != nil {
			return err
		}
	}
	return nil
}
