package netsim_test

import (
	"io"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// transfers sends size bytes from client to server, which must all arrive.
func transfers(t *testing.T, n *netsim.Network, client, server *netsim.Host, size int) {
	server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		c, err := l.Accept()
		require.NoError(t, err)
		got, err := io.Copy(io.Discard, c)
		require.NoError(t, err)
		require.EqualValues(t, size, got)
		require.NoError(t, c.Close())
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", server.Name()+":80")
		require.NoError(t, err)
		_, err = c.Write(make([]byte, size))
		require.NoError(t, err)
		require.NoError(t, c.Close())
	})
	require.NoError(t, n.Run())
}

// datagrams are the sizes of the datagrams with data that a host has sent, in
// order.
func datagrams(t *testing.T, n *netsim.Network, host string) (sizes []int) {
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Sent && e.Host == host && e.Packet.Proto == wire.TCP && len(e.Packet.TCP.Payload) > 0 {
			raw, err := wire.Build(e.Packet)
			require.NoError(t, err)
			sizes = append(sizes, len(raw))
		}
	}
	return sizes
}

func icmpErrors(n *netsim.Network) (kinds []string) {
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Delivered && e.Packet.Proto == wire.ICMP {
			kinds = append(kinds, e.Packet.ICMPKind().String())
		}
	}
	return kinds
}

func TestAHostTakesTheMTUOfItsLink(t *testing.T) {
	for _, mtu := range []int{68, 576, 1280, 1500} {
		d := newDuoWith(t, netsim.Config{}, netsim.Symmetric(link.Config{Delay: rtt / 2, MTU: mtu}))
		transfers(t, d.Network, d.client, d.server, 2_000)
		for _, size := range datagrams(t, d.Network, "client") {
			require.LessOrEqual(t, size, mtu)
		}
		require.Empty(t, icmpErrors(d.Network))
	}
}

func TestAHostsOwnMTU(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	client, server := n.Host("client", netsim.HostConfig{MTU: 9000}), n.Host("server", netsim.HostConfig{MTU: 9000})
	n.Link(client, server, netsim.LinkConfig{RTT: rtt})
	transfers(t, n, client, server, 100_000)
	sizes := datagrams(t, n, "client")
	require.LessOrEqual(t, sizes[0], 9000)
	require.Greater(t, sizes[0], 8900, "jumbo frames; netstack reserves room for 40 bytes of options")
}

func TestFragmentationNeededLowersTheSegmentSize(t *testing.T) {
	for name, addrs := range map[string]func(byte) []netip.Addr{
		"IPv4": func(b byte) []netip.Addr { return bothFamiliesOf(b)[:1] },
		"IPv6": func(b byte) []netip.Addr { return bothFamiliesOf(b)[1:] },
	} {
		t.Run(name, func(t *testing.T) {
			const narrow = 1300
			n := newNetwork(t, netsim.Config{})
			client, server := n.Host("client", netsim.HostConfig{Addrs: addrs(1)}), n.Host("server", netsim.HostConfig{Addrs: addrs(2)})
			r1, r2 := n.Router("r1"), n.Router("r2")
			n.Link(client, r1, netsim.LinkConfig{RTT: rtt})
			n.Link(r1, r2, netsim.Symmetric(link.Config{Delay: rtt / 2, MTU: narrow}))
			n.Link(r2, server, netsim.LinkConfig{RTT: rtt})
			transfers(t, n, client, server, 50_000)
			errors := icmpErrors(n)
			require.NotEmpty(t, errors, "the router must say that it did not fit")
			for _, kind := range errors {
				require.Equal(t, "packet-too-big", kind)
			}
			sizes := datagrams(t, n, "client")
			require.Greater(t, sizes[0], narrow)
			require.LessOrEqual(t, sizes[len(sizes)-1], narrow)
			require.Less(t, n.Now().Since(), 70*1000*ms, "the transfer must not wait for time-outs")
		})
	}
}
