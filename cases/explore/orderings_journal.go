package explore

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"rstlab/netsim"
)

// orderingsFormat is the version of files with a search of orderings, and of the
// sums of states in them.
const orderingsFormat = 3

// orderingsSearch is the name of such a search in a header.
const orderingsSearch = "orderings"

// maxOrderings is the longest such file, in bytes.
const maxOrderings = 4 << 30

// orderingsHeader is the first line of a file with a search of orderings: what was
// searched, and what follows.
type orderingsHeader struct {
	Header
	Drops       int    `json:"drops"`
	Duplicates  int    `json:"duplicates"`
	Overtaking  int    `json:"overtaking"`
	Retransmits int    `json:"retransmits"`
	NoRACK      bool   `json:"no_rack"`
	InOrder     bool   `json:"in_order"`
	Whole       bool   `json:"whole"`
	Depth       int    `json:"depth"`
	Bytes       int    `json:"bytes"`    // of what follows
	Checksum    string `json:"checksum"` // SHA-256 of it
}

// header describes the search.
func (o *Orderings) header() orderingsHeader {
	h := orderingsHeader{
		Header: o.Header(orderingsSearch, o.Shard),
		Drops:  o.Drops, Duplicates: o.Duplicates, Overtaking: o.Overtaking, Retransmits: max(o.Retransmits, -1),
		NoRACK: o.NoRACK, InOrder: o.InOrder, Whole: o.Whole, Depth: cmp.Or(o.Depth, DefaultDepth),
	}
	h.Format = orderingsFormat
	return h
}

// same reports how the search in a file differs.
func (h *orderingsHeader) same(other *orderingsHeader) *Error {
	for _, f := range []struct {
		what string
		a, b any
	}{
		{"the number of drops", h.Drops, other.Drops},
		{"the number of duplicates", h.Duplicates, other.Duplicates},
		{"how many overtake a packet", h.Overtaking, other.Overtaking},
		{"how many segments are sent again", h.Retransmits, other.Retransmits},
		{"whether netstack has no RACK", h.NoRACK, other.NoRACK},
		{"whether packets stay in order", h.InOrder, other.InOrder},
		{"whether everything is offered", h.Whole, other.Whole},
		{"the depth", h.Depth, other.Depth},
	} {
		if f.a != f.b {
			return mistake("search again", "%s was another: %v there, %v here", f.what, f.b, f.a)
		}
	}
	return h.Same(&other.Header)
}

// resumes reports how the search in a file differs from one that is to go on from it.
func (h *orderingsHeader) resumes(other *orderingsHeader) *Error {
	if h.Shard != other.Shard {
		return mistake("write --shard as it was", "the shard was another: %q there, %q here", other.Shard, h.Shard)
	}
	return h.same(other)
}

// savedSearch is a search as it is kept in a file. What there is of every state is in
// flat lists, which are written fast.
type savedSearch struct {
	Paths    [][]uint16 // of the stack
	Sleep    [][]uint32 // by branch: choices
	From     []uint32
	Via      []uint32
	Sums     []byte   // of states, one after the other
	Sleeping []uint32 // by state: begin and end
	Sleepers []uint32
	Names    []netsim.Choice
	Edges    []uint32 // from, to, via
	Found    Ordered
	Dealt    string
	Outcomes []Ordering
	Ends     []uint32 // from, via, outcome
}

// OrderingsFile is a file with a search of orderings.
type OrderingsFile struct {
	name   string // for messages
	header orderingsHeader
	body   savedSearch
}

// Save writes a search that Run has returned, so that it can go on from there.
func (o *Orderings) Save(w io.Writer, found *Ordered) error {
	return (&OrderingsFile{header: o.header(), body: *found.search.saved()}).Write(w)
}

// Write writes the file.
func (f *OrderingsFile) Write(w io.Writer) error {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(&f.body); err != nil {
		return err
	}
	sum := sha256.Sum256(body.Bytes())
	h := f.header
	h.Bytes, h.Checksum = body.Len(), hex.EncodeToString(sum[:])
	if err := json.NewEncoder(w).Encode(h); err != nil {
		return err
	}
	_, err := body.WriteTo(w)
	return err
}

// Load reads a search that Save has written, for Resume. The name is for
// messages. A file that is damaged, or of another search, is refused with the
// reason.
func (o *Orderings) Load(name string, r io.Reader) (*Ordered, error) {
	f, err := readOrderings(name, r, o)
	if err != nil {
		return nil, err
	}
	s := f.body.search()
	s.shard = o.Shard
	return s.result(), nil
}

