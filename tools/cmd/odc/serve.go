package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"opendata.example/odc/tools/internal/publish"
	"opendata.example/odc/tools/internal/release"
	"opendata.example/odc/tools/internal/search"
	"opendata.example/odc/tools/internal/store"
	"opendata.example/odc/tools/internal/store/s3"
	"opendata.example/odc/tools/internal/web"
)

// pollEvery is how often a server asks whether its channel moved: one small request.
const pollEvery = 5 * time.Second

// serveOptions are the flags of serve.
type serveOptions struct{ store, channel, dir, index, addr, ready string }

func verbServe() verb {
	return verb{
		name: "serve", group: "look", summary: "serve a build or a released store, with the search API",
		help: `example:
  odc serve                                            build/public, or build/store when nothing is built
  odc serve --store dir:/srv/store --channel prod      the newest signed release, followed as it moves
  odc serve --addr 127.0.0.1:0 --ready url.txt         for scripts: any free port, its address in a file

A store is believed only with a signature by a key of metadata/keys.yaml. Without one it may be a local store,
and is served on a loopback address only. Data, feeds and /api/search may be read by programs anywhere.

exit codes: 0 stopped by a signal, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			var o serveOptions
			fs.StringVar(&o.store, "store", "", "`address` of a store: dir:PATH or s3:https://host/bucket[/prefix]")
			fs.StringVar(&o.channel, "channel", "prod", "`channel` of the store")
			fs.StringVar(&o.dir, "dir", "", "`folder` of a site")
			fs.StringVar(&o.index, "index", "", "`folder` of a search index (default build/index for build/public, else what the site brings)")
			fs.StringVar(&o.addr, "addr", "127.0.0.1:8310", "`host:port` to answer on; port 0 takes a free one")
			fs.StringVar(&o.ready, "ready", "", "write the address to this `file` once requests are answered")
			return func(ctx context.Context, e *env, args []string) int {
				switch {
				case len(args) > 0:
					return e.wrong("serve takes no arguments: %q", "see “odc serve -h”", args[0])
				case o.store != "" && (o.dir != "" || o.index != ""):
					return e.wrong("--store goes with neither --dir nor --index", "a release brings its own documents for search")
				}
				l, err := net.Listen("tcp", o.addr)
				if err != nil {
					return e.failed(ctx, err, "choose another --addr; port 0 takes a free one")
				}
				defer l.Close()
				if err := e.serve(ctx, l, o); err != nil {
					return e.failed(ctx, err, serveHint(err))
				}
				return exitOK
			}
		},
	}
}

func serveHint(err error) string {
	var damaged *publish.IntegrityError
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "nothing is published in this channel yet: run “odc publish”"
	case errors.As(err, &damaged):
		return "an unsigned release is served from a local store on a loopback address only; a signed one needs its key in metadata/keys.yaml"
	case errors.Is(err, os.ErrNotExist):
		return "run “odc up”, which builds and serves, or “odc build” first"
	case errors.Is(err, search.ErrStale):
		return "run “odc index”"
	}
	return ""
}

// serve answers on a listener until the context ends.
func (e *env) serve(ctx context.Context, l net.Listener, o serveOptions) error {
	what, err := e.source(ctx, l.Addr(), o)
	if err != nil {
		return err
	}
	defer what.close()
	// Deadlines of connections need the clock on the wall, whatever day the catalogue is judged on.
	h, err := web.New(what.site, what.index, web.Options{Now: time.Now, Report: func(err error) { fmt.Fprintf(e.stderr, "odc: %v\n", err) }})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if what.follow != nil {
		go h.Follow(ctx, what.follow, pollEvery)
	}
	url := urlOf(l.Addr())
	if o.ready != "" {
		// The listener queues requests from here on.
		if err := os.WriteFile(e.abs(o.ready), []byte(url+"\n"), 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.stdout, "%s\n", url)
	fmt.Fprintf(e.stderr, "odc: serving %s; stop with Ctrl-C\n", what.name)
	return web.Serve(ctx, l, h)
}

// served is what a server answers with.
type served struct {
	name   string
	site   web.Site
	index  *search.Index
	follow web.Source // nil: the site does not move
	close  func()
}

// source opens what the flags name: a store, a folder, or what was built last.
func (e *env) source(ctx context.Context, at net.Addr, o serveOptions) (*served, error) {
	if o.store != "" {
		return e.serveStore(ctx, at, o)
	}
	if o.dir != "" {
		dir, err := e.built(o.dir, "")
		if err != nil {
			return nil, err
		}
		return e.serveFolder(dir, o.index, "")
	}
	root, err := e.root()
	if err != nil {
		return nil, err
	}
	public, shelf := filepath.Join(root, "build", "public"), filepath.Join(root, "build", "store")
	if !isDir(public) && isDir(shelf) {
		o.store = "dir:" + shelf
		return e.serveStore(ctx, at, o)
	}
	return e.serveFolder(public, o.index, filepath.Join(root, "build", "index"))
}

// serveFolder serves a folder with the index that was named, or the usual one if it is there.
func (e *env) serveFolder(dir, named, usual string) (*served, error) {
	folder, err := web.OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	out := &served{name: e.rel(dir), site: folder, close: func() { folder.Close() }}
	if named == "" && (usual == "" || !isDir(usual)) {
		return out, nil
	}
	at := usual
	if named != "" {
		if at, err = e.built(named, ""); err != nil {
			return nil, errors.Join(err, folder.Close())
		}
	}
	if out.index, err = search.Open(at); err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	out.close = func() { out.index.Close(); folder.Close() }
	return out, nil
}

// serveStore follows a channel. What nobody signed is believed from a local store for a local visitor only.
func (e *env) serveStore(ctx context.Context, at net.Addr, o serveOptions) (*served, error) {
	address, err := store.ParseAddress(o.store)
	if err != nil {
		return nil, err
	}
	if address.Scheme == "dir" && !isDir(e.abs(address.Path)) {
		return nil, fmt.Errorf("serve %s: %w", address, os.ErrNotExist) // opening it would make it
	}
	trust, err := e.trust()
	if err != nil {
		return nil, err
	}
	trust.Unsigned = address.Local() && isLoopback(at)
	st, err := e.openStore(address)
	if err != nil {
		return nil, err
	}
	out := &served{name: fmt.Sprintf("channel %s of %s", o.channel, address), close: func() {
		if c, ok := st.(io.Closer); ok {
			c.Close()
		}
	}}
	reader, err := publish.OpenReader(ctx, st, o.channel, trust)
	if err != nil {
		out.close()
		return nil, fmt.Errorf("serve %s: %w", out.name, err)
	}
	if !reader.Current().Signed() {
		fmt.Fprintln(e.stderr, "odc: this release is not signed: nobody vouches for it; it is served on this machine only")
	}
	channel := web.NewChannel(reader)
	out.site, out.follow = channel.Current(), channel
	return out, nil
}

// trust are the keys of metadata/keys.yaml.
func (e *env) trust() (release.Trust, error) {
	root, err := e.root()
	if err != nil {
		return release.Trust{}, err
	}
	_, keys, err := settings(root)
	return release.Trust{Keys: keys}, err
}

// openStore opens a store by its address. Credentials come from the environment.
func (e *env) openStore(a store.Address) (store.Store, error) {
	if a.Scheme == "s3" {
		return s3.Open(a, s3.Credentials{Getenv: e.getenv}, s3.Options{Notify: func(s string) { fmt.Fprintf(e.stderr, "odc: %s\n", s) }})
	}
	return store.OpenDir(e.abs(a.Path))
}

// urlOf is the address for a visitor on this machine.
func urlOf(a net.Addr) string {
	host := a.String()
	if ap, err := netip.ParseAddrPort(host); err == nil && ap.Addr().IsUnspecified() {
		host = fmt.Sprintf("localhost:%d", ap.Port())
	}
	return "http://" + host + "/"
}

func isLoopback(a net.Addr) bool {
	ap, err := netip.ParseAddrPort(a.String())
	return err == nil && ap.Addr().Unmap().IsLoopback()
}
