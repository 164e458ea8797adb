package s3

import (
	"encoding/pem"
	"errors"
	"fmt"
	"hash/crc64"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"opendata.example/odc/tools/internal/store"
	"opendata.example/odc/tools/internal/store/storetest"
)

func open(t testing.TB, address string, getenv func(string) string) *Store {
	t.Helper()
	a, err := store.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	st, err := Open(a, Credentials{Getenv: getenv}, Options{Stall: 5 * time.Second, Tries: 4, Pause: 5 * time.Millisecond, Notify: func(s string) { t.Log(s) }})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestS3(t *testing.T) {
	server := storetest.StartS3(t)
	var n atomic.Int64
	storetest.Run(t, storetest.Config{
		Rounds: 25,
		// One bucket, a prefix for each part of the suite: that tries prefixes as well.
		Open: func(t *testing.T) store.Store {
			return open(t, fmt.Sprintf("%s/part-%d", server.Address, n.Add(1)), server.Getenv)
		},
	})
}

// forwarder passes requests on to a server. The Host header is signed, so it must arrive as it was sent.
func forwarder(t *testing.T, server storetest.S3) (proxy *httputil.ReverseProxy, bucket string) {
	t.Helper()
	a, err := store.ParseAddress(server.Address)
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}, a.Bucket
}

// TestS3OverTLS runs the suite through an encrypted connection, where the library signs bodies in another way.
func TestS3OverTLS(t *testing.T) {
	server := storetest.StartS3(t)
	proxy, bucket := forwarder(t, server)
	front := httptest.NewTLSServer(proxy)
	t.Cleanup(front.Close)
	bundle := filepath.Join(t.TempDir(), "authorities.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	getenv := func(name string) string {
		if name == "AWS_CA_BUNDLE" {
			return bundle
		}
		return server.Getenv(name)
	}
	var n atomic.Int64
	storetest.Run(t, storetest.Config{Rounds: 5, Many: 30, Open: func(t *testing.T) store.Store {
		return open(t, fmt.Sprintf("s3:%s/%s/part-%d", front.URL, bucket, n.Add(1)), getenv)
	}})
	if _, err := open(t, "s3:"+front.URL+"/"+bucket, server.Getenv).Get(t.Context(), "k", store.GetOpts{}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a certificate of nobody we trust: %v", err)
	}
}

// faults is a proxy between the driver and the server that breaks chosen requests.
func faults(t *testing.T, server storetest.S3, broken func(n int64, w http.ResponseWriter, r *http.Request, forward func() *httptest.ResponseRecorder) bool) string {
	t.Helper()
	proxy, bucket := forwarder(t, server)
	var n atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forward := func() *httptest.ResponseRecorder {
			rec := httptest.NewRecorder()
			proxy.ServeHTTP(rec, r)
			return rec
		}
		if !broken(n.Add(1), w, r, forward) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	return "s3:" + front.URL + "/" + bucket
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		conn.Close()
	}
}

func TestLostAnswerIsNoConflict(t *testing.T) {
	server := storetest.StartS3(t)
	address := faults(t, server, func(n int64, w http.ResponseWriter, r *http.Request, forward func() *httptest.ResponseRecorder) bool {
		if r.Method != http.MethodPut || n%2 == 0 {
			return false
		}
		forward() // the server does it, and nobody hears of it
		hangUp(w)
		return true
	})
	st := open(t, address, server.Getenv)
	info, err := st.Put(t.Context(), "log/prod/00000001.json", store.Bytes([]byte("ours")), store.PutOpts{Cond: store.CreateOnly})
	if err != nil || info.ETag == "" {
		t.Fatalf("create whose answer was lost: %+v, %v", info, err)
	}
	if _, err := st.Put(t.Context(), "log/prod/00000001.json", store.Bytes([]byte("theirs")), store.PutOpts{Cond: store.CreateOnly}); !errors.Is(err, store.ErrPrecondition) {
		t.Errorf("a real conflict behind a lost answer: %v", err)
	}
	if _, err := st.Put(t.Context(), "log/prod/00000001.json", store.Bytes([]byte("next")), store.PutOpts{Cond: store.IfMatch(info.ETag)}); err != nil {
		t.Errorf("replace whose answer was lost: %v", err)
	}
}

func TestUnknownOutcomeIsSaid(t *testing.T) {
	server := storetest.StartS3(t)
	address := faults(t, server, func(_ int64, w http.ResponseWriter, _ *http.Request, _ func() *httptest.ResponseRecorder) bool {
		hangUp(w)
		return true
	})
	st := open(t, address, server.Getenv)
	_, err := st.Put(t.Context(), "k", store.Bytes([]byte("x")), store.PutOpts{Cond: store.CreateOnly})
	if !errors.Is(err, store.ErrUnknownOutcome) {
		t.Errorf("conditional put into a dead server: %v", err)
	}
	if _, err = st.Put(t.Context(), "k", store.Bytes([]byte("x")), store.PutOpts{}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("plain put into a dead server: %v", err)
	}
}

