package bubble_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
	"rstlab/netsim/trace"
)

// pairOf is a network of two hosts, 20 ms apart.
func pairOf(t *testing.T) (n *bubble.Network, client, server *bubble.Host) {
	n = bubble.New(t, bubble.Config{})
	client, server = n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
	n.Link(client, server, netsim.LinkConfig{RTT: 20 * time.Millisecond})
	return n, client, server
}

// oneHash runs f in fresh bubbles, also with several GOMAXPROCS, and demands the
// same trace of all.
func oneHash(t *testing.T, runs int, procs []int, f func(t *testing.T) string) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	want := ""
	for _, p := range procs {
		runtime.GOMAXPROCS(p)
		for run := range runs {
			synctest.Test(t, func(t *testing.T) {
				got := f(t)
				if want == "" {
					want = got
				}
				require.Equal(t, want, got, "run %d with GOMAXPROCS=%d", run, p)
			})
			if t.Failed() {
				return
			}
		}
	}
}

func serveHTTP(t *testing.T, server *bubble.Host, f http.HandlerFunc) {
	l, err := server.Listen("tcp", ":80")
	require.NoError(t, err)
	s := &http.Server{Handler: f}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
}

func get(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func clientOn(h *bubble.Host) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: h.DialContext}}
}

func TestTheSchedulerCannotChangeTheTraceOf50ConcurrentHTTPClients(t *testing.T) {
	oneHash(t, 10, []int{1, 2, 8}, func(t *testing.T) string {
		n, client, server := pairOf(t)
		serveHTTP(t, server, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello") })
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				c := clientOn(client)
				defer c.CloseIdleConnections()
				for range 3 {
					body, err := get(c, "http://server/")
					if err != nil || body != "hello" {
						t.Errorf("got %q, %v", body, err)
					}
				}
			})
		}
		wg.Wait()
		return n.Hash()
	})
}

func TestAThousandRunsOfTwoHostsGiveOneTrace(t *testing.T) {
	runs := 500
	if testing.Short() {
		runs = 50
	}
	oneHash(t, runs, []int{1, 2}, func(t *testing.T) string {
		n, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		go func() {
			c, err := l.Accept()
			if err == nil {
				io.Copy(c, c)
				c.Close()
			}
		}()
		c, err := client.Dial("tcp", "server:80")
		require.NoError(t, err)
		go c.Write([]byte("hello"))
		require.NoError(t, c.SetReadDeadline(time.Now().Add(time.Second)))
		_, err = io.ReadFull(c, make([]byte, 5))
		require.NoError(t, err)
		require.NoError(t, c.Close())
		time.Sleep(time.Second)
		return n.Hash()
	})
}

func TestClosingInMapOrderGivesOneTrace(t *testing.T) {
	oneHash(t, 10, []int{1, 2, 8}, func(t *testing.T) string {
		n, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		conns := map[net.Conn]bool{}
		for range 50 {
			c, err := client.Dial("tcp", "server:80")
			require.NoError(t, err)
			_, err = l.Accept()
			require.NoError(t, err)
			conns[c] = true
		}
		for c := range conns {
			require.NoError(t, c.Close())
		}
		time.Sleep(time.Second)
		return n.Hash()
	})
}

func TestLabelsOrderDialsThatDifferLater(t *testing.T) {
	oneHash(t, 10, []int{1, 2, 8}, func(t *testing.T) string {
		n, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go io.Copy(io.Discard, c)
			}
		}()
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				ctx := bubble.WithLabel(t.Context(), fmt.Sprintf("worker-%02d", i))
				c, err := client.DialContext(ctx, "tcp", "server:80")
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Fprintf(c, "I am worker %d", i)
				c.Close()
			})
		}
		wg.Wait()
		n.Wait()
		for _, e := range n.Sim().Trace().Events {
			if e.Kind == trace.Call && e.Op == "send" {
				require.Contains(t, e.Proc, "worker-", "later calls have the label of the dial")
			}
		}
		return n.Hash()
	})
}

func TestWaitWaitsForEverybodyAtThisInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, client, server := pairOf(t)
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		dialled := false
		go func() {
			client.Dial("tcp", "server:80")
			dialled = true
		}()
		_, err = l.Accept()
		require.NoError(t, err)
		begin := time.Now()
		require.False(t, dialled && begin.IsZero())
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(n.Wait)
		}
		wg.Wait()
		require.True(t, dialled, "the client's handshake ended before the server's")
		require.Equal(t, begin, time.Now())
	})
}
