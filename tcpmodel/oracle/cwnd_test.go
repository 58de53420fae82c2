package oracle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// ahead is a trace up to its n-th event, behind which a host sends, at once, what it sends
// with the events of these numbers.
func ahead(tr *trace.Trace, n int, sends ...int) *trace.Trace {
	events := slices.Clone(tr.Events[:n+1])
	for _, i := range sends {
		e := tr.Events[n]
		e.Packet = e.Packet.Clone()
		e.Packet.TCP.Seq, e.Packet.TCP.Payload = tr.Events[i].Packet.TCP.Seq, tr.Events[i].Packet.TCP.Payload
		events = append(events, e)
	}
	return &trace.Trace{Header: tr.Header, Events: events}
}

// sendsOf are the events of text that a host sends.
func sendsOf(tr *trace.Trace, host string) (all []int) {
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Host == host && text(e) {
			all = append(all, i)
		}
	}
	return all
}

func TestTheFirstFlightsAreThoseOfSlowStartWithCubicToo(t *testing.T) {
	for _, how := range []string{"", " congestion=cubic"} {
		tr := runOf(t, `
host   server
host   client`+how+`
link   client server rtt=100ms

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 100000
`)
		all := sendsOf(tr, "client")
		require.Equal(t, tr.Events[all[0]].At, tr.Events[all[9]].At)
		require.Less(t, tr.Events[all[9]].At, tr.Events[all[10]].At)
		for _, n := range []int{9, 29} { // the first round, and the second, of twice as many
			require.Less(t, tr.Events[all[n]].At, tr.Events[all[n+1]].At)
			more := oneFound(t, ahead(tr, all[n], all[n+1:n+4]...))
			require.Equal(t, tcpmodel.SlowStart, more.Clause)
			require.Nil(t, more.Known, "CUBIC has not grown by that either")
		}
	}
}

// TestATimeOutLeavesOneSegment: RFC 5681 section 3.1, "cwnd MUST be set to no more than the loss
// window, LW, which equals 1 full-sized segment", and in slow start one more for each that is
// acknowledged.
func TestATimeOutLeavesOneSegment(t *testing.T) {
	tr := runOf(t, `
host   server
host   client sack=off
link   client server rtt=100ms
rule   client->server drop data 1..8

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 11360
`)
	all := sendsOf(tr, "client")
	again := all[8]
	require.Equal(t, tr.Events[all[0]].Packet.TCP.Seq, tr.Events[again].Packet.TCP.Seq)
	require.Equal(t, tcpmodel.SlowStart, oneFound(t, ahead(tr, again, all[1])).Clause)
	require.Equal(t, tr.Events[all[9]].At, tr.Events[all[10]].At, "two, when it is acknowledged")
	require.Less(t, tr.Events[all[10]].At, tr.Events[all[11]].At)
	require.Equal(t, tcpmodel.SlowStart, oneFound(t, ahead(tr, all[10], all[3])).Clause, "and no third")
}

// TestALossHalvesTheWindow: RFC 5681 section 3.2.
func TestALossHalvesTheWindow(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
link   client server rtt=100ms
rule   client->server drop data 60

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 1000000
`)
	var again, highest int // the first that is sent again, and the last new one before
	var fresh []int        // what is new behind that
	numberOf := func(i int) uint32 { return tr.Events[i].Packet.TCP.Seq }
	for _, i := range sendsOf(tr, "client") {
		switch {
		case highest == 0 || again == 0 && numberOf(highest) < numberOf(i):
			highest = i
		case again == 0:
			again = i
		case numberOf(highest) < numberOf(i):
			fresh = append(fresh, i)
		}
	}
	require.Positive(t, again)
	found := oneFound(t, ahead(tr, again, fresh[0]))
	require.Equal(t, tcpmodel.SlowStart, found.Clause, "more are in flight than half of what was, and three")
	require.Nil(t, found.Known)
	first := tr.Events[fresh[0]].At
	last := slices.IndexFunc(fresh, func(i int) bool { return tr.Events[i].At > first })
	require.Positive(t, last)
	found = oneFound(t, ahead(tr, fresh[last-1], fresh[last:last+40]...))
	require.Equal(t, tcpmodel.SlowStart, found.Clause, "no more than what has arrived lets out")
}

// TestSilenceInARecoveryIsNoMiscount: as long as what was in flight at a time-out is not
// acknowledged, a timer runs, however netstack counts.
func TestSilenceInARecoveryIsNoMiscount(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
link   client server rtt=100ms
rule   client->server drop data 2..6
rule   client->server drop rexmit 1

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 8520
`)
	all := sendsOf(tr, "client")
	answer := -1 // of what the time-out has sent
	for i := range tr.Events {
		if e := &tr.Events[i]; i > all[7] && answer < 0 && e.Kind == trace.Delivered && e.Host == "client" {
			answer = i
		}
	}
	require.Positive(t, answer)
	for n, i := range all[7:] {
		late := oneFound(t, silence(tr, i, 121*time.Second))
		require.Equal(t, tcpmodel.TimeoutRetransmit, late.Clause, "%d", n)
		require.Nil(t, late.Known)
	}
}

// TestCreditOutlastsARecovery: the next ACK opens netstack's window by no more than half of the
// greatest it was.
func TestCreditOutlastsARecovery(t *testing.T) {
	tr := mended(t, "oracle-RFC5681-3.1-SLOW--credit", 4084151232648594330)
	require.Empty(t, oracle.Check(tr, oracle.Config{}))
	all := sendsOf(tr, "client")
	last := slices.IndexFunc(all, func(i int) bool { return tr.Events[i].At > 8396*time.Millisecond }) - 1 // of twelve new segments
	var fresh []int
	highest := tr.Events[all[last]].Packet.TCP.Seq
	for _, i := range all[last+1 : last+61] {
		if seq := tr.Events[i].Packet.TCP.Seq; highest < seq {
			fresh, highest = append(fresh, i), seq
		}
	}
	beyond := oneFound(t, ahead(tr, all[last], fresh...))
	require.Equal(t, tcpmodel.SlowStart, beyond.Clause)
	require.Nil(t, beyond.Known)
}
