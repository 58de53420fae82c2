package explore

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"runtime/debug"
	"slices"
	"strings"

	"rstlab/cases"
	"rstlab/netsim"
	"rstlab/netsim/trace"
)

// journalFormat is the version of the files with points.
const journalFormat = 1

// maxLine is the longest line of such a file, in bytes.
const maxLine = 4 << 20

// Header is the first line of a file with points: what was searched. Points of
// two files belong together when their headers are the same but for the shard.
type Header struct {
	Search   string            `json:"rstlab"` // sweep, phase or bisect
	Format   int               `json:"format"`
	Scenario string            `json:"scenario"`
	Digest   string            `json:"digest"` // SHA-256 of the scenario in canonical form
	Seed     uint64            `json:"seed"`
	Set      map[string]string `json:"set"`
	Stacks   map[string]string `json:"stacks,omitempty"` // by host; "" is every other one
	Axes     []string          `json:"axes"`
	Versions Versions          `json:"versions"`
	Shard    string            `json:"shard,omitempty"`
}

// Versions are what an outcome may depend on beside scenario and seed.
type Versions struct {
	GVisor string `json:"gvisor"`          // "unknown" in a test's binary
	Trace  int    `json:"trace"`           // the version of the trace's format
	Fused  bool   `json:"fused,omitempty"` // see [netsim.FusesFloats]
}

// CurrentVersions are those of this program.
func CurrentVersions() Versions {
	v := Versions{GVisor: "unknown", Trace: trace.Format, Fused: netsim.FusesFloats()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "gvisor.dev/gvisor" {
				v.GVisor = d.Version
			}
		}
	}
	return v
}

// Header describes the space, searched by that command.
func (s *Space) Header(search string, shard Shard) Header {
	h := Header{
		Search: search, Format: journalFormat, Scenario: s.Scenario.Name, Digest: digest(s.Scenario),
		Seed: s.Seed, Set: s.Set, Stacks: s.Stacks, Versions: CurrentVersions(), Shard: shard.String(),
	}
	if h.Set == nil {
		h.Set = map[string]string{}
	}
	for _, a := range s.Axes {
		h.Axes = append(h.Axes, a.String())
	}
	return h
}

// digest identifies a scenario by its text.
func digest(s *cases.Scenario) string {
	sum := sha256.Sum256([]byte(cases.Print(s)))
	return hex.EncodeToString(sum[:])
}

// Same reports how another header differs in what its points depend on; nil when
// they are points of one search. Shards may differ.
func (h *Header) Same(other *Header) *Error {
	for _, f := range []struct{ what, a, b string }{
		{"the command", h.Search, other.Search},
		{"the scenario", h.Scenario, other.Scenario},
		{"the text of the scenario", h.Digest, other.Digest},
		{"the seed", fmt.Sprint(h.Seed), fmt.Sprint(other.Seed)},
		{"the parameters", fmt.Sprint(h.Set), fmt.Sprint(other.Set)},
		{"the stacks", fmt.Sprint(h.Stacks), fmt.Sprint(other.Stacks)},
		{"what varies", strings.Join(h.Axes, " "), strings.Join(other.Axes, " ")},
		{"gVisor", h.Versions.GVisor, other.Versions.GVisor},
		{"the format of traces", fmt.Sprint(h.Versions.Trace), fmt.Sprint(other.Versions.Trace)},
		{"the fusing of floats (see rstlab version)", fmt.Sprint(h.Versions.Fused), fmt.Sprint(other.Versions.Fused)},
	} {
		if f.a != f.b {
			return mistake("search again", "%s was another: %q there, %q here", f.what, f.b, f.a)
		}
	}
	return nil
}

// pointLine is a point as a line of a file.
type pointLine struct {
	Index   int64             `json:"point"`
	Params  map[string]string `json:"params"`
	Outcome string            `json:"outcome"`
	Hash    string            `json:"hash,omitempty"`
}

// Writer writes points as NDJSON, a line each: first the header, then the
// points by their numbers.
type Writer struct{ to *bufio.Writer }

// NewWriter writes the header.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	out := &Writer{to: bufio.NewWriter(w)}
	return out, out.line(h)
}

