package explore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/audit"
	"rstlab/cases/explore"
	"rstlab/netsim"
)

// audited makes one run, in which nothing may happen that must not, unless more was sent
// again than may be.
func audited(t *testing.T, b cases.Bound, cfg cases.RunConfig, what ...any) (followed int) {
	t.Helper()
	a := audit.New(b, cfg)
	cfg.Sinks = a.Sinks()
	r, err := b.Run(cfg)
	if errors.Is(err, netsim.ErrRetransmits) {
		return 0
	}
	require.NoError(t, err, what...)
	found := a.Finish(r)
	require.Empty(t, found.Unknown(), what...)
	return found.Followed.Connections
}

// TestPointsOfDiagramsKeepTheInvariants: of each diagram, on each stack, a coarse grid.
func TestPointsOfDiagramsKeepTheInvariants(t *testing.T) {
	const steps = "/7"
	followed := 0
	for _, p := range pictures {
		for _, stack := range p.stacks {
			x, _, _ := strings.Cut(p.x, "/")
			y, _, _ := strings.Cut(p.y, "/")
			s := load(t, p.scenario)
			space := explore.Space{Scenario: s, Axes: axes(t, s, x+steps, y+steps), Stacks: map[string]string{"": stack}}
			for i := range space.Len() {
				b, err := space.Bind(space.At(i))
				require.NoError(t, err)
				followed += audited(t, b, cases.RunConfig{}, "%s on %s: %v", p.scenario, stack, explore.SettingsText(space.At(i)))
			}
		}
	}
	require.Positive(t, followed, "by the model of netstack")
}

// TestOrdersKeepTheInvariants: of each scenario of the catalogue, random orders, with
// packets lost and twice, in every way in which a search can choose.
func TestOrdersKeepTheInvariants(t *testing.T) {
	orders := uint64(40)
	if testing.Short() {
		orders = 4
	}
	followed := 0
	for _, stack := range []string{cases.DefaultStack, "linux", "rfc9293"} {
		for _, name := range cases.Names() {
			b, err := load(t, name).Bind(nil)
			require.NoError(t, err)
			for seed := range orders {
				cfg := cases.RunConfig{Stacks: map[string]string{"": stack}, Choosing: netsim.Choosing{
					Chooser: explore.NewRandom(seed), Drops: int(seed % 3), Duplicates: int(seed % 2), InOrder: seed%5 == 4,
					NoRACK: seed%4 == 3, Whole: seed%7 < 3, Retransmits: 40,
				}}
				followed += audited(t, b, cfg, "%s on %s: order %d", name, stack, seed)
			}
		}
	}
	require.Positive(t, followed, "by the model of netstack")
}

// TestEveryOrderOfASmallScenarioKeepsTheInvariants: all of them, without a reduction, or as
// many as there is time for.
func TestEveryOrderOfASmallScenarioKeepsTheInvariants(t *testing.T) {
	const most = 400
	for name, text := range tiny {
		b, err := parse(t, text).Bind(nil)
		require.NoError(t, err)
		runs := 0
		for all := (&explore.Exhaustive{}); runs < most && all.Next(); runs++ {
			audited(t, b, cases.RunConfig{Choosing: netsim.Choosing{Chooser: all, Drops: 1, Whole: true, Retransmits: 40}},
				fmt.Sprintf("%s: order %d", name, runs))
		}
	}
}
