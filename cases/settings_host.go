package cases

import (
	"fmt"
	"slices"

	"rstlab/netsim"
	"rstlab/netsim/modelstack"
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
	{"rfc1337", "on|off", "ignore RST in TIME-WAIT (RFC 1337), as tcp_rfc1337 of Linux; netstack always does", switchSlot, func(s *HostSettings) *Value { return &s.RFC1337 }},
	{"synretries", "N", "retransmissions of a SYN, as tcp_syn_retries of Linux; not of netstack", intSlot(1, 127), func(s *HostSettings) *Value { return &s.SynRetries }},
	{"synlinear", "N", "retransmissions of a SYN before the time doubles, as tcp_syn_linear_timeouts of Linux; not of netstack", intSlot(0, 127), func(s *HostSettings) *Value { return &s.SynLinear }},
	{"synackretries", "N", "retransmissions of a SYN-ACK, as tcp_synack_retries of Linux; not of netstack", intSlot(0, 255), func(s *HostSettings) *Value { return &s.SynAckRetries }},
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
// (see [Scenario.Bind]), on the stack with this name. made is told of each model
// that it makes.
func (h *Host) config(stack string, made func(*modelstack.Engine)) netsim.HostConfig {
	cfg := netsim.HostConfig{
		Addrs:        h.Addrs,
		MTU:          h.MTU.Int(),
		NoSACK:       h.SACK.Is("off"),
		NoTimestamps: h.Timestamps.Is("off"),
		Retries:      h.Retries.Int(),
		FinTimeout:   h.FinTimeout.Duration(),
		TimeWait:     h.TimeWait.Duration(),
		Congestion:   h.Congestion.Text,
	}
	switch key := h.foreign(); {
	case stack != DefaultStack:
		cfg.Engine, cfg.EngineName = h.model(stack, made), "tcpmodel/"+profileName(stack)
	case key != "":
		cfg.Engine = func(netsim.EngineConfig) (netsim.Engine, error) {
			return nil, fmt.Errorf("netstack has no switch for %s: leave it out, or name another stack", key)
		}
	}
	return cfg
}

// foreign is the first setting that netstack cannot have; "" for none.
func (s *HostSettings) foreign() string {
	switch {
	case s.RFC1337.Is("off"):
		return "rfc1337=off"
	case s.SynRetries.IsSet():
		return "synretries"
	case s.SynLinear.IsSet():
		return "synlinear"
	case s.SynAckRetries.IsSet():
		return "synackretries"
	}
	return ""
}
