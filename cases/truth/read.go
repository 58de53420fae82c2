package truth

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"rstlab/cases"
)

// The limits on a file, so that garbage cannot exhaust the memory.
const (
	maxFile  = 8 << 20 // bytes
	maxLines = 100_000
	maxTime  = 24 * time.Hour // of a script
)

// ReadFile reads the scenarios of a file; see [Read].
func ReadFile(path string) ([]*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cases/truth: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read from
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("cases/truth: %s: %w", path, err)
	}
	return Read(path, src)
}

// Read reads what was recorded: one scenario or more, each begun by a line "==
// id | title". path names the text in messages. The error is [cases.Errors]:
// every mistake with its place and remedy.
func Read(path string, src []byte) ([]*File, error) {
	r := &reader{path: path, seen: map[string]bool{}}
	if len(src) > maxFile {
		r.fail(1, 1, "split the file", "the file is larger than 8 MiB")
		return nil, r.errs
	}
	lines := strings.Split(strings.TrimPrefix(string(src), "\ufeff"), "\n")
	if len(lines) > maxLines {
		r.fail(maxLines, 1, "split the file", "more than %d lines", maxLines)
		return nil, r.errs
	}
	for i, line := range lines {
		r.line = i + 1
		line = strings.TrimRight(line, "\r")
		if bad := cases.CheckLine(line, cases.Pos{File: path, Line: r.line, Col: 1}); bad != nil {
			r.fail(r.line, bad.Pos.Col, bad.Remedy, "%s", bad.Problem)
		}
		r.read(line)
	}
	r.end()
	if len(r.files) == 0 && len(r.errs) == 0 {
		r.fail(1, 1, "begin with a line such as: == 1a | what happens", "there is no scenario")
	}
	if len(r.errs) > 0 {
		slices.SortStableFunc(r.errs, func(a, b *cases.Error) int { return a.Pos.Line - b.Pos.Line })
		return nil, r.errs
	}
	return r.files, nil
}

// reader reads a text line by line.
type reader struct {
	path    string
	line    int
	errs    cases.Errors
	files   []*File
	file    *File // the current scenario; nil before the first
	kernel  string
	part    part
	seen    map[string]bool // directives that stand once
	ended   bool            // after the END of a transcript
	pending []*event        // calls of the transcript
}

// part is a part of a file.
type part uint8

const (
	inScript part = iota
	inResults
	inTranscript
)

// maxErrors is how many mistakes are reported.
const maxErrors = 100

// fail reports a mistake at a column of a line.
func (r *reader) fail(line, col int, remedy, problem string, args ...any) {
	if len(r.errs) < maxErrors {
		r.errs = append(r.errs, &cases.Error{
			Pos: cases.Pos{File: r.path, Line: line, Col: col}, Problem: fmt.Sprintf(problem, args...), Remedy: remedy,
		})
	}
}

// field is a word of a line, with its place.
type field struct {
	text string
	line int
	col  int
}

// fields splits a line at blanks.
func (r *reader) fields(line string) []field {
	var all []field
	col := 0
	inside := false
	for i, c := range line {
		col++
		blank := c == ' ' || c == '\t'
		switch {
		case blank:
			inside = false
		case !inside:
			inside = true
			all = append(all, field{line: r.line, col: col, text: line[i:]})
		}
	}
	for i := range all {
		if end := strings.IndexAny(all[i].text, " \t"); end >= 0 {
			all[i].text = all[i].text[:end]
		}
	}
	return all
}

func (r *reader) pos(f field) cases.Pos { return cases.Pos{File: r.path, Line: f.line, Col: f.col} }

// wrong reports a mistake at a field.
func (r *reader) wrong(f field, remedy, problem string, args ...any) {
	r.fail(f.line, f.col, remedy, problem, args...)
}

func (r *reader) read(line string) {
	words := r.fields(line)
	if len(words) == 0 {
		return
	}
	switch first := words[0].text; {
	case first == "==":
		r.begin(line, words)
	case r.file == nil && first == "#":
		r.kernel = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "#"))
	case r.file == nil:
		r.wrong(words[0], "begin with a line such as: == 1a | what happens", "%q before the first scenario", first)
		r.file = &File{} // report it once
	case first == "---":
		r.section(words)
	case r.part == inResults:
		r.result(line, words)
	case r.part == inTranscript:
		r.transcript(line, words)
	case first == "#":
		// A comment, or the kernel of the scenario that follows.
		r.kernel = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "#"))
	default:
		r.file.Script = append(r.file.Script, strings.TrimSpace(line))
		r.script(words)
	}
}

// begin reads "== id | title".
func (r *reader) begin(line string, words []field) {
	r.end()
	id, title, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "=="), "|")
	r.file = &File{
		Path: r.path, Kernel: r.kernel, ID: strings.TrimSpace(id), Title: strings.TrimSpace(title),
		Delay: 10 * time.Millisecond, Duration: DefaultDuration, Pos: r.pos(words[0]),
	}
	if !ok || r.file.ID == "" || r.file.Title == "" {
		r.wrong(words[0], "write == id | title", "a scenario without id and title")
	}
	for _, c := range r.file.ID {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.') {
			r.wrong(words[0], "use letters, digits, _ - and .", "%q is no id", r.file.ID)
			break
		}
	}
	r.part, r.seen, r.ended, r.pending = inScript, map[string]bool{}, false, nil
	r.file.Script = append(r.file.Script, strings.TrimSpace(line))
	r.files = append(r.files, r.file)
}

// section reads "--- results" and "--- transcript".
func (r *reader) section(words []field) {
	name := ""
	if len(words) > 1 {
		name = words[1].text
	}
	switch {
	case name == "results" && r.part == inScript:
		r.part = inResults
	case name == "transcript" && r.part != inTranscript:
		r.part = inTranscript
	case name == "results" || name == "transcript":
		r.wrong(words[0], "the order is script, results, transcript", "a second or misplaced --- %s", name)
	default:
		r.wrong(words[0], "write --- results or --- transcript", "unknown part %q", name)
	}
}

// end completes the scenario: it checks what only its whole shows.
func (r *reader) end() {
	if r.file == nil || len(r.files) == 0 {
		return
	}
	f := r.file
	if len(f.Calls) == 0 && len(r.errs) == 0 {
		r.fail(f.Pos.Line, f.Pos.Col, "write est, or steps such as: 10 A c connect", "scenario %s does nothing", f.ID)
	}
	r.fromTranscript()
	r.sockets()
}

// number reads a whole number in a range.
func (r *reader) number(f field, least, greatest int64, what string) (int64, bool) {
	n, err := strconv.ParseInt(f.text, 10, 64)
	if err != nil || n < least || n > greatest {
		r.wrong(f, fmt.Sprintf("write a number from %d to %d", least, greatest), "%q is no %s", f.text, what)
		return 0, false
	}
	return n, true
}

// span reads a number of milliseconds.
func (r *reader) span(f field, what string) (time.Duration, bool) {
	n, ok := r.number(f, 0, int64(maxTime/time.Millisecond), what)
	return time.Duration(n) * time.Millisecond, ok
}
