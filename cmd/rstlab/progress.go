package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows on a terminal how far a search is, how many runs it does a
// second, and when it will end. Without a terminal it is silent.
type progress struct {
	bar         *progressbar.ProgressBar // nil without a terminal
	done, total int64
}

// progressEvery is the time between two pictures of the progress.
const progressEvery = 100 * time.Millisecond

func newProgress(w io.Writer, what string) *progress {
	on := screenOf(w)
	if !on.terminal {
		return &progress{}
	}
	return &progress{bar: newBar(w, what, on.color)}
}

func newBar(w io.Writer, what string, color bool) *progressbar.ProgressBar {
	return progressbar.NewOptions64(1,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWidth(20),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("runs"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetSpinnerChangeInterval(0), // else a goroutine turns it
		progressbar.OptionThrottle(progressEvery),
		progressbar.OptionUseANSICodes(color),
	)
}

// noTotal is a total that is not known at all.
const noTotal = -1

// describe says what goes on.
func (p *progress) describe(what string) {
	if p.bar != nil {
		p.bar.Describe(what)
	}
}

// show takes how much is done of how much there is to do as far as is known: more
// can come up. What fails to be shown is no reason to stop.
func (p *progress) show(done, total int64) {
	if p.bar == nil {
		return
	}
	if done < p.done {
		p.bar.Reset() // another search has begun
	}
	p.done = done
	if total != noTotal {
		total = max(total, done+1) // a bar that was full is at its end for good
	}
	if total != p.total {
		p.total = total
		p.bar.ChangeMax64(total)
	}
	p.bar.Set64(done) //nolint:errcheck // see above
}

// end takes the progress off the terminal.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Clear() //nolint:errcheck // see show
	}
}
