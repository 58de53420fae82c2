package oracle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// gone has a client do what is given and its server be away from a second on, so that
// only timers of the client go off.
func gone(then, client string) string {
	return `
host   server
host   client
link   client server rtt=20ms

proc server
  listen 80
  accept

proc client
` + client + `

script operator
` + then + `
  down client server
`
}

// endedAt is what is found when a trace ends with its n-th event, and what a run was in
// that had nothing left to happen then.
func endedAt(tr *trace.Trace, n int, idle bool) []oracle.Disagreement {
	c := oracle.New(oracle.Config{})
	for i := range tr.Events[:n] {
		c.Event(&tr.Events[i]) //nolint:errcheck // it has none
	}
	return c.Finish(oracle.End{At: tr.Events[n-1].At, Idle: idle})
}

// timersOf are the first events of each instant in which a host does something by itself: it
// sends, or a state changes, and nothing arrived and no call was made.
func timersOf(tr *trace.Trace, host string, from time.Duration) []int {
	var all []int
	for i := range tr.Events {
		e := &tr.Events[i]
		own := e.Host == host && (e.Kind == trace.Sent || e.Kind == trace.StateChange)
		if own && e.At > from && tr.Events[i-1].At < e.At {
			all = append(all, i)
		}
	}
	return all
}

// TestARunThatEndsIdleHasLeftNothingUndone: each timer that goes off is one without which
// nothing would ever happen again.
func TestARunThatEndsIdleHasLeftNothingUndone(t *testing.T) {
	const whileAway = "  sleep 500ms"
	for name, x := range map[string]struct {
		text         string
		timers, over int
		again, last  tcpmodel.Clause // of a timer that is missed, and from the one over on, when the end is due
	}{
		"SYN": {
			gone("  sleep 0s", "  sleep 1s\n  connect server:80"), 7, 6, tcpmodel.TimeoutSynAgain, tcpmodel.TimeoutSyn,
		},
		"R2": {
			gone(whileAway, "  connect server:80\n  sleep 1s\n  send \"x\""), 16, 16, tcpmodel.TimeoutRetransmit, tcpmodel.TimeoutRetransmit,
		},
		"user time-out": {
			gone(whileAway, "  set usertimeout 10s\n  connect server:80\n  sleep 1s\n  send \"x\""), 7, 6, tcpmodel.TimeoutRetransmit, tcpmodel.TimeoutR2,
		},
		"keepalive": {
			gone(whileAway, "  set keepalive on\n  set keepidle 3s\n  set keepcnt 4\n  connect server:80\n  send \"x\""), 5, 4, tcpmodel.KeepAliveProbe, tcpmodel.KeepAliveOver,
		},
		"FIN-WAIT-2": {
			gone(whileAway, "  connect server:80\n  close"), 1, 0, tcpmodel.TimeWaitOver, tcpmodel.TimeWaitOver,
		},
	} {
		tr := runOf(t, x.text)
		require.Empty(t, endedAt(tr, len(tr.Events), true), name)
		timers := timersOf(tr, "client", time.Second)
		require.Len(t, timers, x.timers, name)
		for i, at := range timers {
			require.Empty(t, endedAt(tr, at, false), "%s: more may come", name)
			found := endedAt(tr, at, true)
			require.Len(t, found, 1, "%s: without timer %d", name, i)
			want := x.again
			if i >= x.over {
				want = x.last
			}
			require.Equal(t, want, found[0].Clause, "%s: without timer %d", name, i)
			require.Nil(t, found[0].Known, name)
		}
	}
}

func TestWhatWasDueByTheEndOfARunIsMissed(t *testing.T) {
	tr := runOf(t, gone("  sleep 0s", "  sleep 1s\n  connect server:80"))
	at := timersOf(tr, "client", time.Second)[0] // of the SYN
	for late, clauses := range map[time.Duration]int{0: 0, 1: 1} {
		c := oracle.New(oracle.Config{})
		for i := range tr.Events[:at] {
			require.NoError(t, c.Event(&tr.Events[i]))
		}
		require.Len(t, c.Finish(oracle.End{At: 2*time.Second + late}), clauses)
	}
}

// TestASynIsSentAgainAtItsTimeOnly, and given up at its time.
func TestASynIsSentAgainAtItsTimeOnly(t *testing.T) {
	tr := runOf(t, gone("  sleep 0s", "  sleep 1s\n  connect server:80"))
	timers := timersOf(tr, "client", time.Second)
	for i, at := range timers {
		moved := func(by time.Duration) *trace.Trace {
			e := tr.Events[at]
			e.At += by
			return &trace.Trace{Header: tr.Header, Events: append(slices.Clone(tr.Events[:at]), e)}
		}
		clause := tcpmodel.TimeoutSynAgain
		if i == len(timers)-1 {
			clause = tcpmodel.TimeoutSyn
		}
		require.Equal(t, clause, oneFound(t, moved(-1)).Clause, "sooner")
		require.Equal(t, clause, oneFound(t, moved(1)).Clause, "later")
	}
	again := instead(tr, timers[6], timers[5])
	require.Equal(t, tcpmodel.TimeoutSyn, oneFound(t, again).Clause, "a seventh time")
}

