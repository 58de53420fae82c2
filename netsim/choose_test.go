package netsim_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/trace"
)

// picker chooses with a function and keeps what was offered.
type picker struct {
	pick    func(offered []netsim.Choice) int
	offered []netsim.Choice
	log     []string
}

func (p *picker) Offer(choices []netsim.Choice) { p.offered = choices }

func (p *picker) Choose(_ string, n int) int {
	if n != len(p.offered) {
		panic("other than what was offered")
	}
	i := p.pick(p.offered)
	if i >= 0 {
		c := p.offered[i]
		p.log = append(p.log, fmt.Sprintf("%v %s%s", c.Kind, c.Host, c.Name))
	}
	return i
}

// meet is a network in which a client sends two segments and a server reads.
func meet(choosing netsim.Choosing) (*netsim.Network, *string) {
	n := netsim.New(netsim.Config{Choosing: choosing})
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: time.Second})
	read := new(string)
	server.Go("", func(p *netsim.Proc) {
		l, _ := p.Listen("tcp", ":80")
		c, err := l.Accept()
		if err != nil {
			return
		}
		p.Sleep(time.Hour)
		b := make([]byte, 100)
		got, _ := c.Read(b)
		*read = string(b[:got])
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		if err != nil {
			return
		}
		c.Write([]byte("a")) //nolint:errcheck // the other side says
		p.Sleep(time.Hour)
		c.Write([]byte("b")) //nolint:errcheck // see above
	})
	return n, read
}

func TestChooserSetsTimeAside(t *testing.T) {
	first := &picker{pick: func(c []netsim.Choice) int {
		for i := range c {
			if c[i].Host == "server" {
				return i // whatever the server can do comes first
			}
		}
		return 0
	}}
	n, read := meet(netsim.Choosing{Chooser: first})
	defer n.Close()
	require.NoError(t, n.Run())
	require.Equal(t, "a", *read)
	require.Less(t, n.Now().Since(), time.Second, "neither the link nor the sleeps took their time")

	last := &picker{pick: func(c []netsim.Choice) int {
		for i := range c {
			if c[i].Host == "client" || c[i].Kind == netsim.ChooseDeliver {
				return i // the server's program waits
			}
		}
		return 0
	}}
	n, read = meet(netsim.Choosing{Chooser: last})
	defer n.Close()
	require.NoError(t, n.Run())
	require.Equal(t, "ab", *read, "the server reads when both are there")
}

func TestChooserLosesAndDuplicatesWithinItsBounds(t *testing.T) {
	for _, kind := range []netsim.ChoiceKind{netsim.ChooseDrop, netsim.ChooseDuplicate} {
		chooser := &picker{pick: func(c []netsim.Choice) int {
			for i := range c {
				if c[i].Kind == kind && c[i].Host == "server" {
					return i
				}
			}
			return 0
		}}
		n, read := meet(netsim.Choosing{Chooser: chooser, Drops: 2, Duplicates: 2})
		require.NoError(t, n.Run())
		require.NotEmpty(t, *read, "TCP mends it")
		count := 0
		for _, e := range n.Trace().Events {
			if e.Kind == trace.Dropped && e.Reason == "chosen" || e.Kind == trace.Delivered && e.Copy > 0 {
				count++
			}
		}
		require.Equal(t, 2, count, "%v: %v", kind, chooser.log)
		n.Close()
	}
}

func TestChooserEndsTheRun(t *testing.T) {
	stop := &picker{}
	stop.pick = func([]netsim.Choice) int {
		if len(stop.log) == 5 {
			return -1
		}
		return 0
	}
	n, _ := meet(netsim.Choosing{Chooser: stop})
	defer n.Close()
	require.ErrorIs(t, n.Run(), netsim.ErrStopped)
	require.Len(t, stop.log, 5)
}

func TestPacketsInOrderDoNotOvertake(t *testing.T) {
	for _, inOrder := range []bool{true, false} {
		overtaken := false
		lastOf := &picker{pick: func(c []netsim.Choice) int { return len(c) - 1 }}
		n, _ := meet(netsim.Choosing{Chooser: lastOf, InOrder: inOrder})
		err := n.Run()
		require.True(t, err == nil || errors.As(err, new(*netsim.DeadlockError)), "%v", err)
		latest := map[string]uint64{}
		for _, e := range n.Trace().Events {
			if e.Kind == trace.Delivered {
				overtaken = overtaken || e.Number < latest[e.Host]
				latest[e.Host] = e.Number
			}
		}
		require.Equal(t, !inOrder, overtaken)
		n.Close()
	}
}

func TestRunUntilDoesNotGoWithAChooser(t *testing.T) {
	n, _ := meet(netsim.Choosing{Chooser: &picker{pick: func([]netsim.Choice) int { return 0 }}})
	defer n.Close()
	require.ErrorContains(t, n.RunUntil(5), "time is set aside")
}

