package export

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"opendata.example/odc/tools/internal/catalog"
)

// schema.org for the pages. The content equals what the page shows; search engines compare the two.

// descriptionShort and descriptionLong are the bounds within which search engines accept a description.
const (
	descriptionShort = 50
	descriptionLong  = 5000
)

// DatasetJSONLD is the schema.org block of a dataset's page, escaped for a <script> element; "" for a dataset that is
// not published.
func (m *Model) DatasetJSONLD(id catalog.ID) string {
	r := m.byID[id]
	if r == nil {
		return ""
	}
	d := object{
		"@context": "https://schema.org/", "@type": "Dataset", "@id": r.IRI, "url": r.URL, "name": r.Title.Zh,
		"description": longEnough(r), "identifier": r.Code, "keywords": r.Labels,
		"isAccessibleForFree": m.mapped("open_type", r.Open.Type.Key, "schema_org") == "true",
		"dateModified":        r.Modified.String(), "inLanguage": "zh-CN", "about": r.Domain.Label.Zh,
		"publisher": m.organizationLD(r.Org), "creator": m.organizationLD(r.Org),
		"includedInDataCatalog": object{"@type": "DataCatalog", "@id": m.base + "/#catalog", "name": m.c.Policy.Title, "url": m.base + "/"},
	}
	if r.SourceOrg != nil {
		d["creator"] = m.organizationLD(*r.SourceOrg)
	}
	d.set("alternateName", r.Title.En)
	d.set("license", r.License.URL)
	d.set("conditionsOfAccess", r.Open.Condition)
	d.set("datePublished", r.IssuedOn.String())
	d.set("version", r.Version)
	d.set("temporalCoverage", interval(r.Temporal, ".."))
	d.set("spatialCoverage", placesLD(r.Spatial))
	d.set("variableMeasured", variablesLD(r.Items))
	contact := object{"@type": "ContactPoint", "name": r.Contact.Label}
	contact.set("telephone", r.Contact.Phone)
	contact.set("email", r.Contact.Email)
	d["contactPoint"] = contact
	if r.Municipal != nil {
		d.set("sameAs", r.Municipal.URL)
	}
	var files, services []object
	for _, x := range r.Distributions {
		switch {
		case x.Kind == catalog.KindAPI:
			services = append(services, object{"@type": "WebAPI", "name": x.Title, "url": x.EndpointURL, "documentation": x.EndpointDescription})
		case x.DownloadURL != "":
			f := object{"@type": "DataDownload", "@id": x.IRI, "name": x.Title, "contentUrl": x.DownloadURL,
				"contentSize": strconv.FormatInt(x.Bytes, 10) + " B", "sha256": x.SHA256}
			f.set("encodingFormat", x.MediaType)
			files = append(files, f)
		default:
			f := object{"@type": "DataDownload", "@id": x.IRI, "name": x.Title, "url": x.AccessURL}
			f.set("encodingFormat", x.MediaType)
			files = append(files, f)
		}
	}
	d.set("distribution", files)
	d.set("subjectOf", services)
	return scriptJSON(d)
}

// CatalogJSONLD is the schema.org block of the first page, escaped for a <script> element. Datasets are references
// only: a nested dataset without a name counts as an error.
func (m *Model) CatalogJSONLD() string {
	c := object{
		"@context": "https://schema.org/", "@type": "DataCatalog", "@id": m.base + "/#catalog", "url": m.base + "/",
		"name": m.c.Policy.Title, "inLanguage": "zh-CN", "dateModified": m.modifiedMax().String(),
		"publisher": m.organizationLD(m.orgRef(m.c.Policy.Publisher, m.base)),
	}
	c.set("alternateName", m.c.Policy.TitleEn)
	c.set("description", m.description())
	c.set("license", m.license(ownTerms, m.base).URL)
	refs := []object{}
	for _, r := range m.records {
		refs = append(refs, object{"@id": r.IRI})
	}
	c.set("dataset", refs)
	return scriptJSON(c)
}

func (m *Model) organizationLD(o OrgRef) object {
	return object{"@type": "Organization", "@id": o.IRI, "name": o.Name, "url": strings.TrimSuffix(o.IRI, "#org")}
}

func placesLD(regions []Term) []object {
	var out []object
	for _, r := range regions {
		out = append(out, object{"@type": "Place", "name": r.Label.Zh, "identifier": r.Key})
	}
	return out
}

func variablesLD(items []Item) []object {
	var out []object
	for _, it := range items {
		v := object{"@type": "PropertyValue", "name": it.Title, "alternateName": it.Name}
		v.set("description", it.Description)
		v.set("unitText", it.Unit)
		out = append(out, v)
	}
	return out
}

// longEnough is the description within the bounds: a short one goes on with who provides the data and what they hold.
func longEnough(r *Record) string {
	s := r.Abstract
	if utf8.RuneCountInString(s) < descriptionShort {
		s += "提供单位：" + r.Org.Name + "。"
		var titles []string
		for _, it := range r.Items {
			titles = append(titles, it.Title)
		}
		if len(titles) > 0 {
			s += "数据项：" + strings.Join(titles, "、") + "。"
		}
	}
	return truncate(s, descriptionLong)
}
