package middlebox

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// Action is what a firewall does with a segment that it has to decide about.
type Action uint8

// The actions.
const (
	Drop     Action = iota // lose it without a word
	Reject                 // lose it and answer with RST, as a host without the connection does
	Prohibit               // lose it and answer with ICMP "communication administratively prohibited"
	Accept                 // let it pass, and its flow
)

var actionNames = [...]string{"drop", "reject", "prohibit", "accept"}

// String is the action's name: "drop", "reject", "prohibit", "accept".
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return fmt.Sprintf("action %d", uint8(a))
}

// FirewallRule decides about the segments that would open a flow.
type FirewallRule struct {
	// Name is shown in traces; "" means the rule's number, from 1.
	Name string
	// From is the side that the segment comes from.
	From Side
	// Src and Dst are its addresses; the zero Prefix is any.
	Src, Dst netip.Prefix
	// SrcPort and DstPort are its ports; 0 is any.
	SrcPort, DstPort uint16
	Action           Action
}

func (r *FirewallRule) matches(from Side, p *wire.Packet) bool {
	return from == r.From &&
		(!r.Src.IsValid() || r.Src.Contains(p.Src)) && (!r.Dst.IsValid() || r.Dst.Contains(p.Dst)) &&
		(r.SrcPort == 0 || r.SrcPort == p.TCP.SrcPort) && (r.DstPort == 0 || r.DstPort == p.TCP.DstPort)
}

// Ends are ends of a flow, by the side on which they are.
type Ends uint8

// The ends; several are joined with |.
const (
	InsideEnd  Ends = 1 << Inside
	OutsideEnd Ends = 1 << Outside
	BothEnds        = InsideEnd | OutsideEnd
)

// has reports whether the end on that side is one of them.
func (e Ends) has(side Side) bool { return e&(1<<side) != 0 }

// Kill ends flows that were allowed.
type Kill struct {
	// After is the time from the end of the handshake to the kill; 0 is at once,
	// behind the ACK that ends it.
	After time.Duration
	// Reset are the ends that are told with a RST; 0 is none: silence.
	Reset Ends
}

// FirewallConfig says how a [Firewall] behaves. The zero value drops everything
// from outside and lets flows begin inside.
type FirewallConfig struct {
	// Rules are asked in order about a segment that would open a flow, which is a
	// SYN without ACK; the first that matches decides.
	Rules []FirewallRule
	// Default decides about SYNs from outside that no rule matches. From inside
	// they pass.
	Default Action
	// Stray decides about other segments of no flow that the firewall knows:
	// never begun, idle for too long, or killed. Accept takes them for a flow.
	Stray    Action
	Timeouts Timeouts
	// ResetIdle sends RST to both ends when an established flow times out.
	ResetIdle bool
	// MaxFlows bounds the flows; 0 is no bound. Full decides about SYNs beyond;
	// Accept is not possible.
	MaxFlows int
	Full     Action
	// Kill ends every flow from some time on; nil is never.
	Kill *Kill
}

// Validate reports every setting that is out of range, by its name.
func (c *FirewallConfig) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for i, r := range c.Rules {
		if r.Action > Accept {
			bad("Rules[%d].Action: %v: want Drop, Reject, Prohibit or Accept", i, r.Action)
		}
		if r.From > Outside {
			bad("Rules[%d].From: %d: want Inside or Outside", i, r.From)
		}
	}
	if c.Default > Accept {
		bad("Default: %v: want Drop, Reject, Prohibit or Accept", c.Default)
	}
	if c.Stray > Accept {
		bad("Stray: %v: want Drop, Reject, Prohibit or Accept", c.Stray)
	}
	if c.Full >= Accept {
		bad("Full: %v: want Drop, Reject or Prohibit", c.Full)
	}
	if c.MaxFlows < 0 {
		bad("MaxFlows: %d: want at least 0", c.MaxFlows)
	}
	if c.Kill != nil && c.Kill.Reset > BothEnds {
		bad("Kill.Reset: %d: want InsideEnd, OutsideEnd or both", c.Kill.Reset)
	}
	if c.Kill != nil && c.Kill.After < 0 {
		bad("Kill.After: %v: want at least 0", c.Kill.After)
	}
	if err := c.Timeouts.validate(); err != nil {
		errs = append(errs, err)
	}
	return wrap("firewall", errs)
}

func (t Timeouts) validate() error {
	if t.Established < 0 || t.Transitory < 0 {
		return fmt.Errorf("Timeouts: %v, %v: want at least 0", t.Established, t.Transitory)
	}
	return nil
}

func wrap(box string, errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("middlebox: %s: %w", box, errors.Join(errs...))
}
