package bubble_test

import (
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
)

var rtt100 = netsim.LinkConfig{RTT: 100 * time.Millisecond}

// echo serves every connection to host:7 until the network ends.
func echo(t *testing.T, h *bubble.Host) {
	t.Helper()
	l, err := h.Listen("tcp", ":7")
	require.NoError(t, err)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(c, c)
				c.Close()
			}()
		}
	}()
}

// say sends a text to server:7 and wants it back.
func say(t *testing.T, client *bubble.Host, text string) {
	t.Helper()
	c, err := client.Dial("tcp", "server:7")
	require.NoError(t, err)
	_, err = c.Write([]byte(text))
	require.NoError(t, err)
	_, err = io.ReadFull(c, make([]byte, len(text)))
	require.NoError(t, err)
	require.NoError(t, c.Close())
}

func TestCheckFindsOneTrace(t *testing.T) {
	runs := 0
	bubble.Check(t, 5, func(t *testing.T, n *bubble.Network) {
		runs++
		client, server := n.Pair(rtt100)
		echo(t, server)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { say(t, client, "the same from all") })
		}
		wg.Wait()
	})
	require.Equal(t, 5, runs)
}
