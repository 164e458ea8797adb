package storetest

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// S3 is a running S3 server, a child process of this one.
type S3 struct {
	Address string // of its bucket, for store.ParseAddress: "s3:http://127.0.0.1:PORT/portal"
	Access  string
	Secret  string
	Folder  string // where the server keeps the objects of the bucket, each a file: for looking past it
}

// Getenv answers like an environment that holds the credentials of the server.
func (s S3) Getenv(name string) string {
	switch name {
	case "AWS_ACCESS_KEY_ID":
		return s.Access
	case "AWS_SECRET_ACCESS_KEY":
		return s.Secret
	}
	return ""
}

// StartS3 builds tools/s3dev (once a machine, the go command remembers) and starts it on an empty bucket; it ends
// with the test. Where it cannot be built the test fails: an S3 driver that was never tried against a server is
// untested. Only -short leaves it out.
func StartS3(t testing.TB) S3 {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the S3 server takes a minute to build for the first time")
	}
	bin, err := buildS3dev()
	if err != nil {
		t.Fatal(err)
	}
	s := S3{Access: rand.Text()[:20], Secret: rand.Text() + rand.Text()}
	root := t.TempDir()
	for range 5 { // the port is free now; another process may take it before the server does
		var addr string
		var stop func()
		if addr, err = freePort(); err != nil {
			break
		}
		if stop, err = start(bin, addr, root, s); err == nil {
			t.Cleanup(stop)
			s.Address = "s3:http://" + addr + "/portal"
			s.Folder = filepath.Join(root, "buckets", "portal")
			return s
		}
	}
	t.Fatal(err)
	return S3{}
}

var buildS3dev = sync.OnceValues(func() (string, error) {
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		return "", errors.New("s3dev: the sources are not where they were compiled")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	bin := filepath.Join(cache, "odc-s3dev", "s3dev")
	cmd := exec.Command("go", "build", "-o", bin, ".")
	cmd.Dir = filepath.Join(filepath.Dir(here), "..", "..", "..", "s3dev")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build tools/s3dev: %v\n%s", err, out)
	}
	return bin, nil
})

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// start runs the server until its standard input closes, at the latest when this process is gone.
func start(bin, addr, root string, s S3) (stop func(), err error) {
	cmd := exec.Command(bin, "-listen", addr, "-root", root)
	cmd.Env = append(os.Environ(), "S3DEV_ACCESS_KEY="+s.Access, "S3DEV_SECRET_KEY="+s.Secret)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	output := &bytes.Buffer{} // read only after the process has ended
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	stop = func() {
		stdin.Close()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	}
	if err := ready(addr, ended); err != nil {
		stop()
		return nil, fmt.Errorf("s3dev: %w\n%s", err, output)
	}
	return stop, nil
}

// ready returns when the server answers a real request; "access denied" is an answer.
func ready(addr string, ended <-chan struct{}) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case <-ended:
			return errors.New("it ended at once")
		case <-deadline:
			return errors.New("it does not answer")
		case <-tick.C:
		}
		resp, err := http.Get("http://" + addr + "/portal/")
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode == http.StatusForbidden && strings.Contains(resp.Header.Get("Content-Type"), "xml") {
			return nil
		}
		return fmt.Errorf("%s answers %s: another server has the port", addr, resp.Status)
	}
}
