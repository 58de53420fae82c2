package invariant_test

import (
	"net/netip"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/invariant"
)

func TestEveryInvariantHasItsSource(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	source := regexp.MustCompile(`^(RFC[0-9]+-[0-9.]+|POSIX [a-z]+)$`)
	seen := map[string]bool{}
	for _, i := range invariant.All() {
		require.Regexp(t, name, i.Name)
		require.False(t, seen[i.Name], i.Name)
		seen[i.Name] = true
		require.Regexp(t, source, i.Source, i.Name)
		require.Regexp(t, `^[A-Z].*\.$`, i.Rule, i.Name)
		require.Regexp(t, `^["\[A-Z].*\.$`, i.Quote, i.Name)
	}
	for _, d := range invariant.Deviations() {
		require.True(t, seen[d.Invariant], "a deviation from %s", d.Invariant)
		require.NotEmpty(t, d.Case, "%s: a deviation is one way to break it, not all", d.Invariant)
	}
}

func TestAViolationSaysWhatAndWhere(t *testing.T) {
	tr := clone(runOf(t, reset))
	i := nth(t, tr, 1, entered("client", wire.Closed))
	drop(tr, i)
	v := check(tr)[0]
	require.Equal(t, "exact-rst-ends", v.Invariant.Name)
	require.Equal(t, "client", v.Host)
	require.Equal(t, netip.MustParseAddr("10.0.0.1"), v.Local.Addr())
	require.EqualValues(t, 80, v.Remote.Port())
	require.Equal(t, 3, v.FD)
	require.Nil(t, v.Known)
	require.Regexp(t, `^event \d+ at 90ms: client 10\.0\.0\.1:\d+ > 10\.0\.0\.2:80 \[3\]: exact-rst-ends: `+
		`in ESTABLISHED the RST has SEQ = RCV\.NXT, and the connection lives on \(RFC9293-3\.10\.7\.4\)$`, v.Error())
}

// TestADeviationIsOfItsEngineOnly: what netstack is known for is no excuse for
// another.
func TestADeviationIsOfItsEngineOnly(t *testing.T) {
	s, err := cases.ReadFile("../../cases/fuzz/testdata/known/window-not-shrunk--SYN-cookie.txt")
	require.NoError(t, err)
	b, err := s.Bind(nil)
	require.NoError(t, err)
	r, err := b.Run(cases.RunConfig{KeepTrace: true})
	require.NoError(t, err)

	found := invariant.Check(r.Trace, invariant.Config{})
	require.NotEmpty(t, found)
	require.Empty(t, invariant.Unknown(found))
	require.Equal(t, "netstack", found[0].Known.Engine)
	require.Contains(t, found[0].Error(), "known of netstack: pkg/tcpip/transport/tcp/accept.go")

	other := invariant.Check(r.Trace, invariant.Config{Engines: map[string]string{"server": "linux"}})
	require.Len(t, other, len(found))
	require.Equal(t, other, invariant.Unknown(other))
}

// TestASYNCookieIsOneThatWasSent: the ACK that opens a connection without a handshake has
// the numbers of a SYN,ACK of its host, both as far behind, or one with another MSS.
func TestASYNCookieIsOneThatWasSent(t *testing.T) {
	for _, c := range []struct {
		seq, ack uint32
		known    bool
	}{
		{0, 100, false},
		{100, 0, false},
		{100, 100, true},
		{4, 0, false},
		{3, 0, true},
		{0, 3, true},
		{0, 4, false},
	} {
		tr := clone(runOf(t, orderly))
		drop(tr, nth(t, tr, 1, entered("server", wire.SynReceived)))
		i := nth(t, tr, 1, entered("server", wire.Established))
		tr.Events[i].From = wire.Listen
		last := &tr.Events[nth(t, tr, 1, packet(trace.Delivered, "server", wire.ACK, false))].Packet.TCP
		last.Seq, last.Ack = last.Seq+c.seq, last.Ack+c.ack
		found := check(tr)
		require.NotEmpty(t, found, c)
		require.Equal(t, "state-has-cause", found[0].Invariant.Name, c)
		require.Equal(t, tr.Events[i].Seq, found[0].Seq, c)
		require.Equal(t, c.known, found[0].Known != nil, c)
	}
}

func TestOnlyTheFirstOfARuleIsReported(t *testing.T) {
	tr := clone(runOf(t, orderly))
	for i := range tr.Events {
		if packet(trace.Sent, "client", wire.ACK, false)(&tr.Events[i]) {
			tr.Events[i].Packet.TCP.Ack += 100
		}
	}
	found := check(tr)
	names := map[string]int{}
	for _, v := range found {
		names[v.Invariant.Name]++
	}
	require.Equal(t, 1, names["ack-only-received"])
}

func TestTheBoundIsTheSumOfItsParts(t *testing.T) {
	require.Equal(t, 17*120*time.Second+2*time.Minute, invariant.Config{}.Bound())
	cfg := invariant.Config{MaxRTO: 60 * time.Second, Retries: 3, FinWait2: time.Second, TimeWait: 4 * time.Minute}
	require.Equal(t, 5*time.Minute+time.Second+4*time.Minute, cfg.Bound())
}

