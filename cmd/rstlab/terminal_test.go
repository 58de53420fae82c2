package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrapKeepsWordsAndWidth(t *testing.T) {
	require.Equal(t, "a bb\n  ccc\n  dddddd\n  e", wrap("a bb  ccc\ndddddd e", 4, "  "))
	require.Equal(t, "as it  is", wrap("as it  is", 0, "  "), "no width, no change")
	require.Empty(t, wrap("", 10, "  "))
}

func TestPaintIsPlainWithoutColours(t *testing.T) {
	require.Equal(t, "x", screen{terminal: true}.paint(bold, "x"))
	require.Equal(t, "\x1b[1mx\x1b[0m", screen{color: true}.paint(bold, "x"))
	require.Empty(t, screen{color: true}.paint(bold, ""))
}

func TestShellQuoteIsReadBackByAShell(t *testing.T) {
	for word, want := range map[string]string{
		"reset/linger-zero": "reset/linger-zero",
		"loss=1%":           "loss=1%",
		"":                  "''",
		"a b.txt":           "'a b.txt'",
		`words="it's"`:      `'words="it'\''s"'`,
		"$(x)":              "'$(x)'",
	} {
		require.Equal(t, want, shellQuote(word))
	}
}
