package trace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"
)

// maxLine bounds a line, in bytes: a recv of 16 MB with every byte escaped is
// below it.
const maxLine = 1 << 26

// ParseText reads what [WriteText] has written, and gives the same trace. Blank
// lines are passed over, and runs of spaces count as one, so traces may be
// written by hand. Its errors are of type [*ParseError], but for those of r.
func ParseText(r io.Reader) (*Trace, error) {
	p := &textParser{flows: newFlows(), trace: &Trace{}}
	err := eachLine(r, func(line string) *ParseError {
		s := &scanner{text: line}
		switch {
		case !p.begun:
			p.preamble(s)
		case strings.HasPrefix(line, "#"):
			p.header(s)
		default:
			p.event(s)
		}
		return s.err
	})
	if err != nil {
		return nil, err
	}
	if !p.begun {
		return nil, &ParseError{Line: 1, Reason: fmt.Sprintf("no trace here; it begins with %q", textPreamble+"1")}
	}
	return p.trace, nil
}

// eachLine calls f for each line that is not blank, and puts the line number
// into its error.
func eachLine(r io.Reader, f func(line string) *ParseError) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxLine)
	n := 0
	for sc.Scan() {
		n++
		line := strings.TrimRight(sc.Text(), " \t")
		if line == "" {
			continue
		}
		if err := f(line); err != nil {
			err.Line = n
			return err
		}
	}
	switch err := sc.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return &ParseError{Line: n + 1, Reason: fmt.Sprintf("longer than %d bytes; is this a trace?", maxLine)}
	case err != nil:
		return fmt.Errorf("trace: read line %d: %w", n+1, err)
	}
	return nil
}

type textParser struct {
	begun bool
	trace *Trace
	flows *flows
}

func (p *textParser) preamble(s *scanner) {
	if !s.skip(textPreamble) {
		s.fail("not a text trace; it begins with %q (for NDJSON use ParseNDJSON)", textPreamble+"1")
		return
	}
	if version := s.uint("version of the format", 32); s.err == nil && version != Format {
		s.fail("version %d of the format; this program reads %d: use the version of rstlab that wrote it", version, Format)
	}
	s.end()
	p.begun = true
}

func (p *textParser) header(s *scanner) {
	h := &p.trace.Header
	s.expect("#")
	s.spaces()
	switch {
	case len(p.trace.Events) > 0:
		s.fail("a header line after the first event; move it up")
	case s.skip("scenario "):
		h.Scenario = s.freeText("scenario")
	case s.skip("seed "):
		h.Seed = s.uint("seed", 64)
	case s.skip("start "):
		h.Start = s.instant()
	case s.skip("host "):
		h.Hosts = append(h.Hosts, s.host())
	default:
		s.fail("found %s, want scenario, seed, start or host", s.next())
	}
	s.end()
}

// instant takes a calendar time as in RFC 3339.
func (s *scanner) instant() time.Time {
	text := s.until(" ")
	t, err := time.Parse(time.RFC3339Nano, text)
	if t = t.UTC(); err != nil || t.IsZero() || !inCalendar(t) {
		s.fail("%q is not a time such as %s", text, Epoch.Format(time.RFC3339))
		return time.Time{}
	}
	return t
}

func (s *scanner) host() Host {
	h := Host{Name: s.name("name of a host")}
	for s.err == nil && s.pos < len(s.text) {
		s.space()
		if s.skip("on ") {
			h.Engine = s.freeText("engine")
			break
		}
		text := s.until(" ")
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			s.fail("%q is neither an address nor \"on ENGINE\"", text)
			break
		}
		h.Addrs = append(h.Addrs, a)
	}
	return h
}

func (p *textParser) event(s *scanner) {
	e := Event{Seq: 1}
	if n := len(p.trace.Events); n > 0 {
		e.Seq = p.trace.Events[n-1].Seq + 1
	}
	s.spaces()
	if s.skip("@") {
		e.Seq = s.uint("number of the event", 64)
		s.space()
	}
	e.At = s.time()
	s.space()
	e.Host = s.name("host")
	if s.err == nil && strings.HasPrefix(s.rest(), " ") {
		s.packetEvent(&e, p.flows)
	} else {
		s.otherEvent(&e)
	}
	s.end()
	if s.err != nil {
		return
	}
	if err := e.Check(); err != nil {
		s.err = &ParseError{Reason: strings.TrimPrefix(err.Error(), "trace: ")}
		return
	}
	p.trace.Events = append(p.trace.Events, e)
}

// time takes seconds with up to nine decimals.
func (s *scanner) time() time.Duration {
	start := s.pos
	negative := s.skip("-")
	seconds := s.uint("time in seconds", 63)
	var nanos uint64
	if s.skip(".") {
		decimals := s.while(digit)
		if len(decimals) == 0 || len(decimals) > 9 {
			s.fail("a time has one to nine decimals, such as 0.100000000")
			return 0
		}
		for i := range 9 {
			nanos *= 10
			if i < len(decimals) {
				nanos += uint64(decimals[i] - '0')
			}
		}
	}
	const second = uint64(time.Second)
	limit := uint64(1<<63 - 1)
	if negative {
		limit++
	}
	if s.err == nil && (seconds > limit/second || seconds*second > limit-nanos) {
		s.pos = start
		s.fail("a time of %d seconds is out of range; the limit is %v", seconds, time.Duration(1<<63-1))
		return 0
	}
	at := seconds*second + nanos
	if negative {
		at = -at
	}
	return time.Duration(at)
}
