package tcpmodel_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// A script is a test of an endpoint by protocol steps, in testdata/*.txt:
//
//	== the claim | profile
//	listen | open | shutwr | shutrd | close | abort | kill   calls
//	send N | recv N | set OPTION VALUE
//	= RESULT            what the call gave: a number, EOF, or an errno
//	< FLAGS seq=N [ack=N] [len=N] [win=N] [mss=N] [ts=VAL:ECR] [sack=L-R] [sackok] [ws=N]
//	> the same          what is sent; keys that are not written may be anything
//	+TIME               what is due until then happens
//	icmp ERRNO seq=N | icmp mtu=N seq=N
//	state STATE | error ERRNO | cites CLAUSE
//	est [KEYS]          an active OPEN that the peer answers
//
// Numbers count from the SYN of each side.
type script struct {
	name, profile, file string
	lines               []scriptLine
}

type scriptLine struct {
	number int
	text   string
}

const (
	ourISS  = 5000
	peerISS = 90000
)

func readScripts(t *testing.T) []*script {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []*script
	for _, name := range files {
		f, err := os.Open(name)
		require.NoError(t, err)
		defer f.Close()
		number := 0
		for lines := bufio.NewScanner(f); lines.Scan(); {
			number++
			text := strings.TrimSpace(lines.Text())
			switch {
			case text == "" || text[0] == '#':
			case strings.HasPrefix(text, "== "):
				claim, profile, _ := strings.Cut(text[3:], " | ")
				all = append(all, &script{name: claim, profile: profile, file: name})
			default:
				s := all[len(all)-1]
				s.lines = append(s.lines, scriptLine{number, text})
			}
		}
	}
	return all
}

func TestScripts(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range readScripts(t) {
		require.False(t, seen[s.name], "two scripts say: %s", s.name)
		seen[s.name] = true
		t.Run(s.name, func(t *testing.T) { s.run(t) })
	}
}

type scriptRun struct {
	t       *testing.T
	s       *script
	at      string
	e       *tcpmodel.Endpoint
	now     time.Duration
	sent    []tcpmodel.Segment
	step    tcpmodel.ClauseSet // of the last step
	result  tcpmodel.Result
	written int
}

func (s *script) run(t *testing.T) {
	p := tcpmodel.ProfileByName(s.profile)
	require.NotNil(t, p, "%s: unknown profile %q", s.file, s.profile)
	r := &scriptRun{t: t, s: s, e: tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{
		Profile: p, MSS: 1460, ISN: ourISS, TSOffset: 100,
	})}
	for _, line := range s.lines {
		r.at = fmt.Sprintf("%s:%d: %s", s.file, line.number, line.text)
		r.do(strings.Fields(line.text))
	}
	require.Empty(t, r.shown(), "%s: sent at the end, and nothing expects it", s.file)
	note(r.e.Clauses())
}

func (r *scriptRun) take(o *tcpmodel.Output) {
	r.step = o.Clauses
	r.sent = append(r.sent, o.Segments...)
}

func (r *scriptRun) do(words []string) {
	switch op := words[0]; {
	case op == ">":
		require.NotEmpty(r.t, r.sent, "%s: nothing was sent", r.at)
		got := r.sent[0]
		r.sent = r.sent[1:]
		want := r.segment(words[1:], ourISS, peerISS)
		r.match(want, &got, words[1:])
		return
	case op == "=":
		require.Equal(r.t, words[1], r.given(), r.at)
		return
	case op == "state":
		require.Equal(r.t, words[1], r.e.State().String(), r.at)
		return
	case op == "error":
		require.Equal(r.t, words[1], engine.ErrnoName(r.e.Failure()), r.at)
		return
	case op == "cites":
		c, ok := tcpmodel.ClauseByID(words[1])
		require.True(r.t, ok, "%s: unknown clause", r.at)
		require.True(r.t, r.step.Has(c), "%s: the step cites %v", r.at, r.step.All())
		return
	}
	require.Empty(r.t, r.shown(), "%s: sent before, and nothing expects it", r.at)
	switch op := words[0]; {
	case op == "<":
		s := r.segment(words[1:], peerISS, ourISS)
		r.take(r.e.Arrive(r.now, s))
	case op[0] == '+':
		d, err := time.ParseDuration(op[1:])
		require.NoError(r.t, err, r.at)
		r.advance(r.now + d)
	case op == "est":
		r.establish(words[1:])
	case op == "icmp":
		r.icmp(words[1:])
	default:
		r.call(words)
	}
}

