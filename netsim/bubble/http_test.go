package bubble_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/bubble"
)

func TestHTTPServerAndClientRunUnmodified(t *testing.T) {
	for range 3 {
		synctest.Test(t, func(t *testing.T) {
			n := bubble.New(t, bubble.Config{})
			client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
			n.Link(client, server, netsim.LinkConfig{RTT: 100 * time.Millisecond})
			l, err := server.Listen("tcp", ":80")
			require.NoError(t, err)
			s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintf(w, "hello %s", r.URL.Path)
			})}
			go s.Serve(l)
			c := &http.Client{Transport: &http.Transport{DialContext: client.DialContext}}
			begin := time.Now()
			resp, err := c.Get("http://server/x")
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Equal(t, "hello /x", string(body))
			require.Equal(t, 200*time.Millisecond, time.Since(begin))
			t.Log(n.Hash())
		})
	}
}
