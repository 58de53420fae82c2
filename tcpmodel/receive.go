package tcpmodel

import (
	"syscall"

	"rstlab/netsim/wire"
)

// chunk is received text that was not read, as it arrived.
type chunk struct {
	data   []byte
	charge int // memory it takes
	room   int // text behind it that fits into that memory, too: see [Profile.ChargeOverhead]
}

// receive is the RECEIVE call (RFC 9293 section 3.10.3). 0 without an error is
// the end of the stream.
func (e *Endpoint) receive(p []byte, peek bool) (int, syscall.Errno) {
	if e.unread > 0 {
		e.cite(ReceiveText)
		n := e.copyOut(p, peek)
		if !peek {
			e.windowUpdate(n)
			e.tune(n)
		}
		return n, 0
	}
	switch e.state {
	case wire.Closed:
		e.cite(ReceiveClosed)
		if e.failure != 0 {
			return 0, e.failure
		}
		if e.finRcvd {
			return 0, 0
		}
		return 0, syscall.ENOTCONN
	case wire.Listen:
		e.cite(ReceiveClosed)
		return 0, syscall.ENOTCONN
	case wire.SynSent, wire.SynReceived, wire.Established, wire.FinWait1, wire.FinWait2:
		e.cite(ReceiveWait)
		if e.state == wire.SynReceived && e.p.SynReceivedNoReceive {
			return 0, syscall.ENOTCONN
		}
		return 0, syscall.EAGAIN
	case wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		e.cite(ReceiveEnd)
		return 0, 0
	}
	return 0, syscall.EINVAL
}

// copyOut moves or copies text to p.
func (e *Endpoint) copyOut(p []byte, peek bool) int {
	n := 0
	for i := 0; i < len(e.chunks) && n < len(p); i++ {
		n += copy(p[n:], e.chunks[i].data)
	}
	if peek {
		return n
	}
	left, used := n, 0
	for left > 0 {
		c := &e.chunks[used]
		if left < len(c.data) {
			c.data = c.data[left:]
			e.unread -= left
			break
		}
		left -= len(c.data)
		e.unread -= len(c.data)
		e.charged -= c.charge
		if e.countsMemory() {
			e.memoryFreed(c.charge)
		}
		used++
	}
	e.chunks = dropChunks(e.chunks, used)
	return n
}

// dropChunks removes the first n, and keeps the memory when nothing is left.
func dropChunks(all []chunk, n int) []chunk {
	if n > 0 && n == len(all) {
		clear(all)
		return all[:0]
	}
	return all[n:]
}

// dropReceived empties the receive queue.
func (e *Endpoint) dropReceived() {
	e.chunks, e.later = nil, nil
	e.unread, e.charged = 0, 0
}

// Readable reports whether RECEIVE would give something: text, the end or an
// error.
func (e *Endpoint) Readable() bool {
	if e.unread > 0 || e.finRcvd {
		return true
	}
	return e.state == wire.Closed && e.failure != 0
}
