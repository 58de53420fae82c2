package oracle_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// shrunk has a receive buffer made smaller than the window that was offered: of what comes
// then some finds no room. A segment of 1420 octets takes 2048 of the buffer, which has twice
// what was asked for.
func shrunk(rcvbuf int, rule string) string {
	return fmt.Sprintf(`
host   server
host   client
link   client server rtt=20ms
%s

proc server
  listen 80
  accept
  set rcvbuf %d
  sleep 3s
  set rcvbuf 50000
  sleep 1s
  recvloop

proc client
  connect server:80
  sleep 1s
  send 10000
  close
`, rule, rcvbuf)
}

// wholly is the trace of a scenario that is followed to its end.
func wholly(t *testing.T, text string) *trace.Trace {
	t.Helper()
	tr := traceOf(t, text)
	c := oracle.New(oracle.Config{})
	for i := range tr.Events {
		require.NoError(t, c.Event(&tr.Events[i]))
	}
	require.Empty(t, c.Finish(oracle.End{At: tr.Events[len(tr.Events)-1].At}))
	s := c.Stats()
	require.Equal(t, [oracle.NumReasons]int{}, s.Unfollowed)
	return tr
}

// asked is a trace in which the first SO_RCVBUF says another size.
func asked(t *testing.T, tr *trace.Trace, rcvbuf int) *trace.Trace {
	t.Helper()
	set := func(e *trace.Event) bool { return e.Kind == trace.Call && e.Op == "setsockopt" }
	return falsifyOne(t, tr, 0, set, func(e *trace.Event) { e.Args = fmt.Sprintf("SO_RCVBUF, %d", rcvbuf) })
}

func fromServer(e *trace.Event) bool { return e.Host == "server" && sent(wire.ACK, wire.SYN)(e) }

// arrival is the n-th segment with text that arrives at the server.
func arrival(t *testing.T, tr *trace.Trace, n int) int {
	t.Helper()
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Delivered && e.Host == "server" && len(e.Packet.TCP.Payload) > 0 {
			if n--; n < 0 {
				return i
			}
		}
	}
	t.Fatal("no such segment")
	return 0
}

// TestWhatFindsNoRoomInAShrunkBufferIsDropped: to the octet.
func TestWhatFindsNoRoomInAShrunkBufferIsDropped(t *testing.T) {
	const fits = 3 * 2048 / 2 // with more than that taken nothing comes in
	drops, takes := wholly(t, shrunk(fits-1, "")), wholly(t, shrunk(fits, ""))
	require.Equal(t, tcpmodel.AckAtOnce, oneFound(t, asked(t, drops, fits)).Clause, "the fourth has room in it, and the FIN behind waits for others")
	require.Equal(t, tcpmodel.TextInOrder, oneFound(t, asked(t, takes, fits-1)).Clause, "the fourth has no room in it")

	fourth := arrival(t, drops, 3)
	says := func(change func(s *wire.Segment)) *trace.Trace {
		e := drops.Events[slices.IndexFunc(drops.Events[:fourth], func(e trace.Event) bool {
			return fromServer(&e) && e.At > time.Second
		})]
		e = later(e, drops.Events[fourth].At-e.At)
		e.Packet = e.Packet.Clone()
		e.Packet.TCP.Ack = drops.Events[fourth].Packet.TCP.Seq
		change(&e.Packet.TCP)
		c := &trace.Trace{Header: drops.Header, Events: slices.Insert(slices.Clone(drops.Events), fourth+1, e)}
		for i := range c.Events {
			c.Events[i].Seq = uint64(i + 1)
		}
		return c
	}
	require.Equal(t, tcpmodel.TextInOrder, oneFound(t, says(func(s *wire.Segment) { s.Ack += 1420 })).Clause, "it was not taken")
	require.Equal(t, tcpmodel.SwsReceiver, oneFound(t, says(func(s *wire.Segment) { s.Window++ })).Clause, "there is no room")
	require.Equal(t, tcpmodel.SwsReceiver, oneFound(t, says(func(s *wire.Segment) { s.Window = 0 })).Clause, "what was offered is not taken back")
}

