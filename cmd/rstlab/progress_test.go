package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// screenful is a progress on a terminal of that width, whose clock the test sets.
func screenful(width int) (p *progress, shown *bytes.Buffer, now *time.Time) {
	shown, now = &bytes.Buffer{}, &time.Time{}
	return &progress{to: shown, what: "sweep", width: width, now: func() time.Time { return *now }}, shown, now
}

// lastLine is what stands on the terminal.
func lastLine(shown *bytes.Buffer) string {
	text := shown.String()
	return strings.TrimRight(text[strings.LastIndex(text, "\r")+1:], " ")
}

func TestProgressShowsRateAndWhatIsLeft(t *testing.T) {
	p, shown, now := screenful(80)
	p.show(0, 1000)
	require.Equal(t, "sweep: 0 of 1000, 0%", lastLine(shown))
	for i := range int64(50) {
		*now = now.Add(100 * time.Millisecond)
		p.show(10*(i+1), 1000)
	}
	require.Equal(t, "sweep: 500 of 1000, 50%, 100 runs/s, 5s left", lastLine(shown))
	before := shown.Len()
	p.show(501, 1000)
	require.Equal(t, before, shown.Len(), "not again so soon")
	p.end()
	require.Empty(t, lastLine(shown), "it leaves nothing behind")
}

func TestProgressGoesOnWhenMoreComesUp(t *testing.T) {
	p, shown, now := screenful(80)
	for _, c := range []struct {
		done, total int64
		want        string
	}{
		{0, 10, "sweep: 0 of 10, 0%"},
		{10, 10, "sweep: 10, 10 runs/s"},
		{12, 30, "sweep: 12 of 30, 40%, 6.0 runs/s, 3s left"},
	} {
		p.show(c.done, c.total)
		require.Equal(t, c.want, lastLine(shown))
		*now = now.Add(time.Second)
	}
}

func TestProgressTakesTheRateOfTheLastSeconds(t *testing.T) {
	p, shown, now := screenful(80)
	p.show(0, 1e6)
	*now = now.Add(100 * time.Millisecond)
	p.show(500_000, 1e6) // known from an earlier search
	for i := range int64(60) {
		*now = now.Add(100 * time.Millisecond)
		p.show(500_000+i+1, 1e6)
	}
	require.Contains(t, lastLine(shown), ", 10 runs/s, ")
}

func TestProgressStaysOnOneLine(t *testing.T) {
	p, shown, now := screenful(30)
	p.show(0, 123_456_789)
	*now = now.Add(time.Second)
	p.show(23_456_789, 123_456_789)
	require.Equal(t, "sweep: 23456789 of 123456789,", lastLine(shown))
}

func TestProgressIsSilentWithoutATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, "sweep")
	p.show(1, 2)
	p.end()
	require.Empty(t, out.String())
}
