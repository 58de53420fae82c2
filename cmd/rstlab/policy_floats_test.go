package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// exactMath are the functions of package math whose result IEEE 754 defines, or that move
// bits only. What others give is near enough, and not the same on every processor: some have
// an assembly of their own.
var exactMath = []string{
	"Abs", "Ceil", "Copysign", "FMA", "Float32bits", "Float32frombits", "Float64bits", "Float64frombits", "Floor", "Inf",
	"IsInf", "IsNaN", "Max", "Min", "NaN", "Round", "RoundToEven", "Signbit", "Sqrt", "Trunc",
}

// probe is the file that asks the compiler whether it fuses.
const probe = "netsim/fused.go"

// drawing are packages that may use the others: for pictures, where nearly is enough.
var drawing = []string{"rstlab/cases/explore"}

// TestFloatsAreTheSameOnEveryMachine holds what of ours can reach a trace or a verdict to
// arithmetic that no compiler may change, as it is compiled here. Go's specification,
// "Floating-point operators": "An implementation may combine multiple floating-point
// operations into a single fused operation, possibly across statements […] An explicit
// floating-point type conversion rounds to the precision of the target type".
func TestFloatsAreTheSameOnEveryMachine(t *testing.T) {
	packages, exports := compiled(t)
	set := token.NewFileSet()
	from := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	var bad breaches
	defer bad.none(t)
	for _, p := range packages {
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			files = append(files, f)
		}
		info := typesOf(t, set, p.ImportPath, files, from)
		for _, f := range files {
			for _, product := range unrounded(info, f) {
				if strings.HasSuffix(filepath.ToSlash(set.Position(product.Pos()).Filename), "/"+probe) {
					continue
				}
				bad.add("%s: write float64(x*y): what takes this product may be fused with it", set.Position(product.Pos()))
			}
			for _, use := range inexact(info, f) {
				if !slices.Contains(drawing, p.ImportPath) {
					bad.add("%s: math.%s is not the same on every machine", set.Position(use.Pos()), use.Name)
				}
			}
		}
	}
}

// goPackage is a package as go list has it.
type goPackage struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	Module                  *struct{ Main bool }
}

// compiled are our packages, and the export data of all that they import, by path.
func compiled(t *testing.T) (ours []goPackage, exports map[string]string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Module", "./...")
	cmd.Dir, cmd.Stderr = moduleDir, os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	exports = map[string]string{}
	for list := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := list.Decode(&p); errors.Is(err, io.EOF) {
			return ours, exports
		}
		require.NoError(t, err)
		exports[p.ImportPath] = p.Export
		if p.Module != nil && p.Module.Main {
			ours = append(ours, p)
		}
	}
}

// typesOf are the types of the expressions of a package.
func typesOf(t *testing.T, set *token.FileSet, path string, files []*ast.File, from types.Importer) *types.Info {
	t.Helper()
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	_, err := (&types.Config{Importer: from}).Check(path, set, files, info)
	require.NoError(t, err)
	return info
}

// unrounded are the products of floats that may end in a sum without being rounded: all that
// are not converted at once, multiplied or divided on, or compared.
func unrounded(info *types.Info, f *ast.File) (products []ast.Node) {
	isFloat := func(x ast.Expr) bool {
		basic, ok := info.TypeOf(x).Underlying().(*types.Basic)
		return ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0 && info.Types[x].Value == nil
	}
	ast.PreorderStack(f, nil, func(n ast.Node, stack []ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.MUL && isFloat(n) && !rounded(info, stack) {
				products = append(products, n)
			}
		case *ast.AssignStmt:
			if n.Tok == token.MUL_ASSIGN && isFloat(n.Lhs[0]) {
				products = append(products, n)
			}
		}
		return true
	})
	return products
}

// rounded reports whether a product below these nodes is a term of nothing.
func rounded(info *types.Info, stack []ast.Node) bool {
	for _, n := range slices.Backward(stack) {
		switch n := n.(type) {
		case *ast.ParenExpr, *ast.UnaryExpr: // -(x*y)
			continue
		case *ast.CallExpr:
			return info.Types[n.Fun].IsType()
		case *ast.BinaryExpr:
			return n.Op != token.ADD && n.Op != token.SUB
		}
		return false
	}
	return false
}

// inexact are the uses of functions of package math that are not in exactMath.
func inexact(info *types.Info, f *ast.File) (uses []*ast.Ident) {
	ast.Inspect(f, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		fn, ok := info.Uses[id].(*types.Func)
		if ok && fn.Pkg() != nil && fn.Pkg().Path() == "math" && !slices.Contains(exactMath, fn.Name()) {
			uses = append(uses, id)
		}
		return true
	})
	return uses
}

func TestProductsThatMayBeFusedAreFound(t *testing.T) {
	// The examples of the specification, and some more. A line with want holds a breach.
	const text = `package p
func f(x, y, z, r, t float64, p *float64, n int, a seconds) (float64, seconds) {
	r = x*y + z             // want
	r = z; r += x*y         // want
	t = x*y; r = t + z      // want
	*p = x*y; r = *p + z    // want
	r = x*y + float64(z)    // want
	r = float64(x*y) + z
	r = z; r += float64(x*y)
	t = float64(x*y); r = t + z
	r = z - -(x*y)          // want
	r = max(x*y, 1) + z     // want
	r *= y                  // want
	r = x*y/z + 2*3.5 + z
	r = float64(x*y*2) + float64(int(x*y))
	n = n*n + n
	if x*y < z { return 0, 2*a } // want
	return x*y, seconds(2*a)     // want
}
type seconds float64
`
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "p.go", text, parser.SkipObjectResolution)
	require.NoError(t, err)
	var want, got []int
	for i, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "// want") {
			want = append(want, i+1)
		}
	}
	for _, product := range unrounded(typesOf(t, set, "p", []*ast.File{f}, nil), f) {
		got = append(got, set.Position(product.Pos()).Line)
	}
	require.Equal(t, want, got)
}
