package bubble_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// writeThenRead is a client that reads its reply only when it has written its
// whole request, as simple clients do in other languages: blocking, on one
// thread. With readAnyway it reads also when a write has failed.
func writeThenRead(readAnyway bool) func(*pair) error {
	return func(p *pair) error {
		c, err := p.client.Dial("tcp", "server:80")
		if err != nil {
			return err
		}
		defer c.Close()
		req, err := http.NewRequest("POST", "http://server/", &io.LimitedReader{R: zeros{}, N: upload})
		require.NoError(p, err)
		req.ContentLength = upload
		if err := req.Write(c); err != nil && !readAnyway {
			return err
		}
		resp, err := http.ReadResponse(bufio.NewReader(c), req)
		if err != nil {
			return err
		}
		_, err = io.ReadAll(resp.Body)
		return err
	}
}

// fewer is all of the values, or with -short the first.
func fewer(values ...time.Duration) []time.Duration {
	if testing.Short() {
		return values[:1]
	}
	return values
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// Its request does not fit into the buffers, so that it is still writing when the
// RST comes: the reply is there by then, and it does not look.
func TestAClientThatWritesBeforeItReadsLosesEveryEarlyReply(t *testing.T) {
	servers := map[string]func(*pair){
		"net/http": early(0),
	}
	for _, d := range []time.Duration{0, 1, time.Second, time.Minute} {
		servers["closes after "+d.String()] = raw(func(c net.Conn) {
			reply413(c, "Connection: close\r\n", 1000)
			time.Sleep(d)
		})
	}
	rtts := fewer(time.Millisecond, 100*time.Millisecond, 900*time.Millisecond)
	for _, rtt := range rtts {
		require.True(t, attempt{rtt, lingering(1000, 0), writeThenRead(false)}.received(t),
			"remedy of the server: shutdown, read to the end, close. RTT %v", rtt)
	}
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			for _, rtt := range rtts {
				require.False(t, attempt{rtt, server, writeThenRead(false)}.received(t), "RTT %v", rtt)
				require.True(t, attempt{rtt, server, writeThenRead(true)}.received(t),
					"remedy of the client: read when a write has failed; what came before the RST is there. RTT %v", rtt)
			}
		})
	}
}
