package wire_test

import (
	"fmt"
	"testing"

	"rstlab/netsim/wire"
)

// benchmarkSizes are payloads: of a bare segment and of a full one.
var benchmarkSizes = []int{0, 1448}

func BenchmarkParse(b *testing.B)        { benchmarkParse(b, wire.Parse) }
func BenchmarkParseTrusted(b *testing.B) { benchmarkParse(b, wire.ParseTrusted) }

func benchmarkParse(b *testing.B, parse func([]byte) (wire.Packet, error)) {
	for _, size := range benchmarkSizes {
		for _, p := range []wire.Packet{data4(size), over6(data4(size))} {
			datagram := build(b, p)
			b.Run(benchmarkName(p), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(datagram)))
				for b.Loop() {
					if _, err := parse(datagram); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, size := range benchmarkSizes {
		for _, p := range []wire.Packet{data4(size), over6(data4(size))} {
			b.Run(benchmarkName(p), func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(p.Size()))
				for b.Loop() {
					if _, err := wire.Build(p); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkAppendTo(b *testing.B) {
	p := data4(1448)
	buffer := make([]byte, 0, p.Size())
	b.ReportAllocs()
	b.SetBytes(int64(p.Size()))
	for b.Loop() {
		if _, err := p.AppendTo(buffer); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChecksum(b *testing.B) {
	data := make([]byte, 1500)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		wire.Checksum(data)
	}
}

// benchmarkName says the IP version and the payload.
func benchmarkName(p wire.Packet) string {
	version := 6
	if p.Src.Is4() {
		version = 4
	}
	return fmt.Sprintf("IPv%d/%dB", version, len(p.TCP.Payload))
}
