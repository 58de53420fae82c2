package middlebox

import (
	"time"

	"rstlab/netsim/wire"
)

// Side is where a packet comes from, or goes to, as a box sees it.
type Side uint8

const (
	// Inside is the side that a firewall or NAT protects.
	Inside Side = iota
	// Outside is the rest of the world.
	Outside
)

// String is "inside" or "outside".
func (s Side) String() string {
	if s == Inside {
		return "inside"
	}
	return "outside"
}

// other is the side across the box.
func (s Side) other() Side { return Inside + Outside - s }

// Box is what a middlebox does. Time is virtual, since the start of the run, and
// never goes back. A box belongs to one run.
type Box interface {
	// Handle judges a packet that has arrived from a side. It does not keep p or
	// its slices, nor write to them.
	Handle(now time.Duration, from Side, p *wire.Packet) Result
	// Deadline is when the box next sends something by itself; ok is false when
	// there is nothing to wait for.
	Deadline() (at time.Duration, ok bool)
	// Expire is what the box sends by itself up to now.
	Expire(now time.Duration) []wire.Packet
}

// Result is what a box does with a packet.
type Result struct {
	// Packet goes on, unless Drop is set: the packet itself, or one that was
	// rewritten.
	Packet wire.Packet
	// Drop says why the packet goes no further; "" when it does.
	Drop string
	// Note says what was rewritten; "" for nothing.
	Note string
	// Send are packets of the box's own, sent in this order behind the packet.
	Send []wire.Packet
}

// The defaults of idle time-outs. RFC 5382 section 5, REQ-5: "the value of the
// 'established connection idle-timeout' MUST NOT be less than 2 hours 4 minutes.
// The value of the 'transitory connection idle-timeout' MUST NOT be less than 4
// minutes." Shorter ones can be set: there are such boxes.
const (
	DefaultEstablished = 2*time.Hour + 4*time.Minute
	DefaultTransitory  = 4 * time.Minute
)

// Timeouts say how long a flow may be idle before a box forgets it.
type Timeouts struct {
	// Established is for connections; 0 means [DefaultEstablished].
	Established time.Duration
	// Transitory is for those that are not yet open, or closed by both ends, or
	// reset; 0 means [DefaultTransitory].
	Transitory time.Duration
}

func (t Timeouts) withDefaults() Timeouts {
	if t.Established == 0 {
		t.Established = DefaultEstablished
	}
	if t.Transitory == 0 {
		t.Transitory = DefaultTransitory
	}
	return t
}
