package netsim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/vtime"
)

func TestADeadLockSaysWhoWaitsForWhatSinceWhen(t *testing.T) {
	d := newDuo(t)
	d.server.Go("acceptor", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		for {
			c, err := l.AcceptTCP()
			require.NoError(t, err)
			p.Host().Go("worker", func(*netsim.Proc) { readError(c) })
		}
	})
	d.client.Go("", func(p *netsim.Proc) {
		p.Sleep(time.Second)
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err)
		p.Sleep(time.Second)
		readError(c)
	})
	err := d.Run()
	var dead *netsim.DeadlockError
	require.ErrorAs(t, err, &dead)
	require.Equal(t, vtime.Time(2*time.Second+rtt), dead.At)
	port := d.clientPort()
	require.EqualError(t, err, strings.ReplaceAll(`netsim: dead-lock at 2.02s of virtual time: nothing is left to happen and 3 procs wait
	server/acceptor waits in accept(3) since 1.03s on 0.0.0.0:80 LISTEN
	client/client waits in recv(3, 10) since 2.02s on 10.0.0.1:PORT > 10.0.0.2:80 ESTABLISHED
	server/worker waits in recv(4, 10) since 1.03s on 10.0.0.2:80 > 10.0.0.1:PORT ESTABLISHED`, "PORT", port))
}

func TestADeadLockOfManyListsTheFirst(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		for range 30 {
			p.Host().Go("waiter", func(*netsim.Proc) { l.Accept() })
		}
	})
	require.ErrorContains(t, d.Run(), "30 procs wait")
	require.ErrorContains(t, d.Run(), "\n\t… and 10 more")
}

func TestADaemonMayWaitForEver(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		p.Daemon()
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		for {
			c, err := l.Accept()
			require.NoError(t, err)
			require.NoError(t, c.Close())
		}
	})
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) { require.NoError(t, c.Close()) })
	d.run()
}

func TestARunThatDoesNotEndFails(t *testing.T) {
	n := netsim.New(netsim.Config{StepLimit: 1000, Seed: 42})
	defer n.Close()
	n.Host("host", netsim.HostConfig{}).Go("spinner", func(p *netsim.Proc) {
		for {
			p.Sleep(0)
		}
	})
	err := n.Run()
	var limit *netsim.StepLimitError
	require.ErrorAs(t, err, &limit)
	require.EqualValues(t, 1000, limit.Steps)
	require.EqualValues(t, 42, limit.Seed)
	require.ErrorContains(t, err, "no end after 1000 steps, at 0s of virtual time (seed 42): a live-lock, or raise Config.StepLimit")
	require.EqualValues(t, 1000, n.Stats().Steps)
}

func TestATimeLimitEndsARun(t *testing.T) {
	n := netsim.New(netsim.Config{TimeLimit: vtime.Time(time.Minute)})
	defer n.Close()
	n.Host("host", netsim.HostConfig{}).Go("ticker", func(p *netsim.Proc) {
		for {
			p.Sleep(7 * time.Second)
		}
	})
	err := n.Run()
	var limit *netsim.TimeLimitError
	require.ErrorAs(t, err, &limit)
	require.ErrorContains(t, err, "host/ticker waits in sleep since 56s")
	require.LessOrEqual(t, n.Now(), vtime.Time(time.Minute))
}

func TestRunUntilStopsWithTheInstantDone(t *testing.T) {
	n, h := oneHost(t)
	var log []time.Duration
	h.Go("", func(p *netsim.Proc) {
		for range 3 {
			p.Sleep(time.Second)
			log = append(log, p.Elapsed())
		}
	})
	require.NoError(t, n.RunUntil(vtime.Time(2*time.Second-1)))
	require.Equal(t, []time.Duration{time.Second}, log)
	require.Equal(t, vtime.Time(2*time.Second-1), n.Now(), "the time is that which was asked for")
	require.NoError(t, n.RunUntil(vtime.Time(2*time.Second)))
	require.Equal(t, []time.Duration{time.Second, 2 * time.Second}, log)
	require.NoError(t, n.RunUntil(vtime.Time(time.Second)), "a time in the past: nothing is left to do")
	require.Equal(t, vtime.Time(2*time.Second), n.Now())
	require.NoError(t, n.Run())
	require.Len(t, log, 3)
	require.NoError(t, n.Run(), "there is nothing more")
}

