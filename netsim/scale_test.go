package netsim_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// star is a router with hosts around it, each of which opens connections to
// the next, uses them and closes them: a request of 5 bytes, a reply of 8, FIN
// from both sides.
type star struct {
	hosts, connections int // connections in all
	answered           int
	weigh              bool   // fill in peak
	peak               uint64 // bytes of live heap while all connections are open
}

func (s *star) run(tb testing.TB) netsim.Stats {
	n := netsim.New(netsim.Config{HashOnly: true})
	defer n.Close()
	hub := n.Router("hub")
	hosts := make([]*netsim.Host, s.hosts)
	for i := range hosts {
		hosts[i] = n.Host(fmt.Sprintf("h%d", i), netsim.HostConfig{})
		n.Link(hosts[i], hub, netsim.LinkConfig{RTT: 10 * time.Millisecond})
	}
	each := s.connections / s.hosts
	for i, h := range hosts {
		h.Go("server", func(p *netsim.Proc) {
			l, err := p.Listen("tcp", ":80")
			require.NoError(tb, err)
			for range each {
				c, err := l.AcceptTCP()
				require.NoError(tb, err)
				p.Host().Go("worker", func(*netsim.Proc) { serve(tb, c) })
			}
		})
		target := fmt.Sprintf("h%d:80", (i+1)%len(hosts))
		for range each {
			h.Go("client", func(p *netsim.Proc) { s.request(tb, p, target) })
		}
	}
	n.After(400*time.Millisecond, func() {
		if !s.weigh {
			return
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.peak = m.HeapAlloc
	})
	require.NoError(tb, n.Run())
	require.Equal(tb, s.connections, s.answered, "every client must get its reply")
	return n.Stats()
}

func serve(tb testing.TB, c *netsim.Conn) {
	b := make([]byte, 16)
	_, err := c.Read(b)
	require.NoError(tb, err)
	_, err = c.Write([]byte("response"))
	require.NoError(tb, err)
	require.NoError(tb, c.Close())
}

func (s *star) request(tb testing.TB, p *netsim.Proc, target string) {
	c, err := p.Dial("tcp", target)
	require.NoError(tb, err)
	p.Sleep(500 * time.Millisecond) // until all are open
	_, err = c.Write([]byte("GET /"))
	require.NoError(tb, err)
	b := make([]byte, 16)
	got, err := c.Read(b)
	require.NoError(tb, err)
	require.Equal(tb, "response", string(b[:got]))
	require.NoError(tb, c.Close())
	s.answered++
}

func TestThousandHostsAroundOneRouterServeTenThousandConnections(t *testing.T) {
	s := star{hosts: 1000, connections: 10000}
	if testing.Short() {
		s = star{hosts: 100, connections: 1000}
	}
	stats := s.run(t)
	t.Logf("%d connections: %d events, %d packets in %v of virtual time", s.connections, stats.Events, stats.Packets, stats.Time)
}

// BenchmarkScale compares the cost of an event on a thousand hosts with that on
// two.
func BenchmarkScale(b *testing.B) {
	for _, size := range []star{{hosts: 2, connections: 10000}, {hosts: 1000, connections: 10000}} {
		b.Run(fmt.Sprintf("hosts=%d", size.hosts), func(b *testing.B) {
			var events, heap uint64
			for b.Loop() {
				s := size
				s.weigh = true
				runtime.GC()
				var before runtime.MemStats
				runtime.ReadMemStats(&before)
				events += s.run(b).Events
				heap += s.peak - before.HeapAlloc
			}
			perRun := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
			b.ReportMetric(float64(perRun.Nanoseconds())/float64(size.connections), "ns/connection")
			b.ReportMetric(float64(heap)/float64(b.N)/float64(size.connections), "B/connection")
		})
	}
}
