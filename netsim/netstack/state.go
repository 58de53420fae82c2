package netstack

import (
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"rstlab/netsim/wire"
)

// stateOf maps netstack's endpoint state to the state of RFC 9293. Its states
// before and after a connection (INITIAL, BOUND, CONNECTING, ERROR) are CLOSED.
func stateOf(s tcp.EndpointState) wire.State {
	switch s {
	case tcp.StateListen:
		return wire.Listen
	case tcp.StateSynSent:
		return wire.SynSent
	case tcp.StateSynRecv:
		return wire.SynReceived
	case tcp.StateEstablished:
		return wire.Established
	case tcp.StateFinWait1:
		return wire.FinWait1
	case tcp.StateFinWait2:
		return wire.FinWait2
	case tcp.StateCloseWait:
		return wire.CloseWait
	case tcp.StateClosing:
		return wire.Closing
	case tcp.StateLastAck:
		return wire.LastAck
	case tcp.StateTimeWait:
		return wire.TimeWait
	case tcp.StateInitial, tcp.StateBound, tcp.StateConnecting, tcp.StateError, tcp.StateClose:
		return wire.Closed
	}
	return wire.Closed
}
