package bubble_test

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
	"rstlab/netsim/link"
)

// nettest's own tests are subtests, and T.Run of a bubble's T panics. But that of
// the T outside does not: called from inside the bubble, it runs the subtest in
// a goroutine that it starts, which is therefore in the bubble, with all that the
// subtest starts, makes and reads from the clock. Nothing of nettest knows.
func TestConnsPassNettest(t *testing.T) {
	for _, on := range []struct {
		name string
		cfg  netsim.LinkConfig
	}{
		{"delay and rate", netsim.LinkConfig{RTT: 2 * time.Millisecond, AB: link.Config{Rate: 100 * link.Mbit}, BA: link.Config{Rate: 100 * link.Mbit}}},
		{"delay and loss", netsim.LinkConfig{RTT: 2 * time.Millisecond, AB: link.Config{Loss: link.Always / 100}, BA: link.Config{Loss: link.Always / 100}}},
	} {
		t.Run(on.name, func(outer *testing.T) {
			synctest.Test(outer, func(t *testing.T) {
				nettest.TestConn(outer, func() (net.Conn, net.Conn, func(), error) {
					n := bubble.New(t, bubble.Config{HashOnly: true})
					a, b := n.Host("a", netsim.HostConfig{}), n.Host("b", netsim.HostConfig{})
					n.Link(a, b, on.cfg)
					l, err := b.Listen("tcp", ":80")
					require.NoError(t, err)
					c1, err := a.Dial("tcp", "b:80")
					require.NoError(t, err)
					c2, err := l.Accept()
					require.NoError(t, err)
					return c1, c2, n.Close, nil
				})
			})
		})
	}
}
