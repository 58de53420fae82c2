package middlebox

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// NAT is a network address and port translator for TCP over IPv4: hosts inside
// share one address outside. Its mapping is that of RFC 5382 section 4.1, REQ-1:
// "A NAT MUST have an 'Endpoint-Independent Mapping' behavior for TCP." One
// address and port inside has the same port outside whomever it speaks to, and
// a port outside belongs to one only (section 7.1, REQ-7).
type NAT struct {
	cfg      NATConfig
	byInside map[netip.AddrPort]*mapping
	byPort   map[uint16]*mapping
	mappings []*mapping // by creation
	flows    int        // sessions in all of them, alive or not
	lastPort uint16
	timers   timers
}

// mapping is a port outside that stands for an end inside, as long as it has a
// session.
type mapping struct {
	inside   netip.AddrPort
	port     uint16
	sessions []*session // by creation; the inside of a key is the end inside
}

var _ Box = (*NAT)(nil)

// unsolicitedSYN is how long a NAT keeps quiet about one. RFC 5382 section 4.3,
// REQ-4: "A NAT MUST NOT respond to an unsolicited inbound SYN packet for at
// least 6 seconds after the packet is received."
const unsolicitedSYN = 6 * time.Second

// maxUnsolicited bounds the SYNs that wait for their answer; more get none
// (REQ-4a).
const maxUnsolicited = 1024

// NewNAT makes a NAT. The error is that of [NATConfig.Validate].
func NewNAT(cfg NATConfig) (*NAT, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.FirstPort == 0 {
		cfg.FirstPort, cfg.LastPort = 1024, 65535
	}
	cfg.Timeouts = cfg.Timeouts.withDefaults()
	return &NAT{
		cfg: cfg, byInside: map[netip.AddrPort]*mapping{}, byPort: map[uint16]*mapping{},
		lastPort: cfg.LastPort,
	}, nil
}

