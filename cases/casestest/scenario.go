package casestest

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/netsim/link"
)

// Scenario generates valid scenarios that use everything that the format has.
func Scenario() *rapid.Generator[*cases.Scenario] {
	return rapid.Custom(func(t *rapid.T) *cases.Scenario {
		b := &builder{t: t, s: &cases.Scenario{Name: "drawn"}}
		b.s.Claim = strings.Trim(strings.Join(b.lines("claim", 4), "\n"), "\n")
		b.cites()
		b.topology()
		b.rules()
		b.procs()
		if b.chance("limit") {
			b.s.Limit = cases.Limit{Time: b.duration("limit", time.Second), Comments: b.comments()}
		}
		b.examples()
		b.s.Below = b.lines("below", 2)
		return b.s
	})
}

// builder draws one scenario.
type builder struct {
	t     *rapid.T
	s     *cases.Scenario
	count int // of names
}

func (b *builder) chance(what string) bool { return rapid.Bool().Draw(b.t, what) }

func (b *builder) number(what string, least, greatest int) int {
	return rapid.IntRange(least, greatest).Draw(b.t, what)
}

// name is a name that was not used yet.
func (b *builder) name(what string) string {
	b.count++
	return fmt.Sprintf("%s_%d", rapid.StringMatching(`[A-Za-z][A-Za-z0-9_-]{0,5}`).Draw(b.t, what), b.count)
}

