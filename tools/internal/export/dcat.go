package export

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
)

// DCAT-AP 3. A page of the catalogue holds catalogPage datasets and everything they refer to, because harvesters parse
// each page alone. External terms are stated with class and label in the page itself: without them the range shapes
// of DCAT-AP report a correct catalogue as faulty.

// catalogPage is the number of datasets on one page of the catalogue.
const catalogPage = 500

const (
	euAuthority = "http://publications.europa.eu/resource/authority/"
	ianaTypes   = "https://www.iana.org/assignments/media-types/"
	publisher   = "http://purl.org/adms/publishertype/"
	sha256Term  = spdx + "checksumAlgorithm_sha256"
)

// catalogGraph is page number page (from 0) of pages; url names page i in the serialisation at hand.
func (m *Model) catalogGraph(records []*Record, page, pages int, url func(i int) string) graph {
	g := graph{}
	c := m.addCatalog(g)
	for _, r := range records {
		d := m.addDatasetTo(g, r)
		g.add(c, dcat+"dataset", d)
		for _, x := range r.Distributions {
			if x.Kind == catalog.KindAPI {
				g.add(c, dcat+"service", iri(serviceIRI(r, x)))
			}
		}
		record := iri(r.URL + "#record")
		g.add(c, dcat+"record", record)
		g.add(record, rdfType, iri(dcat+"CatalogRecord"))
		g.add(record, foaf+"primaryTopic", d)
		g.add(record, dct+"modified", typed(r.Modified.String(), "date"))
		g.add(record, dct+"issued", typed(r.IssuedOn.String(), "date"))
	}
	if pages > 1 {
		m.addPaging(g, c, page, pages, url)
	}
	return g
}

// addPaging links the pages. The last has no hydra:next and none points to itself: a common harvester follows such a
// link until its memory is gone.
func (m *Model) addPaging(g graph, c node, page, pages int, url func(i int) string) {
	view := iri(url(page))
	g.add(c, rdfType, iri(hydra+"Collection"))
	g.add(c, hydra+"totalItems", typed(strconv.Itoa(len(m.records)), "integer"))
	g.add(c, hydra+"view", view)
	g.add(view, rdfType, iri(hydra+"PartialCollectionView"))
	g.add(view, hydra+"first", iri(url(0)))
	g.add(view, hydra+"last", iri(url(pages-1)))
	if page > 0 {
		g.add(view, hydra+"previous", iri(url(page-1)))
	}
	if page < pages-1 {
		g.add(view, hydra+"next", iri(url(page+1)))
	}
}

// datasetGraph describes one dataset alone.
func (m *Model) datasetGraph(r *Record) graph {
	g := graph{}
	m.addDatasetTo(g, r)
	return g
}

func (m *Model) addCatalog(g graph) node {
	p := m.c.Policy
	c := iri(m.base + "/#catalog")
	g.add(c, rdfType, iri(dcat+"Catalog"))
	g.add(c, dct+"title", text(p.Title, "zh"), text(p.TitleEn, "en"))
	g.add(c, dct+"description", text(m.description(), "zh"), text(p.DescriptionEn, "en"))
	g.add(c, dct+"publisher", m.addOrg(g, p.Publisher))
	g.add(c, dct+"language", addLanguage(g))
	g.add(c, dct+"issued", typed(m.issuedMin().String(), "date"))
	g.add(c, dct+"modified", typed(m.modifiedMax().String(), "date"))
	g.add(c, dct+"license", m.addLicense(g, m.license(ownTerms, m.base)))
	if region := m.region(); region != "" {
		g.add(c, dct+"spatial", m.addLocation(g, m.term("region", region)))
	}
	own := addScheme(g, m.base+vocabPath("domain"), m.c.Vocabularies["domain"])
	g.add(c, dcat+"themeTaxonomy", own, addEUScheme(g, "data-theme", "Data theme"))
	g.add(c, foaf+"homepage", addDocument(g, m.base+"/"))
	return c
}

