package export

import (
	"cmp"

	"opendata.example/odc/tools/internal/catalog"
)

// DCAT-US 1.1. One complete file: consumers read no second page and delete what is absent. No member of it is
// volatile, because they detect change by a hash of the whole record.
type dataJSON struct {
	Context     string            `json:"@context"`
	ID          string            `json:"@id"`
	Type        string            `json:"@type"`
	ConformsTo  string            `json:"conformsTo"`
	DescribedBy string            `json:"describedBy"`
	Dataset     []dataJSONDataset `json:"dataset"`
}

type dataJSONDataset struct {
	Type               string                 `json:"@type"`
	ID                 string                 `json:"@id"`
	Identifier         string                 `json:"identifier"`
	Title              string                 `json:"title"`
	Description        string                 `json:"description"`
	Keyword            []string               `json:"keyword"`
	Modified           string                 `json:"modified"`
	Issued             string                 `json:"issued,omitempty"`
	Publisher          dataJSONOrg            `json:"publisher"`
	ContactPoint       dataJSONContact        `json:"contactPoint"`
	AccessLevel        string                 `json:"accessLevel"`
	Rights             string                 `json:"rights,omitempty"`
	License            string                 `json:"license,omitempty"`
	AccrualPeriodicity string                 `json:"accrualPeriodicity,omitempty"`
	Spatial            string                 `json:"spatial,omitempty"`
	Temporal           string                 `json:"temporal,omitempty"`
	Theme              []string               `json:"theme,omitempty"`
	Language           []string               `json:"language"`
	LandingPage        string                 `json:"landingPage"`
	DescribedBy        string                 `json:"describedBy,omitempty"`
	DescribedByType    string                 `json:"describedByType,omitempty"`
	References         []string               `json:"references,omitempty"`
	Distribution       []dataJSONDistribution `json:"distribution,omitempty"`
}

type dataJSONOrg struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type dataJSONContact struct {
	Type     string `json:"@type"`
	FN       string `json:"fn"`
	HasEmail string `json:"hasEmail"`
}

type dataJSONDistribution struct {
	Type            string `json:"@type"`
	Title           string `json:"title"`
	DownloadURL     string `json:"downloadURL,omitempty"`
	MediaType       string `json:"mediaType,omitempty"`
	AccessURL       string `json:"accessURL,omitempty"`
	Format          string `json:"format,omitempty"`
	DescribedBy     string `json:"describedBy,omitempty"`
	DescribedByType string `json:"describedByType,omitempty"`
}

// descriptionLimit is the most that DCAT-US consumers keep of a description, in characters.
const descriptionLimit = 10_000

func (m *Model) dataJSON(id string, records []*Record) dataJSON {
	const schema = "https://project-open-data.cio.gov/v1.1/schema"
	out := dataJSON{
		Context: schema + "/catalog.jsonld", ID: id, Type: "dcat:Catalog", ConformsTo: schema,
		DescribedBy: schema + "/catalog.json", Dataset: []dataJSONDataset{},
	}
	for _, r := range records {
		out.Dataset = append(out.Dataset, m.dataJSONDataset(r))
	}
	return out
}

func (m *Model) dataJSONDataset(r *Record) dataJSONDataset {
	d := dataJSONDataset{
		Type: "dcat:Dataset", ID: r.IRI, Identifier: r.FlatID, Title: r.Title.Zh,
		Description: truncate(r.Abstract, descriptionLimit), Keyword: r.Labels, Modified: r.Modified.String(),
		Issued: r.IssuedOn.String(), Publisher: dataJSONOrg{"org:Organization", r.Org.Name},
		ContactPoint: dataJSONContact{"vcard:Contact", r.Contact.Label, "mailto:" + r.Contact.Email},
		AccessLevel:  m.mapped("open_type", r.Open.Type.Key, "dcat_us"), Rights: r.Open.Condition,
		License: r.License.URL, AccrualPeriodicity: m.mapped("update_frequency", r.Update.Frequency.Key, "iso8601"),
		Temporal: closedInterval(r), Language: []string{"zh-CN"}, LandingPage: r.URL,
		Theme: []string{r.Domain.Label.Zh},
	}
	if len(r.Spatial) > 0 {
		d.Spatial = r.Spatial[0].Label.Zh // one string in this profile
	}
	if len(r.Items) > 0 {
		d.DescribedBy, d.DescribedByType = r.Links["self"], "application/json"
	}
	if r.Municipal != nil && r.Municipal.URL != "" {
		d.References = []string{r.Municipal.URL}
	}
	for _, x := range r.Distributions {
		y := dataJSONDistribution{Type: "dcat:Distribution", Title: x.Title, Format: m.formatName(x)}
		switch {
		case x.DownloadURL != "":
			y.DownloadURL, y.MediaType = x.DownloadURL, cmp.Or(x.MediaType, "application/octet-stream")
		case x.Kind == catalog.KindAPI:
			y.AccessURL, y.Format, y.DescribedBy, y.DescribedByType = x.AccessURL, "API", x.EndpointDescription, "application/json"
		default:
			y.AccessURL = x.AccessURL
		}
		d.Distribution = append(d.Distribution, y)
	}
	return d
}

// closedInterval ends a period that goes on with the day of the last change, since this profile knows no open end; not
// before it begins, for the holidays of next year are published this year.
func closedInterval(r *Record) string {
	if r.Temporal == nil {
		return ""
	}
	return interval(r.Temporal, max(r.Modified.String(), firstDay(r.Temporal.Start)))
}

// formatName is the name people know a format by: CSV, GeoJSON.
func (m *Model) formatName(x Distribution) string {
	if t := m.c.Term("file_format", catalog.Code(x.Format.Key)); len(t.Aliases) > 0 {
		return t.Aliases[0]
	}
	return x.Format.Label.Zh
}

// truncate keeps at most n characters.
func truncate(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
