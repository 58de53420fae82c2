package record

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"rstlab/cases/truth"
	"rstlab/netsim/link"
	"rstlab/netsim/wire"
)

// hosts are the two hosts, in the order of all arrays here.
var hosts = [2]string{"A", "B"}

var addresses = [2]netip.Addr{netip.MustParseAddr("10.9.0.1"), netip.MustParseAddr("10.9.0.2")}

// relayTime is how much longer than the delay a packet takes, as package truth
// has it.
const relayTime = 300 * time.Microsecond

// forgedWindow is the window of forged segments.
const forgedWindow = 1000

// relay decides what happens to packets. It has no clock and no device: time is
// an argument.
type relay struct {
	delay time.Duration
	rules []rule
	down  [2]bool // what A or B sends is lost
	flows []*flow
	log   func(line)
}

// rule is a rule of the script in use.
type rule struct {
	truth.Rule
	match *link.Matcher
	seen  int
}

func newRelay(f *truth.File, log func(line)) *relay {
	r := &relay{delay: f.Delay, log: log}
	for _, one := range f.Rules {
		r.rules = append(r.rules, rule{Rule: one, match: link.MustMatch(one.Match).Matcher()})
	}
	return r
}

// send takes a packet that a host sent, and says when it arrives; ok is false
// when it is lost.
func (r *relay) send(now time.Duration, from int, p *wire.Packet) (at time.Duration, ok bool) {
	lost, more := "", time.Duration(0)
	for i := range r.rules {
		rule := &r.rules[i]
		if rule.From != hosts[from] || !rule.match.Match(p) {
			continue
		}
		rule.seen++
		if rule.Nth > 0 && rule.seen != rule.Nth || lost != "" || more > 0 {
			continue
		}
		if more = rule.Delay; more == 0 {
			lost = "DROPPED (rule)"
		}
	}
	if r.down[from] {
		lost = "DROPPED (link down)"
	}
	flow := r.flow(from, p.TCP.SrcPort, p.TCP.DstPort)
	own, peer := &flow.ends[from], &flow.ends[1-from]
	own.sent(&p.TCP)
	text := hosts[from] + ">" + hosts[1-from] + " " + segmentText(&p.TCP, own, peer) + " "
	l := line{at: now}
	at = now + r.delay + more
	switch {
	case lost != "":
		l.text = text + lost
	case more > 0:
		l.text = fmt.Sprintf("%sarrives %s (+%dms)", text, tenths(at), more.Milliseconds())
	default:
		l.text = text + "arrives " + tenths(at)
	}
	if lost == "" && more == 0 && plain(&p.TCP) {
		l.from = hosts[from]
	}
	r.log(l)
	return at + relayTime, lost == ""
}

func tenths(t time.Duration) string {
	n := t.Microseconds() / 100
	return fmt.Sprintf("%d.%d", n/10, n%10)
}

// arrived notes a packet that a host is about to receive.
func (r *relay) arrived(to int, p *wire.Packet) {
	r.flow(1-to, p.TCP.SrcPort, p.TCP.DstPort).ends[to].arrived(&p.TCP)
}

// flow is the connection of a segment that a host sends.
func (r *relay) flow(from int, src, dst uint16) *flow {
	ports := [2]uint16{src, dst}
	if from == 1 {
		ports = [2]uint16{dst, src}
	}
	for i := len(r.flows) - 1; i >= 0; i-- {
		if r.flows[i].ports == ports {
			return r.flows[i]
		}
	}
	f := &flow{ports: ports}
	r.flows = append(r.flows, f)
	return f
}

// setDown begins or ends the loss of what hosts send.
func (r *relay) setDown(now time.Duration, c *truth.Call) {
	for i, host := range hosts {
		if strings.Contains(c.Args[0], host) {
			r.down[i] = c.Op == "down"
		}
	}
	r.log(line{at: now, text: "R " + c.Op + " " + c.Args[0]})
}

// inject forges a segment for a host.
func (r *relay) inject(now time.Duration, in truth.Injection) (to int, packet wire.Packet) {
	if in.Host == "B" {
		to = 1
	}
	f := r.victim(to, in)
	e, peer := &f.ends[to], &f.ends[1-to]
	s := wire.Segment{
		SrcPort: f.ports[1-to], DstPort: f.ports[to], Flags: flagsOf(in.Flags),
		Seq: e.seq(in.Seq), Window: forgedWindow,
	}
	if s.Flags.Has(wire.ACK) {
		s.Ack = e.ack(in.Ack)
	}
	r.log(line{at: now, text: fmt.Sprintf("INJECT>%s %s (rcv_nxt%+d, window %d)",
		in.Host, segmentText(&s, peer, e), int32(s.Seq-e.rcvNxt), e.window)})
	return to, wire.Packet{Src: addresses[1-to], Dst: addresses[to], TTL: 64, DF: true, TCP: s, Proto: wire.TCP}
}

// victim is the connection that an injection means: of those that have the ports
// it says, the one that began last.
func (r *relay) victim(to int, in truth.Injection) *flow {
	for i := len(r.flows) - 1; i >= 0; i-- {
		f := r.flows[i]
		if (in.DPort == 0 || int(f.ports[to]) == in.DPort) && (in.SPort == 0 || int(f.ports[1-to]) == in.SPort) {
			return f
		}
	}
	f := &flow{}
	f.ports[to], f.ports[1-to] = uint16(in.DPort), uint16(in.SPort)
	return f
}
