package netsim_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// result is what a task or a proc was told.
type result struct {
	n   int
	err error
	at  time.Duration
}

// opened is a duo with a connection.
func opened(t *testing.T) (d *duo, client, server *netsim.Conn) {
	t.Helper()
	d = newDuo(t)
	d.serve(func(_ *netsim.Proc, c *netsim.Conn) { server = c })
	d.dial(func(_ *netsim.Proc, c *netsim.Conn) { client = c })
	d.run()
	return d, client, server
}

// A task is a proc that makes one call: the trace cannot tell them apart.
func TestTaskDoesWhatAProcOfItsOwnWouldDo(t *testing.T) {
	run := func(read, send func(h *netsim.Host, c *netsim.Conn, p []byte, then func(int, error))) (string, []result) {
		n, client, server := opened(t)
		var got []result
		note := func(count int, err error) { got = append(got, result{count, err, n.Now().Since()}) }
		read(n.client, client, make([]byte, 100), note)
		require.NoError(t, n.RunUntil(n.Now()))
		require.Empty(t, got, "there is nothing to read yet")
		send(n.client, client, make([]byte, 3<<20), note) // more than the buffers hold
		n.server.Go("", func(p *netsim.Proc) {
			_, err := io.ReadFull(server, make([]byte, 3<<20))
			require.NoError(t, err)
			_, err = server.Write([]byte("hello"))
			require.NoError(t, err)
			require.NoError(t, server.Close())
		})
		require.NoError(t, n.RunUntil(n.Now().Add(10*time.Second)))
		require.Len(t, got, 2)
		read(n.client, client, make([]byte, 100), note)
		require.NoError(t, n.RunUntil(n.Now()))
		return n.Hash().String(), got
	}
	procHash, procGot := run(
		func(h *netsim.Host, c *netsim.Conn, p []byte, then func(int, error)) {
			h.Go("caller", func(*netsim.Proc) { then(c.Read(p)) })
		},
		func(h *netsim.Host, c *netsim.Conn, p []byte, then func(int, error)) {
			h.Go("caller", func(*netsim.Proc) {
				c.Socket().SendWhole(p)
				then(len(p), nil)
			})
		})
	tasks := make([]netsim.Task, 2)
	taskHash, taskGot := run(
		func(_ *netsim.Host, c *netsim.Conn, p []byte, then func(int, error)) {
			tasks[0].Read("caller", c, p, then)
		},
		func(_ *netsim.Host, c *netsim.Conn, p []byte, then func(int, error)) {
			tasks[1].SendWhole("caller", c, p, then)
		})
	require.Equal(t, procHash, taskHash)
	require.Equal(t, procGot, taskGot)
	require.Equal(t, 3<<20, taskGot[0].n, "sent")
	require.Equal(t, 5, taskGot[1].n, "read")
	require.ErrorIs(t, taskGot[2].err, io.EOF)
}

func TestTaskEndsWithItsHostAndWithTheNetwork(t *testing.T) {
	for name, end := range map[string]func(*netsim.Network, *netsim.Host){
		"power off": func(_ *netsim.Network, h *netsim.Host) { h.PowerOff() },
		"reboot":    func(_ *netsim.Network, h *netsim.Host) { h.Reboot() },
		"close":     func(n *netsim.Network, _ *netsim.Host) { n.Close() },
	} {
		for _, begun := range []bool{false, true} {
			n, client, _ := opened(t)
			var got []error
			var task netsim.Task
			task.Read("", client, make([]byte, 1), func(_ int, err error) { got = append(got, err) })
			if begun {
				require.NoError(t, n.RunUntil(n.Now()))
			}
			end(n.Network, n.client)
			require.NoError(t, n.RunUntil(n.Now()), "nothing is left to do")
			require.Equal(t, []error{net.ErrClosed}, got, "%s, begun: %v", name, begun)
			n.Close()
			require.Len(t, got, 1)
		}
	}
}

// The bytes of a task whose connection cannot be sent on are lost without a word.
func TestTaskSendsNothingOnAClosedConnection(t *testing.T) {
	n, client, _ := opened(t)
	require.NoError(t, client.CloseWrite())
	done := false
	var task netsim.Task
	task.SendWhole("", client, []byte("hello"), func(count int, err error) {
		done = true
		require.Zero(t, count)
		require.NoError(t, err)
	})
	require.NoError(t, n.RunUntil(n.Now()))
	require.True(t, done)
}
