package tcpmodel

import (
	"syscall"

	"rstlab/netsim/wire"
)

// open is the active OPEN call (RFC 9293 section 3.10.1).
func (e *Endpoint) open() syscall.Errno {
	switch e.state {
	case wire.Closed, wire.Listen:
		e.cite(OpenActive)
		e.passive = false
		e.prepare()
		e.become(wire.SynSent)
		e.sendSyn(false)
		return syscall.EINPROGRESS
	case wire.SynSent, wire.SynReceived:
		e.cite(OpenAgain)
		return syscall.EALREADY
	case wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		e.cite(OpenAgain)
		return syscall.EISCONN
	}
	return syscall.EINVAL
}

// listen is the passive OPEN call.
func (e *Endpoint) listen() syscall.Errno {
	switch e.state {
	case wire.Closed:
		e.cite(OpenPassive)
		e.passive = true
		e.memory.atListen = e.opt[ReceiveBuffer]
		e.become(wire.Listen)
		return 0
	case wire.Listen:
		e.cite(OpenPassive)
		return 0
	case wire.SynSent, wire.SynReceived, wire.Established, wire.FinWait1, wire.FinWait2,
		wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		e.cite(OpenAgain)
		return syscall.EINVAL
	}
	return syscall.EINVAL
}

// prepare sets what a connection begins with.
func (e *Endpoint) prepare() {
	e.failure = 0
	e.una, e.nxt, e.base = e.iss, e.iss, e.iss+1
	e.sml, e.high = e.iss, e.iss+1
	e.rto = e.p.InitialRTO
	e.cwnd, e.slowEnd = e.p.InitialWindow, maxInt
	e.pace = 0
	e.retransmits, e.timeouts, e.retransStamp = 0, 0, 0
	e.prepareReceive()
}

// sendSyn sends the SYN, or in SYN-RECEIVED the SYN-ACK, for the first time or
// again.
func (e *Endpoint) sendSyn(again bool) {
	s := e.segment(e.iss, wire.SYN)
	withAck := e.state == wire.SynReceived
	o := &s.Options
	o.MSS = uint16(e.announced)
	if withAck {
		s.Flags |= wire.ACK
		s.Ack = e.rcvNxt
		o.HasScale, o.SACKPermitted, o.HasTimestamps = e.scaleOK, e.sackOK, e.tsOK
	} else {
		o.HasScale, o.SACKPermitted, o.HasTimestamps = e.p.WindowScale, e.p.SACK, e.p.Timestamps
	}
	if o.HasScale {
		o.Scale = e.rcvScale
	}
	if o.HasTimestamps {
		o.TSVal = e.tsval()
		if withAck {
			o.TSEcr = e.tsRecent
			e.tsLast = o.TSVal
			if !again {
				e.tsFirst = o.TSVal
			}
		}
	}
	if !again {
		e.openWindow(withAck)
		e.synOptions = *o
		e.nxt = e.iss + 1
		e.rtx = append(e.rtx[:0], sent{seq: e.iss, end: e.iss + 1, at: e.now, first: e.now})
	} else if len(e.rtx) > 0 {
		e.rtx[0].retrans++
		e.rtx[0].at = e.now
	}
	s.Window = uint16(min(e.rcvWnd, 65535)) // again the same, whatever the buffer is now
	if !again && !withAck {
		e.retransStamp = e.now
	}
	wait := e.clampRTO(e.rto)
	if limit := e.p.ConnectTime; limit > 0 && !e.passive && len(e.rtx) > 0 {
		wait = max(min(wait, e.rtx[0].first+limit-e.now), e.p.Tick)
	}
	e.arm(tRetransmit, wait)
}

// takeSyn learns from the options of a SYN (RFC 9293 section 3.7.1, RFC 7323
// sections 2.2 and 3.2, RFC 2018 section 2).
func (e *Endpoint) takeSyn(s *Segment) {
	e.irs, e.rcvNxt = s.Seq, s.Seq+1
	e.rcvWup = e.rcvNxt
	o := &s.Options
	// RFC 9293 section 3.7.1: "If an MSS Option is not received at connection
	// setup, TCP implementations MUST assume a default send MSS of 536".
	peer := 536
	if o.MSS != 0 {
		peer = int(o.MSS)
	}
	e.scaleOK = o.HasScale && e.p.WindowScale
	e.sackOK = o.SACKPermitted && e.p.SACK
	e.tsOK = o.HasTimestamps && e.p.Timestamps
	e.sndScale = 0
	if e.scaleOK {
		// RFC 7323 section 2.3: "If a Window Scale option is received with a
		// shift.cnt value larger than 14, the TCP SHOULD log the error but MUST
		// use 14 instead of the specified value."
		e.sndScale = min(o.Scale, 14)
	} else {
		e.rcvScale = 0
	}
	e.mss = min(peer, e.announced)
	e.advMSS = e.announced
	if e.tsOK {
		e.tsRecent, e.tsRecentAt = o.TSVal, e.now
	}
	e.mss -= e.optionSpace()
	e.advMSS -= e.optionSpace()
	e.mss = max(e.mss, 1)
	e.estimateMSS()
}

// established is the entry into ESTABLISHED (or beyond) from the handshake.
func (e *Endpoint) established(s *Segment) {
	e.wl1, e.wl2 = s.Seq, s.Ack
	e.retransmits, e.timeouts, e.retransStamp = 0, 0, 0
	if w := int(s.Window); e.p.SendChunks && !e.passive && w > 536 {
		// Linux net/ipv4/tcp_output.c, tcp_bound_to_half_wnd in tcp_sync_mss.
		e.mss = min(e.mss, w/2)
	}
	e.rack.fack, e.rcvd = e.iss, e.now
	e.startKeepAlive()
}

// optionSpace is what the options of a segment take off its text, in bytes. Where
// room is kept for SACK blocks it is that of as many as fit into 40 bytes, four at
// most (RFC 2018 section 3).
func (e *Endpoint) optionSpace() int {
	switch {
	case e.sackOK && e.p.SackSpace && e.tsOK:
		return 40
	case e.sackOK && e.p.SackSpace:
		return 36
	case e.tsOK:
		return 12
	}
	return 0
}
