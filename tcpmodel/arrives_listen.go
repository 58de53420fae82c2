package tcpmodel

import "rstlab/netsim/wire"

// arriveListen is RFC 9293 section 3.10.7.2.
func (e *Endpoint) arriveListen(s *Segment) {
	switch {
	case s.Flags.Has(wire.RST):
		e.cite(ListenReset)
	case s.Flags.Has(wire.ACK):
		e.cite(ListenAck)
		e.refuse(s)
	case s.Flags.Has(wire.SYN):
		e.cite(ListenSyn)
		e.prepare()
		e.passive = true
		e.takeSyn(s)
		e.wnd, e.wl1 = uint32(s.Window), s.Seq
		e.maxWnd = e.wnd
		e.rcvd = e.now
		e.become(wire.SynReceived)
		e.sendSyn(false)
	default:
		e.cite(ListenOther)
	}
}
