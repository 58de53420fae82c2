package cases

import (
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a scenario file. Line and Col count from 1, Col in
// characters. The zero Pos is "nowhere", as of a scenario built by a program.
// Positions never count when scenarios are compared.
type Pos struct {
	File string
	Line int
	Col  int
}

// String is "file:line:col"; "file" without a line, "" for nowhere.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.File == "":
		return fmt.Sprintf("%d:%d", p.Line, p.Col)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

func comparePos(a, b Pos) int {
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Col - b.Col
}

// Error is one mistake in a scenario.
type Error struct {
	Pos     Pos
	Problem string // what is wrong
	Remedy  string // what to do about it
}

// Error is "file:line:col: problem; remedy".
func (e *Error) Error() string {
	text := e.Problem
	if e.Remedy != "" {
		text += "; " + e.Remedy
	}
	if place := e.Pos.String(); place != "" {
		text = place + ": " + text
	}
	return text
}

// Errors are all mistakes found in a scenario, sorted by position: at least
// one, at most about a hundred. Use [errors.As] to get them from an error.
type Errors []*Error

// Error is one line a mistake.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, mistake := range e {
		lines[i] = mistake.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single mistakes to [errors.As].
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, mistake := range e {
		all[i] = mistake
	}
	return all
}

// maxErrors is how many mistakes are reported, so that garbage does not fill
// the memory and the screen.
const maxErrors = 100

// report collects mistakes.
type report struct{ errs Errors }

func (r *report) full() bool { return len(r.errs) >= maxErrors }

// add reports a mistake. Format arguments belong to the problem.
func (r *report) add(pos Pos, remedy, problem string, args ...any) {
	if r.full() {
		return
	}
	if len(args) > 0 {
		problem = fmt.Sprintf(problem, args...)
	}
	r.errs = append(r.errs, &Error{Pos: pos, Problem: problem, Remedy: remedy})
}

// err is nil, or what was reported, sorted, with one mistake a place: of
// several at one place all but the first follow from it.
func (r *report) err() error {
	if len(r.errs) == 0 {
		return nil
	}
	slices.SortStableFunc(r.errs, func(a, b *Error) int { return comparePos(a.Pos, b.Pos) })
	r.errs = slices.CompactFunc(r.errs, func(a, b *Error) bool { return a.Pos.Line > 0 && a.Pos == b.Pos })
	if r.full() {
		r.errs = append(r.errs, &Error{
			Pos:     r.errs[len(r.errs)-1].Pos,
			Problem: "there may be more mistakes",
			Remedy:  "mend these first",
		})
	}
	return r.errs
}
