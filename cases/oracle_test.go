package cases_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/tcpmodel/oracle"
)

func TestTheModelOfNetstackFollowsEveryExample(t *testing.T) {
	everyExample(t, func(name string, b cases.Bound, _ cases.Example) {
		c := oracle.New(oracle.Config{Profiles: b.Profiles(nil)})
		r := run(t, b, cases.RunConfig{Sinks: []trace.Sink{c}})
		found := c.Finish(oracle.End{At: r.Stats.Time.Since(), Idle: !r.Limited})
		for i := range found {
			t.Logf("%s: %v", name, found[i].Error())
		}
		require.Empty(t, found, name)
	})
}
