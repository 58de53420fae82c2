package truth

import (
	"regexp"
	"strings"
	"time"
)

// resultForm is "100 A c send 10                = 10 @100".
var resultForm = regexp.MustCompile(`^\s*(.*?)\s+= (.*) @(\d+)\s*$`)

// result reads a line of the results and gives it to its call.
func (r *reader) result(line string, words []field) {
	parts := resultForm.FindStringSubmatch(line)
	if parts == nil {
		r.wrong(words[0], "write CALL = RESULT @MS", "%q is no result", strings.TrimSpace(line))
		return
	}
	at, ok := r.span(field{parts[3], r.line, 1 + strings.LastIndex(line, "@")}, "time in ms")
	if !ok {
		return
	}
	key := strings.Join(strings.Fields(parts[1]), " ")
	if wrong := checkResult(parts[2]); wrong != "" {
		r.wrong(words[0], wrong, "%q is no result of a call", parts[2])
		return
	}
	for i := range r.file.Calls {
		c := &r.file.Calls[i]
		if c.Result == nil && c.Host != "R" && c.String() == key {
			c.Result = &Result{Text: parts[2], At: at, Pos: r.pos(words[0])}
			return
		}
	}
	r.wrong(words[0], "the script has no such call, or fewer of them", "a result without its call: %q", key)
}

// event is a call that the transcript shows.
type event struct {
	key    string // "A c send(10)"
	result string
	at     time.Duration
	field  field
}

// fromTranscript gives calls without a result those of the transcript: a
// scenario with kernonly has no others.
func (r *reader) fromTranscript() {
	used := map[*event]bool{}
	for i := range r.file.Calls {
		c := &r.file.Calls[i]
		if c.Host == "R" {
			continue
		}
		key := c.Host + " " + c.Socket + "." + c.Op + "(" + strings.Join(c.Args, ",") + ")"
		for _, e := range r.pending {
			if e.key != key || used[e] {
				continue
			}
			used[e] = true
			if c.Result == nil {
				c.Result = &Result{Text: e.result, At: e.at, Pos: r.pos(e.field)}
			}
			break
		}
	}
}
