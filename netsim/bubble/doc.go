// Package bubble will run ordinary Go programs, with goroutines in place of
// procs, on a simulated network inside testing/synctest. Nothing of it is here
// yet; it builds on the loop of package netsim, whose procs block through one
// seam (a call that parks), and on [vtime.Epoch], which is the date at which a
// synctest bubble starts, so that both clocks are one.
//
// Until then write applications as procs: see [rstlab/netsim.Host.Go].
package bubble
