package netstack_test

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/netsim/engine"
	"rstlab/netsim/wire"
)

// RFC 9293 section 3.10.5 has ABORT send RST in SYN-RECEIVED, ESTABLISHED, FIN-WAIT-1,
// FIN-WAIT-2 and CLOSE-WAIT, and nothing in the other states. netstack sends it in
// CLOSING, LAST-ACK and TIME-WAIT too (gVisor transport/tcp/endpoint.go, Abort:
// state.connected()).
func TestAbortSendsRSTWhereTheStateDemandsIt(t *testing.T) {
	for _, c := range []struct {
		state wire.State
		reach func(p *pair, a, b engine.Socket)
		want  string // the flags of what a sends
	}{
		{wire.Established, func(*pair, engine.Socket, engine.Socket) {}, "R."},
		{wire.FinWait1, func(p *pair, a, _ engine.Socket) { p.a.shutdown(a, false, true) }, "R."},
		{wire.FinWait2, func(p *pair, a, _ engine.Socket) {
			p.a.shutdown(a, false, true)
			p.run(5 * delay)
		}, "R."},
		{wire.CloseWait, func(p *pair, _, b engine.Socket) {
			p.b.shutdown(b, false, true)
			p.run(5 * delay)
		}, "R."},
		{wire.LastAck, func(p *pair, a, b engine.Socket) {
			p.b.shutdown(b, false, true)
			p.run(5 * delay)
			p.a.shutdown(a, false, true)
		}, "R."}, // the RFC: nothing
		{wire.TimeWait, func(p *pair, a, b engine.Socket) {
			p.a.shutdown(a, false, true)
			p.run(5 * delay)
			p.b.shutdown(b, false, true)
			p.run(2 * delay)
		}, "R."}, // the RFC: nothing
	} {
		t.Run(c.state.String(), func(t *testing.T) {
			p := newPair(t, nil)
			a, b, _ := p.established(engine.IPv4)
			c.reach(p, a, b)
			require.Equal(t, c.state, a.State())
			before := len(p.a.sent)
			require.Zero(t, a.Abort())
			p.a.settle()
			require.Equal(t, wire.Closed, a.State())
			require.Equal(t, syscall.ECONNABORTED, a.TakeFailure())
			require.Zero(t, a.TakeFailure(), "once")
			require.Equal(t, syscall.ENOENT, a.Abort(), "there is nothing left")
			require.Len(t, p.a.sent, before+1)
			require.Equal(t, c.want, p.a.sent[before].TCP.Flags.String())
			p.a.close(a)
		})
	}
}

func TestAbortInSYNSENTSaysNothing(t *testing.T) {
	p := newPair(t, nil)
	a := p.a.connect(engine.IPv4, 80)
	require.Equal(t, wire.SynSent, a.State())
	require.Zero(t, a.Abort())
	p.a.settle()
	require.Len(t, p.a.sent, 1, "the SYN")
	require.Equal(t, syscall.ECONNABORTED, a.TakeFailure())
	p.a.close(a)
}

func TestAbortLeavesWhatWasReceived(t *testing.T) {
	p := newPair(t, nil)
	a, b, _ := p.established(engine.IPv4)
	p.b.send(b, "left over")
	p.run(5 * delay)
	require.Zero(t, a.Abort())
	p.a.settle()
	require.True(t, a.Readable())
	require.Equal(t, 9, a.Unread())
	p.a.received(a, "left over")
	require.Zero(t, a.Unread())
	p.a.close(a)
}
