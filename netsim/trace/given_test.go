package trace

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatASendIsGivenIsKnownAsFarAsTheEventTells(t *testing.T) {
	all := strings.Repeat("abcdefgh", 50)
	cut := `"` + all[:32] + `"..., 400`
	given := func(args, data string) (string, int, bool) {
		known, n, ok := (&Event{Kind: Call, Op: "send", Args: args, Data: []byte(data)}).Given()
		return string(known), n, ok
	}
	for _, x := range []struct {
		args, data, known string
		n                 int
	}{
		{`"GET /", 5`, "", "GET /", 5},
		{`"", 0`, "", "", 0},
		{cut, "", all[:32], 400},
		{cut, all, all, 400},
	} {
		known, n, ok := given(x.args, x.data)
		require.True(t, ok, x.args)
		require.Equal(t, x.known, known)
		require.Equal(t, x.n, n)
	}
	for _, x := range [][2]string{
		{"", ""},
		{`"GET /`, ""},
		{`"GET /", 4`, ""},
		{`"GET /", x`, ""},
		{cut, all[1:]},
		{cut, "b" + all[1:]},
	} {
		_, _, ok := given(x[0], x[1])
		require.False(t, ok, "%v", x)
	}
	_, _, ok := (&Event{Kind: Call, Op: "recv", Args: "5"}).Given()
	require.False(t, ok, "nothing is given to recv")
}

func TestTheHashDoesNotTellWhetherACallHasAllThatASendIsGiven(t *testing.T) {
	with := Event{Kind: Call, Host: "h", FD: 3, Op: "send", Args: `"abc"..., 40`, Data: []byte(strings.Repeat("abcd", 10))}
	without := with
	without.Data = nil
	hash := func(e Event) Hash { return (&Trace{Events: []Event{e}}).Hash() }
	require.Equal(t, hash(without), hash(with))
	require.False(t, with.Equal(&without), "and yet they are not equal")
	with.Kind, without.Kind = Return, Return
	require.NotEqual(t, hash(without), hash(with), "what recv gets is covered")
}
