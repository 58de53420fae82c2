package wire

import (
	"errors"
	"fmt"
)

// The classes of [ParseError], for errors.Is.
var (
	// ErrTruncated says that the bytes end before the packet does.
	ErrTruncated = errors.New("truncated")
	// ErrMalformed says that a field has a value that its protocol forbids, or
	// that bytes follow the end of the packet.
	ErrMalformed = errors.New("malformed")
	// ErrUnsupported says that the bytes may be a good packet, but one of a kind
	// that a [Packet] cannot hold.
	ErrUnsupported = errors.New("unsupported")
	// ErrChecksum says that the IPv4 header, the segment or the message was
	// changed on its way. A receiver drops such a packet in silence (RFC 1122
	// sections 3.2.1.2 and 4.2.2.7).
	ErrChecksum = errors.New("bad checksum")
)

// Layer names the header in which [Parse] found a mistake.
type Layer string

// The layers of a [ParseError].
const (
	LayerIP      Layer = "IP" // the version is not known
	LayerIPv4    Layer = "IPv4"
	LayerIPv6    Layer = "IPv6"
	LayerTCP     Layer = "TCP"
	LayerOptions Layer = "TCP options"
	LayerICMP    Layer = "ICMP"
	LayerICMPv6  Layer = "ICMPv6"
)

// ParseError says why bytes are not a packet. [Parse], [ParseTrusted] and
// [Options.Validate] return it.
type ParseError struct {
	Layer  Layer
	Offset int    // of the offending byte, from the start of what was parsed
	Reason string // what is wrong there
	Class  error  // ErrTruncated, ErrMalformed, ErrUnsupported or ErrChecksum
}

// Error reads "wire: IPv4, byte 9: unsupported: protocol 17 is neither TCP nor ICMP".
func (e *ParseError) Error() string {
	return fmt.Sprintf("wire: %s, byte %d: %v: %s", e.Layer, e.Offset, e.Class, e.Reason)
}

// Unwrap returns the class.
func (e *ParseError) Unwrap() error { return e.Class }

// parseError makes a [ParseError]; format and args are its reason.
func parseError(class error, layer Layer, offset int, format string, args ...any) error {
	return &ParseError{Layer: layer, Offset: offset, Reason: fmt.Sprintf(format, args...), Class: class}
}

// BuildError says which field of a [Packet] cannot be put on the wire.
type BuildError struct {
	Field  string // as Go spells it: "TCP.Options"
	Reason string
}

// Error reads "wire: FlowLabel: 0x100000 has more than 20 bits".
func (e *BuildError) Error() string { return "wire: " + e.Field + ": " + e.Reason }

// buildError makes a [BuildError]; format and args are its reason.
func buildError(field, format string, args ...any) error {
	return &BuildError{Field: field, Reason: fmt.Sprintf(format, args...)}
}
