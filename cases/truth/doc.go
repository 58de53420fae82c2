// Package truth holds runs against what a real kernel was recorded to do.
//
// A [File] is a recording: a scenario in a small notation, what each call
// returned and when, and the packets that passed. [Translate] makes it a
// scenario of rstlab/cases, which prints, parses and runs like any other.
// [Compare] runs it and tells every call and segment that is not as recorded.
// What is known to differ has a [Cause]; cases/differences.md is made of these.
//
//	files, err := truth.ReadFile("testdata/linux-6.18/4a.txt")
//	t, err := truth.Translate(files[0], truth.DefaultStack)
//	fmt.Print(t.Text())                // what rstlab run takes
//	c, err := truth.Compare(files[0], truth.DefaultStack)
//	fmt.Println(c.Status())            // differs as explained
//	for _, d := range c.Differences {
//		fmt.Println(d)             // B>A 4: R seq=1 len=0 | RA seq=22 ack=1 len=0
//	}
//
// # The notation
//
//	# KERNEL                 the first line: Linux 6.18.44, x86_64
//	== ID | TITLE            begins a scenario
//	delay N                  one-way delay in ms (10 unless said)
//	dur N                    how long to watch, in ms (900 unless said)
//	nots                     TCP timestamps off
//	kernonly                 the results are in the transcript only
//	sysctl NAME V            on both hosts
//	est                      B listens at 0, A connects at 10, B accepts at 15
//	rule drop A MATCH N      the N-th packet from A that matches is lost (0: every one)
//	rule delay B MATCH N MS  it arrives that much later
//	TIME HOST SOCKET CALL    a call at TIME ms
//	TIME R down AB           the link dies: what A, B or both send is lost; up mends it
//	TIME R inject A R seq=S  a forged segment arrives at A; also ack=S sport=P dport=P
//	--- results              CALL = RESULT @MS
//	--- transcript           packets and calls as they happened
//
// MATCH is any, data, ack, R, notR, dataF, F, S or SA. Calls are listen [rcvbuf
// N], connect [PORT], accept LISTENER, send N|TEXT, recv N, recvnb N, recvloop N
// [MS], peek N, close, shutwr, shutrd, shutrdwr, linger S, nodelay, rcvbuf N,
// sndbuf N, syncnt N, utimeout MS, keepalive IDLE INTVL CNT, soerr, poll, outq,
// state and killproc. S is n0 for what the receiver expects next (as ack what it
// has sent), n-1, n100, wnd0 for the right edge of its window, or a number as on
// the wire.
//
// # The translation
//
// Hosts A and B have the addresses 10.9.0.1 and 10.9.0.2. Each call is made by a
// proc of its own, so that one that blocks holds no later one up. A packet takes
// 0.3 ms longer than the delay says, as through the recorder's relay: so a call
// comes before a packet that would arrive at the same instant. A setting that
// the stack cannot have is left out and told ([NotModelled]).
//
// # The comparison
//
// Calls are compared in result, errno, bytes and time; segments by sender, in
// the order in which they were sent, in flags, relative numbers and length.
// [Tolerance] lists what is tolerated; each use is counted. Where the full
// segments of the two differ in size, that is one difference, and the rest is
// compared with an MTU that makes them equal.
//
// # Limitations
//
// Windows, options and the times of segments are not compared, nor is the order
// of segments of different senders, beyond what acknowledgment numbers tell.
// Changes of the socket table are read and not used. killproc ends the procs that
// use the socket, not those of the host's other sockets. Of the data that was
// read, what the recording shows is compared. Forged segments have the flags that
// the step inject knows.
package truth