// TestWhatIsNotClosedInTimeIsReported, and not before, when something may still
// happen.
func TestWhatIsNotClosedInTimeIsReported(t *testing.T) {
	tr := clone(runOf(t, orderly))
	drop(tr, nth(t, tr, 1, entered("client", wire.Closed)))
	closed := tr.Events[nth(t, tr, 0, returned("client", "close"))].At
	finish := func(at time.Duration) []invariant.Violation {
		c := invariant.New(invariant.Config{})
		for i := range tr.Events {
			require.NoError(t, c.Event(&tr.Events[i]))
		}
		return c.Finish(invariant.End{At: at})
	}
	bound := invariant.Config{}.Bound()
	require.Empty(t, finish(closed+bound))
	found := finish(closed + bound + 100*ms)
	require.Len(t, found, 1)
	require.Contains(t, found[0].Message, "still in TIME-WAIT")
}

// TestAnOpenSocketIsNoViolation: nobody has closed, so nothing has to end.
func TestAnOpenSocketIsNoViolation(t *testing.T) {
	runOf(t, `#
host client
host server
link client server rtt=20ms

proc server
  listen 80
  accept
  close

proc client
  connect server:80
  recv
`)
}

// TestTheSequenceSpaceWrapsAround: wherever the initial numbers are, the same
// holds.
func TestTheSequenceSpaceWrapsAround(t *testing.T) {
	runs := []*trace.Trace{runOf(t, orderly), runOf(t, reset), runOf(t, lossy), runOf(t, half)}
	rapid.Check(t, func(rt *rapid.T) {
		tr := clone(rapid.SampledFrom(runs).Draw(rt, "run"))
		var shift [2]uint32
		for i := range shift {
			isn := rapid.Uint32Range(1<<32-20, 1<<32-1).Draw(rt, "isn")
			host := []string{"client", "server"}[i]
			shift[i] = isn - tr.Events[nth(t, tr, 1, packet(trace.Sent, host, wire.SYN, false))].Packet.TCP.Seq
		}
		for i := range tr.Events {
			s := &tr.Events[i].Packet.TCP
			from := 0
			if s.SrcPort == 80 {
				from = 1
			}
			s.Seq += shift[from]
			if s.Flags.Has(wire.ACK) {
				s.Ack += shift[1-from]
			}
		}
		if found := check(tr); len(found) > 0 {
			rt.Fatalf("%v", found)
		}
	})
}

// TestNoTraceMakesItPanic, however little sense it makes.
func TestNoTraceMakesItPanic(t *testing.T) {
	runs := []*trace.Trace{runOf(t, orderly), runOf(t, reset), runOf(t, lossy), runOf(t, half), runOf(t, refused)}
	rapid.Check(t, func(rt *rapid.T) {
		tr := clone(rapid.SampledFrom(runs).Draw(rt, "run"))
		for range rapid.IntRange(1, 10).Draw(rt, "changes") {
			i := rapid.IntRange(0, len(tr.Events)-1).Draw(rt, "event")
			e := &tr.Events[i]
			switch rapid.IntRange(0, 11).Draw(rt, "change") {
			case 0:
				tr.Events = slices.Delete(tr.Events, i, i+1)
			case 1:
				j := rapid.IntRange(0, len(tr.Events)-1).Draw(rt, "other event")
				tr.Events[i], tr.Events[j] = tr.Events[j], tr.Events[i]
			case 2:
				insert(tr, i, *e)
			case 3:
				e.Packet.TCP.Seq = rapid.Uint32().Draw(rt, "seq")
			case 4:
				e.Packet.TCP.Ack = rapid.Uint32().Draw(rt, "ack")
			case 5:
				e.Packet.TCP.Flags = wire.Flags(rapid.Byte().Draw(rt, "flags"))
			case 6:
				e.Packet.TCP.Payload = rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(rt, "payload")
			case 7:
				e.N, e.Data = rapid.IntRange(-1, 1<<20).Draw(rt, "n"), nil
			case 8:
				e.From, e.To = wire.State(rapid.IntRange(0, 10).Draw(rt, "from")), wire.State(rapid.IntRange(0, 10).Draw(rt, "to"))
			case 9:
				e.Kind = trace.Kind(rapid.IntRange(0, 9).Draw(rt, "kind"))
			case 10:
				e.Args, e.Note = rapid.String().Draw(rt, "args"), rapid.String().Draw(rt, "note")
			case 11:
				e.FD, e.Host = rapid.IntRange(-1, 5).Draw(rt, "fd"), rapid.SampledFrom([]string{"", "client", "server"}).Draw(rt, "host")
			}
			if len(tr.Events) == 0 {
				return
			}
		}
		check(tr)
	})
}

// TestForgedOctetsAreNotCompared: which of two segments with the same numbers a
// receiver takes is its own affair.
func TestForgedOctetsAreNotCompared(t *testing.T) {
	tr := clone(runOf(t, orderly))
	i := nth(t, tr, 1, packet(trace.Delivered, "server", wire.ACK, true))
	forged := tr.Events[i]
	forged.Number, forged.Packet = 999, forged.Packet.Clone()
	forged.Packet.TCP.Payload = []byte("HELLO")
	sent := forged
	sent.Kind, sent.Host = trace.Injected, "client"
	insert(tr, i-1, sent)
	insert(tr, i, forged)
	for _, op := range []string{"peek", "recv"} {
		tr.Events[nth(t, tr, 1, returned("server", op))].Data = []byte("HELLO")
	}
	require.Empty(t, check(tr))

	tr.Events[i].Kind = trace.Sent // not forged, but sent by the client
	require.NotEmpty(t, check(tr))
}
