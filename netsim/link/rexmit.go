package link

import (
	"net/netip"
	"slices"

	"rstlab/netsim/wire"
)

// history remembers which sequence numbers each flow has sent.
type history map[flowKey]*flow

type flowKey struct {
	src, dst netip.AddrPort
}

// flow is what one side of a connection has sent. Positions are sequence
// numbers unwrapped to 64 bits, so that they can be compared.
type flow struct {
	isn    uint32 // of the SYN, when there was one
	synced bool
	near   int64     // position of the last segment: the next one is unwrapped to be near it
	ranges []range64 // what was sent: sorted, disjoint, not adjacent
}

// range64 are the positions from begin up to, not including, end.
type range64 struct{ begin, end int64 }

// resent notes the packet, and reports whether it occupies sequence numbers
// that its flow has sent before. A SYN with another sequence number than the
// last one begins a new connection.
func (h history) resent(p *wire.Packet) bool {
	s := &p.TCP
	if p.Proto != wire.TCP || s.Len() == 0 {
		return false
	}
	key := flowKey{netip.AddrPortFrom(p.Src, s.SrcPort), netip.AddrPortFrom(p.Dst, s.DstPort)}
	f := h[key]
	if f == nil {
		f = &flow{near: int64(s.Seq)}
		h[key] = f
	}
	if s.Flags.Has(wire.SYN) {
		if !f.synced || f.isn != s.Seq {
			*f = flow{near: int64(s.Seq), ranges: f.ranges[:0]}
		}
		f.isn, f.synced = s.Seq, true
	}
	begin := f.near + int64(int32(s.Seq-uint32(f.near)))
	f.near = begin
	return f.add(range64{begin, begin + int64(s.Len())})
}

// add notes a range and reports whether any of it was there.
func (f *flow) add(r range64) (overlaps bool) {
	first := 0 // of the ranges that touch r
	for first < len(f.ranges) && f.ranges[first].end < r.begin {
		first++
	}
	end := first
	for end < len(f.ranges) && f.ranges[end].begin <= r.end {
		old := f.ranges[end]
		overlaps = overlaps || old.begin < r.end && r.begin < old.end
		r = range64{min(r.begin, old.begin), max(r.end, old.end)}
		end++
	}
	f.ranges = slices.Replace(f.ranges, first, end, r)
	return overlaps
}
