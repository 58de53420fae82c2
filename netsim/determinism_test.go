package netsim_test

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
)

// programs are scenarios that between them use most of the package. Their
// procs check nothing: what they see is in the trace.
var programs = map[string]func(*netsim.Network){
	"a server closes too early": func(n *netsim.Network) {
		client, server := clientAndServer(n, netsim.LinkConfig{RTT: 100 * ms})
		server.Go("", func(p *netsim.Proc) {
			l, _ := p.Listen("tcp", ":80")
			c, _ := l.Accept()
			c.Write([]byte("503 busy"))
			c.Close()
		})
		client.Go("", func(p *netsim.Proc) {
			c, _ := p.Dial("tcp", "server:80")
			c.Write([]byte("GET /"))
			io.Copy(io.Discard, c)
			c.Close()
		})
	},
	"a listener closes with many waiting": func(n *netsim.Network) {
		client, server := clientAndServer(n, netsim.LinkConfig{RTT: rtt})
		listener := server.Go("", func(p *netsim.Proc) {
			l, _ := p.Listen("tcp", ":80")
			for range 5 {
				c, _ := l.AcceptTCP()
				p.Host().Go("worker", func(*netsim.Proc) { io.Copy(c, c) })
			}
			p.Sleep(time.Hour)
		})
		for range 15 {
			client.Go("", func(p *netsim.Proc) {
				c, err := p.Dial("tcp", "server:80")
				if err == nil {
					c.Write([]byte("hello"))
					c.Read(make([]byte, 10))
					c.Close()
				}
			})
		}
		n.After(2*rtt, listener.Kill)
	},
	"a bulk transfer over a bad path": func(n *netsim.Network) {
		client, server := n.Host("client", netsim.HostConfig{GRO: true}), n.Host("server", netsim.HostConfig{Congestion: "cubic"})
		r := n.Router("r")
		bad := link.Config{
			Delay: 20 * ms, Jitter: 10 * ms, Reorder: true, Loss: 20_000, Duplicate: 20_000, Corrupt: 10_000,
			Rate: 10_000_000, QueuePackets: 20,
		}
		n.Link(client, r, netsim.Symmetric(bad))
		n.Link(r, server, netsim.LinkConfig{RTT: rtt, AB: link.Config{MTU: 900}})
		server.Go("", func(p *netsim.Proc) {
			l, _ := p.Listen("tcp", ":80")
			c, _ := l.AcceptTCP()
			c.ReadFrom(io.LimitReader(zeros{}, 60_000))
			c.Close()
		})
		client.Go("", func(p *netsim.Proc) {
			if c, err := p.Dial("tcp", "server:80"); err == nil {
				io.Copy(io.Discard, c)
				c.Close()
			}
		})
	},
	"crashes": func(n *netsim.Network) {
		client, server := clientAndServer(n, netsim.LinkConfig{RTT: rtt})
		serve := func(p *netsim.Proc) {
			p.Daemon()
			l, _ := p.Listen("tcp", ":80")
			for {
				if c, err := l.AcceptTCP(); err == nil {
					p.Host().Go("worker", func(q *netsim.Proc) { q.Daemon(); io.Copy(c, c); c.Close() })
				}
			}
		}
		server.Go("", serve)
		for i := range 3 {
			client.Go(fmt.Sprint("client", i), func(p *netsim.Proc) {
				for range 5 {
					c, err := p.DialTimeout("tcp", "server:80", 300*ms)
					if err != nil {
						continue
					}
					c.SetDeadline(p.Now().Add(time.Second))
					for err == nil {
						p.Sleep(time.Duration(10+i) * ms)
						_, err = c.Write([]byte("hello"))
						c.Read(make([]byte, 10))
					}
					c.Close()
				}
			})
		}
		for i := range 3 {
			n.After(time.Duration(200*i+150)*ms, func() { server.Reboot(); server.Go("", serve) })
		}
		n.After(800*ms, server.PowerOff)
	},
	"IPv6, aborts, TIME-WAIT taken over": func(n *netsim.Network) {
		client := n.Host("client", netsim.HostConfig{Addrs: bothFamiliesOf(1)})
		server := n.Host("server", netsim.HostConfig{Addrs: bothFamiliesOf(2)})
		n.Link(client, server, netsim.LinkConfig{RTT: rtt})
		server.Go("", func(p *netsim.Proc) {
			l, _ := p.Listen("tcp", ":80")
			for range 12 {
				if c, err := l.AcceptTCP(); err == nil {
					c.Close()
				}
			}
		})
		client.Go("", func(p *netsim.Proc) {
			for i := range 12 {
				family := engine.Family(i % 2)
				s, _ := p.Socket(family)
				s.SetOption(engine.ReuseAddress, 1)
				own, peer := bothFamiliesOf(1)[i%2], bothFamiliesOf(2)[i%2]
				s.Bind(addrPort(own, 5000))
				s.Connect(addrPort(peer, 80))
				if i%3 == 2 {
					s.SetOption(engine.Linger, 0)
				}
				p.Sleep(2 * rtt)
				s.Close()
				p.Sleep(2 * time.Second)
			}
		})
	},
}

