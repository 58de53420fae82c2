package tcpmodel

import (
	"syscall"

	"rstlab/netsim/wire"
)

// send is the SEND call (RFC 9293 section 3.10.2): it queues as much of p as
// there is room for.
func (e *Endpoint) send(p []byte) (int, syscall.Errno) {
	switch e.state {
	case wire.Closed, wire.Listen:
		e.cite(SendClosed)
		return 0, syscall.EPIPE
	case wire.SynSent, wire.SynReceived:
		e.cite(SendEarly)
		if e.finQueued {
			return 0, syscall.EPIPE
		}
		n := e.queue(p)
		if n == 0 && len(p) > 0 {
			return 0, syscall.EAGAIN
		}
		return n, 0
	case wire.Established, wire.CloseWait:
		e.cite(SendText)
		n := e.queue(p)
		if n == 0 && len(p) > 0 {
			return 0, syscall.EAGAIN // what takes nothing sets no timer, either
		}
		if n < len(p) && e.p.SendChunks {
			e.push(pushNow) // Linux net/ipv4/tcp.c, tcp_sendmsg_locked: wait_for_space
		} else {
			e.push(0)
		}
		return n, 0
	case wire.FinWait1, wire.FinWait2, wire.Closing, wire.LastAck, wire.TimeWait:
		e.cite(SendClosing)
		return 0, syscall.EPIPE
	}
	return 0, syscall.EINVAL
}

// queue appends to the send buffer what there is room for.
func (e *Endpoint) queue(p []byte) int {
	if e.p.SendChunks && !e.follows {
		return e.queueChunks(p)
	}
	n := len(p)
	if !e.follows {
		n = min(n, max(int(e.opt[SendBuffer])-e.queuedMemory(), 0))
	}
	if n < len(p) {
		e.blocked = true
	}
	if n == 0 {
		return 0
	}
	e.buf = append(e.buf, p[:n]...)
	e.pushed, e.hasPushed = e.finSeq(), true
	e.noteWrite()
	return n
}

// queuedMemory is what the send buffer takes.
func (e *Endpoint) queuedMemory() int {
	if e.p.SendChunks {
		return len(e.buf) + e.packets()*chunkOverhead
	}
	return len(e.buf)
}

// Writable reports whether SEND would take something. A sender that found no
// room is told only when a third of the buffer is free.
func (e *Endpoint) Writable() bool {
	switch e.state {
	case wire.Established, wire.CloseWait:
		free := int(e.opt[SendBuffer]) - e.queuedMemory()
		if e.blocked && !e.p.WritesApart {
			return free >= e.queuedMemory()/2
		}
		return free > 0
	case wire.SynSent, wire.SynReceived:
		return false
	case wire.Closed, wire.Listen, wire.FinWait1, wire.FinWait2, wire.Closing, wire.LastAck, wire.TimeWait:
		return true
	}
	return true
}
