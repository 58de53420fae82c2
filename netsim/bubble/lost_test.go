// Where a reply to a client that is still uploading gets lost. The client is an
// http.Client on a link without loss, MSS 1420, initial window 10 segments.
//
//	server                                            lost                        decided by                             remedy
//	(a) replies without a body and without            d < 50 ms, at any RTT       maxWriteWaitBeforeConnReuse            "Connection: close" 1 ms ahead of the
//	    "Connection: close", closes after d                                       (transport.go, wroteRequest)           RST; or shutdown, read to the end
//	(a) replies with 20,000 bytes, closes after d     d < RTT                     close with unread data discards        shutdown, read to the end, close
//	                                                                              the second flight, which waits for ACK
//	(b) net/http, handler replies without reading     20,000 bytes: RTT > 500 ms  rstAvoidanceDelay (server.go,          the handler reads the request's body
//	    the body                                      50,000 bytes: RTT > 250 ms  closeWriteAndWait), then as above
//	(b) the same, up to 8,000 bytes                   never, RTT 1 ns to 10 s     the RST leaves 500 ms after the reply  none needed
//	(c) shutdown, reads at most T = 1 s, closes       20,000 bytes: RTT > T       the deadline of the read, then as (a)  no limit, or T above RTT × flights
//	                                                  50,000 bytes: RTT > T/2
//	                                                  150,000 bytes: RTT > T/3
//	any, and the client writes its whole request      always                      the client does not read when a write    read also when a write has
//	before it reads (lost_client_test.go)                                         has failed                               failed; or shutdown, read to the end
//	the reply's one segment is lost on its way (lost_segment_test.go):
//	(a) replies with 100 bytes, closes after d        d < 7 RTT + 200 ms          netstack's probe timeout, which starts   as without the loss
//	(b) net/http, 100 bytes                           RTT > 42.8 ms               anew with each of the client's segments
//	(c) shutdown, reads at most T, closes             RTT > T/21
package bubble_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// upload is more than a sender's and a receiver's buffers hold together, so that
// a client whose server does not read is blocked in the middle of its body.
const upload = 8 << 20

// attempt is one request whose reply may be lost.
type attempt struct {
	rtt    time.Duration
	server func(*pair)       // serves on server:80
	client func(*pair) error // nil when it got the whole reply
}

// received reports whether the client got its reply.
func (a attempt) received(t *testing.T) (ok bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, a.rtt)
		a.server(p)
		ok = a.client(p) == nil
	})
	return ok
}

// alwaysReceived is received in several runs. It is for replies whose loss is
// decided by two goroutines of net/http that the same RST wakes: writeLoop tells
// roundTrip and readLoop, and when the latter is faster, roundTrip's select finds
// both the error and the reply. That is rare, but with the race detector's random
// scheduling it happens.
func (a attempt) alwaysReceived(t *testing.T) bool {
	t.Helper()
	for range 3 {
		if !a.received(t) {
			return false
		}
	}
	return true
}

// boundary is the least duration in (lo, hi] at which the reply is lost, to the
// nanosecond. It must be received at lo and lost at hi.
func boundary(t *testing.T, lo, hi time.Duration, received func(time.Duration) bool) time.Duration {
	t.Helper()
	require.True(t, received(lo), "lost at %v already", lo)
	require.False(t, received(hi), "received at %v still", hi)
	for hi-lo > 1 {
		if mid := lo + (hi-lo)/2; received(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// raw serves one connection with f, which has read the first bytes of the
// request, and closes it.
func raw(f func(net.Conn)) func(*pair) {
	return func(p *pair) {
		l := p.listen(p.server, ":80")
		go func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			c.Read(make([]byte, 4<<10))
			f(c)
		}()
	}
}

// reply413 writes a reply with a body of n bytes.
func reply413(c net.Conn, header string, n int) {
	io.WriteString(c, head413(header, n)+text(n))
}

func head413(header string, n int) string {
	return fmt.Sprintf("HTTP/1.1 413 Request Entity Too Large\r\n%sContent-Length: %d\r\n\r\n", header, n)
}

// transportClient is an http.Client.
func transportClient(p *pair) error {
	resp, err := p.http().Post("http://server/", "text/plain", strings.NewReader(strings.Repeat("x", upload)))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	return err
}

// early is a net/http server whose handler replies with n bytes without reading
// the request's body.
func early(n int) func(*pair) {
	return func(p *pair) {
		p.handle(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			io.WriteString(w, text(n))
		})
	}
}

// reading is early but for the request's body, which its handler reads first.
func reading(n int) func(*pair) {
	return func(p *pair) {
		p.handle(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, text(n))
		})
	}
}

// linger ends the sending side and reads until the client has ended too, at most
// for the given time; 0 is without limit.
func linger(c net.Conn, limit time.Duration) {
	c.(interface{ CloseWrite() error }).CloseWrite()
	if limit > 0 {
		c.SetReadDeadline(time.Now().Add(limit))
	}
	io.Copy(io.Discard, c)
}

