package table

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"opendata.example/odc/tools/internal/diag"
)

// Traits are what one pass over the bytes of a file tells, before anything is parsed.
type Traits struct {
	SHA256   string // lower-case hex
	Bytes    int64
	Head     []byte // the first 16 bytes
	Encoding string // detected: UTF-8, UTF-16LE, UTF-16BE, GB18030, Big5, windows-1252; "" = none fits
	BOM      bool
	// BadOffset is where the bytes stop being UTF-8, -1 when all of them are.
	BadOffset int64
	ASCII     bool // nothing above 0x7F: every encoding agrees
	OldMac    bool // lines end in a lone CR
}

// Names of encodings as dialects write them.
const (
	utf8Name    = "UTF-8"
	utf16LE     = "UTF-16LE"
	utf16BE     = "UTF-16BE"
	gb18030     = "GB18030"
	big5        = "Big5"
	windows1252 = "windows-1252"
)

var encodings = map[string]encoding.Encoding{
	utf16LE: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), utf16BE: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	gb18030: simplifiedchinese.GB18030, big5: traditionalchinese.Big5, windows1252: charmap.Windows1252,
}

// encodingName folds the usual spellings; GBK and GB2312 are parts of GB18030.
func encodingName(s string) (string, bool) {
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToUpper(s)) {
	case "UTF8", "UTF8SIG", "ASCII":
		return utf8Name, true
	case "UTF16LE", "UTF16":
		return utf16LE, true
	case "UTF16BE":
		return utf16BE, true
	case "GB18030", "GBK", "GB2312", "CP936":
		return gb18030, true
	case "BIG5", "CP950":
		return big5, true
	case "WINDOWS1252", "CP1252", "LATIN1", "ISO88591":
		return windows1252, true
	}
	return "", false
}

const (
	inspectBlock = 64 << 10
	sampleBytes  = 256 << 10 // of lines that are not plain ASCII, to tell the encodings apart
	common       = 0.6       // share of common characters from which an East Asian encoding is believed
)

// Inspect reads a file once: its digest, its size and the evidence for its encoding.
func Inspect(r io.Reader) (Traits, error) {
	t := Traits{BadOffset: -1, ASCII: true}
	sum := sha256.New()
	in := inspection{traits: &t}
	block := make([]byte, inspectBlock)
	for {
		n, err := io.ReadFull(r, block)
		sum.Write(block[:n])
		in.add(block[:n])
		t.Bytes += int64(n)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return Traits{}, err
		}
	}
	in.finish()
	t.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return t, nil
}

// inspection gathers the evidence block by block.
type inspection struct {
	traits                 *Traits
	carry                  []byte // bytes of a character cut by the end of a block
	sample                 []byte
	lf, cr                 bool
	nulEven, nulOdd, first int
}

func (in *inspection) add(b []byte) {
	t := in.traits
	if t.Bytes == 0 {
		t.Head = bytes.Clone(b[:min(16, len(b))])
		in.first = len(b)
		for i, c := range b {
			if c == 0 && i%2 == 0 {
				in.nulEven++
			} else if c == 0 {
				in.nulOdd++
			}
		}
	}
	in.lf = in.lf || bytes.IndexByte(b, '\n') >= 0
	in.cr = in.cr || bytes.IndexByte(b, '\r') >= 0

	high := firstHigh(b)
	if high < 0 && len(in.carry) == 0 {
		return
	}
	if high >= 0 {
		t.ASCII = false
		if room := sampleBytes - len(in.sample); room > 0 {
			from := bytes.LastIndexByte(b[:high], '\n') + 1
			in.sample = append(in.sample, b[from:min(len(b), from+room)]...)
		}
	}
	if t.BadOffset < 0 {
		in.checkUTF8(b)
	}
}

// checkUTF8 continues the check with the next block; a character may lie across the border.
func (in *inspection) checkUTF8(b []byte) {
	start := in.traits.Bytes - int64(len(in.carry))
	b = append(in.carry, b...)
	in.carry = nil
	for back := 1; back < utf8.UTFMax && back <= len(b); back++ {
		if tail := b[len(b)-back:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				in.carry, b = bytes.Clone(tail), b[:len(b)-back]
			}
			break
		}
	}
	if utf8.Valid(b) {
		return
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 {
			in.traits.BadOffset = start + int64(i)
			return
		}
		i += size
	}
}

// firstHigh is the index of the first byte above 0x7F, -1 for plain ASCII.
func firstHigh(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 != 0 {
			break
		}
	}
	for ; i < len(b); i++ {
		if b[i] >= utf8.RuneSelf {
			return i
		}
	}
	return -1
}

func (in *inspection) finish() {
	t := in.traits
	if len(in.carry) > 0 && t.BadOffset < 0 {
		t.BadOffset = t.Bytes - int64(len(in.carry))
	}
	t.OldMac = in.cr && !in.lf
	switch {
	case bytes.HasPrefix(t.Head, []byte("\xEF\xBB\xBF")):
		t.BOM, t.Encoding = true, utf8Name
	case bytes.HasPrefix(t.Head, []byte("\xFF\xFE")):
		t.BOM, t.Encoding = true, utf16LE
	case bytes.HasPrefix(t.Head, []byte("\xFE\xFF")):
		t.BOM, t.Encoding = true, utf16BE
	case in.first >= 4 && in.nulOdd*10 >= in.first/2*3:
		t.Encoding = utf16LE
	case in.first >= 4 && in.nulEven*10 >= in.first/2*3:
		t.Encoding = utf16BE
	case t.BadOffset < 0:
		t.Encoding = utf8Name
	default:
		t.Encoding = guess(in.sample)
	}
}

