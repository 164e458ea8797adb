// Package s3 is a store in an S3 bucket, the only package that knows minio-go.
//
// It keeps the promises of package store over a network that loses answers: a conditional write whose answer was lost
// is settled by reading the object back, so that one's own success is never taken for a rival's. It owns its retries,
// never prints a secret, and takes no configuration from anywhere but its arguments.
//
// Absence must answer 404, so on AWS the credentials need s3:ListBucket; without it a missing object is "denied".
//
//	st, err := s3.Open(address, s3.Credentials{Getenv: getenv}, s3.Options{})
package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"opendata.example/odc/tools/internal/store"
)

// Limits of one request.
const (
	maxPut   = 5 << 30 // a single PUT; conditions and digests hold for it as a whole
	buffered = 8 << 20 // objects up to here are read whole within the retries
	maxConns = 16
	slowest  = 256 << 10 // bytes a second that one try of a Put must reach
)

// Options tune a store. The zero value is right for use.
type Options struct {
	Notify func(string)  // told of every retry, so that nobody waits in silence
	Stall  time.Duration // close a connection on which nothing moved for so long; 0: 30 s
	Tries  int           // of one request; 0: 10
	Pause  time.Duration // before the second try, doubled up to 25 times itself; 0: 200 ms
}

// Credentials are looked up in the usual places: the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN, then the file of AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials with AWS_PROFILE.
// AWS_REGION or AWS_DEFAULT_REGION names the region; without them it is us-east-1. AWS_CA_BUNDLE names a file of
// certificates to trust besides those of the system, for services behind an authority of one's own.
type Credentials struct {
	Getenv func(string) string
}

// ErrNoCredentials says that none of the usual places holds any.
var ErrNoCredentials = errors.New("no S3 credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE with ~/.aws/credentials")

// Store is a bucket, or a prefix of one. It implements [store.Store].
type Store struct {
	core    minio.Core
	bucket  string
	prefix  string
	options Options
}

// Open prepares a store; the first request happens with the first use.
func Open(a store.Address, c Credentials, o Options) (*Store, error) {
	u, err := url.Parse(a.URL)
	if err != nil || a.Scheme != "s3" {
		return nil, fmt.Errorf("store %s is not in S3", a)
	}
	secrets, err := c.find()
	if err != nil {
		return nil, err
	}
	if o.Notify == nil {
		o.Notify = func(string) {}
	}
	o.Stall = orDefault(o.Stall, 30*time.Second)
	o.Pause = orDefault(o.Pause, 200*time.Millisecond)
	o.Tries = orDefault(o.Tries, 10)

	lookup := minio.BucketLookupPath
	if host := u.Hostname(); host == "amazonaws.com" || strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn") {
		lookup = minio.BucketLookupAuto
	}
	roots, err := authorities(c.Getenv("AWS_CA_BUNDLE"))
	if err != nil {
		return nil, err
	}
	core, err := minio.NewCore(u.Host, &minio.Options{
		Creds:        secrets,
		Secure:       u.Scheme == "https",
		Region:       firstOf(c.Getenv("AWS_REGION"), c.Getenv("AWS_DEFAULT_REGION"), "us-east-1"),
		BucketLookup: lookup,
		MaxRetries:   1, // the loop below knows which requests may be repeated
		Transport:    transport(o.Stall, roots),
	})
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", a, err)
	}
	prefix := ""
	if a.Prefix != "" {
		prefix = a.Prefix + "/"
	}
	return &Store{core: *core, bucket: a.Bucket, prefix: prefix, options: o}, nil
}

