package oracle_test

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// gaps has two segments be lost, so that the receiver reports two blocks.
const gaps = `
host   server
host   client
link   client server rtt=20ms rate=10mbit
rule   client->server drop data 2
rule   client->server drop data 4

proc server
  listen 80
  accept
  recvloop

proc client
  connect server:80
  send 14000
`

// option is where an option of a kind begins in a packet, or 0.
func option(e *trace.Event, kind byte) int {
	o := e.Packet.TCP.Options
	for i := 0; i < len(o) && o[i] != 0; {
		switch o[i] {
		case kind:
			return i
		case 1:
			i++
		default:
			i += int(o[i+1])
		}
	}
	return 0
}

// reports fits ACKs with so many SACK blocks.
func reports(n int) func(e *trace.Event) bool {
	return func(e *trace.Event) bool {
		i := option(e, 5)
		return sent(wire.ACK, wire.RST|wire.SYN)(e) && i > 0 && int(e.Packet.TCP.Options[i+1]) == 2+8*n
	}
}

func TestATimestampIsThatOfTheTime(t *testing.T) {
	tr := runOf(t, gaps)
	require.Empty(t, oracle.Check(tr, oracle.Config{}))
	for _, by := range []uint32{1, ^uint32(0)} {
		d := oneFound(t, falsifyOne(t, tr, 3, text, func(e *trace.Event) {
			v := e.Packet.TCP.Options[option(e, 8)+2:]
			binary.BigEndian.PutUint32(v, binary.BigEndian.Uint32(v)+by)
		}))
		require.Equal(t, tcpmodel.RttTimestamp, d.Clause)
	}
}

func TestTheLastTextThatWasGivenHasPush(t *testing.T) {
	tr := runOf(t, gaps)
	pushed := func(e *trace.Event) bool { return text(e) && e.Packet.TCP.Flags.Has(wire.PSH) }
	d := oneFound(t, falsifyOne(t, tr, 0, pushed, toggle(wire.PSH)))
	require.Equal(t, tcpmodel.SendText, d.Clause)
	require.Contains(t, d.Would, "MUST-61")
	plain := func(e *trace.Event) bool { return text(e) && !e.Packet.TCP.Flags.Has(wire.PSH) }
	require.Empty(t, oracle.Check(falsifyOne(t, tr, 0, plain, toggle(wire.PSH)), oracle.Config{}), "others may have it")
}

func TestSackReportsWhatWaitsForAGap(t *testing.T) {
	tr := runOf(t, gaps)
	refused := func(n int, what string, change func(o []byte)) {
		t.Helper()
		d := oneFound(t, falsifyOne(t, tr, 0, reports(n), func(e *trace.Event) { change(e.Packet.TCP.Options[option(e, 5):]) }))
		require.Equal(t, tcpmodel.TextAside, d.Clause, what)
	}
	nothing := func(o []byte) {
		for i := range int(o[1]) {
			o[i] = 1
		}
	}
	refused(1, "the option is left out", nothing)
	refused(2, "the option is left out", nothing)
	refused(2, "the block that changed last comes second", func(o []byte) {
		first := append([]byte(nil), o[2:10]...)
		copy(o[2:], o[10:18])
		copy(o[10:], first)
	})
	refused(2, "the second is left out", func(o []byte) {
		o[1] = 10
		copy(o[10:], []byte{1, 1, 1, 1, 1, 1, 1, 1})
	})
	refused(1, "an octet less", func(o []byte) { binary.BigEndian.PutUint32(o[6:], binary.BigEndian.Uint32(o[6:])-1) })
	refused(1, "an octet more", func(o []byte) { binary.BigEndian.PutUint32(o[6:], binary.BigEndian.Uint32(o[6:])+1) })
}

// late has a reader begin when the window is closed.
const late = `
host   server
host   client
link   client server rtt=20ms rate=100mbit

proc server
  set rcvbuf 200000
  listen 80
  accept
  sleep 5s
  recvloop

proc client
  connect server:80
  send 400000
`

func TestAWindowIsAsWideAsThereIsRoom(t *testing.T) {
	tr := runOf(t, late)
	require.Empty(t, oracle.Check(tr, oracle.Config{}))
	acks := func(e *trace.Event) bool { return e.Host == "client" && sent(wire.ACK, wire.SYN)(e) }
	widen := func(by int) *trace.Trace {
		return falsifyOne(t, tr, 1, acks, func(e *trace.Event) { e.Packet.TCP.Window = uint16(int(e.Packet.TCP.Window) + by) })
	}
	require.Empty(t, oracle.Check(widen(-3), oracle.Config{}), "the SYN-ACK takes memory as long as it is processed")
	d := oneFound(t, widen(-4))
	require.Equal(t, tcpmodel.SwsReceiver, d.Clause)
	require.Contains(t, d.Would, "a window of at least 523970 octets, not 523776")
	d = oneFound(t, widen(1))
	require.Equal(t, tcpmodel.SwsReceiver, d.Clause)
	require.Contains(t, d.Would, "a window of at most 524288 octets, not 524416")
	closed := func(e *trace.Event) bool {
		return e.Host == "server" && sent(wire.ACK, wire.SYN)(e) && e.Packet.TCP.Window == 0 && e.At > time.Second
	}
	d = oneFound(t, falsifyOne(t, tr, 0, closed, segment(func(s *wire.Segment) { s.Window = 12 })))
	require.Equal(t, tcpmodel.SwsReceiver, d.Clause, "nothing was read")
}

func TestAWindowThatReadingOpensIsToldOfAtOnce(t *testing.T) {
	tr := runOf(t, late)
	update := func(e *trace.Event) bool {
		return e.Host == "server" && sent(wire.ACK, wire.SYN)(e) && e.At > 5*time.Second && e.Packet.TCP.Window > 0
	}
	at := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return update(&e) })
	require.Positive(t, at)
	opens := tr.Events[at].At
	tr.Events = slices.DeleteFunc(tr.Events, func(e trace.Event) bool { return update(&e) && e.At == opens })
	d := oneFound(t, tr)
	require.Equal(t, tcpmodel.SwsReceiver, d.Clause)
	require.Equal(t, "a window update at once: reading has made room", d.Would)
	require.Equal(t, opens, d.At)
}
