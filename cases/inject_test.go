package cases_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// established is two hosts as the recordings of Linux have them: b listens at 0,
// a connects at 10 ms, b accepts; the procs go on with their own steps.
const established = `host a
host b
host mallory
router r
link a r delay=10ms
link r b
link mallory r delay=5ms
limit 10s

proc b
  listen 80
  accept
%s

proc a
  at 10ms
  connect b:80
%s

proc mallory
  at 100ms
%s
`

// forge runs what mallory does while a and b do their steps.
func forge(t *testing.T, stepsB, stepsA, steps string) *cases.Result {
	t.Helper()
	s := parse(t, fmt.Sprintf(established, stepsB, stepsA, steps))
	bound, err := s.Bind(nil)
	require.NoError(t, err)
	return run(t, bound, cases.RunConfig{KeepTrace: true})
}

// forgeries are the forged segments of a run.
func forgeries(r *cases.Result) []trace.Event {
	var found []trace.Event
	for _, e := range r.Trace.Events {
		if e.Kind == trace.Injected {
			found = append(found, e)
		}
	}
	return found
}

// isn is the initial sequence number of the host's first connection.
func isn(t *testing.T, r *cases.Result, host string) uint32 {
	t.Helper()
	for _, e := range r.Trace.Events {
		if e.Kind == trace.Sent && e.Host == host && e.Packet.TCP.Flags.Has(wire.SYN) {
			return e.Packet.TCP.Seq
		}
	}
	require.Fail(t, "no SYN from "+host)
	return 0
}

// advertised is the right edge of the window in the host's last segment before
// the first forged one.
func advertised(r *cases.Result, host string) uint32 {
	var edge uint32
	shift := uint8(0)
	for _, e := range r.Trace.Events {
		s := &e.Packet.TCP
		switch {
		case e.Kind == trace.Injected:
			return edge
		case e.Kind != trace.Sent || e.Host != host:
		case s.Flags.Has(wire.SYN):
			shift, _ = s.Options.WindowScale()
		default:
			edge = s.Ack + uint32(s.Window)<<shift
		}
	}
	return edge
}

// returned is when a proc's call of that name returned.
func returned(t *testing.T, r *cases.Result, proc, op string) time.Duration {
	t.Helper()
	for _, o := range r.Observations {
		if o.Proc == proc && o.Op == op {
			return o.At
		}
	}
	require.Fail(t, "no "+op+" of "+proc)
	return 0
}

// TestInjectCountsFromWhatTheReceiverExpects: the numbers of the recordings, where
// the first byte is 1.
func TestInjectCountsFromWhatTheReceiverExpects(t *testing.T) {
	const send = "  send \"HELLO\"\n  sleep 9s"
	for name, c := range map[string]struct {
		stepsB, stepsA, step string
		seq, ack             uint32 // relative to the SYNs
		flags                wire.Flags
	}{
		"12a: exact":              {"  sleep 9s", "  sleep 9s", "inject a R seq=n0", 1, 0, wire.RST},
		"12b: inside":             {"  sleep 9s", "  sleep 9s", "inject a R seq=n100", 101, 0, wire.RST},
		"12d: left of the window": {"  sleep 9s", "  sleep 9s", "inject a R seq=n-1", 0, 0, wire.RST},
		"12h: SYN":                {"  sleep 9s", "  sleep 9s", "inject a S seq=n100", 101, 0, wire.SYN},
		"12j: in CLOSE-WAIT":      {"  shutdown write\n  sleep 9s", "  sleep 9s", "inject a R seq=n-1", 1, 0, wire.RST},
		"13f: in CLOSE-WAIT":      {"  shutdown write\n  sleep 9s", "  sleep 9s", "inject a R seq=n0", 2, 0, wire.RST},
		"data was read":           {send, "  sleep 9s", "inject a R seq=n0", 6, 0, wire.RST},
		"the other end":           {"  sleep 9s", send, "inject b R seq=n0", 6, 0, wire.RST},
		"an acknowledgment":       {"  sleep 9s", send, "inject a RA seq=n0", 1, 6, wire.RST | wire.ACK},
		"an offset of ACK":        {"  sleep 9s", send, "inject a RA seq=n0 ack=n-2", 1, 4, wire.RST | wire.ACK},
		"off is added":            {"  sleep 9s", "  sleep 9s", "inject a R seq=n100 off=-30", 71, 0, wire.RST},
		"data":                    {"  sleep 9s", "  sleep 9s", `inject a PA seq=n0 data="forged"`, 1, 1, wire.PSH | wire.ACK},
	} {
		t.Run(name, func(t *testing.T) {
			r := forge(t, c.stepsB, c.stepsA, "  "+c.step)
			forged := forgeries(r)
			require.Len(t, forged, 1)
			e := forged[0]
			receiver, other := "a", "b"
			if e.Host == "b" {
				receiver, other = "b", "a"
			}
			require.Equal(t, 100*time.Millisecond, e.At)
			require.Equal(t, receiver, e.Host, "it appears at the receiver")
			require.Equal(t, c.flags, e.Packet.TCP.Flags)
			require.Equal(t, c.seq, e.Packet.TCP.Seq-isn(t, r, other))
			if c.flags.Has(wire.ACK) {
				require.Equal(t, c.ack, e.Packet.TCP.Ack-isn(t, r, receiver))
			} else {
				require.Zero(t, e.Packet.TCP.Ack)
			}
			next := r.Trace.Events[e.Seq]
			require.Equal(t, trace.Delivered, next.Kind, "at once")
			require.Equal(t, e.Number, next.Number)
			require.Equal(t, e.At, next.At)
		})
	}
}

