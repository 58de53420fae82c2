package netsim

import (
	"slices"

	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// option is a choice and what it does.
type option struct {
	Choice
	event  *vtime.Event // taken out of the agenda; nil for a retry
	socket *Socket      // of a retry
}

// choosing is the state of a run with a chooser.
type choosing struct {
	Choosing
	limit   vtime.Time // no timer expires later
	options []option
	choices []Choice
	pending []*vtime.Event // what the agenda has, in order
	looked  []Choice       // the deadlines at which the last step looked
	copies  int
	again   int // segments that were sent again
	stopped bool
	cut     bool   // more segments were sent again than may be
	unseen  bool   // no proc can notice packets and timers
	over    bool   // no proc can notice anything
	ended   bool   // the chooser knows that
	asked   bool   // the chooser knows how to ask for the state
	state   []byte // scratch
}

// stepChosen is [Network.Step] with a chooser.
func (n *Network) stepChosen() bool {
	c := n.choose
	n.resumeReady()
	n.answer()
	n.listOptions()
	c.cut = c.beyond() && !c.over
	if len(c.options) == 0 || c.stopped || c.cut {
		return false
	}
	n.tell()
	i := c.Chooser.Choose("next", len(c.options))
	if i < 0 {
		c.stopped = true
		return false
	}
	if i >= len(c.options) {
		panic("netsim: the chooser has taken what it was not offered")
	}
	n.take(c.options[i])
	n.resumeReady()
	n.steps++
	return true
}

// tell tells the chooser what it wants to know.
func (n *Network) tell() {
	c := n.choose
	if r, ok := c.Chooser.(Remembering); ok && !c.asked {
		c.asked = true
		r.Begin(n.state)
	}
	if w, ok := c.Chooser.(Watching); ok {
		w.Looked(c.looked)
		if c.over && !c.ended {
			c.ended = true
			w.Ended()
		}
	}
	c.looked = c.looked[:0]
	if told, ok := c.Chooser.(Offered); ok {
		c.choices = c.choices[:0]
		for i := range c.options {
			c.choices = append(c.choices, c.options[i].Choice)
		}
		told.Offer(c.choices)
	}
}

// look notes that a call has looked at a deadline, or with nil at all that the
// socket has.
func (s *Socket) look(d *deadline) {
	if s.host.net.choose == nil {
		return
	}
	first, last := 3*s.fd, 3*s.fd+2
	switch d {
	case nil:
	case &s.read:
		last = first
	case &s.write:
		first++
		last = first
	}
	c := s.host.net.choose
	for number := first; number <= last; number++ {
		c.looked = append(c.looked, Choice{Kind: ChooseDeadline, Host: s.host.name, Number: number})
	}
}

// resumeReady lets every proc go on that can.
func (n *Network) resumeReady() {
	for !n.ready.empty() {
		n.ready.pop().resume()
	}
}

// listOptions lists what can happen next.
func (n *Network) listOptions() {
	c := n.choose
	c.options = c.options[:0]
	c.pending = n.agenda.Pending(c.pending[:0])
	if c.unseen = n.contained() && n.unseen(); !c.unseen {
		n.listPackets()
	}
	n.listRetries()
	n.listProcs()
	c.over = c.unseen && len(c.options) == 0 || n.procs.empty() && !n.planned() || n.contained() && c.Programs.Decided()
	if c.over && c.unseen {
		n.listPackets()
	}
	if c.over || !c.unseen {
		n.listTimers()
	}
	if n.watching { // a trigger can let any proc go on in any step
		for i := range c.options {
			c.options[i].Host = ""
		}
	}
}

// listProcs lists the procs that sleep, the deadlines and what was planned.
func (n *Network) listProcs() {
	c := n.choose
	for _, e := range c.pending {
		switch owner := e.Owner().(type) {
		case *Proc:
			choice := Choice{Kind: ChooseProc, Name: owner.name}
			if owner.host != nil && !owner.everywhere {
				choice.Host = owner.host.name
			}
			c.options = append(c.options, option{event: e, Choice: choice})
		case *Socket:
			if owner.idle(e) {
				continue
			}
			c.options = append(c.options, option{event: e, Choice: Choice{
				Kind: ChooseDeadline, Host: owner.host.name, Number: owner.timerNumber(e),
			}})
		case *Network:
			c.options = append(c.options, option{event: e, Choice: Choice{Kind: ChooseEvent}})
		}
	}
}

// planned reports whether a function given to [Network.At] is still to be called.
func (n *Network) planned() bool {
	return slices.ContainsFunc(n.choose.pending, func(e *vtime.Event) bool {
		_, ok := e.Owner().(*Network)
		return ok
	})
}

// listRetries lists the sockets whose blocked calls are to be tried again. One at
// which every call would block again is tried now: nothing comes of it.
func (n *Network) listRetries() {
	for _, s := range slices.Clone(n.awake.all()) {
		if s.blocksAgain() {
			n.awake.remove(s)
			s.waking = false
			continue
		}
		choice := Choice{Kind: ChooseRetry, Host: s.host.name, Number: s.fd}
		if slices.ContainsFunc(s.calls, func(c *call) bool { return c.proc != nil && c.proc.everywhere }) {
			choice.Host = ""
		}
		n.choose.options = append(n.choose.options, option{socket: s, Choice: choice})
	}
}

// blocksAgain reports whether trying the blocked calls again does nothing, as
// far as can be said without trying.
func (s *Socket) blocksAgain() bool {
	if s.closing || s.host.engine == nil {
		return false
	}
	return !slices.ContainsFunc(s.calls, func(c *call) bool {
		switch {
		case c.deadline != nil && c.deadline.expired:
			return true
		case c.op == "accept":
			return s.eng.State() != wire.Listen || s.eng.Acceptable()
		case c.op == "recv", c.op == "peek":
			return !s.nothingToReceive()
		}
		return true
	})
}

// nothingToReceive reports whether receive would say EAGAIN.
func (s *Socket) nothingToReceive() bool {
	switch {
	case s.eng.Readable(), s.eng.Unread() > 0, s.fin, s.err != 0, s.readShut:
		return false
	}
	return !s.ended && (s.connected || s.State() != wire.Closed)
}

// timerNumber tells the events of all sockets of a host apart: each has a
// deadline for reads, one for writes, and a time to linger.
func (s *Socket) timerNumber(e *vtime.Event) int {
	switch e {
	case &s.read.event:
		return 3 * s.fd
	case &s.write.event:
		return 3*s.fd + 1
	}
	return 3*s.fd + 2
}

// listPackets lists the packets in flight.
func (n *Network) listPackets() {
	c := n.choose
	for i, e := range c.pending {
		f, ok := e.Owner().(*flight)
		if !ok || c.InOrder && behind(f, c.pending[:i]) || c.Overtaking > 0 && n.heldBack(f, c.pending[:i]) {
			continue
		}
		c.options = append(c.options, option{event: e, Choice: Choice{
			Kind: ChooseDeliver, Host: f.to.name, Content: f.content(),
		}})
	}
	delivers := c.options
	if c.Drops > 0 {
		n.listAgain(delivers, ChooseDrop)
	}
	if c.Duplicates > 0 {
		n.listAgain(delivers, ChooseDuplicate)
	}
}

// listAgain lists the packets as choices of another kind.
func (n *Network) listAgain(delivers []option, kind ChoiceKind) {
	for _, o := range delivers {
		o.Kind = kind
		n.choose.options = append(n.choose.options, o)
	}
}

// heldBack reports whether a packet of the same direction is before f that no more
// may overtake.
func (n *Network) heldBack(f *flight, earlier []*vtime.Event) bool {
	return slices.ContainsFunc(earlier, func(e *vtime.Event) bool {
		g, ok := e.Owner().(*flight)
		return ok && g.port == f.port && g.to == f.to && g.overtaken >= n.choose.Overtaking
	})
}

// overtake counts that f arrives before what was sent before it.
func (n *Network) overtake(f *flight) {
	for _, e := range n.choose.pending {
		g, ok := e.Owner().(*flight)
		if g == f {
			return
		}
		if ok && g.port == f.port && g.to == f.to {
			g.overtaken++
		}
	}
}

// behind reports whether a packet of the same direction is before f.
func behind(f *flight, earlier []*vtime.Event) bool {
	for _, e := range earlier {
		if g, ok := e.Owner().(*flight); ok && g.port == f.port && g.to == f.to {
			return true
		}
	}
	return false
}

// listTimers lists the timers of TCP that are due, and when nothing else can
// happen those that expire next.
func (n *Network) listTimers() {
	c := n.choose
	until, idle, number := n.Now(), len(c.options) == 0, 0
	for _, e := range c.pending {
		switch e.Owner().(type) {
		case *flight, *Proc, *Socket, *Network:
			continue
		}
		if idle && number == 0 {
			until = max(until, e.At())
		}
		if e.At() > min(until, c.limit) {
			return // pending is in order
		}
		number++
		c.options = append(c.options, option{event: e, Choice: Choice{Kind: ChooseTimer, Number: number}})
	}
}

// take does what was chosen.
func (n *Network) take(o option) {
	if o.Kind == ChooseRetry {
		n.awake.remove(o.socket)
		o.socket.retry()
		return
	}
	n.agenda.Cancel(o.event)
	if f, ok := o.event.Owner().(*flight); ok && n.choose.Overtaking > 0 && o.Kind != ChooseDrop {
		n.overtake(f)
	}
	switch f, _ := o.event.Owner().(*flight); o.Kind {
	case ChooseDrop:
		n.choose.Drops--
		from := f.to
		if f.port != nil {
			from = f.port.at
		}
		n.recordPacket(trace.Dropped, from, f, f.peerName(), "chosen")
		n.recycle(f)
		return
	case ChooseDuplicate:
		n.choose.Duplicates--
		n.duplicate(f)
	case ChooseTimer:
		n.agenda.Skip(max(n.Now(), o.event.At()))
	}
	o.event.Run()
}

// duplicate leaves a copy of a packet in flight.
func (n *Network) duplicate(f *flight) {
	n.choose.copies++
	g := n.newFlight()
	g.number, g.raw, g.packet, g.port, g.to, g.delivery = f.number, f.raw, f.packet, f.port, f.to, f.delivery
	g.delivery.Copy = n.choose.copies
	n.agenda.Schedule(f.event.At(), &g.event)
}

// runChosen runs until the chooser has nothing to choose from.
func (n *Network) runChosen(limit vtime.Time) error {
	if err := n.Err(); err != nil {
		return err
	}
	n.choose.limit = limit
	for n.stepChosen() {
		if n.steps >= n.cfg.StepLimit {
			return &StepLimitError{Seed: n.cfg.Seed, Steps: n.steps, At: n.Now(), Waits: n.waits()}
		}
	}
	switch {
	case n.choose.stopped:
		return ErrStopped
	case n.choose.cut:
		return ErrRetransmits
	}
	return nil
}
