package netsim_test

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
)

func TestEveryMistakeIsReported(t *testing.T) {
	for name, c := range map[string]struct {
		build func(*netsim.Network)
		want  []string
	}{
		"names": {func(n *netsim.Network) {
			n.Host("", netsim.HostConfig{})
			n.Host("a b", netsim.HostConfig{})
			n.Host("-x", netsim.HostConfig{})
			n.Host("twice", netsim.HostConfig{})
			n.Router("twice")
		}, []string{`name ""`, `name "a b"`, `name "-x"`, `name "twice" is used twice`}},
		"addresses": {func(n *netsim.Network) {
			n.Host("a", netsim.HostConfig{Addrs: []netip.Addr{{}}})
			n.Host("b", netsim.HostConfig{Addrs: []netip.Addr{netip.IPv4Unspecified()}})
			n.Host("c", netsim.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}})
			n.Host("d", netsim.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("224.0.0.1")}})
			n.Host("e", netsim.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("fe80::1%eth0")}})
			n.Host("f", netsim.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("::ffff:10.0.0.1")}})
			n.Host("g", netsim.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("10.1.1.1")}})
			n.Host("h", netsim.HostConfig{Addrs: []netip.Addr{netip.MustParseAddr("10.1.1.1")}})
		}, []string{
			`node "a": address invalid IP`, `node "b": address 0.0.0.0`, `node "c": address 127.0.0.1`, `node "d": address 224.0.0.1`,
			`node "e": address fe80::1%eth0`, `node "f": address ::ffff:10.0.0.1`, `node "h": address 10.1.1.1 belongs to "g" already`,
		}},
		"the same address twice on one host": {func(n *netsim.Network) {
			a := netip.MustParseAddr("10.1.1.1")
			n.Host("a", netsim.HostConfig{Addrs: []netip.Addr{a, a}})
		}, []string{`node "a": address 10.1.1.1 belongs to "a" already`}},
		"host settings": {func(n *netsim.Network) {
			n.Host("a", netsim.HostConfig{MTU: 67})
			n.Host("b", netsim.HostConfig{MTU: 65536})
			n.Host("c", netsim.HostConfig{TimeWait: -1})
			n.Host("d", netsim.HostConfig{FinTimeout: -1, Retries: 256})
		}, []string{`host "a": MTU 67`, `host "b": MTU 65536`, `host "c": TimeWait -1ns`, `host "d": FinTimeout -1ns`, `host "d": Retries 256`}},
		"a host that netstack cannot be": {func(n *netsim.Network) {
			n.Host("a", netsim.HostConfig{NoTimestamps: true})
		}, []string{`host "a": netstack has no switch for timestamps`}},
		"congestion control": {func(n *netsim.Network) {
			n.Host("a", netsim.HostConfig{Congestion: "bbr"})
		}, []string{`host "a": netstack: Config.Congestion: "bbr"`}},
		"an IPv6 host with a small MTU": {func(n *netsim.Network) {
			n.Host("a", netsim.HostConfig{Addrs: bothFamiliesOf(1), MTU: 1000})
		}, []string{`host "a": MTU 1000`, "1280"}},
		"an IPv6 host on a link with a small MTU": {func(n *netsim.Network) {
			a, b := n.Host("a", netsim.HostConfig{Addrs: bothFamiliesOf(1)}), n.Host("b", netsim.HostConfig{})
			n.Link(a, b, netsim.Symmetric(link.Config{MTU: 1000}))
		}, []string{`host "a": MTU 1000`, "1280"}},
		"links": {func(n *netsim.Network) {
			a, b := n.Host("a", netsim.HostConfig{}), n.Host("b", netsim.HostConfig{})
			other := netsim.New(netsim.Config{})
			defer other.Close()
			n.Link(a, a, netsim.LinkConfig{})
			n.Link(a, other.Host("c", netsim.HostConfig{}), netsim.LinkConfig{})
			n.Link(a, b, netsim.LinkConfig{RTT: -1})
			n.Link(a, b, netsim.LinkConfig{AB: link.Config{Jitter: -1}, BA: link.Config{MTU: 5}})
		}, []string{"link a-a: want two different nodes", "link a-c: want two different nodes of this network", "link a-b: RTT -1ns", `"a->b"`, "Jitter", `"b->a"`, "MTU"}},
	} {
		t.Run(name, func(t *testing.T) {
			n := netsim.New(netsim.Config{})
			defer n.Close()
			c.build(n)
			err := n.Err()
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.Equal(t, err, n.Run(), "Run does not start")
			require.Equal(t, err, n.RunUntil(1))
		})
	}
}

