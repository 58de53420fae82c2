package record

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases/truth"
	"rstlab/netsim/wire"
)

// scenario reads a script.
func scenario(t *testing.T, lines ...string) *truth.File {
	t.Helper()
	files, err := truth.Read("x.txt", []byte("== x | a test\n"+strings.Join(lines, "\n")+"\n"))
	require.NoError(t, err)
	return files[0]
}

// wired is a relay with what it logs.
type wired struct {
	*relay
	lines []line
}

func newWired(t *testing.T, lines ...string) *wired {
	t.Helper()
	w := &wired{}
	w.relay = newRelay(scenario(t, lines...), func(l line) { w.lines = append(w.lines, l) })
	return w
}

// pass sends a segment and, when it is not lost, lets it arrive.
func (w *wired) pass(at time.Duration, from int, s wire.Segment) (arrives time.Duration, ok bool) {
	s.SrcPort, s.DstPort = 4000, 80
	if from == 1 {
		s.SrcPort, s.DstPort = 80, 4000
	}
	p := wire.Packet{Src: addresses[from], Dst: addresses[1-from], Proto: wire.TCP, TCP: s}
	if arrives, ok = w.send(at, from, &p); ok {
		w.arrived(1-from, &p)
	}
	return arrives, ok
}

func (w *wired) texts() []string {
	var all []string
	for _, l := range w.lines {
		all = append(all, l.String())
	}
	return all
}

const ms = time.Millisecond

// handshake opens a connection, A's numbers from 1000 and B's from 5000.
func (w *wired) handshake() {
	w.pass(10*ms, 0, wire.Segment{Flags: wire.SYN, Seq: 1000, Window: 64240, Options: wire.Options{}.AppendWindowScale(10).Pad()})
	w.pass(20*ms, 1, wire.Segment{Flags: wire.SYN | wire.ACK, Seq: 5000, Ack: 1001, Window: 65160, Options: wire.Options{}.AppendWindowScale(10).Pad()})
	w.pass(30*ms, 0, wire.Segment{Flags: wire.ACK, Seq: 1001, Ack: 5001, Window: 63})
}

func TestNumbersCountFromTheSYNOfEachSide(t *testing.T) {
	w := newWired(t, "est")
	w.handshake()
	require.Equal(t, []string{
		"    10.0  A>B S    seq=0 len=0 win=64240 arrives 20.0",
		"    20.0  B>A SA   seq=0 ack=1 len=0 win=65160 arrives 30.0",
		"    30.0  A>B A    seq=1 ack=1 len=0 win=63 arrives 40.0",
	}, w.texts())
}

func TestRulesDropAndDelayTheNthThatMatches(t *testing.T) {
	w := newWired(t, "rule drop A data 2", "rule delay B R 0 30", "est")
	w.handshake()
	data := wire.Segment{Flags: wire.ACK | wire.PSH, Seq: 1001, Ack: 5001, Payload: []byte("hello")}
	at, ok := w.pass(100*ms, 0, data)
	require.True(t, ok)
	require.Equal(t, 110*ms+relayTime, at)
	_, ok = w.pass(200*ms, 0, data)
	require.False(t, ok, "the second")
	_, ok = w.pass(300*ms, 0, data)
	require.True(t, ok, "and no other")
	at, ok = w.pass(400*ms, 1, wire.Segment{Flags: wire.RST, Seq: 5001})
	require.True(t, ok)
	require.Equal(t, 440*ms+relayTime, at)
	texts := w.texts()
	require.Contains(t, texts[4], "DROPPED (rule)")
	require.Contains(t, texts[6], "arrives 440.0 (+30ms)")
}

func TestALinkThatIsDownLosesWhatThatSideSends(t *testing.T) {
	w := newWired(t, "est", "50 R down B", "90 R up AB")
	w.handshake()
	w.setDown(50*ms, &w.file(t).Calls[3])
	_, ok := w.pass(60*ms, 1, wire.Segment{Flags: wire.ACK, Seq: 5001, Ack: 1001})
	require.False(t, ok)
	_, ok = w.pass(60*ms, 0, wire.Segment{Flags: wire.ACK, Seq: 1001, Ack: 5001})
	require.True(t, ok)
	w.setDown(90*ms, &w.file(t).Calls[4])
	_, ok = w.pass(95*ms, 1, wire.Segment{Flags: wire.ACK, Seq: 5001, Ack: 1001})
	require.True(t, ok)
	require.Contains(t, w.texts()[4], "DROPPED (link down)")
}

