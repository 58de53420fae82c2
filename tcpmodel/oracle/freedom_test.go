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

// falsifyOne changes the n-th event that fits, from 0.
func falsifyOne(t *testing.T, tr *trace.Trace, n int, fits func(e *trace.Event) bool, change func(e *trace.Event)) *trace.Trace {
	t.Helper()
	for i := range tr.Events {
		if !fits(&tr.Events[i]) {
			continue
		}
		if n--; n < 0 {
			return (&doctor{change: change}).falsify(tr, i)
		}
	}
	t.Fatal("no such event")
	return nil
}

// oneFound is the only disagreement of a trace.
func oneFound(t *testing.T, tr *trace.Trace) oracle.Disagreement {
	t.Helper()
	found := oracle.Check(tr, oracle.Config{})
	require.Len(t, found, 1)
	return found[0]
}

// copies has text arrive out of order in two forms: the forged copy of the second
// segment comes before the first, and then the true one.
const copies = `
host   server
host   client
link   client server rtt=20ms
rule   client->server delay 100ms data 1

proc server
  listen 80
  accept
  sleep 1s
  recv

proc client
  connect server:80
  set nodelay on
  send "abc"
  send "defgh"

script operator
  sleep 25ms
  inject server PA seq=n3 ack=n0 data="DEF"
`

func TestOfSeveralCopiesOfAnOctetTheOneOfTheHeapIsRead(t *testing.T) {
	tr := runOf(t, copies)
	recv := func(e *trace.Event) bool {
		return e.Kind == trace.Return && e.Op == "recv" && e.Host == "server" && e.N > 0
	}
	at := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return recv(&e) })
	require.Positive(t, at)
	read := tr.Events[at].Data
	require.Contains(t, []string{"abcdefgh", "abcDEFgh"}, string(read))
	for i := range read {
		other := falsifyOne(t, tr, 0, recv, func(e *trace.Event) { e.Data[i] ^= 'a' ^ 'A' })
		require.Equal(t, tcpmodel.ReceiveText, oneFound(t, other).Clause, "octet %d of another copy, or of none", i)
	}
}

// shutWindow has a sender probe a window that is closed.
const shutWindow = `
host   server
host   client
link   client server rtt=20ms

proc server
  set rcvbuf 4096
  listen 80
  accept
  sleep 30s
  recvloop

proc client
  connect server:80
  send 30000
  close
`

func TestAWindowIsNotProbedSoonerThanTheTimeOut(t *testing.T) {
	tr := runOf(t, shutWindow)
	var una uint32
	probe := func(e *trace.Event) bool {
		if e.Kind != trace.Sent || e.Host != "client" || e.At > 25*time.Second {
			return false
		}
		return len(e.Packet.TCP.Payload) == 1 && e.Packet.TCP.Seq == una-1
	}
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Delivered && e.Host == "client" && e.At < 25*time.Second {
			una = max(una, e.Packet.TCP.Ack)
		}
	}
	at := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return probe(&e) })
	require.Positive(t, at, "the run probes")
	again := (&doctor{later: time.Millisecond}).falsify(tr, at)
	require.Empty(t, oracle.Check(again, oracle.Config{}), "a probe may be later")
	twice := &trace.Trace{Header: tr.Header, Events: slices.Insert(slices.Clone(tr.Events), at+1, tr.Events[at])}
	require.Equal(t, tcpmodel.KeepAliveProbe, oneFound(t, twice).Clause, "one right behind another")
}

// crossing has both SYNs cross, and a forged SYN come then.
const crossing = `
host   server stack=linux
host   client
link   client server rtt=1s

proc server
  set port 80
  connect client:1000

proc client
  set port 1000
  connect server:80

script operator
  when client enters SYN-RECEIVED
  inject client S seq=n0
`

func TestAKnownDeviationIsReportedAsKnownAndNothingElseIs(t *testing.T) {
	tr := traceOf(t, crossing)
	found := oracle.Check(tr, oracle.Config{})
	require.Len(t, found, 1)
	require.NotNil(t, found[0].Known)
	require.Equal(t, tcpmodel.CaseSecondSyn, found[0].Known.Case)
	require.ErrorContains(t, &found[0], "; known of netstack: pkg/tcpip/transport/tcp/connect.go:")
	require.Empty(t, oracle.Unknown(found))

	forged := func(e *trace.Event) bool {
		return e.Kind == trace.Delivered && e.Host == "client" && e.Packet.TCP.Flags == wire.SYN && e.At > 0
	}
	ack := falsifyOne(t, tr, 1, forged, func(e *trace.Event) { e.Packet.TCP.Flags = wire.ACK })
	require.NotEmpty(t, oracle.Unknown(oracle.Check(ack, oracle.Config{})), "a RST that no SYN calls for")
	c := oracle.New(oracle.Config{Profiles: map[string]*tcpmodel.Profile{"server": nil}})
	for i := range tr.Events {
		require.NoError(t, c.Event(&tr.Events[i]))
	}
	c.Finish(oracle.End{})
	s := c.Stats()
	require.Equal(t, 1, s.Unfollowed[oracle.Deviates])
	require.Zero(t, s.Unfollowed[oracle.Disagrees])
}

