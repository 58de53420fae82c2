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
	most := o.mostBlocks()
	if e.p.SackListed {
		e.sackList.trim(e.rcvNxt)
		for _, b := range e.sackList.blocks[:e.sackList.n] {
			o.addBlock(b, most)
		}
		return
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

// sackList is the SACK blocks of a receiver that keeps a list of them, the last changed
// first. One that falls off it is not told any more (netstack sack.go, SACKInfo).
type sackList struct {
	blocks [6]wire.SACKBlock
	n      int
}

// trim removes what RCV.NXT covers.
func (l *sackList) trim(rcvNxt uint32) {
	n := 0
	for _, b := range l.blocks[:l.n] {
		if wire.SeqLess(b.Left, rcvNxt) {
			b.Left = rcvNxt
		}
		if wire.SeqLess(b.Left, b.Right) {
			l.blocks[n] = b
			n++
		}
	}
	l.n = n
}

// add puts the block of text that has arrived first, with what it touches.
func (l *sackList) add(x wire.SACKBlock, rcvNxt uint32) {
	l.trim(rcvNxt)
	n := 0
	for _, b := range l.blocks[:l.n] {
		if wire.SeqLess(b.Right, x.Left) || wire.SeqLess(x.Right, b.Left) {
			l.blocks[n] = b
			n++
			continue
		}
		if wire.SeqLess(b.Left, x.Left) {
			x.Left = b.Left
		}
		if wire.SeqLess(x.Right, b.Right) {
			x.Right = b.Right
		}
	}
	n = min(n, len(l.blocks)-1)
	copy(l.blocks[1:], l.blocks[:n])
	l.blocks[0], l.n = x, n+1
}

// mostBlocks is how many SACK blocks there is room for: RFC 2018 section 3.
func (o *Options) mostBlocks() uint8 {
	if o.HasTimestamps {
		return 3
	}
	return 4
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
	if e.p.RackTopBlock {
		defer e.rackTop(s)
	}
	for _, b := range s.Options.Blocks[:s.Options.NumBlocks] {
		if !e.sackOK || !wire.SeqLess(b.Left, b.Right) || wire.SeqLess(e.nxt, b.Right) ||
			e.p.RackTopBlock && (wire.SeqLessEq(b.Left, s.Ack) || wire.SeqLessEq(b.Left, e.una)) {
			continue
		}
		for i := range e.rtx {
			x := &e.rtx[i]
			if !x.sacked && wire.SeqLessEq(b.Left, x.seq) && wire.SeqLessEq(x.end, b.Right) {
				x.sacked, news = true, true
				e.reduction.newly++
				e.noteOriginal(x)
				if !e.p.RackTopBlock {
					e.noteReordering(x, highest)
					e.rackDelivered(s, x)
				}
			}
		}
	}
	return news
}

// rackTop tells RACK what the highest block of an ACK has; what others have it learns when
// that is acknowledged (netstack snd.go, walkSACK).
func (e *Endpoint) rackTop(s *Segment) {
	blocks := s.Options.Blocks[:s.Options.NumBlocks]
	if !e.sackOK || len(blocks) == 0 {
		return
	}
	top := blocks[0]
	for _, b := range blocks[1:] {
		if wire.SeqLess(top.Left, b.Left) {
			top = b
		}
	}
	for i := range e.rtx {
		if x := &e.rtx[i]; !x.heard && wire.SeqLessEq(top.Left, x.seq) && wire.SeqLess(x.seq, top.Right) {
			e.rackDelivered(s, x)
			e.noteReordering(x, 0)
			e.pipe.sacked += e.packetsOf(x)
		}
	}
}
