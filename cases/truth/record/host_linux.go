package record

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// Available says why nothing can be recorded here, and what to do about it; nil
// when it can.
func Available() error {
	h, err := newHost(addresses[0], nil)
	if err != nil {
		return err
	}
	h.close()
	return nil
}

// host is a network namespace with a TUN device.
type host struct {
	jobs chan func()
	tun  *os.File
	tcp  *os.File // the table of sockets
}

// newHost makes a host. Its thread lives in its namespace; the rest of the
// process does not.
func newHost(addr netip.Addr, settings []Setting) (*host, error) {
	h := &host{jobs: make(chan func())}
	ready := make(chan error)
	go h.thread(func() { ready <- h.setUp(addr, settings) })
	if err := <-ready; err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// thread runs what is to be done in the namespace. Its thread ends with it, and
// with it and the last file of the namespace the namespace.
func (h *host) thread(first func()) {
	runtime.LockOSThread()
	first()
	for job := range h.jobs {
		job()
	}
}

// do runs a function in the namespace.
func (h *host) do(f func()) {
	done := make(chan struct{})
	h.jobs <- func() { f(); close(done) }
	<-done
}

func (h *host) close() {
	close(h.jobs)
	for _, f := range []*os.File{h.tun, h.tcp} {
		if f != nil {
			f.Close() //nolint:errcheck // nothing is to be kept
		}
	}
}

// tableSize is how many hash buckets the sockets of a host have: few, so that
// their table is read fast.
const tableSize = "16"

// baseNamespace is a namespace in which the others are made: one sets the size of
// the table of those that are made in it.
var baseNamespace = sync.OnceValues(func() (fd int, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // for good: the thread ends in its namespace
		if err = unix.Unshare(unix.CLONE_NEWNET); err != nil {
			err = unavailable("a network namespace", err, "run it as root")
			return
		}
		if err = setSysctl("net.ipv4.tcp_child_ehash_entries", tableSize); err == nil {
			fd, err = unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		}
	}()
	<-done
	return fd, err
})

// setUp makes the namespace, its settings and its device; on the thread.
func (h *host) setUp(addr netip.Addr, settings []Setting) error {
	base, err := baseNamespace()
	if err != nil {
		return err
	}
	if err := unix.Setns(base, unix.CLONE_NEWNET); err != nil {
		return unavailable("a network namespace", err, "run it as root")
	}
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return unavailable("a network namespace", err, "run it as root")
	}
	for _, name := range []string{"all", "default"} {
		err := setSysctl("net.ipv6.conf."+name+".disable_ipv6", "1")
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	for _, s := range settings {
		name := s.Name
		if !strings.Contains(name, ".") {
			name = "net.ipv4." + name
		}
		if err := setSysctl(name, s.Value); err != nil {
			return err
		}
	}
	tun, err := openTUN(addr)
	if err != nil {
		return err
	}
	h.tun = tun
	h.tcp, err = os.Open("/proc/thread-self/net/tcp")
	return err
}

// unavailable is ErrUnavailable with what is missing and the remedy.
func unavailable(what string, err error, remedy string) error {
	return fmt.Errorf("%w: %s: %w; %s", ErrUnavailable, what, err, remedy)
}

// setSysctl sets a kernel setting of the namespace of this thread.
func setSysctl(name, value string) error {
	path := "/proc/sys/" + strings.ReplaceAll(name, ".", "/")
	if err := os.WriteFile(path, []byte(value), 0); err != nil {
		return fmt.Errorf("record: sysctl %s %s: %w", name, value, err)
	}
	return nil
}

// device is the name of the TUN device in each namespace.
const device = "tun0"

// openTUN makes the TUN device of the namespace of this thread: one IP packet a
// read or write, without offloads, so that each segment is a packet and has its
// checksum.
func openTUN(addr netip.Addr) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, unavailable("/dev/net/tun", err, "load the module tun, and give the container the device")
	}
	req, err := unix.NewIfreq(device)
	if err == nil {
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
	}
	if err == nil {
		err = raise(addr)
	}
	if err != nil {
		unix.Close(fd) //nolint:errcheck // the first error counts
		return nil, unavailable("a TUN device", err, "run it as root, with CAP_NET_ADMIN")
	}
	return os.NewFile(uintptr(fd), device), nil
}

// raise gives the device its address and brings it up.
func raise(addr netip.Addr) error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s) //nolint:errcheck // nothing was written
	for _, step := range []struct {
		op  uint
		set func(*unix.Ifreq) error
	}{
		{unix.SIOCSIFADDR, func(r *unix.Ifreq) error { return r.SetInet4Addr(addr.AsSlice()) }},
		{unix.SIOCSIFNETMASK, func(r *unix.Ifreq) error { return r.SetInet4Addr([]byte{255, 255, 255, 0}) }},
		{unix.SIOCSIFFLAGS, func(r *unix.Ifreq) error { r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING); return nil }},
	} {
		req, err := unix.NewIfreq(device)
		if err == nil {
			err = step.set(req)
		}
		if err == nil {
			err = unix.IoctlIfreq(s, step.op, req)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// kernel is "Linux 6.18.44, x86_64".
func kernel() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "Linux"
	}
	release, _, _ := strings.Cut(unix.ByteSliceToString(u.Release[:]), "-")
	return "Linux " + release + ", " + unix.ByteSliceToString(u.Machine[:])
}
