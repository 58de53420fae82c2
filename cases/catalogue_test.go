package cases_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

// TestCatalogueIsComplete: each scenario says what it claims, from where, by
// which clauses, how the outcome was derived, and has examples that differ.
func TestCatalogueIsComplete(t *testing.T) {
	all := cases.All()
	require.GreaterOrEqual(t, len(all), 46)
	for i, s := range all {
		require.Equal(t, cases.Names()[i], s.Name)
		require.Regexp(t, `^[a-z0-9-]+/[a-z0-9-]+(/[a-z0-9-]+)?$`, s.Name)
		require.Regexp(t, `^[A-Z].*\.$`, s.Headline(), "%s: a claim in a sentence", s.Name)
		require.LessOrEqual(t, len(s.Headline()), 250, "%s: a claim in a sentence", s.Name)
		require.Contains(t, s.Claim, "Derived from", s.Name)
		require.NotEmpty(t, s.Source, s.Name)
		require.NotEmpty(t, s.RFC, s.Name)
		require.NotEmpty(t, s.Params, s.Name)
		for _, p := range s.Params {
			require.NotEmpty(t, p.Doc(), "%s: param %s", s.Name, p.Name)
			require.True(t, p.Min.IsSet() || len(p.Choices) > 0, "%s: param %s has a range", s.Name, p.Name)
		}
		var outcomes []string
		for _, e := range s.Examples {
			outcomes = append(outcomes, e.Want.String())
			_, err := s.BindExample(e)
			require.NoError(t, err, s.Name)
		}
		require.GreaterOrEqual(t, len(s.Examples), 2, s.Name)
		if strings.HasPrefix(s.Name, "rst/in-each-state/") {
			continue // that nothing makes a difference can be the claim
		}
		slices.Sort(outcomes)
		require.GreaterOrEqual(t, len(slices.Compact(outcomes)), 2, "%s: examples on both sides of a boundary", s.Name)
	}
}

func TestCatalogueIsFormatted(t *testing.T) {
	for _, name := range cases.Names() {
		src, err := cases.Source(name)
		require.NoError(t, err)
		s, err := cases.Load(name)
		require.NoError(t, err)
		require.Equal(t, cases.Print(s), string(src), "%s: rstlab fmt", name)
		for line := range strings.Lines(string(src)) {
			require.Less(t, len(line), 160, "%s: %s", name, line)
		}
	}
}

func TestLoadNamesTheNearest(t *testing.T) {
	for name, want := range map[string]string{
		"connect/hostdown":    `cases: no scenario "connect/hostdown" in the catalogue; did you mean connect/host-down?`,
		"no-listener":         `cases: no scenario "no-listener" in the catalogue; did you mean connect/no-listener?`,
		"nothing/of-the-kind": `cases: no scenario "nothing/of-the-kind" in the catalogue; rstlab list shows all`,
		"":                    `cases: no scenario "" in the catalogue; rstlab list shows all`,
		"../doc":              `cases: no scenario "../doc" in the catalogue; rstlab list shows all`,
	} {
		_, err := cases.Load(name)
		require.EqualError(t, err, want)
	}
}

func TestLoadGivesANewScenario(t *testing.T) {
	a, err := cases.Load("connect/host-down")
	require.NoError(t, err)
	a.Procs[0].Steps[0].Verb = cases.VerbUp
	b, err := cases.Load("connect/host-down")
	require.NoError(t, err)
	require.Equal(t, cases.VerbPowerOff, b.Procs[0].Steps[0].Verb)
}
