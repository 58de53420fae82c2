package link

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"rstlab/netsim/wire"
)

// The reasons for which the link itself drops packets, beside "mtu N", and
// those that a delivery may carry.
const (
	reasonDown      = "link down"
	reasonFragment  = "needs fragmentation"
	reasonQueue     = "queue full"
	reasonBurst     = "burst loss"
	reasonLoss      = "loss"
	reasonJitter    = "jitter"
	reasonDuplicate = "duplicate"
	reasonCorrupt   = "corrupt"
)

// Direction is one direction of a link in a run. It holds what the future
// depends on: queue, order, dice and rules, but no packet. It is not safe for
// concurrent use, and now must never be less than in an earlier call.
type Direction struct {
	name   string
	cfg    Config
	tooBig string // "mtu 1400"
	roll   dice
	rules  ruleList

	offered uint64        // packets handed to Send so far
	bad     bool          // state of Burst
	sender  transmitter   //
	queue   queue         //
	last    time.Duration // the latest arrival by Delay and Jitter so far
	down    bool
	life    uint64 // how often it went down
}

// New returns a direction that is up and has no rules. The name is for
// messages. All that is random follows from seed: give each direction its own.
func New(name string, cfg Config, seed uint64) (*Direction, error) {
	d := &Direction{name: name, roll: dice(seed)}
	if err := d.SetConfig(cfg); err != nil {
		return nil, err
	}
	return d, nil
}

// Name is the name given to [New].
func (d *Direction) Name() string { return d.name }

// Config is the configuration in force.
func (d *Direction) Config() Config { return d.cfg }

// SetConfig changes the configuration for packets sent from now on; those in
// the queue and in flight keep their times. On an error, that of
// [Config.Validate], nothing changes.
func (d *Direction) SetConfig(cfg Config) error {
	if err := cfg.Validate(); err != nil {
		return fmt.Errorf("link %q: %w", d.name, err)
	}
	if cfg.Burst != d.cfg.Burst {
		d.bad = false
	}
	d.sender.setRate(cfg.Rate)
	d.cfg = cfg
	d.tooBig = "mtu " + strconv.Itoa(cfg.MTU)
	return nil
}

// Up reports whether the direction carries packets.
func (d *Direction) Up() bool { return !d.down }

// SetDown loses all that is in the queue and in flight, and all that is sent
// until [Direction.SetUp].
func (d *Direction) SetDown() {
	d.down = true
	d.life++
	d.last = 0
	d.queue.clear()
	d.sender = transmitter{rate: d.cfg.Rate}
}

// SetDraining loses all that is sent until [Direction.SetUp]; what is in the queue and in
// flight arrives.
func (d *Direction) SetDraining() { d.down = true }

// SetUp ends [Direction.SetDown]. The link starts with an empty queue; rules
// and their counters, the state of Burst and the dice go on.
func (d *Direction) SetUp() { d.down = false }

// AddRule appends a rule to the list. It applies to the packets in flight too:
// it judges each when it arrives. The name must be new and not empty.
func (d *Direction) AddRule(name string, rule Rule) error {
	if err := d.rules.add(name, rule); err != nil {
		return fmt.Errorf("link %q: %w", d.name, err)
	}
	return nil
}

// AddMatchRule appends a rule that counts from here; see [Direction.AddRule].
// Errors are those of [MatchRule.Validate], and a name that is taken.
func (d *Direction) AddMatchRule(m MatchRule) error {
	rule, err := m.Rule()
	if err == nil {
		err = d.rules.add(m.name(), rule)
	}
	if err != nil {
		return fmt.Errorf("link %q: %w", d.name, err)
	}
	return nil
}

// RemoveRule takes a rule off the list and reports whether it was there.
// Packets that it has judged keep its verdict.
func (d *Direction) RemoveRule(name string) bool { return d.rules.remove(name) }

// Rules are the names of the rules, in their order.
func (d *Direction) Rules() []string {
	names := make([]string, len(d.rules.rules))
	for i, r := range d.rules.rules {
		names[i] = r.name
	}
	return names
}

// Queued is how much waits for the transmitter at now, without the packet that
// is being transmitted.
func (d *Direction) Queued(now time.Duration) (packets, bytes int) {
	d.queue.advance(now)
	return d.queue.count, d.queue.bytes
}

// maxDatagram is the length of the longest datagram that is no jumbogram: an
// IPv6 header and a Payload Length of 65,535 (RFC 8200 section 3).
const maxDatagram = 40 + 65535

// Send hands over a packet; size is the length of its datagram in bytes, as
// built: what is not from 0 to 65,575 counts as the nearest that is. A drop on
// the wire is reported at once, and changes nothing for other packets: the
// packet took its place in the queue and its time all the same.
func (d *Direction) Send(now time.Duration, p *wire.Packet, size int) Outcome {
	size = max(0, min(size, maxDatagram))
	n := d.offered
	d.offered++
	verdict, reason := d.rules.judge(now, p, 0)
	lost := d.lose(n)
	if d.down {
		return dropped(reasonDown)
	}
	why := ""
	if verdict.Action == Drop {
		why = reason
	}
	if d.cfg.MTU > 0 && size > d.cfg.MTU {
		if why != "" {
			return dropped(why)
		}
		return d.oversize(p)
	}
	sent, ok := d.transmit(now, size)
	if !ok {
		return dropped(cmp.Or(why, reasonQueue))
	}
	f := d.propagate(sent, n)
	f.bits = size * 8
	if verdict.Action != Pass {
		return decide(verdict, reason, f)
	}
	if lost != "" {
		return dropped(lost)
	}
	return d.copies(f, n)
}

