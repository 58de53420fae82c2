package tcpmodel

import (
	"slices"

	"rstlab/netsim/wire"
)

// pipe is what is in flight where that is counted, and not looked up (netstack snd.go,
// TCPSenderState; see [Profile.PipeCounted]).
type pipe struct {
	out     int    // so many segments: Outstanding
	behind  int    // so many of the last are to be sent again after a time-out: from writeNext on
	highRxt uint32 // HighRxt of RFC 6675: the last number that was sent again when recovery began
	first   uint32 // SND.UNA at the last retransmission without SACK: FastRecovery.First
	maxCwnd int    // what duplicate ACKs have the congestion window grow to without SACK
	sacked  int    // so many segments were reported by SACK since: SackedOut
	begun   bool   // the recovery has begun with the segment at hand
	lingers bool   // a recovery is over, but what was in flight when it began is not acknowledged yet
}

// counts reports whether the endpoint counts what is in flight: one that only follows
// another's segments does not.
func (e *Endpoint) counts() bool { return e.p.PipeCounted && !e.follows }

// setPipe is SetPipe of RFC 6675 section 5, in a recovery: what was not selectively
// acknowledged counts unless IsLost (section 4), and what was sent again once more. A
// segment is lost below three blocks, or text of two segments, that have arrived.
func (e *Endpoint) setPipe() {
	if !e.sackOK || !e.recovering {
		return
	}
	n, blocks, octets, edge := 0, 0, 0, e.nxt+1
	for i := len(e.rtx) - 1; i >= 0; i-- {
		x := &e.rtx[i]
		if x.sacked {
			if edge != x.end {
				blocks++
			}
			octets += int(x.end - x.seq)
			edge = x.seq
			continue
		}
		if e.textEnd(x) == x.seq {
			continue // a FIN alone
		}
		if blocks < dupThresh && octets < (dupThresh-1)*e.mss {
			n += e.packetsOf(x)
		}
		if wire.SeqLessEq(x.seq, e.pipe.highRxt) {
			n += e.packetsOf(x)
		}
	}
	e.pipe.out = n
}

// textEnd is where the text of a segment ends: before the FIN, if it has it.
func (e *Endpoint) textEnd(x *sent) uint32 {
	if e.finSent && x.end == e.finSeq()+1 {
		return x.end - 1
	}
	return x.end
}

// nextBehind passes over what the peer has of what is behind a time-out, and reports
// whether something is left.
func (e *Endpoint) nextBehind() bool {
	for e.pipe.behind > 0 && e.rtx[len(e.rtx)-e.pipe.behind].sacked {
		e.pipe.behind--
	}
	return e.pipe.behind > 0
}

// sendBehind sends the next segment again that is behind a time-out, as if it were new, and
// reports whether it did (netstack snd.go, sendData).
func (e *Endpoint) sendBehind() bool {
	i := len(e.rtx) - e.pipe.behind
	if !e.fits(&e.rtx[i]) {
		return false
	}
	e.cite(TimeoutRetransmit)
	e.retransmit(i)
	e.pipe.out++
	e.pipe.behind--
	return true
}

// leftPipe takes an acknowledged segment out of what is in flight. One that was reported by
// SACK is taken for gone already, which it is in a recovery alone.
func (e *Endpoint) leftPipe(x *sent) {
	if x.sacked {
		e.pipe.sacked -= e.packetsOf(x)
	} else {
		e.pipe.out -= e.packetsOf(x)
	}
}

// packetsOf is how many segments a segment is now that was sent when they could be larger
// (netstack snd.go, pCount).
func (e *Endpoint) packetsOf(x *sent) int {
	return max(int(e.textEnd(x)-x.seq)-1, 0)/e.mss + 1
}

// split has the i-th unacknowledged segment, which is to be sent again, take as much as one
// may now. PSH is on the rest (Linux net/ipv4/tcp_output.c, tcp_fragment), or where segments
// are counted it changes (netstack snd.go, splitSeg).
func (e *Endpoint) split(i int) {
	x := &e.rtx[i]
	size := e.segmentSize()
	if int(e.textEnd(x)-x.seq) <= size {
		return
	}
	rest := *x
	rest.seq += uint32(size)
	if !e.p.PipeCounted {
		x.end, x.push = rest.seq, false
		e.rtx = slices.Insert(e.rtx, i+1, rest)
		e.joinBurst(i + 1)
		return
	}
	rest.lost, rest.heard = false, false
	x.end, x.push = rest.seq, !x.push
	if i >= len(e.rtx)-e.pipe.behind {
		e.pipe.behind++
	}
	e.rtx = slices.Insert(e.rtx, i+1, rest)
}

// joinBurst puts on what was split off what was sent in one burst with it: they are one
// packet, of which another segment's worth is cut when it is sent again.
func (e *Endpoint) joinBurst(i int) {
	x, n := &e.rtx[i], i+1
	for ; e.p.PushPairs && n < len(e.rtx); n++ {
		next := &e.rtx[n]
		if next.burst != x.burst || !next.lost || next.resent || next.sacked {
			break
		}
		x.end, x.push = next.end, next.push
	}
	e.rtx = slices.Delete(e.rtx, i+1, n)
}

// shrinkCounted is done when segments have become smaller: from the first on that is too
// large all is sent again (netstack snd.go, updateMaxPayloadSize).
func (e *Endpoint) shrinkCounted() {
	e.pipe.out = max(e.pipe.out-1, 0)
	ahead := e.rtx[:len(e.rtx)-e.pipe.behind]
	for i := range ahead {
		if x := &ahead[i]; x.sacked {
			e.pipe.sacked += e.packetsOf(x) - 1
		}
	}
	if i := slices.IndexFunc(ahead, func(x sent) bool { return e.packetsOf(&x) > 1 }); i >= 0 {
		e.pipe.behind = len(e.rtx) - i
	}
	e.push(0)
}
