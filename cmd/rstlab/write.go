package main

import (
	"encoding/json"
	"io"
	"strings"
)

// layout is how JSON is laid out.
type layout bool

const (
	indented layout = true
	oneLine  layout = false
)

// writeJSON writes v and a line break.
func writeJSON(w io.Writer, v any, l layout) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if l == indented {
		enc.SetIndent("", "  ")
	}
	return enc.Encode(v)
}

func writeLines(w io.Writer, lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}
