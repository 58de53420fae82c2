package netsim_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
)

// groUpload sends size bytes to a server with or without GRO and returns what the
// server read and what the run did.
func groUpload(t *testing.T, size int, cfg netsim.HostConfig, abort bool) (got []byte, stats netsim.Stats, hash string, err error) {
	t.Helper()
	n := newNetwork(t, netsim.Config{})
	client, server := n.Host("client", netsim.HostConfig{}), n.Host("server", cfg)
	n.Link(client, server, netsim.LinkConfig{RTT: 20 * time.Millisecond})
	server.Go("", func(p *netsim.Proc) {
		l, lerr := p.Listen("tcp", ":80")
		require.NoError(t, lerr)
		c, lerr := l.Accept()
		require.NoError(t, lerr)
		got, err = io.ReadAll(c)
	})
	client.Go("", func(p *netsim.Proc) {
		c, derr := p.Dial("tcp", "server:80")
		require.NoError(t, derr)
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(i * 7)
		}
		_, derr = c.Write(data)
		require.NoError(t, derr)
		if abort {
			require.NoError(t, c.SetLinger(0))
		}
		require.NoError(t, c.Close())
	})
	require.NoError(t, n.Run())
	return got, n.Stats(), n.Hash().String(), err
}

func TestGRODeliversTheSameBytesWithFewerAcknowledgements(t *testing.T) {
	plain, without, _, err := groUpload(t, 500_000, netsim.HostConfig{}, false)
	require.NoError(t, err)
	merged, with, hash, err := groUpload(t, 500_000, netsim.HostConfig{GRO: true}, false)
	require.NoError(t, err)
	require.True(t, bytes.Equal(plain, merged), "the stream is the same")
	require.Len(t, merged, 500_000)
	require.Less(t, with.Packets, without.Packets*3/4, "a batch is acknowledged once")
	_, _, again, err := groUpload(t, 500_000, netsim.HostConfig{GRO: true}, false)
	require.NoError(t, err)
	require.Equal(t, hash, again, "and deterministic")
}

func TestGROKeepsAResetBehindTheDataItFollows(t *testing.T) {
	for _, gro := range []bool{false, true} {
		got, _, _, err := groUpload(t, 5000, netsim.HostConfig{GRO: gro}, true)
		require.ErrorContains(t, err, "connection reset by peer", "gro=%t", gro)
		require.Len(t, got, 5000, "gro=%t: data received before the RST stays readable", gro)
	}
}
