package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var sink int

// benchDirections are the links whose speed matters.
func benchDirections(t testing.TB) map[string]*Direction {
	typical := Config{
		Delay: 20 * ms, Jitter: 5 * ms, Loss: Percent, Duplicate: 1000 * PPM, Corrupt: 100 * PPM,
		Burst: GilbertElliott{P: Percent, R: 30 * Percent, LossBad: Always}, Rate: 100 * Mbit, QueuePackets: 100, MTU: 1500,
	}
	directions := map[string]*Direction{}
	for name, cfg := range map[string]Config{"zero": {}, "typical": typical, "rules": {Delay: 20 * ms}} {
		d, err := New(name, cfg, 1)
		require.NoError(t, err)
		directions[name] = d
	}
	addRule(t, directions["rules"], "one", "R", 2, 2, Verdict{Action: Drop})
	addRule(t, directions["rules"], "two", `data,contains="503"`, 0, 0, Verdict{Action: Drop})
	addRule(t, directions["rules"], "three", "dataF,len<100", 0, 0, Verdict{Action: Deliver, Delay: 30 * ms})
	return directions
}

func BenchmarkSend(b *testing.B) {
	directions := benchDirections(b)
	p := segment(b, "P.", "GET / HTTP/1.1\r\n\r\n")
	for _, name := range []string{"zero", "typical", "rules"} {
		d := directions[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			now := time.Duration(0)
			for b.Loop() {
				o := d.Send(now, p, 1500)
				sink += len(o.Deliveries())
				now += ms
			}
		})
	}
}

func BenchmarkArrive(b *testing.B) {
	d := benchDirections(b)["rules"]
	p := segment(b, "P.", "GET / HTTP/1.1\r\n\r\n")
	f := sent(b, d, 0, p, 1500)
	b.ReportAllocs()
	for b.Loop() {
		o := d.Arrive(f.At, f, p)
		sink += len(o.Deliveries())
	}
}

func BenchmarkRexmit(b *testing.B) {
	m := MustMatch("rexmit").Matcher()
	p := segment(b, ".", "0123456789")
	b.ReportAllocs()
	for b.Loop() {
		if m.Match(p) {
			sink++
		}
		p.TCP.Seq += 10
	}
}