// lingering replies with n bytes, and closes when the client has, or at the limit.
func lingering(n int, limit time.Duration) func(*pair) {
	return raw(func(c net.Conn) {
		reply413(c, "Connection: close\r\n", n)
		linger(c, limit)
	})
}

func TestBodylessReplyIsLostWhenTheServerClosesWithin50ms(t *testing.T) {
	after := func(header string, d time.Duration) func(*pair) {
		return raw(func(c net.Conn) {
			reply413(c, header, 0)
			time.Sleep(d)
		})
	}
	for _, rtt := range []time.Duration{time.Millisecond, 100 * time.Millisecond, 900 * time.Millisecond} {
		first := boundary(t, 0, time.Second, func(d time.Duration) bool {
			return !attempt{rtt, after("", d), transportClient}.alwaysReceived(t)
		})
		require.Equal(t, 50*time.Millisecond, first, "received from here on: maxWriteWaitBeforeConnReuse, at any RTT")
		require.True(t, attempt{rtt, after("Connection: close\r\n", time.Millisecond), transportClient}.received(t), "remedy of the server")
		require.True(t, attempt{rtt, raw(func(c net.Conn) {
			reply413(c, "", 0)
			linger(c, 0)
		}), transportClient}.received(t), "remedy: shutdown, read to the end, close")
	}
}

func TestReplyOfTwoFlightsIsLostWhenTheServerClosesWithinARoundTrip(t *testing.T) {
	const n = 20_000
	for _, rtt := range []time.Duration{10 * time.Millisecond, 100 * time.Millisecond, 900 * time.Millisecond} {
		first := boundary(t, 0, 2*time.Second, func(d time.Duration) bool {
			return !attempt{rtt, raw(func(c net.Conn) {
				reply413(c, "Connection: close\r\n", n)
				time.Sleep(d)
			}), transportClient}.received(t)
		})
		require.InDelta(t, rtt, first, 1, "received from here on: the second flight leaves when the first is acknowledged")
		require.True(t, attempt{rtt, lingering(n, 0), transportClient}.received(t), "remedy: shutdown, read to the end, close")
	}
}

func TestNetHTTPReplyIsLostBeyondAnRTTThatItsSizeSets(t *testing.T) {
	for n, want := range map[int]time.Duration{20_000: 500 * time.Millisecond, 50_000: 250 * time.Millisecond} {
		require.InDelta(t, want, boundary(t, 1, time.Second, func(rtt time.Duration) bool {
			return attempt{rtt, early(n), transportClient}.received(t)
		}), 1, "rstAvoidanceDelay is 500 ms; reply of %d bytes", n)
		require.True(t, attempt{want + 1, reading(n), transportClient}.received(t), "remedy: the handler reads the request's body")
	}
}

func TestNetHTTPReplyOfOneWindowIsNeverLost(t *testing.T) {
	for _, n := range []int{0, 1, 1000, 8000} {
		for rtt := time.Duration(1); rtt < 10*time.Second; rtt = rtt*3 + 1 {
			require.True(t, attempt{rtt, early(n), transportClient}.received(t), "%d bytes, RTT %v", n, rtt)
		}
	}
}

func TestLingeringCloseLosesTheReplyBeyondAnRTTThatItsLimitSets(t *testing.T) {
	const limit = time.Second
	for n, roundTrips := range map[int]time.Duration{20_000: 1, 50_000: 2, 150_000: 3} {
		least := boundary(t, 1, 4*time.Second, func(rtt time.Duration) bool {
			return attempt{rtt, lingering(n, limit), transportClient}.received(t)
		})
		require.InDelta(t, limit/roundTrips, least, 1, "%d bytes take %d round trips after the first flight", n, roundTrips)
		require.True(t, attempt{least + 1, lingering(n, 0), transportClient}.received(t), "remedy: no limit")
	}
}

// The figures of 20,000, 50,000 and 150,000 bytes, to the last byte: a sender begins
// with 10 segments (RFC 6928 section 2) and, in slow start, may send two more for
// each that is acknowledged (RFC 5681 section 3.1: "cwnd += min (N, SMSS)"), so that
// its flights are of 10, 20, 40, 80 segments, a round trip apart. A reply of f
// flights, with its header, is there when f-1 round trips have passed, and then
// its last ones leave as the RST does.
func TestTheNumberOfFlightsDecidesToTheLastByteWhichReplyIsLost(t *testing.T) {
	const (
		limit   = time.Second
		mss     = 1420 // an MTU of 1500 with options for timestamps and SACK
		initial = 10
	)
	for flights := 1; flights <= 4; flights++ {
		rtt := limit/time.Duration(flights) + 1 // there is no time for a flight more
		first := boundary(t, 0, 1_000_000, func(n time.Duration) bool {
			return attempt{rtt, lingering(int(n), limit), transportClient}.received(t)
		})
		segments := initial * (1<<flights - 1)
		most := int(first) - 1
		require.Equal(t, segments*mss, len(head413("Connection: close\r\n", most))+most, "%d flights of %d segments in all, RTT %v", flights, segments, rtt)
	}
}
