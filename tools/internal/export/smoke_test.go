package export

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSmoke(t *testing.T) {
	for p, b := range outputs(t, model(t, Input{Catalog: valid()})) {
		f := filepath.Join("/tmp/feeds/out", p)
		os.MkdirAll(filepath.Dir(f), 0o755)
		os.WriteFile(f, b, 0o644)
	}
}
