package explore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/cases/explore"
)

func values(a explore.Axis) string {
	var words []string
	for i := range a.Len() {
		words = append(words, a.Value(i).String())
	}
	return strings.Join(words, " ")
}

func TestAxesOfEveryKind(t *testing.T) {
	s := parse(t, kinds)
	for _, c := range []struct{ text, want, canonical string }{
		{"rtt=200ms..1s/4", "200ms 400ms 600ms 800ms 1s", "rtt=200ms..1s/4"},
		{"rtt=1ms..2ms/3", "1ms 1333333ns 1666666ns 2ms", "rtt=1ms..2ms/3"},
		{"rtt/2", "1ms 500500us 1s", "rtt=1ms..1s/2"},
		{"rtt=1ms,1s,20ms", "1ms 1s 20ms", "rtt=1ms,1s,20ms"},
		{"rtt=7ms", "7ms", "rtt=7ms"},
		{"n", "0 1 2 3 4 5 6 7", "n=0..7/7"},
		{"n/3", "0 2 4 7", "n=0..7/3"},
		{"bytes=1..1KiB/2", "1 512 1KiB", "bytes=1..1KiB/2"},
		{"room=1pkt..3pkt", "1pkt 2pkt 3pkt", "room=1pkt..3pkt/2"},
		{"loss/4", "0% 25% 50% 75% 100%", "loss=0%..100%/4"},
		{"rate=1mbit..3mbit/2", "1mbit 2mbit 3mbit", "rate=1mbit..3mbit/2"},
		{"how", "write both", "how=write,both"},
		{"how=both", "both", "how=both"},
		{`words="a,b",c`, `"a,b" "c"`, `words="a,b","c"`},
		{`words="a/2"`, `"a/2"`, `words="a/2"`},
	} {
		a, err := explore.ParseAxis(s, c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, values(a), c.text)
		require.Equal(t, c.canonical, a.String(), c.text)
		again, err := explore.ParseAxis(s, a.String())
		require.NoError(t, err, "the canonical form can be read")
		require.Equal(t, values(a), values(again))
	}
}

func TestWrongAxesAreRefused(t *testing.T) {
	s := parse(t, kinds)
	for text, want := range map[string]string{
		"rrt=0s..1s":            "rrt: the scenario has no such parameter; did you mean rtt?",
		"rtt=0s..1s":            "rtt=0s: 0s is out of range; use 1ms..1s",
		"rtt=1s..1ms":           `explore: axis "rtt=1s..1ms": 1s is not below 1ms; write the smaller value first`,
		"rtt=1ms..1s/0":         `explore: axis "rtt=1ms..1s/0": "0" is no number of steps; write a whole number from 1 to 1000000`,
		"rtt=1ms..1s/many":      `explore: axis "rtt=1ms..1s/many": "many" is no number of steps; write a whole number from 1 to 1000000`,
		"rtt=1ms,2ms/4":         `explore: axis "rtt=1ms,2ms/4": single values have no steps; leave /4 out, or write a range A..B`,
		"rtt=1ms,1000us":        `explore: axis "rtt=1ms,1000us": 1ms is given twice; leave one out`,
		"rtt=5":                 `rtt=5: "5" needs a unit; write 5ms or 5s`,
		"rtt=":                  "rtt=: no value; write a duration such as 5ms",
		"how=write..both":       `explore: axis "how=write..both": how is a word, which has no ranges; write how=A,B,C`,
		"rate":                  `explore: axis "rate": parameter rate has no range of its own; write rate=A..B or rate=A,B,C`,
		"rate=unlimited..1kbit": `explore: axis "rate=unlimited..1kbit": unlimited is no end of a range; write a rate such as 100gbit`,
	} {
		_, err := explore.ParseAxis(s, text)
		require.Error(t, err, text)
		require.Equal(t, want, err.Error(), text)
	}
}

// A range has both ends, in order, in steps that differ by one unit at most.
func TestRangesAreEven(t *testing.T) {
	s := parse(t, "param x 1ns\nhost a\n\nproc a\n  sleep $x\n")
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Int64Range(0, 1<<62-2).Draw(t, "from")
		to := rapid.Int64Range(from+1, 1<<62-1).Draw(t, "to")
		steps := rapid.Int64Range(1, 1000).Draw(t, "steps")
		lo, hi := cases.Value{Kind: cases.KindDuration, Num: from}, cases.Value{Kind: cases.KindDuration, Num: to}
		a, err := explore.ParseAxis(s, "x="+lo.String()+".."+hi.String()+"/"+cases.IntValue(int(steps)).String())
		require.NoError(t, err)
		require.Equal(t, min(steps, to-from)+1, a.Len())
		require.Equal(t, from, a.Value(0).Num)
		require.Equal(t, to, a.Value(a.Len()-1).Num)
		least, most := int64(1<<62), int64(0)
		for i := range a.Len() - 1 {
			step := a.Value(i+1).Num - a.Value(i).Num
			least, most = min(least, step), max(most, step)
		}
		require.Positive(t, least)
		require.LessOrEqual(t, most-least, int64(1))
	})
}
