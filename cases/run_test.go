package cases_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// resultOf runs a scenario with its defaults.
func resultOf(t *testing.T, text string) *cases.Result {
	t.Helper()
	s, err := cases.Parse("test.txt", []byte(text))
	require.NoError(t, err)
	b, err := s.Bind(nil)
	require.NoError(t, err)
	return run(t, b, cases.RunConfig{KeepTrace: true})
}

const twoHosts = `#
host client
host server
link client server rtt=20ms
`

func TestProcThatExitsOnErrorLeavesTheReplyUnread(t *testing.T) {
	s, err := cases.Load("reply-503/close-before-request")
	require.NoError(t, err)
	b, err := s.Bind(nil)
	require.NoError(t, err)
	r := run(t, b, cases.RunConfig{})
	require.Equal(t, "server: ok | client: send=EPIPE", r.Outcome.String())
	require.Equal(t, []cases.Unread{{Proc: "client", Bytes: 8}}, r.Unread, "the 503 has arrived")
}

func TestTwoRulesWithTheSameTextCountSeparately(t *testing.T) {
	r := resultOf(t, twoHosts+`
rule server->client drop data 1
rule server->client drop data 1

proc server
  listen 80
  accept
  send "hello"

proc client
  connect server:80
  recv
`)
	require.Equal(t, `server: ok | client: recv="hello"`, r.Outcome.String())
	require.EqualValues(t, 1, dropped(r), "both rules mean the same packet")
}

func dropped(r *cases.Result) (n int) {
	for _, e := range r.Trace.Events {
		if e.Reason != "" && e.Kind.String() == "dropped" {
			n++
		}
	}
	return n
}

func TestSocketsStayOpenAfterTheLastStep(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept

proc client
  connect server:80
  recv
`)
	require.Equal(t, "server: ok | client: recv=blocked", r.Outcome.String(), "nobody has closed")
}

func TestProcsOfOneHostShareNamedSockets(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept
  recv

proc client
  connect server:80 as=c
  recv

proc client closer
  sleep 100ms
  shutdown write on=c
  close on=c
`)
	require.Equal(t, "server: recv=EOF | client: recv=blocked | closer: ok", r.Outcome.String(),
		"close on a descriptor does not wake a recv that is blocked on it")
}

func TestKilledProcIsSeenAsKilled(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept
  recv

proc client
  connect server:80
  recv

proc client operator
  sleep 100ms
  kill client
`)
	require.Equal(t, "server: recv=EOF | client: recv=killed | operator: ok", r.Outcome.String())
}

func TestEveryOptionCanBeSet(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept

proc client
  set rcvbuf 8KiB
  set sndbuf 8KiB
  set syncnt 3
  connect server:80
  set nodelay on
  set keepidle 1s
  set keepintvl 1s
  set keepcnt 3
  set usertimeout 5s
  set linger 1s
  set linger off
  set deadline 1s
  recv
  get soerr
  state
`)
	require.Equal(t, "server: ok | client: recv=EAGAIN soerr=0 state=ESTABLISHED", r.Outcome.String())
}

func TestPortOfAConnectionCanBeChosenOnce(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  set port 2000
  connect client:1000

proc client
  set port 1000
  connect server:2000

proc client second
  sleep 1ms
  set port 1000
`)
	require.Equal(t, "server: ok | client: ok | second: set=EADDRINUSE", r.Outcome.String(), "both connect, and nobody listens")
}

func TestRecvLoopReadsToTheEndAndCounts(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept
  send 60000
  close

proc client
  connect server:80
  recvloop 3000 every=1ms
`)
	require.Equal(t, "server: ok | client: recvloop=60000B,EOF", r.Outcome.String())
}

func TestCutLinkLosesWhatIsInFlightAndMends(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept
  recv

proc client
  connect server:80
  send "x"
  down client server
  sleep 50ms
  up client server
`)
	require.Equal(t, `server: recv="x" | client: ok`, r.Outcome.String(), "the segment is sent again")
	require.Positive(t, dropped(r), "the first one was in flight")
}

func TestSettingsOfAHostReachItsTCP(t *testing.T) {
	text := `#
host client sack=off retries=1 fintimeout=5s timewait=2s mtu=1400 congestion=cubic
host server
link client server rtt=20ms

proc server
  listen 80
  accept
  recv
  close

proc client
  connect server:80
  send 3000 fill="xyz"
  shutdown write
  at 1s
  state
  at 3s
  state
`
	r := resultOf(t, text)
	require.Equal(t, "server: recv=3000B | client: state=TIME-WAIT state=CLOSED", r.Outcome.String())
	largest := 0
	for i := range r.Trace.Events {
		e := &r.Trace.Events[i]
		if e.Kind == trace.Sent && e.Host == "client" {
			largest = max(largest, len(e.Packet.TCP.Payload))
			require.NotContains(t, e.Packet.TCP.Options.String(), "sackOK")
		}
	}
	require.Equal(t, 1400-40-12, largest, "a datagram of 1400 bytes, with timestamps and without room for SACK")

	s, err := cases.Parse("x.txt", []byte(strings.Replace(text, "sack=off", "timestamps=off", 1)))
	require.NoError(t, err)
	b, err := s.Bind(nil)
	require.NoError(t, err)
	_, err = b.Run(cases.RunConfig{})
	require.ErrorContains(t, err, `host "client": netstack has no switch for timestamps`)
}

func TestStepsThatLookWithoutWaiting(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  socket as=l
  listen 80 on=l
  poll
  accept
  recvnb
  at 60ms
  recvnb 3
  poll
  at 100ms
  state

proc client
  socket as=c
  set nodelay on
  connect server:80
  at 40ms
  send "hello"
  outq on=c
  at 65ms
  outq

proc client other
  at 70ms
  shutdown write on=c
  poll on=c
`)
	require.Equal(t, `server: poll=0 recvnb=EAGAIN recvnb="hel" poll=IN|OUT state=CLOSE-WAIT | client: outq=5 outq=0 | other: poll=OUT`, r.Outcome.String())
}

func TestALinkCanBeCutInOneDirection(t *testing.T) {
	r := resultOf(t, twoHosts+`
proc server
  listen 80
  accept
  recv
  send "late"

proc client
  connect server:80
  down client server from=server
  send "hello"
  at 1s
  up client server from=server
  recv
`)
	require.Equal(t, `server: recv="hello" | client: recv="late"`, r.Outcome.String())
	require.Greater(t, dropped(r), 1, "the ACK and the reply")
}
