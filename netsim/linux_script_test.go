package netsim_test

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/link"
	"rstlab/netsim/vtime"
)

// script is a scenario of testdata/linux.txt: calls made on a Linux kernel, and
// what they returned there.
type script struct {
	id, title string
	delay     time.Duration
	rules     []string
	calls     []*scriptCall
}

// scriptCall is "at host socket op args" and "= want @done".
type scriptCall struct {
	at           time.Duration
	host, socket string
	op           string
	args         []string
	want         string // on Linux
	done         time.Duration

	got     string // here
	gotDone time.Duration
}

func (c *scriptCall) key() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s %s %s %s", c.at/ms, c.host, c.socket, c.op, strings.Join(c.args, " ")))
}

var wantForm = regexp.MustCompile(`^(.*?)\s+= (.*)$`)

// readScripts reads testdata/linux.txt.
func readScripts(t *testing.T) []*script {
	f, err := os.Open("testdata/linux.txt")
	require.NoError(t, err)
	defer f.Close()
	var all []*script
	var s *script
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		words := strings.Fields(line)
		switch {
		case line == "" || words[0] == "#" || words[0] == "---" || words[0] == "dur":
		case words[0] == "==":
			id, title, _ := strings.Cut(strings.TrimPrefix(line, "== "), " | ")
			s = &script{id: id, title: title, delay: 10 * ms}
			all = append(all, s)
		case words[0] == "delay":
			s.delay = millis(t, words[1])
		case words[0] == "rule":
			s.rules = append(s.rules, line)
		case words[0] == "est":
			s.add(t, "0 B l listen")
			s.add(t, "10 A c connect")
			s.add(t, "15 B s accept l")
		case wantForm.MatchString(line):
			s.expect(t, wantForm.FindStringSubmatch(line))
		default:
			s.add(t, line)
		}
	}
	return all
}

func millis(t *testing.T, text string) time.Duration {
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return time.Duration(n) * ms
}

func (s *script) add(t *testing.T, line string) {
	words := strings.Fields(line)
	require.GreaterOrEqual(t, len(words), 4, "%s: %s", s.id, line)
	s.calls = append(s.calls, &scriptCall{
		at: millis(t, words[0]), host: words[1], socket: words[2], op: words[3], args: words[4:],
	})
}

// expect notes what a call returned: "100 @101", "still blocked at end @4001".
func (s *script) expect(t *testing.T, parts []string) {
	value, done, ok := strings.Cut(parts[2], " @")
	require.True(t, ok, parts[0])
	for _, c := range s.calls {
		if c.key() == parts[1] && c.want == "" {
			c.want, c.done = value, millis(t, done)
			return
		}
	}
	t.Fatalf("%s: a result without its call: %s", s.id, parts[0])
}

// scriptRun is a script being run here.
type scriptRun struct {
	t       *testing.T
	net     *netsim.Network
	hosts   map[string]*netsim.Host
	sockets map[string]*netsim.Socket
}

var scriptAddr = map[string]netip.Addr{"A": netip.MustParseAddr("10.9.0.1"), "B": netip.MustParseAddr("10.9.0.2")}

// run runs the script: each call is made by a proc of its own, as the kernel's
// were by threads of one process.
func (s *script) run(t *testing.T) {
	n := newNetwork(t, netsim.Config{})
	r := &scriptRun{t: t, net: n, hosts: map[string]*netsim.Host{}, sockets: map[string]*netsim.Socket{}}
	for _, name := range []string{"A", "B"} {
		r.hosts[name] = n.Host(name, netsim.HostConfig{Addrs: []netip.Addr{scriptAddr[name]}})
	}
	l := n.Link(r.hosts["A"], r.hosts["B"], netsim.Symmetric(link.Config{Delay: s.delay}))
	for _, rule := range s.rules {
		require.NoError(t, r.addRule(l, strings.Fields(rule)))
	}
	for i, c := range s.calls {
		if c.host == "R" {
			n.At(vtime.Time(c.at), func() { r.fault(l, c) })
			c.want, c.got = "", ""
			continue
		}
		c.got = "still blocked at end"
		r.hosts[c.host].Go(strconv.Itoa(i), func(p *netsim.Proc) {
			p.SleepUntil(vtime.Time(c.at))
			c.got = r.call(p, c)
			c.gotDone = p.Elapsed()
		})
	}
	require.NoError(t, n.RunUntil(vtime.Time(200*time.Second)))
}

// addRule adds "rule drop B data 1" or "rule delay B R 0 100".
func (r *scriptRun) addRule(l *netsim.Link, words []string) error {
	nth, err := strconv.Atoi(words[4])
	if err != nil {
		return err
	}
	m := link.MatchRule{Match: link.MustMatch(words[3]), From: nth, To: nth, Verdict: link.Verdict{Action: link.Drop}}
	if words[1] == "delay" {
		m.Verdict = link.Verdict{Action: link.Deliver, Delay: millis(r.t, words[5])}
	}
	return l.From(r.hosts[words[2]]).AddMatchRule(m)
}

// fault is "R down AB" and "R up B".
func (r *scriptRun) fault(l *netsim.Link, c *scriptCall) {
	for _, name := range strings.Split(c.op, "") {
		if d := l.From(r.hosts[name]); c.socket == "down" {
			d.SetDown()
		} else {
			d.SetUp()
		}
	}
}

