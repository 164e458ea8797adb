package storetest

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestS3devListensOnLoopbackOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the S3 server takes a minute to build for the first time")
	}
	bin, err := buildS3dev()
	if err != nil {
		t.Fatal(err)
	}
	for _, listen := range []string{"", "0.0.0.0:9000", ":9000", "127.0.0.1:0", "192.0.2.1:9000", "example.com:9000", "/" + strings.Repeat("s", 120)} {
		cmd := exec.Command(bin, "-listen", listen, "-root", t.TempDir())
		cmd.Env = append(os.Environ(), "S3DEV_ACCESS_KEY=a", "S3DEV_SECRET_KEY=b")
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "s3dev: ") {
			t.Errorf("-listen %s: %v\n%s", listen, err, out)
		}
	}
	if out, err := exec.Command(bin, "-listen", "127.0.0.1:9000", "-root", t.TempDir()).CombinedOutput(); err == nil || !strings.Contains(string(out), "S3DEV_ACCESS_KEY") {
		t.Errorf("without credentials: %v\n%s", err, out)
	}
}

func TestS3devEndsWithItsParent(t *testing.T) {
	var address string
	t.Run("running", func(t *testing.T) {
		s := StartS3(t)
		address = strings.TrimPrefix(s.Address, "s3:")
		resp, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	})
	// The end of the test above closed its standard input, nothing else.
	if address == "" {
		t.Skip("-short: the S3 server was not started")
	}
	if resp, err := http.Get(address); err == nil {
		resp.Body.Close()
		t.Error("the server outlives the test that started it")
	}
}

// The server is a tool of tests: none of it may reach the program.
func TestMainModuleIsFreeOfTheServer(t *testing.T) {
	b, err := os.ReadFile("../../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "versity") {
		t.Error("go.mod requires the S3 server of tools/s3dev")
	}
}
