package netsim

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"rstlab/netsim/engine"
	"rstlab/netsim/fingerprint"
	"rstlab/netsim/link"
	"rstlab/netsim/vtime"
)

// StateSum identifies a state of a run: two runs of one scenario that are in
// states with the same sum can go on in the same ways, with the same observations.
// It is half of a SHA-256.
type StateSum [16]byte

// Remembering is an [Offered] that wants to know whether a run is where another
// one has been.
type Remembering interface {
	Offered
	// Begin says, before the first Offer of a run, how to ask for the state between
	// an Offer and the answer of Choose. The error says which part of the state
	// cannot be compared; it is the same whenever a run of the scenario comes to
	// such a part.
	Begin(state func() (StateSum, error))
}

// Programs says what a run's procs will do, for [Choosing.Programs].
type Programs interface {
	// AppendState appends what the procs have seen and what they will do as bytes:
	// everything on which their next calls, and what a run is to show in the end,
	// depend. Sockets are named by [Socket.FD].
	AppendState(b []byte) ([]byte, error)
	// Held are the sockets that the procs know, open or closed, each once, in an
	// order that follows from the state.
	Held() []*Socket
	// Opens reports whether a proc of the host may call connect or listen that has
	// not done so yet.
	Opens(host string) bool
	// Local reports whether all that the procs will still do is calls on sockets that
	// they have, none of which is connect, listen or [Socket.Outq]: they make no
	// packets themselves, change nothing at other hosts and of no proc, and do not ask
	// for [Host.Endpoint].
	Local() bool
	// Decided reports whether nothing that the procs will still do can show what is
	// not known yet.
	Decided() bool
	// Looks reports whether a call that the procs of the host will still make, or that
	// one of them is about, looks at the deadline of reads or of writes.
	Looks(host string) (reads, writes bool)
}

// state is the sum of all on which the rest of the run depends.
func (n *Network) state() (sum StateSum, err error) {
	c := n.choose
	c.state, err = n.appendState(c.state[:0])
	if err == nil {
		whole := sha256.Sum256(c.state)
		sum = StateSum(whole[:])
	}
	return sum, err
}

func (n *Network) appendState(b []byte) ([]byte, error) {
	c := n.choose
	switch {
	case c.Programs == nil:
		return b, errors.New("netsim: nothing is known of the procs: Choosing.Programs is nil")
	case n.watching:
		return b, errors.New("netsim: triggers keep counts of their own")
	}
	b, err := c.Programs.AppendState(flags(b, c.unseen))
	if err != nil {
		return b, err
	}
	held := c.Programs.Held()
	for _, h := range n.hosts {
		if c.unseen && !h.runs() {
			continue
		}
		if b, err = h.appendState(b, held); err != nil {
			return b, err
		}
	}
	for _, p := range n.procs.all() {
		if b, err = p.appendState(b); err != nil {
			return b, err
		}
	}
	if b, err = n.appendPending(b); err != nil || c.unseen {
		return b, err
	}
	for _, v := range n.nodes {
		if b, err = v.appendState(b); err != nil {
			return b, err
		}
	}
	return n.appendFlights(n.appendAgain(number(b, int(n.Now()), c.Drops, c.Duplicates))), nil
}

// runs reports whether the host has procs.
func (h *Host) runs() bool {
	return slices.ContainsFunc(h.net.procs.all(), func(p *Proc) bool { return p.host == h })
}

// number appends whole numbers.
func number[T ~int | ~int64 | ~uint64](b []byte, numbers ...T) []byte {
	for _, i := range numbers {
		b = binary.AppendVarint(b, int64(i))
	}
	return b
}

// word appends a text.
func word(b []byte, s string) []byte { return append(number(b, len(s)), s...) }

// flags appends truth values, at most eight.
func flags(b []byte, values ...bool) []byte {
	set := byte(0)
	for i, v := range values {
		if v {
			set |= 1 << i
		}
	}
	return append(b, set)
}

