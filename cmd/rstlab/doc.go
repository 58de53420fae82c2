// Command rstlab replays what happens when a TCP connection is closed or reset:
// which packets pass, and what each program reads.
//
//	rstlab list                                       # the catalogue of scenarios
//	rstlab run reply-503/close-before-request         # run one of them
//	rstlab run --all                                  # check every example
//	rstlab run reply-503/close-before-request --set rtt=20ms --set pause=0s
//	rstlab run mine.txt --pcap mine.pcapng            # your own scenario, for Wireshark
//	rstlab fuzz --for 1m                              # generated scenarios, checked
//	rstlab profiles                                   # the TCPs that a host can run, side by side
//	rstlab fmt -w mine.txt                            # its canonical form
//	rstlab sweep reset/linger-zero --over rtt/50      # a grid of runs, its outcomes counted
//	rstlab bisect reset/data-after-close --param gap   # where the outcome changes, to the nanosecond
//	rstlab phase reply-503/close-before-request --x rtt --y pause -o lost.svg
//	rstlab orderings reset/linger-zero --drops 1       # every order in which its events can happen
//	rstlab truth recordings                           # what a real kernel did, held against runs
//	rstlab report reset/linger-zero -o out             # all there is to say about it, on a page
//	rstlab help run
//
// A scenario is a text: parameters, hosts, links, programs made of socket calls,
// and the outcomes that are expected. It runs on gVisor's TCP in virtual time, so
// the same scenario, parameters and seed give the same trace on every machine;
// the hash of the trace says so. A program that was compiled so that this does not hold
// (rstlab/netsim.FusesFloats) begins with a note on how to compile it. See package
// rstlab/cases for the notation.
//
// # Exit status
//
//	0    done; what ran met its expectation, or nobody has one for these parameters
//	1    what ran did not meet its expectation or broke an invariant; for fmt -d, a
//	     file differs; fuzz found something; for truth, something differs without a
//	     known cause
//	2    wrong arguments, a malformed scenario, a file that cannot be read or written
//	130  interrupted; fuzz has reported what there was
//
// With status 2 and 130 nothing was written, but that run --all prints what is
// done when it is interrupted, and searches (sweep and the like) leave files with
// what is done, from which --resume goes on. A file is written under another
// name beside its place and then renamed, so that it is there whole or not at
// all; a file that is no regular one, such as /dev/stdout, is written in place.
//
// # Limitations
//
// A run is not interrupted half-way: Ctrl-C ends the process and leaves no file
// behind, but gives no partial result. The report of a long run shows the
// beginning of its packets; --trace and --pcap have them all. Files are renamed
// without fsync, which guards against a crash of rstlab but not of the machine.
package main
