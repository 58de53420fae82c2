package bubble_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/bubble"
)

// certificate is one for "server" that is valid when a bubble begins. What it is
// made of is random too: make it after SeedCrypto.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"server"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: bubbleStart.Add(-time.Hour), NotAfter: bubbleStart.Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// secretly sends a text to the server and back over TLS.
func secretly(t *testing.T, n *bubble.Network) {
	t.Helper()
	cert, roots := certificate(t)
	client, server := n.Pair(rtt100)
	l, err := server.Listen("tcp", ":443")
	require.NoError(t, err)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}})
		b := make([]byte, 100)
		if n, err := s.Read(b); err == nil {
			s.Write(b[:n])
		}
		s.Close()
	}()
	c, err := client.Dial("tcp", "server:443")
	require.NoError(t, err)
	s := tls.Client(c, &tls.Config{ServerName: "server", RootCAs: roots})
	exchange(t, s, "a secret")
	require.Equal(t, uint16(tls.VersionTLS13), s.ConnectionState().Version)
	require.NoError(t, s.Close())
}

func TestATLSSessionHasOneTraceWhenItsRandomnessIsSeeded(t *testing.T) {
	bubble.Check(t, 10, func(t *testing.T, n *bubble.Network) {
		n.SeedCrypto()
		secretly(t, n)
	})
}

func TestTheSeedDecidesAboutTheBytesOfTLS(t *testing.T) {
	hash := func(seed uint64) (hash string) {
		synctest.Test(t, func(t *testing.T) {
			n := bubble.New(t, bubble.Config{Seed: seed})
			n.SeedCrypto()
			secretly(t, n)
			hash = n.Hash()
		})
		return hash
	}
	require.NotEqual(t, hash(1), hash(2))
}

func TestInnerUnseededTLS(t *testing.T) {
	onPurpose(t)
	bubble.Check(t, 2, secretly)
}

func TestCheckTellsOfRandomnessInTLS(t *testing.T) {
	out := fails(t, "^TestInnerUnseededTLS$", nil)
	require.Contains(t, out, "SeedCrypto")
}
