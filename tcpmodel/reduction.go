package tcpmodel

// reduction is how the congestion window shrinks in recovery: with what the peer
// receives (RFC 6937; Linux net/ipv4/tcp_input.c, tcp_cwnd_reduction).
type reduction struct {
	prior     int // the congestion window when recovery began
	delivered int // segments that arrived since then: prr_delivered
	out       int // and that were sent: prr_out
	newly     int // those that the segment at hand says have arrived
	lost      int // and those that it has taken for lost
}

// begin is the beginning of recovery.
func (r *reduction) begin(cwnd int) { r.prior, r.delivered, r.out = cwnd, 0, 0 }

// reduce is RFC 6937 section 3: above ssthresh a part of what arrives is sent; below, as
// much as arrives (the bound PRR-SSRB), and one more when SND.UNA has advanced and nothing
// was lost. The first retransmission is sent whatever comes out.
func (e *Endpoint) reduce(advanced bool) {
	r := &e.reduction
	n, lost := r.newly, r.lost
	r.newly, r.lost = 0, 0
	if !e.p.ProportionalReduction || !e.recovering || n == 0 {
		return
	}
	r.delivered += n
	flight := e.inFlight()
	send := 0
	if room := e.slowEnd - flight; room < 0 {
		send = (e.slowEnd*r.delivered+r.prior-1)/r.prior - r.out
	} else {
		send = max(r.delivered-r.out, n)
		if advanced && lost == 0 {
			send++
		}
		send = min(room, send)
	}
	if r.out == 0 {
		send = max(send, 1)
	}
	e.cwnd = flight + max(send, 0)
}

// lose takes a segment for lost.
func (e *Endpoint) lose(x *sent) {
	x.lost, x.resent = true, false
	e.reduction.lost++
}

// forgetDuplicates is done when n segments were acknowledged: without SACK each duplicate
// ACK before stood for one of them, but for the one that was missing, and in recovery those
// that are left go on to count (Linux net/ipv4/tcp_input.c, tcp_remove_reno_sacks).
func (e *Endpoint) forgetDuplicates(n int) {
	if e.sackOK || !e.p.ProportionalReduction || e.dupAcks == 0 {
		e.dupAcks = 0
		return
	}
	e.reduction.newly = max(n-e.dupAcks, 1)
	left := max(e.dupAcks-max(n-1, 0), 0)
	e.dupAcks = 0
	if e.recovering {
		e.dupAcks = left
	}
}
