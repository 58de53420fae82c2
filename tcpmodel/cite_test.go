package tcpmodel_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/tcpmodel"
)

// TestEveryBranchOfAnArrivalNamesItsClause demands that each case of a switch in
// the files that process segments, calls that close and time-outs cites a clause,
// in itself or in all of its branches, or calls what does.
func TestEveryBranchOfAnArrivalNamesItsClause(t *testing.T) {
	names, err := filepath.Glob("arrives_*.go")
	require.NoError(t, err)
	names = append(names, "open.go", "send.go", "receive.go", "close.go", "abort.go")
	all := map[string]*ast.FuncDecl{}
	set := token.NewFileSet()
	everything, err := filepath.Glob("*.go")
	require.NoError(t, err)
	files := map[string]*ast.File{}
	for _, name := range everything {
		f, err := parser.ParseFile(set, name, nil, 0)
		require.NoError(t, err)
		files[name] = f
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				all[fn.Name.Name] = fn
			}
		}
	}
	citing := map[string]bool{"cite": true, "impossible": true}
	for changed := true; changed; {
		changed = false
		for name, fn := range all {
			if !citing[name] && cites(fn.Body.List, citing) {
				citing[name], changed = true, true
			}
		}
	}
	branches := 0
	for _, name := range names {
		for _, d := range files[name].Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil || !onState(fn, citing) {
				continue
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				c, ok := n.(*ast.CaseClause)
				if !ok {
					return true
				}
				branches++
				require.True(t, cites(c.Body, citing), "%s: the case cites no clause", set.Position(c.Pos()))
				return true
			})
		}
	}
	require.Greater(t, branches, 60)
}

// onState reports whether a function decides what the endpoint does: it, or what
// it calls, cites. Functions that only answer a question do not.
func onState(fn *ast.FuncDecl, citing map[string]bool) bool {
	found := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && citing[sel.Sel.Name] {
				found = true
			}
		}
		return true
	})
	return found
}

// cites reports whether statements cite whichever way they go on: one of them
// does, or all branches of one do.
func cites(list []ast.Stmt, citing map[string]bool) bool {
	for _, s := range list {
		found := false
		ast.Inspect(s, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && citing[sel.Sel.Name] {
					found = true
				}
			}
			return true
		})
		if found {
			return true
		}
	}
	return false
}

func TestClausesAreUniqueAndQuoted(t *testing.T) {
	seen := map[string]bool{}
	for c := tcpmodel.Clause(0); c < tcpmodel.NumClauses; c++ {
		require.Regexp(t, `^(RFC\d+|LINUX|SOCKET)-[A-Z0-9.-]+$`, c.ID())
		require.False(t, seen[c.ID()], c.ID())
		seen[c.ID()] = true
		require.Greater(t, len(c.Text()), 20, c.ID())
		back, ok := tcpmodel.ClauseByID(c.ID())
		require.True(t, ok)
		require.Equal(t, c, back)
	}
	_, ok := tcpmodel.ClauseByID("RFC0-0")
	require.False(t, ok)
	require.Equal(t, "CLAUSE-250", tcpmodel.Clause(250).ID())
	require.Empty(t, tcpmodel.Clause(250).Text())
}
