package invariant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/invariant"
)

// traceOf is the trace of a scenario that shows a known deviation.
func traceOf(t *testing.T, name string) *trace.Trace {
	t.Helper()
	s, err := cases.ReadFile("../../cases/fuzz/testdata/known/" + name + ".txt")
	require.NoError(t, err)
	b, err := s.Bind(nil)
	require.NoError(t, err)
	r, err := b.Run(cases.RunConfig{KeepTrace: true})
	require.NoError(t, err)
	found := check(r.Trace)
	require.NotEmpty(t, found)
	require.Empty(t, invariant.Unknown(found))
	return clone(r.Trace)
}

// TestAnOldCookieIsOneThatWasSent: a half-open connection is excused for the ACK of a SYN
// cookie only, and not for that of the SYN,ACK of another connection, nor is another engine.
func TestAnOldCookieIsOneThatWasSent(t *testing.T) {
	const name = "state-has-cause--old-cookie"
	cookie := func(e *trace.Event) bool {
		return e.Kind == trace.Sent && e.Host == "server" && e.Packet.TCP.Flags.Has(wire.SYN) && e.Number == 4
	}

	tr := traceOf(t, name) // the cookie is the SYN,ACK of a half-open connection now
	i := nth(t, tr, 1, cookie)
	e := tr.Events[nth(t, tr, 2, entered("server", wire.SynReceived))]
	e.At = tr.Events[i].At
	insert(tr, i, e)
	tr.Events[nth(t, tr, 2, entered("server", wire.Established))].From = wire.SynReceived
	requireUnknown(t, check(tr), "state-has-cause", "no acknowledgment of the SYN was delivered")

	tr = traceOf(t, name) // what comes has another number
	late := nth(t, tr, 2, entered("server", wire.SynReceived))
	for i := range tr.Events[late:] {
		e := &tr.Events[late+i]
		if packet(trace.Delivered, "server", wire.ACK, false)(e) {
			e.Packet.TCP.Ack += 100
		}
	}
	requireUnknown(t, check(tr), "state-has-cause", "no acknowledgment of the SYN was delivered")

	tr = traceOf(t, name)
	found := invariant.Check(tr, invariant.Config{Engines: map[string]string{"server": "linux"}})
	requireUnknown(t, found, "state-has-cause", "is that of a SYN cookie")
}

// TestAWindowShrinksByScalesOnly: a late cookie excuses that a window is not scaled, and
// not a smaller one.
func TestAWindowShrinksByScalesOnly(t *testing.T) {
	tr := traceOf(t, "window-not-shrunk--late-cookie--offered-in-SYN-RECEIVED")
	v := check(tr)[0]
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Seq == v.Seq {
			e.Packet.TCP.Window--
		}
	}
	requireUnknown(t, check(tr), "window-not-shrunk", "back to 228")
}

// TestAShutListenerHasNoConnection: a RST for a half-open connection is not for the
// listener.
func TestAShutListenerHasNoConnection(t *testing.T) {
	tr := traceOf(t, "no-rst-for-rst--shut-listener--SYN-cookie")
	i := nth(t, tr, 1, packet(trace.Sent, "server", wire.SYN, false))
	p := &tr.Events[i].Packet
	insert(tr, i, trace.Event{
		Kind: trace.StateChange, At: tr.Events[i].At, Host: "server", From: wire.Listen, To: wire.SynReceived,
		Local: p.Source(), Remote: p.Destination(),
	})
	requireUnknown(t, check(tr), "no-rst-for-rst", "a RST is the answer to a RST")
}

// requireUnknown requires a violation that no deviation explains.
func requireUnknown(t *testing.T, found []invariant.Violation, name, message string) {
	t.Helper()
	for _, v := range invariant.Unknown(found) {
		if v.Invariant.Name == name {
			require.Contains(t, v.Message, message)
			return
		}
	}
	require.Fail(t, "nothing is unknown", "%s: %v", name, found)
}
