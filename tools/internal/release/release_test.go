package release

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/catalog"
)

// valid is a manifest that every test starts from and breaks in one place.
func valid() *Manifest {
	page, data := Digest([]byte("page")), Digest([]byte("data"))
	return Compose(nil, nil, map[string]File{
		"index.html":             {SHA256: page, Size: 4, Type: "text/html; charset=utf-8"},
		"data/stops/1/stops.csv": {SHA256: data, Size: 4, Type: "text/csv; charset=utf-8"},
	}, Build{
		CreatedFrom: CreatedFrom{GitCommit: "c0ffee"},
		Entries:     map[string]Entry{"dataset:stops": {Hash: "h", Status: "published", Visibility: "public"}},
	})
}

func TestManifestRoundTrip(t *testing.T) {
	m := valid()
	a, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	b, err := valid().Encode()
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("two encodings differ: %v", err)
	}
	back, err := DecodeManifest(a)
	if err != nil || back.Root != m.Root || len(back.Files) != 2 {
		t.Errorf("%+v %v", back, err)
	}
}

func TestRootTellsEveryDifference(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(map[string]File){
		"as it is": func(map[string]File) {},
		"path":     func(f map[string]File) { f["robots.txt"] = f["index.html"]; delete(f, "index.html") },
		"content": func(f map[string]File) {
			f["index.html"] = File{SHA256: Digest(nil), Size: 4, Type: "text/html; charset=utf-8"}
		},
		"type":      func(f map[string]File) { x := f["index.html"]; x.Type = "text/plain"; f["index.html"] = x },
		"one more":  func(f map[string]File) { f["x"] = f["index.html"] },
		"one fewer": func(f map[string]File) { delete(f, "index.html") },
	} {
		files := valid().Files
		change(files)
		root := Root(files)
		if other, taken := seen[root]; taken {
			t.Errorf("%s and %s have one root", name, other)
		}
		seen[root] = name
	}
}

func TestDecodeManifestRefuses(t *testing.T) {
	for name, breaks := range map[string]func(*Manifest){
		"format":         func(m *Manifest) { m.Format = "odc-release/2" },
		"root":           func(m *Manifest) { m.Root = Digest(nil) },
		"digest":         func(m *Manifest) { m.Files["index.html"] = File{SHA256: "../../etc/passwd", Size: 1} },
		"capital digest": func(m *Manifest) { m.Files["index.html"] = File{SHA256: strings.Repeat("A", 64)} },
		"negative size":  func(m *Manifest) { m.Files["index.html"] = File{SHA256: Digest(nil), Size: -1} },
		"header in type": func(m *Manifest) {
			m.Files["index.html"] = File{SHA256: Digest(nil), Type: "text/html\r\nSet-Cookie: a"}
		},
		"path": func(m *Manifest) { m.Files["../index.html"] = File{SHA256: Digest(nil)} },
		"large without pieces": func(m *Manifest) {
			m.Files["index.html"] = File{SHA256: Digest(nil), Size: ChunkedFrom + 1}
		},
	} {
		m := valid()
		breaks(m)
		if name != "root" {
			m.Root = Root(m.Files)
		}
		stored, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := DecodeManifest(stored); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzDecodeManifest(f *testing.F) {
	stored, err := valid().Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(stored)
	f.Add(stored[:len(stored)/2])
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := DecodeManifest(b); err == nil && Root(m.Files) != m.Root {
			t.Error("a manifest with a wrong root was accepted")
		}
	})
}

func validRecord() Record {
	root := Digest([]byte("root"))
	return Record{Channel: "prod", Kind: KindPublish, ManifestSHA256: Digest([]byte("m")), Nonce: "n", Release: ID(root, 1), Root: root, Seq: 1, Writer: "w"}
}

var key = NewSigningKey([32]byte{7})

func trusting(k SigningKey) Trust { return Trust{Keys: []catalog.TrustedKey{k.Trusted(1)}} }

func TestRecordIsBelievedOnlyAsSigned(t *testing.T) {
	stored := validRecord().Encode(&key)
	if r, err := DecodeRecord(stored, "prod", trusting(key)); err != nil || r.KeyID != key.ID {
		t.Fatalf("%+v %v", r, err)
	}
	for i := range stored {
		bad := bytes.Clone(stored)
		bad[i] ^= 1
		if _, err := DecodeRecord(bad, "prod", trusting(key)); err == nil {
			t.Errorf("byte %d flipped: accepted %s", i, bad)
		}
	}
	spaced := bytes.Replace(stored, []byte(`","`), []byte(`" ,"`), 1)
	added := append(bytes.TrimSuffix(bytes.Clone(stored), []byte("}")), `,"x":1}`...)
	twice := append(bytes.TrimSuffix(bytes.Clone(stored), []byte("}")), `,"seq":1}`...)
	for _, other := range [][]byte{spaced, added, twice, append(bytes.Clone(stored), '\n'), nil, []byte("null")} {
		if _, err := DecodeRecord(other, "prod", trusting(key)); err == nil {
			t.Errorf("accepted %s", other)
		}
	}
	if _, err := DecodeRecord(stored, "staging", trusting(key)); err == nil {
		t.Error("a record of another channel was accepted")
	}
}

