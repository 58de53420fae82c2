package explore_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rstlab/cases"
	"rstlab/cases/explore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// load is a scenario of the catalogue.
func load(t testing.TB, name string) *cases.Scenario {
	t.Helper()
	s, err := cases.Load(name)
	require.NoError(t, err)
	return s
}

// parse is a scenario with that text.
func parse(t testing.TB, text string) *cases.Scenario {
	t.Helper()
	s, err := cases.Parse("test.txt", []byte(text))
	require.NoError(t, err)
	return s
}

// axes reads several axes.
func axes(t testing.TB, s *cases.Scenario, texts ...string) []explore.Axis {
	t.Helper()
	var all []explore.Axis
	for _, text := range texts {
		a, err := explore.ParseAxis(s, text)
		require.NoError(t, err)
		all = append(all, a)
	}
	return all
}

// kinds is a scenario with a parameter of each kind. The client reads what the
// server sends, or is reset.
const kinds = `# For tests.
param  rtt     10ms       1ms..1s
param  n       3          0..7
param  bytes   100        1..100KB
param  room    10pkt
param  loss    0%         0%..100%
param  rate    1mbit
param  how     write      {write,both}
param  words   "a"
host   client
host   server
link   client server rtt=$rtt loss=$loss rate=$rate queue=$room
limit  5s

proc server
  listen 80 backlog=$n
  accept
  send $words
  shutdown $how
  recv $bytes

proc client
  connect server:80
  recv
  close
`

// journal runs a sweep and gives its file.
func journal(t testing.TB, ctx context.Context, s *explore.Sweep, workers int) (string, error) {
	t.Helper()
	var out bytes.Buffer
	w, err := explore.NewWriter(&out, s.Header())
	require.NoError(t, err)
	err = s.Run(ctx, explore.Options{Workers: workers}, w.Write)
	require.NoError(t, w.Flush())
	return out.String(), err
}
