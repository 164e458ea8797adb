package publish

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"

	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
)

// Options of a publication. Store, Address, Channel, Tree and Build are needed.
type Options struct {
	Store   store.Store
	Address store.Address // of Store: names it in the cache, and says whether unsigned releases are allowed
	Channel string
	Tree    string        // folder of the complete site
	Build   release.Build // build/release.json
	Rules   release.Rules

	Trust    release.Trust       // whom to believe about what is there
	Signer   *release.SigningKey // nil: unsigned
	Unsigned bool                // consent to a release without signature, in a local store
	Writer   string              // who publishes, for the log
	Note     string

	Cache    string // folder that saves time; "": none
	Rehash   bool   // ignore remembered digests
	DryRun   bool   // plan only, write nothing
	Rebase   bool   // after a lost race start again on top of the winner, for trees that continue no release
	Workers  int    // uploads at a time; 0: 16
	Progress func(Event)
}

// Event tells how far a phase has come. The calls do not overlap.
type Event struct {
	Phase      string `json:"phase"` // hash, upload, commit
	Done       int    `json:"done"`
	Total      int    `json:"total"`
	Bytes      int64  `json:"bytes"`
	TotalBytes int64  `json:"total_bytes"`
}

// Outcomes of a publication.
const (
	Published        = "published"
	NoChange         = "no change"
	AlreadyPublished = "already published" // an interrupted run, or another publisher, had committed this very tree
	Planned          = "planned"
)

// Result of a publication.
type Result struct {
	Outcome  string       `json:"outcome"`
	Channel  string       `json:"channel"`
	Release  string       `json:"release"` // that is live now
	Seq      int64        `json:"seq"`
	Parent   string       `json:"parent"`
	Root     string       `json:"root"`
	Plan     release.Plan `json:"plan"`
	Requests int64        `json:"requests"`
}

// Publish brings a tree into a channel and makes it live in one step. Killed at any moment and run again it finishes
// the work or finds nothing to do. Its errors are RefusedError, ConflictError, CapabilityError, IntegrityError,
// PendingError, or those of the store.
//
// With N new blobs and a warm cache it costs N + 5 requests; with no change, two.
func Publish(ctx context.Context, o Options) (*Result, error) {
	p, err := newPublisher(o)
	if err != nil {
		return nil, err
	}
	defer p.tree.Close()
	for tries := 1; ; tries++ {
		result, err := p.attempt(ctx)
		if conflict := (*ConflictError)(nil); o.Rebase && tries < 5 && errors.As(err, &conflict) {
			continue // what was uploaded stays uploaded
		}
		return result, err
	}
}

// publisher is one run of Publish.
type publisher struct {
	Options
	st    *counted
	log   log
	cache cache
	name  string // of this channel of this store in the cache
	tree  *os.Root

	mu       sync.Mutex
	files    map[string]release.File
	uploaded map[string]bool
}

func newPublisher(o Options) (*publisher, error) {
	if err := release.CheckChannel(o.Channel); err != nil {
		return nil, err
	}
	if err := signable(o); err != nil {
		return nil, err
	}
	tree, err := os.OpenRoot(o.Tree)
	if err != nil {
		return nil, err
	}
	if o.Workers == 0 {
		o.Workers = 16
	}
	if o.Progress == nil {
		o.Progress = func(Event) {}
	}
	p := &publisher{
		Options:  o,
		st:       &counted{Store: o.Store},
		cache:    cache(o.Cache),
		name:     cacheName(o.Address, o.Channel),
		tree:     tree,
		uploaded: map[string]bool{},
	}
	p.log = log{st: p.st, channel: o.Channel, trust: o.Trust}
	return p, nil
}

func signable(o Options) error {
	const hint = "give a signing key; “odc store keygen” makes one"
	switch {
	case o.Signer != nil || o.DryRun:
		return nil
	case !o.Unsigned:
		return refuse("STORE-UNSIGNED", "a release must be signed", hint)
	case !o.Address.Local():
		return refuse("STORE-UNSIGNED", "an unsigned release may go only into a local folder or to loopback, not to "+o.Address.String(), hint)
	}
	return nil
}

func cacheName(a store.Address, channel string) string {
	return channel + "-" + release.Digest([]byte(a.String()))[:16]
}

func refuse(id, message, hint string) error {
	return &RefusedError{[]release.Refusal{{ID: id, Message: message, Hint: hint}}}
}

