package tcpmodel

import (
	"syscall"

	"rstlab/netsim/wire"
)

// close is the CLOSE call (RFC 9293 section 3.10.4) of an application that lets
// go of the connection altogether: it will neither send nor receive.
func (e *Endpoint) close() syscall.Errno {
	unread := e.unread > 0
	if e.state != wire.Closed {
		e.orphan, e.rcvShut = true, true
		e.discardQueue()
	}
	switch e.state {
	case wire.Closed:
		e.cite(CloseClosed)
		return syscall.ENOTCONN
	case wire.Listen, wire.SynSent:
		e.cite(CloseUnopened)
		e.end(0)
		return 0
	case wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait, wire.SynReceived, wire.Closing, wire.LastAck:
		if unread && e.p.CloseUnreadResets {
			e.cite(CloseUnread)
			e.activeReset()
			e.end(0)
			return 0
		}
		if e.state == wire.SynReceived && e.opt[Linger] != 0 && e.p.SynReceivedCloseQuiet {
			e.cite(CloseUnopened)
			e.end(0)
			return 0
		}
		closing := e.state == wire.Closing || e.state == wire.LastAck
		if e.opt[Linger] == 0 && !(closing && e.p.LingerResetsOpen) {
			e.cite(CloseLinger)
			if e.state == wire.SynReceived {
				e.lingerReset()
				e.end(0)
				return 0
			}
			e.abort()
			return 0
		}
		e.finish()
	case wire.TimeWait:
		if unread && e.p.TimeWaitUnreadResets {
			e.cite(CloseUnread)
			e.activeReset()
			e.end(0)
			return 0
		}
		e.cite(CloseDone)
	}
	if e.state == wire.FinWait2 {
		e.orphanFinWait2()
	}
	return 0
}

// lingerReset is the RST of a CLOSE with SO_LINGER of zero in SYN-RECEIVED.
func (e *Endpoint) lingerReset() {
	e.activeReset()
	if e.p.SynReceivedLingerBare {
		s := &e.out.Segments[len(e.out.Segments)-1]
		s.Seq, s.Ack = 0, 0
	}
}

// shutSend ends sending: the half-close of CLOSE.
func (e *Endpoint) shutSend() syscall.Errno {
	switch e.state {
	case wire.Closed, wire.Listen:
		e.cite(CloseClosed)
		return syscall.ENOTCONN
	case wire.SynSent:
		e.cite(CloseUnopened)
		if e.p.ShutHandshake != ShutCloses {
			e.end(syscall.ECONNRESET)
		} else {
			e.end(0)
		}
		return 0
	case wire.SynReceived, wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait, wire.Closing, wire.LastAck:
		if e.state == wire.SynReceived && e.p.ShutHandshake == ShutResetsBoth {
			e.cite(CloseUnopened)
			e.end(syscall.ECONNRESET)
			return 0
		}
		e.finish()
		return 0
	case wire.TimeWait:
		e.cite(CloseDone)
		return syscall.ENOTCONN
	}
	return syscall.EINVAL
}

// finish queues the FIN, once.
func (e *Endpoint) finish() {
	switch e.state {
	case wire.SynReceived:
		e.cite(CloseSynReceived)
		e.finQueued = true
	case wire.Established:
		e.cite(CloseEstablished)
		e.finQueued = true
		e.become(wire.FinWait1)
		e.push(pushFin)
	case wire.CloseWait:
		e.cite(CloseCloseWait)
		e.finQueued = true
		e.become(wire.LastAck)
		e.push(pushFin)
	case wire.FinWait1, wire.FinWait2, wire.Closing, wire.LastAck, wire.TimeWait:
		e.cite(CloseDone)
	case wire.Closed, wire.Listen, wire.SynSent:
		e.cite(CloseUnopened)
	}
}

// shutReceive is shutdown(SHUT_RD): the application will receive no more. TCP
// tells the peer nothing.
func (e *Endpoint) shutReceive() syscall.Errno {
	if e.state == wire.SynSent || e.state == wire.SynReceived && e.p.ShutHandshake == ShutResetsBoth {
		// Linux net/ipv4/af_inet.c, inet_shutdown: "case TCP_SYN_SENT: err =
		// sk->sk_prot->disconnect"; netstack endpoint.go, Shutdown: connecting.
		return e.shutSend()
	}
	e.cite(ShutReceive)
	e.rcvShut = true
	return 0
}

// discardQueue throws away what a closed socket will not read.
func (e *Endpoint) discardQueue() {
	for _, c := range e.chunks {
		e.charged -= c.charge
	}
	e.chunks = nil
	e.unread = 0
}

// orphanFinWait2 limits the time that a closed connection waits for the peer's
// FIN. RFC 9293 does not.
func (e *Endpoint) orphanFinWait2() {
	e.cite(FinWait2Limit)
	d := e.opt[FinWait2Timeout]
	if d < 0 {
		e.activeReset()
		e.end(0)
		return
	}
	if e.p.FinWait2Bare {
		e.timers.stopAll()
		e.answered = 0
	}
	e.arm(tTimeWait, e.tick(durationOf(d)))
}
