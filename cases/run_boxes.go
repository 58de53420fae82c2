package cases

import (
	"errors"
	"net/netip"

	"rstlab/netsim/link"
	"rstlab/netsim/middlebox"
)

// addBoxes sets the middleboxes up.
func (r *runner) addBoxes() error {
	for i := range r.scenario.Boxes {
		b := &r.scenario.Boxes[i]
		var outside []string
		for _, ref := range b.Outside {
			outside = append(outside, ref.Name)
		}
		switch b.Kind {
		case BoxFirewall:
			r.nodes[b.Name] = r.net.Firewall(b.Name, r.firewall(b), outside...)
		case BoxNAT:
			r.nodes[b.Name] = r.net.NAT(b.Name, b.nat(), outside...)
		case BoxObserver:
			cfg, outside, err := r.observer(b)
			if err != nil {
				return err
			}
			r.nodes[b.Name] = r.net.Observer(b.Name, cfg, outside)
		}
	}
	return nil
}

func (b *Box) timeouts() middlebox.Timeouts {
	return middlebox.Timeouts{Established: b.Established.Duration(), Transitory: b.Transitory.Duration()}
}

// actionOf is the action of a firewall; drop when it is not set.
func actionOf(v Value) middlebox.Action {
	for _, a := range []middlebox.Action{middlebox.Reject, middlebox.Prohibit, middlebox.Accept} {
		if v.Is(a.String()) {
			return a
		}
	}
	return middlebox.Drop
}

func (r *runner) firewall(b *Box) middlebox.FirewallConfig {
	cfg := middlebox.FirewallConfig{
		Default: actionOf(b.Default), Stray: actionOf(b.Stray), Full: actionOf(b.Full),
		Timeouts: b.timeouts(), ResetIdle: b.ResetIdle.Is("on"), MaxFlows: b.Flows.Int(),
	}
	if b.Kill.IsSet() {
		ends := map[string]middlebox.Ends{
			"inside": middlebox.InsideEnd, "outside": middlebox.OutsideEnd, "both": middlebox.BothEnds,
		}
		cfg.Kill = &middlebox.Kill{After: b.Kill.Duration(), Reset: ends[b.Reset.Text]}
	}
	for i := range r.scenario.Filters {
		if f := &r.scenario.Filters[i]; f.Box.Name == b.Name {
			cfg.Rules = append(cfg.Rules, r.filterRules(f)...)
		}
	}
	return cfg
}

// filterRules are the rules that a filter stands for: one for every pair of
// addresses of the hosts that it names.
func (r *runner) filterRules(f *Filter) []middlebox.FirewallRule {
	rule := middlebox.FirewallRule{
		Name: f.text(), Action: actionOf(f.Action), From: middlebox.Inside,
		SrcPort: uint16(f.SrcPort.Int()), DstPort: uint16(f.DstPort.Int()),
	}
	if f.Direction.Is("in") {
		rule.From = middlebox.Outside
	}
	var rules []middlebox.FirewallRule
	for _, src := range r.prefixes(f.Src) {
		for _, dst := range r.prefixes(f.Dst) {
			if src.IsValid() && dst.IsValid() && src.Addr().Is4() != dst.Addr().Is4() {
				continue
			}
			rule.Src, rule.Dst = src, dst
			rules = append(rules, rule)
		}
	}
	return rules
}

// prefixes are the addresses of a host or the one that is written out; the zero
// prefix, which is any, for no name.
func (r *runner) prefixes(ref Ref) []netip.Prefix {
	if ref.Name == "" {
		return []netip.Prefix{{}}
	}
	var all []netip.Prefix
	for _, a := range r.addresses(ref.Name) {
		all = append(all, netip.PrefixFrom(a, a.BitLen()))
	}
	return all
}

func (b *Box) nat() middlebox.NATConfig {
	cfg := middlebox.NATConfig{
		Address: b.Addr, Timeouts: b.timeouts(), SilentSYN: b.SYN.Is("drop"), MaxFlows: b.Flows.Int(),
		Filtering: map[string]middlebox.Filtering{
			"address": middlebox.AddressDependent, "port": middlebox.AddressPortDependent,
		}[b.Filtering.Text],
		Unknown: map[string]middlebox.Unknown{"reject": middlebox.ResetSender, "remap": middlebox.Remap}[b.Stray.Text],
		Full:    map[string]middlebox.Full{"reject": middlebox.FullReset, "evict": middlebox.FullEvict}[b.Full.Text],
	}
	if b.Ports.IsSet() {
		cfg.FirstPort, cfg.LastPort = 1024, uint16(1023+b.Ports.Int())
	}
	return cfg
}

// observer is the configuration of an observer, and which of its two neighbours
// it has outside.
func (r *runner) observer(b *Box) (cfg middlebox.ObserverConfig, outside string, err error) {
	for i := range r.scenario.Links {
		l := &r.scenario.Links[i]
		switch b.Name {
		case l.A.Name:
			outside = l.B.Name
		case l.B.Name:
			outside = l.A.Name
		}
	}
	for i := range r.scenario.Forges {
		f := &r.scenario.Forges[i]
		if f.Box.Name != b.Name {
			continue
		}
		match, wrong := link.ParseMatch(f.Match)
		err = errors.Join(err, wrong)
		t := middlebox.Trigger{
			Match: match.Matcher().Match, From: middlebox.InsideEnd, First: f.First.Int(), Last: f.Last.Int(),
			Forge: []middlebox.Forgery{f.forgery()},
		}
		if f.From.Name == outside {
			t.From = middlebox.OutsideEnd
		}
		cfg.Triggers = append(cfg.Triggers, t)
	}
	return cfg, outside, err
}

func (f *Forge) forgery() middlebox.Forgery {
	forgery := middlebox.Forgery{
		To:    map[string]middlebox.Receivers{"sender": middlebox.ToSender, "both": middlebox.ToBoth}[f.To.Text],
		After: f.After.Duration(), Flags: flagsOf(f.Flags), Window: uint16(f.Window.Int()),
		Count: f.Count.Int(), Stride: int64(f.Stride.Int()), Payload: bytesOf(f.Data),
	}
	if f.Seq.IsSet() {
		forgery.Seq, _ = numberOf(f.Seq)
	}
	if f.Ack.IsSet() {
		forgery.Ack, _ = numberOf(f.Ack)
	}
	return forgery
}

// addresses are those of a host, or the one that is written out.
func (r *runner) addresses(name string) []netip.Addr {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a}
	}
	return r.hosts[name].Addrs()
}
