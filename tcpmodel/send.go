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
		e.push(0)
		if n == 0 && len(p) > 0 {
			return 0, syscall.EAGAIN
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
	n := 0
	switch {
	case e.follows:
		n = len(p)
	case e.p.SendChunks:
		n = e.queueChunks(len(p))
	default:
		n = min(len(p), max(int(e.opt[SendBuffer])-e.queuedMemory(), 0))
	}
	if n < len(p) {
		e.blocked = true
	}
	if n == 0 {
		return 0
	}
	e.buf = append(e.buf, p[:n]...)
	e.pushed, e.hasPushed = e.finSeq(), true
	return n
}

// sendChunks are the packets that text waits in to be sent (Linux
// net/ipv4/tcp.c, tcp_sendmsg_locked): there is room for a whole one as long as
// the buffer is not full.
type sendChunks struct {
	ends   []uint32 // of those with text that was not sent
	bursts uint64   // so many were sent
}

// queueChunks says how much of n octets there is room for, and notes the chunks
// that they go to.
func (e *Endpoint) queueChunks(n int) int {
	taken, next := 0, e.finSeq()
	e.dropChunks()
	for taken < n {
		room, from := 0, e.nxt
		if last := len(e.ends) - 1; last >= 0 {
			if last > 0 && wire.SeqLess(from, e.ends[last-1]) {
				from = e.ends[last-1]
			}
			room = e.chunkSize() - int(wire.SeqDiff(e.ends[last], from))
		}
		if room <= 0 {
			if e.queuedMemory()+taken >= int(e.opt[SendBuffer]) {
				break
			}
			e.ends, room = append(e.ends, next), e.chunkSize()
		}
		step := min(room, n-taken)
		taken += step
		next += uint32(step)
		e.ends[len(e.ends)-1] = next
	}
	return taken
}

// dropChunks forgets the chunks that were sent.
func (e *Endpoint) dropChunks() {
	sent := 0
	for sent < len(e.ends) && wire.SeqLessEq(e.ends[sent], e.nxt) {
		sent++
	}
	e.ends = e.ends[sent:]
}

// Of the sizes of a packet that is to be cut into segments, the largest, and what
// it takes besides its text (Linux include/linux/skbuff.h, SKB_TRUESIZE).
const (
	largestChunk  = 65215
	chunkOverhead = 832
)

// chunkSize is how much text a packet takes (Linux net/ipv4/tcp.c,
// tcp_xmit_size_goal): whole segments, at most half of the largest window.
func (e *Endpoint) chunkSize() int {
	size := largestChunk
	if half := int(e.maxWnd / 2); half > 0 {
		size = min(size, half)
	}
	return max(size/max(e.mss, 1), 1) * max(e.mss, 1)
}

// queuedMemory is what the send buffer takes.
func (e *Endpoint) queuedMemory() int {
	if !e.p.SendChunks {
		return len(e.buf)
	}
	e.dropChunks()
	packets := len(e.ends)
	for i := range e.rtx {
		if i == 0 || e.rtx[i].burst != e.rtx[i-1].burst {
			packets++
		}
	}
	return len(e.buf) + packets*chunkOverhead
}

// Writable reports whether SEND would take something. A sender that found no
// room is told only when a third of the buffer is free.
func (e *Endpoint) Writable() bool {
	switch e.state {
	case wire.Established, wire.CloseWait:
		free := int(e.opt[SendBuffer]) - e.queuedMemory()
		if e.blocked {
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
