package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"path/filepath"

	"opendata.example/odc/tools/internal/publish"
)

func verbUp() verb {
	return verb{
		name: "up", group: "make", summary: "from a clone to a running portal: check, build, publish to a folder, serve",
		help: `Everything is embedded: no database, no search server, no object store. The first run compiles Hugo, which takes a few
minutes. The release goes unsigned into build/store and is served on this machine only.

example:
  odc up
  odc up --addr 127.0.0.1:8080 --as-of 2025-12-01

exit codes: 0 stopped by a signal, 1 errors in records or data files, 2 wrong use, 3 could not run`,
		bind: func(fs *flag.FlagSet) func(context.Context, *env, []string) int {
			asOf := asOfFlag(fs)
			addr := fs.String("addr", "127.0.0.1:8310", "loopback `host:port` to answer on; port 0 takes a free one")
			ready := fs.String("ready", "", "write the address to this `file` once requests are answered")
			return func(ctx context.Context, e *env, args []string) int {
				if len(args) > 0 {
					return e.wrong("up takes no arguments: %q", "run “odc up -h”", args[0])
				}
				// First of all the port: to build for minutes and then find it taken would be rude.
				l, err := net.Listen("tcp", *addr)
				if err != nil {
					return e.failed(ctx, err, "choose another --addr; port 0 takes a free one")
				}
				defer l.Close()
				if !isLoopback(l.Addr()) {
					return e.wrong("%s is not a loopback address", "an unsigned release is for this machine only; see “odc publish” and “odc serve”", *addr)
				}
				root, err := e.root()
				if err != nil {
					return e.failed(ctx, err, "")
				}
				if code := e.publishLocally(ctx, root, *asOf); code != exitOK {
					return code
				}
				local := "dir:" + filepath.Join(root, "build", "store")
				if err := e.serve(ctx, l, serveOptions{store: local, channel: "prod", ready: *ready}); err != nil {
					return e.failed(ctx, err, serveHint(err))
				}
				return exitOK
			}
		},
	}
}

// publishLocally builds the site and publishes it, unsigned, into build/store.
func (e *env) publishLocally(ctx context.Context, root, asOf string) int {
	if _, code := e.build(ctx, root, asOf, ""); code != exitOK {
		return code
	}
	address, channel := "", "prod"
	s, err := storeFlags{&address, &channel}.open(e)
	if err != nil {
		return e.failed(ctx, err, "")
	}
	defer s.Close()
	none, shrink := "", 0
	o, err := treeFlags{&none, &none, &shrink}.options(e, s)
	if err != nil {
		return e.storeFailed(ctx, err)
	}
	o.Unsigned, o.Writer = true, writer("")
	result, err := publish.Publish(ctx, o)
	if err != nil {
		return e.storeFailed(ctx, err)
	}
	fmt.Fprintf(e.stderr, "odc: %-9s %s: release %s\n", "publish", result.Outcome, result.Release)
	return exitOK
}
