package invariant

import "slices"

// Deviation is a way in which an engine is known to break an invariant.
type Deviation struct {
	Engine    string // "netstack"
	Invariant string // the name
	Case      string // as in [Violation.Case]
	// Where is the place in the engine's source, with its version.
	Where string
	// What it does there.
	What string
}

// netstackVersion is the version of gVisor that the places below are of.
const netstackVersion = "gvisor v0.0.0-20260905035102-160fafc42237"

// Engine names that [Deviations] knows.
const netstack = "netstack"

// The cases that deviations name.
const caseUnscaled = "offered in SYN-RECEIVED"

var deviations = []Deviation{
	{
		Engine: netstack, Invariant: table[windowNotShrunk].Name, Case: caseUnscaled,
		Where: "pkg/tcpip/transport/tcp/connect.go:431 (synRcvdState), " + netstackVersion,
		What: `In SYN-RECEIVED the ACK in answer to a segment outside the window, such as a SYN that was sent twice, has the
window as it is and not shifted by the scale that the peer applies to it: 2^scale times what there is room for.`,
	},
}

// Deviations are the known ones.
func Deviations() []Deviation { return slices.Clone(deviations) }

// known is the deviation that explains a violation of a host with this engine.
func known(engine string, v *Violation) *Deviation {
	for i := range deviations {
		d := &deviations[i]
		if d.Engine == engine && d.Invariant == v.Invariant.Name && d.Case == v.Case {
			return d
		}
	}
	return nil
}
