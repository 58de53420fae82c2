package trace

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"rstlab/netsim/wire"
)

// diagram is a trace as both ladders draw it: one lane per host, arrows between
// lanes, notes beside them.
type diagram struct {
	header *Header
	lanes  []string // names of the hosts and routers involved, left to right
	steps  []step   // in the order of the trace
	many   bool     // more than one connection: labels name the ports
}

// step is one thing to draw at one lane at one time.
type step struct {
	what stepKind
	at   time.Duration
	lane int   // nowhere for the network as a whole
	hop  *hop  // departs, arrives, lost
	note label // noted, faulted
	// noted, of a call that blocks: the step at which it returns, -1 for never;
	// 0 for every other step.
	until int
	state bool // noted, of a change of state
}

type stepKind uint8

const (
	departs stepKind = iota // a packet leaves the lane
	arrives                 // a packet reaches the lane
	lost                    // a packet is dropped
	noted                   // a call, a result, a change of state, a packet forged where it is read
	faulted                 // a fault
)

// nowhere is the lane of what happens at no host.
const nowhere = -1

// hop is a packet's way over one link.
type hop struct {
	event     *Event // of its departure; of its end where no departure was seen
	end       *Event // nil while on the way
	label     label
	tone      tone
	from, to  int // lanes, or nowhere
	start     int // index of the step of its departure, -1 for none: a duplicate, or never seen
	stop      int // index of the step of its end, -1 for none
	prev      *hop
	original  *hop   // of a duplicate
	overtaken uint64 // the packet that left later and came first, 0 for none
}

// tone is what a packet is in the eyes of someone who looks for resets.
type tone uint8

const (
	plain   tone = iota // ACK, SYN, ICMP
	data                // has payload
	closing             // FIN
	reset               // RST
)

func toneOf(p *wire.Packet) tone {
	switch {
	case p.Proto != wire.TCP:
		return plain
	case p.TCP.Flags.Has(wire.RST):
		return reset
	case p.TCP.Flags.Has(wire.FIN):
		return closing
	case len(p.TCP.Payload) > 0:
		return data
	default:
		return plain
	}
}

// dropped reports whether the hop ended without the packet getting through.
func (h *hop) dropped() bool { return h.end != nil && h.end.Kind == Dropped }

// diagrammer makes the diagram of a trace, event by event.
type diagrammer struct {
	diagram
	trace    *Trace
	flows    *flows
	lane     map[string]int
	hops     map[uint64][]*hop // by packet number
	planted  map[uint64]bool   // forged packets that cross no link, by number
	calls    *callNotes
	blocked  map[int]int // index of a Call that blocks to its step
	hideAcks bool
}

func newDiagram(t *Trace, hideAcks bool) *diagram {
	d := &diagrammer{
		trace: t, flows: newFlows(), lane: make(map[string]int), hops: make(map[uint64][]*hop), planted: make(map[uint64]bool),
		blocked: make(map[int]int), hideAcks: hideAcks,
	}
	d.header = &t.Header
	d.findLanes()
	d.many = manyConnections(t)
	d.calls = newCallNotes(t)
	for i := range t.Events {
		d.event(i, &t.Events[i])
	}
	d.findOvertaken()
	return &d.diagram
}

func (d *diagrammer) laneOf(name string) int {
	if lane, ok := d.lane[name]; ok {
		return lane
	}
	return nowhere
}

// manyConnections reports whether labels must tell connections apart.
func manyConnections(t *Trace) bool {
	var first flow
	for i := range t.Events {
		e := &t.Events[i]
		if !e.Kind.IsPacket() || e.Packet.Proto != wire.TCP {
			continue
		}
		f := sightingOf(e).flow
		if first == (flow{}) {
			first = f
		}
		if f != first && (flow{f.to, f.from}) != first {
			return true
		}
	}
	return false
}

func (d *diagrammer) event(i int, e *Event) {
	switch {
	case e.Kind.IsPacket():
		d.packet(e)
	case e.Kind == Fault:
		d.add(step{what: faulted, at: e.At, lane: d.laneOf(e.Host), note: faultLabel(e)})
	default:
		d.noted(i, e)
	}
}

func (d *diagrammer) noted(i int, e *Event) {
	text, ok := d.calls.note(i, e)
	if !ok {
		return
	}
	s := step{what: noted, at: e.At, lane: d.laneOf(e.Host), note: text, state: e.Kind == StateChange}
	if e.Kind == Call && d.calls.blocks(i) {
		s.until = -1
	}
	at := d.add(s)
	switch call, ok := d.calls.callOf[i]; {
	case s.until != 0:
		d.blocked[i] = at
	case e.Kind == Return && ok:
		d.steps[d.blocked[call]].until = at
	}
}

// add adds the step and gives its index.
func (d *diagrammer) add(s step) int {
	d.steps = append(d.steps, s)
	return len(d.steps) - 1
}