func (w *Writer) line(v any) error {
	enc := json.NewEncoder(w.to)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// Write adds a point.
func (w *Writer) Write(p Point) error {
	line := pointLine{Index: p.Index, Params: map[string]string{}, Outcome: p.Outcome, Hash: p.Hash}
	for _, set := range p.Set {
		line.Params[set.Name] = set.Value.String()
	}
	return w.line(line)
}

// Flush writes what is held back.
func (w *Writer) Flush() error { return w.to.Flush() }

// Reader reads a file with points.
type Reader struct {
	name   string
	lines  *bufio.Scanner
	number int
	last   int64
	header Header
}

// NewReader reads the header. The name is for messages.
func NewReader(name string, r io.Reader) (*Reader, error) {
	in := &Reader{name: name, lines: bufio.NewScanner(r), last: -1}
	in.lines.Buffer(nil, maxLine)
	ok, err := in.next(&in.header)
	switch {
	case err != nil:
		return nil, err
	case !ok || in.header.Format == 0 || in.header.Search == "":
		return nil, mistake("name a file that --ndjson has written", "%s:1: this is no file with points", name)
	case in.header.Format != journalFormat:
		return nil, mistake("search again", "%s:1: format %d, and this rstlab knows %d", name, in.header.Format, journalFormat)
	}
	return in, nil
}

// Header is the file's header.
func (r *Reader) Header() Header { return r.header }

// next reads a line; ok is false at the end.
func (r *Reader) next(v any) (ok bool, err error) {
	r.number++
	if !r.lines.Scan() {
		if err := r.lines.Err(); err != nil {
			return false, fmt.Errorf("explore: %s:%d: %w", r.name, r.number, err)
		}
		return false, nil
	}
	decoder := json.NewDecoder(strings.NewReader(r.lines.Text()))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		return false, mistake("search again, or name another file", "%s:%d: the line is damaged: %v", r.name, r.number, err)
	}
	return true, nil
}

// Points are the points of the file, in order. A damaged file gives an error
// and ends.
func (r *Reader) Points() iter.Seq2[Point, error] {
	return func(yield func(Point, error) bool) {
		for {
			var line pointLine
			ok, err := r.next(&line)
			if err == nil && ok && (line.Index <= r.last || line.Outcome == "") {
				err = mistake("search again, or name another file", "%s:%d: the line is damaged: point %d after %d", r.name, r.number, line.Index, r.last)
			}
			if err != nil {
				yield(Point{}, err)
				return
			}
			if !ok {
				return
			}
			r.last = line.Index
			if !yield(Point{Index: line.Index, Outcome: line.Outcome, Hash: line.Hash, Set: settingsOf(line.Params)}, nil) {
				return
			}
		}
	}
}

// settingsOf are parameters as words, which is how they are written again.
func settingsOf(params map[string]string) []cases.Setting {
	var set []cases.Setting
	for name, value := range params {
		set = append(set, cases.Setting{Name: name, Value: cases.WordValue(value)})
	}
	slices.SortFunc(set, func(a, b cases.Setting) int { return strings.Compare(a.Name, b.Name) })
	return set
}

// Merge gives the points of several files of one search, each once, in order.
// A point that two files tell differently is an error.
func Merge(files []*Reader, take func(Point) error) error {
	type source struct {
		name string
		next func() (Point, error, bool)
		at   Point
		done bool
	}
	sources := make([]*source, len(files))
	for i, f := range files {
		next, stop := iter.Pull2(f.Points())
		defer stop()
		sources[i] = &source{name: f.name, next: next}
	}
	advance := func(s *source) error {
		p, err, ok := s.next()
		s.at, s.done = p, !ok
		return err
	}
	for _, s := range sources {
		if err := advance(s); err != nil {
			return err
		}
	}
	for {
		var first *source
		for _, s := range sources {
			if !s.done && (first == nil || s.at.Index < first.at.Index) {
				first = s
			}
		}
		if first == nil {
			return nil
		}
		point := first.at
		for _, s := range sources {
			if s.done || s.at.Index != point.Index {
				continue
			}
			if s.at.Outcome != point.Outcome || s.at.Hash != point.Hash {
				return mistake("search again with one version of rstlab", "%s and %s tell point %d differently: %s and %s",
					first.name, s.name, point.Index, point.Outcome, s.at.Outcome)
			}
			if err := advance(s); err != nil {
				return err
			}
		}
		if err := take(point); err != nil {
			return err
		}
	}
}

// Opener opens a file with points from its beginning.
type Opener func() (*Reader, error)

// openSame opens a file that must belong to the search with this header; nil
// when there is none.
func (open Opener) openSame(want Header) (*Reader, error) {
	if open == nil {
		return nil, nil
	}
	r, err := open()
	if err != nil {
		return nil, err
	}
	return r, want.SameAs(r)
}

// SameAs reports how a file differs from the search with this header.
func (h *Header) SameAs(r *Reader) error {
	if wrong := h.Same(&r.header); wrong != nil {
		return mistake(wrong.Remedy, "%s: %s", r.name, wrong.Problem)
	}
	return nil
}
