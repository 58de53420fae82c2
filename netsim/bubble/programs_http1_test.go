package bubble_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func echoBody(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }

func TestHTTPKeepAliveSavesTheHandshake(t *testing.T) {
	replays(t, func(p *pair) {
		p.handle(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s %s", r.RemoteAddr, r.URL.Path) })
		c := p.http()
		begin := time.Now()
		_, first := p.get(c, "http://server/a")
		p.since(begin, 2*rtt, "handshake and request")
		_, second := p.get(c, "http://server/b")
		p.since(begin, 3*rtt, "the second request needs no handshake")
		require.Equal(p, strings.TrimSuffix(first, "a"), strings.TrimSuffix(second, "b"), "one connection")
	})
}

func TestHTTPRequestsInParallelGetConnectionsOfTheirOwn(t *testing.T) {
	replays(t, func(p *pair) {
		p.handle(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) })
		c, got := p.http(), make([]string, 8)
		done := make(chan struct{})
		begin := time.Now()
		for i := range got {
			go func() {
				defer func() { done <- struct{}{} }()
				if resp, err := c.Get(fmt.Sprintf("http://server/%d", i)); err == nil {
					body, _ := io.ReadAll(resp.Body)
					resp.Body.Close()
					got[i] = string(body)
				}
			}()
			time.Sleep(time.Microsecond) // goroutines that dial at one instant are alike
		}
		for range got {
			<-done
		}
		p.since(begin, 2*rtt+7*time.Microsecond, "all at once")
		require.Equal(p, []string{"/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7"}, got)
	})
}

func TestHTTPLargeBodiesPassBothWays(t *testing.T) {
	replays(t, func(p *pair) {
		p.handle(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Write(body)
		})
		_, body := p.post(p.http(), "http://server/", 300_000)
		require.Equal(p, text(300_000), body)
	})
}

func TestHTTPBodiesStreamBothWaysAtOnce(t *testing.T) {
	replays(t, func(p *pair) {
		p.handle(func(w http.ResponseWriter, r *http.Request) {
			require.NoError(p, http.NewResponseController(w).EnableFullDuplex())
			buf := make([]byte, 64)
			for {
				n, err := r.Body.Read(buf)
				w.Write(buf[:n])
				w.(http.Flusher).Flush()
				if err != nil {
					return
				}
			}
		})
		body, send := io.Pipe()
		begin := time.Now()
		go io.WriteString(send, "ping")
		resp, err := p.http().Post("http://server/", "text/plain", body)
		require.NoError(p, err)
		answer := make([]byte, 4)
		_, err = io.ReadFull(resp.Body, answer)
		require.NoError(p, err)
		p.since(begin, 2*rtt, "answered before the request has ended")
		io.WriteString(send, "pong")
		_, err = io.ReadFull(resp.Body, answer)
		require.NoError(p, err)
		require.Equal(p, "pong", string(answer))
		p.since(begin, 3*rtt, "one round trip more")
		send.Close()
		_, err = resp.Body.Read(answer)
		require.ErrorIs(p, err, io.EOF)
	})
}

func TestHTTPExpectContinueHoldsTheBodyBack(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		status  int
		sent    bool
		took    time.Duration
	}{
		"accepted": {echoBody, 200, true, 3 * rtt},
		"refused":  {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(417) }, 417, false, 2 * rtt},
	} {
		t.Run(name, func(t *testing.T) {
			replays(t, func(p *pair) {
				p.handle(c.handler)
				hc := p.http()
				hc.Transport.(*http.Transport).ExpectContinueTimeout = time.Second
				body := &counted{r: strings.NewReader("body")}
				req, err := http.NewRequest("POST", "http://server/", body)
				require.NoError(p, err)
				req.ContentLength = 4
				req.Header.Set("Expect", "100-continue")
				begin := time.Now()
				resp, err := hc.Do(req)
				require.NoError(p, err)
				p.since(begin, c.took, "a body that waits for 100 Continue costs one round trip")
				status, _ := p.read(resp)
				require.Equal(p, c.status, status)
				require.Equal(p, c.sent, body.n > 0)
			})
		})
	}
}

type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += n
	return n, err
}

func TestHTTPEarlyReplyArrivesWhileTheClientUploads(t *testing.T) {
	for _, status := range []int{http.StatusRequestEntityTooLarge, http.StatusServiceUnavailable} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			replays(t, func(p *pair) {
				p.handle(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", status) })
				begin := time.Now()
				got, body := p.post(p.http(), "http://server/", 1<<20)
				p.since(begin, 2*rtt, "the reply does not wait for the body")
				require.Equal(p, status, got)
				require.Equal(p, "no\n", body)
			})
		})
	}
}

func TestHTTPShutdownWaitsForTheRequestInFlight(t *testing.T) {
	replays(t, func(p *pair) {
		s := p.handle(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			io.WriteString(w, "done")
		})
		begin := time.Now()
		ended := make(chan time.Duration, 1)
		go func() {
			time.Sleep(500 * time.Millisecond)
			s.Shutdown(context.Background())
			ended <- time.Since(begin)
		}()
		status, body := p.get(p.http(), "http://server/")
		require.Equal(p, 200, status)
		require.Equal(p, "done", body)
		p.since(begin, 2*rtt+time.Second, "the handler's second and two round trips")
		require.GreaterOrEqual(p, <-ended, 1150*time.Millisecond, "the handler began at 150 ms")
		time.Sleep(3*time.Second - time.Since(begin)) // Shutdown polls, with jitter from math/rand
		_, err := p.http().Get("http://server/")
		require.ErrorContains(p, err, "connection refused")
	})
}