func TestAWellBuiltNetworkHasNoMistakes(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	a := n.Host("a", netsim.HostConfig{Addrs: bothFamiliesOf(1), MTU: 9000, TimeWait: time.Second, Congestion: "cubic"})
	b := n.Host("b-2.example_x", netsim.HostConfig{MTU: 68})
	l := n.Link(a, b, netsim.LinkConfig{RTT: 3})
	require.NoError(t, n.Err())
	require.Equal(t, "a-b-2.example_x", l.Name())
	require.Equal(t, time.Duration(2), l.From(a).Config().Delay, "the odd nanosecond goes to the first direction")
	require.Equal(t, time.Duration(1), l.From(b).Config().Delay)
	require.Nil(t, l.From(n.Router("r")))
	require.Equal(t, []*netsim.Host{a, b}, n.Hosts())
}

// hops are the nodes that the first packet from a host visited, with the TTL
// that it had when it left them, or was delivered.
func hops(n *netsim.Network, from string) string {
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Sent && e.Host == from {
			return hopsOf(n, e.Number)
		}
	}
	return ""
}

// hopsOf is the same for the packet of that number.
func hopsOf(n *netsim.Network, number uint64) string {
	var path []string
	for _, e := range n.Trace().Events {
		if e.Kind.IsPacket() && e.Number == number {
			path = append(path, fmt.Sprintf("%s %v ttl %d", e.Host, e.Kind, e.Packet.TTL))
		}
	}
	return strings.Join(path, ", ")
}

// exchange has a client and a server exchange a line over any network.
func exchange(t *testing.T, client, server *netsim.Host) {
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := l.Accept()
		require.NoError(t, err)
		_, err = io.Copy(c, c)
		require.NoError(t, err)
		require.NoError(t, c.Close())
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", server.Name()+":80")
		require.NoError(t, err)
		_, err = c.Write([]byte("hello"))
		require.NoError(t, err)
		require.NoError(t, c.CloseWrite())
		got, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Equal(t, "hello", string(got))
	})
}

func TestRoutersForwardAndLowerTheTTL(t *testing.T) {
	for name, addrs := range map[string]func(byte) []netip.Addr{
		"IPv4": func(b byte) []netip.Addr { return bothFamiliesOf(b)[:1] },
		"IPv6": func(b byte) []netip.Addr { return bothFamiliesOf(b)[1:] },
	} {
		t.Run(name, func(t *testing.T) {
			n := netsim.New(netsim.Config{})
			defer n.Close()
			client, server := n.Host("client", netsim.HostConfig{Addrs: addrs(1)}), n.Host("server", netsim.HostConfig{Addrs: addrs(2)})
			path := []netsim.Node{client, n.Router("r1"), n.Router("r2"), n.Router("r3"), server}
			for i := range path[1:] {
				n.Link(path[i], path[i+1], netsim.LinkConfig{RTT: rtt})
			}
			exchange(t, client, server)
			require.NoError(t, n.Run())
			require.Equal(t, "client sent ttl 64, r1 forwarded ttl 63, r2 forwarded ttl 62, r3 forwarded ttl 61, server delivered ttl 61", hops(n, "client"))
		})
	}
}

