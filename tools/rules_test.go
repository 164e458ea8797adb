package tools

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"opendata.example/odc/tools/internal/docs"
	"opendata.example/odc/tools/internal/rule"
	"opendata.example/odc/tools/internal/tree"
)

// TestEveryRuleRestsOnAnArticle asks each verified regime for the articles of each rule. A finding without an article
// is an order without a reason.
func TestEveryRuleRestsOnAnArticle(t *testing.T) {
	c, _, _, err := tree.Load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	verified := 0
	for id, regime := range c.Regimes {
		if !regime.TextVerified {
			continue
		}
		verified++
		for _, r := range docs.Rules() {
			if len(regime.RuleBasis[r.ID]) == 0 {
				t.Errorf("%s: rule_basis names no article for %s %s", id, r.ID, r.Title.En)
			}
		}
	}
	if verified == 0 {
		t.Error("no regime is verified")
	}
}

// TestEveryRuleHasACounterExample asks for a broken file of each rule that `odc check` judges; package check proves
// that each is reported.
func TestEveryRuleHasACounterExample(t *testing.T) {
	known := map[string]bool{"R19": true} // judged where files are read
	for _, r := range rule.Rules() {
		known[r.ID] = true
	}
	broken, err := filepath.Glob(filepath.Join(root, docs.Broken, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]int{}
	for _, name := range broken {
		id, _, _ := strings.Cut(filepath.Base(name), "-")
		examples[id]++
		if !known[id] {
			t.Errorf("%s breaks %s, which is no rule of odc check", name, id)
		}
	}
	for id := range known {
		if examples[id] == 0 {
			t.Errorf("%s has no counter-example in %s", id, docs.Broken)
		}
	}
}

// TestEveryCodeIsDocumented compares the codes that packages table and dataset can report with the list of rules.md.
func TestEveryCodeIsDocumented(t *testing.T) {
	reported := map[string]token.Position{}
	for _, folder := range []string{"internal/table", "internal/dataset"} {
		eachFile(t, folder, func(fset *token.FileSet, file *ast.File) {
			for _, code := range codesIn(file) {
				text, err := strconv.Unquote(code.Value)
				if err != nil {
					t.Fatal(err)
				}
				reported[text] = fset.Position(code.Pos())
			}
		})
	}
	var documented []string
	for _, r := range docs.Rules() {
		documented = append(documented, r.ID)
	}
	for _, c := range docs.Codes() {
		documented = append(documented, c.ID)
		// The codes of personal data are put together from the rules of package privacy.
		if _, ok := reported[c.ID]; !ok && !strings.HasPrefix(c.ID, "pii-") {
			t.Errorf("%s is documented, but nothing reports it", c.ID)
		}
	}
	for code, at := range reported {
		if code != "pii-" && !slices.Contains(documented, code) {
			t.Errorf("%s reports %q; document it in internal/docs/codes.go", at, code)
		}
	}
}

var codeShape = regexp.MustCompile(`^"[a-z]+(-[a-z0-9]+)*-?"$`)

// codesIn finds the codes of findings in a file: the value of Rule in a finding, and the first argument of the
// functions that make one.
func codesIn(file *ast.File) []*ast.BasicLit {
	var out []*ast.BasicLit
	take := func(e ast.Expr) {
		if sum, ok := e.(*ast.BinaryExpr); ok {
			e = sum.X
		}
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING && codeShape.MatchString(lit.Value) {
			out = append(out, lit)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
				take(n.Value)
			}
		case *ast.CallExpr:
			name := ""
			switch f := n.Fun.(type) {
			case *ast.Ident:
				name = f.Name
			case *ast.SelectorExpr:
				name = f.Sel.Name
			}
			if slices.Contains([]string{"refuse", "report", "find"}, name) && len(n.Args) > 0 {
				take(n.Args[0])
			}
		}
		return true
	})
	return out
}

// eachFile parses the Go files of a folder below tools, tests left out.
func eachFile(t *testing.T, folder string, visit func(*token.FileSet, *ast.File)) {
	t.Helper()
	fset := token.NewFileSet()
	err := walkGo(folder, func(path string, src []byte) {
		file, err := parser.ParseFile(fset, path, src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		visit(fset, file)
	})
	if err != nil {
		t.Fatal(err)
	}
}
