package tcpmodel

import (
	"slices"
	"time"

	"rstlab/netsim/wire"
)

// moment is what an ACK says behind one of the segments that arrive in an instant:
// it may leave when the next has arrived already.
type moment struct {
	at     time.Duration
	rcvNxt uint32
	blocks []wire.SACKBlock
	room   room
}

// remember takes note of the moment, in which there is that room. The ACK of a FIN may have the blocks of what came
// behind it: netstack sends it before it leaves ESTABLISHED, and then drops these (rcv.go,
// consumeSegment).
func (f *Follower) remember(now time.Duration, before sackReports, established bool, room room) {
	e := f.ep
	if len(f.moments) > 0 && f.moments[0].at != now {
		f.moments = f.moments[:0]
	}
	f.note(moment{now, e.rcvNxt, e.reported(), room})
	if established && e.state == wire.CloseWait && before.n > 0 {
		before.trim(e.rcvNxt - 1)
		f.note(moment{now, e.rcvNxt, before.blocks[:min(before.n, e.mostReported())], room})
	}
}

// note keeps a moment, unless it is as the last: a link without delay can have any number of them
// in one instant.
func (f *Follower) note(m moment) {
	if n := len(f.moments); n > 0 {
		if x := &f.moments[n-1]; x.rcvNxt == m.rcvNxt && x.room == m.room && slices.Equal(x.blocks, m.blocks) {
			return
		}
	}
	m.blocks = slices.Clone(m.blocks)
	f.moments = append(f.moments, m)
}

// options checks those of a segment of a connection.
func (f *Follower) options(s *Segment) *Refusal {
	e, o := f.ep, &s.Options
	switch {
	case e.tsOK != o.HasTimestamps:
		return refuse(RttTimestamp, showSegment(s), "timestamps in all segments or in none: RFC 7323 section 3.2")
	case e.tsOK && o.TSVal != e.tsval():
		// RFC 7323 section 4.1: "The values of the timestamp clock MUST be at least
		// approximately proportional to real time". The profiles' has milliseconds.
		return refuse(RttTimestamp, showSegment(s), "a timestamp of the time, %d, not %d", e.tsval(), o.TSVal)
	case e.tsOK && o.TSEcr != e.tsRecent && !(f.arriving() && wire.SeqLessEq(f.arrival.tsRecent, o.TSEcr) && wire.SeqLessEq(o.TSEcr, e.tsRecent)):
		return refuse(RttTimestamp, showSegment(s), "the echo of TS.Recent, %d, not %d", e.tsRecent, o.TSEcr)
	}
	return f.blocks(s)
}

// blocks checks the SACK option. RFC 2018 section 4: "If sent at all, SACK options
// SHOULD be included in all ACKs which do not ACK the highest sequence number in the
// data receiver's queue", the first block "MUST specify the contiguous block of data
// containing the segment which triggered this ACK", and the option "SHOULD be filled
// out by repeating the most recently reported SACK blocks".
func (f *Follower) blocks(s *Segment) *Refusal {
	got := s.Options.Blocks[:s.Options.NumBlocks]
	if len(got) > 0 && !f.ep.sackOK {
		return refuse(TextAside, showSegment(s), "no SACK: it was not agreed on")
	}
	want := f.ep.reported()
	said := func(m moment) bool { return m.at == f.ep.now && m.rcvNxt == s.Ack && slices.Equal(m.blocks, got) }
	if slices.Equal(got, want) || slices.ContainsFunc(f.moments, said) {
		return nil
	}
	return refuse(TextAside, showSegment(s)+showBlocks(got), "the SACK blocks of what waits for a gap, the last that changed first:%s", showBlocks(want))
}
