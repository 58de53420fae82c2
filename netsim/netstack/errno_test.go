//go:build !js

package netstack_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/syserr"
	"gvisor.dev/gvisor/pkg/tcpip"

	"rstlab/netsim/engine"
	"rstlab/netsim/netstack"
)

// errnos has every error type of gVisor's package tcpip.
var errnos = []struct {
	err  tcpip.Error
	want syscall.Errno
	// differs says why the errno is not the one of gVisor's own table.
	differs string
}{
	{&tcpip.ErrAborted{}, syscall.EPIPE, ""},
	{&tcpip.ErrAddressFamilyNotSupported{}, syscall.EAFNOSUPPORT, ""},
	{&tcpip.ErrAlreadyBound{}, syscall.EINVAL, ""},
	{&tcpip.ErrAlreadyConnected{}, syscall.EISCONN, ""},
	{&tcpip.ErrAlreadyConnecting{}, syscall.EALREADY, ""},
	{&tcpip.ErrBadAddress{}, syscall.EFAULT, ""},
	{&tcpip.ErrBadBuffer{}, syscall.EFAULT, ""},
	{&tcpip.ErrBadLocalAddress{}, syscall.EADDRNOTAVAIL, ""},
	{&tcpip.ErrBroadcastDisabled{}, syscall.EACCES, ""},
	{&tcpip.ErrClosedForReceive{}, 0, ""},
	{&tcpip.ErrClosedForSend{}, syscall.EPIPE, ""},
	{&tcpip.ErrConnectStarted{}, syscall.EINPROGRESS, ""},
	{&tcpip.ErrConnectionAborted{}, syscall.ECONNABORTED, ""},
	{&tcpip.ErrConnectionRefused{}, syscall.ECONNREFUSED, ""},
	{&tcpip.ErrConnectionReset{}, syscall.ECONNRESET, ""},
	{&tcpip.ErrDestinationRequired{}, syscall.EDESTADDRREQ, ""},
	{&tcpip.ErrDuplicateAddress{}, syscall.EEXIST, ""},
	{&tcpip.ErrDuplicateNICID{}, syscall.EEXIST, ""},
	{&tcpip.ErrEndpointBusy{}, syscall.EBUSY, ""},
	{&tcpip.ErrHostDown{}, syscall.EHOSTDOWN, ""},
	{&tcpip.ErrHostUnreachable{}, syscall.EHOSTUNREACH, ""},
	{&tcpip.ErrInvalidEndpointState{}, syscall.EINVAL, ""},
	{&tcpip.ErrInvalidNICID{}, syscall.EINVAL, "gVisor has no answer and panics"},
	{&tcpip.ErrInvalidOptionValue{}, syscall.EINVAL, ""},
	{&tcpip.ErrInvalidPortRange{}, syscall.EINVAL, ""},
	{&tcpip.ErrMalformedHeader{}, syscall.EINVAL, ""},
	{&tcpip.ErrMessageTooLong{}, syscall.EMSGSIZE, ""},
	{&tcpip.ErrMissingRequiredFields{}, syscall.EINVAL, ""},
	{&tcpip.ErrMulticastInputCannotBeOutput{}, syscall.EINVAL, ""},
	{&tcpip.ErrNetworkUnreachable{}, syscall.ENETUNREACH, ""},
	{&tcpip.ErrNoBufferSpace{}, syscall.ENOBUFS, ""},
	{&tcpip.ErrNoNet{}, syscall.ENONET, ""},
	{&tcpip.ErrNoPortAvailable{}, syscall.EADDRNOTAVAIL, "connect(2): EADDRNOTAVAIL when all ephemeral ports are in use; EAGAIN would read as \"try again\""},
	{&tcpip.ErrNoSuchFile{}, syscall.ENOENT, ""},
	{&tcpip.ErrNotConnected{}, syscall.ENOTCONN, ""},
	{&tcpip.ErrNotPermitted{}, syscall.EPERM, ""},
	{&tcpip.ErrNotSupported{}, syscall.EOPNOTSUPP, ""},
	{&tcpip.ErrPortInUse{}, syscall.EADDRINUSE, ""},
	{&tcpip.ErrQueueSizeNotSupported{}, syscall.ENOTTY, ""},
	{&tcpip.ErrTimeout{}, syscall.ETIMEDOUT, ""},
	{&tcpip.ErrUnknownDevice{}, syscall.ENODEV, ""},
	{&tcpip.ErrUnknownNICID{}, syscall.ENODEV, ""},
	{&tcpip.ErrUnknownProtocol{}, syscall.EINVAL, ""},
	{&tcpip.ErrUnknownProtocolOption{}, syscall.ENOPROTOOPT, ""},
	{&tcpip.ErrWouldBlock{}, syscall.EAGAIN, ""},
}

func TestEveryErrorHasAnErrno(t *testing.T) {
	require.Zero(t, netstack.ErrnoOf(nil))
	for _, c := range errnos {
		require.Equal(t, c.want.Error(), netstack.ErrnoOf(c.err).Error(), "%T", c.err)
		name := engine.ErrnoName(c.want)
		require.False(t, c.want != 0 && strings.ContainsAny(name, "0123456789"), "%T: traces need a name for %v", c.err, c.want)
	}
}

// No error is mapped by the default case: a new type in gVisor fails here.
func TestTheErrnoTableHasEveryErrorOfGVisorsSource(t *testing.T) {
	table := map[string]bool{}
	for _, c := range errnos {
		table[strings.TrimPrefix(fmt.Sprintf("%T", c.err), "*tcpip.")] = true
	}
	source := errorTypes(t, gvisorDir(t, "gvisor.dev/gvisor/pkg/tcpip"))
	require.Greater(t, len(source), 40, "the search in gVisor's source must have found something")
	require.Equal(t, source, slices.Sorted(maps.Keys(table)))
}

func TestErrnosAreThoseOfGVisorsOwnTable(t *testing.T) {
	for _, c := range errnos {
		theirs, ok := translate(c.err)
		if c.differs != "" {
			require.NotEqual(t, c.want, theirs, "%T is no exception", c.err)
			continue
		}
		require.True(t, ok, "%T", c.err)
		require.Equal(t, theirs.Error(), c.want.Error(), "%T", c.err)
	}
}

// translate is gVisor's own answer; ok is false when it has none.
func translate(err tcpip.Error) (errno syscall.Errno, ok bool) {
	defer func() {
		if recover() != nil {
			errno, ok = 0, false
		}
	}()
	return syscall.Errno(syserr.TranslateNetstackError(err).ToLinux()), true
}

// gvisorDir is where the source of a package of gVisor is.
func gvisorDir(t *testing.T, pkg string) string {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", pkg).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// parseDir parses the package's files, without tests.
func parseDir(t *testing.T, dir string) []*ast.File {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, f)
	}
	return files
}

// errorTypes are the types that implement tcpip.Error: those with the method
// isError.
func errorTypes(t *testing.T, dir string) []string {
	var names []string
	for _, f := range parseDir(t, dir) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "isError" {
				continue
			}
			star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
			require.True(t, ok, "the error types have pointer receivers")
			names = append(names, star.X.(*ast.Ident).Name)
		}
	}
	slices.Sort(names)
	return names
}
