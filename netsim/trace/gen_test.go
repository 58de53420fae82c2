package trace

import (
	"math"
	"net/netip"
	"time"

	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

// genTrace generates traces that a simulator might record and some that it
// would not: names and texts of any bytes, times at both ends of their range,
// packets that are delivered before they are sent.
func genTrace() *rapid.Generator[*Trace] {
	return rapid.Custom(func(t *rapid.T) *Trace {
		tr := &Trace{Header: genHeader(t)}
		r := NewRecorder(true)
		g := &generator{t: t, live: nil}
		for range rapid.IntRange(0, 25).Draw(t, "events") {
			e := g.event()
			r.Record(&e)
		}
		tr.Events = r.Trace().Events
		if len(tr.Events) == 0 {
			tr.Events = nil
		}
		if rapid.IntRange(0, 9).Draw(t, "filtered") == 0 { // as after a filter: positions are not 1, 2, 3
			for i := range tr.Events {
				tr.Events[i].Seq = rapid.Uint64().Draw(t, "seq")
			}
		}
		return tr
	})
}

// genHeader generates metadata.
func genHeader(t *rapid.T) Header {
	h := Header{Scenario: genText.Draw(t, "scenario"), Seed: rapid.Uint64().Draw(t, "seed")}
	if rapid.Bool().Draw(t, "with start") {
		h.Start = Epoch.Add(time.Duration(rapid.Int64().Draw(t, "start")))
	}
	for range rapid.IntRange(0, 3).Draw(t, "hosts") {
		host := Host{Name: genName.Draw(t, "name"), Engine: genText.Draw(t, "engine")}
		for range rapid.IntRange(0, 2).Draw(t, "addresses") {
			host.Addrs = append(host.Addrs, rapid.OneOf(wiretest.Addr4(), wiretest.Addr6()).Draw(t, "address"))
		}
		h.Hosts = append(h.Hosts, host)
	}
	return h
}

var (
	genName = rapid.OneOf(
		rapid.SampledFrom([]string{"client", "server", "r1", "", "-", "a b", `"`, "é", "\xff", "a:b/c", "x\ny"}),
		rapid.String(),
	)
	genText = rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "queue full", " ", "  lead", "trail ", `\`, `"quoted"`, "a -- b", `"GET /", 5`, "a) ... b", "a) = 5", ")",
			"a)", "tab\there", "line\nfeed", "\xff\xfe", "(EOF)", "ECONNRESET", "\u2028", "\ufeff", "<&>", "\x00", "�", "\r",
		}),
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
	genState = rapid.Map(rapid.IntRange(0, wire.NumStates-1), func(n int) wire.State { return wire.State(n) })
	genInt   = rapid.OneOf(rapid.IntRange(-2, 5), rapid.Int(), rapid.Map(rapid.SampledFrom([]int64{math.MinInt, math.MaxInt, 1 << 53, 1<<53 + 1}), func(n int64) int { return int(n) }))
)

// generator draws the events of one trace. Most packets belong to a few
// connections, whose ports are used again, some right after the sequence
// numbers wrapped; packets sent are delivered, forwarded or dropped later.
type generator struct {
	t      *rapid.T
	now    time.Duration
	number uint64
	live   []Event // packets on the way
}

func (g *generator) event() Event {
	t := g.t
	g.now += time.Duration(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, int64(time.Second))).Draw(t, "later"))
	e := Event{At: g.now, Host: genName.Draw(t, "host")}
	if rapid.IntRange(0, 19).Draw(t, "any time") == 0 {
		e.At = time.Duration(rapid.Int64().Draw(t, "at"))
	}
	e.Kind = rapid.OneOf(rapid.SampledFrom([]Kind{Sent, Delivered}), rapid.SampledFrom(allKinds())).Draw(t, "kind")
	switch e.Kind {
	case Sent, Injected:
		g.enter(&e)
	case Forwarded, Delivered, Dropped:
		g.end(&e)
	case Call, Return:
		g.call(&e)
	case StateChange:
		e.FD = rapid.OneOf(rapid.IntRange(0, 4), genInt).Draw(t, "fd")
		e.Local, e.Remote = g.addrPort("local"), g.addrPort("remote")
		e.From, e.To = genState.Draw(t, "from"), genState.Draw(t, "to")
	case Fault:
		e.Fault = genText.Draw(t, "fault")
	}
	return e
}

func allKinds() (kinds []Kind) {
	for k := Sent; k.valid(); k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

func (g *generator) addrPort(label string) netip.AddrPort {
	return rapid.OneOf(
		rapid.Just(netip.AddrPort{}),
		rapid.Just(netip.AddrPortFrom(netip.Addr{}, 80)),
		rapid.Custom(func(t *rapid.T) netip.AddrPort {
			a := rapid.OneOf(wiretest.Addr4(), wiretest.Addr6()).Draw(t, "address")
			return netip.AddrPortFrom(a, rapid.Uint16().Draw(t, "port"))
		}),
	).Draw(g.t, label)
}

// enter makes e a packet that was not there before.
func (g *generator) enter(e *Event) {
	t := g.t
	g.number++
	e.Number = g.number
	e.Peer = genName.Draw(t, "peer")
	e.Packet = g.packet()
	if rapid.IntRange(0, 9).Draw(t, "odd number") == 0 {
		e.Number = rapid.Uint64().Draw(t, "number")
	}
	g.live = append(g.live, *e)
}

func (g *generator) packet() wire.Packet {
	t := g.t
	p := wiretest.Packet().Draw(t, "packet")
	if p.Proto == wire.ICMP || rapid.IntRange(0, 4).Draw(t, "stray") == 0 {
		return p
	}
	// One of two connections over either IP version, one of two directions.
	hosts := []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")}
	if p.Src.Is6() {
		hosts = []netip.Addr{netip.MustParseAddr("fd00::1"), netip.MustParseAddr("fd00::")}
	}
	ports := []uint16{rapid.Uint16Range(49152, 49153).Draw(t, "port"), 80}
	from := rapid.IntRange(0, 1).Draw(t, "from")
	p.Src, p.Dst = hosts[from], hosts[1-from]
	p.TCP.SrcPort, p.TCP.DstPort = ports[from], ports[1-from]
	if rapid.Bool().Draw(t, "usual header") {
		p.TTL, p.TOS, p.ID, p.DF, p.FlowLabel = 64, 0, 0, p.Src.Is4(), 0
	}
	if rapid.IntRange(0, 9).Draw(t, "bad options") == 0 {
		p.TCP.Options = wire.Options(wiretest.Bytes(12).Draw(t, "options"))
	}
	return p
}

// end makes e a later event of a packet on the way, or of one never sent.
func (g *generator) end(e *Event) {
	t := g.t
	if len(g.live) == 0 || rapid.IntRange(0, 9).Draw(t, "never sent") == 0 {
		g.enter(e)
	} else {
		i := rapid.IntRange(0, len(g.live)-1).Draw(t, "which")
		was := &g.live[i]
		e.Number, e.Packet, e.Peer = was.Number, was.Packet, was.Host
		if rapid.IntRange(0, 9).Draw(t, "translated") == 0 && e.Packet.Proto == wire.TCP {
			e.Packet.TCP.SrcPort++
		}
	}
	e.Copy = rapid.OneOf(rapid.Just(0), genInt).Draw(t, "copy")
	e.Flip = rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 400), rapid.IntMin(0)).Draw(t, "flip")
	e.Reason = genText.Draw(t, "reason")
}

func (g *generator) call(e *Event) {
	t := g.t
	e.FD = rapid.OneOf(rapid.IntRange(0, 4), genInt).Draw(t, "fd")
	e.Proc = genName.Draw(t, "proc")
	e.Op = rapid.OneOf(rapid.SampledFrom([]string{"send", "recv", "connect", "close"}), genName).Draw(t, "op")
	e.Args = genText.Draw(t, "args")
	if e.Kind == Call {
		e.Data = rapid.OneOf(rapid.Just([]byte(nil)), wiretest.Bytes(20)).Draw(t, "given")
		return
	}
	e.N = genInt.Draw(t, "n")
	e.Errno = rapid.OneOf(rapid.SampledFrom([]string{"", "", "ECONNRESET", "E2BIG", "EOF", "e"}), genText).Draw(t, "errno")
	e.Data = wiretest.Bytes(20).Draw(t, "data")
	e.Note = genText.Draw(t, "note")
}