// TestTextOutOfOrderTakesThreeQuartersOfAShrunkBuffer: what has no room is acknowledged, and
// not kept.
func TestTextOutOfOrderTakesThreeQuartersOfAShrunkBuffer(t *testing.T) {
	const rule = "rule   client->server drop data 1"
	const fits = 2313 // three quarters of twice that are above 2048+1420
	drops, takes := wholly(t, shrunk(fits-1, rule)), wholly(t, shrunk(fits, rule))
	require.Equal(t, tcpmodel.TextAside, oneFound(t, asked(t, drops, fits)).Clause)
	require.Equal(t, tcpmodel.TextAside, oneFound(t, asked(t, takes, fits-1)).Clause)
	second := drops.Events[arrival(t, drops, 1)].At
	silent := &trace.Trace{Header: drops.Header, Events: slices.DeleteFunc(slices.Clone(drops.Events), func(e trace.Event) bool {
		return fromServer(&e) && e.At == second
	})}
	require.Equal(t, tcpmodel.AckAtOnce, oneFound(t, silent).Clause)
}

// TestABufferThatIsMadeLargerIsToldOfAtOnce: where that opens the window.
func TestABufferThatIsMadeLargerIsToldOfAtOnce(t *testing.T) {
	tr := wholly(t, shrunk(2000, ""))
	set := 0
	for i := range tr.Events {
		if e := &tr.Events[i]; e.Kind == trace.Call && e.Op == "setsockopt" {
			set = i
		}
	}
	update := tr.Events[set+1]
	require.True(t, fromServer(&update))
	missing := &trace.Trace{Header: tr.Header, Events: slices.Delete(slices.Clone(tr.Events), set+1, set+2)}
	d := oneFound(t, missing)
	require.Equal(t, tcpmodel.SwsReceiver, d.Clause)
	require.Equal(t, update.At, d.At)
	unasked := &trace.Trace{Header: tr.Header, Events: slices.Clone(tr.Events)}
	unasked.Events[set].Args = "SO_RCVBUF, 2001"
	require.Equal(t, tcpmodel.SwsReceiver, oneFound(t, unasked).Clause, "there is no such room")
	before := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return fromServer(&e) && e.Packet.TCP.Ack == update.Packet.TCP.Ack })
	unasked.Events[set+1].Packet.TCP.Window = tr.Events[before].Packet.TCP.Window
	require.Equal(t, tcpmodel.AckDelayed, oneFound(t, unasked).Clause, "that opens nothing")
}

// TestOnlyWhatWasKeptIsRead: in a buffer that was shrunk.
func TestOnlyWhatWasKeptIsRead(t *testing.T) {
	tr := wholly(t, shrunk(2000, ""))
	read := func(e *trace.Event) bool { return e.Host == "server" && result("recv")(e) && e.N > 0 }
	for _, by := range []int{-1, 1, 1420} {
		d := oneFound(t, falsifyOne(t, tr, 0, read, func(e *trace.Event) {
			e.N += by
			e.Data = e.Data[:min(len(e.Data), e.N)]
		}))
		require.Equal(t, tcpmodel.ReceiveText, d.Clause)
	}
}

// TestWhatTuningMakesOfABufferIsKnown: what was read in which round trip is.
func TestWhatTuningMakesOfABufferIsKnown(t *testing.T) {
	tr := wholly(t, `
host   server
host   client
link   client server rtt=20ms rate=100mbit

proc server
  set rcvbuf 20000
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 400000
  close
`)
	widest := 0
	for i := range tr.Events {
		if e := &tr.Events[i]; fromServer(e) && e.Packet.TCP.Window > tr.Events[widest].Packet.TCP.Window {
			widest = i
		}
	}
	tuned := int(tr.Events[widest].Packet.TCP.Window) << 7
	require.Greater(t, tuned, 20000, "it was made larger")
	require.Less(t, tuned, 1_000_000, "and not as large as it may be")
	for by, allowed := range map[uint16]bool{0: true, 16: false} { // half of a segment's memory is 8
		c := (&doctor{change: segment(func(s *wire.Segment) { s.Window += by })}).falsify(tr, widest)
		require.Equal(t, allowed, len(oracle.Check(c, oracle.Config{})) == 0, "wider by %d units", by)
	}
}
