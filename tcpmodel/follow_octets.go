package tcpmodel

import (
	"bytes"

	"rstlab/netsim/wire"
)

// knownOctets are octets of the send stream whose value is known, in order.
type knownOctets []octetRun

type octetRun struct {
	seq  uint32
	data []byte
}

func (k *knownOctets) add(seq uint32, data []byte) {
	if len(data) > 0 {
		*k = append(*k, octetRun{seq, data})
	}
}

// cut forgets what lies at or behind a number.
func (k *knownOctets) cut(seq uint32) {
	for i, r := range *k {
		if n := int(wire.SeqDiff(seq, r.seq)); n <= 0 {
			*k = (*k)[:i]
			return
		} else if n < len(r.data) {
			(*k)[i].data = r.data[:n]
		}
	}
}

// forget drops what lies before a number.
func (k *knownOctets) forget(seq uint32) {
	n := 0
	for n < len(*k) && wire.SeqLessEq((*k)[n].seq+uint32(len((*k)[n].data)), seq) {
		n++
	}
	*k = (*k)[n:]
}

// agree reports whether text at a number is what is known of it.
func (k knownOctets) agree(seq uint32, text []byte) bool {
	for _, r := range k {
		at := int(wire.SeqDiff(r.seq, seq))
		from, to := max(at, 0), min(at+len(r.data), len(text))
		if from < to && !bytes.Equal(text[from:to], r.data[from-at:to-at]) {
			return false
		}
	}
	return true
}
