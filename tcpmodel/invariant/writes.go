package invariant

import (
	"bytes"

	"rstlab/netsim/trace"
)

// write is a send: how many octets it was given or took, and the first of them, or all.
type write struct {
	length  uint64
	known   []byte // the octets that the trace has
	proc    string
	pending bool // it has not returned: length is what it was given
}

// writes are what the sends on a connection took, in order.
type writes struct {
	base uint64 // offset of the first octet of list
	list []write
}

// begin takes the call of a send; it reports whether the trace says what it is given.
func (w *writes) begin(e *trace.Event) bool {
	known, n, ok := e.Given()
	if ok {
		w.list = append(w.list, write{length: uint64(n), known: known, proc: e.Proc, pending: true})
	}
	return ok
}

// end notes how much the send of a proc has taken.
func (w *writes) end(proc string, n int) {
	for i := range w.list {
		if one := &w.list[i]; one.pending && one.proc == proc {
			one.pending = false
			one.length = min(one.length, uint64(n))
			return
		}
	}
}

// limit is the offset behind the last octet that may be sent, and whether sends
// are under way, so that it may be less.
func (w *writes) limit() (end uint64, pending bool) {
	end = w.base
	for i := range w.list {
		end += w.list[i].length
		pending = pending || w.list[i].pending
	}
	return end, pending
}

// agrees reports whether data that is sent from offset on is what was written, as
// far as that is known.
func (w *writes) agrees(offset uint64, data []byte) bool {
	at := w.base
	for i := range w.list {
		one := octets{base: at, data: w.list[i].known}
		one.data = one.data[:min(uint64(len(one.data)), w.list[i].length)]
		if was, is := one.overlap(offset, data); !bytes.Equal(was, is) {
			return false
		}
		at += w.list[i].length
	}
	return true
}

// forget drops the sends that lie before offset.
func (w *writes) forget(offset uint64) {
	for len(w.list) > 0 && !w.list[0].pending && w.base+w.list[0].length <= offset {
		w.base += w.list[0].length
		w.list = w.list[1:]
	}
}

// abandon ends the sends of a proc that was killed, and reports whether there
// were any. How much they took is not known.
func (w *writes) abandon(proc string) (any bool) {
	for i := range w.list {
		if one := &w.list[i]; one.pending && one.proc == proc {
			one.pending, any = false, true
		}
	}
	return any
}
