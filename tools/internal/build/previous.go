package build

import (
	"context"
	"fmt"
	"io"
	"io/fs"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/export"
	"opendata.example/odc/tools/internal/publish"
)

// previous is a release as the feeds see it.
type previous struct {
	ctx      context.Context
	snapshot *publish.Snapshot
	entries  map[string]export.Entry
}

// PreviousOf reads the state that the feeds continue from a verified release.
func PreviousOf(ctx context.Context, s *publish.Snapshot) (export.Previous, error) {
	p := previous{ctx: ctx, snapshot: s, entries: map[string]export.Entry{}}
	for key, e := range s.Manifest.Entries {
		day, err := calendar.ParseDate(e.Modified)
		if err != nil && e.Modified != "" {
			return nil, fmt.Errorf("release %s, entry %s: %w", s.ID(), key, err)
		}
		p.entries[key] = export.Entry{Hash: e.Hash, Modified: day, Status: catalog.Code(e.Status), Visibility: catalog.Code(e.Visibility)}
	}
	return p, nil
}

func (p previous) Entries() map[string]export.Entry { return p.entries }

func (p previous) File(path string) ([]byte, error) {
	f, ok := p.snapshot.Lookup(path)
	if !ok {
		return nil, fmt.Errorf("release %s: %s: %w", p.snapshot.ID(), path, fs.ErrNotExist)
	}
	r, err := p.snapshot.Open(p.ctx, f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
