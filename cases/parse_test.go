package cases_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

const small = "host a\nhost b\nlink a b\n\nproc a\n  connect b:80\n"

func TestCommentsSurvive(t *testing.T) {
	const text = `# The claim.
#
# More of it.

# above the first element
source x y  # beside y
# above z
source z
# above a
host   a  # beside a
host   b
link   a b

# above the proc
proc a  # beside the proc
  # above a step
  connect b:80  # beside it
  close

# above the example
example netstack  a: ok  # beside the example

# after everything
#
# to the end
`
	s := parse(t, text)
	require.Equal(t, "The claim.\n\nMore of it.", s.Claim)
	require.Equal(t, "The claim.", s.Headline())
	require.Equal(t, []string{"above the first element"}, s.Source[0].Above)
	require.Equal(t, "beside y", s.Source[1].Beside)
	require.Equal(t, []string{"above a step"}, s.Procs[0].Steps[0].Above)
	require.Equal(t, text, cases.Print(s))
}

func TestClaimIsTheBlockAtTheTop(t *testing.T) {
	for text, claim := range map[string]string{
		"# one\n# two\n" + small:       "one\ntwo",
		"\n\n# one\n\n# two\n" + small: "one",
		"#\n\n# of a\n" + small:        "",
		"#one\n#  two\n#\n" + small:    "one\n two",
		small + "# below\n":            "",
	} {
		s := parse(t, text)
		require.Equal(t, claim, s.Claim, text)
		require.True(t, cases.Equal(s, parse(t, cases.Print(s))), text)
	}
}

func TestLineEndsOfOtherSystems(t *testing.T) {
	s := parse(t, "\ufeff"+strings.ReplaceAll("# Claim.\n"+small, "\n", "\r\n"))
	require.True(t, cases.Equal(s, parse(t, "# Claim.\n"+small)))
}

func TestEqualIgnoresPlaceAndNameOnly(t *testing.T) {
	a, b := parse(t, small), parse(t, "\n\n"+small)
	b.Name = "other"
	require.True(t, cases.Equal(a, b))
	b.Procs[0].Steps[0].Port = cases.IntValue(81)
	require.False(t, cases.Equal(a, b))
	c := parse(t, "# Claim.\n"+small)
	require.False(t, cases.Equal(a, c))
}

func TestPathsThroughRouters(t *testing.T) {
	const net = "host a\nhost b\nrouter r\nrouter s\nlink a r\nlink s b\n"
	const proc = "\nproc a\n  connect b:80\n"
	parse(t, net+"link r s\n"+proc)
	_, err := cases.Parse("test.txt", []byte(net+proc))
	require.EqualError(t, err, "test.txt:9:11: no path from a to b; add: link a b")
	parse(t, "host a\n\nproc a\n  connect a:80\n") // a host reaches itself
}

func TestTwoProcsShareASocket(t *testing.T) {
	s := parse(t, "host a\nhost b\nlink a b\n"+`
proc a
  listen 80 as=l
  accept as=c
  recv on=c
  accept on=l

proc a killer
  at 1s
  close on=c
  close on=l

proc b
  set syncnt 3
  connect a:80 as=c
  connect a:80 on=c
`)
	require.Equal(t, "c", s.Procs[1].Steps[1].On.Name)
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.txt")
	require.NoError(t, os.WriteFile(path, []byte(small), 0o600))
	s, err := cases.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "mine", s.Name)

	_, err = cases.ReadFile(filepath.Join(dir, "none.txt"))
	require.ErrorIs(t, err, fs.ErrNotExist)

	require.NoError(t, os.WriteFile(path, []byte("hots a\n"), 0o600))
	_, err = cases.ReadFile(path)
	require.ErrorContains(t, err, path+`:1:1: unknown directive "hots"; did you mean host?`)
}

