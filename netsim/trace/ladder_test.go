package trace

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
)

func ladderOf(t *testing.T, tr *Trace, opt LadderOptions) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Ladder(&b, tr, opt))
	return b.String()
}

func TestLadderOfCloseRace(t *testing.T) {
	got := ladderOf(t, closeRace(), LadderOptions{})
	require.Equal(t, readGolden(t, "close-race.ladder", got), got)
}

func TestLadderOfZoo(t *testing.T) {
	got := ladderOf(t, zoo(), LadderOptions{})
	require.Equal(t, readGolden(t, "zoo.ladder", got), got)
}

func TestLadderFitsItsWidth(t *testing.T) {
	for _, width := range []int{0, 80, 100, 120, 200} {
		got := ladderOf(t, closeRace(), LadderOptions{Width: width, NoLegend: true})
		if width == 0 {
			width = 120
		}
		for line := range strings.Lines(got) {
			require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), width, "%q", line)
		}
	}
}

func TestLadderInASCII(t *testing.T) {
	got := ladderOf(t, closeRace(), LadderOptions{ASCII: true, Width: 100})
	require.Equal(t, readGolden(t, "close-race-ascii.ladder", got), got)
	for _, r := range got {
		require.Less(t, r, rune(utf8.RuneSelf), "%q", got)
	}
}

func TestLadderColorsWhatMatters(t *testing.T) {
	got := ladderOf(t, closeRace(), LadderOptions{Color: true})
	colorOf := func(mark string) (escapes []string) {
		for line := range strings.Lines(got) {
			if before, _, ok := strings.Cut(line, mark); ok {
				_, escape, _ := strings.Cut(before, "\x1b")
				escape, _, _ = strings.Cut(escape, "m")
				escapes = append(escapes, escape)
			}
		}
		return escapes
	}
	require.Equal(t, []string{"[31"}, colorOf("#7 [R]"), "resets are red")
	require.Equal(t, []string{"[33"}, colorOf("#6 [F.]"), "lost packets are yellow")
	require.Equal(t, []string{"[33"}, colorOf("lost: rule 2"))
	require.Equal(t, []string{""}, colorOf("#1 [S]"))
	without := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(got, "")
	require.Equal(t, ladderOf(t, closeRace(), LadderOptions{}), without, "and nothing else changes")
}

func TestLadderHidesAcks(t *testing.T) {
	got := ladderOf(t, closeRace(), LadderOptions{HideAcks: true})
	require.NotContains(t, got, "#3 [.]")
	require.Contains(t, got, "#4 [P.]")
}

func TestLadderDrawsCrossingPacketsInTwoLines(t *testing.T) {
	lines := func(s *script) (whole, parts int) {
		got := ladderOf(t, s.r.Trace(), LadderOptions{NoLegend: true})
		for line := range strings.Lines(got) {
			switch {
			case strings.Contains(line, "┄"):
				parts++
			case strings.Contains(line, "#"):
				whole++
			}
		}
		return whole, parts
	}
	inOrder := newScript("")
	a, b := inOrder.client(0, ".", 1, 0, "a"), inOrder.client(0, ".", 2, 0, "b")
	inOrder.deliver(10, a)
	inOrder.deliver(10, b)
	whole, parts := lines(inOrder)
	require.Equal(t, []int{2, 0}, []int{whole, parts}, "packets of one direction that keep their order do not cross")

	overtaking := newScript("")
	a, b = overtaking.client(0, ".", 1, 0, "a"), overtaking.client(0, ".", 2, 0, "b")
	overtaking.deliver(10, b)
	overtaking.deliver(20, a)
	whole, parts = lines(overtaking)
	require.Equal(t, []int{1, 2}, []int{whole, parts}, "the one overtaken has two lines, around the other's")

	opposite := newScript("")
	a, b = opposite.client(0, ".", 1, 0, "a"), opposite.server(5, ".", 1, 0, "b")
	opposite.deliver(10, a)
	opposite.deliver(15, b)
	whole, parts = lines(opposite)
	require.Equal(t, []int{1, 2}, []int{whole, parts}, "packets that meet: one leaves before the other's line and arrives after it")
}

func TestLaddersTakeAnyTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := genTrace().Draw(t, "trace")
		opt := LadderOptions{
			Width: rapid.IntRange(-1, 200).Draw(t, "width"),
			ASCII: rapid.Bool().Draw(t, "ascii"), Color: rapid.Bool().Draw(t, "color"), HideAcks: rapid.Bool().Draw(t, "acks"),
		}
		var once, again bytes.Buffer
		require.NoError(t, Ladder(&once, tr, opt))
		require.NoError(t, Ladder(&again, tr, opt))
		require.Equal(t, once.String(), again.String(), "the same trace gives the same ladder")
	})
}

// An ICMP error that a host sends to itself crosses no lane.
func TestWhatAHostTellsItselfIsANote(t *testing.T) {
	s := newScript("itself")
	icmp := Event{Kind: Sent, Host: "client", Number: 1}
	icmp.Packet = wire.Packet{Src: clientAddr, Dst: clientAddr, TTL: 64, DF: true, Proto: wire.ICMP}
	icmp.Packet.ICMP = wire.Message{Type: 3, Code: 1, Body: []byte("E...")}
	s.at(3000, icmp)
	icmp.Kind = Delivered
	s.at(3000, icmp)
	got := ladderOf(t, s.r.Trace(), LadderOptions{NoLegend: true})
	require.Regexp(t, `3000\.000ms +│ #1 ICMP host-unreachable from itself`, got)
	require.NotContains(t, got, "▶")
}
