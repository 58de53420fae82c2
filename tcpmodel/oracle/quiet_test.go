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

// away has a sender whose peer is gone send again and again, at last every two minutes.
const away = `
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  sleep 1s
  send "x"

script operator
  sleep 500ms
  down client server
`

// nthSent is the n-th event, from 0, of text that a host sent.
func nthSent(t *testing.T, tr *trace.Trace, host string, n int) int {
	t.Helper()
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Host == host && text(e) {
			if n--; n < 0 {
				return i
			}
		}
	}
	t.Fatal("no such event")
	return 0
}

// silence is a trace up to its n-th event, and then nothing for d.
func silence(tr *trace.Trace, n int, d time.Duration) *trace.Trace {
	end := trace.Event{Seq: uint64(n + 2), At: tr.Events[n].At + d, Kind: trace.Fault, Fault: "up"}
	return &trace.Trace{Header: tr.Header, Events: append(slices.Clone(tr.Events[:n+1]), end)}
}

// upTo checks that after the n-th event it may be quiet for so long, and a microsecond more is
// too long: how a round trip is weighed is rounded.
func upTo(t *testing.T, tr *trace.Trace, n int, most time.Duration, rule tcpmodel.Clause) {
	t.Helper()
	require.Empty(t, oracle.Check(silence(tr, n, most), oracle.Config{}), "%v", most)
	late := oneFound(t, silence(tr, n, most+time.Microsecond))
	require.Equal(t, rule, late.Clause, "longer than %v", most)
	require.Nil(t, late.Known)
}

// TestSomethingIsSentAgainNoLaterThanTheTimeOutAsItWasMeasuredAndBackedOff: a probe after two
// round trips and the delay of the peer's ACK, then the time-out, doubled each time. A tick of
// the timer is allowed for.
func TestSomethingIsSentAgainNoLaterThanTheTimeOutAsItWasMeasuredAndBackedOff(t *testing.T) {
	tr := runOf(t, away)
	wait := 200 * time.Millisecond
	upTo(t, tr, nthSent(t, tr, "client", 0), 2*20*time.Millisecond+wait+time.Millisecond, tcpmodel.TimeoutRetransmit)
	for n := 1; n < 14; n++ {
		upTo(t, tr, nthSent(t, tr, "client", n), wait+time.Millisecond, tcpmodel.TimeoutRetransmit)
		wait = min(2*wait, 120*time.Second)
	}
}

func TestATailLossProbeHasTwoRoundTripsHoweverLong(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
link   client server rtt=100s

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send "x"
  sleep 500s
  send "x"

script operator
  sleep 450s
  down client server
`)
	upTo(t, tr, nthSent(t, tr, "client", 1), 200*time.Second+200*time.Millisecond+time.Millisecond, tcpmodel.TimeoutRetransmit)
	for n := 2; n < 6; n++ {
		upTo(t, tr, nthSent(t, tr, "client", n), 120*time.Second+time.Millisecond, tcpmodel.TimeoutRetransmit)
	}
}

func TestAWindowIsProbedNoLaterThanTheTimeOut(t *testing.T) {
	tr := runOf(t, shutWindow)
	wait := 200 * time.Millisecond
	for i := range tr.Events {
		if e := &tr.Events[i]; text(e) && len(e.Packet.TCP.Payload) == 1 && wait < time.Second {
			require.Equal(t, "client", e.Host)
			upTo(t, tr, i-1, wait+time.Millisecond, tcpmodel.PersistProbe)
			wait *= 2
		}
	}
	require.Greater(t, wait, time.Second, "it was probed")
}

// TestOnlyACallPutsATimerOff: what the application sends, and netstack holds, has what is
// to come be later than the greatest time-out, and that is known; without the calls it is
// not.
func TestOnlyACallPutsATimerOff(t *testing.T) {
	for file, clause := range map[string]tcpmodel.Clause{
		"oracle-RFC9293-3.8.6.1--put-off.txt": tcpmodel.PersistProbe,
		"oracle-RFC6298-5.4--put-off.txt":     tcpmodel.TimeoutRetransmit,
	} {
		s, err := cases.ReadFile("../../cases/fuzz/testdata/known/" + file)
		require.NoError(t, err)
		tr := traceWith(t, s, cases.RunConfig{})
		late := oneFound(t, tr)
		require.NotNil(t, late.Known)
		require.Equal(t, tcpmodel.CasePutOff, late.Known.Case)

		quiet, sends := &trace.Trace{Header: tr.Header}, 0
		for _, e := range tr.Events {
			if e.Op == "send" {
				sends++
			}
			if e.Op != "send" || sends <= 2 { // the first, and its result
				quiet.Events = append(quiet.Events, e)
			}
		}
		require.Greater(t, sends, 4)
		silent := oneFound(t, quiet)
		require.Equal(t, clause, silent.Clause)
		require.Nil(t, silent.Known)
	}
}

// TestAForgedMeasurementExplainsNoLongerSilence: an ACK of what was not sent has netstack measure
// an hour, and the probe that follows wait for a quarter of that; silence beyond it is not
// explained.
func TestAForgedMeasurementExplainsNoLongerSilence(t *testing.T) {
	s, err := cases.ReadFile("../../cases/fuzz/testdata/known/oracle-RFC6298-5.4--future-ACK.txt")
	require.NoError(t, err)
	tr := traceWith(t, s, cases.RunConfig{})
	late := oneFound(t, tr)
	require.NotNil(t, late.Known)
	require.Equal(t, tcpmodel.CaseFutureAck, late.Known.Case)
	const quarter = 2 * (7*200*time.Millisecond + time.Hour + 500*time.Millisecond) / 8
	upTo(t, tr, nthSent(t, tr, "client", 0), quarter+200*time.Millisecond+time.Millisecond, tcpmodel.TimeoutRetransmit)
}

// echoes has a server answer at once, and send later by itself.
const echoes = `
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80
  accept
  recv
  sleep 1s
  send "answer"

proc client
  connect server:80
  sleep 1s
  send "question"
  recv
`

// TestAnOldTimestampIsEchoedInTheInstantOfItsSuccessorOnly: what answers a segment may
// echo the timestamp from before it.
func TestAnOldTimestampIsEchoedInTheInstantOfItsSuccessorOnly(t *testing.T) {
	tr := runOf(t, echoes)
	answer := func(e *trace.Event) bool {
		return e.Host == "server" && sent(wire.ACK, wire.SYN)(e) && e.At > time.Second && e.At < 2*time.Second
	}
	own := func(e *trace.Event) bool { return e.Host == "server" && text(e) }
	var before uint32 // that of the handshake
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Delivered && e.Host == "server" && e.At < time.Second {
			before, _, _ = e.Packet.TCP.Options.Timestamps()
		}
	}
	echo := func(what func(e *trace.Event) bool, change func(was uint32) uint32) *trace.Trace {
		return falsifyOne(t, tr, 0, what, func(e *trace.Event) {
			val, ecr, _ := e.Packet.TCP.Options.Timestamps()
			var o wire.Options
			e.Packet.TCP.Options = o.AppendTimestamps(val, change(ecr)) // the only option of these
		})
	}
	old := func(uint32) uint32 { return before }
	older := func(uint32) uint32 { return before - 1 }
	newer := func(was uint32) uint32 { return was + 1 }
	require.Empty(t, oracle.Check(echo(answer, old), oracle.Config{}))
	for _, x := range []*trace.Trace{echo(answer, older), echo(answer, newer), echo(own, old), echo(own, newer)} {
		require.Equal(t, tcpmodel.RttTimestamp, oneFound(t, x).Clause)
	}
}
