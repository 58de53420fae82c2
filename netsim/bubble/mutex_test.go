package bubble_test

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
)

// HTTP/2 holds a mutex while it writes to a connection, and who waits for a mutex
// is not durably blocked: a Write that waits for the bubble to be idle would
// wait for ever.
func TestStreamsOfOneHTTP2ConnectionContendForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := bubble.New(t, bubble.Config{HashOnly: true, WriteAhead: 64 << 20})
		client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
		n.Link(client, server, netsim.LinkConfig{RTT: 20 * time.Millisecond})
		l, err := server.Listen("tcp", ":80")
		require.NoError(t, err)
		s := &http.Server{Protocols: new(http.Protocols), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(w, r.Body)
		})}
		s.Protocols.SetUnencryptedHTTP2(true)
		go s.Serve(l)
		tr := &http.Transport{DialContext: client.DialContext, Protocols: s.Protocols}
		c := &http.Client{Transport: tr}
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				body := bytes.Repeat([]byte{byte(i)}, 200_000)
				resp, err := c.Post("http://server/", "text/plain", bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				got, err := io.ReadAll(resp.Body)
				if err != nil || !bytes.Equal(got, body) {
					t.Errorf("got %d bytes: %v", len(got), err)
				}
			})
		}
		wg.Wait()
	})
}
