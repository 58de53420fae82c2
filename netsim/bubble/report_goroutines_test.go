package bubble_test

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/bubble"
)

func TestInnerLeak(t *testing.T) {
	onPurpose(t)
	synctest.Test(t, func(t *testing.T) {
		_, client, server := bubble.Pair(t, bubble.Config{}, rtt100)
		echo(t, server)
		say(t, client, "hello")
		forgotten := make(chan int)
		go leakyWorker(forgotten)
	})
}

func leakyWorker(work chan int) { <-work }

func TestAGoroutineThatOutlivesTheNetworkIsNamed(t *testing.T) {
	out, err := runOnPurpose(t, "^TestInnerLeak$", nil)
	require.Error(t, err)
	require.Regexp(t, `goroutine \d+ \[chan receive\] at rstlab/netsim/bubble_test.leakyWorker \(report_goroutines_test.go:\d+\), started by .*TestInnerLeak`, out)
	require.Contains(t, out, "bubble: 1 goroutines have not ended", "servers and connections end by themselves")
}

func TestInnerDeadlock(t *testing.T) {
	onPurpose(t)
	synctest.Test(t, func(t *testing.T) {
		_, client, server := bubble.Pair(t, bubble.Config{Horizon: time.Hour}, rtt100)
		echo(t, server)
		c := dial(t, client)
		waitForAnAnswer(c)
	})
}

func waitForAnAnswer(c net.Conn) { c.Read(make([]byte, 1)) }

func TestADeadlockNamesCallsSocketsAndPlacesInTheProgram(t *testing.T) {
	out := fails(t, "^TestInnerDeadlock$", nil)
	require.Regexp(t, `client: read 10\.0\.0\.1:\d+ > 10\.0\.0\.2:7 ESTABLISHED, since 100ms`, out)
	require.Regexp(t, `server: accept .*:7`, out)
	require.Regexp(t, `goroutine \d+ \[chan receive\] at rstlab/netsim/bubble_test.waitForAnAnswer \(report_goroutines_test.go:\d+\), in \(\*conn\).Read`, out)
}

func TestAGoroutineThatSleepsAMomentAfterTheEndIsNoLeak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, client, server := bubble.Pair(t, bubble.Config{}, rtt100)
		echo(t, server)
		c := dial(t, client)
		go func() {
			c.Read(make([]byte, 1)) // until the network ends
			time.Sleep(500 * time.Millisecond)
		}()
	})
}
