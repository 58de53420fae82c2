package record

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// states are those of the kernel's table of sockets and of TCP_INFO, by number
// (include/net/tcp_states.h).
var states = []string{
	"", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
	"CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV", "BOUND_INACTIVE",
}

func stateText(n int) string {
	if n <= 0 || n >= len(states) {
		return strconv.Itoa(n)
	}
	return states[n]
}

// socketEntry is a socket of the table.
type socketEntry struct {
	local, remote int // ports
	state         string
}

// readTable reads /proc/net/tcp: the connections, sorted by ports.
func readTable(f *os.File) ([]socketEntry, error) {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<20))
	if err != nil {
		return nil, err
	}
	var all []socketEntry
	for _, l := range strings.Split(string(text), "\n")[1:] {
		words := strings.Fields(l)
		if len(words) < 10 {
			continue
		}
		state, _ := strconv.ParseInt(words[3], 16, 32)
		e := socketEntry{portOf(words[1]), portOf(words[2]), stateText(int(state))}
		if e.state == "LISTEN" {
			continue
		}
		if words[9] == "0" {
			e.state += " (no fd)"
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b socketEntry) int {
		return (a.local-b.local)<<16 + a.remote - b.remote
	})
	return all, nil
}

// portOf is the port of "0100090A:0050".
func portOf(text string) int {
	_, port, _ := strings.Cut(text, ":")
	n, _ := strconv.ParseInt(port, 16, 32)
	return int(n)
}

// changes are the lines for what is other in a table: "conn: - -> SYN_SENT". A
// connection after the first has its ports besides.
func changes(before, after []socketEntry, first socketEntry) []string {
	find := func(in []socketEntry, e socketEntry) string {
		for _, o := range in {
			if o.local == e.local && o.remote == e.remote {
				return o.state
			}
		}
		return ""
	}
	var lines []string
	change := func(e socketEntry, from, to string) {
		name := "conn"
		if e.local != first.local || e.remote != first.remote {
			name = fmt.Sprintf("conn %d-%d", e.local, e.remote)
		}
		lines = append(lines, name+": "+from+" -> "+to)
	}
	for _, e := range before {
		if find(after, e) == "" {
			change(e, e.state, "gone")
		}
	}
	for _, e := range after {
		switch was := find(before, e); was {
		case e.state:
		case "":
			change(e, "-", e.state)
		default:
			change(e, was, e.state)
		}
	}
	return lines
}
