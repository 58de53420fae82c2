package bubble_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// timeout is of every kind.
const timeout = time.Second

// closedAt reads from a plain connection until the server ends it.
func (p *pair) closedAt(request string) (reply string, after time.Duration) {
	begin := time.Now()
	c, err := p.client.Dial("tcp", "server:80")
	require.NoError(p, err)
	defer c.Close()
	_, err = io.WriteString(c, request)
	require.NoError(p, err)
	all, err := io.ReadAll(c)
	require.NoError(p, err)
	return string(all), time.Since(begin)
}

func TestHTTPServerTimeoutsEndConnectionsOnTime(t *testing.T) {
	for name, c := range map[string]struct {
		server  *http.Server
		request string
		after   time.Duration
	}{
		// The server accepts at 1 RTT less half: the client's ACK has to arrive.
		"ReadTimeout of a header":       {&http.Server{ReadTimeout: timeout}, "GET / HT", rtt + rtt/2 + timeout + rtt/2},
		"ReadHeaderTimeout of a header": {&http.Server{ReadHeaderTimeout: timeout}, "GET / HT", rtt + rtt/2 + timeout + rtt/2},
		"IdleTimeout":                   {&http.Server{IdleTimeout: timeout}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", rtt + rtt/2 + timeout + rtt/2},
		"ReadTimeout of a body":         {&http.Server{ReadTimeout: timeout}, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf", rtt + rtt/2 + timeout + rtt/2},
	} {
		t.Run(name, func(t *testing.T) {
			replays(t, func(p *pair) {
				s := &http.Server{
					ReadTimeout: c.server.ReadTimeout, ReadHeaderTimeout: c.server.ReadHeaderTimeout, IdleTimeout: c.server.IdleTimeout,
					Handler: http.HandlerFunc(echoBody),
				}
				p.serve(s)
				_, after := p.closedAt(c.request)
				require.Equal(p, c.after, after)
			})
		})
	}
}

func TestHTTPWriteTimeoutCutsTheReplyOff(t *testing.T) {
	replays(t, func(p *pair) {
		var at time.Duration
		begin := time.Now()
		failed := make(chan error, 1)
		p.serve(&http.Server{WriteTimeout: timeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := io.WriteString(w, text(16<<20))
			at = time.Since(begin)
			failed <- err
		})})
		c, err := p.client.Dial("tcp", "server:80") // which never reads
		require.NoError(p, err)
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		require.ErrorIs(p, <-failed, os.ErrDeadlineExceeded)
		require.Equal(p, rtt+rtt/2+timeout, at, "counted from the end of the request's header")
	})
}

func TestHTTPClientTimeoutsEndRequestsOnTime(t *testing.T) {
	slow := errors.New("too slow")
	for name, c := range map[string]struct {
		edit  func(*http.Client, *http.Transport)
		ctx   func() (context.Context, context.CancelFunc)
		after time.Duration
		is    error
	}{
		"Client.Timeout": {edit: func(c *http.Client, _ *http.Transport) { c.Timeout = timeout }, after: timeout, is: context.DeadlineExceeded},
		"ResponseHeaderTimeout": {
			edit:  func(_ *http.Client, tr *http.Transport) { tr.ResponseHeaderTimeout = timeout },
			after: rtt + timeout,
		},
		"context's deadline": {
			ctx: func() (context.Context, context.CancelFunc) {
				return context.WithTimeout(context.Background(), timeout)
			},
			after: timeout, is: context.DeadlineExceeded,
		},
		"context's cancellation": {
			ctx: func() (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancelCause(context.Background())
				time.AfterFunc(timeout, func() { cancel(slow) })
				return ctx, func() { cancel(nil) }
			},
			after: timeout, is: slow,
		},
	} {
		t.Run(name, func(t *testing.T) {
			replays(t, func(p *pair) {
				p.handle(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
				hc := p.http()
				if c.edit != nil {
					c.edit(hc, hc.Transport.(*http.Transport))
				}
				ctx := context.Background()
				if c.ctx != nil {
					var cancel context.CancelFunc
					ctx, cancel = c.ctx()
					defer cancel()
				}
				req, err := http.NewRequestWithContext(ctx, "GET", "http://server/", nil)
				require.NoError(p, err)
				begin := time.Now()
				_, err = hc.Do(req)
				require.Error(p, err)
				p.since(begin, c.after, err.Error())
				if c.is != nil {
					require.ErrorIs(p, err, c.is)
				}
			})
		})
	}
}

func TestDialTimesOutWhenNobodyAnswers(t *testing.T) {
	replays(t, func(p *pair) {
		p.net.Do(func(*netsim.Network) { p.link.Down() })
		hc := p.http()
		hc.Timeout = timeout
		begin := time.Now()
		_, err := hc.Get("http://server/")
		p.since(begin, timeout, "Client.Timeout covers the dial")
		var ne net.Error
		require.ErrorAs(p, err, &ne)
		require.True(p, ne.Timeout())
	})
}
