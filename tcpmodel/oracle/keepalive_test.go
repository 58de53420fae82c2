package oracle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/tcpmodel"
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