func (h *Host) appendState(b []byte, held []*Socket) ([]byte, error) {
	b = flags(b, h.engine != nil)
	b = number(b, h.lastFD, len(h.lingering))
	if h.boots > 1 {
		return b, fmt.Errorf("netsim: host %q has been switched on again: sockets of its former life may be known", h.name)
	}
	sockets := h.sockets.all()
	for _, s := range slices.Concat(h.lingering, held) {
		if s.host == h && !slices.Contains(sockets, s) {
			sockets = append(sockets, s)
		}
	}
	var engines []engine.Socket
	for _, s := range sockets {
		b = s.appendState(b)
		if !s.closed || s.closing || s.limit != nil {
			engines = append(engines, s.eng) // nobody asks the others anything
		}
	}
	if h.engine == nil {
		return b, nil
	}
	stated, ok := h.engine.(engine.Stated)
	if !ok {
		return b, fmt.Errorf("netsim: host %q: its engine cannot say in which state it is", h.name)
	}
	var err error
	if !h.net.choose.Programs.Local() { // otherwise nobody looks there
		if b, err = plain.Append(b, &h.endpoints); err != nil {
			return b, err
		}
	}
	opens := h.net.choose.Programs.Opens(h.name)
	return stated.AppendState(flags(b, opens), engines, opens)
}

func (s *Socket) appendState(b []byte) []byte {
	b = number(b, s.fd, int(s.linger), s.written, int(s.err), len(s.calls), len(s.options))
	b = flags(b, s.waking, s.connected, s.failed, s.ended, s.fin, s.readShut, s.writeShut)
	read, write := s.read.expired && !s.idleDeadline(&s.read), s.write.expired && !s.idleDeadline(&s.write)
	b = flags(b, s.closed, s.closing, read, write, s.owner != nil, s.limit != nil)
	b = word(b, s.bound.String())
	if s.owner != nil {
		b = word(b, s.owner.name)
	}
	for _, o := range s.options {
		b = number(b, int(o.option), int(o.value))
	}
	for _, c := range s.calls {
		b = word(word(word(b, c.proc.name), c.op), c.args)
		b = number(b, c.n, int(c.errno))
		b = flags(b, c.sends, c.deadline == &s.read, c.deadline == &s.write)
	}
	return b
}

func (p *Proc) appendState(b []byte) ([]byte, error) {
	if p.task != nil {
		return b, fmt.Errorf("netsim: %s is a task, of which nothing is known", p.path())
	}
	b = word(word(b, p.path()), p.waiting)
	b = flags(b, p.daemon, p.killed, p.queued, p.everywhere, p.co != nil)
	if p.socket != nil {
		b = number(b, p.socket.fd)
	}
	return b, nil
}

// appendState appends what a node knows but for what its engine does, and the
// directions that leave it.
func (v *node) appendState(b []byte) ([]byte, error) {
	if v.static != nil {
		return b, fmt.Errorf("netsim: routes of %q were changed", v.name)
	}
	b = flags(b, v.off)
	var err error
	if v.box != nil {
		if b, err = plain.Append(b, v.box.box); err != nil {
			return b, err
		}
	}
	for _, p := range v.ports {
		if e := &p.neighbour; e.missing || e.probes > 0 || len(e.held) > 0 {
			return b, fmt.Errorf("netsim: %q resolves the address of a neighbour", v.name)
		}
		how := plain
		if random(p.dir.Config()) {
			how = numbered
		}
		if b, err = how.Append(b, p.dir); err != nil {
			return b, err
		}
	}
	return b, nil
}

// plain writes what is not of this package; numbered writes the number of the next
// packet of a link too, on which the dice depend.
var (
	plain    = fingerprint.NewPlan(fingerprint.Rules{Skip: unwritten(true)})
	numbered = fingerprint.NewPlan(fingerprint.Rules{Skip: unwritten(false)})
)

