package truth

import "strings"

// A send that a RST or a close cuts off fills the receiver's window, which is
// another on every stack. What one side transferred of it beyond what both did is
// left out of the comparison ([InitialWindow]), and numbers beyond count as one.

// cutOffFlows are, by sender, the sequence numbers up to which both sides
// transferred, where a send was cut off on both.
func (c *comparison) cutOffFlows() map[string]int64 {
	ends := map[string]int64{}
	for _, host := range []string{"A", "B"} {
		if c.cutOffSend(host) {
			ends[host] = min(transferred(c.file.Packets, host), transferred(c.record.Packets, host))
		}
	}
	return ends
}

// cutOffSend reports that a send of the host took only a part of its data, as
// recorded and here.
func (c *comparison) cutOffSend(host string) bool {
	for i := range c.file.Calls {
		call := &c.file.Calls[i]
		asked, number := call.Number(0)
		if call.Host != host || call.Op != "send" || call.Result == nil || !number {
			continue
		}
		want, _ := parseResult(call.Result.Text)
		got := c.record.Calls[i].outcome
		if want.number > 0 && want.number < asked && got.number > 0 && got.number < asked {
			return true
		}
	}
	return false
}

// transferred is the sequence number behind the last byte that a host sent. Where
// a transcript leaves segments out, the peer's acknowledgments tell.
func transferred(packets []Packet, host string) int64 {
	var end, acked int64
	elided := false
	for i := range packets {
		switch p := &packets[i]; {
		case p.From == host:
			elided = elided || p.Elided > 0
			if p.Len > 0 {
				end = max(end, p.Seq+int64(p.Len))
			}
		case p.From == peerOf(host) && !p.AckAbsolute:
			acked = max(acked, p.Ack)
		}
	}
	if elided {
		return max(end, acked)
	}
	return end
}

// within are the segments of a side without what lies beyond the transfer that
// both made.
func (c *comparison) within(packets []Packet) []Packet {
	if len(c.beyond) == 0 {
		return packets
	}
	var kept []Packet
	past := int64(-1) // the highest clamped number that was acknowledged
	for _, p := range packets {
		if end, ok := c.beyond[p.From]; ok && p.Elided == 0 {
			if p.Len > 0 && p.Seq >= end {
				c.leftOut(p)
				continue
			}
			p.Seq = min(p.Seq, end)
		}
		if end, ok := c.beyond[peerOf(p.From)]; ok && p.Elided == 0 && strings.Contains(p.Flags, "A") && p.Ack >= end {
			if p.Pure() && past == end {
				c.leftOut(p)
				continue
			}
			p.Ack, past = end, end
		}
		kept = append(kept, p)
	}
	return kept
}

// leftOut notes a segment that is left out, for the RST that it may draw.
func (c *comparison) leftOut(p Packet) {
	c.tolerate(InitialWindow)
	c.unmatched = append(c.unmatched, &p)
}
