package export

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/table"
)

// ErrNoMapping refuses a municipal package where nobody has written down the platform's columns.
var ErrNoMapping = errors.New("no metadata/municipal/mapping.yaml, so the platform's columns are unknown")

// hasMapping reports whether the repository serves a municipal platform at all.
func (m *Model) hasMapping() bool {
	f := m.c.Mapping
	return f.Version != "" || len(f.Columns)+len(f.JSON)+len(f.Core) > 0
}

// openRows are the datasets as rows for a mapping, in order of code.
func (m *Model) openRows(records []*Record) []openRow {
	var out []openRow
	for i, r := range records {
		o := m.c.Dataset(r.ID)
		row := openRow{
			Index: i + 1, ID: string(r.ID), ListCode: r.Code, FlatID: r.FlatID, ResourceCode: r.ResourceCode,
			Title: r.Title.Zh, TitleEn: r.Title.En, Abstract: r.Abstract,
			Description: r.Abstract + "（提供单位：" + r.Org.Name + "）", Labels: r.Labels, Scenario: r.Scenarios,
			Domain: r.Domain.Key, OpenType: r.Open.Type.Key, OpenCondition: r.Open.Condition,
			ResourceKind: r.ResourceKind.Key, UpdateFrequency: r.Update.Frequency.Key, License: r.License.ID,
			FirstPublishedOn: r.IssuedOn, UpdatedOn: r.Update.UpdatedOn, Modified: r.Modified, Provider: m.providerRow(r.Org.ID),
			ContactWay: contactWay(r), URL: r.URL, Version: r.Version,
			Municipal: municipalRow{o.Municipal.DatasetID, o.Municipal.URL, cmp.Or(string(o.Municipal.Status), "pending")},
		}
		if len(r.Themes) > 0 {
			row.ThemeNational = r.Themes[len(r.Themes)-1].Key // the narrower one
		}
		if r.Open.Level != nil {
			row.OpenLevel = r.Open.Level.Key
		}
		if r.Temporal != nil {
			row.Temporal = *r.Temporal
		}
		for _, s := range r.Spatial {
			row.Spatial = append(row.Spatial, s.Key)
		}
		for _, it := range r.Items {
			row.Items = append(row.Items, it.Title)
		}
		for n, x := range r.Distributions {
			row.Distributions = append(row.Distributions, distributionRow{n + 1, x.ID, x.Title, x.AccessURL, []string{m.formatName(x)}})
		}
		out = append(out, row)
	}
	return out
}

func (m *Model) providerRow(dept catalog.Dept) providerRow {
	row := providerRow{ID: string(dept)}
	if d := m.c.Department(dept); d != nil {
		row.Name, row.ShortName, row.USCC = d.Name, cmp.Or(d.ShortName, d.Name), d.USCC
	}
	return row
}

// contactWay names the body itself: the platform lists every dataset of a district under the district's government.
func contactWay(r *Record) string {
	parts := []string{r.Org.Name}
	if r.Contact.Label != r.Org.Name {
		parts = append(parts, r.Contact.Label)
	}
	if r.Contact.Phone != "" {
		parts = append(parts, r.Contact.Phone)
	}
	return strings.Join(parts, " ")
}

// coreRows are the published catalogue entries whose page is public, in order of code.
func (m *Model) coreRows(illustrative bool) []coreRow {
	var entries []*catalog.Entry
	for _, e := range m.c.Entries {
		if e.Status == catalog.Published && m.c.Visibility(e) == catalog.Public && (illustrative || !e.Illustrative) {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b *catalog.Entry) int {
		return cmp.Or(cmp.Compare(a.ResourceCode, b.ResourceCode), cmp.Compare(a.ID, b.ID))
	})
	var out []coreRow
	for i, e := range entries {
		classification, _, _ := strings.Cut(e.ResourceCode, "/")
		row := coreRow{
			Index: i + 1, Classification: classification, Title: e.Title, ResourceCode: e.ResourceCode, Provider: m.providerRow(e.Dept),
			Abstract: e.Abstract, Share: shareRow{Type: string(e.Share.Type), Condition: e.Share.Condition},
			Open: openingRow{string(e.Open.Type), e.Open.Condition}, UpdateFrequency: string(e.UpdateFrequency), PublishedOn: e.PublishedOn,
		}
		if e.Illustrative {
			row.Title, row.Abstract = e.Title+illustrativeZh, illustrativeZh+e.Abstract
		}
		for _, f := range e.Formats {
			row.Formats = append(row.Formats, f.Format)
		}
		for _, it := range e.Items {
			if !hidden(it) {
				row.Items = append(row.Items, it.Title)
			}
		}
		for _, method := range e.Share.Methods {
			row.Share.Methods = append(row.Share.Methods, string(method))
		}
		for _, rel := range e.Related {
			if len(m.byCode[rel.Code]) > 0 {
				row.Related = append(row.Related, rel.Code)
			}
		}
		out = append(out, row)
	}
	return out
}

