package cases_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// withRouter is two hosts with two ways between them; that by r1 is the one that was
// made first.
const withRouter = `#
host client
host server
router r1
router r2
link client r1 rtt=10ms
link r1 server rtt=10ms
link client r2 rtt=10ms
link r2 server rtt=10ms
limit 60s
`

// echo is a server and a client that sends a line at 1 s.
const echo = `
proc server
  listen 80
  accept
  recv
  send "world"
  recv

proc client
  connect server:80
  at 1s
  send "hello"
  recv
`

func forwarded(r *cases.Result) map[string]int {
	by := map[string]int{}
	for _, e := range r.Trace.Events {
		if e.Kind == trace.Forwarded {
			by[e.Host]++
		}
	}
	return by
}

func TestFaultSteps(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
	}{
		"route to the other router while the first is down": {`
script operator
  at 500ms
  poweroff r1
  at 1200ms
  route client server r2
  route server client r2
` + echo, `operator: ok | server: recv="hello" recv=blocked | client: recv="world"`},
		"noroute on the host ends a connect at once": {`
script operator
  noroute client server
` + echo, `operator: ok | server: accept=blocked | client: connect=ENETUNREACH send=EPIPE recv=ENOTCONN`},
		"noroute on the router ends it after a round trip": {`
script operator
  noroute r1 server
` + echo, `operator: ok | server: accept=blocked | client: connect=ENETUNREACH send=EPIPE recv=ENOTCONN`},
		"neighbour to one of two": {`
script operator
  poweroff r1
  neighbour client missing to=r2
  neighbour client missing to=r1
` + echo, `operator: ok | server: accept=blocked | client: connect=EHOSTUNREACH send=EPIPE recv=ENOTCONN`},
		"a router that does not know the server, who is off": {`
neighbour r1 missing
script operator
  poweroff server
` + echo, `operator: ok | server: ok | client: connect=EHOSTUNREACH send=EPIPE recv=ENOTCONN`},
		"reboot": {`
script operator
  at 500ms
  reboot server
` + echo, `operator: ok | server: recv=killed | client: recv=ECONNRESET`},
		"destroy of a named socket that is not current": {`
script operator
  at 500ms
  destroy server on=l
  destroy server
  destroy client
  destroy client

proc server
  listen 80 as=l
  accept
  recv
  accept on=l

proc client
  connect server:80
  recv
`, `operator: destroy=ENOENT | server: recv=ECONNABORTED accept=EINVAL | client: recv=ECONNABORTED`},
	} {
		t.Run(name, func(t *testing.T) {
			r := resultOf(t, withRouter+c.text)
			require.Equal(t, c.want, r.Outcome.String())
		})
	}
}

func TestRouteStepsMovePackets(t *testing.T) {
	r := resultOf(t, withRouter+`
script operator
  route client server r2
`+echo)
	by := forwarded(r)
	require.Positive(t, by["r1"], "the way back")
	require.Positive(t, by["r2"])
}

func TestAProcThatSwitchesItsOwnHostOffEndsThere(t *testing.T) {
	for verb, want := range map[string]string{
		"poweroff": "client: poweroff=killed | other: recv=killed | after: ok | server: ok",
		"reboot":   "client: reboot=killed | other: recv=killed | after: sleep=ok | server: ok",
	} {
		r := resultOf(t, twoHosts+`
proc client
  connect server:80 as=c
  sleep 1s
  `+verb+` client
  sleep 1s

proc client other
  sleep 500ms
  recv on=c

proc client after begin=boot
  sleep 1s

proc server
  listen 80
  accept
`)
		after := r.Outcome.Procs[2].Seen
		require.Equal(t, verb == "reboot", len(after) == 1 && after[0].Quiet(), "begin=boot")
		want, err := cases.ParseOutcome(want)
		require.NoError(t, err)
		require.Empty(t, r.Outcome.Diff(want))
	}
}

func TestAProcThatBeginsAtBootBeginsOnce(t *testing.T) {
	r := resultOf(t, twoHosts+`
script operator
  poweron server  # is on: this is no boot
  kill service    # has not begun
  at 1s
  reboot server
  at 2s
  poweroff server
  poweron server

proc server service begin=boot
  listen 80
  accept

proc client
  connect server:80
  at 1500ms
  connect server:80
  at 2500ms
  connect server:80
`)
	require.Equal(t, "operator: ok | service: ok | client: connect=ECONNREFUSED connect=ECONNREFUSED", r.Outcome.String())
}

func TestWhenCountsFromTheBegin(t *testing.T) {
	for text, want := range map[string]string{
		"when server sends data 2":        "operator: when=ok@1030ms",
		"when client receives data 2":     "operator: when=ok@1040ms",
		"when client receives data 3":     "operator: when=blocked",
		"when client misses any":          "operator: when=blocked",
		"when server enters FIN-WAIT-1":   "operator: when=ok@1030ms",
		"when server enters CLOSED 2":     "operator: when=blocked",
		`when server sends contains="t2"`: "operator: when=ok@1030ms",
	} {
		for _, sleep := range []string{"0s", "2s"} { // an event that is past is found
			r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept
  send "t1"
  sleep 1s
  send "t2"
  close

proc client
  connect server:80
  recv

script operator
  sleep `+sleep+`
  `+text+"\n")
			expected, err := cases.ParseOutcome(want)
			require.NoError(t, err)
			at := expected.Procs[0].Seen[0]
			got := r.Outcome.Procs[2].Seen[1]
			require.Equal(t, at.Result, got.Result, text)
			if sleep == "0s" && at.Timed {
				require.Equal(t, at.At, got.At, text)
			}
		}
	}
}
