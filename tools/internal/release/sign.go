package release

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
)

// What is signed begins with its kind, so that a signature over one kind never passes for another.
const (
	domainManifest = "odc-manifest/1\x00"
	domainRecord   = "odc-record/1\x00"
	keyHeader      = "odc-signing-key/1"
	algEd25519     = "ed25519"
)

// SigningKey signs releases. It prints as its id, never as its secret; only [SigningKey.Secret] gives that away.
type SigningKey struct {
	ID  string
	key ed25519.PrivateKey
}

// NewSigningKey makes a key from 32 random bytes.
func NewSigningKey(seed [ed25519.SeedSize]byte) SigningKey {
	key := ed25519.NewKeyFromSeed(seed[:])
	return SigningKey{ID: keyID(key.Public().(ed25519.PublicKey)), key: key}
}

// ParseSigningKey reads what [SigningKey.Secret] wrote. No message repeats any of the text.
func ParseSigningKey(text string) (SigningKey, error) {
	fields := strings.Fields(text)
	if len(fields) != 3 || fields[0] != keyHeader {
		return SigningKey{}, errors.New("not a signing key: want the line that “odc store keygen” wrote")
	}
	seed, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil || len(seed) != ed25519.SeedSize {
		return SigningKey{}, errors.New("signing key is damaged")
	}
	k := NewSigningKey([ed25519.SeedSize]byte(seed))
	if k.ID != fields[1] {
		return SigningKey{}, errors.New("signing key is damaged: its id is not that of its content")
	}
	return k, nil
}

// Secret is the whole key as one line of text, for a file with mode 0600.
func (k SigningKey) Secret() string {
	return keyHeader + " " + k.ID + " " + base64.StdEncoding.EncodeToString(k.key.Seed()) + "\n"
}

func (k SigningKey) String() string   { return "signing key " + k.ID }
func (k SigningKey) GoString() string { return k.String() }

// Trusted is the public half, as metadata/keys.yaml lists it.
func (k SigningKey) Trusted(fromSeq int64) catalog.TrustedKey {
	return catalog.TrustedKey{ID: k.ID, PublicKey: base64.StdEncoding.EncodeToString(k.key.Public().(ed25519.PublicKey)), FromSeq: fromSeq}
}

func (k SigningKey) sign(domain string, message []byte) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(k.key, append([]byte(domain), message...)))
}

func keyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}

// Trust says whose releases are believed.
type Trust struct {
	Keys []catalog.TrustedKey // metadata/keys.yaml
	// Unsigned believes releases without a signature too: only for a store in a local folder or on loopback.
	Unsigned bool
}

// Accepts says whether a release signed with k as number seq would be believed.
func (t Trust) Accepts(k SigningKey, seq int64) error {
	return t.verify(domainRecord, nil, k.ID, k.sign(domainRecord, nil), seq)
}

func (t Trust) verify(domain string, message []byte, id, sig string, seq int64) error {
	if id == "" && sig == "" {
		if t.Unsigned {
			return nil
		}
		return errors.New("it is not signed, and unsigned releases are believed only from a folder or from loopback")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(sig)
	if err != nil || len(raw) != ed25519.SignatureSize {
		return errors.New("its signature is malformed")
	}
	for _, k := range t.Keys {
		if k.ID != id {
			continue
		}
		public, err := base64.StdEncoding.DecodeString(k.PublicKey)
		switch {
		case err != nil || len(public) != ed25519.PublicKeySize:
			return fmt.Errorf("trusted key %s is malformed in metadata/keys.yaml", id)
		case k.Revoked:
			return fmt.Errorf("key %s is revoked", id)
		case seq < k.FromSeq || (k.UntilSeq != 0 && seq > k.UntilSeq):
			return fmt.Errorf("key %s is not trusted for number %d", id, seq)
		case !ed25519.Verify(public, append([]byte(domain), message...), raw):
			return fmt.Errorf("the signature by key %s does not fit", id)
		}
		return nil
	}
	return fmt.Errorf("key %q is not among the trusted keys of metadata/keys.yaml", id)
}

// Signature is the content of a .sig: the manifest's digest, signed. An unknown alg is refused.
type Signature struct {
	Alg            string `json:"alg"`
	KeyID          string `json:"key_id"`
	ManifestSHA256 string `json:"manifest_sha256"`
	Sig            string `json:"sig"`
}

// SignManifest gives the stored bytes of the signature over a manifest with that digest.
func SignManifest(k SigningKey, digest string) []byte {
	return canonical(Signature{Alg: algEd25519, KeyID: k.ID, ManifestSHA256: digest, Sig: k.sign(domainManifest, []byte(digest))})
}

// VerifyManifest checks the stored signature over the manifest with that digest, published as number seq.
func VerifyManifest(stored []byte, digest string, seq int64, t Trust) error {
	var s Signature
	if err := json.Unmarshal(stored, &s); err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	switch {
	case s.Alg != algEd25519:
		return fmt.Errorf("signature: unknown algorithm %q", s.Alg)
	case s.ManifestSHA256 != digest:
		return errors.New("signature: it is for another manifest")
	case s.Sig == "":
		return errors.New("signature: it is empty")
	}
	if err := t.verify(domainManifest, []byte(digest), s.KeyID, s.Sig, seq); err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	return nil
}
