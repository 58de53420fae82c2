package truth

import (
	"slices"
	"strings"
	"time"

	"rstlab/netsim/link"
)

// script reads a line of the scenario itself.
func (r *reader) script(words []field) {
	first := words[0]
	if c := first.text[0]; c >= '0' && c <= '9' {
		r.call(words)
		return
	}
	once := func(args int, usage string) bool {
		if len(words) != args+1 {
			r.wrong(first, "write "+usage, "%s with %d arguments", first.text, len(words)-1)
			return false
		}
		if r.seen[first.text] {
			r.wrong(first, "leave one out", "%s is given twice", first.text)
		}
		r.seen[first.text] = true
		return true
	}
	switch first.text {
	case "delay":
		if once(1, "delay MS") {
			r.file.Delay, _ = r.span(words[1], "delay in ms")
		}
	case "dur":
		if once(1, "dur MS") {
			r.file.Duration, _ = r.span(words[1], "duration in ms")
		}
	case "nots":
		if once(0, "nots") {
			r.file.NoTimestamps = true
		}
	case "kernonly":
		if once(0, "kernonly") {
			r.file.KernelOnly = true
		}
	case "est":
		if once(0, "est") {
			r.established(first)
		}
	case "sysctl":
		r.sysctl(words)
	case "rule":
		r.rule(words)
	default:
		r.wrong(first, "the directives are delay, dur, est, kernonly, nots, rule and sysctl; a step begins with its time in ms", "unknown directive %q", first.text)
	}
}

// established is est: "B listens at 0, A connects at 10, B accepts at 15".
func (r *reader) established(at field) {
	for _, c := range []Call{
		{Host: "B", Socket: "l", Op: "listen"},
		{At: 10 * time.Millisecond, Host: "A", Socket: "c", Op: "connect"},
		{At: 15 * time.Millisecond, Host: "B", Socket: "s", Op: "accept", Args: []string{"l"}},
	} {
		c.Pos = r.pos(at)
		r.file.Calls = append(r.file.Calls, c)
	}
}

// sysctl reads "sysctl NAME V", where V may be several words, as of tcp_rmem.
func (r *reader) sysctl(words []field) {
	if len(words) < 3 {
		r.wrong(words[0], "write sysctl NAME VALUE", "sysctl with %d arguments", len(words)-1)
		return
	}
	var values []string
	for _, w := range words[2:] {
		values = append(values, w.text)
	}
	r.file.Sysctls = append(r.file.Sysctls, Sysctl{Name: words[1].text, Value: strings.Join(values, " "), Pos: r.pos(words[1])})
}

// matches are the words for packets that the notation has; link.ParseMatch
// gives them the same meaning.
var matches = []string{"any", "data", "ack", "R", "notR", "dataF", "F", "S", "SA"}

// rule reads "rule drop A ack 1" and "rule delay B dataF 0 30".
func (r *reader) rule(words []field) {
	const usage = "write rule drop HOST MATCH N, or rule delay HOST MATCH N MS"
	want := map[string]int{"drop": 5, "delay": 6}
	if len(words) < 2 || want[words[1].text] != len(words) {
		r.wrong(words[0], usage, "%q is no rule", join(words))
		return
	}
	rule := Rule{From: words[2].text, Match: words[3].text, Pos: r.pos(words[0])}
	if rule.From != "A" && rule.From != "B" {
		r.wrong(words[2], "write A or B", "%q is no host", rule.From)
	}
	if _, err := link.ParseMatch(rule.Match); err != nil || !slices.Contains(matches, rule.Match) {
		r.wrong(words[3], "write one of "+strings.Join(matches, ", "), "unknown match %q", rule.Match)
	}
	nth, _ := r.number(words[4], 0, 1<<30, "number of a packet (0 is every one)")
	rule.Nth = int(nth)
	if words[1].text == "delay" {
		var ok bool
		if rule.Delay, ok = r.span(words[5], "delay in ms"); ok && rule.Delay == 0 {
			r.wrong(words[5], "leave the rule out", "a delay of 0 ms")
		}
	}
	r.file.Rules = append(r.file.Rules, rule)
}

// callForm is a call of the notation: which arguments it takes.
type callForm struct {
	usage       string
	least, most int  // arguments
	numbers     bool // they are numbers
}

