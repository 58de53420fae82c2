package cases_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/tcpmodel/invariant"
)

func TestEveryExampleKeepsTheInvariants(t *testing.T) {
	everyExample(t, func(name string, b cases.Bound, _ cases.Example) {
		c := invariant.New(invariant.Config{})
		r := run(t, b, cases.RunConfig{Sinks: []trace.Sink{c}})
		found := c.Finish(invariant.End{At: r.Stats.Time.Since(), Idle: !r.Limited})
		require.Empty(t, invariant.Unknown(found), name)
	})
}
