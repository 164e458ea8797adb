package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tool is what a manifest names as its maker.
const Tool = "odc"

// Compose makes the manifest of a tree on top of its parent (nil for the first release). Versions of datasets that
// only the parent still has are carried on by digest: git holds the newest file, the store holds all versions. The
// older ledgers are those of releases that a rollback left behind; what they froze stays frozen.
func Compose(parent *Manifest, older []Ledger, tree map[string]File, b Build) *Manifest {
	m := &Manifest{
		CreatedFrom: b.CreatedFrom,
		Datasets:    Ledger{},
		Entries:     map[string]Entry{},
		Files:       maps.Clone(tree),
		Format:      Format,
		Tool:        Tool,
	}
	maps.Copy(m.Entries, b.Entries)
	if parent != nil {
		m.Datasets.add(parent.Datasets)
		for path, f := range parent.Files {
			if _, _, frozen := FrozenPath(path); !frozen {
				continue
			}
			if _, built := m.Files[path]; !built && carries(b, path) {
				m.Files[path] = f
			}
		}
	}
	for _, l := range older {
		m.Datasets.add(l)
	}
	for path, f := range m.Files {
		if version, file, frozen := FrozenPath(path); frozen {
			m.Datasets.add(Ledger{version: {file: f.SHA256}})
		}
	}
	m.Root = Root(m.Files)
	return m
}

// carries says whether the dataset behind a path is still offered: a withdrawn or suspended one loses its files.
func carries(b Build, path string) bool {
	id := strings.Split(path, "/")[1]
	e, known := b.Entries["dataset:"+id]
	return known && live(e)
}

func live(e Entry) bool { return e.Status != "withdrawn" && e.Status != "suspended" }

// add takes over what l has frozen and keeps its own digest where the two differ.
func (l Ledger) add(other Ledger) {
	for version, files := range other {
		if l[version] == nil {
			l[version] = make(map[string]string, len(files))
		}
		for file, digest := range files {
			if _, frozen := l[version][file]; !frozen {
				l[version][file] = digest
			}
		}
	}
}

// Rules are what a publisher may do: metadata/policy.yaml and the flags of one run.
type Rules struct {
	DeletionBudget int  // entries that one release may lose; 0: only the limit of a tenth counts
	AllowShrink    int  // the exact number of entries that this release loses, said by a person; 0: not said
	PublicStore    bool // anybody can read the store
	CatalogOnly    bool // no dataset byte may reach a public store
}

