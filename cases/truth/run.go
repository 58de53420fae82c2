package truth

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rstlab/cases"
	"rstlab/netsim/trace"
	"rstlab/netsim/wire"
)

// Record is what came of a scenario here, in the words of the recorder.
type Record struct {
	Calls   []CallRecord // by index in File.Calls
	Packets []Packet     // as sent and as forged, in order
	Hash    trace.Hash
}

// CallRecord is what a call gave.
type CallRecord struct {
	outcome outcome
	// At is when it returned; meaningless for one that did not.
	At time.Duration
}

// Run runs the translated scenario.
func (t *Translation) Run() (*Record, error) {
	bound, err := t.Scenario.Bind(nil)
	if err != nil {
		return nil, fmt.Errorf("cases/truth: %s: %w", t.File.ID, err)
	}
	result, err := bound.Run(cases.RunConfig{KeepTrace: true})
	if err != nil {
		return nil, fmt.Errorf("cases/truth: %s: %w", t.File.ID, err)
	}
	r := &Record{Hash: result.Hash, Packets: packets(result.Trace), Calls: make([]CallRecord, len(t.File.Calls))}
	seen := map[string][]cases.Observation{}
	for _, o := range result.Observations {
		seen[o.Proc] = append(seen[o.Proc], o)
	}
	reads := map[string][]read{}
	for i := range result.Trace.Events {
		if e := &result.Trace.Events[i]; e.Kind == trace.Return && (e.Op == "recv" || e.Op == "peek") && e.N > 0 {
			reads[e.Proc] = append(reads[e.Proc], read{e.N, string(e.Data), true})
		}
	}
	for i := range t.File.Calls {
		name := t.procName(i)
		r.Calls[i] = t.File.Calls[i].record(seen[name], reads[name])
	}
	t.File.refuseState(r.Calls)
	return r, nil
}

// refuseState has TCP_INFO fail of a descriptor that was closed; here the state can be
// asked for all the same.
func (f *File) refuseState(calls []CallRecord) {
	closed := map[string]bool{}
	for i, c := range f.Calls {
		switch c.Op {
		case "accept":
			delete(closed, c.Host+c.Socket)
		case "close":
			closed[c.Host+c.Socket] = true
		case "state":
			if closed[c.Host+c.Socket] {
				calls[i].outcome = outcome{errno: "EBADF"}
			}
		}
	}
}

// nothingReady is the result of a poll that reports no event, closedSocket what one of a
// closed descriptor reports: the recorder has EBADF for every call on one.
const (
	nothingReady = "none"
	closedSocket = "NVAL"
)

// record is what a call gave, from what its proc saw and read.
func (c *Call) record(seen []cases.Observation, reads []read) CallRecord {
	var last cases.Observation
	for _, o := range seen {
		if o.Op == string(cases.VerbAt) || o.Op == string(cases.VerbSocket) {
			continue
		}
		if last = o; o.Errno != "" {
			break
		}
	}
	r := CallRecord{At: last.At}
	o := &r.outcome
	if o.errno = last.Errno; !last.Done {
		o.blocked = true
	}
	switch c.Op {
	case "recv", "recvnb", "peek", "recvloop":
		o.form, o.reads = readsForm, reads
		o.eof = last.Done && o.errno == "" && (len(reads) == 0 || c.Op == "recvloop")
	case "send":
		o.form, o.number = numberForm, last.N
	case "poll":
		switch o.word = last.Value; o.word {
		case "0":
			o.word = nothingReady
		case closedSocket:
			o.errno = "EBADF"
		}
	case "outq":
		o.form = numberForm
		o.number, _ = strconv.Atoi(last.Value)
	case "state":
		o.word = stateName(last.Value)
	case "soerr":
		if o.form = numberForm; last.Value != "0" {
			o.errno = last.Value
		}
	case "accept":
		o.word = "ok"
	case "killproc":
		o.word = "killed"
	default:
		o.form = numberForm
	}
	if o.errno != "" || o.blocked {
		o.word = ""
	}
	return r
}

// stateName is a state as TCP_INFO has it. A socket whose connection is in
// TIME-WAIT is closed there: another object waits for it.
func stateName(state string) string {
	switch state {
	case wire.Closed.String(), wire.TimeWait.String():
		return "CLOSE"
	case wire.SynReceived.String():
		return "SYN_RECV"
	case wire.FinWait1.String(), wire.FinWait2.String():
		return strings.Replace(strings.Replace(state, "-", "_", 1), "-", "", 1)
	}
	return strings.ReplaceAll(state, "-", "_")
}

// packets are the segments that the hosts sent and those that were forged, with
// numbers that count from the SYN of each side.
func packets(t *trace.Trace) []Packet {
	hosts := map[string]string{addresses["A"].String(): "A", addresses["B"].String(): "B"}
	type flow struct {
		from, to string
		sport    uint16
		dport    uint16
	}
	// The number of a RST without connection is 0 (RFC 9293 section 3.10.7.1), and
	// counts from nothing.
	isn := map[flow]uint32{}
	relative := func(f flow, n uint32) (int64, bool) {
		base, known := isn[f]
		if !known || n == 0 {
			return int64(n), true
		}
		return int64(int32(n - base)), false
	}
	var all []Packet
	for i := range t.Events {
		e := &t.Events[i]
		if e.Kind != trace.Sent && e.Kind != trace.Injected || e.Packet.Proto != wire.TCP {
			continue
		}
		s := &e.Packet.TCP
		p := Packet{At: e.At, From: hosts[e.Packet.Src.String()], To: hosts[e.Packet.Dst.String()], Window: int(s.Window)}
		f := flow{p.From, p.To, s.SrcPort, s.DstPort}
		if e.Kind == trace.Injected {
			p.From = ""
		} else if s.Flags.Has(wire.SYN) {
			isn[f] = s.Seq
		}
		p.Flags, p.Len = flagText(s.Flags), len(s.Payload)
		p.Seq, p.SeqAbsolute = relative(f, s.Seq)
		if s.Flags.Has(wire.ACK) {
			p.Ack, p.AckAbsolute = relative(flow{f.to, f.from, f.dport, f.sport}, s.Ack)
		}
		all = append(all, p)
	}
	return all
}

// flagText is flags in the letters of a transcript.
func flagText(f wire.Flags) string {
	bits := map[byte]wire.Flags{
		'S': wire.SYN, 'F': wire.FIN, 'R': wire.RST, 'P': wire.PSH,
		'A': wire.ACK, 'U': wire.URG, 'E': wire.ECE, 'W': wire.CWR,
	}
	var text []byte
	for i := range len(flagOrder) {
		if f.Has(bits[flagOrder[i]]) {
			text = append(text, flagOrder[i])
		}
	}
	return string(text)
}
