package oracle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// mended is the trace of a scenario that once broke a property.
func mended(t *testing.T, name string, seed uint64) *trace.Trace {
	t.Helper()
	s, err := cases.ReadFile("../../cases/fuzz/testdata/mended/" + name + ".txt")
	require.NoError(t, err)
	return traceWith(t, s, cases.RunConfig{Seed: seed})
}

// TestATimeOutFollowsASpentProbeOnce: behind a tail loss probe without an answer, what is
// sent anew has the time-out come one later, and no more.
func TestATimeOutFollowsASpentProbeOnce(t *testing.T) {
	tr := mended(t, "oracle-RFC6298-5.4--spent-probe", 0)
	fin := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return e.Host == "client" && sent(wire.FIN, 0)(&e) })
	for tr.Events[fin+1].At == tr.Events[fin].At {
		fin++ // and the state change
	}
	const (
		timeOut = 120*time.Second + time.Millisecond
		probe   = 2*64*time.Second + 200*time.Millisecond // two round trips: six SYNs were lost
	)
	for _, x := range []struct {
		what string
		at   int
		most time.Duration
	}{
		{"the probe", nthSent(t, tr, "client", 1), timeOut},
		{"the FIN", fin, timeOut + probe},
		{"the time-out", nthSent(t, tr, "client", 2), timeOut},
	} {
		require.Empty(t, oracle.Check(silence(tr, x.at, x.most), oracle.Config{}), x.what)
		late := oneFound(t, silence(tr, x.at, x.most+1))
		require.Equal(t, tcpmodel.TimeoutRetransmit, late.Clause, x.what)
		require.Nil(t, late.Known, x.what)
	}
}

// TestASegmentThatMayBeDroppedPaysForNoOther: a RST answers what must be answered.
func TestASegmentThatMayBeDroppedPaysForNoOther(t *testing.T) {
	tr := mended(t, "oracle-RFC9293-3.10.7.1--one-RST-of-three", 0)
	require.Empty(t, oracle.Check(tr, oracle.Config{}))
	rst := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return e.Host == "server" && sent(wire.RST, 0)(&e) })
	require.Positive(t, rst)
	require.Equal(t, tcpmodel.ClosedSegment, oneFound(t, (&doctor{}).falsify(tr, rst)).Clause, "the SYN-ACK has its RST")
}

// TestTextThatEndsAHandshakeTakesItsMemoryTwice: the window is smaller by half of that, also
// when the text was read.
func TestTextThatEndsAHandshakeTakesItsMemoryTwice(t *testing.T) {
	for reads, room := range map[string][2]uint16{
		"recvloop": {(2_000_000 - 2*2076) / 2 >> 7, (2_000_000 - 2076) / 2 >> 7}, // a RECEIVE may have taken what it waits for
		"sleep 9s": {(2_000_000 - 3*2076) / 2 >> 7, (2_000_000 - 3*2076) / 2 >> 7},
	} {
		tr := wholly(t, `
host   server
host   client sack=off
link   client server
rule   client->server drop ack 1

proc server
  listen 80
  accept
  sleep 1s
  set rcvbuf 1000000
  `+reads+`

proc client
  connect server:80
  send 1448
  sleep 3s
  send 1448
`)
		last := 0
		for i := range tr.Events {
			if fromServer(&tr.Events[i]) {
				last = i
			}
		}
		says := func(window uint16) *trace.Trace {
			return (&doctor{change: segment(func(s *wire.Segment) { s.Window = window })}).falsify(tr, last)
		}
		for _, window := range room {
			require.Empty(t, oracle.Check(says(window), oracle.Config{}), reads)
		}
		for _, window := range []uint16{room[0] - 1, room[1] + 1} {
			require.Equal(t, tcpmodel.SwsReceiver, oneFound(t, says(window)).Clause, reads)
		}
	}
}

