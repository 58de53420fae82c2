package netsim

import (
	"fmt"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// NeighbourState is what a node knows of the link address of a neighbour: its
// entry in the table of ARP (RFC 826) or of neighbour discovery (RFC 4861).
type NeighbourState uint8

const (
	// NeighbourCached is a permanent entry: packets go out at once, and are lost
	// silently when nobody is there.
	NeighbourCached NeighbourState = iota
	// NeighbourMissing is no entry. The next packet to the neighbour has it
	// resolved, and waits for that. The question and its answer take the
	// propagation delay of the link, there and back; they are lost when the link
	// is down or the neighbour off, and in no other way. With the answer the
	// entry is cached, also that of the neighbour who was asked. The trace shows a
	// packet as sent when it begins to wait, and rules and settings of the link
	// apply to it when it goes out. After three
	// questions, one second apart, and one second more the packets that wait are
	// dropped and their senders told with ICMP host unreachable; the next packet
	// begins anew. That is what Linux does (mcast_solicit 3, retrans_time_ms
	// 1000: net/core/neighbour.c, neigh_timer_handler).
	NeighbourMissing
)

const (
	neighbourProbes   = 3           // mcast_solicit of Linux
	neighbourInterval = time.Second // retrans_time_ms of Linux
	// neighbourQueue is how many bytes of datagrams wait for a resolution before
	// the oldest is dropped: unres_qlen_bytes of Linux.
	neighbourQueue = 212992
)

// neighbour is what a port's node knows of the node at the other end.
type neighbour struct {
	missing bool
	probes  int // sent in the resolution under way; 0 when there is none
	attempt int // counts resolutions, to tell their answers apart
	timer   vtime.Event
	held    []*flight // what waits for the resolution, oldest first
	bytes   int       // of held
}

// init gives the entry of a new link its first state.
func (e *neighbour) init(n *Network, p *port) {
	e.missing = p.at.knows == NeighbourMissing
	e.timer.Init(func() { n.probe(p) })
}

// InitNeighbours says what the node at, a host or router, knows of all its
// neighbours whenever it is switched on, now for the first time: cached unless
// said otherwise.
func (n *Network) InitNeighbours(at Node, state NeighbourState) {
	if state > NeighbourMissing {
		n.mistake("%s: neighbour state %d: want NeighbourCached or NeighbourMissing", at.Name(), state)
	}
	at.node().knows = state
	for _, p := range at.node().ports {
		p.neighbour.missing = state == NeighbourMissing
	}
}

// SetNeighbour changes what the node at, a host or router, knows of its neighbour
// peer; nil is every neighbour. With [NeighbourCached] what waits for a resolution
// goes out. An error says that no link joins the two.
func (n *Network) SetNeighbour(at, peer Node, state NeighbourState) error {
	if state > NeighbourMissing {
		return fmt.Errorf("netsim: %s: neighbour state %d: want NeighbourCached or NeighbourMissing", at.Name(), state)
	}
	what, which := "neighbour entry of ", "all"
	if peer != nil {
		which = peer.Name()
	}
	var ports []*port
	for _, p := range at.node().ports {
		if peer == nil || p.peer == peer.node() {
			ports = append(ports, p)
		}
	}
	if peer != nil && len(ports) == 0 {
		return fmt.Errorf("netsim: %s: neighbour %s: no link joins them", at.Name(), which)
	}
	if state == NeighbourMissing {
		what += which + " missing"
	} else {
		what += which + " cached"
	}
	n.fault(at.node(), what)
	for _, p := range ports {
		if state == NeighbourMissing {
			p.neighbour.missing = true
		} else {
			n.resolved(p)
		}
	}
	return nil
}

// hold keeps a packet until the neighbour is known.
func (n *Network) hold(f *flight) {
	e := &f.port.neighbour
	f.held = true
	e.held = append(e.held, f)
	e.bytes += len(f.raw)
	for e.bytes > neighbourQueue && len(e.held) > 1 {
		oldest := e.held[0]
		e.held = e.held[1:]
		e.bytes -= len(oldest.raw)
		n.lose(oldest, "queue for the neighbour's address full")
	}
	if e.probes == 0 {
		e.attempt++
		n.probe(f.port)
	}
}

// lose drops a packet that was held.
func (n *Network) lose(f *flight, reason string) {
	n.recordPacket(trace.Dropped, f.port.at, f, f.peerName(), reason)
	n.recycle(f)
}

// probe asks for the neighbour's address, or gives up.
func (n *Network) probe(p *port) {
	e := &p.neighbour
	if e.probes == neighbourProbes {
		e.probes = 0
		for _, f := range e.takeHeld() {
			raw := f.raw
			n.lose(f, "no answer from the neighbour")
			n.unreachable(p.at, wire.HostUnreachable, raw)
		}
		return
	}
	e.probes++
	n.agenda.Schedule(n.Now().Add(neighbourInterval), &e.timer)
	attempt := e.attempt
	p.carry(func() {
		if p.peer.on() {
			n.resolved(p.other()) // who is asked learns who asks
			p.other().carry(func() {
				if e.attempt == attempt && p.at.on() {
					n.resolved(p)
				}
			})
		}
	})
}

// carry calls f when what leaves the port now has reached the other end, unless
// the link is down then or now.
func (p *port) carry(f func()) {
	if p.dir.Up() {
		p.at.net.After(p.dir.Config().Delay, func() {
			if p.dir.Up() {
				f()
			}
		})
	}
}

// resolved ends a resolution with success: what was held goes out.
func (n *Network) resolved(p *port) {
	e := &p.neighbour
	e.missing, e.probes = false, 0
	n.agenda.Cancel(&e.timer)
	for _, f := range e.takeHeld() {
		n.emit(f)
	}
}

func (e *neighbour) takeHeld() []*flight {
	held := e.held
	e.held, e.bytes = nil, 0
	return held
}

// forget sets a node that was switched off back to what it knows at first. What
// it held is lost.
func (v *node) forget(reason string) {
	for _, p := range v.ports {
		e := &p.neighbour
		e.missing, e.probes = v.knows == NeighbourMissing, 0
		e.attempt++
		v.net.agenda.Cancel(&e.timer)
		for _, f := range e.takeHeld() {
			v.net.lose(f, reason)
		}
	}
}

// on reports whether the node is switched on.
func (v *node) on() bool {
	if v.host != nil {
		return v.host.Up()
	}
	return !v.off
}
