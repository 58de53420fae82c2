package modelstack

import (
	"net/netip"
	"syscall"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// Socket is a socket of the model. It implements [engine.Socket].
type Socket struct {
	engine    *Engine
	model     *tcpmodel.Socket
	signalled bool // stands in engine.pending.Ready
	reuse     int64
	only6     int64
}

var _ engine.Socket = (*Socket)(nil)

// ID implements [engine.Socket], as do the methods below.
func (s *Socket) ID() int { return s.model.ID() }

// call makes a call on the connection.
func (s *Socket) call(c tcpmodel.Call) tcpmodel.Result {
	r, out := s.engine.stack.Call(s.engine.now(), s.model, c)
	s.engine.take(out)
	return r
}

// Bind assigns the local address (bind(2)).
func (s *Socket) Bind(addr netip.AddrPort) syscall.Errno {
	return s.engine.stack.Bind(s.model, addr)
}

// Listen is a passive OPEN. The model knows how many connections its stack keeps
// beyond the backlog of listen(2).
func (s *Socket) Listen(backlog int) syscall.Errno {
	errno, out := s.engine.stack.Listen(s.engine.now(), s.model, backlog-1)
	s.engine.take(out)
	return errno
}

// Connect is an active OPEN.
func (s *Socket) Connect(addr netip.AddrPort) syscall.Errno {
	errno, out := s.engine.stack.Connect(s.engine.now(), s.model, addr)
	s.engine.take(out)
	return errno
}

// Accept takes the next connection from the accept queue.
func (s *Socket) Accept() (engine.Socket, syscall.Errno) {
	k, errno := s.engine.stack.Accept(s.model)
	if errno != 0 {
		return nil, errno
	}
	return s.engine.socket(k), 0
}

// Send queues data.
func (s *Socket) Send(p []byte) (int, syscall.Errno) {
	r := s.call(tcpmodel.Call{Op: tcpmodel.OpSend, Data: p})
	return r.N, r.Errno
}

// Recv takes or copies received data.
func (s *Socket) Recv(p []byte, peek bool) (int, syscall.Errno) {
	if len(p) == 0 {
		return 0, 0
	}
	op := tcpmodel.OpReceive
	if peek {
		op = tcpmodel.OpPeek
	}
	r := s.call(tcpmodel.Call{Op: op, Data: p})
	return r.N, r.Errno
}

// Shutdown ends one or both directions.
func (s *Socket) Shutdown(read, write bool) syscall.Errno {
	if s.State() == wire.Listen {
		// Linux net/ipv4/af_inet.c, inet_shutdown: a listener is ended for reading
		// alone, and writing is no mistake.
		write = false
	}
	if read {
		if r := s.call(tcpmodel.Call{Op: tcpmodel.OpShutRecv}); r.Errno != 0 {
			return r.Errno
		}
	}
	if write && !(read && s.State() == wire.Closed) { // it was in SYN-SENT
		return s.call(tcpmodel.Call{Op: tcpmodel.OpShutSend}).Errno
	}
	return 0
}

// EndReceive implements [engine.ReceiveEnder].
func (s *Socket) EndReceive() { s.call(tcpmodel.Call{Op: tcpmodel.OpShutRecv}) }

// Close gives the descriptor back.
func (s *Socket) Close() {
	s.call(tcpmodel.Call{Op: tcpmodel.OpClose})
	delete(s.engine.sockets, s.model)
}

// Abort ends the connection and keeps the socket.
func (s *Socket) Abort() syscall.Errno {
	return s.call(tcpmodel.Call{Op: tcpmodel.OpKill}).Errno
}

// State is the state of the connection or listener.
func (s *Socket) State() wire.State { return s.model.Endpoint().State() }

// TakeFailure returns and clears the error that ended the connection.
func (s *Socket) TakeFailure() syscall.Errno { return s.model.Endpoint().TakeFailure() }

// Acceptable reports whether a connection waits in the accept queue.
func (s *Socket) Acceptable() bool { return s.model.Acceptable() }

// Readable reports whether Recv has something to say.
func (s *Socket) Readable() bool { return s.model.Endpoint().Readable() }

// Writable reports whether Send has room.
func (s *Socket) Writable() bool { return s.model.Endpoint().Writable() }

// Unread is the length of the receive queue.
func (s *Socket) Unread() int { return s.model.Endpoint().Unread() }

// LocalAddr is the local address; the zero AddrPort before there is one.
func (s *Socket) LocalAddr() netip.AddrPort { return s.model.LocalAddr() }

// RemoteAddr is the peer's address; the zero AddrPort before there is one.
func (s *Socket) RemoteAddr() netip.AddrPort { return s.model.RemoteAddr() }
