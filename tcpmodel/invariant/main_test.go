package invariant_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/invariant"
)

// runOf runs a scenario and gives its trace, which keeps the invariants.
func runOf(t *testing.T, text string) *trace.Trace {
	t.Helper()
	s, err := cases.Parse("test.txt", []byte(text))
	require.NoError(t, err)
	b, err := s.Bind(nil)
	require.NoError(t, err)
	r, err := b.Run(cases.RunConfig{KeepTrace: true})
	require.NoError(t, err)
	require.Empty(t, check(r.Trace), "the run itself is good")
	return r.Trace
}

// check checks a run after which nothing is left to happen.
func check(t *trace.Trace) []invariant.Violation {
	c := invariant.New(invariant.Config{})
	end := invariant.End{Idle: true}
	for i := range t.Events {
		c.Event(&t.Events[i]) //nolint:errcheck // it has none
		end.At = t.Events[i].At
	}
	return c.Finish(end)
}

// clone is a copy of a trace whose events can be changed.
func clone(t *trace.Trace) *trace.Trace {
	c := &trace.Trace{Header: t.Header, Events: slices.Clone(t.Events)}
	for i := range c.Events {
		c.Events[i].Packet = c.Events[i].Packet.Clone()
		c.Events[i].Data = slices.Clone(c.Events[i].Data)
	}
	return c
}

// which picks events.
type which func(e *trace.Event) bool

// nth is the n-th event, from 1, that is picked; the last one for 0.
func nth(t *testing.T, tr *trace.Trace, n int, pick which) int {
	t.Helper()
	found := -1
	for i := range tr.Events {
		if !pick(&tr.Events[i]) {
			continue
		}
		found = i
		if n--; n == 0 {
			return i
		}
	}
	require.LessOrEqual(t, n, 0, "the trace has such events")
	require.GreaterOrEqual(t, found, 0, "the trace has such an event")
	return found
}

func packet(kind trace.Kind, host string, flags wire.Flags, data bool) which {
	return func(e *trace.Event) bool {
		s := &e.Packet.TCP
		return e.Kind == kind && e.Host == host && s.Flags.Has(flags) && (!data || len(s.Payload) > 0)
	}
}

func returned(host, op string) which {
	return func(e *trace.Event) bool { return e.Kind == trace.Return && e.Host == host && e.Op == op }
}

func entered(host string, s wire.State) which {
	return func(e *trace.Event) bool { return e.Kind == trace.StateChange && e.Host == host && e.To == s }
}

// insert puts an event behind another. Numbers go on without a gap.
func insert(tr *trace.Trace, i int, e trace.Event) {
	tr.Events = slices.Insert(tr.Events, i+1, e)
	for i := range tr.Events {
		tr.Events[i].Seq = uint64(i + 1)
	}
}

func drop(tr *trace.Trace, i int) {
	tr.Events = slices.Delete(tr.Events, i, i+1)
	for i := range tr.Events {
		tr.Events[i].Seq = uint64(i + 1)
	}
}

const ms = time.Millisecond