// writeOpenList writes the open list in the platform's three forms under a path without extension.
func (m *Model) writeOpenList(path string, records []*Record, put func(string, []byte) error) ([]Deviation, error) {
	columns, err := m.bind("columns", m.c.Mapping.Columns, reflect.TypeFor[openRow]())
	if err != nil {
		return nil, err
	}
	members, err := m.bind("json", m.c.Mapping.JSON, reflect.TypeFor[openRow]())
	if err != nil {
		return nil, err
	}
	cells := [][]string{targets(columns)}
	list := []mappedRow{}
	for _, row := range m.openRows(records) {
		c, err := columns.apply(row.FlatID, row)
		if err != nil {
			return nil, err
		}
		j, err := members.apply(row.FlatID, row)
		if err != nil {
			return nil, err
		}
		cells, list = append(cells, c.cells()), append(list, j)
	}
	if err := errors.Join(
		put(path+".json", documentJSON(list)),
		put(path+".csv", tableCSV(cells)),
		putSheet(path+".xlsx", "公共数据开放清单", "开放清单", cells, put),
	); err != nil {
		return nil, err
	}
	return slices.Concat(columns.deviations, members.deviations), nil
}

func targets(p *mapper) []string {
	var out []string
	for _, f := range p.fields {
		out = append(out, f.Target)
	}
	return out
}

// tableCSV is RFC 4180: CRLF, and quotes where a cell needs them.
func tableCSV(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

func putSheet(path, title, sheet string, rows [][]string, put func(string, []byte) error) error {
	var b bytes.Buffer
	if err := table.WriteSheet(&b, title, sheet, rows); err != nil {
		return err
	}
	return put(path, b.Bytes())
}

// MunicipalPackage is what "odc municipal export" hands over to the municipal platform.
type MunicipalPackage struct {
	Illustrative bool  // take made-up sample data along
	Files        fs.FS // published data files below data/<id>/<version>/; nil leaves them out
}

// MunicipalManifest describes a package: manifest.json.
type MunicipalManifest struct {
	Format         string          `json:"format"` // odc-municipal/1
	AsOf           calendar.Date   `json:"as_of"`
	Commit         string          `json:"commit,omitempty"`
	LastSeq        int             `json:"last_seq"` // of the ledger
	MappingVersion string          `json:"mapping_version"`
	Datasets       int             `json:"datasets"`
	Entries        int             `json:"entries"`  // catalogue entries in catalog-core
	LeftOut        int             `json:"left_out"` // illustrative datasets
	Deviations     []Deviation     `json:"deviations"`
	Files          []MunicipalFile `json:"files"`
}

// MunicipalFile is one file of a package.
type MunicipalFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	Rows   int    `json:"rows,omitempty"`
}

// WriteMunicipal writes the package through put and returns its manifest.
func WriteMunicipal(m *Model, pkg MunicipalPackage, put func(path string, data []byte) error) (*MunicipalManifest, error) {
	out := &MunicipalManifest{
		Format: "odc-municipal/1", AsOf: m.asOf, Commit: m.commit, LastSeq: len(m.ledger.events),
		MappingVersion: m.c.Mapping.Version, Deviations: []Deviation{},
	}
	if !m.hasMapping() {
		return nil, ErrNoMapping
	}
	rows := 0 // of the file being written
	record := func(path string, data []byte) error {
		out.Files = append(out.Files, MunicipalFile{path, digest(data), len(data), rows})
		return put(path, data)
	}
	var records []*Record
	for _, r := range m.records {
		if pkg.Illustrative || !r.Illustrative {
			records = append(records, r)
		}
	}
	out.Datasets, out.LeftOut = len(records), len(m.records)-len(records)
	if len(records) == 0 {
		return nil, fmt.Errorf("%w: all %d datasets are illustrative", ErrEmpty, out.LeftOut)
	}
	rows = len(records)
	deviations, err := m.writeOpenList("openlist", records, record)
	if err != nil {
		return nil, err
	}
	core := m.coreRows(pkg.Illustrative)
	out.Entries, rows = len(core), len(core)
	more, err := m.writeCore("catalog-core", core, record)
	if err != nil {
		return nil, err
	}
	out.Deviations = append(append(out.Deviations, deviations...), more...)
	rows = 0
	if err := m.writeDataFiles(pkg.Files, records, func(path string, data []byte, n int) error {
		rows = n
		return record(path, data)
	}); err != nil {
		return nil, err
	}
	events := m.eventsOf(records)
	rows = bytes.Count(events, []byte("\n"))
	if err := record("changes.ndjson", events); err != nil {
		return nil, err
	}
	rows = 0
	if err := record("README.txt", m.municipalReadme(out)); err != nil {
		return nil, err
	}
	slices.SortFunc(out.Files, func(a, b MunicipalFile) int { return cmp.Compare(a.Path, b.Path) })
	manifest := documentJSON(out)
	var sums bytes.Buffer
	fmt.Fprintf(&sums, "%s  manifest.json\n", digest(manifest))
	for _, f := range out.Files {
		fmt.Fprintf(&sums, "%s  %s\n", f.SHA256, f.Path)
	}
	return out, errors.Join(put("manifest.json", manifest), put("SHA256SUMS", sums.Bytes()))
}