// attempt publishes on top of the head that it finds. The order of its writes is the design: whatever comes later
// names only what is stored and durable already, and a kill between any two of them leaves the old release live.
func (p *publisher) attempt(ctx context.Context) (*Result, error) {
	if err := p.hash(ctx); err != nil {
		return nil, err
	}
	if err := p.probe(ctx); err != nil {
		return nil, err
	}
	known, _ := p.cache.head(p.name)
	h, err := p.log.pointer(ctx, known)
	if err != nil {
		return nil, err
	}
	parent, next, err := p.compose(ctx, h)
	if err != nil {
		return nil, err
	}
	result := &Result{Outcome: Planned, Channel: p.Channel, Release: h.rec.Release, Seq: h.seq(), Parent: h.rec.Release, Root: next.Root, Plan: release.NewPlan(parent, next, p.Rules)}
	defer func() { result.Requests = p.st.n.Load() }()

	if h.raw != nil && next.Root == h.rec.Root {
		moved, err := p.unchanged(ctx, h, result)
		if moved && err == nil {
			return p.attempt(ctx) // on top of what an interrupted run had committed
		}
		return result, err
	}
	if err := p.allowed(h, result.Plan); err != nil || p.DryRun {
		return result, err
	}

	if err := p.upload(ctx, release.NewBlobs(parent, next)); err != nil {
		return result, err
	}
	p.Progress(Event{Phase: "commit"})
	if err := p.st.Barrier(ctx); err != nil {
		return result, err
	}
	stored, id, err := p.putManifest(ctx, next, h.seq()+1)
	if err != nil {
		return result, err
	}
	if err := p.st.Barrier(ctx); err != nil {
		return result, err
	}
	committed, err := p.log.commit(ctx, h, release.Record{
		Kind:           release.KindPublish,
		Release:        id,
		Root:           next.Root,
		ManifestSHA256: release.Digest(stored),
		Nonce:          rand.Text(),
		Note:           p.Note,
		Writer:         p.Writer,
	}, p.Signer)
	if errors.Is(err, store.ErrPrecondition) {
		return result, p.lost(ctx, h, result)
	}
	if err != nil {
		return result, err
	}
	result.Outcome, result.Release, result.Seq = Published, id, committed.seq()
	if err := p.st.Barrier(ctx); err != nil {
		return result, &PendingError{Record: committed.rec, Err: err}
	}
	if committed, err = p.log.movePointer(ctx, committed); err != nil {
		return result, err
	}
	p.remember(committed, stored)
	return result, nil
}

// hash digests the tree once in a run.
func (p *publisher) hash(ctx context.Context) error {
	if p.files != nil {
		return nil
	}
	known := hashes{}
	if !p.Rehash {
		known = decodeHashes(p.cache.read("hashes"))
	}
	since := p.cache.now()
	files, fresh, err := hashTree(ctx, p.tree, known, p.Progress)
	if err != nil {
		return err
	}
	p.files = files
	p.cache.write("hashes", fresh.encode(since))
	return nil
}

// compose reads the parent and makes the next manifest on top of it.
func (p *publisher) compose(ctx context.Context, h head) (parent, next *release.Manifest, err error) {
	if h.raw == nil {
		return nil, release.Compose(nil, nil, p.files, p.Build), nil
	}
	if parent = p.cache.manifest(p.name, h.rec.ManifestSHA256); parent == nil {
		var stored []byte
		if parent, stored, err = loadManifest(ctx, p.st, h.rec, p.Trust); err != nil {
			return nil, nil, err
		}
		p.remember(h, stored)
	}
	older, err := p.rolledBack(ctx, h)
	if err != nil {
		return nil, nil, err
	}
	next = release.Compose(parent, older, p.files, p.Build)
	next.Parent = h.rec.Release
	return parent, next, nil
}

// rolledBack collects what was frozen by releases that are not live because of rollbacks.
func (p *publisher) rolledBack(ctx context.Context, h head) ([]release.Ledger, error) {
	var older []release.Ledger
	for rec := h.rec; rec.Kind == release.KindRollback; {
		before, _, _, err := p.log.record(ctx, rec.Seq-1)
		if err != nil {
			return nil, missing(release.LogKey(p.Channel, rec.Seq-1), err)
		}
		m, _, err := loadManifest(ctx, p.st, before, p.Trust)
		if err != nil {
			return nil, err
		}
		older = append(older, m.Datasets)
		rec = before
	}
	return older, nil
}

// unchanged ends a run whose tree is live already, unless the log has gone on behind a pointer that lags.
func (p *publisher) unchanged(ctx context.Context, h head, result *Result) (moved bool, err error) {
	if !p.DryRun {
		if h, moved, err = p.log.catchUp(ctx, h); err != nil || moved {
			return moved, err
		}
		p.cache.setHead(p.name, cachedHead{ETag: h.etag, Record: h.raw})
	}
	result.Outcome = NoChange
	return false, nil
}

