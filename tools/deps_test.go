package tools

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const depsFile = "doc/deps.txt"

// depsHead says what the list is for. Versions stand in go.mod: an upgrade changes one file, a new module two.
const depsHead = `# Modules whose code is in odc, as built for linux/amd64; go.mod has their versions.
# A line more is a decision: say in the change why it is worth it. Accept: go test ./tools -run Dependencies -update
`

// TestDependenciesAreListed makes the growth of the program visible in review.
func TestDependenciesAreListed(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/odc")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	modules := strings.Fields(string(out))
	slices.Sort(modules)
	modules = slices.Compact(modules)
	for _, m := range modules {
		// The S3 server of the tests and Hugo run as child processes; what only tests import stays in tests.
		if slices.Contains([]string{"github.com/versity/versitygw", "github.com/gohugoio/hugo", "github.com/rogpeppe/go-internal",
			"github.com/santhosh-tekuri/jsonschema/v6", "github.com/rhysd/actionlint"}, m) {
			t.Errorf("%s has come into odc", m)
		}
	}
	want := depsHead + strings.Join(modules, "\n") + "\n"
	have, err := os.ReadFile(depsFile)
	switch {
	case err == nil && string(have) == want:
	case *update:
		if err := os.WriteFile(depsFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("tools/%s is not what odc is built from; run: go test ./tools -run Dependencies -update", depsFile)
	}
}
