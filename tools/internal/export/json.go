package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// documentJSON is a JSON document for people and programs: two spaces of indent, no HTML escapes, a final LF.
func documentJSON(v any) []byte { return encodeJSON(v, "  ") }

// compactJSON is one line without a line end, for hashes and NDJSON.
func compactJSON(v any) []byte { return bytes.TrimSuffix(encodeJSON(v, ""), []byte("\n")) }

func encodeJSON(v any, indent string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		panic(err) // only types of this package are encoded, and none of them can fail
	}
	return b.Bytes()
}

// scriptJSON is compact JSON that cannot end the <script> element it stands in, nor break a line of script.
func scriptJSON(v any) string {
	return scriptEscaper.Replace(string(compactJSON(v)))
}

// The JSON encoder has already written U+2028 and U+2029 as escapes.
var scriptEscaper = strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// object is a JSON object for vocabularies whose members are mostly optional. Its keys are written sorted.
type object map[string]any

// set adds a member unless the value is empty.
func (o object) set(key string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case []string:
		if len(v) == 0 {
			return
		}
	case []object:
		if len(v) == 0 {
			return
		}
	case object:
		if len(v) == 0 {
			return
		}
	}
	o[key] = value
}
