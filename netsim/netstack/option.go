package netstack

import (
	"syscall"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"rstlab/netsim/engine"
)

// SetOption implements [engine.Socket].
func (s *Socket) SetOption(o engine.Option, v int64) syscall.Errno {
	ops := s.ep.SocketOptions()
	switch o {
	case engine.NoDelay:
		ops.SetDelayOption(v == 0)
	case engine.KeepAlive:
		ops.SetKeepAlive(v != 0)
	case engine.KeepAliveIdle:
		idle := tcpip.KeepaliveIdleOption(v)
		return errnoOf(s.ep.SetSockOpt(&idle))
	case engine.KeepAliveInterval:
		interval := tcpip.KeepaliveIntervalOption(v)
		return errnoOf(s.ep.SetSockOpt(&interval))
	case engine.KeepAliveCount:
		return errnoOf(s.ep.SetSockOptInt(tcpip.KeepaliveCountOption, int(v)))
	case engine.ReceiveBuffer:
		smallest, largest := ops.ReceiveBufferLimits()
		ops.SetReceiveBufferSize(bufferSize(v, smallest, largest), true)
	case engine.SendBuffer:
		smallest, largest := ops.SendBufferLimits()
		ops.SetSendBufferSize(bufferSize(v, smallest, largest), true)
	case engine.UserTimeout:
		timeout := tcpip.TCPUserTimeoutOption(v)
		return errnoOf(s.ep.SetSockOpt(&timeout))
	case engine.SynCount:
		return errnoOf(s.ep.SetSockOptInt(tcpip.TCPSynCountOption, int(v)))
	case engine.Linger:
		ops.SetLinger(tcpip.LingerOption{Enabled: v >= 0, Timeout: time.Duration(max(v, 0))})
	case engine.MaxSegment:
		return errnoOf(s.ep.SetSockOptInt(tcpip.MaxSegOption, int(v)))
	case engine.FinWait2Timeout:
		timeout := tcpip.TCPLingerTimeoutOption(v)
		return errnoOf(s.ep.SetSockOpt(&timeout))
	case engine.ReuseAddress:
		ops.SetReuseAddress(v != 0)
	case engine.IPv6Only:
		ops.SetV6Only(v != 0)
	case engine.QuickAck:
		ops.SetQuickAck(v != 0)
	default:
		return syscall.ENOPROTOOPT
	}
	return 0
}

// Option implements [engine.Socket].
func (s *Socket) Option(o engine.Option) (int64, syscall.Errno) {
	ops := s.ep.SocketOptions()
	switch o {
	case engine.NoDelay:
		return bit(!ops.GetDelayOption()), 0
	case engine.KeepAlive:
		return bit(ops.GetKeepAlive()), 0
	case engine.KeepAliveIdle:
		var idle tcpip.KeepaliveIdleOption
		err := s.ep.GetSockOpt(&idle)
		return int64(idle), errnoOf(err)
	case engine.KeepAliveInterval:
		var interval tcpip.KeepaliveIntervalOption
		err := s.ep.GetSockOpt(&interval)
		return int64(interval), errnoOf(err)
	case engine.KeepAliveCount:
		return s.intOption(tcpip.KeepaliveCountOption)
	case engine.ReceiveBuffer:
		return ops.GetReceiveBufferSize(), 0
	case engine.SendBuffer:
		return ops.GetSendBufferSize(), 0
	case engine.UserTimeout:
		var timeout tcpip.TCPUserTimeoutOption
		err := s.ep.GetSockOpt(&timeout)
		return int64(timeout), errnoOf(err)
	case engine.SynCount:
		return s.intOption(tcpip.TCPSynCountOption)
	case engine.Linger:
		if l := ops.GetLinger(); l.Enabled {
			return int64(l.Timeout), 0
		}
		return -1, 0
	case engine.MaxSegment:
		return s.intOption(tcpip.MaxSegOption)
	case engine.FinWait2Timeout:
		var timeout tcpip.TCPLingerTimeoutOption
		err := s.ep.GetSockOpt(&timeout)
		return int64(timeout), errnoOf(err)
	case engine.ReuseAddress:
		return bit(ops.GetReuseAddress()), 0
	case engine.IPv6Only:
		return bit(ops.GetV6Only()), 0
	case engine.QuickAck:
		return bit(ops.GetQuickAck()), 0
	}
	return 0, syscall.ENOPROTOOPT
}

func (s *Socket) intOption(o tcpip.SockOptInt) (int64, syscall.Errno) {
	v, err := s.ep.GetSockOptInt(o)
	return int64(v), errnoOf(err)
}

// bufferSize is what SO_RCVBUF and SO_SNDBUF make of a size. socket(7): "The
// kernel doubles this value (to allow space for bookkeeping overhead) when it
// is set". netstack counts on that: it offers half of the receive buffer as
// window.
func bufferSize(v, smallest, largest int64) int64 {
	return max(tcp.SegOverheadFactor*min(v, largest), smallest)
}

func bit(on bool) int64 {
	if on {
		return 1
	}
	return 0
}
