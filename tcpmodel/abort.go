package tcpmodel

import (
	"syscall"

	"rstlab/netsim/wire"
)

// abort is the ABORT call (RFC 9293 section 3.10.5).
func (e *Endpoint) abort() syscall.Errno {
	if e.state != wire.Closed {
		e.orphan, e.rcvShut = true, true
		e.discardQueue()
	}
	switch e.state {
	case wire.Closed:
		e.cite(AbortClosed)
		return syscall.ENOTCONN
	case wire.Listen, wire.SynSent:
		e.cite(AbortUnopened)
		e.end(0)
	case wire.SynReceived, wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait:
		e.cite(AbortReset)
		e.abortReset()
		e.end(0)
	case wire.Closing, wire.LastAck:
		e.cite(AbortQuiet)
		e.abortClosing()
		e.end(0)
	case wire.TimeWait:
		e.cite(AbortQuiet)
		e.abortClosing()
		e.end(0)
	}
	return 0
}

// abortReset is the RST of an ABORT.
func (e *Endpoint) abortReset() {
	switch {
	case e.state != wire.SynReceived || !e.p.SynReceivedAbortQuiet:
		e.activeReset()
	case e.opt[Linger] == 0:
		e.lingerReset()
	}
}

// abortClosing is the RST of an ABORT in CLOSING, LAST-ACK and TIME-WAIT, where there
// is one.
func (e *Endpoint) abortClosing() {
	if e.p.AbortAlwaysResets || e.state != wire.TimeWait && e.hasUnsent() {
		e.activeReset()
	}
}

// activeReset sends <SEQ=SND.NXT><CTL=RST>, with ACK as stacks do.
func (e *Endpoint) activeReset() {
	e.emit(e.resetSeq(), wire.RST|wire.ACK, nil)
}

// resetSeq is SND.NXT, or the right edge of a window that the peer has made smaller. What
// is followed may have known an older window: see [Follower].
func (e *Endpoint) resetSeq() uint32 {
	beyond := wire.SeqDiff(e.nxt, e.windowEnd())
	if e.follows || e.p.ResetEdge == EdgeAtNxt || e.state == wire.SynReceived || beyond <= 0 ||
		e.p.ResetEdge == EdgeInOwnScale && beyond < 1<<e.rcvScale {
		return e.nxt
	}
	return e.windowEnd()
}

// kill is ABORT by an operator (Linux SOCK_DESTROY): the application keeps the
// socket, what was received stays readable, and the error is ECONNABORTED.
func (e *Endpoint) kill() syscall.Errno {
	switch e.state {
	case wire.Closed:
		e.cite(AbortClosed)
		return syscall.ENOENT
	case wire.Listen, wire.SynSent:
		e.cite(AbortKilled)
	case wire.SynReceived, wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait:
		e.cite(AbortKilled)
		e.abortReset()
	case wire.Closing, wire.LastAck, wire.TimeWait:
		e.cite(AbortKilled)
		e.abortClosing()
	}
	e.end(syscall.ECONNABORTED)
	return 0
}
