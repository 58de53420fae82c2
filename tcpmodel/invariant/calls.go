package invariant

import (
	"net/netip"
	"slices"
	"strings"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// call takes note of the begin of a socket call.
func (k *Checker) call(e *trace.Event) {
	h := k.host(e.Host)
	d := h.fd(e.FD, e.Proc)
	switch e.Op {
	case "close":
		d.closing = true
		h.settle(d, e.At)
		return
	case "bind":
		if at, err := netip.ParseAddrPort(e.Args); err == nil {
			d.port = at.Port()
		}
	case "shutdown":
		d.readShut = d.readShut || e.Args != "SHUT_WR"
		if c := d.conn; c != nil && !synchronised(c.state) {
			c.disconnected = true // Linux net/ipv4/tcp.c, tcp_disconnect: "sk->sk_err = ECONNRESET"
		}
	case "recv", "peek":
		d.empty[e.Proc] = e.Args == "0"
	case "send":
		if c := d.conn; c != nil && !c.written.begin(e) {
			c.unsure = true
		}
	}
	d.blocked[e.Proc]++
}

// returned checks what a socket call gives.
func (k *Checker) returned(e *trace.Event) {
	h := k.host(e.Host)
	d := h.fds[e.FD]
	if d == nil || e.Op == "close" {
		return // it was closed
	}
	if d.blocked[e.Proc]--; d.blocked[e.Proc] <= 0 {
		delete(d.blocked, e.Proc)
	}
	switch {
	case e.Op == "listen" && e.Errno == "":
		d.listens = k.next(e)
	case e.Op == "accept" && e.Errno == "":
		h.accept(d, e.N, e.Proc, e.Note)
	}
	if d.conn != nil {
		k.onConn(d, e)
	}
	h.settle(d, e.At)
}

// onConn checks what a call on a connection gives.
func (k *Checker) onConn(d *descriptor, e *trace.Event) {
	c := d.conn
	switch e.Op {
	case "send":
		c.written.end(e.Proc, e.N)
	case "recv":
		k.read(d, e)
	case "peek":
		k.peek(d, e)
	}
	errno := e.Errno
	if e.Op == "getsockopt" && strings.HasPrefix(e.Note, "E") {
		errno = e.Note // SO_ERROR
	}
	switch errno {
	case "", "EAGAIN", "EBADF", "EINVAL":
		return
	case "ECONNRESET":
		// A host that gets data after shutdown(SHUT_RD) may end the connection itself
		// (Linux net/ipv4/tcp_input.c, tcp_rcv_state_process, TCPABORTONDATA).
		refused := d.readShut && c.rstSent
		if !c.rstDelivered && !c.disconnected && !refused {
			k.breach(resetAfterRST, c, e, "%s reports ECONNRESET, and no RST was delivered", e.Op)
		}
	case "ECONNREFUSED":
		if !c.rstDelivered && !c.icmp {
			k.breach(refusedAfterRST, c, e, "%s reports ECONNREFUSED, and neither RST nor ICMP error was delivered", e.Op)
		}
	}
	d.failed = true
}

// read checks a recv that has returned.
func (k *Checker) read(d *descriptor, e *trace.Event) {
	c, rx := d.conn, &d.conn.received
	if c.phantom {
		return
	}
	if d.eof && !d.readShut && (e.N > 0 || e.Errno == "ECONNRESET") {
		k.breach(nothingAfterEOF, c, e, "%d octets and error %q after the end of the stream", e.N, e.Errno)
	}
	switch {
	case e.Errno != "":
	case e.N > 0:
		k.gives(readAsDelivered, c, e)
		rx.read += uint64(e.N)
		rx.data.forget(rx.read)
	case !d.empty[e.Proc]:
		k.endOfStream(d, e)
	}
}

// peek checks a peek that has returned.
func (k *Checker) peek(d *descriptor, e *trace.Event) {
	switch {
	case e.Errno != "" || d.conn.phantom:
	case e.N > 0:
		k.gives(peekAsRead, d.conn, e)
	case !d.empty[e.Proc]:
		k.endOfStream(d, e)
	}
}

// gives checks that a read or peek gives what was delivered.
func (k *Checker) gives(r rule, c *conn, e *trace.Event) {
	rx := &c.received
	switch end := rx.read + uint64(e.N); {
	case end > rx.data.end():
		k.breach(r, c, e, "octets %d:%d, and those up to %d were delivered without a gap", rx.read, end, rx.data.end())
	case !c.forged && !rx.data.differs && !rx.data.agrees(rx.read, e.Data):
		k.breach(r, c, e, "octets %d:%d are others than those delivered", rx.read, end)
	}
}

// endOfStream checks that the end of the stream was reached.
func (k *Checker) endOfStream(d *descriptor, e *trace.Event) {
	c, rx := d.conn, &d.conn.received
	over := c.moved && c.state == wire.Closed
	switch {
	case slices.ContainsFunc(rx.fins, func(at uint64) bool { return at <= rx.read }):
		d.eof = true
	case d.readShut, over && d.failed:
	case len(rx.fins) == 0:
		k.breach(eofAfterFIN, c, e, "%s meets the end of the stream, and no FIN was delivered", e.Op)
	case over && c.rstDelivered && rx.heardFIN():
		k.breachCase(caseDiscarded, eofAfterFIN, c, e, "%s meets the end of the stream at %d, and the FIN that a RST followed is at %d", e.Op, rx.read, rx.fins[0])
	default:
		k.breach(eofAfterFIN, c, e, "%s meets the end of the stream at %d, and the FIN is at %d", e.Op, rx.read, rx.fins[0])
	}
}
