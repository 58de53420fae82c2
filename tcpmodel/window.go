package tcpmodel

import (
	"math/bits"

	"rstlab/netsim/wire"
)

// recvState is the receive buffer and the window made of it.
type recvState struct {
	chunks    []chunk    // in order, not read
	later     asideQueue // out of order, sorted
	unread    int        // bytes in chunks
	charged   int        // memory of chunks and later
	reports   sackReports
	rcvWnd    uint32 // as last announced
	rcvWup    uint32 // RCV.NXT when it was
	rcvScale  uint8
	scaleOK   bool
	ssthresh  int // the window does not grow beyond this yet
	clamp     int
	ratio     int // part of the buffer that is window, of 256
	rcvMSS    int // estimate of the peer's segments
	lastSize  int
	advMSS    int
	rcvLocked bool // SO_RCVBUF was set
	sndLocked bool
}

// late is text that arrived before what precedes it.
type late struct {
	seq, end uint32
	data     []byte
	ack      uint32
	fin      bool
	charge   int
	room     int // as of a chunk
}

// edge is the number behind it, the FIN's included.
func (l *late) edge() uint32 {
	if l.fin {
		return l.end + 1
	}
	return l.end
}

const wholeRatio = 256

// scaleOf is the window scale that is announced for the largest window.
func (e *Endpoint) scaleOf(full int) uint8 {
	switch {
	case !e.p.WindowScale:
		return 0
	case e.rcvLocked:
		return uint8(min(max(bits.Len(uint(full))-16, 0), 14))
	}
	return e.p.ScaleShift
}

// prepareReceive sets what the receive side begins with.
func (e *Endpoint) prepareReceive() {
	e.ratio = wholeRatio
	if e.p.ChargeOverhead {
		// Linux include/net/tcp.h: TCP_DEFAULT_SCALING_RATIO is one half.
		e.ratio = wholeRatio / 2
	}
	full := e.windowOf(int(e.opt[ReceiveBuffer]))
	e.clamp = 1 << 30
	if e.p.WindowScale && e.rcvLocked {
		e.clamp = full
	}
	e.rcvScale = e.scaleOf(full)
	if e.countsMemory() {
		e.prepareMemory()
	}
	e.rcvWnd, e.rcvMSS = 0, 536
	e.ackState = ackState{}
}

// openWindow is the window of the first segment.
func (e *Endpoint) openWindow(withAck bool) {
	if e.countsMemory() {
		e.openMemory()
		return
	}
	mss := e.announced
	if withAck && e.tsOK {
		mss -= 12
	}
	space := e.windowOf(int(e.opt[ReceiveBuffer]))
	if space > mss {
		space -= space % mss
	}
	e.rcvWnd = uint32(min(space, 65535))
	e.rcvWup = e.rcvNxt
	e.ssthresh = int(e.rcvWnd)
	if !e.p.ChargeOverhead {
		e.ssthresh = maxInt
	}
}

// estimateMSS guesses the size of the peer's segments before any arrived.
func (e *Endpoint) estimateMSS() {
	e.rcvMSS = max(min(e.advMSS, e.mss, 536), 88)
}

// windowOf is the window that an amount of buffer is worth.
func (e *Endpoint) windowOf(space int) int { return space * e.ratio / wholeRatio }

// space is how much text there is room for.
func (e *Endpoint) space() int {
	return e.windowOf(max(int(e.opt[ReceiveBuffer])-e.charged, 0))
}

// receiveWindow is RCV.WND: what is left of the window announced last.
func (e *Endpoint) receiveWindow() uint32 {
	w := wire.SeqDiff(e.rcvWup+e.rcvWnd, e.rcvNxt)
	return uint32(max(w, 0))
}

// newWindow is what the buffer would allow (RFC 9293 section 3.8.6.2.2,
// receiver's SWS avoidance; Linux net/ipv4/tcp_output.c, __tcp_select_window).
func (e *Endpoint) newWindow() int {
	mss := e.rcvMSS
	full := min(e.clamp, e.windowOf(int(e.opt[ReceiveBuffer])))
	if mss > full {
		mss = full
	}
	free := e.space()
	if free < full/2 {
		e.quick = 0
		low := free &^ (1<<e.rcvScale - 1)
		if low < free/16 || low < mss {
			return 0
		}
		free = low
	}
	free = min(free, e.ssthresh)
	if e.rcvScale > 0 {
		return (free + 1<<e.rcvScale - 1) &^ (1<<e.rcvScale - 1)
	}
	w := int(e.rcvWnd)
	if w <= free-mss || w > free {
		return free - free%max(mss, 1)
	}
	if mss == full && free > w+full/2 {
		return free
	}
	return w
}

