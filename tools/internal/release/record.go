package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

const recordFormat = "odc-record/1"

// MaxRecord bounds the size of a record and of a signature.
const MaxRecord = 64 << 10

// Kinds of record.
const (
	KindPublish  = "publish"
	KindRollback = "rollback"
)

// Record is one step of a channel. Writing it create-only is the commit; the pointer is a byte-for-byte copy of the
// newest one. Its fields stand in the order of their keys.
type Record struct {
	Channel          string `json:"channel"`
	Format           string `json:"format"`
	From             string `json:"from,omitzero"` // rollback: the release that was live before
	KeyID            string `json:"key_id,omitzero"`
	Kind             string `json:"kind"`
	ManifestSHA256   string `json:"manifest_sha256"`
	Nonce            string `json:"nonce"` // random: makes a record recognisable as one's own
	Note             string `json:"note,omitzero"`
	PrevRecordSHA256 string `json:"prev_record_sha256,omitzero"` // digest of the stored record before; empty for the first
	Release          string `json:"release"`
	Root             string `json:"root"`
	Seq              int64  `json:"seq"`
	Sig              string `json:"sig,omitzero"`
	Writer           string `json:"writer"`
}

// Encode gives the stored bytes, signed when there is a key.
func (r Record) Encode(k *SigningKey) []byte {
	r.Format, r.KeyID, r.Sig = recordFormat, "", ""
	if k != nil {
		r.KeyID = k.ID
		r.Sig = k.sign(domainRecord, canonical(r))
	}
	return canonical(r)
}

// DecodeRecord reads a stored record of a channel and checks form and signature. The bytes must be exactly what
// Encode writes, so that nothing unsigned can hide in them.
func DecodeRecord(stored []byte, channel string, t Trust) (Record, error) {
	var r Record
	if len(stored) > MaxRecord {
		return Record{}, errors.New("record: too long")
	}
	if err := json.Unmarshal(stored, &r); err != nil {
		return Record{}, fmt.Errorf("record: %w", err)
	}
	switch {
	case r.Format != recordFormat:
		return Record{}, fmt.Errorf("record: format %q is not %s: a newer odc wrote it", r.Format, recordFormat)
	case r.Channel != channel:
		return Record{}, fmt.Errorf("record: it belongs to channel %q, not %q", r.Channel, channel)
	case r.Seq < 1 || (r.Seq == 1) != (r.PrevRecordSHA256 == ""):
		return Record{}, errors.New("record: malformed sequence")
	case !IsDigest(r.ManifestSHA256) || !IsDigest(r.Root) || CheckID(r.Release) != nil || r.Release[:12] != r.Root[:12]:
		return Record{}, errors.New("record: malformed release")
	case r.Kind != KindPublish && r.Kind != KindRollback:
		return Record{}, fmt.Errorf("record: unknown kind %q", r.Kind)
	case !bytes.Equal(canonical(r), stored):
		return Record{}, errors.New("record: it is not in canonical form")
	}
	unsigned := r
	unsigned.Sig = ""
	if err := t.verify(domainRecord, canonical(unsigned), r.KeyID, r.Sig, r.Seq); err != nil {
		return Record{}, fmt.Errorf("record %d of %s: %w", r.Seq, channel, err)
	}
	return r, nil
}

// Follows says whether r is the step right after the record with those stored bytes.
func (r Record) Follows(prev Record, stored []byte) error {
	if r.Seq != prev.Seq+1 || r.PrevRecordSHA256 != Digest(stored) {
		return fmt.Errorf("record %d of %s does not continue record %d: the chain is broken", r.Seq, r.Channel, prev.Seq)
	}
	return nil
}
