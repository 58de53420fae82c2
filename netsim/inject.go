package netsim

import (
	"fmt"
	"net/netip"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// Inject puts a forged packet on the network at a node, now. From there it goes
// to its destination as any other does; its source may be anybody's address. At
// the host that it is addressed to it arrives at once, whatever the links do:
// that is where a forger sits who is as near as can be. The trace has it as
// [trace.Injected].
//
// A TTL of 0 stands for 64. The error names the field of p that cannot be put on
// the wire, or the node that is not of this network; then nothing is sent.
func (n *Network) Inject(at Node, p wire.Packet) error {
	if at == nil || at.node().net != n {
		return fmt.Errorf("netsim: inject %v: want a node of this network to inject it at", p)
	}
	if p.TTL == 0 {
		p.TTL = 64
	}
	raw, err := wire.Build(p)
	if err != nil {
		return fmt.Errorf("netsim: node %q: inject: %w", at.Name(), err)
	}
	packet, err := wire.ParseTrusted(raw) // shares nothing with p
	if err != nil {
		return fmt.Errorf("netsim: node %q: inject: %w", at.Name(), err)
	}
	n.launchAs(trace.Injected, at.node(), raw, packet)
	return nil
}

// NewSegment is a packet with a TCP segment between these ends, for
// [Network.Inject]. The ports of s are those of the ends.
func NewSegment(src, dst netip.AddrPort, s wire.Segment) wire.Packet {
	s.SrcPort, s.DstPort = src.Port(), dst.Port()
	return wire.Packet{Src: src.Addr(), Dst: dst.Addr(), TTL: 64, DF: src.Addr().Is4(), TCP: s}
}
