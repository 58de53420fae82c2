package bubble_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
)

func TestTLSHandshakeTakesOneRoundTripMore(t *testing.T) {
	replays(t, func(p *pair) {
		p.net.SeedCrypto()
		cert, roots := certificate(p.T)
		l := tls.NewListener(p.listen(p.server, ":443"), &tls.Config{Certificates: []tls.Certificate{cert}})
		go func() {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.Copy(c, c)
			c.Close()
		}()
		begin := time.Now()
		raw, err := p.client.Dial("tcp", "server:443")
		require.NoError(p, err)
		c := tls.Client(raw, &tls.Config{RootCAs: roots, ServerName: "server"})
		require.NoError(p, c.Handshake())
		p.since(begin, 2*rtt, "TCP's handshake and TLS 1.3's")
		_, err = io.WriteString(c, "hello")
		require.NoError(p, err)
		require.NoError(p, c.CloseWrite())
		all, err := io.ReadAll(c)
		require.NoError(p, err, "the end is authenticated: close_notify came before FIN")
		require.Equal(p, "hello", string(all))
		p.since(begin, 3*rtt, "a round trip for the echo")
		require.NoError(p, c.Close())
	})
}

func TestHTTP2OverTLSSharesOneConnection(t *testing.T) {
	// The server's HEADERS and DATA share a TLS record or not.
	alike(t, bubble.SameShape, func(p *pair) {
		p.net.SeedCrypto()
		cert, roots := certificate(p.T)
		s := &http.Server{
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}},
			Handler:   http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto+" "+r.RemoteAddr) }),
		}
		go s.ServeTLS(p.listen(p.server, ":443"), "", "")
		p.Cleanup(func() { s.Close() })
		c := p.http()
		tr := c.Transport.(*http.Transport)
		tr.TLSClientConfig, tr.ForceAttemptHTTP2 = &tls.Config{RootCAs: roots}, true
		begin := time.Now()
		_, first := p.get(c, "https://server/")
		p.since(begin, 3*rtt, "TCP, TLS, request")
		_, second := p.get(c, "https://server/")
		p.since(begin, 4*rtt, "request")
		require.Equal(p, first, second)
		require.Contains(p, first, "HTTP/2.0 10.0.0.1:")
	})
}

func TestHTTP2WithoutTLS(t *testing.T) {
	alike(t, bubble.SameVolume, func(p *pair) {
		var h2c http.Protocols
		h2c.SetUnencryptedHTTP2(true)
		p.serve(&http.Server{Protocols: &h2c, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			require.Equal(p, 2, r.ProtoMajor)
			time.Sleep(time.Second)
			io.Copy(w, r.Body)
		})})
		c := p.http()
		c.Transport.(*http.Transport).Protocols = &h2c
		begin := time.Now()
		for i := range 4 {
			// One after the other: requests at one instant would wait for the
			// transport's mutex.
			_, body := p.post(c, "http://server/", 1000*(i+1))
			require.Len(p, body, 1000*(i+1))
		}
		p.since(begin, 5*rtt+4*time.Second, "one handshake, four requests")
		dials := 0
		p.net.Do(func(n *netsim.Network) { dials = countCalls(n, "connect") })
		require.Equal(p, 1, dials)
	})
}