func (b *builder) lines(what string, most int) []string {
	lines := rapid.SliceOfN(rapid.StringMatching(`[ -~äλ]{0,20}`), 0, most).Draw(b.t, what)
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

func (b *builder) comments() cases.Comments {
	var c cases.Comments
	if b.number("commented", 0, 5) == 0 {
		c.Above = b.lines("above", 2)
		c.Beside = strings.Join(b.lines("beside", 1), "")
	}
	return c
}

func (b *builder) cites() {
	for range b.number("sources", 0, 3) {
		b.s.Source = append(b.s.Source, cases.Cite{Text: b.name("source"), Comments: b.comments()})
	}
	for range b.number("clauses", 0, 3) {
		clause := rapid.StringMatching(`RFC[1-9][0-9]{2}-[0-9](\.[0-9]){0,3}`).Draw(b.t, "clause")
		b.s.RFC = append(b.s.RFC, cases.Cite{Text: clause, Comments: b.comments()})
	}
}

// topology is a star of hosts around the first node, with routers in between.
func (b *builder) topology() {
	for i := range b.number("hosts", 2, 4) {
		h := cases.Host{Name: b.name("host"), Comments: b.comments()}
		if b.chance("stack") {
			h.Stack = cases.WordValue("netstack")
		}
		if b.chance("addr") {
			h.Addrs = append(h.Addrs, netip.AddrFrom4([4]byte{10, 1, 0, byte(i + 1)}))
		}
		if b.chance("addr6") {
			h.Addrs = append(h.Addrs, netip.MustParseAddr(fmt.Sprintf("fd00::%x", i+1)))
		}
		if b.chance("settings") {
			h.HostSettings = b.hostSettings()
		}
		b.s.Hosts = append(b.s.Hosts, h)
	}
	if b.chance("boxes") {
		b.boxes()
	}
	b.s.Routers = append(b.s.Routers, cases.Router{Name: b.name("router"), Comments: b.comments()})
	hub := cases.Ref{Name: b.s.Routers[0].Name}
	for _, name := range []string{b.s.Routers[0].Name, b.s.Hosts[0].Name} {
		if b.chance("neighbours") {
			b.s.Knows = append(b.s.Knows, cases.Neighbours{
				Node: cases.Ref{Name: name}, State: b.choice("knows", "missing", "cached"), Comments: b.comments(),
			})
		}
	}
	for _, h := range b.s.Hosts {
		b.s.Links = append(b.s.Links, b.link(hub, cases.Ref{Name: h.Name}))
	}
}

// hostSettings are settings that netstack has.
func (b *builder) hostSettings() cases.HostSettings {
	return cases.HostSettings{
		SACK:       b.choice("sack", "on", "off"),
		Timestamps: cases.WordValue("on"),
		Retries:    b.int("retries", 1, 255),
		FinTimeout: b.duration("fintimeout", 0),
		TimeWait:   b.duration("timewait", 0),
		MTU:        b.int("mtu", 1280, 65535),
		Congestion: b.choice("congestion", "reno", "cubic"),
	}
}

func (b *builder) link(from, to cases.Ref) cases.Link {
	l := cases.Link{A: from, B: to, Comments: b.comments()}
	if b.chance("rtt") {
		l.RTT = b.duration("rtt", 0)
	}
	for _, s := range []*cases.LinkSettings{&l.Both, &l.AB, &l.BA} {
		if b.chance("settings") {
			b.settings(s)
		}
	}
	return l
}

func (b *builder) settings(s *cases.LinkSettings) {
	maybe := func(v *cases.Value, draw func() cases.Value) {
		if b.number("set", 0, 2) == 0 {
			*v = draw()
		}
	}
	duration := func() cases.Value { return b.duration("setting", 0) }
	maybe(&s.Delay, duration)
	maybe(&s.Jitter, duration)
	maybe(&s.Reorder, func() cases.Value { return b.choice("reorder", "on", "off") })
	maybe(&s.Loss, b.probability)
	maybe(&s.BurstP, func() cases.Value { return cases.ProbabilityValue(link.Percent) })
	if s.BurstP.IsSet() {
		maybe(&s.BurstR, func() cases.Value { return cases.ProbabilityValue(30 * link.Percent) })
		if s.BurstR.IsSet() {
			maybe(&s.BurstLossBad, func() cases.Value { return cases.ProbabilityValue(1 + 10*link.Percent) })
		}
	}
	maybe(&s.Duplicate, b.probability)
	if s.Duplicate.IsSet() {
		maybe(&s.DuplicateDelay, duration)
	}
	maybe(&s.Corrupt, b.probability)
	maybe(&s.Rate, func() cases.Value {
		rate := link.BitRate(b.number("rate", 0, 2_000_000_000))
		return b.param(cases.RateValue(rate), cases.RateValue(1), cases.RateValue(3*link.Gbit))
	})
	maybe(&s.Queue, func() cases.Value {
		if b.chance("packets") {
			return cases.PacketsValue(b.number("queue", 1, 1000))
		}
		return b.size("queue", 1<<20)
	})
	maybe(&s.MTU, func() cases.Value { return b.int("mtu", 68, 9000) })
}

func (b *builder) rules() {
	verdicts := []cases.Verdict{cases.VerdictDrop, cases.VerdictDelay, cases.VerdictDup, cases.VerdictCorrupt}
	matches := []string{"any", "data", "ack,!R", "flags=S.", `contains="50\x203#"`, "len>100", "!rexmit"}
	for range b.number("rules", 0, 3) {
		l := rapid.SampledFrom(b.s.Links).Draw(b.t, "on")
		r := cases.Rule{
			From: l.A, To: l.B,
			Verdict:  rapid.SampledFrom(verdicts).Draw(b.t, "verdict"),
			Match:    link.MustMatch(rapid.SampledFrom(matches).Draw(b.t, "match")).String(),
			Comments: b.comments(),
		}
		switch r.Verdict {
		case cases.VerdictDelay, cases.VerdictDup:
			r.Arg = b.duration("verdict", 0)
		case cases.VerdictCorrupt:
			r.Arg = b.int("bit", -8, 400)
		}
		switch b.number("which", 0, 3) {
		case 1:
			r.First = b.int("n", 1, 9)
			r.Last = r.First
		case 2:
			r.First, r.Last = b.int("from", 1, 9), cases.IntValue(9)
		case 3:
			r.First = b.int("from", 1, 9)
		}
		b.s.Rules = append(b.s.Rules, r)
	}
}

func (b *builder) examples() {
	for range b.number("examples", 0, 3) {
		e := cases.Example{Stack: cases.Ref{Name: "netstack"}, Comments: b.comments()}
		for _, p := range b.s.Params {
			if b.chance("set") {
				v := rapid.SampledFrom(append([]cases.Value{p.Default}, p.Choices...)).Draw(b.t, "value")
				e.Set = append(e.Set, cases.Setting{Name: p.Name, Value: v})
			}
		}
		for i := range b.s.Procs {
			if i == 0 || b.chance("want") {
				e.Want.Procs = append(e.Want.Procs, b.want(&b.s.Procs[i]))
			}
		}
		b.s.Examples = append(b.s.Examples, e)
	}
}

func (b *builder) want(p *cases.Proc) cases.ProcOutcome {
	results := []string{
		`"503 busy"`, `"#| \n\xff@,="`, "1448B", "EOF", "ECONNRESET", "blocked", "killed", "CLOSE-WAIT", `"x",EOF`,
	}
	want := cases.ProcOutcome{Proc: p.Name}
	for i := range p.Steps {
		if !b.chance("seen") {
			continue
		}
		s := cases.Seen{Op: p.Steps[i].Op(), Result: rapid.SampledFrom(results).Draw(b.t, "result")}
		if b.chance("timed") {
			s.Timed, s.At = true, time.Duration(b.number("at", 0, 1e9))
			if b.chance("ok") {
				s.Result = "ok"
			}
		}
		want.Seen = append(want.Seen, s)
	}
	return want
}
