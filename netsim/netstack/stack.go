package netstack

import (
	"math/rand"
	"sync"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"rstlab/netsim/vtime"
)

// The protocols' factories are shared by all stacks: making one of IPv4 draws
// 8 KB from the system's random generator, for keys that nothing reads in this
// version of gVisor (network/ipv4/ipv4.go: ids, hashIV). Identifications come
// from the stack's own generator (getID there).
var (
	newIPv4 = ipv4.NewProtocolWithOptions(ipv4.Options{})
	newIPv6 = ipv6.NewProtocolWithOptions(ipv6.Options{})
)

// noTables are packet filters that accept everything. They are never changed,
// so that all stacks share them.
var noTables = stack.DefaultTables(tcpip.NewStdClock(), rand.New(&source{state: 1}))

func newStack(cfg Config, clock *vtime.Clock, v4, v6 bool) *stack.Stack {
	var networks []stack.NetworkProtocolFactory
	if v4 {
		networks = append(networks, newIPv4)
	}
	if v6 {
		networks = append(networks, newIPv6)
	}
	return stack.New(stack.Options{
		NetworkProtocols:   networks,
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
		Clock:              clock,
		IPTables:           noTables,
		RandSource:         &source{state: mix(cfg.Seed ^ 0x696e736563757265)},
		SecureRNG:          &source{state: mix(cfg.Seed ^ 0x7365637572650000)},
	})
}

// source is splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
// generators, 2014) as a rand.Source64 and an io.Reader. Unlike
// rand.NewSource it costs nothing to seed.
type source struct {
	mu    sync.Mutex // stack.Options.RandSource must be safe for concurrent use
	state uint64
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Uint64 implements rand.Source64.
func (s *source) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state += 0x9e3779b97f4a7c15
	return mix(s.state)
}

// Int63 implements rand.Source.
func (s *source) Int63() int64 { return int64(s.Uint64() >> 1) }

// Seed implements rand.Source.
func (s *source) Seed(seed int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = uint64(seed)
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	for i := 0; i < len(p); i += 8 {
		v := s.Uint64()
		for j := i; j < min(i+8, len(p)); j++ {
			p[j] = byte(v)
			v >>= 8
		}
	}
	return len(p), nil
}
