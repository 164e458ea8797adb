package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/folder"
	"opendata.example/odc/tools/internal/publish"
	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/store"
	"opendata.example/odc/tools/internal/store/s3"
	"opendata.example/odc/tools/internal/tree"
)

// Exit codes of the verbs that touch a store.
const (
	exitRefused  = 4
	exitConflict = 5
	exitLacking  = 6
)

const storeExitCodes = `exit codes: 0 done or nothing to do, 1 damage or a signature that does not fit, 2 wrong use, 3 failed (running it again
is safe), 4 refused by a rule, 5 another publisher was quicker, 6 the store lacks a needed capability, 130 interrupted`

// storeFlags name a channel of a store.
type storeFlags struct{ address, channel *string }

func newStoreFlags(fs *flag.FlagSet) storeFlags {
	return storeFlags{
		address: fs.String("store", "", "`address`: dir:PATH or s3:https://host/bucket[/prefix] (default build/store)"),
		channel: fs.String("channel", "prod", "`channel`: prod, staging or preview-<name>"),
	}
}

// signFlags say how a release is signed. The key itself never stands on a command line.
type signFlags struct {
	key      *string
	unsigned *bool
}

func newSignFlags(fs *flag.FlagSet) signFlags {
	return signFlags{
		key:      fs.String("key", "", "`file` with the signing key, mode 0600 (default: the key itself in ODC_SIGNING_KEY)"),
		unsigned: fs.Bool("unsigned", false, "publish without a signature: only into a local store"),
	}
}

// signer finds the key, or nil where going unsigned was asked for.
func (f signFlags) signer(e *env) (*release.SigningKey, error) {
	text := e.getenv("ODC_SIGNING_KEY")
	if *f.key != "" {
		name := e.abs(*f.key)
		fi, err := os.Stat(name)
		if err != nil {
			return nil, wrongUse{err}
		}
		if runtime.GOOS != "windows" && fi.Mode().Perm()&0o077 != 0 { // Windows has no such modes
			return nil, wrongUse{fmt.Errorf("%s can be read by others (mode %04o): chmod 600 it, and make a new key if it was shared", *f.key, fi.Mode().Perm())}
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		text = string(b)
	}
	if text == "" || *f.unsigned {
		return nil, nil
	}
	key, err := release.ParseSigningKey(text)
	if err != nil {
		return nil, wrongUse{err}
	}
	return &key, nil
}

// shop is an opened channel with the settings of the repository.
type shop struct {
	root    string
	address store.Address
	policy  catalog.Policy
	publish.Channel
}

func (s *shop) Close() {
	if c, ok := s.Store.(io.Closer); ok {
		c.Close()
	}
}

// open opens the store of the flags. What nobody signed is believed from a local store only.
func (f storeFlags) open(e *env) (*shop, error) {
	if err := release.CheckChannel(*f.channel); err != nil {
		return nil, wrongUse{err}
	}
	root, err := e.root()
	if err != nil {
		return nil, wrongUse{err}
	}
	address := store.Address{Scheme: "dir", Path: filepath.Join(root, "build", "store")}
	if *f.address != "" {
		if address, err = store.ParseAddress(*f.address); err != nil {
			return nil, wrongUse{err}
		}
		if address.Scheme == "dir" {
			address.Path = e.abs(address.Path)
		}
	}
	policy, keys, err := settings(root)
	if err != nil {
		return nil, err
	}
	st, err := e.openStore(address)
	if err != nil {
		return nil, err
	}
	return &shop{root: root, address: address, policy: policy, Channel: publish.Channel{
		Store: st, Name: *f.channel, Trust: release.Trust{Keys: keys, Unsigned: address.Local()},
	}}, nil
}

// settings are the policy and the keys. Rules that cannot be read are not rules that allow everything.
func settings(root string) (catalog.Policy, []catalog.TrustedKey, error) {
	policy, keys, findings, err := tree.Settings(os.DirFS(root))
	if err != nil {
		return policy, nil, err
	}
	if i := slices.IndexFunc(findings, func(f diag.Finding) bool { return f.Severity == diag.Error }); i >= 0 {
		f := findings[i]
		return policy, nil, fmt.Errorf("%s:%d: %s [%s]", f.Path, f.Line, f.Message.En, f.Rule)
	}
	return policy, keys, nil
}

// public says whether anybody can read the store: a store that the policy does not declare private is public.
func (s *shop) public() bool {
	for _, d := range s.policy.Stores {
		a, err := store.ParseAddress(d.Address)
		if err != nil {
			continue
		}
		if a.Scheme == "dir" && !filepath.IsAbs(a.Path) {
			a.Path = filepath.Join(s.root, a.Path)
		}
		if a == s.address && d.Visibility == "private" {
			return false
		}
	}
	return true
}

// treeFlags name what is published.
type treeFlags struct {
	tree, record *string
	allowShrink  *int
}

func newTreeFlags(fs *flag.FlagSet) treeFlags {
	return treeFlags{
		tree:        fs.String("tree", "", "`folder` of the complete site (default build/public)"),
		record:      fs.String("record", "", "`file` that the build left about it (default build/release.json)"),
		allowShrink: fs.Int("allow-shrink", 0, "the exact `number` of entries that this release is meant to lose"),
	}
}

// options gathers what publishing and planning share.
func (f treeFlags) options(e *env, s *shop) (publish.Options, error) {
	folder, record := filepath.Join(s.root, "build", "public"), filepath.Join(s.root, "build", "release.json")
	if *f.tree != "" {
		folder = e.abs(*f.tree)
	}
	if *f.record != "" {
		record = e.abs(*f.record)
	}
	b, err := os.ReadFile(record)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return publish.Options{}, notBuilt{err}
	case err != nil:
		return publish.Options{}, err
	case !isDir(folder):
		return publish.Options{}, notBuilt{fmt.Errorf("%s: no such folder", e.rel(folder))}
	}
	build, err := release.DecodeBuild(b)
	if err != nil {
		return publish.Options{}, fmt.Errorf("%s: %w", e.rel(record), err)
	}
	return publish.Options{
		Store:   s.Store,
		Address: s.address,
		Channel: s.Name,
		Trust:   s.Trust,
		Tree:    folder,
		Build:   build,
		Rules: release.Rules{
			DeletionBudget: s.policy.DeletionBudget,
			AllowShrink:    *f.allowShrink,
			PublicStore:    s.public(),
			CatalogOnly:    s.policy.Channel == "catalog-only",
		},
		Cache:    filepath.Join(s.root, "build", "cache", "publish"),
		Progress: e.progress(),
	}, nil
}

