package tcpmodel

import "rstlab/netsim/wire"

// startKeepAlive starts the keepalive timer, or stops it.
func (e *Endpoint) startKeepAlive() {
	if e.p.KeepRestarts {
		return // see restartKeepAlive
	}
	if e.opt[KeepAlive] == 0 || !e.synchronized() {
		e.timers.stop(tKeepAlive)
		return
	}
	e.probes = 0
	e.arm(tKeepAlive, durationOf(e.opt[KeepIdle]))
}

// changeKeepIdle counts a new idle time from when something last arrived.
func (e *Endpoint) changeKeepIdle() {
	if e.armed(tKeepAlive) {
		e.arm(tKeepAlive, max(e.rcvd+durationOf(e.opt[KeepIdle])-e.now, 0))
	}
}

// keepAliveExpired is RFC 9293 section 3.8.4: "Keep-alive packets MUST only be
// sent when no sent data is outstanding, and no data or acknowledgment packets
// have been received for the connection within an interval".
func (e *Endpoint) keepAliveExpired() {
	if e.p.KeepRestarts {
		e.keepAliveOver()
		return
	}
	if e.state == wire.Closed || !e.synchronized() {
		return
	}
	idle := durationOf(e.opt[KeepIdle])
	quiet := e.now - e.rcvd
	if len(e.rtx) > 0 || e.unsent() > 0 {
		e.cite(KeepAliveBusy)
		e.arm(tKeepAlive, idle)
		return
	}
	if quiet < idle {
		e.cite(KeepAliveBusy)
		e.arm(tKeepAlive, idle-quiet)
		return
	}
	user := durationOf(e.opt[UserTimeout])
	if user > 0 && quiet >= user && e.probes > 0 || user == 0 && e.probes >= int(e.opt[KeepCount]) {
		e.cite(KeepAliveOver)
		if e.p.KeepReset {
			e.activeReset()
		}
		e.end(e.timedOut())
		return
	}
	e.cite(KeepAliveProbe)
	e.probes++
	e.emit(e.una-1, wire.ACK, nil)
	e.arm(tKeepAlive, durationOf(e.opt[KeepInterval]))
}

// restartKeepAlive begins the idle time anew, or the interval behind a probe without
// an answer; not while anything is in flight (netstack connect.go,
// resetKeepaliveTimer). heard says that the peer has answered.
func (e *Endpoint) restartKeepAlive(heard bool) {
	if !e.p.KeepRestarts || !e.synchronized() && e.state != wire.TimeWait {
		return
	}
	if heard {
		e.unanswered = 0
	}
	switch {
	case e.opt[KeepAlive] == 0 || e.una != e.nxt:
		e.timers.stop(tKeepAlive)
	case e.unanswered > 0:
		e.arm(tKeepAlive, durationOf(e.opt[KeepInterval]))
	default:
		e.arm(tKeepAlive, durationOf(e.opt[KeepIdle]))
	}
}

// keepAliveOver is the keepalive timer of a stack that begins anew with whatever
// arrives (netstack connect.go, keepaliveTimerExpired). It goes off in TIME-WAIT too,
// where nothing that arrives stops it.
func (e *Endpoint) keepAliveOver() {
	if e.state == wire.Closed || !e.synchronized() && e.state != wire.TimeWait {
		return
	}
	if e.unheard() {
		e.cite(KeepAliveOver)
		e.end(e.timedOut())
		return
	}
	e.cite(KeepAliveProbe)
	e.unanswered++
	e.emit(e.nxt-1, wire.ACK, nil)
	e.restartKeepAlive(false)
}

// unheard reports whether keepalive, as its timer goes off, gives up.
func (e *Endpoint) unheard() bool {
	user := durationOf(e.opt[UserTimeout])
	return user > 0 && e.now-e.rcvd >= user && e.unanswered > 0 || e.unanswered >= int(e.opt[KeepCount])
}
