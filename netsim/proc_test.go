package netsim_test

import (
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/vtime"
	"rstlab/netsim/wire"
)

// oneHost is a network of one host.
func oneHost(tb testing.TB) (*netsim.Network, *netsim.Host) {
	n := netsim.New(netsim.Config{})
	tb.Cleanup(n.Close)
	return n, n.Host("host", netsim.HostConfig{})
}

func TestProcsRunInOrderOfCreationEachUntilItBlocks(t *testing.T) {
	n, h := oneHost(t)
	var log []string
	for _, name := range []string{"a", "b", "c"} {
		h.Go(name, func(p *netsim.Proc) {
			require.Equal(t, name, p.Name())
			require.Equal(t, h, p.Host())
			for range 2 {
				log = append(log, name+" at "+p.Elapsed().String())
				p.Sleep(time.Second)
			}
		})
	}
	require.Empty(t, log, "nothing happens before Run")
	require.NoError(t, n.Run())
	require.Equal(t, []string{"a at 0s", "b at 0s", "c at 0s", "a at 1s", "b at 1s", "c at 1s"}, log)
}

func TestSleepOfNothingLetsTheOthersGoFirst(t *testing.T) {
	n, h := oneHost(t)
	var log []string
	h.Go("polite", func(p *netsim.Proc) {
		log = append(log, "polite")
		p.Sleep(0)
		log = append(log, "polite again")
		p.Sleep(-time.Hour)
		log = append(log, "polite at last")
	})
	h.Go("other", func(p *netsim.Proc) {
		log = append(log, "other")
		p.Sleep(0)
		log = append(log, "other again")
	})
	require.NoError(t, n.Run())
	require.Equal(t, []string{"polite", "other", "polite again", "other again", "polite at last"}, log)
	require.Zero(t, n.Now(), "no time has passed")
}

func TestSleepLastsAsLongAsItSays(t *testing.T) {
	n, h := oneHost(t)
	h.Go("", func(p *netsim.Proc) {
		require.Equal(t, vtime.Epoch, p.Now())
		p.Sleep(1)
		require.Equal(t, time.Duration(1), p.Elapsed())
		p.SleepUntil(vtime.Time(time.Hour))
		require.Equal(t, time.Hour, p.Elapsed())
		require.Equal(t, vtime.Epoch.Add(time.Hour), p.Now())
		p.SleepUntil(vtime.Time(time.Minute))
		require.Equal(t, time.Hour, p.Elapsed(), "an instant in the past is now")
	})
	require.NoError(t, n.Run())
	require.Equal(t, vtime.Time(time.Hour), n.Now())
}

func TestAProcCanStartOthersWhichRunAfterIt(t *testing.T) {
	n, h := oneHost(t)
	var log []string
	h.Go("parent", func(p *netsim.Proc) {
		h.Go("child", func(q *netsim.Proc) { log = append(log, "child at "+q.Elapsed().String()) })
		log = append(log, "parent")
		p.Sleep(time.Second)
		h.Go("late child", func(q *netsim.Proc) { log = append(log, "late child at "+q.Elapsed().String()) })
	})
	require.NoError(t, n.Run())
	require.Equal(t, []string{"parent", "child at 0s", "late child at 1s"}, log)
}

func TestAPanicInAProcNamesIt(t *testing.T) {
	n, h := oneHost(t)
	h.Go("clumsy", func(*netsim.Proc) { panic("oops") })
	require.PanicsWithValue(t, "x", func() { panic("x") })
	defer func() {
		text, ok := recover().(string)
		require.True(t, ok)
		require.Contains(t, text, "netsim: proc host/clumsy panicked: oops")
		require.Contains(t, text, "proc_test.go", "with the proc's stack")
	}()
	n.Run()
}

func TestCallsThatBlockOutsideProcsPanicWithTheRemedy(t *testing.T) {
	d := newDuo(t)
	var kept *netsim.Conn
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) { kept = c })
	d.serve(func(*netsim.Proc, *netsim.Conn) {})
	d.After(time.Second, func() {
		require.NoError(t, writeError(kept), "a call that need not block can be made anywhere")
		require.PanicsWithValue(t,
			"netsim: recv would block, and is not called by a proc: call it in a function started with Host.Go",
			func() { readError(kept) })
	})
	d.run()
}