func TestStepDoesOneThingAtATime(t *testing.T) {
	n, h := oneHost(t)
	ran := 0
	for range 3 {
		h.Go("", func(*netsim.Proc) { ran++ })
	}
	for i := 1; i <= 3; i++ {
		require.True(t, n.Step())
		require.Equal(t, i, ran)
	}
	require.False(t, n.Step())
	require.EqualValues(t, 3, n.Stats().Steps)
}

func TestWithinAnInstantTheNetworkComesFirst(t *testing.T) {
	d := newDuo(t)
	var log []string
	at := func(what string) { log = append(log, what) }
	d.dial(func(p *netsim.Proc, c *netsim.Conn) {
		p.Host().Go("sleeper", func(q *netsim.Proc) {
			q.SleepUntil(vtime.Time(time.Second))
			at("sleeper")
		})
		require.NoError(t, readError(c))
		at("reader")
	})
	d.serve(func(p *netsim.Proc, c *netsim.Conn) {
		p.SleepUntil(vtime.Time(time.Second - rtt/2))
		require.NoError(t, writeError(c))
	})
	d.At(vtime.Time(time.Second), func() { at("event") })
	d.run()
	require.Equal(t, []string{"event", "sleeper", "reader"}, log,
		"events in the order in which they were scheduled, then procs in the order in which they were woken")
}

func TestAtAndAfter(t *testing.T) {
	n := netsim.New(netsim.Config{})
	defer n.Close()
	var log []string
	n.At(vtime.Time(2*time.Second), func() {
		log = append(log, "2s")
		n.After(time.Second, func() { log = append(log, "after 1s at "+n.Now().String()) })
		n.At(0, func() { log = append(log, "past, so now, at "+n.Now().String()) })
	})
	n.After(time.Second, func() { log = append(log, "1s") })
	n.After(-time.Second, func() { log = append(log, "at once") })
	require.NoError(t, n.Run())
	require.Equal(t, []string{"at once", "1s", "2s", "past, so now, at 2s", "after 1s at 3s"}, log)
}

func TestCloseEndsARunWhereItIs(t *testing.T) {
	d := newDuo(t)
	unwound := 0
	for range 3 {
		d.client.Go("", func(p *netsim.Proc) {
			defer func() { unwound++ }()
			p.Sleep(time.Hour)
			t.Error("it must not go on")
		})
	}
	d.serve(func(*netsim.Proc, *netsim.Conn) { t.Error("nobody connects") })
	require.NoError(t, d.RunUntil(vtime.Time(0)))
	d.client.Go("never run", func(*netsim.Proc) { t.Error("it must not run") })
	before, stats, hash := d.Now(), d.Stats(), d.Hash()
	d.Close()
	require.Equal(t, 3, unwound)
	require.Equal(t, before, d.Now(), "no time passes by closing")
	require.Equal(t, stats, d.Stats())
	require.Equal(t, hash, d.Hash())
	require.False(t, d.Step())
	d.Close()
	require.NotNil(t, d.Trace(), "the trace remains")
}

func TestCloseOfANetworkThatNeverRan(t *testing.T) {
	d := newDuo(t)
	d.client.Go("", func(*netsim.Proc) { t.Error("it must not run") })
	d.Close()
}

func TestStatsCount(t *testing.T) {
	d := newDuo(t)
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) { require.NoError(t, c.Close()) })
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) { require.NoError(t, c.Close()) })
	d.run()
	s := d.Stats()
	require.EqualValues(t, len(d.Trace().Events), s.Events)
	require.Greater(t, s.Packets, uint64(6))
	require.Greater(t, s.Steps, s.Packets)
	require.Equal(t, d.Now(), s.Time)
}
