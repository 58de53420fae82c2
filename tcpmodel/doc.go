// Package tcpmodel will be an executable reference TCP endpoint after RFC 9293,
// pure and without input or output of its own, with profiles of real stacks, to
// judge runs by and to run as a host's engine. Nothing of it is here yet.
//
// What it will stand on is: the states and segments of package wire, the
// events of package trace, and the engine seam, through which a host takes
// another TCP ([rstlab/netsim.HostConfig.Engine]).
package tcpmodel
