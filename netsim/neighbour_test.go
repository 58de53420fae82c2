package netsim_test

import (
	"bytes"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim"
	"rstlab/netsim/trace"
)

func TestResolutionTakesOneRoundTripOfTheLink(t *testing.T) {
	d := newDuo(t)
	d.InitNeighbours(d.client, netsim.NeighbourMissing)
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) { require.NoError(t, writeError(c)) })
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		require.Equal(t, 2*rtt, p.Elapsed(), "one for the address, one for the handshake")
		require.NoError(t, readError(c))
	})
	d.run()
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Delivered {
			require.Equal(t, "waited for the neighbour's address", e.Reason, "the SYN")
			require.Equal(t, rtt+rtt/2, e.At)
			return
		}
	}
}

func TestWhoIsAskedLearnsWhoAsks(t *testing.T) {
	d := newDuo(t)
	d.InitNeighbours(d.client, netsim.NeighbourMissing)
	d.InitNeighbours(d.server, netsim.NeighbourMissing)
	d.serve(func(*netsim.Proc, *netsim.Conn) {})
	d.dial(func(p *netsim.Proc, _ *netsim.Conn) {
		require.Equal(t, 2*rtt, p.Elapsed(), "the server does not have to ask")
	})
	d.run()
}

func TestConnectToANeighbourWhoDoesNotAnswerIsEHOSTUNREACH(t *testing.T) {
	d := newDuo(t)
	d.InitNeighbours(d.client, netsim.NeighbourMissing)
	d.server.PowerOff()
	d.client.Go("", func(p *netsim.Proc) {
		for try := range 2 {
			_, err := p.Dial("tcp", "server:80")
			require.ErrorIs(t, err, syscall.EHOSTUNREACH)
			require.Equal(t, time.Duration(try+1)*3*time.Second, p.Elapsed(), "three questions, one second apart, and one second more")
		}
		d.server.PowerOn()
		_, err := p.Dial("tcp", "server:80")
		require.ErrorIs(t, err, syscall.ECONNREFUSED, "it is resolved now")
		require.Equal(t, 6*time.Second+2*rtt, p.Elapsed())
	})
	d.run()
	for reason := range d.drops() {
		require.Equal(t, "no answer from the neighbour", reason)
	}
}

// netstack does not handle the code that says so in ICMPv6 (gVisor
// network/ipv6/icmp.go: of DstUnreachable only network and port), Linux does.
func TestNetstackIgnoresAddressUnreachableOfICMPv6(t *testing.T) {
	c := newChain(t, 1, onlyIPv6)
	c.InitNeighbours(c.client, netsim.NeighbourMissing)
	c.routers[0].PowerOff()
	at, err := c.dialError(t)
	require.ErrorIs(t, err, syscall.ETIMEDOUT)
	require.Equal(t, 127*time.Second, at)
	require.Contains(t, icmp(c.Network, "client")[0], "host-unreachable")
}

func TestARouterReportsAHostThatDoesNotAnswer(t *testing.T) {
	c := newChain(t, 1, onlyIPv4)
	c.InitNeighbours(c.routers[0], netsim.NeighbourMissing)
	c.server.PowerOff()
	at, err := c.dialError(t)
	require.ErrorIs(t, err, syscall.EHOSTUNREACH)
	// The way back is not known either: two round trips and a half.
	require.Equal(t, rtt/2+3*time.Second+rtt+rtt/2, at)
	require.Contains(t, icmp(c.Network, "client")[0], "host-unreachable from 10.255.")
}

func TestACachedNeighbourWhoIsGoneIsSilence(t *testing.T) {
	d := newDuo(t)
	d.server.PowerOff()
	d.client.Go("", func(p *netsim.Proc) {
		_, err := p.Dial("tcp", "server:80")
		require.ErrorIs(t, err, syscall.ETIMEDOUT)
		require.Equal(t, 127*time.Second, p.Elapsed())
	})
	d.run()
	require.Equal(t, map[string]int{"host is off": 7}, d.drops())
}

func TestAnEntryThatIsLostIsASoftErrorOfAConnection(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		d.server.PowerOff()
		require.NoError(t, d.SetNeighbour(d.client, d.server, netsim.NeighbourMissing))
		sends(t, s, "x")
		p.Sleep(10 * time.Second)
		sends(t, s, "y")
		recvFails(t, s, syscall.EHOSTUNREACH)
		require.Greater(t, p.Elapsed(), 100*time.Second)
	}, func(p *netsim.Proc, _ *netsim.Socket) { p.Sleep(time.Hour) })
	d.run()
}