// External is the address and port outside that stands for an end inside; ok is
// false when there is none now.
func (n *NAT) External(now time.Duration, inside netip.AddrPort) (external netip.AddrPort, ok bool) {
	m := n.byInside[inside]
	if m == nil || !n.refresh(now, m) {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(n.cfg.Address, m.port), true
}

// Flows is how many flows it knows at that time.
func (n *NAT) Flows(now time.Duration) int {
	n.purge(now)
	return n.flows
}

// Handle implements [Box].
func (n *NAT) Handle(now time.Duration, from Side, p *wire.Packet) Result {
	switch {
	case !p.Src.Is4():
		return Result{Drop: "nat not IPv4"}
	case p.Proto == wire.ICMP:
		return n.icmp(now, from, p)
	case from == Inside:
		return n.outbound(now, p)
	}
	return n.inbound(now, p)
}

// live is what there still is of a mapping, which may be nil, and its session with
// a remote end; nil when they have timed out, or the session does not take the segment.
func (n *NAT) live(now time.Duration, m *mapping, remote netip.AddrPort, tcp *wire.Segment) (*mapping, *session) {
	if m != nil && !n.refresh(now, m) {
		m = nil
	}
	s := m.find(remote)
	if s != nil && !s.takes(now, n.cfg.Timeouts, tcp) {
		n.forget(m, s)
		s = nil
	}
	return m, s
}

// outbound translates the source of a segment from inside.
func (n *NAT) outbound(now time.Duration, p *wire.Packet) Result {
	inside, remote := p.Source(), p.Destination()
	m, s := n.live(now, n.byInside[inside], remote, &p.TCP)
	if s == nil {
		if result, refused := n.refuseOutbound(now, p); refused {
			return result
		}
		var ok bool
		if m, s, ok = n.begin(now, m, inside, remote); !ok {
			return n.full(p)
		}
		if !isOpening(&p.TCP) {
			s.pickUp()
		}
	}
	if isOpening(&p.TCP) {
		// RFC 5382 section 4.3, REQ-4: "If during this interval the NAT receives and
		// translates an outbound SYN for the connection the NAT MUST silently drop
		// the original unsolicited inbound SYN packet."
		n.timers.cancel(pair{netip.AddrPortFrom(n.cfg.Address, m.port), remote})
	}
	s.pass(now, Inside, &p.TCP)
	out := *p
	out.Src, out.TCP.SrcPort = n.cfg.Address, m.port
	note := fmt.Sprintf("nat %v as %v", inside, out.Source())
	if out.Dst != n.cfg.Address {
		return Result{Packet: out, Note: note}
	}
	// RFC 5382 section 7.2, REQ-8: "A NAT MUST support 'hairpinning' for TCP."
	result := n.inbound(now, &out)
	if result.Drop == "" {
		result.Note = note + ", " + result.Note
	}
	return result
}

// refuseOutbound decides about a segment from inside of no flow.
func (n *NAT) refuseOutbound(now time.Duration, p *wire.Packet) (result Result, refused bool) {
	switch {
	case p.TCP.Flags.Has(wire.RST), !isOpening(&p.TCP) && n.cfg.Unknown != Remap:
		return n.stray(p), true
	case n.cfg.MaxFlows == 0 || n.flows < n.cfg.MaxFlows:
		return Result{}, false
	}
	n.purge(now)
	if n.flows < n.cfg.MaxFlows {
		return Result{}, false
	}
	if n.cfg.Full == FullEvict {
		n.evict()
		return Result{}, false
	}
	return n.full(p), true
}

// full loses a segment for which there is no room.
func (n *NAT) full(p *wire.Packet) Result {
	result := Result{Drop: "nat table full"}
	if reset, ok := resetFor(p); ok && n.cfg.Full == FullReset {
		result.Send = []wire.Packet{reset}
	}
	return result
}

// stray loses a segment of no flow.
func (n *NAT) stray(p *wire.Packet) Result {
	result := Result{Drop: "nat no such flow"}
	if reset, ok := resetFor(p); ok && n.cfg.Unknown == ResetSender {
		result.Send = []wire.Packet{reset}
	}
	return result
}

// inbound translates the destination of a segment from outside.
func (n *NAT) inbound(now time.Duration, p *wire.Packet) Result {
	if p.Dst != n.cfg.Address {
		return Result{Drop: "nat not its address"}
	}
	if n.cfg.MaxFlows > 0 && n.flows >= n.cfg.MaxFlows {
		n.purge(now)
	}
	remote := p.Source()
	m, s := n.live(now, n.byPort[p.TCP.DstPort], remote, &p.TCP)
	switch {
	case s != nil:
	case !isOpening(&p.TCP):
		return n.stray(p)
	case m == nil || !n.lets(m, remote):
		return n.unsolicited(now, p)
	case n.cfg.MaxFlows > 0 && n.flows >= n.cfg.MaxFlows:
		return Result{Drop: "nat table full"}
	default:
		s = n.add(m, remote)
	}
	s.pass(now, Outside, &p.TCP)
	in := *p
	in.Dst, in.TCP.DstPort = m.inside.Addr(), m.inside.Port()
	return Result{Packet: in, Note: fmt.Sprintf("nat %v is %v", p.Destination(), m.inside)}
}

// lets reports whether the filter lets a SYN of that end in.
func (n *NAT) lets(m *mapping, remote netip.AddrPort) bool {
	switch n.cfg.Filtering {
	case EndpointIndependent:
		return true
	case AddressDependent:
		return slices.ContainsFunc(m.sessions, func(s *session) bool { return s.key[Outside].Addr() == remote.Addr() })
	}
	return false
}

// unsolicited loses a SYN that nobody inside waits for, and answers later. RFC
// 5382 section 4.3, REQ-4: "Otherwise, the NAT SHOULD send an ICMP Port
// Unreachable error (Type 3, Code 3) for the original SYN".
func (n *NAT) unsolicited(now time.Duration, p *wire.Packet) Result {
	result := Result{Drop: "nat unsolicited SYN"}
	if n.cfg.SilentSYN || len(n.timers.list) >= maxUnsolicited {
		return result
	}
	if answer, ok := unreachable(wire.PortUnreachable, n.cfg.Address, p); ok {
		n.timers.add(now+unsolicitedSYN, timer{
			packets: []wire.Packet{answer.Clone()}, flow: pair{p.Destination(), p.Source()},
		})
	}
	return result
}

// Deadline implements [Box].
func (n *NAT) Deadline() (at time.Duration, ok bool) { return n.timers.next() }

// Expire implements [Box].
func (n *NAT) Expire(now time.Duration) []wire.Packet {
	return n.timers.due(now)
}