func TestInjectCountsFromTheRightEdgeOfTheWindow(t *testing.T) {
	for step, offset := range map[string]int32{"wnd0": 0, "wnd-1": -1, "wnd1000": 1000} {
		r := forge(t, "  send 3000\n  sleep 9s", "  sleep 9s", "  inject a R seq="+step)
		require.Equal(t, offset, wire.SeqDiff(forgeries(r)[0].Packet.TCP.Seq, advertised(r, "a")), step)
	}
}

// TestInjectInSynSent is recording 13a: the SYN is lost, so nothing is known of
// the peer, and only a RST that acknowledges the SYN counts.
func TestInjectInSynSent(t *testing.T) {
	s := parse(t, `host a
host b
link a b delay=10ms
rule a->b drop S
limit 10s

proc a
  at 10ms
  connect b:80

proc b
  at 100ms
  inject a RA seq=0 ack=n5
  at 150ms
  inject a R seq=0
  at 200ms
  inject a RA seq=n0 ack=n0
`)
	bound, err := s.Bind(nil)
	require.NoError(t, err)
	r := run(t, bound, cases.RunConfig{KeepTrace: true})
	require.Equal(t, "a: connect=ECONNREFUSED | b: ok", r.Outcome.String())
	forged := forgeries(r)
	require.Len(t, forged, 3)
	require.Equal(t, isn(t, r, "a")+6, forged[0].Packet.TCP.Ack)
	require.Equal(t, isn(t, r, "a")+1, forged[2].Packet.TCP.Ack)
	require.Zero(t, forged[2].Packet.TCP.Seq)
	require.Equal(t, 200*time.Millisecond, returned(t, r, "a", "connect"))
}

// TestInjectWithoutAConnection is recording 13b: a RST to a LISTEN socket.
func TestInjectWithoutAConnection(t *testing.T) {
	r := forge(t, "  sleep 9s", "  sleep 9s", `  inject b R seq=1000 src=a sport=5555 dport=80
  inject b RA seq=1000 ack=1 src=10.9.9.9 sport=5555 dport=80
  inject b R seq=1000 sport=5555 dport=80
  inject b R seq=n0 src=a sport=5555 dport=80
  inject b R seq=1000 src=fd00::9 sport=5555 dport=80`)
	require.Equal(t, "b: ok | a: ok | mallory: inject=ENOTCONN inject=ENOTCONN inject=ENOTCONN", r.Outcome.String())
	forged := forgeries(r)
	require.Len(t, forged, 2)
	require.Equal(t, "10.9.9.9", forged[1].Packet.Src.String())
	require.Equal(t, uint16(5555), forged[1].Packet.TCP.SrcPort)
	require.Equal(t, uint32(1), forged[1].Packet.TCP.Ack)
}

// TestInjectMeansTheLatestConnectionThatFits: and one that has ended is
// remembered.
func TestInjectMeansTheLatestConnectionThatFits(t *testing.T) {
	r := forge(t, "  accept\n  sleep 9s", "  connect b:80 as=second\n  at 99ms\n  abort on=second", "  inject b R seq=n0\n  inject b A seq=n0")
	forged := forgeries(r)
	require.Len(t, forged, 2)
	var ports []uint16
	for _, e := range r.Trace.Events {
		if e.Kind == trace.Sent && e.Host == "a" && e.Packet.TCP.Flags == wire.SYN {
			ports = append(ports, e.Packet.TCP.SrcPort)
		}
	}
	require.Len(t, ports, 2)
	require.Equal(t, ports[1], forged[0].Packet.TCP.SrcPort)
	require.Equal(t, ports[1], forged[1].Packet.TCP.SrcPort)
}

// TestInjectScans: guesses and ports make many segments of one step, and via lets
// them travel.
func TestInjectScans(t *testing.T) {
	r := forge(t, "  recv", "  sleep 9s",
		"  inject b R seq=n0 off=-20 guesses=3 stride=10 sport=1024 ports=2 dport=80 src=a every=1ms via=mallory")
	require.Equal(t, "b: recv=blocked | a: ok | mallory: inject=ENOTCONN", r.Outcome.String(),
		"no connection has the port 1024")

	r = forge(t, "  recv", "  sleep 9s",
		"  inject b R seq=n0 off=-20 guesses=3 stride=10 every=1ms via=mallory")
	require.Equal(t, "b: recv=ECONNRESET | a: ok | mallory: ok", r.Outcome.String(), "the third guess is exact")
	forged := forgeries(r)
	require.Len(t, forged, 3)
	for i, e := range forged {
		require.Equal(t, "mallory", e.Host)
		require.Equal(t, "r", e.Peer)
		require.Equal(t, time.Duration(100+i)*time.Millisecond, e.At)
		require.Equal(t, uint32(10*i), e.Packet.TCP.Seq-forged[0].Packet.TCP.Seq)
	}
	require.Equal(t, 107*time.Millisecond, returned(t, r, "b", "recv"), "and has 5 ms to go")

	r = forge(t, "  sleep 9s", "  sleep 9s",
		"  inject b S seq=7 sport=1024 ports=3 dport=80 src=10.9.9.9 every=1ms")
	forged = forgeries(r)
	require.Len(t, forged, 3)
	require.Equal(t, uint16(1026), forged[2].Packet.TCP.SrcPort)
}
