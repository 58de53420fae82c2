package tcpmodel_test

import (
	"go/ast"
	"go/printer"
	"go/token"
	"slices"
	"strings"
)

// citing knows which functions of the package cite.
type citing struct {
	set   *token.FileSet
	decls map[string][]*ast.FuncDecl
	// exempt are ways that need no clause; used are those that there are.
	exempt map[string]string
	used   map[string]bool
	// always are those of which every way through cites; ifTrue and ifFalse those that
	// cite wherever they return true, or false.
	always, ifTrue, ifFalse map[string]bool
	// ever are those of which some way cites.
	ever map[string]bool
}

// learn finds out about all functions, from those that surely cite to those that call them.
func learn(set *token.FileSet, decls map[string][]*ast.FuncDecl, exempt map[string]string) *citing {
	c := &citing{
		set: set, decls: decls, exempt: exempt, used: map[string]bool{},
		always: map[string]bool{"cite": true, "impossible": true, "panic": true}, ifTrue: map[string]bool{}, ifFalse: map[string]bool{},
		ever: map[string]bool{"cite": true},
	}
	for changed := true; changed; {
		changed = false
		set := func(m map[string]bool, name string, is bool) {
			if is && !m[name] {
				m[name], changed = true, true
			}
		}
		for name, list := range decls {
			always, ifTrue, ifFalse, ever := true, true, true, false
			for _, fn := range list {
				for _, x := range c.exits(fn) {
					always = false
					ifTrue = ifTrue && x.returns == "false"
					ifFalse = ifFalse && x.returns == "true"
				}
				ever = ever || c.mayCite(fn.Body)
			}
			set(c.always, name, always)
			set(c.ifTrue, name, ifTrue)
			set(c.ifFalse, name, ifFalse)
			set(c.ever, name, ever)
		}
	}
	clear(c.used) // what was met before all was known
	return c
}

// mayCite reports whether something in a piece of a function can cite.
func (c *citing) mayCite(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && c.ever[called(call)] {
			found = true
		}
		return !found
	})
	return found
}

// called is the name of what is called; "" for what has none.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// exit is the end of a way through a function on which nothing was cited.
type exit struct {
	pos     token.Pos
	returns string   // "true" or "false"; "" for other values and none
	branch  ast.Expr // the condition of the innermost branch that the way took; nil for none
}

// way follows the ways through one function.
type way struct {
	*citing
	exits  []exit
	breaks []bool // of the loops and switches around: a way that cites nothing leaves here
}

// exits are the ways through a function on which nothing is cited.
func (c *citing) exits(fn *ast.FuncDecl) []exit {
	w := &way{citing: c}
	if w.list(fn.Body.List, true, nil) {
		w.exits = append(w.exits, exit{pos: fn.Body.Rbrace})
	}
	return slices.DeleteFunc(w.exits, func(x exit) bool {
		key := fn.Name.Name + ": " + c.text(x.branch)
		if c.exempt[key] != "" {
			c.used[key] = true
			return true
		}
		return false
	})
}

// silentCases are the cases of the switches in a function on a way through which nothing is
// cited, whatever was cited before or is behind.
func (c *citing) silentCases(fn *ast.FuncDecl) (silent []*ast.CaseClause, all int) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		x, ok := n.(*ast.CaseClause)
		if !ok {
			return true
		}
		all++
		w := &way{citing: c, breaks: []bool{false}}
		if w.list(x.Body, true, nil) || len(w.exits) > 0 {
			key := fn.Name.Name + ": default"
			if len(x.List) > 0 {
				key = fn.Name.Name + ": " + c.text(x.List[0])
			}
			if c.exempt[key] == "" {
				silent = append(silent, x)
			} else {
				c.used[key] = true
			}
		}
		return true
	})
	return silent, all
}

