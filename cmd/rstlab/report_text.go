package main

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// maxLadder is how many events the ladder of a report shows. What matters is at
// the end, where connections are closed, so it is large.
const maxLadder = 20_000

// text writes the report for people.
func (r *report) text(w io.Writer, on screen) error {
	out := &section{on: on}
	out.add(on.paint(bold, r.scenario.Name))
	r.claim(out)
	r.params(out)
	if err := r.ladder(out); err != nil {
		return err
	}
	r.calls(out)
	r.end(out)
	if !r.replayed {
		r.next(out)
	}
	_, err := io.WriteString(w, out.b.String())
	return err
}

// section is a text in sections with a blank line between.
type section struct {
	on screen
	b  strings.Builder
}

func (s *section) begin(title string) {
	s.b.WriteString("\n")
	if title != "" {
		s.add(s.on.paint(bold, title))
	}
}

func (s *section) add(lines ...string) {
	for _, line := range lines {
		s.b.WriteString(line + "\n")
	}
}

// claim is the text of the claim, of which the first paragraph is the claim
// itself.
func (r *report) claim(out *section) {
	first, rest, more := strings.Cut(r.scenario.Claim, "\n\n")
	if first == "" {
		return
	}
	out.begin("")
	for line := range strings.SplitSeq(first, "\n") {
		out.add(out.on.paint(bold, line))
	}
	if more {
		out.begin("")
		out.add(rest)
	}
}

// params are the parameters with what they may be.
func (r *report) params(out *section) {
	out.begin("parameters")
	var rows columns
	for i, set := range r.bound.Params {
		p := &r.scenario.Params[i]
		rows = append(rows, []string{set.Name, set.Value.String(), p.Range(), p.Doc()})
	}
	rows = append(rows, []string{"seed", fmt.Sprint(r.result.Seed)})
	out.add(rows.lines("  ")...)
}

// ladder shows the packets. Of a long run it shows the beginning.
func (r *report) ladder(out *section) error {
	out.begin("packets")
	t := *r.result.Trace
	t.Header.Scenario = "" // no heading: name and seed stand above
	left := len(t.Events) - maxLadder
	if left > 0 {
		t.Events = t.Events[:maxLadder]
	}
	if err := trace.Ladder(&out.b, &t, trace.LadderOptions{Width: out.on.width, Color: out.on.color}); err != nil {
		return err
	}
	if left > 0 {
		out.add(fmt.Sprintf("  … and %d more events: --trace FILE.ndjson and --pcap FILE have them all", left))
	}
	return nil
}

// calls are what each program saw, program by program.
func (r *report) calls(out *section) {
	out.begin("what each program saw")
	rows := columns{{"program", "called", "returned", "call", "result"}}
	for i := range r.scenario.Procs {
		for j := range r.result.Observations {
			o := &r.result.Observations[j]
			if o.Proc != r.scenario.Procs[i].Name {
				continue
			}
			returned := "never"
			if o.Done {
				returned = timeText(o.At)
			}
			rows = append(rows, []string{o.Proc, timeText(o.Begin), returned, r.call(o), o.Seen().Result})
		}
	}
	lines := rows.lines("  ")
	out.add(out.on.paint(dim, lines[0]))
	out.add(lines[1:]...)
	for _, u := range r.result.Unread {
		out.add(fmt.Sprintf("  %s ended with %d bytes in its receive queue: they had arrived, and it never read them.", u.Proc, u.Bytes))
	}
}

// timeText is a span as outcomes have it.
func timeText(d time.Duration) string { return cases.DurationValue(d).String() }

// end is the outcome and whether it is the expected one.
func (r *report) end(out *section) {
	out.begin("")
	stats := r.result.Stats
	rows := columns{
		{"outcome", r.result.Outcome.String()},
		{"hash", r.result.Hash.Short()},
		{"run", fmt.Sprintf("%d events, %d packets, %s of virtual time", stats.Events, stats.Packets,
			timeText(time.Duration(stats.Time)))},
	}
	lines := rows.lines("")
	out.add(lines[0])
	out.add(r.verdict(out.on)...)
	out.add(r.checks(out.on)...)
	out.add(lines[1:]...)
}

// verdict says whether the outcome is the expected one.
func (r *report) verdict(on screen) []string {
	const title, indent = "expected ", "         "
	switch {
	case r.replayed:
		return []string{title + "yes: it is the run that was recorded"}
	case r.expected == nil:
		return []string{title + "nothing: no example has these parameters"}
	case r.diff == "":
		return []string{title + on.paint(green, "yes") + ", by the example at " + r.expected.Pos.String()}
	}
	lines := []string{title + on.paint(red, "NO") + ", the example at " + r.expected.Pos.String() + " expects another outcome:"}
	for line := range strings.SplitSeq(r.diff, "\n") {
		lines = append(lines, indent+line)
	}
	return lines
}

// maxNext is how many other runs a report proposes.
const maxNext = 3

// next proposes what to run next: other examples, and files to look into.
func (r *report) next(out *section) {
	out.begin("next")
	command := "rstlab run " + shellQuote(r.arg)
	var rows columns
	for i := range r.scenario.Examples {
		e := &r.scenario.Examples[i]
		if e == r.expected || e.Stack.Name != cmp.Or(r.stack, cases.DefaultStack) || len(rows) == maxNext {
			continue
		}
		line := command
		for _, set := range changed(r.scenario, e) {
			line += " --set " + shellQuote(set.String())
		}
		rows = append(rows, []string{line, "# " + e.Want.String()})
	}
	if len(rows) == 0 && len(r.bound.Params) > 0 {
		p := r.bound.Params[0]
		rows = append(rows, []string{command + " --set " + shellQuote(p.String()), "# or another " + p.Name})
	}
	base := strings.TrimSuffix(path.Base(r.scenario.Name), ".txt")
	rows = append(rows, []string{command + " --pcap " + shellQuote(base+".pcapng"), "# the packets, for Wireshark"})
	out.add(rows.lines("  ")...)
}

// shellQuote writes a word so that a POSIX shell reads it back.
func shellQuote(word string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./=%:,+@", c)
	}
	if word != "" && !strings.ContainsFunc(word, func(c rune) bool { return !plain(c) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
