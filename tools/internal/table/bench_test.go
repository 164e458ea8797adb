package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
)

// benchRows are 20,000 rows of the columns of the tests, about 1 MB as CSV.
func benchRows() [][]string {
	rows := make([][]string, 20_000)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("%08d", i), fmt.Sprintf("天山路%d号公交站", i%997), fmt.Sprint(i % 40), fmt.Sprintf("%d.5", i%300), "2020-01-02", "true"}
	}
	return rows
}

// BenchmarkRead reads the same 20,000 rows from each format.
func BenchmarkRead(b *testing.B) {
	for _, format := range []catalog.Code{"csv", "json", "geojson", "xlsx"} {
		data := write(b, format, benchRows())
		traits, err := Inspect(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(format), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				r, err := Open(b.Context(), io.NopCloser(bytes.NewReader(data)), traits, Options{Format: format, Items: stops()})
				if err != nil {
					b.Fatal(err)
				}
				for {
					if _, err := r.Next(b.Context()); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
				r.Close()
			}
		})
	}
}

// BenchmarkWrite writes the same 20,000 rows to each format.
func BenchmarkWrite(b *testing.B) {
	rows := benchRows()
	for _, format := range []catalog.Code{"csv", "json", "geojson", "xlsx"} {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				b.SetBytes(int64(len(write(b, format, rows))))
			}
		})
	}
}

// BenchmarkInspect is the pass for digest, size and encoding over Chinese text.
func BenchmarkInspect(b *testing.B) {
	data := write(b, "csv", benchRows())
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Inspect(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
