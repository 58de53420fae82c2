package netsim

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"syscall"
	"time"

	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// Socket is a TCP socket with the calls and the rules of Linux: blocking, with
// errno values, and with the one error slot that the first call to ask empties.
// [Conn] and [Listener] put Go's net interfaces on top of it.
//
// Where TCP implementations differ, the engine decides; what is Linux's above
// TCP is done here, alike for all engines.
type Socket struct {
	host   *Host
	fd     int
	place  int   // in Host.sockets
	owner  *Proc // who made it; nil when it was made outside procs
	family engine.Family
	eng    engine.Socket
	calls  []*call // blocked, in order
	waking bool    // stands in Network.awake

	read, write deadline
	linger      time.Duration // of SO_LINGER; negative is off
	limit       *vtime.Event  // ends a close that lingers
	options     []setting     // what was set before it was connected, in order
	bound       netip.AddrPort

	connected bool          // the connection was established at some time
	failed    bool          // the last connect failed: the next begins anew
	ended     bool          // the connection is over: no state is left
	fin       bool          // the peer's FIN was received (SOCK_DONE in Linux)
	readShut  bool          // shutdown(SHUT_RD)
	writeShut bool          // shutdown(SHUT_WR)
	written   int           // bytes that sends have queued
	err       syscall.Errno // the error slot (sk_err in Linux)
	closed    bool          // close was called
	closing   bool          // close was called, but other calls still use the socket
}

const lingerNever = time.Duration(-1)

type setting struct {
	option engine.Option
	value  int64
}

// Socket makes a TCP socket, as socket(2). EAFNOSUPPORT when the host has no
// address of the family, ENETDOWN for a proc without a host.
func (p *Proc) Socket(family engine.Family) (*Socket, syscall.Errno) {
	if p.host == nil {
		return nil, syscall.ENETDOWN
	}
	if p.killed || p.host.engine == nil { // nothing runs on a host that is off
		panic(killedError{p})
	}
	eng, errno := p.host.engine.Open(family)
	if errno != 0 {
		return nil, errno
	}
	return p.host.newSocket(eng, family, p), 0
}

func (h *Host) newSocket(eng engine.Socket, family engine.Family, owner *Proc) *Socket {
	h.lastFD++
	s := &Socket{host: h, fd: h.lastFD, owner: owner, family: family, eng: eng, linger: lingerNever}
	h.sockets.add(s)
	h.byID[eng.ID()] = s
	return s
}

// FD is the socket's number on its host. Numbers are not used twice, so that a
// trace stays readable.
func (s *Socket) FD() int { return s.fd }

// State is the state of the connection (RFC 9293 section 3.3.2).
func (s *Socket) State() wire.State {
	if s.host.engine == nil {
		return wire.Closed
	}
	return s.eng.State()
}

// LocalAddr and RemoteAddr are the addresses of the connection; the zero
// AddrPort before there is one.
func (s *Socket) LocalAddr() netip.AddrPort { return s.eng.LocalAddr() }

// RemoteAddr is the peer's address; the zero AddrPort before there is one.
func (s *Socket) RemoteAddr() netip.AddrPort { return s.eng.RemoteAddr() }

// Unread is the number of received bytes that wait to be read; 0 on a socket
// that was closed.
func (s *Socket) Unread() int {
	if s.closed || s.host.engine == nil {
		return 0
	}
	return s.eng.Unread()
}

// describe is for messages: the addresses and the state.
func (s *Socket) describe() string {
	if s.host.engine == nil {
		return "a host that is off"
	}
	if r := s.RemoteAddr(); r.IsValid() {
		return fmt.Sprintf("%v > %v %v", s.LocalAddr(), r, s.State())
	}
	return fmt.Sprintf("%v %v", s.LocalAddr(), s.State())
}

// entered takes note of a state transition.
func (s *Socket) entered(from, to wire.State) {
	switch to {
	case wire.Established:
		s.connected = true
	case wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		s.connected, s.fin = true, true
	case wire.Closed:
		s.ended = true
		s.err = s.eng.TakeFailure()
		if s.err == syscall.ECONNRESET && from == wire.CloseWait {
			// Linux net/ipv4/tcp_input.c, tcp_reset: "case TCP_CLOSE_WAIT:
			// WRITE_ONCE(sk->sk_err, EPIPE)".
			s.err = syscall.EPIPE
		}
	case wire.Listen, wire.SynSent, wire.SynReceived, wire.FinWait1, wire.FinWait2:
	}
	s.wake()
}

// takeError empties the error slot.
func (s *Socket) takeError() syscall.Errno {
	errno := s.err
	s.err = 0
	return errno
}

// Bind assigns the local address (bind(2)). Port 0 is any free one.
func (s *Socket) Bind(addr netip.AddrPort) syscall.Errno {
	c := &call{op: "bind", args: addr.String()}
	c.attempt = func(c *call) bool {
		if c.errno = s.eng.Bind(addr); c.errno == 0 {
			s.bound = addr
		}
		s.host.settle()
		return true
	}
	s.do(c)
	return c.errno
}

// Listen makes the socket a listener (listen(2)): at most backlog connections
// wait for their handshake to end, and one more than that to be accepted, as
// Linux counts them (include/net/sock.h, sk_acceptq_is_full: ">", not ">=").
func (s *Socket) Listen(backlog int) syscall.Errno {
	c := &call{op: "listen", args: strconv.Itoa(backlog)}
	c.attempt = func(c *call) bool {
		c.errno = s.eng.Listen(backlog + 1)
		s.host.settle()
		return true
	}
	s.do(c)
	return c.errno
}