func (m *Model) writeCore(path string, rows []coreRow, put func(string, []byte) error) ([]Deviation, error) {
	p, err := m.bind("core", m.c.Mapping.Core, reflect.TypeFor[coreRow]())
	if err != nil {
		return nil, err
	}
	cells := [][]string{targets(p)}
	list := []mappedRow{}
	for _, row := range rows {
		r, err := p.apply(row.ResourceCode, row)
		if err != nil {
			return nil, err
		}
		cells, list = append(cells, r.cells()), append(list, r)
	}
	return p.deviations, errors.Join(
		put(path+".json", documentJSON(list)),
		putSheet(path+".xlsx", "公共数据资源目录核心元数据", "目录", cells, put),
	)
}

// writeDataFiles copies the newest published files of each dataset; a file that was not built is an error, because the
// manifest would promise less than the list.
func (m *Model) writeDataFiles(files fs.FS, records []*Record, put func(path string, data []byte, rows int) error) error {
	if files == nil {
		return nil
	}
	for _, r := range records {
		if len(r.Versions) == 0 {
			continue
		}
		for _, f := range r.Versions[0].Files {
			data, err := fs.ReadFile(files, strings.TrimPrefix(dataPath(r.ID, r.Versions[0].Version, f.Name), "/"))
			if err != nil {
				return err
			}
			if digest(data) != f.SHA256 {
				return fmt.Errorf("dataset %s: %s is not the released file; build the data files again", r.ID, f.Name)
			}
			if err := put("files/"+r.FlatID+"/"+f.Name, data, f.Rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// eventsOf are the ledger's lines about some datasets, with their sequence numbers.
func (m *Model) eventsOf(records []*Record) []byte {
	in := map[catalog.ID]bool{}
	for _, r := range records {
		in[r.ID] = true
	}
	var out []byte
	for _, e := range m.ledger.events {
		if in[e.dataset] {
			out = append(append(out, compactJSON(e)...), '\n')
		}
	}
	return out
}

func (m *Model) municipalReadme(p *MunicipalManifest) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s：报送市公共数据开放平台的数据包\n\n", m.c.Policy.Title)
	if !m.c.Policy.Official {
		b.WriteString("演示站点，非政府网站。本数据包仅供演示，请勿作为正式报送材料。\n\n")
	}
	fmt.Fprintf(&b, "截至日期：%s\n数据集：%d 个；目录条目：%d 条；示例数据未列入：%d 个\n字段对照表版本：%s\n\n",
		p.AsOf, p.Datasets, p.Entries, p.LeftOut, p.MappingVersion)
	b.WriteString("openlist.csv、openlist.xlsx、openlist.json　开放清单（列名和键名由 metadata/municipal/mapping.yaml 规定）\n" +
		"catalog-core.json、catalog-core.xlsx　目录核心元数据，仅供报送，不对外发布\n" +
		"files/<编码>/　各数据集最新版本的文件\n" +
		"changes.ndjson　这些数据集的变更记录\n" +
		"manifest.json　清单：每个文件的校验值和行数，以及与平台字段不能一一对应之处（deviations）\n" +
		"SHA256SUMS　校验：sha256sum -c SHA256SUMS\n")
	if n := len(p.Deviations); n > 0 {
		fmt.Fprintf(&b, "\n有 %d 处取值在平台没有对应代码或超出长度，已按对照表代替或截短，请核对 manifest.json。\n", n)
	}
	return []byte(b.String())
}

// Print writes what was packed for people: the counts, the files, and every value the platform cannot take as it is.
func (p *MunicipalManifest) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d datasets and %d catalogue entries as of %s, mapping version %s\n", p.Datasets, p.Entries, p.AsOf, p.MappingVersion)
	if p.LeftOut > 0 {
		fmt.Fprintf(&b, "%d illustrative datasets left out\n", p.LeftOut)
	}
	for _, f := range p.Files {
		fmt.Fprintf(&b, "  %s  %d bytes\n", f.Path, f.Bytes)
	}
	for _, d := range p.Deviations {
		fmt.Fprintf(&b, "%s: %s: %s: %s → %s\n", d.Record, d.Target, d.Kind, truncate(d.Value, 40), truncate(d.Sent, 40))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
