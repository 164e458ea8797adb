package publish

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
)

// Channel names a channel of a store and whom to believe there.
type Channel struct {
	Store store.Store
	Name  string
	Trust release.Trust
}

// RollbackOptions say who turns a channel back, to what, and why.
type RollbackOptions struct {
	To       string              // release id; "": the release that was live before the present one
	Signer   *release.SigningKey // nil: unsigned
	Unsigned bool                // consent to a record without signature, in a local store
	Writer   string
	Note     string
}

// Rollback makes an earlier release of the channel live again, by one more record: history is never rewritten. The
// release must still be there, whole and verified. It returns the new record.
func Rollback(ctx context.Context, c Channel, o RollbackOptions) (release.Record, error) {
	if err := release.CheckChannel(c.Name); err != nil {
		return release.Record{}, err
	}
	if o.Signer == nil && !o.Unsigned {
		return release.Record{}, refuse("STORE-UNSIGNED", "a record must be signed", "give a signing key; only a local store takes unsigned records")
	}
	l := log{st: c.Store, channel: c.Name, trust: c.Trust}
	h, err := l.pointer(ctx, cachedHead{})
	if err != nil {
		return release.Record{}, err
	}
	if h, _, err = l.catchUp(ctx, h); err != nil {
		return release.Record{}, err
	}
	target, err := l.target(ctx, h, o.To)
	if err != nil {
		return release.Record{}, err
	}
	if o.Signer != nil {
		if err := c.Trust.Accepts(*o.Signer, h.seq()+1); err != nil {
			return release.Record{}, refuse("STORE-KEY", "no reader would believe this record: "+err.Error(), "use a key of metadata/keys.yaml")
		}
	}
	if _, _, err := loadManifest(ctx, c.Store, target, c.Trust); err != nil {
		return release.Record{}, err
	}
	committed, err := l.commit(ctx, h, release.Record{
		Kind:           release.KindRollback,
		From:           h.rec.Release,
		Release:        target.Release,
		Root:           target.Root,
		ManifestSHA256: target.ManifestSHA256,
		Nonce:          rand.Text(),
		Note:           o.Note,
		Writer:         o.Writer,
	}, o.Signer)
	if errors.Is(err, store.ErrPrecondition) {
		now, _, err := l.catchUp(ctx, h)
		if err != nil {
			return release.Record{}, err
		}
		return release.Record{}, &ConflictError{Rival: now.rec, Reason: "another publisher was quicker"}
	}
	if err != nil {
		return release.Record{}, err
	}
	if err := c.Store.Barrier(ctx); err != nil {
		return committed.rec, &PendingError{Record: committed.rec, Err: err}
	}
	_, err = l.movePointer(ctx, committed)
	return committed.rec, err
}

// target finds the record that brought a release, or the one that was live before the present release.
func (l log) target(ctx context.Context, h head, id string) (release.Record, error) {
	if h.raw == nil {
		return release.Record{}, refuse("STORE-ROLLBACK", "channel "+l.channel+" has no release", "publish one first")
	}
	seq := release.Seq(id)
	if id == "" {
		seq = release.Seq(h.rec.Release) - 1
	}
	if id == h.rec.Release {
		return release.Record{}, refuse("STORE-ROLLBACK", "release "+id+" is live already", "“odc releases” lists the others")
	}
	if seq < 1 || seq >= h.seq() {
		return release.Record{}, refuse("STORE-ROLLBACK", "channel "+l.channel+" has no such earlier release", "“odc releases” lists them")
	}
	rec, _, _, err := l.record(ctx, seq)
	if err != nil {
		return release.Record{}, missing(release.LogKey(l.channel, seq), err)
	}
	if id != "" && rec.Release != id {
		return release.Record{}, refuse("STORE-ROLLBACK", fmt.Sprintf("number %d of %s is release %s, not %s", seq, l.channel, rec.Release, id), "“odc releases” lists them")
	}
	return rec, nil
}

// Row is one line of the history of a channel.
type Row struct {
	Seq     int64     `json:"seq"`
	Live    bool      `json:"live"`
	Kind    string    `json:"kind"`
	Release string    `json:"release"`
	Time    time.Time `json:"time"` // by the store's clock
	Writer  string    `json:"writer"`
	Note    string    `json:"note,omitzero"`
	Signed  bool      `json:"signed"`
	Commit  string    `json:"commit"`
	Files   int       `json:"files"`
	Bytes   int64     `json:"bytes"`
}

// Releases lists the newest records of a channel, newest first, and checks the chain on the way.
func Releases(ctx context.Context, c Channel, limit int) ([]Row, error) {
	if err := release.CheckChannel(c.Name); err != nil {
		return nil, err
	}
	l := log{st: c.Store, channel: c.Name, trust: c.Trust}
	h, err := l.pointer(ctx, cachedHead{})
	if err != nil || h.raw == nil {
		return nil, err
	}
	var rows []Row
	next := release.Record{}
	for seq := h.seq(); seq > 0 && len(rows) < limit; seq-- {
		rec, raw, info, err := l.record(ctx, seq)
		if err != nil {
			return rows, missing(release.LogKey(c.Name, seq), err)
		}
		if next.Seq != 0 {
			if err := next.Follows(rec, raw); err != nil {
				return rows, &IntegrityError{Key: release.LogKey(c.Name, next.Seq), Err: err}
			}
		}
		next = rec
		m, _, err := loadManifest(ctx, c.Store, rec, c.Trust)
		if err != nil {
			return rows, err
		}
		row := Row{Seq: seq, Live: seq == h.seq(), Kind: rec.Kind, Release: rec.Release, Time: info.Modified, Writer: rec.Writer, Note: rec.Note, Signed: rec.Sig != "", Commit: m.CreatedFrom.GitCommit, Files: len(m.Files)}
		for _, f := range m.Files {
			row.Bytes += f.Size
		}
		rows = append(rows, row)
	}
	return rows, nil
}
