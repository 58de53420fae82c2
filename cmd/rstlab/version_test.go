package main

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/trace"
)

func TestVersionNamesWhatATraceDependsOn(t *testing.T) {
	var got version
	only(t, succeed(t, "version", "--json"), &got)
	require.Equal(t, runtime.Version(), got.Go)
	require.Equal(t, runtime.GOOS, got.OS)
	require.Equal(t, runtime.GOARCH, got.Arch)
	require.Equal(t, trace.Format, got.TraceFormat)
	require.Equal(t, netsim.FusesFloats(), got.FusesFloats)
	require.NotEmpty(t, got.Version)
	require.NotEmpty(t, got.Commit)
	require.Regexp(t, `^(v0\.0\.0-\d{14}-[0-9a-f]{12}|unknown)$`, got.GVisor)

	text := succeed(t, "version")
	for _, part := range []string{got.Version, got.Commit, got.Go, got.OS + "/" + got.Arch, got.GVisor} {
		require.Contains(t, text, part)
	}
	require.Equal(t, "rstlab "+got.Version+"\n", succeed(t, "--version"))
}
