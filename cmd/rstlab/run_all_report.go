package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

// allReport prints what run --all finds out, as it comes.
type allReport struct {
	flags  *runFlags
	stdout io.Writer
	on     screen
	bar    *progress
	width  int // of the names
	known  int // deviations that examples have shown
	all    allObject
}

// allObject is what run --all --json prints. Fields are added in later versions,
// but none is renamed or removed.
type allObject struct {
	OK       bool          `json:"ok"`       // all examples ran and passed
	Examples int           `json:"examples"` // how many there are
	Passed   int           `json:"passed"`
	Failed   int           `json:"failed"`
	NotRun   int           `json:"not_run"` // because of an interrupt
	Checked  bool          `json:"checked"` // with --check
	Results  []checkObject `json:"results"` // of those that ran, in order
}

// checkObject is an example that ran. Params, Outcome and the rest are as in
// [runObject]; Outcome is "" and Error says why when the run came to no end.
type checkObject struct {
	Scenario string            `json:"scenario"`
	Seed     uint64            `json:"seed"`
	Params   map[string]string `json:"params"`
	Stack    string            `json:"stack"`
	OK       bool              `json:"ok"`
	Outcome  string            `json:"outcome"`
	Expected expectedObject    `json:"expected"`
	Hash     *trace.Hash       `json:"hash"` // null when the run came to no end
	Error    string            `json:"error,omitempty"`
	brokenObject
	WallNS int64 `json:"wall_ns"`
}

func newAllReport(f *runFlags, checks []exampleCheck, stdout, stderr io.Writer) *allReport {
	r := &allReport{flags: f, stdout: stdout, on: screenOf(stdout), bar: newProgress(stderr, "run --all")}
	r.all.Examples, r.all.Checked, r.all.Results = len(checks), f.checks, []checkObject{}
	for i := range checks {
		r.width = max(r.width, utf8.RuneCountInString(checks[i].scenario.Name))
	}
	return r
}

// add counts a check that is done, and prints it.
func (r *allReport) add(c *exampleCheck) error {
	if c.passed() {
		r.all.Passed++
	} else {
		r.all.Failed++
	}
	if c.found != nil {
		r.known += len(c.broken()) - len(c.found.Unknown())
	}
	r.bar.end()
	defer func() { r.bar.show(int64(r.all.Passed+r.all.Failed), int64(r.all.Examples)) }()
	switch {
	case r.flags.json:
		r.all.Results = append(r.all.Results, c.object(r.flags.seed))
		return nil
	case r.flags.quiet && c.passed():
		return nil
	}
	return writeLines(r.stdout, r.lines(c))
}

// end prints the summary.
func (r *allReport) end() error {
	r.bar.end()
	all := &r.all
	all.NotRun = all.Examples - all.Passed - all.Failed
	all.OK = all.Passed == all.Examples
	switch {
	case r.flags.json && r.flags.quiet:
		return writeJSON(r.stdout, all, oneLine)
	case r.flags.json:
		return writeJSON(r.stdout, all, indented)
	}
	text := fmt.Sprintf("%d examples: %d passed, %d failed", all.Examples, all.Passed, all.Failed)
	if all.Checked {
		text += fmt.Sprintf(", %d known deviations", r.known)
	}
	if all.NotRun > 0 {
		text += fmt.Sprintf(", %d not run: interrupted", all.NotRun)
	}
	return writeLines(r.stdout, []string{text})
}

// lines are the line of a check, and below it, when it failed, what was expected and what it
// did that it must not.
func (r *allReport) lines(c *exampleCheck) []string {
	const indent = "      "
	verdict, outcome := r.on.paint(green, "PASS"), ""
	if !c.passed() {
		verdict = r.on.paint(red, "FAIL")
	}
	if c.err == nil {
		outcome = c.result.Outcome.String()
	}
	name := c.scenario.Name + strings.Repeat(" ", r.width-utf8.RuneCountInString(c.scenario.Name))
	words := []string{verdict, name, settingsText(c.bound.Params), c.stack, outcome}
	lines := []string{strings.TrimRight(strings.Join(words, "  "), " ")}
	if c.err != nil {
		return append(lines, indent+c.err.Error())
	}
	if c.passed() {
		return lines
	}
	if c.diff != "" {
		lines = append(lines, indent+"the example at "+c.expected.Pos.String()+" expects another outcome:")
		for line := range strings.SplitSeq(c.diff, "\n") {
			lines = append(lines, indent+line)
		}
	}
	for _, b := range c.broken() {
		if !b.known {
			lines = append(lines, indent+b.text)
		}
	}
	return lines
}

func settingsText(params []cases.Setting) string {
	words := make([]string, len(params))
	for i, set := range params {
		words[i] = set.String()
	}
	return strings.Join(words, " ")
}

// object is a check for programs.
func (c *exampleCheck) object(seed uint64) checkObject {
	o := checkObject{
		Scenario: c.scenario.Name, Seed: seed, Params: c.bound.Set(), Stack: c.stack, OK: c.passed(),
		Expected: expectedObject{Place: c.expected.Pos.String(), Outcome: c.expected.Want.String(), Diff: c.diff},
		WallNS:   c.wall.Nanoseconds(), brokenObject: c.brokenObject(),
	}
	if c.err != nil {
		o.Error = c.err.Error()
		return o
	}
	o.Outcome, o.Hash = c.result.Outcome.String(), &c.result.Hash
	return o
}