// ownTerms govern the metadata themselves.
const ownTerms catalog.Code = "LicenseRef-CN-District-Terms"

// description of the catalogue; one that is no government's says so in every feed.
func (m *Model) description() string {
	if m.c.Policy.Official {
		return m.c.Policy.Description
	}
	return m.c.Policy.Description + "（演示站点，非政府网站）"
}

// region is the district: that of the publisher.
func (m *Model) region() catalog.Code {
	if d := m.c.Department(m.c.Policy.Publisher); d != nil {
		return d.Region
	}
	return ""
}

func (m *Model) addDatasetTo(g graph, r *Record) node {
	d := iri(r.IRI)
	page := addDocument(g, r.URL)
	g.add(d, rdfType, iri(dcat+"Dataset"))
	g.add(d, dct+"title", text(r.Title.Zh, "zh"), text(r.Title.En, "en"))
	g.add(d, dct+"description", text(r.Abstract, "zh"))
	for _, l := range r.Labels {
		g.add(d, dcat+"keyword", text(l, "zh"))
	}
	g.add(d, dct+"identifier", plain(r.Code))
	g.add(d, adms+"identifier", addIdentifier(g, r))
	g.add(d, dct+"publisher", m.addOrg(g, r.Org.ID))
	if r.SourceOrg != nil {
		g.add(d, dct+"creator", m.addOrg(g, r.SourceOrg.ID))
	}
	contact := m.addContact(g, r)
	g.add(d, dcat+"contactPoint", contact)
	themes := m.addThemes(g, r)
	g.add(d, dcat+"theme", themes...)
	g.add(d, dct+"language", addLanguage(g))
	g.add(d, dct+"accessRights", m.addEU(g, "open_type", r.Open.Type, "access-right", dct+"RightsStatement"))
	if r.Open.Condition != "" {
		g.add(d, dct+"rights", addRights(g, r))
	}
	g.add(d, dct+"accrualPeriodicity", m.addEU(g, "update_frequency", r.Update.Frequency, "frequency", dct+"Frequency"))
	for _, s := range r.Spatial {
		g.add(d, dct+"spatial", m.addLocation(g, s))
	}
	g.add(d, dct+"temporal", addPeriod(g, r))
	g.add(d, dct+"issued", typed(r.IssuedOn.String(), "date"))
	g.add(d, dct+"modified", typed(r.Modified.String(), "date"))
	g.add(d, dcat+"version", plain(r.Version))
	g.add(d, dcat+"landingPage", page)
	if r.Municipal != nil && r.Municipal.URL != "" {
		g.add(d, foaf+"page", addDocument(g, r.Municipal.URL))
	}
	for _, law := range r.LegalBasis {
		if law.SourceURL != "" {
			g.add(d, dcatap+"applicableLegislation", iri(law.SourceURL))
			g.add(iri(law.SourceURL), rdfType, iri(eli+"LegalResource"))
		}
	}
	for _, rel := range r.Related {
		g.add(d, dct+"relation", iri(rel.IRI))
	}
	if len(r.Items) > 0 {
		schema := iri(r.URL + "#schema")
		g.add(schema, rdfType, iri(dct+"Standard"))
		g.add(schema, dct+"title", text(r.Title.Zh+"：数据项", "zh"))
		g.add(d, dct+"conformsTo", schema)
	}
	if r.Illustrative {
		origin := iri(r.URL + "#provenance")
		g.add(origin, rdfType, iri(dct+"ProvenanceStatement"))
		g.add(origin, rdfs+"label", text("示例数据，为演示而编制，不反映真实情况", "zh"), text("illustrative data made up for demonstration", "en"))
		g.add(d, dct+"provenance", origin)
	}
	for _, x := range r.Distributions {
		g.add(d, dcat+"distribution", m.addDistribution(g, r, x))
		if x.Kind == catalog.KindAPI {
			m.addService(g, r, x, contact, themes)
		}
	}
	return d
}

