// Package trace holds what happened in a run of the simulator, and shows it: as
// text, NDJSON, a pcapng capture, and a ladder diagram in text or SVG.
//
// An [Event] is one thing that happened: a packet sent, forwarded, delivered,
// dropped or injected; a socket call made or returned; a change of a
// connection's state; a fault. A [Recorder] takes events as they happen and computes
// their [Hash], the identity of the run.
// If asked it keeps them as a [Trace], or hands them to a [Sink], which writes
// them without keeping.
//
//	r := trace.NewRecorder(true)
//	r.Header = trace.Header{Scenario: "close-race", Seed: 1, Start: trace.Epoch}
//	r.Record(&trace.Event{Kind: trace.Call, Host: "client", FD: 3, Op: "recv", Args: "4096"})
//	t := r.Trace()
//	trace.WriteText(os.Stdout, t)                             // to read, to keep as golden; ParseText
//	trace.WriteNDJSON(file, t)                                // for jq and scripts; ParseNDJSON
//	trace.WritePCAPNG(file, t, trace.PCAPNGOptions{})         // for Wireshark
//	trace.Ladder(os.Stdout, t, trace.LadderOptions{})         // for people
//	trace.SVG(file, t, trace.SVGOptions{})                    // for documents
//	if d := trace.Diff(t, other); d != nil { fmt.Print(d) }   // where two runs part
//
// # The text form
//
// After a header, one line an event, with the time in seconds first:
//
//	# rstlab trace 1
//	# seed 42
//	# host client 10.0.0.1 on netstack
//	0.100000000 client/main: send(3, "GET /", 5) ...
//	0.100000000 client >  server #4 10.0.0.1.49152 > 10.0.0.2.80: Flags [P.], seq 1:6, ack 1, win 512, length 5: "GET /"
//	0.100000000 client/main: send(3) = 5
//	0.110000000 server <  client #4 10.0.0.1.49152 > 10.0.0.2.80: Flags [P.], seq 1:6, ack 1, win 512, length 5: "GET /"
//	0.110000000 server: [4] ESTABLISHED -> CLOSED, 10.0.0.2.80 > 10.0.0.1.49152
//	0.110000000 server >  client #5 10.0.0.2.80 > 10.0.0.1.49152: Flags [R], seq 1, win 0, length 0
//	0.110000000 server x  client #5 10.0.0.2.80 > 10.0.0.1.49152: Flags [R], seq 1, win 0, length 0 -- queue full
//	0.200000000 client/main: recv(3) = ECONNRESET
//	0.300000000 -: fault: link client-server down
//
// A packet's line says where the event was, what it was (> sent, >> forwarded,
// < delivered, x dropped, ! injected), the other end of the link, the packet's
// number, and the packet as tcpdump prints it. What is unusual about it stands in
// parentheses before the addresses: "(copy 1, ttl 63, tos 0x2, id 7, no df, bit 17
// flipped)"; a reason follows at the end, behind "--".
//
// Sequence numbers are relative: the SYN of either side is 0, its first byte 1, and
// what lies below is negative. A line with SYN also has the number of the wire, as
// "seq 0 (isn 305419896)". A flow whose SYN is not in the trace has the numbers of
// the wire. Edges of SACK blocks in options are always those of the wire. Relative
// numbers are signed and have 32 bits, so that after 2^31 bytes they are negative.
//
// A call's line has the host, the proc, and the call as strace prints it, "..." for
// its begin and "= result" for its end. "=" is followed by the value, the errno or
// both, and a recv at the end of the stream has "= 0 (EOF)". "[4]" before states is
// the descriptor, "[-]" is none. Behind "..." are the bytes of a send of which the
// arguments have only the first, `send(3, "abc"..., 400) ... "abcdef…"`. Names and texts that would be misread are quoted
// as in Go; free text then has a backslash before the quote.
//
// # Limitations
//
// Only TCP and ICMP packets are known, as in [rstlab/netsim/wire]. Text and NDJSON
// take only proper events ([Event.Check]). An empty slice is read back as nil. The
// hash covers the payload of a packet once, where the packet comes into being, and
// long ones by a checksum of 64 bits that is no protection against forgery; what a
// send is given is covered by that. In
// ladders every character counts as one column, so names in wide characters
// misalign them. Text ladders and SVG are drawn from a whole trace, in memory; so
// are captures, because a loss is a comment of a packet that left earlier.
package trace
