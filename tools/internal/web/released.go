package web

import (
	"context"
	"io"
	"io/fs"

	"opendata.example/odc/tools/internal/publish"
)

// Channel is the [Source] of a channel in a store.
type Channel struct{ reader *publish.Reader }

// NewChannel follows what the reader verifies.
func NewChannel(r *publish.Reader) Channel { return Channel{r} }

// Current is the newest release that was verified.
func (c Channel) Current() Site { return released{c.reader.Current()} }

// Newest looks whether the channel moved.
func (c Channel) Newest(ctx context.Context, current string) (Site, error) {
	if _, err := c.reader.Refresh(ctx); err != nil {
		return nil, err
	}
	// Not whether this call moved it: a release that could not be served is tried again.
	if s := c.reader.Current(); s.ID() != current {
		return released{s}, nil
	}
	return nil, nil
}

// released is one release as a site. Its bytes are checked against the signed digests before they are handed out.
type released struct{ snapshot *publish.Snapshot }

func (r released) Name() string { return r.snapshot.ID() }

func (r released) Lookup(name string) (File, error) {
	f, ok := r.snapshot.Lookup(name)
	if !ok {
		return File{}, fs.ErrNotExist
	}
	return File{
		Type: f.Type, Size: f.Size, Digest: f.SHA256,
		Open: func(ctx context.Context) (io.ReadSeekCloser, error) {
			content, err := r.snapshot.Open(ctx, f)
			return unclosed{content}, err
		},
	}, nil
}

// unclosed gives a reader that holds nothing a Close.
type unclosed struct{ io.ReadSeeker }

func (unclosed) Close() error { return nil }
