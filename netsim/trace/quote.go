package trace

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The text form writes names and texts bare where that can be read back, and as
// Go-quoted strings elsewhere.

// appendName appends a name (host, proc, operation) as one word: bare if it has
// only letters, digits and "_-.+", "-" alone if it is empty, otherwise quoted.
func appendName(b []byte, name string) []byte {
	switch {
	case name == "":
		return append(b, '-')
	case bareName(name):
		return append(b, name...)
	default:
		return strconv.AppendQuote(b, name)
	}
}

func bareName(s string) bool {
	if s == "" || s == "-" {
		return false
	}
	for i := range len(s) {
		if !nameByte(s[i]) {
			return false
		}
	}
	return true
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '_' || c == '-' || c == '.' || c == '+'
}

// appendText appends a text that runs up to the end of the line or to one of the
// stops: bare if it can be read back, otherwise with a backslash before it and
// quoted.
func appendText(b []byte, text string, stops ...string) []byte {
	if bareText(text, stops) {
		return append(b, text...)
	}
	b = append(b, '\\')
	return strconv.AppendQuote(b, text)
}

func bareText(text string, stops []string) bool {
	if text == "" || text != strings.TrimSpace(text) || text[0] == '\\' || !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if !strconv.IsPrint(r) {
			return false
		}
	}
	for _, stop := range stops {
		if strings.Index(text+stop, stop) != len(text) {
			return false
		}
	}
	return true
}

// printable is text for the eye: control characters and bytes that are not UTF-8
// become escapes as in a Go string, without the quotes around it.
func printable(text string) string {
	if bareText(text, nil) || text == "" {
		return text
	}
	q := strconv.Quote(text)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}
