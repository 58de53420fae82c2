package tcpmodel

import (
	"net/netip"
	"slices"
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// Socket is what an application holds: a listener or one end of a connection.
// Its calls are methods of its [Stack].
type Socket struct {
	id        int
	family6   bool
	only6     bool
	reuse     bool
	local     netip.AddrPort // bound to; invalid when not
	isBound   bool
	listening bool
	shut      bool // a listener after shutdown(SHUT_RD): see [Profile.ShutListenerStays]
	backlog   int
	half      int     // connections whose handshake is not complete
	queue     []*conn // that wait to be accepted
	ep        *Endpoint
	conn      *conn // nil before connect
	closed    bool
}

// ID is the number of the socket on its host in order of creation, from 1.
func (k *Socket) ID() int { return k.id }

// Endpoint is the socket's TCB.
func (k *Socket) Endpoint() *Endpoint { return k.ep }

// Acceptable reports whether a connection waits to be accepted.
func (k *Socket) Acceptable() bool { return len(k.queue) > 0 }

// LocalAddr is the local address; the unspecified one of the family before there
// is one.
func (k *Socket) LocalAddr() netip.AddrPort {
	switch {
	case k.conn != nil:
		return k.conn.flow.Local
	case k.isBound:
		return k.local
	case k.family6:
		return netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
	default:
		return netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	}
}

// RemoteAddr is the peer's address; the zero AddrPort before there is one.
func (k *Socket) RemoteAddr() netip.AddrPort {
	if k.conn == nil {
		return netip.AddrPort{}
	}
	return k.conn.flow.Remote
}

// Open makes a socket. EAFNOSUPPORT when the host has no address of the family.
func (s *Stack) Open(ipv6 bool) (*Socket, syscall.Errno) {
	if !slices.ContainsFunc(s.cfg.Addrs, func(a netip.Addr) bool { return a.Is6() == ipv6 }) {
		return nil, syscall.EAFNOSUPPORT
	}
	ep := NewEndpoint(EndpointConfig{Profile: s.p, MSS: s.cfg.MTU - 40, Places: s.cfg.Places})
	return s.socket(ep, ipv6), 0
}

func (s *Stack) socket(ep *Endpoint, ipv6 bool) *Socket {
	s.sockets++
	return &Socket{id: s.sockets, family6: ipv6, ep: ep}
}

// takes reports whether a bound socket takes packets for an address.
func (k *Socket) takes(a netip.Addr) bool {
	if !k.local.Addr().IsUnspecified() {
		return k.local.Addr() == a
	}
	return a.Is4() && (!k.family6 || !k.only6) || a.Is6() && k.family6
}

// Reuse is SO_REUSEADDR, Only6 is IPV6_V6ONLY.
func (s *Stack) Reuse(k *Socket, on bool) { k.reuse = on }

// Only6 has a socket bound to [::] take no IPv4 connections.
func (s *Stack) Only6(k *Socket, on bool) { k.only6 = on }

// Bind assigns the local address; port 0 is any free one.
func (s *Stack) Bind(k *Socket, at netip.AddrPort) syscall.Errno {
	switch {
	case k.isBound || k.conn != nil:
		return syscall.EINVAL
	case !at.Addr().IsUnspecified() && !slices.Contains(s.cfg.Addrs, at.Addr()):
		return syscall.EADDRNOTAVAIL
	case at.Addr().Is4() && k.family6 || at.Addr().Is6() && !k.family6:
		return syscall.EAFNOSUPPORT
	}
	if at.Port() == 0 {
		port := s.freePort(func(port uint16) bool { return !s.inUse(k, netip.AddrPortFrom(at.Addr(), port)) })
		if port == 0 {
			return syscall.EADDRINUSE
		}
		at = netip.AddrPortFrom(at.Addr(), port)
	} else if s.inUse(k, at) {
		return syscall.EADDRINUSE
	}
	k.local, k.isBound = at, true
	s.bound = append(s.bound, k)
	return 0
}

// inUse reports whether another socket, or a connection that goes on without
// one, keeps an address from being bound.
func (s *Stack) inUse(k *Socket, at netip.AddrPort) bool {
	overlap := func(a netip.Addr) bool {
		return a == at.Addr() || a.IsUnspecified() || at.Addr().IsUnspecified()
	}
	for _, o := range s.bound {
		if o == k || o.local.Port() != at.Port() || !overlap(o.local.Addr()) {
			continue
		}
		if o.listening || !o.reuse || !k.reuse {
			return true
		}
	}
	if k.reuse {
		return false
	}
	for _, c := range s.list {
		if c.flow.Local.Port() == at.Port() && overlap(c.flow.Local.Addr()) {
			return true
		}
	}
	return false
}

// Listen makes the socket a listener for at most backlog connections that wait
// to be accepted.
func (s *Stack) Listen(now time.Duration, k *Socket, backlog int) (syscall.Errno, *StackOutput) {
	s.begin()
	if k.conn != nil {
		return syscall.EINVAL, &s.out
	}
	if !k.isBound {
		any := netip.IPv4Unspecified()
		if k.family6 {
			any = netip.IPv6Unspecified()
		}
		if errno := s.Bind(k, netip.AddrPortFrom(any, 0)); errno != 0 {
			return errno, &s.out
		}
	}
	for _, o := range s.bound {
		if o != k && o.listening && o.local.Port() == k.local.Port() && (o.local.Addr() == k.local.Addr() ||
			o.local.Addr().IsUnspecified() || k.local.Addr().IsUnspecified()) {
			return syscall.EADDRINUSE, &s.out
		}
	}
	k.listening, k.shut, k.backlog = true, false, min(max(backlog, 0), 4096)
	r, o := k.ep.Call(now, Call{Op: OpListen})
	s.out.Clauses = o.Clauses
	s.seen = s.seen.Union(o.Clauses)
	return r.Errno, &s.out
}

// Connect begins an active OPEN: EINPROGRESS.
func (s *Stack) Connect(now time.Duration, k *Socket, to netip.AddrPort) (syscall.Errno, *StackOutput) {
	s.begin()
	if k.listening || k.conn != nil {
		if k.ep.state == wire.SynSent || k.ep.state == wire.SynReceived {
			return syscall.EALREADY, &s.out
		}
		return syscall.EISCONN, &s.out
	}
	if to.Addr().Is6() != k.family6 {
		return syscall.EAFNOSUPPORT, &s.out
	}
	from, errno := s.source(k, to)
	if errno != 0 {
		return errno, &s.out
	}
	if from.Port() == 0 {
		port := s.freePort(func(port uint16) bool {
			f := wire.Flow{Local: netip.AddrPortFrom(from.Addr(), port), Remote: to}
			return s.conns[f] == nil && !s.portBound(port)
		})
		if port == 0 {
			return syscall.EADDRNOTAVAIL, &s.out
		}
		from = netip.AddrPortFrom(from.Addr(), port)
	}
	f := wire.Flow{Local: from, Remote: to}
	if s.conns[f] != nil {
		return syscall.EADDRNOTAVAIL, &s.out
	}
	cfg := s.endpointConfig(f, s.isn(now, f))
	k.ep.iss, k.ep.tsOffset, k.ep.ipv6 = cfg.ISN, cfg.TSOffset, cfg.IPv6
	k.ep.announced = min(cfg.MSS, max(k.ep.announced, 1))
	k.conn = s.add(f, k.ep, k, nil)
	r, o := k.ep.Call(now, Call{Op: OpOpen})
	s.collect(k.conn, o)
	return r.Errno, &s.out
}

// source is the address that a socket connects from; its port is 0 when any
// will do.
func (s *Stack) source(k *Socket, to netip.AddrPort) (netip.AddrPort, syscall.Errno) {
	port := uint16(0)
	if k.isBound {
		port = k.local.Port()
		if !k.local.Addr().IsUnspecified() {
			return k.local, 0
		}
	}
	for _, a := range s.cfg.Addrs {
		if a.Is4() == to.Addr().Is4() {
			return netip.AddrPortFrom(a, port), 0
		}
	}
	return netip.AddrPort{}, syscall.ENETUNREACH
}

func (s *Stack) portBound(port uint16) bool {
	return slices.ContainsFunc(s.bound, func(k *Socket) bool { return k.local.Port() == port })
}

// Accept takes the next connection; EAGAIN when there is none.
func (s *Stack) Accept(k *Socket) (*Socket, syscall.Errno) {
	if !k.listening || k.shut {
		return nil, syscall.EINVAL
	}
	if len(k.queue) == 0 {
		return nil, syscall.EAGAIN
	}
	c := k.queue[0]
	k.queue = slices.Delete(k.queue, 0, 1)
	a := s.socket(c.ep, k.family6)
	a.conn, c.socket, c.parent = c, a, nil
	return a, 0
}

// Call makes a call on the socket's connection.
func (s *Stack) Call(now time.Duration, k *Socket, call Call) (Result, *StackOutput) {
	s.begin()
	if k.listening {
		return s.callListener(now, k, call), &s.out
	}
	r, o := k.ep.Call(now, call)
	if k.conn != nil {
		s.collect(k.conn, o)
	}
	if call.Op == OpClose || call.Op == OpAbort {
		s.release(k)
	}
	return r, &s.out
}

// callListener is a call on a listener.
func (s *Stack) callListener(now time.Duration, k *Socket, call Call) Result {
	switch call.Op {
	case OpClose, OpAbort, OpKill, OpShutRecv:
		s.endListener(now, k)
		if call.Op == OpShutRecv && s.p.ShutListenerStays {
			k.shut = true
			s.ready(k)
			return Result{}
		}
		k.listening = false
		k.ep.Call(now, Call{Op: OpClose})
		if call.Op == OpShutRecv || call.Op == OpKill {
			s.ready(k)
			return Result{}
		}
		s.release(k)
		return Result{}
	case OpShutSend:
		return Result{}
	case OpSet, OpStatus:
		r, _ := k.ep.Call(now, call)
		return r
	case OpOpen, OpListen, OpSend, OpReceive, OpPeek:
		return Result{Errno: syscall.ENOTCONN}
	}
	return Result{Errno: syscall.EINVAL}
}

// release takes the socket away from its connection, which may go on.
func (s *Stack) release(k *Socket) {
	k.closed = true
	if k.conn != nil {
		k.conn.socket = nil
	}
	s.unbind(k)
}

// unbind frees the port that a socket is bound to.
func (s *Stack) unbind(k *Socket) {
	if i := slices.Index(s.bound, k); i >= 0 {
		s.bound = slices.Delete(s.bound, i, i+1)
	}
}
