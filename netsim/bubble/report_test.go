package bubble_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/bubble"
	"rstlab/netsim/link"
	"rstlab/netsim/trace"
)

// Tests that fail on purpose run only in a process of their own.
const onPurposeVariable = "RSTLAB_TEST_INNER"

func onPurpose(t *testing.T) {
	t.Helper()
	if os.Getenv(onPurposeVariable) == "" {
		t.Skip("fails on purpose; other tests run it")
	}
}

// runInner runs a test of this binary and returns what it prints.
func runOnPurpose(t *testing.T, pattern string, env []string, args ...string) (output string, err error) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-test.run=" + pattern, "-test.count=1", "-test.v"}, args...)...)
	cmd.Env = append(os.Environ(), onPurposeVariable+"=1", bubble.SeedVariable+"=", bubble.LadderVariable+"=")
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// fails runs a test that must fail.
func fails(t *testing.T, pattern string, env []string, args ...string) string {
	t.Helper()
	output, err := runOnPurpose(t, pattern, env, args...)
	require.Error(t, err, "the inner test fails:\n%s", output)
	require.Contains(t, output, "--- FAIL", "it fails, and does not crash")
	t.Logf("the inner test printed:\n%s", output)
	return output
}

func TestInnerReset(t *testing.T) {
	onPurpose(t)
	synctest.Test(t, func(t *testing.T) {
		n, client, server := bubble.Pair(t, bubble.Config{Seed: 7}, rtt100)
		n.Drop(client, server, "data,contains=\"never\"")
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		go func() {
			c, err := l.Accept()
			if err == nil {
				time.Sleep(time.Second)
				c.Close() // with unread data: RST
			}
		}()
		c, err := client.Dial("tcp", "server:80")
		require.NoError(t, err)
		_, err = c.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
		require.NoError(t, err)
		_, err = io.ReadAll(c)
		require.NoError(t, err)
	})
}

func TestAFailedTestShowsTheLadderAndHowToReplayIt(t *testing.T) {
	out := fails(t, "^TestInnerReset$", nil)
	require.Contains(t, out, "RSTLAB_SEED=7 go test -run '^TestInnerReset$' rstlab/netsim/bubble")
	require.Regexp(t, `client +.* +server`, out, "the ladder's heading")
	require.Contains(t, out, "[R.]", "the reset stands in the ladder")
	require.Regexp(t, `10\.0\.0\.1:\d+ > 10\.0\.0\.2:80: reset; client got ECONNRESET in recv\(3\)`, out)
	require.Contains(t, out, `No packet came under the rule "drop data,contains=\"never\", client -> server".`)
	require.NotContains(t, out, "Everything:", "nothing was left out")
	require.Contains(t, out, "-artifacts", "how to keep the files")
}

func TestTheSeedOfTheEnvironmentReplays(t *testing.T) {
	port := regexp.MustCompile(`10\.0\.0\.1:(\d+) > 10\.0\.0\.2:80: reset`)
	of := func(env ...string) string { return port.FindStringSubmatch(fails(t, "^TestInnerReset$", env))[1] }
	seven := of()
	require.Equal(t, seven, of("RSTLAB_SEED=7"))
	require.NotEqual(t, seven, of("RSTLAB_SEED=0x8"), "another seed gives another port")
	out := fails(t, "^TestInnerReset$", []string{"RSTLAB_SEED=eight"})
	require.Contains(t, out, `RSTLAB_SEED="eight": want a number`)
}

func TestArtifactsAreTheWholeTrace(t *testing.T) {
	dir := t.TempDir()
	out := fails(t, "^TestInnerReset$", nil, "-test.artifacts", "-test.outputdir="+dir)
	paths := regexp.MustCompile(`artifact (.*)\n`).FindAllStringSubmatch(out, -1)
	require.Len(t, paths, 3)
	f, err := os.Open(paths[0][1])
	require.NoError(t, err)
	defer f.Close()
	got, err := trace.ParseNDJSON(f)
	require.NoError(t, err)
	require.Equal(t, "TestInnerReset", got.Header.Scenario)
	require.EqualValues(t, 7, got.Header.Seed)
	require.NotEmpty(t, got.Events)
	capture, err := os.ReadFile(paths[1][1])
	require.NoError(t, err)
	require.Equal(t, ".pcapng", filepath.Ext(paths[1][1]))
	require.Equal(t, "\x0a\x0d\x0d\x0a", string(capture[:4]), "a section header of pcapng")
}

func TestInnerManyConnections(t *testing.T) {
	onPurpose(t)
	synctest.Test(t, func(t *testing.T) {
		n, client, server := bubble.Pair(t, bubble.Config{}, rtt100)
		echo(t, server)
		for i := range 30 {
			if i == 17 {
				n.Drop(client, server, "data", 1)
			}
			say(t, client, fmt.Sprintf("m%02d", i))
		}
		t.Error("to see the report")
	})
}

