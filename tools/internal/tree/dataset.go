package tree

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

// maxDataFile is the most a data file in the repository may weigh; larger ones stand as <name>.ref.yaml.
const maxDataFile = 10 << 20

// digest reads a data file once, as a stream.
func (f *file) digest(fsys fs.FS) error {
	in, err := fsys.Open(f.path)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.path, err)
	}
	defer in.Close()
	h := sha256.New()
	n, err := io.Copy(h, in)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.path, err)
	}
	f.source = catalog.SourceFile{SHA256: hex.EncodeToString(h.Sum(nil)), Bytes: n}
	if n > maxDataFile {
		f.findings = append(f.findings, whole(f.path, "R19",
			diag.Text{Zh: fmt.Sprintf("数据文件 %d 字节，库内上限 %d 字节", n, maxDataFile), En: fmt.Sprintf("data file of %d bytes, the repository takes %d", n, maxDataFile)},
			diag.Text{Zh: "请存放到对外可取的地址，在此写同名的 .ref.yaml（url、sha256、bytes）", En: "store it elsewhere and put <name>.ref.yaml (url, sha256, bytes) here"}))
	}
	return nil
}
