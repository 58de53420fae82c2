package netsim

import (
	"net/netip"

	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// groSize is how many bytes are delivered together at most (Linux GRO_MAX_SIZE).
const groSize = 65536

// gro is generic receive offload: consecutive data segments of one connection
// that arrive at one instant are handed to the host's TCP together, as a
// network interface does that has HostConfig.GRO on (ethtool -K … gro on). Like
// there, whatever is not the next piece of plain data ends the batch.
type gro struct {
	host             *Host // whose engine has not settled yet; nil for no batch
	src, dst         netip.Addr
	srcPort, dstPort uint16
	next             uint32 // sequence number of the segment that continues it
	bytes            int
}

// hold reports whether the host is to wait for more before it settles.
func (g *gro) hold(h *Host, f *flight) bool {
	if !h.cfg.GRO || !plainData(f) || h.net.choose != nil { // with a chooser each packet is a step
		g.host = nil
		return false
	}
	s := &f.packet.TCP
	if g.host == nil {
		g.bytes = 0
	}
	g.host, g.src, g.dst, g.srcPort, g.dstPort = h, f.packet.Src, f.packet.Dst, s.SrcPort, s.DstPort
	g.next = s.Seq + uint32(len(s.Payload))
	g.bytes += len(s.Payload)
	if s.Flags.Has(wire.PSH) || g.bytes+len(s.Payload) > groSize {
		g.host = nil
		return false
	}
	return true
}

// takes reports whether the event is the arrival of the next segment of the
// batch.
func (g *gro) takes(e *vtime.Event) bool {
	f, ok := e.Owner().(*flight)
	if !ok || f.to.host != g.host || !plainData(f) {
		return false
	}
	s := &f.packet.TCP
	return s.Seq == g.next && s.SrcPort == g.srcPort && s.DstPort == g.dstPort &&
		f.packet.Src == g.src && f.packet.Dst == g.dst
}

// flush ends the batch.
func (g *gro) flush() {
	if h := g.host; h != nil {
		g.host = nil
		h.settle()
	}
}

// plainData reports whether a packet is undamaged data and nothing else.
func plainData(f *flight) bool {
	return f.packet.Proto == wire.TCP && len(f.packet.TCP.Payload) > 0 && f.delivery.Flip == 0 &&
		f.packet.TCP.Flags&^wire.PSH == wire.ACK
}
