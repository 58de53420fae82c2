package truth

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"rstlab/cases"
	"rstlab/netsim/link"
)

// Translation is a file as a scenario of ours.
type Translation struct {
	File     *File
	Stack    string
	Scenario *cases.Scenario
	// NotModelled are the settings that the stack cannot have; the scenario is
	// without them.
	NotModelled []NotModelled
	// procs are the procs that make the calls, by index in File.Calls; each
	// makes one, with its last steps.
	procs []int
}

// The addresses of the two hosts.
var addresses = map[string]netip.Addr{"A": netip.MustParseAddr("10.9.0.1"), "B": netip.MustParseAddr("10.9.0.2")}

// DefaultStack is the stack that a scenario runs on when it names none.
const DefaultStack = cases.DefaultStack

// relayTime is how much longer than its delay a packet takes: the recorder's
// relay is a program. Transcripts show 0.3 to 2 ms from "arrives" to what the
// packet caused; this is the least. So a call at an instant comes before a packet that is to arrive
// at it.
const relayTime = 300 * time.Microsecond

// fill is what a send of a number sends, over and over.
const fill = "abcdefghij"

// Translate makes a file a scenario that runs on a stack. Every call is made by
// a proc of its own, at its time, so that a call which blocks holds no later one
// up; sockets have the names of the file. The error is [cases.Errors]; with a
// file that Read gave there is none.
func Translate(f *File, stack string) (*Translation, error) {
	t := &translator{Translation: Translation{File: f, Stack: stack}, names: map[string]string{}, births: map[string]int{}, taken: map[string]bool{}}
	settings, not := f.settings(stack)
	t.NotModelled = not
	claim := f.Title + "\n\nRecorded on " + orUnknown(f.Kernel) + " as " + f.ID + "."
	for _, n := range not {
		claim += "\nNot modelled: " + n.String() + "."
	}
	t.s = &cases.Scenario{
		Name: f.ID, Claim: claim,
		Limit: cases.Limit{Time: cases.DurationValue(max(f.Duration, time.Millisecond))},
	}
	for _, name := range []string{"A", "B"} {
		h := cases.Host{Name: name, Addrs: []netip.Addr{addresses[name]}, HostSettings: settings}
		if stack != DefaultStack {
			h.Stack = cases.WordValue(stack)
		}
		t.s.Hosts = append(t.s.Hosts, h)
	}
	t.s.Links = []cases.Link{{
		A: cases.Ref{Name: "A"}, B: cases.Ref{Name: "B"},
		Both: cases.LinkSettings{Delay: cases.DurationValue(f.Delay + relayTime)},
	}}
	for _, r := range f.Rules {
		t.s.Rules = append(t.s.Rules, r.translate())
	}
	for i := range f.Calls {
		t.call(i)
	}
	t.Scenario = t.s
	// What prints and parses is what rstlab run takes.
	if _, err := cases.Parse(f.ID+".txt", []byte(cases.Print(t.s))); err != nil {
		return nil, fmt.Errorf("cases/truth: %s: the translation of %s: %w", f.Pos, f.ID, err)
	}
	return &t.Translation, nil
}

func orUnknown(kernel string) string {
	if kernel == "" {
		return "a kernel that the file does not name"
	}
	return kernel
}

func (r *Rule) translate() cases.Rule {
	out := cases.Rule{
		From: cases.Ref{Name: r.From}, To: cases.Ref{Name: peerOf(r.From)},
		Verdict: cases.VerdictDrop, Match: link.MustMatch(r.Match).String(),
	}
	if r.Delay > 0 {
		out.Verdict, out.Arg = cases.VerdictDelay, cases.DurationValue(r.Delay)
	}
	if r.Nth > 0 {
		out.First, out.Last = cases.IntValue(r.Nth), cases.IntValue(r.Nth)
	}
	return out
}

// translator makes the procs.
type translator struct {
	Translation
	s      *cases.Scenario
	names  map[string]string // of sockets, by host and name in the file: their name in the scenario
	births map[string]int    // by the same: the proc that made the socket
	taken  map[string]bool   // names of sockets in the scenario, by host
}

// call adds the proc that makes a call.
func (t *translator) call(i int) {
	c := &t.File.Calls[i]
	host := c.Host
	if host == "R" {
		host = "A"
	}
	p := cases.Proc{Host: cases.Ref{Name: host}, Name: fmt.Sprintf("%s%d", c.Host, i+1)}
	if c.At > 0 {
		p.Steps = append(p.Steps, cases.Step{Verb: cases.VerbAt, Time: cases.DurationValue(c.At)})
	}
	t.procs = append(t.procs, len(t.s.Procs))
	switch {
	case c.Host == "R":
		p.Steps = append(p.Steps, t.relay(c)...)
	default:
		p.Steps = append(p.Steps, t.steps(c, len(t.s.Procs))...)
	}
	t.s.Procs = append(t.s.Procs, p)
}

