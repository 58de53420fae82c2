package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/netsim/trace"
)

func TestRunWithoutExpectationSucceeds(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	out := succeed(t, "run", "small.txt", "--set", "rtt=40ms")
	require.Contains(t, out, "expected nothing: no example has these parameters\n")
	require.Contains(t, out, `server: recv="bye" recv=EOF | client: ok`)
}

func TestRunComparesWithTheExampleOfItsParameters(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	require.Contains(t, succeed(t, "run", "small.txt"), "expected yes, by the example at small.txt:26:")
	require.Contains(t, succeed(t, "run", "small.txt", "--set", "rtt=10000us"), "expected yes", "a default by another name")
	out := succeed(t, "run", "small.txt", "--set", "rtt=30ms", "--set", "words=see you")
	require.Contains(t, out, "expected yes, by the example at small.txt:28:")
}

func TestRunThatDiffersHasStatus1(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	const diff = "server: want recv=\"bye\" recv=ECONNRESET\n"
	args := []string{"run", "small.txt", "--set", "rtt=20ms"}

	got := rstlab("", args...)
	require.Equal(t, exitDiffers, got.code)
	require.Contains(t, got.stdout, "expected NO, ")
	require.Contains(t, got.stdout, diff)

	got = rstlab("", append(args, "--quiet")...)
	require.Equal(t, exitDiffers, got.code)
	require.Len(t, strings.Split(got.stdout, "\n"), 3, "outcome and hash, even so")
	require.Contains(t, got.stderr, diff)

	got = rstlab("", append(args, "--pcap", "-")...)
	require.Equal(t, exitDiffers, got.code)
	require.Contains(t, got.stderr, diff)

	got = rstlab("", append(args, "--json")...)
	require.Equal(t, exitDiffers, got.code)
	require.Empty(t, got.stderr)
	require.Contains(t, got.stdout, `"ok": false`)
}

func TestScenarioComesFromCatalogueFileOrStandardInput(t *testing.T) {
	src, err := cases.Source("reset/linger-zero")
	require.NoError(t, err)
	emptyDir(t, map[string]string{"mine.txt": string(src), "no-suffix": string(src), "reset/linger-zero": "not this one"})
	want := succeed(t, "run", "reset/linger-zero", "--quiet")
	require.Equal(t, want, succeed(t, "run", "mine.txt", "--quiet"))
	require.Equal(t, want, succeed(t, "run", "./mine.txt", "--quiet"))
	require.Equal(t, want, succeed(t, "run", "no-suffix", "--quiet"))
	require.Equal(t, ended{exitOK, want, ""}, rstlab(string(src), "run", "-", "--quiet"))
}

func TestSeedChangesTheHashAndIsShown(t *testing.T) {
	first := succeed(t, "run", "reset/linger-zero", "--quiet", "--seed", "1")
	require.NotEqual(t, first, succeed(t, "run", "reset/linger-zero", "--quiet", "--seed", "2"))
	require.Equal(t, first, succeed(t, "run", "reset/linger-zero", "--quiet", "--seed", "1"))
	require.Contains(t, succeed(t, "run", "reset/linger-zero", "--seed", "18446744073709551615"), "  seed    18446744073709551615\n")
}

func TestRunWritesEachFormat(t *testing.T) {
	emptyDir(t, nil)
	succeed(t, "run", "reset/linger-zero", "--pcap", "x.pcapng", "--svg", "x.svg", "--trace", "x.ndjson")
	succeed(t, "run", "reset/linger-zero", "--trace", "x.trace")
	all := files(t)
	require.Len(t, all, 4, "nothing else stays behind")

	hash := strings.Fields(succeed(t, "run", "reset/linger-zero", "--quiet"))
	fromJSON, err := trace.ParseNDJSON(strings.NewReader(all["x.ndjson"]))
	require.NoError(t, err)
	require.Equal(t, hash[len(hash)-1], fromJSON.Hash().String(), "the trace is the whole run")
	fromText, err := trace.ParseText(strings.NewReader(all["x.trace"]))
	require.NoError(t, err)
	require.Equal(t, fromJSON.Hash(), fromText.Hash())
	require.True(t, strings.HasPrefix(all["x.pcapng"], "\x0a\x0d\x0d\x0a"), "a section header block opens a pcapng")
	require.NoError(t, wellFormed(all["x.svg"]))
}

func wellFormed(text string) error {
	for decoder := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := decoder.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func TestFileGoesToStandardOutputInPlaceOfTheReport(t *testing.T) {
	emptyDir(t, nil)
	for _, flag := range []string{"--pcap", "--svg", "--trace"} {
		name := "x.ndjson" // the format of the trace on standard output
		alone := succeed(t, "run", "reset/linger-zero", flag, "-")
		succeed(t, "run", "reset/linger-zero", flag, name)
		require.Equal(t, files(t)[name], alone, flag)
	}
}

func TestRunWithAMistakeLeavesOldFilesAlone(t *testing.T) {
	emptyDir(t, map[string]string{"x.svg": "old"})
	got := rstlab("", "run", "reset/linger-zero", "--svg", "x.svg", "--pcap", "none/x.pcapng")
	require.Equal(t, exitWrong, got.code)
	require.Equal(t, map[string]string{"x.svg": "old"}, files(t))
}

func TestFileKeepsItsPermissionsAndLinks(t *testing.T) {
	emptyDir(t, map[string]string{"x.svg": "old"})
	require.NoError(t, os.Chmod("x.svg", 0o640))
	require.NoError(t, os.Symlink("x.svg", "link.svg"))
	succeed(t, "run", "reset/linger-zero", "--svg", "link.svg")
	info, err := os.Lstat("link.svg")
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink, "the link is still one")
	info, err = os.Lstat("x.svg")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode())
	require.NoError(t, wellFormed(files(t)["x.svg"]))
}

