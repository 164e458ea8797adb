// Package release is the judgement behind publishing: what a release is, what it is called, who may sign it, how two
// of them differ, and what must never be published. It is pure: it reads no disk, no network and no clock, and it
// plans without ever applying. Package publish does the work.
//
// A release is a [Manifest]: every path of the site with its digest, size and content type. Two trees are equal
// exactly when their roots are. A channel is a chain of [Record]s, each naming one release.
//
//	next := release.Compose(parent, nil, files, build)
//	plan := release.NewPlan(parent, next, release.Rules{DeletionBudget: 5})
//	if len(plan.Refusals) == 0 { … }
package release

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Format of manifests. A reader refuses a format that it does not know.
const Format = "odc-release/1"

// Limits of one release. Beyond them a site must be split; a reader uses them against hostile manifests.
const (
	MaxManifest = 64 << 20  // stored bytes: conditional writes are single requests
	maxJSON     = 256 << 20 // decompressed bytes
	maxFiles    = 2_000_000
)

// ChunkSize is the piece in which a large file is checked while it is served. Files above ChunkedFrom carry the
// digest of a blob that holds the raw SHA-256 of each piece.
const (
	ChunkSize   = 1 << 20
	ChunkedFrom = 8 << 20
)

// Manifest is one whole release: every file of the site by path, without a leading slash.
// The fields stand in the order of their keys, because the stored form is canonical JSON.
type Manifest struct {
	CreatedFrom CreatedFrom      `json:"created_from"`
	Datasets    Ledger           `json:"datasets"`
	Entries     map[string]Entry `json:"entries"`
	Files       map[string]File  `json:"files"`
	Format      string           `json:"format"`
	Parent      string           `json:"parent"` // release id; empty for the first
	Root        string           `json:"root"`
	Tool        string           `json:"tool"`
}

// File is the content behind one path. Two paths may share a digest and differ in type.
type File struct {
	Chunks string `json:"chunks,omitzero"` // digest of the list of chunk digests, for files above ChunkedFrom
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Type   string `json:"type"`
}

// Build is what "odc build" leaves in build/release.json beside the tree: where the tree came from, and the state of
// each entry, which the next build compares with to continue its change feeds.
type Build struct {
	CreatedFrom CreatedFrom `json:"created_from"`
	// Entries by "dataset:<id>" and "catalog:<id>".
	Entries map[string]Entry `json:"entries"`
}

// CreatedFrom names the source of a tree.
type CreatedFrom struct {
	AsOf      string `json:"as_of"`
	Dirty     bool   `json:"dirty"` // the working tree had uncommitted changes
	GitCommit string `json:"git_commit"`
	// Previous is the release whose change feeds this tree continues; empty or "none" when it continues none.
	Previous string `json:"previous"`
}

// Entry is the public state of one catalogue or open-list entry.
type Entry struct {
	Hash       string `json:"hash"`
	Modified   string `json:"modified"`
	Status     string `json:"status"`
	Visibility string `json:"visibility"`
}

// Ledger remembers every file of every dataset version ever published: "<id>/<version>" to file to digest.
// It only grows: a withdrawn file leaves the site and stays in the ledger, so that its name can never get other bytes.
type Ledger map[string]map[string]string

// DecodeBuild reads build/release.json.
func DecodeBuild(b []byte) (Build, error) {
	var out Build
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&out); err != nil {
		return Build{}, err
	}
	for key := range out.Entries {
		if kind, id, _ := strings.Cut(key, ":"); (kind != "dataset" && kind != "catalog") || id == "" {
			return Build{}, fmt.Errorf("entry %q: want dataset:<id> or catalog:<id>", key)
		}
	}
	return out, nil
}

// Root digests a tree: SHA-256 over "path NUL sha256 NUL size NUL type LF" in byte order of the paths.
func Root(files map[string]File) string {
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(files)) {
		f := files[path]
		io.WriteString(h, path+"\x00"+f.SHA256+"\x00"+strconv.FormatInt(f.Size, 10)+"\x00"+f.Type+"\n")
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ID names the release of a tree at a place in its channel: 12 hex digits of the root and the sequence number.
// No part of it comes from a clock.
func ID(root string, seq int64) string { return fmt.Sprintf("%.12s-%08d", root, seq) }

// Encode gives the stored bytes of a manifest: canonical JSON, gzip without name or time. Equal manifests, equal bytes.
func (m *Manifest) Encode() ([]byte, error) {
	out := &bytes.Buffer{}
	zip, err := gzip.NewWriterLevel(out, gzip.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zip.Write(canonical(m)); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	if out.Len() > MaxManifest {
		return nil, fmt.Errorf("manifest of %d MiB is above the limit of %d: split the site", out.Len()>>20, MaxManifest>>20)
	}
	return out.Bytes(), nil
}

// DecodeManifest reads stored bytes, whose digest the caller has already checked against a signed record. It still
// trusts nothing: sizes are bounded, paths and digests checked, and the root must be that of the files.
func DecodeManifest(stored []byte) (*Manifest, error) {
	zip, err := gzip.NewReader(bytes.NewReader(stored))
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(zip, maxJSON+1))
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if len(raw) > maxJSON {
		return nil, fmt.Errorf("manifest: more than %d MiB of JSON", maxJSON>>20)
	}
	m := &Manifest{}
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return m, nil
}

func (m *Manifest) check() error {
	switch {
	case m.Format != Format:
		return fmt.Errorf("format %q is not %s: a newer odc wrote it", m.Format, Format)
	case len(m.Files) > maxFiles:
		return fmt.Errorf("%d files are more than %d", len(m.Files), maxFiles)
	}
	for path, f := range m.Files {
		switch {
		case !IsDigest(f.SHA256), f.Chunks != "" && !IsDigest(f.Chunks):
			return fmt.Errorf("%s: malformed digest", path)
		case f.Size < 0, (f.Chunks != "") != (f.Size > ChunkedFrom):
			return fmt.Errorf("%s: malformed size", path)
		case strings.ContainsFunc(f.Type, func(r rune) bool { return r < ' ' || r > '~' }):
			return fmt.Errorf("%s: malformed content type", path)
		}
	}
	if refusals := CheckPaths(m.Files); len(refusals) > 0 {
		return errors.New(refusals[0].Message)
	}
	if root := Root(m.Files); root != m.Root {
		return fmt.Errorf("root is %s, its files give %s", m.Root, root)
	}
	return nil
}

// IsDigest says whether s is a SHA-256 in lower-case hex.
func IsDigest(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Digest is the SHA-256 of b in hex: the only identity of content.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// canonical is JSON without spaces and HTML escapes. Struct fields stand in key order and maps are sorted by the
// encoder, so that equal values give equal bytes.
func canonical(v any) []byte {
	out := &bytes.Buffer{}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // strings, integers and maps of them cannot fail
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
