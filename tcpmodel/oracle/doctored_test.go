package oracle_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel/oracle"
)

// doctor is a way to falsify a trace.
type doctor struct {
	name string
	// fits reports whether an event can be falsified this way.
	fits func(e *trace.Event) bool
	// change falsifies it; nil drops it.
	change func(e *trace.Event)
	// later holds the event back by so much.
	later time.Duration
	// least is how many of a hundred must be caught. What is not is allowed by the
	// standard, or shows nowhere in the rest of the trace.
	least int
}

func sent(flags, without wire.Flags) func(e *trace.Event) bool {
	return func(e *trace.Event) bool {
		f := e.Packet.TCP.Flags
		return e.Kind == trace.Sent && e.Packet.Proto == wire.TCP && f.Has(flags) && f&without == 0
	}
}

func text(e *trace.Event) bool {
	return sent(0, wire.RST|wire.SYN)(e) && len(e.Packet.TCP.Payload) > 0
}

func result(op ...string) func(e *trace.Event) bool {
	return func(e *trace.Event) bool { return e.Kind == trace.Return && slices.Contains(op, e.Op) && e.Note == "" }
}

func segment(change func(s *wire.Segment)) func(e *trace.Event) {
	return func(e *trace.Event) { change(&e.Packet.TCP) }
}

func toggle(f wire.Flags) func(e *trace.Event) {
	return segment(func(s *wire.Segment) { s.Flags ^= f })
}

func stateChange(e *trace.Event) bool { return e.Kind == trace.StateChange }

var doctors = []doctor{
	{"RST for another flag", sent(wire.ACK, wire.RST|wire.SYN), toggle(wire.RST), 0, 90},
	{"no RST flag", sent(wire.RST, 0), toggle(wire.RST), 0, 85},
	{"FIN set", sent(wire.ACK, wire.RST|wire.SYN|wire.FIN), toggle(wire.FIN), 0, 88},
	{"FIN taken off", sent(wire.FIN, 0), toggle(wire.FIN), 0, 88},
	{"SYN set", sent(wire.ACK, wire.SYN), toggle(wire.SYN), 0, 88},
	{"ACK taken off", sent(wire.ACK, wire.RST|wire.SYN), toggle(wire.ACK), 0, 90},
	{"SEQ one higher", sent(0, wire.SYN), segment(func(s *wire.Segment) { s.Seq++ }), 0, 85},
	{"SEQ one lower", sent(0, wire.SYN), segment(func(s *wire.Segment) { s.Seq-- }), 0, 85},
	{"ACK one higher", sent(wire.ACK, wire.RST), segment(func(s *wire.Segment) { s.Ack++ }), 0, 90},
	{"ACK one lower", sent(wire.ACK, wire.RST), segment(func(s *wire.Segment) { s.Ack-- }), 0, 65},
	{"window shrunk", sent(wire.ACK, wire.SYN|wire.RST), segment(func(s *wire.Segment) { s.Window /= 2 }), 0, 90},
	{"octet of text", text, segment(func(s *wire.Segment) { s.Payload[0]++ }), 0, 80},
	{"RST dropped", sent(wire.RST, 0), nil, 0, 80},
	{"FIN dropped", sent(wire.FIN, 0), nil, 0, 85},
	{"SYN-ACK dropped", sent(wire.SYN|wire.ACK, 0), nil, 0, 90},
	{"text dropped", text, nil, 0, 80},
	{"ACK dropped", func(e *trace.Event) bool {
		return sent(wire.ACK, wire.RST|wire.SYN|wire.FIN)(e) && len(e.Packet.TCP.Payload) == 0
	}, nil, 0, 25},
	{"RST held back", sent(wire.RST, 0), nil, time.Millisecond, 90},
	{"FIN held back", sent(wire.FIN, 0), nil, time.Millisecond, 50},
	{"errno of recv", result("recv", "peek"), func(e *trace.Event) {
		e.N, e.Data = 0, nil
		e.Errno = "EPIPE"
	}, 0, 90},
	{"errno of send", result("send"), func(e *trace.Event) { e.N, e.Errno = 0, "ENOTCONN" }, 0, 90},
	{"errno of connect", result("connect"), func(e *trace.Event) { e.Errno = "EHOSTUNREACH" }, 0, 85},
	{"recv gives one octet less", func(e *trace.Event) bool { return result("recv")(e) && e.N > 0 }, func(e *trace.Event) {
		e.N--
		e.Data = e.Data[:e.N]
	}, 0, 90},
	{"recv gives another octet", func(e *trace.Event) bool { return result("recv")(e) && len(e.Data) > 0 }, func(e *trace.Event) { e.Data[0]++ }, 0, 90},
	{"result dropped", result("recv", "send", "connect"), nil, 0, 70},
	{"window one unit wider", sent(wire.ACK, wire.SYN|wire.RST), segment(func(s *wire.Segment) { s.Window++ }), 0, 60},
	{"window one unit less", sent(wire.ACK, wire.SYN|wire.RST), segment(func(s *wire.Segment) { s.Window-- }), 0, 70},
	{"state dropped", stateChange, nil, 0, 90},
	{"another state", stateChange, func(e *trace.Event) { e.To = wire.State((int(e.To) + 1) % wire.NumStates) }, 0, 88},
}

