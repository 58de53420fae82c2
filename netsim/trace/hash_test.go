package trace

import (
	"bytes"
	"encoding/json"
	"hash"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"rstlab/netsim/wire"
)

func TestHashOfTraceIsThatOfItsRecorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := genTrace().Draw(t, "trace")
		keeping, counting := NewRecorder(true), NewRecorder(false)
		for i := range tr.Events {
			e := tr.Events[i]
			keeping.Record(&e)
			if i == len(tr.Events)/2 {
				keeping.Hash()
			}
			counting.Record(&e)
		}
		require.Equal(t, keeping.Trace().Hash(), keeping.Hash(), "asking for the hash in between does not disturb it")
		require.Equal(t, keeping.Hash(), counting.Hash(), "keeping events does not matter")
		require.Nil(t, counting.Trace())
	})
}

func TestHashDiffersWhenTracesDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genTrace().Draw(t, "a"), genTrace().Draw(t, "b")
		if rapid.Bool().Draw(t, "prefix") { // the hardest case: one is the begin of the other
			b = &Trace{Events: a.Events[:rapid.IntRange(0, len(a.Events)).Draw(t, "n")]}
		}
		require.Equal(t, Diff(a, b) == nil, a.Hash() == b.Hash())
	})
}

// encoding is all that is hashed for e, as the hasher itself gives it to SHA-256.
func encoding(e *Event) []byte {
	var got tap
	h := hasher{sha: &got}
	h.event(e)
	h.flush()
	return got.Bytes()
}

// tap stands in the place of SHA-256 and keeps what it is given.
type tap struct {
	hash.Hash
	bytes.Buffer
}

func (t *tap) Write(b []byte) (int, error) { return t.Buffer.Write(b) }

func (t *tap) Reset() { t.Buffer.Reset() }

func TestHashCoversEveryByteOfLongPayloads(t *testing.T) {
	for _, size := range []int{1, smallBlob - 1, smallBlob, smallBlob + 1, 1448, 65000} {
		for _, at := range []int{0, size / 2, size - 1} {
			e := Event{Kind: Sent, Number: 1}
			e.Packet.TCP.Payload = bytes.Repeat([]byte{'x'}, size)
			r := Event{Kind: Return, Op: "recv", N: size, Data: bytes.Repeat([]byte{'x'}, size)}
			before := (&Trace{Events: []Event{e, r}}).Hash()
			e.Packet.TCP.Payload[at] ^= 1
			sent := (&Trace{Events: []Event{e, r}}).Hash()
			require.NotEqual(t, before, sent, "payload of %d bytes, byte %d", size, at)
			r.Data[at] ^= 1
			require.NotEqual(t, sent, (&Trace{Events: []Event{e, r}}).Hash(), "data of %d bytes, byte %d", size, at)
		}
	}
}

func TestEncodingIsSelfDelimiting(t *testing.T) {
	gen := rapid.Custom(func(t *rapid.T) Event {
		tr := genTrace().Filter(func(tr *Trace) bool { return len(tr.Events) > 0 }).Draw(t, "trace")
		return tr.Events[0]
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := gen.Draw(t, "a"), gen.Draw(t, "b")
		b.Seq = a.Seq
		if bytes.HasPrefix(encoding(&a), encoding(&b)) {
			require.True(t, a.Equal(&b), "no event's encoding begins another's, so lists of events cannot be confused")
		}
	})
}

// fields calls f for each basic field of an event, and a setter that gives it
// another value.
func fields(f func(path string, change func(e *Event))) {
	walkFields(reflect.TypeFor[Event](), "", nil, f)
}

func walkFields(typ reflect.Type, path string, index []int, f func(string, func(*Event))) {
	for i := range typ.NumField() {
		field := typ.Field(i)
		here := append(append([]int{}, index...), i)
		name := path + field.Name
		if field.Type.Kind() == reflect.Struct && field.Type.PkgPath() != "net/netip" {
			walkFields(field.Type, name+".", here, f)
			continue
		}
		f(name, func(e *Event) { changeField(reflect.ValueOf(e).Elem().FieldByIndex(here)) })
	}
}

func changeField(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *netip.Addr:
		*x = nextAddr(*x)
	case *netip.AddrPort:
		*x = netip.AddrPortFrom(nextAddr(x.Addr()), x.Port()+1)
	case *bool:
		*x = !*x
	case *string:
		*x += "x"
	case *[]byte:
		*x = append(append([]byte{}, *x...), 'x')
	case *wire.Options:
		*x = append(append(wire.Options{}, *x...), 1, 1, 1, 1)
	default:
		if v.CanInt() {
			v.SetInt(v.Int() + 1)
		} else {
			v.SetUint(v.Uint() + 1)
		}
	}
}

