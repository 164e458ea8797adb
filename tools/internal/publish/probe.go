package publish

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
)

// probe asks a bucket that was never used from here whether it keeps its promises, and remembers a good answer.
// A folder needs no question: its driver makes the promises itself.
func (p *publisher) probe(ctx context.Context) error {
	name := "probed-" + release.Digest([]byte(p.Address.String()))[:16]
	if p.Address.Scheme != "s3" || p.DryRun || p.cache.read(name) != nil {
		return nil
	}
	if err := Probe(ctx, p.Store); err != nil {
		return err
	}
	p.cache.write(name, []byte(p.Address.String()+"\n"))
	return nil
}

// Probe tries what publishing rests on, on keys of its own: creating only what is absent, replacing only what was
// read, both under a race, and refusing content with a wrong digest. A store that fails gives a CapabilityError:
// two publishers could both win there, and a brand name would not tell.
func Probe(ctx context.Context, st store.Store) error {
	prefix := "doctor/" + rand.Text()
	var keys []string
	key := func(name string) string {
		keys = append(keys, prefix+"/"+name)
		return prefix + "/" + name
	}
	wrong := store.Bytes([]byte("content"))
	wrong.SHA256[0] ^= 1
	_, err := st.Put(ctx, key("checksum"), wrong, store.PutOpts{})
	if err != nil && !errors.Is(err, store.ErrChecksum) {
		return err // it does not answer, or not to us: nothing is left there
	}
	// Best effort: a publisher need not hold the right to delete.
	defer func() { _ = st.Delete(context.WithoutCancel(ctx), keys) }()
	if err == nil {
		return &CapabilityError{"it stores content whose SHA-256 is not the announced one"}
	}

	const rounds, writers = 3, 8
	for round := range rounds {
		k := key(fmt.Sprintf("race-%d", round))
		etag := ""
		for _, what := range []string{"create-only (If-None-Match: *)", "replace-if-unchanged (If-Match)"} {
			cond := store.CreateOnly
			if etag != "" {
				cond = store.IfMatch(etag)
			}
			won, tag, err := race(ctx, st, k, cond, writers)
			if err != nil {
				return err
			}
			if won != 1 {
				return &CapabilityError{fmt.Sprintf("%s: %d of %d simultaneous writers succeeded, it must be exactly one", what, won, writers)}
			}
			etag = tag
		}
	}
	return nil
}

// race lets several writers put different content under one condition, and counts those who succeeded.
func race(ctx context.Context, st store.Store, key string, cond store.Cond, writers int) (won int64, etag string, err error) {
	var wins atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			info, putErr := st.Put(ctx, key, store.Bytes([]byte(rand.Text())), store.PutOpts{Cond: cond})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case putErr == nil:
				wins.Add(1)
				etag = info.ETag
			case !errors.Is(putErr, store.ErrPrecondition):
				err = putErr
			}
		})
	}
	wg.Wait()
	return wins.Load(), etag, err
}