func (c Credentials) find() (*credentials.Credentials, error) {
	if id, secret := c.Getenv("AWS_ACCESS_KEY_ID"), c.Getenv("AWS_SECRET_ACCESS_KEY"); id != "" && secret != "" {
		return credentials.NewStaticV4(id, secret, c.Getenv("AWS_SESSION_TOKEN")), nil
	}
	file := c.Getenv("AWS_SHARED_CREDENTIALS_FILE")
	if home := c.Getenv("HOME"); file == "" && home != "" {
		file = home + "/.aws/credentials"
	}
	if file == "" {
		return nil, ErrNoCredentials
	}
	found := credentials.NewFileAWSCredentials(file, firstOf(c.Getenv("AWS_PROFILE"), "default"))
	if v, err := found.GetWithContext(nil); err != nil || v.AccessKeyID == "" {
		return nil, ErrNoCredentials // the cause may quote the file
	}
	return found, nil
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string, o store.GetOpts) (*store.Object, error) {
	if err := store.CheckKey(key); err != nil {
		return nil, err
	}
	opts := minio.GetObjectOptions{}
	if o.IfNoneMatch != "" {
		if err := opts.SetMatchETagExcept(o.IfNoneMatch); err != nil {
			return nil, err
		}
	}
	ranged := o.Offset != 0 || o.Length != 0
	if ranged {
		if o.Offset < 0 || o.Length < 0 {
			return nil, &store.Error{Op: "get", Key: key, Kind: store.ErrUnsupported, Err: errors.New("negative range")}
		}
		last := ""
		if o.Length > 0 {
			last = strconv.FormatInt(o.Offset+o.Length-1, 10)
		}
		opts.Set("Range", fmt.Sprintf("bytes=%d-%s", o.Offset, last))
	}
	var out *store.Object
	_, err := s.try(ctx, "get", key, func(ctx context.Context) error {
		// No deadline here: a large body is read after this function has returned. The watchdog of the connection
		// ends it when it stalls, and the caller's context when it is no longer wanted.
		body, info, header, err := s.core.GetObject(ctx, s.bucket, s.prefix+key, opts)
		if err != nil {
			return err
		}
		size := info.Size
		if ranged {
			if size, err = wholeSize(header); err != nil {
				body.Close()
				return err
			}
		}
		out = &store.Object{
			Info: store.Info{Key: key, Size: size, ETag: info.ETag, Modified: info.LastModified},
			Body: body,
		}
		if info.Size > buffered {
			return nil
		}
		defer body.Close()
		b, err := io.ReadAll(io.LimitReader(body, info.Size+1))
		if err == nil && int64(len(b)) != info.Size {
			err = io.ErrUnexpectedEOF
		}
		out.Body = io.NopCloser(bytes.NewReader(b))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// wholeSize reads the size of the object out of "bytes 0-9/100".
func wholeSize(h http.Header) (int64, error) {
	_, total, _ := strings.Cut(h.Get("Content-Range"), "/")
	n, err := strconv.ParseInt(total, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the server ignored the range: Content-Range %q", h.Get("Content-Range"))
	}
	return n, nil
}

var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)

// Put implements [store.Store]. It is always one request, since the parts of a multipart upload carry no condition.
// The SHA-256 is part of the signed request, so a server that stores other bytes refuses them; the CRC that comes
// back is compared as well, with what was really sent.
func (s *Store) Put(ctx context.Context, key string, b store.Body, o store.PutOpts) (store.Info, error) {
	if err := store.CheckKey(key); err != nil {
		return store.Info{}, err
	}
	if b.Size > maxPut {
		return store.Info{}, &store.Error{Op: "put", Key: key, Kind: store.ErrUnsupported, Err: fmt.Errorf("larger than %d GiB", maxPut>>30)}
	}
	opts := minio.PutObjectOptions{
		ContentType:          o.ContentType,
		CacheControl:         o.CacheControl,
		DisableContentSha256: true, // ours is passed below
		DisableMultipart:     true,
	}
	createOnly, ifMatch := o.Cond.Split()
	if createOnly {
		opts.SetMatchETagExcept("*")
	}
	if ifMatch != "" {
		opts.SetMatchETag(ifMatch)
	}
	var up minio.UploadInfo
	retried, err := s.try(ctx, "put", key, func(ctx context.Context) (err error) {
		ctx, cancel := context.WithTimeout(ctx, s.options.Stall+time.Duration(b.Size/slowest)*time.Second)
		defer cancel()
		crc := crc64.New(nvme)
		body := io.TeeReader(&withContext{ctx, io.NewSectionReader(b.R, 0, b.Size)}, crc)
		up, err = s.core.PutObject(ctx, s.bucket, s.prefix+key, body, b.Size, "", hex.EncodeToString(b.SHA256[:]), opts)
		if err != nil {
			return err
		}
		sent := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, crc.Sum64()))
		if up.ChecksumCRC64NVME != "" && up.ChecksumCRC64NVME != sent {
			return store.ErrChecksum
		}
		return nil
	})
	switch {
	case err == nil:
		return store.Info{Key: key, Size: b.Size, ETag: up.ETag}, nil
	case !createOnly && ifMatch == "", ctx.Err() != nil:
		return store.Info{}, err
	case errors.Is(err, store.ErrUnavailable), retried && errors.Is(err, store.ErrPrecondition):
		return s.settle(ctx, key, b, err)
	}
	return store.Info{}, err
}