// guess tells the encodings of one or two bytes apart by the share of common characters: validity alone proves
// nothing, GB18030 decodes French without an error.
func guess(sample []byte) string {
	gb, b5, pairs := 0, 0, 0
	lone := 0
	for i := 0; i < len(sample); {
		c := sample[i]
		switch {
		case c < 0x80:
			i++
			continue
		case c == 0x80 || c == 0xFF || i+1 == len(sample):
			lone++
			i++
			continue
		}
		d := sample[i+1]
		pairs++
		// GB 2312 symbols and level 1: the 3,755 characters that make up nearly all text.
		if d >= 0xA1 && (c >= 0xB0 && c <= 0xD7 || c == 0xA1 || c == 0xA3) {
			gb++
		}
		// Big5 symbols and level 1: 5,401 characters.
		if (d >= 0x40 && d <= 0x7E || d >= 0xA1 && d <= 0xFE) && c >= 0xA1 && c <= 0xC6 {
			b5++
		}
		i += 2
	}
	gbShare, b5Share := share(gb, pairs+lone), share(b5, pairs+lone)
	switch {
	case gbShare >= common && gbShare >= b5Share:
		return gb18030
	case b5Share >= common:
		return big5
	case bytes.ContainsFunc(sample, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }):
		return "" // control characters: not a text
	}
	return windows1252
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// decode returns the text of src as UTF-8 without BOM and reports what it had to assume.
func decode(src io.Reader, t Traits, opt Options) (io.Reader, error) {
	declared, known := encodingName(opt.Dialect.Encoding)
	if opt.Dialect.Encoding != "" && !known {
		return nil, refuse("dialect-error", 0,
			diag.Text{Zh: fmt.Sprintf("不认识的编码“%s”", opt.Dialect.Encoding), En: fmt.Sprintf("unknown encoding %q", opt.Dialect.Encoding)},
			diag.Text{Zh: "请写 UTF-8 或 GB18030", En: "write UTF-8 or GB18030"})
	}
	found := t.Encoding
	switch {
	case found == "" && declared == "":
		return nil, refuse("encoding-error", 0,
			diag.Text{Zh: fmt.Sprintf("文件不是文本，或编码无法识别（自第 %d 字节起）", t.BadOffset+1), En: fmt.Sprintf("not a text, or in no known encoding (from byte %d)", t.BadOffset+1)},
			diag.Text{Zh: "请另存为 UTF-8 编码的 csv", En: "save it as csv in UTF-8"})
	case declared != "" && !t.ASCII && declared != found && !plausible(declared, t):
		opt.Report(diag.Finding{Rule: "encoding-error", Severity: diag.Error,
			Message: diag.Text{Zh: fmt.Sprintf("登记的编码是 %s，文件却是 %s", declared, cmp.Or(found, "其他编码")), En: fmt.Sprintf("declared as %s, but the file is %s", declared, cmp.Or(found, "something else"))},
			Hint:    diag.Text{Zh: "请改正 dialect.encoding", En: "correct dialect.encoding"}})
	case declared != "" && !t.BOM:
		found = declared
	}
	if t.ASCII && found != utf16LE && found != utf16BE {
		found = utf8Name
	}
	if found == utf8Name && t.BadOffset >= 0 {
		opt.Report(diag.Finding{Rule: "encoding-error", Severity: diag.Error,
			Message: diag.Text{Zh: fmt.Sprintf("以 UTF-8 读取，但第 %d 字节起不是 UTF-8", t.BadOffset+1), En: fmt.Sprintf("read as UTF-8, but it is not from byte %d on", t.BadOffset+1)},
			Hint:    diag.Text{Zh: "多半是两种编码的内容拼在一起，请重新导出", En: "two encodings were probably joined: export the file again"}})
	}
	if t.BOM {
		opt.Report(diag.Finding{Rule: "bom", Severity: diag.Info,
			Message: diag.Text{Zh: "文件以字节序标记（BOM）开头，发布时已去除", En: "the file begins with a byte order mark; published files have none"}})
	}
	if found != utf8Name {
		opt.Report(diag.Finding{Rule: "encoding-not-utf8", Severity: diag.Info,
			Message: diag.Text{Zh: "文件编码为 " + found + "，发布时转为 UTF-8", En: "encoded as " + found + "; published as UTF-8"}})
		if declared == "" {
			opt.Report(diag.Finding{Rule: "encoding-not-declared", Severity: diag.Info,
				Message: diag.Text{Zh: "编码未登记，按内容识别为 " + found, En: "the encoding is not declared; detected " + found},
				Hint:    diag.Text{Zh: "请在 distribution 下写 dialect: {encoding: " + found + "}", En: "write dialect: {encoding: " + found + "} in the distribution"}})
		}
	}
	if t.BOM {
		if _, err := io.CopyN(io.Discard, src, bomLen(found)); err != nil {
			return nil, err
		}
	}
	text := src
	if e := encodings[found]; e != nil {
		text = e.NewDecoder().Reader(src)
	}
	if t.OldMac {
		text = &crToLF{text}
	}
	return text, nil
}

func bomLen(encoding string) int64 {
	if encoding == utf8Name {
		return 3
	}
	return 2
}

// plausible reports whether a declared encoding can be right although another one looked more likely.
func plausible(declared string, t Traits) bool {
	switch declared {
	case utf8Name:
		return false // detection of UTF-8 is exact
	case utf16LE, utf16BE:
		return t.Encoding == ""
	}
	return t.Encoding != utf8Name && t.Encoding != utf16LE && t.Encoding != utf16BE
}

// crToLF reads files whose lines end in a lone CR.
type crToLF struct{ r io.Reader }

func (c *crToLF) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
