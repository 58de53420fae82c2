package netsim_test

import (
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// TestFusesFloatsTellsHowThisWasCompiled holds what the probe says against what the build
// notes of itself.
func TestFusesFloatsTellsHowThisWasCompiled(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	require.True(t, ok)
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	t.Log(runtime.GOARCH, settings["GOAMD64"], settings["-gcflags"])
	fuses := slices.Contains([]string{"arm64", "loong64", "ppc64", "ppc64le", "riscv64", "s390x"}, runtime.GOARCH) ||
		settings["GOAMD64"] >= "v3"
	if strings.Contains(settings["-gcflags"], "-d=fmahash=") {
		require.Contains(t, []string{"all=-d=fmahash=qn", "all=-d=fmahash=n"}, settings["-gcflags"])
		fuses = false
	}
	require.Equal(t, fuses, netsim.FusesFloats())
}
