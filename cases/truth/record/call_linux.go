package record

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"rstlab/cases/truth"
)

// socket is a socket of the script.
type socket struct {
	fd     int
	closed bool
}

// port is where a listener listens that does not say.
const port = 80

// backlog is that of listeners.
const backlog = 128

// fill is what a send of a number sends, over and over.
const fill = "abcdefghij"

// errno is how a call that fails is written: "ECONNRESET", "" for success.
func errno(err error) string {
	var e unix.Errno
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return unix.ErrnoName(e)
	}
	return "EIO"
}

// settle is the result of a call without a value.
func settle(err error) string {
	if err != nil {
		return errno(err)
	}
	return "0"
}

// counted is the result of a call that gives a number.
func counted(n int, err error) string {
	if err != nil {
		return errno(err)
	}
	return strconv.Itoa(n)
}

// call makes a system call and gives its result.
func (s *socket) call(c *truth.Call, peer [4]byte) string {
	n, isNumber := c.Number(0)
	switch c.Op {
	case "listen":
		return s.listen(c)
	case "connect":
		if !isNumber {
			n = port
		}
		return settle(unix.Connect(s.fd, &unix.SockaddrInet4{Addr: peer, Port: n}))
	case "send":
		data := []byte(c.Args[0])
		if isNumber {
			data = []byte(strings.Repeat(fill, n/len(fill)+1)[:n])
		}
		return counted(send(s.fd, data))
	case "recv":
		return received(recv(s.fd, n, 0))
	case "recvnb":
		return received(recv(s.fd, n, unix.MSG_DONTWAIT))
	case "peek":
		return received(recv(s.fd, n, unix.MSG_PEEK))
	case "recvloop":
		pause, _ := c.Number(1)
		return s.recvLoop(n, time.Duration(pause)*time.Millisecond)
	case "close":
		s.closed = true
		return settle(unix.Close(s.fd))
	case "shutwr":
		return settle(unix.Shutdown(s.fd, unix.SHUT_WR))
	case "shutrd":
		return settle(unix.Shutdown(s.fd, unix.SHUT_RD))
	case "shutrdwr":
		return settle(unix.Shutdown(s.fd, unix.SHUT_RDWR))
	case "soerr":
		value, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
		if err == nil && value != 0 {
			err = unix.Errno(value)
		}
		return settle(err)
	case "poll":
		return s.poll()
	case "outq":
		return counted(unix.IoctlGetInt(s.fd, unix.SIOCOUTQ))
	case "state":
		return s.state()
	case "killproc":
		return s.kill()
	}
	return settle(s.option(c))
}

// listen binds and listens; a size is that of SO_RCVBUF.
func (s *socket) listen(c *truth.Call) string {
	if size, ok := c.Number(1); ok {
		if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, size); err != nil {
			return errno(err)
		}
	}
	if err := unix.Bind(s.fd, &unix.SockaddrInet4{Port: port}); err != nil {
		return errno(err)
	}
	return settle(unix.Listen(s.fd, backlog))
}

// option sets an option.
func (s *socket) option(c *truth.Call) error {
	n, _ := c.Number(0)
	switch c.Op {
	case "linger":
		return unix.SetsockoptLinger(s.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1, Linger: int32(n)})
	case "nodelay":
		return unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	case "rcvbuf":
		return unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, n)
	case "sndbuf":
		return unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, n)
	case "syncnt":
		return unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_SYNCNT, n)
	case "utimeout":
		return unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, n)
	case "keepalive":
		for i, option := range []int{unix.TCP_KEEPIDLE, unix.TCP_KEEPINTVL, unix.TCP_KEEPCNT} {
			value, _ := c.Number(i)
			if err := unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, option, value); err != nil {
				return err
			}
		}
		return unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
	}
	panic("record: unreachable: the reader refuses the call " + c.Op)
}

// send is one system call: a partial count is its result.
func send(fd int, data []byte) (int, error) {
	n, _, e := unix.Syscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), unix.MSG_NOSIGNAL, 0, 0)
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

func recv(fd, size, flags int) ([]byte, error) {
	data := make([]byte, size)
	n, _, err := unix.Recvfrom(fd, data, flags)
	if err != nil {
		return nil, err
	}
	return data[:n], nil
}

// shownData is how much data of a read is written down.
const shownData = 32

// readText is "5 "HELLO"", or "1000" of more data.
func readText(data []byte) string {
	if len(data) > shownData {
		return strconv.Itoa(len(data))
	}
	return fmt.Sprintf("%d %q", len(data), data)
}

const eof = "0 (EOF)"

// received is the result of a read.
func received(data []byte, err error) string {
	switch {
	case err != nil:
		return errno(err)
	case len(data) == 0:
		return eof
	}
	return readText(data)
}

// shownReads is how many reads of a recvloop are written down one by one.
const shownReads = 6

// recvLoop reads until the end or an error.
func (s *socket) recvLoop(size int, pause time.Duration) string {
	var reads []string
	total, brief := 0, true
	for {
		data, err := recv(s.fd, size, 0)
		if err != nil || len(data) == 0 {
			result := received(data, err)
			if total > 0 && (!brief || len(reads) > shownReads) {
				return fmt.Sprintf("total %d, %s", total, result)
			}
			return strings.Join(append(reads, result), ", ")
		}
		total += len(data)
		brief = brief && len(data) <= shownData
		if len(reads) <= shownReads {
			reads = append(reads, readText(data))
		}
		if pause > 0 {
			time.Sleep(pause)
		}
	}
}

// pollEvents are the events that poll asks for, and those that it can report.
var pollEvents = []struct {
	name string
	bit  int16
}{
	{"IN", unix.POLLIN},
	{"PRI", unix.POLLPRI},
	{"OUT", unix.POLLOUT},
	{"ERR", unix.POLLERR},
	{"HUP", unix.POLLHUP},
	{"RDHUP", unix.POLLRDHUP},
}

func (s *socket) poll() string {
	fds := []unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLIN | unix.POLLPRI | unix.POLLOUT | unix.POLLRDHUP}}
	if _, err := unix.Poll(fds, 0); err != nil {
		return errno(err)
	}
	var names []string
	for _, e := range pollEvents {
		if fds[0].Revents&e.bit != 0 {
			names = append(names, e.name)
		}
	}
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, "|")
}

// state is what TCP_INFO has.
func (s *socket) state() string {
	info, err := unix.GetsockoptTCPInfo(s.fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return errno(err)
	}
	return stateText(int(info.State))
}

// kill lets a process be the only one that holds the socket, and kills it with
// SIGKILL: so the kernel closes it, as of a process that ends. Calls that are
// pending on it were ended before.
func (s *socket) kill() string {
	holder := exec.Command("cat") // it waits for its input
	stop, err := holder.StdinPipe()
	if err != nil {
		return errno(err)
	}
	defer stop.Close() //nolint:errcheck // nothing was written
	fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return errno(err)
	}
	file := os.NewFile(uintptr(fd), "socket")
	holder.ExtraFiles = append(holder.ExtraFiles, file)
	if err = holder.Start(); err == nil {
		s.closed = true
		err = errors.Join(file.Close(), unix.Close(s.fd), holder.Process.Kill())
		holder.Wait() //nolint:errcheck // it says that the process was killed
	}
	if err != nil {
		return errno(err)
	}
	return "killed"
}
