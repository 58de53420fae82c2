package trace

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ParseError says where a trace cannot be read, why, and what to do about it.
type ParseError struct {
	Line   int    // from 1
	Column int    // in bytes, from 1; 0 for the whole line
	Reason string // what was found, what belongs there
}

// Error is "trace: line 3, column 14: …".
func (e *ParseError) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("trace: line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("trace: line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// scanner reads one line from left to right. The first mistake sticks: from then
// on every method does nothing and returns zeros.
type scanner struct {
	text string
	pos  int
	err  *ParseError
}

func (s *scanner) rest() string {
	if s.err != nil {
		return ""
	}
	return s.text[s.pos:]
}

// fail records the mistake, at the position reached, unless there was one before.
func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = &ParseError{Column: s.pos + 1, Reason: fmt.Sprintf(format, args...)}
	}
}

// next is a short piece of what comes next, for messages.
func (s *scanner) next() string {
	rest := s.rest()
	if rest == "" {
		return "the end of the line"
	}
	if len(rest) > 20 {
		rest = rest[:20] + "…"
	}
	return strconv.Quote(rest)
}

// skip takes the literal if it comes next and reports whether it did.
func (s *scanner) skip(literal string) bool {
	if s.err != nil || !strings.HasPrefix(s.text[s.pos:], literal) {
		return false
	}
	s.pos += len(literal)
	return true
}

// expect takes the literal, which must come next.
func (s *scanner) expect(literal string) {
	if s.err == nil && !s.skip(literal) {
		s.fail("found %s, want %q here", s.next(), literal)
	}
}

// spaces takes any number of spaces.
func (s *scanner) spaces() {
	for s.skip(" ") {
	}
}

// space takes one space or more.
func (s *scanner) space() {
	s.expect(" ")
	s.spaces()
}

// while takes the longest run of bytes that ok takes.
func (s *scanner) while(ok func(c byte) bool) string {
	rest := s.rest()
	n := 0
	for n < len(rest) && ok(rest[n]) {
		n++
	}
	s.pos += n
	return rest[:n]
}

// until takes everything up to the first of the stops, or to the end of the line.
func (s *scanner) until(stops ...string) string {
	rest := s.rest()
	n := len(rest)
	for _, stop := range stops {
		if i := strings.Index(rest, stop); i >= 0 {
			n = min(n, i)
		}
	}
	s.pos += n
	return rest[:n]
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func hexDigit(c byte) bool {
	return digit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// uint takes a decimal number of at most so many bits.
func (s *scanner) uint(what string, bits int) uint64 {
	return s.number(what, 10, bits, digit)
}

// hex takes a hexadecimal number, without 0x, of at most so many bits.
func (s *scanner) hex(what string, bits int) uint64 {
	return s.number(what, 16, bits, hexDigit)
}

func (s *scanner) number(what string, base, bits int, ok func(byte) bool) uint64 {
	if s.err != nil {
		return 0
	}
	start := s.pos
	digits := s.while(ok)
	if digits == "" {
		s.fail("found %s, want a number: the %s", s.next(), what)
		return 0
	}
	n, err := strconv.ParseUint(digits, base, bits)
	if err != nil {
		s.pos = start
		s.fail("%s is too large for the %s, which is at most %d", digits, what, uint64(math.MaxUint64)>>(64-bits))
	}
	return n
}

// int takes a decimal number with an optional minus before it.
func (s *scanner) int(what string) int64 {
	start := s.pos
	negative := s.skip("-")
	n := s.uint(what, 64)
	switch {
	case negative && n <= 1<<63:
		return -int64(n) //nolint:gosec // 1<<63 wraps to itself, which is right
	case !negative && n < 1<<63:
		return int64(n)
	default:
		s.pos = start
		s.fail("the %s does not fit in 64 bits", what)
		return 0
	}
}

// quoted takes a Go-quoted string.
func (s *scanner) quoted(what string) string {
	if s.err != nil {
		return ""
	}
	q, err := strconv.QuotedPrefix(s.rest())
	if err != nil || q[0] != '"' {
		s.fail("found %s, want a Go-quoted string: the %s", s.next(), what)
		return ""
	}
	text, err := strconv.Unquote(q)
	if err != nil {
		s.fail("found %s, which is not a Go-quoted string: the %s", s.next(), what)
		return ""
	}
	s.pos += len(q)
	return text
}

// name is the inverse of appendName.
func (s *scanner) name(what string) string {
	if strings.HasPrefix(s.rest(), `"`) {
		return s.quoted(what)
	}
	name := s.while(nameByte)
	if name == "" {
		s.fail("found %s, want the %s: a word, a quoted string, or - for none", s.next(), what)
	}
	if name == "-" {
		return ""
	}
	return name
}

// freeText is the inverse of appendText.
func (s *scanner) freeText(what string, stops ...string) string {
	if s.skip(`\`) {
		return s.quoted(what)
	}
	text := s.until(stops...)
	if text == "" {
		s.fail(`found %s, want the %s; write \"" for an empty one`, s.next(), what)
	}
	return text
}

// end expects the end of the line.
func (s *scanner) end() {
	if s.err == nil && s.pos != len(s.text) {
		s.fail("found %s, want the end of the line", s.next())
	}
}