func nextAddr(a netip.Addr) netip.Addr {
	if !a.IsValid() {
		return netip.MustParseAddr("192.0.2.77")
	}
	return a.Next()
}

func TestHashCoversEveryField(t *testing.T) {
	bases := []Event{{}}
	for k := Sent; k.valid(); k++ {
		bases = append(bases, Event{Kind: k})
		full := Event{Kind: k}
		fields(func(path string, change func(*Event)) {
			if path != "Kind" {
				change(&full)
			}
		})
		bases = append(bases, full)
	}
	n := 0
	for _, base := range bases {
		fields(func(path string, change func(*Event)) {
			n++
			changed := base
			change(&changed)
			require.False(t, base.Equal(&changed), "kind %s, %s", base.Kind, path)
			if base.Kind == Call && path == "Data" {
				return // see TestTheHashDoesNotTellWhetherACallHasAllThatASendIsGiven
			}
			require.NotEqual(t, encoding(&base), encoding(&changed), "kind %s, %s", base.Kind, path)
			a, b := Trace{Events: []Event{base}}, Trace{Events: []Event{changed}}
			require.NotEqual(t, a.Hash(), b.Hash(), "kind %s, %s", base.Kind, path)
		})
	}
	require.Equal(t, len(bases)*43, n, "an Event has so many basic fields; is a new one encoded?")
}

func TestHashTakesPayloadWherePacketsEnter(t *testing.T) {
	hashOf := func(kind Kind, payload string) Hash {
		e := Event{Kind: kind, Number: 1}
		e.Packet.TCP.Payload = []byte(payload)
		return (&Trace{Events: []Event{e}}).Hash()
	}
	for k := Sent; k <= Injected; k++ {
		require.Equal(t, !k.enters(), hashOf(k, "one") == hashOf(k, "two"), "%s: the same length", k)
		require.NotEqual(t, hashOf(k, "one"), hashOf(k, "three"), "%s: another length", k)
	}
}

func TestHashIsPinned(t *testing.T) {
	require.Equal(t, closeRaceHash, closeRace().Hash().String(),
		"hashes are kept in goldens and regression files: a change needs a new encoding number")
}

func TestHashTexts(t *testing.T) {
	h := closeRace().Hash()
	require.Equal(t, closeRaceHash, h.Short()+h.String()[16:])
	text, err := json.Marshal(h)
	require.NoError(t, err)
	require.Equal(t, `"`+closeRaceHash+`"`, string(text))
	var back Hash
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, h, back)
	require.ErrorContains(t, back.UnmarshalText([]byte("1234")), "64 hexadecimal digits")
	require.Error(t, back.UnmarshalText(bytes.Repeat([]byte("x"), 64)))
	require.Equal(t, h, back, "an error leaves it as it was")
}

func TestRecordAllocatesNothing(t *testing.T) {
	r := NewRecorder(false)
	small, large, ret := benchEvents()
	for range 100 { // until buffers have grown
		r.Record(&small)
	}
	for _, e := range []*Event{&small, &large, &ret} {
		require.Zero(t, testing.AllocsPerRun(1000, func() { r.Record(e) }), "kind %s", e.Kind)
	}
}

func benchEvents() (small, large, ret Event) {
	small = Event{
		At: 100 * time.Millisecond, Kind: Sent, Host: "client", Number: 17, Peer: "server",
		Packet: wire.Packet{
			Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2"), TTL: 64, DF: true,
			TCP: wire.Segment{
				SrcPort: 49152, DstPort: 80, Seq: 305419897, Ack: 305419896, Flags: wire.PSH | wire.ACK,
				Window: 512, Options: wire.Options("\x01\x01\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x02"), Payload: []byte("GET /"),
			},
		},
	}
	large = small
	large.Packet.TCP.Payload = bytes.Repeat([]byte("0123456789abcdef"), 1448/16+1)[:1448]
	ret = Event{At: time.Second, Kind: Return, Host: "server", Proc: "main", FD: 4, Op: "recv", N: 5, Data: []byte("HELLO")}
	return small, large, ret
}

func BenchmarkRecord(b *testing.B) {
	small, large, ret := benchEvents()
	delivered := large
	delivered.Kind = Delivered
	for _, bench := range []struct {
		name string
		e    Event
	}{{"small", small}, {"payload1448", large}, {"delivered1448", delivered}, {"return", ret}} {
		b.Run(bench.name, func(b *testing.B) {
			r := NewRecorder(false)
			b.ReportAllocs()
			for b.Loop() {
				r.Record(&bench.e)
			}
		})
	}
	b.Run("keep", func(b *testing.B) {
		r := NewRecorder(true)
		for b.Loop() {
			r.Record(&small)
		}
	})
}