func TestTrust(t *testing.T) {
	stored := validRecord().Encode(&key)
	unsigned := validRecord().Encode(nil)
	other := NewSigningKey([32]byte{8})
	impostor := other.Trusted(1)
	impostor.ID = key.ID
	for _, c := range []struct {
		name   string
		stored []byte
		trust  Trust
		ok     bool
	}{
		{"listed", stored, trusting(key), true},
		{"not listed", stored, Trust{}, false},
		{"not listed, unsigned allowed", stored, Trust{Unsigned: true}, false},
		{"another key under its id", stored, Trust{Keys: []catalog.TrustedKey{impostor}}, false},
		{"revoked", stored, Trust{Keys: []catalog.TrustedKey{{ID: key.ID, PublicKey: key.Trusted(1).PublicKey, Revoked: true}}}, false},
		{"from later", stored, Trust{Keys: []catalog.TrustedKey{key.Trusted(2)}}, false},
		{"still open", stored, Trust{Keys: []catalog.TrustedKey{{ID: key.ID, PublicKey: key.Trusted(1).PublicKey, UntilSeq: 1}}}, true},
		{"unsigned", unsigned, trusting(key), false},
		{"unsigned, allowed", unsigned, Trust{Unsigned: true}, true},
	} {
		if _, err := DecodeRecord(c.stored, "prod", c.trust); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestSignatureOverOneKindIsNoneOverAnother(t *testing.T) {
	digest := Digest([]byte("manifest"))
	sig := SignManifest(key, digest)
	if err := VerifyManifest(sig, digest, 1, trusting(key)); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct{ sig, digest string }{
		"another manifest":  {string(sig), Digest(nil)},
		"unknown algorithm": {strings.Replace(string(sig), algEd25519, "none", 1), digest},
		"no signature":      {`{"alg":"ed25519","key_id":"","manifest_sha256":"` + digest + `","sig":""}`, digest},
		"a record's":        {fmt.Sprintf(`{"alg":"ed25519","key_id":%q,"manifest_sha256":%q,"sig":%q}`, key.ID, digest, key.sign(domainRecord, []byte(digest))), digest},
	} {
		if err := VerifyManifest([]byte(c.sig), c.digest, 1, Trust{Keys: trusting(key).Keys, Unsigned: true}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestSigningKeyKeepsItsSecret(t *testing.T) {
	secret := strings.Fields(key.Secret())[2]
	for _, printed := range []string{fmt.Sprint(key), fmt.Sprintf("%v %+v %#v %s", key, key, key, key)} {
		if strings.Contains(printed, secret) {
			t.Errorf("printed %s", printed)
		}
	}
	back, err := ParseSigningKey(key.Secret())
	if err != nil || back.Secret() != key.Secret() {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", secret, "odc-signing-key/1 0000 " + secret, strings.Replace(key.Secret(), "/1", "/2", 1), "odc-signing-key/1 x !!!"} {
		_, err := ParseSigningKey(bad)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
}

func FuzzDecodeRecord(f *testing.F) {
	f.Add(validRecord().Encode(&key))
	f.Add(validRecord().Encode(nil))
	f.Add([]byte(`{"seq":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := DecodeRecord(b, "prod", trusting(key))
		if err == nil && !bytes.Equal(r.Encode(&key), b) {
			t.Errorf("accepted what the key never signed: %s", b)
		}
	})
}

func TestCheckPaths(t *testing.T) {
	f := File{SHA256: Digest(nil)}
	for _, c := range []struct {
		name  string
		paths []string
		ok    bool
	}{
		{"ordinary", []string{"index.html", "en/index.html", ".well-known/void", "数据/说明.txt"}, true},
		{"absolute", []string{"/index.html"}, false},
		{"upwards", []string{"a/../b"}, false},
		{"empty segment", []string{"a//b"}, false},
		{"backslash", []string{`a\b`}, false},
		{"control character", []string{"a\x07b"}, false},
		{"not UTF-8", []string{"a\xff"}, false},
		{"not normal form C", []string{"e\u0301"}, false},
		{"file and folder", []string{"a", "a/b"}, false},
		{"equal but for case", []string{"Readme", "README"}, false},
		{"long segment", []string{strings.Repeat("a", 256)}, false},
		{"long path", []string{strings.Repeat("abcdefgh/", 101)}, false},
	} {
		files := map[string]File{}
		for _, p := range c.paths {
			files[p] = f
		}
		if got := CheckPaths(files); (len(got) == 0) != c.ok {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestContentType(t *testing.T) {
	for path, want := range map[string]string{
		"index.html":                     "text/html; charset=utf-8",
		"catalog.jsonld":                 "application/ld+json",
		"catalog.ttl":                    "text/turtle",
		"data.json":                      "application/json",
		"changes.ndjson":                 "application/x-ndjson",
		"feed.atom":                      "application/atom+xml",
		"sitemap.xml":                    "application/xml",
		"data/a/1/t.csv":                 "text/csv; charset=utf-8",
		"data/a/1/t.excel.csv":           "text/csv; charset=utf-8",
		"data/a/1/t.geojson":             "application/geo+json",
		"data/a/1/t.xlsx":                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"datasets/a/t.csv-metadata.json": "application/csvm+json",
		"robots.txt":                     "text/plain; charset=utf-8",
		"LOGO.SVG":                       "image/svg+xml",
		"void":                           "application/octet-stream",
	} {
		if got := ContentType(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestFrozenPath(t *testing.T) {
	for path, want := range map[string]string{
		"data/stops/2025-11/stops.csv":      "stops/2025-11 stops.csv",
		"data/stops/2025-11/sub/stops.csv":  "stops/2025-11 sub/stops.csv",
		"data/stops/latest/stops.csv":       "",
		"data/stops/stops.csv":              "",
		"datasets/stops/2025-11/index.html": "",
	} {
		version, file, frozen := FrozenPath(path)
		if got := strings.TrimSpace(version + " " + file); got != want || frozen != (want != "") {
			t.Errorf("%s: %q %v", path, got, frozen)
		}
	}
}

func TestPlanLists(t *testing.T) {
	parent, next := valid(), valid()
	next.Files["new.html"] = File{SHA256: Digest([]byte("new")), Size: 3, Type: "text/html; charset=utf-8"}
	next.Files["copy.html"] = next.Files["new.html"]
	next.Files["index.html"] = File{SHA256: Digest([]byte("home")), Size: 4, Type: "text/html; charset=utf-8"}
	delete(next.Files, "data/stops/1/stops.csv")
	next.Entries["dataset:stops"] = Entry{Hash: "other", Status: "published", Visibility: "public"}
	next.Entries["catalog:a"] = Entry{Hash: "h", Status: "registered", Visibility: "public"}
	next.Entries["catalog:b"] = Entry{Hash: "h", Status: "withdrawn", Visibility: "public"}
	p := NewPlan(parent, next, Rules{})
	got := [][]string{p.Added, p.Changed, p.Removed, p.EntriesAdded, p.EntriesChanged, p.EntriesRemoved}
	want := [][]string{{"copy.html", "new.html"}, {"index.html"}, {"data/stops/1/stops.csv"}, {"catalog:a"}, {"dataset:stops"}, nil}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("lists %v, want %v", got, want)
	}
	if p.Upload != 2 || p.UploadBytes != 7 || len(p.Refusals) != 0 || p.Same() {
		t.Errorf("%+v", p)
	}
	if !NewPlan(parent, valid(), Rules{}).Same() {
		t.Error("equal manifests are not the same")
	}
}

func TestIDs(t *testing.T) {
	root := Digest(nil)
	id := ID(root, 42)
	if Seq(id) != 42 || Seq(id+"-2") != 42 || CheckID(id) != nil || Seq("x") != 0 || CheckID("../../x") == nil {
		t.Errorf("%s: %d", id, Seq(id))
	}
	for channel, ok := range map[string]bool{"prod": true, "staging": true, "preview-12": true, "main": false, "preview-": false, "prod/../x": false, "Prod": false} {
		if (CheckChannel(channel) == nil) != ok {
			t.Errorf("channel %q: accepted %v", channel, !ok)
		}
	}
}

func TestDecodeBuild(t *testing.T) {
	const ok = `{"created_from":{"git_commit":"c","dirty":true,"as_of":"2025-12-01","previous":"none"},"entries":{"dataset:a":{"hash":"h","modified":"2025-12-01","status":"published","visibility":"public"}}}`
	if b, err := DecodeBuild([]byte(ok)); err != nil || !b.CreatedFrom.Dirty || b.Entries["dataset:a"].Hash != "h" {
		t.Errorf("%+v %v", b, err)
	}
	for _, bad := range []string{"", "[]", strings.Replace(ok, "dataset:a", "a", 1), strings.Replace(ok, `"hash"`, `"hsah"`, 1)} {
		if _, err := DecodeBuild([]byte(bad)); err == nil {
			t.Errorf("accepted %s", bad)
		}
	}
}
