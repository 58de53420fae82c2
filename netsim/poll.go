package netsim

import (
	"strings"
	"syscall"

	"rstlab/netsim/wire"
)

// PollEvents are the events of poll(2) that a socket is ready for.
type PollEvents uint8

// The events, by their name in poll(2). POLLRDNORM and POLLWRNORM, which Linux
// gives together with POLLIN and POLLOUT, are not told apart from these.
const (
	PollIn    PollEvents = 1 << iota // POLLIN: a recv would not block
	PollOut                          // POLLOUT: a send would not block
	PollErr                          // POLLERR: an error is pending
	PollHup                          // POLLHUP: both directions have ended
	PollRdHup                        // POLLRDHUP: the peer sends no more
	PollNval                         // POLLNVAL: the socket was closed
)

var pollNames = [...]string{"IN", "OUT", "ERR", "HUP", "RDHUP", "NVAL"}

// String is the names of the events, joined by "|": "IN|OUT|HUP|RDHUP"; "0" for
// none.
func (e PollEvents) String() string {
	var names []string
	for i, name := range pollNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "0"
	}
	return strings.Join(names, "|")
}

// Poll is what poll(2) reports of the socket without waiting: of one that was closed,
// PollNval alone.
//
// It is Linux net/ipv4/tcp.c, tcp_poll, with sk_shutdown told from the socket's
// state: tcp_fin sets RCV_SHUTDOWN there, tcp_done both bits.
func (s *Socket) Poll() PollEvents {
	if s.closed {
		return PollNval
	}
	if s.host.engine == nil {
		return 0
	}
	state := s.eng.State()
	if state == wire.Listen {
		if s.eng.Acceptable() {
			return PollIn
		}
		return 0
	}
	// Linux tcp_time_wait ends with tcp_done; a connect that failed with tcp_disconnect,
	// which clears sk_shutdown.
	gone := s.ended && !s.failed || state == wire.TimeWait
	readShut, writeShut := gone || s.fin || s.readShut, gone || s.writeShut
	var e PollEvents
	if readShut && writeShut || state == wire.Closed {
		e |= PollHup
	}
	if readShut {
		e |= PollIn | PollRdHup
	}
	if state != wire.SynSent && state != wire.SynReceived {
		if s.eng.Unread() > 0 {
			e |= PollIn
		}
		if writeShut || state == wire.Closed || s.eng.Writable() {
			e |= PollOut
		}
	}
	if s.err != 0 {
		e |= PollErr
	}
	return e
}

// Outq is how many sequence numbers wait to be sent or acknowledged: bytes, and 1
// for a FIN (SIOCOUTQ of tcp(7)). It is 0 while the connection is being opened;
// EINVAL for a listener, EBADF for a socket that was closed. What is acknowledged
// is taken from the segments that reached the host, whatever its engine is.
func (s *Socket) Outq() (int, syscall.Errno) {
	if s.closed || s.host.engine == nil {
		return 0, syscall.EBADF
	}
	switch s.eng.State() {
	case wire.Listen:
		return 0, syscall.EINVAL
	case wire.SynSent, wire.SynReceived:
		return 0, 0
	default:
	}
	_, end, ok := s.host.Endpoint(Flow{Local: s.LocalAddr(), Remote: s.RemoteAddr()})
	if !ok || end.Acked() == 0 {
		return 0, 0
	}
	queued := s.written
	if s.writeShut {
		queued++
	}
	return max(0, queued-int(end.Acked()-1)), 0
}
