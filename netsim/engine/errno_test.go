package engine_test

import (
	"regexp"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
)

func TestErrnoNamesAreUniqueAndInverse(t *testing.T) {
	seen := map[string]syscall.Errno{}
	form := regexp.MustCompile(`^E[A-Z]+$`)
	for errno := syscall.Errno(1); errno < 1<<16; errno++ {
		name := engine.ErrnoName(errno)
		if !form.MatchString(name) {
			continue // TCP sockets do not report it
		}
		require.NotContains(t, seen, name)
		seen[name] = errno
		back, ok := engine.ErrnoByName(name)
		require.True(t, ok, name)
		require.Equal(t, errno, back, name)
	}
	require.Greater(t, len(seen), 30)
	require.Equal(t, syscall.ECONNRESET, seen["ECONNRESET"])
	require.Equal(t, syscall.EPIPE, seen["EPIPE"])
}

func TestNoErrorHasNoName(t *testing.T) {
	require.Empty(t, engine.ErrnoName(0))
	for _, name := range []string{"", "E", "0", "econnreset", "ECONNRESET ", "E104", "ENOTHING"} {
		_, ok := engine.ErrnoByName(name)
		require.False(t, ok, "%q", name)
	}
}

func TestOtherErrorsAreNamedByNumber(t *testing.T) {
	require.Equal(t, "E60000", engine.ErrnoName(60000))
}
