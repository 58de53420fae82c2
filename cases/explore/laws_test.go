package explore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

const ms = time.Millisecond

// law is what a scenario says about its boundaries: where they are along one
// parameter, given the others. Each is the least value above it, in units of
// the parameter.
type law struct {
	scenario, axis string
	stack          string // of all hosts; "" is netstack
	why            string
	params         []string // the other parameters in question
	settings       [][]time.Duration
	at             func(v []time.Duration) []time.Duration
}

var laws = []law{
	{
		"reply-503/close-before-request", "pause=0s..2s", "", "lost when the client writes again one RTT after its request, or later",
		[]string{"rtt", "think"},
		[][]time.Duration{{100 * ms, 10 * ms}, {30 * ms, 0}, {701234567, 10 * ms}, {70 * ms, 500 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0]} },
	},
	{
		"reply-503/close-before-request", "pause=0s..2s", "linux", "there the RST that counts is drawn by the ACK of the reply: 3 rtt after connect began, while 0 < think < rtt",
		[]string{"rtt", "think"},
		[][]time.Duration{{100 * ms, 10 * ms}, {30 * ms, 5 * ms}, {701234567, 10 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{2*v[0] - v[1]} },
	},
	{
		"rst/injected-on-path", "react=0s..1s", "", "the forged RST wins when it takes no longer than the way to the server and back, and its work",
		[]string{"near", "far", "work"},
		[][]time.Duration{{20 * ms, 80 * ms, 50 * ms}, {300 * ms, 10 * ms, 123456789}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + v[2] + 1} },
	},
	{
		"rst/injected-on-path", "react=0s..1s", "linux", "as on netstack",
		[]string{"near", "far", "work"},
		[][]time.Duration{{20 * ms, 80 * ms, 50 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + v[2] + 1} },
	},
	{
		"reply-503/close-after-request", "think=0s..1s", "", "RST when the request is there at the close, or at that moment: think <= work; FIN after",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {2 * time.Second, 50 * ms}, {10 * ms, 123456789}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + 1} },
	},
	{
		"reply-503/shutdown-first", "pause=0s..2s", "", "lost when pause >= rtt + max(0, work + gap - think)",
		[]string{"rtt", "work", "gap", "think"},
		[][]time.Duration{{100 * ms, 50 * ms, 20 * ms, 10 * ms}, {100 * ms, 50 * ms, 0, 10 * ms}, {33 * ms, 50 * ms, 100 * ms, 10 * ms}, {100 * ms, 50 * ms, 20 * ms, 200 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0] + max(0, v[1]+v[2]-v[3])} },
	},
	{
		"reply-503/rst-overtakes-reply", "late=0s..2s", "", "lost when the reply is more than one RTT late: the answer to the challenge ACK is there",
		[]string{"rtt"},
		[][]time.Duration{{100 * ms}, {70 * ms}, {180 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0] + 1} },
	},
	{
		"reply-503/read-request-first", "gap=0s..2s", "", "reset when the second request comes while the server works: gap <= work, but that both are read at once",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {30 * ms, 123456789}},
		func(v []time.Duration) []time.Duration { return []time.Duration{1, v[1] + 1} },
	},
	{
		"reply-503/lingering-close", "rtt=55ms..110ms", "", "7 rtt > T loses the last word, 6 rtt > T the last part, 5 rtt > T the reply",
		[]string{"time"},
		[][]time.Duration{{500 * ms}, {520 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0]/7 + 1, v[0]/6 + 1, v[0]/5 + 1} },
	},
	{
		"reply-503/lingering-close", "rtt=55ms..110ms", "linux", "its upload is one round trip shorter: 6 rtt > T loses the last part, 5 rtt > T the reply",
		[]string{"time"},
		[][]time.Duration{{500 * ms}, {520 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[0]/6 + 1, v[0]/5 + 1} },
	},
	{
		"reply-503/reply-lost", "think=0s..2s", "", "lost until the server has sent the reply again, 9 rtt after its close; FIN one RTT later",
		[]string{"rtt", "work"},
		[][]time.Duration{{100 * ms, 50 * ms}, {80 * ms, 50 * ms}, {120 * ms, 10 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{v[1] + 9*v[0], v[1] + 10*v[0]} },
	},
	{
		"close-unread/primes-early-error", "gap=0s..200ms", "", "ECONNRESET when 3 gap >= rtt + work, while gap <= work; EPIPE above",
		[]string{"rtt", "work"},
		[][]time.Duration{{20 * ms, 10*ms + 2}, {4 * ms, 16 * ms}, {10 * ms, 35 * ms}},
		func(v []time.Duration) []time.Duration { return []time.Duration{(v[0] + v[1] + 2) / 3, v[1] + 1} },
	},
	{
		"close-unread/primes-early-error", "gap=0s..200ms", "linux", "ECONNRESET as on netstack; ERROR and FIN when gap > work, while 3 gap < 2 rtt + work; EPIPE above",
		[]string{"rtt", "work"},
		[][]time.Duration{{20 * ms, 10*ms + 2}, {40 * ms, 25 * ms}},
		func(v []time.Duration) []time.Duration {
			return []time.Duration{(v[0] + v[1] + 2) / 3, v[1] + 1, (2*v[0] + v[1] + 2) / 3}
		},
	},
	{
		"close-unread/primes-early-error", "gap=0s..200ms", "windows", "ECONNRESET as on netstack; ERROR and FIN when gap > work, while 3 gap < 2 rtt + work; EPIPE above",
		[]string{"rtt", "work"},
		[][]time.Duration{{20 * ms, 10*ms + 2}, {40 * ms, 25 * ms}},
		func(v []time.Duration) []time.Duration {
			return []time.Duration{(v[0] + v[1] + 2) / 3, v[1] + 1, (2*v[0] + v[1] + 2) / 3}
		},
	},
}

func TestBoundariesObeyTheirLaws(t *testing.T) {
	for _, l := range laws {
		for _, values := range l.settings {
			if testing.Short() && l.scenario == "reply-503/lingering-close" {
				continue
			}
			set := map[string]string{}
			for i, p := range l.params {
				set[p] = cases.DurationValue(values[i]).String()
			}
			b := along(t, load(t, l.scenario), l.axis, set)
			if l.stack != "" {
				b.Stacks = map[string]string{"": l.stack}
			}
			_, found := bisected(t, b, 0)
			var got []time.Duration
			for _, at := range found.Boundaries {
				require.Equal(t, at.Below.Value().Duration()+1, at.At.Value().Duration())
				got = append(got, at.At.Value().Duration())
			}
			require.Equal(t, l.at(values), got, "%s %s %v: %s", l.scenario, l.stack, fmt.Sprint(set), l.why)
		}
	}
}
