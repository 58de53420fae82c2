package netsim_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
)

// drops are the reasons for which packets of a kind were dropped.
func (d *duo) drops() map[string]int {
	reasons := map[string]int{}
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Dropped {
			reasons[e.Reason]++
		}
	}
	return reasons
}

func TestALinkThatGoesDownLosesWhatIsInFlight(t *testing.T) {
	d := newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		p.SleepUntil(vtime.Time(100 * ms))
		require.NoError(t, writeError(c))
		p.Sleep(rtt / 4)
		d.link.Down()
		p.Sleep(rtt / 4)
		require.NoError(t, writeError(c), "TCP does not notice")
		p.Sleep(time.Second)
		d.link.Up()
		require.NoError(t, readError(c), "the retransmission gets through")
	})
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
		require.NoError(t, readError(c))
		require.NoError(t, writeError(c))
	})
	d.run()
	require.GreaterOrEqual(t, d.drops()["link down"], 2)
	faults := 0
	for _, e := range d.Trace().Events {
		if e.Kind == trace.Fault {
			faults++
			require.Contains(t, []string{"link client-server down", "link client-server up"}, e.Fault)
		}
	}
	require.Equal(t, 2, faults)
}

func TestWhatIsInFlightWhenALinkDrainsArrives(t *testing.T) {
	for _, oneWay := range []bool{false, true} {
		d := newDuo(t)
		d.dial(func(p *netsim.Proc, c *netsim.Conn) {
			p.SleepUntil(vtime.Time(100 * ms))
			require.NoError(t, writeError(c))
			p.Sleep(rtt / 4)
			if oneWay {
				d.link.DrainFrom(d.client)
			} else {
				d.link.Drain()
			}
			require.NoError(t, writeError(c), "TCP does not notice")
		})
		d.serve(func(p *netsim.Proc, c *netsim.Conn) {
			require.NoError(t, readError(c))
			require.Equal(t, vtime.Time(100*ms+rtt/2), vtime.FromDate(p.Now()))
		})
		d.run()
		require.Positive(t, d.drops()["link down"])
	}
}

func TestALinkCanGoDownInOneDirection(t *testing.T) {
	d := newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		p.Sleep(rtt)
		d.link.From(d.server).SetDown()
		require.NoError(t, writeError(c))
		p.Sleep(100 * ms)
		d.link.From(d.server).SetUp()
		require.NoError(t, readError(c))
	})
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		require.NoError(t, readError(c))
		require.Less(t, p.Elapsed(), 100*ms, "this direction was up")
		require.NoError(t, writeError(c))
	})
	d.run()
}

func TestARuleAddedLaterJudgesWhatIsInFlight(t *testing.T) {
	d := newDuo(t)
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		p.Sleep(rtt)
		require.NoError(t, writeError(c))
		d.rule(d.client, "data", 1, 1, link.Verdict{Action: link.Drop})
		require.NoError(t, readError(c))
	})
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
		require.NoError(t, readError(c))
		require.NoError(t, writeError(c))
	})
	d.run()
	require.Equal(t, map[string]int{"rule drop data 1": 1}, d.drops())
}

func TestACorruptedSegmentIsDiscardedAndSentAgain(t *testing.T) {
	for _, bit := range []int{-1, 8 * 21, 8 * 33, 8 * 16, 8 * 3, 0, 4, 8 * 9} { // payload, TCP, IP header
		d := newDuo(t)
		d.rule(d.client, "data", 1, 1, link.Verdict{Action: link.Corrupt, Bit: bit})
		d.dial(func(_ *netsim.Proc, c *netsim.Conn) {
			_, err := c.Write([]byte("precious"))
			require.NoError(t, err)
			require.ErrorIs(t, readError(c), io.EOF)
		})
		d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
			b := make([]byte, 100)
			n, err := c.Read(b)
			require.NoError(t, err)
			require.Equal(t, "precious", string(b[:n]), "bit %d", bit)
			require.NoError(t, c.Close())
		})
		d.run()
		require.Greater(t, len(d.dataSegments("client")), 1, "bit %d: the segment was sent again", bit)
	}
}

func TestASegmentCorruptedBeforeARouterIsDiscardedAtTheEnd(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	client, server, r := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{}), n.Router("r")
	l := n.Link(client, r, netsim.LinkConfig{RTT: rtt})
	n.Link(r, server, netsim.LinkConfig{RTT: rtt})
	require.NoError(t, l.From(client).AddMatchRule(link.MatchRule{
		Match: link.MustMatch("data"), From: 1, To: 1, Verdict: link.Verdict{Action: link.Corrupt, Bit: -1},
	}))
	require.NoError(t, l.From(client).AddMatchRule(link.MatchRule{
		Match: link.MustMatch("S"), From: 1, To: 1, Verdict: link.Verdict{Action: link.Corrupt, Bit: 8 * 8},
	}))
	exchange(t, client, server)
	require.NoError(t, n.Run())
	dropped := map[string]int{}
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Dropped {
			dropped[e.Host+": "+e.Reason]++
		}
	}
	require.Equal(t, map[string]int{"r: damaged IP header": 1}, dropped)
}

