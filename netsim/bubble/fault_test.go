package bubble_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// faulty runs f twice on an echo server and a client that are 100 ms apart: every
// fault replays.
func faulty(t *testing.T, f func(t *testing.T, n *bubble.Network, client, server *bubble.Host)) {
	t.Helper()
	bubble.Check(t, 2, func(t *testing.T, n *bubble.Network) {
		client, server := n.Pair(rtt100)
		echo(t, server)
		f(t, n, client, server)
	})
}

func dial(t *testing.T, client *bubble.Host) net.Conn {
	t.Helper()
	c, err := client.Dial("tcp", "server:7")
	require.NoError(t, err)
	return c
}

// exchange sends a text and returns how long its echo took.
func exchange(t *testing.T, c net.Conn, text string) time.Duration {
	t.Helper()
	begin := time.Now()
	_, err := c.Write([]byte(text))
	require.NoError(t, err)
	_, err = io.ReadFull(c, make([]byte, len(text)))
	require.NoError(t, err)
	return time.Since(begin)
}

func TestDropOfTheSecondDataSegmentDelaysTheSecondMessageOnly(t *testing.T) {
	faulty(t, func(t *testing.T, n *bubble.Network, client, server *bubble.Host) {
		r := n.Drop(client, server, "data", 2)
		c := dial(t, client)
		require.Equal(t, 100*time.Millisecond, exchange(t, c, "one"))
		require.Greater(t, exchange(t, c, "two"), 300*time.Millisecond, "it takes a retransmission")
		require.Equal(t, 100*time.Millisecond, exchange(t, c, "three"))
		require.Equal(t, 1, r.Hits())
		require.Equal(t, "drop data 2, client -> server", r.String())
	})
}

func TestDropCountsEachNumberForItself(t *testing.T) {
	faulty(t, func(t *testing.T, n *bubble.Network, client, server *bubble.Host) {
		c := dial(t, client)
		r := n.Drop(client, nil, "data,!rexmit", 1, 3)
		slow := []bool{exchange(t, c, "one") > rtt100.RTT, exchange(t, c, "two") > rtt100.RTT, exchange(t, c, "three") > rtt100.RTT}
		require.Equal(t, []bool{true, false, true}, slow)
		require.Equal(t, 2, r.Hits())
	})
}

func TestDelayDuplicateCorruptAndRemove(t *testing.T) {
	faulty(t, func(t *testing.T, n *bubble.Network, client, server *bubble.Host) {
		c := dial(t, client)
		n.Delay(server, client, "data", 30*time.Millisecond, 1)
		require.Equal(t, 130*time.Millisecond, exchange(t, c, "one"))
		twice := n.Duplicate(client, server, "data", time.Millisecond)
		require.Equal(t, 100*time.Millisecond, exchange(t, c, "two"), "TCP takes a copy for what it is")
		require.Equal(t, 1, twice.Hits())
		twice.Remove()
		damaged := n.Corrupt(client, server, "data", 1)
		require.Greater(t, exchange(t, c, "three"), 200*time.Millisecond, "the checksum catches it")
		require.Equal(t, 1, damaged.Hits())
		require.Equal(t, 1, twice.Hits(), "a rule that was removed counts no more")
		again := n.Drop(client, server, "data", 1)
		require.Greater(t, exchange(t, c, "four"), 200*time.Millisecond)
		require.Equal(t, 1, again.Hits())
	})
}

func TestPartitionAndHeal(t *testing.T) {
	faulty(t, func(t *testing.T, n *bubble.Network, client, server *bubble.Host) {
		third := n.Host("third", netsim.HostConfig{})
		n.Link(third, server, rtt100)
		c, d := dial(t, client), dial(t, third)
		n.Partition(server, client)
		n.Partition(server, client) // no harm
		n.At(5*time.Second, func() { n.Heal(client, server) })
		require.Equal(t, 100*time.Millisecond, exchange(t, d, "others go on"))
		exchange(t, c, "goes through in the end")
		require.Greater(t, time.Since(bubbleStart), 5*time.Second)
	})
}

var bubbleStart = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func TestPartitionLosesWhatIsInFlightBehindARouter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := bubble.New(t, bubble.Config{})
		client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
		n.Do(func(sim *netsim.Network) {
			r := sim.Router("r")
			sim.Link(client.Sim(), r, netsim.LinkConfig{RTT: 20 * time.Millisecond})
			sim.Link(r, server.Sim(), netsim.LinkConfig{RTT: 80 * time.Millisecond})
		})
		echo(t, server)
		c := dial(t, client)
		_, err := c.Write([]byte("x"))
		require.NoError(t, err)
		time.Sleep(30 * time.Millisecond) // on the second link
		n.Partition(client, server)
		_, err = n.WaitFor(25*time.Millisecond, func(e *trace.Event) bool { return e.Kind == trace.Dropped })
		require.NoError(t, err)
	})
}

func TestLinkDownAndUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := bubble.New(t, bubble.Config{})
		client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
		l := n.Link(client, server, rtt100)
		echo(t, server)
		c := dial(t, client)
		n.LinkDown(l)
		n.After(10*time.Second, func() { n.LinkUp(l) })
		require.Greater(t, exchange(t, c, "hello"), 10*time.Second)
	})
}

