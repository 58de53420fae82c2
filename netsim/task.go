package netsim

import "net"

// Task makes one call of a connection for a caller that is no proc: what a proc of
// its own would do that makes just this call, in the same order and with the same
// events, but without a coroutine to wait in. It can be used again when its call
// is complete. The zero value is ready.
//
// It is for those who run their own code beside the loop, as package bubble
// does.
type Task struct {
	proc Proc
	conn *Conn
	buf  []byte
	send bool
	call call
	made bool // the call has begun
	then func(n int, err error)
}

// Read is [Conn.Read], of at least one byte, by a proc with the given name; "" takes
// the name of the connection's host. The loop calls then when it is complete.
// When the host or the network ends under it the error is [net.ErrClosed].
func (t *Task) Read(name string, c *Conn, p []byte, then func(n int, err error)) {
	t.start(name, c, p, false, then)
}

// SendWhole is [Socket.SendWhole], as Read is Conn.Read. There is no error.
func (t *Task) SendWhole(name string, c *Conn, p []byte, then func(n int, err error)) {
	t.start(name, c, p, true, then)
}

func (t *Task) start(name string, c *Conn, p []byte, send bool, then func(int, error)) {
	host := c.s.host
	if name == "" {
		name = host.name
	}
	*t = Task{conn: c, buf: p, send: send, then: then, proc: Proc{net: host.net, host: host, name: name, task: t}}
	host.net.procs.add(&t.proc)
	host.net.wake(&t.proc)
}

// step begins the call, or ends the task when the call is complete.
func (t *Task) step() {
	s := t.conn.s
	if !t.made && !t.proc.killed {
		t.made = true
		switch {
		case !t.send:
			s.recvCall(&t.call, "recv", t.buf, false, true)
			s.do(&t.call)
		case s.sendsWhole():
			s.sendCall(&t.call, nil, t.buf)
			s.do(&t.call)
		default:
			t.call.over = true
		}
	}
	switch {
	case t.proc.killed:
		t.end(0, net.ErrClosed)
	case t.call.over && t.send:
		t.end(t.call.n, nil)
	case t.call.over:
		t.end(t.conn.readResult(&t.call))
	}
}

func (t *Task) end(n int, err error) {
	t.proc.done = true
	t.proc.host.net.procs.remove(&t.proc)
	t.then(n, err)
}
