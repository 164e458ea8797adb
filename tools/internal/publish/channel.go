package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
)

// head is the newest record of a channel that we know, verified, and the ETag of the pointer as it was last read.
// The zero head is that of a channel without releases.
type head struct {
	rec  release.Record
	raw  []byte
	etag string
}

func (h head) seq() int64 { return h.rec.Seq }

// log reads and extends the records and the pointer of one channel.
type log struct {
	st      store.Store
	channel string
	trust   release.Trust
}

// pointer reads the pointer. With a cached head it costs an empty answer when nothing moved.
func (l log) pointer(ctx context.Context, known cachedHead) (head, error) {
	key := release.PointerKey(l.channel)
	raw, info, err := store.ReadAll(ctx, l.st, key, store.GetOpts{IfNoneMatch: known.ETag}, release.MaxRecord)
	switch {
	case errors.Is(err, store.ErrNotModified):
		raw, info.ETag = known.Record, known.ETag
	case errors.Is(err, store.ErrNotFound):
		return head{}, nil
	case err != nil:
		return head{}, err
	}
	rec, err := release.DecodeRecord(raw, l.channel, l.trust)
	if err != nil {
		return head{}, &IntegrityError{Key: key, Err: err}
	}
	return head{rec: rec, raw: raw, etag: info.ETag}, nil
}

// record reads one record of the log.
func (l log) record(ctx context.Context, seq int64) (release.Record, []byte, store.Info, error) {
	key := release.LogKey(l.channel, seq)
	raw, info, err := store.ReadAll(ctx, l.st, key, store.GetOpts{}, release.MaxRecord)
	if err != nil {
		return release.Record{}, nil, info, err
	}
	rec, err := release.DecodeRecord(raw, l.channel, l.trust)
	if err == nil && rec.Seq != seq {
		err = fmt.Errorf("it is record %d", rec.Seq)
	}
	if err != nil {
		return release.Record{}, nil, info, &IntegrityError{Key: key, Err: err}
	}
	return rec, raw, info, nil
}

// catchUp follows the log beyond the pointer, which lags after a crash between commit and pointer, and moves the
// pointer to the last record. It returns the true head and whether that is another than before.
func (l log) catchUp(ctx context.Context, h head) (head, bool, error) {
	from := h.seq()
	for {
		rec, raw, _, err := l.record(ctx, h.seq()+1)
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			return h, false, err
		}
		if h.raw != nil {
			if err := rec.Follows(h.rec, h.raw); err != nil {
				return h, false, &IntegrityError{Key: release.LogKey(l.channel, rec.Seq), Err: err}
			}
		}
		h.rec, h.raw = rec, raw
	}
	if h.seq() == from {
		return h, false, nil
	}
	h, err := l.movePointer(ctx, h)
	return h, true, err
}

// commit writes the record that follows h. Creating it is the commit: of two publishers one wins, and the other gets
// store.ErrPrecondition.
func (l log) commit(ctx context.Context, h head, rec release.Record, key *release.SigningKey) (head, error) {
	rec.Channel, rec.Seq = l.channel, h.seq()+1
	if h.raw != nil {
		rec.PrevRecordSHA256 = release.Digest(h.raw)
	}
	raw := rec.Encode(key)
	rec, err := release.DecodeRecord(raw, l.channel, l.trust)
	if err != nil { // we would never read it ourselves
		return head{}, err
	}
	_, err = l.st.Put(ctx, release.LogKey(l.channel, rec.Seq), store.Bytes(raw), store.PutOpts{Cond: store.CreateOnly, ContentType: "application/json"})
	if err != nil {
		return head{}, err
	}
	return head{rec: rec, raw: raw, etag: h.etag}, nil
}

// movePointer makes a committed head visible. The pointer is a copy of the record and never moves to a lower number.
func (l log) movePointer(ctx context.Context, h head) (head, error) {
	key := release.PointerKey(l.channel)
	for range 10 {
		cond := store.CreateOnly
		if h.etag != "" {
			cond = store.IfMatch(h.etag)
		}
		info, err := l.st.Put(ctx, key, store.Bytes(h.raw), store.PutOpts{Cond: cond, ContentType: "application/json", CacheControl: "no-cache"})
		if err == nil {
			h.etag = info.ETag
			return h, l.st.Barrier(ctx)
		}
		if !errors.Is(err, store.ErrPrecondition) {
			return h, &PendingError{Record: h.rec, Err: err}
		}
		live, err := l.pointer(ctx, cachedHead{})
		switch {
		case err != nil:
			return h, &PendingError{Record: h.rec, Err: err}
		case live.seq() > h.seq(), bytes.Equal(live.raw, h.raw):
			h.etag = live.etag // somebody was quicker, with this record or a later one
			return h, nil
		}
		h.etag = live.etag
	}
	return h, &PendingError{Record: h.rec, Err: errors.New("others keep moving the pointer")}
}

// counted counts the requests to a store.
type counted struct {
	store.Store
	n atomic.Int64
}

func (c *counted) Get(ctx context.Context, key string, o store.GetOpts) (*store.Object, error) {
	c.n.Add(1)
	return c.Store.Get(ctx, key, o)
}

func (c *counted) Put(ctx context.Context, key string, b store.Body, o store.PutOpts) (store.Info, error) {
	c.n.Add(1)
	return c.Store.Put(ctx, key, b, o)
}
