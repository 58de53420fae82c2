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

// sooner is a trace up to its n-th event, which happens at another time, of what its host
// sends.
func sooner(tr *trace.Trace, n int, at time.Duration) *trace.Trace {
	e := later(tr.Events[n], at-tr.Events[n].At)
	events := slices.Clone(tr.Events[:n])
	for len(events) > 0 && events[len(events)-1].At > at {
		events = events[:len(events)-1]
	}
	return &trace.Trace{Header: tr.Header, Events: append(events, e)}
}

// noSooner checks that an event may come at a time, and not before.
func noSooner(t *testing.T, tr *trace.Trace, n int, at time.Duration) {
	t.Helper()
	require.Empty(t, oracle.Check(sooner(tr, n, at), oracle.Config{}), "at %v", at)
	early := oneFound(t, sooner(tr, n, at-1))
	require.Equal(t, tcpmodel.TimeoutRetransmit, early.Clause, "before %v", at)
	require.Nil(t, early.Known)
}

// TestNothingIsSentAgainBeforeTheTimeOutAsItWasMeasuredAndBackedOff: RFC 6298 (2.4), (5.5) and
// RFC 8985 section 7.2.
func TestNothingIsSentAgainBeforeTheTimeOutAsItWasMeasuredAndBackedOff(t *testing.T) {
	tr := runOf(t, away)
	wait := 200 * time.Millisecond
	before := tr.Events[nthSent(t, tr, "client", 0)].At
	for n := 1; n < 14; n++ {
		at := nthSent(t, tr, "client", n)
		if n == 1 {
			noSooner(t, tr, at, before+2*20*time.Millisecond+200*time.Millisecond) // the probe of one segment
		} else {
			noSooner(t, tr, at, before+wait)
			wait = min(2*wait, 120*time.Second)
		}
		before = tr.Events[at].At
	}
}

// lasting has round trips of more than the least time-out be measured.
const lasting = `
host   server
host   client sack=off
link   client server rtt=1s

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  sleep 10s
  send "x"

script operator
  sleep 5s
  down client server
`

// TestATimeOutIsMeasured: RFC 6298 (2.2), "RTO <- SRTT + max (G, K*RTTVAR)".
func TestATimeOutIsMeasured(t *testing.T) {
	tr := runOf(t, lasting)
	first := nthSent(t, tr, "client", 0)
	noSooner(t, tr, nthSent(t, tr, "client", 1), tr.Events[first].At+3*time.Second)
	upTo(t, tr, first, 3*time.Second+time.Millisecond, tcpmodel.TimeoutRetransmit)
}

// several has six segments be in flight, of which the second is lost.
const several = `
host   server
host   client
link   client server rtt=100ms
rule   client->server drop data 2

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 8400
`

// repeated is a trace in which a host sends once more, right behind the n-th event, what it
// has sent in that of number i.
func repeated(tr *trace.Trace, n, i int) *trace.Trace {
	e := later(tr.Events[i], tr.Events[n].At-tr.Events[i].At)
	return &trace.Trace{Header: tr.Header, Events: append(slices.Clone(tr.Events[:n+1]), e)}
}

// TestAnAckIsNoCause: what arrives has text be sent again only when it tells of a loss, and then
// that only which was sent before something that has arrived.
func TestAnAckIsNoCause(t *testing.T) {
	tr := runOf(t, several)
	var sends, arrivals []int
	again := -1
	for i := range tr.Events {
		switch e := &tr.Events[i]; {
		case e.Host != "client" || e.Packet.Proto != wire.TCP:
		case again < 0 && e.Kind == trace.Delivered && e.At > 150*time.Millisecond:
			arrivals = append(arrivals, i)
		case text(e) && slices.ContainsFunc(sends, func(s int) bool { return tr.Events[s].Packet.TCP.Seq == e.Packet.TCP.Seq }):
			if again < 0 {
				again = i
			}
		case text(e):
			sends = append(sends, i)
		}
	}
	require.Len(t, sends, 6)
	require.Positive(t, again)
	require.Equal(t, tr.Events[sends[1]].Packet.TCP.Seq, tr.Events[again].Packet.TCP.Seq)
	first := arrivals[0]
	for _, i := range sends[1:] {
		require.Equal(t, tcpmodel.TimeoutRetransmit, oneFound(t, repeated(tr, first-1, i)).Clause, "nothing has arrived")
	}
	require.Equal(t, tcpmodel.TimeoutRetransmit, oneFound(t, repeated(tr, again, sends[2])).Clause, "what has arrived is not sent again")
	require.Equal(t, tcpmodel.TimeoutRetransmit, oneFound(t, repeated(tr, again, again)).Clause, "and that once")
}
