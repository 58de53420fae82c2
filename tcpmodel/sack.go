package tcpmodel

import "rstlab/netsim/wire"

// noteSack remembers which block was changed last. RFC 2018 section 4: "the first
// SACK block (i.e., the one immediately following the kind and length fields in
// the option) MUST specify the contiguous block of data containing the segment
// which triggered this ACK".
func (e *Endpoint) noteSack(seq uint32) {
	e.recent[2], e.recent[1], e.recent[0] = e.recent[1], e.recent[0], seq
}

// addSack writes the blocks of text that arrived out of order, the last changed
// first.
func (e *Endpoint) addSack(o *Options) {
	most := uint8(4)
	if o.HasTimestamps {
		most = 3
	}
	all := e.sorted()
	for _, seq := range e.recent {
		if b, ok := all.blockOf(seq); ok {
			o.addBlock(b, most)
		}
	}
	for i := range all {
		if b, ok := all.blockOf(all[i].seq); ok {
			o.addBlock(b, most)
		}
	}
}

func (o *Options) addBlock(b wire.SACKBlock, most uint8) {
	for _, x := range o.Blocks[:o.NumBlocks] {
		if x == b {
			return
		}
	}
	if o.NumBlocks < most {
		o.Blocks[o.NumBlocks] = b
		o.NumBlocks++
	}
}

// blockOf is the contiguous block with the number seq, of what is sorted.
func (q asideQueue) blockOf(seq uint32) (b wire.SACKBlock, ok bool) {
	for i := 0; i < len(q); {
		b = wire.SACKBlock{Left: q[i].seq, Right: q[i].edge()}
		for i++; i < len(q) && wire.SeqLessEq(q[i].seq, b.Right); i++ {
			if right := q[i].edge(); wire.SeqLess(b.Right, right) {
				b.Right = right
			}
		}
		if wire.SeqLessEq(b.Left, seq) && wire.SeqLess(seq, b.Right) {
			return b, true
		}
	}
	return wire.SACKBlock{}, false
}

// takeSack marks what the peer has (RFC 2018 section 5) and reports whether that
// is news.
func (e *Endpoint) takeSack(s *Segment) bool {
	news, highest := false, e.highestSacked()
	for _, b := range s.Options.Blocks[:s.Options.NumBlocks] {
		if !e.sackOK || !wire.SeqLess(b.Left, b.Right) || wire.SeqLess(e.nxt, b.Right) {
			continue
		}
		for i := range e.rtx {
			x := &e.rtx[i]
			if !x.sacked && wire.SeqLessEq(b.Left, x.seq) && wire.SeqLessEq(x.end, b.Right) {
				x.sacked, news = true, true
				e.reduction.newly++
				e.noteOriginal(x)
				e.noteReordering(x, highest)
				e.rackDelivered(x)
			}
		}
	}
	return news
}
