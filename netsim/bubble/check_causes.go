package bubble

import (
	"fmt"
	"strings"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// causes lists what is likely to make two runs differ at d, the likeliest first.
func causes(d *trace.Difference) string {
	var likely []string
	add := func(format string, args ...any) { likely = append(likely, fmt.Sprintf(format, args...)) }
	a, b := d.A, d.B
	switch {
	case a == nil || b == nil:
		add("One run does more than the other: a goroutine was still at work when f returned, or one run took another branch of a select. Wait in f for what the program is to do.")
	case a.At != b.At:
		add("The runs act at different times (%v and %v): a backoff, jitter or think time that is drawn from math/rand.", a.At, b.At)
	case a.Host != b.Host:
		add("At %v hosts %q and %q act in either order: goroutines of both pass work to each other beside the network, by channel or mutex.", a.At, a.Host, b.Host)
	case a.Kind == trace.Call && b.Kind == trace.Call:
		addCallCauses(add, a, b)
	case a.Kind.IsPacket() && b.Kind.IsPacket():
		addPacketCauses(add, a, b)
	}
	add("Where two goroutines do the same at one instant, their order is the Go scheduler's: does GOMAXPROCS=1 (CheckConfig.OneProcessor) give one trace? Let them start a nanosecond of virtual time apart, time.Sleep(1), or hand over through channels.")
	return "Likely causes:\n\t- " + strings.Join(likely, "\n\t- ")
}

func addCallCauses(add func(string, ...any), a, b *trace.Event) {
	switch {
	case a.Op == b.Op && a.FD == b.FD && a.Args != b.Args:
		add("The same call, %s(%d), with other arguments: the program wrote other bytes. Maps in their order, random boundaries and IDs, the randomness of TLS (see Network.SeedCrypto); or goroutines that took each other's connection, having dialed or accepted at one instant.", a.Op, a.FD)
	case a.Op == b.Op && a.Op == "connect":
		add("Goroutines on %q dial at one instant, %v, and sockets are numbered as they come: give each dial a name of its own with WithLabel.", a.Host, a.At)
	default:
		add("Goroutines on %q make calls at one instant, %v: %s(%d) came first in one run and %s(%d) in the other.", a.Host, a.At, a.Op, a.FD, b.Op, b.FD)
	}
}

func addPacketCauses(add func(string, ...any), a, b *trace.Event) {
	p, q := &a.Packet, &b.Packet
	if p.Proto != wire.TCP || q.Proto != wire.TCP {
		return
	}
	switch {
	case len(p.TCP.Payload) > 0 && len(p.TCP.Payload) == len(q.TCP.Payload):
		add("Segments of one length with other bytes: randomness in the data. That of crypto/tls and crypto/rand follows the seed after Network.SeedCrypto.")
	case len(p.TCP.Payload) != len(q.TCP.Payload):
		add("Segments of other lengths, %d and %d bytes: the program wrote other data, or in other pieces.", len(p.TCP.Payload), len(q.TCP.Payload))
	}
}
