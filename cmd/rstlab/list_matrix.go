package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"rstlab/cases"
)

// matrixObject is a cell as list --matrix --json prints it.
type matrixObject struct {
	State    string            `json:"state"`
	Event    string            `json:"event"`
	Position string            `json:"position"`
	Scenario string            `json:"scenario"`
	Params   map[string]string `json:"params"`
	RFC      cases.Reaction    `json:"rfc"`
	Clause   string            `json:"clause"`
	Stack    string            `json:"stack"`
	Reaction cases.Reaction    `json:"reaction"`
	Why      string            `json:"why,omitempty"` // where the stack differs
}

// printMatrix prints what a RST does on a stack, state × event × position.
func printMatrix(w io.Writer, stack string, asJSON bool) error {
	if !slices.Contains(cases.Stacks(), stack) {
		return wrong("write one of "+strings.Join(cases.Stacks(), ", "), "--stack %s: no stack %q", stack, stack)
	}
	cells := cases.Matrix(stack)
	if !asJSON {
		return writeLines(w, matrixLines(cells, screenOf(w)))
	}
	list := make([]matrixObject, len(cells))
	for i, c := range cells {
		list[i] = matrixObject{
			State: c.State.String(), Event: c.Event, Position: c.Position, Scenario: c.Scenario,
			Params: cases.Bound{Params: c.Params}.Set(), RFC: c.RFC, Clause: c.Clause, Stack: c.Stack, Reaction: c.Reaction, Why: c.Why,
		}
	}
	return writeJSON(w, list, indented)
}

// matrixLines are a table with a row for each state and event, and below it the
// differences between the stack and the RFC, which are numbered.
func matrixLines(cells []cases.Cell, on screen) []string {
	head := []string{"state", "event"}
	for _, p := range cases.Positions() {
		head = append(head, p.Name)
	}
	table := columns{head}
	var notes []string
	var row []string
	for _, c := range cells {
		if row == nil {
			row = []string{c.State.String(), c.Event}
		}
		text := string(c.Reaction)
		if c.Why != "" {
			note := fmt.Sprintf("RFC 9293: %s. %s: %s.", c.RFC, c.Stack, c.Why)
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
			text += fmt.Sprintf(" [%d]", 1+slices.Index(notes, note))
		}
		if row = append(row, text); len(row) == len(head) {
			table, row = append(table, row), nil
		}
	}
	lines := table.lines("")
	lines[0] = on.paint(bold, lines[0])
	lines = append(lines, "")
	for i, note := range notes {
		mark := fmt.Sprintf("[%d] ", i+1)
		lines = append(lines, mark+wrap(note, on.width-len(mark), "    "))
	}
	first := cells[0]
	example := "rstlab run " + first.Scenario + " --set " + first.Params[0].String() + " --set " + first.Params[1].String()
	if first.Stack != cases.DefaultStack {
		example += " --stack " + first.Stack
	}
	return append(lines, "", "A cell is a run of the scenario of its state: "+example)
}
