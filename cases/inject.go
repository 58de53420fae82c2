package cases

import (
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"rstlab/netsim"
	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
)

// A forged segment says its sequence and acknowledgment numbers as a number of
// the wire, or as a word that is relative to what somebody expects.

// seqBases are the relative forms.
var seqBases = []struct {
	prefix string
	base   middlebox.Base
}{{"seen", middlebox.Seen}, {"wnd", middlebox.Edge}, {"n", middlebox.Next}}

// numberOf reads a value of a slot for sequence numbers; ok is false for any
// other.
func numberOf(v Value) (number middlebox.Number, ok bool) {
	if v.Kind == KindInt {
		return middlebox.Number{Base: middlebox.Absolute, Offset: v.Num}, true
	}
	for _, b := range seqBases {
		rest, found := strings.CutPrefix(v.Text, b.prefix)
		if !found || v.Kind != KindWord {
			continue
		}
		offset, err := strconv.ParseInt(rest, 10, 32)
		number = middlebox.Number{Base: b.base, Offset: offset}
		return number, err == nil && number.String() == v.Text
	}
	return middlebox.Number{}, false
}

// numberWords are the words that count from one of these, in their one spelling.
func numberWords(form string, bases ...middlebox.Base) *words {
	return &words{form, func(word string) bool {
		number, ok := numberOf(WordValue(word))
		return ok && slices.Contains(bases, number.Base)
	}}
}

var (
	seqSlot = slot{
		kinds: []Kind{KindInt, KindWord}, max: math.MaxUint32,
		words: numberWords("n0 for what the receiver expects next, wnd0 for the right edge of its window, with any offset as in n-1",
			middlebox.Next, middlebox.Edge),
	}
	ackSlot = slot{
		kinds: []Kind{KindInt, KindWord}, max: math.MaxUint32,
		words: numberWords("n0 for what the receiver sends next, with any offset as in n-1", middlebox.Next),
	}
	flagsSlot = slot{kinds: []Kind{KindWord}, choices: []string{"R", "RA", "S", "SA", "A", "PA", "FA", "FPA", "F"}}
)

// flagsOf reads the word of a flagsSlot.
func flagsOf(v Value) wire.Flags {
	flags, ok := wire.ParseFlags(strings.ReplaceAll(v.Text, "A", "."))
	if !ok {
		panic("cases: unreachable: flags " + v.Text + " were checked")
	}
	return flags
}

// defaultForgedWindow is the window of a forged segment that does not say.
const defaultForgedWindow = 65535

// inject does the step of that name: it forges segments, of every source port
// with every guess, and ENOTCONN when there is no connection that the step
// could mean.
func (p *program) inject(step *Step) syscall.Errno {
	ports, guesses := max(1, step.Ports.Int()), max(1, step.Guesses.Int())
	for i := range ports {
		for j := range guesses {
			if pause := step.Every.Duration(); pause > 0 && i+j > 0 {
				p.proc.Sleep(pause)
			}
			packet, ok := p.forge(step, i, j)
			if !ok {
				return syscall.ENOTCONN
			}
			at := p.nodes[step.Peer.Name]
			if step.Via.Name != "" {
				at = p.nodes[step.Via.Name]
			}
			if err := p.net.Inject(at, packet); err != nil {
				return syscall.EINVAL
			}
			p.proc.Sleep(0) // what arrives now has arrived when the next one is made
		}
	}
	return 0
}

// forge is the segment with the i-th source port and the j-th guess; ok is
// false when it lacks something that no connection gives it.
func (p *program) forge(step *Step, i, j int) (packet wire.Packet, ok bool) {
	flow, end := p.victim(step)
	if step.SrcPort.IsSet() {
		flow.Remote = netip.AddrPortFrom(flow.Remote.Addr(), uint16(step.SrcPort.Int()+i))
	}
	seq, _ := numberOf(step.Seq)
	seq.Offset += int64(step.Off.Int()) + int64(j)*int64(step.Stride.Int())
	ack := middlebox.Number{Base: middlebox.Next}
	if step.Ack.IsSet() {
		ack, _ = numberOf(step.Ack)
	}
	s := wire.Segment{
		Flags: flagsOf(step.Flags), Window: defaultForgedWindow, Payload: bytesOf(step.Data),
		Seq: seq.Seq(&middlebox.End{}, &end),
	}
	ok = end.Seen() || seq.Base == middlebox.Absolute
	if s.Flags.Has(wire.ACK) {
		s.Ack = ack.Ack(&end)
		ok = ok && (end.Seen() || ack.Base == middlebox.Absolute)
	}
	if step.Window.IsSet() {
		s.Window = uint16(step.Window.Int())
	}
	ok = ok && flow.Local.IsValid() && flow.Remote.IsValid() && flow.Local.Port() != 0 && flow.Remote.Port() != 0
	return netsim.NewSegment(flow.Remote, flow.Local, s), ok
}

// victim is the connection of the receiver that the step means: of those that
// fit what it says, the one that began last; when none does, what it says.
func (p *program) victim(step *Step) (netsim.Flow, middlebox.End) {
	host := p.hosts[step.Peer.Name]
	sources := []netip.Addr{{}}
	if step.Src.Name != "" {
		sources = p.addresses(step.Src.Name)
	}
	local, remote := uint16(step.DstPort.Int()), uint16(step.SrcPort.Int())
	for _, src := range sources {
		f := netsim.Flow{Local: netip.AddrPortFrom(netip.Addr{}, local), Remote: netip.AddrPortFrom(src, remote)}
		if flow, end, ok := host.Endpoint(f); ok {
			return flow, end
		}
	}
	src := sources[0]
	i := slices.IndexFunc(host.Addrs(), func(a netip.Addr) bool { return a.Is4() == src.Is4() })
	if i < 0 {
		return netsim.Flow{}, middlebox.End{}
	}
	return netsim.Flow{
		Local: netip.AddrPortFrom(host.Addrs()[i], local), Remote: netip.AddrPortFrom(src, remote),
	}, middlebox.End{}
}

// checkInject checks what a forged segment refers to.
func (c *procCheck) checkInject(s *Step) {
	if s.Via.Name != "" && c.t.node(s.Via, c.t.names, "host or router", c.r) && !c.t.reaches(s.Via.Name, s.Peer.Name) {
		c.r.add(s.Via.Pos, "name a node from which there is one", "no path from %s to %s", s.Via, s.Peer)
	}
	if s.Ack.IsSet() && s.Flags.Kind == KindWord && slices.Contains(flagsSlot.choices, s.Flags.Text) && !flagsOf(s.Flags).Has(wire.ACK) {
		c.r.add(at(s.Ack, s.Pos), "write "+s.Flags.Text+"A, or leave it out", "ack= without the flag A has no meaning")
	}
	if s.Ports.IsSet() && !s.SrcPort.IsSet() {
		c.r.add(at(s.Ports, s.Pos), "add sport=, the first of them", "ports= without sport=")
	}
	if s.Guesses.IsSet() != s.Stride.IsSet() {
		c.r.add(s.Pos, "give both, or none", "guesses= and stride= belong together")
	}
}
