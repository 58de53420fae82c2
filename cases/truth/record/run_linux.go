package record

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"rstlab/cases/truth"
)

// Run runs the scenario of a file on the kernel, in real time, and records it.
// What the file has of an earlier recording is not looked at. The error wraps
// [ErrUnavailable] where that cannot be done.
func Run(ctx context.Context, f *truth.File) (*Recording, error) {
	r := &run{file: f, sockets: map[string]*socket{}, start: time.Now()}
	settings := append([]Setting{}, Settings...)
	if f.NoTimestamps {
		settings = append(settings, Setting{"tcp_timestamps", "0"})
	}
	for _, s := range f.Sysctls {
		settings = append(settings, Setting{s.Name, s.Value})
	}
	for i := range hosts {
		h, err := newHost(addresses[i], settings)
		if err != nil {
			return nil, err
		}
		defer h.close()
		r.hosts[i] = h
	}
	return r.run(ctx)
}

// run is a scenario under way.
type run struct {
	file    *truth.File
	hosts   [2]*host
	path    *path
	start   time.Time
	mu      sync.Mutex // guards what follows
	lines   []line
	sockets map[string]*socket // by host and name
	calls   []*pending
	workers sync.WaitGroup
}

// pending is a call of the script that was begun.
type pending struct {
	*truth.Call
	socket *socket
	thread int // that makes it
	done   chan struct{}
	result string
	at     time.Duration
	killed bool
}

func (r *run) now() time.Duration { return time.Since(r.start) }

func (r *run) log(l line) {
	r.mu.Lock()
	r.lines = append(r.lines, l)
	r.mu.Unlock()
}

// settling is how long a new device is left alone: the kernel begins to use its
// queue a moment after it is up (net/core/link_watch.c).
const settling = 100 * time.Millisecond

func (r *run) run(ctx context.Context) (*Recording, error) {
	if err := r.sleepUntil(ctx, settling); err != nil {
		return nil, err
	}
	r.start = time.Now()
	r.path = &path{relay: newRelay(r.file, r.log), now: r.now, tuns: [2]*os.File{r.hosts[0].tun, r.hosts[1].tun}}
	r.path.start()
	watching := make(chan struct{})
	for i := range hosts {
		r.workers.Go(func() { r.watch(i, watching) })
	}
	err := r.script(ctx)
	close(watching)
	r.workers.Wait()
	for i, h := range r.hosts {
		r.endOf(i, h)
	}
	recording := &Recording{Kernel: kernel(), Script: r.file.Script, Results: r.results(), lines: slices.Clone(r.lines)}
	if stuck := r.finish(); stuck != nil && err == nil {
		err = stuck
	}
	for _, h := range r.hosts {
		h.tun.Close() //nolint:errcheck // nothing is to be kept
	}
	r.path.end()
	if err != nil {
		return nil, err
	}
	return recording, nil
}

// script makes the calls at their times, and waits for the end.
func (r *run) script(ctx context.Context) error {
	order := make([]*truth.Call, len(r.file.Calls))
	for i := range order {
		order[i] = &r.file.Calls[i]
	}
	slices.SortStableFunc(order, func(a, b *truth.Call) int { return int(a.At - b.At) })
	for _, c := range order {
		if err := r.sleepUntil(ctx, c.At); err != nil {
			return err
		}
		if err := r.step(c); err != nil {
			return err
		}
	}
	return r.sleepUntil(ctx, r.file.Duration)
}

func (r *run) sleepUntil(ctx context.Context, at time.Duration) error {
	timer := time.NewTimer(at - r.now())
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// step does a step of the script.
func (r *run) step(c *truth.Call) error {
	if c.Host != "R" {
		return r.begin(c)
	}
	r.path.mu.Lock()
	defer r.path.mu.Unlock()
	if c.Op != "inject" {
		r.path.setDown(r.now(), c)
		return nil
	}
	to, packet := r.path.inject(r.now(), c.Injection())
	raw, err := packet.AppendTo(nil)
	if err == nil {
		_, err = r.hosts[to].tun.Write(raw)
	}
	return err
}

// patience is how long the next call waits for one to return, so that calls of one
// instant are made in their order; one that has not returned by then blocks.
const patience = time.Millisecond

// begin begins a call, on a thread of its own.
func (r *run) begin(c *truth.Call) error {
	s, err := r.socket(c)
	if err != nil {
		return fmt.Errorf("record: %s: %w", c, err)
	}
	p := &pending{Call: c, socket: s, done: make(chan struct{})}
	if c.Op == "killproc" {
		r.interrupt(s)
	}
	started := make(chan struct{})
	r.calls = append(r.calls, p)
	go r.make(p, started)
	<-started
	select {
	case <-p.done:
	case <-time.After(patience):
		r.mu.Lock()
		defer r.mu.Unlock()
		if p.result == "" {
			r.lines = append(r.lines, line{at: r.now(), text: "  * " + p.text() + " ... blocks"})
		}
	}
	return nil
}

// text is the call as in a transcript: "A c.send(10)".
func (p *pending) text() string {
	return p.Host + " " + p.Socket + "." + p.Op + "(" + strings.Join(p.Args, ",") + ")"
}

// make makes the system call.
func (r *run) make(p *pending, started chan struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	p.thread = unix.Gettid()
	close(started)
	result := "EBADF"
	switch {
	case p.Op == "accept":
		result = r.accept(p)
	case !p.socket.closed:
		result = p.socket.call(p.Call, addresses[1-hostIndex(p.Host)].As4())
	}
	at := r.now()
	text := "  * " + p.text() + " = " + result
	if p.Op != "listen" && p.Op != "state" && !p.socket.closed {
		text += "  [TCP_INFO " + p.socket.state() + "]"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.killed {
		return // with its process
	}
	p.result, p.at = result, at
	r.lines = append(r.lines, line{at: at, text: text})
}

func hostIndex(name string) int { return slices.Index(hosts[:], name) }

// socket is the socket of a call; the first call makes it, but accept, which
// brings its own.
func (r *run) socket(c *truth.Call) (*socket, error) {
	key := c.Host + " " + c.Socket
	if s := r.sockets[key]; s != nil && c.Op != "accept" {
		return s, nil
	}
	s := &socket{fd: -1, closed: true}
	r.sockets[key] = s
	if c.Op == "accept" {
		return s, nil
	}
	var err error
	r.hosts[hostIndex(c.Host)].do(func() {
		s.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	})
	if err == nil {
		s.closed = false
		err = r.prepare(c, s.fd)
	}
	return s, err
}

// accept accepts a connection.
func (r *run) accept(p *pending) string {
	r.mu.Lock()
	l := r.sockets[p.Host+" "+p.Args[0]]
	r.mu.Unlock()
	if l == nil || l.closed {
		return "EBADF"
	}
	fd, _, err := unix.Accept4(l.fd, unix.SOCK_CLOEXEC)
	if err != nil {
		return errno(err)
	}
	p.socket.fd, p.socket.closed = fd, false
	if err := r.prepare(p.Call, fd); err != nil {
		return errno(err)
	}
	return "ok"
}

// prepare lets a signal end the calls of a socket whose process is killed: with a
// timeout, however long, they are not begun again (net/core/sock.h,
// sock_intr_errno).
func (r *run) prepare(c *truth.Call, fd int) error {
	if !slices.ContainsFunc(r.file.Calls, func(o truth.Call) bool {
		return o.Op == "killproc" && o.Host == c.Host && o.Socket == c.Socket
	}) {
		return nil
	}
	long := unix.NsecToTimeval(int64(24 * time.Hour))
	for _, option := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, option, &long); err != nil {
			return err
		}
	}
	return nil
}

