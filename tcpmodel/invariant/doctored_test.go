package invariant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/invariant"
)

// orderly is a connection in which both sides write, read all, and close.
const orderly = `#
host client
host server
link client server rtt=20ms

proc server
  listen 80
  accept
  peek
  recv
  send "WORLD"
  recv
  close

proc client
  connect server:80
  send "hello"
  recv
  shutdown write
  recv
  recv
  close
`

// finLost sends its FIN three times, while the peer's program lives.
const finLost = `#
host client
host server
link client server rtt=20ms
rule client->server drop F 1..2

proc server
  listen 80
  accept
  recvloop
  sleep 1h

proc client
  connect server:80
  send "hello"
  close
`

// shutWindow has a closed window hold text back.
const shutWindow = `#
host client
host server
link client server rtt=20ms

proc server
  set rcvbuf 4096
  listen 80
  accept
  sleep 5s
  recvloop
  close

proc client
  connect server:80
  send 20000
  close
`

// long writes more than the arguments of a send show.
const long = `#
host client
host server
link client server rtt=20ms

proc server
  listen 80
  accept
  recvloop
  close

proc client
  connect server:80
  send 5000
  close
`

// reset is a connection that ends with a RST.
const reset = `#
host client
host server
link client server rtt=20ms

proc server
  listen 80
  accept
  sleep 50ms
  close

proc client
  connect server:80
  send "hello"
  recv
`

// lossy sends a segment twice.
const lossy = `#
host client
host server
link client server rtt=20ms
rule client->server drop data 1

proc server
  listen 80
  accept
  recv
  close

proc client
  connect server:80
  send "hello"
  recv
  close
`

// refused finds no listener.
const refused = `#
host client
host server
link client server rtt=20ms

proc server
  sleep 1s

proc client
  connect server:80
`

// half ends one direction long before the other.
const half = `#
host client
host server
link client server rtt=20ms

proc server
  listen 80
  accept
  recv
  recv
  sleep 1s
  send "more"
  close

proc client
  connect server:80
  send "hello"
  shutdown write
  recv
  recv
  close
`

// crossed is a simultaneous open.
const crossed = `#
host client
host server
link client server rtt=20ms

proc server
  set port 80
  connect client:1000

proc client
  set port 1000
  connect server:80
`

