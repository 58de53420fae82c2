package gen_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/cases"
	"rstlab/cases/gen"
)

type chooser struct{ t *rapid.T }

func (c chooser) Choose(label string, n int) int {
	return rapid.IntRange(0, n-1).Draw(c.t, label)
}

func TestEveryScenarioIsValidAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := gen.Scenario(chooser{t}, gen.Config{MaxSteps: rapid.IntRange(0, 20).Draw(t, "steps")})
		require.NoError(t, s.Validate())
		again, err := cases.Parse("generated.txt", []byte(cases.Print(s)))
		require.NoError(t, err)
		require.True(t, cases.Equal(s, again))
	})
}

func TestASeedGivesOneScenario(t *testing.T) {
	text := func(seed uint64) string { return cases.Print(gen.Scenario(gen.Random(seed), gen.Config{})) }
	require.Equal(t, text(1), text(1))
	different := map[string]bool{}
	for seed := range uint64(100) {
		different[text(seed)] = true
	}
	require.Greater(t, len(different), 95)
}

// plainest makes the plainest choice everywhere.
type plainest struct{}

func (plainest) Choose(string, int) int { return 0 }

func TestThePlainestChoicesGiveThePlainestScenario(t *testing.T) {
	require.Equal(t, `host   server
host   client
link   client server rtt=20ms
limit  7200s

proc server
  listen 80 as=listener
  accept as=of-server on=listener
  close

proc client
  connect server:80 as=of-client
  close
`, cases.Print(gen.Scenario(plainest{}, gen.Config{})))
}

func TestAChooserIsAskedForOneOfAtLeastOne(t *testing.T) {
	for seed := range uint64(200) {
		c := counting{t, gen.Random(seed)}
		gen.Scenario(c, gen.Config{})
	}
}

type counting struct {
	t    *testing.T
	from gen.Chooser
}

func (c counting) Choose(label string, n int) int {
	require.Positive(c.t, n, label)
	require.NotEmpty(c.t, label)
	got := c.from.Choose(label, n)
	require.GreaterOrEqual(c.t, got, 0)
	require.Less(c.t, got, n, label)
	return got
}
