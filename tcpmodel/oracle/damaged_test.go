package oracle_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// unreachable has a router answer the SYN with an ICMP error.
const unreachable = `
host   server addr=fd00::1
host   client addr=fd00::3
router router
link   server router
link   client router

proc client
  sleep 1s
  connect server:80

script operator
  noroute router server
`

func TestADamagedICMPErrorArrivesWhereNoChecksumCoversTheBit(t *testing.T) {
	const flowLabel, source = 27, 8 * 8
	flipped := func(text string, bit int) *trace.Trace {
		return falsifyOne(t, runOf(t, text), 0, func(e *trace.Event) bool {
			return e.Kind == trace.Delivered && e.Packet.Proto == wire.ICMP
		}, func(e *trace.Event) { e.Flip = bit + 1 })
	}
	require.Empty(t, oracle.Check(flipped(unreachable, flowLabel), oracle.Config{}))
	require.Equal(t, tcpmodel.TimeoutSyn, oneFound(t, flipped(unreachable, source)).Clause)
	ipv4 := strings.NewReplacer("fd00::", "10.0.0.").Replace(unreachable)
	require.Equal(t, tcpmodel.TimeoutSyn, oneFound(t, flipped(ipv4, flowLabel)).Clause)
}