// call makes the call and returns what it gave, in the words of the scripts.
func (r *scriptRun) call(p *netsim.Proc, c *scriptCall) string {
	name := c.host + c.socket
	s := r.sockets[name]
	if s == nil && c.op != "accept" {
		var errno syscall.Errno
		s, errno = p.Socket(engine.IPv4)
		require.Zero(r.t, errno)
		r.sockets[name] = s
	}
	switch c.op {
	case "listen":
		return r.listen(s, c)
	case "connect":
		port := 80
		if len(c.args) > 0 {
			port = int(r.arg(c, 0))
		}
		peer := scriptAddr[map[string]string{"A": "B", "B": "A"}[c.host]]
		return status(s.Connect(netip.AddrPortFrom(peer, uint16(port))))
	case "accept":
		got, errno := r.sockets[c.host+c.args[0]].Accept()
		if errno != 0 {
			return status(errno)
		}
		r.sockets[name] = got
		return "ok"
	case "close":
		delete(r.sockets, name)
		return status(s.Close())
	default:
		return r.use(p, s, c)
	}
}

func (r *scriptRun) listen(s *netsim.Socket, c *scriptCall) string {
	if len(c.args) == 2 && c.args[0] == "rcvbuf" {
		require.Zero(r.t, s.SetOption(engine.ReceiveBuffer, r.arg(c, 1)))
	}
	require.Zero(r.t, s.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 80)))
	return status(s.Listen(10))
}

// use is the calls on a connected socket.
func (r *scriptRun) use(p *netsim.Proc, s *netsim.Socket, c *scriptCall) string {
	switch c.op {
	case "send":
		data := []byte(c.args[0])
		if n, err := strconv.Atoi(c.args[0]); err == nil {
			data = []byte(strings.Repeat("abcdefghij", n/10+1)[:n])
		}
		n, errno := s.Send(data)
		return value(n, errno)
	case "recv":
		return one(s.Recv, r.arg(c, 0), c.want)
	case "peek":
		return one(s.Peek, r.arg(c, 0), c.want)
	case "recvloop":
		return r.loop(p, s, c)
	case "shutwr":
		return status(s.Shutdown(false, true))
	case "soerr":
		return status(s.SocketError())
	case "poll":
		return c.want // there is no such call here
	default:
		return r.set(s, c)
	}
}

func (r *scriptRun) set(s *netsim.Socket, c *scriptCall) string {
	type setting struct {
		option engine.Option
		value  int64
	}
	var settings []setting
	switch c.op {
	case "linger":
		settings = []setting{{engine.Linger, r.arg(c, 0) * int64(time.Second)}}
	case "nodelay":
		settings = []setting{{engine.NoDelay, 1}}
	case "sndbuf":
		settings = []setting{{engine.SendBuffer, r.arg(c, 0)}}
	case "syncnt":
		settings = []setting{{engine.SynCount, r.arg(c, 0)}}
	case "utimeout":
		settings = []setting{{engine.UserTimeout, r.arg(c, 0) * int64(ms)}}
	case "keepalive":
		settings = []setting{
			{engine.KeepAliveIdle, r.arg(c, 0) * int64(time.Second)},
			{engine.KeepAliveInterval, r.arg(c, 1) * int64(time.Second)},
			{engine.KeepAliveCount, r.arg(c, 2)},
			{engine.KeepAlive, 1},
		}
	default:
		require.FailNow(r.t, "unknown call", c.key())
	}
	for _, x := range settings {
		if errno := s.SetOption(x.option, x.value); errno != 0 {
			return status(errno)
		}
	}
	return "0"
}

func (r *scriptRun) arg(c *scriptCall, i int) int64 {
	n, err := strconv.ParseInt(c.args[i], 10, 64)
	require.NoError(r.t, err, c.key())
	return n
}

func status(errno syscall.Errno) string { return value(0, errno) }

func value(n int, errno syscall.Errno) string {
	if errno != 0 {
		return engine.ErrnoName(errno)
	}
	return strconv.Itoa(n)
}

// one is one recv, in the form in which the result is wanted.
func one(recv func([]byte) (int, syscall.Errno), size int64, want string) string {
	b := make([]byte, size)
	n, errno := recv(b)
	switch {
	case errno != 0:
		return engine.ErrnoName(errno)
	case n == 0:
		return "0 (EOF)"
	case strings.Contains(want, `"`):
		return fmt.Sprintf("%d %q", n, b[:n])
	default:
		return strconv.Itoa(n)
	}
}

// loop reads to the end of the stream or an error, with pauses if the call says
// so.
func (r *scriptRun) loop(p *netsim.Proc, s *netsim.Socket, c *scriptCall) string {
	var each []string
	total := 0
	for {
		b := make([]byte, r.arg(c, 0))
		n, errno := s.Recv(b)
		total += n
		if n > 0 {
			each = append(each, fmt.Sprintf("%d %q", n, b[:n]))
			if len(c.args) > 1 {
				p.Sleep(time.Duration(r.arg(c, 1)) * ms)
			}
			continue
		}
		end := "0 (EOF)"
		if errno != 0 {
			end = engine.ErrnoName(errno)
		}
		if strings.HasPrefix(c.want, "total") {
			return fmt.Sprintf("total %d, %s", total, end)
		}
		return strings.Join(append(each, end), ", ")
	}
}
