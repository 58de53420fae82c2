package trace

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// Check reports every reason why e is not a proper event: an unknown kind, a
// field set that does not belong to the kind, a packet that no wire could
// carry. The writers refuse such events, for they could not be read back.
func (e *Event) Check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !e.Kind.valid() {
		bad("Kind: %d is not a kind of event", e.Kind)
		return e.wrap(errs)
	}
	if extra := e.groups() &^ e.Kind.groups(); extra != 0 {
		bad("%s set in an event of kind %s", groupFields(extra), e.Kind)
	}
	if e.FD != 0 && e.Kind.groups()&(groupCall|groupState) == 0 {
		bad("FD set in an event of kind %s", e.Kind)
	}
	if e.Kind.IsPacket() {
		if err := checkPacket(&e.Packet); err != nil {
			errs = append(errs, err)
		}
	}
	if int(e.From) >= wire.NumStates || int(e.To) >= wire.NumStates {
		bad("From, To: %d, %d: not TCP states", e.From, e.To)
	}
	if e.Local.Addr().Zone() != "" || e.Remote.Addr().Zone() != "" {
		bad("Local, Remote: an address has a zone")
	}
	return e.wrap(errs)
}

func (e *Event) wrap(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("trace: event %d: %w", e.Seq, errors.Join(errs...))
}

// groups are the groups of fields that events of this kind may have.
func (k Kind) groups() byte {
	switch k {
	case Sent, Forwarded, Delivered, Dropped, Injected:
		return groupPacket
	case Call:
		return groupCall
	case Return:
		return groupCall | groupReturn
	case StateChange:
		return groupState
	case Fault:
		return groupFault
	default:
		return 0
	}
}

// groupFields names the fields of the lowest of these groups.
func groupFields(groups byte) string {
	switch {
	case groups&groupPacket != 0:
		return "Number, Copy, Packet, Flip, Peer or Reason"
	case groups&groupCall != 0:
		return "Proc, Op or Args"
	case groups&groupReturn != 0:
		return "N, Errno, Data or Note"
	case groups&groupState != 0:
		return "Local, Remote, From or To"
	default:
		return "Fault"
	}
}

func checkPacket(p *wire.Packet) error {
	for _, a := range []netip.Addr{p.Src, p.Dst} {
		if !a.IsValid() || a.Is4In6() || a.Zone() != "" {
			return fmt.Errorf("Packet: address %v is not a plain IPv4 or IPv6 address", a)
		}
	}
	if p.Src.Is4() != p.Dst.Is4() {
		return fmt.Errorf("Packet: addresses %v and %v are not of one IP version", p.Src, p.Dst)
	}
	switch p.Proto {
	case wire.TCP:
		if !zeroMessage(&p.ICMP) {
			return errors.New("Packet: ICMP set in a TCP packet")
		}
	case wire.ICMP:
		if !zeroSegment(&p.TCP) {
			return errors.New("Packet: TCP set in an ICMP packet")
		}
	default:
		return fmt.Errorf("Packet: protocol %d is unknown", p.Proto)
	}
	return nil
}

// inCalendar reports whether a time can be written as in RFC 3339, in the years 1 to 9999.
func inCalendar(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }

// Check reports every reason why h could not be read back.
func (h *Header) Check() error {
	var errs []error
	if !h.Start.IsZero() && (h.Start.Location() != time.UTC || !inCalendar(h.Start)) {
		errs = append(errs, fmt.Errorf("Start: %v is not in UTC and in the years 1 to 9999", h.Start))
	}
	for i := range h.Hosts {
		for _, a := range h.Hosts[i].Addrs {
			if !a.IsValid() || a.Zone() != "" {
				errs = append(errs, fmt.Errorf("Hosts[%d]: %v is not an address without zone", i, a))
			}
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("trace: header: %w", errors.Join(errs...))
}
