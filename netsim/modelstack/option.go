package modelstack

import (
	"syscall"

	"rstlab/netsim/engine"
	"rstlab/tcpmodel"
)

// settings are the model's names of the options.
var settings = map[engine.Option]tcpmodel.Option{
	engine.NoDelay:           tcpmodel.NoDelay,
	engine.KeepAlive:         tcpmodel.KeepAlive,
	engine.KeepAliveIdle:     tcpmodel.KeepIdle,
	engine.KeepAliveInterval: tcpmodel.KeepInterval,
	engine.KeepAliveCount:    tcpmodel.KeepCount,
	engine.ReceiveBuffer:     tcpmodel.ReceiveBuffer,
	engine.SendBuffer:        tcpmodel.SendBuffer,
	engine.UserTimeout:       tcpmodel.UserTimeout,
	engine.SynCount:          tcpmodel.SynCount,
	engine.Linger:            tcpmodel.Linger,
	engine.MaxSegment:        tcpmodel.MaxSegment,
	engine.FinWait2Timeout:   tcpmodel.FinWait2Timeout,
	engine.QuickAck:          tcpmodel.QuickAck,
}

// SetOption implements [engine.Socket].
func (s *Socket) SetOption(o engine.Option, v int64) syscall.Errno {
	switch o {
	case engine.ReuseAddress:
		s.reuse = v
		s.engine.stack.Reuse(s.model, v != 0)
		return 0
	case engine.IPv6Only:
		s.only6 = v
		s.engine.stack.Only6(s.model, v != 0)
		return 0
	default:
	}
	name, ok := settings[o]
	if !ok {
		return syscall.ENOPROTOOPT
	}
	return s.call(tcpmodel.Call{Op: tcpmodel.OpSet, Option: name, Value: v}).Errno
}

// Option implements [engine.Socket].
func (s *Socket) Option(o engine.Option) (int64, syscall.Errno) {
	switch o {
	case engine.ReuseAddress:
		return s.reuse, 0
	case engine.IPv6Only:
		return s.only6, 0
	default:
	}
	name, ok := settings[o]
	if !ok {
		return 0, syscall.ENOPROTOOPT
	}
	return s.model.Endpoint().Option(name), 0
}
