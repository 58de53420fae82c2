package fuzz_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/netsim/wire"
)

func parse(t *testing.T, text string) *cases.Scenario {
	t.Helper()
	s, err := cases.Parse("test.txt", []byte(text))
	require.NoError(t, err)
	return s
}

const talk = `#
host server
host client
link client server rtt=20ms

proc server
  listen 80
  accept
  recv
  close

proc client
  connect server:80
  send "x"
  recv
  close
`

func TestAGoodRunHasNoFailures(t *testing.T) {
	var cov fuzz.Coverage
	seen := fuzz.Check(parse(t, talk), 1, &cov)
	require.Empty(t, seen.Failures)
	require.Empty(t, seen.Known)
	require.Equal(t, `server: recv="x" | client: recv=EOF`, seen.Result.Outcome.String())

	require.EqualValues(t, 1, cov.Runs)
	require.Equal(t, seen.Result.Stats.Events, cov.Events)
	require.EqualValues(t, 2, cov.Steps[cases.VerbRecv])
	require.EqualValues(t, 1, cov.Results["recv=EOF"])
	require.EqualValues(t, 1, cov.Results["recv=ok"])
	require.EqualValues(t, 1, cov.Transitions[wire.CloseWait][wire.LastAck])
	require.EqualValues(t, 2, cov.States()[wire.Established])
	require.Zero(t, cov.States()[wire.Closing])

	var sum fuzz.Coverage
	sum.Add(&cov)
	sum.Add(&cov)
	require.EqualValues(t, 2, sum.Transitions[wire.CloseWait][wire.LastAck])
	require.EqualValues(t, 4, sum.Steps[cases.VerbRecv])
}

func TestAScenarioThatIsNotValidIsAFailure(t *testing.T) {
	s := parse(t, talk)
	s.Procs[0].Host.Name = "nobody"
	seen := fuzz.Check(s, 0, nil)
	require.Len(t, seen.Failures, 1)
	require.Equal(t, fuzz.KindInvalid, seen.Failures[0].Kind)
	require.ErrorContains(t, &seen.Failures[0], `unknown host "nobody"`)
	require.Nil(t, seen.Result)
}

func TestAScenarioThatDoesNotPrintAsItIsIsAFailure(t *testing.T) {
	s := parse(t, talk)
	s.Procs[0].Comments.Above = []string{"two\nlines"}
	seen := fuzz.Check(s, 0, nil)
	require.Equal(t, fuzz.KindText, seen.Failures[0].Kind)
}

// TestARunThatTakesTooManyStepsIsAFailure: over a link without any delay netstack
// takes what it has just sent for lost (RACK with a round-trip time of 0), and sends
// it again and again at one instant; with each octet in flight more often.
func TestARunThatTakesTooManyStepsIsAFailure(t *testing.T) {
	seen := fuzz.Check(parse(t, `#
host server
host client
link client server

proc server
  listen 80
  accept
  send 120000

proc client
  connect server:80
`), 0, nil)
	require.Len(t, seen.Failures, 1)
	require.Equal(t, fuzz.KindEndless, seen.Failures[0].Kind)
	require.ErrorContains(t, &seen.Failures[0], "at 0s of virtual time")
}
