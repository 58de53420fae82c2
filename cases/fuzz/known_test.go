package fuzz_test

import (
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
)

var seedInClaim = regexp.MustCompile(`--seed (\d+)`)

// TestEveryKnownDeviationIsShown: the scenarios in testdata show each deviation of
// the list, so that one that a new netstack no longer has does not stay in it. A
// file is named INVARIANT--CASE.txt; more may follow behind another "--". The seed is
// 0, or that in the claim.
func TestEveryKnownDeviationIsShown(t *testing.T) {
	files, err := filepath.Glob("testdata/known/*.txt")
	require.NoError(t, err)
	shown := map[fuzz.Deviation][]string{}
	for _, file := range files {
		s, err := cases.ReadFile(file)
		require.NoError(t, err)
		require.NotEmpty(t, s.Claim, file)
		name := strings.SplitN(s.Name, "--", 3)
		seen := fuzz.Check(s, seedOf(t, s), nil)
		require.Empty(t, seen.Failures, "%s: nothing else is wrong", file)
		found := false
		for _, d := range deviationsOf(seen.Known, name[1]) {
			if fileName(d.Property) == name[0] && fileName(d.Case) == name[1] {
				found = true
			}
			shown[d] = append(shown[d], file)
		}
		require.True(t, found, "%s: netstack no longer does it: remove the deviation and this file", file)
	}
	for _, d := range fuzz.Deviations() {
		require.NotEmpty(t, shown[d], "no scenario shows %s: %s", d.Property, d.Case)
		require.NotEmpty(t, d.What)
		require.Regexp(t, `^pkg/.*\.go:\d+ .*, gvisor v|^tcpmodel/.*\.go \(`, d.Where)
	}
	checkDocument(t, shown)
}

// deviationsOf are the deviations that a file's run met. Where a float that is greater than any
// integer becomes the greatest, and not the least as on amd64, the congestion window that CUBIC
// divides by no round trip for is that, and the stall is a burst.
func deviationsOf(met []fuzz.Met, which string) (all []fuzz.Deviation) {
	infinity := math.Inf(1)
	if which == "no-round-trip" && int(infinity) > 0 {
		return slices.DeleteFunc(fuzz.Deviations(), func(d fuzz.Deviation) bool { return fileName(d.Case) != which })
	}
	for _, v := range met {
		all = append(all, v.Deviation)
	}
	return all
}

// TestWhatWasMendedStaysMended: each scenario in testdata/mended broke a property, was a
// fault of ours, and breaks none now.
func TestWhatWasMendedStaysMended(t *testing.T) {
	files, err := filepath.Glob("testdata/mended/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		s, err := cases.ReadFile(file)
		require.NoError(t, err)
		require.NotEmpty(t, s.Claim, "%s: says what was wrong", file)
		require.Empty(t, fuzz.Check(s, seedOf(t, s), nil).Failures, file)
	}
}

// seedOf is the seed that a scenario's claim says, or 0.
func seedOf(t *testing.T, s *cases.Scenario) uint64 {
	t.Helper()
	found := seedInClaim.FindStringSubmatch(s.Claim)
	if found == nil {
		return 0
	}
	seed, err := strconv.ParseUint(found[1], 10, 64)
	require.NoError(t, err)
	return seed
}

// fileName is a name as it stands in that of a file.
func fileName(name string) string { return strings.NewReplacer(" ", "-", ":", "-").Replace(name) }

// TestASYNCookieLosesData is the worst of the deviations: the stream loses its
// begin, and both ends think that all is well.
func TestASYNCookieLosesData(t *testing.T) {
	s, err := cases.ReadFile("testdata/known/state-has-cause--SYN-cookie--lost-data.txt")
	require.NoError(t, err)
	seen := fuzz.Check(s, 0, nil)
	require.Equal(t, `server: recvloop="ello",EOF | client: recv=blocked`, seen.Result.Outcome.String())
}
