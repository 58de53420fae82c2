package main

import (
	"fmt"
	"io"
	"strings"

	"rstlab/cases/truth"
)

// truthObject is what truth --json prints. Fields are added in later versions,
// but none is renamed or removed.
type truthObject struct {
	Stack   string               `json:"stack"`
	OK      bool                 `json:"ok"` // nothing differs without a known cause
	Summary map[truth.Status]int `json:"summary"`
	Files   []truthFileObject    `json:"files"` // in the order of the command line, those of a directory by name
}

// truthFileObject is one recording.
type truthFileObject struct {
	File        string             `json:"file"`
	ID          string             `json:"id"`
	Title       string             `json:"title"`
	Kernel      string             `json:"kernel"`
	Status      truth.Status       `json:"status"`
	Causes      []string           `json:"causes"`      // of its differences
	Differences []differenceObject `json:"differences"` // calls, then segments by direction
	Tolerated   map[string]int     `json:"tolerated"`   // how often each tolerance was needed
	NotModelled []string           `json:"not_modelled"`
}

// differenceObject is a call or a run of segments that is not as recorded.
type differenceObject struct {
	What     string   `json:"what"` // "200 A c send 10", or "B>A 5"
	Recorded string   `json:"recorded"`
	Here     string   `json:"here"`
	Causes   []string `json:"causes"` // none when nobody has explained it
}

var statuses = []truth.Status{truth.Agrees, truth.Explained, truth.Differs, truth.Unmodelled}

// report prints the comparisons.
func (f *truthFlags) report(w io.Writer, all []*truth.Comparison) error {
	if f.json {
		return writeJSON(w, f.object(all), indented)
	}
	var lines []string
	width := 0
	for _, c := range all {
		width = max(width, len(c.File.ID))
	}
	for _, c := range all {
		lines = append(lines, f.lines(c, width)...)
	}
	count := countStatus(all)
	noun := "recordings"
	if len(all) == 1 {
		noun = "recording"
	}
	lines = append(lines, "", fmt.Sprintf("%d %s on %s: %d agree, %d differ as explained, %d differ without a known cause, %d not modelled",
		len(all), noun, f.stack, count[truth.Agrees], count[truth.Explained], count[truth.Differs], count[truth.Unmodelled]))
	if needed := toleratedIn(all); len(needed) > 0 {
		lines = append(lines, "tolerated: "+strings.Join(needed, ", "))
	}
	return writeLines(w, lines)
}

// toleratedIn says in how many recordings each tolerance was needed.
func toleratedIn(all []*truth.Comparison) []string {
	count := map[truth.Tolerance]int{}
	for _, c := range all {
		for _, t := range c.Tolerated {
			count[t.Tolerance]++
		}
	}
	var texts []string
	for _, t := range truth.Tolerances() {
		if count[t] > 0 {
			texts = append(texts, fmt.Sprintf("%s in %d", t, count[t]))
		}
	}
	return texts
}

func countStatus(all []*truth.Comparison) map[truth.Status]int {
	count := map[truth.Status]int{}
	for _, s := range statuses {
		count[s] = 0
	}
	for _, c := range all {
		count[c.Status()]++
	}
	return count
}

// lines are what is said about one recording: a line, with -v more.
func (f *truthFlags) lines(c *truth.Comparison, width int) []string {
	status := c.Status()
	line := fmt.Sprintf("%-*s  %s", width, c.File.ID, status)
	for i, n := range c.NotModelled {
		line += map[bool]string{true: ": ", false: "; "}[i == 0] + n.String()
	}
	if causes := c.Causes(); len(causes) > 0 {
		line += " (" + strings.Join(causes, ", ") + ")"
	}
	if !f.verbose && len(c.Differences) > 0 {
		first := max(0, c.FirstUnexplained())
		line += ": " + f.side(c, c.Differences[first])
	}
	lines := []string{line}
	if !f.verbose {
		return lines
	}
	for _, d := range c.Differences {
		text := "    " + f.side(c, d)
		if causes := truth.Explain(c.Stack, c.File.ID, d); len(causes) > 0 {
			text += "  (" + strings.Join(causes, ", ") + ")"
		}
		lines = append(lines, text)
	}
	for _, t := range c.Tolerated {
		lines = append(lines, "    tolerated: "+t.String())
	}
	return lines
}

// side is a difference with both sides named.
func (f *truthFlags) side(c *truth.Comparison, d truth.Difference) string {
	kernel, _, _ := strings.Cut(c.File.Kernel, " ")
	if kernel == "" {
		kernel = "recorded"
	}
	return fmt.Sprintf("%s: %s %s; %s %s", d.What, kernel, d.Want, f.stack, d.Got)
}

func (f *truthFlags) object(all []*truth.Comparison) truthObject {
	o := truthObject{Stack: f.stack, Summary: countStatus(all), Files: make([]truthFileObject, len(all))}
	o.OK = o.Summary[truth.Differs] == 0
	for i, c := range all {
		file := truthFileObject{
			File: c.File.Path, ID: c.File.ID, Title: c.File.Title, Kernel: c.File.Kernel, Status: c.Status(),
			Causes: append([]string{}, c.Causes()...), Differences: []differenceObject{},
			Tolerated: map[string]int{}, NotModelled: []string{},
		}
		for _, d := range c.Differences {
			file.Differences = append(file.Differences, differenceObject{
				What: d.What, Recorded: d.Want, Here: d.Got, Causes: append([]string{}, truth.Explain(c.Stack, c.File.ID, d)...),
			})
		}
		for _, t := range c.Tolerated {
			file.Tolerated[string(t.Tolerance)] = t.Times
		}
		for _, n := range c.NotModelled {
			file.NotModelled = append(file.NotModelled, n.String())
		}
		o.Files[i] = file
	}
	return o
}
