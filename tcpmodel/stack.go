package tcpmodel

import (
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// StackConfig is what a stack is made of.
type StackConfig struct {
	Profile *Profile
	// Addrs are the host's addresses, IPv4 or IPv6, at least one.
	Addrs []netip.Addr
	// MTU of the host's interface in bytes; 0 means 1500.
	MTU int
	// Seed is where initial sequence numbers, ports and timestamp offsets begin.
	Seed uint64
	// Places gives the place of each timer that is set among what is due at one instant:
	// each a higher one. nil counts those of the stack.
	Places func() uint64
}

// Stack is one host's TCP: it finds the connection of each packet, keeps
// listeners with their queues, and answers segments that belong to nothing. Like
// an [Endpoint] it performs nothing: what it is to do is in the [StackOutput]
// of each step. Times never run backwards.
type Stack struct {
	p       *Profile
	cfg     StackConfig
	sockets int // number of the last
	ports   uint64
	conns   map[wire.Flow]*conn
	list    []*conn // in order of creation
	bound   []*Socket
	due     deadlines
	out     StackOutput
	seen    ClauseSet
}

// StackOutput is what a step came to. It is valid until the next step of the
// same stack.
type StackOutput struct {
	Packets []wire.Packet // to be sent, in order
	Changes []StackChange // in order
	Ready   []*Socket     // whose readiness may have changed, each once
	Clauses ClauseSet
}

// StackChange is a change of a connection's state.
type StackChange struct {
	Socket        *Socket // nil when no socket refers to the connection
	Local, Remote netip.AddrPort
	From, To      wire.State
}

// flow names a connection.

// conn is a connection of a stack.
type conn struct {
	flow   wire.Flow
	ep     *Endpoint
	socket *Socket // nil before accept and after close
	parent *Socket // the listener, until accept
	queued bool    // waits to be accepted
	place  int     // in deadlines, plus one; 0 when not there
	clock  clock   // the first of the endpoint, while there
}

// NewStack returns a stack without connections.
func NewStack(cfg StackConfig) *Stack {
	if cfg.MTU == 0 {
		cfg.MTU = 1500
	}
	if cfg.Places == nil {
		places := uint64(0)
		cfg.Places = func() uint64 { places++; return places }
	}
	return &Stack{p: cfg.Profile, cfg: cfg, conns: map[wire.Flow]*conn{}}
}

// Profile is the profile that the stack follows.
func (s *Stack) Profile() *Profile { return s.p }

// Clauses are the rules that were followed so far.
func (s *Stack) Clauses() ClauseSet { return s.seen }

// Connections counts the connections in states other than CLOSED and LISTEN, and of
// them those in SYN-SENT. SYN cookies that were sent count as one, for ever.
func (s *Stack) Connections() (all, opening int) {
	for _, c := range s.list {
		if c.ep.state == wire.SynSent {
			opening++
		}
	}
	all = len(s.list)
	if s.seen.Has(SynCookieSent) {
		all++
	}
	return all, opening
}

// SetMTU sets the MTU of the host's interface in bytes, for connections to come.
func (s *Stack) SetMTU(mtu int) { s.cfg.MTU = mtu }

// NextDeadline is when [Stack.Expire] must be called next, and the place of that among
// what is due at one instant; ok is false when no timer is set.
func (s *Stack) NextDeadline() (at time.Duration, place uint64, ok bool) {
	if len(s.due) == 0 {
		return 0, 0, false
	}
	first := s.due[0].clock
	return first.at, first.place, true
}

// Expire does what was due before now, and the first of what is due at now: something
// else may come before the next, see [StackConfig.Places].
func (s *Stack) Expire(now time.Duration) *StackOutput {
	s.begin()
	for last := false; !last && len(s.due) > 0 && s.due[0].clock.at <= now; {
		c := s.due[0]
		last = c.clock.at == now
		s.collect(c, c.ep.expireOne(now))
	}
	return &s.out
}

func (s *Stack) begin() {
	clear(s.out.Packets)
	s.out.Packets = s.out.Packets[:0]
	s.out.Changes = s.out.Changes[:0]
	s.out.Ready = s.out.Ready[:0]
	s.out.Clauses = ClauseSet{}
}

// collect takes what a step of a connection came to.
func (s *Stack) collect(c *conn, o *Output) {
	s.out.Clauses = s.out.Clauses.Union(o.Clauses)
	s.seen = s.seen.Union(o.Clauses)
	for i := range o.Segments {
		s.transmit(c.flow, &o.Segments[i])
	}
	for _, t := range o.Changes {
		s.changed(c, t)
	}
	if o.Ready && c.socket != nil {
		s.ready(c.socket)
	}
	if c.ep.state == wire.Closed || c.ep.state == wire.Listen {
		s.forget(c)
		return
	}
	first, ok := c.ep.first()
	s.due.update(c, first, ok)
}

// transmit wraps a segment in a packet.
func (s *Stack) transmit(f wire.Flow, g *Segment) {
	s.out.Packets = append(s.out.Packets, wire.Packet{
		Src: f.Local.Addr(), Dst: f.Remote.Addr(), TTL: 64, DF: f.Local.Addr().Is4(),
		TCP: g.ToWire(f.Local.Port(), f.Remote.Port()),
	})
}

// changed passes a state change on. A connection that returns to LISTEN is no
// more: its listener never left that state.
func (s *Stack) changed(c *conn, t Transition) {
	if t.To == wire.Listen {
		t.To = wire.Closed
	}
	s.out.Changes = append(s.out.Changes, StackChange{
		Socket: c.socket, Local: c.flow.Local, Remote: c.flow.Remote, From: t.From, To: t.To,
	})
	switch t.To {
	case wire.Established:
		s.complete(c)
	case wire.CloseWait:
		s.complete(c) // ESTABLISHED may have lasted no time
	case wire.Closed, wire.Listen, wire.SynSent, wire.SynReceived, wire.FinWait1, wire.FinWait2,
		wire.Closing, wire.LastAck, wire.TimeWait:
	}
}

func (s *Stack) ready(k *Socket) {
	for _, r := range s.out.Ready {
		if r == k {
			return
		}
	}
	s.out.Ready = append(s.out.Ready, k)
}

// add makes a connection known.
func (s *Stack) add(f wire.Flow, ep *Endpoint, k, parent *Socket) *conn {
	c := &conn{flow: f, ep: ep, socket: k, parent: parent}
	s.conns[f] = c
	s.list = append(s.list, c)
	return c
}

// forget removes a connection that has ended. One that waits to be accepted, or
// that a socket refers to, is forgotten by its flow only.
func (s *Stack) forget(c *conn) {
	s.due.update(c, clock{}, false)
	if s.conns[c.flow] == c {
		delete(s.conns, c.flow)
	}
	for i, x := range s.list {
		if x == c {
			s.list = append(s.list[:i], s.list[i+1:]...)
			break
		}
	}
	if c.parent != nil && !c.queued {
		c.parent.half--
		c.parent = nil
	}
	if c.socket != nil && s.p.EndFreesPort {
		s.unbind(c.socket)
	}
}

// deadlines is a heap of connections by their first clock.
type deadlines []*conn

func (d *deadlines) update(c *conn, first clock, ok bool) {
	switch {
	case !ok && c.place == 0:
	case !ok:
		i := c.place - 1
		last := len(*d) - 1
		d.swap(i, last)
		*d = (*d)[:last]
		c.place = 0
		if i < last {
			d.fix(i)
		}
	case c.place == 0:
		c.clock = first
		*d = append(*d, c)
		c.place = len(*d)
		d.fix(c.place - 1)
	case c.clock != first:
		c.clock = first
		d.fix(c.place - 1)
	}
}

func (d deadlines) less(i, j int) bool { return d[i].clock.before(d[j].clock) }

func (d deadlines) swap(i, j int) {
	d[i], d[j] = d[j], d[i]
	d[i].place, d[j].place = i+1, j+1
}

func (d deadlines) fix(i int) {
	for i > 0 && d.less(i, (i-1)/2) {
		d.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
	for {
		least := i
		for j := 2*i + 1; j <= 2*i+2 && j < len(d); j++ {
			if d.less(j, least) {
				least = j
			}
		}
		if least == i {
			return
		}
		d.swap(i, least)
		i = least
	}
}
