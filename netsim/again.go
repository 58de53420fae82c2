package netsim

import (
	"errors"

	"rstlab/netsim/wire"
)

// ErrRetransmits is the end of a run in which more segments are sent again than
// [Choosing.Retransmits] allows.
var ErrRetransmits = errors.New("netsim: more segments were sent again than the bound allows")

// countAgain counts a segment of the host if a part of it was sent before.
func (n *Network) countAgain(h *Host, p *wire.Packet) {
	if n.choose != nil && h.endpoints.hasSent(p) {
		n.choose.again++
	}
}

// hasSent reports whether the host has sent a part of the segment before: data, a SYN
// or a FIN.
func (t *endpoints) hasSent(p *wire.Packet) bool {
	if p.Proto != wire.TCP || p.TCP.Flags.Has(wire.RST) || p.TCP.Len() == 0 {
		return false
	}
	e := t.find(p.Flow())
	return e != nil && e.live && e.end.HasSent(&p.TCP)
}

// bounded reports whether not every number of segments may be sent again.
func (c *choosing) bounded() bool { return c.Retransmits != 0 }

// beyond reports whether more segments were sent again than may be. What has been sent
// does not become less, and in a state it is the same on every way there: of two orders
// that come to one state both are within the bound or neither is.
func (c *choosing) beyond() bool { return c.bounded() && c.again > max(0, c.Retransmits) }

// appendAgain appends what was sent again, and what it would be to send more.
func (n *Network) appendAgain(b []byte) []byte {
	if !n.choose.bounded() {
		return b
	}
	b = number(b, n.choose.again)
	for _, h := range n.hosts {
		for _, e := range h.endpoints.order {
			if e.live {
				b = number(word(word(b, e.flow.Local.String()), e.flow.Remote.String()), int(e.end.SndNxt()))
			}
		}
	}
	return b
}
