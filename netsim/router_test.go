package netsim_test

import (
	"io"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// chain is a client and a server with routers between them; every link has the
// usual RTT.
type chain struct {
	*netsim.Network
	client, server *netsim.Host
	routers        []*netsim.Router
}

func newChain(tb testing.TB, routers int, addrs func(byte) []netip.Addr) *chain {
	c := &chain{Network: netsim.New(netsim.Config{})}
	tb.Cleanup(c.Close)
	c.client, c.server = c.Host("client", netsim.HostConfig{Addrs: addrs(1)}), c.Host("server", netsim.HostConfig{Addrs: addrs(2)})
	var last netsim.Node = c.client
	for i := range routers {
		r := c.Router(string(rune('r')) + string(rune('1'+i)))
		c.routers = append(c.routers, r)
		c.Link(last, r, netsim.LinkConfig{RTT: rtt})
		last = r
	}
	c.Link(last, c.server, netsim.LinkConfig{RTT: rtt})
	return c
}

func onlyIPv4(last byte) []netip.Addr { return bothFamiliesOf(last)[:1] }

func onlyIPv6(last byte) []netip.Addr { return bothFamiliesOf(last)[1:] }

// dialError has the client connect to the server, and gives when that ended
// and how.
func (c *chain) dialError(t *testing.T) (at time.Duration, err error) {
	t.Helper()
	c.client.Go("", func(p *netsim.Proc) {
		_, err = p.Dial("tcp", "server:80")
		at = p.Elapsed()
	})
	require.NoError(t, c.Run())
	return at, err
}

// icmp is every ICMP error that was delivered to a host, with its sender.
func icmp(n *netsim.Network, host string) []string {
	var found []string
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Delivered && e.Host == host && e.Packet.Proto == wire.ICMP {
			found = append(found, e.Packet.ICMPKind().String()+" from "+e.Packet.Src.String())
		}
	}
	return found
}

// droppedAt is every drop, as "node: reason".
func droppedAt(n *netsim.Network) []string {
	var found []string
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Dropped {
			found = append(found, e.Host+": "+e.Reason)
		}
	}
	return found
}

func TestARouterThatIsOffLosesWhatReachesIt(t *testing.T) {
	c := newChain(t, 2, onlyIPv4)
	require.True(t, c.routers[0].Up())
	c.client.Go("", func(p *netsim.Proc) {
		conn, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		c.routers[1].PowerOff()
		c.routers[1].PowerOff() // it is off already
		require.False(t, c.routers[1].Up())
		require.NoError(t, writeError(conn), "TCP does not notice")
		p.Sleep(time.Second)
		c.routers[1].PowerOn()
		c.routers[1].PowerOn()
		require.NoError(t, readError(conn), "the next retransmission gets through")
	})
	c.server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		conn, err := l.Accept()
		require.NoError(t, err)
		_, err = io.CopyN(conn, conn, 1)
		require.NoError(t, err)
	})
	require.NoError(t, c.Run())
	for _, d := range droppedAt(c.Network) {
		require.Equal(t, "r2: router is off", d)
	}
	require.Empty(t, icmp(c.Network, "client"), "nobody tells the client")
	var faults []string
	for _, e := range c.Trace().Events {
		if e.Kind == trace.Fault {
			faults = append(faults, e.Host+": "+e.Fault)
		}
	}
	require.Equal(t, []string{"r2: power off", "r2: power on"}, faults)
}

// RFC 1122 section 4.2.3.9 wants "no route" to be a soft error; Linux and netstack
// end a connect with it.
func TestConnectWithoutARouteFailsAtOnce(t *testing.T) {
	for name, addrs := range map[string]func(byte) []netip.Addr{"IPv4": onlyIPv4, "IPv6": onlyIPv6} {
		t.Run(name+", on the host", func(t *testing.T) {
			c := newChain(t, 1, addrs)
			c.RemoveRoute(c.client, c.server)
			at, err := c.dialError(t)
			require.ErrorIs(t, err, syscall.ENETUNREACH)
			require.Zero(t, at, "it tells itself")
		})
		t.Run(name+", on the second router", func(t *testing.T) {
			c := newChain(t, 2, addrs)
			c.RemoveRoute(c.routers[1], c.server)
			at, err := c.dialError(t)
			require.ErrorIs(t, err, syscall.ENETUNREACH)
			require.Equal(t, 2*rtt, at, "the router answers")
			require.Equal(t, []string{"r2: no route"}, droppedAt(c.Network))
			require.Len(t, icmp(c.Network, "client"), 1)
		})
	}
}

func TestARouterIsReachedByItsErrorsOnly(t *testing.T) {
	c := newChain(t, 1, onlyIPv4)
	c.RemoveRoute(c.routers[0], c.server)
	c.RemoveRoute(c.routers[0], c.client)
	at, err := c.dialError(t)
	require.ErrorIs(t, err, syscall.ETIMEDOUT, "the router's error has no route either, and no error follows it")
	require.Equal(t, 127*time.Second, at)
}

