package middlebox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
)

func newObserver(t *testing.T, triggers ...middlebox.Trigger) *lab {
	t.Helper()
	o, err := middlebox.NewObserver(middlebox.ObserverConfig{Triggers: triggers})
	require.NoError(t, err)
	return &lab{t: t, box: o}
}

func hasData(p *wire.Packet) bool { return len(p.TCP.Payload) > 0 }

// request is the client's first data, of 5 bytes.
var request = tcp(client, server, seg("P.", 101, 501, "GET /"))

func TestAnObserverHoldsNothingUp(t *testing.T) {
	l := newObserver(t)
	l.handshake(client, server)
	require.Equal(t, middlebox.Result{Packet: request}, l.passes(inside, request))
	_, ok := l.box.Deadline()
	require.False(t, ok)
}

func TestAnObserverForgesToOneEndOrBoth(t *testing.T) {
	toServer := tcp(client, server, wire.Segment{Flags: wire.RST, Seq: 106, Window: 65535})
	toClient := tcp(server, client, wire.Segment{Flags: wire.RST, Seq: 501, Window: 65535})
	for name, c := range map[string]struct {
		to   middlebox.Receivers
		want []wire.Packet
	}{
		"the receiver": {middlebox.ToReceiver, []wire.Packet{toServer}},
		"the sender":   {middlebox.ToSender, []wire.Packet{toClient}},
		"both":         {middlebox.ToBoth, []wire.Packet{toServer, toClient}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newObserver(t, middlebox.Trigger{Match: hasData, Forge: []middlebox.Forgery{{To: c.to, Flags: wire.RST}}})
			require.Empty(t, l.handshake(client, server).Send)
			require.Equal(t, c.want, l.passes(inside, request).Send, "exact, behind the data that it has seen")
		})
	}
}

func TestAnObserverCountsFromWhatItSees(t *testing.T) {
	for number, want := range map[middlebox.Number]uint32{
		{Base: middlebox.Seen}:                   106,
		{Base: middlebox.Seen, Offset: -5}:       101,
		{Base: middlebox.Next, Offset: 1}:        107,
		{Base: middlebox.Edge}:                   1101,
		{Base: middlebox.Edge, Offset: -1}:       1100,
		{Base: middlebox.Absolute, Offset: 1234}: 1234,
	} {
		l := newObserver(t, middlebox.Trigger{Match: hasData, Forge: []middlebox.Forgery{{Flags: wire.RST, Seq: number}}})
		l.handshake(client, server)
		require.Equal(t, want, one(t, l.passes(inside, request).Send).TCP.Seq, number)
	}
}

func TestAnObserverForgesDataAndAcknowledgments(t *testing.T) {
	l := newObserver(t, middlebox.Trigger{Match: hasData, Forge: []middlebox.Forgery{{
		To: middlebox.ToSender, Flags: wire.ACK | wire.PSH | wire.FIN, Payload: []byte("blocked"), Window: 7,
		Ack: middlebox.Number{Offset: -2},
	}}})
	l.handshake(client, server)
	forged := one(t, l.passes(inside, request).Send)
	require.Equal(t, tcp(server, client, wire.Segment{
		Flags: wire.ACK | wire.PSH | wire.FIN, Seq: 501, Ack: 104, Window: 7, Payload: []byte("blocked"),
	}), forged)
}

func TestAnObserverForgesSeveralAtOnce(t *testing.T) {
	l := newObserver(t, middlebox.Trigger{Match: hasData, Forge: []middlebox.Forgery{{Flags: wire.RST, Count: 3, Stride: 1460}}})
	l.handshake(client, server)
	var numbers []uint32
	for _, p := range l.passes(inside, request).Send {
		numbers = append(numbers, p.TCP.Seq)
	}
	require.Equal(t, []uint32{106, 1566, 3026}, numbers)
}

// TestAnObserverIsAsFastAsItIs: what it forges is as of the time when it saw the
// segment.
func TestAnObserverIsAsFastAsItIs(t *testing.T) {
	l := newObserver(t, middlebox.Trigger{Match: hasData, First: 1, Last: 1, Forge: []middlebox.Forgery{
		{Flags: wire.RST, After: 20 * time.Millisecond},
		{Flags: wire.FIN | wire.ACK, After: 10 * time.Millisecond},
	}})
	l.handshake(client, server)
	require.Empty(t, l.passes(inside, request).Send)
	l.passes(inside, tcp(client, server, seg("P.", 106, 501, "more")))
	at, ok := l.box.Deadline()
	require.True(t, ok)
	require.Equal(t, 10*time.Millisecond, at)
	require.Equal(t, wire.FIN|wire.ACK, one(t, l.box.Expire(at)).TCP.Flags)
	at, _ = l.box.Deadline()
	require.Equal(t, 20*time.Millisecond, at)
	require.Equal(t, uint32(106), one(t, l.box.Expire(at)).TCP.Seq)
}

func TestAnObserverCountsMatches(t *testing.T) {
	for _, c := range []struct{ first, last, want int }{{0, 0, 4}, {2, 2, 1}, {2, 3, 2}, {3, 0, 2}, {0, 1, 1}} {
		l := newObserver(t, middlebox.Trigger{Match: hasData, First: c.first, Last: c.last, Forge: []middlebox.Forgery{{Flags: wire.RST}}})
		l.handshake(client, server)
		forged := 0
		for range 4 {
			forged += len(l.passes(inside, request).Send)
		}
		require.Equal(t, c.want, forged, "%d..%d", c.first, c.last)
	}
}

func TestAnObserverTellsItsSidesApart(t *testing.T) {
	for from, want := range map[middlebox.Ends]int{0: 3, middlebox.BothEnds: 3, middlebox.InsideEnd: 2, middlebox.OutsideEnd: 1} {
		l := newObserver(t, middlebox.Trigger{From: from, Forge: []middlebox.Forgery{{Flags: wire.RST}}})
		forged := len(l.passes(inside, tcp(client, server, seg("S", 100, 0, ""))).Send)
		forged += len(l.passes(outside, tcp(server, client, seg("S.", 500, 101, ""))).Send)
		forged += len(l.passes(inside, tcp(client, server, seg(".", 101, 501, ""))).Send)
		require.Equal(t, want, forged)
	}
}

func TestMistakesOfAnObserverAreReported(t *testing.T) {
	_, err := middlebox.NewObserver(middlebox.ObserverConfig{Triggers: []middlebox.Trigger{{First: 3, Last: 2, From: 8, Forge: []middlebox.Forgery{
		{To: 9, After: -1, Count: -1, Seq: middlebox.Number{Base: 9}, Payload: make([]byte, 2000)},
	}}}})
	for _, want := range []string{
		"middlebox: observer:", "Triggers[0].First, Last: 3, 2", "Triggers[0].From: 8", "Forge[0].To: 9", "Forge[0].After: -1ns", "Forge[0].Count: -1",
		"Forge[0]: Seq or Ack", "Forge[0].Payload: 2000 bytes",
	} {
		require.ErrorContains(t, err, want)
	}
}

func TestNumbersPrintAsScenariosWriteThem(t *testing.T) {
	for text, n := range map[string]middlebox.Number{
		"seen0": {}, "n-1": {Base: middlebox.Next, Offset: -1}, "wnd1000": {Base: middlebox.Edge, Offset: 1000},
		"77": {Base: middlebox.Absolute, Offset: 77}, "base 9+1": {Base: 9, Offset: 1},
	} {
		require.Equal(t, text, n.String())
	}
}
