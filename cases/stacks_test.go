package cases_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/audit"
)

// pairings are the stacks with which the whole catalogue runs: the model on both
// ends, and with netstack at either end.
func pairings(first, second string) []map[string]string {
	return []map[string]string{
		{"": "linux"},
		{"": "rfc9293"},
		{"": "netstack-model"},
		{"": "freebsd"},
		{"": "windows"},
		{first: "linux", second: cases.DefaultStack},
		{first: cases.DefaultStack, second: "linux"},
		{first: "windows", second: cases.DefaultStack},
		{first: cases.DefaultStack, second: "freebsd"},
	}
}

func TestTheCatalogueRunsOnEveryStackAndPair(t *testing.T) {
	everyExample(t, func(name string, b cases.Bound, _ cases.Example) {
		hosts := b.Scenario.Hosts
		first, second := hosts[0].Name, hosts[len(hosts)-1].Name
		for _, stacks := range pairings(first, second) {
			cfg := cases.RunConfig{Stacks: stacks}
			a := audit.New(b, cfg)
			checked := cfg
			checked.Sinks = a.Sinks()
			r := run(t, b, checked)
			require.Equal(t, r.Hash, run(t, b, cfg).Hash, "%s on %v: two runs are the same", name, stacks)
			require.Empty(t, a.Finish(r).Unknown(), "%s on %v", name, stacks)
		}
	})
}

func TestAnUnknownStackOrHostIsRefused(t *testing.T) {
	b, err := cases.All()[0].Bind(nil)
	require.NoError(t, err)
	_, err = b.Run(cases.RunConfig{Stacks: map[string]string{"": "vms"}})
	require.ErrorContains(t, err, `unknown stack "vms": want one of freebsd, linux,`)
	_, err = b.Run(cases.RunConfig{Stacks: map[string]string{"nobody": "linux"}})
	require.ErrorContains(t, err, `host "nobody"`)
}

func TestStacksAreSorted(t *testing.T) {
	require.True(t, slices.IsSorted(cases.Stacks()))
	require.Contains(t, cases.Stacks(), cases.DefaultStack)
}
