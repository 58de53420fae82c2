package tcpmodel

import "rstlab/netsim/wire"

// arriveFin is the eighth step: "If the FIN bit is set, signal the user
// "connection closing" and return any pending RECEIVEs with same message,
// advance RCV.NXT over the FIN, and send an acknowledgment for the FIN."
func (e *Endpoint) arriveFin() {
	e.rcvNxt++
	e.finRcvd = true
	e.out.Ready = true
	for _, x := range e.later {
		e.charged -= x.charge
	}
	e.later = nil
	e.ackPending = true
	switch e.state {
	case wire.Established:
		e.cite(FinEstablished)
		e.become(wire.CloseWait)
		if e.p.DelAckFin {
			e.pingpong = true
		} else {
			e.sendAck()
		}
	case wire.FinWait1:
		// "If our FIN has been ACKed (perhaps in this segment), then enter
		// TIME-WAIT, start the time-wait timer, turn off the other timers;
		// otherwise, enter the CLOSING state." The first was FIN-WAIT-2 by now.
		e.cite(FinFinWait1)
		e.sendAck()
		e.become(wire.Closing)
	case wire.FinWait2:
		e.cite(FinFinWait2)
		e.sendAck()
		e.enterTimeWait()
	case wire.Closed, wire.Listen, wire.SynSent, wire.SynReceived,
		wire.CloseWait, wire.Closing, wire.LastAck, wire.TimeWait:
		e.impossible() // text and FIN are taken in the states above only
	}
}

// enterTimeWait: "start the time-wait timer, turn off the other timers".
func (e *Endpoint) enterTimeWait() {
	if e.p.FinWait2Bare && !e.bare() {
		e.answered = 0
	}
	kept := uint8(0)
	if e.p.KeepRestarts {
		kept = 1 << tKeepAlive
	}
	e.timers.stopOthers(kept)
	e.become(wire.TimeWait)
	e.arm(tTimeWait, e.p.TimeWait)
}
