package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// module is the path of this module, moduleDir where it is from here.
const (
	module    = "rstlab"
	moduleDir = "../.."
)

// mayImport says which packages of ours a package may import, tests aside:
// commands stand above scenarios, these above the simulator, and the pure
// packages below everything. A name that ends in /* is every package below. A
// new package needs a line here: think about where it stands.
var mayImport = map[string][]string{
	"netsim/vtime":       {},
	"netsim/wire":        {},
	"netsim/link":        {"netsim/wire"},
	"netsim/trace":       {"netsim/wire"},
	"netsim/engine":      {"netsim/wire"},
	"netsim/middlebox":   {"netsim/wire"},
	"netsim/fingerprint": {},
	"netsim/netstack":    {"netsim/engine", "netsim/fingerprint", "netsim/vtime", "netsim/wire"},
	"netsim/modelstack": {
		"netsim/engine", "netsim/fingerprint", "netsim/vtime", "netsim/wire", "tcpmodel",
	},
	"netsim": {
		"netsim/engine", "netsim/fingerprint", "netsim/link", "netsim/middlebox", "netsim/netstack", "netsim/trace", "netsim/vtime", "netsim/wire",
	},
	"netsim/bubble":      {"netsim", "netsim/*"},
	"tcpmodel":           {"netsim/trace", "netsim/wire"},
	"tcpmodel/invariant": {"netsim/trace", "netsim/wire"},
	"tcpmodel/mutation":  {},
	"tcpmodel/oracle":    {"netsim/trace", "netsim/wire", "tcpmodel"},
	"cases":              {"netsim", "netsim/*", "tcpmodel"},
	"cases/audit":        {"cases", "netsim/trace", "tcpmodel/invariant", "tcpmodel/oracle"},
	"cases/explore":      {"cases", "cases/shrink", "netsim", "netsim/*", "tcpmodel"},
	"cases/truth":        {"cases", "netsim/link", "netsim/trace", "netsim/wire"},
	"cases/truth/record": {"cases/truth", "netsim/link", "netsim/wire"},
	"cases/fuzz":         {"cases", "cases/audit", "cases/gen", "cases/shrink", "netsim", "netsim/trace", "netsim/wire", "tcpmodel", "tcpmodel/invariant", "tcpmodel/oracle"},
	"cases/gen":          {"cases", "netsim/link"},
	"cases/shrink":       {"cases", "netsim/link"},
	"cmd/rstlab":         {"cases", "cases/audit", "cases/explore", "cases/fuzz", "cases/gen", "cases/truth", "cases/truth/record", "netsim", "netsim/trace", "netsim/wire", "tcpmodel", "tcpmodel/invariant", "tcpmodel/oracle"},

	// Helpers of tests.
	"cases/casestest":      {"cases", "netsim/link"},
	"netsim/wire/wiretest": {"netsim/wire"},
}

// users says which packages may import a module of somebody else, tests aside.
// Packages whose name ends in test are helpers of tests.
var users = map[string][]string{
	"gvisor.dev/gvisor":               {"netsim/netstack", "netsim/vtime", "netsim/wire"},
	"github.com/cespare/xxhash":       {"netsim/trace"},
	"github.com/gopacket/gopacket":    {"netsim/trace"},
	"github.com/rogpeppe/go-internal": {"cmd/rstlab"},
	"github.com/schollz/progressbar":  {"cmd/rstlab"},
	"github.com/spf13/cobra":          {"cmd/rstlab"},
	"github.com/spf13/pflag":          {"cmd/rstlab"},
	"golang.org/x/sys":                {"cases/truth/record"},
	"golang.org/x/sync":               {"cases/explore", "cmd/rstlab"},
	"golang.org/x/term":               {"cmd/rstlab"},
	"gonum.org/v1/plot":               {"cases/explore"},
	"testing":                         {"netsim/bubble"},

	"github.com/stretchr/testify": {},
	"go.uber.org/goleak":          {},
	"pgregory.net/rapid":          {},
}

// isTestHelper reports whether a package is one that only tests import.
func isTestHelper(dir string) bool { return strings.HasSuffix(dir, "test") }

// sourceFile is a Go file of the module.
type sourceFile struct {
	name string // from the module's root, with slashes
	dir  string // its package
	text []byte
	ast  *ast.File
}

func (f *sourceFile) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

// place is where something in the file is: "file:line".
func (f *sourceFile) place(set *token.FileSet, pos token.Pos) string {
	return f.name + ":" + strconv.Itoa(set.Position(pos).Line)
}

// source is all Go files of the module, whatever their build constraints.
func source(t *testing.T) (*token.FileSet, []*sourceFile) {
	t.Helper()
	set := token.NewFileSet()
	var all []*sourceFile
	root := os.DirFS(moduleDir)
	require.NoError(t, fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() && name != "." && (strings.HasPrefix(base, ".") || base == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(set, filepath.Join(moduleDir, name), text, parser.ParseComments|parser.SkipObjectResolution)
		all = append(all, &sourceFile{name: name, dir: path.Dir(name), text: text, ast: tree})
		return err
	}))
	return set, all
}

// breaches collects what a policy forbids, so that a test names it all at once.
type breaches []string

