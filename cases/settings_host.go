package cases

import (
	"slices"

	"rstlab/netsim"
)

// hostSetting describes a setting of a host's TCP: key=V.
type hostSetting struct {
	key, form, help string
	slot            slot
	field           func(*HostSettings) *Value
}

var hostTable = []hostSetting{
	{"sack", "on|off", "selective acknowledgements (RFC 2018); off is as tcp_sack=0 of Linux", switchSlot, func(s *HostSettings) *Value { return &s.SACK }},
	{"timestamps", "on|off", "the timestamps option (RFC 7323); off is as tcp_timestamps=0 of Linux, and netstack cannot do it", switchSlot, func(s *HostSettings) *Value { return &s.Timestamps }},
	{"retries", "N", "retransmissions of a segment before the connection is given up (15), as tcp_retries2 of Linux", intSlot(1, 255), func(s *HostSettings) *Value { return &s.Retries }},
	{"fintimeout", "DUR", "how long an orphan stays in FIN-WAIT-2 (60s), as tcp_fin_timeout of Linux", durationSlot, func(s *HostSettings) *Value { return &s.FinTimeout }},
	{"timewait", "DUR", "how long a connection stays in TIME-WAIT (60s)", durationSlot, func(s *HostSettings) *Value { return &s.TimeWait }},
	{"mtu", "N", "largest datagram in bytes that it sends (1500, and what its links allow)", intSlot(68, 65535), func(s *HostSettings) *Value { return &s.MTU }},
	{"congestion", "reno|cubic", "congestion control (reno)", slot{kinds: []Kind{KindWord}, choices: []string{"reno", "cubic"}}, func(s *HostSettings) *Value { return &s.Congestion }},
}

func findHostSetting(key string) *hostSetting {
	i := slices.IndexFunc(hostTable, func(t hostSetting) bool { return t.key == key })
	if i < 0 {
		return nil
	}
	return &hostTable[i]
}

// hostKeys are the keys that a host can have.
func hostKeys() []string {
	keys := []string{"stack", "addr"}
	for _, t := range hostTable {
		keys = append(keys, t.key)
	}
	return keys
}

// config is the host as the simulator takes it, of a host without references
// (see [Scenario.Bind]).
func (h *Host) config() netsim.HostConfig {
	return netsim.HostConfig{
		Addrs:        h.Addrs,
		MTU:          h.MTU.Int(),
		NoSACK:       h.SACK.Is("off"),
		NoTimestamps: h.Timestamps.Is("off"),
		Retries:      h.Retries.Int(),
		FinTimeout:   h.FinTimeout.Duration(),
		TimeWait:     h.TimeWait.Duration(),
		Congestion:   h.Congestion.Text,
	}
}
