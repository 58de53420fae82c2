package cases_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// TestMatrixHasEveryCell: every state, event and position, once, in order.
func TestMatrixHasEveryCell(t *testing.T) {
	for _, stack := range cases.Stacks() {
		cells := cases.Matrix(stack)
		i := 0
		for state := range wire.State(wire.NumStates) {
			for _, event := range []string{"RST", "RST+ACK"} {
				for _, position := range []string{"left edge", "exact", "inside", "right edge", "outside"} {
					c := cells[i]
					require.Equal(t, []string{stack, state.String(), event, position}, []string{c.Stack, c.State.String(), c.Event, c.Position})
					i++
				}
			}
		}
		require.Len(t, cells, i)
	}
}

// TestEveryCellHasAnExample: what the scenario of a state expects of a cell is
// there, and is what distinguishes an end from the rest.
func TestEveryCellHasAnExample(t *testing.T) {
	cells := cases.Matrix(cases.DefaultStack)
	for _, c := range cells {
		s, err := cases.Load(c.Scenario)
		require.NoError(t, err)
		want := exampleOf(t, s, c).Want.String()
		for _, other := range cells {
			if other.State == c.State {
				same := exampleOf(t, s, other).Want.String() == want
				ends := (c.Reaction == cases.Reset) == (other.Reaction == cases.Reset)
				require.Equal(t, ends, same, "%s: %s %s and %s %s", c.State, c.Event, c.Position, other.Event, other.Position)
			}
		}
	}
}

// TestAStackHasExamplesWhereItIsNotLikeNetstack, and only there.
func TestAStackHasExamplesWhereItIsNotLikeNetstack(t *testing.T) {
	netstack := cases.Matrix(cases.DefaultStack)
	want := map[string]int{}
	for _, c := range netstack {
		want[c.Scenario]++
	}
	for _, stack := range cases.Stacks() {
		for i, c := range cases.Matrix(stack) {
			if c.Reaction == netstack[i].Reaction {
				continue
			}
			s, err := cases.Load(c.Scenario)
			require.NoError(t, err)
			exampleOf(t, s, c)
			want[c.Scenario]++
		}
	}
	for name, n := range want {
		s, err := cases.Load(name)
		require.NoError(t, err)
		require.Len(t, s.Examples, n, name)
	}
}

// exampleOf is the example with the stack and the parameters of a cell.
func exampleOf(t *testing.T, s *cases.Scenario, c cases.Cell) cases.Example {
	for _, e := range s.Examples {
		b, err := s.BindExample(e)
		require.NoError(t, err)
		set := b.Set()
		if e.Stack.Name == c.Stack && set["seq"] == c.Params[0].Value.String() && set["flags"] == c.Params[1].Value.String() {
			return e
		}
	}
	require.Fail(t, "no example", "%s: %s %s on %s", c.Scenario, c.Event, c.Position, c.Stack)
	return cases.Example{}
}

// TestEveryCellReactsAsTheMatrixSays looks at the segments, on every stack: the
// RST meets the state that it is for, nothing answers it but a challenge, and it
// ends the connection or does not.
func TestEveryCellReactsAsTheMatrixSays(t *testing.T) {
	for _, stack := range cases.Stacks() {
		for _, c := range cases.Matrix(stack) {
			name := c.Stack + ": " + c.Scenario + " " + c.Event + " " + c.Position
			s, err := cases.Load(c.Scenario)
			require.NoError(t, err)
			b, err := s.Bind(map[string]string{"seq": c.Params[0].Value.String(), "flags": c.Params[1].Value.String()})
			require.NoError(t, err)
			r := run(t, b, cases.RunConfig{KeepTrace: true, Stacks: map[string]string{"": stack}})
			before, after, answer := aroundTheForgery(t, r.Trace)

			switch c.State {
			case wire.Listen: // the old connection is gone; the example shows that the port listens
				require.Equal(t, wire.Closed, before, name)
			default:
				require.Equal(t, c.State, before, name)
			}
			switch c.Reaction {
			case cases.Dropped:
				require.Empty(t, answer, name)
				require.Equal(t, before, after, name)
			case cases.Challenged:
				require.Len(t, answer, 1, name)
				require.Equal(t, wire.ACK, answer[0].Flags, name)
				require.Empty(t, answer[0].Payload, name)
				require.Equal(t, before, after, name)
			case cases.Reset:
				require.Empty(t, answer, name)
				require.Equal(t, wire.Closed, after, name)
			}
			require.Equal(t, c.RFC == c.Reaction, c.Why == "", "%s: a reason where there is a difference, and only there", name)
		}
	}
}

// aroundTheForgery finds the forged segment in a trace, the state of the
// connection that it belongs to before and after it, and what its receiver
// answers at that moment.
func aroundTheForgery(t *testing.T, tr *trace.Trace) (before, after wire.State, answer []wire.Segment) {
	forged := -1
	for i, e := range tr.Events {
		if e.Kind == trace.Injected {
			require.Equal(t, -1, forged, "one segment is forged")
			forged = i
		}
	}
	require.GreaterOrEqual(t, forged, 0)
	packet := tr.Events[forged].Packet
	local := packet.Destination()
	remote := packet.Source()
	for i, e := range tr.Events {
		switch {
		case e.Kind == trace.StateChange && e.Local == local && e.Remote == remote:
			if i < forged {
				before, after = e.To, e.To
			} else if e.At == tr.Events[forged].At {
				after = e.To
			}
		case e.Kind == trace.Sent && i > forged && e.At == tr.Events[forged].At && e.Packet.Src == packet.Dst:
			answer = append(answer, e.Packet.TCP)
		}
	}
	return before, after, answer
}