// ReadOrderings reads a file that [Orderings.Save] has written, for [MergeOrderings].
// The name is for messages.
func ReadOrderings(name string, r io.Reader) (*OrderingsFile, error) {
	return readOrderings(name, r, nil)
}

// HoldsOrderings reports whether a file that begins like this is one that
// [Orderings.Save] has written.
func HoldsOrderings(begin []byte) bool {
	line, _, _ := bytes.Cut(begin, []byte{'\n'})
	var h orderingsHeader
	return json.Unmarshal(line, &h) == nil && h.Search == orderingsSearch
}

// readOrderings reads a file, which must be of that search unless it is nil.
func readOrderings(name string, r io.Reader, of *Orderings) (*OrderingsFile, error) {
	const again = "begin again without --resume, or name another file"
	in := bufio.NewReader(r)
	line, err := in.ReadSlice('\n')
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	f := &OrderingsFile{name: name}
	h := &f.header
	switch err := json.Unmarshal(line, h); {
	case err != nil || h.Search != orderingsSearch:
		return nil, mistake(again, "%s: this is no file with a search of orderings", name)
	case h.Format != orderingsFormat:
		return nil, mistake(again, "%s: format %d, and this rstlab knows %d", name, h.Format, orderingsFormat)
	}
	if of != nil {
		want := of.header()
		if wrong := want.resumes(h); wrong != nil {
			return nil, mistake(wrong.Remedy, "%s: %s", name, wrong.Problem)
		}
	}
	body, err := io.ReadAll(io.LimitReader(in, maxOrderings))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != h.Checksum {
		return nil, mistake(again, "%s: the file is damaged: it has %d of %d bytes, or its checksum is wrong", name, len(body), h.Bytes)
	}
	if err := gob.NewDecoder(bytes.NewReader(body)).Decode(&f.body); err != nil {
		return nil, mistake(again, "%s: the file is damaged: %v", name, err)
	}
	return f, nil
}

func (s *orderingSearch) saved() *savedSearch {
	saved := &savedSearch{Found: s.found, Outcomes: s.outcomes, Dealt: s.dealt}
	for _, b := range s.stack {
		saved.Paths = append(saved.Paths, b.path)
		saved.From, saved.Via = append(saved.From, uint32(b.from)), append(saved.Via, uint32(b.via))
		var sleep []uint32
		for i := range b.sleep {
			sleep = append(sleep, uint32(s.states.move(&b.sleep[i])))
		}
		saved.Sleep = append(saved.Sleep, sleep)
	}
	saved.Names = s.states.names
	for _, sum := range s.states.sums() {
		saved.Sums = append(saved.Sums, sum[:]...)
	}
	for _, at := range s.states.sleeping {
		saved.Sleeping = append(saved.Sleeping, at.begin, at.end)
	}
	for _, m := range s.states.sleepers {
		saved.Sleepers = append(saved.Sleepers, uint32(m))
	}
	for _, e := range s.states.edges {
		saved.Edges = append(saved.Edges, uint32(e.from), uint32(e.to), uint32(e.via))
	}
	for _, e := range s.ends {
		saved.Ends = append(saved.Ends, uint32(e.from), uint32(e.via), e.outcome)
	}
	return saved
}

// search is the search that was saved.
func (saved *savedSearch) search() *orderingSearch {
	s := newOrderingSearch(DefaultStates)
	s.stack, s.found, s.outcomes, s.dealt = nil, saved.Found, slices.Clone(saved.Outcomes), saved.Dealt
	for i := range saved.Names {
		s.states.move(&saved.Names[i])
	}
	var sum netsim.StateSum
	for at := 0; at < len(saved.Sums); at += len(sum) {
		copy(sum[:], saved.Sums[at:])
		s.states.index[sum] = stateID(at / len(sum))
	}
	for at := range slices.Chunk(saved.Sleeping, 2) {
		s.states.sleeping = append(s.states.sleeping, span{at[0], at[1]})
	}
	for _, m := range saved.Sleepers {
		s.states.sleepers = append(s.states.sleepers, moveID(m))
	}
	for e := range slices.Chunk(saved.Edges, 3) {
		s.states.edges = append(s.states.edges, edge{stateID(e[0]), stateID(e[1]), moveID(e[2])})
	}
	for e := range slices.Chunk(saved.Ends, 3) {
		s.ends = append(s.ends, end{stateID(e[0]), moveID(e[1]), e[2]})
	}
	for i, path := range saved.Paths {
		b := branch{path: path, from: stateID(saved.From[i]), via: moveID(saved.Via[i])}
		for _, m := range saved.Sleep[i] {
			b.sleep = append(b.sleep, saved.Names[m])
		}
		s.stack = append(s.stack, b)
	}
	return s
}
