package s3

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"

	"opendata.example/odc/tools/internal/store"
)

// try runs one request until it succeeds, is refused for good, or has failed often enough. It says whether the
// request was sent more than once.
func (s *Store) try(ctx context.Context, op, key string, request func(context.Context) error) (retried bool, err error) {
	for failures := 0; ; failures++ {
		answer := &answer{}
		err := request(context.WithValue(ctx, answerKey{}, answer))
		if err == nil {
			return failures > 0, nil
		}
		if err := s.pauseAfter(ctx, op, key, failures, err, answer.retryAfter); err != nil {
			return failures > 0, err
		}
	}
}

func (s *Store) pause(ctx context.Context, op, key string, failures int, err error) error {
	return s.pauseAfter(ctx, op, key, failures, err, 0)
}

// pauseAfter waits before the next try, or returns the error that ends the tries.
func (s *Store) pauseAfter(ctx context.Context, op, key string, failures int, err error, atLeast time.Duration) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	kind, again := classify(err)
	final := &store.Error{Op: op, Key: key, Kind: kind, Err: brief(err)}
	if !again || failures+1 >= s.options.Tries {
		return final
	}
	// Full jitter: clients that failed together do not come back together.
	most := min(s.options.Pause<<failures, 25*s.options.Pause)
	wait := max(time.Duration(rand.Int64N(int64(most)+1)), min(atLeast, time.Minute))
	s.options.Notify(fmt.Sprintf("%v; try %d of %d in %v", final, failures+2, s.options.Tries, wait.Round(time.Millisecond)))
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// classify says what an error means to a store, and whether trying again can help.
func classify(err error) (kind error, again bool) {
	if errors.Is(err, store.ErrChecksum) {
		return store.ErrChecksum, false
	}
	resp := minio.ToErrorResponse(err)
	switch resp.Code {
	case "RequestTimeTooSkewed":
		return store.ErrClockSkew, false
	case "NoSuchBucket": // not the absence of an object: nothing can be published there
		return store.ErrUnavailable, false
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "XAdminUserNotFound":
		return store.ErrDenied, false
	case "XAmzContentSHA256Mismatch", "BadDigest", "InvalidDigest":
		return store.ErrChecksum, false
	case "ConditionalRequestConflict", "OperationAborted", "SlowDown", "SlowDownWrite", "SlowDownRead":
		return store.ErrUnavailable, true
	case "QuotaExceeded", "XMinioStorageFull", "EntityTooLarge":
		return store.ErrNoSpace, false
	}
	switch code := resp.StatusCode; {
	case code == 0: // no answer
		return store.ErrUnavailable, true
	case code == http.StatusNotModified:
		return store.ErrNotModified, false
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return store.ErrDenied, false
	case code == http.StatusNotFound:
		return store.ErrNotFound, false
	case code == http.StatusPreconditionFailed:
		return store.ErrPrecondition, false
	case code == http.StatusInsufficientStorage:
		return store.ErrNoSpace, false
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code == 499:
		return store.ErrUnavailable, true
	case code == http.StatusNotImplemented:
		return store.ErrUnsupported, false
	case code >= 500:
		return store.ErrUnavailable, true
	}
	return store.ErrUnsupported, false
}

// brief is the server's own code and message, without the request around it.
func brief(err error) error {
	resp := minio.ToErrorResponse(err)
	if resp.Code == "" {
		return err
	}
	return errors.New(resp.Code + ": " + resp.Error())
}

// answer collects what the library does not hand out.
type answer struct{ retryAfter time.Duration }

type answerKey struct{}

// observing notes Retry-After on its way.
type observing struct{ next http.RoundTripper }

func (o observing) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := o.next.RoundTrip(req)
	if a, ok := req.Context().Value(answerKey{}).(*answer); ok && err == nil {
		if n, convErr := strconv.Atoi(resp.Header.Get("Retry-After")); convErr == nil && n > 0 {
			a.retryAfter = time.Duration(n) * time.Second
		}
	}
	return resp, err
}

// transport is that of the standard library with a watchdog on each connection: no time limit there covers a server
// that stops reading a body.
func transport(stall time.Duration, roots *x509.CertPool) http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}
	return observing{&http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return watch(c, stall), nil
		},
		MaxIdleConnsPerHost: maxConns,
		IdleConnTimeout:     stall / 2, // before the watchdog, which cannot tell idle from stalled
		TLSHandshakeTimeout: 10 * time.Second,
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		DisableCompression:  true, // objects are what they are
	}}
}

// authorities are those of the system and those of a file; nil means the system's alone.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("AWS_CA_BUNDLE: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(b) {
		return nil, fmt.Errorf("AWS_CA_BUNDLE: no certificate in %s", file)
	}
	return pool, nil
}

// errStalled is what a stalled connection ends with; it is tried again.
var errStalled = errors.New("nothing moved on the connection; it was closed")

// watched closes its connection when no byte has moved either way for a while.
type watched struct {
	net.Conn
	stall   time.Duration
	timer   *time.Timer
	stalled atomic.Bool
}

func watch(c net.Conn, stall time.Duration) *watched {
	w := &watched{Conn: c, stall: stall}
	w.timer = time.AfterFunc(stall, func() {
		w.stalled.Store(true)
		c.Close()
	})
	return w
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	return n, w.moved(n, err)
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	return n, w.moved(n, err)
}

func (w *watched) moved(n int, err error) error {
	if err != nil && w.stalled.Load() {
		return errStalled
	}
	if n > 0 {
		w.timer.Reset(w.stall)
	}
	return err
}

func (w *watched) Close() error {
	w.timer.Stop()
	return w.Conn.Close()
}
