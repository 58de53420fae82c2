package invariant

import "rstlab/netsim/wire"

// acknowledged checks that a connection does not wait for an acknowledgment for ever:
// nothing is left to happen, so nothing will be sent again, no window probed, and the
// connection not given up.
func (k *Checker) acknowledged(c *conn) {
	if !c.moved || c.phantom || c.state == wire.Closed || c.state == wire.Listen {
		return
	}
	una, waits := c.sent.una, c.sent.next
	if synchronised(c.state) {
		una = max(una, 1) // its SYN is, see [conn.early]
	}
	if took, pending := c.written.limit(); !c.unsure && !pending {
		waits = max(waits, took)
	}
	if una >= waits {
		return
	}
	e := k.last
	e.Host = c.host.name
	k.breachCase(c.whyNoEnd(true), acknowledgedInTheEnd, c, &e, "in %v octets %d:%d wait for an acknowledgment, and nothing is left to happen", c.state, una, waits)
}
