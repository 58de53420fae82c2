package tcpmodel

import "rstlab/netsim/wire"

// maxReports is how many blocks of text out of order are remembered (netstack sack.go,
// MaxSACKBlocks), and mostBlocks how many an option can have without other options.
const (
	maxReports = 6
	mostBlocks = 4
)

// sackReports are the blocks of text that arrived out of order, the last changed first.
type sackReports struct {
	blocks [maxReports]wire.SACKBlock
	n      int
}

// note takes text that was put aside. RFC 2018 section 4: "the first SACK block (i.e.,
// the one immediately following the kind and length fields in the option) MUST specify
// the contiguous block of data containing the segment which triggered this ACK".
func (r *sackReports) note(b wire.SACKBlock) {
	if !wire.SeqLess(b.Left, b.Right) {
		return // a FIN
	}
	var kept [maxReports]wire.SACKBlock
	n := 1
	for _, x := range r.blocks[:r.n] {
		if wire.SeqLessEq(b.Left, x.Right) && wire.SeqLessEq(x.Left, b.Right) {
			b = join(b, x)
		} else if n < maxReports {
			kept[n] = x
			n++
		}
	}
	kept[0] = b
	r.blocks, r.n = kept, n
}

// join is the block that two make which overlap or touch.
func join(a, b wire.SACKBlock) wire.SACKBlock {
	if wire.SeqLess(b.Left, a.Left) {
		a.Left = b.Left
	}
	if wire.SeqLess(a.Right, b.Right) {
		a.Right = b.Right
	}
	return a
}

// trim forgets what lies before a number.
func (r *sackReports) trim(seq uint32) {
	n := 0
	for _, x := range r.blocks[:r.n] {
		if wire.SeqLessEq(x.Right, seq) {
			continue
		}
		if wire.SeqLess(x.Left, seq) {
			x.Left = seq
		}
		r.blocks[n] = x
		n++
	}
	r.n = n
}

// noteSack remembers that text was put aside.
func (e *Endpoint) noteSack(left, right uint32) {
	e.reports.trim(e.rcvNxt)
	e.reports.note(wire.SACKBlock{Left: left, Right: right})
}

// reported are the blocks that an ACK has now, the last changed first.
func (e *Endpoint) reported() []wire.SACKBlock {
	if !e.sackOK || len(e.later) == 0 || e.p.SackEstablished && e.state != wire.Established {
		return nil
	}
	e.reports.trim(e.rcvNxt)
	return e.reports.blocks[:min(e.reports.n, e.mostReported())]
}

// mostReported is how many there is room for in the options.
func (e *Endpoint) mostReported() int {
	if e.tsOK {
		return mostBlocks - 1
	}
	return mostBlocks
}

// segmentSize is how much text a segment takes that is sent now: the MSS without the
// options that it has. RFC 9293 section 3.7.1: "Eff.snd.MSS = min(SendMSS+20, MMS_S) -
// TCPhdrsize - IPoptionsize".
func (e *Endpoint) segmentSize() int {
	n := len(e.reported())
	if n == 0 || e.p.SackSpace {
		return max(e.mss, 1)
	}
	return max(e.mss-4-8*n, 1)
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
		full := e.scoreboardFull()
		for i := range e.rtx {
			x := &e.rtx[i]
			if !x.sacked && wire.SeqLessEq(b.Left, x.seq) && wire.SeqLessEq(x.end, b.Right) {
				news = true
				if full {
					continue
				}
				x.sacked = true
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

// scoreboardFull reports whether as many blocks are remembered as there can be.
func (e *Endpoint) scoreboardFull() bool {
	limit := e.p.ScoreboardBlocks
	if limit == 0 || len(e.rtx) < 2*limit {
		return false
	}
	for i := range e.rtx {
		if e.rtx[i].sacked && (i == 0 || !e.rtx[i-1].sacked) {
			limit--
		}
	}
	return limit <= 0
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
