package wiretest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestEveryGeneratedPacketIsOneThatBuildTakesAndParseReturns(t *testing.T) {
	for name, generator := range map[string]*rapid.Generator[wire.Packet]{
		"Packet": wiretest.Packet(), "TCPPacket": wiretest.TCPPacket(), "ICMPPacket": wiretest.ICMPPacket(),
	} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			p := generator.Draw(t, "packet")
			b, err := wire.Build(p)
			require.NoError(t, err)
			got, err := wire.Parse(b)
			require.NoError(t, err)
			require.Equal(t, p, got)
		}))
	}
}

// What the generators never make, the properties of other packages never test.
func TestTheGeneratorReachesEveryKindOfPacket(t *testing.T) {
	seen := map[string]bool{}
	for seed := range 2000 {
		p := wiretest.Packet().Example(seed)
		see := func(what string, is bool) { seen[what] = seen[what] || is }
		see("TCP over IPv4", p.Proto == wire.TCP && p.Src.Is4())
		see("TCP over IPv6", p.Proto == wire.TCP && p.Src.Is6())
		see("ICMP", p.Proto == wire.ICMP && p.Src.Is4())
		see("ICMPv6", p.Proto == wire.ICMP && p.Src.Is6())
		see("ICMP error", p.ICMPKind() != wire.NotICMPError)
		see("odd payload", len(p.TCP.Payload)%2 == 1)
		see("bare RST", p.TCP.Flags == wire.RST && len(p.TCP.Payload) == 0)
		see("full options", len(p.TCP.Options) == 40)
		for kind, data := range p.TCP.Options.All() {
			see("MSS", kind == wire.MaxSegment && len(data) == 2)
			see("SACK", kind == wire.SACK && len(data)%8 == 0)
			see("timestamps", kind == wire.Timestamps && len(data) == 8)
			see("unknown option", kind > 100)
			see("padding that is not zero", kind == wire.EndOfOptions && len(data) > 0 && data[0] != 0)
		}
	}
	for _, what := range []string{
		"TCP over IPv4", "TCP over IPv6", "ICMP", "ICMPv6", "ICMP error", "odd payload", "bare RST",
		"full options", "MSS", "SACK", "timestamps", "unknown option", "padding that is not zero",
	} {
		require.True(t, seen[what], what)
	}
}