func TestPassingTroubleIsTriedAgain(t *testing.T) {
	server := storetest.StartS3(t)
	address := faults(t, server, func(n int64, w http.ResponseWriter, r *http.Request, forward func() *httptest.ResponseRecorder) bool {
		switch n % 3 {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			if r.Method != http.MethodGet {
				return false
			}
			whole := forward() // half of the body, then silence
			maps.Copy(w.Header(), whole.Header())
			w.WriteHeader(whole.Code)
			_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/2])
			panic(http.ErrAbortHandler)
		default:
			return false
		}
		return true
	})
	st := open(t, address, server.Getenv)
	content := strings.Repeat("0123456789", 1000)
	for i := range 5 {
		key := fmt.Sprintf("k%d", i)
		if _, err := st.Put(t.Context(), key, store.Bytes([]byte(content)), store.PutOpts{}); err != nil {
			t.Fatal(err)
		}
		got, _, err := store.ReadAll(t.Context(), st, key, store.GetOpts{}, 1<<20)
		if err != nil || string(got) != content {
			t.Fatalf("read %d bytes, %v", len(got), err)
		}
	}
}

func TestStalledConnectionIsClosed(t *testing.T) {
	server := storetest.StartS3(t)
	release := make(chan struct{})
	address := faults(t, server, func(n int64, _ http.ResponseWriter, r *http.Request, _ func() *httptest.ResponseRecorder) bool {
		if n != 1 {
			return false
		}
		<-release // neither reads nor answers
		return true
	})
	defer close(release)
	a, err := store.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	var told atomic.Int64
	st, err := Open(a, Credentials{Getenv: server.Getenv}, Options{Stall: 300 * time.Millisecond, Pause: time.Millisecond, Notify: func(string) { told.Add(1) }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Put(t.Context(), "k", store.Bytes(make([]byte, 8<<20)), store.PutOpts{}); err != nil || told.Load() == 0 {
		t.Errorf("put past a stalled connection: %v, told %d times", err, told.Load())
	}
}

func TestErrorsNameTheKeyAndNoSecret(t *testing.T) {
	server := storetest.StartS3(t)
	for _, c := range []struct {
		name   string
		getenv func(string) string
		want   error
	}{
		{"wrong secret", storetest.S3{Access: server.Access, Secret: "not-the-secret"}.Getenv, store.ErrDenied},
		{"unknown key", storetest.S3{Access: "NOBODY", Secret: "not-the-secret"}.Getenv, store.ErrDenied},
	} {
		st := open(t, server.Address, c.getenv)
		_, err := st.Put(t.Context(), "some/key", store.Bytes([]byte("x")), store.PutOpts{})
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), "some/key") || strings.Contains(err.Error(), "not-the-secret") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	address, err := store.ParseAddress(server.Address)
	if err != nil {
		t.Fatal(err)
	}
	none := func(string) string { return "" }
	if _, err := Open(address, Credentials{Getenv: none}, Options{}); !errors.Is(err, ErrNoCredentials) {
		t.Errorf("no credentials: %v", err)
	}
}

func TestCredentialsFile(t *testing.T) {
	server := storetest.StartS3(t)
	file := filepath.Join(t.TempDir(), "credentials")
	text := fmt.Sprintf("[portal]\naws_access_key_id = %s\naws_secret_access_key = %s\n", server.Access, server.Secret)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	st := open(t, server.Address, func(name string) string {
		return map[string]string{"AWS_SHARED_CREDENTIALS_FILE": file, "AWS_PROFILE": "portal"}[name]
	})
	if _, err := st.Put(t.Context(), "k", store.Bytes([]byte("x")), store.PutOpts{}); err != nil {
		t.Error(err)
	}
}

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		want   error
		again  bool
	}{
		{0, "", store.ErrUnavailable, true},
		{400, "XAmzContentSHA256Mismatch", store.ErrChecksum, false},
		{400, "BadDigest", store.ErrChecksum, false},
		{400, "InvalidArgument", store.ErrUnsupported, false},
		{403, "AccessDenied", store.ErrDenied, false},
		{403, "RequestTimeTooSkewed", store.ErrClockSkew, false},
		{404, "NoSuchKey", store.ErrNotFound, false},
		{404, "NoSuchBucket", store.ErrUnavailable, false},
		{404, "XAdminUserNotFound", store.ErrDenied, false},
		{409, "ConditionalRequestConflict", store.ErrUnavailable, true},
		{412, "PreconditionFailed", store.ErrPrecondition, false},
		{429, "TooManyRequests", store.ErrUnavailable, true},
		{500, "InternalError", store.ErrUnavailable, true},
		{501, "NotImplemented", store.ErrUnsupported, false},
		{503, "SlowDown", store.ErrUnavailable, true},
		{507, "XMinioStorageFull", store.ErrNoSpace, false},
	} {
		kind, again := classify(minio.ErrorResponse{StatusCode: c.status, Code: c.code})
		if kind != c.want || again != c.again {
			t.Errorf("%d %s: %v, again %v; want %v, %v", c.status, c.code, kind, again, c.want, c.again)
		}
	}
}

func TestChecksumIsTheStandardOne(t *testing.T) {
	if sum := crc64.Checksum([]byte("123456789"), nvme); sum != 0xAE8B14860A799888 {
		t.Errorf("CRC-64/NVME of the check string is %X", sum)
	}
}
