package truth_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases/truth"
)

// textOf is the text of a recording.
func textOf(t *testing.T, id string) string {
	t.Helper()
	src, err := os.ReadFile("testdata/linux-6.18/" + id + ".txt")
	require.NoError(t, err)
	return string(src)
}

// compared reads a text with one recording and compares it.
func compared(t *testing.T, text string) *truth.Comparison {
	t.Helper()
	files, err := truth.Read("x.txt", []byte(text))
	require.NoError(t, err)
	require.Len(t, files, 1)
	c, err := truth.Compare(files[0], truth.DefaultStack)
	require.NoError(t, err)
	return c
}

// replaced is a text with one thing in it replaced.
func replaced(t *testing.T, text, from, to string) string {
	t.Helper()
	require.Equal(t, 1, strings.Count(text, from), "%q", from)
	return strings.Replace(text, from, to, 1)
}

// TestAnyOtherRecordingDiffers: what 1b recorded is what happens. Of every
// change of it the first difference tells both sides.
func TestAnyOtherRecordingDiffers(t *testing.T) {
	base := textOf(t, "1b")
	require.Equal(t, truth.Agrees, compared(t, base).Status())
	for _, c := range []struct{ why, from, to, want string }{
		{"errno", "= ECONNRESET @321", "= ETIMEDOUT @321", "320 A c recv 100: ETIMEDOUT @321ms | ECONNRESET @320ms"},
		{"end of the stream", "= 0 (EOF) @330", "= ECONNRESET @330", "330 A c recv 100: ECONNRESET @330ms | 0 (EOF) @330ms"},
		{"data", `= 5 "HELLO" @311`, `= 5 "HELLA" @311`, `310 A c recv 100: 5 "HELLA" @311ms | 5 "HELLO" @310ms`},
		{"length of data", `= 5 "HELLO" @311`, `= 4 "HELL" @311`, `310 A c recv 100: 4 "HELL" @311ms | 5 "HELLO" @310ms`},
		{"bytes sent", "= 100 @101", "= 99 @101", "100 A c send 100: 99 @101ms | 100 @100ms"},
		{"poll bits", "= IN|OUT|ERR|HUP|RDHUP @300", "= IN|OUT|HUP|RDHUP @300", "300 A c poll: IN|OUT|HUP|RDHUP @300ms | IN|OUT|ERR|HUP|RDHUP @300ms"},
		{"too early", "= ok @51", "= ok @39", "15 B s accept l: ok @39ms | ok @40ms"},
		{"too late", "= 100 @101", "= 100 @117", "100 A c send 100: 100 @117ms | 100 @100ms"},
		{"blocked", "= EPIPE @340", "= still blocked at end @901", "340 A c send 10: still blocked at end | EPIPE @340ms"},
		{"flags", "B>A RA   seq=6 ack=101", "B>A FA   seq=6 ack=101", "B>A 4: FA seq=6 ack=101 len=0 | RA seq=6 ack=101 len=0"},
		{"sequence number", "B>A RA   seq=6 ack=101", "B>A RA   seq=1 ack=101", "B>A 4: RA seq=1 ack=101 len=0 | RA seq=6 ack=101 len=0"},
		{"acknowledgment number", "B>A RA   seq=6 ack=101", "B>A RA   seq=6 ack=1", "B>A 4: RA seq=6 ack=1 len=0 | RA seq=6 ack=101 len=0"},
		{"length", "seq=1 ack=101 len=5", "seq=1 ack=101 len=6", "B>A 3: PA seq=1 ack=101 len=6 | PA seq=1 ack=101 len=5"},
		{"PSH", "A>B PA   seq=1 ack=1 len=100", "A>B A    seq=1 ack=1 len=100", "A>B PSH: in no other segment | also in 3"},
		{"a segment more", "   200.6      B conn", "   200.6  B>A RA   seq=6 ack=101 len=0 win=64 ts arrives 210.5 \n   200.6      B conn", "B>A 5: RA seq=6 ack=101 len=0 | nothing"},
		{"a segment less", "   200.5  B>A RA   seq=6 ack=101 len=0 win=64 ts arrives 210.5 \n", "", "B>A after 3: nothing | RA seq=6 ack=101 len=0"},
		{"from the other side", "200.5  B>A RA ", "200.5  A>B RA ", "A>B 5: RA seq=6 ack=101 len=0 | nothing"},
		{"a forged segment", "   200.6      B conn", "   200.6  INJECT>A R    seq=6 len=0 win=1000 (rcv_nxt+0, window 64512)\n   200.6      B conn", "INJECT 1: R seq=6 len=0 | nothing"},
	} {
		got := compared(t, replaced(t, base, c.from, c.to))
		require.Equal(t, truth.Differs, got.Status(), c.why)
		require.Equal(t, c.want, got.Differences[max(0, got.FirstUnexplained())].String(), c.why)
	}
}

