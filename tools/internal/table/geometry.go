package table

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"

	"opendata.example/odc/tools/internal/diag"
)

// Position is longitude and latitude in degrees. A height is not kept.
type Position [2]float64

// Geometry is a GeoJSON geometry of any type but GeometryCollection. Parts has the shape of a MultiPolygon; simpler
// types leave the outer levels at one: a Point is Parts[0][0][0].
type Geometry struct {
	Type  string
	Parts [][][]Position
}

// dimensions of the coordinates array: how many levels of arrays stand above a position.
var dimensions = map[string]int{
	"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}

// NewPoint makes the geometry of one place.
func NewPoint(lon, lat float64) *Geometry {
	return &Geometry{Type: "Point", Parts: [][][]Position{{{{lon, lat}}}}}
}

// Point returns the position of a Point.
func (g *Geometry) Point() (Position, bool) {
	if g == nil || g.Type != "Point" || len(g.Parts) == 0 {
		return Position{}, false
	}
	return g.Parts[0][0][0], true
}

var (
	errGeometry   = errors.New("not a geometry")
	errCollection = errors.New("a GeometryCollection is not taken")
)

// parseGeometry reads a geometry object; null is nil.
func parseGeometry(raw json.RawMessage) (*Geometry, error) {
	var g *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, errGeometry
	}
	if g == nil {
		return nil, nil
	}
	if g.Type == "GeometryCollection" {
		return nil, errCollection
	}
	levels, ok := dimensions[g.Type]
	if !ok || len(g.Coordinates) == 0 {
		return nil, errGeometry
	}
	out := &Geometry{Type: g.Type}
	var err error
	switch levels {
	case 0:
		var p []float64
		if err = json.Unmarshal(g.Coordinates, &p); err == nil && len(p) > 0 {
			out.Parts = [][][]Position{{{}}}
			out.Parts[0][0], err = positions([][]float64{p})
		}
	case 1:
		var line [][]float64
		if err = json.Unmarshal(g.Coordinates, &line); err == nil && len(line) > 0 {
			out.Parts = [][][]Position{{{}}}
			out.Parts[0][0], err = positions(line)
		}
	case 2:
		var rings [][][]float64
		if err = json.Unmarshal(g.Coordinates, &rings); err == nil && len(rings) > 0 {
			out.Parts = make([][][]Position, 1)
			out.Parts[0], err = lines(rings)
		}
	case 3:
		var parts [][][][]float64
		if err = json.Unmarshal(g.Coordinates, &parts); err == nil {
			out.Parts = make([][][]Position, len(parts))
			for i := range parts {
				if out.Parts[i], err = lines(parts[i]); err != nil {
					break
				}
			}
		}
	}
	if err != nil {
		return nil, errGeometry
	}
	return out, nil
}

func lines(in [][][]float64) ([][]Position, error) {
	out := make([][]Position, len(in))
	for i := range in {
		var err error
		if out[i], err = positions(in[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func positions(in [][]float64) ([]Position, error) {
	out := make([]Position, len(in))
	for i, p := range in {
		if len(p) < 2 {
			return nil, errGeometry
		}
		out[i] = Position{p[0], p[1]}
	}
	return out, nil
}

// check reports what RFC 7946 and plain sense ask of a geometry, and closes and turns its rings: outer ones
// counter-clockwise, holes clockwise.
func (g *Geometry) check(record int, report func(diag.Finding)) {
	find := func(code string, sev diag.Severity, zh, en, hintZh, hintEn string) {
		report(diag.Finding{Rule: code, Severity: sev, Line: record,
			Message: diag.Text{Zh: zh, En: en}, Hint: diag.Text{Zh: hintZh, En: hintEn}})
	}
	if g == nil || len(g.Parts) == 0 {
		find("empty-geometry", diag.Warning, "没有几何对象", "no geometry", "请补上坐标，或删去这一条", "add coordinates, or remove the record")
		return
	}
	swapped, outside, open, turned := false, false, false, false
	polygon := g.Type == "Polygon" || g.Type == "MultiPolygon"
	for _, part := range g.Parts {
		for i, ring := range part {
			for _, p := range ring {
				switch {
				case math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90:
				case math.Abs(p[0]) <= 90 && math.Abs(p[1]) <= 180:
					swapped = true
				default:
					outside = true
				}
			}
			if !polygon {
				continue
			}
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				open = true
				continue
			}
			if (area(ring) > 0) != (i == 0) {
				turned = true
				slices.Reverse(ring)
			}
		}
	}
	if swapped {
		find("coordinate-swapped", diag.Error, "经度、纬度颠倒", "longitude and latitude are swapped",
			"GeoJSON 的坐标先写经度，后写纬度", "GeoJSON writes the longitude first")
	}
	if outside {
		find("type-error", diag.Error, "坐标超出经纬度范围", "coordinates are no degrees",
			"请转换为 WGS-84 或 CGCS2000 经纬度", "convert them to WGS-84 or CGCS2000 degrees")
	}
	if open {
		find("ring-open", diag.Error, "多边形没有闭合", "a ring is not closed",
			"每个环至少四点，末点与首点相同", "a ring has four positions or more, the last equal to the first")
	}
	if turned {
		find("ring-winding", diag.Warning, "环的方向不合右手规则，发布时已改正", "a ring is wound the wrong way; published files have it right",
			"外环逆时针，内环顺时针", "outer rings run counter-clockwise, holes clockwise")
	}
}

// area is twice the signed area: positive when the ring runs counter-clockwise.
func area(ring []Position) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		sum += ring[i-1][0]*ring[i][1] - ring[i][0]*ring[i-1][1]
	}
	return sum
}

// AppendJSON appends the geometry as GeoJSON, coordinates with at most six decimals (about 0.1 m).
func (g *Geometry) AppendJSON(b []byte) []byte {
	if g == nil || len(g.Parts) == 0 {
		return append(b, "null"...)
	}
	b = append(b, `{"type":"`...)
	b = append(b, g.Type...)
	b = append(b, `","coordinates":`...)
	switch dimensions[g.Type] {
	case 0:
		b = appendPosition(b, g.Parts[0][0][0])
	case 1:
		b = appendLine(b, g.Parts[0][0])
	case 2:
		b = appendLines(b, g.Parts[0])
	case 3:
		b = append(b, '[')
		for i, part := range g.Parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendLines(b, part)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendLines(b []byte, ls [][]Position) []byte {
	b = append(b, '[')
	for i, l := range ls {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendLine(b, l)
	}
	return append(b, ']')
}

func appendLine(b []byte, ps []Position) []byte {
	b = append(b, '[')
	for i, p := range ps {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPosition(b, p)
	}
	return append(b, ']')
}

func appendPosition(b []byte, p Position) []byte {
	b = append(b, '[')
	b = appendDegrees(b, p[0])
	b = append(b, ',')
	b = appendDegrees(b, p[1])
	return append(b, ']')
}

func appendDegrees(b []byte, x float64) []byte {
	x = math.Round(x*1e6) / 1e6
	if x == 0 {
		x = 0 // no negative zero
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// box grows to hold geometries.
type box struct {
	min, max Position
	any      bool
}

func (b *box) add(g *Geometry) {
	if g == nil {
		return
	}
	for _, part := range g.Parts {
		for _, line := range part {
			for _, p := range line {
				if !b.any {
					b.min, b.max, b.any = p, p, true
				}
				for i := range p {
					b.min[i], b.max[i] = min(b.min[i], p[i]), max(b.max[i], p[i])
				}
			}
		}
	}
}
