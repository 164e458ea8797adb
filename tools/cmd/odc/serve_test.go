package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// fetch is a command of the scripts: fetch FILE PATH [HEADER…] asks the server whose address FILE holds, waiting for
// the file to appear, and prints status, headers and body. Redirects are shown, not followed.
func fetch() {
	if err := fetchTo(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fetchTo(w io.Writer, args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: fetch FILE PATH [HEADER…]")
	}
	base, err := awaitFile(args[0])
	if err != nil {
		return err
	}
	req, err := http.NewRequest("GET", strings.TrimSuffix(base, "/")+args[1], nil)
	if err != nil {
		return err
	}
	for _, h := range args[2:] {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	// Without a proxy and without silent decompression: what is printed is what was sent.
	client := http.Client{Transport: &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	fmt.Fprintln(w, res.Status)
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		fmt.Fprintf(w, "%s: %s\n", name, strings.Join(res.Header[name], ", "))
	}
	_, err = io.Copy(w, res.Body)
	return err
}

// awaitFile reads a file that another process is about to write.
func awaitFile(name string) (string, error) {
	deadline := time.Now().Add(20 * time.Second)
	for {
		data, err := os.ReadFile(name)
		if err == nil && strings.HasSuffix(string(data), "\n") {
			return strings.TrimSpace(string(data)), nil
		}
		if time.Now().After(deadline) {
			return "", fmt.Errorf("%s did not appear: %v", name, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