func TestARouteThatIsRemovedIsASoftErrorOfAConnection(t *testing.T) {
	c := newChain(t, 1, onlyIPv4)
	c.server.Go("", func(p *netsim.Proc) {
		p.Daemon()
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		conn, err := l.Accept()
		require.NoError(t, err)
		io.Copy(conn, conn) // until its data is not acknowledged any more
		conn.Close()
	})
	c.client.Go("", func(p *netsim.Proc) {
		conn, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		c.RemoveRoute(c.routers[0], c.server)
		require.NoError(t, writeError(conn))
		p.Sleep(time.Second)
		require.NotEmpty(t, icmp(c.Network, "client"))
		require.NoError(t, writeError(conn), "a soft error is not reported")
		c.ResetRoute(c.routers[0], c.server)
		require.NoError(t, readError(conn), "the connection lives on")

		c.RemoveRoute(c.routers[0], c.server)
		require.NoError(t, writeError(conn))
		_, err = io.ReadAll(conn)
		require.ErrorIs(t, err, syscall.ENETUNREACH, "it becomes the error of the time-out")
		require.Greater(t, p.Elapsed(), 100*time.Second, "RFC 1122 section 4.2.3.5: R2 is at least 100 s")
	})
	require.NoError(t, c.Run())
}

func TestARouteCanChangeInMidConnection(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	left, right := n.Router("left"), n.Router("right")
	for _, r := range []*netsim.Router{left, right} {
		n.Link(client, r, netsim.LinkConfig{RTT: rtt})
		n.Link(r, server, netsim.LinkConfig{RTT: rtt})
	}
	forwarded := map[string]int{}
	count := func() map[string]int {
		clear(forwarded)
		for _, e := range n.Trace().Events {
			if e.Kind == trace.Forwarded {
				forwarded[e.Host]++
			}
		}
		return forwarded
	}
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		conn, err := l.Accept()
		require.NoError(t, err)
		_, err = io.Copy(conn, conn)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	})
	client.Go("", func(p *netsim.Proc) {
		conn, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		require.Zero(t, count()["right"], "of two ways of one length, the one made first")
		before := forwarded["left"]
		require.NoError(t, n.SetRoute(client, server, right))
		require.NoError(t, n.SetRoute(server, client, right))
		require.NoError(t, writeError(conn))
		require.NoError(t, readError(conn))
		require.Equal(t, before+1, count()["left"], "the ACK of the handshake was on its way")
		require.Positive(t, forwarded["right"])
		n.ResetRoute(client, server)
		require.NoError(t, conn.Close())
	})
	require.NoError(t, n.Run())
	require.ErrorContains(t, n.SetRoute(client, server, server), "no link joins client and server")
}

// A route in a circle ends with the time to live. RFC 1812 section 5.3.1: "the router
// MUST send an ICMP Time Exceeded message".
func TestARouteInACircleEndsWithTimeExceeded(t *testing.T) {
	c := newChain(t, 2, onlyIPv4)
	require.NoError(t, c.SetRoute(c.routers[1], c.server, c.routers[0]))
	at, err := c.dialError(t)
	require.ErrorIs(t, err, syscall.ETIMEDOUT, "netstack ignores time exceeded; Linux would end with EHOSTUNREACH")
	require.Equal(t, 127*time.Second, at)
	require.Len(t, icmp(c.Network, "client"), 7, "one for each SYN")
	require.Contains(t, icmp(c.Network, "client")[0], "time-exceeded")
}

// Linux forgets a soft error when an ACK comes (net/ipv4/tcp_input.c, tcp_ack:
// sk_err_soft = 0). netstack keeps it (gVisor transport/tcp/connect.go, timerHandler:
// "if e.lastError != nil && isTimeout"), so that a time-out of later is blamed on it.
func TestNetstackDoesNotForgetASoftError(t *testing.T) {
	c := newChain(t, 1, onlyIPv4)
	c.server.Go("", func(p *netsim.Proc) {
		p.Daemon()
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		conn, err := l.Accept()
		require.NoError(t, err)
		io.Copy(conn, conn)
	})
	c.client.Go("", func(p *netsim.Proc) {
		conn, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		c.RemoveRoute(c.routers[0], c.server)
		require.NoError(t, writeError(conn))
		p.Sleep(time.Second)
		c.ResetRoute(c.routers[0], c.server)
		require.NoError(t, readError(conn), "all is well again")
		p.Sleep(time.Minute)
		c.server.PowerOff()
		require.NoError(t, writeError(conn))
		require.ErrorIs(t, readError(conn), syscall.ENETUNREACH, "on Linux it is ETIMEDOUT")
	})
	require.NoError(t, c.Run())
}
