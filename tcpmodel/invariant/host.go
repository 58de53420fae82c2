package invariant

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// host is what the trace tells of one host since it was switched on.
type host struct {
	name    string
	cubic   bool              // see [Config.Cubic]
	conns   map[tuple][]*conn // live, oldest first: in TIME-WAIT a second can begin
	heard   map[tuple]heard
	fds     map[int]*descriptor
	synAcks synAcks
	waiting []*conn        // established, and not accepted yet
	murky   map[tuple]bool // of these it is not known what was delivered
}

// heard is what the last SYN of a tuple said.
type heard struct {
	isn    uint32
	window uint16
	scaled bool
	shift  uint8
	forged bool
	from   *conn
}

// descriptor is a socket as programs see it.
type descriptor struct {
	number   int
	owner    string // the proc that made it
	conn     *conn
	port     uint16 // that it is bound to
	listens  uint64 // the event at which it became a listener
	blocked  map[string]int
	empty    map[string]bool // a proc's read that asks for nothing
	readShut bool
	failed   bool // an error of the connection was reported
	eof      bool // a read met the end of the stream
	closing  bool // close was called
	closed   bool // and nobody is blocked on it
}

func (h *host) reset() {
	*h = host{
		name: h.name, cubic: h.cubic, conns: map[tuple][]*conn{}, heard: map[tuple]heard{}, fds: map[int]*descriptor{}, murky: map[tuple]bool{},
	}
}

// fd is the descriptor of that number, which a proc uses.
func (h *host) fd(number int, proc string) *descriptor {
	d := h.fds[number]
	if d == nil {
		d = &descriptor{number: number, owner: proc, blocked: map[string]int{}, empty: map[string]bool{}}
		h.fds[number] = d
	}
	return d
}

// newest is the live connection of a tuple that began last.
func (h *host) newest(t tuple) *conn {
	if all := h.conns[t]; len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

func (h *host) add(t tuple, order uint64, state wire.State) *conn {
	c := &conn{host: h, tuple: t, order: order, state: state}
	c.written.base = 1
	c.phantom = h.murky[t]
	h.conns[t] = append(h.conns[t], c)
	return c
}

// obscure notes that a segment of a tuple may or may not have arrived as it left: no
// more is known of its connections than that there are.
func (h *host) obscure(t tuple) {
	h.murky[t] = true
	for _, c := range h.conns[t] {
		c.phantom, c.rstDelivered = true, true
	}
}

// shutListener reports whether a listener of the port was shut down.
func (h *host) shutListener(port uint16) bool {
	for _, d := range h.fds {
		if d.listens != 0 && d.port == port && d.readShut {
			return true
		}
	}
	return false
}

// remove takes a connection that is CLOSED out of the live ones.
func (h *host) remove(c *conn) {
	left := slices.DeleteFunc(h.conns[c.tuple], func(other *conn) bool { return other == c })
	if len(left) == 0 {
		delete(h.conns, c.tuple)
		delete(h.heard, c.tuple)
	} else {
		h.conns[c.tuple] = left
	}
}

// gone reports whether the host has forgotten a connection: it was switched off
// since.
func (h *host) gone(c *conn) bool { return !slices.Contains(h.conns[c.tuple], c) }

// everyConn are the live connections, in the order in which they began.
func (h *host) everyConn() []*conn {
	var all []*conn
	for _, some := range h.conns {
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b *conn) int { return cmp.Compare(a.order, b.order) })
	return all
}

// accept gives a connection that waits its descriptor.
func (h *host) accept(listener *descriptor, number int, proc, remote string) {
	d := h.fd(number, proc)
	from, err := netip.ParseAddrPort(remote)
	i := slices.IndexFunc(h.waiting, func(c *conn) bool {
		return (err != nil || c.tuple.Remote == wire.Unmapped(from)) && listener.takes(c)
	})
	if i < 0 {
		return
	}
	d.conn = h.waiting[i]
	d.conn.fd = number
	h.waiting = slices.Delete(h.waiting, i, i+1)
}

// takes reports whether a connection is one of the listener.
func (d *descriptor) takes(c *conn) bool {
	return c.order > d.listens && (d.port == 0 || c.tuple.Local.Port() == d.port)
}

// kill ends a process: its calls are abandoned, and its sockets closed.
func (h *host) kill(proc string, at time.Duration) {
	for _, number := range slices.Sorted(maps.Keys(h.fds)) {
		d := h.fds[number]
		if c := d.conn; c != nil && c.written.abandon(proc) {
			c.unsure = true
		}
		delete(d.blocked, proc)
		delete(d.empty, proc)
		d.closing = d.closing || d.owner == proc
		h.settle(d, at)
	}
}

// settle takes the descriptor away when it was closed and nobody is blocked on
// it any more.
func (h *host) settle(d *descriptor, at time.Duration) {
	if !d.closing || d.closed || len(d.blocked) > 0 {
		return
	}
	d.closed = true
	delete(h.fds, d.number)
	if d.conn != nil {
		d.conn.orphan(at)
	}
	if d.listens == 0 {
		return
	}
	for _, c := range h.everyConn() {
		if c.fd == 0 && d.takes(c) {
			c.orphan(at)
		}
	}
	h.waiting = slices.DeleteFunc(h.waiting, d.takes)
}

// orphan notes that no program has the connection any more.
func (c *conn) orphan(at time.Duration) {
	if !c.isOrphan {
		c.isOrphan, c.closedAt = true, at
	}
}
