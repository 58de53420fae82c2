package bubble

import (
	"fmt"
	"path"
	"regexp"
	"runtime"
	"strings"
	"testing/synctest"
	"time"
)

// fewGoroutines is how many a process may have for them to be looked at when a
// test has ended: a sweep has one for each point that waits its turn, and a look
// at all of them after each point would take longer than the points.
const fewGoroutines = 100

// maxGoroutines is how many goroutines a process may have for their stacks to be
// looked at, which stops all of them for a moment.
const maxGoroutines = 2000

// goroutine is one of the bubble's, as far as messages name it.
type goroutine struct {
	id, state string
	at        string // "net/http.(*persistConn).readLoop (transport.go:2320)"
	by        string // what started it
	call      string // the call of this package that it is in, or ""
}

func (g *goroutine) String() string {
	s := fmt.Sprintf("goroutine %s [%s] at %s", g.id, g.state, g.at)
	if g.call != "" {
		s += ", in " + g.call
	}
	if g.by != "" {
		s += ", started by " + g.by
	}
	return s
}

var goroutineHeader = regexp.MustCompile(`^goroutine (\d+) \[([^,\]]*?)(?: \(durable\))?(?:, [^\]]*)?, synctest bubble (\d+)\]:`)

// bubbleGoroutines are the program's goroutines in this bubble, but for the
// caller. It gives none when the process has too many.
func bubbleGoroutines() []*goroutine {
	if runtime.NumGoroutine() > maxGoroutines {
		return nil
	}
	buf := make([]byte, 1<<16)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) || len(buf) >= 1<<23 {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	return parseGoroutines(string(buf))
}

// parseGoroutines reads what [runtime.Stack] writes: first the caller's, then the
// others.
func parseGoroutines(stacks string) []*goroutine {
	var found []*goroutine
	bubble := ""
	for i, text := range strings.Split(stacks, "\n\n") {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		m := goroutineHeader.FindStringSubmatch(lines[0])
		if i == 0 {
			if m == nil {
				return nil // not in a bubble
			}
			bubble = m[3]
			continue
		}
		if m == nil || m[3] != bubble || strings.HasPrefix(m[2], "coroutine") || strings.HasPrefix(m[2], "synctest.") {
			continue
		}
		g := &goroutine{id: m[1], state: m[2]}
		if g.read(lines[1:]) {
			found = append(found, g)
		}
	}
	return found
}

// read finds where the goroutine is; false when it is none of the program's.
func (g *goroutine) read(frames []string) bool {
	for i := 0; i+1 < len(frames); i += 2 {
		function, place := frames[i], strings.TrimSpace(frames[i+1])
		if by, ok := strings.CutPrefix(function, "created by "); ok {
			by, _, _ = strings.Cut(by, " in goroutine")
			g.by = by
			break
		}
		if open := strings.LastIndexByte(function, '('); open > 0 {
			function = function[:open]
		}
		switch own, ours := strings.CutPrefix(function, "rstlab/netsim/bubble."); {
		case own == "(*Network).drive":
			return false
		case ours:
			if exported(own) {
				g.call = own
			}
		case g.at == "" && !plumbing(function):
			place, _, _ = strings.Cut(place, " +0x")
			g.at = fmt.Sprintf("%s (%s)", function, path.Base(place))
		}
	}
	return g.at != ""
}

// exported reports whether the function is one that programs call: Listen or
// (*conn).Read.
func exported(function string) bool {
	name := function[strings.LastIndexByte(function, '.')+1:]
	return name != "" && name[0] >= 'A' && name[0] <= 'Z'
}

// plumbing reports whether a function says nothing about the program.
func plumbing(function string) bool {
	for _, prefix := range []string{"runtime.", "internal/", "testing.", "testing/synctest.", "sync.", "time.", "iter.", "rstlab/netsim."} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// lastMinute is the virtual time that goroutines have to end when the network
// has: net/http sleeps half a second before it closes a connection for good, and
// a bubble's time stands still once its test is over.
const lastMinute = time.Minute

// leaked names the goroutines that are still there when the network has ended: a
// bubble that ends with some is a panic of synctest, which says less.
func leaked() string {
	time.Sleep(lastMinute)
	if runtime.NumGoroutine() > fewGoroutines || !waitAlone() {
		return ""
	}
	list := bubbleGoroutines()
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("bubble: %d goroutines have not ended %v after the network, though every call on it returned net.ErrClosed. "+
		"synctest will panic (main bubble goroutine has exited but blocked goroutines remain) unless another cleanup ends them:%s\n",
		len(list), lastMinute, lines(list))
}

// waitAlone is synctest.Wait; false when somebody else is in it, such as the
// driver of another network.
func waitAlone() (ok bool) {
	defer func() { ok = recover() == nil }()
	synctest.Wait()
	return true
}
