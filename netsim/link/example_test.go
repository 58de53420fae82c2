package link_test

import (
	"fmt"
	"net/netip"
	"time"

	"rstlab/netsim/link"
	"rstlab/netsim/wire"
)

// packet is a segment from server to client.
func packet(flags wire.Flags, payload string) *wire.Packet {
	return &wire.Packet{
		Src: netip.MustParseAddr("10.9.0.2"), Dst: netip.MustParseAddr("10.9.0.1"), TTL: 64, DF: true,
		TCP: wire.Segment{SrcPort: 80, DstPort: 40000, Flags: flags, Payload: []byte(payload)},
	}
}

// The reset overtakes the reply: linux-truth's "rule delay B dataF 0 30".
func Example() {
	d, err := link.New("server>client", link.Config{Delay: 50 * time.Millisecond}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = d.AddMatchRule(link.MatchRule{
		Name:    "late reply",
		Match:   link.MustMatch("dataF"),
		Verdict: link.Verdict{Action: link.Deliver, Delay: 30 * time.Millisecond},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range []*wire.Packet{
		packet(wire.PSH|wire.ACK, "HTTP/1.1 503 Service Unavailable\r\n\r\n"),
		packet(wire.FIN|wire.ACK, ""),
		packet(wire.RST, ""),
	} {
		out := d.Send(0, p, 40+len(p.TCP.Payload))
		for _, f := range out.Deliveries() {
			fmt.Printf("%-2v arrives at %v %s\n", p.TCP.Flags, f.At, f.Reason)
		}
	}
	// Output:
	// P. arrives at 80ms rule late reply +30ms
	// F. arrives at 80ms rule late reply +30ms
	// R  arrives at 50ms
}

// The link goes down while a packet is in flight, and comes back before the
// packet would arrive.
func ExampleDirection_Arrive() {
	d, _ := link.New("server>client", link.Config{Delay: 50 * time.Millisecond}, 1)
	p := packet(wire.RST, "")
	out := d.Send(0, p, 40)
	d.SetDown()
	d.SetUp()
	for _, f := range out.Deliveries() {
		out := d.Arrive(f.At, f, p)
		fmt.Println(f.At, out.Dropped)
	}
	// Output: 50ms link down
}

// Two packets fit behind the one that is being transmitted.
func ExampleConfig_queue() {
	d, _ := link.New("dsl", link.Config{Rate: 1 * link.Mbit, QueuePackets: 2}, 1)
	for range 4 {
		out := d.Send(0, packet(wire.ACK, ""), 1500)
		for _, f := range out.Deliveries() {
			fmt.Println("arrives at", f.At)
		}
		if out.Dropped != "" {
			fmt.Println("dropped:", out.Dropped)
		}
	}
	// Output:
	// arrives at 12ms
	// arrives at 24ms
	// arrives at 36ms
	// dropped: queue full
}

func ExampleConfig_Validate() {
	fmt.Println(link.Config{Delay: -time.Millisecond, MTU: 20}.Validate())
	// Output:
	// Delay = -1ms: a packet cannot arrive before it was sent; use 0 or more
	// MTU = 20: use 0 for no limit, or 68 bytes or more (RFC 791)
}

func ExampleParseMatch() {
	m, err := link.ParseMatch(`data,notF,contains="503"`)
	fmt.Println(m, err)
	matcher := m.Matcher()
	fmt.Println(matcher.Match(packet(wire.PSH|wire.ACK, "HTTP/1.1 503")))
	fmt.Println(matcher.Match(packet(wire.FIN|wire.ACK, "HTTP/1.1 503")))
	_, err = link.ParseMatch("dport=http")
	fmt.Println(err)
	// Output:
	// data,!F,contains="503" <nil>
	// true
	// false
	// link: match "dport=http": term "dport=http": "http" is no number from 0 to 65535
}

// The fourth to sixth data segments of a flow are lost, but not when they are
// sent again.
func ExampleMatchRule() {
	fmt.Println(link.MatchRule{
		Match: link.MustMatch("data,!rexmit"), From: 4, To: 6,
		Verdict: link.Verdict{Action: link.Drop},
	})
	// Output: drop data,!rexmit 4-6
}

// A rule in code: somebody else decides, here every second packet.
func ExampleRuleFunc() {
	d, _ := link.New("server>client", link.Config{}, 1)
	n := 0
	_ = d.AddRule("every second", link.RuleFunc(func(time.Duration, *wire.Packet) link.Verdict {
		if n++; n%2 == 0 {
			return link.Verdict{Action: link.Drop}
		}
		return link.Verdict{}
	}))
	for range 4 {
		fmt.Printf("%q\n", d.Send(0, packet(wire.ACK, ""), 40).Dropped)
	}
	// Output:
	// ""
	// "rule every second"
	// ""
	// "rule every second"
}

// The chain of bursts: in the long run p/(p+r) = 3.2% are lost, in bursts of
// 1/r = 3.3 packets.
func ExampleParseGilbertElliott() {
	g, err := link.ParseGilbertElliott("1%,30%")
	fmt.Println(g, err)
	fmt.Println(g.P, g.R, g.LossBad, g.LossGood)
	// Output:
	// 1%,30%,100%,0% <nil>
	// 1% 30% 100% 0%
}

func ExampleBitRate() {
	fmt.Println(10*link.Mbit, 1500*link.Kbit, link.BitRate(0))
	r, err := link.ParseBitRate("2.5gbit")
	fmt.Println(uint64(r), err)
	// Output:
	// 10mbit 1.5mbit unlimited
	// 2500000000 <nil>
}

func ExampleProbability() {
	fmt.Println(3*link.Percent/2, 12*link.PPM, link.Always)
	// Output: 1.5% 0.0012% 100%
}
