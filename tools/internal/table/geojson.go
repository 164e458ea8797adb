package table

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

// geoReader yields the features of a FeatureCollection: properties are the cells.
type geoReader struct {
	src    io.Closer
	opt    Options
	values *values
	record int
	fields *fields
	first  *feature
	ended  bool
	cells  []string
}

type feature struct {
	Type       string          `json:"type"`
	Properties json.RawMessage `json:"properties"`
	Geometry   json.RawMessage `json:"geometry"`
}

func openGeoJSON(ctx context.Context, text io.Reader, src io.Closer, opt Options) (Reader, error) {
	r := &geoReader{src: src, opt: opt, values: newValues(bufio.NewReaderSize(text, 64<<10), opt.Limits.FeatureBytes)}
	if t, err := r.values.token(); err != nil || t != json.Delim('{') {
		return nil, notCollection()
	}
	if found, err := r.members(); err != nil {
		return nil, err
	} else if !found {
		return nil, notCollection()
	}
	first, err := r.next(ctx)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var properties json.RawMessage
	if first != nil {
		r.first, properties = first, first.Properties
	}
	r.fields, err = r.opt.newFields(properties)
	return r, err
}

func notCollection() error {
	return refuse("format-error", 0,
		diag.Text{Zh: "不是 GeoJSON 要素集（FeatureCollection）", En: "not a GeoJSON FeatureCollection"},
		diag.Text{Zh: "请从地理信息软件导出为 RFC 7946 的 GeoJSON，坐标系选 WGS-84 或 CGCS2000", En: "export RFC 7946 GeoJSON in WGS-84 or CGCS2000"})
}

// members reads what stands beside the features, up to the beginning of the features or the end of the document.
func (r *geoReader) members() (features bool, err error) {
	for r.values.more() {
		key, err := r.values.token()
		if err != nil {
			return false, r.opt.jsonError(err, r.record+1)
		}
		if key == "features" {
			t, err := r.values.token()
			if err != nil {
				return false, r.opt.jsonError(err, 1)
			}
			if t != json.Delim('[') {
				return false, notCollection()
			}
			return true, nil
		}
		value, err := r.values.raw()
		if err != nil {
			return false, r.opt.jsonError(err, r.record+1)
		}
		switch key {
		case "type":
			if string(value) != `"FeatureCollection"` {
				return false, notCollection()
			}
		case "crs":
			r.checkCRS(value)
		}
	}
	_, err = r.values.token() // the closing brace
	if err != nil {
		return false, r.opt.jsonError(err, r.record+1)
	}
	return false, nil
}

// checkCRS accepts the names of WGS-84 and CGCS2000; RFC 7946 knows no other system.
func (r *geoReader) checkCRS(value json.RawMessage) {
	text := string(value)
	if text == "null" || strings.Contains(text, "CRS84") || strings.Contains(text, "4326") || strings.Contains(text, "4490") {
		return
	}
	r.opt.Report(diag.Finding{Rule: "crs-mismatch", Severity: diag.Error,
		Message: diag.Text{Zh: "crs 不是 WGS-84 或 CGCS2000", En: "crs is neither WGS-84 nor CGCS2000"},
		Hint:    diag.Text{Zh: "请在地理信息软件中转换坐标系后重新导出", En: "convert the coordinates and export again"}})
}