func TestKillEndsAProcWhereItIs(t *testing.T) {
	n, h := oneHost(t)
	deferred, after := false, false
	victim := h.Go("victim", func(p *netsim.Proc) {
		defer func() {
			deferred = true
			p.Sleep(time.Second)
			after = true
		}()
		p.Sleep(time.Hour)
		after = true
	})
	h.Go("killer", func(p *netsim.Proc) {
		p.Sleep(time.Second)
		victim.Kill()
		victim.Kill()
	})
	require.NoError(t, n.Run())
	require.True(t, deferred, "deferred functions run")
	require.False(t, after, "but nothing in them works")
	require.Equal(t, vtime.Time(time.Second), n.Now())
}

func TestAProcCanKillItself(t *testing.T) {
	n, h := oneHost(t)
	after := false
	h.Go("", func(p *netsim.Proc) {
		p.Kill()
		after = true
	})
	require.NoError(t, n.Run())
	require.False(t, after)
}

func TestAProcKilledBeforeItRanNeverRuns(t *testing.T) {
	n, h := oneHost(t)
	h.Go("", func(*netsim.Proc) { t.Error("it must not run") }).Kill()
	require.NoError(t, n.Run())
}

func TestKillClosesTheProcsSocketsAsTheirQueuesSay(t *testing.T) {
	for name, c := range map[string]struct {
		unread bool
		reset  int
	}{"nothing unread: FIN": {false, 0}, "unread data: RST": {true, 1}} {
		t.Run(name, func(t *testing.T) {
			d := newDuo(t)
			var victim *netsim.Proc
			d.connected(func(p *netsim.Proc, s *netsim.Socket) {
				if c.unread {
					sends(t, s, "unread")
				}
				p.Sleep(rtt)
				victim.Kill()
				_, errno := s.Recv(make([]byte, 10))
				require.Equal(t, c.unread, errno == syscall.ECONNRESET)
			}, func(p *netsim.Proc, s *netsim.Socket) {
				require.Zero(t, s.SetOption(engine.Linger, int64(time.Hour)), "a process that is killed does not linger")
				victim = p
				p.Sleep(time.Hour)
			})
			d.run()
			require.Len(t, d.resets("server"), c.reset)
			require.Less(t, d.Now().Since(), 5*time.Minute)
		})
	}
}

func TestKillOfAProcBlockedInACall(t *testing.T) {
	d := newDuo(t)
	var victim *netsim.Proc
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(rtt)
		victim.Kill()
		recvs(t, s, "")
	}, func(p *netsim.Proc, s *netsim.Socket) {
		victim = p
		s.Recv(make([]byte, 10))
		t.Error("it must not return")
	})
	d.run()
}

func TestKillOfAProcThatListensResetsWhoWaits(t *testing.T) {
	d := newDuo(t)
	server := d.server.Go("", func(p *netsim.Proc) {
		_, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		p.Sleep(time.Hour)
	})
	d.client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		server.Kill()
		require.ErrorIs(t, readError(c), syscall.ECONNRESET)
		_, err = p.Dial("tcp", "server:80")
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	})
	d.run()
}

func TestPowerOffIsSilence(t *testing.T) {
	d := newDuo(t)
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
		readError(c)
		t.Error("the proc ends with its host")
	})
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		p.Sleep(rtt)
		require.True(t, d.server.Up())
		d.server.PowerOff()
		require.False(t, d.server.Up())
		require.NoError(t, c.SetUserTimeout(5*time.Second))
		require.NoError(t, writeError(c))
		require.ErrorIs(t, readError(c), syscall.ETIMEDOUT)
		_, err := p.DialTimeout("tcp", "server:80", 500*ms)
		var ne net.Error
		require.True(t, errors.As(err, &ne) && ne.Timeout())
		d.server.Reboot()
		_, err = p.Dial("tcp", "server:80")
		require.ErrorIs(t, err, syscall.ECONNREFUSED, "it is up, and nobody listens")
	})
	d.run()
	require.Len(t, d.resets("server"), 1, "to the SYN after the reboot")
}

