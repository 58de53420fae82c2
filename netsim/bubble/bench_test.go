package bubble_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
)

// cpuTime is the CPU time that the process has used.
func cpuTime(tb testing.TB) time.Duration {
	var u syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// inBubble runs f in a bubble. A benchmark has no T to give to synctest.Test, so
// it takes one from a test run of its own. That is repeated for each value of -cpu,
// of which the benchmark's own counts, and as often as -count says.
func inBubble(tb testing.TB, f func(t *testing.T)) {
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	ran := false
	ok := testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{
		Name: "bubble", F: func(t *testing.T) {
			if !ran && runtime.GOMAXPROCS(0) == procs {
				ran = true
				synctest.Test(t, f)
			}
		},
	}})
	require.True(tb, ok)
}

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }

// keepAlive makes count requests one after the other and returns their CPU time.
func keepAlive(tb testing.TB, c *http.Client, url string, count int) time.Duration {
	_, err := get(c, url)
	require.NoError(tb, err)
	begin := cpuTime(tb)
	for range count {
		body, err := get(c, url)
		if err != nil || body != "hello" {
			tb.Fatalf("got %q, %v", body, err)
		}
	}
	return cpuTime(tb) - begin
}

// BenchmarkHTTPAgainstLoopback makes keep-alive HTTP requests in a bubble and over
// the loopback interface of this machine, in turn, and reports the CPU time of
// a request and the ratio.
func BenchmarkHTTPAgainstLoopback(b *testing.B) {
	const count = 2000
	var sim, real time.Duration
	runs := 0
	for b.Loop() {
		runs += count
		inBubble(b, func(t *testing.T) {
			n := bubble.New(t, bubble.Config{HashOnly: true})
			client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
			n.Link(client, server, netsim.LinkConfig{RTT: time.Millisecond})
			serveHTTP(t, server, hello)
			c := clientOn(client)
			sim += keepAlive(t, c, "http://server/", count)
			c.CloseIdleConnections()
		})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(b, err)
		s := &http.Server{Handler: http.HandlerFunc(hello)}
		go s.Serve(l)
		c := &http.Client{Transport: &http.Transport{}}
		real += keepAlive(b, c, "http://"+l.Addr().String()+"/", count)
		c.CloseIdleConnections()
		s.Close()
	}
	b.ReportMetric(float64(sim.Nanoseconds())/float64(runs), "bubble-cpu-ns/request")
	b.ReportMetric(float64(real.Nanoseconds())/float64(runs), "loopback-cpu-ns/request")
	b.ReportMetric(float64(sim)/float64(real), "bubble/loopback")
}

// idleConns opens count HTTP connections that then stay idle.
func idleConns(t *testing.T, client *bubble.Host, count int) *http.Client {
	tr := &http.Transport{DialContext: client.DialContext, MaxIdleConns: count, MaxIdleConnsPerHost: count}
	t.Cleanup(tr.CloseIdleConnections)
	c := &http.Client{Transport: tr}
	var wg sync.WaitGroup
	for i := range count {
		wg.Go(func() {
			// All at once are more than the 4096 that a listener's backlog holds.
			time.Sleep(time.Duration(i) * 10 * time.Microsecond)
			if body, err := get(c, "http://server/"); err != nil || body != "hello" {
				t.Errorf("got %q, %v", body, err)
			}
		})
	}
	wg.Wait()
	return c
}

// BenchmarkIdle is the CPU time of a request beside idle keep-alive connections.
func BenchmarkIdle(b *testing.B) {
	for _, idle := range []int{10, 10_000} {
		b.Run(fmt.Sprint(idle), func(b *testing.B) {
			var cpu time.Duration
			inBubble(b, func(t *testing.T) {
				n := bubble.New(t, bubble.Config{HashOnly: true})
				client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
				n.Link(client, server, netsim.LinkConfig{RTT: time.Millisecond})
				serveHTTP(t, server, hello)
				idleConns(t, client, idle)
				c := clientOn(client)
				defer c.CloseIdleConnections()
				cpu = keepAlive(t, c, "http://server/", b.N)
			})
			b.ReportMetric(float64(cpu.Nanoseconds())/float64(b.N), "cpu-ns/request")
		})
	}
}

func TestTenThousandConcurrentConnectionsInOneBubble(t *testing.T) {
	count := 10_000
	if testing.Short() {
		count = 500
	}
	begin := time.Now()
	synctest.Test(t, func(t *testing.T) {
		n := bubble.New(t, bubble.Config{HashOnly: true})
		client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
		n.Link(client, server, netsim.LinkConfig{RTT: time.Millisecond})
		serveHTTP(t, server, hello)
		idleConns(t, client, count)
		t.Logf("%d connections: %+v", count, n.Sim().Stats())
	})
	t.Logf("in %v of real time", time.Since(begin))
}
