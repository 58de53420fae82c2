package truth_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/truth"
)

// TestEveryDifferenceFromLinuxIsExplained runs all that was recorded. A
// difference without a cause fails, and so does a cause whose difference is
// gone.
func TestEveryDifferenceFromLinuxIsExplained(t *testing.T) {
	known, found := map[truth.Item]bool{}, map[truth.Item]bool{}
	for _, c := range truth.Causes(truth.DefaultStack) {
		require.NotEmpty(t, c.Items, c.ID)
		for _, i := range c.Items {
			known[i] = true
		}
	}
	var all []*truth.Comparison
	var unexplained, gone []string
	for _, f := range append(recorded(t), recordedMore(t)...) {
		c, err := truth.Compare(f, truth.DefaultStack)
		require.NoError(t, err)
		all = append(all, c)
		for _, d := range c.Differences {
			i := truth.Item{File: f.ID, Difference: d}
			if found[i] = true; !known[i] {
				unexplained = append(unexplained, source(i))
			}
		}
	}
	for _, c := range truth.Causes(truth.DefaultStack) {
		for _, i := range c.Items {
			if !found[i] {
				gone = append(gone, c.ID+": "+source(i))
			}
		}
	}
	require.Empty(t, strings.Join(unexplained, "\n"), "find out why, and add them to a cause")
	require.Empty(t, strings.Join(gone, "\n"), "they do not occur any more: take them out of their cause")
	golden(t, "../differences.md", truth.Document(truth.DefaultStack, all)+foundByFuzzing(t))
}

// foundByFuzzing is the end of the document, which the test of cases/fuzz writes.
func foundByFuzzing(t *testing.T) string {
	raw, err := os.ReadFile("../differences.md")
	require.NoError(t, err)
	if at := strings.Index(string(raw), "\n# What fuzzing found\n"); at >= 0 {
		return string(raw[at:])
	}
	return ""
}

// source is an item as it stands in the list of a cause.
func source(i truth.Item) string {
	return fmt.Sprintf("{%q, Difference{%q, %q, %q}},", i.File, i.What, i.Want, i.Got)
}

func TestOfEveryRecordingHereAllDifferencesAreListed(t *testing.T) {
	for _, f := range append(recorded(t), recordedMore(t)...) {
		psh := truth.Difference{What: "A>B PSH", Want: "also in 1000000", Got: "in no other segment"}
		require.Empty(t, truth.Explain(truth.DefaultStack, f.ID, psh), "%s is missing among the known", f.ID)
	}
}

// TestTheModelOfLinuxIsLinux holds the profile linux of package tcpmodel against
// what was recorded.
func TestTheModelOfLinuxIsLinux(t *testing.T) {
	found := map[truth.Item]bool{}
	for _, f := range slices.Concat(recorded(t), recordedMore(t), recordedForProfile(t), recordedFresh(t), recordedByHand(t)) {
		c, err := truth.Compare(f, "linux")
		require.NoError(t, err)
		require.Empty(t, c.NotModelled, f.ID)
		for _, d := range c.Differences {
			require.NotEmpty(t, truth.Explain("linux", f.ID, d), "%s (%s): nobody has explained %s", f.ID, f.Title, d)
			found[truth.Item{File: f.ID, Difference: d}] = true
		}
	}
	for _, c := range truth.Causes("linux") {
		for _, i := range c.Items {
			require.True(t, found[i], "%s explains what does not occur any more: %s: %s", c.ID, i.File, i.Difference)
		}
	}
}

func TestCausesSpeakOfTheVersionOfNetstackInUse(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	require.Contains(t, string(mod), "gvisor.dev/gvisor "+truth.NetstackVersion)
}

func TestCausesSayWhatWhereAndWhichIsRight(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range truth.Causes(truth.DefaultStack) {
		require.False(t, seen[c.ID], c.ID)
		seen[c.ID] = true
		require.NotEmpty(t, c.Title, c.ID)
		require.NotEmpty(t, c.What, c.ID)
		require.Regexp(t, `transport/tcp/\w+\.go`, c.Code, c.ID)
		require.Regexp(t, `RFC \d+ section|RFC \d+ has|No RFC`, c.Right, c.ID)
	}
	require.Empty(t, truth.Causes("no such stack"))
}
