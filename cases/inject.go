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
// the wire, or relative to what somebody expects.

// seqBase is what a relative sequence number counts from.
type seqBase uint8

const (
	absolute  seqBase = iota
	fromNext          // n: what the receiver expects next
	fromRight         // wnd: the right edge of its window
)

// seqSpec is a sequence number as a scenario says it.
type seqSpec struct {
	base   seqBase
	offset int64
}

// seqWords are the relative forms: prefix and base.
var seqWords = []struct {
	prefix string
	base   seqBase
}{{"wnd", fromRight}, {"n", fromNext}}

// specOf reads a value of a slot for sequence numbers; ok is false for any
// other.
func specOf(v Value) (spec seqSpec, ok bool) {
	if v.Kind == KindInt {
		return seqSpec{absolute, v.Num}, true
	}
	for _, w := range seqWords {
		rest, found := strings.CutPrefix(v.Text, w.prefix)
		if !found || v.Kind != KindWord {
			continue
		}
		offset, err := strconv.ParseInt(rest, 10, 32)
		return seqSpec{w.base, offset}, err == nil && strconv.FormatInt(offset, 10) == rest
	}
	return seqSpec{}, false
}

// isRelative reports whether a word is a relative sequence number in its one
// spelling, and isRelativeAck whether it is one for an acknowledgment.
func isRelative(word string) bool {
	_, ok := specOf(WordValue(word))
	return ok
}

func isRelativeAck(word string) bool {
	spec, ok := specOf(WordValue(word))
	return ok && spec.base == fromNext
}

var (
	seqSlot = slot{
		kinds: []Kind{KindInt, KindWord}, max: math.MaxUint32,
		words: &words{"n0 for what the receiver expects next, wnd0 for the right edge of its window, with any offset as in n-1", isRelative},
	}
	ackSlot = slot{
		kinds: []Kind{KindInt, KindWord}, max: math.MaxUint32,
		words: &words{"n0 for what the receiver sends next, with any offset as in n-1", isRelativeAck},
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

// number is the sequence number that a spec means for this receiver; ok is
// false when it counts from something that is not known.
func (s seqSpec) number(receiver *middlebox.End, ack bool) (n uint32, ok bool) {
	offset := uint32(s.offset)
	switch {
	case s.base == absolute:
		return offset, true
	case !receiver.Seen():
		return 0, false
	case ack:
		return receiver.SndNxt() + offset, true
	case s.base == fromNext:
		return receiver.RcvNxt() + offset, true
	}
	return receiver.RcvNxt() + receiver.RcvWnd() + offset, true
}

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
	seq, _ := specOf(step.Seq)
	seq.offset += int64(step.Off.Int()) + int64(j)*int64(step.Stride.Int())
	s := wire.Segment{Flags: flagsOf(step.Flags), Window: defaultForgedWindow, Payload: step.payload()}
	s.Seq, ok = seq.number(&end, false)
	if s.Flags.Has(wire.ACK) {
		ack := seqSpec{base: fromNext}
		if step.Ack.IsSet() {
			ack, _ = specOf(step.Ack)
		}
		var known bool
		s.Ack, known = ack.number(&end, true)
		ok = ok && known
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

// addresses are those of a host, or the one that is written out.
func (p *program) addresses(name string) []netip.Addr {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a}
	}
	return p.hosts[name].Addrs()
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

// source checks the source of a forged segment: a host or an address.
func (c *procCheck) source(ref Ref) {
	if a, err := netip.ParseAddr(ref.Name); err == nil {
		if a.Zone() != "" || a.Is4In6() || a.IsUnspecified() || a.IsMulticast() {
			c.r.add(ref.Pos, "write a unicast address such as 10.9.9.9", "%s cannot be a source", ref)
		}
		return
	}
	c.t.node(ref, c.t.hosts, "host", c.r)
}
