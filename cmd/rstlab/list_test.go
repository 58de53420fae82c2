package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

func TestListHasALineForEachScenario(t *testing.T) {
	var names []string
	for line := range strings.Lines(succeed(t, "list")) {
		if fields := strings.Fields(line); len(fields) > 0 {
			names = append(names, fields[0])
		}
	}
	require.Equal(t, cases.Names(), names)
}

func TestListOfATopicHasOnlyThat(t *testing.T) {
	for line := range strings.Lines(succeed(t, "list", "reset")) {
		require.True(t, strings.HasPrefix(line, "reset/"), line)
	}
}

func TestListOnATerminalFitsIt(t *testing.T) {
	s, err := cases.Load("reset/linger-zero")
	require.NoError(t, err)
	lines := listLines([]*cases.Scenario{s}, screen{terminal: true, width: 60})
	for _, line := range strings.Split(strings.Join(lines, "\n"), "\n") {
		require.LessOrEqual(t, len([]rune(line)), 60, line)
	}
	require.Equal(t, strings.Fields(s.Name+" "+s.Headline()), strings.Fields(strings.Join(lines[:len(lines)-2], " ")), "wrapped, not cut")
}

// listSchema is what readers of list --json rely on.
type listSchema []struct {
	Name     string   `json:"name"`
	Topic    string   `json:"topic"`
	Headline string   `json:"headline"`
	Claim    string   `json:"claim"`
	Source   []string `json:"source"`
	RFC      []string `json:"rfc"`
	Params   []struct {
		Name    string   `json:"name"`
		Default string   `json:"default"`
		Range   string   `json:"range"`
		Min     string   `json:"min"`
		Max     string   `json:"max"`
		Choices []string `json:"choices"`
		Doc     string   `json:"doc"`
	} `json:"params"`
	Hosts    []string `json:"hosts"`
	Examples []struct {
		Params  map[string]string `json:"params"`
		Stack   string            `json:"stack"`
		Outcome string            `json:"outcome"`
	} `json:"examples"`
}

func TestListJSONKeepsItsSchema(t *testing.T) {
	var got listSchema
	only(t, succeed(t, "list", "--json"), &got)
	require.Len(t, got, len(cases.Names()))
	for i, name := range cases.Names() {
		s := got[i]
		require.Equal(t, name, s.Name)
		require.Equal(t, name[:strings.Index(name, "/")], s.Topic)
		require.Contains(t, strings.Join(strings.Fields(s.Claim), " "), s.Headline)
		require.NotEmpty(t, s.Source, name)
		require.NotEmpty(t, s.RFC, name)
		for _, p := range s.Params {
			require.NotEmpty(t, p.Default, name)
			require.NotEmpty(t, p.Range, name)
		}
	}
}

// TestListedExamplesCanBeRun: what list says of an example is what run takes.
func TestListedExamplesCanBeRun(t *testing.T) {
	var list listSchema
	only(t, succeed(t, "list", "--json", "reset"), &list)
	for _, s := range list {
		for _, e := range s.Examples {
			args := []string{"run", s.Name, "--json", "--stack", e.Stack}
			for name, value := range e.Params {
				args = append(args, "--set", name+"="+value)
			}
			var got runSchema
			only(t, succeed(t, args...), &got)
			require.Equal(t, e.Params, got.Params)
			require.Equal(t, e.Outcome, got.Expected.Outcome)
		}
	}
}

func TestEmptyListsAreNotNull(t *testing.T) {
	s, err := cases.Parse("x.txt", []byte("host a\nhost b\nlink a b\nproc a\n  listen 80\n"))
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, writeJSON(&b, listed(s), oneLine))
	require.NotContains(t, b.String(), "null")
}

// matrixSchema is what readers of list --matrix --json rely on.
type matrixSchema []struct {
	State    string            `json:"state"`
	Event    string            `json:"event"`
	Position string            `json:"position"`
	Scenario string            `json:"scenario"`
	Params   map[string]string `json:"params"`
	RFC      string            `json:"rfc"`
	Clause   string            `json:"clause"`
	Stack    string            `json:"stack"`
	Reaction string            `json:"reaction"`
	Why      string            `json:"why"`
}

// TestEveryCellOfTheMatrixCanBeRun: what list --matrix says is what run --all
// checks; of other stacks than netstack, where they are not like it.
func TestEveryCellOfTheMatrixCanBeRun(t *testing.T) {
	var all allSchema
	only(t, succeed(t, "run", "--all", "rst/in-each-state/*", "--json"), &all)
	checked := 0
	for _, stack := range cases.Stacks() {
		var cells matrixSchema
		only(t, succeed(t, "list", "--matrix", "--json", "--stack", stack), &cells)
		require.Len(t, cells, 11*2*5)
		for _, c := range cells {
			at := c.State + " " + c.Event + " " + c.Position
			require.Equal(t, stack, c.Stack)
			require.NotEmpty(t, c.Clause)
			require.Equal(t, c.RFC != c.Reaction, c.Why != "", "%s: %s", stack, at)
			i := slices.IndexFunc(all.Results, func(r checkSchema) bool {
				return r.Scenario == c.Scenario && maps.Equal(r.Params, c.Params) && r.Stack == stack
			})
			if i >= 0 {
				require.True(t, all.Results[i].OK)
				checked++
			}
		}
	}
	require.Len(t, all.Results, checked)
}

func TestTheMatrixIsOfAStack(t *testing.T) {
	require.Equal(t, succeed(t, "list", "--matrix"), succeed(t, "list", "--matrix", "--stack", "netstack"))
	linux := succeed(t, "list", "--matrix", "--stack", "linux")
	require.Contains(t, linux, "linux: the number of the peer's FIN counts as exact")
	require.Contains(t, linux, "--stack linux")
	require.NotContains(t, linux, "netstack")
}