// relay is what the relay does.
func (t *translator) relay(c *Call) []cases.Step {
	if c.Op == "inject" {
		return []cases.Step{t.inject(c)}
	}
	step := cases.Step{Verb: cases.VerbDown, A: cases.Ref{Name: "A"}, B: cases.Ref{Name: "B"}}
	if c.Op == "up" {
		step.Verb = cases.VerbUp
	} else {
		step.How = cases.WordValue("arrives")
	}
	if ends := c.Args[0]; len(ends) == 1 {
		step.From = cases.Ref{Name: ends}
	}
	return []cases.Step{step}
}

// name is the socket's name in the scenario; a second socket of one name has
// another there.
func (t *translator) name(c *Call, proc int) string {
	name := c.Socket
	for n := 2; t.taken[c.Host+" "+name]; n++ {
		name = fmt.Sprintf("%s_%d", c.Socket, n)
	}
	t.taken[c.Host+" "+name] = true
	t.names[c.Host+c.Socket] = name
	t.births[c.Host+c.Socket] = proc
	return name
}

// steps are those that make a call; the last gives its result.
func (t *translator) steps(c *Call, proc int) []cases.Step {
	if c.Op == "accept" {
		on := cases.Ref{Name: t.names[c.Host+c.Args[0]]}
		return []cases.Step{{Verb: cases.VerbAccept, As: cases.Ref{Name: t.name(c, proc)}, On: on}}
	}
	name, born := t.names[c.Host+c.Socket]
	if born {
		return t.use(c, cases.Ref{Name: name})
	}
	// The first call of a socket makes it.
	as := cases.Ref{Name: t.name(c, proc)}
	if c.Op == "connect" || c.Op == "listen" && len(c.Args) == 0 {
		steps := t.use(c, cases.Ref{})
		steps[0].As = as
		return steps
	}
	return append([]cases.Step{{Verb: cases.VerbSocket, As: as}}, t.use(c, as)...)
}

// port is where B listens.
const port = 80

// use is the steps of a call on a socket that is there.
func (t *translator) use(c *Call, on cases.Ref) []cases.Step {
	n, _ := c.Number(0)
	step := cases.Step{On: on}
	switch c.Op {
	case "listen":
		step.Verb, step.Port = cases.VerbListen, cases.IntValue(port)
		if len(c.Args) == 2 {
			size, _ := c.Number(1)
			return []cases.Step{set(on, cases.OptionRcvBuf, cases.SizeValue(size)), step}
		}
	case "connect":
		step.Verb, step.Peer, step.Port = cases.VerbConnect, cases.Ref{Name: peerOf(c.Host)}, cases.IntValue(port)
		if len(c.Args) == 1 {
			step.Port = cases.IntValue(n)
		}
	case "send":
		step.Verb, step.Data = cases.VerbSend, cases.TextValue(c.Args[0])
		if _, number := c.Number(0); number {
			step.Data, step.Fill = cases.SizeValue(n), cases.WordValue(fill)
		}
	case "recv", "recvnb", "recvloop", "peek":
		verbs := map[string]cases.Verb{"recv": cases.VerbRecv, "recvnb": cases.VerbRecvNB, "recvloop": cases.VerbRecvLoop, "peek": cases.VerbPeek}
		step.Verb, step.Max = verbs[c.Op], cases.SizeValue(n)
		if pause, ok := c.Number(1); ok {
			step.Every = cases.DurationValue(time.Duration(pause) * time.Millisecond)
		}
	case "close":
		step.Verb = cases.VerbClose
	case "shutwr", "shutrd", "shutrdwr":
		how := map[string]string{"shutwr": "write", "shutrd": "read", "shutrdwr": "both"}
		step.Verb, step.How = cases.VerbShutdown, cases.WordValue(how[c.Op])
	case "soerr":
		step.Verb, step.Option = cases.VerbGet, cases.Ref{Name: string(cases.OptionError)}
	case "poll":
		step.Verb = cases.VerbPoll
	case "outq":
		step.Verb = cases.VerbOutq
	case "state":
		step.Verb = cases.VerbState
	case "killproc":
		return t.kill(c)
	default:
		return options(c, on)
	}
	return []cases.Step{step}
}