func (r *scriptRun) advance(to time.Duration) {
	r.step = tcpmodel.ClauseSet{}
	for {
		at, ok := r.e.NextDeadline()
		if !ok || at > to {
			break
		}
		r.now = at
		o := r.e.Expire(at)
		r.step = r.step.Union(o.Clauses)
		r.sent = append(r.sent, o.Segments...)
	}
	r.now = to
}

func (r *scriptRun) establish(keys []string) {
	_, o := r.e.Call(r.now, tcpmodel.Call{Op: tcpmodel.OpOpen})
	r.take(o)
	require.Len(r.t, r.sent, 1, r.at)
	r.now += 20 * time.Millisecond
	words := append([]string{"S.", "seq=0", "ack=1", "mss=1460"}, keys...)
	s := r.segment(words, peerISS, ourISS)
	r.sent = nil
	r.take(r.e.Arrive(r.now, s))
	require.Len(r.t, r.sent, 1, r.at)
	require.Equal(r.t, wire.Established, r.e.State(), r.at)
	r.sent = nil
}

var scriptCalls = map[string]tcpmodel.Op{
	"open": tcpmodel.OpOpen, "listen": tcpmodel.OpListen, "send": tcpmodel.OpSend, "recv": tcpmodel.OpReceive,
	"peek": tcpmodel.OpPeek, "shutwr": tcpmodel.OpShutSend, "shutrd": tcpmodel.OpShutRecv,
	"close": tcpmodel.OpClose, "abort": tcpmodel.OpAbort, "kill": tcpmodel.OpKill, "status": tcpmodel.OpStatus,
	"set": tcpmodel.OpSet,
}

var scriptOptions = map[string]tcpmodel.Option{
	"nodelay": tcpmodel.NoDelay, "keepalive": tcpmodel.KeepAlive, "keepidle": tcpmodel.KeepIdle,
	"keepintvl": tcpmodel.KeepInterval, "keepcnt": tcpmodel.KeepCount, "rcvbuf": tcpmodel.ReceiveBuffer,
	"sndbuf": tcpmodel.SendBuffer, "utimeout": tcpmodel.UserTimeout, "syncnt": tcpmodel.SynCount,
	"linger": tcpmodel.Linger, "fintimeout": tcpmodel.FinWait2Timeout, "quickack": tcpmodel.QuickAck,
}

func (r *scriptRun) call(words []string) {
	op, ok := scriptCalls[words[0]]
	require.True(r.t, ok, "%s: unknown step", r.at)
	c := tcpmodel.Call{Op: op}
	switch op {
	case tcpmodel.OpSend:
		n := r.number(words[1])
		c.Data = make([]byte, n)
		for i := range c.Data {
			c.Data[i] = byte(r.written + i)
		}
	case tcpmodel.OpReceive, tcpmodel.OpPeek:
		c.Data = make([]byte, r.number(words[1]))
	case tcpmodel.OpSet:
		c.Option, ok = scriptOptions[words[1]]
		require.True(r.t, ok, "%s: unknown option", r.at)
		if d, err := time.ParseDuration(words[2]); err == nil {
			c.Value = int64(d)
		} else {
			c.Value = int64(r.number(words[2]))
		}
	default:
	}
	var o *tcpmodel.Output
	r.result, o = r.e.Call(r.now, c)
	if op == tcpmodel.OpSend {
		r.written += r.result.N
	}
	r.take(o)
}

// given is the result of the last call as scripts write it.
func (r *scriptRun) given() string {
	switch {
	case r.result.Errno != 0:
		return engine.ErrnoName(r.result.Errno)
	default:
		return strconv.Itoa(r.result.N)
	}
}

