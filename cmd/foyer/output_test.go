package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestAllThatIsPrintedIsCleaned finds whoever prints past output.go, where all that is printed is cleaned.
func TestAllThatIsPrintedIsCleaned(t *testing.T) {
	printing := []string{
		"fmt.Print", "fmt.Printf", "fmt.Println", "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "io.WriteString", "io.Copy", "json.NewEncoder",
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := f.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "output.go" {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && slices.Contains(printing, x.Name+"."+s.Sel.Name) {
				t.Errorf("%s: %s.%s does not clean; see output.go", set.Position(n.Pos()), x.Name, s.Sel.Name)
			}
			return true
		})
	}
}
