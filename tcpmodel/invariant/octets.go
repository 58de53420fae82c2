package invariant

import (
	"bytes"
	"slices"
)

// octets are the octets of a stream from an offset on, as far as they have to be
// remembered. Offset 0 is the SYN, 1 the first octet of data.
type octets struct {
	base uint64 // offset of the first octet in data
	data []byte
}

// end is the offset behind the last octet.
func (o *octets) end() uint64 { return o.base + uint64(len(o.data)) }

// overlap is the part of p, which begins at offset, that is remembered, and what
// is remembered there.
func (o *octets) overlap(offset uint64, p []byte) (was, is []byte) {
	from, to := max(offset, o.base), min(offset+uint64(len(p)), o.end())
	if from >= to {
		return nil, nil
	}
	return o.data[from-o.base : to-o.base], p[from-offset : to-offset]
}

// agrees reports whether p is what is remembered, as far as both go.
func (o *octets) agrees(offset uint64, p []byte) bool {
	was, is := o.overlap(offset, p)
	return bytes.Equal(was, is)
}

// add appends what of p lies behind the end. What lies before a gap is forgotten:
// there is none but in a run that is reported for it.
func (o *octets) add(offset uint64, p []byte) {
	if len(p) == 0 {
		return
	}
	if offset > o.end() {
		o.base, o.data = offset, nil
	}
	if end := offset + uint64(len(p)); end > o.end() {
		o.data = append(o.data, p[uint64(len(p))-(end-o.end()):]...)
	}
}

// forget drops what lies before offset.
func (o *octets) forget(offset uint64) {
	if offset <= o.base {
		return
	}
	drop := min(offset-o.base, uint64(len(o.data)))
	o.data = o.data[drop:]
	o.base = offset
	if len(o.data) == 0 {
		o.data = nil
	}
}

// piece is data that waits for what is missing before it.
type piece struct {
	offset uint64
	data   []byte
}

// assembly puts delivered data in order.
type assembly struct {
	octets          // delivered without a gap
	early   []piece // behind a gap, in order of offset
	differs bool    // two deliveries had different octets at one place
}

// deliver adds data and moves what has become contiguous to the octets.
func (a *assembly) deliver(offset uint64, p []byte) {
	if len(p) == 0 || offset+uint64(len(p)) <= a.base {
		return
	}
	if offset > a.end() {
		a.keep(piece{offset, p})
		return
	}
	a.join(offset, p)
	for len(a.early) > 0 && a.early[0].offset <= a.end() {
		first := a.early[0]
		a.early = slices.Delete(a.early, 0, 1)
		a.join(first.offset, first.data)
	}
}

func (a *assembly) join(offset uint64, p []byte) {
	a.differs = a.differs || !a.agrees(offset, p)
	a.add(offset, p)
}

func (a *assembly) keep(p piece) {
	i, _ := slices.BinarySearchFunc(a.early, p.offset, func(e piece, offset uint64) int {
		switch {
		case e.offset < offset:
			return -1
		case e.offset > offset:
			return 1
		}
		return 0
	})
	if i < len(a.early) && a.early[i].offset == p.offset && len(a.early[i].data) >= len(p.data) {
		return // a copy
	}
	a.early = slices.Insert(a.early, i, p)
}
