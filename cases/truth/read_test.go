package truth_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/cases"
	"rstlab/cases/truth"
)

// everything uses all that the notation has.
const everything = `# Linux 6.18.44, x86_64
== 99-x | everything at once
delay 50
dur 5000
nots
kernonly
sysctl net.ipv4.tcp_retries2 3
sysctl net.ipv4.tcp_rmem 4096 131072 6291456
rule drop A ack 1
rule drop B notR 0
rule delay B dataF 2 30
0 B l listen rcvbuf 8192
1 A c sndbuf 200000
2 A c syncnt 3
10 A c connect
10 A d connect 81
15 B s accept l
20 A c linger 1
21 A c nodelay
22 A c rcvbuf 4096
23 A c utimeout 3000
24 A c keepalive 1 2 3
30 R down AB
31 R up A
32 R up B
33 R down BA
34 R inject A R seq=n-1
35 R inject A RA seq=wnd-1 ack=n5
36 R inject B S seq=1000 sport=5555 dport=80
37 R inject B FPA seq=wnd1000 ack=#
`

func TestReadUnderstandsAllOfTheNotation(t *testing.T) {
	text := strings.Replace(everything, " ack=#", " ack=7", 1) + `100 A c send 100
101 A c send HELLO
102 B s recv 10
103 B s recvnb 10
104 B s recvloop 3000 20
105 B s recvloop 10
106 B s peek 3
107 B s poll
108 B s outq
109 B s state
110 B s soerr
111 A c shutwr
112 A c shutrd
113 A c shutrdwr
114 B s killproc
115 A c close

--- results (call = result @completion, ms)
0 B l listen rcvbuf 8192         = 0 @0
100 A c send 100                 = 100 @101
102 B s recv 10                  = 10 "abcdefghij" @151
104 B s recvloop 3000 20         = 5 "ERR, ", 2 "O\"", ECONNRESET @200
105 B s recvloop 10              = total 7, 0 (EOF) @200
106 B s peek 3                   = still blocked at end @5001
107 B s poll                     = IN|OUT|HUP|RDHUP @107

--- transcript
     0.1    * B l.listen(rcvbuf,8192) = 0
    10.9    * A c.connect() ... blocks
    11.1  A>B S    seq=0 len=0 win=64240 ts DROPPED (rule)
    21.7      B conn: - -> SYN_RECV (no fd)
    34.1  INJECT>A R    seq=64513 len=0 win=1000 (rcv_nxt+64512, window 64512)
    34.2  B>A RA   seq=#0 ack=1 len=0 win=0 arrives 44.2 (+30ms)
          ... 2 data/ACK packets from A, 3 from B ...
          ... 7 data/ACK packets from A ...
   101.2    * A c.send(HELLO) = 5  [TCP_INFO ESTABLISHED]
   104.3    * B s.recv -> 20 (recvloop)  [TCP_INFO ESTABLISHED]
  5000.9  END A kernel table: 
  5000.9  B>A FA   seq=1 ack=1 len=0 win=64 ts arrives 5010.9 
`
	files, err := truth.Read("x.txt", []byte(text))
	require.NoError(t, err)
	require.Len(t, files, 1)
	f := files[0]
	require.Equal(t, "Linux 6.18.44, x86_64", f.Kernel)
	require.Equal(t, "99-x", f.ID)
	require.Equal(t, "everything at once", f.Title)
	require.Equal(t, 50*time.Millisecond, f.Delay)
	require.Equal(t, 5*time.Second, f.Duration)
	require.True(t, f.NoTimestamps && f.KernelOnly)
	require.Equal(t, "4096 131072 6291456", f.Sysctls[1].Value)
	require.Equal(t, 30*time.Millisecond, f.Rules[2].Delay)
	require.Zero(t, f.Rules[1].Nth, "every one")
	require.Len(t, f.Packets, 6, "three, and three that stand for others, none behind END")
	require.True(t, f.Packets[0].Dropped)
	require.Equal(t, int64(64513), f.Packets[1].Seq)
	require.True(t, f.Packets[2].SeqAbsolute)
	require.Equal(t, 3, f.Packets[4].Elided)
	results := map[string]string{}
	for i := range f.Calls {
		if r := f.Calls[i].Result; r != nil {
			results[f.Calls[i].String()] = r.Text
		}
	}
	require.Equal(t, "5", results["101 A c send HELLO"], "from the transcript")
	require.Equal(t, `5 "ERR, ", 2 "O\"", ECONNRESET`, results["104 B s recvloop 3000 20"])
	require.Equal(t, "still blocked at end", results["106 B s peek 3"])

	tr, err := truth.Translate(f, truth.DefaultStack)
	require.NoError(t, err)
	_, err = tr.Run()
	require.NoError(t, err)
}

