package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// WriteNDJSON writes the trace as JSON, one object a line: the header, then the
// events. Fields are in a fixed order and absent when zero. [ParseNDJSON] gives
// the same trace back. It fails on an event that [Event.Check] does not take, and
// when w does.
//
// Times are in nanoseconds, sequence numbers as on the wire. Integers beyond
// 2^53, which many readers of JSON round, are strings of digits. Texts that are
// not UTF-8, as payloads may be, are objects {"base64": "…"}.
func WriteNDJSON(w io.Writer, t *Trace) error {
	buf := bufio.NewWriter(w)
	nw, err := NewNDJSONWriter(buf, &t.Header)
	if err != nil {
		return err
	}
	for i := range t.Events {
		if err := nw.Event(&t.Events[i]); err != nil {
			return err
		}
	}
	return buf.Flush()
}

// NDJSONWriter is a [Sink] that writes each event as one line of JSON.
type NDJSONWriter struct {
	w   io.Writer
	buf bytes.Buffer
	enc *json.Encoder
	out jsonEvent
}

// NewNDJSONWriter writes the header and gives the writer for the events. It
// writes one event at a time to w, which wants a buffer.
func NewNDJSONWriter(w io.Writer, h *Header) (*NDJSONWriter, error) {
	if err := h.Check(); err != nil {
		return nil, err
	}
	nw := &NDJSONWriter{w: w}
	nw.enc = json.NewEncoder(&nw.buf)
	nw.enc.SetEscapeHTML(false)
	return nw, nw.line(jsonHeaderOf(h))
}

// Event writes one event.
func (nw *NDJSONWriter) Event(e *Event) error {
	if err := e.Check(); err != nil {
		return err
	}
	nw.out.set(e)
	return nw.line(&nw.out)
}

func (nw *NDJSONWriter) line(v any) error {
	nw.buf.Reset()
	if err := nw.enc.Encode(v); err != nil {
		return fmt.Errorf("trace: encode JSON: %w", err)
	}
	if _, err := nw.w.Write(nw.buf.Bytes()); err != nil {
		return fmt.Errorf("trace: write NDJSON: %w", err)
	}
	return nil
}

// ParseNDJSON reads what [WriteNDJSON] has written, and gives the same trace.
// Its errors are of type [*ParseError], but for those of r.
func ParseNDJSON(r io.Reader) (*Trace, error) {
	t := &Trace{}
	begun := false
	err := eachLine(r, func(line string) *ParseError {
		if !begun {
			begun = true
			return parseJSONHeader(line, &t.Header)
		}
		var in jsonEvent
		if err := parseJSON(line, &in); err != nil {
			return err
		}
		e, err := in.event()
		if err == nil {
			err = e.Check()
		}
		if err != nil {
			return &ParseError{Reason: err.Error()}
		}
		t.Events = append(t.Events, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !begun {
		return nil, &ParseError{Line: 1, Reason: `no trace here; it begins with {"format":"rstlab-trace","version":1}`}
	}
	return t, nil
}

// parseJSON decodes one object, which must be the whole line and have no field
// that v has not.
func parseJSON(line string, v any) *ParseError {
	dec := json.NewDecoder(bytes.NewReader([]byte(line)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return &ParseError{Column: int(dec.InputOffset()) + 1, Reason: fmt.Sprintf("not an object of this format: %v", err)}
	}
	if _, err := dec.Token(); err != io.EOF {
		return &ParseError{Column: int(dec.InputOffset()) + 1, Reason: "more than one object on a line; put each on its own"}
	}
	return nil
}

// jsonFormat names the format in the first line.
const jsonFormat = "rstlab-trace"

type jsonHeader struct {
	Format   string     `json:"format"`
	Version  int        `json:"version"`
	Scenario jsonText   `json:"scenario,omitzero"`
	Seed     jsonUint   `json:"seed"`
	Start    time.Time  `json:"start,omitzero"`
	Hosts    []jsonHost `json:"hosts,omitempty"`
}

type jsonHost struct {
	Name   jsonText `json:"name"`
	Addrs  []string `json:"addrs,omitempty"`
	Engine jsonText `json:"engine,omitzero"`
}

func jsonHeaderOf(h *Header) *jsonHeader {
	j := &jsonHeader{
		Format: jsonFormat, Version: Format,
		Scenario: jsonText(h.Scenario), Seed: jsonUint(h.Seed), Start: h.Start,
	}
	for i := range h.Hosts {
		host := jsonHost{Name: jsonText(h.Hosts[i].Name), Engine: jsonText(h.Hosts[i].Engine)}
		for _, a := range h.Hosts[i].Addrs {
			host.Addrs = append(host.Addrs, a.String())
		}
		j.Hosts = append(j.Hosts, host)
	}
	return j
}

func parseJSONHeader(line string, h *Header) *ParseError {
	// Format and version first, so that another version is called by its name.
	var probe struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal([]byte(line), &probe); err != nil || probe.Format != jsonFormat {
		return &ParseError{Reason: `not an NDJSON trace; its first line has "format":"rstlab-trace" (for text use ParseText)`}
	}
	if probe.Version != Format {
		return &ParseError{Reason: fmt.Sprintf(
			"version %d of the format; this program reads %d: use the version of rstlab that wrote it", probe.Version, Format)}
	}
	var j jsonHeader
	if err := parseJSON(line, &j); err != nil {
		return err
	}
	*h = Header{Scenario: string(j.Scenario), Seed: uint64(j.Seed)}
	if !j.Start.IsZero() {
		h.Start = j.Start.UTC()
		if !inCalendar(h.Start) {
			return &ParseError{Reason: fmt.Sprintf("start: %v is not in the years 1 to 9999", h.Start)}
		}
	}
	for i, host := range j.Hosts {
		out := Host{Name: string(host.Name), Engine: string(host.Engine)}
		for _, text := range host.Addrs {
			a, err := parseAddr(fmt.Sprintf("hosts[%d].addrs", i), text)
			if err != nil {
				return &ParseError{Reason: err.Error()}
			}
			out.Addrs = append(out.Addrs, a)
		}
		h.Hosts = append(h.Hosts, out)
	}
	if err := h.Check(); err != nil {
		return &ParseError{Reason: err.Error()}
	}
	return nil
}
