package fuzz_test

import (
	"cmp"
	"flag"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

var agreeRuns = flag.Uint64("agree", 1500, "how many scenarios TestNetstackAndItsModelSendTheSame makes")

// TestNetstackAndItsModelSendTheSame compares outcomes and packets also on links that lose,
// copy and reorder: when a host has sent what, but for the order within one instant, which
// timers and arrivals may have either way. That can have consequences, so that a few runs
// differ; how many was measured, see the package's documentation.
func TestNetstackAndItsModelSendTheSame(t *testing.T) {
	runs := *agreeRuns
	if testing.Short() {
		runs = min(runs, 300)
	}
	for _, perfect := range []bool{true, false} {
		t.Run(map[bool]string{true: "lossless", false: "lossy"}[perfect], func(t *testing.T) {
			compared, outcomes, numbers, packets := 0, 0, 0, 0
			for seed := range runs {
				s := gen.Scenario(gen.Random(seed), gen.Config{Stacks: []string{cases.DefaultStack}, Perfect: perfect})
				if !modelled(s) {
					continue
				}
				results := onBoth(t, s, seed)
				compared++
				if d := fuzz.Compare(results[0], results[1]); d != nil {
					t.Logf("seed %d: %v", seed, d)
					outcomes++
				}
				own, other := sendings(results[0].Trace), sendings(results[1].Trace)
				if len(own) != len(other) {
					numbers++
				}
				if !slices.Equal(own, other) {
					t.Logf("seed %d: %d and %d packets", seed, len(own), len(other))
					packets++
				}
			}
			t.Logf("of %d scenarios %d differ in outcome, %d in packets, %d of these in their number", compared, outcomes, packets, numbers)
			require.Greater(t, compared, 50)
			require.LessOrEqual(t, outcomes, compared/5000)
			require.LessOrEqual(t, packets, compared/500+1)
		})
	}
}

// modelled reports whether the model has all that a scenario is about: not CUBIC; and a bit
// that is flipped in numbers which differ has other consequences.
func modelled(s *cases.Scenario) bool {
	text := cases.Print(s)
	if strings.Contains(text, "cubic") || strings.Contains(text, "corrupt") {
		return false
	}
	s = s.Clone()
	s.Rules = nil
	for i := range s.Links {
		l := &s.Links[i]
		l.Both, l.AB, l.BA = cases.LinkSettings{}, cases.LinkSettings{}, cases.LinkSettings{}
	}
	return fuzz.Comparable(s)
}

// onBoth runs a scenario, untied, on netstack and on its model.
func onBoth(t *testing.T, s *cases.Scenario, seed uint64) (results [2]*cases.Result) {
	t.Helper()
	bound, err := fuzz.Untied(s).Bind(nil)
	require.NoError(t, err, "seed %d", seed)
	for i, stack := range []string{cases.DefaultStack, "netstack-model"} {
		results[i], err = bound.Run(cases.RunConfig{Seed: seed, Stacks: map[string]string{"": stack}, StepLimit: fuzz.StepLimit, KeepTrace: true})
		require.NoError(t, err, "seed %d on %s", seed, stack)
	}
	return results
}

// sending is a segment as two runs can have it alike: without ports and numbers.
type sending struct {
	at    int64
	host  string
	flags wire.Flags
	text  int
}

// sendings is what hosts have sent of TCP, in an order of its own within one instant.
func sendings(t *trace.Trace) (all []sending) {
	for i := range t.Events {
		if e := &t.Events[i]; e.Kind == trace.Sent && e.Packet.Proto == wire.TCP {
			all = append(all, sending{int64(e.At), e.Host, e.Packet.TCP.Flags, len(e.Packet.TCP.Payload)})
		}
	}
	slices.SortStableFunc(all, func(a, b sending) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.host, b.host), cmp.Compare(a.flags, b.flags), cmp.Compare(a.text, b.text))
	})
	return all
}
