package truth

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// comparePackets compares the segments of each side in the order in which they
// were sent, and the forged ones.
func (c *comparison) comparePackets() {
	c.compareForged()
	var all []*unlike
	c.beyond = c.cutOffFlows()
	for _, from := range []string{"A", "B"} {
		want, got := c.within(sentBy(c.file.Packets, from)), c.within(sentBy(c.record.Packets, from))
		hunks := align(want, got)
		for _, h := range hunks {
			u := &unlike{from: from, place: place(from, h)}
			u.want = c.withoutDelayed(want, h.i, h.j, got, c.file.Packets, c.record.Packets)
			u.got = c.withoutDelayed(got, h.k, h.l, want, c.record.Packets, c.file.Packets)
			all = append(all, u)
		}
		c.comparePush(from, want, got, hunks)
	}
	for _, u := range all {
		u.want, u.got = c.withoutDrawn(u.want), c.withoutDrawn(u.got)
		if len(u.want) > 0 || len(u.got) > 0 {
			c.differ(u.place, list(u.want), list(u.got))
		}
	}
}

// comparePush compares the flag PSH of the segments that are alike but for it.
func (c *comparison) comparePush(from string, want, got []Packet, hunks []hunk) {
	var only, ours []string
	i, j := 0, 0
	for i < len(want) && j < len(got) {
		if len(hunks) > 0 && i == hunks[0].i && j == hunks[0].k {
			i, j, hunks = hunks[0].j, hunks[0].l, hunks[1:]
			continue
		}
		if want[i].Elided+got[j].Elided == 0 && want[i].Flags != got[j].Flags {
			if strings.Contains(want[i].Flags, "P") {
				only = append(only, strconv.Itoa(i+1))
			} else {
				ours = append(ours, strconv.Itoa(i+1))
			}
		}
		i, j = i+1, j+1
	}
	if len(only)+len(ours) > 0 {
		c.differ(from+">"+peerOf(from)+" PSH", numbers(only), numbers(ours))
	}
}

// numbers is "set in 2, 4 and not on the other side".
func numbers(of []string) string {
	if len(of) == 0 {
		return "in no other segment"
	}
	return "also in " + strings.Join(of, ", ")
}

// unlike is a hunk with what is left of it when the tolerances are applied.
type unlike struct {
	from, place string
	want, got   []*Packet
}

// place is "B>A 5", or "B>A after 4" when nothing was recorded there.
func place(from string, h hunk) string {
	if h.i == h.j {
		return fmt.Sprintf("%s>%s after %d", from, peerOf(from), h.i)
	}
	return fmt.Sprintf("%s>%s %d", from, peerOf(from), h.i+1)
}

// sentBy are the segments of one host; those that the transcript leaves out
// stand one by one.
func sentBy(all []Packet, from string) []Packet {
	var sent []Packet
	for _, p := range all {
		if p.From != from {
			continue
		}
		for range max(1, p.Elided) {
			sent = append(sent, p)
		}
	}
	return sent
}

// compareForged checks that what the relay forged is what was forged there. A
// number that counts from the window's edge is another where the window is.
func (c *comparison) compareForged() {
	want, got := sentBy(c.file.Packets, ""), sentBy(c.record.Packets, "")
	var edge []bool
	for i := range c.file.Calls {
		if call := &c.file.Calls[i]; call.Op == "inject" {
			edge = append(edge, call.Injection().Seq.From == "wnd")
		}
	}
	for i := range max(len(want), len(got)) {
		w, g := "nothing", "nothing"
		var ws, gs Segment
		if i < len(want) {
			w, ws = want[i].Segment.String(), want[i].Segment
		}
		if i < len(got) {
			g, gs = got[i].Segment.String(), got[i].Segment
		}
		if i < len(want) && i < len(got) && i < len(edge) && edge[i] && ws.Seq != gs.Seq {
			ws.Seq = gs.Seq
			c.tolerate(InitialWindow)
		}
		if i >= len(want) || i >= len(got) || ws != gs {
			c.differ(fmt.Sprintf("INJECT %d", i+1), w, g)
		}
	}
}

// withoutDelayed are side[i:j] without the pure ACKs that are a matter of when
// to acknowledge: those that acknowledge something new, when the other side
// acknowledges it too, within half a second, or its connection was reset before
// its delayed ACK was due. here are all packets of this side, across those of the
// other.
func (c *comparison) withoutDelayed(side []Packet, i, j int, other, here, across []Packet) []*Packet {
	var left []*Packet
	for k := i; k < j; k++ {
		p := &side[k]
		if p.Elided == 0 && p.Pure() && advances(side[:k], p) && inSequence(side[:k], p) && c.wasSent(here, p) && (acknowledges(other, p) || c.resetBefore(across, p)) {
			c.tolerate(DelayedACK)
			c.unmatched = append(c.unmatched, p)
			continue
		}
		left = append(left, p)
	}
	return left
}

