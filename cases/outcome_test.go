package cases_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

func TestSeenSaysWhatCameOfACall(t *testing.T) {
	long := strings.Repeat("x", 33)
	for _, c := range []struct {
		want, why string
		seen      cases.Observation
	}{
		{"connect=ok", "success without news", cases.Observation{Op: "connect", Done: true}},
		{"connect=ECONNREFUSED", "an error", cases.Observation{Op: "connect", Done: true, Errno: "ECONNREFUSED"}},
		{"accept=blocked", "never returned", cases.Observation{Op: "accept"}},
		{"sleep=killed", "killed meanwhile", cases.Observation{Op: "sleep", Killed: true}},
		{"send=ok", "all was sent", cases.Observation{Op: "send", Done: true, N: 10, Want: 10}},
		{"send=4B", "some was sent", cases.Observation{Op: "send", Done: true, N: 4, Want: 10}},
		{"send=EPIPE", "a send that fails", cases.Observation{Op: "send", Done: true, Want: 10, Errno: "EPIPE"}},
		{"send=blocked", "still sending", cases.Observation{Op: "send", N: 4, Want: 10}},
		{`recv="503 busy"`, "data", cases.Observation{Op: "recv", Done: true, N: 8, Data: []byte("503 busy")}},
		{`recv="\xff\n"`, "any bytes", cases.Observation{Op: "recv", Done: true, N: 2, Data: []byte("\xff\n")}},
		{"recv=33B", "long data", cases.Observation{Op: "recv", Done: true, N: 33, Data: []byte(long)}},
		{"recv=1448B", "data that was not kept", cases.Observation{Op: "recv", Done: true, N: 1448}},
		{"recv=EOF", "the end", cases.Observation{Op: "recv", Done: true}},
		{"recv=blocked", "nothing came", cases.Observation{Op: "recv"}},
		{`peek="x"`, "as recv", cases.Observation{Op: "peek", Done: true, N: 1, Data: []byte("x")}},
		{`recvloop="x",EOF`, "data and the end", cases.Observation{Op: "recvloop", Done: true, N: 1, Data: []byte("x")}},
		{"recvloop=99B,ECONNRESET", "data and an error", cases.Observation{Op: "recvloop", Done: true, N: 99, Errno: "ECONNRESET"}},
		{"recvloop=99B,blocked", "data and no more", cases.Observation{Op: "recvloop", N: 99}},
		{"recvloop=EOF", "nothing but the end", cases.Observation{Op: "recvloop", Done: true}},
		{"state=CLOSE-WAIT", "a state", cases.Observation{Op: "state", Done: true, Value: "CLOSE-WAIT"}},
		{"soerr=0", "no pending error", cases.Observation{Op: "soerr", Done: true, Value: "0"}},
	} {
		require.Equal(t, c.want, c.seen.Seen().String(), c.why)
		parsed, err := cases.ParseOutcome("a: " + c.want + "@1s")
		require.NoError(t, err, "the canonical form is read back")
		require.Equal(t, c.want, strings.TrimSuffix(parsed.Procs[0].Seen[0].String(), "@1s"))
	}
}

var twoProcs = []cases.Proc{{Name: "server"}, {Name: "client"}}

func observed() cases.Outcome {
	return cases.OutcomeOf(twoProcs, []cases.Observation{
		{Proc: "client", Step: 2, Op: "recv", Done: true, Errno: "ECONNRESET", At: 250 * time.Millisecond},
		{Proc: "client", Step: 0, Op: "connect", Done: true, At: 100 * time.Millisecond},
		{Proc: "client", Step: 1, Op: "recv", Done: true, N: 2, Data: []byte("hi"), At: 200 * time.Millisecond},
		{Proc: "server", Step: 0, Op: "listen", Done: true},
	})
}

