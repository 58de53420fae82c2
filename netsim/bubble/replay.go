package bubble

import (
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// The environment variables that this package reads.
const (
	// SeedVariable is the environment variable whose value, an unsigned decimal
	// or 0x… number of 64 bits, takes the place of [Config.Seed] in every network
	// that [New], [Check] and [Pair] make; not in those of [Sweep], whose seeds
	// stand in the names of its tests.
	SeedVariable = "RSTLAB_SEED"
	// LadderVariable is the environment variable that has the ladder logged: "all"
	// is every connection in full length, also of tests that pass (go test -v
	// shows those); "off" is never. Unset, a test that fails shows the connections
	// that matter.
	LadderVariable = "RSTLAB_LADDER"
)

// seedFor is the seed of a network: the configured one, unless the environment
// says otherwise.
func seedFor(t testing.TB, cfg Config) uint64 {
	t.Helper()
	text := os.Getenv(SeedVariable)
	if text == "" || cfg.sweep != nil {
		return cfg.Seed
	}
	value, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		t.Errorf("bubble: environment variable %s=%q: want a number from 0 to 2^64-1, such as 7 or 0xbeef; the seed stays %d",
			SeedVariable, text, cfg.Seed)
		return cfg.Seed
	}
	if value != cfg.Seed {
		t.Logf("bubble: seed %d, as %s says", value, SeedVariable)
	}
	return value
}

// replayCommand is what to type to run a test again.
func replayCommand(t testing.TB, cfg Config, flags string) string {
	command := "go test -run " + shellQuote(runPattern(t.Name())) + flags
	if path := importPath(); path != "" {
		command += " " + path
	}
	if cfg.sweep != nil {
		return command
	}
	return fmt.Sprintf("%s=%d %s", SeedVariable, cfg.Seed, command)
}

// runPattern is the argument of -run that selects just the named test: each
// element between slashes is a regular expression of its own.
func runPattern(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// shellQuote quotes for a POSIX shell.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// importPath is that of the package under test, or "" when the binary does not
// say.
func importPath() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	path, ok := strings.CutSuffix(info.Path, ".test")
	if !ok || path == "command-line-arguments" {
		return ""
	}
	return path
}