// text is a condition as it is written, on one line; "end" for none.
func (c *citing) text(x ast.Expr) string {
	if x == nil {
		return "end"
	}
	var b strings.Builder
	if err := printer.Fprint(&b, c.set, x); err != nil {
		panic(err)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// list follows statements. silent says that a way on which nothing was cited leads to
// them, and the result that one leads behind them.
func (w *way) list(list []ast.Stmt, silent bool, branch ast.Expr) bool {
	for _, s := range list {
		if !silent {
			return false
		}
		silent = w.statement(s, branch)
	}
	return silent
}

// statement follows one that a silent way leads to.
func (w *way) statement(s ast.Stmt, branch ast.Expr) bool {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		if !w.cites(s) {
			w.exits = append(w.exits, exit{s.Pos(), literal(s), branch})
		}
		return false
	case *ast.BlockStmt:
		return w.list(s.List, true, branch)
	case *ast.IfStmt:
		return w.ifElse(s, branch)
	case *ast.SwitchStmt:
		return w.choice(s, branch)
	case *ast.ForStmt:
		return w.loop(s.Body, branch)
	case *ast.RangeStmt:
		return !w.cites(s.X) && w.loop(s.Body, branch)
	case *ast.BranchStmt:
		if s.Tok == token.BREAK {
			w.breaks[len(w.breaks)-1] = true
		}
		return false // continue: the loop can end as well
	case nil:
		return true
	}
	return !w.cites(s)
}

// loop follows a body that may not be entered.
func (w *way) loop(body *ast.BlockStmt, branch ast.Expr) bool {
	w.breaks = append(w.breaks, false)
	w.list(body.List, true, branch)
	w.breaks = w.breaks[:len(w.breaks)-1]
	return true
}

func (w *way) ifElse(s *ast.IfStmt, branch ast.Expr) bool {
	if s.Init != nil && w.cites(s.Init) {
		return false
	}
	then, other := w.condition(s.Cond)
	silent := !then && w.list(s.Body.List, true, s.Cond)
	if other {
		return silent
	}
	if s.Else == nil {
		return true
	}
	return w.statement(s.Else, branch) || silent
}

// choice follows a switch. One over all states has no way beside its cases.
func (w *way) choice(s *ast.SwitchStmt, branch ast.Expr) bool {
	if s.Init != nil && w.cites(s.Init) || s.Tag != nil && w.cites(s.Tag) {
		return false
	}
	w.breaks = append(w.breaks, false)
	silent, beside, cases := false, true, 0
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		cases += len(c.List)
		taken, not := false, false
		if s.Tag == nil && len(c.List) == 1 {
			taken, not = w.condition(c.List[0])
		}
		var cond ast.Expr
		if len(c.List) > 0 {
			cond = c.List[0]
		}
		if beside && !taken && w.list(c.Body, true, cond) {
			silent = true
		}
		beside = beside && !not && c.List != nil
	}
	silent = silent || w.breaks[len(w.breaks)-1]
	w.breaks = w.breaks[:len(w.breaks)-1]
	const states, timers = 11, 7
	total := cases == states || cases == timers
	return silent || beside && !(s.Tag != nil && total)
}

// condition reports whether what decides a branch cites when it is true, and when it is
// false.
func (w *way) condition(x ast.Expr) (ifTrue, ifFalse bool) {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return w.condition(x.X)
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			t, f := w.condition(x.X)
			return f, t
		}
	case *ast.BinaryExpr:
		at, af := w.condition(x.X)
		bt, bf := w.condition(x.Y)
		switch x.Op {
		case token.LAND:
			return at || bt, af && bf
		case token.LOR:
			return at && bt, af || bf
		}
	case *ast.CallExpr:
		name := called(x)
		return w.always[name] || w.ifTrue[name] && w.ever[name], w.always[name] || w.ifFalse[name] && w.ever[name]
	}
	return w.cites(x), w.cites(x)
}

// cites reports whether a piece without branches surely cites.
func (w *way) cites(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				found = found || w.cites(n.X)
				return false
			}
		case *ast.CallExpr:
			found = found || w.always[called(n)]
		}
		return !found
	})
	return found
}

// literal is what a return gives, when it is true or false.
func literal(s *ast.ReturnStmt) string {
	if len(s.Results) == 1 {
		if id, ok := s.Results[0].(*ast.Ident); ok && slices.Contains([]string{"true", "false"}, id.Name) {
			return id.Name
		}
	}
	return ""
}
