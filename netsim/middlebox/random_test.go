package middlebox_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/middlebox"
	"rstlab/netsim/wire"
	"rstlab/netsim/wire/wiretest"
)

// action is a packet that arrives some time after the one before, or a look at
// the clock.
type action struct {
	after time.Duration
	from  middlebox.Side
	p     wire.Packet
}

// few is a segment between few ends, so that flows come about.
func few() *rapid.Generator[wire.Packet] {
	insiders := []netip.AddrPort{client, client2}
	outsiders := []netip.AddrPort{server, stranger, mapped(1024), mapped(1025)}
	return rapid.Custom(func(t *rapid.T) wire.Packet {
		src, dst := rapid.SampledFrom(insiders).Draw(t, "src"), rapid.SampledFrom(outsiders).Draw(t, "dst")
		if rapid.Bool().Draw(t, "back") {
			src, dst = dst, src
		}
		flags := rapid.SampledFrom([]string{"S", "S.", ".", "P.", "F.", "R", "R."}).Draw(t, "flags")
		return tcp(src, dst, seg(flags, rapid.Uint32Range(0, 50).Draw(t, "seq"), rapid.Uint32Range(0, 50).Draw(t, "ack"), ""))
	})
}

func actions() *rapid.Generator[[]action] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) action {
		packets := few()
		if rapid.IntRange(0, 3).Draw(t, "garbage") == 0 {
			packets = wiretest.Packet()
		}
		return action{
			after: time.Duration(rapid.Int64Range(0, int64(3*time.Minute)).Draw(t, "after")),
			from:  rapid.SampledFrom([]middlebox.Side{inside, outside}).Draw(t, "from"),
			p:     packets.Draw(t, "packet"),
		}
	}), 1, 40)
}

// boxes make every kind of box, with settings that make it do much.
var boxes = map[string]func() (middlebox.Box, error){
	"firewall": func() (middlebox.Box, error) {
		return middlebox.NewFirewall(middlebox.FirewallConfig{
			Default: middlebox.Prohibit, Stray: middlebox.Reject, ResetIdle: true, MaxFlows: 3, Full: middlebox.Reject,
			Kill:     &middlebox.Kill{After: 10 * time.Second, Reset: middlebox.BothEnds},
			Timeouts: middlebox.Timeouts{Established: time.Minute},
		})
	},
	"loose firewall": func() (middlebox.Box, error) {
		return middlebox.NewFirewall(middlebox.FirewallConfig{Default: middlebox.Accept, Stray: middlebox.Accept, ResetIdle: true})
	},
	"nat": func() (middlebox.Box, error) {
		return middlebox.NewNAT(middlebox.NATConfig{
			Address: external, Unknown: middlebox.ResetSender, MaxFlows: 3, Full: middlebox.FullEvict, LastPort: 1030, FirstPort: 1024,
		})
	},
	"loose nat": func() (middlebox.Box, error) {
		return middlebox.NewNAT(middlebox.NATConfig{Address: external, Unknown: middlebox.Remap, FirstPort: 1024, LastPort: 1025})
	},
	"observer": func() (middlebox.Box, error) {
		return middlebox.NewObserver(middlebox.ObserverConfig{Triggers: []middlebox.Trigger{{Forge: []middlebox.Forgery{
			{To: middlebox.ToBoth, Flags: wire.RST | wire.ACK, Count: 2, Stride: 7},
			{Flags: wire.FIN | wire.ACK, After: time.Second, Seq: middlebox.Number{Base: middlebox.Edge}, Payload: []byte("x")},
		}}}})
	},
}

// play shows the packets to a box, as a network does, and lists all that it did.
func play(t require.TestingT, box middlebox.Box, todo []action) []middlebox.Result {
	var did []middlebox.Result
	now := time.Duration(0)
	for _, a := range todo {
		until := now + a.after
		for at, ok := box.Deadline(); ok && at <= until; at, ok = box.Deadline() {
			require.GreaterOrEqual(t, at, now, "nothing is due in the past")
			now = at
			did = append(did, middlebox.Result{Send: box.Expire(at)})
		}
		now = until
		p := a.p.Clone()
		r := box.Handle(now, a.from, &p)
		require.Equal(t, a.p, p, "the packet is not written to")
		did = append(did, r)
	}
	return did
}

// TestBoxesTakeAnything: no packet makes a box panic, all that it sends can be put
// on the wire, and the same packets have the same effect again.
func TestBoxesTakeAnything(t *testing.T) {
	for name, build := range boxes {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				todo := actions().Draw(t, "actions")
				first, err := build()
				require.NoError(t, err)
				second, err := build()
				require.NoError(t, err)
				did := play(t, first, todo)
				require.Equal(t, did, play(t, second, todo), "deterministic")
				for _, r := range did {
					if r.Drop == "" && r.Packet.Src.IsValid() {
						valid(t, r.Packet)
					}
					for _, p := range r.Send {
						valid(t, p)
					}
				}
			})
		})
	}
}

// valid requires that a packet survives the wire, its checksums verified.
func valid(t require.TestingT, p wire.Packet) {
	raw, err := wire.Build(p)
	require.NoError(t, err)
	_, err = wire.Parse(raw)
	require.NoError(t, err)
}

// TestTranslationIsInverse: whatever goes out, the answer to it gets back to where
// it came from, and nothing but the address and port is changed.
func TestTranslationIsInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nat, err := middlebox.NewNAT(middlebox.NATConfig{Address: external, Unknown: middlebox.Remap})
		require.NoError(t, err)
		owner := map[netip.AddrPort]netip.AddrPort{}
		for i := range rapid.IntRange(1, 20).Draw(t, "segments") {
			p := wiretest.TCPPacket().Draw(t, "packet")
			if !p.Src.Is4() || p.Dst == external || p.TCP.Flags.Has(wire.RST) {
				continue
			}
			now := time.Duration(i) * time.Second
			out := nat.Handle(now, inside, &p)
			require.Empty(t, out.Drop)
			back := p
			back.Src, back.TCP.SrcPort = out.Packet.Src, out.Packet.TCP.SrcPort
			require.Equal(t, back, out.Packet)
			if was, ok := owner[from(out.Packet)]; ok {
				require.Equal(t, was, from(p), "a port belongs to one end")
			}
			owner[from(out.Packet)] = from(p)
			answer := tcp(to(p), from(out.Packet), seg(".", 1, 1, "answer"))
			in := nat.Handle(now, outside, &answer)
			require.Empty(t, in.Drop)
			require.Equal(t, tcp(to(p), from(p), seg(".", 1, 1, "answer")), in.Packet)
		}
	})
}
