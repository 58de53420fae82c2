package oracle

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// tuple names a connection on a host.
type tuple = wire.Flow

// host is what the trace tells of a host since it was switched on.
type host struct {
	name    string
	profile *tcpmodel.Profile
	conns   map[tuple]*conn // the one that began last of those not CLOSED
	sockets map[int]*socket
	listed  []*socket // in the order of creation
	syns    []syn
	owed    []reset
	early   []Disagreement // segments of no connection, unless one has begun with them
	refused []tuple        // where a RST came to a listener after shutdown, in this instant
	openers []*socket      // that connect, and whose SYN has not come yet
	blinded time.Duration  // when one came last that was damaged more than once; negative for never
}

// syn is a SYN that came to a listener in this instant.
type syn struct {
	tuple    tuple
	segment  tcpmodel.Segment
	listener *socket
	answered bool
	full     bool // the listener has no room
}

// reset is a RST that answers a segment for no connection, in this instant.
type reset struct {
	tuple    tuple
	segment  tcpmodel.Segment
	state    wire.State
	optional bool // the segment may open a connection, by a SYN cookie that is not known, or be dropped
}

// conn is one end of a connection.
type conn struct {
	host     *host
	tuple    tuple
	model    *tcpmodel.Follower
	socket   *socket    // nil before accept and after close
	listener *socket    // until accept
	state    wire.State // as the trace tells
	before   wire.State // of the model, before the last event
	touched  bool
	timed    bool
	cookie   *handshake // when the SYN-ACK may have been a SYN cookie
	lost     bool       // not followed any further
	old      *conn      // in TIME-WAIT, when this one took its place
	// challenged says that the last that came was a SYN which may replace it: one that is not
	// followed, in TIME-WAIT.
	challenged bool
}

func newHost(name string, p *tcpmodel.Profile) *host {
	return &host{name: name, profile: p, blinded: -1, conns: map[tuple]*conn{}, sockets: map[int]*socket{}}
}

// restart forgets everything: the host was switched off.
func (h *host) restart(k *Checker) {
	for _, c := range k.touched {
		if c.host == h {
			c.lost = true
		}
	}
	for _, c := range k.timed {
		if c.host == h {
			c.lost = true
		}
	}
	k.calling = slices.DeleteFunc(k.calling, func(s *socket) bool { return s.host == h })
	*h = *newHost(h.name, h.profile)
}

func (c *conn) fd() int {
	if c.socket == nil {
		return 0
	}
	return c.socket.fd
}

func (h *host) forget(c *conn) {
	if h.conns[c.tuple] == c {
		delete(h.conns, c.tuple)
	}
}

// listens is the listener for an address, one bound to it before one bound to
// any.
func (h *host) listens(at netip.AddrPort) *socket { return h.bound(at, false) }

// isShut reports whether there is one that refuses after shutdown.
func (h *host) isShut(at netip.AddrPort) bool { return h.bound(at, true) != nil }

func (h *host) bound(at netip.AddrPort, refuses bool) *socket {
	var any *socket
	for _, s := range h.listed {
		if !s.listening || s.refuses != refuses || s.closed && !s.closing || s.bound.Port() != at.Port() {
			continue
		}
		switch {
		case s.bound.Addr().Unmap() == at.Addr():
			return s
		case s.bound.Addr().IsUnspecified() && any == nil:
			any = s
		}
	}
	return any
}

// endInstant checks what must have been answered that is of no connection.
func (h *host) endInstant(k *Checker) {
	for i := range h.syns {
		if s := &h.syns[i]; !s.answered && !s.full {
			k.add(Disagreement{
				Seq: k.last.Seq, At: k.last.At, Host: h.name, Local: s.tuple.Local, Remote: s.tuple.Remote, FD: s.listener.fd,
				State: wire.Listen, Clause: tcpmodel.ListenSyn, Did: "nothing was sent", Would: "SYN-ACK at once",
			})
		}
	}
	h.syns = h.syns[:0]
	for i := range h.owed {
		if o := &h.owed[i]; !o.optional {
			k.add(Disagreement{
				Seq: k.last.Seq, At: k.last.At, Host: h.name, Local: o.tuple.Local, Remote: o.tuple.Remote, State: o.state,
				Clause: tcpmodel.ClosedSegment, Did: "nothing was sent",
				Would: fmt.Sprintf("RST flags %v SEQ %d at once", o.segment.Flags, o.segment.Seq),
			})
		}
	}
	h.owed, h.refused = h.owed[:0], h.refused[:0]
	for i := range h.early {
		if d := &h.early[i]; h.conns[tuple{Local: d.Local, Remote: d.Remote}] == nil {
			k.add(*d)
		}
	}
	h.early = h.early[:0]
	for _, s := range h.openers {
		if s.connecting && len(s.calls) > 0 {
			k.add(Disagreement{
				Seq: k.last.Seq, At: k.last.At, Host: h.name, FD: s.fd, Clause: tcpmodel.OpenActive,
				Did: "nothing was sent", Would: "SYN to " + s.target.String() + " at once",
			})
		}
		s.connecting = false
	}
	h.openers = h.openers[:0]
}

