package netsim_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// netstacks are the calls that end otherwise than on Linux because netstack's
// TCP is another: by scenario and call, with the result here if that is another,
// when the call ends here, and why.
var netstacks = map[string]struct {
	got  string
	done time.Duration
	why  string
}{
	"2l: 150 A c recvloop 100":   {"", 230 * ms, "the FIN waits behind data that the Nagle algorithm holds"},
	"4e: 150 A c recvloop 65536": {"", 245 * ms, "data after close draws RST with SEQ = SND.NXT, not SEG.ACK: what is in flight before it arrives first"},
	"4h: 150 A c recvloop 4096":  {`20 "abcdefghijabcdefghij", 0 (EOF)`, 255 * ms, "the same: the RST is not in order yet when it overtakes the reply"},
	"4j: 150 A c recvloop 4096":  {"", 345 * ms, "the same: the RST is not in order as the reply is missing, and answers a challenge only"},
	"4l: 270 A c send 10":        {"EPIPE", 270 * ms, "the same: the RST is exact when the reply has arrived; Linux's is stale"},
	"8a: 10 A c connect":         {"", 127_010 * ms, "TCP_SYNCNT is not heeded"},
	"8d: 10 A c connect":         {"", 7_030 * ms, "SYN timeouts double from the first; Linux has four of a second (tcp_syn_linear_timeouts)"},
	"8d: 7000 A c send 10":       {"", 7_030 * ms, "the same: the send waits for the connection"},
}

// slack is how late a call may have ended on the kernel: its ACK of a FIN behind
// data comes 42 ms late, its timers up to 7 %.
func slack(d time.Duration) time.Duration { return 50*ms + d/14 }

// bytesVary are the calls whose byte counts depend on segment and buffer sizes:
// sends cut off by a RST, and what arrived until then.
var bytesVary = regexp.MustCompile(`send 20000000|recvloop|recv 65536`)

var digits = regexp.MustCompile(`[1-9]\d*`)

func TestSocketsBehaveAsOnLinux(t *testing.T) {
	scripts := readScripts(t)
	require.Greater(t, len(scripts), 60)
	excused := map[string]bool{}
	for _, s := range scripts {
		t.Run(s.id, func(t *testing.T) {
			s.run(t)
			for _, c := range s.calls {
				key := s.id + ": " + c.key()
				want, got := c.want, c.got
				x, differs := netstacks[key]
				if differs {
					excused[key] = true
					require.Equal(t, x.done, c.gotDone, "%s (%s): %s", key, s.title, x.why)
				}
				if x.got != "" {
					want = x.got
				} else if bytesVary.MatchString(key) && !strings.Contains(want, `"`) {
					want, got = digits.ReplaceAllString(want, "n"), digits.ReplaceAllString(got, "n")
				}
				require.Equal(t, want, got, "%s (%s)", key, s.title)
				if differs || strings.HasPrefix(want, "still") || c.host == "R" {
					continue
				}
				off := c.done - c.gotDone
				require.True(t, off >= -ms && off <= slack(c.done-c.at), "%s ended at %v, on Linux at %v (%s)", key, c.gotDone, c.done, s.title)
			}
		})
	}
	for key := range netstacks {
		require.True(t, excused[key], "%s is not among the scenarios", key)
	}
}
