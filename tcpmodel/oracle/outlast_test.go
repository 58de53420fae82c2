package oracle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/oracle"
)

// onServer has the server's socket be closed behind a call that waits, and linger.
const onServer = `
host   server
host   client
link   client server rtt=200ms

proc server
  listen 80
  accept as=c
  set linger 5s on=c
`

// onClient has the client's be closed.
const onClient = `
host   server
host   client
link   client server rtt=200ms

proc client meddler
  sleep 1s
  close on=c
`

// behind are the calls that a close can wait for, and the host and name of each.
var behind = []struct{ name, host, op, text string }{
	{"recv", "server", "recv", onServer + `
  recv 4 on=c
proc server other
  sleep 500ms
  close on=c
proc client
  connect server:80
  sleep 1s
  send "text"
  recvloop
`},
	{"close", "server", "close", onServer + `
  close on=c
proc client
  connect server:80
  sleep 10s
`},
	{"close until its time is over", "server", "close", onServer + `
  send "text"
  sleep 1s
  close on=c
proc client
  connect server:80
script operator
  sleep 500ms
  down client server
  sleep 10s
`},
	{"recv that leaves text", "server", "recv", onServer + `
  recv 2 on=c
proc server other
  sleep 500ms
  close on=c
proc client
  connect server:80
  sleep 1s
  send "text"
  recvloop
`},
	{"recv behind a shutdown", "server", "recv", onServer + `
  shutdown write on=c
  recv 2 on=c
proc server other
  sleep 320ms
  close on=c
proc client
  connect server:80
  sleep 50ms
  send "text"
  sleep 1s
  send "text"
`},
	{"accept", "server", "accept", `
host   server
host   client
link   client server rtt=200ms
proc server
  set linger 5s
  listen 80 as=l
  accept as=c
  recvloop on=c
proc server other
  sleep 50ms
  close on=l
proc client
  connect server:80
  send "text"
proc client second
  connect server:80
  recvloop
`},
	{"connect", "client", "connect", onClient + `
proc server
  sleep 1500ms
  listen 80
proc client
  set linger 1s
  sleep 950ms
  connect server:80 as=c
`},
	{"send", "client", "send", onClient + `
proc server
  listen 80
  accept
  sleep 3s
  recvloop
proc client
  set linger 10s
  set sndbuf 4096
  connect server:80 as=c
  send 200000
`},
}

// TestTheCallThatOutlastsACloseIsFollowed has each, and falsifies it: it does not return
// sooner or later, and what it closes is closed.
func TestTheCallThatOutlastsACloseIsFollowed(t *testing.T) {
	for _, x := range behind {
		tr := runOf(t, x.text)
		of := func(kind trace.Kind, op string) int {
			return slices.IndexFunc(tr.Events, func(e trace.Event) bool {
				return e.Kind == kind && e.Host == x.host && e.Op == op
			})
		}
		begun, closed, ended := of(trace.Call, x.op), of(trace.Return, "close"), of(trace.Return, x.op)
		if x.op == "close" {
			closed = begun
		} else {
			require.Less(t, begun, closed, x.name)
			require.Less(t, closed, ended, "%s: the close comes first", x.name)
		}
		require.Less(t, tr.Events[begun].At, tr.Events[ended].At, x.name)
		wrong := func(why string, d doctor, at int) {
			require.NotEmpty(t, oracle.Unknown(oracle.Check(d.falsify(tr, at), oracle.Config{})), "%s: %s", x.name, why)
		}
		wrong("never returns", doctor{}, ended)
		wrong("returns later", doctor{later: time.Millisecond}, ended)
		if e := tr.Events[ended]; tr.Events[ended-1].At == e.At { // it was waited for
			e.At -= time.Millisecond
			sooner := &trace.Trace{Header: tr.Header, Events: slices.Delete(slices.Clone(tr.Events), ended, ended+1)}
			at := slices.IndexFunc(sooner.Events, func(o trace.Event) bool { return o.At > e.At })
			sooner.Events = slices.Insert(sooner.Events, at, e)
			require.NotEmpty(t, oracle.Unknown(oracle.Check(sooner, oracle.Config{})), "%s: returns sooner", x.name)
		}
		for i := closed; i < len(tr.Events); i++ {
			if e := &tr.Events[i]; e.Host == x.host && sent(0, 0)(e) && e.Packet.TCP.Flags&(wire.FIN|wire.RST) != 0 {
				wrong("does not close", doctor{}, i)
				break
			}
		}
	}
}
