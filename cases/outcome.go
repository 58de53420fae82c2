package cases

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Outcome is what each program of a run saw, in short. It is what sweeps colour
// and what examples expect:
//
//	client: recv="503 busy" recv=ECONNRESET | server: ok
//
// Procs stand in the order of the scenario, what one saw in the order in which
// it was called, as OP=RESULT. What succeeds without news is left out: listen,
// accept, connect, send of everything, shutdown, close, set, sleep. A proc that
// saw nothing else is "ok". Results are
//
//	"503 busy"   data that was read, up to 32 bytes
//	1448B        more data than that; of a send, how much of it was taken
//	EOF          the end of the stream
//	ECONNRESET   an error, by its POSIX name
//	blocked      the call had not returned when the run ended
//	killed       the proc was killed, or its host switched off, during the call
//	CLOSE-WAIT   what a state or get asked for
//
// and a recvloop has two: what it read in all, if anything, and how it ended:
// recvloop="ERROR",ECONNRESET.
type Outcome struct{ Procs []ProcOutcome }

// ProcOutcome is what one proc saw.
type ProcOutcome struct {
	Proc string
	Seen []Seen
	Pos  Pos
}

// Seen is one call and what came of it.
type Seen struct {
	Op     string // the verb, or for get the option
	Result string // in the notation above; "ok" for a success without news
	// At is when the call returned, since the run began. Timed makes String
	// show it; in an expectation it means that the time must be this.
	At    time.Duration
	Timed bool
	Pos   Pos
}

// The results that are words.
const (
	resultOK      = "ok"
	resultEOF     = "EOF"
	resultBlocked = "blocked"
	resultKilled  = "killed"
)

// Quiet reports whether the call succeeded without news.
func (s Seen) Quiet() bool { return s.Result == resultOK }

// String is "recv=EOF", or with Timed "recv=EOF@127s".
func (s Seen) String() string {
	text := s.Op + "=" + s.Result
	if s.Timed {
		text += "@" + DurationValue(s.At).String()
	}
	return text
}

// String is the canonical form: equal outcomes print alike. A quiet call is
// shown only with Timed.
func (o Outcome) String() string {
	procs := make([]string, len(o.Procs))
	for i, p := range o.Procs {
		procs[i] = p.String()
	}
	return strings.Join(procs, " | ")
}

// String is the outcome of one proc: "client: recv=EOF".
func (p ProcOutcome) String() string { return p.Proc + ": " + seenText(p.Seen) }

func seenText(seen []Seen) string {
	var words []string
	for _, s := range seen {
		if !s.Quiet() || s.Timed {
			words = append(words, s.String())
		}
	}
	if len(words) == 0 {
		return resultOK
	}
	return strings.Join(words, " ")
}

// Matches reports whether the outcome is what was expected. An expectation
// may leave procs out; those that it names are compared in full. It may name
// calls that succeed without news, as connect=ok@15s, and times.
func (o Outcome) Matches(want Outcome) bool { return o.Diff(want) == "" }

// Diff shows what was expected and what came instead, proc by proc:
//
//	client: want recv="503 busy" recv=EOF
//	        got  recv="503 busy" recv=ECONNRESET
//
// It is empty when o matches want.
func (o Outcome) Diff(want Outcome) string {
	var lines []string
	for _, w := range want.Procs {
		i := slices.IndexFunc(o.Procs, func(p ProcOutcome) bool { return p.Proc == w.Proc })
		got := "nothing: there is no such proc"
		if i >= 0 {
			if matchSeen(o.Procs[i].Seen, w.Seen) {
				continue
			}
			got = seenText(like(o.Procs[i].Seen, w.Seen))
		}
		lines = append(lines,
			w.Proc+": want "+seenText(w.Seen),
			strings.Repeat(" ", len(w.Proc)+2)+"got  "+got)
	}
	return strings.Join(lines, "\n")
}

// matchSeen takes what was seen one by one: each is the next that is wanted,
// or a quiet one that nobody asked for.
func matchSeen(got, want []Seen) bool {
	for _, g := range got {
		switch {
		case len(want) > 0 && g.matches(want[0]):
			want = want[1:]
		case !g.Quiet():
			return false
		}
	}
	return len(want) == 0
}

func (s Seen) matches(want Seen) bool {
	return s.Op == want.Op && s.Result == want.Result && (!want.Timed || s.At == want.At)
}

// like shows of what was seen as much as the expectation does: times where it
// pins a time of the operation, quiet ones where it names them.
func like(got, want []Seen) []Seen {
	shown := make([]Seen, len(got))
	for i, g := range got {
		g.Timed = slices.ContainsFunc(want, func(w Seen) bool {
			return w.Op == g.Op && w.Timed && (!g.Quiet() || w.Quiet())
		})
		shown[i] = g
	}
	return shown
}

// maxShown is how much data an outcome shows; of more it gives the length.
const maxShown = 32

// dataText shows data of which n bytes were read; data may hold less of it.
func dataText(data []byte, n int) string {
	if n > maxShown || len(data) != n {
		return strconv.Itoa(n) + "B"
	}
	return quote(string(data))
}
