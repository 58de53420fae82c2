package cases_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/audit"
)

func TestEveryExampleKeepsTheInvariantsAndIsFollowed(t *testing.T) {
	everyExample(t, func(name string, b cases.Bound, e cases.Example) {
		for _, stacks := range []map[string]string{nil, b.Scenario.ExampleStacks(e)} {
			a := audit.New(b, stacks)
			found := a.Finish(run(t, b, cases.RunConfig{Stacks: stacks, Sinks: a.Sinks()}))
			require.Empty(t, found.Unknown(), "%s on %v", name, stacks)
			require.Empty(t, found.Disagreements, "%s on %v: there are not even known ones", name, stacks)
		}
	})
}
