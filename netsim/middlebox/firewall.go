package middlebox

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// Firewall is a stateful packet filter. It decides about the segment that would
// open a flow and then passes what belongs to the flow, both ways, until the
// flow was idle for too long. ICMP passes: it cannot end a flow (RFC 5382
// section 7.3, REQ-10, says so of NATs).
type Firewall struct {
	cfg      FirewallConfig
	addr     netip.Addr
	addr6    netip.Addr
	sessions map[pair]*session
	order    []*session // by creation
	timers   timers
}

var _ Box = (*Firewall)(nil)

// NewFirewall makes a firewall. addrs are its own addresses, from which it sends
// ICMP; where it has none of a family, the destination's stands in. The error
// is that of [FirewallConfig.Validate].
func NewFirewall(cfg FirewallConfig, addrs ...netip.Addr) (*Firewall, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg.Timeouts = cfg.Timeouts.withDefaults()
	cfg.Rules = slices.Clone(cfg.Rules)
	f := &Firewall{cfg: cfg, sessions: map[pair]*session{}}
	for _, a := range addrs {
		if a.Is4() {
			f.addr = a
		} else {
			f.addr6 = a
		}
	}
	return f, nil
}

// Flows is how many flows it knows at that time.
func (f *Firewall) Flows(now time.Duration) int {
	f.purge(now)
	return len(f.order)
}

// Handle implements [Box].
func (f *Firewall) Handle(now time.Duration, from Side, p *wire.Packet) Result {
	if p.Proto != wire.TCP {
		return Result{Packet: *p}
	}
	key := pairOf(from, p)
	s := f.sessions[key]
	if s != nil && !s.takes(now, f.cfg.Timeouts, &p.TCP) {
		f.forget(s)
		s = nil
	}
	if s == nil {
		action, why := f.judge(now, from, p)
		if action != Accept {
			return f.refuse(action, why, p)
		}
		s = &session{key: key}
		if !isOpening(&p.TCP) {
			s.pickUp()
		}
		f.sessions[key] = s
		f.order = append(f.order, s)
	}
	was := s.established
	s.pass(now, from, &p.TCP)
	f.watch(now, s, !was && s.established)
	result := Result{Packet: *p}
	if k := f.cfg.Kill; k != nil && k.After == 0 && !was && s.established {
		result.Send = f.kill(s)
	}
	return result
}

// judge decides about a segment of no flow.
func (f *Firewall) judge(now time.Duration, from Side, p *wire.Packet) (action Action, why string) {
	if !isOpening(&p.TCP) {
		return f.cfg.Stray, "no such flow"
	}
	action, why = Accept, ""
	if from == Outside {
		action, why = f.cfg.Default, "default"
	}
	for i := range f.cfg.Rules {
		if r := &f.cfg.Rules[i]; r.matches(from, p) {
			action, why = r.Action, "rule "+r.Name
			if r.Name == "" {
				why = fmt.Sprintf("rule %d", i+1)
			}
			break
		}
	}
	if action == Accept && f.cfg.MaxFlows > 0 && len(f.order) >= f.cfg.MaxFlows {
		f.purge(now)
		if len(f.order) >= f.cfg.MaxFlows {
			return f.cfg.Full, "table full"
		}
	}
	return action, why
}

// refuse loses a packet, with the answer that the action demands.
func (f *Firewall) refuse(action Action, why string, p *wire.Packet) Result {
	result := Result{Drop: "firewall " + why}
	var answer wire.Packet
	ok := false
	switch action {
	case Reject:
		answer, ok = resetFor(p)
	case Prohibit:
		answer, ok = unreachable(wire.AdminProhibited, f.address(p.Dst), p)
	}
	if ok {
		result.Send = []wire.Packet{answer}
	}
	return result
}

// address is the firewall's own address of a family, or else the one given.
func (f *Firewall) address(of netip.Addr) netip.Addr {
	own := f.addr6
	if of.Is4() {
		own = f.addr
	}
	if own.IsValid() {
		return own
	}
	return of
}

// watch sets the alarms of a flow.
func (f *Firewall) watch(now time.Duration, s *session, opened bool) {
	if k := f.cfg.Kill; opened && k != nil && k.After > 0 {
		f.timers.add(now+k.After, timer{session: s, kill: true})
	}
	if opened && f.cfg.ResetIdle {
		f.timers.add(now+s.idle(f.cfg.Timeouts), timer{session: s})
	}
}

// kill ends a flow.
func (f *Firewall) kill(s *session) []wire.Packet {
	f.forget(s)
	return resets(s, f.cfg.Kill.Reset)
}

// resets are RSTs to the ends of a flow, the inside first.
func resets(s *session, to Ends) []wire.Packet {
	var sent []wire.Packet
	for _, side := range []Side{Inside, Outside} {
		if to.has(side) {
			sent = append(sent, s.resetTo(side))
		}
	}
	return sent
}

func (f *Firewall) forget(s *session) {
	delete(f.sessions, s.key)
	f.order = slices.DeleteFunc(f.order, func(other *session) bool { return other == s })
}

// purge forgets what was idle for too long.
func (f *Firewall) purge(now time.Duration) {
	f.order = slices.DeleteFunc(f.order, func(s *session) bool {
		dead := !s.alive(now, f.cfg.Timeouts)
		if dead {
			delete(f.sessions, s.key)
		}
		return dead
	})
}

// Deadline implements [Box].
func (f *Firewall) Deadline() (at time.Duration, ok bool) { return f.timers.next() }

// Expire implements [Box].
func (f *Firewall) Expire(now time.Duration) []wire.Packet {
	var sent []wire.Packet
	for {
		t, ok := f.timers.take(now)
		if !ok {
			return sent
		}
		s := t.session
		switch {
		case f.sessions[s.key] != s:
		case t.kill:
			if s.open() {
				sent = append(sent, f.kill(s)...)
			}
		case s.alive(now, f.cfg.Timeouts):
			if s.open() { // else it ends without a word
				f.timers.add(s.last+s.idle(f.cfg.Timeouts), t)
			}
		default:
			f.forget(s)
			if s.open() {
				sent = append(sent, resets(s, BothEnds)...)
			}
		}
	}
}
