package bubble

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/wire"
)

// Rule is a rule in force for the packets from one host to another.
type Rule struct {
	net      *Network
	name     string
	from, to *Host
	rule     link.Rule
	on       []*link.Direction
	hits     int // how often it passed its verdict; the driver's own
}

// Drop loses packets from host from to host to, nil for any host: those that
// match, in the notation of [link.Match] ("data", "SA", "F", "R", "data,sport=80",
// "data,!rexmit"), and of these the ones with the given numbers, counted from 1;
// without numbers, all. The client's second data segment is
//
//	n.Drop(client, server, "data", 2)
//
// It counts the packets that are in flight now and those sent from now on,
// over all connections between the hosts, retransmissions too unless the match
// says "!rexmit". A mistake in match or numbers fails the test.
func (n *Network) Drop(from, to *Host, match string, numbers ...int) *Rule {
	n.t.Helper()
	return n.rule(from, to, match, link.Verdict{Action: link.Drop}, numbers)
}

// Delay makes packets arrive later than the link would deliver them, by at least
// 0, so that those sent after them may overtake; see [Network.Drop] for which.
func (n *Network) Delay(from, to *Host, match string, by time.Duration, numbers ...int) *Rule {
	n.t.Helper()
	return n.rule(from, to, match, link.Verdict{Action: link.Deliver, Delay: by}, numbers)
}

// Duplicate delivers packets twice, the copy after a further delay of at least 0;
// see [Network.Drop] for which.
func (n *Network) Duplicate(from, to *Host, match string, after time.Duration, numbers ...int) *Rule {
	n.t.Helper()
	return n.rule(from, to, match, link.Verdict{Action: link.Duplicate, Delay: after}, numbers)
}

// Corrupt flips the last bit of packets, so that they fail the checksum of TCP;
// see [Network.Drop] for which.
func (n *Network) Corrupt(from, to *Host, match string, numbers ...int) *Rule {
	n.t.Helper()
	return n.rule(from, to, match, link.Verdict{Action: link.Corrupt, Bit: -8}, numbers)
}

// rule puts a rule on the directions that leave from.
func (n *Network) rule(from, to *Host, match string, verdict link.Verdict, numbers []int) *Rule {
	n.t.Helper()
	r := &Rule{net: n, from: from, to: to}
	parsed, err := link.ParseMatch(match)
	if err == nil {
		err = r.prepare(parsed, verdict, numbers)
	}
	if err != nil {
		n.t.Errorf("bubble: rule for packets from %s: %v", from.sim.Name(), err)
		return r
	}
	n.Do(func(sim *netsim.Network) {
		r.name = n.freeRuleName(r.name)
		n.test.rules = append(n.test.rules, r)
		n.noteFault("rule " + r.String())
		for _, l := range sim.Links() {
			if d := l.From(from.sim); d != nil {
				if err := d.AddRule(r.name, r); err != nil {
					n.t.Errorf("bubble: %v", err)
					continue
				}
				r.on = append(r.on, d)
			}
		}
	})
	return r
}

// prepare makes the rule of its parts: one with a count for each number.
func (r *Rule) prepare(match link.Match, verdict link.Verdict, numbers []int) error {
	if len(numbers) == 0 {
		m := link.MatchRule{Match: match, Verdict: verdict}
		rule, err := m.Rule()
		r.name, r.rule = m.String(), rule
		return err
	}
	var rules anyOf
	var words []string
	for _, number := range numbers {
		if number < 1 {
			return fmt.Errorf("number %d: packets are counted from 1; give no number for all", number)
		}
		rule, err := link.MatchRule{Match: match, From: number, To: number, Verdict: verdict}.Rule()
		if err != nil {
			return err
		}
		rules = append(rules, rule)
		words = append(words, fmt.Sprint(number))
	}
	r.name = fmt.Sprintf("%v %v %s", verdict, match, strings.Join(words, "+"))
	r.rule = rules
	return nil
}

// anyOf is the first verdict of several rules; each sees every packet.
type anyOf []link.Rule

func (rules anyOf) Judge(now time.Duration, p *wire.Packet) (won link.Verdict) {
	for _, r := range rules {
		if v := r.Judge(now, p); won.Action == link.Pass {
			won = v
		}
	}
	return won
}

// freeRuleName is a name that no rule of the network has yet.
func (n *Network) freeRuleName(name string) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(n.test.rules, func(r *Rule) bool { return r.name == name })
	}
	if !taken(name) {
		return name
	}
	for i := 2; ; i++ {
		if other := fmt.Sprintf("%s (%d)", name, i); !taken(other) {
			return other
		}
	}
}

// Judge implements [link.Rule]; the links call it.
func (r *Rule) Judge(now time.Duration, p *wire.Packet) link.Verdict {
	if !slices.Contains(r.from.sim.Addrs(), p.Src) || r.to != nil && !slices.Contains(r.to.sim.Addrs(), p.Dst) {
		return link.Verdict{}
	}
	v := r.rule.Judge(now, p)
	if v.Action != link.Pass {
		r.hits++
	}
	return v
}

// Hits is how many packets the rule has been applied to so far.
func (r *Rule) Hits() int {
	hits := 0
	r.net.Do(func(*netsim.Network) { hits = r.hits })
	return hits
}

// Remove takes the rule away; packets that it delays arrive as it said.
func (r *Rule) Remove() {
	r.net.Do(func(*netsim.Network) {
		if len(r.on) > 0 {
			r.net.noteFault("remove rule " + r.String())
		}
		for _, d := range r.on {
			d.RemoveRule(r.name)
		}
		r.on = nil
	})
}

// String says what the rule does and to whom: "drop data 2, client -> server".
func (r *Rule) String() string {
	to := "any"
	if r.to != nil {
		to = r.to.sim.Name()
	}
	return fmt.Sprintf("%s, %s -> %s", r.name, r.from.sim.Name(), to)
}
