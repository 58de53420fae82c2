package netsim_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

type event = trace.Event

// talk has the client send three segments and the server close when it has them.
func (d *duo) talk() {
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		for range 3 {
			sends(d.tb, s, "data")
			p.Sleep(100 * ms)
		}
		recvs(d.tb, s, "")
		require.Zero(d.tb, s.Close())
	}, func(p *netsim.Proc, s *netsim.Socket) {
		for range 3 {
			recvs(d.tb, s, "data")
		}
		require.Zero(d.tb, s.Close())
	})
}

func TestATriggerFiresWithTheNthEvent(t *testing.T) {
	// The client connects at 20 ms and sends at 30, 130 and 230 ms.
	for name, c := range map[string]struct {
		nth  int
		want func(d *duo) func(*event) bool
		at   time.Duration // 0 for never
	}{
		"sends data":         {1, func(d *duo) func(*event) bool { return netsim.Sends(d.client, link.MustMatch("data")) }, 30 * ms},
		"sends data 3":       {3, func(d *duo) func(*event) bool { return netsim.Sends(d.client, link.MustMatch("data")) }, 230 * ms},
		"sends data 4":       {4, func(d *duo) func(*event) bool { return netsim.Sends(d.client, link.MustMatch("data")) }, 0},
		"receives data 2":    {2, func(d *duo) func(*event) bool { return netsim.Receives(d.server, link.MustMatch("data")) }, 140 * ms},
		"server sends F":     {1, func(d *duo) func(*event) bool { return netsim.Sends(d.server, link.MustMatch("F")) }, 240 * ms},
		"client receives F":  {1, func(d *duo) func(*event) bool { return netsim.Receives(d.client, link.MustMatch("F")) }, 250 * ms},
		"misses":             {1, func(d *duo) func(*event) bool { return netsim.Misses(d.server, link.MustMatch("any")) }, 0},
		"enters FIN-WAIT-2":  {1, func(d *duo) func(*event) bool { return netsim.Enters(d.server, wire.FinWait2) }, 260 * ms},
		"enters CLOSE-WAIT":  {1, func(d *duo) func(*event) bool { return netsim.Enters(d.client, wire.CloseWait) }, 250 * ms},
		"enters ESTABLISHED": {2, func(d *duo) func(*event) bool { return netsim.Enters(d.client, wire.Established) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDuo(t)
			trigger := d.Trigger(c.nth, c.want(d))
			times, at := 0, time.Duration(0)
			trigger.Do(func() { times, at = times+1, d.Now().Since() })
			d.talk()
			d.run()
			require.Equal(t, c.at, at)
			require.Equal(t, c.at != 0, trigger.Fired())
			require.Equal(t, c.at != 0, times == 1)
		})
	}
}

func TestMissesIsADropOnTheWay(t *testing.T) {
	d := newDuo(t)
	d.rule(d.client, "data", 2, 2, link.Verdict{Action: link.Drop})
	missed := d.Trigger(1, netsim.Misses(d.server, link.MustMatch("data")))
	again := d.Trigger(1, netsim.Sends(d.client, link.MustMatch("data,rexmit")))
	var lost, sent time.Duration
	missed.Do(func() { lost = d.Now().Since() })
	again.Do(func() { sent = d.Now().Since() })
	d.talk()
	d.run()
	require.Equal(t, 130*ms, lost)
	require.Greater(t, sent, lost)
}

// A fault can be timed by what another host does.
func TestATriggerCanSetAFault(t *testing.T) {
	d := newDuoWith(t, netsim.Config{HashOnly: true}, netsim.LinkConfig{RTT: rtt})
	d.Trigger(1, netsim.Sends(d.server, link.MustMatch("SA"))).Do(d.server.PowerOff)
	d.server.Go("", func(p *netsim.Proc) {
		l, err := p.Listen("tcp", ":80")
		require.NoError(t, err)
		l.Accept()
	})
	d.client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		require.NoError(t, err, "the SYN-ACK had left")
		require.NoError(t, writeError(c))
		require.ErrorIs(t, readError(c), syscall.ETIMEDOUT)
	})
	d.run()
}

func TestAProcAwaitsATrigger(t *testing.T) {
	d := newDuo(t)
	fin := d.Trigger(1, netsim.Sends(d.server, link.MustMatch("F")))
	d.talk()
	done := false
	d.Go("operator", func(p *netsim.Proc) {
		p.Await(fin)
		require.Equal(t, 240*ms, p.Elapsed())
		p.Await(fin) // has fired
		require.Equal(t, 240*ms, p.Elapsed())
		late := 0
		fin.Do(func() { late++ })
		p.Sleep(0)
		require.Equal(t, 1, late, "Do on a trigger that has fired")
		done = true
	})
	d.run()
	require.True(t, done)
}

func TestAProcThatAwaitsInVainIsADeadlock(t *testing.T) {
	d := newDuo(t)
	never := d.Trigger(1, netsim.Sends(d.server, link.MustMatch("R")))
	p := d.Go("operator", func(p *netsim.Proc) { p.Await(never) })
	require.ErrorContains(t, d.Run(), "operator waits in await since 0s")
	p.Kill()
	d.run()
}

func TestAScriptSurvivesEveryHost(t *testing.T) {
	d := newDuo(t)
	steps := 0
	d.Go("operator", func(p *netsim.Proc) {
		require.Nil(t, p.Host())
		for _, h := range []*netsim.Host{d.client, d.server} {
			h.PowerOff()
			p.Sleep(time.Second)
			steps++
			h.PowerOn()
			h.PowerOn() // is on
			require.True(t, h.Up())
		}
		_, errno := p.Socket(0)
		require.Equal(t, syscall.ENETDOWN, errno)
		_, err := p.Dial("tcp", "server:80")
		require.ErrorIs(t, err, syscall.ENETDOWN)
		_, err = p.Listen("tcp", ":80")
		require.ErrorIs(t, err, syscall.ENETDOWN)
	})
	d.client.Go("", func(p *netsim.Proc) { p.Sleep(time.Hour) })
	d.run()
	require.Equal(t, 2, steps)
	require.Equal(t, 2*time.Second, d.Now().Since(), "the client's proc ended with its host")
}