func TestAPacketWithoutRouteIsDroppedWithTheReason(t *testing.T) {
	for name, c := range map[string]struct {
		build func(*netsim.Network, *netsim.Host)
		want  string
	}{
		"no link": {func(n *netsim.Network, _ *netsim.Host) { n.Host("server", netsim.HostConfig{}) }, "client sent ttl 64, client dropped ttl 64"},
		"a router without a way on": {func(n *netsim.Network, client *netsim.Host) {
			n.Host("server", netsim.HostConfig{})
			n.Link(client, n.Router("r"), netsim.LinkConfig{})
		}, "client sent ttl 64, client dropped ttl 64"},
		"hosts do not forward": {func(n *netsim.Network, client *netsim.Host) {
			middle := n.Host("middle", netsim.HostConfig{})
			n.Link(client, middle, netsim.LinkConfig{})
			n.Link(middle, n.Host("server", netsim.HostConfig{}), netsim.LinkConfig{})
		}, "client sent ttl 64, client dropped ttl 64"},
	} {
		t.Run(name, func(t *testing.T) {
			n := netsim.New(netsim.Config{})
			defer n.Close()
			client := n.Host("client", netsim.HostConfig{})
			c.build(n, client)
			client.Go("", func(p *netsim.Proc) {
				_, err := p.DialTimeout("tcp", "server:80", time.Second/2)
				require.Error(t, err)
			})
			require.NoError(t, n.Run())
			require.Equal(t, c.want, hops(n, "client"))
		})
	}
}

func TestAPacketToARouterOrToNobodyIsDropped(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	client := n.Host("client", netsim.HostConfig{})
	n.Link(client, n.Router("r"), netsim.LinkConfig{})
	client.Go("", func(p *netsim.Proc) {
		for _, address := range []string{"r:80", "192.0.2.1:80"} {
			_, err := p.DialTimeout("tcp", address, time.Second/2)
			require.Error(t, err)
		}
	})
	require.NoError(t, n.Run())
	var reasons []string
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Dropped {
			reasons = append(reasons, e.Host+": "+e.Reason)
		}
	}
	require.Equal(t, []string{"r: addressed to the router", "client: no such address"}, reasons)
}

func TestARingOfRoutersIsCrossedTheShortWay(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	ring := make([]*netsim.Router, 6)
	for i := range ring {
		ring[i] = n.Router(fmt.Sprintf("r%d", i))
	}
	for i := range ring {
		n.Link(ring[i], ring[(i+1)%len(ring)], netsim.LinkConfig{})
	}
	client, server, opposite := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{}), n.Host("opposite", netsim.HostConfig{})
	n.Link(client, ring[0], netsim.LinkConfig{})
	n.Link(server, ring[4], netsim.LinkConfig{})
	n.Link(opposite, ring[3], netsim.LinkConfig{})
	exchange(t, client, server)
	require.NoError(t, n.Run())
	require.Equal(t, "client sent ttl 64, r0 forwarded ttl 63, r5 forwarded ttl 62, r4 forwarded ttl 61, server delivered ttl 61", hops(n, "client"))
	exchange(t, opposite, client)
	require.NoError(t, n.Run())
	require.Equal(t, "opposite sent ttl 64, r3 forwarded ttl 63, r2 forwarded ttl 62, r1 forwarded ttl 61, r0 forwarded ttl 60, client delivered ttl 60",
		hops(n, "opposite"), "of two ways of one length, the links that were made first")
}

func TestTTLEndsALongWay(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	client := n.Host("client", netsim.HostConfig{})
	var last netsim.Node = client
	for i := range 70 {
		r := n.Router(fmt.Sprintf("r%d", i))
		n.Link(last, r, netsim.LinkConfig{})
		last = r
	}
	n.Link(last, n.Host("server", netsim.HostConfig{}), netsim.LinkConfig{})
	client.Go("", func(p *netsim.Proc) {
		_, err := p.DialTimeout("tcp", "server:80", time.Second/2)
		require.Error(t, err)
	})
	require.NoError(t, n.Run())
	path := hops(n, "client")
	require.True(t, strings.HasSuffix(path, "r63 dropped ttl 1"), path)
}

func TestParallelLinksCarryWhatTheirEndSends(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	first := n.Link(client, server, netsim.LinkConfig{RTT: rtt})
	second := n.Link(client, server, netsim.LinkConfig{RTT: 3 * rtt})
	second.Down()
	exchange(t, client, server)
	require.NoError(t, n.Run(), "the link that was made first is used both ways")
	require.True(t, first.From(client).Up())
}
