package cases_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// through is a client and a server with a middlebox between: the client asks at
// once, again after a minute, and then looks for more.
const through = `%s
host client
host server
link client box delay=2ms
link box server delay=8ms
limit 300s

proc server
  listen 80
  accept
  recv
  send "one"
  recv
  send "two"

proc client
  set deadline 100s
  connect server:80 or=exit
  send "1"
  recv
  sleep 60s
  send "2"
  recv
  peek
`

func TestSettingsOfMiddleboxesReachThem(t *testing.T) {
	const both = `client: recv="one" recv="two"`
	for box, want := range map[string]string{
		"firewall box outside=server":                                              both + " peek=EAGAIN",
		"firewall box outside=server established=30s":                              `client: recv="one" recv=EAGAIN peek=EAGAIN`,
		"firewall box outside=server established=30s stray=reject":                 `client: recv="one" recv=ECONNRESET peek=EOF`,
		"firewall box outside=server established=30s stray=accept":                 both + " peek=EAGAIN",
		"firewall box outside=server established=30s resetidle=on":                 `client: recv="one" send=ECONNRESET recv=EOF peek=EOF`,
		"firewall box outside=server kill=0s rst=both":                             `client: recv=ECONNRESET send=EPIPE recv=EOF peek=EOF`,
		"firewall box outside=server kill=1s rst=inside":                           `client: recv="one" send=ECONNRESET recv=EOF peek=EOF`,
		"firewall box outside=server\nfilter box out reject dport=80":              `client: connect=ECONNREFUSED`,
		"firewall box outside=server\nfilter box out reject src=client dst=server": `client: connect=ECONNREFUSED`,
		"firewall box outside=server\nfilter box out reject src=server":            both + " peek=EAGAIN",
		"firewall box outside=client default=reject":                               `client: connect=ECONNREFUSED`,
		"firewall box outside=client\nfilter box in accept dport=80":               both + " peek=EAGAIN",
		"nat box outside=server":                                                   both + " peek=EAGAIN",
		"nat box outside=server addr=192.0.2.1 established=30s stray=reject":       `client: recv="one" recv=ECONNRESET peek=EOF`,
		"nat box outside=server established=30s stray=remap":                       `client: recv="one" recv=ECONNRESET peek=EOF`,
		"nat box outside=server established=30s":                                   `client: recv="one" recv=EAGAIN peek=EAGAIN`,
		"nat box outside=client":                                                   `client: connect=EAGAIN`,
		"observer box":                                                             both + " peek=EAGAIN",
		"observer box\nforge client->box data 1 R to=sender":                       `client: recv=ECONNRESET send=EPIPE recv=EOF peek=EOF`,
		"observer box\nforge server->box data 2 R to=receiver":                     both + " peek=ECONNRESET",
		// The first three bytes are known already, the fourth is taken for that of the next answer.
		"observer box\nforge client->box data 1 PA to=sender data=\"fake\" after=30ms": `client: recv="one" recv="e" peek="wo"`,
		// The client acknowledges a byte that the server has not sent: it drops what
		// comes with that (RFC 9293 section 3.10.7.4), the second request too.
		"observer box\nforge client->box data 1 PA to=sender data=\"fake\"": `client: recv="fake" recv=EAGAIN peek=EAGAIN`,
	} {
		s := parse(t, fmt.Sprintf(through, box))
		bound, err := s.Bind(nil)
		require.NoError(t, err)
		got := run(t, bound, cases.RunConfig{}).Outcome.Procs[1].String()
		if got != want {
			t.Errorf("%s\n\twant %s\n\tgot  %s", box, want, got)
		}
	}
}

// TestAnObserverSpreadsItsNumbers: count and stride make a spread of numbers.
func TestAnObserverSpreadsItsNumbers(t *testing.T) {
	s := parse(t, fmt.Sprintf(through, "observer box\nforge client->box data 1 RA seq=n-10 ack=seen-1 win=7 count=3 stride=5"))
	bound, err := s.Bind(nil)
	require.NoError(t, err)
	var forged []trace.Event
	for _, e := range run(t, bound, cases.RunConfig{KeepTrace: true}).Trace.Events {
		if e.Kind == trace.Injected {
			forged = append(forged, e)
		}
	}
	require.Len(t, forged, 3)
	for i, e := range forged {
		require.Equal(t, "box", e.Host)
		require.Equal(t, uint32(5*i), e.Packet.TCP.Seq-forged[0].Packet.TCP.Seq)
		require.Equal(t, uint16(7), e.Packet.TCP.Window)
	}
}
