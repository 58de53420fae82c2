package explore_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/explore"
)

// update rewrites the pictures. It is for people, never for CI.
var update = flag.Bool("update", false, "rewrite the pictures")

// pictures are the diagrams of the documentation.
var pictures = []struct {
	file, scenario, x, y string
	stack                string // "" is what the scenario says: netstack
}{
	{"close-before-request", "reply-503/close-before-request", "rtt=1ms..501ms/250", "pause=0s..500ms/250", ""},
	{"close-before-request-linux", "reply-503/close-before-request", "rtt=1ms..501ms/250", "pause=0s..500ms/250", "linux"},
	{"close-after-request", "reply-503/close-after-request", "think=0s..200ms/200", "work=1ms..201ms/200", ""},
	{"shutdown-first", "reply-503/shutdown-first", "gap=0s..300ms/200", "pause=0s..500ms/200", ""},
	{"rst-overtakes-reply", "reply-503/rst-overtakes-reply", "rtt=1ms..401ms/200", "late=0s..500ms/200", ""},
	{"read-request-first", "reply-503/read-request-first", "gap=0s..300ms/200", "work=0s..200ms/200", ""},
	{"reply-lost", "reply-503/reply-lost", "think=0s..2s/200", "work=1ms..1s/200", ""},
	{"lingering-close", "reply-503/lingering-close", "rtt=1ms..301ms/120", "time=1ms..1001ms/120", ""},
	{"lingering-close-linux", "reply-503/lingering-close", "rtt=1ms..301ms/120", "time=1ms..1001ms/120", "linux"},
	{"injected-on-path", "rst/injected-on-path", "react=0s..300ms/200", "work=0s..300ms/200", ""},
	{"injected-on-path-windows", "rst/injected-on-path", "react=0s..300ms/200", "work=0s..300ms/200", "windows"},
	{"primes-early-error", "close-unread/primes-early-error", "gap=0s..50ms/200", "work=0s..50ms/200", ""},
	{"primes-early-error-linux", "close-unread/primes-early-error", "gap=0s..50ms/200", "work=0s..50ms/200", "linux"},
	{"primes-early-error-windows", "close-unread/primes-early-error", "gap=0s..50ms/200", "work=0s..50ms/200", "windows"},
}

func TestPicturesAreThoseOfTheDocumentation(t *testing.T) {
	if testing.Short() && !*update {
		t.Skip("20,000 runs")
	}
	for _, p := range pictures {
		search := phase(t, p.scenario, p.x, p.y, nil)
		if p.stack != "" {
			search.Stacks = map[string]string{"": p.stack}
		}
		d, err := search.Run(t.Context(), explore.Options{})
		require.NoError(t, err)
		var svg bytes.Buffer
		require.NoError(t, d.WriteSVG(&svg))
		file := "pictures/" + p.file + ".svg"
		if *update {
			require.NoError(t, os.WriteFile(file, svg.Bytes(), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, svg.Bytes()), "%s shows something else now; look at it after go test ./cases/explore -run Pictures -update", file)
	}
}
