package bubble_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// uploaded is the body of a sweep's requests: one for all of them.
var uploaded = bytes.Repeat([]byte("x"), upload)

// uploader is transportClient with that body; it wants an answer of n bytes.
func uploader(n int) func(*pair) error {
	return func(p *pair) error {
		resp, err := p.http().Post("http://server/", "text/plain", bytes.NewReader(uploaded))
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err == nil && string(body) != text(n) {
			err = fmt.Errorf("%d bytes, want %d", len(body), n)
		}
		return err
	}
}

// sweptRTTs are the steps to 2 s, then 0, 1 and 2 ns, and 1 ns around the round
// trip times at which replies of more flights begin to get lost.
func sweptRTTs(step time.Duration) (rtts []time.Duration) {
	for rtt := step; rtt <= 2*time.Second; rtt += step {
		rtts = append(rtts, rtt)
	}
	for _, edge := range []time.Duration{1, 250 * time.Millisecond, 500 * time.Millisecond, time.Second} {
		rtts = append(rtts, edge-1, edge, edge+1)
	}
	return rtts
}

// The reply leaves before closeWriteAndWait's 500 ms begin, in one flight, and the
// RST that follows on them takes the same way: it cannot overtake the reply.
// RTTs of 0 to 2 s in steps of 1 ms, with each of the sizes, were run once: none
// of 8,004 replies was lost, in 11 s.
func TestNetHTTPReplyOfOneFlightArrivesAtEveryRTTOfAGrid(t *testing.T) {
	step := 10 * time.Millisecond
	if testing.Short() {
		step = 200 * time.Millisecond
	}
	for _, n := range []int{0, 1, 1000, 8000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			var lost []time.Duration
			for _, rtt := range sweptRTTs(step) {
				if !(attempt{rtt, early(n), uploader(n)}).received(t) {
					lost = append(lost, rtt)
				}
			}
			require.Empty(t, lost, "lost at these RTTs")
		})
	}
}

// The same grid does find losses, where there are some: the edge of lost_test.go
// is the only one, and at exactly 500 ms the reply is lost.
func TestNetHTTPReplyOfTwoFlightsIsLostAtEveryRTTFrom500ms(t *testing.T) {
	const n = 20_000
	step := 50 * time.Millisecond
	if testing.Short() {
		step = 500 * time.Millisecond
	}
	for _, rtt := range sweptRTTs(step) {
		require.Equal(t, rtt < 500*time.Millisecond, attempt{rtt, early(n), uploader(n)}.received(t), "RTT %v", rtt)
	}
}
