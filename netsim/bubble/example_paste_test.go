// This file is the test that the README asks its readers to paste: complete, and
// kept working here. Keep both alike.

package bubble_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rstlab/netsim/bubble"
)

// refuse answers an upload before it has read it, as servers do to bodies that are
// too large.
func refuse(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "too large", http.StatusRequestEntityTooLarge)
}

// The client is told why its upload is refused, however far away it is: this
// tests both programs, unmodified, on a production TCP, in virtual time.
func TestARefusedUploadIsAnswered(t *testing.T) {
	params := bubble.Params{
		RTT:   []time.Duration{time.Millisecond, 100 * time.Millisecond, 400 * time.Millisecond},
		Seeds: 2,
	}
	bubble.Sweep(t, params, func(t *testing.T, n *bubble.Network, p bubble.Point) {
		client, server := n.Pair(p.Link())
		l, err := server.Listen("tcp", ":80")
		if err != nil {
			t.Fatal(err)
		}
		go http.Serve(l, http.HandlerFunc(refuse)) // ends with the test

		c := &http.Client{Transport: &http.Transport{DialContext: client.DialContext}}
		body := strings.NewReader(strings.Repeat("x", 300<<10)) // 300 KiB
		resp, err := c.Post("http://server/upload", "text/plain", body)
		if err != nil {
			t.Fatalf("the answer was lost: %v", err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("status %v, want 413", resp.Status)
		}
	})
}