func TestRebootMakesConnectionsUnknown(t *testing.T) {
	faulty(t, func(t *testing.T, n *bubble.Network, client, server *bubble.Host) {
		c := dial(t, client)
		exchange(t, c, "one")
		server.Reboot()
		_, err := c.Write([]byte("two"))
		require.NoError(t, err)
		_, err = c.Read(make([]byte, 10))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = client.Dial("tcp", "server:7")
		require.ErrorIs(t, err, syscall.ECONNREFUSED, "nobody listens yet")
		echo(t, server)
		say(t, client, "back again")
	})
}

func TestPowerOffEndsTheCallsOfTheHost(t *testing.T) {
	faulty(t, func(t *testing.T, n *bubble.Network, client, server *bubble.Host) {
		c := dial(t, client)
		n.After(time.Second, client.PowerOff)
		_, err := c.Read(make([]byte, 1))
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = c.Write([]byte("x"))
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = client.Dial("tcp", "server:7")
		require.Error(t, err)
		c.SetDeadline(time.Now())
		c.Close() // these only queue, and do no harm
		_, err = client.Listen("tcp", ":1")
		require.Error(t, err)
		client.Reboot()
		say(t, client, "alive")
	})
}

func TestAtKeepsTheOrderOfItsCallsAndMayBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, client, _ := bubble.Pair(t, bubble.Config{}, rtt100)
		var got []string
		var mu sync.Mutex
		note := func(s string) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, s)
		}
		n.At(2*time.Second, func() { note("c") })
		n.At(time.Second, func() {
			note("a")
			_, err := client.Dial("tcp", "server:7") // takes a round trip
			if errors.Is(err, syscall.ECONNREFUSED) && time.Since(bubbleStart) == 1100*time.Millisecond {
				note("refused")
			}
		})
		n.At(time.Second, func() { note("b") })
		time.Sleep(3 * time.Second)
		n.At(time.Second, func() { note("past, so at once") })
		n.Wait()
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, []string{"a", "refused", "b", "c", "past, so at once"}, got)
		n.At(time.Hour, func() { t.Error("after the end") })
	})
}

func TestWaitForFindsThePastTheFutureAndNothing(t *testing.T) {
	faulty(t, func(t *testing.T, n *bubble.Network, client, server *bubble.Host) {
		c := dial(t, client)
		syn, err := n.WaitFor(0, bubble.Sent(client, "S"))
		require.NoError(t, err)
		require.Zero(t, syn.At, "it had happened")
		n.After(time.Second, func() { c.Close() })
		fin, err := n.WaitFor(time.Minute, bubble.Delivered(client, "F"))
		require.NoError(t, err)
		require.Equal(t, 1200*time.Millisecond, fin.At, "dialed in 100, closed in a second, answered in 100")
		require.Equal(t, fin.At, time.Since(bubbleStart), "it returns at that instant")
		require.True(t, fin.Packet.TCP.Flags.Has(wire.FIN))
		begin := time.Now()
		_, err = n.WaitFor(time.Minute, bubble.Sent(server, "R"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Minute, time.Since(begin))
	})
}

func TestFaultsAreSafeFromAllGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, client, server := bubble.Pair(t, bubble.Config{}, rtt100)
		echo(t, server)
		c := dial(t, client)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				r := n.Drop(client, server, "data", 1)
				n.Partition(client, server)
				n.Heal(client, server)
				_, err := n.WaitFor(time.Hour, bubble.Sent(client, "data"))
				if err != nil {
					t.Error(err)
				}
				r.Remove()
			})
		}
		wg.Go(func() { exchange(t, c, string(bytes.Repeat([]byte("x"), 20_000))) })
		wg.Wait()
	})
}

func TestAfterTheEndFaultsDoNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, client, server := bubble.Pair(t, bubble.Config{}, rtt100)
		go func() {
			_, err := n.WaitFor(0, bubble.Sent(client, "data"))
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("WaitFor at the end: %v", err)
			}
		}()
		n.Wait()
		n.Close()
		n.Partition(client, server)
		n.Heal(client, server)
		server.Reboot()
		require.Zero(t, n.Drop(client, server, "data").Hits())
		_, err := n.WaitFor(time.Hour, bubble.Sent(client, "data"))
		require.ErrorIs(t, err, net.ErrClosed)
	})
}

func TestInnerRuleMistakes(t *testing.T) {
	onPurpose(t)
	synctest.Test(t, func(t *testing.T) {
		n, client, server := bubble.Pair(t, bubble.Config{}, rtt100)
		n.Drop(client, server, "dta", 1)
		n.Drop(client, server, "data", 0)
		n.Delay(client, server, "data", -time.Second).Remove()
	})
}

func TestMistakesInRulesFailTheTestAndSayWhy(t *testing.T) {
	out := fails(t, "^TestInnerRuleMistakes$", nil)
	require.Contains(t, out, `unknown term "dta"; known are `)
	require.Contains(t, out, "number 0: packets are counted from 1; give no number for all")
	require.Contains(t, out, "a rule cannot make a packet faster; use 0 or more")
	require.Contains(t, out, "fault_test.go:", "where in the test")
}