// Refusal is a rule that stops a release. The id is stable.
type Refusal struct {
	ID      string `json:"id"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Plan is what a release would change, and every rule that it breaks. All lists are sorted.
type Plan struct {
	Root    string   `json:"root"`
	Files   int      `json:"files"`
	Bytes   int64    `json:"bytes"`
	Added   []string `json:"added"`
	Changed []string `json:"changed"`
	Removed []string `json:"removed"`

	EntriesAdded   []string `json:"entries_added"`
	EntriesChanged []string `json:"entries_changed"`
	EntriesRemoved []string `json:"entries_removed"`

	Upload      int   `json:"upload"` // blobs that the parent does not have
	UploadBytes int64 `json:"upload_bytes"`

	Refusals []Refusal `json:"refusals"`
}

// Same says that nothing a reader can see would change.
func (p Plan) Same() bool { return len(p.Added)+len(p.Changed)+len(p.Removed) == 0 }

// NewPlan compares a composed manifest with its parent (nil for the first release) and judges it.
func NewPlan(parent, next *Manifest, rules Rules) Plan {
	if parent == nil {
		parent = &Manifest{}
	}
	p := Plan{Root: next.Root, Files: len(next.Files)}
	for path, f := range next.Files {
		p.Bytes += f.Size
		switch old, had := parent.Files[path]; {
		case !had:
			p.Added = append(p.Added, path)
		case old != f:
			p.Changed = append(p.Changed, path)
		}
	}
	for path := range parent.Files {
		if _, has := next.Files[path]; !has {
			p.Removed = append(p.Removed, path)
		}
	}
	for key, e := range next.Entries {
		switch old := parent.Entries[key]; {
		case !live(e):
		case old == (Entry{}) || !live(old):
			p.EntriesAdded = append(p.EntriesAdded, key)
		case old.Hash != e.Hash || old.Visibility != e.Visibility:
			p.EntriesChanged = append(p.EntriesChanged, key)
		}
	}
	for key, old := range parent.Entries {
		if e, has := next.Entries[key]; live(old) && (!has || !live(e)) {
			p.EntriesRemoved = append(p.EntriesRemoved, key)
		}
	}
	for _, list := range [][]string{p.Added, p.Changed, p.Removed, p.EntriesAdded, p.EntriesChanged, p.EntriesRemoved} {
		slices.Sort(list)
	}
	for _, f := range NewBlobs(parent, next) {
		p.Upload++
		p.UploadBytes += f.Size
	}
	p.Refusals = slices.Concat(
		CheckPaths(next.Files),
		checkHome(next),
		checkFrozen(next),
		checkShrink(parent, next, p.EntriesRemoved, rules),
		checkVisibility(next, rules),
	)
	return p
}

// Blob is content to be stored: that of the file at Path, or its list of chunk digests.
type Blob struct {
	Digest string
	Size   int64
	Path   string
	Chunks bool
}

// NewBlobs are the blobs of next that the parent does not name, largest first. Only the parent counts: a blob that
// lies in the store for another reason may be about to be collected.
func NewBlobs(parent, next *Manifest) []Blob {
	had := map[string]bool{}
	if parent != nil {
		for _, f := range parent.Files {
			had[f.SHA256], had[f.Chunks] = true, true
		}
	}
	var out []Blob
	for _, path := range slices.Sorted(maps.Keys(next.Files)) {
		f := next.Files[path]
		if !had[f.SHA256] {
			had[f.SHA256] = true
			out = append(out, Blob{Digest: f.SHA256, Size: f.Size, Path: path})
		}
		if f.Chunks != "" && !had[f.Chunks] {
			had[f.Chunks] = true
			out = append(out, Blob{Digest: f.Chunks, Size: (f.Size + ChunkSize - 1) / ChunkSize * 32, Path: path, Chunks: true})
		}
	}
	slices.SortStableFunc(out, func(a, b Blob) int { return int(min(1, max(-1, b.Size-a.Size))) })
	return out
}

func checkHome(next *Manifest) []Refusal {
	if _, has := next.Files["index.html"]; has {
		return nil
	}
	return []Refusal{{ID: "STORE-HOME", Message: "the tree has no home page (index.html)", Hint: "run “odc build” and look at its findings"}}
}

// checkFrozen compares every file of a dataset version with the ledger: the first release that had it decides.
func checkFrozen(next *Manifest) []Refusal {
	var out []Refusal
	for _, path := range slices.Sorted(maps.Keys(next.Files)) {
		version, file, frozen := FrozenPath(path)
		if !frozen {
			continue
		}
		if was, is := next.Datasets[version][file], next.Files[path].SHA256; was != is {
			out = append(out, Refusal{
				ID:      "STORE-FROZEN",
				Message: fmt.Sprintf("dataset version %s is published and cannot change: %s was %s and is now %s", version, file, was, is),
				Hint:    "publish the new content as a new version of the dataset",
			})
		}
	}
	return out
}

// checkShrink stops a half-written catalogue: every harvester deletes by absence.
func checkShrink(parent, next *Manifest, removed []string, rules Rules) []Refusal {
	count := func(m *Manifest, kind string) (n int) {
		for key, e := range m.Entries {
			if strings.HasPrefix(key, kind+":") && live(e) {
				n++
			}
		}
		return n
	}
	if count(next, "dataset") == 0 {
		return []Refusal{{ID: "STORE-EMPTY", Message: "the release has no dataset at all, and every feed would be empty", Hint: "run “odc check” and “odc build” again; an empty catalogue is never published"}}
	}
	if len(removed) == rules.AllowShrink {
		return nil
	}
	why := ""
	for _, kind := range []string{"catalog", "dataset"} {
		gone := 0
		for _, key := range removed {
			if strings.HasPrefix(key, kind+":") {
				gone++
			}
		}
		if had := count(parent, kind); gone*10 > had {
			why = fmt.Sprintf("%d of %d %s entries are more than a tenth", gone, had, kind)
		}
	}
	if rules.DeletionBudget > 0 && len(removed) > rules.DeletionBudget {
		why = fmt.Sprintf("deletion_budget of metadata/policy.yaml is %d", rules.DeletionBudget)
	}
	switch {
	case rules.AllowShrink != 0:
		return []Refusal{{ID: "STORE-SHRINK", Message: fmt.Sprintf("--allow-shrink=%d, but the release loses %d entries", rules.AllowShrink, len(removed)), Hint: "look at “odc plan” again"}}
	case why != "":
		return []Refusal{{
			ID:      "STORE-SHRINK",
			Message: fmt.Sprintf("the release loses %d entries (%s): %s", len(removed), shorten(removed, 5), why),
			Hint:    fmt.Sprintf("if they are meant to go, pass --allow-shrink=%d", len(removed)),
		}}
	}
	return nil
}

// checkVisibility keeps out of a public store what not everybody may read: blobs there can be read by digest.
func checkVisibility(next *Manifest, rules Rules) []Refusal {
	if !rules.PublicStore {
		return nil
	}
	var out []Refusal
	for _, key := range slices.Sorted(maps.Keys(next.Entries)) {
		if next.Entries[key].Visibility == "internal" {
			out = append(out, Refusal{ID: "STORE-INTERNAL", Message: "entry " + key + " is internal and the store is public", Hint: "publish to a store that metadata/policy.yaml declares private"})
		}
	}
	if !rules.CatalogOnly {
		return out
	}
	for _, path := range slices.Sorted(maps.Keys(next.Files)) {
		if strings.HasPrefix(path, "data/") {
			return append(out, Refusal{ID: "STORE-CATALOG-ONLY", Message: "channel: catalog-only publishes no dataset files, and the tree has " + path, Hint: "publish it to staging in a private store"})
		}
	}
	return out
}

func shorten(list []string, n int) string {
	if len(list) > n {
		return strings.Join(list[:n], ", ") + ", …"
	}
	return strings.Join(list, ", ")
}
