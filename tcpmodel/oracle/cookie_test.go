package oracle_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
	"rstlab/tcpmodel/oracle"
)

// cookie is a connection that begins by a SYN cookie: a backlog of 0 is full at once. The MSS
// of its SYN is 1360, for which the cookie has 1300.
const cookie = `
host   server
host   client
link   client server rtt=20ms mtu=1400
limit  300s

proc server
  set rcvbuf 64KiB
  listen 80 backlog=0
  accept
  recv 5
  send 3000
  sleep 1s
  close

proc client
  connect server:80
  send "hello"
  recvloop
  close
`

// statsOf is what of a trace was followed, of hosts with netstack.
func statsOf(t *testing.T, tr *trace.Trace) oracle.Stats {
	t.Helper()
	others := map[string]*tcpmodel.Profile{}
	for _, h := range tr.Header.Hosts {
		if h.Engine != "" && h.Engine != tcpmodel.Netstack.Name {
			others[h.Name] = nil
		}
	}
	c := oracle.New(oracle.Config{Profiles: others})
	for i := range tr.Events {
		require.NoError(t, c.Event(&tr.Events[i]))
	}
	require.Empty(t, c.Finish(oracle.End{}))
	return c.Stats()
}

func TestAConnectionOfASYNCookieIsFollowed(t *testing.T) {
	tr := runOf(t, cookie)
	segments := 0
	for i := range tr.Events {
		if sent(0, 0)(&tr.Events[i]) {
			segments++
		}
	}
	s := statsOf(t, tr)
	require.Equal(t, 2, s.Connections)
	require.Equal(t, segments-1, s.Segments+1, "all but the first SYN and the cookie")
	require.Zero(t, s.Unfollowed)
}

// byServer are segments that the server sends in the connection.
func byServer(fits func(e *trace.Event) bool) func(e *trace.Event) bool {
	return func(e *trace.Event) bool { return e.Host == "server" && fits(e) }
}

// TestAConnectionOfASYNCookieIsJudged: as any other, by what the cookie stands for.
func TestAConnectionOfASYNCookieIsJudged(t *testing.T) {
	tr := runOf(t, cookie)
	synAck := byServer(sent(wire.SYN|wire.ACK, 0))
	ack := byServer(sent(wire.ACK, wire.SYN|wire.RST))
	stream := tr.Events[slices.IndexFunc(tr.Events, func(e trace.Event) bool { return e.Op == "send" && e.Host == "server" })].Data
	for _, x := range []struct {
		what   string
		fits   func(e *trace.Event) bool
		change func(e *trace.Event)
		clause tcpmodel.Clause
	}{
		{"the cookie has a scale", synAck, segment(func(s *wire.Segment) {
			s.Options = slices.Concat(s.Options, wire.Options{}.AppendNOP().AppendWindowScale(7))
		}), tcpmodel.SynCookieSent},
		{"the cookie offers another window", synAck, segment(func(s *wire.Segment) { s.Window-- }), tcpmodel.SynCookieSent},
		{"the cookie does not acknowledge the SYN", synAck, segment(func(s *wire.Segment) { s.Ack++ }), tcpmodel.ListenSyn},
		{"nothing begins", byServer(stateChange), nil, tcpmodel.OpenPassive},
		{"the first number", ack, segment(func(s *wire.Segment) { s.Seq++ }), tcpmodel.AckAtOnce},
		{"the first acknowledgment", ack, segment(func(s *wire.Segment) { s.Ack++ }), tcpmodel.TextInOrder},
		{"the first window is less", ack, segment(func(s *wire.Segment) { s.Window-- }), tcpmodel.SwsReceiver},
		{"the first window is more than there is room for", ack, segment(func(s *wire.Segment) { s.Window = 65535 }), tcpmodel.SwsReceiver},
		{"another timestamp", ack, segment(func(s *wire.Segment) { s.Options = slices.Clone(s.Options); s.Options[7]++ }), tcpmodel.RttTimestamp},
		{"a segment that is larger than the cookie's MSS", byServer(text), segment(func(s *wire.Segment) {
			require.Len(t, s.Payload, 1300-12)
			s.Payload = stream[:1300-12+1]
		}), tcpmodel.SwsSender},
		{"another octet is sent", byServer(text), segment(func(s *wire.Segment) { s.Payload[0]++ }), tcpmodel.SendText},
		{"another octet is read", byServer(result("recv")), func(e *trace.Event) { e.Data[0]++ }, tcpmodel.ReceiveText},
		{"nothing is read", byServer(result("recv")), func(e *trace.Event) { e.N, e.Data, e.Errno = 0, nil, "ECONNRESET" }, tcpmodel.ReceiveText},
		{"another state", byServer(stateChange), func(e *trace.Event) { e.To = wire.CloseWait }, tcpmodel.SendText},
	} {
		var found []oracle.Disagreement
		if x.change == nil {
			found = oracle.Check((&doctor{}).falsify(tr, slices.IndexFunc(tr.Events, func(e trace.Event) bool { return x.fits(&e) })), oracle.Config{})
		} else {
			found = oracle.Check(falsifyOne(t, tr, 0, x.fits, x.change), oracle.Config{})
		}
		require.NotEmpty(t, found, x.what)
		require.Equal(t, x.clause, found[0].Clause, "%s: %v", x.what, found[0].Error())
		require.Nil(t, found[0].Known, x.what)
	}
}

