package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/privacy"
	"opendata.example/odc/tools/internal/profile"
	"opendata.example/odc/tools/internal/table"
)

// run streams the source once: rows → checks, profile, personal data, outputs. With write it leaves the files of all
// distributions in the stage.
func (p *pass) run(ctx context.Context, write bool) error {
	defer p.settle()
	in, err := p.open(p.source.Source)
	if err != nil || in == nil {
		return err
	}
	reader, err := table.Open(ctx, in, p.traits, table.Options{
		Format: p.source.Format, Items: p.items, Dialect: p.source.Dialect, Missing: p.source.MissingValues,
		Limits: p.limits(), Report: p.found.add,
	})
	if err != nil {
		return p.refused(err)
	}
	defer reader.Close()
	s := p.newStream(reader)
	if s == nil {
		return nil // the header is wrong: every row would only repeat it
	}
	outputs := &outputs{}
	if write && p.opt.Out != "" {
		if outputs, err = p.openOutputs(); err != nil {
			return err
		}
	}
	defer outputs.abandon()
	if err := s.rows(ctx, reader, outputs); err != nil {
		return p.refused(err)
	}
	s.settle()
	if !write || p.opt.Out == "" || diag.Errors(p.found.kept) > 0 {
		return nil
	}
	files, err := outputs.finish(s.n)
	if err != nil {
		return p.refused(err)
	}
	p.result.Files, err = p.attach(files)
	p.staged = err == nil
	return err
}

// refused turns a refusal into its finding; other errors pass.
func (p *pass) refused(err error) error {
	if refusal, ok := errors.AsType[*table.Refusal](err); ok {
		p.found.add(refusal.Finding)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", p.found.path, err)
	}
	return nil
}

// stream is one run over the rows.
type stream struct {
	pass     *pass
	columns  []int // column of the file for each item
	checkers []*columnChecker
	row      *rowChecker
	profiler *profile.Profiler
	scanner  *privacy.Scanner
	content  hash.Hash
	n        int
	values   []string
	invalid  []bool
	lon, lat int // indexes of the items with coordinates, -1 without
	scratch  []byte
}

func (p *pass) newStream(reader table.Reader) *stream {
	columns, ok := p.matchHeader(reader.Header(), reader.HeaderRow())
	if !ok {
		return nil
	}
	s := &stream{pass: p, columns: columns, content: sha256.New(), lon: -1, lat: -1,
		values: make([]string, len(p.items)), invalid: make([]bool, len(p.items))}
	var fields []profile.Field
	var scanned []privacy.Column
	for i, it := range p.items {
		s.checkers = append(s.checkers, p.newChecker(it, columns[i]+1))
		fields = append(fields, profile.Field{Name: it.Name, Kind: kindOf(it)})
		scanned = append(scanned, privacy.Column{Name: it.Name, Title: it.Title, Description: it.Description, Measure: it.Unit != "" || it.Type == "Y"})
		switch it.Role {
		case "lon":
			s.lon = i
		case "lat":
			s.lat = i
		}
		s.content.Write(appendCells(nil, []string{it.Name, string(it.Type)}, nil))
	}
	s.row = newRowChecker(p.found, p.items, columns)
	s.profiler = profile.New(fields)
	s.scanner = privacy.NewScanner(scanned, p.opt.AsOf, p.mobileShare())
	return s
}

// kindOf says how a column is profiled. Numbers that are codes have no mean.
func kindOf(it catalog.Item) profile.Kind {
	switch {
	case it.Type == "D" || it.Type == "T":
		return profile.Date
	case table.Numeric(it.Type) && it.Role != "code":
		return profile.Number
	}
	return profile.Text
}

