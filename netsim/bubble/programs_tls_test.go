package bubble_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net/http"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// identity is a certificate for "server" that is valid at the bubble's date, in
// the year 2000.
type identity struct {
	cert tls.Certificate
	pool *x509.CertPool
}

func newIdentity(t *testing.T) identity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "server"}, DNSNames: []string{"server"},
		NotBefore: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	id := identity{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: parsed}, x509.NewCertPool()}
	id.pool.AddCert(parsed)
	return id
}

// replaysTLS is replays, or without compare repeats, with the randomness of
// crypto/... made the same in each run.
func replaysTLS(t *testing.T, compare bool, f func(*pair, identity)) {
	var first string
	for i := range runs {
		t.Run("run", func(t *testing.T) {
			cryptotest.SetGlobalRandom(t, 1)
			id := newIdentity(t)
			synctest.Test(t, func(t *testing.T) {
				p := newPair(t, rtt)
				f(p, id)
				hash := p.net.Hash()
				if i == 0 || !compare {
					first = hash
				}
				require.Equal(t, first, hash, "run %d gave another trace than the first", i+1)
			})
		})
	}
}

func TestTLSHandshakeTakesOneRoundTripMore(t *testing.T) {
	replaysTLS(t, true, func(p *pair, id identity) {
		l := tls.NewListener(p.listen(p.server, ":443"), &tls.Config{Certificates: []tls.Certificate{id.cert}})
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
		c := tls.Client(raw, &tls.Config{RootCAs: id.pool, ServerName: "server"})
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
	replaysTLS(t, false, func(p *pair, id identity) {
		s := &http.Server{
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{id.cert}},
			Handler:   http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto+" "+r.RemoteAddr) }),
		}
		go s.ServeTLS(p.listen(p.server, ":443"), "", "")
		p.Cleanup(func() { s.Close() })
		c := p.http()
		tr := c.Transport.(*http.Transport)
		tr.TLSClientConfig, tr.ForceAttemptHTTP2 = &tls.Config{RootCAs: id.pool}, true
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
	repeats(t, func(p *pair) {
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
