package tools

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"strings"
	"testing"
)

// TestEveryExportedNameIsExplained asks for a comment on each exported name of a package; a group of constants may
// share one, and so may the lines of a table that explain themselves beside it.
func TestEveryExportedNameIsExplained(t *testing.T) {
	eachFile(t, "internal", func(fset *token.FileSet, file *ast.File) {
		bare := func(at token.Pos, name string) { t.Errorf("%s: %s has no comment", fset.Position(at), name) }
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && !implements(d) && exportedReceiver(d) {
					bare(d.Pos(), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
							bare(s.Pos(), s.Name.Name)
						}
					case *ast.ValueSpec:
						for _, name := range s.Names {
							if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
								bare(name.Pos(), name.Name)
							}
						}
					}
				}
			}
		}
	})
}

// implements reports whether a method is one whose meaning the standard library fixes.
func implements(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return false
	}
	switch d.Name.Name {
	case "String", "GoString", "Error", "Unwrap", "Is", "Close", "Read", "Write", "ReadAt", "Seek", "Len", "Less", "Swap", "ServeHTTP",
		"MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON":
		return true
	}
	return false
}

// exportedReceiver reports whether a function is seen outside of its package: methods of hidden types are explained
// by the interface that they serve.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return true
		}
	}
}

// TestNoTestIsMuted allows a test to step aside for one reason: -short, where the S3 server is not built.
func TestNoTestIsMuted(t *testing.T) {
	eachTestFile(t, func(fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || f.Sel.Name != "Skip" && f.Sel.Name != "Skipf" && f.Sel.Name != "SkipNow" {
				return true
			}
			if x, ok := f.X.(*ast.Ident); !ok || x.Name != "t" && x.Name != "b" && x.Name != "f" && x.Name != "tb" {
				return true // a method of something else
			}
			if reason, ok := first(call.Args).(*ast.BasicLit); !ok || !strings.HasPrefix(reason.Value, `"-short: `) {
				t.Errorf("%s: a test may be skipped for -short alone, and says so", fset.Position(call.Pos()))
			}
			return true
		})
	})
}

func first(args []ast.Expr) ast.Expr {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

// TestEveryFuzzTargetHasSeeds asks for values to begin with, in the target or below testdata/fuzz: `go test` runs
// them each time, and without any it runs nothing.
func TestEveryFuzzTargetHasSeeds(t *testing.T) {
	targets := 0
	eachTestFile(t, func(fset *token.FileSet, file *ast.File) {
		for _, d := range file.Decls {
			target, ok := d.(*ast.FuncDecl)
			if !ok || target.Recv != nil || !strings.HasPrefix(target.Name.Name, "Fuzz") {
				continue
			}
			targets++
			seeded := false
			ast.Inspect(target.Body, func(n ast.Node) bool {
				if f, ok := n.(*ast.SelectorExpr); ok && f.Sel.Name == "Add" {
					x, ok := f.X.(*ast.Ident)
					seeded = seeded || ok && x.Name == "f"
				}
				return true
			})
			where := fset.Position(target.Pos())
			seeds, err := os.ReadDir(path.Join(path.Dir(where.Filename), "testdata", "fuzz", target.Name.Name))
			if !seeded && (err != nil || len(seeds) == 0) {
				t.Errorf("%s: %s has no seeds", where, target.Name.Name)
			}
		}
	})
	if targets < 10 {
		t.Errorf("only %d fuzz targets were found", targets)
	}
}

// eachTestFile parses the Go files that only tests use: tests themselves and the packages made for them.
func eachTestFile(t *testing.T, visit func(*token.FileSet, *ast.File)) {
	t.Helper()
	fset := token.NewFileSet()
	walkProject(t, func(name string, src []byte) {
		helper := strings.Contains(name, "/storetest/") || strings.Contains(name, "/testrepo/")
		if !strings.HasSuffix(name, "_test.go") && !(helper && strings.HasSuffix(name, ".go")) {
			return
		}
		file, err := parser.ParseFile(fset, path.Join(root, name), src, 0)
		if err != nil {
			t.Fatal(err)
		}
		visit(fset, file)
	})
}
