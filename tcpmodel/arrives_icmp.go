package tcpmodel

import (
	"syscall"
	"time"

	"rstlab/netsim/wire"
)

// Unreachable is an ICMP error about a segment at seq (RFC 9293 section 3.9.2.2).
// errno is what a connection that is being opened ends with; 0 has no effect.
func (e *Endpoint) Unreachable(now time.Duration, seq uint32, errno syscall.Errno) *Output {
	e.begin(now)
	if errno == 0 || !e.p.IcmpAnySeq && (wire.SeqLess(seq, e.una) || wire.SeqLess(e.nxt, seq)) {
		e.cite(IcmpIgnored)
		return &e.out
	}
	if e.state == wire.SynReceived && e.p.IcmpSynReceived {
		e.cite(IcmpOpening)
		e.end(errno)
		return &e.out
	}
	switch e.state {
	case wire.SynSent:
		e.cite(IcmpOpening)
		e.end(errno)
	case wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		// "the TCP endpoint MUST NOT abort the connection […] SHOULD make the
		// information available to the application" (RFC 1122 section 4.2.3.9): it is
		// the error of a later time-out (Linux net/ipv4/tcp_timer.c, tcp_write_err), in
		// FIN-WAIT-2 and TIME-WAIT that of keepalive.
		e.cite(IcmpIgnored)
		e.soft = errno
	case wire.Closed, wire.Listen, wire.SynReceived:
		e.cite(IcmpIgnored)
	}
	return &e.out
}

// leastMSS is what the smallest MTU of IPv4 leaves that Linux believes in
// (net.ipv4.route.min_pmtu, 552 bytes).
const leastMSS = 512

// ShrinkMSS is "packet too big" about a segment at seq: segments of more than mss
// bytes, headers aside, do not get through (RFC 1191 section 6.4). What was lost
// is sent again.
func (e *Endpoint) ShrinkMSS(now time.Duration, mss int, seq uint32) *Output {
	e.begin(now)
	least := leastMSS
	if e.counts() {
		least = 1
	}
	mss = max(mss-e.optionSpace(), least)
	if !e.synchronized() || mss >= e.mss || wire.SeqLess(seq, e.una) || wire.SeqLess(e.nxt, seq) {
		e.cite(IcmpIgnored)
		return &e.out
	}
	e.cite(IcmpTooBig)
	e.mss = mss
	if e.counts() {
		e.shrinkCounted()
		return &e.out
	}
	var cut []sent
	for _, x := range e.rtx {
		for int(x.end-x.seq) > mss {
			part := x
			part.end = x.seq + uint32(mss)
			part.lost, part.resent, part.push = true, false, false
			cut = append(cut, part)
			x.seq = part.end
			x.lost, x.resent = true, false
		}
		cut = append(cut, x)
	}
	e.rtx = cut
	e.resendLost()
	return &e.out
}