func TestYieldWithoutAChooserDoesNothing(t *testing.T) {
	run := func(yield bool) trace.Hash {
		n := netsim.New(netsim.Config{})
		defer n.Close()
		h := n.Host("a", netsim.HostConfig{})
		for _, name := range []string{"x", "y"} {
			h.Go(name, func(p *netsim.Proc) {
				if yield {
					p.Yield(true)
				}
				p.Listen("tcp", ":80") //nolint:errcheck // the trace has it
			})
		}
		require.NoError(t, n.Run())
		return n.Hash()
	}
	require.Equal(t, run(false), run(true))
}

// watcher is a picker that keeps what it is told besides.
type watcher struct {
	picker
	looked [][]netsim.Choice // before each choice
	ended  int               // how many choices there were when the last proc ended
}

func (w *watcher) Looked(at []netsim.Choice) { w.looked = append(w.looked, slices.Clone(at)) }
func (w *watcher) Ended()                    { w.ended = len(w.log) }

// drain is a network in which a server waits for data with a deadline, and ends when
// it has some; the client ends at once.
func drain(chooser netsim.Chooser) *netsim.Network {
	n := netsim.New(netsim.Config{Choosing: netsim.Choosing{Chooser: chooser, InOrder: true}})
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: time.Second})
	server.Go("", func(p *netsim.Proc) {
		l, _ := p.Listen("tcp", ":80")
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.SetReadDeadline(p.Now().Add(time.Hour)) //nolint:errcheck // it is open
		c.Read(make([]byte, 1))                   //nolint:errcheck // it ends in either case
		c.Close()                                 //nolint:errcheck // see above
	})
	client.Go("", func(p *netsim.Proc) {
		if c, err := p.Dial("tcp", "server:80"); err == nil {
			c.Write([]byte("a")) //nolint:errcheck // the server says
		}
	})
	return n
}

func TestChooserIsToldAtWhichDeadlinesAStepLooked(t *testing.T) {
	w := &watcher{picker: picker{pick: func(c []netsim.Choice) int {
		i := slices.IndexFunc(c, func(c netsim.Choice) bool { return c.Kind != netsim.ChooseDeadline })
		return max(i, 0) // deadlines come last
	}}}
	n := drain(w)
	defer n.Close()
	require.NoError(t, n.Run())
	packets := 0
	for i, did := range w.log[:len(w.looked)-1] {
		looked := w.looked[i+1] // what the step after which the next choice came has looked at
		switch did {
		case "deliver server":
			packets++
			require.Empty(t, looked, "a packet waits in the queue for the program")
		case "retry server":
			require.NotEmpty(t, looked)
			require.Equal(t, netsim.ChooseDeadline, looked[0].Kind)
			require.Equal(t, "server", looked[0].Host)
		}
	}
	require.Positive(t, packets)
}

func TestChooserIsToldWhenNoProgramIsLeft(t *testing.T) {
	w := &watcher{picker: picker{pick: func([]netsim.Choice) int { return 0 }}}
	n := drain(w)
	defer n.Close()
	require.NoError(t, n.Run())
	require.Positive(t, w.ended)
	require.Less(t, w.ended, len(w.log), "packets were in flight still")
	for _, did := range w.log[w.ended:] {
		require.NotContains(t, did, "proc")
		require.NotContains(t, did, "retry")
	}
}

// The end of the deadline of sends wakes a program that waits for data, and it would
// wait again.
func TestCallThatWouldBlockAgainIsNoChoice(t *testing.T) {
	var deadlines, reads int // reads are tries while there is nothing to read
	blocked := &picker{pick: func(c []netsim.Choice) int { return 0 }}
	n := netsim.New(netsim.Config{Choosing: netsim.Choosing{Chooser: blocked, InOrder: true}})
	defer n.Close()
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: time.Second})
	server.Go("", func(p *netsim.Proc) {
		l, _ := p.Listen("tcp", ":80")
		l.Accept() //nolint:errcheck // what comes is not read
	})
	client.Go("", func(p *netsim.Proc) {
		c, err := p.Dial("tcp", "server:80")
		if err != nil {
			return
		}
		c.SetWriteDeadline(p.Now().Add(time.Hour)) //nolint:errcheck // it is open
		blocked.pick = func(c []netsim.Choice) int {
			switch {
			case c[0].Host != "client":
			case c[0].Kind == netsim.ChooseDeadline:
				deadlines++
			case c[0].Kind == netsim.ChooseRetry:
				reads++
			}
			return 0
		}
		c.Read(make([]byte, 1)) //nolint:errcheck // nothing comes
	})
	require.Error(t, n.Run(), "the client waits for ever")
	require.Equal(t, 1, deadlines)
	require.Zero(t, reads)
}
