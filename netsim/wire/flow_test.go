package wire_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/wire"
)

// TestOnlyUncoveredBitsGoUnnoticed flips each bit of a datagram: it is parsed, with its
// checksums, exactly when no checksum covers the bit, and then TCP is whole.
func TestOnlyUncoveredBitsGoUnnoticed(t *testing.T) {
	for _, addrs := range [][2]string{{"10.0.0.1", "10.0.0.2"}, {"fd00::1", "fd00::2"}} {
		p := wire.Packet{Src: netip.MustParseAddr(addrs[0]), Dst: netip.MustParseAddr(addrs[1]), TTL: 64, TOS: 4, Proto: wire.TCP}
		p.TCP = wire.Segment{SrcPort: 1000, DstPort: 80, Seq: 7, Ack: 9, Flags: wire.ACK | wire.PSH, Window: 100, Payload: []byte("text")}
		datagram, err := wire.Build(p)
		require.NoError(t, err)
		uncovered := 0
		for bit := range 8 * len(datagram) {
			flipped := append([]byte(nil), datagram...)
			flipped[bit/8] ^= 1 << (bit % 8)
			got, err := wire.Parse(flipped)
			require.Equal(t, p.Uncovered(bit), err == nil, "%s: bit %d: %v", addrs[0], bit, err)
			if err == nil {
				uncovered++
				require.Equal(t, p.TCP, got.TCP)
				require.Equal(t, p.Flow(), got.Flow())
			}
		}
		require.Equal(t, p.Src.Is6(), uncovered == 8+20+8, "traffic class, flow label and hop limit: %d", uncovered)
	}
}

func TestAFlowHasTwoEndsAndPlainAddresses(t *testing.T) {
	a, b := netip.MustParseAddrPort("10.0.0.1:1"), netip.MustParseAddrPort("10.0.0.2:2")
	f := wire.FlowOf(netip.MustParseAddrPort("[::ffff:10.0.0.1]:1"), b)
	require.Equal(t, wire.Flow{Local: a, Remote: b}, f)
	require.Equal(t, wire.Flow{Local: b, Remote: a}, f.Reverse())
}
