package explore_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/explore"
)

// update rewrites the pictures. It is for people, never for CI.
var update = flag.Bool("update", false, "rewrite the pictures")

// picture is a diagram of the documentation. All its stacks have it; the first
// is in its title, but for netstack, which is what the scenario says.
type picture struct {
	file, scenario, x, y string
	stacks               []string
}

// pictured are the stacks of which there are pictures: netstack itself, and all
// profiles but its own.
var pictured = []string{"freebsd", "linux", "netstack", "rfc9293", "windows"}

// picturesOf are the diagrams of one scenario: over the same axes, which stacks
// share one. A file is called after the scenario and the first stack.
func picturesOf(scenario, x, y string, shared ...[]string) []picture {
	var all []picture
	for _, stacks := range shared {
		file := path.Base(scenario)
		if stacks[0] != cases.DefaultStack {
			file += "-" + stacks[0]
		}
		all = append(all, picture{file, scenario, x, y, stacks})
	}
	return all
}

var pictures = slices.Concat(
	picturesOf("reply-503/close-before-request", "rtt=1ms..501ms/250", "pause=0s..500ms/250",
		[]string{"netstack"}, []string{"linux", "freebsd", "windows", "rfc9293"}),
	picturesOf("reply-503/close-after-request", "think=0s..200ms/200", "work=1ms..201ms/200",
		[]string{"netstack", "linux", "rfc9293"}, []string{"freebsd"}, []string{"windows"}),
	picturesOf("reply-503/shutdown-first", "gap=0s..300ms/200", "pause=0s..500ms/200",
		[]string{"netstack", "linux", "rfc9293"}, []string{"freebsd"}, []string{"windows"}),
	picturesOf("reply-503/rst-overtakes-reply", "rtt=1ms..401ms/200", "late=0s..500ms/200",
		[]string{"netstack", "linux", "rfc9293"}, []string{"freebsd"}, []string{"windows"}),
	picturesOf("reply-503/read-request-first", "gap=0s..300ms/200", "work=0s..200ms/200",
		[]string{"netstack", "linux", "rfc9293"}, []string{"freebsd"}, []string{"windows"}),
	picturesOf("reply-503/reply-lost", "think=0s..2s/200", "work=1ms..1s/200",
		[]string{"netstack"}, []string{"linux"}, []string{"freebsd"}, []string{"windows"}, []string{"rfc9293"}),
	picturesOf("reply-503/lingering-close", "rtt=1ms..301ms/120", "time=1ms..1001ms/120",
		[]string{"netstack"}, []string{"linux"}, []string{"freebsd"}, []string{"windows"}, []string{"rfc9293"}),
	picturesOf("rst/injected-on-path", "react=0s..300ms/200", "work=0s..300ms/200",
		[]string{"netstack", "linux"}, []string{"windows", "freebsd"}, []string{"rfc9293"}),
	picturesOf("close-unread/primes-early-error", "gap=0s..50ms/200", "work=0s..50ms/200",
		[]string{"netstack"}, []string{"linux", "rfc9293"}, []string{"freebsd"}, []string{"windows"}),
)

func TestEveryScenarioHasAPictureForEachStack(t *testing.T) {
	has := map[string][]string{}
	for _, p := range pictures {
		has[p.scenario] = append(has[p.scenario], p.stacks...)
	}
	for _, name := range cases.Names() {
		if strings.HasPrefix(name, "reply-503/") {
			require.Contains(t, has, name)
		}
	}
	for name, stacks := range has {
		require.ElementsMatch(t, pictured, stacks, name)
	}
	files, err := filepath.Glob("pictures/*.svg")
	require.NoError(t, err)
	require.Len(t, files, len(pictures), "no picture is left over")
}

// diagram is that of a picture on one of its stacks.
func (p picture) diagram(t *testing.T, stack string) *explore.Diagram {
	t.Helper()
	search := phase(t, p.scenario, p.x, p.y, nil)
	if stack != cases.DefaultStack {
		search.Stacks = map[string]string{"": stack}
	}
	d, err := search.Run(t.Context(), explore.Options{})
	require.NoError(t, err)
	return d
}

func TestPicturesAreThoseOfTheDocumentation(t *testing.T) {
	if testing.Short() && !*update {
		t.Skip("90,000 runs")
	}
	for _, p := range pictures {
		d := p.diagram(t, p.stacks[0])
		for _, stack := range p.stacks[1:] {
			require.Equal(t, text(d), text(p.diagram(t, stack)), "%s: %s has another diagram than %s", p.scenario, stack, p.stacks[0])
		}
		var svg bytes.Buffer
		require.NoError(t, d.WriteSVG(&svg))
		isFile(t, "pictures/"+p.file+".svg", svg.Bytes())
	}
}

// isFile reports whether a file of the documentation is up to date; -update
// makes it so.
func isFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(name, content, 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, content), "%s shows something else now; look at it after go test ./cases/explore -run Pictures -update", name)
}

func TestPicturesHaveAPageWithTheirLaws(t *testing.T) {
	var page bytes.Buffer
	page.WriteString(`# Phase diagrams

What each program sees, over two parameters, on gVisor's netstack and on the
profiles of package tcpmodel. A diagram is of all the stacks that are named with it:
that they have the very same one is tested, and so is, to the nanosecond, each law.

This page and the pictures are written by go test ./cases/explore -run Pictures -update.
`)
	scenario := ""
	for _, p := range pictures {
		if p.scenario != scenario {
			scenario = p.scenario
			fmt.Fprintf(&page, "\n## %s\n\n%s\n\n    rstlab phase %s --x %s --y %s\n",
				scenario, load(t, scenario).Headline(), scenario, p.x, p.y)
		}
		on := strings.Join(p.stacks, ", ")
		fmt.Fprintf(&page, "\n### %s\n\n![%s on %s](%s.svg)\n\n", on, scenario, on, p.file)
		for _, l := range laws {
			if l.scenario != scenario {
				continue
			}
			others := slices.DeleteFunc(slices.Clone(p.stacks), func(stack string) bool { return slices.Contains(l.stacks, stack) })
			param, _, _ := strings.Cut(l.axis, "=")
			switch {
			case len(others) == 0:
				fmt.Fprintf(&page, "- Along `%s`: %s.\n", param, l.why)
			case len(others) < len(p.stacks):
				fmt.Fprintf(&page, "- Along `%s`, on %s: %s.\n", param, strings.Join(l.stacks, ", "), l.why)
			}
		}
	}
	isFile(t, "pictures/README.md", page.Bytes())
}
