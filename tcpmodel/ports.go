package tcpmodel

import (
	"net/netip"
	"time"

	"rstlab/netsim/wire"
)

// The ephemeral ports that are given to active OPENs (Linux
// ip_local_port_range).
const (
	firstPort = 32768
	numPorts  = 60999 - firstPort + 1
)

// freePort is the first free ephemeral port from a random one on; 0 when there
// is none.
func (s *Stack) freePort(free func(uint16) bool) uint16 {
	s.ports++
	start := mix(s.cfg.Seed^0x706f727473+s.ports) % numPorts
	for i := uint64(0); i < numPorts; i++ {
		port := uint16(firstPort + (start+i)%numPorts)
		if free(port) {
			return port
		}
	}
	return 0
}

// isn is the initial sequence number of a connection. RFC 6528 section 3: "ISN =
// M + F(localip, localport, remoteip, remoteport, secretkey)", where M is a
// 4-microsecond timer, or a faster one.
func (s *Stack) isn(now time.Duration, f wire.Flow) uint32 {
	return uint32(now/s.p.NumberTick) + uint32(s.hash(f, 0x69736e))
}

// endpointConfig is what a connection is made of.
func (s *Stack) endpointConfig(f wire.Flow, isn uint32) EndpointConfig {
	return EndpointConfig{
		Profile: s.p, MSS: s.announcedMSS(f.Local.Addr()), ISN: isn, IPv6: f.Local.Addr().Is6(),
		TSOffset: uint32(s.hash(f, 0x7473)), Places: s.cfg.Places,
	}
}

func (s *Stack) announcedMSS(a netip.Addr) int {
	mss := s.cfg.MTU - 40
	if a.Is6() {
		mss = s.cfg.MTU - 60
	}
	if s.p.MaxMSS > 0 {
		mss = min(mss, s.p.MaxMSS)
	}
	return max(mss, 1)
}

// hash is F of RFC 6528: not cryptographic, for there is no attacker here.
func (s *Stack) hash(f wire.Flow, salt uint64) uint64 {
	h := mix(s.cfg.Seed ^ salt)
	for _, ap := range [2]netip.AddrPort{f.Local, f.Remote} {
		b := ap.Addr().As16()
		for i := 0; i < 16; i += 8 {
			v := uint64(0)
			for _, x := range b[i : i+8] {
				v = v<<8 | uint64(x)
			}
			h = mix(h ^ v)
		}
		h = mix(h ^ uint64(ap.Port()))
	}
	return h
}

// mix is the finaliser of splitmix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
