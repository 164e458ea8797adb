package s3

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

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
