package netsim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
)

// A packet that is lost where it is sent has no history on the wire: neither
// that of the packet whose memory it uses again, nor that of an earlier link.
func TestPacketDroppedWhereItIsSentIsNeitherCopyNorDamaged(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	l := n.Link(client, server, netsim.LinkConfig{RTT: 10 * time.Millisecond})
	for _, rule := range []link.MatchRule{
		{Match: link.MustMatch("S"), Verdict: link.Verdict{Action: link.Duplicate, Delay: time.Millisecond}},
		{Match: link.MustMatch("data"), From: 1, To: 1, Verdict: link.Verdict{Action: link.Corrupt, Bit: -1}},
		{Match: link.MustMatch("data"), From: 2, To: 4, Verdict: link.Verdict{Action: link.Drop}},
	} {
		require.NoError(t, l.From(client).AddMatchRule(rule))
	}
	server.Go("", func(p *netsim.Proc) {
		listener, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := listener.Accept()
		require.NoError(t, err)
		_, err = c.Read(make([]byte, 10))
		require.NoError(t, err)
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		_, err = c.Write([]byte("hello"))
		require.NoError(t, err)
	})
	require.NoError(t, n.Run())
	drops, damaged, copies := 0, 0, 0
	for _, e := range n.Trace().Events {
		switch {
		case e.Kind == trace.Dropped:
			drops++
			require.Zero(t, e.Copy, "event %d", e.Seq)
			require.Zero(t, e.Flip, "event %d", e.Seq)
		case e.Kind == trace.Delivered && e.Flip > 0:
			damaged++
		case e.Kind == trace.Delivered && e.Copy > 0:
			copies++
		}
	}
	require.Equal(t, 3, drops)
	require.Positive(t, damaged, "the first data segment")
	require.Positive(t, copies, "the SYN")
}