// unwritten is what the rest of a run does not depend on, and why.
func unwritten(withoutDice bool) map[string]string {
	skip := map[string]string{
		"netsim.endpoints.recent": "a cache",
		"netsim.endpoints.byFlow": "the members of order, by their flow",
		"link.Delivery.At":        "time is set aside",
		"link.Delivery.Copy":      "a name, for the trace",
		"link.Direction.tooBig":   "a text",
		"link.installed.reason":   "a text",
		"link.installed.last":     "goes with reason",
	}
	if withoutDice {
		skip["link.Direction.offered"] = "without dice the number of a packet means nothing"
	}
	return skip
}

// random reports whether dice decide about packets.
func random(c link.Config) bool {
	return c.Loss > 0 || c.Burst != (link.GilbertElliott{}) || c.Jitter > 0 || c.Duplicate > 0 || c.Corrupt > 0
}

// appendPending appends what the agenda has but packets. Time is set aside, so that
// when the sleeps and deadlines end does not matter.
func (n *Network) appendPending(b []byte) ([]byte, error) {
	var timers []vtime.Time
	var others []Choice
	for _, e := range n.choose.pending {
		switch owner := e.Owner().(type) {
		case *flight:
		case *Proc:
			others = append(others, Choice{Kind: ChooseProc, Name: owner.path()})
		case *Socket:
			if owner.idle(e) {
				continue
			}
			others = append(others, Choice{Kind: ChooseDeadline, Host: owner.host.name, Number: owner.timerNumber(e)})
		case *Network:
			return b, errors.New("netsim: a function given to Network.At is to be called")
		default:
			if !n.choose.unseen {
				timers = append(timers, e.At())
			}
		}
	}
	slices.SortFunc(others, func(x, y Choice) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Host, y.Host), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Number, y.Number))
	})
	b = number(b, len(others), len(timers))
	for _, o := range others {
		b = number(word(word(b, o.Host), o.Name), o.Number)
	}
	slices.Sort(timers)
	return number(b, timers...), nil
}

// appendFlights appends the packets in flight: in the order of each direction when
// they keep it, else in any.
func (n *Network) appendFlights(b []byte) []byte {
	type packet struct {
		to   int
		from string
		what ContentSum
		over int
	}
	var all []packet
	for _, e := range n.choose.pending {
		if f, ok := e.Owner().(*flight); ok {
			all = append(all, packet{f.to.index, f.peerFrom(), f.content(), f.overtaken})
		}
	}
	slices.SortStableFunc(all, func(x, y packet) int {
		order := cmp.Or(x.to-y.to, cmp.Compare(x.from, y.from))
		if order == 0 && !n.choose.InOrder && n.choose.Overtaking == 0 {
			order = bytes.Compare(x.what[:], y.what[:])
		}
		return order
	})
	b = number(b, len(all))
	for _, p := range all {
		b = append(word(number(b, p.to, p.over), p.from), p.what[:]...)
	}
	return b
}

// ContentSum identifies what a packet in flight holds, where it goes and what has
// happened to it on its way: half of a SHA-256.
type ContentSum [16]byte

// content is what the packet is, whoever sent it when.
func (f *flight) content() ContentSum {
	if !f.summed {
		b, err := plain.Append(unidentified(f.raw), &f.delivery)
		if err != nil {
			panic("netsim: unreachable: " + err.Error())
		}
		b = flags(word(word(word(b, f.note), f.peerFrom()), f.to.name), f.held)
		whole := sha256.Sum256(b)
		f.sum, f.summed = ContentSum(whole[:]), true
	}
	return f.sum
}

// unidentified is a datagram without the identification of its IPv4 header, which
// means nothing to who receives all of it: RFC 6864 section 4.1: "The IPv4 ID field
// MUST NOT be used for purposes other than fragmentation and reassembly". Nothing is
// ever fragmented here.
func unidentified(raw []byte) []byte {
	b := bytes.Clone(raw)
	if b[0]>>4 == 4 {
		clear(b[4:6])
		clear(b[10:12]) // the checksum
	}
	return b
}

// peerFrom is the node that a packet in flight comes from.
func (f *flight) peerFrom() string {
	if f.port == nil {
		return f.to.name
	}
	return f.port.at.name
}
