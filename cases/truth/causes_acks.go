package truth

// netstackAcks are where netstack differs in ACKs and RSTs that it refuses, and in when it
// gives up.
var netstackAcks = []Cause{
	{
		ID:    "old-ack",
		Title: "An ACK of what was never sent, or long ago, is dropped silently",
		What:  "Linux answers an ACK beyond SND.NXT, and one below SND.UNA-MAX.SND.WND or from before the connection's own SYN, with a challenge ACK. netstack in ESTABLISHED does not take such an acknowledgment, and says nothing.",
		Code:  "transport/tcp/snd.go, sender.handleRcvdSegment (\"Ignore ack if it doesn't acknowledge any new data.\"); transport/tcp/rcv.go, receiver.handleRcvdSegmentClosing: \"Just as on Linux, we do not apply this behavior when state is ESTABLISHED\"",
		Right: `Linux. RFC 5961 section 5.2: "All incoming segments whose ACK value doesn't satisfy the above condition MUST be discarded and an ACK sent back." RFC 9293 section 3.10.7.4 has the same for SEG.ACK > SND.NXT.`,
		Items: []Item{
			{"k12a", Difference{"A>B 3", "A seq=1 ack=1 len=0", "nothing"}},
			{"k12a", Difference{"B>A 2", "A seq=1 ack=1 len=0, A seq=1 ack=1 len=0", "nothing"}},
			{"k12b", Difference{"A>B 4", "A seq=51 ack=1 len=0, A seq=51 ack=1 len=0", "nothing"}},
			{"m12n", Difference{"A>B 3", "A seq=1 ack=1 len=0", "nothing"}},
			{"q12f", Difference{"A>B 3", "A seq=1 ack=1 len=0", "nothing"}},
		},
	},
	{
		ID:    "sack-edge-rst",
		Title: "A RST at the right edge of a SACK block is challenged",
		What:  "Text was lost, and a RST arrives that lies behind what came after it. Linux takes it at once when it is at the right edge of the highest SACK block; netstack sends a challenge ACK, which draws the exact RST.",
		Code:  "transport/tcp/connect.go, Endpoint.handleReset",
		Right: `netstack. RFC 9293 section 3.10.7.4 has a RST that is in the window and not at RCV.NXT challenged. What the application sees is the same, a round trip later.`,
		Items: []Item{
			{"m5l", Difference{"150 A c recvloop 100", "ECONNRESET @236ms", "ECONNRESET @250ms"}},
			{"m5l", Difference{"A>B after 4", "nothing", "A seq=101 ack=1 len=0"}},
			{"m5l", Difference{"B>A after 6", "nothing", "R seq=1 len=0"}},
			{"q5l", Difference{"A>B after 4", "nothing", "A seq=101 ack=1 len=0"}},
			{"q5l", Difference{"B>A after 6", "nothing", "R seq=1 len=0"}},
		},
	},
	{
		ID:    "user-timeout",
		Title: "TCP_USER_TIMEOUT counts from what was sent first",
		What:  "Linux counts it from the first retransmission, netstack from when the segment was sent first: one time-out sooner.",
		Code:  "transport/tcp/snd.go, sender.retransmitTimerExpired (firstRetransmittedSegXmitTime)",
		Right: `netstack. RFC 5482 section 1: the user timeout "specifies the maximum amount of time that transmitted data may remain unacknowledged before TCP will forcefully close the corresponding connection".`,
		Items: []Item{
			{"p10a", Difference{"130 A c recv 10", "ETIMEDOUT @2407ms", "ETIMEDOUT @2120ms"}},
			{"q10c", Difference{"130 A c recv 10", "ETIMEDOUT @2435ms", "ETIMEDOUT @2120ms"}},
		},
	},
}