func (m *Model) addDistribution(g graph, r *Record, x Distribution) node {
	d := iri(x.IRI)
	g.add(d, rdfType, iri(dcat+"Distribution"))
	g.add(d, dct+"title", text(x.Title, "zh"))
	g.add(d, dct+"description", text(distributionNote(r, x), "zh"))
	g.add(d, dcat+"accessURL", iri(x.AccessURL))
	g.add(d, dct+"license", m.addLicense(g, r.License))
	if r.Open.Condition != "" {
		g.add(d, dct+"rights", addRights(g, r))
	}
	g.add(d, dcatap+"availability", m.addEU(g, "availability", x.Availability, "planned-availability", skos+"Concept"))
	g.add(d, adms+"status", addCompleted(g))
	if x.Kind == catalog.KindAPI {
		g.add(d, dcat+"accessService", iri(serviceIRI(r, x)))
		return d
	}
	g.add(d, dct+"format", m.addEU(g, "file_format", x.Format, "file-type", dct+"MediaTypeOrExtent"))
	g.add(d, dcat+"mediaType", addMediaType(g, x.MediaType))
	if x.CompressFormat != "" {
		g.add(d, dcat+"compressFormat", addMediaType(g, "application/"+string(x.CompressFormat)))
	}
	if len(r.Items) > 0 {
		g.add(d, dct+"conformsTo", iri(r.URL+"#schema"))
	}
	if x.DownloadURL == "" {
		return d
	}
	g.add(d, dcat+"downloadURL", iri(x.DownloadURL))
	g.add(d, dcat+"byteSize", typed(strconv.FormatInt(x.Bytes, 10), "nonNegativeInteger"))
	sum := blank(string(r.ID) + "-" + x.ID + "-checksum")
	g.add(sum, rdfType, iri(spdx+"Checksum"))
	g.add(sum, spdx+"algorithm", iri(sha256Term))
	g.add(sum, spdx+"checksumValue", typed(x.SHA256, "hexBinary"))
	g.add(iri(sha256Term), rdfType, iri(spdx+"ChecksumAlgorithm"))
	g.add(iri(sha256Term), skos+"prefLabel", text("SHA-256", "en"))
	g.add(d, spdx+"checksum", sum)
	return d
}

// distributionNote says in a few words what one gets.
func distributionNote(r *Record, x Distribution) string {
	switch {
	case x.Kind == catalog.KindAPI:
		return r.Title.Zh + "：接口，见接口说明"
	case x.DownloadURL == "":
		return fmt.Sprintf("%s：%s，%s", r.Title.Zh, x.Format.Label.Zh, r.Open.Type.Label.Zh)
	case x.Rows > 0:
		return fmt.Sprintf("%s：%s，%d 行，%d 字节", r.Title.Zh, x.Format.Label.Zh, x.Rows, x.Bytes)
	}
	return fmt.Sprintf("%s：%s，%d 字节", r.Title.Zh, x.Format.Label.Zh, x.Bytes)
}

func serviceIRI(r *Record, x Distribution) string { return r.URL + "#service-" + x.ID }

func (m *Model) addService(g graph, r *Record, x Distribution, contact node, themes []node) {
	s := iri(serviceIRI(r, x))
	g.add(s, rdfType, iri(dcat+"DataService"))
	g.add(s, dct+"title", text(x.Title, "zh"))
	g.add(s, dcat+"endpointURL", iri(x.EndpointURL))
	g.add(s, dcat+"endpointDescription", iri(x.EndpointDescription))
	g.add(s, dcat+"servesDataset", iri(r.IRI))
	g.add(s, dcat+"contactPoint", contact)
	g.add(s, dct+"publisher", iri(r.Org.IRI))
	g.add(s, dcat+"theme", themes...)
	g.add(s, dct+"license", m.addLicense(g, r.License))
}

