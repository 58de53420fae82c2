package bubble_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/bubble"
)

// twoTimers is a program with two timers for one instant, which write to one
// connection. The order of timers of one instant is drawn by lot in a bubble.
func twoTimers(t *testing.T, n *bubble.Network) {
	client, server := n.Pair(rtt100)
	echo(t, server)
	c, err := client.Dial("tcp", "server:7")
	require.NoError(t, err)
	for _, text := range []string{"A", "B"} {
		time.AfterFunc(time.Second, func() { io.WriteString(c, text) })
	}
	_, err = io.ReadFull(c, make([]byte, 2))
	require.NoError(t, err)
}

func TestInnerTwoTimers(t *testing.T) {
	onPurpose(t)
	bubble.CheckWith(t, bubble.CheckConfig{Runs: 50, OneProcessor: true}, twoTimers)
}

func TestTimersOfOneInstantHaveNoOrderNotEvenOnOneProcessor(t *testing.T) {
	out := fails(t, "^TestInnerTwoTimers$", nil)
	require.Contains(t, out, "of 50 has not the trace of the first")
	require.Regexp(t, `(?m)^ +- .*send\(\d+, "[AB]", 1\)`, out)
	bubble.CheckWith(t, bubble.CheckConfig{Runs: 50, Same: bubble.SameVolume}, twoTimers)
}

// twoGoroutines writes from two goroutines to one connection at one instant, in a
// write each or the second in two.
func twoGoroutines(t *testing.T, n *bubble.Network) {
	client, server := n.Pair(rtt100)
	echo(t, server)
	c, err := client.Dial("tcp", "server:7")
	require.NoError(t, err)
	go io.WriteString(c, "first")
	go func() {
		io.WriteString(c, "sec")
		io.WriteString(c, "ond")
	}()
	_, err = io.ReadFull(c, make([]byte, len("firstsecond")))
	require.NoError(t, err)
}

func TestGoroutinesThatWriteAtOneInstantHaveOneVolumeAndOnOneProcessorOneTrace(t *testing.T) {
	bubble.CheckWith(t, bubble.CheckConfig{Runs: 50, Same: bubble.SameVolume}, twoGoroutines)
	if !raceDetector {
		bubble.CheckWith(t, bubble.CheckConfig{Runs: 50, OneProcessor: true}, twoGoroutines)
	}
}

// drawn is a program that does something else in each run, as a program does that
// draws lots: f is told the number of the run.
func drawn(t *testing.T, same bubble.Likeness, f func(c net.Conn, run int)) {
	onPurpose(t)
	run := 0
	bubble.CheckWith(t, bubble.CheckConfig{Runs: 3, Same: same}, func(t *testing.T, n *bubble.Network) {
		client, server := n.Pair(rtt100)
		echo(t, server)
		c, err := client.Dial("tcp", "server:7")
		require.NoError(t, err)
		run++
		f(c, run)
		time.Sleep(time.Second)
	})
}

func TestInnerOtherVolume(t *testing.T) {
	drawn(t, bubble.SameVolume, func(c net.Conn, run int) { io.WriteString(c, text(run)) })
}

func TestInnerOtherTime(t *testing.T) {
	drawn(t, bubble.SameShape, func(c net.Conn, run int) {
		time.Sleep(time.Duration(run) * time.Nanosecond)
		io.WriteString(c, "hello")
	})
}

func TestInnerOtherEnd(t *testing.T) {
	drawn(t, bubble.SameShape, func(c net.Conn, run int) {
		io.WriteString(c, "hello")
		if run == 3 {
			require.NoError(t, c.(bubble.Conn).SetLinger(0))
		}
		c.Close()
	})
}

func TestInnerOtherCall(t *testing.T) {
	drawn(t, bubble.SameShape, func(c net.Conn, run int) {
		if run == 2 {
			c.SetReadDeadline(time.Now().Add(time.Millisecond))
			c.Read(make([]byte, 1))
		}
	})
}

func TestChecksOfVolumeAndShapeFindWhatDiffers(t *testing.T) {
	for name, want := range map[string]string{
		"TestInnerOtherVolume": `run 2 of 3 has not the volume of the first (?s:.*)is 100ms:(?s:.*)` +
			`- 100ms client: 10\.0\.0\.1:\d+ > 10\.0\.0\.2:7 data, 1 bytes\n +\+ 100ms client: .* data, 2 bytes`,
		"TestInnerOtherTime": `run 2 of 3 has not the shape of the first (?s:.*)is 100\.000001ms:(?s:.*)- 100\.000001ms client: .* data\n`,
		"TestInnerOtherEnd":  `run 3 of 3 has not the shape of the first (?s:.*)is 100ms:(?s:.*)\+ 100ms client: .* > .* data RST\n`,
		"TestInnerOtherCall": `run 2 of 3 has not the shape of the first (?s:.*)is 101ms:(?s:.*)\+ 101ms client: recv\(3\) = EAGAIN\n`,
	} {
		t.Run(name, func(t *testing.T) {
			require.Regexp(t, want, fails(t, "^"+name+"$", nil))
		})
	}
}

func TestInnerNothingToCompare(t *testing.T) {
	onPurpose(t)
	unused := func(*testing.T, *bubble.Network) { panic("not called") }
	bubble.Check(t, 1, unused)
	bubble.CheckWith(t, bubble.CheckConfig{Runs: 2, Config: bubble.Config{HashOnly: true}}, unused)
	bubble.CheckWith(t, bubble.CheckConfig{Runs: 2, Same: 7}, unused)
}

func TestCheckRefusesWhatItCannotCompare(t *testing.T) {
	out := fails(t, "^TestInnerNothingToCompare$", nil)
	require.Contains(t, out, "Check of 1 runs: want at least 2")
	require.Contains(t, out, "HashOnly is set")
	require.Contains(t, out, "CheckConfig.Same is 7: want SameTrace, SameVolume or SameShape")
}

func TestCheckGivesItsConfigurationToEveryNetwork(t *testing.T) {
	hashes := map[string]int{}
	for _, seed := range []uint64{5, 6} {
		bubble.CheckWith(t, bubble.CheckConfig{Runs: 3, Config: bubble.Config{Seed: seed}}, func(t *testing.T, n *bubble.Network) {
			client, server := n.Pair(rtt100)
			echo(t, server)
			say(t, client, "hello")
			hashes[n.Hash()]++
		})
	}
	require.Len(t, hashes, 2, "ports and sequence numbers follow the seed")
}
