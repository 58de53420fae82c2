package tcpmodel

import "rstlab/netsim/wire"

// pushes reports whether text must have PSH: it ends what was given to send, or would
// have room for all of that the first time that it is sent. Netstack takes PSH off a
// segment alone that is split because it is longer than the MSS (snd.go, splitSeg).
func (f *Follower) pushes(s *Segment, end uint32) bool {
	e := f.ep
	return len(s.Payload) > 0 && (end == e.finSeq() ||
		f.piece == 0 && wire.SeqLessEq(e.nxt, s.Seq) && int(wire.SeqDiff(e.finSeq(), s.Seq)) <= e.mss)
}
