package oracle_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// TestWhatIsRefusedDoesNotHangOnTheInitialNumber: a short segment behind one that is not
// acknowledged, in each half of the sequence space.
func TestWhatIsRefusedDoesNotHangOnTheInitialNumber(t *testing.T) {
	s, err := cases.Parse("nagle.txt", []byte(`
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80
  accept
  recvloop

proc client
  set nodelay on
  connect server:80
  send "x"
  send "y"
`))
	require.NoError(t, err)
	var halves [2]int
	for seed := range uint64(8) {
		tr := traceWith(t, s, cases.RunConfig{Seed: seed})
		first := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return sent(wire.SYN, wire.ACK)(&e) })
		halves[tr.Events[first].Packet.TCP.Seq>>31]++
		nagle := &trace.Trace{Header: tr.Header, Events: slices.DeleteFunc(slices.Clone(tr.Events), func(e trace.Event) bool { return e.Op == "setsockopt" })}
		require.Equal(t, tcpmodel.NagleHold, oneFound(t, nagle).Clause, "seed %d", seed)
	}
	require.NotContains(t, halves, 0)
}
