package record

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"rstlab/cases/truth"
)

// ErrUnavailable is what Available gives where nothing can be recorded; it
// wraps the reason.
var ErrUnavailable = errors.New("the kernel cannot be recorded here")

// Setting is a kernel setting of a host: net.ipv4.NAME.
type Setting struct{ Name, Value string }

// Settings are what both hosts have that the script does not say. A new network
// namespace takes its congestion control and the sizes of buffers from that of
// the machine; the rest are the kernel's defaults, set to be sure.
var Settings = []Setting{
	{"tcp_congestion_control", "reno"},
	{"tcp_timestamps", "1"},
	{"tcp_sack", "1"},
	{"tcp_window_scaling", "1"},
	{"tcp_syn_linear_timeouts", "4"},
	{"tcp_rfc1337", "0"},
	{"tcp_retries2", "15"},
	{"tcp_invalid_ratelimit", "500"},
	{"tcp_fin_timeout", "60"},
	{"tcp_rmem", "4096 131072 33554432"},
	{"tcp_wmem", "4096 16384 4194304"},
}

// Recording is what a scenario did.
type Recording struct {
	Kernel  string // "Linux 6.18.44, x86_64"
	Script  []string
	Results []Result
	lines   []line
}

// Result is what a call of the script returned.
type Result struct {
	Call string // "100 A c send 10"
	Text string // `5 "HELLO"`, "ECONNRESET", "still blocked at end"
	At   time.Duration
}

// Text is the recording in the form that truth.Read takes.
func (r *Recording) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n%s\n\n--- results (call = result @completion, ms)\n", r.Kernel, strings.Join(r.Script, "\n"))
	for _, c := range r.Results {
		fmt.Fprintf(&b, "%-32s = %s @%d\n", c.Call, c.Text, c.At.Milliseconds())
	}
	b.WriteString("\n--- transcript\n")
	for _, l := range elide(r.lines) {
		b.WriteString(l + "\n")
	}
	return b.String()
}

// File is the recording as truth reads it.
func (r *Recording) File() (*truth.File, error) {
	files, err := truth.Read("recording", []byte(r.Text()))
	if err != nil {
		return nil, err
	}
	return files[0], nil
}
