// Package modelstack is a host's TCP/IP on the reference model of package
// tcpmodel: an engine that follows the profile of an operating system.
//
//	client := net.Host("client", netsim.HostConfig{
//		Engine: func(cfg netsim.EngineConfig) (netsim.Engine, error) {
//			return modelstack.New(modelstack.Config{
//				Profile: &tcpmodel.Windows,
//				Addrs:   cfg.Addrs, MTU: cfg.MTU, Agenda: cfg.Agenda, Fired: cfg.Fired, Seed: cfg.Seed,
//			})
//		},
//	})
//
// [Engine] implements engine.Engine and [Socket] engine.Socket; the packets of a
// step leave in the order in which the model made them. The first timer of the
// model that is due is an event of the agenda, in the place that it would have if it had
// been scheduled when it was set.
//
// # Limitations
//
// Those of tcpmodel. Options that concern no segment (SO_REUSEADDR,
// IPV6_V6ONLY) are the stack's.
package modelstack