func TestLimits(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"file":       {strings.Repeat("# x\n", 300_000), "1:1: the file is larger than 1 MiB; split the scenario"},
		"line":       {small + "# " + strings.Repeat("x", 1<<16), "7:1: a line of more than 64 KiB; split the line"},
		"elements":   {small + strings.Repeat("  recv\n", 20_000), "20001:1: more than 19999 elements; split the scenario"},
		"parameters": {strings.Repeat("param x 1\n", 1001), "1001:7: more than 1000 parameters; split the scenario"},
		"choices":    {"param x a {" + strings.Repeat("a,", 2000) + "}\n", "1:2012: more than 1000 choices; give a range"},
		"text":       {small + `  send "` + strings.Repeat("x", 1<<16-20) + `"` + "\n", ""},
		"errors":     {strings.Repeat("x\n", 200), "100:1: there may be more mistakes; mend these first"},
		"name":       {"host " + strings.Repeat("x", 65) + "\n", `is no name; a name is a letter, then letters, digits, _ or -, at most 64 in all`},
	} {
		_, err := cases.Parse("", []byte(c.text))
		if c.want == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, c.want, name)
	}
}

// TestValidateChecksWhatAProgramBuilt: without positions, all mistakes are
// reported, and nothing panics.
func TestValidateChecksWhatAProgramBuilt(t *testing.T) {
	s := &cases.Scenario{
		Source: []cases.Cite{{Text: "two words"}},
		Params: []cases.Param{{Name: "p"}},
		Hosts:  []cases.Host{{Name: "a"}, {Name: "b c"}},
		Links:  []cases.Link{{A: cases.Ref{Name: "a"}, B: cases.Ref{Name: "a"}}},
		Rules:  []cases.Rule{{From: cases.Ref{Name: "a"}, To: cases.Ref{Name: "a"}, Verdict: "loose", Match: "x"}},
		Procs: []cases.Proc{{
			Host: cases.Ref{Name: "a"}, Name: "a",
			Steps: []cases.Step{
				{Verb: cases.VerbConnect},
				{Verb: cases.VerbSleep},
				{Verb: cases.VerbSend, Data: cases.TextValue("")},
				{Verb: cases.VerbShutdown, How: cases.WordValue("off")},
				{Verb: cases.VerbSet, Option: cases.Ref{Name: "nodelay"}},
				{Verb: "crash"},
			},
		}},
	}
	err := s.Validate()
	require.Error(t, err)
	mistakes, _, _ := strings.Cut(err.Error(), "; write one of abort, accept, ") // the verbs
	require.Equal(t, `"two words" is no document; write the name of a file or an address
param p is not used; write $p where its value belongs, or remove it
param p has no default; write a value
sleep without DUR; write a duration such as 5ms
an empty text; write at least one character
"off" is not known here; write one of both, read, write
set without VALUE; write on or off
"b c" is no name; a name is a letter, then letters, digits, _ or -, at most 64 in all
a link from a to itself; name two
unknown verdict "loose"; write one of corrupt, delay, drop, dup
match "x": unknown term "x"; known are F, R, S, SA, ack, any, contains="TEXT", data, dataF, dport=N, flags=LETTERS, icmp, len=N, rexmit, sport=N, tcp, win=N (with N also !=, <, <=, >, >=); put ! before a term for not
connect without a host; write connect HOST:PORT
unknown step "crash"`, mistakes)
}

func TestValuesPrintCanonically(t *testing.T) {
	for text, want := range map[string]string{
		"0ms": "0s", "1.5s": "1500ms", "2m7s": "127s", "1h": "3600s", "1us": "1us", "1.5us": "1500ns", "3µs": "3us",
	} {
		s := parse(t, small+"  sleep "+text+"\n")
		require.Equal(t, want, s.Procs[0].Steps[1].Time.String(), text)
	}
	for text, want := range map[string]string{
		"1": "1", "60000": "60000", "64KB": "64000", "64KiB": "64KiB", "1024B": "1KiB", "1MB": "1000000", "16MiB": "16MiB",
	} {
		s := parse(t, small+"  send "+text+"\n")
		require.Equal(t, want, s.Procs[0].Steps[1].Data.String(), text)
	}
}
