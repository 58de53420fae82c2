package oracle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// idleAndShut has a connection be idle for long enough for keepalive, 17 ms after the
// window was probed.
const idleAndShut = `
host   server stack=rfc9293
host   client
link   client server rtt=900ms

proc server
  listen 80

proc client
  set keepidle 5s
  connect server:80
  set keepalive on
  send 65530
`

func TestAProbeOfTheWindowDoesNotPutKeepaliveOff(t *testing.T) {
	tr := runOf(t, idleAndShut)
	var last time.Duration
	at := slices.IndexFunc(tr.Events, func(e trace.Event) bool {
		sent := e.Kind == trace.Sent && e.Host == "client"
		soon := sent && e.At > 2*time.Second && len(e.Packet.TCP.Payload) == 0 && e.At-last < 20*time.Millisecond
		if sent {
			last = e.At
		}
		return soon
	})
	require.Positive(t, at, "the run has such a probe")
	twice := &trace.Trace{Header: tr.Header, Events: slices.Insert(slices.Clone(tr.Events), at+1, tr.Events[at])}
	require.Equal(t, tcpmodel.KeepAliveProbe, oneFound(t, twice).Clause, "a second one at once")
}

// silentPeer has the peer of a connection in FIN-WAIT-2 without a socket never answer a
// probe.
const silentPeer = `
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80

proc client
  set keepalive on
  set keepidle 1s
  set keepintvl 1s
  set keepcnt 3
  connect server:80
  close

script operator
  sleep 500ms
  down server client
`

func TestKeepaliveGivesUpOneIntervalBehindTheLastProbe(t *testing.T) {
	tr := runOf(t, silentPeer)
	end := slices.IndexFunc(tr.Events, func(e trace.Event) bool {
		return e.Kind == trace.StateChange && e.Host == "client" && e.From == wire.FinWait2 && e.To == wire.Closed
	})
	require.Positive(t, end, "the run ends in FIN-WAIT-2")
	var probes []int
	for i := range tr.Events[:end] {
		if e := &tr.Events[i]; e.Kind == trace.Sent && e.Host == "client" && e.At > 500*time.Millisecond {
			probes = append(probes, i)
		}
	}
	require.Len(t, probes, 3)
	endsAt := func(n int, at time.Duration) *trace.Trace {
		closed := tr.Events[end]
		closed.At = at
		return &trace.Trace{Header: tr.Header, Events: append(slices.Clone(tr.Events[:n]), closed)}
	}
	at := tr.Events[end].At
	require.Empty(t, oracle.Check(endsAt(end, at), oracle.Config{}))
	require.Equal(t, tcpmodel.TimeWaitOver, oneFound(t, endsAt(end, at-1)).Clause, "sooner")
	require.Equal(t, tcpmodel.TimeWaitOver, oneFound(t, endsAt(probes[2], tr.Events[probes[2]].At)).Clause, "a probe less")
}

// inFlight has text be in flight that nothing acknowledges.
const inFlight = `
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80

proc client
  set keepidle 1s
  set keepintvl 1s
  set keepalive on
  connect server:80
  sleep 500ms
  send 100
  sleep 1h

script operator
  sleep 100ms
  down client server
`

// TestNoKeepaliveWhileTextIsInFlight: RFC 9293 section 3.8.4 (MUST-26).
func TestNoKeepaliveWhileTextIsInFlight(t *testing.T) {
	tr := runOf(t, inFlight)
	require.Empty(t, oracle.Check(tr, oracle.Config{}))
	var texts []int
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Sent && e.Host == "client" && len(e.Packet.TCP.Payload) > 0 {
			texts = append(texts, i)
		}
	}
	at := texts[slices.IndexFunc(texts, func(i int) bool { return tr.Events[i].At > 5*time.Second })]
	forged := (&doctor{change: func(e *trace.Event) { e.Packet.TCP.Seq, e.Packet.TCP.Payload = e.Packet.TCP.Seq-1, nil }}).falsify(tr, at)
	require.Equal(t, tcpmodel.KeepAliveProbe, oneFound(t, forged).Clause)
}

// TestTheFirstProbeWaitsForTheIdleTime, and not for the shorter time between probes: RFC
// 9293 section 3.8.4.
func TestTheFirstProbeWaitsForTheIdleTime(t *testing.T) {
	tr := mended(t, "oracle-RFC9293-3.8.4--window-update", 0)
	at := slices.IndexFunc(tr.Events, func(e trace.Event) bool {
		return e.Kind == trace.Sent && e.Host == "client" && e.At > 10*time.Second+10*time.Millisecond
	})
	until := func(late time.Duration) *trace.Trace {
		return &trace.Trace{Header: tr.Header, Events: append(slices.Clone(tr.Events[:at]), later(tr.Events[at], late))}
	}
	require.Empty(t, oracle.Check(until(0), oracle.Config{}))
	require.Equal(t, tcpmodel.KeepAliveProbe, oneFound(t, until(-time.Nanosecond)).Clause)
}
