package netsim

import (
	"fmt"
	"strings"

	"rstlab/netsim/vtime"
)

// Wait is a proc that waits: for what, and since when.
type Wait struct {
	Host, Proc string // Host is "" for a proc that runs on none
	For        string // "recv(3, 100)", "sleep"
	Socket     string // "10.0.0.1:49152 > 10.0.0.2:80 ESTABLISHED"; "" when it does not wait on a socket
	Since      vtime.Time
}

// String is one line: who waits, for what, since when.
func (w Wait) String() string {
	who := w.Proc
	if w.Host != "" {
		who = w.Host + "/" + w.Proc
	}
	s := fmt.Sprintf("%s waits in %s since %v", who, w.For, w.Since)
	if w.Socket != "" {
		s += " on " + w.Socket
	}
	return s
}

// DeadlockError says that nothing is left to happen and procs still wait.
type DeadlockError struct {
	At    vtime.Time
	Waits []Wait // in order of the procs' creation
}

func (e *DeadlockError) Error() string {
	return fmt.Sprintf("netsim: dead-lock at %v of virtual time: nothing is left to happen and %d procs wait%s",
		e.At, len(e.Waits), listWaits(e.Waits))
}

func listWaits(waits []Wait) string {
	var b strings.Builder
	for i, w := range waits {
		if i == 20 {
			fmt.Fprintf(&b, "\n\t… and %d more", len(waits)-i)
			break
		}
		b.WriteString("\n\t" + w.String())
	}
	return b.String()
}

// waits lists the procs that wait and are not daemons.
func (n *Network) waits() []Wait {
	var waits []Wait
	for _, p := range n.procs.all() {
		if !p.daemon && p.waiting != "" {
			waits = append(waits, p.wait())
		}
	}
	return waits
}

func (p *Proc) wait() Wait {
	w := Wait{Proc: p.name, For: p.waiting, Since: p.since}
	if p.host != nil {
		w.Host = p.host.name
	}
	if s := p.socket; s != nil {
		w.Socket = s.describe()
	}
	return w
}