// resetBefore reports that a RST reached the sender of an ACK, or it sent one,
// before a delayed ACK was due.
func (c *comparison) resetBefore(across []Packet, p *Packet) bool {
	for i := range across {
		r := &across[i]
		if !strings.Contains(r.Flags, "R") || r.Dropped {
			continue
		}
		at := r.At
		if r.From != p.From {
			at += c.file.Delay
		}
		if at >= p.At-maxJitter && at <= p.At+maxDelayACK+maxJitter {
			return true
		}
	}
	return false
}

// withoutDrawn are the packets without the RSTs that a tolerated ACK drew from a
// host without the connection: RFC 9293 section 3.10.7.1: "If the ACK bit is on,
// <SEQ=SEG.ACK><CTL=RST>".
func (c *comparison) withoutDrawn(packets []*Packet) []*Packet {
	return slices.DeleteFunc(packets, func(p *Packet) bool {
		for _, a := range c.unmatched {
			if p.Elided == 0 && p.Flags == "R" && p.Seq == a.Ack && p.From != a.From && p.At > a.At && p.At-a.At < c.file.Delay+maxJitter {
				c.tolerate(DelayedACK)
				return true
			}
		}
		return false
	})
}

// advances reports that nothing before acknowledged as much.
func advances(before []Packet, p *Packet) bool {
	for i := range before {
		if b := &before[i]; strings.Contains(b.Flags, "A") && b.Ack >= p.Ack {
			return false
		}
	}
	return true
}

// inSequence reports that the sequence number of an ACK is what comes next after
// all that was sent before (RFC 9293 section 3.10.7.4: <SEQ=SND.NXT>).
func inSequence(before []Packet, p *Packet) bool {
	var next int64
	for i := range before {
		b := &before[i]
		if b.Elided > 0 {
			return true // nobody knows
		}
		end := b.Seq + int64(b.Len)
		if strings.ContainsAny(b.Flags, "SF") {
			end++
		}
		next = max(next, end)
	}
	return p.Seq == next
}

// wasSent reports that an ACK acknowledges all up to the end of a segment that the
// peer has sent before.
func (c *comparison) wasSent(packets []Packet, p *Packet) bool {
	for i := range packets {
		s := &packets[i]
		if s.From == p.From || s.From == "" || s.At > p.At {
			continue
		}
		end := s.Seq + int64(s.Len)
		if strings.ContainsAny(s.Flags, "SF") {
			end++
		}
		if s.Elided > 0 || end == p.Ack || p.Ack == c.beyond[s.From] {
			return true
		}
	}
	return false
}

// maxDelayed is how long an acknowledgement may be delayed: RFC 9293 section
// 3.8.6.3: "the delay MUST be less than 0.5 seconds".
const maxDelayed = 500 * time.Millisecond

// acknowledges reports that a side acknowledges what p does, or more, within
// half a second of it.
func acknowledges(side []Packet, p *Packet) bool {
	for i := range side {
		s := &side[i]
		apart := s.At - p.At
		if s.Elided == 0 && strings.Contains(s.Flags, "A") && s.Ack >= p.Ack && !s.AckAbsolute && max(apart, -apart) < maxDelayed {
			return true
		}
	}
	return false
}

// The most segments of a hunk that are written out; of more the first and the
// last are.
const maxListed = 6

// list writes segments down.
func list(packets []*Packet) string {
	if len(packets) == 0 {
		return "nothing"
	}
	var texts []string
	for i := 0; i < len(packets); i++ {
		n := 1
		if packets[i].Elided > 0 {
			for i+n < len(packets) && packets[i+n].Elided > 0 {
				n++
			}
			texts = append(texts, fmt.Sprintf("%d elided", n))
			i += n - 1
			continue
		}
		texts = append(texts, packets[i].Segment.String())
	}
	if len(texts) > maxListed {
		texts = append(append(texts[:3:3], fmt.Sprintf("… (%d in all)", len(packets))), texts[len(texts)-1])
	}
	return strings.Join(texts, ", ")
}

// String is "PA seq=1 ack=1 len=100", as in a transcript.
func (s Segment) String() string {
	number := func(n int64, absolute bool) string {
		if absolute {
			return fmt.Sprintf("#%d", n)
		}
		return fmt.Sprint(n)
	}
	text := s.Flags + " seq=" + number(s.Seq, s.SeqAbsolute)
	if strings.Contains(s.Flags, "A") {
		text += " ack=" + number(s.Ack, s.AckAbsolute)
	}
	return text + fmt.Sprintf(" len=%d", s.Len)
}