func TestEstIsThreeSteps(t *testing.T) {
	files, err := truth.Read("x.txt", []byte("== 1 | x\nest\n"))
	require.NoError(t, err)
	var steps []string
	for i := range files[0].Calls {
		steps = append(steps, files[0].Calls[i].String())
	}
	require.Equal(t, []string{"0 B l listen", "10 A c connect", "15 B s accept l"}, steps)
}

func TestSeveralScenariosInAFile(t *testing.T) {
	files, err := truth.Read("x.txt", []byte("== 1 | x\nest\n--- transcript\n== 2 | y\nest\n"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	require.Equal(t, "2", files[1].ID)
}

// TestMistakesAreToldWithPlaceAndRemedy: file:line:column, the problem, what to
// do.
func TestMistakesAreToldWithPlaceAndRemedy(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "x.txt:1:1: there is no scenario; begin with a line such as: == 1a | what happens"},
		{"est\n", `x.txt:1:1: "est" before the first scenario; begin with a line such as: == 1a | what happens`},
		{"== 1 | caf\xe9\nest\n", "x.txt:1:11: byte 0xe9 is not UTF-8; save the file as UTF-8"},
		{"== 1 | t\nest\n\x1b\n", "x.txt:3:1: control character U+001B; remove it"},
		{"== 1\nest\n", "x.txt:1:1: a scenario without id and title; write == id | title"},
		{"== a/b | t\nest\n", `x.txt:1:1: "a/b" is no id; use letters, digits, _ - and .`},
		{"== 1 | t\n", "x.txt:1:1: scenario 1 does nothing; write est, or steps such as: 10 A c connect"},
		{"== 1 | t\nest\nfoo 1\n", `x.txt:3:1: unknown directive "foo"; the directives are delay, dur, est, kernonly, nots, rule and sysctl; a step begins with its time in ms`},
		{"== 1 | t\nest\ndelay x\n", `x.txt:3:7: "x" is no delay in ms; write a number from 0 to 86400000`},
		{"== 1 | t\nest\ndelay 1\ndelay 2\n", "x.txt:4:1: delay is given twice; leave one out"},
		{"== 1 | t\nest\ndur\n", "x.txt:3:1: dur with 0 arguments; write dur MS"},
		{"== 1 | t\nest\nsysctl a\n", "x.txt:3:1: sysctl with 1 arguments; write sysctl NAME VALUE"},
		{"== 1 | t\nest\nrule lose A ack 1\n", `x.txt:3:1: "rule lose A ack 1" is no rule; write rule drop HOST MATCH N, or rule delay HOST MATCH N MS`},
		{"== 1 | t\nest\nrule drop C ack 1\n", `x.txt:3:11: "C" is no host; write A or B`},
		{"== 1 | t\nest\nrule drop A icmp 1\n", `x.txt:3:13: unknown match "icmp"; write one of any, data, ack, R, notR, dataF, F, S, SA`},
		{"== 1 | t\nest\nrule delay A ack 1 0\n", "x.txt:3:20: a delay of 0 ms; leave the rule out"},
		{"== 1 | t\nest\n10 A c\n", `x.txt:3:1: "10 A c" is no step; write TIME HOST SOCKET CALL ARGS, such as: 100 A c send 10`},
		{"== 1 | t\nest\n10 C c close\n", `x.txt:3:4: "C" is no host; write A, B or R`},
		{"== 1 | t\nest\n10 A 1 close\n", `x.txt:3:6: "1" is no name of a socket; use letters and digits, beginning with a letter`},
		{"== 1 | t\nest\n10 A c frob\n", `x.txt:3:8: unknown call "frob"; the calls are accept, close, connect, keepalive, killproc, linger, listen, nodelay, outq, peek, poll, rcvbuf, recv, recvloop, recvnb, send, shutrd, shutrdwr, shutwr, sndbuf, soerr, state, syncnt, utimeout`},
		{"== 1 | t\nest\n10 A c recv\n", "x.txt:3:8: recv with 0 arguments; write recv N"},
		{"== 1 | t\nest\n10 A c recv ten\n", `x.txt:3:13: "ten" is no number; write a number from 1 to 1073741824`},
		{"== 1 | t\nest\n10 A c keepalive 1 1\n", "x.txt:3:8: keepalive with 2 arguments; write keepalive IDLE INTVL CNT"},
		{"== 1 | t\nest\n10 B s2 accept x\n", `x.txt:3:1: B has no listener "x"; add a step such as: 0 B x listen`},
		{"== 1 | t\nest\n10 R explode AB\n", `x.txt:3:6: the relay cannot "explode"; write TIME R down AB, TIME R up AB, or TIME R inject HOST FLAGS seq=N`},
		{"== 1 | t\nest\n10 R down C\n", `x.txt:3:11: "C" is no end of the link; write A, B or AB`},
		{"== 1 | t\nest\n10 R inject A R\n", "x.txt:3:13: inject without seq=; add seq=n0 for what A expects next"},
		{"== 1 | t\nest\n10 R inject A X seq=n0\n", `x.txt:3:15: "X" are no flags of a forged segment; write one of R, RA, S, SA, A, PA, FA, FPA, F`},
		{"== 1 | t\nest\n10 R inject A R seq=m0\n", `x.txt:3:17: "seq=m0" is no sequence number; write n0, n-1 or n100 for what the host expects next, wnd0 for its window's right edge, or a number`},
		{"== 1 | t\nest\n10 R inject A R seq=n0 ttl=3\n", `x.txt:3:24: inject has no option "ttl=3"; the options are ack=, dport=, seq= and sport=`},
		{"== 1 | t\nest\n10 R inject A R seq=n0 sport=0\n", `x.txt:3:30: "0" is no port; write a number from 1 to 65535`},
		{"== 1 | t\nest\n--- frob\n", `x.txt:3:1: unknown part "frob"; write --- results or --- transcript`},
		{"== 1 | t\nest\n--- transcript\n--- results\n", "x.txt:4:1: a second or misplaced --- results; the order is script, results, transcript"},
		{"== 1 | t\nest\n--- results\nnonsense\n", `x.txt:4:1: "nonsense" is no result; write CALL = RESULT @MS`},
		{"== 1 | t\nest\n--- results\n99 A c close = 0 @1\n", `x.txt:4:1: a result without its call: "99 A c close"; the script has no such call, or fewer of them`},
		{"== 1 | t\nest\n--- results\n10 A c connect = 1 2 @1\n", `x.txt:4:1: "1 2" is no result of a call; write a number, ok, an errno, 5 "HELLO", 0 (EOF), total N, END, or still blocked at end`},
		{"== 1 | t\nest\n5 A c recv 9\n--- results\n5 A c recv 9 = 2 \"abc\" @1\n", `x.txt:5:1: "2 \"abc\"" is no result of a call; write a number, ok, an errno, 5 "HELLO", 0 (EOF), total N, END, or still blocked at end`},
		{"== 1 | t\nest\n--- transcript\nxx\n", `x.txt:4:1: "xx" is no line of a transcript; begin with the time in ms, such as 100.5`},
		{"== 1 | t\nest\n--- transcript\n 1.0 nonsense\n", `x.txt:4:2: "1.0 nonsense" is no line of a transcript; the lines are packets (A>B PA seq=…), calls (* A c.send(10) = 10), A conn:, R, and END`},
		{"== 1 | t\nest\n--- transcript\n 1.0  A>B PA ack=1\n", "x.txt:4:2: a packet without sequence number or length; write seq= and len="},
		{"== 1 | t\nest\n--- transcript\n 1.0  A>B PX seq=1 len=0\n", `x.txt:4:11: "PX" are no flags; write letters of SFRPAUEW`},
		{"== 1 | t\nest\n--- transcript\n 1.0  A>B PA seq=z len=0\n", `x.txt:4:14: "seq=z" is no sequence number; write a number`},
	} {
		_, err := truth.Read("x.txt", []byte(c.text))
		var mistakes cases.Errors
		require.ErrorAs(t, err, &mistakes, "%q", c.text)
		require.Equal(t, c.want, mistakes[0].Error(), "%q", c.text)
	}
}

func TestReadFileTellsWhichFileIsMissing(t *testing.T) {
	_, err := truth.ReadFile(filepath.Join(t.TempDir(), "none.txt"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "none.txt")
}

// FuzzRead: whatever the text, reading it gives mistakes with a place or files
// that can be translated and run.
func FuzzRead(f *testing.F) {
	f.Add([]byte(everything))
	names, err := filepath.Glob("testdata/linux-6.18/1*.txt")
	require.NoError(f, err)
	for _, name := range names {
		src, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		files, err := truth.Read("x.txt", src)
		if err != nil {
			var mistakes cases.Errors
			require.ErrorAs(t, err, &mistakes)
			for _, m := range mistakes {
				require.Positive(t, m.Pos.Line, m.Error())
				require.NotEmpty(t, m.Remedy, m.Error())
			}
			return
		}
		for _, file := range files {
			tr, err := truth.Translate(file, truth.DefaultStack)
			require.NoError(t, err)
			parsed, err := cases.Parse(file.ID+".txt", []byte(tr.Text()))
			require.NoError(t, err)
			require.True(t, cases.Equal(parsed, tr.Scenario), "what is printed is what runs")
		}
	})
}