// matchHeader finds the column of each item by name or title, whatever the order, and reports every label that is
// wrong. A column that is closed or not opened must not stand in a source that everybody can read.
func (p *pass) matchHeader(labels []string, row int) (columns []int, ok bool) {
	columns = make([]int, len(p.items))
	for i := range columns {
		columns[i] = -1
	}
	ok = true
	report := func(code string, column int, zh, en, hintZh, hintEn string) {
		ok = false
		p.found.add(diag.Finding{Rule: code, Severity: diag.Error, Line: row, Column: column,
			Message: diag.Text{Zh: zh, En: en}, Hint: diag.Text{Zh: hintZh, En: hintEn}})
	}
	if !slices.ContainsFunc(labels, func(l string) bool { return table.Label(p.entry.Entry.Items, l) >= 0 }) {
		// Rows of data without a header: one sentence, and none of their values.
		var names []string
		for _, it := range p.items[:min(3, len(p.items))] {
			names = append(names, it.Title)
		}
		report("missing-label", 0, "这一行没有一列与数据项相符，多半不是列名", "no column of this row is named after an item: it is probably no header",
			"第一行应为列名："+strings.Join(names, "、")+"……；CSV 各列以半角逗号分开", "begin with the names of the columns; in a CSV, ASCII commas separate them")
		return columns, false
	}
	for c, label := range labels {
		if label == "" {
			report("blank-label", c+1, fmt.Sprintf("第 %d 列没有列名", c+1), fmt.Sprintf("column %d has no name", c+1),
				"请补上列名，或删去空列", "name it, or delete the empty column")
			continue
		}
		item := table.Label(p.items, label)
		if item < 0 {
			ok = false
			p.strangeLabel(label, row, c+1)
			continue
		}
		if columns[item] >= 0 {
			report("duplicate-label", c+1, fmt.Sprintf("第 %d 列与第 %d 列都是“%s”", c+1, columns[item]+1, p.items[item].Title),
				fmt.Sprintf("columns %d and %d are both %s", c+1, columns[item]+1, p.items[item].Name),
				"请删去一列，或改正列名", "delete one, or correct its name")
			continue
		}
		columns[item] = c
	}
	for i, it := range p.items {
		if columns[i] < 0 {
			report("missing-label", 0, fmt.Sprintf("缺少数据项“%s”（%s）的列", it.Title, it.Name), fmt.Sprintf("there is no column for item %s (%s)", it.Name, it.Title),
				"列名须为字段名或数据项名称；如已取消，请从开放清单的 items 中删去", "a column is named after the item's name or title; if it is gone, drop it from items")
		}
	}
	return columns, ok
}

// strangeLabel reports a column that is no opened item.
func (p *pass) strangeLabel(label string, row, column int) {
	f := diag.Finding{Rule: "extra-label", Severity: diag.Error, Line: row, Column: column,
		Message: diag.Text{Zh: fmt.Sprintf("列%s不是登记的数据项", quote(label, p.opt.AsOf)), En: fmt.Sprintf("column %s is no declared item", quote(label, p.opt.AsOf))},
		Hint:    diag.Text{Zh: "请改正列名，或在目录中登记该数据项", En: "correct its name, or declare the item"}}
	if i := table.Label(p.entry.Entry.Items, label); i >= 0 {
		it := p.entry.Entry.Items[i]
		f.Message = diag.Text{Zh: fmt.Sprintf("数据项“%s”没有列入开放清单", it.Title), En: fmt.Sprintf("item %s is not in the open list", it.Name)}
		f.Hint = diag.Text{Zh: "请从文件中删去此列，或在开放清单的 items 中加上", En: "delete the column, or add the item to items"}
		if closed(it) {
			f.Rule = "R11"
			f.Message = diag.Text{Zh: fmt.Sprintf("待发布文件第 %d 列含非开放数据项“%s”", column, it.Title), En: fmt.Sprintf("column %d holds the closed item %s", column, it.Name)}
			f.Hint = diag.Text{Zh: "请删去此列后再提交", En: "delete the column before you submit the file"}
		}
	}
	p.found.add(f)
}