func TestOfManyConnectionsThoseThatMatterAreShown(t *testing.T) {
	out := fails(t, "^TestInnerManyConnections$", nil)
	require.Regexp(t, `The \d of 30 connections that matter most`, out)
	require.Contains(t, out, "closed from both sides; 1 lost")
	require.Contains(t, out, `send(20, "m17", 3)`)
	require.NotContains(t, out, "m03")
	require.Contains(t, out, "Everything: set RSTLAB_LADDER=all.")
	all := fails(t, "^TestInnerManyConnections$", []string{"RSTLAB_LADDER=all"})
	require.Contains(t, all, `"m03"`)
	require.NotContains(t, all, "left out")
	off := fails(t, "^TestInnerManyConnections$", []string{"RSTLAB_LADDER=off"})
	require.NotContains(t, off, "m17")
	require.Contains(t, off, "to run this again")
}

func TestInnerLongTransfer(t *testing.T) {
	onPurpose(t)
	synctest.Test(t, func(t *testing.T) {
		_, client, server := bubble.Pair(t, bubble.Config{}, rtt100)
		echo(t, server)
		say(t, client, string(make([]byte, 300_000)))
		if os.Getenv(bubble.LadderVariable) == "" {
			t.Error("to see the report")
		}
	})
}

func TestALongLadderIsCutInTheMiddle(t *testing.T) {
	out := fails(t, "^TestInnerLongTransfer$", nil)
	require.Regexp(t, `┄┄┄ \d+ lines left out ┄┄┄`, out)
	require.Contains(t, out, "[SYN-SENT]", "the beginning is there")
	require.Contains(t, out, "[FIN-WAIT-1]", "the end is there")
	require.Less(t, strings.Count(out, "\n"), 160)
	all, err := runOnPurpose(t, "^TestInnerLongTransfer$", []string{"RSTLAB_LADDER=all"})
	require.NoError(t, err)
	require.Contains(t, all, "[SYN-SENT]", "a test that passes shows it too when asked to")
	require.Greater(t, strings.Count(all, "\n"), 400)
}

// Fifty goroutines take a ticket each at one instant: the order is the
// scheduler's, and the ticket is what they send.
func TestInnerOrder(t *testing.T) {
	onPurpose(t)
	bubble.Check(t, 20, func(t *testing.T, n *bubble.Network) {
		client, server := n.Pair(rtt100)
		echo(t, server)
		var tickets atomic.Int64
		var wg sync.WaitGroup
		conns := make([]net.Conn, 50)
		for i := range conns {
			var err error
			conns[i], err = client.Dial("tcp", "server:7")
			require.NoError(t, err)
		}
		for _, c := range conns {
			wg.Go(func() {
				for range rand.IntN(20) {
					runtime.Gosched()
				}
				fmt.Fprintf(c, "ticket %2d", tickets.Add(1))
			})
		}
		wg.Wait()
	})
}

func TestCheckNoticesThatTheOrderOfGoroutinesMatters(t *testing.T) {
	out := fails(t, "^TestInnerOrder$", nil)
	require.Contains(t, out, "has not the trace of the first")
	require.Regexp(t, `(?m)^ +- .*send\(\d+, "ticket`, out, "the first difference is a send")
	require.Contains(t, out, "Likely causes:")
	require.Contains(t, out, "GOMAXPROCS=1")
}

func TestInnerSweep(t *testing.T) {
	onPurpose(t)
	params := bubble.Params{
		RTT:   []time.Duration{time.Millisecond, 100 * time.Millisecond},
		Loss:  []link.Probability{0, link.Percent},
		Seeds: 3,
	}
	bubble.Sweep(t, params, func(t *testing.T, n *bubble.Network, p bubble.Point) {
		client, server := n.Pair(p.Link())
		echo(t, server)
		begin := time.Now()
		say(t, client, "hello")
		if time.Since(begin) > 100*time.Millisecond {
			t.Error("slow")
		}
	})
}

func TestSweepNamesItsPointsAndTablesFailures(t *testing.T) {
	out := fails(t, "^TestInnerSweep$", nil)
	require.Contains(t, out, "--- PASS: TestInnerSweep/rtt=1ms,loss=0%,seed=3")
	require.Contains(t, out, "--- FAIL: TestInnerSweep/rtt=100ms,loss=1%,seed=1")
	require.Contains(t, out, `go test -run '^TestInnerSweep$/^rtt=100ms,loss=1%,seed=1$' rstlab/netsim/bubble`)
	require.Regexp(t, `(?m)^ +0% +1%\n +1ms +0/3 +./3\n +100ms +3/3 +3/3$`, out)
	one := fails(t, "^TestInnerSweep$/^rtt=100ms,loss=1%,seed=1$", []string{"RSTLAB_SEED=99"})
	require.Contains(t, one, "seed 1;", "a point has the seed of its name")
}