func (d *diagrammer) packet(e *Event) {
	if tellsItself(e) {
		if e.Kind == Delivered {
			text := packetLabel(e, false, numbering{}, false)
			text.after += " from itself"
			d.add(step{what: noted, at: e.At, lane: d.laneOf(e.Host), note: text})
		}
		return
	}
	var how numbering
	if e.Packet.Proto == wire.TCP {
		how = d.flows.see(sightingOf(e))
	}
	if d.hideAcks && pureAck(&e.Packet) {
		return
	}
	if e.Kind == Injected && e.Peer == "" && d.trace.owns(e.Host, e.Packet.Dst) || d.planted[e.Number] {
		d.plant(e, how)
		return
	}
	var before *hop
	if !e.Kind.enters() {
		before = d.ends(e, how)
	}
	if e.Kind == Delivered || e.Kind == Dropped {
		return
	}
	h := &hop{event: e, from: d.laneOf(e.Host), to: d.laneOf(e.Peer), stop: -1, prev: before}
	h.label, h.tone = packetLabel(e, e.Kind == Injected, how, d.many), toneOf(&e.Packet)
	h.start = d.add(step{what: departs, at: e.At, lane: h.from, hop: h})
	d.hops[e.Number] = append(d.hops[e.Number], h)
}

// tellsItself reports an ICMP message of a host to itself, such as that a
// neighbour does not answer. It crosses no lane: it is a note.
func tellsItself(e *Event) bool {
	return e.Packet.Proto == wire.ICMP && e.Packet.Src == e.Packet.Dst
}

// owns reports whether an address is that of a host of the header.
func (t *Trace) owns(host string, addr netip.Addr) bool {
	return slices.ContainsFunc(t.Header.Hosts, func(h Host) bool { return h.Name == host && slices.Contains(h.Addrs, addr) })
}

// plant notes a forged packet that crosses no link: it appears at the host that it
// is for.
func (d *diagrammer) plant(e *Event, how numbering) {
	text := packetLabel(e, true, how, d.many)
	switch e.Kind {
	case Injected:
		d.planted[e.Number] = true
	case Dropped:
		text.after += " dropped: " + printable(e.Reason)
	default:
		return
	}
	d.add(step{what: noted, at: e.At, lane: d.laneOf(e.Host), note: text})
}

// ends finds the hop that e is the end of: one on the way, else one whose
// duplicate this is, else one that nobody saw begin.
func (d *diagrammer) ends(e *Event, how numbering) *hop {
	at := d.laneOf(e.Host)
	var h *hop
	hops := d.hops[e.Number]
	for _, old := range slices.Backward(hops) {
		if !old.endsAt(at, d.laneOf(e.Peer), e.Kind) {
			continue
		}
		if old.end == nil {
			h = old
			break
		}
		if h == nil {
			h = old
		}
	}
	switch {
	case h == nil:
		h = &hop{event: e, from: d.laneOf(e.Peer), to: at, start: -1, tone: toneOf(&e.Packet)}
		d.hops[e.Number] = append(hops, h)
	case h.end != nil:
		duplicate := *h
		duplicate.start, duplicate.prev, duplicate.original = -1, nil, h
		h = &duplicate
		d.hops[e.Number] = append(hops, h)
	}
	h.end = e
	if h.to == nowhere && e.Kind != Dropped {
		h.to = at
	}
	h.label = packetLabel(e, h.event.Kind == Injected, how, d.many)
	if e != h.event && h.event.Kind == Forwarded {
		h.label.extra = heldUp(h.event) + h.label.extra
	}
	h.stop = d.add(step{what: endKind(e), at: e.At, lane: at, hop: h})
	return h
}

func endKind(e *Event) stepKind {
	if e.Kind == Dropped {
		return lost
	}
	return arrives
}

// endsAt reports whether the hop may end with this event: at its far end, or,
// for a packet that is dropped, at its near end.
func (h *hop) endsAt(at, peer int, kind Kind) bool {
	if h.to == at || h.to == nowhere {
		return true
	}
	return kind == Dropped && h.from == at && (h.to == peer || peer == nowhere)
}

func pureAck(p *wire.Packet) bool {
	return p.Proto == wire.TCP && p.TCP.Flags == wire.ACK && len(p.TCP.Payload) == 0
}

// findOvertaken marks the packets that another one, which left the same host
// for the same host later, has overtaken.
func (d *diagrammer) findOvertaken() {
	type pair struct{ from, to int }
	latest := make(map[pair]*hop) // the arrived hop that started last
	for i := range d.steps {
		h := d.steps[i].hop
		if d.steps[i].what != arrives || h.start < 0 {
			continue
		}
		way := pair{h.from, h.to}
		if was := latest[way]; was != nil && was.start > h.start {
			h.overtaken = was.event.Number
		} else {
			latest[way] = h
		}
	}
}

// replaceEllipses writes the ellipses of notes as three dots.
func (d *diagram) replaceEllipses() {
	for i := range d.steps {
		n := &d.steps[i].note
		n.before = strings.ReplaceAll(n.before, "…", "...")
		n.after = strings.ReplaceAll(n.after, "…", "...")
	}
}