// file is the scenario of the link's test.
func (w *wired) file(t *testing.T) *truth.File {
	return scenario(t, "est", "50 R down B", "90 R up AB")
}

func TestForgedNumbersCountFromWhatTheHostExpects(t *testing.T) {
	w := newWired(t, "est")
	w.handshake()
	w.pass(100*ms, 1, wire.Segment{Flags: wire.ACK | wire.PSH, Seq: 5001, Ack: 1001, Payload: make([]byte, 10)})
	w.pass(110*ms, 1, wire.Segment{Flags: wire.ACK | wire.PSH, Seq: 5021, Ack: 1001, Payload: make([]byte, 10)})
	for _, c := range []struct {
		why, step string
		seq, ack  uint32
	}{
		{"behind what is in sequence", "100 R inject A R seq=n0", 5011, 0},
		{"below it", "100 R inject A R seq=n-1", 5010, 0},
		{"at the right edge of the window", "100 R inject A R seq=wnd0", 5001 + 63<<10, 0},
		{"what it sends next", "100 R inject A RA seq=n0", 5011, 1001},
		{"an ACK of the future", "100 R inject A A seq=n0 ack=n100", 5011, 1101},
		{"as on the wire", "100 R inject A R seq=77", 77, 0},
		{"at B", "100 R inject B R seq=n0", 1001, 0},
	} {
		call := scenario(t, "est", c.step).Calls[3]
		_, p := w.inject(120*ms, call.Injection())
		require.Equal(t, c.seq, p.TCP.Seq, c.why)
		require.Equal(t, c.ack, p.TCP.Ack, c.why)
	}
	// What fills the gap moves what is expected beyond it.
	w.pass(130*ms, 1, wire.Segment{Flags: wire.ACK, Seq: 5011, Ack: 1001, Payload: make([]byte, 10)})
	call := scenario(t, "est", "100 R inject A R seq=n0").Calls[3]
	_, p := w.inject(140*ms, call.Injection())
	require.Equal(t, uint32(5031), p.TCP.Seq)
	// A RST has the number that it was asked for: what A sends next is as before.
	w.pass(150*ms, 0, wire.Segment{Flags: wire.RST, Seq: 1006})
	call = scenario(t, "est", "100 R inject A A seq=n0 ack=n0").Calls[3]
	_, p = w.inject(160*ms, call.Injection())
	require.Equal(t, uint32(1001), p.TCP.Ack)
}

func TestAForgedSegmentWithoutConnectionHasThePortsOfTheScript(t *testing.T) {
	w := newWired(t, "est")
	call := scenario(t, "est", "5 R inject B R seq=1000 sport=5555 dport=80").Calls[3]
	to, p := w.inject(5*ms, call.Injection())
	require.Equal(t, 1, to)
	require.Equal(t, wire.Segment{SrcPort: 5555, DstPort: 80, Seq: 1000, Flags: wire.RST, Window: forgedWindow}, p.TCP)
	require.Equal(t, "     5.0  INJECT>B R    seq=#1000 len=0 win=1000 (rcv_nxt+1000, window 0)", w.texts()[0])
}

func TestTheMiddleOfALongRunIsLeftOut(t *testing.T) {
	var lines []line
	for i := range 20 {
		from := "A"
		if i%4 == 3 {
			from = "B"
		}
		lines = append(lines, line{at: time.Duration(i) * ms, text: "x", from: from})
	}
	got := elide(append(lines, line{at: 30 * ms, text: "call"}))
	require.Len(t, got, 3+1+3+1)
	require.Equal(t, "          ... 10 data/ACK packets from A, 4 from B ...", got[3])
	require.Len(t, elide(lines[:longRun-1]), longRun-1, "a short run is shown")
}