// selectWindow is the window to announce now. RFC 9293 section 3.8.6: "a TCP
// receiver SHOULD NOT shrink the window".
func (e *Endpoint) selectWindow() uint32 {
	if e.state == wire.TimeWait && !e.countsMemory() || e.state == wire.SynReceived {
		// Nothing was read that could have opened it (Linux
		// net/ipv4/tcp_ipv4.c, tcp_v4_reqsk_send_ack: rsk_rcv_wnd).
		return e.receiveWindow()
	}
	if e.countsMemory() {
		return e.announceMemory()
	}
	now := e.receiveWindow()
	w := uint32(e.newWindow())
	if w < now {
		unit := uint32(1) << e.rcvScale
		w = (now + unit - 1) &^ (unit - 1)
	}
	if most := uint32(65535) << e.rcvScale; w > most {
		w = most
	}
	e.rcvWnd, e.rcvWup = w, e.rcvNxt
	return w
}

// measure learns from the size of a segment with text.
func (e *Endpoint) measure(n, charge int, psh bool) {
	last := e.lastSize
	e.lastSize = 0
	if n >= e.rcvMSS {
		if n != e.rcvMSS && e.p.ChargeOverhead {
			if r := max(n*wholeRatio/charge, 1); r != e.ratio {
				e.ratio = r
				e.clamp = e.windowOf(int(e.opt[ReceiveBuffer]))
			}
		}
		e.rcvMSS = min(n, e.advMSS)
		if psh {
			e.pushedIn = true
		}
		return
	}
	header := 20
	if e.tsOK {
		header += 12
	}
	if size := n + header; size >= 536+20 || size >= 88+20 && !psh {
		e.lastSize = n
		if n == last {
			e.rcvMSS = n
			return
		}
	}
	if e.pushedIn {
		e.pushedTwice = true
	}
	e.pushedIn = true
}

// measureAside is the same for text that is put aside (Linux net/ipv4/tcp_input.c,
// tcp_data_queue_ofo).
func (e *Endpoint) measureAside(s *Segment, charge int) {
	n := len(s.Payload)
	if !e.p.ChargeOverhead || n == 0 {
		return
	}
	e.measure(n, charge, s.Flags.Has(wire.PSH))
	if e.sackOK {
		e.growWindow(n, charge)
	}
}

// growWindow opens the window as text arrives in segments that use the buffer
// well (Linux net/ipv4/tcp_input.c, tcp_grow_window).
func (e *Endpoint) growWindow(n, charge int) {
	if !e.p.ChargeOverhead {
		return
	}
	room := min(e.clamp, e.space()) - e.ssthresh
	if room <= 0 {
		return
	}
	grow := 0
	if e.windowOf(charge) <= n {
		grow = 2 * e.advMSS
	} else {
		size, window := e.windowOf(charge)/2, e.windowOf(e.p.MaxReceiveBuffer)/2
		for e.ssthresh <= window {
			if size <= n {
				grow = 2 * e.rcvMSS
				break
			}
			size, window = size/2, window/2
		}
	}
	if grow > 0 {
		e.ssthresh += min(room, max(grow, 2*n))
		e.quick |= 1
	}
}

// chargeFor is the memory that a segment takes.
func (e *Endpoint) chargeFor(s *Segment) int {
	n := len(s.Payload)
	switch {
	case e.countsMemory():
		return e.memoryOf(s)
	case !e.p.ChargeOverhead:
		return n
	}
	return headSize(n) + 256
}

// headSize is the memory of a packet with n octets of text: head room of 64, the
// headers, the text and 320 of shared info, in a small head of 576 or else a power of
// two (Linux net/core/skbuff.c, kmalloc_reserve).
func headSize(n int) int {
	size := (64+52+n+63)&^63 + 320
	if size <= 576 {
		return 576
	}
	return 1 << bits.Len(uint(size-1))
}

// tailRoom is how much more text fits into such a packet (Linux net/core/skbuff.c,
// skb_try_coalesce: skb_tailroom).
func (e *Endpoint) tailRoom(s *Segment) int {
	if !e.p.ChargeOverhead {
		return 0
	}
	n := len(s.Payload)
	return headSize(n) - 320 - 64 - 52 - n
}

// windowUpdate tells the peer of room that reading has made (Linux
// net/ipv4/tcp.c, __tcp_cleanup_rbuf).
func (e *Endpoint) windowUpdate(copied int) {
	if !e.synchronized() || e.follows || e.countsMemory() {
		return
	}
	now := false
	if e.ackPending && e.p.AdaptiveDelAck {
		now = int(e.rcvNxt-e.rcvWup) > e.rcvMSS ||
			copied > 0 && (e.pushedTwice || e.pushedIn && !e.pingpong) && e.charged == 0
	}
	if copied > 0 && !now && !e.rcvShut && !e.finRcvd {
		left := int(e.receiveWindow())
		if 2*left <= e.clamp {
			if w := e.newWindow(); w > 0 && w >= 2*left {
				e.cite(SwsReceiver)
				now = true
			}
		}
	}
	if now {
		e.sendAck()
	}
}
