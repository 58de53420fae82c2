package trace

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTextIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genTrace().Draw(t, "trace")
		var text bytes.Buffer
		require.NoError(t, WriteText(&text, want))
		got, err := ParseText(bytes.NewReader(text.Bytes()))
		require.NoError(t, err, "what WriteText writes can be read:\n%s", text.String())
		require.Equal(t, want, got, "and gives the same trace:\n%s", text.String())
	})
}

func TestNDJSONIsLossless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genTrace().Draw(t, "trace")
		var text bytes.Buffer
		require.NoError(t, WriteNDJSON(&text, want))
		got, err := ParseNDJSON(bytes.NewReader(text.Bytes()))
		require.NoError(t, err, "what WriteNDJSON writes can be read:\n%s", text.String())
		require.Equal(t, want, got, "and gives the same trace:\n%s", text.String())
	})
}

func TestEveryEventIsOneLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := genTrace().Draw(t, "trace")
		var text, ndjson bytes.Buffer
		require.NoError(t, WriteText(&text, tr))
		require.NoError(t, WriteNDJSON(&ndjson, tr))
		lines := 0
		for line := range strings.Lines(text.String()) {
			if !strings.HasPrefix(line, "#") {
				lines++
			}
		}
		require.Equal(t, len(tr.Events), lines, "whatever bytes names and payloads have")
		require.Equal(t, len(tr.Events)+1, strings.Count(ndjson.String(), "\n"))
	})
}

// FuzzParseText looks for texts that crash the reader, and for traces that are
// read from one text and lost in the next.
func FuzzParseText(f *testing.F) {
	seedFuzz(f, func(t *Trace) []byte {
		var b bytes.Buffer
		require.NoError(f, WriteText(&b, t))
		return b.Bytes()
	})
	f.Fuzz(func(t *testing.T, text []byte) {
		tr, err := ParseText(bytes.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		require.NoError(t, WriteText(&b, tr), "a trace that was read can be written")
		again, err := ParseText(&b)
		require.NoError(t, err)
		require.Equal(t, tr, again)
	})
}

// FuzzParseNDJSON is [FuzzParseText] for the other format.
func FuzzParseNDJSON(f *testing.F) {
	seedFuzz(f, func(t *Trace) []byte {
		var b bytes.Buffer
		require.NoError(f, WriteNDJSON(&b, t))
		return b.Bytes()
	})
	f.Fuzz(func(t *testing.T, text []byte) {
		tr, err := ParseNDJSON(bytes.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		require.NoError(t, WriteNDJSON(&b, tr), "a trace that was read can be written")
		again, err := ParseNDJSON(&b)
		require.NoError(t, err)
		require.Equal(t, tr, again)
	})
}

func seedFuzz(f *testing.F, write func(*Trace) []byte) {
	for seed := range 20 {
		f.Add(write(genTrace().Example(seed)))
	}
}
