package trace

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/cespare/xxhash/v2"
)

// Sink takes events as they are recorded, in order. [TextWriter] and
// [NDJSONWriter] are sinks. The event is the sink's to read only until it
// returns; its slices stay valid.
type Sink interface {
	Event(e *Event) error
}

// Counts says how many events of which sort were recorded.
type Counts struct {
	Events                                          uint64
	Sent, Forwarded, Delivered, Dropped, Injected   uint64
	Calls, Returns, StateChanges, Faults, OtherKind uint64
}

// Recorder takes the events of a run one after the other, and keeps what is
// asked for: their hash always, the events themselves if wanted. It is not safe
// for concurrent use: the one goroutine that moves time records.
type Recorder struct {
	// Header is the metadata of the [Trace]. It may be filled in until the trace is
	// taken.
	Header Header

	keep   bool
	events []Event
	sinks  []Sink
	err    error
	counts Counts
	hasher hasher
}

// NewRecorder is a recorder that keeps the events for [Recorder.Trace] if keep
// is set, and only counts and hashes them if not.
func NewRecorder(keep bool) *Recorder {
	r := &Recorder{keep: keep, Header: Header{Start: Epoch}}
	r.hasher.reset()
	return r
}

// Attach has the sink told of every event that is recorded from now on.
func (r *Recorder) Attach(s Sink) { r.sinks = append(r.sinks, s) }

// Watched reports whether anybody sees the events: they are kept, or there is a sink.
// If not, slices that the hash does not cover can be left out.
func (r *Recorder) Watched() bool { return r.keep || len(r.sinks) > 0 }

// Record takes one event: it sets e.Seq and reads the rest. The caller may use e
// again for the next event.
//
// A recorder that keeps events keeps the very slices of e (payload, options,
// Data), so these must not be written to afterwards; one that does not keep
// has no use for them when Record has returned. It then allocates nothing.
func (r *Recorder) Record(e *Event) {
	r.counts.Events++
	e.Seq = r.counts.Events
	*r.counts.of(e.Kind)++
	r.hasher.event(e)
	if r.keep {
		r.events = append(r.events, *e)
	}
	for _, s := range r.sinks {
		if err := s.Event(e); err != nil && r.err == nil {
			r.err = err
		}
	}
}

// Err is the first error that a sink returned. The run goes on all the same,
// for its outcome does not depend on who watches.
func (r *Recorder) Err() error { return r.err }

// Hash is the hash of the events recorded so far.
func (r *Recorder) Hash() Hash { return r.hasher.sum() }

// Counts is how many events were recorded so far.
func (r *Recorder) Counts() Counts { return r.counts }

// Trace is the trace so far, or nil if the recorder does not keep events. The
// recorder can go on; later events do not appear in a trace already taken.
func (r *Recorder) Trace() *Trace {
	if !r.keep {
		return nil
	}
	return &Trace{Header: r.Header, Events: r.events[:len(r.events):len(r.events)]}
}

// of is the counter for events of this kind.
func (c *Counts) of(k Kind) *uint64 {
	switch k {
	case Sent:
		return &c.Sent
	case Forwarded:
		return &c.Forwarded
	case Delivered:
		return &c.Delivered
	case Dropped:
		return &c.Dropped
	case Injected:
		return &c.Injected
	case Call:
		return &c.Calls
	case Return:
		return &c.Returns
	case StateChange:
		return &c.StateChanges
	case Fault:
		return &c.Faults
	default:
		return &c.OtherKind
	}
}

// hasher feeds encoded events to SHA-256 in pieces large enough that the
// overhead of a call does not count.
type hasher struct {
	sha hash.Hash
	buf []byte
}

const (
	// hasherBuffer is the size at which the buffer goes to SHA-256. A short run
	// has no more than that.
	hasherBuffer = 1024
	// smallBlob is the size in bytes up to which a blob is hashed as it is; of a
	// larger one its xxHash64 is. SHA-256 of all payload would be the largest
	// cost of a bulk transfer after netstack's own.
	smallBlob = 64
)

func (h *hasher) reset() {
	h.sha = sha256.New()
	h.buf = append(make([]byte, 0, hasherBuffer+512), hashPreamble...)
}

func (h *hasher) event(e *Event) {
	h.buf = appendHead(h.buf, e)
	data, payload, body := e.blobs()
	if e.hashesData() {
		h.blob(data)
	}
	if e.hashesPayload() {
		h.blob(payload)
		h.blob(body)
	}
	if len(h.buf) >= hasherBuffer {
		h.flush()
	}
}

func (h *hasher) blob(b []byte) {
	if len(b) <= smallBlob {
		h.buf = append(h.buf, b...)
		return
	}
	h.buf = binary.LittleEndian.AppendUint64(h.buf, xxhash.Sum64(b))
}

func (h *hasher) flush() {
	h.sha.Write(h.buf) //nolint:errcheck // hash.Hash: Write "never returns an error".
	h.buf = h.buf[:0]
}

func (h *hasher) sum() (out Hash) {
	h.flush()
	h.sha.Sum(out[:0])
	return out
}
