package wire

// State is the state of a TCP connection (RFC 9293 section 3.3.2).
type State uint8

// The states of RFC 9293 section 3.3.2, in the order in which it lists them.
const (
	Closed State = iota // no connection state at all; also a socket not yet used
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait
)

// NumStates is the number of states; they are the values below it.
const NumStates = int(TimeWait) + 1

var stateNames = [NumStates]string{
	"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED",
	"FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT",
}

// String is the state's name as RFC 9293 spells it: "FIN-WAIT-1".
func (s State) String() string {
	if int(s) < NumStates {
		return stateNames[s]
	}
	return "STATE-UNKNOWN"
}

// ParseState is the inverse of [State.String]; ok is false for any other text.
func ParseState(name string) (s State, ok bool) {
	for i, n := range stateNames {
		if n == name {
			return State(i), true
		}
	}
	return Closed, false
}
