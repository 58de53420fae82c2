package bubble

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rstlab/netsim/trace"
)

// ladderLines is how many lines of a ladder the log of a failed test shows.
const ladderLines = 120

// report logs what a failed test's reader needs, when the network has ended: how
// to run it again, what happened on the connections that matter, and with the
// flag -artifacts where the whole trace is.
func (n *Network) report() {
	n.t.Helper()
	mode := os.Getenv(LadderVariable)
	failed := n.t.Failed()
	var b strings.Builder
	b.WriteString(leaked())
	if failed {
		fmt.Fprintf(&b, "bubble: seed %d; to run this again:\n\t%s\n", n.cfg.Seed, replayCommand(n.t, n.cfg, ""))
	}
	t := n.sim.Trace()
	switch {
	case t == nil:
		if failed {
			b.WriteString("There is no trace to show: Config.HashOnly is set.\n")
		}
	case mode == "all":
		writeLadder(&b, t, 0)
	case failed && n.cfg.sweep != nil && !n.cfg.sweep.mayShow():
		fmt.Fprintf(&b, "The ladder is not shown: %d other points have shown theirs.\n", sweepLadders)
	case failed && mode != "off":
		n.reportMattering(&b, t)
	}
	if failed {
		b.WriteString(n.unusedRules())
	}
	if t != nil && artifactsKept() {
		b.WriteString(n.writeArtifacts(t))
	} else if t != nil && failed {
		fmt.Fprintf(&b, "To keep the whole trace, also as NDJSON and for Wireshark:\n\t%s\n",
			replayCommand(n.t, n.cfg, " -artifacts -outputdir /tmp"))
	}
	if b.Len() > 0 {
		n.t.Log(strings.TrimRight(b.String(), "\n"))
	}
}

// reportMattering shows the connections that matter.
func (n *Network) reportMattering(b *strings.Builder, t *trace.Trace) {
	view := selectConns(t)
	if len(view.shown) > 0 {
		b.WriteString(view.summary() + "\n")
	}
	cut := writeLadder(b, view.trace, ladderLines)
	if cut || view.left > 0 {
		fmt.Fprintf(b, "\nEverything: set %s=all.\n", LadderVariable)
	}
	b.WriteByte('\n')
}

// writeLadder draws a ladder of at most limit lines, 0 for any number: the first
// third, and of the rest the end. It reports whether lines were left out.
func writeLadder(b *strings.Builder, t *trace.Trace, limit int) (cut bool) {
	if len(t.Events) == 0 {
		b.WriteString("Nothing has happened on the network.\n")
		return false
	}
	var drawn bytes.Buffer
	if err := trace.Ladder(&drawn, t, trace.LadderOptions{}); err != nil {
		fmt.Fprintf(b, "bubble: %v\n", err)
		return false
	}
	lines := strings.SplitAfter(drawn.String(), "\n")
	if limit == 0 || len(lines) <= limit {
		b.WriteString(drawn.String())
		return false
	}
	head, tail := limit/3, limit-limit/3
	b.WriteString(strings.Join(lines[:head], ""))
	fmt.Fprintf(b, "\n          ┄┄┄ %d lines left out ┄┄┄\n\n", len(lines)-head-tail)
	b.WriteString(strings.Join(lines[len(lines)-tail:], ""))
	return true
}

// unusedRules names the rules that no packet came under: a fault that did not
// happen is often why a test fails.
func (n *Network) unusedRules() string {
	var b strings.Builder
	for _, r := range n.test.rules {
		if r.hits == 0 {
			fmt.Fprintf(&b, "No packet came under the rule %q.\n", r)
		}
	}
	return b.String()
}

// artifactsKept reports whether go test was called with -artifacts. Without it
// testing.TB.ArtifactDir is a directory that is removed after the test: nothing
// to point a reader to.
func artifactsKept() bool {
	f := flag.Lookup("test.artifacts")
	return f != nil && f.Value.String() == "true"
}

// writeArtifacts writes the trace in all its forms and says where to.
func (n *Network) writeArtifacts(t *trace.Trace) string {
	dir := n.t.ArtifactDir()
	base := "trace"
	for i := 2; ; i++ { // several networks in one test
		if _, err := os.Stat(filepath.Join(dir, base+".ndjson")); errors.Is(err, os.ErrNotExist) {
			break
		}
		base = fmt.Sprintf("trace-%d", i)
	}
	var b strings.Builder
	for _, f := range []struct {
		ext   string
		write func(io.Writer) error
	}{
		{".ndjson", func(w io.Writer) error { return trace.WriteNDJSON(w, t) }},
		{".pcapng", func(w io.Writer) error { return trace.WritePCAPNG(w, t, trace.PCAPNGOptions{}) }},
		{".ladder.txt", func(w io.Writer) error { return trace.Ladder(w, t, trace.LadderOptions{}) }},
	} {
		path := filepath.Join(dir, base+f.ext)
		if err := writeFile(path, f.write); err != nil {
			fmt.Fprintf(&b, "bubble: %v\n", err)
			continue
		}
		fmt.Fprintf(&b, "artifact %s\n", path)
	}
	return b.String()
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
