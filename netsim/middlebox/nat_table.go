package middlebox

import (
	"net/netip"
	"slices"
	"time"
)

// find is the session with a remote end; nil when there is none.
func (m *mapping) find(remote netip.AddrPort) *session {
	if m == nil {
		return nil
	}
	for _, s := range m.sessions {
		if s.key[Outside] == remote {
			return s
		}
	}
	return nil
}

// begin adds a session, and a mapping for it unless there is one. ok is false
// when no port is free.
func (n *NAT) begin(now time.Duration, m *mapping, inside, remote netip.AddrPort) (*mapping, *session, bool) {
	if m == nil || n.byPort[m.port] != m { // its last session may have been forgotten
		port, ok := n.freePort()
		if !ok {
			n.purge(now)
			if port, ok = n.freePort(); !ok {
				return nil, nil, false
			}
		}
		m = &mapping{inside: inside, port: port}
		n.byInside[inside], n.byPort[port] = m, m
		n.mappings = append(n.mappings, m)
	}
	return m, n.add(m, remote), true
}

func (n *NAT) add(m *mapping, remote netip.AddrPort) *session {
	s := &session{key: pair{m.inside, remote}}
	m.sessions = append(m.sessions, s)
	n.flows++
	return s
}

// freePort is the next port that nobody has.
func (n *NAT) freePort() (port uint16, ok bool) {
	count := int(n.cfg.LastPort) - int(n.cfg.FirstPort) + 1
	port = n.lastPort
	for range count {
		if port >= n.cfg.LastPort {
			port = n.cfg.FirstPort
		} else {
			port++
		}
		if n.byPort[port] == nil {
			n.lastPort = port
			return port, true
		}
	}
	return 0, false
}

// refresh forgets the sessions of a mapping that were idle for too long, and
// reports whether any is left.
func (n *NAT) refresh(now time.Duration, m *mapping) bool {
	before := len(m.sessions)
	m.sessions = slices.DeleteFunc(m.sessions, func(s *session) bool { return !s.alive(now, n.cfg.Timeouts) })
	n.flows -= before - len(m.sessions)
	if len(m.sessions) > 0 {
		return true
	}
	n.unmap(m)
	return false
}

func (n *NAT) unmap(m *mapping) {
	if n.byPort[m.port] != m {
		return
	}
	delete(n.byPort, m.port)
	delete(n.byInside, m.inside)
	n.mappings = slices.DeleteFunc(n.mappings, func(other *mapping) bool { return other == m })
}

// purge forgets everything that was idle for too long.
func (n *NAT) purge(now time.Duration) {
	for _, m := range slices.Clone(n.mappings) {
		n.refresh(now, m)
	}
}

// forget takes a session out; the mapping stays for the one that takes its
// place.
func (n *NAT) forget(m *mapping, s *session) {
	m.sessions = slices.DeleteFunc(m.sessions, func(other *session) bool { return other == s })
	n.flows--
}

// evict forgets the session that was idle for the longest, of several the
// oldest.
func (n *NAT) evict() {
	var owner *mapping
	var victim *session
	for _, m := range n.mappings {
		for _, s := range m.sessions {
			if victim == nil || s.last < victim.last {
				owner, victim = m, s
			}
		}
	}
	if victim == nil {
		return
	}
	n.forget(owner, victim)
	if len(owner.sessions) == 0 {
		n.unmap(owner)
	}
}
