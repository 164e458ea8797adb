package build

import (
	"bytes"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/rule"
	"opendata.example/odc/tools/internal/testrepo"
)

const repository = "../../.."

// miniature lays the valid repository with the real theme, settings and hand-written pages into a folder. Hugo is the
// one that the repository itself uses, compiled when it is not there yet.
func miniature(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	testrepo.Valid(t).WriteSite(dir, repository)
	return dir
}

func options(t *testing.T, root string) Options {
	day := calendar.MustDate("2025-12-01")
	return Options{
		Root: root, Day: rule.Env{AsOf: day, Today: day}, Now: time.Now,
		Hugo: FindHugo(repository, ""), Progress: func(s Step) { t.Logf("%s: %s", s.Name, s.Detail) },
	}
}

func run1(t *testing.T, root string) *Result {
	t.Helper()
	result, err := Run(t.Context(), options(t, root))
	var found *FindingsError
	if errors.As(err, &found) {
		for _, f := range found.Findings {
			if f.Severity == diag.Error {
				t.Errorf("%s: %s", f.Place(), f.Message.Zh)
			}
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestMiniature builds the whole site of the valid repository twice and looks at what came out.
func TestMiniature(t *testing.T) {
	a, b := run1(t, miniature(t)), run1(t, miniature(t))
	files := read(t, a.Public)

	t.Run("two builds are equal", func(t *testing.T) {
		other := read(t, b.Public)
		for name := range files {
			if !bytes.Equal(files[name], other[name]) {
				t.Errorf("%s differs", name)
			}
		}
		if len(files) != len(other) {
			t.Errorf("%d and %d files", len(files), len(other))
		}
	})

	t.Run("what must be there", func(t *testing.T) {
		for name, text := range map[string]string{
			"index.html":                                "长宁区公共数据目录",
			"en/index.html":                             `lang="en"`,
			"datasets/community-canteens/index.html":    "社区食堂名录",
			"en/datasets/community-canteens/index.html": "Community canteens",
			"catalog/assistance-recipients/index.html":  "逐户记录涉及家庭困难状况",
			"404.html":                               "<h1",
			"datasets/community-canteens/entry.json": `"odc-entry/1"`,
			"data.json":                              "accessLevel",
			"catalog.jsonld":                         "@context",
			"catalog.ttl":                            "dcat:Dataset",
			"feed.atom":                              "<feed",
			"changes.ndjson":                         `"created"`,
			"sitemap.xml":                            "sitemap",
			"robots.txt":                             "Sitemap:",
			"feeds/shanghai-openlist.csv":            "社区食堂名录",
			"api/v1/index.json":                      "{",
			"search/documents.json":                  "dataset:community-canteens",
			"data/community-canteens/2025-11-20/csv.csv": "name,street",
			"data/community-canteens/latest/csv.csv":     "name,street",
		} {
			if !bytes.Contains(files[name], []byte(text)) {
				t.Errorf("%s does not hold %q", name, text)
			}
		}
	})

	t.Run("nothing withheld is in any byte", func(t *testing.T) {
		for name, content := range files {
			for _, secret := range []string{"公民身份号码", "成员姓名", "只供教育、医保", "以接口核验", "cn-social-assistance.id_no"} {
				if bytes.Contains(content, []byte(secret)) {
					t.Errorf("%s holds %q of a closed entry", name, secret)
				}
			}
		}
	})

	t.Run("sample data says so", func(t *testing.T) {
		for _, name := range []string{"datasets/community-canteens/index.html", "catalog.jsonld", "data.json", "feeds/shanghai-openlist.csv"} {
			if !bytes.Contains(files[name], []byte("示例")) {
				t.Errorf("%s does not say that the data are a sample", name)
			}
		}
	})

	t.Run("no dead link inside", func(t *testing.T) {
		for name, content := range files {
			if strings.HasSuffix(name, ".html") {
				deadLinks(t, files, name, content)
			}
		}
	})

	t.Run("nothing that the policy for scripts forbids", func(t *testing.T) {
		for name, content := range files {
			if strings.HasSuffix(name, ".html") {
				inlineCode(t, name, content)
			}
		}
	})
}

func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[name], err = os.ReadFile(filepath.Join(dir, name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// walk visits all elements of a page.
func walk(t *testing.T, name string, content []byte, visit func(n *html.Node, attr map[string]string)) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			attr := map[string]string{}
			for _, a := range n.Attr {
				attr[a.Key] = a.Val
			}
			visit(n, attr)
		}
	}
}

// deadLinks follows every address of a page that lies inside the site, fragments included.
func deadLinks(t *testing.T, files map[string][]byte, name string, content []byte) {
	walk(t, name, content, func(n *html.Node, attr map[string]string) {
		for _, key := range []string{"href", "src", "action"} {
			u, err := url.Parse(attr[key])
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if attr[key] == "" || u.Host != "" || u.Scheme != "" || u.Path == "" {
				continue
			}
			target := strings.TrimPrefix(u.Path, "/")
			if target == "" || strings.HasSuffix(target, "/") {
				target += "index.html"
			}
			page, ok := files[target]
			// The search interface is answered by the server.
			if !ok && !strings.HasPrefix(target, "api/search") {
				t.Errorf("%s: %s leads nowhere", name, attr[key])
			}
			if u.Fragment != "" && ok && !bytes.Contains(page, []byte(`id="`+u.Fragment+`"`)) && !bytes.Contains(page, []byte("id="+u.Fragment)) {
				t.Errorf("%s: %s has no such place", name, attr[key])
			}
		}
	})
}

// inlineCode finds scripts, styles and handlers that the content security policy would refuse.
func inlineCode(t *testing.T, name string, content []byte) {
	walk(t, name, content, func(n *html.Node, attr map[string]string) {
		if n.Data == "script" && attr["src"] == "" && attr["type"] != "application/ld+json" {
			t.Errorf("%s holds an inline script", name)
		}
		if n.Data == "style" {
			t.Errorf("%s holds an inline style sheet", name)
		}
		for key := range attr {
			if key == "style" || strings.HasPrefix(key, "on") {
				t.Errorf("%s: <%s %s=…>", name, n.Data, key)
			}
		}
	})
}

func TestErrorsStopTheBuild(t *testing.T) {
	dir := miniature(t)
	if err := writeFile(filepath.Join(dir, "metadata/openlist/minzheng/broken.yaml"), []byte("catalog_id: minzheng/none\n")); err != nil {
		t.Fatal(err)
	}
	_, err := Run(t.Context(), options(t, dir))
	var found *FindingsError
	if !errors.As(err, &found) || diag.Errors(found.Findings) == 0 {
		t.Fatalf("%v; want the findings", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "build", "public")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a site was left behind")
	}
}

func TestJoinRefusesTwoSourcesOfOnePath(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/x/index.html", "b/x/index.html", "b/y.html"} {
		if err := writeFile(filepath.Join(dir, name), []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "public")
	if _, err := join(out, filepath.Join(dir, "b"), filepath.Join(dir, "missing")); err != nil {
		t.Fatal(err)
	}
	if _, err := join(out, filepath.Join(dir, "a"), filepath.Join(dir, "b")); err == nil || !strings.Contains(err.Error(), "x/index.html") {
		t.Errorf("%v; want the path that both hold", err)
	}
	if b, err := os.ReadFile(filepath.Join(out, "y.html")); err != nil || string(b) != "b/y.html" {
		t.Errorf("the site before is gone: %q, %v", b, err)
	}
}
