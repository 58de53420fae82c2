package bubble

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rstlab/netsim"
	"rstlab/netsim/link"
)

// Pair returns a new network, as [New], of two hosts named "client" and
// "server" that a link joins.
func Pair(t testing.TB, cfg Config, l netsim.LinkConfig) (n *Network, client, server *Host) {
	t.Helper()
	n = New(t, cfg)
	client, server = n.Pair(l)
	return n, client, server
}

// Pair adds two hosts named "client" and "server", joined by a link.
func (n *Network) Pair(l netsim.LinkConfig) (client, server *Host) {
	n.t.Helper()
	client, server = n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, l)
	return client, server
}

// Params says which points [Sweep] visits: every combination. A dimension left
// empty stands still at zero and does not appear in the names of tests.
type Params struct {
	// RTT are round-trip times, each at least 0.
	RTT []time.Duration
	// Loss are probabilities that a packet is lost, in each direction.
	Loss []link.Probability
	// Seeds is how many seeds each of the other points is run with: Config.Seed+1
	// to Config.Seed+Seeds. 0 or less is Config.Seed alone.
	Seeds int
	// Config is that of every network, but for the seed.
	Config Config
}

// Point is a place in a [Sweep].
type Point struct {
	RTT  time.Duration
	Loss link.Probability
	Seed uint64

	name string
}

// Link is the configuration of a link of the point: RTT split between the
// directions, Loss in each of them.
func (p Point) Link() netsim.LinkConfig {
	return netsim.LinkConfig{RTT: p.RTT, AB: link.Config{Loss: p.Loss}, BA: link.Config{Loss: p.Loss}}
}

// String is the name of the point's test: "rtt=100ms,loss=1%,seed=3".
func (p Point) String() string { return p.name }

// Sweep runs f at every point of params: each as a subtest that is named after
// its point ("rtt=100ms,loss=1%,seed=3"), in parallel with the others, in a
// bubble and with a network of its own. A subtest is replayed by its name. When
// some fail, t logs a table of how many failed where; the first few show ladders.
//
// Call it in an ordinary test, outside of bubbles:
//
//	func TestUpload(t *testing.T) {
//		bubble.Sweep(t, bubble.Params{RTT: rtts, Seeds: 5}, func(t *testing.T, n *bubble.Network, p bubble.Point) {
//			client, server := n.Pair(p.Link())
//			…
//		})
//	}
//
// f runs in several goroutines at a time, each in another bubble: what it shares
// with other points it must lock, with a mutex.
func Sweep(t *testing.T, params Params, f func(t *testing.T, n *Network, p Point)) {
	t.Helper()
	points := params.points()
	table := &sweepTable{points: points, failed: map[Point]bool{}}
	t.Cleanup(func() {
		t.Helper()
		if text := table.String(); text != "" {
			t.Log(text)
		}
	})
	for _, p := range points {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() { table.ended(p, t.Failed()) })
			synctest.Test(t, func(t *testing.T) {
				cfg := params.Config
				cfg.Seed, cfg.sweep = p.Seed, table
				f(t, New(t, cfg), p)
			})
		})
	}
}

// points are all combinations, in the order of the settings, the seed fastest.
func (p Params) points() []Point {
	rtts, losses := p.RTT, p.Loss
	if len(rtts) == 0 {
		rtts = []time.Duration{0}
	}
	if len(losses) == 0 {
		losses = []link.Probability{0}
	}
	first := p.Config.Seed
	if p.Seeds > 0 {
		first++
	}
	var points []Point
	for _, rtt := range rtts {
		for _, loss := range losses {
			for i := range max(1, p.Seeds) {
				point := Point{RTT: rtt, Loss: loss, Seed: first + uint64(i)}
				point.name = p.nameOf(point)
				points = append(points, point)
			}
		}
	}
	return points
}

func (p Params) nameOf(point Point) string {
	var words []string
	if len(p.RTT) > 0 {
		words = append(words, "rtt="+point.RTT.String())
	}
	if len(p.Loss) > 0 {
		words = append(words, "loss="+point.Loss.String())
	}
	if p.Seeds > 0 || len(words) == 0 {
		words = append(words, fmt.Sprintf("seed=%d", point.Seed))
	}
	return strings.Join(words, ",")
}

// sweepLadders is how many failed points of a sweep show their ladders.
const sweepLadders = 3

// sweepTable counts failures.
type sweepTable struct {
	mu     sync.Mutex
	shown  int // ladders
	points []Point
	failed map[Point]bool // of the points that have ended
}

func (s *sweepTable) ended(p Point, failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[p] = failed
}

// mayShow reports whether one more ladder is not too many.
func (s *sweepTable) mayShow() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown++
	return s.shown <= sweepLadders
}

// String is a table of failed/run with a row for each RTT and a column for each
// loss; "" when nothing failed.
func (s *sweepTable) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	type cell struct {
		rtt  time.Duration
		loss link.Probability
	}
	var rtts []time.Duration
	var losses []link.Probability
	run, failed := map[cell]int{}, map[cell]int{}
	total, bad := 0, 0
	for _, p := range s.points {
		if !slices.Contains(rtts, p.RTT) {
			rtts = append(rtts, p.RTT)
		}
		if !slices.Contains(losses, p.Loss) {
			losses = append(losses, p.Loss)
		}
		at := cell{p.RTT, p.Loss}
		if f, ended := s.failed[p]; ended {
			run[at]++
			total++
			if f {
				failed[at]++
				bad++
			}
		}
	}
	if bad == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "bubble: sweep: %d of %d points failed; failed/run by round-trip time and loss:\n%12s", bad, total, "")
	for _, loss := range losses {
		fmt.Fprintf(&b, " %9s", loss)
	}
	for _, rtt := range rtts {
		fmt.Fprintf(&b, "\n%12s", rtt)
		for _, loss := range losses {
			at := cell{rtt, loss}
			text := "-"
			if run[at] > 0 {
				text = fmt.Sprintf("%d/%d", failed[at], run[at])
			}
			fmt.Fprintf(&b, " %9s", text)
		}
	}
	return b.String()
}
