package bubble_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
	"rstlab/netsim/trace"
)

// rtt is the round trip time of a pair, unless a test is about another.
const rtt = 100 * time.Millisecond

// runs is how often a program is replayed.
const runs = 5

// pair is a client and a server joined by one link, in a bubble.
type pair struct {
	*testing.T
	net            *bubble.Network
	client, server *bubble.Host
	link           *netsim.Link
}

// newPair makes a pair in the bubble that it is called in.
func newPair(t *testing.T, rtt time.Duration) *pair {
	// A bubble ends only when its goroutines have: net/http's server sleeps 500 ms
	// before it closes some connections.
	t.Cleanup(func() { time.Sleep(time.Hour) })
	return pairOn(t, bubble.New(t, bubble.Config{}), rtt)
}

func pairOn(t *testing.T, n *bubble.Network, rtt time.Duration) *pair {
	p := &pair{T: t, net: n, client: n.Host("client", netsim.HostConfig{}), server: n.Host("server", netsim.HostConfig{})}
	p.link = n.Link(p.client, p.server, netsim.LinkConfig{RTT: rtt})
	return p
}

// replays runs a program on a pair again and again and requires one trace.
func replays(t *testing.T, f func(*pair)) {
	t.Helper()
	bubble.Check(t, runs, func(t *testing.T, n *bubble.Network) {
		p := pairOn(t, n, rtt)
		p.quiet()
		f(p)
		time.Sleep(time.Second) // nor is a connection closed that net/http is about to keep
	})
}

// alikeRuns is how often a program is run whose goroutines the scheduler can
// reorder.
const alikeRuns = 30

// alike is replays for programs whose frames at one instant come in the order of
// their goroutines: HTTP/2 and gRPC. What they have in common in every run is the
// given likeness; on one processor it is the trace, but for the race detector's
// random scheduler.
func alike(t *testing.T, same bubble.Likeness, f func(*pair)) {
	for _, cfg := range []bubble.CheckConfig{
		{Runs: alikeRuns, Same: same},
		{Runs: alikeRuns, OneProcessor: true},
	} {
		name := "the same " + cfg.Same.String()
		if cfg.OneProcessor {
			name += " on one processor"
			if raceDetector {
				cfg.Same = same
			}
		}
		t.Run(name, func(t *testing.T) { alikeWith(t, cfg, f) })
	}
}

func alikeWith(t *testing.T, cfg bubble.CheckConfig, f func(*pair)) {
	bubble.CheckWith(t, cfg, func(t *testing.T, n *bubble.Network) {
		p := pairOn(t, n, rtt)
		p.quiet()
		f(p)
		time.Sleep(time.Second) // nor is a connection closed that net/http is about to keep
	})
}

// quiet lets the program come to rest before what was set up until now is torn
// down: gRPC chooses by select between what it has still to send and its end.
func (p *pair) quiet() { p.Cleanup(func() { time.Sleep(time.Second) }) }

// listen listens on a host.
func (p *pair) listen(h *bubble.Host, address string) net.Listener {
	l, err := h.Listen("tcp", address)
	require.NoError(p, err)
	return l
}

// serve runs an HTTP server on port 80 of the server until the test ends.
func (p *pair) serve(s *http.Server) *http.Server {
	go s.Serve(p.listen(p.server, ":80"))
	p.Cleanup(func() { s.Close() })
	return s
}

// handle is serve with nothing but a handler.
func (p *pair) handle(h http.HandlerFunc) *http.Server { return p.serve(&http.Server{Handler: h}) }

// transport is an HTTP transport that dials from a host.
func (p *pair) transport(h *bubble.Host) *http.Transport {
	tr := &http.Transport{DialContext: h.DialContext}
	p.Cleanup(tr.CloseIdleConnections)
	return tr
}

// http is an HTTP client on the client.
func (p *pair) http() *http.Client { return &http.Client{Transport: p.transport(p.client)} }

// get makes a request with c and returns the status and the body.
func (p *pair) get(c *http.Client, url string) (int, string) {
	resp, err := c.Get(url)
	require.NoError(p, err)
	return p.read(resp)
}

// post is get with a request body of n bytes.
func (p *pair) post(c *http.Client, url string, n int) (int, string) {
	resp, err := c.Post(url, "text/plain", strings.NewReader(text(n)))
	require.NoError(p, err)
	return p.read(resp)
}

func (p *pair) read(resp *http.Response) (int, string) {
	body, err := io.ReadAll(resp.Body)
	require.NoError(p, err)
	require.NoError(p, resp.Body.Close())
	return resp.StatusCode, string(body)
}

// text is n bytes, none of which is like its neighbours.
func text(n int) string {
	return strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz.", n/37+1)[:n]
}

// since requires the virtual time since begin to be exactly want.
func (p *pair) since(begin time.Time, want time.Duration, why string) {
	p.Helper()
	require.Equal(p, want, time.Since(begin), why)
}

// countCalls is how often an operation was begun, on any host.
func countCalls(n *netsim.Network, op string) (count int) {
	for _, e := range n.Trace().Events {
		if e.Kind == trace.Call && e.Op == op {
			count++
		}
	}
	return count
}