// cut has the sending end while a send waits for room.
const cut = `
host   server
host   client
link   client server rtt=100ms

proc server
  listen 80

proc client
  set sndbuf 1
  connect server:80 as=c
  send 65000

proc client meddler
  sleep 1s
  shutdown write on=c
`

func TestTheFinStandsBehindWhatASendHasTaken(t *testing.T) {
	tr := runOf(t, cut)
	send := func(e *trace.Event) bool { return e.Kind == trace.Return && e.Op == "send" }
	for _, more := range []int{-1, 1} {
		other := falsifyOne(t, tr, 0, send, func(e *trace.Event) { e.N += more })
		require.Contains(t, oneFound(t, other).Did, "send took", "%+d", more)
	}
	fin := falsifyOne(t, tr, 0, sent(wire.FIN, 0), func(e *trace.Event) { e.Packet.TCP.Seq-- })
	require.NotEmpty(t, oracle.Check(fin, oracle.Config{}), "not before the last octet sent")
}

// killed has the program end that is in a send, and another send on.
const killed = `
host   server
host   client
link   client server rtt=100ms

proc server
  listen 80
  accept
  sleep 5s
  recvloop

proc client
  set sndbuf 1
  connect server:80 as=c
  sleep 1h

proc client writer
  sleep 1s
  send 65000 on=c

proc client other
  sleep 1200ms
  kill writer
  sleep 1s
  send 20000 on=c
  shutdown write on=c
`

func TestWhatAKilledProgramHadSentStaysUnknown(t *testing.T) {
	tr := runOf(t, killed)
	fin := falsifyOne(t, tr, 0, sent(wire.FIN, 0), func(e *trace.Event) { e.Packet.TCP.Seq -= 5 })
	require.NotEmpty(t, oracle.Check(fin, oracle.Config{}), "the FIN stands behind what was sent")
}

// shut has a listener be shut down, and accept called then.
const shut = `
host   server
host   client
link   client server

proc server
  set deadline 1s
  listen 80
  accept
  set deadline off
  shutdown read
  accept
`

func TestAcceptFailsAtOnceOnAListenerAfterShutdown(t *testing.T) {
	tr := runOf(t, shut)
	accept := func(e *trace.Event) bool { return e.Kind == trace.Return && e.Op == "accept" && e.Note == "" }
	at := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return accept(&e) })
	require.Equal(t, "EINVAL", tr.Events[at].Errno)
	require.Equal(t, tcpmodel.OpenPassive, oneFound(t, (&doctor{}).falsify(tr, at)).Clause, "it does not wait")
	other := falsifyOne(t, tr, 0, accept, func(e *trace.Event) { e.Errno = "ECONNABORTED" })
	require.Equal(t, "EINVAL", oneFound(t, other).Would)
}

// unanswered has a sender give up probing a window that is closed: nothing answers.
const unanswered = `
host   server
host   client
link   client server rtt=20ms

proc server
  set rcvbuf 4096
  listen 80
  accept
  sleep 1h

proc client
  connect server:80
  send 30000

script operator
  sleep 5s
  down client server
`

func TestAWindowIsProbedAsLongAsThePeerAnswers(t *testing.T) {
	tr := runOf(t, unanswered)
	end := slices.IndexFunc(tr.Events, func(e trace.Event) bool {
		return e.Kind == trace.StateChange && e.Host == "client" && e.To == wire.Closed
	})
	require.Positive(t, end)
	answer := -1
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Delivered && e.Host == "client" && e.Packet.TCP.Window == 0 {
			answer = i
		}
	}
	for _, before := range []time.Duration{time.Second, 119 * time.Second} {
		e := tr.Events[answer]
		e.At = tr.Events[end].At - before
		at := end
		for at > 0 && tr.Events[at-1].At > e.At {
			at--
		}
		answered := &trace.Trace{Header: tr.Header, Events: slices.Insert(slices.Clone(tr.Events), at, e)}
		require.Equal(t, tcpmodel.TimeoutR2, oneFound(t, answered).Clause, "the last probe was answered %v before", before)
	}
}

// TestAllOctetsOfASendAreKnown falsifies the last octet of a long segment, in the run
// and in a trace that has no more of a send than its arguments show.
func TestAllOctetsOfASendAreKnown(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 5000
`)
	last := func(e *trace.Event) { e.Packet.TCP.Payload[len(e.Packet.TCP.Payload)-1] ^= 1 }
	d := oneFound(t, falsifyOne(t, tr, 0, text, last))
	require.Equal(t, tcpmodel.SendText, d.Clause)
	require.Equal(t, "the octets that send was given", d.Would)
	sends := func(e *trace.Event) bool { return e.Kind == trace.Call && e.Op == "send" }
	old := falsifyOne(t, tr, 0, sends, func(e *trace.Event) { e.Data = nil })
	require.Empty(t, oracle.Check(old, oracle.Config{}), "less is known")
	require.Empty(t, oracle.Check(falsifyOne(t, old, 0, text, last), oracle.Config{}))
	require.NotEmpty(t, oracle.Check(falsifyOne(t, old, 0, text, func(e *trace.Event) { e.Packet.TCP.Payload[31] ^= 1 }), oracle.Config{}))
}
