package mutation

// sendings are faults in what is sent and when: windows, retransmission and the
// other timers (RFC 9293 sections 3.8 and 3.10.8, RFC 6298, 5681, 2018, 7323).
var sendings = []Mutant{
	{
		ID: "fin-before-text", File: "output.go",
		Fault: "The FIN is sent before text that is not sent yet.",
		Old:   "\tif unsent == 0 {\n\t\tif !fin",
		New:   "\tif unsent == 0 || fin {\n\t\tif !fin",
	},
	{
		ID: "nagle-never", File: "output.go",
		Fault: "The Nagle algorithm holds nothing back.",
		Old:   "\treturn true\n}\n\n// halfWindow",
		New:   "\treturn false\n}\n\n// halfWindow",
	},
	{
		ID: "nagle-always", File: "output.go",
		Fault:  "TCP_NODELAY has no effect.",
		Old:    "if e.opt[NoDelay] != 0 || len(e.rtx) == 0 {",
		New:    "if len(e.rtx) == 0 {",
		Missed: "Needs TCP_NODELAY and a short send while another is not acknowledged.",
	},
	{
		ID: "no-window-probe", File: "output.go",
		Fault: "A zero window is not probed.",
		Old:   "\t\te.arm(tPersist, e.persistTime())\n",
		New:   "",
	},
	{
		ID: "persist-no-back-off", File: "timeouts.go",
		Fault: "Window probes follow each other at the same distance.",
		Old:   "\te.persistBackoff++\n",
		New:   "",
	},
	{
		ID: "initial-window", File: "open.go",
		Fault: "The initial congestion window has no limit.",
		Old:   "e.cwnd, e.slowEnd = e.p.InitialWindow, maxInt",
		New:   "e.cwnd, e.slowEnd = 100*e.p.InitialWindow, maxInt",
	},
	{
		ID: "no-back-off", File: "rtt.go",
		Fault: "The retransmission time-out is not doubled.",
		Old:   "e.rto = min(base*2+e.p.SlopRTO, e.p.MaxRTO)",
		New:   "e.rto = min(base+e.p.SlopRTO, e.p.MaxRTO)",
	},
	{
		ID: "no-least-rto", File: "rtt.go",
		Fault: "The retransmission time-out has no lower bound.",
		Old:   "e.rto = min(max(rto, e.p.MinRTO)+e.p.SlopRTO, e.p.MaxRTO)",
		New:   "e.rto = min(rto, e.p.MaxRTO)",
	},
	{
		ID: "r2-early", File: "timeouts.go",
		Fault: "Retransmission is given up two time-outs early.",
		Old:   "return e.retransmits >= retries\n",
		New:   "return e.retransmits >= retries-2\n",
	},
	{
		ID: "r2-never", File: "timeouts.go",
		Fault: "Retransmission is never given up.",
		Old:   "\tif e.outOfTime(e.retries(), durationOf(e.opt[UserTimeout])) {\n",
		New:   "\tif e.outOfTime(e.retries(), durationOf(e.opt[UserTimeout])) && e.state == wire.Closed {\n",
	},
	{
		ID: "syn-once-more", File: "timeouts.go",
		Fault: "The SYN is sent once more than the profile says.",
		Old:   "return e.timeouts >= limit+linear ||",
		New:   "return e.timeouts > limit+linear ||",
	},
	{
		ID: "syn-not-again", File: "timeouts.go",
		Fault: "The SYN is not sent again.",
		Old:   "\te.sendSyn(true)\n",
		New:   "",
	},
	{
		ID: "timeout-nothing-sent", File: "timeouts.go",
		Fault: "The retransmission time-out retransmits nothing.",
		Old:   "\te.retransmits++\n\te.retransmit(0)\n",
		New:   "\te.retransmits++\n",
	},
	{
		ID: "timeout-window-kept", File: "timeouts.go",
		Fault: "A time-out leaves the congestion window as it is.",
		Old:   "\te.cwnd = 1\n",
		New:   "",
	},
	{
		ID: "no-fast-retransmit", File: "arrives_ack.go",
		Fault: "Duplicate ACKs retransmit nothing.",
		Old:   "\t\te.onDuplicate()\n",
		New:   "",
	},
	{
		ID: "keepalive-ignored", File: "keepalive.go",
		Fault:  "SO_KEEPALIVE has no effect.",
		Old:    "if e.opt[KeepAlive] == 0 || !e.synchronized() {",
		New:    "if e.opt[KeepAlive] != 2 || !e.synchronized() {",
		Missed: "Needs SO_KEEPALIVE and a short TCP_KEEPIDLE on one connection that is then idle.",
	},
	{
		ID: "ack-delayed-too-long", File: "delack.go",
		Fault: "An ACK is delayed by 3 seconds.",
		Old:   "\t\te.arm(tDelAck, d)\n",
		New:   "\t\te.arm(tDelAck, d+3*time.Second)\n",
	},
	{
		ID: "ack-second-delayed", File: "delack.go",
		Fault: "Every second full-sized segment is acknowledged late.",
		Old:   "\tcase second:\n",
		New:   "\tcase second && e.ackNow:\n",
	},
	{
		ID: "receive-window-full", File: "window.go",
		Fault: "The window does not close as the receive buffer fills.",
		Old:   "max(int(e.opt[ReceiveBuffer])-e.charged, 0)",
		New:   "max(int(e.opt[ReceiveBuffer]), 0)",
	},
	{
		ID: "receive-window-shrinks", File: "window.go",
		Fault: "The right edge of the window moves left.",
		Old:   "\tif w < now {\n",
		New:   "\tif w < now && now == 0 {\n",
	},
	{
		ID: "sack-covers-more", File: "sack.go",
		Fault: "A SACK block is taken for what it does not cover.",
		Old:   "wire.SeqLessEq(b.Left, x.seq) && wire.SeqLessEq(x.end, b.Right)",
		New:   "wire.SeqLessEq(x.end, b.Right)",
	},
	{
		ID: "sack-ignored", File: "sack.go",
		Fault: "What the peer has by SACK is sent again.",
		Old:   "x.sacked, news = true, true",
		New:   "news = true",
	},
	{
		ID: "timestamps-backwards", File: "endpoint.go",
		Fault: "The timestamp clock runs backwards.",
		Old:   "return e.tsOffset + uint32(e.now/time.Millisecond)",
		New:   "return e.tsOffset - uint32(e.now/time.Millisecond)",
	},
	{
		ID: "timestamp-not-echoed", File: "output.go",
		Fault: "Segments echo a timestamp of 0.",
		Old:   "= e.tsval(), e.tsRecent\n",
		New:   "= e.tsval(), 0\n",
	},
	{
		ID: "segment-too-big-ignored", File: "arrives_icmp.go",
		Fault:  "ICMP \"packet too big\" does not make segments smaller.",
		Old:    "\te.mss = mss\n",
		New:    "",
		Missed: "Needs a long transfer over a router to a link with a smaller MTU.",
	},
}