// doctored are traces in which one thing was changed so that they break a rule,
// and the number of the event that breaks it; 0 is the changed one.
var doctored = []struct {
	invariant string
	why       string
	run       string
	change    func(t *testing.T, tr *trace.Trace) (at int)
}{
	{"sent-as-written", "other octets are sent", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))
		tr.Events[i].Packet.TCP.Payload[1] = 'E'
		return i
	}},
	{"sent-as-written", "more octets are sent", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))
		tr.Events[i].Packet.TCP.Payload = []byte("hello!")
		return i
	}},
	{"sent-as-written", "send took fewer", orderly, func(t *testing.T, tr *trace.Trace) int {
		tr.Events[nth(t, tr, 1, returned("server", "send"))].N = 4
		i := nth(t, tr, 1, packet(trace.Sent, "server", wire.ACK, true))
		again := tr.Events[i]
		insert(tr, nth(t, tr, 1, returned("server", "send")), again)
		return nth(t, tr, 2, packet(trace.Sent, "server", wire.ACK, true))
	}},
	{"delivered-as-sent", "the path changes an octet", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Delivered, "server", wire.ACK, true))
		tr.Events[i].Packet.TCP.Payload[0] = 'H'
		return i
	}},
	{"read-as-delivered", "other octets are read", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, returned("server", "recv"))
		tr.Events[i].Data[4] = 'a'
		return i
	}},
	{"read-as-delivered", "more octets are read", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, returned("server", "recv"))
		tr.Events[i].Data, tr.Events[i].N = []byte("hello!"), 6
		return i
	}},
	{"read-as-delivered", "octets are read twice", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, returned("server", "recv"))
		insert(tr, i, tr.Events[i])
		return i + 1
	}},
	{"peek-as-read", "a peek shows other octets", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, returned("server", "peek"))
		tr.Events[i].Data[0] = 'j'
		return i
	}},
	{"eof-after-fin", "the end comes before the FIN", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, returned("client", "recv"))
		tr.Events[i].Data, tr.Events[i].N = nil, 0
		return i
	}},
	{"eof-after-fin", "the end comes before the last octet", half, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, returned("server", "recv"))
		tr.Events[i].Data, tr.Events[i].N = tr.Events[i].Data[:4], 4
		return nth(t, tr, 2, returned("server", "recv"))
	}},
	{"nothing-after-eof", "an error after the end", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 3, returned("client", "recv"))
		tr.Events[i].Errno = "ECONNRESET"
		return i
	}},
	{"econnreset-after-rst", "an error without a RST", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 2, returned("client", "recv"))
		tr.Events[i].Errno = "ECONNRESET"
		return i
	}},
	{"econnreset-after-rst", "the RST came damaged", reset, func(t *testing.T, tr *trace.Trace) int {
		tr.Events[nth(t, tr, 1, packet(trace.Delivered, "client", wire.RST, false))].Flip = 200
		return nth(t, tr, 1, returned("client", "recv"))
	}},
	{"econnrefused-after-rst", "refused without a RST", refused, func(t *testing.T, tr *trace.Trace) int {
		drop(tr, nth(t, tr, 1, packet(trace.Delivered, "client", wire.RST, false)))
		return nth(t, tr, 1, returned("client", "connect"))
	}},
	{"closed-sends-only-rst", "an ACK after the end", reset, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 0, returned("client", "recv"))
		insert(tr, i, tr.Events[nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))])
		tr.Events[i+1].At = tr.Events[i].At
		return i + 1
	}},
	{"rst-form", "a RST with another SEQ", refused, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "server", wire.RST, false))
		tr.Events[i].Packet.TCP.Seq = 1
		return i
	}},
	{"no-rst-for-rst", "a RST answers a RST", reset, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Delivered, "client", wire.RST, false))
		e := tr.Events[nth(t, tr, 1, packet(trace.Sent, "client", wire.SYN, false))]
		e.Packet.TCP.Flags, e.At = wire.RST, tr.Events[i].At
		insert(tr, i, e)
		return i + 1
	}},
	{"ack-always-set", "data without ACK", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))
		tr.Events[i].Packet.TCP.Flags = wire.PSH
		return i
	}},
	{"ack-always-set", "a SYN without ACK in SYN-RECEIVED", crossed, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, entered("client", wire.SynReceived))
		e := tr.Events[nth(t, tr, 1, packet(trace.Sent, "client", wire.SYN, false))]
		e.At = tr.Events[i].At
		insert(tr, i, e)
		return i + 1
	}},
	{"no-gap-in-sequence", "an octet is left out", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))
		tr.Events[i].Packet.TCP.Seq++
		return i
	}},
	{"sent-as-written", "another octet behind those that the arguments show", long, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))
		p := tr.Events[i].Packet.TCP.Payload
		p[len(p)-1] ^= 1
		return i
	}},
	{"read-as-delivered", "another octet at the end of a long read", long, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, returned("server", "recv"))
		d := tr.Events[i].Data
		require.Greater(t, len(d), 1000)
		d[len(d)-1] ^= 1
		return i
	}},
	{"same-octets-again", "other octets the second time", lossy, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 2, packet(trace.Sent, "client", wire.ACK, true))
		tr.Events[i].Packet.TCP.Payload[2] = 'L'
		return i
	}},
	{"fin-is-last", "the FIN moves", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.FIN, false))
		insert(tr, i, tr.Events[i])
		tr.Events[i+1].Packet.TCP.Seq++
		return i + 1
	}},
	{"fin-is-last", "data behind the FIN", half, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.FIN, false))
		e := tr.Events[nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))]
		e.Packet.TCP.Seq, e.At = tr.Events[i].Packet.TCP.Seq+1, tr.Events[i].At
		insert(tr, i, e)
		return i + 1
	}},
	{"fin-after-all-data", "the FIN comes too early", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.FIN, false))
		tr.Events[i].Packet.TCP.Seq--
		return i
	}},
	{"within-window", "the peer has no room", orderly, func(t *testing.T, tr *trace.Trace) int {
		for i := range tr.Events {
			if packet(trace.Delivered, "client", wire.ACK, false)(&tr.Events[i]) {
				tr.Events[i].Packet.TCP.Window = 2
			}
		}
		return nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))
	}},
	{"ack-only-received", "an octet too many", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 0, packet(trace.Sent, "server", wire.ACK, true))
		tr.Events[i].Packet.TCP.Ack++
		return i
	}},
	{"ack-only-received", "the segment was lost", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Delivered, "server", wire.ACK, true))
		tr.Events[i].Kind = trace.Dropped
		return i + 1
	}},
	{"ack-never-back", "the ACK goes back", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 0, packet(trace.Sent, "server", wire.FIN, false))
		tr.Events[i].Packet.TCP.Ack -= 3
		return i
	}},
	{"window-not-shrunk", "the window shrinks", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "server", wire.ACK, true))
		tr.Events[i].Packet.TCP.Window = 1
		return i
	}},
	{"quiet-after-fin", "data in FIN-WAIT-2", half, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, entered("client", wire.FinWait2))
		e := tr.Events[nth(t, tr, 1, packet(trace.Sent, "client", wire.ACK, true))]
		e.At = tr.Events[i].At
		insert(tr, i, e)
		return i + 1
	}},
	{"state-follows", "from a state that it is not in", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, entered("client", wire.FinWait2))
		tr.Events[i].From = wire.Closing
		return i
	}},
	{"state-in-figure", "an arrow that there is not", orderly, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, entered("server", wire.CloseWait))
		tr.Events[i].To = wire.LastAck
		return i
	}},
	{"state-has-cause", "CLOSE-WAIT without a FIN", orderly, func(t *testing.T, tr *trace.Trace) int {
		drop(tr, nth(t, tr, 1, packet(trace.Delivered, "server", wire.FIN, false)))
		return nth(t, tr, 1, entered("server", wire.CloseWait))
	}},
	{"state-has-cause", "ESTABLISHED without a SYN", orderly, func(t *testing.T, tr *trace.Trace) int {
		drop(tr, nth(t, tr, 1, packet(trace.Delivered, "client", wire.SYN, false)))
		return nth(t, tr, 1, entered("client", wire.Established))
	}},
	{"exact-rst-ends", "the RST does nothing", reset, func(t *testing.T, tr *trace.Trace) int {
		drop(tr, nth(t, tr, 1, entered("client", wire.Closed)))
		return nth(t, tr, 1, packet(trace.Delivered, "client", wire.RST, false))
	}},
	{"no-time-wait-after-reset", "the RST leads to TIME-WAIT", reset, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, entered("client", wire.Closed))
		tr.Events[i].To = wire.TimeWait
		return i
	}},
	{"closes-in-time", "TIME-WAIT does not end", orderly, func(t *testing.T, tr *trace.Trace) int {
		drop(tr, nth(t, tr, 1, entered("client", wire.Closed)))
		return len(tr.Events) - 1
	}},
	{"closes-in-time", "LAST-ACK does not end", orderly, func(t *testing.T, tr *trace.Trace) int {
		drop(tr, nth(t, tr, 1, entered("server", wire.Closed)))
		return len(tr.Events) - 1
	}},
	{"acknowledged-in-the-end", "the FIN is sent again once and never more", finLost, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 2, packet(trace.Sent, "client", wire.FIN, false))
		tr.Events = tr.Events[:i+1]
		return i
	}},
	{"acknowledged-in-the-end", "the SYN is never sent again", finLost, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, packet(trace.Sent, "client", wire.SYN, false))
		tr.Events = tr.Events[:i+2] // and SYN-SENT
		return i + 1
	}},
	{"acknowledged-in-the-end", "a closed window is never probed", shutWindow, func(t *testing.T, tr *trace.Trace) int {
		i := nth(t, tr, 1, func(e *trace.Event) bool {
			return packet(trace.Sent, "client", wire.ACK, false)(e) && len(e.Packet.TCP.Payload) == 1
		})
		tr.Events = tr.Events[:i]
		return i - 1
	}},
}

func TestADoctoredTraceIsCaught(t *testing.T) {
	caught := map[string]bool{}
	for _, d := range doctored {
		t.Run(d.invariant+"/"+d.why, func(t *testing.T) {
			tr := clone(runOf(t, d.run))
			at := d.change(t, tr)
			var names []string
			for _, v := range check(tr) {
				names = append(names, v.Error())
				if v.Invariant.Name == d.invariant && v.Seq == tr.Events[at].Seq {
					require.Equal(t, tr.Events[at].At, v.At)
					require.Contains(t, v.Error(), v.Host)
					require.Nil(t, v.Known, "no deviation explains it")
					return
				}
			}
			t.Fatalf("no %s at event %d, but %q", d.invariant, tr.Events[at].Seq, names)
		})
		caught[d.invariant] = true
	}
	for _, i := range invariant.All() {
		require.True(t, caught[i.Name], "no trace is doctored to break %s", i.Name)
	}
}
