package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// packageDir is where testdata is, for tests that leave it.
var packageDir string

// commandLine is the environment variable with the command line, one argument a line,
// that this program is to run in place of the tests.
const commandLine = "RSTLAB_TEST_COMMAND_LINE"

func TestMain(m *testing.M) {
	fusedNotice = "" // what is printed is the same however this was compiled
	if args := os.Getenv(commandLine); args != "" {
		keepEvery = 0
		os.Exit(run(strings.Split(args, "\n"), os.Stdin, os.Stdout, os.Stderr))
	}
	var err error
	if packageDir, err = os.Getwd(); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// ended is what a command line left: its status and what it printed.
type ended struct {
	code           int
	stdout, stderr string
}

// rstlab runs a command line with stdin as its standard input.
func rstlab(stdin string, args ...string) ended {
	var stdout, stderr bytes.Buffer
	code := run(args, strings.NewReader(stdin), &stdout, &stderr)
	return ended{code, stdout.String(), stderr.String()}
}

// succeed runs a command line that must succeed silently but for what it gives.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	got := rstlab("", args...)
	require.Equal(t, "", got.stderr)
	require.Equal(t, exitOK, got.code)
	return got.stdout
}

// golden compares a text with a file in testdata, or rewrites the file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "go test -update ./cmd/rstlab writes it")
	require.Equal(t, string(want), got, "go test -update ./cmd/rstlab rewrites it")
}

// emptyDir makes a new directory the current one and fills it.
func emptyDir(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	}
}

// files are all files below the current directory with what is in them.
func files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[filepath.ToSlash(path)] = string(text)
		return err
	}))
	return all
}

// small is a scenario with a parameter of each sort, with one example that is
// met and one that is not.
const small = `# A client that closes is seen by a server that reads.
#
# This one is for tests.
source tests
rfc    RFC9293-3.10.4
param  rtt    10ms    1ms..1s         # round-trip time
param  words  "bye"
param  order  write   {read,write,both}
param  bytes  1KiB    1B..64KiB
host   client
host   server
link   client server rtt=$rtt

proc server
  listen 80
  accept
  recv $bytes
  recv

proc client
  connect server:80
  send $words
  shutdown $order
  close

example                          netstack  server: recv="bye" recv=EOF | client: ok
example rtt=20ms                 netstack  server: recv="bye" recv=ECONNRESET | client: ok
example rtt=30ms words="see you" netstack  server: recv="see you" recv=EOF
`

func TestInterruptedRunEndsWithoutAFile(t *testing.T) {
	emptyDir(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := runContext(ctx, []string{"run", "reset/linger-zero", "--pcap", "x.pcapng"}, nil, &stdout, &stderr)
	require.Equal(t, exitInterrupted, code)
	require.Empty(t, stdout.String())
	require.Equal(t, "rstlab run: interrupted; nothing was written\n", stderr.String())
	require.Empty(t, files(t))
}

// lock changes the permissions of a file. Who may do everything skips the test.
func lock(t *testing.T, name string, mode os.FileMode) {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Skip("permissions do not bind root")
	}
	require.NoError(t, os.Chmod(name, mode))
}