// rows takes every row through all stages.
func (s *stream) rows(ctx context.Context, reader table.Reader, outputs *outputs) error {
	for {
		row, err := reader.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		s.n++
		for i, c := range s.columns {
			cell := row.Cells[c]
			if cell == "" && row.Geometry != nil {
				cell = s.fromGeometry(i, row.Geometry)
			}
			value, valid := s.checkers[i].check(row.N, cell)
			s.values[i], s.invalid[i] = value, !valid
		}
		digest := s.row.check(row.N, s.values)
		s.content.Write(digest[:])
		s.profiler.Add(s.values, s.invalid)
		s.scanner.Row(row.N, s.values)
		row.Cells = s.values
		if outputs.maps {
			row.Geometry = s.geometry(row)
		}
		if err := outputs.write(row); err != nil {
			return err
		}
	}
}

// fromGeometry fills coordinate columns of a GeoJSON source, which keeps them outside the properties.
func (s *stream) fromGeometry(item int, g *table.Geometry) string {
	if s.pass.items[item].Format == "geojson" {
		s.scratch = g.AppendJSON(s.scratch[:0])
		return string(s.scratch)
	}
	p, ok := g.Point()
	switch {
	case !ok:
		return ""
	case item == s.lon:
		return degrees(p[0])
	case item == s.lat:
		return degrees(p[1])
	}
	return ""
}

func degrees(v float64) string {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'f', 6, 64), 64)
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// geometry is that of the source, or the point of the coordinate columns.
func (s *stream) geometry(row table.Row) *table.Geometry {
	if row.Geometry != nil || s.lon < 0 || s.lat < 0 {
		return row.Geometry
	}
	lon, errLon := strconv.ParseFloat(s.values[s.lon], 64)
	lat, errLat := strconv.ParseFloat(s.values[s.lat], 64)
	if errLon != nil || errLat != nil || lon < -180 || lon > 180 || lat < -90 || lat > 90 {
		return nil
	}
	return table.NewPoint(lon, lat)
}

// settle ends the run: verdicts on columns, the profile without what may be personal, the digest of the content.
func (s *stream) settle() {
	for _, c := range s.checkers {
		c.settle()
	}
	s.row.settle()
	p := s.pass
	if s.n == 0 {
		p.found.add(diag.Finding{Rule: "no-rows", Severity: diag.Warning,
			Message: diag.Text{Zh: "只有列名，没有一行数据", En: "a header and no row of data"},
			Hint:    diag.Text{Zh: "请核对导出是否完整", En: "was the export complete?"}})
	}
	p.result.ContentSHA256 = hex.EncodeToString(s.content.Sum(nil))
	p.result.Profile = s.profiler.Table()
	for i, c := range s.checkers {
		if c.secret {
			p.result.Profile.SuppressColumn(i)
		}
	}
	for _, v := range s.scanner.Verdicts() {
		p.result.Profile.SuppressColumn(v.Column)
		p.found.add(personal(v, p.items[v.Column], s.columns[v.Column]+1))
	}
}

// personal is the finding of a verdict. It counts; it never quotes.
func personal(v privacy.Verdict, it catalog.Item, column int) diag.Finding {
	what := diag.Text{Zh: "公民身份号码", En: "identity numbers"}
	if v.Rule == privacy.Mobile {
		what = diag.Text{Zh: "手机号码", En: "mobile numbers"}
	}
	f := diag.Finding{Rule: "pii-" + string(v.Rule), Severity: diag.Error, Line: v.FirstRow, Column: column, Field: it.Name,
		Message: diag.Text{Zh: fmt.Sprintf("第 %d 列“%s”有 %d 行疑似%s", column, it.Title, v.Hits, what.Zh), En: fmt.Sprintf("column %d (%s): %d rows look like %s", column, it.Name, v.Hits, what.En)},
		Reason:  diag.Text{Zh: "个人信息未经脱敏不得开放", En: "personal data may not be opened without de-identification"},
		Hint:    diag.Text{Zh: "请脱敏或移除此列后再提交", En: "de-identify or remove the column before you submit the file"}}
	if !v.Block {
		f.Severity = diag.Warning
		f.Hint = diag.Text{Zh: "请逐行核对；确属个人的，脱敏或移除", En: "look at these rows; remove what belongs to a person"}
	}
	return f
}
