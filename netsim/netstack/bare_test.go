package netstack_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"
)

// bareHost is a netstack without a simulator: what it costs is netstack's own.
type bareHost struct {
	stack *stack.Stack
	nic   *channel.Endpoint
	addr  tcpip.Address
}

const bareNIC tcpip.NICID = 1

func newBareHost(tb testing.TB, last byte) *bareHost {
	h := &bareHost{
		stack: stack.New(stack.Options{
			NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol},
			TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
		}),
		nic:  channel.New(4096, 1500, ""),
		addr: tcpip.AddrFrom4([4]byte{10, 0, 0, last}),
	}
	require.Nil(tb, h.stack.CreateNIC(bareNIC, h.nic))
	require.Nil(tb, h.stack.AddProtocolAddress(bareNIC, tcpip.ProtocolAddress{
		Protocol: header.IPv4ProtocolNumber, AddressWithPrefix: h.addr.WithPrefix(),
	}, stack.AddressProperties{}))
	h.stack.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: bareNIC}})
	delay := tcpip.TCPDelayEnabled(true)
	require.Nil(tb, h.stack.SetTransportProtocolOption(tcp.ProtocolNumber, &delay))
	return h
}

func (h *bareHost) close() {
	h.nic.Close()
	h.stack.Destroy()
}

func (h *bareHost) endpoint(tb testing.TB) tcpip.Endpoint {
	ep, err := h.stack.NewEndpoint(tcp.ProtocolNumber, header.IPv4ProtocolNumber, new(waiter.Queue))
	require.Nil(tb, err)
	return ep
}

// take hands the host a packet and waits until it is done with it.
func (h *bareHost) take(pkt *stack.PacketBuffer) {
	in := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: pkt.ToBuffer()})
	pkt.DecRef()
	h.nic.InjectInbound(header.IPv4ProtocolNumber, in)
	in.DecRef()
	h.stack.Pause()
	h.stack.Resume()
}

// pass carries packets to and fro until there are none, and counts them.
func pass(a, b *bareHost) (packets int) {
	for {
		before := packets
		for pkt := a.nic.Read(); pkt != nil; pkt = a.nic.Read() {
			b.take(pkt)
			packets++
		}
		for pkt := b.nic.Read(); pkt != nil; pkt = b.nic.Read() {
			a.take(pkt)
			packets++
		}
		if packets == before {
			return packets
		}
	}
}

func (h *bareHost) listen(tb testing.TB, port uint16) tcpip.Endpoint {
	l := h.endpoint(tb)
	require.Nil(tb, l.Bind(tcpip.FullAddress{Port: port}))
	require.Nil(tb, l.Listen(10))
	return l
}

func write(tb testing.TB, ep tcpip.Endpoint, text string) {
	_, err := ep.Write(bytes.NewReader([]byte(text)), tcpip.WriteOptions{})
	require.Nil(tb, err)
}

func read(ep tcpip.Endpoint) (string, tcpip.Error) {
	var b bytes.Buffer
	_, err := ep.Read(&b, tcpip.ReadOptions{})
	return b.String(), err
}
