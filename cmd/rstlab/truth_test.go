package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
)

// recordingsDir are the recordings that come with rstlab.
const recordingsDir = "../../cases/truth/testdata/linux-6.18"

// recording is the text of one of them; read it before the test leaves the
// package's directory.
func recording(t *testing.T, id string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(packageDir, recordingsDir, id+".txt"))
	require.NoError(t, err)
	return string(text)
}

func TestTruthTellsOfEveryRecording(t *testing.T) {
	out := succeed(t, "truth", recordingsDir)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 91+3)
	require.Equal(t, "10a   agrees", lines[0])
	require.Contains(t, lines, "4a    differs as explained (rst-after-close): B>A 4: Linux R seq=1 len=0; netstack RA seq=22 ack=1 len=0")
	require.Contains(t, lines, "5b    not modelled: nots: netstack has no switch for timestamps")
	require.Equal(t, "91 recordings on netstack: 52 agree, 38 differ as explained, 0 differ without a known cause, 1 not modelled", lines[len(lines)-2])
	require.Regexp(t, `^tolerated: jitter in \d+, kernel timer slack in \d+, delayed ACK in \d+, initial windows in \d+$`, lines[len(lines)-1])
	require.Equal(t, out, succeed(t, "truth", recordingsDir), "in the same order")
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	require.Contains(t, string(readme), "netstack agrees in 52 of them entirely", "the figure of the README")
}

func TestTruthShowsTheFirstUnexplainedDifferenceWithStatusOne(t *testing.T) {
	emptyDir(t, map[string]string{
		"some/1a.txt":     recording(t, "1a"),
		"some/1b.txt":     strings.Replace(recording(t, "1b"), "= 0 (EOF) @330", "= ECONNRESET @330", 1),
		"some/README.md":  "no recording",
		"some/sub/x.txt":  "not looked at",
		"other/other.txt": recording(t, "6c"),
	})
	got := rstlab("", "truth", "some", "other/other.txt")
	require.Equal(t, exitDiffers, got.code)
	require.Empty(t, got.stderr)
	require.Equal(t, `1a  agrees
1b  differs: 330 A c recv 100: Linux ECONNRESET @330ms; netstack 0 (EOF) @330ms
6c  agrees

3 recordings on netstack: 2 agree, 0 differ as explained, 1 differ without a known cause, 0 not modelled
tolerated: jitter in 3
`, got.stdout)
}

func TestTruthVerboseShowsEverything(t *testing.T) {
	got := succeed(t, "truth", recordingsDir, "--id", "4h", "-v")
	require.Contains(t, got, "4h  differs as explained (rst-after-close)\n")
	require.Contains(t, got, "    A>B 4: Linux R seq=1 len=0, R seq=1 len=0; netstack A seq=101 ack=1 len=0  (rst-after-close)\n")
	require.Contains(t, got, "    tolerated: delayed ACK ×4\n")
}

func TestTruthAsJSON(t *testing.T) {
	var o truthObject
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "truth", recordingsDir, "--json")), &o))
	require.True(t, o.OK)
	require.Equal(t, "netstack", o.Stack)
	require.Len(t, o.Files, 91)
	total := 0
	for _, n := range o.Summary {
		total += n
	}
	require.Equal(t, 91, total)
	for _, f := range o.Files {
		require.Equal(t, "Linux 6.18.44, x86_64", f.Kernel)
		for _, d := range f.Differences {
			require.NotEmpty(t, d.Causes, "%s: %s", f.ID, d.What)
		}
		require.Equal(t, f.ID+".txt", filepath.Base(f.File))
	}
}

func TestTruthWritesScenariosThatRun(t *testing.T) {
	dir := filepath.Join(packageDir, recordingsDir)
	emptyDir(t, nil)
	require.Empty(t, succeed(t, "truth", dir, "--id", "4a", "--id", "12b", "--write", "."))
	written := files(t)
	require.Len(t, written, 2)
	for name, text := range written {
		s, err := cases.Parse(name, []byte(text))
		require.NoError(t, err)
		require.Equal(t, text, cases.Print(s), "in canonical form")
		require.Contains(t, succeed(t, "run", name), "Recorded on Linux 6.18.44, x86_64 as "+strings.TrimSuffix(name, ".txt"))
	}
}

func TestTruthRefusesWrongInput(t *testing.T) {
	emptyDir(t, map[string]string{
		"bad/1.txt":   "== 1 | x\n10 A c frob\n",
		"bad/2.txt":   "nonsense\n",
		"empty/x":     "",
		"good/1a.txt": recording(t, "1a"),
	})
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "rstlab truth: nothing to compare with; write rstlab truth DIR, with a directory of recordings\n"},
		{[]string{"none"}, "rstlab truth: no file \"none\"; write the path of a scenario file, or a name that rstlab list shows\n"},
		{[]string{"empty"}, "rstlab truth: \"empty\" has no .txt file; name a directory with recordings\n"},
		{[]string{"good", "--stack", "windows95"}, "rstlab truth: no stack \"windows95\"; write one of " + strings.Join(cases.Stacks(), ", ") + "\n"},
		{[]string{"good", "--id", "7"}, "rstlab truth: no recording \"7\"; leave --id out to see all\n"},
		{[]string{"good", "--write", "nowhere"}, "rstlab truth: \"nowhere/1a.txt\" cannot be written: there is no directory \"nowhere\"; create it first\n"},
		{[]string{"bad", "good"}, `bad/1.txt:2:8: unknown call "frob"; the calls are accept, close, connect, keepalive, killproc, linger, listen, nodelay, outq, peek, poll, rcvbuf, recv, recvloop, recvnb, send, shutrd, shutrdwr, shutwr, sndbuf, soerr, state, syncnt, utimeout
bad/2.txt:1:1: "nonsense" before the first scenario; begin with a line such as: == 1a | what happens
`},
	} {
		got := rstlab("", append([]string{"truth"}, c.args...)...)
		require.Equal(t, exitWrong, got.code, c.args)
		require.Empty(t, got.stdout, c.args)
		require.Equal(t, c.want, got.stderr, c.args)
	}
}