func TestAHostThatReBootedResetsConnectionsOfItsFormerLife(t *testing.T) {
	d := newDuo(t)
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) { readError(c) })
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		p.Sleep(rtt)
		d.server.Reboot()
		require.NoError(t, writeError(c))
		require.ErrorIs(t, readError(c), syscall.ECONNRESET)
	})
	d.run()
	require.Equal(t, wire.RST, d.resets("server")[0].Flags, "RFC 9293 section 3.5.2: SEQ = SEG.ACK, no ACK")
}

func TestAfterARebootTheHostServesAgain(t *testing.T) {
	d := newDuo(t)
	serve := func() {
		d.serve(func(_ *netsim.Proc, c *netsim.Conn) {
			require.NoError(t, readError(c))
			require.NoError(t, writeError(c))
			require.ErrorIs(t, readError(c), io.EOF)
			require.NoError(t, c.Close())
		})
	}
	serve()
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		for range 3 {
			require.NoError(t, writeError(c))
			require.NoError(t, readError(c))
			require.NoError(t, c.Close())
			d.server.Reboot()
			serve()
			p.Sleep(rtt)
			var err error
			c, err = p.Dial("tcp", "server:80")
			require.NoError(t, err)
		}
		require.NoError(t, writeError(c))
		require.NoError(t, readError(c))
		require.NoError(t, c.Close())
	})
	d.run()
}

func TestAProcThatTurnsItsOwnHostOffEnds(t *testing.T) {
	n, h := oneHost(t)
	h.Go("other", func(p *netsim.Proc) { p.Sleep(time.Hour) })
	h.Go("", func(*netsim.Proc) {
		h.PowerOff()
		t.Error("it must not get here")
	})
	require.NoError(t, n.Run())
	require.Zero(t, n.Now())
	h.Reboot()
	ran := false
	h.Go("", func(p *netsim.Proc) {
		h.Go("successor", func(*netsim.Proc) { ran = true })
		h.Reboot()
		t.Error("it must not get here")
	})
	require.NoError(t, n.Run())
	require.False(t, ran, "it belonged to the former life")
}

func TestProcsOnAHostThatIsOff(t *testing.T) {
	d := newDuo(t)
	d.client.PowerOff()
	d.client.Go("", func(p *netsim.Proc) {
		_, errno := p.Socket(engine.IPv4)
		require.Equal(t, syscall.ENETDOWN, errno)
		_, err := p.Dial("tcp", "server:80")
		require.ErrorIs(t, err, syscall.ENETDOWN)
		_, err = p.Listen("tcp", ":80")
		require.ErrorIs(t, err, syscall.ENETDOWN)
	})
	d.run()
}

func TestSocketsOfAHostThatIsOffAreClosed(t *testing.T) {
	d := newDuo(t)
	var c *netsim.Conn
	d.serve(func(_ *netsim.Proc, conn *netsim.Conn) { c = conn })
	d.dial(func(p *netsim.Proc, _ *netsim.Conn) {
		p.Sleep(rtt)
		d.server.PowerOff()
		require.Equal(t, wire.Closed, c.State())
		require.ErrorIs(t, c.Close(), net.ErrClosed)
		require.ErrorIs(t, writeError(c), net.ErrClosed)
		require.NotEmpty(t, c.String())
		require.Equal(t, "10.0.0.2:80", c.LocalAddr().String())
	})
	d.run()
}

func TestAProcsSleepIsForItselfOnly(t *testing.T) {
	n, h := oneHost(t)
	h.Go("a", func(p *netsim.Proc) {
		h.Go("b", func(*netsim.Proc) {
			require.PanicsWithValue(t, "netsim: proc host/a sleeps while host/b runs: each proc calls methods of its own Proc",
				func() { p.Sleep(time.Second) })
		})
		p.Sleep(2 * time.Second)
	})
	n.After(time.Second, func() {
		h.Go("c", func(*netsim.Proc) {})
	})
	asleep := h.Go("d", func(p *netsim.Proc) { p.Sleep(time.Hour) })
	n.After(time.Second, func() {
		require.PanicsWithValue(t, "netsim: proc host/d sleeps while no proc runs: each proc calls methods of its own Proc",
			func() { asleep.Sleep(1) })
	})
	require.NoError(t, n.Run())
}
