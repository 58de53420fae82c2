package link

import (
	"fmt"
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// Rule decides about packets, exactly where the settings of [Config] roll dice.
//
// Judge is called once for every packet that is sent, in the order of sending,
// whatever other rules say about it; so a rule that counts counts the packets
// that were sent. It must not keep p. A rule belongs to one [Direction].
type Rule interface {
	Judge(now time.Duration, p *wire.Packet) Verdict
}

// RuleFunc is a function used as a [Rule].
type RuleFunc func(now time.Duration, p *wire.Packet) Verdict

// Judge calls the function.
func (f RuleFunc) Judge(now time.Duration, p *wire.Packet) Verdict { return f(now, p) }

// Verdict is what a rule says about a packet. The zero value passes.
type Verdict struct {
	Action Action
	// Delay is how much later the packet arrives (Deliver), or how long after
	// the packet its copy does (Duplicate); less than 0 counts as 0.
	Delay time.Duration
	// Bit is the bit to flip (Corrupt): 0 is the lowest bit of byte 0 of the
	// datagram, -1 is the highest bit of its last byte. A bit outside the
	// datagram is taken modulo its length.
	Bit int
}

// Action is the kind of a [Verdict].
type Action uint8

const (
	// Pass leaves the packet to the rules that follow, and to the settings of
	// the link when there are none.
	Pass Action = iota
	// Drop loses the packet.
	Drop
	// Deliver delivers the packet, Delay later than the link would. Loss,
	// Burst, Duplicate and Corrupt do not apply to it; MTU, queue, Rate, Delay
	// and Jitter do. The extra delay lets later packets overtake, whatever
	// Reorder says, and does not hold them up.
	Deliver
	// Duplicate is Deliver without extra delay, and a copy Delay after it.
	Duplicate
	// Corrupt is Deliver without extra delay and with Bit flipped.
	Corrupt
)

var actionNames = [...]string{"pass", "drop", "deliver", "duplicate", "corrupt"}

// String is the action in lower case: "drop".
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return fmt.Sprintf("action %d", uint8(a))
}

// String prints what the verdict does: "drop", "deliver +30ms", "corrupt bit 7".
func (v Verdict) String() string {
	switch v.Action {
	case Deliver, Duplicate:
		return fmt.Sprintf("%v +%v", v.Action, max(v.Delay, 0))
	case Corrupt:
		return fmt.Sprintf("%v bit %d", v.Action, v.Bit)
	default:
		return v.Action.String()
	}
}

// ruleList is the ordered list of rules of a direction.
type ruleList struct {
	rules []installed
	added uint64 // how many there ever were
}

type installed struct {
	name   string
	number uint64 // it was the number-th rule that was added
	rule   Rule
	last   Verdict // the last verdict that was not Pass,
	reason string  // and how the trace names it
}

func (l *ruleList) add(name string, rule Rule) error {
	if name == "" {
		return fmt.Errorf("a rule without name; give it one, traces show it")
	}
	if rule == nil {
		return fmt.Errorf("rule %q: no rule", name)
	}
	if l.index(name) >= 0 {
		return fmt.Errorf("rule %q: there is a rule of this name; remove it first or choose another name", name)
	}
	l.added++
	l.rules = append(l.rules, installed{name: name, number: l.added, rule: rule})
	return nil
}

func (l *ruleList) remove(name string) bool {
	i := l.index(name)
	if i < 0 {
		return false
	}
	l.rules = slices.Delete(l.rules, i, i+1)
	return true
}

func (l *ruleList) index(name string) int {
	return slices.IndexFunc(l.rules, func(r installed) bool { return r.name == name })
}

// judge shows the packet to all rules added after the first `seen` ones. The
// first verdict that is not Pass wins.
func (l *ruleList) judge(now time.Duration, p *wire.Packet, seen uint64) (won Verdict, reason string) {
	for i := range l.rules {
		r := &l.rules[i]
		if r.number <= seen {
			continue
		}
		v := r.rule.Judge(now, p)
		if won.Action != Pass || v.Action == Pass || v.Action > Corrupt {
			continue
		}
		v.Delay = max(v.Delay, 0)
		if v != r.last {
			r.last, r.reason = v, describe(r.name, v)
		}
		won, reason = v, r.reason
	}
	return won, reason
}

// describe names a verdict in a trace.
func describe(name string, v Verdict) string {
	switch {
	case v.Action == Deliver && v.Delay > 0:
		return fmt.Sprintf("rule %s +%v", name, v.Delay)
	case v.Action == Duplicate, v.Action == Corrupt:
		return fmt.Sprintf("rule %s %v", name, v.Action)
	default:
		return "rule " + name
	}
}