// options are the steps of calls that set options.
func options(c *Call, on cases.Ref) []cases.Step {
	n, _ := c.Number(0)
	seconds := func(i int) cases.Value {
		n, _ := c.Number(i)
		return cases.DurationValue(time.Duration(n) * time.Second)
	}
	switch c.Op {
	case "linger":
		return []cases.Step{set(on, cases.OptionLinger, seconds(0))}
	case "nodelay":
		return []cases.Step{set(on, cases.OptionNoDelay, cases.WordValue("on"))}
	case "rcvbuf":
		return []cases.Step{set(on, cases.OptionRcvBuf, cases.SizeValue(n))}
	case "sndbuf":
		return []cases.Step{set(on, cases.OptionSndBuf, cases.SizeValue(n))}
	case "syncnt":
		return []cases.Step{set(on, cases.OptionSynCount, cases.IntValue(n))}
	case "utimeout":
		return []cases.Step{set(on, cases.OptionUserTimeout, cases.DurationValue(time.Duration(n)*time.Millisecond))}
	case "keepalive":
		count, _ := c.Number(2)
		return []cases.Step{
			set(on, cases.OptionKeepIdle, seconds(0)),
			set(on, cases.OptionKeepInterval, seconds(1)),
			set(on, cases.OptionKeepCount, cases.IntValue(count)),
			set(on, cases.OptionKeepAlive, cases.WordValue("on")),
		}
	}
	panic("cases/truth: unreachable: the reader refuses the call " + c.Op)
}

func set(on cases.Ref, o cases.Option, v cases.Value) cases.Step {
	return cases.Step{Verb: cases.VerbSet, Option: cases.Ref{Name: string(o)}, Value: v, On: on}
}

// kill ends the process that holds a socket: every proc that has called on the
// socket by then, and last the one that made it, which lives on until then so
// that it can be killed.
func (t *translator) kill(c *Call) []cases.Step {
	birth := t.births[c.Host+c.Socket]
	var steps []cases.Step
	for i, proc := range t.procs {
		other := &t.File.Calls[i]
		if other != c && other.Host == c.Host && other.Socket == c.Socket && other.At <= c.At && proc != birth {
			steps = append(steps, cases.Step{Verb: cases.VerbKill, Proc: cases.Ref{Name: t.s.Procs[proc].Name}})
		}
	}
	owner := &t.s.Procs[birth]
	owner.Steps = append(owner.Steps, cases.Step{
		Verb: cases.VerbAt, Time: cases.DurationValue(c.At + time.Millisecond),
		Comments: cases.Comments{Beside: "it holds the socket, and is killed before"},
	})
	return append(steps, cases.Step{Verb: cases.VerbKill, Proc: cases.Ref{Name: owner.Name}})
}

// procName is the name of the proc that makes a call.
func (t *Translation) procName(call int) string { return t.Scenario.Procs[t.procs[call]].Name }

// Text is the scenario in its text form, with its id and title.
func (t *Translation) Text() string { return strings.TrimLeft(cases.Print(t.Scenario), "\n") }

// forgedWindow is the window of the recorder's forged segments.
const forgedWindow = 1000

// inject forges a segment as the relay does.
func (t *translator) inject(c *Call) cases.Step {
	in := c.Injection()
	step := cases.Step{Verb: cases.VerbInject, Peer: cases.Ref{Name: in.Host}}
	step.Flags, step.Seq = cases.WordValue(in.Flags), in.Seq.value()
	if in.Ack.Set {
		step.Ack = in.Ack.value()
	}
	step.Window = cases.IntValue(forgedWindow)
	if in.SPort > 0 {
		step.SrcPort = cases.IntValue(in.SPort)
	}
	if in.DPort > 0 {
		step.DstPort = cases.IntValue(in.DPort)
	}
	if in.SPort > 0 || in.DPort > 0 {
		step.Src = cases.Ref{Name: peerOf(in.Host)}
	}
	return step
}

// value is the number as the step inject takes it, which uses the same words.
func (s Number) value() cases.Value {
	if s.From == "" {
		return cases.IntValue(int(s.Offset))
	}
	return cases.WordValue(s.From + strconv.FormatInt(s.Offset, 10))
}

// setMTU gives hosts and link another MTU.
func (t *Translation) setMTU(mtu int) {
	for i := range t.Scenario.Hosts {
		t.Scenario.Hosts[i].MTU = cases.IntValue(mtu)
	}
	t.Scenario.Links[0].Both.MTU = cases.IntValue(mtu)
}
