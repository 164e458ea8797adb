package export

import (
	"testing"
)

// BenchmarkWrite makes the model and all outputs of a catalogue of 10 000 datasets.
func BenchmarkWrite(b *testing.B) {
	const n = 10_000
	c := synthetic(n)
	b.ReportAllocs()
	for b.Loop() {
		m := model(b, Input{Catalog: c})
		files, size := 0, 0
		if err := Write(m, func(_ string, data []byte) error {
			files++
			size += len(data)
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(files), "files/op")
		b.ReportMetric(float64(size)/1e6, "MB/op")
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/n*1e6, "µs/dataset")
}
