package cases

import (
	"fmt"
	"strings"
)

// text is the scenario of a state, in canonical form.
func (s *rstState) text() []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	paragraph := func(text string) {
		for _, l := range fold(text, claimWidth) {
			line("%s", strings.TrimRight("# "+l, " "))
		}
	}
	paragraph(s.headline())
	paragraph("")
	paragraph(s.reach)
	for _, why := range s.deviations() {
		paragraph("")
		paragraph(why)
	}
	paragraph("")
	paragraph("Derived from " + s.derived + " One of the scenarios that are made from the table of states, events and positions; rstlab list --matrix prints it.")
	_, clause := rfcReaction(s.state, rstEvents[0], positions[0])
	line("source 002_c2891dac56e6b646.txt")
	line("rfc %s %s", clause, s.rfc)
	seqs, flags := make([]string, len(positions)), make([]string, len(rstEvents))
	var meanings []string
	for i, p := range positions {
		seqs[i] = p.Seq
		meanings = append(meanings, p.Seq+" "+p.Name)
	}
	for i, e := range rstEvents {
		flags[i] = e.flags
	}
	line("param seq n0 {%s} # where the RST lies: %s", strings.Join(seqs, ","), strings.Join(meanings, ", "))
	line("param flags R {%s} # RST alone, or with an ACK of all that was sent", strings.Join(flags, ","))
	line("host client\nhost server\nlink client server rtt=100ms\nlimit 120s\n")
	line("%s", s.procs)
	line("proc client forger\n  at %s\n  inject %s $flags seq=$seq\n", s.at, s.victim)
	line("proc %s look\n  at %s\n  sleep 1ms\n  state on=x\n", s.victim, s.at)
	for _, e := range rstEvents {
		for _, p := range positions {
			c := s.cell(DefaultStack, e, p)
			line("# %s, %s: %s.", c.Event, c.Position, c.Reaction)
			s.example(line, &c)
		}
	}
	for _, c := range s.unlikeNetstack() {
		line("# %s, %s: %s.", c.Event, c.Position, s.because(&c))
		s.example(line, &c)
	}
	parsed, err := Parse(s.scenario(), []byte(b.String()))
	if err != nil {
		panic("cases: unreachable: tests parse the scenarios of the matrix: " + err.Error())
	}
	return []byte(Print(parsed))
}

// headline is the claim in a sentence.
func (s *rstState) headline() string {
	if s.ends == "" {
		return "A RST that reaches a connection in " + s.state.String() + " is ignored, whatever its sequence number."
	}
	var ends []string
	for _, e := range rstEvents {
		for _, p := range positions {
			if c := s.cell(DefaultStack, e, p); c.Reaction == Reset {
				ends = append(ends, c.Event+" "+c.Position)
			}
		}
	}
	if len(ends) == 0 {
		return "No RST ends a connection in " + s.state.String() + " on netstack; RFC 9293 has an exact one do so."
	}
	return "Of the RSTs that reach a connection in " + s.state.String() + " these end it: " + strings.Join(ends, ", ") + "."
}

// deviations says where netstack does not do what the RFC wants, a sentence for
// each.
func (s *rstState) deviations() []string {
	var all []string
	for _, d := range rstDeviations[DefaultStack] {
		var where []string
		var rfc Reaction
		for _, e := range rstEvents {
			for _, p := range positions {
				if c := s.cell(DefaultStack, e, p); c.Why == d.why {
					where = append(where, c.Event+" "+c.Position)
					rfc = c.RFC
				}
			}
		}
		if len(where) > 0 {
			all = append(all, fmt.Sprintf("netstack differs from RFC 9293 (there: %s) for %s: %s.", rfc, strings.Join(where, ", "), d.why))
		}
	}
	return all
}

// example is a cell as an example.
func (s *rstState) example(line func(string, ...any), c *Cell) {
	line("example %s %s %s %s", c.Params[0].String(), c.Params[1].String(), c.Stack, s.want(c.Reaction))
}

// because is the reaction of a stack that is not netstack's, and why.
func (s *rstState) because(c *Cell) string {
	if c.Why == "" {
		return string(c.Reaction) + ", as RFC 9293 wants"
	}
	return string(c.Reaction) + "; " + c.Why
}

// want is the outcome of a reaction.
func (s *rstState) want(r Reaction) string {
	if r == Reset {
		return s.ends
	}
	return s.goesOn
}

// claimWidth is how long lines of a claim that is made are.
const claimWidth = 80

// fold breaks a text into lines of at most width letters; of "" it is one empty
// line.
func fold(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) > width:
			lines = append(lines, word)
		default:
			*last += " " + word
		}
	}
	return lines
}