// callForms are the calls, by name.
var callForms = map[string]callForm{
	"listen":    {"listen [rcvbuf N]", 0, 2, false},
	"connect":   {"connect [PORT]", 0, 1, true},
	"accept":    {"accept LISTENER", 1, 1, false},
	"send":      {"send N|TEXT", 1, 1, false},
	"recv":      {"recv N", 1, 1, true},
	"recvnb":    {"recvnb N", 1, 1, true},
	"recvloop":  {"recvloop N [MS]", 1, 2, true},
	"peek":      {"peek N", 1, 1, true},
	"close":     {"close", 0, 0, false},
	"shutwr":    {"shutwr", 0, 0, false},
	"shutrd":    {"shutrd", 0, 0, false},
	"shutrdwr":  {"shutrdwr", 0, 0, false},
	"linger":    {"linger S", 1, 1, true},
	"nodelay":   {"nodelay", 0, 0, false},
	"rcvbuf":    {"rcvbuf N", 1, 1, true},
	"sndbuf":    {"sndbuf N", 1, 1, true},
	"syncnt":    {"syncnt N", 1, 1, true},
	"utimeout":  {"utimeout MS", 1, 1, true},
	"keepalive": {"keepalive IDLE INTVL CNT", 3, 3, true},
	"soerr":     {"soerr", 0, 0, false},
	"poll":      {"poll", 0, 0, false},
	"outq":      {"outq", 0, 0, false},
	"state":     {"state", 0, 0, false},
	"killproc":  {"killproc", 0, 0, false},
}

// maxArgument bounds numbers in calls: sizes, seconds, milliseconds.
const maxArgument = 1 << 30

// call reads "TIME HOST SOCKET CALL ARGS" and "TIME R …".
func (r *reader) call(words []field) {
	c := Call{Pos: r.pos(words[0])}
	var ok bool
	if c.At, ok = r.span(words[0], "time in ms"); !ok {
		return
	}
	if len(words) > 1 && words[1].text == "R" {
		r.relay(c, words)
		return
	}
	if len(words) < 4 {
		r.wrong(words[0], "write TIME HOST SOCKET CALL ARGS, such as: 100 A c send 10", "%q is no step", join(words))
		return
	}
	c.Host, c.Socket, c.Op = words[1].text, words[2].text, words[3].text
	if c.Host != "A" && c.Host != "B" {
		r.wrong(words[1], "write A, B or R", "%q is no host", c.Host)
		return
	}
	if !socketName(c.Socket) {
		r.wrong(words[2], "use letters and digits, beginning with a letter", "%q is no name of a socket", c.Socket)
		return
	}
	form, ok := callForms[c.Op]
	if !ok {
		r.wrong(words[3], "the calls are "+strings.Join(sortedKeys(callForms), ", "), "unknown call %q", c.Op)
		return
	}
	args := words[4:]
	if len(args) < form.least || len(args) > form.most || c.Op == "listen" && len(args) == 1 {
		r.wrong(words[3], "write "+form.usage, "%s with %d arguments", c.Op, len(args))
		return
	}
	if c.Op == "listen" && len(args) == 2 {
		if args[0].text != "rcvbuf" {
			r.wrong(args[0], "write "+form.usage, "listen has no option %q", args[0].text)
		}
		r.number(args[1], 1, maxArgument, "buffer size")
	}
	for _, a := range args {
		c.Args = append(c.Args, a.text)
		if form.numbers {
			r.argument(c.Op, a)
		}
	}
	if c.Op == "send" {
		if _, isNumber := c.Number(0); isNumber {
			r.number(args[0], 1, maxArgument, "number of bytes")
		}
	}
	r.file.Calls = append(r.file.Calls, c)
}

// argument checks a number in a call.
func (r *reader) argument(op string, f field) {
	switch op {
	case "linger", "utimeout":
		r.number(f, 0, maxArgument, "time")
	case "connect":
		r.number(f, 1, 65535, "port")
	case "syncnt":
		r.number(f, 1, 127, "TCP_SYNCNT")
	case "keepalive":
		r.number(f, 1, 32767, "keepalive setting")
	default:
		r.number(f, 1, maxArgument, "number")
	}
}

// sockets checks that accept names a socket that listens.
func (r *reader) sockets() {
	listens := map[string]bool{}
	for i := range r.file.Calls {
		if c := &r.file.Calls[i]; c.Op == "listen" {
			listens[c.Host+c.Socket] = true
		}
	}
	for i := range r.file.Calls {
		c := &r.file.Calls[i]
		if c.Op == "accept" && !listens[c.Host+c.Args[0]] {
			r.fail(c.Pos.Line, c.Pos.Col, "add a step such as: 0 "+c.Host+" "+c.Args[0]+" listen", "%s has no listener %q", c.Host, c.Args[0])
		}
	}
}

func socketName(name string) bool {
	for i, c := range name {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '_') {
			return false
		}
	}
	return name != "" && len(name) <= 32
}

func join(words []field) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
