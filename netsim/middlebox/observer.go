package middlebox

import (
	"fmt"
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// Receivers are the ends that a forged segment goes to, as seen from the segment
// that it answers.
type Receivers uint8

const (
	// ToReceiver is the end that the segment is for: the forged one pretends to
	// come from its sender.
	ToReceiver Receivers = iota
	// ToSender is the end that has sent it.
	ToSender
	// ToBoth is both, the receiver first.
	ToBoth
)

// Forgery is what an [Observer] forges.
type Forgery struct {
	To Receivers
	// After is the time from the segment that it answers; 0 is at once, behind
	// it.
	After time.Duration
	Flags wire.Flags
	// Seq is the sequence number, Ack the acknowledgment number where Flags have
	// ACK: as seen when the segment passed, not when the forged one is sent.
	Seq, Ack Number
	// Count is how many segments, Stride how much further the sequence number of
	// each is than that of the one before; a Count of 0 means 1.
	Count  int
	Stride int64
	// Window is as on the wire, not scaled; 0 means 65535.
	Window  uint16
	Payload []byte
}

// Trigger says when an [Observer] forges something.
type Trigger struct {
	// Match picks the segments that count; nil picks every one. It is asked about
	// every segment, and must not keep the packet.
	Match func(p *wire.Packet) bool
	// From are the sides from which a segment counts; 0 is both.
	From Ends
	// First and Last are the matching segments that are answered, from 1: 0 and 0
	// are all, a Last of 0 is no end.
	First, Last int
	Forge       []Forgery
}

// ObserverConfig says what an [Observer] does. The zero value only looks.
type ObserverConfig struct{ Triggers []Trigger }

// Validate reports every setting that is out of range, by its name.
func (c *ObserverConfig) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for i, t := range c.Triggers {
		if t.First < 0 || t.Last < 0 || t.Last > 0 && t.First > t.Last {
			bad("Triggers[%d].First, Last: %d, %d: want 1 or more, the smaller one first", i, t.First, t.Last)
		}
		if t.From > BothEnds {
			bad("Triggers[%d].From: %d: want InsideEnd, OutsideEnd or both", i, t.From)
		}
		for j, f := range t.Forge {
			where := fmt.Sprintf("Triggers[%d].Forge[%d]", i, j)
			if f.To > ToBoth {
				bad("%s.To: %d: want ToReceiver, ToSender or ToBoth", where, f.To)
			}
			if f.After < 0 {
				bad("%s.After: %v: want at least 0", where, f.After)
			}
			if f.Count < 0 || f.Count > maxCount {
				bad("%s.Count: %d: want 0 to %d", where, f.Count, maxCount)
			}
			if f.Seq.Base > Absolute || f.Ack.Base > Absolute {
				bad("%s: Seq or Ack counts from something unknown", where)
			}
			if len(f.Payload) > maxPayload {
				bad("%s.Payload: %d bytes: want at most %d", where, len(f.Payload), maxPayload)
			}
		}
	}
	return wrap("observer", errs)
}

const (
	maxCount    = 1 << 16
	maxPayload  = 1440
	maxObserved = 1 << 16 // flows; the oldest is forgotten
)

// Observer sees all that passes and holds nothing up. On what it sees it can
// forge segments, to either end or both: what is called an on-path attacker. It
// cannot take a segment away.
type Observer struct {
	triggers []trigger
	flows    map[pair]*[2]End
	order    []pair
	timers   timers
}

type trigger struct {
	Trigger
	matched int
}

var _ Box = (*Observer)(nil)

// NewObserver makes an observer. The error is that of [ObserverConfig.Validate].
func NewObserver(cfg ObserverConfig) (*Observer, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	o := &Observer{flows: map[pair]*[2]End{}}
	for _, t := range cfg.Triggers {
		t.Forge = slices.Clone(t.Forge)
		o.triggers = append(o.triggers, trigger{Trigger: t})
	}
	return o, nil
}

// Handle implements [Box].
func (o *Observer) Handle(now time.Duration, from Side, p *wire.Packet) Result {
	result := Result{Packet: *p}
	if p.Proto != wire.TCP {
		return result
	}
	ends, sender := o.flow(p)
	ends[sender].Sent(&p.TCP)
	ends[1-sender].Received(&p.TCP)
	for i := range o.triggers {
		t := &o.triggers[i]
		if t.Match != nil && !t.Match(p) || t.From != 0 && !t.From.has(from) {
			continue
		}
		t.matched++
		if t.matched < t.First || t.Last > 0 && t.matched > t.Last {
			continue
		}
		for j := range t.Forge {
			f := &t.Forge[j]
			forged := f.segments(p, &ends[sender], &ends[1-sender])
			if f.After == 0 {
				result.Send = append(result.Send, forged...)
			} else {
				o.timers.add(now+f.After, timer{packets: forged})
			}
		}
	}
	return result
}

// flow is the two ends of a segment's flow, and which of them has sent it.
func (o *Observer) flow(p *wire.Packet) (ends *[2]End, sender int) {
	key, sender := pair{p.Source(), p.Destination()}, 0
	if key[1].Compare(key[0]) < 0 {
		key, sender = pair{key[1], key[0]}, 1
	}
	ends = o.flows[key]
	if ends == nil {
		ends = new([2]End)
		o.flows[key] = ends
		if o.order = append(o.order, key); len(o.order) > maxObserved {
			delete(o.flows, o.order[0])
			o.order = o.order[1:]
		}
	}
	return ends, sender
}

// segments are what is forged in answer to a segment.
func (f *Forgery) segments(p *wire.Packet, sender, receiver *End) []wire.Packet {
	var forged []wire.Packet
	if f.To != ToSender {
		forged = f.appendTo(forged, p, sender, receiver, false)
	}
	if f.To != ToReceiver {
		forged = f.appendTo(forged, p, receiver, sender, true)
	}
	return forged
}

func (f *Forgery) appendTo(forged []wire.Packet, p *wire.Packet, from, to *End, back bool) []wire.Packet {
	src, dst := p.Source(), p.Destination()
	if back {
		src, dst = dst, src
	}
	for i := range max(1, f.Count) {
		s := wire.Segment{
			Seq: f.Seq.Seq(from, to) + uint32(int64(i)*f.Stride), Flags: f.Flags, Window: f.Window, Payload: f.Payload,
		}
		if s.Window == 0 {
			s.Window = 65535
		}
		if s.Flags.Has(wire.ACK) {
			s.Ack = f.Ack.Ack(to)
		}
		forged = append(forged, segment(src, dst, s))
	}
	return forged
}

// Deadline implements [Box].
func (o *Observer) Deadline() (at time.Duration, ok bool) { return o.timers.next() }

// Expire implements [Box].
func (o *Observer) Expire(now time.Duration) []wire.Packet {
	return o.timers.due(now)
}