func TestWhatWaitsGoesOutInOrderWhenTheEntryIsThere(t *testing.T) {
	d := newDuo(t)
	require.NoError(t, d.SetNeighbour(d.client, nil, netsim.NeighbourMissing))
	d.link.Down()
	d.At(2500*1e6, func() {
		d.link.Up()
		require.NoError(t, d.SetNeighbour(d.client, d.server, netsim.NeighbourCached))
	})
	d.serve(func(*netsim.Proc, *netsim.Conn) {})
	d.dial(func(p *netsim.Proc, _ *netsim.Conn) { require.Equal(t, 2500*ms+rtt, p.Elapsed()) })
	d.run()
	var numbers []uint64
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Delivered && e.Host == "server" {
			numbers = append(numbers, e.Number)
		}
	}
	require.IsIncreasing(t, numbers)
}

// A question is lost when the link is down when it leaves, or when it arrives.
func TestQuestionsAreLostWithTheLink(t *testing.T) {
	for name, c := range map[string]struct {
		up   time.Duration // when the link comes up
		want time.Duration // when the connection is there; 0 for EHOSTUNREACH
	}{
		"before the second question": {999 * ms, time.Second + 2*rtt},
		"before the third question":  {1999 * ms, 2*time.Second + 2*rtt},
		"after the third question":   {2001 * ms, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDuo(t)
			d.InitNeighbours(d.client, netsim.NeighbourMissing)
			d.link.Down()
			d.After(c.up, d.link.Up)
			d.server.Go("", func(p *netsim.Proc) {
				p.Daemon()
				l, err := p.Listen("tcp", ":80")
				require.NoError(t, err)
				l.Accept()
			})
			d.client.Go("", func(p *netsim.Proc) {
				_, err := p.Dial("tcp", "server:80")
				if c.want == 0 {
					require.ErrorIs(t, err, syscall.EHOSTUNREACH)
					return
				}
				require.NoError(t, err)
				require.Equal(t, c.want, p.Elapsed())
			})
			d.run()
		})
	}
}

func TestANodeThatBootsKnowsWhatItKnewAtFirst(t *testing.T) {
	c := newChain(t, 1, onlyIPv4)
	c.InitNeighbours(c.routers[0], netsim.NeighbourMissing)
	c.server.Go("", func(p *netsim.Proc) {
		p.Daemon()
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		for {
			_, err := l.Accept()
			require.NoError(t, err)
		}
	})
	c.client.Go("", func(p *netsim.Proc) {
		for _, want := range []time.Duration{4 * rtt, 2 * rtt} {
			begin := p.Elapsed()
			_, err := p.Dial("tcp", "server:80")
			require.NoError(t, err)
			require.Equal(t, want, p.Elapsed()-begin, "it asks once for the server and once for the client")
		}
		p.Sleep(rtt) // the last ACK
		c.routers[0].PowerOff()
		c.routers[0].PowerOn()
		begin := p.Elapsed()
		_, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		require.Equal(t, 4*rtt, p.Elapsed()-begin)
	})
	require.NoError(t, c.Run())
}

func TestWhatWaitsIsLostWithItsNode(t *testing.T) {
	c := newChain(t, 1, onlyIPv4)
	c.InitNeighbours(c.routers[0], netsim.NeighbourMissing)
	c.server.PowerOff()
	c.At(500*1e6, c.routers[0].PowerOff)
	c.At(600*1e6, c.routers[0].PowerOn)
	c.client.Go("", func(p *netsim.Proc) {
		_, err := p.DialTimeout("tcp", "server:80", 900*ms)
		require.Error(t, err)
		c.InitNeighbours(c.client, netsim.NeighbourMissing)
		p.Dial("tcp", "server:80")
	})
	c.After(910*ms, c.client.PowerOff)
	require.NoError(t, c.Run())
	require.Equal(t, []string{"r1: router is off", "client: host is off"}, droppedAt(c.Network))
	require.Empty(t, icmp(c.Network, "client"), "a resolution that was cut off reports nothing")
}

// unres_qlen_bytes of Linux: the oldest gives way.
func TestTheQueueForAnAddressIsLimited(t *testing.T) {
	d := newDuo(t)
	const conns = 30 // of ten segments each, their initial window
	d.server.Go("", func(p *netsim.Proc) {
		p.Daemon()
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		for {
			c, err := l.Accept()
			require.NoError(t, err)
			p.Host().Go("reader", func(q *netsim.Proc) {
				q.Daemon()
				io.Copy(io.Discard, c)
			})
		}
	})
	d.client.Go("", func(p *netsim.Proc) {
		var all []*netsim.Conn
		for range conns {
			c, err := p.Dial("tcp", "server:80")
			require.NoError(t, err)
			all = append(all, c)
		}
		require.NoError(t, d.SetNeighbour(d.client, d.server, netsim.NeighbourMissing))
		for _, c := range all {
			_, err := c.Write(make([]byte, 10*1420))
			require.NoError(t, err)
		}
		p.Sleep(time.Minute)
	})
	d.run()
	require.Equal(t, conns*10-212992/1472, d.drops()["queue for the neighbour's address full"])
}

