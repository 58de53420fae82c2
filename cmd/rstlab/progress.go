package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// progress shows on a terminal how far a search is, how many runs it does a
// second, and when it will end. Without a terminal it is silent.
type progress struct {
	to    io.Writer // nil without a terminal
	what  string
	width int              // of the terminal, in columns; 0 is unknown
	now   func() time.Time // the clock of the wall
	shown int              // columns that the line on the terminal takes
	marks []progressMark   // of the last progressSpan, the oldest first
}

// progressMark is how much was done when.
type progressMark struct {
	at   time.Time
	done int64
}

const (
	progressEvery = 100 * time.Millisecond // between two pictures of the progress
	progressSpan  = 3 * time.Second        // over which the rate is taken
)

func newProgress(w io.Writer, what string) *progress {
	on := screenOf(w)
	if !on.terminal {
		return &progress{}
	}
	return &progress{to: w, what: what, width: on.width, now: time.Now}
}

// show takes how much is done of how much there is to do. A total that is not
// above done is not known, and one that grows is what is known so far.
func (p *progress) show(done, total int64) {
	if p.to == nil {
		return
	}
	now := p.now()
	if n := len(p.marks); n > 0 && done < p.marks[n-1].done {
		p.marks = nil // another search has begun
	}
	if n := len(p.marks); n > 0 && now.Sub(p.marks[n-1].at) < progressEvery {
		return
	}
	p.marks = append(p.marks, progressMark{now, done})
	for len(p.marks) > 2 && now.Sub(p.marks[0].at) > progressSpan {
		p.marks = p.marks[1:]
	}
	p.draw(p.line(done, total))
}

// line is the progress in words: "sweep: 3826 of 9003, 42%, 991 runs/s, 5s left".
func (p *progress) line(done, total int64) string {
	text := fmt.Sprintf("%s: %d", p.what, done)
	if total > done {
		text += fmt.Sprintf(" of %d, %d%%", total, 100*done/total)
	}
	first, last := p.marks[0], p.marks[len(p.marks)-1]
	rate := float64(last.done-first.done) / last.at.Sub(first.at).Seconds()
	if last.done <= first.done {
		return text
	}
	digits := 0
	if rate < 10 {
		digits = 1
	}
	text += fmt.Sprintf(", %.*f runs/s", digits, rate)
	if total > done {
		left := time.Duration(float64(total-done) / rate * float64(time.Second))
		text += fmt.Sprintf(", %v left", max(left.Round(time.Second), time.Second))
	}
	return text
}

// draw puts the text in the place of the one before. What fails to be shown is no
// reason to stop.
func (p *progress) draw(text string) {
	if p.width > 0 && utf8.RuneCountInString(text) >= p.width {
		text = string([]rune(text)[:p.width-1])
	}
	n := utf8.RuneCountInString(text)
	fmt.Fprint(p.to, "\r"+text+strings.Repeat(" ", max(0, p.shown-n))) //nolint:errcheck // see above
	p.shown = n
}

// end takes the progress off the terminal.
func (p *progress) end() {
	if p.to != nil && p.shown > 0 {
		p.draw("")
		fmt.Fprint(p.to, "\r") //nolint:errcheck // see draw
	}
}
