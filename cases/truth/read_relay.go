package truth

import (
	"slices"
	"strconv"
	"strings"
)

// relay reads what the relay does: "R down AB", "R up B", "R inject A R seq=n100".
func (r *reader) relay(c Call, words []field) {
	const usage = "write TIME R down AB, TIME R up AB, or TIME R inject HOST FLAGS seq=N"
	if len(words) < 4 {
		r.wrong(words[0], usage, "%q is no step of the relay", join(words))
		return
	}
	c.Host, c.Op = "R", words[2].text
	for _, w := range words[3:] {
		c.Args = append(c.Args, w.text)
	}
	switch c.Op {
	case "down", "up":
		if ends := c.Args[0]; len(c.Args) != 1 || ends != "A" && ends != "B" && ends != "AB" && ends != "BA" {
			r.wrong(words[3], "write A, B or AB", "%q is no end of the link", strings.Join(c.Args, " "))
			return
		}
	case "inject":
		if _, ok := r.injection(words[3:]); !ok {
			return
		}
	default:
		r.wrong(words[2], usage, "the relay cannot %q", c.Op)
		return
	}
	r.file.Calls = append(r.file.Calls, c)
}

// Injection is a forged segment that arrives at a host.
type Injection struct {
	Host         string // A or B
	Flags        string // letters of SFRPA in the order of a transcript
	Seq, Ack     Number // Ack.Set is false without ack=
	SPort, DPort int    // 0: those of the host's connection
}

// Number is a sequence number of a forged segment.
type Number struct {
	Set bool
	// From is what the number counts from: "n" what the host expects next (as
	// ack what it sends next, SND.NXT), "wnd" the right edge of its window, ""
	// nothing: the number is as on the wire.
	From   string
	Offset int64
}

// injection reads "A R seq=n100 ack=n0 sport=80 dport=5555".
func (r *reader) injection(words []field) (Injection, bool) {
	in := Injection{Host: words[0].text}
	before := len(r.errs)
	if in.Host != "A" && in.Host != "B" {
		r.wrong(words[0], "write A or B", "%q is no host", in.Host)
	}
	if len(words) < 2 {
		r.wrong(words[0], "write inject HOST FLAGS seq=N", "inject without flags")
		return in, false
	}
	in.Flags = inOrder(words[1].text)
	if !slices.Contains(forgeable, in.Flags) {
		r.wrong(words[1], "write one of "+strings.Join(forgeable, ", "), "%q are no flags of a forged segment", words[1].text)
	}
	for _, w := range words[2:] {
		r.injectionOption(&in, w)
	}
	if !in.Seq.Set {
		r.wrong(words[0], "add seq=n0 for what "+in.Host+" expects next", "inject without seq=")
	}
	return in, len(r.errs) == before
}

func (r *reader) injectionOption(in *Injection, w field) {
	key, value, _ := strings.Cut(w.text, "=")
	var s *Number
	switch key {
	case "seq":
		s = &in.Seq
	case "ack":
		s = &in.Ack
	case "sport", "dport":
		port := &in.SPort
		if key == "dport" {
			port = &in.DPort
		}
		n, _ := r.number(field{value, w.line, w.col + len(key) + 1}, 1, 65535, "port")
		*port = int(n)
		return
	default:
		r.wrong(w, "the options are ack=, dport=, seq= and sport=", "inject has no option %q", w.text)
		return
	}
	s.Set = true
	for _, from := range []string{"wnd", "n"} {
		if rest, ok := strings.CutPrefix(value, from); ok {
			s.From, value = from, rest
			break
		}
	}
	n, err := strconv.ParseInt(strings.TrimPrefix(value, "+"), 10, 64)
	if err != nil || s.From == "" && n < 0 || n < -1<<31 || n >= 1<<32 {
		r.wrong(w, "write n0, n-1 or n100 for what the host expects next, wnd0 for its window's right edge, or a number", "%q is no sequence number", w.text)
	}
	s.Offset = n
}

// flagOrder is the order of the letters of flags in a transcript.
const flagOrder = "SFRPAUEW"

// forgeable are the flags that the step inject of a scenario can have.
var forgeable = []string{"R", "RA", "S", "SA", "A", "PA", "FA", "FPA", "F"}

// inOrder is flags in the order of a transcript; other letters are left out.
func inOrder(text string) string {
	var b []byte
	for i := range len(flagOrder) {
		if strings.IndexByte(text, flagOrder[i]) >= 0 {
			b = append(b, flagOrder[i])
		}
	}
	if len(b) != len(text) {
		return ""
	}
	return string(b)
}

func flagLetters(text string) bool {
	for i := range len(text) {
		if strings.IndexByte(flagOrder, text[i]) < 0 || strings.IndexByte(text[i+1:], text[i]) >= 0 {
			return false
		}
	}
	return text != ""
}

// Injection is what a step inject of a file that Read gave forges.
func (c *Call) Injection() Injection {
	var r reader
	words := make([]field, len(c.Args))
	for i, a := range c.Args {
		words[i] = field{text: a}
	}
	in, _ := r.injection(words)
	return in
}

// Number is an argument of the call that is a number; ok is false for another, and
// where there is none.
func (c *Call) Number(i int) (n int, ok bool) {
	if i >= len(c.Args) {
		return 0, false
	}
	n, err := strconv.Atoi(c.Args[i])
	return n, err == nil
}
