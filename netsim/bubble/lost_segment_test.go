package bubble_test

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// losing is a server whose first segment with data is lost on the way.
func losing(server func(*pair)) func(*pair) {
	return func(p *pair) {
		p.net.Drop(p.server, p.client, "data", 1)
		server(p)
	}
}

// repaired is how long after the reply netstack sends its one segment again, when
// it was lost: after the probe timeout of a single segment in flight (RFC 8985
// section 7.2: "PTO = 2 * SRTT", "PTO += TLP.max_ack_delay", which is 200 ms here),
// counted from the client's last segment. netstack starts that timeout anew with
// every segment that arrives, and the client's arrive during five round trips
// after the first flight: 10, 20, 40, 80 and 160 segments do not fill the server's
// receive buffer, and the sixth flight does.
func repaired(rtt time.Duration) time.Duration {
	const flights = 5
	return flights*rtt + 2*rtt + 200*time.Millisecond
}

func TestReplyWhoseSegmentIsLostIsLostWhenTheServerClosesBeforeItIsSentAgain(t *testing.T) {
	closing := func(d time.Duration) func(*pair) {
		return losing(raw(func(c net.Conn) {
			reply413(c, "Connection: close\r\n", 100)
			time.Sleep(d)
		}))
	}
	for _, rtt := range fewer(50*time.Millisecond, time.Millisecond, 200*time.Millisecond) {
		first := boundary(t, 0, 2*repaired(rtt), func(d time.Duration) bool {
			return !attempt{rtt, closing(d), transportClient}.received(t)
		})
		require.InDelta(t, repaired(rtt), first, 1, "received from here on, RTT %v", rtt)
		require.True(t, attempt{rtt, losing(lingering(100, 0)), transportClient}.received(t), "remedy: shutdown, read to the end, close")
	}
}

// Without the loss no reply of one flight is lost, at any RTT.
func TestNetHTTPReplyWhoseSegmentIsLostIsLostBeyondAnRTT(t *testing.T) {
	const n = 100
	least := boundary(t, 40*time.Millisecond, 50*time.Millisecond, func(rtt time.Duration) bool {
		return attempt{rtt, losing(early(n)), transportClient}.received(t)
	})
	// SRTT comes from timestamps of whole milliseconds.
	const rounding = time.Millisecond
	require.InDelta(t, 500*time.Millisecond, repaired(least), float64(2*rounding), "rstAvoidanceDelay, at an RTT of %v", least)
	for _, rtt := range fewer(least, 2*least, 10*least) {
		require.False(t, attempt{rtt, losing(early(n)), transportClient}.received(t), "RTT %v", rtt)
		require.True(t, attempt{rtt, early(n), transportClient}.received(t), "nothing lost, RTT %v", rtt)
		require.True(t, attempt{rtt, losing(reading(n)), transportClient}.received(t),
			"remedy: the handler reads the request's body. RTT %v", rtt)
	}
}

// A server that reads on has the client send on, and each segment puts off the
// repair: it comes when the upload is over, or the limit is.
func TestLingeringCloseLosesAReplyWhoseSegmentIsLostWhenItsLimitIsShorterThanTheUpload(t *testing.T) {
	const limit = time.Second
	const trips = 21 // 8 MiB take so many round trips
	for _, below := range fewer(time.Microsecond, limit/200) {
		require.True(t, attempt{limit/trips - below, losing(lingering(100, limit)), transportClient}.received(t), "the upload is over in time")
	}
	const least = limit/trips + time.Microsecond
	for _, rtt := range fewer(least, 2*least, 10*least) {
		require.False(t, attempt{rtt, losing(lingering(100, limit)), transportClient}.received(t), "RTT %v", rtt)
	}
	require.True(t, attempt{least, losing(lingering(100, 0)), transportClient}.received(t), "remedy: no limit")
	require.True(t, attempt{least, lingering(100, limit), transportClient}.received(t), "nothing lost")
}