// settle finds out what became of a conditional write whose answer was lost, possibly followed by a "precondition
// failed" that its own success caused: the object says.
func (s *Store) settle(ctx context.Context, key string, b store.Body, cause error) (store.Info, error) {
	unknown := &store.Error{Op: "put", Key: key, Kind: store.ErrUnknownOutcome, Err: cause}
	obj, err := s.Get(ctx, key, store.GetOpts{})
	if errors.Is(err, store.ErrNotFound) && errors.Is(cause, store.ErrPrecondition) {
		return store.Info{}, cause
	}
	if err != nil {
		return store.Info{}, unknown
	}
	defer obj.Body.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(obj.Body, b.Size+1))
	switch {
	case err != nil:
		return store.Info{}, unknown
	case n == b.Size && [32]byte(h.Sum(nil)) == b.SHA256:
		return obj.Info, nil
	case errors.Is(cause, store.ErrPrecondition):
		return store.Info{}, cause
	}
	return store.Info{}, unknown
}

// List implements [store.Store].
func (s *Store) List(ctx context.Context, prefix, after string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		last := after
		for failures := 0; ; failures++ {
			opts := minio.ListObjectsOptions{Prefix: s.prefix + prefix, Recursive: true}
			if last != "" {
				opts.StartAfter = s.prefix + last
			}
			var broken error
			for obj := range s.core.ListObjectsIter(ctx, s.bucket, opts) {
				if obj.Err != nil {
					broken = obj.Err
					break
				}
				key := strings.TrimPrefix(obj.Key, s.prefix)
				if store.CheckKey(key) != nil {
					continue // not ours: folder markers and the like
				}
				last, failures = key, 0
				if !yield(store.Info{Key: key, Size: obj.Size, ETag: strings.Trim(obj.ETag, `"`), Modified: obj.LastModified}, nil) {
					return
				}
			}
			if broken == nil && ctx.Err() == nil {
				return
			}
			if err := s.pause(ctx, "list", prefix, failures, broken); err != nil {
				yield(store.Info{}, err)
				return
			}
		}
	}
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	for _, key := range keys {
		if err := store.CheckKey(key); err != nil {
			return err
		}
	}
	_, err := s.try(ctx, "delete", keys[0], func(ctx context.Context) error {
		todo := make(chan minio.ObjectInfo, len(keys))
		for _, key := range keys {
			todo <- minio.ObjectInfo{Key: s.prefix + key}
		}
		close(todo)
		var first error
		for failed := range s.core.RemoveObjects(ctx, s.bucket, todo, minio.RemoveObjectsOptions{}) {
			if first == nil && minio.ToErrorResponse(failed.Err).Code != "NoSuchKey" {
				first = failed.Err
			}
		}
		return first
	})
	return err
}

// Barrier implements [store.Store]: an S3 answer says that the object is durable.
func (s *Store) Barrier(ctx context.Context) error { return ctx.Err() }

// withContext ends a read between two steps when its context does.
type withContext struct {
	ctx context.Context
	r   io.Reader
}

func (w *withContext) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