// progress prints one line when a phase ends and one every few seconds in between.
func (e *env) progress() func(publish.Event) {
	const every = 5 * time.Second
	next := e.now().Add(every)
	return func(ev publish.Event) {
		if ev.Total == 0 || ev.Done < ev.Total && e.now().Before(next) {
			return
		}
		next = e.now().Add(every)
		fmt.Fprintf(e.stderr, "odc: %s: %d of %d files, %s of %s\n", ev.Phase, ev.Done, ev.Total, folder.Size(ev.Bytes), folder.Size(ev.TotalBytes))
	}
}

// wrongUse is an error of the command line or of the settings, not of the work.
type wrongUse struct{ error }

// notBuilt says that there is nothing to be published yet.
type notBuilt struct{ error }

// storeFailed says what went wrong, what readers see now and what to do, and gives the exit code.
func (e *env) storeFailed(ctx context.Context, err error) int {
	var (
		refused  *publish.RefusedError
		conflict *publish.ConflictError
		lacking  *publish.CapabilityError
		damaged  *publish.IntegrityError
		pending  *publish.PendingError
		wrong    wrongUse
	)
	tell := func(code int, hint string) int {
		fmt.Fprintf(e.stderr, "odc: %v\nhint: %s\n", err, hint)
		return code
	}
	switch {
	case ctx.Err() != nil:
		return e.failed(ctx, err, "")
	case errors.As(err, &wrong):
		return tell(exitUsage, "“odc publish -h” and “odc store keygen -h” have examples")
	case errors.Is(err, s3.ErrNoCredentials):
		return tell(exitUsage, "the names are those of every S3 tool")
	case errors.As(err, &refused):
		for _, r := range refused.Refusals {
			fmt.Fprintf(e.stderr, "odc: %s [%s]\nhint: %s\n", r.Message, r.ID, r.Hint)
		}
		return exitRefused
	case errors.As(err, &conflict):
		return tell(exitConflict, "nothing of this run is visible; run “odc build” with --previous for what is live here, then publish")
	case errors.As(err, &lacking):
		return tell(exitLacking, "use another S3 service, or dir:PATH")
	case errors.As(err, &damaged):
		return tell(exitFindings, "readers are never shown this; look at who can write to the store, and at metadata/keys.yaml")
	case errors.As(err, &pending):
		return tell(exitFailed, "readers still see the release before; run the command again to finish")
	case errors.Is(err, store.ErrUnknownOutcome):
		return tell(exitFailed, "run the command again: it finds out what happened, and does nothing twice")
	case errors.Is(err, store.ErrDenied):
		return tell(exitFailed, "look at the AWS_* variables, and at what these credentials may do in the bucket")
	case errors.Is(err, store.ErrUnavailable):
		return tell(exitFailed, "look at the address, at the network, and whether the bucket exists; running the command again is safe")
	case errors.Is(err, store.ErrClockSkew):
		return tell(exitFailed, "set the clock of this machine")
	case errors.As(err, new(notBuilt)):
		return tell(exitFailed, "run “odc build” first")
	}
	return tell(exitFailed, "readers see what they saw before; running the command again is safe")
}

// writer names this machine in the log.
func writer(given string) string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return cmp.Or(given, "odc on "+strings.SplitN(host, ".", 2)[0])
}

// printJSON prints one value for programs.
func (e *env) printJSON(v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
