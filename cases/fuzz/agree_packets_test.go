package fuzz_test

import (
	"cmp"
	"flag"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/cases/gen"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

var agreeRuns = flag.Uint64("agree", 1500, "how many scenarios TestNetstackAndItsModelSendTheSame makes")

// TestNetstackAndItsModelSendTheSame compares outcomes and packets also on links that lose,
// copy and reorder: when a host has sent what, but for the order within one instant. The
// package's documentation says of how many scenarios that was measured.
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
			require.Zero(t, outcomes)
			require.Zero(t, packets)
		})
	}
}

// TestWhatAgreesIsSentAlike: each scenario in testdata/mended in which netstack and its model
// did something else sends the same on both now.
func TestWhatAgreesIsSentAlike(t *testing.T) {
	files, err := filepath.Glob("testdata/mended/agree-*.txt")
	require.NoError(t, err)
	compared := 0
	for _, file := range files {
		s, err := cases.ReadFile(file)
		require.NoError(t, err)
		if !modelled(s) {
			continue // it is of a meddler, and TestWhatWasMendedStaysMended looks at the outcome
		}
		compared++
		results := onBoth(t, s, seedOf(t, s))
		require.Nil(t, fuzz.Compare(results[0], results[1]), file)
		require.Equal(t, sendings(results[0].Trace), sendings(results[1].Trace), file)
	}
	require.Greater(t, compared, 15)
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

// sending is a segment as two runs can have it alike: its numbers are those of its flow, as
// ports, initial numbers and timestamps are drawn from other streams of the seed.
type sending struct {
	at       int64
	host     string
	flags    wire.Flags
	text     int
	seq, ack uint32
	window   uint16
	options  string // which there are, and what they say but for the numbers
}

// sendings is what hosts have sent of TCP, in an order of its own within one instant.
func sendings(t *trace.Trace) (all []sending) {
	type flow struct{ from, to netip.AddrPort }
	first := map[flow][]uint32{} // the numbers of its SYNs and SYN cookies
	for i := range t.Events {
		e := &t.Events[i]
		if e.Kind != trace.Sent || e.Packet.Proto != wire.TCP {
			continue
		}
		p, g := e.Packet, &e.Packet.TCP
		own, other := flow{p.Source(), p.Destination()}, flow{p.Destination(), p.Source()}
		if g.Flags.Has(wire.SYN) {
			first[own] = append(first[own], g.Seq)
		}
		x := sending{at: int64(e.At), host: e.Host, flags: g.Flags, text: len(g.Payload), seq: relative(g.Seq, first[own]), window: g.Window}
		if g.Flags.Has(wire.ACK) {
			x.ack = relative(g.Ack, first[other])
		}
		o := tcpmodel.FromWire(g).Options
		if o.HasTimestamps {
			o.TSVal, o.TSEcr = 1, 1
		}
		for j := range o.Blocks[:o.NumBlocks] {
			o.Blocks[j].Left = relative(o.Blocks[j].Left, first[other])
			o.Blocks[j].Right = relative(o.Blocks[j].Right, first[other])
		}
		x.options = fmt.Sprint(o)
		all = append(all, x)
	}
	slices.SortStableFunc(all, func(a, b sending) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.host, b.host), cmp.Compare(a.flags, b.flags),
			cmp.Compare(a.text, b.text), cmp.Compare(a.seq, b.seq), cmp.Compare(a.ack, b.ack), cmp.Compare(a.window, b.window), cmp.Compare(a.options, b.options))
	})
	return all
}

// relative is a number counted from the nearest SYN of its flow; far is one that is near to
// none, and 0 stands as it is: what has no number yet sends it.
func relative(number uint32, first []uint32) uint32 {
	const far = 1 << 24
	nearest := int32(far)
	for _, x := range first {
		if d := wire.SeqDiff(number, x); max(d, -d) < max(nearest, -nearest) {
			nearest = d
		}
	}
	if number == 0 {
		return 0
	}
	return uint32(nearest)
}
