package trace

import (
	"strconv"
	"strings"
)

// callNotes turns calls and results into notes, a call that returns at the
// instant at which it was made into one.
type callNotes struct {
	returnOf map[int]int     // index of a Call to that of its Return
	callOf   map[int]int     // and back
	procs    map[string]bool // hosts on which more than one proc calls
	sockets  map[string]bool // hosts with more than one connected socket
	events   []Event
}

func newCallNotes(t *Trace) *callNotes {
	c := &callNotes{
		returnOf: make(map[int]int), callOf: make(map[int]int),
		procs: make(map[string]bool), sockets: make(map[string]bool), events: t.Events,
	}
	type call struct {
		host, proc, op string
		fd             int
	}
	listens := listeners(t)
	open := make(map[call]int)
	proc, socket := make(map[string]string), make(map[string]int)
	for i := range t.Events {
		e := &t.Events[i]
		key := call{e.Host, e.Proc, e.Op, e.FD}
		switch e.Kind {
		case Call:
			open[key] = i
			if was, ok := proc[e.Host]; ok && was != e.Proc {
				c.procs[e.Host] = true
			}
			proc[e.Host] = e.Proc
			if listens[descriptor{e.Host, e.FD}] || e.FD == 0 {
				continue
			}
			if was, ok := socket[e.Host]; ok && was != e.FD {
				c.sockets[e.Host] = true
			}
			socket[e.Host] = e.FD
		case Return:
			if at, ok := open[key]; ok {
				c.returnOf[at], c.callOf[i] = i, at
				delete(open, key)
			}
		}
	}
	return c
}

// descriptor is a socket of a host.
type descriptor struct {
	host string
	fd   int
}

// listeners are the sockets that listen; they are not told apart from others by
// number, for only accept and the like concern them.
func listeners(t *Trace) map[descriptor]bool {
	found := make(map[descriptor]bool)
	for i := range t.Events {
		if e := &t.Events[i]; e.Op == "listen" || e.Op == "accept" {
			found[descriptor{e.Host, e.FD}] = true
		}
	}
	return found
}

// note is the note for event i; ok is false for a result that the note of its
// call has told.
func (c *callNotes) note(i int, e *Event) (l label, ok bool) {
	switch e.Kind {
	case Call:
		l = c.call(e)
		if c.blocks(i) {
			l.after += " … blocks"
			return l, true
		}
		return l.result(&c.events[c.returnOf[i]]), true
	case Return:
		begun := e
		if at, ok := c.callOf[i]; ok {
			begun = &c.events[at]
			if begun.At == e.At {
				return label{}, false
			}
		}
		return c.call(begun).result(e), true
	case StateChange:
		text := "[" + e.To.String() + "]"
		if c.sockets[e.Host] && e.FD != 0 {
			text = strconv.Itoa(e.FD) + text
		}
		return label{before: text}, true
	default:
		return label{}, false
	}
}

// blocks reports whether the Call of index i returns later than at once, or never.
func (c *callNotes) blocks(i int) bool {
	at, ok := c.returnOf[i]
	return !ok || c.events[at].At != c.events[i].At
}

// call is `recv(4096)`, with the proc and the descriptor where the host has
// several. Quoted data among the arguments may be shortened.
func (c *callNotes) call(e *Event) label {
	var l label
	if c.procs[e.Host] {
		l.before = printable(e.Proc) + ": "
	}
	l.before += printable(e.Op) + "("
	if c.sockets[e.Host] && e.FD != 0 {
		l.before += strconv.Itoa(e.FD)
		if e.Args != "" {
			l.before += ", "
		}
	}
	args := printable(e.Args)
	if q, err := strconv.QuotedPrefix(e.Args); err == nil && q[0] == '"' {
		l.data, _ = strconv.Unquote(q)
		args = printable(strings.TrimPrefix(e.Args, q))
	}
	l.after = args + ")"
	return l
}

// result is the label of a call with its result behind it.
func (l label) result(e *Event) label {
	text := l.after + " = "
	if e.Errno != "" && e.N <= 0 {
		text += printable(e.Errno)
	} else {
		text += strconv.Itoa(e.N)
		if e.Errno != "" {
			text += " " + printable(e.Errno)
		}
	}
	if e.endOfStream() {
		text += eofMark
	}
	note := ""
	if e.Note != "" && e.Op != "accept" { // whom it accepts is seen from the arrows
		note = " -- " + printable(e.Note)
	}
	if len(e.Data) == 0 || l.data != "" {
		return label{before: l.before, data: l.data, after: text + note}
	}
	return label{before: l.before + text + " ", data: string(e.Data), after: note}
}
