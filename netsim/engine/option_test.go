package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
)

func TestOptionNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for i, o := range engine.Options() {
		require.Equal(t, engine.Option(i), o, "in the order of their declaration")
		require.Regexp(t, `^(TCP|SO|IPV6)_[A-Z0-9_]+$`, o.String())
		require.False(t, seen[o.String()], "%v", o)
		seen[o.String()] = true
	}
	require.Equal(t, "TCP_NODELAY", engine.NoDelay.String())
	require.Equal(t, "TCP_QUICKACK", engine.QuickAck.String())
	require.Equal(t, int(engine.QuickAck)+1, len(engine.Options()), "QuickAck is the last option: every one has a name")
	require.Equal(t, "OPTION-200", engine.Option(200).String())
}