func (r *geoReader) next(ctx context.Context) (*feature, error) {
	if err := cancelled(ctx, r.record); err != nil {
		return nil, err
	}
	if r.ended {
		return nil, io.EOF
	}
	if !r.values.more() {
		if _, err := r.values.token(); err != nil { // the closing bracket
			return nil, r.opt.jsonError(err, r.record+1)
		}
		if again, err := r.members(); err != nil {
			return nil, err
		} else if again {
			return nil, notCollection() // "features" twice
		}
		r.ended = true
		return nil, io.EOF
	}
	raw, err := r.values.raw()
	if err != nil {
		return nil, r.opt.jsonError(err, r.record+1)
	}
	r.record++
	f := &feature{}
	if err := json.Unmarshal(raw, f); err != nil || f.Type != "Feature" {
		return nil, refuse("format-error", r.record,
			diag.Text{Zh: fmt.Sprintf("第 %d 个不是要素（Feature）", r.record), En: fmt.Sprintf("number %d is not a Feature", r.record)},
			diag.Text{Zh: "features 中只能有 Feature", En: "features holds only Features"})
	}
	if len(f.Properties) == 0 || f.Properties[0] != '{' {
		f.Properties = json.RawMessage("{}")
	}
	return f, nil
}

func (r *geoReader) Header() []string { return r.fields.header }
func (r *geoReader) HeaderRow() int   { return 0 }
func (r *geoReader) Close() error     { return r.src.Close() }

func (r *geoReader) Next(ctx context.Context) (Row, error) {
	f := r.first
	r.first = nil
	if f == nil {
		var err error
		if f, err = r.next(ctx); err != nil {
			return Row{}, err
		}
	}
	cells, err := r.fields.cells(f.Properties, r.record, r.cells[:0])
	r.cells = cells
	if err != nil {
		return Row{}, err
	}
	g, err := parseGeometry(f.Geometry)
	if err != nil {
		r.opt.Report(diag.Finding{Rule: "type-error", Severity: diag.Error, Line: r.record,
			Message: diag.Text{Zh: "几何对象有误，或是不支持的几何集合（GeometryCollection）", En: "malformed geometry, or a GeometryCollection, which is not taken"},
			Hint:    diag.Text{Zh: "请拆成点、线、面要素", En: "split it into points, lines and polygons"}})
	} else {
		g.check(r.record, r.opt.Report)
	}
	return Row{N: r.record, Cells: cells, Geometry: g}, nil
}

// geoWriter writes a FeatureCollection, one feature a line; the box follows the features, known only then.
type geoWriter struct {
	w     *bufio.Writer
	items []catalog.Item
	keys  [][]byte
	rows  int
	box   box
	line  []byte
}

// NewGeoJSON writes RFC 7946. The coordinates must be WGS-84 or CGCS2000, which are equal at this precision.
func NewGeoJSON(w io.Writer, items []catalog.Item, about About) (Writer, error) {
	g := &geoWriter{w: bufio.NewWriterSize(w, 64<<10), items: items, keys: jsonKeys(items)}
	b := append([]byte(`{"type":"FeatureCollection","name":`), appendString(nil, string(about.ID))...)
	b = appendString(append(b, `,"title":`...), about.Title)
	if about.Illustrative {
		b = appendString(append(b, `,"illustrative":true,"note":`...), illustrativeNote)
	}
	_, err := g.w.Write(append(b, `,"features":[`...))
	return g, err
}

func (g *geoWriter) Write(row Row) error {
	g.line = append(g.line[:0], '\n')
	if g.rows > 0 {
		g.line = append(g.line[:0], ",\n"...)
	}
	g.rows++
	g.box.add(row.Geometry)
	g.line = append(g.line, `{"type":"Feature","properties":`...)
	g.line = appendObject(g.line, g.items, g.keys, row.Cells)
	g.line = append(g.line, `,"geometry":`...)
	g.line = row.Geometry.AppendJSON(g.line)
	_, err := g.w.Write(append(g.line, '}'))
	return err
}

func (g *geoWriter) Close() error {
	b := []byte("\n]")
	if g.box.any {
		b = append(b, `,"bbox":[`...)
		for i, x := range []float64{g.box.min[0], g.box.min[1], g.box.max[0], g.box.max[1]} {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendDegrees(b, x)
		}
		b = append(b, ']')
	}
	if _, err := g.w.Write(append(b, "}\n"...)); err != nil {
		return err
	}
	return g.w.Flush()
}