func TestADuplicateIsReceivedOnce(t *testing.T) {
	for _, match := range []string{"S", "SA", "ack", "data", "F"} {
		d := newDuo(t)
		for _, h := range []*netsim.Host{d.client, d.server} {
			d.rule(h, match, 0, 0, link.Verdict{Action: link.Duplicate, Delay: 3 * ms})
		}
		d.dial(func(_ *netsim.Proc, c *netsim.Conn) {
			_, err := c.Write([]byte("once"))
			require.NoError(t, err)
			require.NoError(t, c.CloseWrite())
			got, err := io.ReadAll(c)
			require.NoError(t, err)
			require.Equal(t, "once", string(got), match)
			require.NoError(t, c.Close())
		})
		d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
			_, err := io.Copy(c, c)
			require.NoError(t, err)
			require.NoError(t, c.Close())
		})
		d.run()
		copies := 0
		for _, e := range d.Trace().Events {
			if e.Kind == trace.Delivered && e.Copy > 0 {
				copies++
			}
		}
		require.Positive(t, copies, match)
	}
}

func TestARSTCanOvertakeTheReply(t *testing.T) {
	d := newDuo(t)
	d.rule(d.server, "dataF", 1, 1, link.Verdict{Action: link.Deliver, Delay: 2 * time.Second})
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		sends(t, s, "request")
		recvFails(t, s, syscall.ECONNRESET)
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(2 * rtt)
		sends(t, s, "reply")
		require.Zero(t, s.Close())
	})
	d.run()
	require.NotEmpty(t, d.resets("server"))
}

// randomLink is a link with any mixture of settings that a transfer survives.
func randomLink(t *rapid.T, name string) link.Config {
	percent := func(label string, most int) link.Probability {
		return link.Probability(rapid.IntRange(0, most*10_000).Draw(t, name+" "+label+" ppm"))
	}
	millis := func(label string, most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(t, name+" "+label+" ms")) * ms
	}
	c := link.Config{
		Delay: millis("delay", 100), Jitter: millis("jitter", 30), Reorder: rapid.Bool().Draw(t, name+" reorder"),
		Loss: percent("loss", 10), Duplicate: percent("duplicate", 10), DuplicateDelay: millis("duplicate delay", 50),
		Corrupt: percent("corrupt", 5),
	}
	if rapid.Bool().Draw(t, name+" slow") {
		c.Rate = link.BitRate(rapid.IntRange(200_000, 20_000_000).Draw(t, name+" rate"))
		c.QueuePackets = rapid.IntRange(5, 50).Draw(t, name+" queue")
	}
	if rapid.Bool().Draw(t, name+" narrow") {
		c.MTU = rapid.IntRange(300, 1500).Draw(t, name+" mtu")
	}
	return c
}

// netstack's TCP can stop for ever with data unacknowledged: three lost segments
// are enough. After a tail loss probe it arms its retransmission timer only when
// it counts something as outstanding, and it can have counted what is as lost,
// and so as 0 (gVisor transport/tcp/snd.go, postXmit: "if s.Outstanding > 0").
// When this test fails, it has been repaired.
func TestNetstackCanStopWithDataUnacknowledged(t *testing.T) {
	d := newDuo(t)
	for _, nth := range []int{4, 9, 24} {
		d.rule(d.client, "dataF", nth, nth, link.Verdict{Action: link.Drop})
	}
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		p.Daemon()
		io.Copy(io.Discard, c)
	})
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) {
		_, err := c.Write(make([]byte, 16*1420+1))
		require.NoError(t, err)
		require.NoError(t, c.CloseWrite())
		readError(c)
	})
	err := d.Run()
	require.ErrorContains(t, err, "client/client waits in recv")
	require.ErrorContains(t, err, "FIN-WAIT-1", "the FIN is not acknowledged, and no timer is set")
}

// Whatever the links do, the bytes that arrive are those that were sent.
func TestBytesArriveIntactOverAnyLink(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := netsim.New(netsim.Config{Seed: rapid.Uint64().Draw(rt, "seed"), HashOnly: true})
		defer n.Close()
		client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
		cfg := netsim.LinkConfig{AB: randomLink(rt, "up"), BA: randomLink(rt, "down")}
		if rapid.Bool().Draw(rt, "router") {
			r := n.Router("r")
			n.Link(client, r, cfg)
			n.Link(r, server, netsim.LinkConfig{RTT: rtt})
		} else {
			n.Link(client, server, cfg)
		}
		sent := make([]byte, rapid.IntRange(0, 100_000).Draw(rt, "bytes"))
		rand.New(rand.NewSource(1)).Read(sent)
		var echoed []byte
		server.Go("", func(p *netsim.Proc) {
			p.Daemon()
			l, err := p.Listen("tcp", ":80")
			require.NoError(rt, err)
			c, err := l.Accept()
			require.NoError(rt, err)
			io.Copy(c, c)
			c.Close()
		})
		client.Go("", func(p *netsim.Proc) {
			c, err := p.Dial("tcp", "server:80")
			if err != nil {
				return // all its SYNs were lost
			}
			p.Host().Go("writer", func(*netsim.Proc) {
				c.Write(sent)
				c.CloseWrite()
			})
			echoed, _ = io.ReadAll(c)
			c.Close()
		})
		err := n.Run()
		require.True(rt, bytes.HasPrefix(sent, echoed), "nothing may be damaged, lost in the middle or out of order")
		var stopped *netsim.DeadlockError
		if errors.As(err, &stopped) {
			return // see TestNetstackCanStopWithDataUnacknowledged
		}
		require.NoError(rt, err)
		require.Len(rt, echoed, len(sent), "such links let everything through in the end")
	})
}
