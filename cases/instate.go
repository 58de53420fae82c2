package cases

import (
	"slices"

	"rstlab/netsim/wire"
)

// What a RST does depends on three things: the state of the connection that it
// reaches, where its sequence number lies, and, in one state, its ACK. The
// scenarios rst/in-each-state/STATE are made from the tables here and in
// instate_states.go, so that no cell can be forgotten.

// Reaction is what a connection does with a segment that has the RST flag.
type Reaction string

// The reactions.
const (
	Dropped    Reaction = "dropped"       // without an answer; the connection goes on
	Challenged Reaction = "challenge ACK" // dropped, and answered with <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
	Reset      Reaction = "reset"         // the connection ends, without an answer; back to LISTEN or CLOSED
)

// Cell is a cell of the matrix state × event × position.
type Cell struct {
	State    wire.State
	Event    string // "RST" or "RST+ACK"
	Position string // "exact", "left edge", …; see [Positions]
	// Scenario and Params are what runs it.
	Scenario string
	Params   []Setting
	// RFC is what RFC 9293 wants, and Clause where it says so.
	RFC    Reaction
	Clause string
	// Stack is a stack, Reaction what it does, and Why, where that differs, says
	// what it does instead and where its code decides it.
	Stack    string
	Reaction Reaction
	Why      string
}

// Position is where the sequence number of a segment lies in the window of its
// receiver.
type Position struct {
	Name string
	// Seq is the number, in the notation of the step inject.
	Seq string
	// Outside says that no number of the window is meant: RFC 9293 section
	// 3.10.7.4, "RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND".
	Outside bool
}

// Positions are the positions of the matrix, from left to right.
func Positions() []Position { return slices.Clone(positions) }

var positions = []Position{
	{Name: "left edge", Seq: "n-1", Outside: true},
	{Name: "exact", Seq: "n0"},
	{Name: "inside", Seq: "n100"},
	{Name: "right edge", Seq: "wnd0", Outside: true},
	{Name: "outside", Seq: "wnd1000", Outside: true},
}

// rstEvent is a kind of segment that resets.
type rstEvent struct {
	name  string
	flags string // in the notation of the step inject
}

// rstEvents are the events of the matrix. The ACK of the second acknowledges all
// that the receiver has sent.
var rstEvents = []rstEvent{{"RST", "R"}, {"RST+ACK", "RA"}}

// Events are the names of the events of the matrix.
func Events() []string { return []string{rstEvents[0].name, rstEvents[1].name} }

// Matrix is every cell for one of [Stacks], by state in the order of RFC 9293,
// event and position.
func Matrix(stack string) []Cell {
	var cells []Cell
	for i := range rstStates {
		s := &rstStates[i]
		for _, e := range rstEvents {
			for _, p := range positions {
				cells = append(cells, s.cell(stack, e, p))
			}
		}
	}
	return cells
}

func (s *rstState) cell(stack string, e rstEvent, p Position) Cell {
	c := Cell{
		Stack: stack,
		State: s.state, Event: e.name, Position: p.Name, Scenario: s.scenario(),
		Params: []Setting{{Name: "seq", Value: WordValue(p.Seq)}, {Name: "flags", Value: WordValue(e.flags)}},
	}
	c.RFC, c.Clause = rfcReaction(s.state, e, p)
	c.Reaction = c.RFC
	for _, d := range rstDeviations[profileName(stack)] {
		if slices.Contains(d.states, s.state) && slices.Contains(d.positions, p.Name) && (d.event == "" || d.event == e.name) {
			c.Reaction, c.Why = d.reaction, d.why
		}
	}
	return c
}

// rfcReaction is what RFC 9293 section 3.10.7 has a connection do, with RFC 5961
// section 3.2, which it contains.
func rfcReaction(state wire.State, e rstEvent, p Position) (Reaction, string) {
	switch state {
	case wire.Closed:
		// "An incoming segment containing a RST is discarded."
		return Dropped, "RFC9293-3.10.7.1"
	case wire.Listen:
		// "An incoming RST segment could not be valid since it could not have been
		// sent in response to anything sent by this incarnation of the connection.
		// An incoming RST should be ignored."
		return Dropped, "RFC9293-3.10.7.2"
	case wire.SynSent:
		// "A TCP implementation that supports the mitigation described in RFC 5961
		// SHOULD first check that the sequence number exactly matches RCV.NXT prior
		// to executing the action in the next paragraph." And there: "If the ACK was
		// acceptable, then signal to the user 'error: connection reset', drop the
		// segment, enter CLOSED state, delete TCB, and return. Otherwise (no ACK),
		// drop the segment and return."
		// No window was announced yet, so its right edge is RCV.NXT too.
		if e.flags == "RA" && (p.Seq == "n0" || p.Seq == "wnd0") {
			return Reset, "RFC9293-3.10.7.3"
		}
		return Dropped, "RFC9293-3.10.7.3"
	}
	// "1) If the RST bit is set and the sequence number is outside the current
	// receive window, silently drop the segment. 2) If the RST bit is set and the
	// sequence number exactly matches the next expected sequence number (RCV.NXT),
	// then TCP endpoints MUST reset the connection in the manner prescribed below
	// according to the connection state. 3) If the RST bit is set and the sequence
	// number does not exactly match the next expected sequence value, yet is within
	// the current receive window, TCP endpoints MUST send an acknowledgment
	// (challenge ACK)."
	const clause = "RFC9293-3.10.7.4"
	switch {
	case p.Outside:
		return Dropped, clause
	case p.Seq == "n0":
		return Reset, clause
	}
	return Challenged, clause
}
