package netsim_test

import (
	"net/netip"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/link"
)

func polls(t *testing.T, s *netsim.Socket, want, why string) {
	t.Helper()
	require.Equal(t, want, s.Poll().String(), why)
}

// What is expected follows from tcp_poll of Linux, net/ipv4/tcp.c.

func TestPollOfASocketThatIsNotConnected(t *testing.T) {
	d := newDuo(t)
	d.server.Go("", func(p *netsim.Proc) {
		l := socket(t, p)
		polls(t, l, "OUT|HUP", "fresh: sk_state is TCP_CLOSE")
		require.Zero(t, l.Bind(netip.AddrPortFrom(netip.IPv4Unspecified(), 80)))
		require.Zero(t, l.Listen(1))
		polls(t, l, "0", "there is nobody to accept")
		p.Sleep(10 * rtt)
		polls(t, l, "IN", "there is one to accept")
		require.Zero(t, l.Close())
		polls(t, l, "NVAL", "closed")
	})
	d.client.Go("", func(p *netsim.Proc) {
		s := socket(t, p)
		p.Host().Go("other", func(p *netsim.Proc) {
			p.Sleep(rtt / 2)
			polls(t, s, "0", "SYN-SENT")
		})
		require.Zero(t, s.Connect(d.serverPort(80)))
		polls(t, s, "OUT", "connected")
		require.Equal(t, syscall.ECONNREFUSED, socket(t, p).Connect(d.serverPort(81)))
	})
	d.run()
}

func TestPollTellsOfDataEndAndReset(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		sends(t, s, "hello")
		require.Zero(t, s.Shutdown(false, true))
		p.Sleep(2 * rtt)
		polls(t, s, "IN|OUT|ERR|HUP|RDHUP", "reset, and nobody was told yet")
		recvFails(t, s, syscall.ECONNRESET)
		polls(t, s, "IN|OUT|HUP|RDHUP", "reset, and told")
	}, func(p *netsim.Proc, s *netsim.Socket) {
		polls(t, s, "OUT", "nothing has come")
		p.Sleep(rtt)
		polls(t, s, "IN|OUT|RDHUP", "data and FIN")
		require.Zero(t, s.Close(), "unread data: RST")
	})
	d.run()
}

func TestPollHasHangupWhenBothDirectionsEnded(t *testing.T) {
	d := newDuo(t)
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		require.Zero(t, s.Shutdown(false, true))
		polls(t, s, "OUT", "what we send is over, and send fails at once")
		p.Sleep(2 * rtt)
		polls(t, s, "IN|OUT|HUP|RDHUP", "both ends: TIME-WAIT")
	}, func(p *netsim.Proc, s *netsim.Socket) {
		p.Sleep(rtt)
		polls(t, s, "IN|OUT|RDHUP", "the end can be read")
		require.Zero(t, s.Shutdown(false, true))
		polls(t, s, "IN|OUT|HUP|RDHUP", "LAST-ACK")
	})
	d.run()
}

func TestOutqCountsWhatIsNotAcknowledged(t *testing.T) {
	d := newDuo(t)
	outq := func(s *netsim.Socket, want int, why string) {
		t.Helper()
		n, errno := s.Outq()
		require.Zero(t, errno, why)
		require.Equal(t, want, n, why)
	}
	d.connected(func(p *netsim.Proc, s *netsim.Socket) {
		outq(s, 0, "nothing was sent")
		sends(t, s, "hello")
		outq(s, 5, "on the way")
		p.Sleep(rtt)
		outq(s, 0, "acknowledged")
		d.link.From(d.client).SetDown()
		sends(t, s, "lost")
		require.Zero(t, s.Shutdown(false, true))
		outq(s, 5, "4 bytes and the FIN: tcp_ioctl, write_seq - snd_una")
		require.Zero(t, s.Close())
		_, errno := s.Outq()
		require.Equal(t, syscall.EBADF, errno)
		d.link.From(d.client).SetUp()
	}, idle)
	d.run()

	e := newDuo(t)
	e.rule(e.client, "S", 1, 1, link.Verdict{Action: link.Drop})
	e.client.Go("", func(p *netsim.Proc) {
		s, l := socket(t, p), socket(t, p)
		require.Zero(t, l.Listen(1))
		_, errno := l.Outq()
		require.Equal(t, syscall.EINVAL, errno, "a listener")
		p.Host().Go("other", func(*netsim.Proc) { outq(s, 0, "SYN-SENT") })
		require.Equal(t, syscall.ECONNREFUSED, s.Connect(e.serverPort(80)))
		outq(s, 0, "refused")
	})
	e.run()
}
