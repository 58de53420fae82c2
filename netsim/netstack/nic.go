package netstack

import (
	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/sync"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// nic is the host's network interface: a point-to-point device without link
// addresses. What the stack writes waits in sent until the engine settles.
type nic struct {
	dispatcher stack.NetworkDispatcher
	mtu        uint32
	closed     bool

	mu   sync.Mutex // netstack's processors write while the loop waits
	sent []sentPacket
}

type sentPacket struct {
	flow  flow
	bytes []byte
}

var _ stack.LinkEndpoint = (*nic)(nil)

// WritePackets implements stack.LinkWriter.
func (n *nic) WritePackets(list stack.PacketBufferList) (int, tcpip.Error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return list.Len(), nil
	}
	for _, pkt := range list.AsSlice() {
		b := make([]byte, 0, pkt.Size())
		views, skip := pkt.AsViewList()
		for v := views.Front(); v != nil; v = v.Next() {
			b = append(b, v.AsSlice()[skip:]...)
			skip = 0
		}
		n.sent = append(n.sent, sentPacket{flow: flowOf(b).reverse(), bytes: b})
	}
	return list.Len(), nil
}

// deliver hands the stack a datagram from the link.
func (n *nic) deliver(b []byte) {
	proto := header.IPv4ProtocolNumber
	if header.IPVersion(b) == header.IPv6Version {
		proto = header.IPv6ProtocolNumber
	}
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(b)})
	n.dispatcher.DeliverNetworkPacket(proto, pkt)
	pkt.DecRef()
}

// MTU implements stack.NetworkLinkEndpoint, as do the methods below.
func (n *nic) MTU() uint32                                  { return n.mtu }
func (n *nic) SetMTU(mtu uint32)                            { n.mtu = mtu }
func (n *nic) MaxHeaderLength() uint16                      { return 0 }
func (n *nic) LinkAddress() tcpip.LinkAddress               { return "" }
func (n *nic) SetLinkAddress(tcpip.LinkAddress)             {}
func (n *nic) Capabilities() stack.LinkEndpointCapabilities { return 0 }
func (n *nic) Attach(d stack.NetworkDispatcher)             { n.dispatcher = d }
func (n *nic) IsAttached() bool                             { return n.dispatcher != nil }
func (n *nic) Wait()                                        {}
func (n *nic) ARPHardwareType() header.ARPHardwareType      { return header.ARPHardwareNone }
func (n *nic) AddHeader(*stack.PacketBuffer)                {}
func (n *nic) ParseHeader(*stack.PacketBuffer) bool         { return true }
func (n *nic) Close()                                       {}
func (n *nic) SetOnCloseAction(func())                      {}
