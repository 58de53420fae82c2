package oracle_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// narrowed has a path take packets of 100 octets, and an acknowledgment come, which is
// forged, of all that was too big.
const narrowed = `
host   server
host   client
observer observer
link   server observer
link   client observer <-mtu=100
forge  client->observer ack 3..8 FA to=both

proc server
  listen 80
  accept
  send 65000

proc client
  connect server:80
`

// TestWhatWasTooBigLeavesTheNetworkAsManySegments: of 20 octets each, and not of more
// than the router has said.
func TestWhatWasTooBigLeavesTheNetworkAsManySegments(t *testing.T) {
	tr := runOf(t, narrowed)
	tooBig := func(e *trace.Event) bool {
		return e.Kind == trace.Delivered && e.Packet.ICMPKind() == wire.PacketTooBig
	}
	for i := range tr.Events {
		if tooBig(&tr.Events[i]) {
			mtu, ok := tr.Events[i].Packet.NextHopMTU()
			require.True(t, ok)
			require.EqualValues(t, 100, mtu)
		}
	}
	for n := range 10 {
		tr = falsifyOne(t, tr, n, tooBig, func(e *trace.Event) { e.Packet.ICMP.Rest = 1000 })
	}
	require.Equal(t, tcpmodel.SlowStart, oneFound(t, tr).Clause)
}