func TestTheOrderOfSegmentsCounts(t *testing.T) {
	text := textOf(t, "2a")
	data := "   200.7  B>A PA   seq=1 ack=101 len=5 win=64 ts arrives 210.7 \n"
	rst := "   200.7  B>A RA   seq=6 ack=101 len=0 win=64 ts arrives 210.7 \n"
	c := compared(t, replaced(t, text, data+rst, rst+data))
	require.Equal(t, truth.Differs, c.Status())
}

var segmentLine = regexp.MustCompile(`(?m)^ +[\d.]+  (A>B|B>A) ([SFRPA]+) +seq=(\d+) (?:ack=(\d+) )?len=(\d+) .*$`)

// bulk is a send of more than one segment.
var bulk = regexp.MustCompile(`^\d{4,}$`)

// TestAnyChangedNumberOfASegmentIsFound changes one number or flag of one
// segment of a recording.
func TestAnyChangedNumberOfASegmentIsFound(t *testing.T) {
	var ids []string
	for _, f := range recorded(t) {
		if !slices.ContainsFunc(f.Calls, func(c truth.Call) bool { return c.Op == "send" && bulk.MatchString(c.Args[0]) }) && !f.NoTimestamps {
			ids = append(ids, f.ID) // no bulk transfer: every segment is there
		}
	}
	require.Greater(t, len(ids), 70)
	rapid.Check(t, func(rt *rapid.T) {
		text := textOf(t, rapid.SampledFrom(ids).Draw(rt, "id"))
		end := strings.Index(text, "  END A")
		lines := segmentLine.FindAllStringSubmatchIndex(text[:end], -1)
		line := rapid.SampledFrom(lines).Draw(rt, "segment")
		fields := []int{2, 3, 5} // flags, seq, len
		if line[2*4] >= 0 {
			fields = append(fields, 4) // ack
		}
		field := rapid.SampledFrom(fields).Draw(rt, "field")
		from, to := line[2*field], line[2*field+1]
		other := "7" + text[from:to]
		if field == 2 {
			other = "U" + text[from:to]
		}
		changed := text[:from] + other + text[to:]
		if c := compared(t, changed); c.Status() != truth.Differs {
			rt.Fatalf("not found: %s", changed[strings.LastIndexByte(changed[:from], '\n')+1:to+20])
		}
	})
}

// TestOnlyADelayedAckMayBeMissing: an ACK that a later one covers may be missing,
// and that is told; a challenge ACK may not.
func TestOnlyADelayedAckMayBeMissing(t *testing.T) {
	c := compared(t, replaced(t, textOf(t, "1b"), "   112.3  B>A A    seq=1 ack=101 len=0 win=64 ts arrives 122.3 \n", ""))
	require.Equal(t, truth.Agrees, c.Status())
	require.Contains(t, c.Tolerated, truth.Tolerated{Tolerance: truth.DelayedACK, Times: 1})

	challenge := regexp.MustCompile(`(?m)^ +10\d\.\d  A>B A    seq=1 ack=1 len=0 .*\n`)
	text := textOf(t, "12b")
	require.Len(t, challenge.FindAllString(text, -1), 1)
	c = compared(t, challenge.ReplaceAllString(text, ""))
	require.Equal(t, truth.Differs, c.Status())
	require.Equal(t, "A>B after 2: nothing | A seq=1 ack=1 len=0", c.Differences[0].String())
}

