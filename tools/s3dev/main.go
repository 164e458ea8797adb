// Command s3dev runs a real S3 server (versitygw over a folder) for tests and demonstrations.
//
// It is a module of its own, so that nothing of the server is ever linked into odc, and it always runs as a child
// process: a test must be able to kill it, and the server's package allows one instance in a process. It refuses to
// listen anywhere but on loopback or a unix socket, and it is no place to keep data: the server never calls fsync.
//
//	S3DEV_ACCESS_KEY=… S3DEV_SECRET_KEY=… s3dev -listen 127.0.0.1:9300 -root DIR
//
// It ends when its standard input closes, so that no orphan outlives the process that started it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

func main() {
	listen := flag.String("listen", "", "`ADDRESS`: 127.0.0.1:PORT with an explicit port, or the absolute path of a unix socket")
	root := flag.String("root", "", "`DIR` that holds the buckets; made when missing")
	bucket := flag.String("bucket", "portal", "bucket made at the start")
	flag.Parse()
	if err := run(*listen, *root, *bucket, os.Getenv("S3DEV_ACCESS_KEY"), os.Getenv("S3DEV_SECRET_KEY")); err != nil {
		fmt.Fprintf(os.Stderr, "s3dev: %v\n", err)
		os.Exit(1)
	}
}

func run(listen, root, bucket, access, secret string) error {
	if access == "" || secret == "" {
		return errors.New("S3DEV_ACCESS_KEY and S3DEV_SECRET_KEY must be set: fresh random ones for each start")
	}
	if err := checkListen(listen); err != nil {
		return err
	}
	// posix.New changes the working directory, so every path must be absolute before it.
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	buckets := filepath.Join(root, "buckets")
	if err := os.MkdirAll(filepath.Join(buckets, bucket), 0o755); err != nil {
		return err
	}
	store, opts, err := metadata(root, buckets)
	if err != nil {
		return err
	}
	backend, err := posix.New(buckets, store, opts)
	if err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // the parent holds the other end: its death, however sudden, closes it
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()

	fmt.Fprintf(os.Stderr, "s3dev: serving %s on %s for tests; it never syncs to disk, so keep nothing here\n", buckets, listen)
	return embedgw.RunVersityGW(ctx, backend, &embedgw.Config{
		RootUserAccess:    access,
		RootUserSecret:    secret,
		Region:            "us-east-1",
		Ports:             []string{listen},
		MaxConnections:    1024,
		MaxRequests:       512,
		MultipartMaxParts: 10000,
		KeepAlive:         true,
		Quiet:             true,
	})
}

// checkListen refuses what other machines could reach, and port 0, since the server never tells which port it got.
func checkListen(listen string) error {
	if filepath.IsAbs(listen) {
		if len(listen) > 100 {
			return fmt.Errorf("-listen %s: the path of a unix socket may have about 100 bytes", listen)
		}
		return nil
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("-listen: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("-listen %s: only a loopback address or a unix socket is allowed", listen)
	}
	if port == "0" {
		return fmt.Errorf("-listen %s: name the port", listen)
	}
	return nil
}

// metadata keeps object attributes in extended attributes, or beside the buckets where the file system has none.
func metadata(root, buckets string) (meta.MetadataStorer, posix.PosixOpts, error) {
	if err := (meta.XattrMeta{}).Test(buckets); err == nil {
		return meta.XattrMeta{}, posix.PosixOpts{}, nil
	}
	dir := filepath.Join(root, "attributes")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, posix.PosixOpts{}, err
	}
	store, err := meta.NewSideCar(dir)
	return store, posix.PosixOpts{SideCarDir: dir}, err
}