// stateChange compares a transition with that of the model.
func (k *Checker) stateChange(h *host, e *trace.Event) {
	t := wire.FlowOf(e.Local, e.Remote)
	c := h.conns[t]
	if c != nil && c.state != e.From && c.old != nil && c.old.state == e.From {
		c = c.old // one in TIME-WAIT that a SYN has replaced
	}
	if c == nil || c.state != e.From && !(c.state == wire.Closed && e.From == wire.Listen) {
		if h.blinded == e.At || e.From == wire.Listen && (h.perhaps(t) || c != nil && c.lost) {
			k.unknown(h, t, e)
		} else if e.To != wire.Closed {
			k.add(Disagreement{
				Seq: e.Seq, At: e.At, Host: h.name, Local: t.Local, Remote: t.Remote, FD: e.FD, State: e.From, Clause: tcpmodel.OpenAgain,
				Did: fmt.Sprintf("%v -> %v", e.From, e.To), Would: "no such connection",
			})
		}
		return
	}
	c.state = e.To
	if e.From == wire.Closed && e.To == wire.SynSent || e.From == wire.Listen && e.To == wire.SynReceived {
		return
	}
	k.enters(c, e.To, e.At)
	if !c.lost {
		c.before = c.model.State()
		if e.To == wire.Closed && c.before != wire.Closed {
			if r := c.model.Ended(e.At); r != nil {
				k.disagree(c, r)
			}
		}
		k.touch(c)
	}
	c.entered(e.From, e.To)
	if c.socket != nil {
		c.socket.feed(k, e.At)
	}
	if e.To == wire.Closed && c.lost {
		h.forget(c)
		if c.challenged {
			k.renewed(h, c)
		}
	}
}

// entered tells the socket, or the listener.
func (c *conn) entered(from, to wire.State) {
	if c.socket != nil {
		c.socket.entered(c, from, to)
		return
	}
	l := c.listener
	if l == nil || (to != wire.Established && to != wire.CloseWait) || slices.Contains(l.queue, c) {
		return
	}
	l.queue = append(l.queue, c)
}

// fault takes note of what was done to the network.
func (k *Checker) fault(h *host, e *trace.Event) {
	switch {
	case strings.HasPrefix(e.Fault, "kill "):
		h.kill(k, strings.TrimPrefix(e.Fault, "kill "), e.At)
	case e.Fault == "reboot" || strings.HasPrefix(e.Fault, "power"):
		h.restart(k)
	case strings.HasPrefix(e.Fault, "destroy "):
		h.destroy(k, e)
	}
}

// kill ends a process: its calls are abandoned, its sockets closed.
func (h *host) kill(k *Checker, proc string, at time.Duration) {
	for _, s := range slices.Clone(h.listed) {
		s.abandon(k, proc)
		if s.owner == proc && !s.closed {
			s.close(k, at)
		}
		s.settle(k, at)
	}
}

// destroy is ABORT by an operator: "destroy LOCAL > REMOTE STATE".
func (h *host) destroy(k *Checker, e *trace.Event) {
	words := strings.Fields(e.Fault)
	if len(words) == 3 && words[2] == wire.Listen.String() {
		h.destroyListener(k, words[1], e.At)
		return
	}
	if len(words) < 4 || words[2] != ">" {
		return
	}
	local, err1 := netip.ParseAddrPort(words[1])
	remote, err2 := netip.ParseAddrPort(words[3])
	if err1 != nil || err2 != nil {
		return
	}
	if c := h.conns[wire.FlowOf(local, remote)]; c != nil && !c.lost {
		c.before = c.model.State()
		c.model.Call(e.At, tcpmodel.Call{Op: tcpmodel.OpKill})
		k.touch(c)
	}
}

// destroyListener is the same for a listener: it stops listening, or does no more than
// refuse.
func (h *host) destroyListener(k *Checker, local string, at time.Duration) {
	addr, err := netip.ParseAddrPort(local)
	if err != nil {
		return
	}
	for _, s := range h.listed {
		if !s.listening || s.bound.Port() != addr.Port() || wire.Unmapped(s.bound).Addr() != wire.Unmapped(addr).Addr() {
			continue
		}
		if !s.refuses {
			s.endListener(k, at)
		}
		s.unjudged = true
	}
}
