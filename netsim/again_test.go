package netsim_test

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// sentTwice is how many segments with data, SYN or FIN were sent that begin where one
// of the host did before.
func sentTwice(t *trace.Trace) (count int) {
	type start struct {
		host string
		seq  uint32
	}
	seen := map[start]bool{}
	for _, e := range t.Events {
		s := &e.Packet.TCP
		if e.Kind != trace.Sent || s.Len() == 0 || s.Flags.Has(wire.RST) {
			continue
		}
		if seen[start{e.Host, s.Seq}] {
			count++
		}
		seen[start{e.Host, s.Seq}] = true
	}
	return count
}

// A run goes on as long as no more than the bound is sent again.
func TestRunEndsWhereMoreIsSentAgainThanMayBe(t *testing.T) {
	lost := func(kept int) *picker {
		return &picker{pick: func(c []netsim.Choice) int {
			for i := range c {
				if kept > 0 {
					break
				}
				if c[i].Kind == netsim.ChooseDrop && c[i].Host == "server" {
					return i
				}
			}
			kept--
			return 0
		}}
	}
	for _, kept := range []int{0, 4} { // the SYN is lost, or data
		n, read := meet(netsim.Choosing{Chooser: lost(kept), Drops: 3})
		require.NoError(t, n.Run())
		require.NotEmpty(t, *read)
		all := sentTwice(n.Trace())
		require.GreaterOrEqual(t, all, 3)
		n.Close()
		for most := range all + 2 {
			bound := most
			if most == 0 {
				bound = -1
			}
			chooser, within := lost(kept), 0
			pick := chooser.pick
			n, _ := meet(netsim.Choosing{Chooser: chooser, Drops: 3, Retransmits: bound})
			chooser.pick = func(c []netsim.Choice) int {
				within = sentTwice(n.Trace())
				return pick(c)
			}
			err := n.Run()
			if most >= all {
				require.NoError(t, err)
				require.Equal(t, all, sentTwice(n.Trace()))
			} else {
				require.ErrorIs(t, err, netsim.ErrRetransmits)
				require.Greater(t, sentTwice(n.Trace()), most)
				require.LessOrEqual(t, within, most, "it ends with the first that is too many")
			}
			n.Close()
		}
	}
}

// When no proc is left to see it, as much is sent again as there is need for.
func TestWhatNobodySeesIsNoReasonToEndARun(t *testing.T) {
	left := 2
	lossy := &picker{pick: func(c []netsim.Choice) int {
		for i := range c {
			if c[i].Kind == netsim.ChooseRetry || left == 0 && c[i].Kind == netsim.ChooseDrop {
				return i
			}
		}
		return 0
	}}
	n := netsim.New(netsim.Config{Choosing: netsim.Choosing{Chooser: lossy, Drops: 3, Retransmits: -1}})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: time.Second})
	server.Go("", func(p *netsim.Proc) {
		l, _ := p.Listen("tcp", ":80")
		l.Accept() //nolint:errcheck // the client says
		left--
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		c.Write([]byte("a")) //nolint:errcheck // nobody reads it
		left--
	})
	require.NoError(t, n.Run())
	require.Zero(t, left)
	require.Positive(t, sentTwice(n.Trace()))
}

// Where time stands still, netstack takes what was sent with a segment that is
// acknowledged for lost, unless it does not tell by time.
func TestWithoutRACKNothingIsSentAgainWithoutNeed(t *testing.T) {
	for _, without := range []bool{false, true} {
		acks := &picker{pick: func(c []netsim.Choice) int {
			for i := range c {
				if c[i].Host == "client" {
					return i // each acknowledgement as soon as it is there
				}
			}
			return 0
		}}
		n := netsim.New(netsim.Config{Choosing: netsim.Choosing{Chooser: acks, InOrder: true, NoRACK: without}})
		client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
		n.Link(client, server, netsim.LinkConfig{RTT: time.Second})
		server.Go("", func(p *netsim.Proc) {
			l, _ := p.Listen("tcp", ":80")
			c, err := l.Accept()
			require.NoError(t, err)
			io.Copy(io.Discard, c) //nolint:errcheck // the client says
		})
		client.Go("", func(p *netsim.Proc) {
			c, err := p.Dial("tcp", "server:80")
			require.NoError(t, err)
			c.Write(make([]byte, 9000)) //nolint:errcheck // the server reads it
			c.Close()                   //nolint:errcheck // see above
		})
		require.NoError(t, n.Run())
		require.Equal(t, without, sentTwice(n.Trace()) == 0)
		n.Close()
	}
}
