package tcpmodel

import (
	"net/netip"
	"slices"
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// Arrive processes a packet for the host. RFC 1122 section 3.2.1.3: "A host MUST silently
// discard an incoming datagram that is not destined for the host".
func (s *Stack) Arrive(now time.Duration, p *wire.Packet) *StackOutput {
	s.begin()
	if !slices.Contains(s.cfg.Addrs, p.Dst) {
		return &s.out
	}
	if p.Proto == wire.ICMP {
		s.arriveICMP(now, p)
		return &s.out
	}
	f := p.Flow().Reverse()
	g := FromWire(&p.TCP)
	if c := s.conns[f]; c != nil {
		if isn, ok := c.ep.Reusable(&g); ok {
			if l := s.listener(f.Local); l != nil {
				s.cite(TimeWaitReused)
				s.changed(c, Transition{wire.TimeWait, wire.Closed})
				c.ep.state = wire.Closed
				s.forget(c)
				if g.Flags.Has(wire.ACK) {
					s.arriveListener(now, l, f, &g)
				} else {
					s.spawn(now, l, f, &g, isn)
				}
				return &s.out
			}
		}
		s.lateCookie(now, c, &g)
		c.ep.crowded = c.parent != nil && s.full(c.parent)
		s.collect(c, c.ep.Arrive(now, &g))
		return &s.out
	}
	if l := s.listener(f.Local); l != nil {
		s.arriveListener(now, l, f, &g)
		return &s.out
	}
	if reset, ok := resetFor(&g); ok {
		s.cite(ClosedSegment)
		s.transmit(f, &reset)
	} else {
		s.cite(ClosedReset)
	}
	return &s.out
}

func (s *Stack) cite(c Clause) {
	s.out.Clauses.add(c)
	s.seen.add(c)
}

// arriveICMP is an ICMP error. RFC 9293 section 3.9.2.2: Destination Unreachable
// of codes 2 to 4 are hard errors; a connection that is being opened ends, and a
// synchronised one takes no notice (RFC 5927 section 5.2).
func (s *Stack) arriveICMP(now time.Duration, p *wire.Packet) {
	q, ok := p.ICMP.Quoted()
	if !ok || !q.TCP {
		return
	}
	c := s.conns[wire.Flow{Local: q.Source(), Remote: q.Destination()}]
	if c == nil {
		return
	}
	kind := p.ICMPKind()
	if kind == wire.PacketTooBig {
		mtu, _ := p.NextHopMTU()
		headers := 40
		if q.Src.Is6() {
			headers = 60
		}
		s.collect(c, c.ep.ShrinkMSS(now, int(mtu)-headers, q.Seq))
		return
	}
	s.collect(c, c.ep.Unreachable(now, q.Seq, s.p.ICMPErrno(kind, q.Src.Is6())))
}

// ICMPErrno is the error that an ICMP error gives, as of Linux (net/ipv4/icmp.c,
// icmp_err_convert); 0 for one without, or of which TCP does not learn.
func (p *Profile) ICMPErrno(k wire.ICMPKind, ipv6 bool) syscall.Errno {
	if p.IcmpFew && (k == wire.TimeExceeded || k == wire.ParameterProblem || ipv6 && k != wire.NetUnreachable && k != wire.PortUnreachable) {
		return 0
	}
	switch k {
	case wire.NetUnreachable:
		return syscall.ENETUNREACH
	case wire.HostUnreachable, wire.TimeExceeded, wire.AdminProhibited:
		return syscall.EHOSTUNREACH
	case wire.ProtocolUnreachable:
		return syscall.ENOPROTOOPT
	case wire.PortUnreachable:
		return syscall.ECONNREFUSED
	case wire.SourceRouteFailed:
		return syscall.EOPNOTSUPP
	case wire.ParameterProblem:
		return syscall.EPROTO
	default:
		return 0
	}
}

// listener is the socket that listens on an address, a specific one before the
// unspecified.
func (s *Stack) listener(at netip.AddrPort) *Socket {
	var any *Socket
	for _, k := range s.bound {
		if !k.listening || k.local.Port() != at.Port() || !k.takes(at.Addr()) {
			continue
		}
		if !k.local.Addr().IsUnspecified() {
			return k
		}
		if any == nil {
			any = k
		}
	}
	return any
}