// TestASYNCookieIsOneThatWasSent: what is no ACK of one draws a RST, and begins nothing.
func TestASYNCookieIsOneThatWasSent(t *testing.T) {
	tr := runOf(t, cookie)
	arrives := func(e *trace.Event) bool {
		return e.Kind == trace.Delivered && e.Host == "server" && e.Packet.TCP.Flags.Has(wire.ACK)
	}
	for _, off := range []uint32{4, 1 << 8, 1 << 24, 1 << 31, 1<<32 - 2} {
		found := oracle.Check(falsifyOne(t, tr, 0, arrives, segment(func(s *wire.Segment) { s.Ack += off })), oracle.Config{})
		require.NotEmpty(t, found, off)
		require.Equal(t, tcpmodel.OpenAgain, found[0].Clause, found[0].Error())
	}
}

// TestASYNCookieIsGoodForThreeTicks: of 64 seconds, counted from an hour before the run.
func TestASYNCookieIsGoodForThreeTicks(t *testing.T) {
	for at, good := range map[string]bool{"175s": true, "177s": false} {
		tr := runOf(t, `
host   server
host   client
link   client server rtt=20ms
rule   client->server delay `+at+` ack 1
limit  300s

proc server
  listen 80 backlog=0

proc client
  connect server:80
`)
		rst := slices.IndexFunc(tr.Events, func(e trace.Event) bool { return byServer(sent(wire.RST, 0))(&e) })
		require.Equal(t, good, rst < 0, at)
		if good {
			require.Equal(t, 2, statsOf(t, tr).Connections, at)
		} else {
			require.Equal(t, tcpmodel.ClosedSegment, oneFound(t, (&doctor{}).falsify(tr, rst)).Clause, at)
		}
	}
}

// TestCookiesOfOneMomentHaveOneNumber: what is hashed into them is the same.
func TestCookiesOfOneMomentHaveOneNumber(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
link   client server rtt=20ms
rule   client->server dup 5ms S

proc server
  listen 80 backlog=0

proc client
  connect server:80
`)
	again := falsifyOne(t, tr, 1, byServer(sent(wire.SYN|wire.ACK, 0)), segment(func(s *wire.Segment) { s.Seq++ }))
	require.Equal(t, tcpmodel.SynCookieSent, oracle.Check(again, oracle.Config{})[0].Clause)
}

// lateCookie is a connection that is half-open, and takes up a SYN cookie that was sent before:
// the connection that was half-open before has ended meanwhile. The ACK of the cookie is lost, and the text behind it
// brings its number.
const lateCookie = `
host   server
host   client stack=linux
link   client server rtt=1s mtu=1400
rule   client->server drop ack 1

proc server
  listen 80 backlog=1
  accept
  recv 1
  send 3000

proc client
  set deadline 100ms
  connect server:80
  close
  connect server:80
  send "x"
`

func TestALateCookieIsFollowed(t *testing.T) {
	tr := runOf(t, lateCookie)
	require.Zero(t, statsOf(t, tr).Unfollowed)
	var synAcks []uint32
	for i := range tr.Events {
		if e := &tr.Events[i]; byServer(sent(wire.SYN|wire.ACK, 0))(e) {
			synAcks = append(synAcks, e.Packet.TCP.Seq)
		}
	}
	first := tr.Events[slices.IndexFunc(tr.Events, func(e trace.Event) bool { return byServer(sent(wire.ACK, wire.SYN|wire.RST))(&e) })]
	require.Contains(t, synAcks[:len(synAcks)-1], first.Packet.TCP.Seq-1, "the number of the cookie, and not of the SYN-ACK behind it")
	other := falsifyOne(t, tr, 0, byServer(sent(wire.ACK, wire.SYN|wire.RST)), segment(func(s *wire.Segment) { s.Seq = synAcks[len(synAcks)-1] + 1 }))
	require.Equal(t, tcpmodel.AckAtOnce, oneFound(t, other).Clause)
	given := tr.Events[slices.IndexFunc(tr.Events, func(e trace.Event) bool { return e.Op == "send" && e.Host == "server" })].Data
	large := falsifyOne(t, tr, 0, byServer(text), segment(func(s *wire.Segment) {
		require.Less(t, len(s.Payload), 1300)
		s.Payload = given[:1300+1]
	}))
	require.Equal(t, tcpmodel.SwsSender, oneFound(t, large).Clause, "the MSS is that of the cookie, and not the 1360 of the SYN")
}

// TestACookieWithoutTimestampsTellsNothingOfTheirClock: the ACK of one that has them begins a
// connection that is not followed, and no disagreement.
func TestACookieWithoutTimestampsTellsNothingOfTheirClock(t *testing.T) {
	tr := runOf(t, cookie)
	plain := segment(func(s *wire.Segment) {
		mss, _ := s.Options.MSS()
		s.Options = wire.Options{}.AppendMSS(mss)
	})
	arrives := func(e *trace.Event) bool { return e.Kind == trace.Delivered && e.Host == "server" }
	without := falsifyOne(t, falsifyOne(t, tr, 0, arrives, plain), 0, byServer(sent(wire.SYN|wire.ACK, 0)), plain)
	s := statsOf(t, without)
	require.Equal(t, 1, s.Unfollowed[oracle.SynCookie])
}

// TestTheACKOfACookieIsDroppedWhereTheQueueIsFull: and draws a RST where it is not of a cookie.
func TestTheACKOfACookieIsDroppedWhereTheQueueIsFull(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
host   other
link   client server rtt=20ms
link   other  server rtt=20ms

proc server
  listen 80 backlog=0

proc client
  connect server:80

proc other
  connect server:80
`)
	require.Equal(t, 3, statsOf(t, tr).Connections, "two of the clients, and one of the server")
	arrives := func(e *trace.Event) bool {
		return e.Kind == trace.Delivered && e.Host == "server" && e.Packet.TCP.Flags.Has(wire.ACK)
	}
	other := falsifyOne(t, tr, 1, arrives, segment(func(s *wire.Segment) { s.Ack += 4 }))
	require.Equal(t, tcpmodel.ClosedSegment, oneFound(t, other).Clause)
}

