package explore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/explore"
)

const ms = time.Millisecond

// law is what a scenario says about its boundaries: where they are along one
// parameter, given the others. Each is the least value above it, in units of
// the parameter.
type law struct {
	scenario, axis string
	stacks         []string // of all hosts
	why            string
	params         []string // the other parameters in question
	settings       [][]time.Duration
	at             func(v []time.Duration) []time.Duration
}

// none is a law of no boundary.
func none([]time.Duration) []time.Duration { return nil }

// rounds are the boundaries where k round trips are longer than a time, for k
// from most down to least.
func rounds(most, least time.Duration) func(v []time.Duration) []time.Duration {
	return func(v []time.Duration) []time.Duration {
		var at []time.Duration
		for k := most; k >= least; k-- {
			at = append(at, v[0]/k+1)
		}
		return at
	}
}

// onNetstack and the like are lists of stacks.
var (
	onNetstack  = []string{"netstack"}
	onLinux     = []string{"linux"}
	onFreeBSD   = []string{"freebsd"}
	onWindows   = []string{"windows"}
	onRFC       = []string{"rfc9293"}
	likeRFC     = []string{"netstack", "linux", "rfc9293"}
	allProfiles = []string{"linux", "freebsd", "windows", "rfc9293"}
)

var laws = []law{
	{
		"reply-503/close-before-request", "pause=0s..2s", onNetstack, "lost when pause >= rtt: the client writes again one round trip after its request, or later",
		[]string{"rtt", "think"},
		[][]time.Duration{{100 * ms, 10 * ms}, {30 * ms, 0}, {701234567, 10 * ms}, {70 * ms, 500 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0]} },
	},
	{
		"reply-503/close-before-request", "pause=0s..2s", allProfiles, "lost when pause >= 2 rtt - think, while 0 < think < rtt: the RST that counts is drawn by the ACK of the reply",
		[]string{"rtt", "think"},
		[][]time.Duration{{100 * ms, 10 * ms}, {30 * ms, 5 * ms}, {701234567, 10 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{2*v[0] - v[1]} },
	},
	{
		"reply-503/close-after-request", "think=0s..1s", likeRFC, "RST when think <= work, for the request is there at the close, or at that moment; FIN after",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {2 * time.Second, 50 * ms}, {10 * ms, 123456789}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + 1} },
	},
	{
		"reply-503/close-after-request", "think=0s..1s", onWindows, "lost when think <= work: the RST discards the reply that was received",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {10 * ms, 123456789}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + 1} },
	},
	{
		"reply-503/close-after-request", "think=0s..1s", onFreeBSD, "never lost: a close with unread data sends FIN",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {10 * ms, 123456789}},
		none,
	},
	{
		"reply-503/shutdown-first", "pause=0s..2s", likeRFC, "lost when pause >= rtt + max(0, work + gap - think)",
		[]string{"rtt", "work", "gap", "think"},
		[][]time.Duration{{100 * ms, 50 * ms, 20 * ms, 10 * ms}, {100 * ms, 50 * ms, 0, 10 * ms}, {33 * ms, 50 * ms, 100 * ms, 10 * ms}, {100 * ms, 50 * ms, 20 * ms, 200 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0] + max(0, v[1]+v[2]-v[3])} },
	},
	{
		"reply-503/shutdown-first", "pause=0s..2s", onWindows, "lost when pause >= rtt + max(0, work + gap - think)",
		[]string{"rtt", "work", "gap", "think"},
		[][]time.Duration{{100 * ms, 50 * ms, 20 * ms, 10 * ms}, {33 * ms, 50 * ms, 100 * ms, 10 * ms}, {100 * ms, 50 * ms, 20 * ms, 200 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0] + max(0, v[1]+v[2]-v[3])} },
	},
	{
		"reply-503/shutdown-first", "gap=0s..1s", onWindows, "the reply is lost too when gap = 0 and the client reads at once when the RST is there: it discards what was received",
		[]string{"rtt", "work", "think", "pause"},
		[][]time.Duration{{100 * ms, 50 * ms, 10 * ms, 120 * ms}},
		func([]time.Duration) []time.Duration { return []time.Duration{1} },
	},
	{
		"reply-503/shutdown-first", "pause=0s..2s", onFreeBSD, "never lost: a close with unread data sends FIN",
		[]string{"rtt", "work", "gap", "think"},
		[][]time.Duration{{100 * ms, 50 * ms, 20 * ms, 10 * ms}, {33 * ms, 50 * ms, 100 * ms, 10 * ms}},
		none,
	},
	{
		"reply-503/rst-overtakes-reply", "late=0s..2s", likeRFC, "lost when late > rtt: the answer to the challenge ACK is there before the reply",
		[]string{"rtt"},
		[][]time.Duration{{100 * ms}, {70 * ms}, {180 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0] + 1} },
	},
	{
		"reply-503/rst-overtakes-reply", "late=0s..2s", onWindows, "lost when late > rtt, and when late = 0: then a RST in order discards the reply that was received",
		[]string{"rtt"},
		[][]time.Duration{{100 * ms}, {70 * ms}, {180 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{1, v[0] + 1} },
	},
	{
		"reply-503/rst-overtakes-reply", "late=0s..2s", onFreeBSD, "never lost: there is no RST, for a close with unread data sends FIN",
		[]string{"rtt"},
		[][]time.Duration{{100 * ms}, {70 * ms}},
		none,
	},
	{
		"reply-503/read-request-first", "gap=0s..2s", likeRFC, "reset when the second request comes while the server works, gap <= work, but that both are read at once when gap = 0",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {30 * ms, 123456789}},
		func(v []time.Duration) []time.Duration { return []time.Duration{1, v[1] + 1} },
	},
	{
		"reply-503/read-request-first", "gap=0s..2s", onWindows, "lost when 0 < gap <= work: the RST discards the reply that was received",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {30 * ms, 123456789}},
		func(v []time.Duration) []time.Duration { return []time.Duration{1, v[1] + 1} },
	},
	{
		"reply-503/read-request-first", "gap=0s..2s", onFreeBSD, "never lost, for a close with unread data sends FIN; both requests are read at once when gap = 0",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {30 * ms, 123456789}},
		func([]time.Duration) []time.Duration { return []time.Duration{1} },
	},
	{
		"reply-503/reply-lost", "think=0s..2s", onNetstack, "lost until the server has sent the reply again, think < work + 9 rtt; FIN in place of RST from work + 10 rtt on",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {80 * ms, 50 * ms}, {120 * ms, 10 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + 9*v[0], v[1] + 10*v[0]} },
	},
	{
		"reply-503/reply-lost", "think=0s..2s", onLinux, "lost until the server has sent the reply again, a quarter of a round trip and 2 ms, in whole ticks of the kernel, and half a tick after it hears of the FIN: think < work + rtt + 4ms ceil((rtt/4 + 2ms)/4ms) + 2ms",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {80 * ms, 50 * ms}, {120 * ms, 10 * ms}},
		func(v []time.Duration) []time.Duration {
			return []time.Duration{v[1] + v[0] + (v[0]/4+5*ms)/(4*ms)*(4*ms) + 2*ms + 1}
		},
	},
	{
		"reply-503/reply-lost", "think=0s..2s", onWindows, "lost until the server has sent the reply again: think < work + max(300ms, 3 rtt)",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {80 * ms, 50 * ms}, {120 * ms, 10 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + max(300*ms, 3*v[0])} },
	},
	{
		"reply-503/reply-lost", "think=0s..2s", onFreeBSD, "lost when the request comes after the close and before the reply is sent again: work < think < work + 3 rtt + 200ms",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {80 * ms, 50 * ms}, {120 * ms, 10 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + 1, v[1] + 3*v[0] + 200*ms} },
	},
	{
		"reply-503/reply-lost", "think=0s..2s", onRFC, "lost until the server has sent the reply again: think < work + max(1s, 3 rtt)",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {80 * ms, 50 * ms}, {120 * ms, 10 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + max(time.Second, 3*v[0])} },
	},
	{
		"reply-503/lingering-close", "rtt=55ms..110ms", onNetstack, "7 rtt > T loses the last word, 6 rtt > T the last part, 5 rtt > T the reply",
		[]string{"time"},
		[][]time.Duration{{500 * ms}, {520 * ms}},
		rounds(7, 5),
	},
	{
		"reply-503/lingering-close", "rtt=55ms..110ms", onLinux, "its upload is one round trip shorter: 6 rtt > T loses the last part, 5 rtt > T the reply",
		[]string{"time"},
		[][]time.Duration{{500 * ms}, {520 * ms}},
		rounds(6, 5),
	},
	{
		"reply-503/lingering-close", "rtt=55ms..110ms",
		[]string{"freebsd", "windows", "rfc9293"},
		"the server takes a window a round trip: k rtt > T loses one more of them for each k, and the reply with the first",
		[]string{"time"},
		[][]time.Duration{{500 * ms}, {520 * ms}},
		rounds(9, 5),
	},
	{
		"rst/injected-on-path", "react=0s..1s",
		[]string{"netstack", "linux"},
		"the forged RST wins when react <= far + work; the server hears of it before it replies when react <= far, if work >= near + far",
		[]string{"near", "far", "work"},
		[][]time.Duration{{20 * ms, 80 * ms, 50 * ms}, {300 * ms, 10 * ms, 123456789}, {20 * ms, 80 * ms, 250 * ms}},
		func(v []time.Duration) []time.Duration {
			if v[2] >= v[0]+v[1] {
				return []time.Duration{v[1] + 1, v[1] + v[2] + 1}
			}
			return []time.Duration{v[1] + v[2] + 1}
		},
	},
	{
		"rst/injected-on-path", "react=0s..1s",
		[]string{"freebsd", "windows"},
		"the forged RST wins when react <= far + work; the server hears of it when react <= far + 40ms, the delay of its ACK, if work >= near + far + 40ms",
		[]string{"near", "far", "work"},
		[][]time.Duration{{20 * ms, 80 * ms, 30 * ms}, {300 * ms, 10 * ms, 123456789}, {20 * ms, 80 * ms, 250 * ms}},
		func(v []time.Duration) []time.Duration {
			if v[2] >= v[0]+v[1]+40*ms {
				return []time.Duration{v[1] + 40*ms + 1, v[1] + v[2] + 1}
			}
			return []time.Duration{v[1] + v[2] + 1}
		},
	},
	{
		"rst/injected-on-path", "react=0s..1s", onRFC, "the forged RST wins when react <= far + work",
		[]string{"near", "far", "work"},
		[][]time.Duration{{20 * ms, 80 * ms, 50 * ms}, {300 * ms, 10 * ms, 123456789}, {20 * ms, 80 * ms, 250 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + v[2] + 1} },
	},
	{
		"close-unread/primes-early-error", "gap=0s..200ms", onNetstack, "send fails with ECONNRESET when 3 gap >= rtt + work, while gap <= work; ERROR and FIN when gap > work, while 2 gap < rtt; EPIPE above",
		[]string{"rtt", "work"},
		[][]time.Duration{{20 * ms, 10*ms + 2}, {4 * ms, 16 * ms}, {10 * ms, 35 * ms}, {20 * ms, 5 * ms}, {33*ms + 1, 8 * ms}},
		func(v []time.Duration) []time.Duration {
			if 2*v[1] < v[0] {
				return []time.Duration{v[1] + 1, (v[0] + 1) / 2}
			}
			return []time.Duration{(v[0] + v[1] + 2) / 3, v[1] + 1}
		},
	},
	{
		"close-unread/primes-early-error", "gap=0s..200ms",
		[]string{"linux", "windows", "rfc9293"},
		"send fails with ECONNRESET when 3 gap >= rtt + work, while gap <= work; ERROR and FIN when gap > work, while 3 gap < 2 rtt + work; EPIPE above. Where others read ERROR and then ECONNRESET, Windows has lost ERROR",
		[]string{"rtt", "work"},
		[][]time.Duration{{20 * ms, 10*ms + 2}, {40 * ms, 25 * ms}, {20 * ms, 5 * ms}, {10 * ms, 35 * ms}},
		func(v []time.Duration) []time.Duration {
			switch {
			case 2*v[1] < v[0]:
				return []time.Duration{v[1] + 1, (2*v[0] + v[1] + 2) / 3}
			case v[1] >= v[0]:
				return []time.Duration{(v[0] + v[1] + 2) / 3, v[1] + 1}
			}
			return []time.Duration{(v[0] + v[1] + 2) / 3, v[1] + 1, (2*v[0] + v[1] + 2) / 3}
		},
	},
	{
		"close-unread/primes-early-error", "gap=0s..200ms", onFreeBSD, "ERROR and FIN while 3 gap < 2 rtt + work, for a close with unread data sends FIN; EPIPE above",
		[]string{"rtt", "work"},
		[][]time.Duration{{20 * ms, 10*ms + 2}, {40 * ms, 25 * ms}, {10 * ms, 35 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{(2*v[0] + v[1] + 2) / 3} },
	},
}