// interrupt ends the calls that are pending on a socket, as when their process
// is killed.
func (r *run) interrupt(s *socket) {
	for _, p := range r.calls {
		if p.socket != s {
			continue
		}
		r.mu.Lock()
		p.killed = p.result == ""
		r.mu.Unlock()
		p.signal(time.Second)
	}
}

// signal sends signals to the thread of a call until it has returned.
func (p *pending) signal(limit time.Duration) bool {
	return p.urge(limit, func() {
		unix.Tgkill(unix.Getpid(), p.thread, unix.SIGURG) //nolint:errcheck // the thread may be gone
	})
}

// urge does something again and again until the call has returned.
func (p *pending) urge(limit time.Duration, again func()) bool {
	const pause = 2 * time.Millisecond
	for range limit / pause {
		select {
		case <-p.done:
			return true
		default:
		}
		again()
		select {
		case <-p.done:
			return true
		case <-time.After(pause):
		}
	}
	return false
}

// results are what the calls returned by the end.
func (r *run) results() []Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []Result
	for i := range r.file.Calls {
		c := &r.file.Calls[i]
		at := slices.IndexFunc(r.calls, func(p *pending) bool { return p.Call == c })
		if c.Host == "R" || at < 0 {
			continue
		}
		result := Result{c.String(), "still blocked at end", r.file.Duration}
		if p := r.calls[at]; p.result != "" {
			result.Text, result.At = p.result, p.at
		}
		all = append(all, result)
	}
	return all
}

// finish closes all sockets and waits for the calls that are pending.
func (r *run) finish() error {
	var stuck error
	const limit = 2 * time.Second
	for _, p := range r.calls {
		s := p.socket
		if p.Op == "accept" {
			s = r.sockets[p.Host+" "+p.Args[0]]
		}
		returned := false
		if p.Op == "close" {
			returned = p.signal(limit) // it lingers
		} else {
			returned = p.urge(limit, func() {
				if !s.closed { // else another run may have that descriptor by now
					unix.Shutdown(s.fd, unix.SHUT_RDWR) //nolint:errcheck // it wakes the call
				}
			})
		}
		if !returned {
			stuck = fmt.Errorf("record: %s does not return", p.Call)
		}
	}
	for _, s := range r.sockets {
		if !s.closed {
			s.closed = true
			unix.Close(s.fd) //nolint:errcheck // nothing is to be kept
		}
	}
	return stuck
}

// watch logs the changes of the table of sockets of a host.
func (r *run) watch(i int, stop <-chan struct{}) {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	var before []socketEntry
	var first socketEntry
	for {
		after, err := readTable(r.hosts[i].tcp)
		if err != nil {
			return
		}
		if first.remote == 0 && len(after) > 0 {
			first = after[0]
		}
		for _, change := range changes(before, after, first) {
			r.log(line{at: r.now(), text: "    " + hosts[i] + " " + change})
		}
		before = after
		select {
		case <-ticker.C:
		case <-stop:
			return
		}
	}
}

// endOf logs the table of sockets of a host at the end.
func (r *run) endOf(i int, h *host) {
	table, err := readTable(h.tcp)
	if err != nil {
		return
	}
	var texts []string
	for _, e := range table {
		texts = append(texts, fmt.Sprintf("%d-%d %s", e.local, e.remote, e.state))
	}
	r.log(line{at: r.now(), text: "END " + hosts[i] + " kernel table: " + strings.Join(texts, ", ")})
}
