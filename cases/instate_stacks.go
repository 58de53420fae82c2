package cases

import (
	"slices"

	"rstlab/netsim/wire"
)

// rstDeviation is where a stack does not do what RFC 9293 wants.
type rstDeviation struct {
	states    []wire.State
	positions []string
	event     string // "" is both
	reaction  Reaction
	why       string
}

// synchronized are the states that RFC 9293 section 3.10.7.4 treats alike.
var synchronized = []wire.State{
	wire.Established, wire.FinWait1, wire.FinWait2, wire.CloseWait, wire.Closing, wire.LastAck,
}

// synSentAny has a RST with a good ACK end SYN-SENT whatever its number.
func synSentAny(why string) rstDeviation {
	return rstDeviation{
		states: []wire.State{wire.SynSent}, positions: []string{"left edge", "inside", "outside"}, event: "RST+ACK", reaction: Reset,
		why: why,
	}
}

// timeWaitIgnores has every RST dropped in TIME-WAIT.
func timeWaitIgnores(why string) rstDeviation {
	return rstDeviation{
		states: []wire.State{wire.TimeWait}, positions: []string{"exact", "inside"}, reaction: Dropped,
		why: why,
	}
}

// rstDeviations are all of them by the profile of the stack, each with the place
// where it is decided: in gVisor's pkg/tcpip, in the kernel of Linux 6.18 or
// FreeBSD 14.3, or, for windows, in no document.
var rstDeviations = map[string][]rstDeviation{
	"netstack": {
		{
			states: synchronized, positions: []string{"right edge"}, reaction: Challenged,
			why: "the first number outside counts as inside, as on Linux (header.Acceptable in header/tcp.go; linux-truth 12g)",
		},
		synSentAny("only the ACK is checked, not the sequence number (synSentState in transport/tcp/connect.go); so does Linux (tcp_rcv_synsent_state_process in net/ipv4/tcp_input.c)"),
		{
			states: []wire.State{wire.SynReceived}, positions: []string{"inside"}, reaction: Reset,
			why: "any number of the window resets, as in RFC 793 (synRcvdState in transport/tcp/connect.go); Linux challenges (linux-truth 13c2)",
		},
		timeWaitIgnores("every RST is ignored, as RFC 1337 proposes (handleTimeWaitSegment in transport/tcp/rcv.go); Linux ends TIME-WAIT unless tcp_rfc1337 is set (linux-truth 13e, 13e3)"),
	},
	"linux": {
		{
			states: synchronized, positions: []string{"right edge"}, reaction: Challenged,
			why: "the first number outside counts as inside (tcp_sequence in net/ipv4/tcp_input.c; linux-truth 12g)",
		},
		{
			states: []wire.State{wire.CloseWait, wire.Closing, wire.LastAck}, positions: []string{"left edge"}, reaction: Reset,
			why: "the number of the peer's FIN counts as exact (tcp_reset_check in net/ipv4/tcp_input.c; linux-truth 12j)",
		},
		synSentAny("only the ACK is checked, not the sequence number (tcp_rcv_synsent_state_process in net/ipv4/tcp_input.c; linux-truth 13a)"),
		{
			states: []wire.State{wire.SynReceived}, positions: []string{"right edge"}, reaction: Challenged,
			why: "the first number outside counts as inside (tcp_in_window in net/ipv4/tcp_minisocks.c)",
		},
		{
			states: []wire.State{wire.TimeWait}, positions: []string{"inside"}, reaction: Dropped,
			why: "only an exact one has an effect (tcp_timewait_state_process in net/ipv4/tcp_minisocks.c)",
		},
	},
	"freebsd": {
		synSentAny("only the ACK is checked, not the sequence number (tcp_do_segment in sys/netinet/tcp_input.c)"),
		timeWaitIgnores("every RST is ignored, as RFC 1337 proposes (tcp_twcheck in sys/netinet/tcp_timewait.c)"),
	},
	"windows": {
		synSentAny("no document says what Windows does: assumed, as Linux and FreeBSD"),
		timeWaitIgnores("no document says what Windows does: assumed, as RFC 1337 proposes"),
	},
	"rfc9293": {
		timeWaitIgnores("RFC 1337 section 3 proposes to ignore every RST, and the profile does"),
	},
}

// unlikeNetstack are the cells in which a stack's reaction is not netstack's, by
// stack, event and position; the model of netstack is netstack's.
func (s *rstState) unlikeNetstack() []Cell {
	var cells []Cell
	for _, stack := range Stacks() {
		if profileName(stack) == DefaultStack {
			continue
		}
		for _, e := range rstEvents {
			for _, p := range positions {
				if c := s.cell(stack, e, p); c.Reaction != s.cell(DefaultStack, e, p).Reaction {
					cells = append(cells, c)
				}
			}
		}
	}
	return slices.Clip(cells)
}
