package audit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/audit"
)

const known = "../fuzz/testdata/known/"

// unpinned is a scenario in which no host names its stack, ready to run, and the stacks
// that they had.
func unpinned(t *testing.T, file string) (cases.Bound, map[string]string) {
	t.Helper()
	s, err := cases.ReadFile(known + file)
	require.NoError(t, err)
	pinned := map[string]string{}
	for i := range s.Hosts {
		if h := &s.Hosts[i]; h.Stack.IsSet() {
			pinned[h.Name] = h.Stack.Text
			h.Stack = cases.Value{}
		}
	}
	b, err := s.Bind(nil)
	require.NoError(t, err)
	return b, pinned
}

// audited runs a scenario with one choice of stacks under an audit that was told of another.
func audited(t *testing.T, b cases.Bound, stacks, told map[string]string) audit.Found {
	t.Helper()
	a := audit.New(b, cases.RunConfig{Stacks: told})
	r, err := b.Run(cases.RunConfig{Stacks: stacks, Sinks: a.Sinks()})
	require.NoError(t, err)
	return a.Finish(r)
}

func TestAHostIsExcusedByTheDeviationsOfTheStackThatItRuns(t *testing.T) {
	b, stacks := unpinned(t, "eof-after-fin--discarded-by-RST.txt")
	require.Equal(t, map[string]string{"server": "freebsd", "client": "windows"}, stacks)
	found := audited(t, b, stacks, stacks)
	require.Empty(t, found.Unknown())
	require.Len(t, found.Violations, 1)
	require.Equal(t, "windows", found.Violations[0].Known.Engine)

	found = audited(t, b, stacks, map[string]string{"server": "freebsd"})
	require.NotEmpty(t, found.Unknown(), "it is no deviation of netstack")
}

func TestOneStackForAllHostsIsThatOfEach(t *testing.T) {
	b, _ := unpinned(t, "state-has-cause--SYN-cookie--linux.txt")
	all := map[string]string{"": "linux", "other": "windows"}
	found := audited(t, b, all, all)
	require.Empty(t, found.Unknown())
	require.Len(t, found.Violations, 1)
	require.Equal(t, "linux", found.Violations[0].Known.Engine, "not what netstack is known for")
	require.Zero(t, found.Followed.Connections, "no host runs netstack")

	found = audited(t, b, all, map[string]string{"": "freebsd"})
	require.NotEmpty(t, found.Unknown())
}

func TestWhatTheModelOfNetstackDoesNotFollowIsFound(t *testing.T) {
	s, err := cases.ReadFile(known + "oracle-RFC6298-5.4--future-ACK.txt")
	require.NoError(t, err)
	b, err := s.Bind(nil)
	require.NoError(t, err)
	found := audited(t, b, nil, nil)
	require.Empty(t, found.Unknown())
	require.NotEmpty(t, found.Disagreements)
	require.Positive(t, found.Followed.Connections)

	s, err = cases.Load("close-unread/shutdown-then-close")
	require.NoError(t, err)
	b, err = s.Bind(nil)
	require.NoError(t, err)
	require.Empty(t, audited(t, b, nil, nil).Disagreements)
	found = audited(t, b, map[string]string{"": "freebsd"}, nil)
	require.Len(t, found.Unknown(), len(found.Disagreements), "the invariants hold of freebsd")
	require.ErrorContains(t, found.Unknown()[0], "the model: the window of the SYN", "and it does not do what netstack would")
}
