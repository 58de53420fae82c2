package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// malformed is a command line that must be refused: with status 2, with this
// message, with nothing on standard output, and with no file made or changed.
type malformed struct {
	name  string
	args  []string
	stdin string
	want  string // the whole message without its last line break; a regexp when it begins with ~
}

const runUsage = "write rstlab run NAME with a name that rstlab list shows, or rstlab run FILE"

const runFlagList = "the flags are --all, --check, --json, --pcap, --pcap-host, --quiet, --seed, --set, --stack, --svg, --trace, -h"

const seedUsage = "write --seed N (where everything random begins; N is a whole number from 0 to 2^64-1)"

func TestMalformedCommandLinesAreRefused(t *testing.T) {
	cases := []malformed{
		{name: "host of a capture that is not made", args: []string{"run", "reset/linger-zero", "--pcap-host", "client"}, want: `rstlab run: --pcap-host client without --pcap; add --pcap FILE, or leave it out`},
		{name: "unknown host of a capture", args: []string{"run", "reset/linger-zero", "--pcap", "x.pcapng", "--pcap-host", "cleint"}, want: `rstlab run: --pcap-host cleint: the scenario has no such host; write one of client, server`},
		{name: "unknown stack", args: []string{"run", "reset/linger-zero", "--stack", "minix"}, want: `rstlab run: --stack minix: no stack "minix"; write one of freebsd, linux, netstack, netstack-model, rfc9293, windows`},
		{name: "stack of an unknown host", args: []string{"run", "reset/linger-zero", "--stack", "cleint=linux"}, want: `rstlab run: --stack cleint=linux: the scenario has no host "cleint"; write one of client, server`},
		{name: "two stacks of a host", args: []string{"run", "reset/linger-zero", "--stack", "linux", "--stack", "windows"}, want: `rstlab run: --stack windows: a second stack for the same; leave one out`},
		{name: "stack of all examples", args: []string{"run", "--all", "--stack", "linux"}, want: `~--stack with --all`},
		{name: "unknown profile", args: []string{"profiles", "minix"}, want: `rstlab profiles: no profile "minix"; write one of rfc9293, linux, netstack, freebsd, windows`},
		// Commands.
		{name: "unknown command", args: []string{"frobnicate"}, want: `~^rstlab: unknown command "frobnicate"; the commands are bisect, .*, run, .*version$`},
		{name: "misspelt command", args: []string{"lits"}, want: `rstlab: unknown command "lits"; did you mean list?`},
		{name: "scenario without run", args: []string{"reset/linger-zero"}, want: `rstlab: reset/linger-zero is a scenario, not a command; write rstlab run reset/linger-zero`},
		{name: "command of a later version", args: []string{"prove", "reset/linger-zero"}, want: `~^rstlab: unknown command "prove"; `},
		{name: "unknown global flag", args: []string{"--verbose"}, want: `rstlab: unknown flag "--verbose"; the flags are -h, -v`},
		{name: "empty command", args: []string{""}, want: `~^rstlab: unknown command ""; the commands are `},
		{name: "help about nothing", args: []string{"help", "frobnicate"}, want: `~^rstlab help: no help about "frobnicate"; the commands are bisect, `},
		{name: "help about too much", args: []string{"help", "run", "x"}, want: `rstlab help: no help about "x" of rstlab run; write rstlab help run`},
		{name: "unknown shell", args: []string{"completion", "csh"}, want: `~^rstlab completion: unknown command "csh"; `},
		{name: "argument after shell", args: []string{"completion", "bash", "x"}, want: `rstlab completion bash: unexpected argument "x"; leave it out`},
		{name: "version with argument", args: []string{"version", "x"}, want: `rstlab version: unexpected argument "x"; leave it out`},
		{name: "version with unknown flag", args: []string{"version", "--yaml"}, want: `rstlab version: unknown flag "--yaml"; the flags are --json, -h`},

		// list.
		{name: "unknown topic", args: []string{"list", "rest"}, want: `~^rstlab list: no topic "rest" in the catalogue; the topics are close, close-unread, connect, `},
		{name: "list of a scenario", args: []string{"list", "reset/linger-zero"}, want: `rstlab list: reset/linger-zero is a scenario, not a topic; write rstlab run reset/linger-zero, or rstlab list reset`},
		{name: "two topics", args: []string{"list", "reset", "connect"}, want: `rstlab list: more than one topic: reset connect; write one of them, or none for all`},
		{name: "list with unknown letter", args: []string{"list", "-l"}, want: `rstlab list: unknown flag "-l"; the flags are --json, --matrix, --stack, -h`},

		{name: "glob that fits nothing", args: []string{"list", "x*"}, want: `rstlab list: no scenario of the catalogue fits "x*"; rstlab list shows all`},
		{name: "glob without end", args: []string{"list", "reset/[a"}, want: `rstlab list: "reset/[a" is no pattern; write * for anything but /, ? for one letter, [abc] for one of these`},

		{name: "matrix of an unknown stack", args: []string{"list", "--matrix", "--stack", "minix"}, want: `rstlab list: --stack minix: no stack "minix"; write one of freebsd, linux, netstack, netstack-model, rfc9293, windows`},
		{name: "stack without matrix", args: []string{"list", "--stack", "linux"}, want: `rstlab list: --stack linux without --matrix: the catalogue is for all stacks; add --matrix, or leave it out`},
		{name: "matrix of a topic", args: []string{"list", "--matrix", "rst"}, want: `rstlab list: --matrix with "rst": there is one matrix; leave one of them out`},

		// run --all.
		{name: "all with a setting", args: []string{"run", "--all", "--set", "rtt=5ms"}, want: `rstlab run: --set with --all; leave it out, or run a scenario without --all`},
		{name: "all with files", args: []string{"run", "--all", "--svg", "a.svg", "--pcap", "a.pcapng", "--pcap-host", "client"}, want: "rstlab run: --pcap with --all; leave it out, or run a scenario without --all\nrstlab run: --svg with --all; leave it out, or run a scenario without --all\nrstlab run: --pcap-host with --all; leave it out, or run a scenario without --all"},
		{name: "all of a misspelt scenario", args: []string{"run", "--all", "reset/linger-zer"}, want: `rstlab run: no scenario "reset/linger-zer" in the catalogue; did you mean reset/linger-zero?`},
		{name: "all of a wrong glob", args: []string{"run", "--all", "reset/x*"}, want: `rstlab run: no scenario of the catalogue fits "reset/x*"; rstlab list shows all`},
		{name: "all of a file with a mistake", args: []string{"run", "--all", "bad.txt"}, want: "bad.txt:1:1: link without B; write link A B [SETTING=VALUE…]"},
		{name: "all of no example", args: []string{"run", "--all", "untidy.txt"}, want: `rstlab run: there is no example to run; add lines such as: example netstack PROC: OP=RESULT`},

		// run: which scenario.
		{name: "run of nothing", args: []string{"run"}, want: "rstlab run: no scenario; " + runUsage},
		{name: "run of two", args: []string{"run", "reset/linger-zero", "connect/no-listener"}, want: `rstlab run: unexpected argument "connect/no-listener" after the scenario; run one at a time, and write parameters as --set PARAM=VALUE`},
		{name: "parameter without --set", args: []string{"run", "reset/linger-zero", "rtt=5ms"}, want: `rstlab run: unexpected argument "rtt=5ms" after the scenario; run one at a time, and write parameters as --set PARAM=VALUE`},
		{name: "misspelt scenario", args: []string{"run", "reset/linger-zer"}, want: `rstlab run: no scenario "reset/linger-zer" in the catalogue; did you mean reset/linger-zero?`},
		{name: "scenario without topic", args: []string{"run", "no-listener"}, want: `rstlab run: no scenario "no-listener" in the catalogue; did you mean connect/no-listener?`},
		{name: "scenario like no other", args: []string{"run", "quic"}, want: `rstlab run: no scenario "quic" in the catalogue; rstlab list shows all`},
		{name: "empty name", args: []string{"run", ""}, want: `rstlab run: no scenario "" in the catalogue; rstlab list shows all`},
		{name: "name with an escape sequence", args: []string{"run", "a\x1b[31m"}, want: `rstlab run: no scenario "a\x1b[31m" in the catalogue; rstlab list shows all`},
		{name: "no such file", args: []string{"run", "other.txt"}, want: `rstlab run: no file "other.txt"; write the path of a scenario file, or a name that rstlab list shows`},
		{name: "catalogue name with suffix", args: []string{"run", "reset/linger-zero.txt"}, want: `rstlab run: no file "reset/linger-zero.txt"; for the scenario of the catalogue write reset/linger-zero`},
		{name: "directory", args: []string{"run", "dir/"}, want: `rstlab run: "dir/" is a directory; name a file in it`},

		// run: flags.
		{name: "unknown flag", args: []string{"run", "small.txt", "--sed", "5"}, want: `rstlab run: unknown flag "--sed"; ` + runFlagList},
		{name: "unknown letter", args: []string{"run", "small.txt", "-q"}, want: `rstlab run: unknown flag "-q"; ` + runFlagList},
		{name: "flag without name", args: []string{"run", "small.txt", "--=5"}, want: `rstlab run: "--=5" is no flag; ` + runFlagList},
		{name: "negative seed", args: []string{"run", "small.txt", "--seed", "-1"}, want: `rstlab run: flag --seed: wrong value "-1"; ` + seedUsage},
		{name: "seed too large", args: []string{"run", "small.txt", "--seed", "18446744073709551616"}, want: `rstlab run: flag --seed: wrong value "18446744073709551616"; ` + seedUsage},
		{name: "seed without value", args: []string{"run", "small.txt", "--seed"}, want: `rstlab run: flag --seed needs a value; ` + seedUsage},
		{name: "switch that is no boolean", args: []string{"run", "small.txt", "--json=pretty"}, want: `rstlab run: flag --json: wrong value "pretty"; write --json alone, or --json=false`},
		{name: "set without value", args: []string{"run", "small.txt", "--set", "rtt"}, want: `rstlab run: --set "rtt" gives no parameter a value; write --set PARAM=VALUE`},
		{name: "set without parameter", args: []string{"run", "small.txt", "--set", "=5ms"}, want: `rstlab run: --set "=5ms" gives no parameter a value; write --set PARAM=VALUE`},
		{name: "set twice", args: []string{"run", "small.txt", "--set", "rtt=5ms", "--set", "rtt=6ms"}, want: `rstlab run: --set rtt=6ms: rtt is given twice; leave one out`},
		{name: "set of nothing known", args: []string{"run", "small.txt", "--set", "delay=5ms"}, want: `rstlab run: --set delay: the scenario has no such parameter; write one of bytes, order, rtt, words`},
		{name: "misspelt parameter", args: []string{"run", "small.txt", "--set", "rt=5ms"}, want: `rstlab run: --set rt: the scenario has no such parameter; did you mean rtt?`},
		{name: "value without unit", args: []string{"run", "small.txt", "--set", "rtt=5"}, want: `~^rstlab run: --set rtt=5: "5" needs a unit; write 5ms`},
		{name: "value of another kind", args: []string{"run", "small.txt", "--set", "rtt=5%"}, want: `~^rstlab run: --set rtt=5%: "5%" is a probability; write a duration`},
		{name: "value out of range", args: []string{"run", "small.txt", "--set", "rtt=5s"}, want: `rstlab run: --set rtt=5s: 5s is out of range; use 1ms..1s`},
		{name: "value that is no choice", args: []string{"run", "small.txt", "--set", "order=wriet"}, want: `~^rstlab run: --set order=wriet: .*write`},
		{name: "two wrong values", args: []string{"run", "small.txt", "--set", "rtt=0s", "--set", "bytes=1MiB"}, want: "rstlab run: --set bytes=1MiB: 1MiB is out of range; use 1B..64KiB\nrstlab run: --set rtt=0s: 0s is out of range; use 1ms..1s"},
		{name: "reference as value", args: []string{"run", "small.txt", "--set", "rtt=$bytes"}, want: `~^rstlab run: --set rtt=\$bytes: "\$bytes" refers to a parameter; use 1ms\.\.1s$`},

		// run: files.
		{name: "json and file on stdout", args: []string{"run", "small.txt", "--json", "--pcap", "-"}, want: `rstlab run: --json and --pcap - both want standard output; name a file: --pcap FILE`},
		{name: "quiet and file on stdout", args: []string{"run", "small.txt", "--quiet", "--svg=-"}, want: `rstlab run: --quiet and --svg - both want standard output; name a file: --svg FILE`},
		{name: "two files on stdout", args: []string{"run", "small.txt", "--svg", "-", "--trace", "-"}, want: `rstlab run: --trace -: this is the file of --svg; choose another file`},
		{name: "two files in one", args: []string{"run", "small.txt", "--pcap", "a", "--svg", "./a"}, want: `rstlab run: --svg ./a: this is the file of --pcap; choose another file`},
		{name: "file over the scenario", args: []string{"run", "small.txt", "--svg", "dir/../small.txt"}, want: `rstlab run: --svg dir/../small.txt: this is the scenario; choose another file`},
		{name: "trace of no format", args: []string{"run", "small.txt", "--trace", "a.json"}, want: `rstlab run: --trace a.json: the suffix says no format; end the name in .ndjson for JSON lines or .trace for text`},
		{name: "file without name", args: []string{"run", "small.txt", "--pcap", ""}, want: `rstlab run: --pcap names no file; write --pcap FILE`},
		{name: "file in no directory", args: []string{"run", "small.txt", "--svg", "a.svg", "--pcap", "no/a.pcapng"}, want: `rstlab run: "no/a.pcapng" cannot be written: there is no directory "no"; create it first`},
		{name: "file that is a directory", args: []string{"run", "small.txt", "--svg", "dir"}, want: `rstlab run: "dir" is a directory; name a file in it`},
		{name: "file below a file", args: []string{"run", "small.txt", "--svg", "small.txt/a.svg"}, want: `~^rstlab run: "small.txt/a.svg" cannot be written: .*; choose another file$`},

		// fmt.
		{name: "rewriting standard input", args: []string{"fmt", "-w"}, want: `rstlab fmt: -w cannot rewrite standard input; name files, or leave -w out`},
		{name: "fmt of no file", args: []string{"fmt", "-w", "small.txt", "other.txt"}, want: `rstlab fmt: no file "other.txt"; write the path of a scenario file, or a name that rstlab list shows`},
		{name: "fmt of a directory", args: []string{"fmt", "dir"}, want: `rstlab fmt: "dir" is a directory; name a file in it`},
		{name: "fmt with unknown letter", args: []string{"fmt", "-s", "small.txt"}, want: `rstlab fmt: unknown flag "-s"; the flags are -d, -h, -l, -w`},
		{name: "fmt of two files with mistakes", args: []string{"fmt", "-w", "small.txt", "bad.txt", "-"}, stdin: "hsot a\n", want: `rstlab fmt: -w cannot rewrite standard input; name files, or leave -w out`},
		{name: "fmt of a file with a mistake", args: []string{"fmt", "-w", "-l", "untidy.txt", "bad.txt"}, want: "bad.txt:1:1: link without B; write link A B [SETTING=VALUE…]"},
		{name: "fmt of wrong standard input", args: []string{"fmt"}, stdin: "hsot a\n", want: `stdin:1:1: unknown directive "hsot"; did you mean host?`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			emptyDir(t, map[string]string{"small.txt": small, "dir/x": "", "bad.txt": "link a\n", "untidy.txt": "host   a\n\n\nproc a\n listen 80\n"})
			c.refused(t)
		})
	}
}

