package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rstlab/cases"
	"rstlab/cases/fuzz"
	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// lines are the report of a campaign. They depend on seed and number of runs
// alone.
func (f *fuzzFlags) lines(r *fuzz.Report, files []string, on screen) []string {
	lines := []string{fmt.Sprintf("%d runs, %d events; the same again: rstlab fuzz --seed %d%s --runs %d%s", r.Runs, r.Coverage.Events, f.seed, f.fromFlag(), r.Runs, f.stackFlags())}
	lines = append(lines, "", on.paint(bold, "reached"))
	lines = append(lines, reached(&r.Coverage).lines("  ")...)
	lines = append(lines, "", fmt.Sprintf("netstack and its model give programs the same results in %d runs", r.Compared))
	if len(r.Known) > 0 {
		lines = append(lines, "", on.paint(bold, "known deviations that were met"))
		rows := columns{{"runs", "engine", "property", "case", "where"}}
		for _, k := range r.Known {
			rows = append(rows, []string{fmt.Sprint(k.Count), k.Deviation.Engine, k.Deviation.Property, k.Deviation.Case, k.Deviation.Where})
		}
		lines = append(lines, rows.lines("  ")...)
	}
	lines = append(lines, "")
	if len(r.Findings) == 0 {
		return append(lines, on.paint(green, "nothing found"))
	}
	for i := range r.Findings {
		lines = append(lines, findingLines(&r.Findings[i], files[i], on)...)
	}
	return lines
}

// stackFlags are the flags that name the stacks.
func (f *fuzzFlags) stackFlags() string {
	var text strings.Builder
	for _, stack := range f.stacks {
		text.WriteString(" --stack " + stack)
	}
	return text.String()
}

// fromFlag is the flag that names the first run.
func (f *fuzzFlags) fromFlag() string {
	if f.from == 0 {
		return ""
	}
	return fmt.Sprintf(" --from %d", f.from)
}

// mostNumbers is how many runs of a finding are named; --json names all.
const mostNumbers = 8

// runNumbers is in how many runs something was found, and which: fuzz --from N --runs 1
// does one of them again.
func runNumbers(runs []int) string {
	var names []string
	for _, run := range runs[:min(len(runs), mostNumbers)] {
		names = append(names, fmt.Sprint(run))
	}
	if len(runs) > mostNumbers {
		names = append(names, "...")
	}
	if len(runs) == 1 {
		return "1 run, number " + names[0]
	}
	return fmt.Sprintf("%d runs, numbers %s", len(runs), strings.Join(names, ", "))
}

// findingLines say what was found, and how to see it.
func findingLines(f *fuzz.Finding, file string, on screen) []string {
	replay := "rstlab run --check "
	if f.SmallSeed != 0 {
		replay += fmt.Sprintf("--seed %d ", f.SmallSeed)
	}
	message, stacks, _ := strings.Cut(f.Message, "\n")
	lines := []string{
		on.paint(red, f.Kind) + ": in " + runNumbers(f.Runs),
		"  " + message,
		"  " + replay + shellQuote(file),
	}
	if f.Kind == fuzz.KindHang || f.Kind == fuzz.KindPanic {
		lines = append(lines, strings.Split(stacks, "\n")...) // replaying it need not show it again
	}
	return lines
}

// reached is what a campaign's runs have reached.
func reached(c *fuzz.Coverage) columns {
	var states, arrows []string
	var transitions int
	for s, n := range c.States() {
		if n > 0 {
			states = append(states, fmt.Sprintf("%v %d", wire.State(s), n))
		}
	}
	for from := range c.Transitions {
		for to, n := range c.Transitions[from] {
			if n > 0 {
				transitions++
				arrows = append(arrows, fmt.Sprintf("%v -> %v %d", wire.State(from), wire.State(to), n))
			}
		}
	}
	var clauses, missed []string
	for clause, n := range c.Clauses {
		name := tcpmodel.Clause(clause).String()
		if n > 0 {
			clauses = append(clauses, name)
		} else {
			missed = append(missed, name)
		}
	}
	rows := columns{
		{"states", fmt.Sprintf("%d of %d", len(states), wire.NumStates), strings.Join(states, ", ")},
		{"transitions", fmt.Sprint(transitions), strings.Join(arrows, ", ")},
		{"clauses of models", fmt.Sprintf("%d of %d", len(clauses), tcpmodel.NumClauses), "not reached: " + cmp.Or(strings.Join(missed, ", "), "none")},
		{"steps", fmt.Sprintf("%d of %d", len(c.Steps), len(cases.Verbs())), strings.Join(counted(c.Steps), ", ")},
		{"followed", fmt.Sprint(c.Followed.Connections), c.Followed.String()},
		{"results", fmt.Sprint(len(c.Results)), strings.Join(counted(c.Results), ", ")},
	}
	return rows
}

// counted are names with how often each was met, the most frequent first.
func counted[K ~string](counts map[K]uint64) []string {
	var names []K
	for name := range counts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b K) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = fmt.Sprintf("%s %d", name, counts[name])
	}
	return list
}
