package store

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Address says where a store is: "dir:build/store" or "s3:https://host/bucket[/prefix]".
// It never carries credentials, so it may be printed.
type Address struct {
	Scheme string // "dir" or "s3"
	Path   string // dir: the folder
	URL    string // s3: scheme and host
	Bucket string
	Prefix string // without slashes at its ends
}

// ParseAddress reads an address and refuses one with a user name, a password or a query.
func ParseAddress(s string) (Address, error) {
	scheme, rest, _ := strings.Cut(s, ":")
	switch scheme {
	case "dir":
		if rest == "" {
			return Address{}, fmt.Errorf("store %q: the folder is missing", s)
		}
		return Address{Scheme: scheme, Path: rest}, nil
	case "s3":
		u, err := url.Parse(rest)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
			return Address{}, fmt.Errorf("store: want s3:https://host/bucket[/prefix]")
		}
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return Address{}, fmt.Errorf("store s3:%s://%s: an address holds no credentials and no query", u.Scheme, u.Host)
		}
		bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
		a := Address{Scheme: scheme, URL: u.Scheme + "://" + u.Host, Bucket: bucket, Prefix: prefix}
		if bucket == "" {
			return Address{}, fmt.Errorf("store %s: the bucket is missing", a)
		}
		if prefix != "" {
			if err := CheckKey(prefix); err != nil {
				return Address{}, err
			}
		}
		if u.Scheme == "http" && !a.Local() {
			return Address{}, fmt.Errorf("store %s: plain http is allowed on loopback only", a)
		}
		return a, nil
	}
	return Address{}, fmt.Errorf("store %q: want dir:PATH or s3:https://host/bucket[/prefix]", s)
}

func (a Address) String() string {
	if a.Scheme == "dir" {
		return "dir:" + a.Path
	}
	return "s3:" + strings.TrimSuffix(a.URL+"/"+a.Bucket+"/"+a.Prefix, "/")
}

// Local says that only this machine reaches the store: a folder, or an S3 server on loopback.
// Only there may releases go unsigned.
func (a Address) Local() bool {
	if a.Scheme == "dir" {
		return true
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}