// refused runs the command line and checks that it left nothing but the message.
func (c *malformed) refused(t *testing.T) {
	t.Helper()
	before := files(t)
	got := rstlab(c.stdin, c.args...)
	require.Equal(t, exitWrong, got.code, "wrong input has status 2")
	require.Empty(t, got.stdout, "nothing but the message is printed")
	require.Equal(t, before, files(t), "no file is made or changed")
	if pattern, ok := strings.CutPrefix(c.want, "~"); ok {
		require.Regexp(t, regexp.MustCompile(pattern), strings.TrimSuffix(got.stderr, "\n"))
		return
	}
	require.Equal(t, c.want+"\n", got.stderr)
}

// TestMalformedScenariosAreRefused runs files with mistakes. What the parser
// says about each is tested in package cases; here it is that rstlab shows it.
func TestMalformedScenariosAreRefused(t *testing.T) {
	const valid = "host a\nhost b\nlink a b\n"
	const busy = "proc a\n  connect b:80\n"
	cases := []struct{ name, text, want string }{
		{"nothing", "", `bad.txt:1:1: nobody does anything: there is no proc; add: proc HOST, and steps indented below it`},
		{"binary", "\x7fELF\x02\x01\x01\x00", `bad.txt:1:1: control character U+007F; remove it`},
		{"not UTF-8", "# caf\xe9\n" + valid + busy, `bad.txt:1:6: byte 0xe9 is not UTF-8; save the file as UTF-8`},
		{"misspelt directive", "hsot a\nhost b\nlink a b\n" + busy, `bad.txt:1:1: unknown directive "hsot"; did you mean host?`},
		{"step outside a proc", valid + "listen 80\n" + busy, `bad.txt:4:1: listen is a step; indent it below a proc`},
		{"misspelt step", valid + "proc a\n  lisen 80\n", `bad.txt:5:3: unknown step "lisen"; did you mean listen?`},
		{"two hosts of one name", "host a\nhost a\nhost b\nlink a b\n" + busy, `bad.txt:2:6: host a: there is a host of that name; choose another name`},
		{"link to nobody", "host a\nhost b\nlink a c\n" + busy, `bad.txt:3:8: unknown host or router "c"; write one of a, b`},
		{"link without unit", "host a\nhost b\nlink a b rtt=5\n" + busy, `bad.txt:3:14: "5" needs a unit; write 5ms or 5s`},
		{"unknown link setting", "host a\nhost b\nlink a b speed=5mbit\n" + busy, `~^bad.txt:3:10: unknown setting "speed"; write one of burst, corrupt, delay, dup, `},
		{"loss above one", "host a\nhost b\nlink a b loss=200%\n" + busy, `bad.txt:3:15: probability "200%": above 100%; use 0% to 100%`},
		{"unknown parameter", "host a\nhost b\nlink a b rtt=$rtt\n" + busy, `bad.txt:3:14: unknown parameter $rtt; leave it out: there are no parameters`},
		{"parameter without use", "param rtt 5ms\n" + valid + busy, `bad.txt:1:7: param rtt is not used; write $rtt where its value belongs, or remove it`},
		{"parameter out of its own range", "param rtt 5s 0s..1s\nhost a\nhost b\nlink a b rtt=$rtt\n" + busy, `bad.txt:1:11: param rtt: default 5s is out of range; use 0s..1s`},
		{"range the wrong way round", "param rtt 5ms 9ms..1ms\nhost a\nhost b\nlink a b rtt=$rtt\n" + busy, `bad.txt:1:15: param rtt: the range 9ms..1ms is empty; write 1ms..9ms`},
		{"choices without end", "param how read {read,write\n" + valid + busy + "  shutdown $how\n", `bad.txt:1:16: choices without end; close them with }`},
		{"proc on no host", valid + "proc c\n  sleep 1s\n", `bad.txt:4:6: unknown host "c"; write one of a, b`},
		{"port out of range", valid + "proc a\n  listen 70000\n", `bad.txt:5:10: 70000 is too large; the greatest is 65535`},
		{"text without end", valid + busy + "  send \"x\n", `bad.txt:6:8: text without end; close it with "`},
		{"send without data", valid + busy + "  send\n", `~^bad.txt:6:3: send without DATA; write send DATA `},
		{"recv before connect", valid + "proc a\n  recv\n", `bad.txt:5:3: recv without a connection; accept or connect first, or name a socket with on=`},
		{"unknown option", valid + busy + "  set linger2 1s\n", `bad.txt:6:7: unknown option "linger2"; did you mean linger?`},
		{"unknown verdict", valid + "rule a->b drpo syn\n" + busy, `bad.txt:4:11: unknown verdict "drpo"; did you mean drop?`},
		{"unknown match", valid + "rule a->b drop syyn\n" + busy, `~^bad.txt:4:16: match "syyn": unknown term "syyn"; known are F, R, S, SA, `},
		{"unknown stack", "host a stack=solaris\nhost b\nlink a b\n" + busy, `bad.txt:1:14: "solaris" is not known here; write one of freebsd, linux, netstack, netstack-model, rfc9293, windows`},
		{"wrong address", "host a addr=10.0.0.256\nhost b\nlink a b\n" + busy, `bad.txt:1:13: "10.0.0.256" is no address; write addresses such as 10.0.0.1 or fd00::1, joined by commas`},
		{"example of nobody", valid + busy + "example netstack c: ok\n", `bad.txt:6:18: unknown proc "c"; write a`},
		{"example without outcome", valid + busy + "example netstack\n", `bad.txt:6:9: no outcome; write PROC: OP=RESULT … | PROC: ok`},
		{"two mistakes", "hsot a\nhost b\nlnik a b\n" + busy, "bad.txt:1:1: unknown directive \"hsot\"; did you mean host?\nbad.txt:3:1: unknown directive \"lnik\"; did you mean link?"},
		{"a line of garbage", strings.Repeat("x", 1<<17) + "\n" + valid + busy, `bad.txt:1:1: a line of more than 64 KiB; split the line`},
		{"too large", strings.Repeat("# x\n", 1<<19), `bad.txt:1:1: the file is larger than 1 MiB; split the scenario`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			emptyDir(t, map[string]string{"bad.txt": c.text})
			(&malformed{args: []string{"run", "bad.txt", "--pcap", "x.pcapng"}, want: c.want}).refused(t)
			onStdin := strings.ReplaceAll(c.want, "bad.txt", stdinName)
			(&malformed{args: []string{"run", "-", "--json"}, stdin: c.text, want: onStdin}).refused(t)
		})
	}
}

func TestFileThatCannotBeReadOrWrittenIsRefused(t *testing.T) {
	emptyDir(t, map[string]string{"small.txt": small, "old.svg": "old"})
	lock(t, "old.svg", 0o444)
	(&malformed{args: []string{"run", "small.txt", "--svg", "old.svg"}, want: `rstlab run: "old.svg" cannot be written: permission denied; change the permissions, or choose another file`}).refused(t)
	lock(t, "small.txt", 0o000)
	got := rstlab("", "run", "small.txt")
	require.Equal(t, ended{exitWrong, "", "rstlab run: file \"small.txt\" cannot be read; change its permissions\n"}, got)
}
