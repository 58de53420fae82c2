package netsim

import (
	"errors"
	"slices"

	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// Why packets are dropped at a node, where more than the trace depends on it.
const (
	noRoute     = "no route"
	ttlExceeded = "time to live exceeded"
	routerOff   = "router is off"
)

// flight is a packet on its way over one link, or inside its own host.
type flight struct {
	net      *Network
	event    vtime.Event
	number   uint64
	raw      []byte // the datagram as built, before any corruption
	packet   wire.Packet
	port     *port // where it left; nil inside a host
	to       *node
	delivery link.Delivery
	held     bool    // it waited for the neighbour's address
	note     string  // what the middlebox did that it passes now
	next     *flight // in Network.free
	sum      ContentSum
	summed   bool // sum is set

	overtaken int // by how many of its direction, with a bound on that
}

func (n *Network) newFlight() *flight {
	f := n.free
	if f == nil {
		f = &flight{net: n}
		f.event.Init(f.arrive)
		f.event.SetOwner(f)
		return f
	}
	n.free, f.next = f.next, nil
	return f
}

func (n *Network) recycle(f *flight) {
	f.raw, f.packet, f.port, f.to, f.held, f.note, f.summed = nil, wire.Packet{}, nil, nil, false, "", false
	f.overtaken = 0
	f.next = n.free
	n.free = f
}

// transmit sends a datagram that a host's engine has built.
func (n *Network) transmit(h *Host, raw []byte) {
	packet, err := wire.ParseTrusted(raw)
	if err != nil {
		panic("netsim: host " + h.name + " sent a packet that rstlab cannot read: " + err.Error())
	}
	n.countAgain(h, &packet)
	h.endpoints.sent(&packet)
	n.launch(&h.n, raw, packet)
}

// launch gives a new packet its number and sends it.
func (n *Network) launch(v *node, raw []byte, packet wire.Packet) {
	n.launchAs(trace.Sent, v, raw, packet)
}

// launchAs is launch for a kind of event, Sent or Injected.
func (n *Network) launchAs(kind trace.Kind, v *node, raw []byte, packet wire.Packet) {
	n.packets++
	f := n.newFlight()
	f.number, f.raw, f.packet = n.packets, raw, packet
	n.send(v, f, kind)
}

// send puts a packet on the link that leads to its destination. kind is Sent,
// Injected or Forwarded.
func (n *Network) send(v *node, f *flight, kind trace.Kind) {
	dst := n.byAddr[f.packet.Dst]
	f.port, f.to, f.held, f.summed, f.overtaken = nil, dst, false, false, 0
	reason := ""
	switch {
	case dst == nil:
		reason = "no such address"
	case dst != v:
		if f.port = n.route(v, dst); f.port == nil {
			reason = noRoute
		} else {
			f.to = f.port.peer
		}
	}
	arrived := ""
	switch {
	case kind != trace.Forwarded:
	case f.note != "":
		arrived = f.note
	case f.delivery.Flip > 0:
		arrived = trace.ArrivedFlipped(f.delivery.Flip - 1)
	}
	n.recordPacket(kind, v, f, f.peerName(), arrived)
	f.delivery, f.note = link.Delivery{}, "" // nothing has happened to it on the next link
	if reason != "" {
		n.recordPacket(trace.Dropped, v, f, "", reason)
		if reason == noRoute {
			n.unreachable(v, wire.NetUnreachable, f.raw)
		}
		n.recycle(f)
		return
	}
	switch {
	case f.port == nil:
		f.delivery = link.Delivery{At: n.Now().Since()}
		n.agenda.Schedule(n.Now(), &f.event)
	case f.port.neighbour.missing:
		n.hold(f)
	default:
		n.emit(f)
	}
}

// emit puts a packet on the link of its port.
func (n *Network) emit(f *flight) {
	v := f.port.at
	outcome := f.port.dir.Send(n.Now().Since(), &f.packet, len(f.raw))
	if outcome.FragNeeded > 0 {
		defer n.tooBig(v, slices.Clone(f.raw), outcome.FragNeeded)
	}
	n.dispatch(v, f, &outcome)
}

// dispatch does what a link said of a packet: drops it, or schedules its
// deliveries.
func (n *Network) dispatch(v *node, f *flight, outcome *link.Outcome) {
	if outcome.Dropped != "" {
		n.recordPacket(trace.Dropped, v, f, f.peerName(), outcome.Dropped)
		n.recycle(f)
		return
	}
	for i, d := range outcome.Deliveries() {
		g := f
		if i > 0 {
			g = n.newFlight()
			g.number, g.raw, g.packet, g.port, g.to, g.held = f.number, f.raw, f.packet, f.port, f.to, f.held
		}
		g.delivery, g.summed = d, false
		n.agenda.Schedule(vtime.Time(d.At), &g.event)
	}
}

func (f *flight) peerName() string {
	if f.port == nil {
		return ""
	}
	return f.port.peer.name
}

// arrive is the end of the flight, unless the link says otherwise: a fault
// applies to what is in flight too.
func (f *flight) arrive() {
	n := f.net
	if f.port != nil {
		now := n.Now().Since()
		outcome := f.port.dir.Arrive(now, f.delivery, &f.packet)
		here := outcome.Deliveries()
		if outcome.Dropped != "" || len(here) != 1 || here[0].At > now {
			n.dispatch(f.port.at, f, &outcome)
			return
		}
		f.delivery = here[0]
	}
	if f.to.box != nil {
		f.to.box.meddle(f)
		return
	}
	if f.to.host == nil {
		n.forward(f.to, f)
		return
	}
	n.deliver(f.to.host, f)
}

// datagram is the bytes that arrive: a copy with one bit flipped when the
// packet was corrupted.
func (f *flight) datagram() []byte {
	if f.delivery.Flip == 0 {
		return f.raw
	}
	bit := f.delivery.Flip - 1
	raw := slices.Clone(f.raw)
	raw[bit/8] ^= 1 << (bit % 8)
	return raw
}

// deliver hands a packet to the host it has reached.
func (n *Network) deliver(h *Host, f *flight) {
	peer := ""
	if f.port != nil {
		peer = f.port.at.name
	}
	switch {
	case h.engine == nil:
		n.recordPacket(trace.Dropped, &h.n, f, peer, "host is off")
	case f.packet.Dst != h.n.addrs[0] && !slices.Contains(h.n.addrs, f.packet.Dst):
		n.recordPacket(trace.Dropped, &h.n, f, peer, "not its address")
	default:
		reason := f.delivery.Reason
		if f.held && reason == "" {
			reason = "waited for the neighbour's address"
		}
		n.recordPacket(trace.Delivered, &h.n, f, peer, reason)
		if f.delivery.Flip == 0 {
			h.endpoints.received(&f.packet)
		}
		h.engine.Deliver(f.datagram())
		if !n.gro.hold(h, f) {
			h.settle()
		}
	}
	n.recycle(f)
}

// forward sends a packet on from a router, with a lower Time to Live. A router
// looks at the IP header only: a segment damaged on the way is its receiver's
// matter.
func (n *Network) forward(r *node, f *flight) {
	raw := slices.Clone(f.datagram())
	reason := ""
	switch {
	case r.off:
		reason = routerOff
	case f.delivery.Flip != 0 && headerDamaged(raw):
		reason = "damaged IP header" // RFC 1812 section 5.2.2: discarded silently
	case !wire.DecrementTTL(raw):
		reason = ttlExceeded
	case n.byAddr[f.packet.Dst] == r:
		reason = "addressed to the router"
	}
	if reason != "" {
		n.recordPacket(trace.Dropped, r, f, "", reason)
		if reason == ttlExceeded {
			n.unreachable(r, wire.TimeExceeded, raw)
		}
		n.recycle(f)
		return
	}
	if packet, err := wire.ParseTrusted(raw); err == nil {
		f.packet = packet
	} else {
		f.packet.TTL--
	}
	f.raw = raw
	n.send(r, f, trace.Forwarded)
}

func headerDamaged(raw []byte) bool {
	_, err := wire.Parse(raw)
	var bad *wire.ParseError
	if !errors.As(err, &bad) {
		return false
	}
	return bad.Layer == wire.LayerIP || bad.Layer == wire.LayerIPv4 || bad.Layer == wire.LayerIPv6
}

// tooBig answers a packet that does not fit through the next link (RFC 1191
// section 4, RFC 4443 section 3.2).
func (n *Network) tooBig(v *node, raw []byte, mtu int) {
	packet, err := wire.NewPacketTooBig(v.addrFor(raw), uint32(mtu), raw)
	if err != nil {
		return // no error is sent about an error (RFC 1122 section 3.2.2)
	}
	reply, err := wire.Build(packet)
	if err != nil {
		panic("netsim: " + err.Error())
	}
	n.launch(v, reply, packet)
}

// unreachable tells the sender of a datagram why v cannot pass it on: an ICMP error
// of the kind, from v. A host tells itself, as Linux does (net/ipv4/route.c,
// ipv4_link_failure: icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0)).
//
// RFC 1812 section 4.3.3.1: "If a router cannot forward a packet because it has no
// routes at all [...] then the router MUST generate a Destination Unreachable, Code
// 0 (Network Unreachable)", and with code 1 when it "has ascertained that there is
// no path to the destination host". Section 5.3.1 has it report a time to live that
// has run out.
func (n *Network) unreachable(v *node, kind wire.ICMPKind, raw []byte) {
	packet, err := wire.NewICMPError(kind, v.addrFor(raw), slices.Clone(raw))
	if err != nil {
		return // no error is sent about an error (RFC 1122 section 3.2.2)
	}
	reply, err := wire.Build(packet)
	if err != nil {
		panic("netsim: " + err.Error())
	}
	n.launch(v, reply, packet)
}

// recordPacket records an event of a packet.
func (n *Network) recordPacket(kind trace.Kind, at *node, f *flight, peer, reason string) {
	e := &n.event
	*e = trace.Event{
		At: n.Now().Since(), Kind: kind, Host: at.name,
		Number: f.number, Packet: f.packet, Peer: peer, Reason: reason,
	}
	if kind == trace.Delivered || kind == trace.Dropped {
		e.Copy, e.Flip = f.delivery.Copy, f.delivery.Flip
	}
	n.rec.Record(e)
}

// fault records what was done to a node, or with nil to the network as a whole.
func (n *Network) fault(v *node, what string) {
	n.event = trace.Event{At: n.Now().Since(), Kind: trace.Fault, Fault: what}
	if v != nil {
		n.event.Host = v.name
	}
	n.rec.Record(&n.event)
}