// TestTextForCookiesUsesUpTheMemoryOfTheListener: of each netstack keeps the memory for good
// (accept.go, handleListenSegment, which enqueues it once more), so that text is dropped in the
// end. The model does the same.
func TestTextForCookiesUsesUpTheMemoryOfTheListener(t *testing.T) {
	scenario := `
host   server
router router
link   router server
limit  20s
`
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		scenario += "host client" + n + "\nlink client" + n + " router rtt=10ms\nrule client" + n + "->router drop ack 1\n"
	}
	scenario += "\nproc server\n  set rcvbuf 1\n  listen 80 backlog=0\n"
	for range 5 {
		scenario += "  accept\n"
	}
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		scenario += "\nproc client" + n + "\n  sleep " + n + "s\n  connect server:80\n  send 1400\n"
	}
	s, err := cases.Parse("memory.txt", []byte(scenario))
	require.NoError(t, err)
	accepted := func(stack string) (n int) {
		tr := traceWith(t, s, cases.RunConfig{Stacks: map[string]string{"": stack}})
		require.Empty(t, oracle.Check(tr, oracle.Config{}))
		for i := range tr.Events {
			if e := &tr.Events[i]; e.Kind == trace.Return && e.Op == "accept" {
				n++
			}
		}
		return n
	}
	require.Equal(t, 3, accepted(cases.DefaultStack))
	require.Equal(t, 3, accepted("netstack-model"))
}

// TestACookieInPlaceOfAConnectionThatIsNotFollowed: of it nothing is known, and so neither what a
// late copy of its ACK does: it begins a connection again.
func TestACookieInPlaceOfAConnectionThatIsNotFollowed(t *testing.T) {
	tr := runOf(t, `
host   server
host   client
link   client server rtt=20ms
rule   client->server dup 2s ack 3

proc server
  listen 80 backlog=0
  accept
  close
  accept
  recvloop

proc client
  set port 5000
  connect server:80
  recvloop
  close
  sleep 55s
  set port 5000
  connect server:80
  set linger 0s
  sleep 100ms
  close
`)
	begun := 0
	for i := range tr.Events {
		if e := &tr.Events[i]; byServer(stateChange)(e) && e.From == wire.Listen {
			begun++
		}
	}
	require.Equal(t, 3, begun)
	fin := func(e *trace.Event) bool { return e.Host == "server" && sent(wire.FIN, 0)(e) }
	tr = falsifyOne(t, tr, 0, fin, segment(func(s *wire.Segment) { s.Seq++ }))
	c := oracle.New(oracle.Config{})
	for i := range tr.Events {
		require.NoError(t, c.Event(&tr.Events[i]))
	}
	require.Len(t, c.Finish(oracle.End{At: tr.Events[len(tr.Events)-1].At}), 1)
	s := c.Stats()
	require.Equal(t, 1, s.Unfollowed[oracle.Disagrees], "in TIME-WAIT")
	require.Equal(t, 2, s.Unfollowed[oracle.SynCookie], "behind it")
}
