package netsim

import (
	"strings"

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
)

var pollNames = [...]string{"IN", "OUT", "ERR", "HUP", "RDHUP"}

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

// Poll is what poll(2) reports of the socket without waiting. 0 on a socket that
// was closed, where poll has POLLNVAL.
//
// It is Linux net/ipv4/tcp.c, tcp_poll, with sk_shutdown told from the socket's
// state: tcp_fin sets RCV_SHUTDOWN there, tcp_done both bits.
func (s *Socket) Poll() PollEvents {
	if s.closed || s.host.engine == nil {
		return 0
	}
	state := s.eng.State()
	if state == wire.Listen {
		if s.eng.Acceptable() {
			return PollIn
		}
		return 0
	}
	gone := s.ended || state == wire.TimeWait // Linux tcp_time_wait ends with tcp_done
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
