package trace

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func svgOf(t require.TestingT, tr *Trace, opt SVGOptions) string {
	var b bytes.Buffer
	require.NoError(t, SVG(&b, tr, opt))
	return b.String()
}

func TestSVGOfCloseRace(t *testing.T) {
	got := svgOf(t, closeRace(), SVGOptions{})
	require.Equal(t, readGolden(t, "close-race.svg", got), got)
}

func TestSVGOfZoo(t *testing.T) {
	got := svgOf(t, zoo(), SVGOptions{})
	require.Equal(t, readGolden(t, "zoo.svg", got), got)
}

func TestSVGIsXMLWhateverTheTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := genTrace().Draw(t, "trace")
		opt := SVGOptions{HideAcks: rapid.Bool().Draw(t, "acks"), NoTitle: rapid.Bool().Draw(t, "no title")}
		got := svgOf(t, tr, opt)
		require.Equal(t, got, svgOf(t, tr, opt), "the same trace gives the same picture")
		dec := xml.NewDecoder(bytes.NewReader([]byte(got)))
		for {
			_, err := dec.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			require.NoError(t, err, "%s", got)
		}
	})
}

// bulk is a trace of n data segments and their acknowledgments.
func bulk(n int) *Trace {
	s := newScript("bulk")
	for i := range n {
		ms := float64(i)
		seq := uint32(1 + 1000*i)
		number := s.client(ms, ".", seq, 1, string(make([]byte, 1000)))
		s.deliver(ms+0.4, number)
		s.deliver(ms+0.8, s.server(ms+0.4, ".", 1, seq+1000, ""))
	}
	return s.r.Trace()
}

func BenchmarkDraw1000Packets(b *testing.B) {
	tr := bulk(500)
	b.Run("ladder", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, Ladder(io.Discard, tr, LadderOptions{}))
		}
	})
	b.Run("svg", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, SVG(io.Discard, tr, SVGOptions{}))
		}
	})
}

func BenchmarkWrite1000Packets(b *testing.B) {
	tr := bulk(500)
	var text, ndjson bytes.Buffer
	require.NoError(b, WriteText(&text, tr))
	require.NoError(b, WriteNDJSON(&ndjson, tr))
	for _, bench := range []struct {
		name string
		f    func() error
	}{
		{"text", func() error { return WriteText(io.Discard, tr) }},
		{"ndjson", func() error { return WriteNDJSON(io.Discard, tr) }},
		{"pcapng", func() error { return WritePCAPNG(io.Discard, tr, PCAPNGOptions{}) }},
		{"parse-text", func() error { _, err := ParseText(bytes.NewReader(text.Bytes())); return err }},
		{"parse-ndjson", func() error { _, err := ParseNDJSON(bytes.NewReader(ndjson.Bytes())); return err }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, bench.f())
			}
		})
	}
}