func (r *scriptRun) icmp(words []string) {
	var seq uint32
	for _, w := range words {
		if n, ok := strings.CutPrefix(w, "seq="); ok {
			seq = uint32(ourISS + r.number(n))
		}
	}
	if mtu, ok := strings.CutPrefix(words[0], "mtu="); ok {
		r.take(r.e.ShrinkMSS(r.now, r.number(mtu)-40, seq))
		return
	}
	errno, ok := engine.ErrnoByName(words[0])
	require.True(r.t, ok || words[0] == "none", r.at)
	r.take(r.e.Unreachable(r.now, seq, errno))
}

func (r *scriptRun) number(text string) int {
	n, err := strconv.Atoi(text)
	require.NoError(r.t, err, r.at)
	return n
}

// segment reads a segment; seq counts from own, ack from other.
func (r *scriptRun) segment(words []string, own, other uint32) *tcpmodel.Segment {
	flags, ok := wire.ParseFlags(words[0])
	require.True(r.t, ok, "%s: flags", r.at)
	s := &tcpmodel.Segment{Flags: flags, Window: 65535}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "seq":
			s.Seq = own + uint32(r.number(value))
		case "rawseq":
			s.Seq = uint32(r.number(value))
		case "ack":
			s.Ack = other + uint32(r.number(value))
		case "len":
			s.Payload = make([]byte, r.number(value))
		case "win":
			s.Window = uint16(r.number(value))
		case "mss":
			s.Options.MSS = uint16(r.number(value))
		case "ws":
			s.Options.HasScale, s.Options.Scale = true, uint8(r.number(value))
		case "sackok":
			s.Options.SACKPermitted = true
		case "ts":
			val, ecr, _ := strings.Cut(value, ":")
			s.Options.HasTimestamps = true
			s.Options.TSVal, s.Options.TSEcr = uint32(r.number(val)), uint32(r.number(ecr))
		case "sack":
			left, right, _ := strings.Cut(value, "-")
			s.Options.Blocks[s.Options.NumBlocks] = wire.SACKBlock{
				Left: other + uint32(r.number(left)), Right: other + uint32(r.number(right)),
			}
			s.Options.NumBlocks++
		default:
			require.Fail(r.t, "unknown key", "%s: %s", r.at, w)
		}
	}
	return s
}

func (r *scriptRun) match(want, got *tcpmodel.Segment, words []string) {
	line := strings.Join(words, " ")
	text := show(got)
	require.Equal(r.t, want.Flags.String(), got.Flags.String(), "%s: sent %s", r.at, text)
	require.Equal(r.t, int32(want.Seq-ourISS), int32(got.Seq-ourISS), "%s: sent %s", r.at, text)
	require.Len(r.t, got.Payload, len(want.Payload), "%s: sent %s", r.at, text)
	if want.Flags.Has(wire.ACK) {
		require.Equal(r.t, int32(want.Ack-peerISS), int32(got.Ack-peerISS), "%s: sent %s", r.at, text)
	}
	if strings.Contains(line, "win=") {
		require.Equal(r.t, want.Window, got.Window, "%s: sent %s", r.at, text)
	}
	if strings.Contains(line, "mss=") {
		require.Equal(r.t, want.Options.MSS, got.Options.MSS, "%s: sent %s", r.at, text)
	}
	if strings.Contains(line, "sack=") {
		for i := range want.Options.NumBlocks {
			b := want.Options.Blocks[i]
			want.Options.Blocks[i] = wire.SACKBlock{Left: b.Left, Right: b.Right}
		}
		require.Equal(r.t, want.Options.Blocks[:want.Options.NumBlocks], got.Options.Blocks[:got.Options.NumBlocks], "%s: sent %s", r.at, text)
	}
	if strings.Contains(line, "ts=") {
		require.True(r.t, got.Options.HasTimestamps, r.at)
		require.Equal(r.t, want.Options.TSEcr, got.Options.TSEcr, "%s: sent %s", r.at, text)
	}
}

func show(s *tcpmodel.Segment) string {
	return fmt.Sprintf("> %v seq=%d ack=%d len=%d win=%d", s.Flags, int32(s.Seq-ourISS), int32(s.Ack-peerISS), len(s.Payload), s.Window)
}

func (r *scriptRun) shown() (all []string) {
	for i := range r.sent {
		all = append(all, show(&r.sent[i]))
	}
	return all
}