// clientAndServer are two hosts joined by a link.
func clientAndServer(n *netsim.Network, cfg netsim.LinkConfig) (client, server *netsim.Host) {
	client, server = n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, cfg)
	return client, server
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// hashOf runs a program.
func hashOf(tb testing.TB, program func(*netsim.Network), cfg netsim.Config) trace.Hash {
	n := netsim.New(cfg)
	defer n.Close()
	program(n)
	require.NoError(tb, n.Run())
	return n.Hash()
}

func TestTheSameSeedGivesTheSameRun(t *testing.T) {
	runs := times(200, 10)
	for name, program := range programs {
		t.Run(name, func(t *testing.T) {
			want := hashOf(t, program, netsim.Config{Seed: 1})
			for _, procs := range []int{1, 2, 8} {
				func() {
					defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
					for i := range runs {
						require.Equal(t, want, hashOf(t, program, netsim.Config{Seed: 1, HashOnly: true}), "run %d under GOMAXPROCS %d", i, procs)
					}
				}()
			}
		})
	}
}

func TestDifferentSeedsGiveDifferentRuns(t *testing.T) {
	hashes := func(procs int, program func(*netsim.Network)) (all []trace.Hash) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		for seed := range uint64(times(20, 5)) {
			all = append(all, hashOf(t, program, netsim.Config{Seed: seed, HashOnly: true}))
		}
		return all
	}
	for name, program := range programs {
		one := hashes(1, program)
		require.Equal(t, one, hashes(5, program), "%s: each its own, whatever GOMAXPROCS", name)
		seen := map[trace.Hash]bool{}
		for seed, h := range one {
			require.False(t, seen[h], "%s: seed %d", name, seed)
			seen[h] = true
		}
	}
}

func TestNetworksThatRunConcurrentlyDoNotDisturbEachOther(t *testing.T) {
	for name, program := range programs {
		want := hashOf(t, program, netsim.Config{Seed: 7})
		got := make([]trace.Hash, 8)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() { got[i] = hashOf(t, program, netsim.Config{Seed: 7, HashOnly: i%2 == 0}) })
		}
		wg.Wait()
		for _, h := range got {
			require.Equal(t, want, h, name)
		}
	}
}

func TestRunUntilAndStepMakeTheSameRun(t *testing.T) {
	for name, program := range programs {
		want := hashOf(t, program, netsim.Config{Seed: 3})
		n := netsim.New(netsim.Config{Seed: 3})
		program(n)
		for i := range 200 {
			require.NoError(t, n.RunUntil(n.Now().Add(time.Duration(i)*ms)))
		}
		for n.Step() {
		}
		require.Equal(t, want, n.Hash(), name)
		n.Close()
	}
}
