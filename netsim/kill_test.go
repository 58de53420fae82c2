package netsim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rstlab/netsim"
	"rstlab/netsim/engine"
	"rstlab/netsim/trace"
	"rstlab/netsim/vtime"
)

// Whenever a process dies, the peer's connection comes to an end, and neither host
// keeps a timer running. RFC 9293 section 3.10.4: in SYN-SENT nothing is said, later
// FIN, or RST when data is unread.
func TestAProcessCanBeKilledAtAnyTime(t *testing.T) {
	for at := time.Duration(0); at <= 300*ms; at += 5 * ms {
		d := newDuo(t)
		ends := ""
		d.server.Go("", func(p *netsim.Proc) {
			p.Daemon()
			l := socket(t, p)
			require.Zero(t, l.Bind(d.serverPort(80)))
			require.Zero(t, l.Listen(5))
			s, errno := l.Accept()
			require.Zero(t, errno)
			s.Send([]byte("welcome"))
			for ends == "" {
				n, errno := s.Recv(make([]byte, 3))
				if n == 0 {
					ends = "EOF" + engine.ErrnoName(errno)
				}
			}
			require.Zero(t, s.Close())
		})
		victim := d.client.Go("", func(p *netsim.Proc) {
			p.Sleep(20 * ms)
			s := socket(t, p)
			require.Zero(t, s.Connect(d.serverPort(80)))
			s.Send([]byte("hello"))
			p.Sleep(100 * ms)
			s.Recv(make([]byte, 100))
			p.Sleep(time.Hour)
		})
		d.At(vtime.Time(at), victim.Kill)
		d.run()
		last := ""
		for _, e := range d.Trace().Events {
			if e.Kind == trace.StateChange && e.Host == "server" {
				last = e.To.String()
			}
		}
		// A kill at the instant of a packet comes first: it was scheduled first.
		switch {
		case at <= 20*ms: // no connection was ever begun
			require.Empty(t, last+ends, "%v", at)
			continue
		case at <= 40*ms: // in SYN-SENT
			require.Empty(t, ends, "%v: RST in answer to the SYN-ACK", at)
		case at > 60*ms && at <= 140*ms: // "welcome" is there, and unread
			require.Equal(t, "EOFECONNRESET", ends, "%v", at)
		default:
			require.Equal(t, "EOF", ends, "%v", at)
		}
		require.Equal(t, "CLOSED", last, "%v", at)
	}
}
