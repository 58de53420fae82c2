package wire_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

func TestAccessorsReadWhatTheBuildersAppend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mss := rapid.Uint16().Draw(t, "mss")
		shift := rapid.Uint8().Draw(t, "shift")
		val, ecr := rapid.Uint32().Draw(t, "val"), rapid.Uint32().Draw(t, "ecr")
		block := wire.SACKBlock{Left: wiretest.Seq().Draw(t, "left"), Right: wiretest.Seq().Draw(t, "right")}
		o := wire.Options(nil).AppendMSS(mss).AppendNOP().AppendWindowScale(shift).
			AppendSACKPermitted().AppendTimestamps(val, ecr).AppendSACK(block).
			AppendOption(wire.UserTimeout, []byte{0x80, 1}).Pad()
		require.NoError(t, o.Validate())

		gotMSS, ok := o.MSS()
		require.True(t, ok)
		require.Equal(t, mss, gotMSS)
		gotShift, ok := o.WindowScale()
		require.True(t, ok)
		require.Equal(t, shift, gotShift, "as on the wire, even above 14")
		gotVal, gotEcr, ok := o.Timestamps()
		require.True(t, ok)
		require.Equal(t, []uint32{val, ecr}, []uint32{gotVal, gotEcr})
		require.True(t, o.SACKPermitted())
		require.Equal(t, []wire.SACKBlock{block}, slices.Collect(o.SACKBlocks()))
	})
}

func TestAccessorsFindNothingInNoOptions(t *testing.T) {
	for _, o := range []wire.Options{nil, {}, {1, 1, 1, 1}, {0, 0, 0, 0}} {
		_, ok := o.MSS()
		require.False(t, ok)
		_, ok = o.WindowScale()
		require.False(t, ok)
		_, _, ok = o.Timestamps()
		require.False(t, ok)
		require.False(t, o.SACKPermitted())
		require.Empty(t, slices.Collect(o.SACKBlocks()))
	}
}

func TestAccessorsPassOverOptionsOfAWrongLength(t *testing.T) {
	o := wire.Options(nil).AppendOption(wire.MaxSegment, []byte{1, 2, 3}).AppendMSS(1460).
		AppendOption(wire.SACK, make([]byte, 9)).AppendOption(wire.SACKPermitted, []byte{0}).Pad()
	require.NoError(t, o.Validate())
	mss, ok := o.MSS()
	require.True(t, ok)
	require.Equal(t, uint16(1460), mss)
	require.False(t, o.SACKPermitted())
	require.Empty(t, slices.Collect(o.SACKBlocks()))
}

func TestAccessorsStopAtEndOfOptions(t *testing.T) {
	o := wire.Options{0, 2, 4, 5, 180, 0, 0, 0}
	require.NoError(t, o.Validate())
	_, ok := o.MSS()
	require.False(t, ok, "what follows is padding")
}

func TestAllYieldsTheWholeListInItsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := wiretest.Options().Draw(t, "options")
		var again wire.Options
		for kind, data := range o.All() {
			switch kind {
			case wire.EndOfOptions:
				again = append(append(again, 0), data...)
			case wire.NoOperation:
				require.Nil(t, data)
				again = again.AppendNOP()
			default:
				again = again.AppendOption(kind, data)
			}
		}
		require.Equal(t, o, again)
	})
}

func TestOptionsAcceptAnyBytesAndNeverPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := wire.Options(wiretest.Bytes(60).Draw(t, "bytes"))
		_, _ = o.MSS()
		_, _ = o.WindowScale()
		_, _, _ = o.Timestamps()
		_ = o.SACKPermitted()
		for range o.SACKBlocks() {
			break
		}
		for range o.All() {
			break
		}
		_ = o.String()
		if o.Validate() == nil {
			p := syn4()
			p.TCP.Options = o
			_ = build(t, p)
		}
	})
}

func TestAccessorsAllocateNothing(t *testing.T) {
	o := wire.Options(nil).AppendMSS(1).AppendSACKPermitted().AppendTimestamps(1, 2).
		AppendSACK(wire.SACKBlock{Left: 1, Right: 2}, wire.SACKBlock{Left: 5, Right: 6}).Pad()
	var sum uint32
	require.Zero(t, testing.AllocsPerRun(100, func() {
		mss, _ := o.MSS()
		shift, _ := o.WindowScale()
		val, ecr, _ := o.Timestamps()
		sum += uint32(mss) + uint32(shift) + val + ecr
		for b := range o.SACKBlocks() {
			sum += b.Left
		}
		for kind, data := range o.All() {
			sum += uint32(kind) + uint32(len(data))
		}
		if o.Validate() != nil || !o.SACKPermitted() {
			sum++
		}
	}))
}

func TestPadFillsUpWithZeros(t *testing.T) {
	require.Nil(t, wire.Options(nil).Pad())
	require.Equal(t, wire.Options{4, 2, 0, 0}, wire.Options(nil).AppendSACKPermitted().Pad())
	require.Equal(t, wire.Options{1, 4, 2, 0}, wire.Options(nil).AppendNOP().AppendSACKPermitted().Pad())
	require.Equal(t, wire.Options{2, 4, 5, 180}, wire.Options(nil).AppendMSS(1460).Pad())
}

func TestBuildersRefuseWhatNoLengthOctetCounts(t *testing.T) {
	require.Panics(t, func() { wire.Options(nil).AppendOption(99, make([]byte, 254)) })
	require.Panics(t, func() { wire.Options(nil).AppendSACK(make([]wire.SACKBlock, 32)...) })
	require.Empty(t, wire.Options(nil).AppendSACK())
}