// instead is a trace up to an event, which another takes the place of.
func instead(tr *trace.Trace, at, other int) *trace.Trace {
	e := later(tr.Events[other], tr.Events[at].At-tr.Events[other].At)
	return &trace.Trace{Header: tr.Header, Events: append(slices.Clone(tr.Events[:at]), e)}
}

func TestNothingIsSentAgainBeyondR2(t *testing.T) {
	tr := runOf(t, gone("  sleep 500ms", "  connect server:80\n  sleep 1s\n  send 4000"))
	timers := timersOf(tr, "client", time.Second)
	n := len(timers) - 1
	require.Equal(t, trace.StateChange, tr.Events[timers[n]].Kind)
	again := oneFound(t, instead(tr, timers[n], timers[n-1]))
	require.Equal(t, tcpmodel.TimeoutR2, again.Clause)
	require.Equal(t, "CLOSED: it was sent again 15 times", again.Would)
	require.Equal(t, tcpmodel.TimeoutR2, oneFound(t, instead(tr, timers[n-1], timers[n])).Clause, "given up sooner")
}

// setting is a trace in which a setting has another value.
func setting(t *testing.T, tr *trace.Trace, args string) *trace.Trace {
	t.Helper()
	name := args[:slices.Index([]byte(args), ',')]
	return falsifyOne(t, tr, 0, func(e *trace.Event) bool {
		return e.Kind == trace.Call && e.Op == "setsockopt" && len(e.Args) > len(name) && e.Args[:len(name)] == name
	}, func(e *trace.Event) { e.Args = args })
}

// TestTheUserTimeOutIsHeeded: a run goes on as if the time-out were longer than it is.
func TestTheUserTimeOutIsHeeded(t *testing.T) {
	tr := runOf(t, gone("  sleep 500ms", "  set usertimeout 60s\n  connect server:80\n  sleep 1s\n  send \"x\""))
	require.Equal(t, tcpmodel.TimeoutR2, oneFound(t, setting(t, tr, "TCP_USER_TIMEOUT, 10000000000")).Clause)
	silent := runOf(t, shutWindowForEver)
	require.Equal(t, tcpmodel.TimeoutR2, oneFound(t, setting(t, silent, "TCP_USER_TIMEOUT, 10000000000")).Clause)
}

// shutWindowForEver has a peer never read, and its host answer all probes of the window.
const shutWindowForEver = `
host   server
host   client
link   client server rtt=20ms

proc server
  set rcvbuf 4096
  listen 80
  accept

proc client
  set usertimeout 60s
  connect server:80
  send 30000
`

// TestKeepaliveIsHeeded: a run goes on as if it had been asked for otherwise.
func TestKeepaliveIsHeeded(t *testing.T) {
	tr := runOf(t, gone("  sleep 500ms", `  set keepalive on
  set keepidle 3s
  set keepintvl 2s
  set keepcnt 4
  connect server:80
  send "x"`))
	for args, clause := range map[string]tcpmodel.Clause{
		"TCP_KEEPIDLE, 2000000000":  tcpmodel.KeepAliveProbe,
		"TCP_KEEPIDLE, 4000000000":  tcpmodel.KeepAliveProbe,
		"TCP_KEEPINTVL, 1000000000": tcpmodel.KeepAliveProbe,
		"TCP_KEEPINTVL, 4000000000": tcpmodel.KeepAliveProbe,
		"TCP_KEEPCNT, 3":            tcpmodel.KeepAliveOver,
		"TCP_KEEPCNT, 5":            tcpmodel.TimeoutR2,
		"SO_KEEPALIVE, 0":           tcpmodel.KeepAliveProbe,
	} {
		found := oracle.Check(setting(t, tr, args), oracle.Config{})
		require.Len(t, found, 1, args)
		require.Equal(t, clause, found[0].Clause, args)
	}
}

// TestAWindowIsProbedInVainAsOftenAsR2 and no more.
func TestAWindowIsProbedInVainAsOftenAsR2(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
link   client server rtt=20ms

proc server
  set rcvbuf 4096
  listen 80
  accept

proc client
  connect server:80
  send 30000

script operator
  sleep 5s
  down client server
`)
	timers := timersOf(tr, "client", 5*time.Second)
	n := len(timers) - 1
	require.Equal(t, trace.StateChange, tr.Events[timers[n]].Kind)
	require.Equal(t, wire.Closed, tr.Events[timers[n]].To)
	again := oneFound(t, instead(tr, timers[n], timers[n-1]))
	require.Equal(t, tcpmodel.TimeoutR2, again.Clause)
	require.Equal(t, "CLOSED: 15 probes of the window are not answered", again.Would)
	for _, at := range timers[:n] {
		require.Len(t, endedAt(tr, at, true), 1)
	}
}