// TestAnAcceptableACKEndsTheProbesOfAWindow: of the forged FIN, which opens the window, as of
// any other segment.
func TestAnAcceptableACKEndsTheProbesOfAWindow(t *testing.T) {
	tr := mended(t, "oracle-RFC9293-3.8.4--unacceptable-ACK", 0)
	require.Empty(t, oracle.Check(tr, oracle.Config{}))
	var una uint32
	opens := func(e *trace.Event) bool {
		if e.Kind != trace.Delivered || e.Host != "client" {
			return false
		}
		una = max(una, e.Packet.TCP.Ack)
		return e.Packet.TCP.Flags.Has(wire.FIN)
	}
	open := falsifyOne(t, tr, 0, opens, func(e *trace.Event) { e.Packet.TCP.Ack = una })
	require.Equal(t, tcpmodel.TimeoutRetransmit, oneFound(t, open).Clause, "the window is open: the timer of its probes does not go on")
}

// TestTheModelCountsTheMemoryOfTextThatEndsAHandshakeAsNetstackDoes: what the receiver
// says is the same, when its buffer is full, too.
func TestTheModelCountsTheMemoryOfTextThatEndsAHandshakeAsNetstackDoes(t *testing.T) {
	for _, buffer := range []string{"1", "3000", "20000"} {
		s, err := cases.Parse("memory.txt", []byte(`
host   server
host   client sack=off
link   client server rtt=10ms
rule   client->server drop ack 1
rule   server->client drop ack 1

proc server
  set rcvbuf `+buffer+`
  listen 80
  accept
  sleep 5s
  recvloop

proc client
  connect server:80
  send 30000
`))
		require.NoError(t, err)
		type ack struct {
			at     time.Duration
			octets uint32 // since the first
			window uint16
		}
		says := func(stack string) (all []ack) {
			for _, e := range traceWith(t, s, cases.RunConfig{Stacks: map[string]string{"": stack}}).Events {
				if e.Host == "server" && sent(wire.ACK, wire.SYN)(&e) {
					all = append(all, ack{e.At, e.Packet.TCP.Ack, e.Packet.TCP.Window})
				}
			}
			for i, first := 0, all[0].octets; i < len(all); i++ {
				all[i].octets -= first
			}
			return all
		}
		netstack := says(cases.DefaultStack)
		require.Greater(t, len(netstack), 20)
		require.Equal(t, netstack, says("netstack-model"), "SO_RCVBUF %s", buffer)
	}
}

// TestAnAnswerMakesGoodForOneProbe: of four probes of a window, with three allowed, one is
// answered. Before the last is sent there is no reason to give up.
func TestAnAnswerMakesGoodForOneProbe(t *testing.T) {
	tr := mended(t, "oracle-RFC9293-3.8.3-R2--answers-of-probes-corrupted", 11551273324813949154)
	end := slices.IndexFunc(tr.Events, func(e trace.Event) bool {
		return e.Kind == trace.StateChange && e.Host == "client" && e.To == wire.Closed
	})
	require.Positive(t, end)
	var probes []int
	for i := range tr.Events[:end] {
		if e := &tr.Events[i]; e.Kind == trace.Sent && e.Host == "client" && len(e.Packet.TCP.Payload) == 1 {
			probes = append(probes, i)
		}
	}
	require.Len(t, probes, 4)
	closed := tr.Events[end]
	closed.At = tr.Events[probes[3]].At
	early := &trace.Trace{Header: tr.Header, Events: append(slices.Clone(tr.Events[:probes[3]]), closed)}
	require.Equal(t, tcpmodel.TimeoutR2, oneFound(t, early).Clause)
}

// TestAPieceGoesOutOnceForOneCause: the pieces of a segment are sent again at one instant,
// but none of them twice.
func TestAPieceGoesOutOnceForOneCause(t *testing.T) {
	tr := mended(t, "oracle-RFC6298-5.4--in-pieces", 0)
	at := slices.IndexFunc(tr.Events, func(e trace.Event) bool {
		return e.Kind == trace.Sent && e.Host == "server" && e.At > 20*time.Millisecond
	})
	require.Len(t, tr.Events[at].Packet.TCP.Payload, 496)
	require.Len(t, tr.Events[at+1].Packet.TCP.Payload, 428)
	for _, i := range []int{at, at + 1} {
		twice := &trace.Trace{Header: tr.Header, Events: slices.Insert(slices.Clone(tr.Events[:at+2]), at+2, tr.Events[i])}
		require.Equal(t, tcpmodel.TimeoutRetransmit, oneFound(t, twice).Clause)
	}
}
