package truth

import (
	"fmt"
	"strings"
)

// NetstackVersion is the version of gVisor that the causes speak of; a test
// holds it against go.mod.
const NetstackVersion = "v0.0.0-20260905035102-160fafc42237"

// tolerances are all, with what they mean, in the order of the document.
var tolerances = []struct {
	tolerance Tolerance
	means     string
}{
	{Jitter, "the recorder is a real program: a call returns up to 15 ms later there"},
	{TimerSlack, "kernel timers fire 1-7 % late: a call that waits for one returns up to a fourteenth of its time later there"},
	{DelayedACK, "a pure ACK of something new that one side sends and the other does not, if the other acknowledges as much within half a second, or was reset before it had to; and the RST that such an ACK draws from a host without the connection"},
	{InitialWindow, "how much of a send is taken and transferred that is cut off, where the right edge of a window is, how bytes are split over reads"},
}

// Tolerances are all tolerances, in the order of the document.
func Tolerances() []Tolerance {
	all := make([]Tolerance, len(tolerances))
	for i, t := range tolerances {
		all[i] = t.tolerance
	}
	return all
}

// Document is the Markdown that tells where a stack differs from what was
// recorded, by cause. The comparisons are of that stack.
func Document(stack string, all []*Comparison) string {
	var b strings.Builder
	count := map[Status]int{}
	for _, c := range all {
		count[c.Status()]++
	}
	fmt.Fprintf(&b, "# Where %s differs from Linux\n\n", stack)
	b.WriteString("This file is generated: `go test ./cases/truth -update` writes it, and the test fails when it is\nnot what a run finds.\n\n")
	fmt.Fprintf(&b, "`cases/truth/testdata` has scenarios with what Linux 6.18 did in them. Each was run on %s\n(gVisor %s). Of %d, %d agree in every call and segment, %d differ as told here,\n%d have a setting that %s lacks, and %d differ without a known cause.\n\n",
		stack, NetstackVersion, len(all), count[Agrees], count[Explained], count[Unmodelled], stack, count[Differs])
	b.WriteString("What is compared: of each call the result, errno, bytes and time; of each segment, in the order in\nwhich its sender sent it, flags, relative sequence and acknowledgment number, and length. An item shows\nthe call or place, then Linux, then " + stack + "; `B>A 5` is the fifth segment that Linux's B sent. Tolerated is\nonly:\n\n")
	for _, t := range tolerances {
		fmt.Fprintf(&b, "- **%s**: %s.\n", t.tolerance, t.means)
	}
	b.WriteString("\nTimes here are 0.3 ms a packet later than the delay says, as the recorder's relay had them.\n")
	for _, c := range Causes(stack) {
		c.write(&b, stack)
	}
	writeUnmodelled(&b, all)
	writeUnexplained(&b, all)
	return b.String()
}

// write is the section of a cause.
func (c *Cause) write(b *strings.Builder, stack string) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n- Where: `gvisor.dev/gvisor/pkg/tcpip`, %s.\n- Right: %s\n\n", c.Title, c.What, c.Code, c.Right)
	if c.Form != nil {
		fmt.Fprintf(b, "In other recordings a difference of this form counts as known: %s.\n\n", c.Form)
	}
	fmt.Fprintf(b, "| scenario | where | Linux | %s |\n|---|---|---|---|\n", stack)
	for _, i := range c.Items {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", i.File, cell(i.What), cell(i.Want), cell(i.Got))
	}
}

// cell is a text as it can stand in a table.
func cell(text string) string { return "`" + strings.ReplaceAll(text, "|", `\|`) + "`" }

func writeUnmodelled(b *strings.Builder, all []*Comparison) {
	var lines []string
	for _, c := range all {
		for _, n := range c.NotModelled {
			agrees := "agrees in everything all the same"
			if len(c.Differences) > 0 {
				agrees = fmt.Sprintf("differs %d times", len(c.Differences))
			}
			lines = append(lines, fmt.Sprintf("- %s (%s): %s. Run without the setting it %s.\n", c.File.ID, c.File.Title, n, agrees))
		}
	}
	if len(lines) > 0 {
		b.WriteString("\n## Not modelled\n\n" + strings.Join(lines, ""))
	}
}

func writeUnexplained(b *strings.Builder, all []*Comparison) {
	var lines []string
	for _, c := range all {
		if c.Status() != Differs {
			continue
		}
		for _, d := range c.Differences {
			if len(Explain(c.Stack, c.File.ID, d)) == 0 {
				lines = append(lines, fmt.Sprintf("- %s: %s\n", c.File.ID, d))
			}
		}
	}
	if len(lines) > 0 {
		b.WriteString("\n## Without a known cause\n\n" + strings.Join(lines, ""))
	}
}