func addIdentifier(g graph, r *Record) node {
	id := blank(string(r.ID) + "-resource-code")
	g.add(id, rdfType, iri(adms+"Identifier"))
	g.add(id, skos+"notation", plain(r.ResourceCode))
	return id
}

func (m *Model) addOrg(g graph, dept catalog.Dept) node {
	ref := m.orgRef(dept, m.base)
	org := iri(ref.IRI)
	g.add(org, rdfType, iri(foaf+"Agent"))
	g.add(org, foaf+"name", plain(ref.Name))
	if o := m.orgByID[dept]; o != nil {
		g.add(org, dct+"identifier", plain(o.USCC))
	}
	local := iri(publisher + "LocalAuthority")
	g.add(org, dct+"type", local)
	addConcept(g, local, Text{"", "Local Authority"}, iri(publisher+"1.0"))
	return org
}

func (m *Model) addContact(g graph, r *Record) node {
	fragment := "#contact"
	if r.Contact.key != "" {
		fragment += "-" + r.Contact.key
	}
	c := iri(strings.TrimSuffix(r.Org.IRI, "#org") + fragment)
	g.add(c, rdfType, iri(vcard+"Kind"))
	g.add(c, vcard+"fn", plain(r.Contact.Label))
	if r.Contact.Email != "" {
		g.add(c, vcard+"hasEmail", iri("mailto:"+r.Contact.Email))
	}
	if r.Contact.Phone != "" {
		g.add(c, vcard+"hasTelephone", iri("tel:"+r.Contact.Phone))
	}
	return c
}

// addThemes states the district's own domain, the national theme and the European data themes it maps to.
func (m *Model) addThemes(g graph, r *Record) []node {
	own := iri(m.base + vocabPath("domain") + "#" + r.Domain.Key)
	addConcept(g, own, r.Domain.Label, addScheme(g, m.base+vocabPath("domain"), m.c.Vocabularies["domain"]))
	out := []node{own}
	for code := range strings.SplitSeq(m.mapped("domain", r.Domain.Key, "eu"), ",") {
		if code == "" {
			continue
		}
		theme := iri(euAuthority + "data-theme/" + code)
		addConcept(g, theme, Text{"", cmp.Or(euThemes[code], code)}, addEUScheme(g, "data-theme", "Data theme"))
		out = append(out, theme)
	}
	return out
}

// euThemes are the English labels of the European data themes.
var euThemes = map[string]string{
	"AGRI": "Agriculture, fisheries, forestry and food", "ECON": "Economy and finance", "EDUC": "Education, culture and sport",
	"ENER": "Energy", "ENVI": "Environment", "GOVE": "Government and public sector", "HEAL": "Health",
	"INTR": "International issues", "JUST": "Justice, legal system and public safety", "REGI": "Regions and cities",
	"SOCI": "Population and society", "TECH": "Science and technology", "TRAN": "Transport",
	"OP_DATPRO": "Provisional data",
}

// addEU states the European authority's term that a code maps to; nothing where the vocabulary maps it to none.
func (m *Model) addEU(g graph, vocabulary string, t Term, table, class string) node {
	code := m.mapped(vocabulary, t.Key, "eu")
	if code == "" {
		return node{}
	}
	n := iri(euAuthority + table + "/" + code)
	g.add(n, rdfType, iri(class))
	addConcept(g, n, t.Label, addEUScheme(g, table, euTables[table]))
	return n
}

// euTables are the English names of the authority tables in use.
var euTables = map[string]string{
	"access-right": "Access right", "data-theme": "Data theme", "distribution-status": "Distribution status",
	"file-type": "File type", "frequency": "Frequency", "planned-availability": "Planned availability",
}

