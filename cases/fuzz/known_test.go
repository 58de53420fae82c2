package fuzz_test

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/tcpmodel/invariant"
)

var seedInClaim = regexp.MustCompile(`--seed (\d+)`)

// TestEveryKnownDeviationIsShown: the scenarios in testdata show each deviation of
// the list, so that one that a new netstack no longer has does not stay in it. A
// file is named INVARIANT--CASE.txt; more may follow behind another "--". The seed is
// 0, or that in the claim.
func TestEveryKnownDeviationIsShown(t *testing.T) {
	files, err := filepath.Glob("testdata/known/*.txt")
	require.NoError(t, err)
	shown := map[string]bool{}
	for _, file := range files {
		s, err := cases.ReadFile(file)
		require.NoError(t, err)
		require.NotEmpty(t, s.Claim, file)
		name := strings.SplitN(s.Name, "--", 3)
		seed := uint64(0)
		if found := seedInClaim.FindStringSubmatch(s.Claim); found != nil {
			seed, err = strconv.ParseUint(found[1], 10, 64)
			require.NoError(t, err)
		}
		seen := fuzz.Check(s, seed, nil)
		require.Empty(t, seen.Failures, "%s: nothing else is wrong", file)
		found := false
		for _, v := range seen.Known {
			if v.Invariant.Name == name[0] && strings.ReplaceAll(v.Case, " ", "-") == name[1] {
				found = true
				shown[v.Known.Engine+v.Invariant.Name+v.Case] = true
			}
		}
		require.True(t, found, "%s: netstack no longer does it: remove the deviation and this file", file)
	}
	for _, d := range invariant.Deviations() {
		require.True(t, shown[d.Engine+d.Invariant+d.Case], "no scenario shows %s: %s", d.Invariant, d.Case)
		require.NotEmpty(t, d.What)
		require.Regexp(t, `^pkg/.*\.go:\d+ .*, gvisor v|^tcpmodel/.*\.go \(`, d.Where)
	}
}

// TestASYNCookieLosesData is the worst of the deviations: the stream loses its
// begin, and both ends think that all is well.
func TestASYNCookieLosesData(t *testing.T) {
	s, err := cases.ReadFile("testdata/known/state-has-cause--SYN-cookie--lost-data.txt")
	require.NoError(t, err)
	seen := fuzz.Check(s, 0, nil)
	require.Equal(t, `server: recvloop="ello",EOF | client: recv=blocked`, seen.Result.Outcome.String())
}