// allowed applies the rules before anything is written.
func (p *publisher) allowed(h head, plan release.Plan) error {
	if len(plan.Refusals) > 0 {
		return &RefusedError{plan.Refusals}
	}
	if p.Signer != nil {
		if err := p.Trust.Accepts(*p.Signer, h.seq()+1); err != nil {
			return refuse("STORE-KEY", "no reader would believe this release: "+err.Error(), "list the public key in metadata/keys.yaml, as “odc store keygen” printed it")
		}
	}
	if prev := p.Build.CreatedFrom.Previous; prev != "" && prev != "none" && prev != h.rec.Release {
		return &ConflictError{Rival: h.rec, Reason: "the tree continues release " + prev + ", which is not live"}
	}
	return nil
}

// upload stores the new blobs, many at a time. They are written without asking whether they exist: writing one again
// is harmless and keeps it young for the garbage collector.
func (p *publisher) upload(ctx context.Context, blobs []release.Blob) error {
	progress := Event{Phase: "upload", Total: len(blobs)}
	for _, b := range blobs {
		progress.TotalBytes += b.Size
	}
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(p.Workers)
	for _, b := range blobs {
		if each.Err() != nil {
			break
		}
		group.Go(func() error {
			p.mu.Lock()
			done := p.uploaded[b.Digest]
			p.mu.Unlock()
			if !done {
				if err := p.uploadBlob(each, b); err != nil {
					return err
				}
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.uploaded[b.Digest] = true
			progress.Done++
			progress.Bytes += b.Size
			p.Progress(progress)
			return nil
		})
	}
	return cmp.Or(group.Wait(), ctx.Err())
}

func (p *publisher) uploadBlob(ctx context.Context, b release.Blob) error {
	f, err := p.tree.Open(b.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	body := store.Body{R: f, Size: b.Size}
	if b.Chunks {
		list, _, err := chunkList(ctx, f)
		if err != nil {
			return err
		}
		body = store.Body{R: bytes.NewReader(list), Size: int64(len(list))}
	}
	if body.SHA256, err = digestOf(b.Digest); err != nil {
		return err
	}
	_, err = p.st.Put(ctx, release.BlobKey(b.Digest), body, store.PutOpts{ContentType: "application/octet-stream", CacheControl: "public, max-age=31536000, immutable"})
	if errors.Is(err, store.ErrChecksum) {
		return fmt.Errorf("%s changed while it was published: %w", b.Path, err)
	}
	return err
}

// putManifest stores manifest and signature create-only. An interrupted run may have left the same bytes, which will
// do; if another channel or another signer has taken the id, a suffix is added to it.
func (p *publisher) putManifest(ctx context.Context, m *release.Manifest, seq int64) (stored []byte, id string, err error) {
	if stored, err = m.Encode(); err != nil {
		return nil, "", err
	}
	for n := 1; n < 100; n++ {
		id = release.ID(m.Root, seq)
		if n > 1 {
			id = fmt.Sprintf("%s-%d", id, n)
		}
		ours, err := p.create(ctx, release.ManifestKey(id), stored, "application/gzip")
		if err == nil && ours && p.Signer != nil {
			ours, err = p.create(ctx, release.SignatureKey(id), release.SignManifest(*p.Signer, release.Digest(stored)), "application/json")
		}
		if err != nil || ours {
			return stored, id, err
		}
	}
	return nil, "", fmt.Errorf("release id %s is taken a hundred times", release.ID(m.Root, seq))
}

// create writes an object that must not exist, and says whether it now holds our bytes.
func (p *publisher) create(ctx context.Context, key string, b []byte, contentType string) (bool, error) {
	_, err := p.st.Put(ctx, key, store.Bytes(b), store.PutOpts{Cond: store.CreateOnly, ContentType: contentType})
	if !errors.Is(err, store.ErrPrecondition) {
		return err == nil, err
	}
	obj, err := p.st.Get(ctx, key, store.GetOpts{})
	if err != nil {
		return false, err
	}
	defer obj.Body.Close()
	if obj.Size != int64(len(b)) {
		return false, nil
	}
	there, err := io.ReadAll(io.LimitReader(obj.Body, int64(len(b))+1))
	return bytes.Equal(there, b), err
}

// lost ends a run that found its number taken: by an interrupted run with the same tree, which is completed, or by
// another publisher, who has won.
func (p *publisher) lost(ctx context.Context, h head, result *Result) error {
	now, _, err := p.log.catchUp(ctx, h)
	if err != nil {
		return err
	}
	result.Release, result.Seq = now.rec.Release, now.seq()
	if now.rec.Root != result.Root {
		return &ConflictError{Rival: now.rec, Reason: "another publisher was quicker"}
	}
	result.Outcome = AlreadyPublished
	return nil
}

func (p *publisher) remember(h head, manifest []byte) {
	p.cache.write(p.name+".manifest", manifest)
	p.cache.setHead(p.name, cachedHead{ETag: h.etag, Record: h.raw})
}