func TestDeviceIsWrittenInPlace(t *testing.T) {
	if _, err := os.Stat(os.DevNull); err != nil {
		t.Skip(err)
	}
	succeed(t, "run", "reset/linger-zero", "--svg", os.DevNull)
	info, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	require.False(t, info.Mode().IsRegular(), "it is still a device")
}

// brokenPipe fails as a pipe does that nobody reads.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestStandardOutputThatFailsIsReported(t *testing.T) {
	for _, args := range [][]string{{"list"}, {"run", "reset/linger-zero"}, {"version", "--json"}, {"run", "reset/linger-zero", "--pcap", "-"}} {
		var stderr bytes.Buffer
		require.Equal(t, exitWrong, run(args, nil, brokenPipe{}, &stderr), args)
		require.Contains(t, stderr.String(), io.ErrClosedPipe.Error(), args)
	}
}

// runSchema is what readers of run --json rely on.
type runSchema struct {
	Scenario string            `json:"scenario"`
	Seed     uint64            `json:"seed"`
	Params   map[string]string `json:"params"`
	Outcome  string            `json:"outcome"`
	Hash     string            `json:"hash"`
	OK       bool              `json:"ok"`
	Expected *struct {
		Place   string `json:"place"`
		Outcome string `json:"outcome"`
		Diff    string `json:"diff"`
	} `json:"expected"`
	Observations []observation `json:"observations"`
	Unread       []struct {
		Proc  string `json:"proc"`
		Bytes int    `json:"bytes"`
	} `json:"unread"`
	Stats struct {
		Events    uint64 `json:"events"`
		Packets   uint64 `json:"packets"`
		Steps     uint64 `json:"steps"`
		VirtualNS int64  `json:"virtual_ns"`
		WallNS    int64  `json:"wall_ns"`
	} `json:"stats"`
}

type observation struct {
	Proc    string `json:"proc"`
	Step    int    `json:"step"`
	Call    string `json:"call"`
	Op      string `json:"op"`
	BeginNS int64  `json:"begin_ns"`
	EndNS   *int64 `json:"end_ns"`
	Result  string `json:"result"`
	Errno   string `json:"errno"`
	Bytes   int    `json:"bytes"`
	Data    string `json:"data"`
	Value   string `json:"value"`
	Killed  bool   `json:"killed"`
}

// only decodes a text that must be one JSON value with known fields.
func only(t *testing.T, text string, v any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(v))
	_, err := decoder.Token()
	require.Equal(t, io.EOF, err, "there is one value")
}

func TestRunJSONKeepsItsSchema(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	text := succeed(t, "run", "small.txt", "--json", "--seed", "7")
	var got runSchema
	only(t, text, &got)
	require.Equal(t, "small", got.Scenario)
	require.Equal(t, uint64(7), got.Seed)
	require.Equal(t, map[string]string{"rtt": "10ms", "words": `"bye"`, "order": "write", "bytes": "1KiB"}, got.Params)
	require.Equal(t, `server: recv="bye" recv=EOF | client: ok`, got.Outcome)
	require.Regexp(t, `^[0-9a-f]{64}$`, got.Hash)
	require.True(t, got.OK)
	require.Equal(t, "small.txt:26:1", got.Expected.Place)
	require.Equal(t, got.Outcome, got.Expected.Outcome)
	require.Empty(t, got.Expected.Diff)
	require.Positive(t, got.Stats.Events)
	require.Equal(t, uint64(7), got.Stats.Packets)
	require.Positive(t, got.Stats.Steps)
	require.Positive(t, got.Stats.WallNS)
	require.GreaterOrEqual(t, got.Stats.VirtualNS, int64(20e6))

	i := slices.IndexFunc(got.Observations, func(o observation) bool { return o.Call == "recv 1KiB" })
	read := got.Observations[i]
	require.Equal(t, "server", read.Proc)
	require.Equal(t, "recv", read.Op)
	require.Equal(t, 2, read.Step)
	require.Equal(t, `"bye"`, read.Result)
	require.Equal(t, "bye", read.Data)
	require.Equal(t, 3, read.Bytes)
	require.Equal(t, int64(15e6), read.BeginNS)
	require.Equal(t, int64(15e6), *read.EndNS)

	var fields map[string]json.RawMessage
	only(t, text, &fields)
	for _, field := range []string{"scenario", "seed", "params", "outcome", "hash", "ok", "expected", "observations", "stats"} {
		require.Contains(t, fields, field, "it is there in every object")
	}
}

func TestRunJSONWithoutExpectationHasNullForIt(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small})
	var got runSchema
	text := succeed(t, "run", "small.txt", "--json", "--quiet", "--set", "rtt=40ms", "--set", `words=a "b" <c>`)
	only(t, text, &got)
	require.Equal(t, 1, strings.Count(text, "\n"), "quiet is one line")
	require.True(t, got.OK)
	require.Nil(t, got.Expected)
	require.Equal(t, `"a \"b\" <c>"`, got.Params["words"], "in the notation of scenarios")
	require.Equal(t, "small", got.Scenario)
}

func TestRunJSONHasNullForACallThatNeverReturns(t *testing.T) {
	emptyDir(t, map[string]string{"wait.txt": "host a\nhost b\nlink a b\n\nproc a\n  listen 80\n  accept\n"})
	var got runSchema
	only(t, succeed(t, "run", "wait.txt", "--json"), &got)
	require.Equal(t, "blocked", got.Observations[1].Result)
	require.Nil(t, got.Observations[1].EndNS)
	require.Contains(t, succeed(t, "run", "wait.txt"), "never")
}