func TestHowReadsSplitTheBytesIsTolerated(t *testing.T) {
	c := compared(t, replaced(t, textOf(t, "2b2"), `= 5 "ERROR", ECONNRESET @`, `= 3 "ERR", 2 "OR", ECONNRESET @`))
	require.Equal(t, truth.Agrees, c.Status())
	require.Contains(t, c.Tolerated, truth.Tolerated{Tolerance: truth.InitialWindow, Times: 1})
	c = compared(t, replaced(t, textOf(t, "2b2"), `= 5 "ERROR", ECONNRESET @`, `= 3 "ERR", ECONNRESET @`))
	require.Equal(t, truth.Differs, c.Status(), "but not that some are missing")
}

func TestSettingsThatAStackLacksAreTold(t *testing.T) {
	for setting, want := range map[string]string{
		"sysctl net.ipv4.tcp_syn_retries 2":             "net.ipv4.tcp_syn_retries 2: no host setting stands for it",
		"sysctl net.ipv4.tcp_frobnication 1":            "net.ipv4.tcp_frobnication 1: no host setting stands for it",
		"sysctl net.ipv4.tcp_timestamps 0":              "net.ipv4.tcp_timestamps 0: netstack has no switch for timestamps",
		"sysctl net.ipv4.tcp_retries2 many":             `net.ipv4.tcp_retries2 many: "many" is no value for it`,
		"nots":                                          "nots: netstack has no switch for timestamps",
		"sysctl net.ipv4.tcp_syn_retries 6":             "", // the default
		"sysctl net.ipv4.tcp_rfc1337 1":                 "", // as netstack is
		"sysctl net.ipv4.tcp_keepalive_time 7":          "", // every keepalive call has its own
		"sysctl net.ipv4.tcp_congestion_control cubic":  "",
		"sysctl net.ipv4.tcp_fin_timeout 20":            "",
		"sysctl net.ipv4.tcp_rmem 4096 131072 33554432": "net.ipv4.tcp_rmem 4096 131072 33554432: no host setting stands for it",
	} {
		c := compared(t, replaced(t, textOf(t, "1a"), "\nest\n", "\n"+setting+"\nest\n"))
		if want == "" {
			require.Empty(t, c.NotModelled, setting)
			require.Equal(t, truth.Agrees, c.Status(), setting)
			continue
		}
		require.Len(t, c.NotModelled, 1, setting)
		require.Equal(t, want, c.NotModelled[0].String())
		require.Equal(t, truth.Unmodelled, c.Status(), setting)
	}
}

func TestHostSettingsOfSysctlsAreApplied(t *testing.T) {
	text := replaced(t, textOf(t, "6h"), "\nest\n", "\nsysctl net.ipv4.tcp_fin_timeout 20\nest\n")
	files, err := truth.Read("x.txt", []byte(text))
	require.NoError(t, err)
	tr, err := truth.Translate(files[0], truth.DefaultStack)
	require.NoError(t, err)
	require.Equal(t, 20*time.Second, tr.Scenario.Hosts[0].FinTimeout.Duration())
	require.Contains(t, tr.Text(), "fintimeout=20s")
}

