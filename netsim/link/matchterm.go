package link

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"rstlab/netsim/wire"
)

// term is one condition of a [Match].
type term struct {
	not    bool
	kind   termKind
	op     comparison // of a number
	number uint16     //
	flags  wire.Flags // of isFlags
	text   string     // of isContains
}

type termKind uint8

const (
	isAny termKind = iota
	isTCP
	isICMP
	isData
	isDataFIN
	isAck
	isSYN
	isSYNACK
	isFIN
	isRST
	isRexmit
	isLen
	isWindow
	isSrcPort
	isDstPort
	isFlags
	isContains
)

// The words of the notation, by kind: plain names first, then the fields that
// are compared with a number, then the two with a value of their own.
var termNames = [...]string{
	isAny: "any", isTCP: "tcp", isICMP: "icmp", isData: "data", isDataFIN: "dataF", isAck: "ack",
	isSYN: "S", isSYNACK: "SA", isFIN: "F", isRST: "R", isRexmit: "rexmit",
	isLen: "len", isWindow: "win", isSrcPort: "sport", isDstPort: "dport",
	isFlags: "flags", isContains: "contains",
}

func (k termKind) plain() bool   { return k <= isRexmit }
func (k termKind) numeric() bool { return k >= isLen && k <= isDstPort }

// comparison is an operator between a field and a number.
type comparison uint8

const (
	equal comparison = iota
	unequal
	less
	lessOrEqual
	greater
	greaterOrEqual
)

var comparisonNames = [...]string{"=", "!=", "<", "<=", ">", ">="}

func (c comparison) holds(a, b int) bool {
	switch c {
	case equal:
		return a == b
	case unequal:
		return a != b
	case less:
		return a < b
	case lessOrEqual:
		return a <= b
	case greater:
		return a > b
	default:
		return a >= b
	}
}

func (t term) String() string {
	text := termNames[t.kind]
	switch {
	case t.kind.numeric():
		text += comparisonNames[t.op] + strconv.Itoa(int(t.number))
	case t.kind == isFlags:
		text += "=" + t.flags.String()
	case t.kind == isContains:
		text += "=" + strings.ReplaceAll(strconv.QuoteToASCII(t.text), " ", `\x20`)
	}
	if t.not {
		return "!" + text
	}
	return text
}

// holds evaluates the term without its negation.
func (t *term) holds(p *wire.Packet, rexmit bool) bool {
	if p.Proto != wire.TCP {
		return t.kind == isAny || t.kind == isICMP
	}
	s := &p.TCP
	switch t.kind {
	case isAny, isTCP:
		return true
	case isICMP:
		return false
	case isData:
		return len(s.Payload) > 0
	case isDataFIN:
		return len(s.Payload) > 0 || s.Flags.Has(wire.FIN)
	case isAck:
		return s.Flags == wire.ACK && len(s.Payload) == 0
	case isSYN:
		return s.Flags.Has(wire.SYN) && !s.Flags.Has(wire.ACK)
	case isSYNACK:
		return s.Flags.Has(wire.SYN | wire.ACK)
	case isFIN:
		return s.Flags.Has(wire.FIN)
	case isRST:
		return s.Flags.Has(wire.RST)
	case isRexmit:
		return rexmit
	case isLen:
		return t.op.holds(len(s.Payload), int(t.number))
	case isWindow:
		return t.op.holds(int(s.Window), int(t.number))
	case isSrcPort:
		return t.op.holds(int(s.SrcPort), int(t.number))
	case isDstPort:
		return t.op.holds(int(s.DstPort), int(t.number))
	case isFlags:
		return s.Flags == t.flags
	case isContains:
		return bytes.Contains(s.Payload, []byte(t.text))
	}
	panic(fmt.Sprintf("link: unreachable: term kind %d", t.kind))
}
