package netsim

import (
	"strconv"
	"syscall"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// Send queues all of p (send(2) with MSG_NOSIGNAL) and blocks while there is no
// room. When the connection ends on the way it returns how much was queued; the
// error is for the next call.
func (s *Socket) Send(p []byte) (int, syscall.Errno) {
	c := s.send(p)
	return c.n, c.errno
}

// SendWhole is Send that no deadline cuts short, for a caller that has promised
// that p is sent. When the connection cannot be sent on, it does nothing, and
// leaves the reason to the next call.
func (s *Socket) SendWhole(p []byte) {
	if s.sendsWhole() {
		s.sendUntil(nil, p)
	}
}

// sendsWhole reports whether SendWhole makes a call.
func (s *Socket) sendsWhole() bool { return !s.closed && s.unsendable() != syscall.EPIPE }

// Sending reports whether Send would neither fail nor wait for the connection to
// be established.
func (s *Socket) Sending() bool {
	s.look(&s.write)
	return !s.closed && !s.write.expired && s.host.engine != nil && s.unsendable() == 0
}

// Sendable reports whether Send would take something at once.
func (s *Socket) Sendable() bool { return s.Sending() && s.eng.Writable() }

func (s *Socket) send(p []byte) *call { return s.sendUntil(&s.write, p) }

func (s *Socket) sendUntil(d *deadline, p []byte) *call {
	c := new(call)
	s.sendCall(c, d, p)
	s.do(c)
	return c
}

func (s *Socket) sendCall(c *call, d *deadline, p []byte) {
	*c = call{op: "send", args: quoteData(p), given: p, deadline: d, sends: true}
	c.attempt = func(c *call) bool {
		for c.n < len(p) || len(p) == 0 {
			if errno := s.unsendable(); errno != 0 {
				if c.n == 0 && errno != syscall.EAGAIN {
					c.errno = s.reportSend()
				}
				return errno != syscall.EAGAIN
			}
			if len(p) == 0 {
				return true // nothing to send, but an error to report there may have been
			}
			n, errno := s.eng.Send(p[c.n:])
			c.n += n
			s.written += n
			s.host.settle()
			if errno == syscall.EAGAIN {
				return false
			}
			if errno != 0 {
				c.errno = errno
				return true
			}
		}
		return true
	}
}

// unsendable is why nothing can be sent: EAGAIN while the connection is being
// opened, EPIPE when it cannot be sent on, 0 when it can.
func (s *Socket) unsendable() syscall.Errno {
	if s.err != 0 || s.writeShut || s.ended {
		return syscall.EPIPE
	}
	switch s.eng.State() {
	case wire.Established, wire.CloseWait:
		return 0
	case wire.SynSent, wire.SynReceived:
		return syscall.EAGAIN
	default:
		return syscall.EPIPE
	}
}

// reportSend is what a send that cannot be done returns: the error slot, or
// EPIPE (Linux net/core/stream.c, sk_stream_error).
func (s *Socket) reportSend() syscall.Errno {
	if errno := s.takeError(); errno != 0 {
		return errno
	}
	return syscall.EPIPE
}

// Recv takes received data (recv(2)): at most len(p) bytes, at least one. 0
// without an errno is the end of the stream. Data received before a RST stays
// readable; then the error is reported, once; then the end of the stream. A FIN
// that came before the RST hides it.
func (s *Socket) Recv(p []byte) (int, syscall.Errno) {
	c := s.recv("recv", p, false, true)
	return c.n, c.errno
}

// Peek is Recv that leaves the data in the queue (MSG_PEEK). Like Recv it
// empties the error slot when that is what it reports.
func (s *Socket) Peek(p []byte) (int, syscall.Errno) {
	c := s.recv("peek", p, true, true)
	return c.n, c.errno
}

// TryRecv is Recv that does not wait (MSG_DONTWAIT): EAGAIN when there is
// nothing yet.
func (s *Socket) TryRecv(p []byte) (int, syscall.Errno) {
	c := s.recv("recv", p, false, false)
	return c.n, c.errno
}

func (s *Socket) recv(op string, p []byte, peek, wait bool) *call {
	c := new(call)
	s.recvCall(c, op, p, peek, wait)
	s.do(c)
	return c
}

func (s *Socket) recvCall(c *call, op string, p []byte, peek, wait bool) {
	*c = call{op: op, args: strconv.Itoa(len(p)), deadline: &s.read}
	c.attempt = func(c *call) bool {
		c.n, c.errno = s.receive(p, peek)
		if c.errno == syscall.EAGAIN && wait {
			c.errno = 0
			return false
		}
		c.data = p[:c.n]
		return true
	}
}

// receive does what Linux tcp_recvmsg_locked does: first data, then SOCK_DONE,
// then the error slot, then shutdown and state.
func (s *Socket) receive(p []byte, peek bool) (int, syscall.Errno) {
	if !s.ended || s.eng.Unread() > 0 {
		n, errno := s.eng.Recv(p, peek)
		if n > 0 {
			s.host.settle()
			return n, 0
		}
		if errno != syscall.EAGAIN && !s.ended {
			return 0, errno
		}
	}
	switch {
	case s.fin:
		return 0, 0
	case s.err != 0:
		return 0, s.takeError()
	case s.readShut || s.ended && s.connected:
		return 0, 0
	case !s.connected && s.State() == wire.Closed:
		return 0, syscall.ENOTCONN
	}
	return 0, syscall.EAGAIN
}

// Shutdown ends sending, receiving or both (shutdown(2)). The end of sending is
// a FIN after everything queued. The end of receiving concerns the application
// alone: the peer notices nothing.
func (s *Socket) Shutdown(read, write bool) syscall.Errno {
	how := "SHUT_RDWR"
	switch {
	case !write:
		how = "SHUT_RD"
	case !read:
		how = "SHUT_WR"
	}
	c := &call{op: "shutdown", args: how}
	c.attempt = func(c *call) bool {
		c.errno = s.shutdown(read, write)
		return true
	}
	s.do(c)
	return c.errno
}

func (s *Socket) shutdown(read, write bool) (errno syscall.Errno) {
	state := s.eng.State()
	listening := state == wire.Listen
	switch {
	case state == wire.SynSent || state == wire.SynReceived:
		// Linux inet_shutdown: "case TCP_SYN_SENT: err = sk->sk_prot->disconnect".
		errno = s.eng.Shutdown(read, write)
		s.host.settle()
		return errno
	case s.ended || !s.connected && !listening || state == wire.TimeWait:
		return syscall.ENOTCONN // in TIME-WAIT the socket of Linux is closed already
	}
	// Linux inet_shutdown: of a listener sk_shutdown stays as it is.
	s.readShut = s.readShut || read && !listening
	if e, ok := s.eng.(engine.ReceiveEnder); ok && read && !listening {
		e.EndReceive()
	}
	if write && !s.writeShut || listening {
		s.writeShut = s.writeShut || write && !listening
		errno = s.eng.Shutdown(read && listening, write)
		s.host.settle()
	}
	s.wake()
	return errno
}

// quoted is how many bytes of data the arguments of a call show, as strace does by
// default. Of more the event has all (see [trace.Event]).
const quoted = 32

func quoteData(p []byte) string {
	b := make([]byte, 0, 2*quoted+16)
	b = appendQuote(b, p[:min(len(p), quoted)])
	if len(p) > quoted {
		b = append(b, "..."...)
	}
	b = append(b, ", "...)
	return string(strconv.AppendInt(b, int64(len(p)), 10))
}

// appendQuote is strconv.AppendQuote, and faster for what is only printable ASCII
// and ends of lines.
func appendQuote(b, p []byte) []byte {
	begin := len(b)
	b = append(b, '"')
	for _, c := range p {
		switch {
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\n':
			b = append(b, `\n`...)
		case c < ' ' || c > '~' || c == '"' || c == '\\':
			return strconv.AppendQuote(b[:begin], string(p))
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