// addCompleted is the status of every distribution in a feed: what is not complete is not in it.
func addCompleted(g graph) node {
	n := iri(euAuthority + "distribution-status/COMPLETED")
	addConcept(g, n, Text{"已完成", "Completed"}, addEUScheme(g, "distribution-status", euTables["distribution-status"]))
	return n
}

func addConcept(g graph, concept node, label Text, scheme node) {
	g.add(concept, rdfType, iri(skos+"Concept"))
	g.add(concept, skos+"prefLabel", text(label.Zh, "zh"), text(label.En, "en"))
	g.add(concept, skos+"inScheme", scheme)
	g.add(scheme, rdfType, iri(skos+"ConceptScheme"))
}

func addScheme(g graph, address string, v *catalog.Vocabulary) node {
	s := iri(address)
	g.add(s, rdfType, iri(skos+"ConceptScheme"))
	if v != nil {
		g.add(s, dct+"title", text(v.Title, "zh"), text(v.TitleEn, "en"))
	}
	return s
}

func addEUScheme(g graph, table, title string) node {
	s := iri(euAuthority + table)
	g.add(s, rdfType, iri(skos+"ConceptScheme"))
	g.add(s, dct+"title", text(title, "en"))
	return s
}

func addLanguage(g graph) node {
	zh := iri(euAuthority + "language/ZHO")
	g.add(zh, rdfType, iri(dct+"LinguisticSystem"))
	addConcept(g, zh, Text{"中文", "Chinese"}, iri(euAuthority+"language"))
	return zh
}

// addLicense names the terms by the European table where that has them, else by their own address.
func (m *Model) addLicense(g graph, l License) node {
	address := l.URL
	switch code := m.mapped("license", l.ID, "eu"); {
	case code != "":
		address = euAuthority + "licence/" + code
	case address == "":
		return node{}
	case strings.HasPrefix(address, m.base+"/"):
		address += "#" + l.ID // one page of this site holds several terms
	}
	n := iri(address)
	g.add(n, rdfType, iri(dct+"LicenseDocument"))
	g.add(n, dct+"title", text(l.Title.Zh, "zh"), text(l.Title.En, "en"))
	g.add(n, dct+"identifier", plain(l.ID))
	return n
}

func addRights(g graph, r *Record) node {
	n := iri(r.URL + "#rights")
	g.add(n, rdfType, iri(dct+"RightsStatement"))
	g.add(n, rdfs+"label", text(r.Open.Condition, "zh"))
	return n
}

func (m *Model) addLocation(g graph, region Term) node {
	n := iri(m.base + vocabPath("region") + "#" + region.Key)
	g.add(n, rdfType, iri(dct+"Location"))
	g.add(n, skos+"prefLabel", text(region.Label.Zh, "zh"), text(region.Label.En, "en"))
	g.add(n, dct+"identifier", plain(region.Key))
	if box := m.mapped("region", region.Key, "bbox"); box != "" {
		g.add(n, dcat+"bbox", node{kind: literalNode, value: box, datatype: gsp + "wktLiteral"})
	}
	return n
}

func addDocument(g graph, address string) node {
	n := iri(address)
	g.add(n, rdfType, iri(foaf+"Document"))
	return n
}

func addMediaType(g graph, media string) node {
	media, _, _ = strings.Cut(media, ";")
	if media == "" {
		return node{}
	}
	n := iri(ianaTypes + media)
	g.add(n, rdfType, iri(dct+"MediaType"))
	return n
}

// addPeriod is a blank node: a common harvester fetches a period that has an address.
func addPeriod(g graph, r *Record) node {
	if r.Temporal == nil {
		return node{}
	}
	p := blank(string(r.ID) + "-temporal")
	g.add(p, rdfType, iri(dct+"PeriodOfTime"))
	g.add(p, dcat+"startDate", typed(firstDay(r.Temporal.Start), "date"))
	g.add(p, dcat+"endDate", typed(lastDay(r.Temporal.End), "date"))
	return p
}
