// Package cases is scenarios as data: what a scenario is, its text form, and
// the catalogue of those that come with rstlab.
//
// A [Scenario] is a value: parameters with ranges, hosts, links, rules, procs
// made of steps, and examples of what must come out. It has one text form, so
// that the catalogue, a program's counter-example, a user's own file and a
// golden are the same thing. [Parse] reads it and reports every mistake with
// its place and remedy, [Print] writes it in canonical form; reading what was
// written gives an equal scenario.
//
//	s, err := cases.Load("reply-503/close-after-request") // or cases.ReadFile(path)
//	bound, err := s.Bind(map[string]string{"rtt": "50ms"})  // no $name is left
//	…                                                       // run it
//	got := cases.OutcomeOf(s.Procs, observations)
//	fmt.Println(got)                   // client: recv="503 busy" recv=ECONNRESET | server: ok
//	if !got.Matches(s.Examples[0].Want) {
//		fmt.Println(got.Diff(s.Examples[0].Want))
//	}
//
// The scenarios of the catalogue are files in directory catalogue, but for
// rst/in-each-state/…: these are made from the table that [Matrix] gives, which
// says what a RST does, for each state, event and position.
//
// # The text form
//
// A file is UTF-8, at most 1 MiB. A line that begins in the first column is a
// directive, an indented one a step of the proc above it; words are separated
// by blanks, and # after a blank begins a comment. The block of comments at
// the top is the claim: what the scenario shows, in prose, its first
// paragraph in a sentence or two. (Where there is none, a lone # stands for
// it.) All other comments belong to the element beside or below them.
//
//	# The server replies and closes while the request is unread.
//	source 001_8ce24aa6958b586d.txt
//	rfc    RFC1122-4.2.2.13 RFC9293-3.10.4
//	param  rtt   100ms  0s..2s  # round-trip time
//	param  work  50ms   0s..1s  # from accept to the reply
//	host   client
//	host   server
//	link   client server rtt=$rtt
//	rule   server->client drop R 1
//	limit  60s
//
//	proc server
//	  listen 80
//	  accept
//	  sleep $work
//	  send "503 busy"
//	  close
//
//	proc client
//	  connect server:80
//	  send "GET /"
//	  recv
//	  recv
//
//	example rtt=100ms work=50ms  netstack  client: recv="503 busy" recv=ECONNRESET
//
// Directives may come in any order and, but for limit, any number of times:
//
//	source DOCUMENT…                                             documents that describe the situation
//	rfc CLAUSE…                                                  clauses that decide it, as RFC9293-3.10.4
//	param NAME DEFAULT [MIN..MAX | {A,B,C}]                      a parameter; a comment beside it describes it
//	host NAME [stack=STACK] [addr=ADDRESS,…] [SETTING=VALUE…]    a computer
//	router NAME                                                  forwards packets between its links
//	neighbour NODE missing|cached                                what a host or router knows of the link addresses of its neighbours when it is switched on; cached unless said otherwise
//	firewall NAME outside=NODE,… [SETTING=VALUE…]                a router that lets only flows pass that are allowed; see below
//	nat NAME outside=NODE,… [SETTING=VALUE…]                     a router that gives those inside one address outside
//	observer NAME                                                a router that sees what passes, and forges segments
//	link A B [SETTING=VALUE…]                                    joins two hosts or routers
//	rule A->B VERDICT MATCH [N|N..M|N..]                         decides about the packets that match, or the N-th to M-th of them; the first rule that has a say wins
//	filter FIREWALL in|out ACTION [src=HOST|ADDRESS] [dst=HOST|ADDRESS] [sport=PORT] [dport=PORT]
//	        decides about SYNs that match; the first filter that does wins
//	forge A->OBSERVER MATCH [N|N..M|N..] FLAGS [SETTING=VALUE…]  has an observer answer packets that come from its neighbour A with forged segments
//	limit TIME                                                   the virtual time at which a run ends that does not end by itself
//	proc HOST [NAME] [begin=boot]                                a program; its steps follow, indented, one a line
//	script NAME                                                  a proc on no host, with steps that need no socket of its own: an operator, whom no fault ends
//	example [PARAM=VALUE…] STACK OUTCOME                         what must come out
//
// Names are letters, digits, _ and -, beginning with a letter. They need not
// be declared before they are used. Names of hosts, routers and middleboxes are
// distinct, as are those of parameters and those of procs and scripts.
//
// # Values
//
// Values have kinds, which never mix, but that a bare number may stand for
// bytes:
//
//	duration     100ms 1.5s 20us 5ns 2m7s   always with a unit, 0s too
//	number       3 -1
//	size         1448 64KB 64KiB            bytes; KB is 1000, KiB is 1024
//	packets      20pkt
//	probability  1% 0.25% 12ppm             parts per million are the finest
//	rate         10mbit unlimited           bit, kbit, mbit, gbit, tbit per second
//	word         on                         letters, digits, _ -
//	text         "503 busy\r\n"             quoted as in Go
//
// "$name" stands for the value of a parameter wherever a value can stand: in
// steps, settings of links, rules and limit, but not for a name. There are no
// expressions. A parameter has the kind of its default; a range MIN..MAX is for
// numeric kinds, {A,B,C} lists what it may be, and without either any value of
// its kind goes. Print writes values in a canonical spelling: 2m7s is 127s.
//
// # Hosts
//
// The settings of a host's TCP:
//
//	sack=on|off            selective acknowledgements (RFC 2018); off is as tcp_sack=0 of Linux
//	timestamps=on|off      the timestamps option (RFC 7323); off is as tcp_timestamps=0 of Linux, and netstack cannot do it
//	retries=N              retransmissions of a segment before the connection is given up (15), as tcp_retries2 of Linux
//	fintimeout=DUR         how long an orphan stays in FIN-WAIT-2 (60s), as tcp_fin_timeout of Linux
//	timewait=DUR           how long a connection stays in TIME-WAIT (60s)
//	mtu=N                  largest datagram in bytes that it sends (1500, and what its links allow)
//	rfc1337=on|off         ignore RST in TIME-WAIT (RFC 1337), as tcp_rfc1337 of Linux; netstack always does
//	synretries=N           retransmissions of a SYN, as tcp_syn_retries of Linux; not of netstack
//	synlinear=N            retransmissions of a SYN before the time doubles, as tcp_syn_linear_timeouts of Linux; not of netstack
//	synackretries=N        retransmissions of a SYN-ACK, as tcp_synack_retries of Linux; not of netstack
//	congestion=reno|cubic  congestion control (reno)
//
// # Links and rules
//
// The settings of a link hold for both directions; with -> before the key for
// that from the first node to the second only, with <- for the other, and these
// override: "link a b rtt=100ms ->loss=1% <-rate=1mbit".
//
//	rtt=DUR                   round-trip time: half of it is added to the delay of each direction
//	delay=DUR                 propagation delay
//	jitter=DUR                added to the delay: uniform from 0 to DUR for each packet
//	reorder=on|off            on lets a packet with little jitter overtake
//	loss=P                    probability that a packet is lost
//	burst=P[,R[,BAD[,GOOD]]]  loss in bursts (Gilbert-Elliott): from good to bad, back (1-P), loss when bad (100%) and when good (0%)
//	dup=P[,DUR]               probability that a packet arrives twice, the copy DUR later
//	corrupt=P                 probability that one bit of a packet is flipped
//	rate=RATE                 bits per second, whole IP datagrams counted
//	queue=SIZE|Npkt           what may wait for the transmitter, in bytes or packets; more is dropped
//	mtu=N                     largest datagram in bytes
//
// A rule passes its verdict on the packets of one direction that match, in the
// notation of rstlab/netsim/link.ParseMatch (any, data, ack, R, notR, dataF, F,
// S, SA, flags=S., len>1000, …): on every one, on the N-th, on the N-th to M-th
// (N..M), or from the N-th on (N..). Every rule counts all packets that match
// it; of several that have a say the first wins.
//
//	drop         lose the packet
//	delay DUR    deliver it that much later than the link would; it holds nothing up
//	dup DUR      deliver it, and a copy that much later
//	corrupt BIT  flip a bit: 0 is the lowest of the datagram's first byte, -1 the highest of its last
//
// # Middleboxes
//
// A firewall, nat or observer forwards between its links as a router does, so
// that links give its distance to each end. Neighbours in outside= are outside,
// all others inside. See package rstlab/netsim/middlebox for what they do.
//
//	firewall default=accept|drop|reject|prohibit  what becomes of a SYN from outside that no filter decides about (drop); from inside it passes
//	firewall stray=accept|drop|reject|prohibit    what becomes of other segments of no known flow: never begun, idle for too long, killed (drop)
//	firewall established=DUR                      how long a connection may be idle before it is forgotten (7440s)
//	firewall transitory=DUR                       the same for one that is not yet open, or closed by both ends, or reset (240s)
//	firewall resetidle=on|off                     on sends RST to both ends of a connection that was idle for too long
//	firewall flows=N                              how many flows there can be at a time (no limit)
//	firewall full=drop|reject|prohibit            what becomes of a SYN when there are that many (drop)
//	firewall kill=DUR                             end every connection that long after its handshake
//	firewall rst=none|inside|outside|both         which ends a kill sends RST to (none)
//	nat stray=drop|reject|remap                   the same; remap takes those from inside for a new flow, by a new port
//	nat established=DUR                           how long a connection may be idle before it is forgotten (7440s)
//	nat transitory=DUR                            the same for one that is not yet open, or closed by both ends, or reset (240s)
//	nat flows=N                                   how many flows there can be at a time (no limit)
//	nat full=drop|reject|evict                    the same; evict forgets the flow that was idle for the longest
//	nat filtering=none|address|port               who may connect to a mapped port: anybody (none), an address or a port that was spoken to
//	nat syn=icmp|drop                             the answer to a SYN that nobody inside waits for: ICMP after 6s, or drop (icmp)
//	nat ports=N                                   how many ports it has outside, from 1024 on (64512)
//
// A firewall lets connections begin inside. Its filters decide about SYNs that
// go out or come in: accept lets the flow pass, drop loses the SYN, reject answers
// with RST, prohibit with ICMP:
//
//	host     client
//	firewall fw outside=server default=reject established=1h
//	link     client fw
//	link     fw server
//	filter   fw out drop dport=22
//	filter   fw in accept src=server dport=113
//
// A nat translates IPv4 addresses and ports of those inside to its own, addr= or
// one that the simulator gives it.
//
// An observer has two links and holds nothing up. A forge says which packets, that
// come from its neighbour A, it answers with a forged segment: all that match, or
// some by number as in a rule. FLAGS are the letters F, S, R, P and A.
//
//	observer spy
//	link     client spy delay=10ms
//	link     spy server delay=40ms
//	forge    client->spy data 1 R to=both after=5ms
//
//	to=receiver|sender|both  the end that gets it, as if the other had sent it (receiver)
//	seq=SEQ                  sequence number (seen0)
//	ack=SEQ                  acknowledgment number, where FLAGS have A (seen0)
//	after=DUR                how long the observer takes (0s)
//	count=N                  how many segments (1)
//	stride=N                 how much further each is than the one before (0)
//	win=N                    window as on the wire (65535)
//	data=DATA                payload
//
// SEQ counts from what the observer has seen when the packet passes: seen0 is the
// number that follows on everything that it saw of the end that is impersonated;
// n0 and wnd0 are as in an inject. It can also be a number of the wire.
//
// # Procs and steps
//
// A proc is a program on a host, named after the host unless it has a name of
// its own; two on one host need that. All begin at time 0, in the order of the
// file, and do one step after the other, whether steps fail or not; with
// or=exit the proc ends when that call fails, as a program does that gives up.
// After its last step a proc keeps its sockets until the run ends; what is to be closed
// must be closed. Steps:
//
//	socket [as=NAME]                                        make a socket; it is the current socket, and the following listen or connect uses it
//	listen PORT [backlog=N] [as=NAME] [on=NAME]             listen for connections; the listener is the proc's current socket and what it accepts from; with on= that socket listens
//	accept [as=NAME] [on=NAME]                              wait for a connection and take it; it is the current socket
//	connect HOST:PORT [as=NAME] [on=NAME] [or=exit]         connect to a port of a host; a new socket, the one that a set before it made, or with on= that one again
//	send DATA [fill=TEXT] [on=NAME] [or=exit]               send a text ("GET /"), or that many bytes: abc…z over and over, or the text of fill=; waits until all is in the send buffer
//	recv [N] [on=NAME] [or=exit]                            read once what is there, at most N bytes (4096); waits until there is something
//	recvnb [N] [on=NAME] [or=exit]                          as recv, but does not wait (MSG_DONTWAIT): EAGAIN when there is nothing yet
//	recvloop [N] [every=DUR] [on=NAME]                      read, at most N bytes (4096) at a time with a pause of DUR between, until EOF or an error
//	peek [N] [on=NAME]                                      as recv, but what was read stays in the receive queue
//	shutdown read|write|both [on=NAME]                      end reading, writing (FIN after what is queued) or both; the socket stays open
//	close [on=NAME]                                         close the socket: FIN, or RST when received data was not read or linger is 0s
//	abort [on=NAME]                                         close the connection with RST at once, as close does after set linger 0s
//	set OPTION VALUE [on=NAME]                              set a socket option; without a current socket it makes one, which the following listen or connect uses
//	get OPTION [on=NAME]                                    read a socket option
//	state [on=NAME]                                         read the TCP state of the socket: ESTABLISHED
//	poll [on=NAME]                                          what poll(2) reports without waiting: IN|OUT|HUP|RDHUP; 0 for nothing, NVAL when it was closed
//	outq [on=NAME]                                          sequence numbers that were sent or wait to be sent and are not acknowledged (SIOCOUTQ): bytes, and 1 for a FIN
//	sleep DUR                                               wait that long
//	at TIME                                                 wait until that time since the run began; go on at once when it is past
//	kill PROC                                               end a proc as SIGKILL does: its host closes its sockets
//	down A B [from=NODE] [flight=lost|arrives]              cut a link: nothing passes, and what is in flight is lost, or arrives with flight=arrives; with from= only what that end sends
//	up A B [from=NODE]                                      mend a link that was cut; with from= only for what that end sends
//	inject HOST FLAGS seq=SEQ [off=N] [ack=SEQ] [src=HOST|ADDRESS] [sport=PORT] [dport=PORT] [win=N] [data=DATA] [via=NODE] [ports=N] [guesses=N] [stride=N] [every=DUR]
//	        forge a segment that arrives at the host at once, as if its peer had sent it; see below
//	poweroff NODE                                           switch a host or router off, as a crash does: its programs end, what reaches it is lost without a word
//	poweron NODE                                            switch a host or router on; on one that is on it does nothing
//	reboot HOST                                             switch a host off and on at once: its programs end, and it has forgotten its connections
//	route NODE DEST VIA                                     have packets for DEST leave NODE towards its neighbour VIA, in place of the shortest path
//	noroute NODE DEST                                       leave NODE without a route to DEST: it answers with ICMP net unreachable, a host tells itself
//	neighbour NODE missing|cached [to=NODE]                 change what NODE knows of the link addresses of its neighbours, or of one: missing has the next packet wait until it is resolved
//	destroy PROC [on=NAME]                                  kill the connection of a proc as an operator does (ss -K): that on its current socket, or on the named one of its host; ENOENT when there is none
//	when NODE sends|receives|misses|enters MATCH|STATE [N]  wait for an event, the first or the N-th since the run began: a packet that matches, or a connection that enters a state
//
// A step acts on the proc's current socket: the one that its last listen,
// accept or connect made, or a socket or set before any of these. accept takes from the
// proc's listener. With as=NAME a new socket has a name, with on=NAME any step
// acts on the socket of that name, of whichever proc of the host: so one proc
// can close what another is blocked on. A step on a socket that is not there
// yet fails with EBADF. A step on a current socket that the proc has closed is
// a mistake in the scenario.
//
// # Faults and events
//
// The steps from poweroff on act on the network from outside, as do kill, down and
// up. They may stand in any proc. One on a host ends with its host; a script does
// not, so it is the place for an operator. A proc with begin=boot begins when its
// host is switched on or rebooted for the first time, as a service does:
//
//	script operator
//	  poweroff server
//	  at 10s
//	  poweron server
//
//	proc server begin=boot
//	  listen 80
//	  accept
//
// A node that has no entry for a neighbour (neighbour NODE missing) resolves it
// when it has a packet for it, which takes the link's delay there and back; the
// packets wait. Without an answer it gives up after 3 s and tells their sender
// with ICMP host unreachable: a connect fails with EHOSTUNREACH. With the entry
// cached packets go out at once, and are lost silently when nobody is there.
//
// when goes on at the instant of the event, after everything that the network does
// then and before the programs that the event wakes, or at once when it is past.
// Events are counted since the run began:
//
//	when server sends F                the server's host has sent a FIN
//	when client receives data 2        a second segment with data has reached the client's
//	when server misses any             a packet to the server was dropped, wherever
//	when server enters FIN-WAIT-2      a connection of the host is in that state
//
// The match is in the notation of rules. A router sends what it forwards.
//
// # Socket options
//
// Options of set and get:
//
//	set nodelay on|off    TCP_NODELAY: on sends small segments at once, off (the default) is the Nagle algorithm
//	set keepalive on|off  SO_KEEPALIVE
//	set keepidle DUR      TCP_KEEPIDLE: idle time before the first keepalive probe
//	set keepintvl DUR     TCP_KEEPINTVL: time between keepalive probes
//	set keepcnt N         TCP_KEEPCNT: unanswered probes that end the connection
//	set rcvbuf SIZE       SO_RCVBUF
//	set sndbuf SIZE       SO_SNDBUF
//	set usertimeout DUR   TCP_USER_TIMEOUT: how long data may stay unacknowledged
//	set syncnt N          TCP_SYNCNT: retransmissions of a SYN
//	set linger DUR|off    SO_LINGER: 0s makes close an abort, more makes it wait that long, off (the default) does neither
//	set deadline DUR|off  calls on the socket time out that long from now; off ends that
//	set port N            bind to that local port, before connect: the connection has it in place of one that the stack chooses
//	get soerr             SO_ERROR: the pending error, which this clears; 0 for none
//
// # Forged segments
//
// An inject makes a segment that nobody sent and hands it to HOST at once,
// whatever the links do; with via=NODE it enters the network there and travels.
// It belongs to the connection of HOST that src=, sport= and dport= describe:
// the source, its port, and the port of HOST. Of several the one that began last
// is meant, and what is not given is that connection's. Where none fits, all
// three must be given, and seq= and ack= as numbers of the wire; else the step
// fails with ENOTCONN. Connections that have ended are remembered for a while.
//
// FLAGS are the letters F, S, R, P and A. SEQ is a number of the wire, or
// relative to what the receiver expects at that time:
//
//	n0    RCV.NXT, what HOST expects next; n-1 is the number before, n100 a hundred behind. In SYN-SENT it is 0
//	wnd0  the right edge of its window, RCV.NXT+RCV.WND: the first number outside; wnd-1 is the last one inside
//
// and off= is added to it. ack= is a number of the wire or relative to SND.NXT,
// what HOST sends next: n0, the default where FLAGS have A, acknowledges all that
// it has sent. What HOST expects is taken from the segments that it sent and
// got, whatever its stack is. The step is over when the segment has arrived, or
// with via= when it is on its way.
//
// guesses=N with stride=M forges N segments, each M further than the one before;
// ports=N forges that for N source ports, from sport= on; every=DUR is the pause
// between them. So one step is a blind attacker who scans, or a SYN flood:
//
//	inject server R seq=n0 off=-50000 guesses=100 stride=1000 via=mallory
//	inject server S seq=1000 src=10.9.9.9 sport=1024 dport=80 ports=200 every=1ms
//
// A forged segment has no options and a window of 65535, or win=.
//
// # Outcomes and examples
//
// What each program saw is its [Observation], call by call; an [Outcome] is the
// short form of that, and says what of it counts. An example gives parameters
// (the others are at their defaults), the stack of the hosts that do not pin
// theirs, and the outcome; it may leave procs out, but those that it names are
// compared in full. "@" pins the time at which a call returned, and "=ok" with
// "@" that of one that succeeded without news:
//
//	example back=300s  netstack  client: connect=ETIMEDOUT@127s
//	example back=10s   netstack  client: connect=ok@15100ms
//
// # Limitations
//
// Steps of one proc are a straight line: no loop but recvloop, no branch on a
// result. A proc that begins at boot begins once. destroy does not find a
// connection that its program has closed. A queue is limited in bytes or in packets, not in both. Comments between
// elements stay with the element below them when Print puts elements in
// order; blank lines between comments are lost. An example has no seed: it
// runs with seed 0.
package cases