// later is an event that happens later by so much, with the timestamp of that time.
func later(e trace.Event, d time.Duration) trace.Event {
	ticks := uint32((e.At+d)/time.Millisecond) - uint32(e.At/time.Millisecond)
	e.At += d
	o := slices.Clone(e.Packet.TCP.Options)
	e.Packet.TCP.Options = o
	for i := 0; i < len(o) && o[i] != 0; {
		switch o[i] {
		case 1:
			i++
			continue
		case 8:
			binary.BigEndian.PutUint32(o[i+2:], binary.BigEndian.Uint32(o[i+2:])+ticks)
		}
		i += int(o[i+1])
	}
	return e
}

// falsify is a copy of a trace with one event falsified.
func (d *doctor) falsify(tr *trace.Trace, i int) *trace.Trace {
	c := &trace.Trace{Header: tr.Header, Events: slices.Clone(tr.Events)}
	e := c.Events[i]
	e.Packet, e.Data = e.Packet.Clone(), slices.Clone(e.Data)
	switch {
	case d.later > 0:
		e = later(e, d.later)
		c.Events = slices.Delete(c.Events, i, i+1)
		at := i
		for at < len(c.Events) && c.Events[at].At <= e.At {
			at++
		}
		c.Events = slices.Insert(c.Events, at, e)
	case d.change == nil:
		c.Events = slices.Delete(c.Events, i, i+1)
	default:
		d.change(&e)
		c.Events[i] = e
	}
	for i := range c.Events {
		c.Events[i].Seq = uint64(i + 1)
	}
	return c
}

// TestDoctoredTracesAreCaught falsifies events of runs of the catalogue, and counts
// in how many the model does not follow any more.
func TestDoctoredTracesAreCaught(t *testing.T) {
	all := runs(t)
	type tally struct{ tries, caught int }
	tallies := make([]tally, len(doctors))
	missed := make([]string, len(doctors))
	random := rand.New(rand.NewPCG(1, 2)) // the same in every run: the shares below are measured
	for range 100 {
		for n := range doctors {
			d := &doctors[n]
			tr := all[random.IntN(len(all))]
			var fit []int
			for i := range tr.Events {
				if d.fits(&tr.Events[i]) {
					fit = append(fit, i)
				}
			}
			if len(fit) == 0 {
				continue
			}
			i := fit[random.IntN(len(fit))]
			tallies[n].tries++
			if len(oracle.Check(d.falsify(tr, i), oracle.Config{})) > 0 {
				tallies[n].caught++
			} else {
				missed[n] = fmt.Sprintf("%s event %d", tr.Header.Scenario, i+1)
			}
		}
	}
	tries, caught := 0, 0
	for n, d := range doctors {
		x := tallies[n]
		t.Logf("%-26s %3d of %3d; not, for example, in %s", d.name, x.caught, x.tries, missed[n])
		require.Greater(t, x.tries, 10, d.name)
		tries, caught = tries+x.tries, caught+x.caught
	}
	t.Logf("%-26s %d of %d", "all", caught, tries)
	for n, d := range doctors {
		require.GreaterOrEqual(t, 100*tallies[n].caught, d.least*tallies[n].tries, d.name)
	}
}