func (b *breaches) add(format string, args ...any) { *b = append(*b, fmt.Sprintf(format, args...)) }

func (b *breaches) none(t *testing.T) {
	t.Helper()
	require.Empty(t, strings.Join(*b, "\n"))
}

func TestImportsGoInOneDirection(t *testing.T) {
	set, all := source(t)
	var bad breaches
	defer bad.none(t)
	for _, f := range all {
		if f.isTest() {
			continue
		}
		allowed, known := mayImport[f.dir]
		if !known {
			bad.add("%s: package %s has no line in mayImport", f.name, f.dir)
		}
		for _, spec := range f.ast.Imports {
			imported, ours := strings.CutPrefix(importPath(spec), module+"/")
			if !ours {
				continue
			}
			ok := slices.ContainsFunc(allowed, func(a string) bool {
				below, tree := strings.CutSuffix(a, "*")
				return a == imported || tree && strings.HasPrefix(imported, below)
			})
			if !ok {
				bad.add("%s: %s must not import %s", f.place(set, spec.Pos()), f.dir, imported)
			}
		}
	}
}

func TestOtherModulesAreImportedOnlyWhereTheyBelong(t *testing.T) {
	set, all := source(t)
	var bad breaches
	defer bad.none(t)
	for _, f := range all {
		if f.isTest() || isTestHelper(f.dir) {
			continue
		}
		for _, spec := range f.ast.Imports {
			imported := importPath(spec)
			if standard(imported) || strings.HasPrefix(imported, module+"/") {
				continue
			}
			var by []string
			for name, packages := range users {
				if imported == name || strings.HasPrefix(imported, name+"/") {
					by = packages
				}
			}
			if !slices.Contains(by, f.dir) {
				bad.add("%s: %s must not import %s", f.place(set, spec.Pos()), f.dir, imported)
			}
		}
	}
}

func importPath(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	check(err)
	return name
}

// standard reports whether a package is of Go's library, and one that anything
// may import.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".") && first != "testing" && first != module
}

func TestEveryPackageHasADoc(t *testing.T) {
	const words = 30 // that at least it takes to say something
	_, all := source(t)
	var bad breaches
	defer bad.none(t)
	docs := map[string]string{}
	for _, f := range all {
		doc := f.ast.Doc.Text()
		switch {
		case f.isTest():
		case doc == "":
			docs[f.dir] += ""
		case path.Base(f.name) == "doc.go" || isTestHelper(f.dir):
			docs[f.dir] = doc
		default:
			bad.add("%s: the doc of a package stands in doc.go", f.name)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(docs)) {
		want := "Package " + path.Base(dir) + " "
		if strings.HasPrefix(dir, "cmd/") {
			want = "Command " + path.Base(dir) + " "
		}
		switch doc := docs[dir]; {
		case !strings.HasPrefix(doc, want):
			bad.add("%s: no doc.go that begins with %q", dir, want)
		case len(strings.Fields(doc)) < words:
			bad.add("%s/doc.go says too little", dir)
		}
	}
}

// selfEvident are methods whose name says what they do by a convention of Go.
var selfEvident = []string{"Error", "Is", "String", "Unwrap", "Write", "Len", "Less", "Swap", "Push", "Pop"}

func TestExportedIdentifiersHaveDocs(t *testing.T) {
	set, all := source(t)
	var bad breaches
	defer bad.none(t)
	for _, f := range all {
		if f.isTest() || f.ast.Name.Name == "main" {
			continue
		}
		for _, decl := range f.ast.Decls {
			for _, name := range undocumented(decl) {
				bad.add("%s: %s has no doc comment", f.place(set, name.Pos()), name.Name)
			}
		}
	}
}

// undocumented are the exported names that a declaration leaves without a doc.
func undocumented(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		exported := d.Name.IsExported() && (d.Recv == nil || receiver(d).IsExported() && !slices.Contains(selfEvident, d.Name.Name))
		if exported && d.Doc.Text() == "" {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var bare []*ast.Ident
		for _, spec := range d.Specs {
			bare = append(bare, undocumentedSpec(d, spec)...)
		}
		return bare
	}
	return nil
}

// undocumentedSpec does the same for a part of a declaration. The doc of a group
// of constants or variables is good for all of them.
func undocumentedSpec(d *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Doc.Text() == "" && (d.Lparen.IsValid() || d.Doc.Text() == "") {
			names = []*ast.Ident{s.Name}
		}
	case *ast.ValueSpec:
		if s.Doc.Text() == "" && s.Comment.Text() == "" && d.Doc.Text() == "" {
			names = s.Names
		}
	}
	return slices.DeleteFunc(slices.Clone(names), func(n *ast.Ident) bool { return !n.IsExported() })
}

// receiver is the name of the type that a method belongs to.
func receiver(d *ast.FuncDecl) *ast.Ident {
	at := d.Recv.List[0].Type
	for {
		switch x := at.(type) {
		case *ast.StarExpr:
			at = x.X
		case *ast.IndexExpr:
			at = x.X
		case *ast.IndexListExpr:
			at = x.X
		case *ast.Ident:
			return x
		}
	}
}