func TestBoundariesObeyTheirLaws(t *testing.T) {
	for _, l := range laws {
		for _, stack := range l.stacks {
			for _, values := range l.settings {
				if testing.Short() && l.scenario == "reply-503/lingering-close" {
					continue
				}
				l.check(t, stack, values)
			}
		}
	}
}

// check finds the boundaries for values of the other parameters.
func (l *law) check(t *testing.T, stack string, values []time.Duration) {
	t.Helper()
	set := map[string]string{}
	for i, p := range l.params {
		set[p] = cases.DurationValue(values[i]).String()
	}
	b := along(t, load(t, l.scenario), l.axis, set)
	if stack != cases.DefaultStack {
		b.Stacks = map[string]string{"": stack}
	}
	_, found := bisected(t, b, 0)
	var got []time.Duration
	for _, at := range found.Boundaries {
		require.Equal(t, at.Below.Value().Duration()+1, at.At.Value().Duration())
		got = append(got, at.At.Value().Duration())
		for _, p := range []*explore.Point{&at.Below, &at.At} { // things meet in an instant here
			bound, err := b.Bind(p.Set)
			require.NoError(t, err)
			audited(t, bound, cases.RunConfig{}, "%s on %s: %v %v", l.scenario, stack, set, explore.SettingsText(p.Set))
		}
	}
	require.Equal(t, l.at(values), got, "%s %s %v: %s", l.scenario, stack, fmt.Sprint(set), l.why)
}

func TestEveryPictureHasALaw(t *testing.T) {
	for _, p := range pictures {
		for _, stack := range p.stacks {
			require.True(t, slices.ContainsFunc(laws, func(l law) bool { return l.scenario == p.scenario && slices.Contains(l.stacks, stack) }),
				"%s on %s", p.scenario, stack)
		}
	}
}
