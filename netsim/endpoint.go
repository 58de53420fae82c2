package netsim

import (
	"net/netip"
	"slices"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
)

// maxClosedFlows is how many connections that have ended a host remembers: for
// whoever wants to forge a segment of one.
const maxClosedFlows = 256

// Flow names a connection from one end's point of view.
type Flow = wire.Flow

// endpoints is what the packets of a host show of its connections, whatever its
// engine is.
type endpoints struct {
	byFlow map[Flow]*endpoint
	order  []*endpoint // in order of their first segment
	recent *endpoint
	closed []*endpoint // that have ended, oldest first
}

type endpoint struct {
	flow Flow
	end  middlebox.End
	live bool
}

// sent takes a segment that the host has sent.
func (t *endpoints) sent(p *wire.Packet) {
	if p.Proto != wire.TCP || p.TCP.Flags.Has(wire.RST) {
		return
	}
	f := p.Flow()
	e := t.find(f)
	if e == nil {
		e = &endpoint{flow: f}
		if t.byFlow == nil {
			t.byFlow = map[Flow]*endpoint{}
		}
		t.byFlow[f] = e
		t.order = append(t.order, e)
		t.recent = e
	} else if !e.live || p.TCP.Flags.Has(wire.SYN) {
		t.moveLast(e)
	}
	e.live = true
	e.end.Sent(&p.TCP)
}

// received takes an undamaged segment that was handed to the host.
func (t *endpoints) received(p *wire.Packet) {
	if p.Proto != wire.TCP {
		return
	}
	f := p.Flow().Reverse()
	if e := t.find(f); e != nil {
		e.end.Received(&p.TCP)
	}
}

func (t *endpoints) find(f Flow) *endpoint {
	if e := t.recent; e != nil && e.flow == f {
		return e
	}
	e := t.byFlow[f]
	if e != nil {
		t.recent = e
	}
	return e
}

// moveLast makes the connection the one that began last.
func (t *endpoints) moveLast(e *endpoint) {
	if last := len(t.order) - 1; t.order[last] != e {
		i := slices.Index(t.order, e)
		t.order = append(slices.Delete(t.order, i, i+1), e)
	}
}

// ended notes that the connection is CLOSED. The oldest of many such is
// forgotten.
func (t *endpoints) ended(f Flow) {
	e := t.byFlow[f]
	if e == nil || !e.live {
		return
	}
	e.live = false
	if t.closed = append(t.closed, e); len(t.closed) <= maxClosedFlows {
		return
	}
	gone := map[*endpoint]bool{}
	for _, old := range t.closed[:maxClosedFlows/2] {
		if !old.live && t.byFlow[old.flow] == old {
			gone[old] = true
			delete(t.byFlow, old.flow)
		}
	}
	t.closed = slices.Clone(t.closed[maxClosedFlows/2:])
	t.order = slices.DeleteFunc(t.order, func(e *endpoint) bool { return gone[e] })
	t.recent = nil
}

// endAll notes that the host has lost all its connections.
func (t *endpoints) endAll() {
	for _, e := range slices.Clone(t.order) {
		t.ended(e.flow)
	}
}

// Endpoint is what the packets of a host show of its end of a connection,
// whatever its engine is: of those that fit, the one that began last. Addresses
// and ports of f that are not set fit all. ok is false when there is none; one
// that has ended is still known for a while.
func (h *Host) Endpoint(f Flow) (flow Flow, end middlebox.End, ok bool) {
	for _, e := range slices.Backward(h.endpoints.order) {
		if fits(f.Local, e.flow.Local) && fits(f.Remote, e.flow.Remote) {
			return e.flow, e.end, true
		}
	}
	return Flow{}, middlebox.End{}, false
}

// fits reports whether got is what the parts of want that are set say.
func fits(want, got netip.AddrPort) bool {
	return (!want.Addr().IsValid() || want.Addr() == got.Addr()) && (want.Port() == 0 || want.Port() == got.Port())
}