func TestSetNeighbourWantsANeighbour(t *testing.T) {
	c := newChain(t, 1, onlyIPv4)
	require.EqualError(t, c.SetNeighbour(c.client, c.server, netsim.NeighbourMissing), "netsim: client: neighbour server: no link joins them")
	require.ErrorContains(t, c.SetNeighbour(c.client, nil, 7), "neighbour state 7")
	c.InitNeighbours(c.client, 7)
	require.ErrorContains(t, c.Run(), "neighbour state 7")
}

// requireReadable requires that a trace can be written as text and as NDJSON and
// read again.
func requireReadable(t require.TestingT, want *trace.Trace) {
	for _, form := range []struct {
		write func(io.Writer, *trace.Trace) error
		parse func(io.Reader) (*trace.Trace, error)
	}{{trace.WriteText, trace.ParseText}, {trace.WriteNDJSON, trace.ParseNDJSON}} {
		var b bytes.Buffer
		require.NoError(t, form.write(&b, want))
		got, err := form.parse(&b)
		require.NoError(t, err)
		require.Equal(t, want.Hash(), got.Hash())
	}
}

// Whatever is done to the nodes and routes of a network, every run of it is the same
// run, and the bytes that arrive are those that were sent.
func TestFaultsAreTheSameInEveryRun(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type fault struct {
			at, what, node, to, via int
		}
		faults := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fault {
			number := func(label string, most int) int { return rapid.IntRange(0, most).Draw(t, label) }
			return fault{number("ms", 5000), number("what", 7), number("node", 4), number("to", 4), number("via", 4)}
		}), 0, 8).Draw(rt, "faults")
		run := func() (string, string) {
			n := netsim.New(netsim.Config{Seed: 1, TimeLimit: 3600 * 1e9})
			defer n.Close()
			client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
			nodes := []netsim.Node{client, server, n.Router("a"), n.Router("b"), n.Router("c")}
			for _, ends := range [][2]int{{0, 2}, {2, 3}, {3, 1}, {2, 4}, {4, 1}} {
				n.Link(nodes[ends[0]], nodes[ends[1]], netsim.LinkConfig{RTT: rtt})
			}
			for _, f := range faults {
				n.After(time.Duration(f.at)*ms, func() {
					router, _ := nodes[f.node].(*netsim.Router)
					switch {
					case f.what == 0 && router != nil:
						router.PowerOff()
					case f.what == 1 && router != nil:
						router.PowerOn()
					case f.what == 2:
						n.SetRoute(nodes[f.node], nodes[f.to], nodes[f.via])
					case f.what == 3:
						n.RemoveRoute(nodes[f.node], nodes[f.to])
					case f.what == 4:
						n.ResetRoute(nodes[f.node], nodes[f.to])
					case f.what == 5:
						n.SetNeighbour(nodes[f.node], nil, netsim.NeighbourMissing)
					case f.what == 6:
						n.SetNeighbour(nodes[f.node], nodes[f.to], netsim.NeighbourCached)
					case router == nil && f.node == 1:
						server.Reboot()
					}
				})
			}
			sent, got := strings.Repeat("0123456789", 3000), ""
			server.Go("", func(p *netsim.Proc) {
				p.Daemon()
				if l, err := p.Listen("tcp", ":80"); err == nil {
					if c, err := l.Accept(); err == nil {
						io.Copy(c, c)
						c.Close()
					}
				}
			})
			client.Go("", func(p *netsim.Proc) {
				p.Daemon()
				c, err := p.Dial("tcp", "server:80")
				if err != nil {
					return
				}
				p.Host().Go("writer", func(q *netsim.Proc) {
					q.Daemon()
					for i := 0; i < len(sent); i += 1000 {
						c.Write([]byte(sent[i : i+1000]))
						q.Sleep(100 * ms)
					}
					c.CloseWrite()
				})
				b, _ := io.ReadAll(c)
				got = string(b)
			})
			require.NoError(rt, n.Run())
			require.True(rt, strings.HasPrefix(sent, got))
			requireReadable(rt, n.Trace())
			return got, n.Hash().String()
		}
		got, hash := run()
		again, hashAgain := run()
		require.Equal(rt, got, again)
		require.Equal(rt, hash, hashAgain)
	})
}
