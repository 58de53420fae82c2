package middlebox

import (
	"fmt"
	"net/netip"
)

// Filtering is what a [NAT] lets in at a port that it has mapped (RFC 5382
// section 4.3, REQ-3).
type Filtering uint8

const (
	// EndpointIndependent lets a SYN in from anybody: "If application
	// transparency is most important, it is RECOMMENDED that a NAT have an
	// 'Endpoint-Independent Filtering' behavior for TCP."
	EndpointIndependent Filtering = iota
	// AddressDependent lets it in from addresses that the inside has spoken to.
	AddressDependent
	// AddressPortDependent lets nobody in whom the inside has not called.
	AddressPortDependent
)

// Unknown is what a [NAT] does with a segment, other than a SYN, of no flow that
// it knows: never begun, or idle for too long. RFC 5382 leaves that open.
type Unknown uint8

const (
	// Silence loses it.
	Silence Unknown = iota
	// ResetSender loses it and answers with RST, as a host without the connection
	// does.
	ResetSender
	// Remap takes it for a flow when it comes from inside: with a new port, so
	// that the peer does not know it. From outside it is lost.
	Remap
)

// Full is what a [NAT] does with a new flow when its table is full.
type Full uint8

const (
	// FullSilence loses the SYN.
	FullSilence Full = iota
	// FullReset answers the SYN with RST.
	FullReset
	// FullEvict forgets the flow that was idle for the longest, for the new one.
	FullEvict
)

// NATConfig says how a [NAT] behaves. But for Address the zero value is good: it
// is what RFC 5382 asks for.
type NATConfig struct {
	// Address is the external address, IPv4, which stands in for the source of
	// all that goes out.
	Address netip.Addr
	// FirstPort and LastPort are the external ports; 0 and 0 mean 1024 to 65535.
	// They are given out in order, each when it is free, from the one behind the
	// last that was given out.
	FirstPort, LastPort uint16
	Timeouts            Timeouts
	Filtering           Filtering
	Unknown             Unknown
	// SilentSYN loses an unsolicited SYN from outside without an answer (RFC 5382
	// section 4.3, REQ-4a). Without it ICMP "port unreachable" answers after 6 s
	// (REQ-4).
	SilentSYN bool
	// MaxFlows bounds the flows; 0 is no bound but that of the ports.
	MaxFlows int
	Full     Full
}

// Validate reports every setting that is out of range, by its name.
func (c *NATConfig) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !c.Address.Is4() {
		bad("Address: %v: want the external IPv4 address", c.Address)
	}
	if c.FirstPort > c.LastPort || c.FirstPort == 0 && c.LastPort != 0 {
		bad("FirstPort, LastPort: %d, %d: want ports, the smaller one first", c.FirstPort, c.LastPort)
	}
	if c.Filtering > AddressPortDependent {
		bad("Filtering: %d: want EndpointIndependent, AddressDependent or AddressPortDependent", c.Filtering)
	}
	if c.Unknown > Remap {
		bad("Unknown: %d: want Silence, ResetSender or Remap", c.Unknown)
	}
	if c.Full > FullEvict {
		bad("Full: %d: want FullSilence, FullReset or FullEvict", c.Full)
	}
	if c.MaxFlows < 0 {
		bad("MaxFlows: %d: want at least 0", c.MaxFlows)
	}
	if err := c.Timeouts.validate(); err != nil {
		errs = append(errs, err)
	}
	return wrap("nat", errs)
}