func TestOutcomeIsCanonical(t *testing.T) {
	require.Equal(t, `server: ok | client: recv="hi" recv=ECONNRESET`, observed().String(),
		"procs as declared, calls by step, quiet ones left out")
	require.Equal(t, "server: ok | client: ok", cases.OutcomeOf(twoProcs, nil).String())
}

func TestOutcomeMatches(t *testing.T) {
	for _, c := range []struct {
		want    string
		matches bool
		why     string
	}{
		{`server: ok | client: recv="hi" recv=ECONNRESET`, true, "the same"},
		{`client: recv="hi" recv=ECONNRESET | server: ok`, true, "order of procs does not count"},
		{`client: recv="hi" recv=ECONNRESET`, true, "procs may be left out"},
		{`client: recv="hi"`, false, "a proc that is named is compared in full"},
		{`client: recv=ECONNRESET recv="hi"`, false, "order of calls counts"},
		{`client: peek="hi" recv=ECONNRESET`, false, "another call"},
		{`client: ok`, false, "more was seen"},
		{`server: close=ok`, true, "an ok without a time says nothing"},
		{`server: recv=EOF`, false, "less was seen"},
		{`other: ok`, false, "no such proc"},
		{`client: recv="hi" recv=ECONNRESET@250ms`, true, "at this time"},
		{`client: recv="hi" recv=ECONNRESET@251ms`, false, "at another time"},
		{`client: connect=ok@100ms recv="hi" recv=ECONNRESET`, true, "a quiet call at this time"},
		{`client: connect=ok@99ms recv="hi" recv=ECONNRESET`, false, "a quiet call at another time"},
		{`client: recv="hi" connect=ok@100ms recv=ECONNRESET`, false, "a quiet call in another place"},
	} {
		want, err := cases.ParseOutcome(c.want)
		require.NoError(t, err)
		require.Equal(t, c.matches, observed().Matches(want), "%s: %s", c.want, c.why)
	}
}

func TestDiffShowsBothSides(t *testing.T) {
	want, err := cases.ParseOutcome(`server: ok | client: connect=ok@100ms recv="hi"@200ms recv=EOF | other: ok`)
	require.NoError(t, err)
	require.Equal(t, `client: want connect=ok@100ms recv="hi"@200ms recv=EOF
        got  connect=ok@100ms recv="hi"@200ms recv=ECONNRESET@250ms
other: want ok
       got  nothing: there is no such proc`, observed().Diff(want))
}

func TestMalformedOutcomes(t *testing.T) {
	for text, want := range map[string]string{
		"":               `1:1: no outcome; write PROC: OP=RESULT … | PROC: ok`,
		"client":         `1:1: "client" is no proc with a colon; write PROC: OP=RESULT … | PROC: ok`,
		"client:":        `1:1: nothing after "client:"; write client: ok`,
		"a: ok # x":      `1:1: an outcome has no comment; leave it out`,
		"a: recv=":       `1:9: no result; write data in quotes, a length such as 1448B, EOF, blocked, killed, ok, or an error such as ECONNRESET`,
		"a: recv=E_F":    `1:9: "E_F" is no result; write data in quotes, a length such as 1448B, EOF, blocked, killed, ok, or an error such as ECONNRESET`,
		`a: recv=""`:     `1:9: no data; write EOF for the end of the stream`,
		`a: recv="\q"`:   `1:9: "\q" is not quoted as in Go; use \" \\ \n \t \xNN inside the quotes`,
		`a: recv="x`:     `1:9: text without end; close it with "`,
		"a: recv=EOF@":   `1:13: "" is no duration; write a number of ns, us, ms, s, m or h, such as 5ms`,
		"a: ok | | b: x": `1:9: nothing on one side of |; write PROC: OP=RESULT … | PROC: ok` + "\n" + `1:14: "x" is no observation; write OP=RESULT, or ok alone for a proc that saw nothing`,
	} {
		_, err := cases.ParseOutcome(text)
		require.EqualError(t, err, want, text)
	}
}
