package netstack

import (
	"bytes"
	"net/netip"
	"syscall"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

const everyEvent = waiter.ReadableEvents | waiter.WritableEvents | waiter.EventHUp | waiter.EventErr | waiter.EventRdHUp

// Socket is a netstack endpoint. It implements [engine.Socket].
type Socket struct {
	engine    *Engine
	id        int
	ep        *tcp.Endpoint
	queue     *waiter.Queue
	entry     waiter.Entry
	conn      *conn             // nil for a listener and before connect
	signalled bool              // stands in engine.ready
	payload   bytes.Reader      // what Send reads from
	target    tcpip.SliceWriter // what Recv writes to
	aborted   bool
	rest      []byte // what was in the receive queue when the connection was aborted
}

var _ engine.Socket = (*Socket)(nil)

func (e *Engine) newSocket(ep *tcp.Endpoint, queue *waiter.Queue) *Socket {
	e.lastID++
	s := &Socket{engine: e, id: e.lastID, ep: ep, queue: queue}
	s.entry.Init(s, everyEvent)
	queue.EventRegister(&s.entry)
	return s
}

// NotifyEvent implements waiter.EventListener. netstack calls it from its own
// goroutines.
func (s *Socket) NotifyEvent(waiter.EventMask) {
	s.engine.mu.Lock()
	defer s.engine.mu.Unlock()
	if !s.signalled {
		s.signalled = true
		s.engine.ready = append(s.engine.ready, s)
	}
}

// touch says that a call may have changed the connection's state, or those of
// the connections that wait to be accepted by the listener.
func (s *Socket) touch() {
	if s.conn != nil {
		s.engine.touch(s.conn)
	} else {
		s.engine.watched = false
	}
}

// ID implements [engine.Socket], as do the methods below.
func (s *Socket) ID() int { return s.id }

// Bind assigns the local address (bind(2)).
func (s *Socket) Bind(addr netip.AddrPort) syscall.Errno {
	return errnoOf(s.ep.Bind(fullAddress(addr)))
}

// Listen is a passive OPEN.
func (s *Socket) Listen(backlog int) syscall.Errno {
	return errnoOf(s.ep.Listen(backlog))
}

// Connect is an active OPEN.
func (s *Socket) Connect(addr netip.AddrPort) syscall.Errno {
	errno := errnoOf(s.ep.Connect(fullAddress(addr)))
	if errno == syscall.EINPROGRESS {
		s.conn = s.engine.track(s.flow(), s.ep, s)
		s.touch()
	}
	return errno
}

// Accept takes the next connection from the accept queue.
func (s *Socket) Accept() (engine.Socket, syscall.Errno) {
	ep, queue, err := s.ep.Accept(nil)
	if err != nil {
		return nil, errnoOf(err)
	}
	accepted := s.engine.newSocket(ep.(*tcp.Endpoint), queue)
	s.engine.adopt(accepted)
	return accepted, 0
}

// Send queues data.
func (s *Socket) Send(p []byte) (int, syscall.Errno) {
	s.payload.Reset(p)
	n, err := s.ep.Write(&s.payload, tcpip.WriteOptions{Atomic: true})
	s.payload.Reset(nil)
	s.touch()
	return int(n), errnoOf(err)
}

// Recv takes received data.
func (s *Socket) Recv(p []byte, peek bool) (int, syscall.Errno) {
	if len(p) == 0 {
		return 0, 0
	}
	if len(s.rest) > 0 {
		n := copy(p, s.rest)
		if !peek {
			s.rest = s.rest[n:]
		}
		return n, 0
	}
	s.target = p
	result, err := s.ep.Read(&s.target, tcpip.ReadOptions{Peek: peek})
	s.target = nil
	if err == nil && !peek {
		s.ep.ModerateRecvBuf(result.Count)
	}
	return result.Count, errnoOf(err)
}

// Shutdown ends one or both directions.
func (s *Socket) Shutdown(read, write bool) syscall.Errno {
	var flags tcpip.ShutdownFlags
	if read {
		flags |= tcpip.ShutdownRead
	}
	if write {
		flags |= tcpip.ShutdownWrite
	}
	s.touch()
	return errnoOf(s.ep.Shutdown(flags))
}

// Close gives the descriptor back.
func (s *Socket) Close() {
	s.ep.Close()
	s.touch()
	if s.conn != nil {
		s.engine.parting = append(s.engine.parting, s.conn)
	}
}

// Abort ends the connection and keeps the socket. netstack's Abort purges the
// receive queue, so what is in it is kept here.
func (s *Socket) Abort() syscall.Errno {
	if s.State() == wire.Closed {
		return syscall.ENOENT
	}
	rest := make([]byte, s.Unread())
	n, _ := s.Recv(rest, true)
	s.rest, s.aborted = rest[:n], true
	s.ep.Abort()
	s.touch()
	return 0
}

// State is the state of the connection or listener.
func (s *Socket) State() wire.State { return stateOf(s.ep.EndpointState()) }

// TakeFailure returns and clears the error that ended the connection.
func (s *Socket) TakeFailure() syscall.Errno {
	if s.aborted {
		s.aborted = false
		s.ep.LastError()
		s.ep.LastError() // as below
		return syscall.ECONNABORTED
	}
	switch s.ep.EndpointState() {
	case tcp.StateError:
		errno := errnoOf(s.ep.LastError())
		s.ep.LastError() // netstack has two slots and fills both
		return errno
	case tcp.StateClose:
		// netstack closes in good order, but for a RST in CLOSE-WAIT: there it
		// leaves the error for which Linux has EPIPE.
		if err, ok := s.ep.LastError().(*tcpip.ErrAborted); ok {
			return errnoOf(err)
		}
	}
	return 0
}

// Acceptable reports whether a connection waits in the accept queue.
func (s *Socket) Acceptable() bool {
	return s.ep.EndpointState() == tcp.StateListen && s.Readable()
}

// Readable reports whether Recv has something to say.
func (s *Socket) Readable() bool {
	return len(s.rest) > 0 || s.ep.Readiness(waiter.ReadableEvents) != 0
}

// Writable reports whether Send has room.
func (s *Socket) Writable() bool { return s.ep.Readiness(waiter.WritableEvents) != 0 }

// Unread is the length of the receive queue.
func (s *Socket) Unread() int {
	if len(s.rest) > 0 {
		return len(s.rest)
	}
	n, err := s.ep.GetSockOptInt(tcpip.ReceiveQueueSizeOption)
	if err != nil {
		return 0 // a listener has none
	}
	return n
}

// LocalAddr is the local address; the zero AddrPort before there is one.
func (s *Socket) LocalAddr() netip.AddrPort {
	id := s.ep.TransportEndpointInfo.ID
	return s.address(tcpip.FullAddress{Addr: id.LocalAddress, Port: id.LocalPort})
}

// RemoteAddr is the peer's address; the zero AddrPort before there is one.
func (s *Socket) RemoteAddr() netip.AddrPort {
	id := s.ep.TransportEndpointInfo.ID
	if id.RemotePort == 0 {
		return netip.AddrPort{}
	}
	return s.address(tcpip.FullAddress{Addr: id.RemoteAddress, Port: id.RemotePort})
}

// address converts a; no address is the unspecified one of the socket's family.
func (s *Socket) address(a tcpip.FullAddress) netip.AddrPort {
	if a.Addr.Len() > 0 {
		return addrPort(a)
	}
	if s.ep.NetProto == tcpip.NetworkProtocolNumber(0x86dd) {
		return netip.AddrPortFrom(netip.IPv6Unspecified(), a.Port)
	}
	return netip.AddrPortFrom(netip.IPv4Unspecified(), a.Port)
}

func (s *Socket) flow() flow {
	local, remote := s.LocalAddr(), s.RemoteAddr()
	return flow{local.Addr().As16(), remote.Addr().As16(), local.Port(), remote.Port()}
}