// TestFormsRecogniseACauseInOtherRecordings: the same difference in a scenario
// with an id that nobody has seen.
func TestFormsRecogniseACauseInOtherRecordings(t *testing.T) {
	c := compared(t, replaced(t, textOf(t, "4a"), "== 4a |", "== 400 |"))
	require.Equal(t, truth.Explained, c.Status())
	require.Equal(t, []string{"rst-after-close"}, c.Causes())
	require.Empty(t, truth.Explain(truth.DefaultStack, "400", truth.Difference{What: "B>A 4", Want: "R seq=1 len=0", Got: "nothing"}))
	drawn := truth.Difference{What: "B>A 4", Want: "R seq=23 len=0", Got: "RA seq=22 ack=1 len=0"}
	require.Empty(t, truth.Explain(truth.DefaultStack, "400", drawn), "SEG.ACK beyond SND.NXT")
	drawn.Want = "R seq=2 len=0"
	require.NotEmpty(t, truth.Explain(truth.DefaultStack, "400", drawn))
	require.Empty(t, truth.Explain(truth.DefaultStack, "4a", drawn), "of a known recording every difference is listed")
	require.Empty(t, truth.Explain("no such stack", "4a", c.Differences[0]))
}

// TestRecordsAreTheSameInEveryRun: the comparison is a function of the file.
func TestRecordsAreTheSameInEveryRun(t *testing.T) {
	for _, id := range []string{"2i", "5j", "15g"} {
		files, err := truth.Read("x.txt", []byte(textOf(t, id)))
		require.NoError(t, err)
		tr, err := truth.Translate(files[0], truth.DefaultStack)
		require.NoError(t, err)
		one, err := tr.Run()
		require.NoError(t, err)
		two, err := tr.Run()
		require.NoError(t, err)
		require.Equal(t, one.Hash, two.Hash, id)
	}
}

// TestEveryCallCanBeCompared: what the calls give that no recording here uses,
// as tcp(7), socket(7) and poll(2) have it.
func TestEveryCallCanBeCompared(t *testing.T) {
	c := compared(t, `== 1 | every call
dur 5000
est
50 B d listen rcvbuf 8192
100 A c recvnb 10
105 B l poll
110 A c send 100
111 A c outq
200 A c outq
205 A c peek 5
210 A c shutwr
211 A c outq
250 A c outq
251 A c state
260 B s recvnb 10
270 B s recv 10
275 B s peek 5
280 B s recvloop 40 5
290 B s poll
300 B s linger 1
310 B s shutrd
320 B s nodelay
330 B s rcvbuf 4096
340 B s sndbuf 4096
350 B s syncnt 3
360 B s utimeout 1000
370 B s keepalive 1 2 3
380 B s soerr
390 B s close
395 B s send 5
400 A c shutrdwr

--- results
100 A c recvnb 10 = EAGAIN @100
105 B l poll      = none @105
110 A c send 100  = 100 @110
111 A c outq      = 100 @112
200 A c outq      = 0 @200
205 A c peek 5    = 0 (EOF) @420
210 A c shutwr    = 0 @210
211 A c outq      = 1 @211
250 A c outq      = 0 @250
251 A c state     = FIN_WAIT2 @251
260 B s recvnb 10 = 10 "abcdefghij" @260
270 B s recv 10   = 10 "abcdefghij" @270
275 B s peek 5    = 5 "abcde" @275
280 B s recvloop 40 5 = total 80, 0 (EOF) @291
290 B s poll      = IN|OUT|RDHUP @290
300 B s linger 1  = 0 @300
310 B s shutrd    = 0 @310
320 B s nodelay   = 0 @320
330 B s rcvbuf 4096 = 0 @330
340 B s sndbuf 4096 = 0 @340
350 B s syncnt 3  = 0 @350
360 B s utimeout 1000 = 0 @360
370 B s keepalive 1 2 3 = 0 @370
380 B s soerr     = 0 @380
390 B s close     = 0 @412
395 B s send 5    = EBADF @395
400 A c shutrdwr  = 0 @400
`)
	for _, d := range c.Differences {
		require.Regexp(t, `^[AB]>[AB] `, d.What, "no call differs: %v", d) // no segments are recorded
	}
}
