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
			cfg := cases.RunConfig{Stacks: stacks}
			a := audit.New(b, cfg)
			cfg.Sinks = a.Sinks()
			found := a.Finish(run(t, b, cfg))
			require.Empty(t, found.Unknown(), "%s on %v", name, stacks)
			require.Empty(t, found.Disagreements, "%s on %v: there are not even known ones", name, stacks)
		}
	})
}
