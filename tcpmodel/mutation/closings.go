package mutation

// closings are faults in the calls: CLOSE, ABORT, SEND and RECEIVE (RFC 9293
// sections 3.10.1 to 3.10.6).
var closings = []Mutant{
	{
		ID: "close-unread-fin", File: "close.go",
		Fault: "CLOSE with unread text sends FIN, not RST.",
		Old:   "if unread && e.p.CloseUnreadResets {",
		New:   "if unread && !e.p.CloseUnreadResets {",
	},
	{
		ID: "close-resets", File: "close.go",
		Fault: "CLOSE sends RST with nothing unread.",
		Old:   "\tunread := e.unread > 0\n",
		New:   "\tunread := e.unread >= 0\n",
	},
	{
		ID: "linger-0-ignored", File: "close.go",
		Fault: "CLOSE with SO_LINGER of 0 sends FIN.",
		Old:   "if e.opt[Linger] == 0 && !(closing",
		New:   "if e.opt[Linger] == 1 && !(closing",
	},
	{
		ID: "close-to-fin-wait-2", File: "close.go",
		Fault: "CLOSE takes ESTABLISHED to FIN-WAIT-2.",
		Old:   "\t\te.cite(CloseEstablished)\n\t\te.finQueued = true\n\t\te.become(wire.FinWait1)\n",
		New:   "\t\te.cite(CloseEstablished)\n\t\te.finQueued = true\n\t\te.become(wire.FinWait2)\n",
	},
	{
		ID: "close-wait-to-fin-wait-1", File: "close.go",
		Fault: "CLOSE takes CLOSE-WAIT to FIN-WAIT-1.",
		Old:   "e.become(wire.LastAck)",
		New:   "e.become(wire.FinWait1)",
	},
	{
		ID: "close-drops-unsent", File: "close.go",
		Fault: "CLOSE throws away what is not sent yet.",
		Old:   "\t\te.cite(CloseEstablished)\n\t\te.finQueued = true\n",
		New:   "\t\te.cite(CloseEstablished)\n\t\te.buf = e.buf[:len(e.buf)-e.unsent()]\n\t\te.finQueued = true\n",
	},
	{
		ID: "close-not-orphan", File: "close.go",
		Fault: "Text that arrives after CLOSE is treated as if the socket were there.",
		Old:   "\t\te.orphan, e.rcvShut = true, true\n",
		New:   "\t\te.rcvShut = false\n",
	},
	{
		ID: "fin-wait-2-for-ever", File: "close.go",
		Fault: "A closed connection stays in FIN-WAIT-2 for ever.",
		Old:   "\te.arm(tTimeWait, e.tick(durationOf(d)))\n",
		New:   "",
	},
	{
		ID: "abort-seq", File: "abort.go",
		Fault: "The RST of ABORT has the sequence number SND.UNA.",
		Old:   "e.emit(e.resetSeq(), wire.RST|wire.ACK, nil)",
		New:   "e.emit(e.una, wire.RST|wire.ACK, nil)",
	},
	{
		ID: "abort-lives", File: "abort.go",
		Fault: "After ABORT the connection lives on.",
		Old:   "\t\te.cite(AbortReset)\n\t\te.abortReset()\n\t\te.end(0)\n",
		New:   "\t\te.cite(AbortReset)\n\t\te.abortReset()\n",
	},
	{
		ID: "send-close-wait-errno", File: "send.go",
		Fault: "SEND in CLOSE-WAIT gives EPIPE.",
		Old:   "\tcase wire.Established, wire.CloseWait:\n\t\te.cite(SendText)\n",
		New:   "\tcase wire.Established, wire.CloseWait:\n\t\te.cite(SendText)\n\t\tif e.state == wire.CloseWait {\n\t\t\treturn 0, syscall.EPIPE\n\t\t}\n",
	},
	{
		ID: "receive-closed-end", File: "receive.go",
		Fault: "RECEIVE on a connection that has ended gives the end of the stream.",
		Old:   "\t\tif e.finRcvd {\n\t\t\treturn 0, 0\n\t\t}\n\t\treturn 0, syscall.ENOTCONN\n",
		New:   "\t\treturn 0, 0\n",
	},
	{
		ID: "receive-established-end", File: "receive.go",
		Fault: "RECEIVE with nothing to read gives the end of the stream.",
		Old:   "\t\t\treturn 0, syscall.ENOTCONN\n\t\t}\n\t\treturn 0, syscall.EAGAIN\n",
		New:   "\t\t\treturn 0, syscall.ENOTCONN\n\t\t}\n\t\treturn 0, 0\n",
	},
	{
		ID: "peek-takes", File: "receive.go",
		Fault: "A peek takes what it shows.",
		Old:   "\tif peek {\n\t\treturn n\n\t}\n",
		New:   "\tif peek && n == 0 {\n\t\treturn n\n\t}\n",
	},
	{
		ID: "receive-twice", File: "receive.go",
		Fault: "What is read in part is given from its begin again.",
		Old:   "\t\t\tc.data = c.data[left:]\n",
		New:   "",
	},
}
