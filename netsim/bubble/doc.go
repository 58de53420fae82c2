// Package bubble runs ordinary Go programs, with their goroutines, on a simulated
// network inside a [testing/synctest] bubble: a production TCP stack, delays,
// losses and resets, in virtual time, the same in every run.
//
//	func TestHello(t *testing.T) {
//		synctest.Test(t, func(t *testing.T) {
//			n := bubble.New(t, bubble.Config{})
//			client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", netsim.HostConfig{})
//			n.Link(client, server, netsim.LinkConfig{RTT: 100 * time.Millisecond})
//			l, _ := server.Listen("tcp", ":80")
//			go http.Serve(l, handler)
//			c := &http.Client{Transport: &http.Transport{DialContext: client.DialContext}}
//			resp, err := c.Get("http://server/") // takes 200 ms, and no time
//		})
//	}
//
// # Nouns
//
// A [Network] belongs to one bubble, and a bubble has one at a time; [New] refuses
// a second. Its clock is
// the bubble's: [time.Now] is the time in traces, and [time.Sleep] lets packets
// travel. A [Host] is a computer; [Host.Listen], [Host.Dial] and [Host.DialContext]
// are those of package net. A connection is a [Conn], a [net.Conn] with the methods
// and the errors of [net.TCPConn].
//
// The driver is a goroutine of the network. It acts only while every other
// goroutine of the bubble is blocked: first the network at the current instant,
// then the calls submitted meanwhile, and it lets their goroutines go on
// together. When there is nothing to do, it sleeps until the network's next event.
//
// # What the order of goroutines can change
//
// Nothing, of what they do with different sockets or in different calls: the calls
// of one instant are made in the order of host, socket, operation and argument,
// those that do not wait (Close, deadlines, and Write while the send buffer has
// room) before the others. So a program that closes its connections in the order
// of a map has one trace, and fifty concurrent clients have one.
//
// What it cannot order:
//
//   - Two goroutines that dial one address at one instant, and then differ: one
//     of them gets the lower port. Give them names, and names order them:
//     client.DialContext(bubble.WithLabel(ctx, "worker-3"), "tcp", "server:80").
//   - Two goroutines in the same call of one connection or listener at one
//     instant: two Reads, two Writes, two Accepts. Also deadlines set by two
//     goroutines, and a Close beside another goroutine's Write.
//   - What the program does without the network: which goroutine gets a mutex, or
//     a value of a channel; the order of a map; a select with several ready cases;
//     timers due at one instant, whose order a bubble draws by lot.
//
// HTTP/2 and gRPC are such programs: goroutines that are awake at one instant write
// frames to one connection, so which frames share a segment is the scheduler's.
// [CheckWith] compares them all the same, in one of two ways:
//
//   - [CheckConfig.OneProcessor] sets GOMAXPROCS=1, which orders the goroutines of
//     an instant. The tests of this package have gRPC calls and streams, h2c and
//     HTTP/2 over TLS give one trace in 30 runs, if the program is at rest before
//     it is torn down.
//   - [SameVolume] and [SameShape] compare, for any number of processors and with
//     the race detector, what is sent at each instant and how calls end, without
//     order, segments or bytes: gRPC and h2c have one volume. TLS puts a header on
//     each Write, so its number of bytes varies; it has one shape.
//
// What remains is in the program. A gRPC call with a deadline is an example: the
// server of grpc-go has two timers for it, one that sends RST_STREAM and one that
// ends the handler, whose status is sent. Both are due at the same nanosecond,
// and even on one processor half of the runs send 13 bytes and half 49 there. The
// shape is the same: the server sends something at that instant.
//
// # Limitations
//
//   - Code takes no virtual time. A loop of calls that never waits for the network
//     or for a timer is reported as a live-lock; so is an echo without end over
//     a link without delay.
//   - Call [Network.Wait], not [testing/synctest.Wait]: the driver is in that, and
//     a second caller panics.
//   - Waiting for a [sync.Mutex] keeps a bubble from being idle, and calls from
//     going on. A program in which one goroutine holds a mutex in a Write that
//     blocks, while another waits for it, stands still: HTTP/2 and gRPC with full
//     buffers. [Config.WriteAhead] is the remedy; without it a line on standard
//     error says so after 5 s. Two goroutines in Read of one tls.Conn are a case
//     without remedy. (That Write would have to return before its bytes are in the
//     buffer, without limit: then no program would ever wait for its peer.)
//   - Write may return before its data is in the send buffer: at most
//     [Config.WriteAhead] bytes, which only make that buffer larger. When the
//     connection is reset at that very instant, the next call has the error.
//   - There are no file descriptors: Conn has no SyscallConn and no File, and is no
//     *net.TCPConn. There is no UDP, and names are those of hosts.
//   - A goroutine on a host that is switched off runs on; its calls fail.
//   - One goroutine stays in the process, outside all bubbles, from its start: it
//     builds TCP stacks. For goleak: IgnoreCurrent, at the start of TestMain.
//
// # The end
//
// When the test function has returned, calls that wait, and all later ones, fail
// with [net.ErrClosed], so that servers and clients that were never shut down end
// by themselves. When calls wait and none begins or ends for [Config.Horizon], the
// test fails with a list of them: host, call, socket, since when. When no call
// waits, but the goroutines of the program wait for each other, the test's log
// names them before synctest ends the bubble with a panic.
//
// # Tests
//
// [Check] and [CheckWith] repeat a program and show where its traces, or what is to
// be the same of them, differ; [Sweep] runs it over round-trip times, losses and seeds; [Network.Pair] builds two hosts and a
// link. Faults: [Network.Partition], [Network.LinkDown], [Host.PowerOff],
// [Host.Reboot], and rules such as n.Drop(client, server, "data", 2), at a time
// ([Network.At]) or after an event ([Network.WaitFor]). [Network.SeedCrypto] makes
// TLS replay. The environment variable RSTLAB_SEED replaces the seed, and
// RSTLAB_LADDER=all shows every ladder in full.
//
// # Where replies are lost
//
// The client is an http.Client that uploads 8 MiB over a link without loss. The
// servers of (a) and (c) are programs on a raw connection:
//
//	server                                        lost when
//	(a) replies without a body and without        d < 50 ms, at any RTT
//	    "Connection: close", closes after d
//	(a) replies with 20,000 bytes, closes after d d < RTT
//	(b) net/http, the handler ignores the body:   20,000 bytes: RTT from 500 ms
//	    its 500 ms of rstAvoidanceDelay           50,000 bytes: RTT from 250 ms
//	(c) shutdown, reads at most T, closes         20,000 bytes: RTT from T
//	                                              50,000 bytes: RTT from T/2
//	                                              150,000 bytes: RTT from T/3
//	any, to a client that writes its whole        always, at any d and any RTT
//	    request before it reads
//	the reply's one segment is lost on its way:
//	(a) replies with 100 bytes, closes after d    d < 7 RTT + 200 ms
//	(b) net/http, 100 bytes                       RTT from 42.8 ms
//	(c) shutdown, reads at most T, closes         RTT from T/21
//
// What decides each, and its remedy, stands at the top of lost_test.go; the tests
// beside it bisect the boundaries. Of the sizes the number of flights decides, to the
// last byte: a reply that takes 1, 2, 3 or 4 flights has at most 10, 30, 70 or 150
// segments of 1420 bytes, header included (an initial window of 10, RFC 6928, that
// slow start doubles in each round trip, RFC 5681), and is lost when there is no
// time for the round trips between them. A reply of up to 8,000 bytes fits into
// the first flight and was not lost in case (b) at any of 209 RTTs from 0 to 2 s
// (lost_sweep_test.go), unless its segment was. When a lost segment is sent again
// is netstack's choice: it starts the probe timeout of RFC 8985 anew with each
// segment that arrives, so that a client's upload puts the repair off.
//
// In the first row two goroutines of net/http race for the reply when the RST
// wakes both; rarely the reply wins. (To the nanosecond the boundaries are known
// within one: at the same instant the order of a reply and the RST behind it
// decides.)
//
// # Figures
//
// On a machine of two cores, an HTTP request and response on a kept-alive connection
// took 3.1 times the CPU time of the same over the loopback interface (51 µs to
// 16 µs; 3.08 to 3.17 in five runs) when nothing else ran, 2.8 to 2.9 times while other
// programs kept both cores busy, and 2.5 to 2.6 times with GOMAXPROCS=1. Beside 10,000 idle connections it took 1.05 to 1.1
// times what it took beside 10. 10,000 concurrent HTTP connections were opened and
// used in 0.8 s.
//
//	go test ./netsim/bubble -run '^$' -bench HTTPAgainst -benchtime 15x -cpu 1,2
//	go test ./netsim/bubble -run '^$' -bench Idle -benchtime 10000x
//	go test ./netsim/bubble -run TenThousand -v
package bubble
