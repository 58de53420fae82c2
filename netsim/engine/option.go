package engine

import "fmt"

// Option is a socket option. Durations are nanoseconds, switches 0 or 1.
type Option uint8

// The options, with the name that socket(7), tcp(7) and ip(7) give them.
const (
	NoDelay           Option = iota // TCP_NODELAY: 1 turns the Nagle algorithm off
	KeepAlive                       // SO_KEEPALIVE
	KeepAliveIdle                   // TCP_KEEPIDLE
	KeepAliveInterval               // TCP_KEEPINTVL
	KeepAliveCount                  // TCP_KEEPCNT: probes
	ReceiveBuffer                   // SO_RCVBUF: bytes
	SendBuffer                      // SO_SNDBUF: bytes
	UserTimeout                     // TCP_USER_TIMEOUT (RFC 5482)
	SynCount                        // TCP_SYNCNT: retransmissions of a SYN
	Linger                          // SO_LINGER: -1 off, else the time; 0 makes close an ABORT
	MaxSegment                      // TCP_MAXSEG: bytes
	FinWait2Timeout                 // TCP_LINGER2: time an orphan stays in FIN-WAIT-2
	ReuseAddress                    // SO_REUSEADDR
	IPv6Only                        // IPV6_V6ONLY
	QuickAck                        // TCP_QUICKACK
)

var optionNames = [...]string{
	"TCP_NODELAY", "SO_KEEPALIVE", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT",
	"SO_RCVBUF", "SO_SNDBUF", "TCP_USER_TIMEOUT", "TCP_SYNCNT", "SO_LINGER",
	"TCP_MAXSEG", "TCP_LINGER2", "SO_REUSEADDR", "IPV6_V6ONLY", "TCP_QUICKACK",
}

// Options are all options, in the order of their declaration.
func Options() []Option {
	all := make([]Option, len(optionNames))
	for i := range all {
		all[i] = Option(i)
	}
	return all
}

// String is the name of the option in C: "TCP_NODELAY".
func (o Option) String() string {
	if int(o) < len(optionNames) {
		return optionNames[o]
	}
	return fmt.Sprintf("OPTION-%d", uint8(o))
}