// Arrive says what becomes of a delivery at its time: now is f.At. It is
// dropped when the link has gone down since, and judged by the rules that were
// added since. Of the deliveries of the outcome those whose At is now have
// arrived; the others are in flight again, to be handed to Arrive at their time.
func (d *Direction) Arrive(now time.Duration, f Delivery, p *wire.Packet) Outcome {
	if f.life != d.life {
		return dropped(reasonDown)
	}
	verdict, reason := d.rules.judge(now, p, f.rules)
	f.At = now
	f.rules = d.rules.added
	return decide(verdict, reason, f)
}

// lose rolls the dice for loss of packet n, and names what lost it.
func (d *Direction) lose(n uint64) (why string) {
	if d.cfg.Burst.P > 0 || d.cfg.Burst.LossGood > 0 {
		var lost bool
		if lost, d.bad = d.cfg.Burst.lose(d.bad, d.roll, n); lost {
			return reasonBurst
		}
	}
	if d.roll.happens(d.cfg.Loss, drawLoss, n) {
		return reasonLoss
	}
	return ""
}

// oversize drops a packet that is larger than the MTU. RFC 1191 section 4:
// "When a router is unable to forward a datagram because it exceeds the MTU of
// the next-hop network and its Don't Fragment bit is set, the router is
// required to return an ICMP Destination Unreachable message". RFC 8200
// section 5: "a router never fragments".
func (d *Direction) oversize(p *wire.Packet) Outcome {
	if p.Src.Is4() && !p.DF {
		return dropped(reasonFragment)
	}
	return Outcome{Dropped: d.tooBig, FragNeeded: d.cfg.MTU}
}

// transmit queues and serialises a datagram; sent is when its last bit is on
// the wire. It fails when the queue has no room.
func (d *Direction) transmit(now time.Duration, size int) (sent time.Duration, ok bool) {
	if d.sender.idle(now) {
		_, sent = d.sender.send(now, size)
		return sent, true
	}
	d.queue.advance(now)
	if !d.queue.fits(size, d.cfg.QueuePackets, d.cfg.QueueBytes) {
		return 0, false
	}
	begin, sent := d.sender.send(now, size)
	d.queue.push(begin, size)
	return sent, true
}

// propagate carries packet n over the wire.
func (d *Direction) propagate(sent time.Duration, n uint64) Delivery {
	f := Delivery{At: later(sent, d.cfg.Delay), split: 1, life: d.life, rules: d.rules.added}
	if d.cfg.Jitter > 0 {
		if more := d.roll.below(uint64(d.cfg.Jitter)+1, drawJitter, n); more > 0 {
			f.At = later(f.At, time.Duration(more))
			f.Reason = reasonJitter
		}
	}
	if !d.cfg.Reorder {
		f.At = max(f.At, d.last)
	}
	d.last = max(f.At, d.last)
	return f
}

// copies rolls the dice for duplication and corruption of packet n.
func (d *Direction) copies(f Delivery, n uint64) (o Outcome) {
	if !d.roll.happens(d.cfg.Duplicate, drawDuplicate, n) {
		d.corrupt(&f, drawCorrupt, drawCorruptBit, n)
		o.add(f)
		return o
	}
	self, other := f.duplicate(d.cfg.DuplicateDelay)
	other.Reason = reasonDuplicate
	d.corrupt(&self, drawCorrupt, drawCorruptBit, n)
	d.corrupt(&other, drawCorruptCopy, drawCorruptBitCopy, n)
	o.add(self)
	o.add(other)
	return o
}

func (d *Direction) corrupt(f *Delivery, whether, which draw, n uint64) {
	if f.bits > 0 && d.roll.happens(d.cfg.Corrupt, whether, n) {
		f.Flip = 1 + int(d.roll.below(uint64(f.bits), which, n))
		f.Reason = reasonCorrupt
	}
}

// decide carries out the verdict of a rule on a packet in flight.
func decide(v Verdict, reason string, f Delivery) (o Outcome) {
	if v.Action == Drop {
		return dropped(reason)
	}
	switch v.Action {
	case Deliver:
		f.At = later(f.At, v.Delay)
		f.Reason = reason
	case Corrupt:
		f.flip(v.Bit)
		f.Reason = reason
	case Duplicate:
		self, other := f.duplicate(v.Delay)
		other.Reason = reason
		o.add(self)
		o.add(other)
		return o
	}
	o.add(f)
	return o
}

// Indifferent reports whether what comes of a packet is the same whatever was sent
// before it and whenever that was, but for its time: there are neither rules nor dice,
// nor is there a queue.
func (d *Direction) Indifferent() bool {
	c := d.cfg
	return !d.down && len(d.rules.rules) == 0 && c.Rate == 0 && c.Jitter == 0 &&
		c.Loss == 0 && c.Burst == (GilbertElliott{}) && c.Duplicate == 0 && c.Corrupt == 0
}
