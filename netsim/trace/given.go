package trace

import (
	"bytes"
	"strconv"
	"strings"
)

// Given is what the Call of a send was given: n octets, of which the first are known.
// All are where the event has them (see [Event]); of the others Args shows the first
// 32. ok is false for an event that does not say.
func (e *Event) Given() (known []byte, n int, ok bool) {
	quoted, err := strconv.QuotedPrefix(e.Args)
	if err != nil || e.Op != "send" {
		return nil, 0, false
	}
	text, err := strconv.Unquote(quoted)
	if err != nil {
		return nil, 0, false
	}
	n, err = strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(e.Args[len(quoted):], "..."), ", "))
	if err != nil || n < len(text) {
		return nil, 0, false
	}
	switch {
	case len(e.Data) == 0:
		return []byte(text), n, true
	case len(e.Data) != n || !bytes.HasPrefix(e.Data, []byte(text)):
		return nil, 0, false
	}
	return e.Data, n, true
}