// Accept takes the next connection (accept(2)). It hands out connections that
// are already reset, as Linux does.
func (s *Socket) Accept() (*Socket, syscall.Errno) {
	c := s.accept()
	return c.accepted, c.errno
}

func (s *Socket) accept() *call {
	c := &call{op: "accept", deadline: &s.read}
	c.attempt = func(c *call) bool {
		eng, errno := s.eng.Accept()
		if errno == syscall.EAGAIN {
			return false
		}
		if c.errno = errno; errno != 0 {
			return true
		}
		a := s.host.newSocket(eng, s.family, c.proc)
		a.adopt()
		s.host.settle()
		c.accepted, c.n, c.note = a, a.fd, a.RemoteAddr().String()
		return true
	}
	s.do(c)
	return c
}

// adopt sets an accepted socket to where its connection already is.
func (s *Socket) adopt() {
	s.connected = true
	switch s.eng.State() {
	case wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		s.fin = true
	case wire.Closed:
		s.ended = true
		s.err = s.eng.TakeFailure()
	default:
	}
}

// Connect opens a connection (connect(2)) and blocks until it is established
// or refused. After a failure it can be called again.
func (s *Socket) Connect(addr netip.AddrPort) syscall.Errno { return s.connect(addr).errno }

func (s *Socket) connect(addr netip.AddrPort) *call {
	c := &call{op: "connect", args: addr.String(), deadline: &s.write}
	begun := false
	c.attempt = func(c *call) bool {
		if !begun {
			begun = true
			if s.connected || s.eng.State() == wire.Listen {
				c.errno = syscall.EISCONN
				return true
			}
			if c.errno = s.reopen(); c.errno != 0 {
				return true
			}
			c.errno = s.eng.Connect(addr)
			s.host.settle()
			if c.errno != syscall.EINPROGRESS {
				return true
			}
			c.errno = 0
		}
		switch s.eng.State() {
		case wire.SynSent, wire.SynReceived:
			return false
		case wire.Closed:
			s.failed = true
			if c.errno = s.takeError(); c.errno == 0 {
				c.errno = syscall.ECONNABORTED
			}
		default:
		}
		return true
	}
	s.do(c)
	return c
}

// reopen gives the socket a fresh endpoint when its last connect failed. Its
// options and the address that it was bound to remain.
func (s *Socket) reopen() syscall.Errno {
	if !s.failed {
		return 0
	}
	eng, errno := s.host.engine.Open(s.family)
	if errno != 0 {
		return errno
	}
	s.eng.Close()
	delete(s.host.byID, s.eng.ID())
	s.eng = eng
	s.host.byID[eng.ID()] = s
	s.failed, s.ended, s.err, s.written = false, false, 0, 0
	for _, x := range s.options {
		s.eng.SetOption(x.option, x.value)
	}
	if s.bound.IsValid() {
		errno = s.eng.Bind(s.bound)
	}
	return errno
}

// Close gives the descriptor up (close(2)). The connection goes on by itself as
// TCP says: FIN, or RST when received data was not read. With SO_LINGER on it
// blocks until everything is acknowledged or the time is over. While another
// proc is blocked in a call of the socket, the socket lives on until that call
// returns, and that call is the one that blocks on (Linux fs/file_table.c, fput: the
// last that holds the descriptor closes it).
func (s *Socket) Close() syscall.Errno {
	c := &call{op: "close"}
	c.attempt = func(*call) bool {
		if s.close(s.linger) {
			return true
		}
		c.attempt = s.outlast()
		return false
	}
	s.do(c)
	return c.errno
}

// outlast is the attempt of a call that waits until everything is acknowledged or the
// linger time, which begins now, is over.
func (s *Socket) outlast() func(*call) bool {
	over := false
	s.host.lingering = append(s.host.lingering, s)
	s.limit = vtime.NewEvent(func() {
		over = true
		s.wake()
	})
	s.limit.SetOwner(s)
	agenda := &s.host.net.agenda
	agenda.Schedule(agenda.Now().Add(s.linger), s.limit)
	return func(*call) bool {
		if !over && s.lingering() {
			return false
		}
		s.drop()
		return true
	}
}

// close gives the socket up and reports whether that is all: with a positive
// linger time it may have to be waited for.
func (s *Socket) close(linger time.Duration) (done bool) {
	if s.closed {
		return true
	}
	s.closed = true
	s.disarm()
	if len(s.calls) > 0 {
		s.closing = true
		return true
	}
	return s.letGo(linger)
}

// letGo closes the endpoint and reports whether that is all.
func (s *Socket) letGo(linger time.Duration) (done bool) {
	s.eng.Close()
	s.host.settle()
	if linger > 0 && s.lingering() {
		return false
	}
	s.drop()
	return true
}

// lingering reports whether a closed socket has something unacknowledged: Linux
// inet_csk_wait... tcp_close waits in FIN-WAIT-1, CLOSING and LAST-ACK.
func (s *Socket) lingering() bool {
	switch s.State() {
	case wire.FinWait1, wire.Closing, wire.LastAck:
		return true
	default:
		return false
	}
}

// drop takes the socket out of the host's tables.
func (s *Socket) drop() {
	s.look(nil)
	delete(s.host.byID, s.eng.ID())
	s.host.sockets.remove(s)
	if i := slices.Index(s.host.lingering, s); i >= 0 {
		s.host.lingering = slices.Delete(s.host.lingering, i, i+1)
		s.host.net.agenda.Cancel(s.limit)
	}
}

func (s *Socket) position() *int { return &s.place }

// disarm takes the deadlines out of the agenda.
func (s *Socket) disarm() {
	s.look(nil)
	s.host.net.agenda.Cancel(&s.read.event)
	s.host.net.agenda.Cancel(&s.write.event)
}
