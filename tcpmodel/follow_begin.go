package tcpmodel

import (
	"time"

	"rstlab/netsim/wire"
)

// FollowActive follows an active OPEN from its SYN on.
func FollowActive(now time.Duration, p *Profile, o FollowOptions, syn *Segment) (*Follower, *Refusal) {
	f := newFollower(p, o, syn)
	f.ep.Call(now, Call{Op: OpOpen})
	return f, f.opened(now, syn, wire.SYN)
}

// FollowPassive follows a connection of a listener, from the SYN that arrived and
// the SYN-ACK that answers it.
func FollowPassive(now time.Duration, p *Profile, o FollowOptions, syn, synAck *Segment) (*Follower, *Refusal) {
	f := newFollower(p, o, synAck)
	f.ep.state, f.ep.passive = wire.Listen, true
	f.ep.memory.fixed = false // netstack accept.go, createConnectingEndpoint: the size is passed on, not that it was set
	if synAck.Options.HasScale && !syn.Options.HasScale || synAck.Options.SACKPermitted && !syn.Options.SACKPermitted ||
		synAck.Options.HasTimestamps && !syn.Options.HasTimestamps {
		return f, refuse(ListenSyn, showSegment(synAck), "only options that the SYN has: RFC 7323 sections 1.3 and 2.2, RFC 2018 section 2")
	}
	f.Arrive(now, syn)
	f.owed = f.owed[:0]
	if synAck.Ack != syn.Seq+1 {
		return f, refuse(ListenSyn, showSegment(synAck), "ACK=SEG.SEQ+1, %d", syn.Seq+1)
	}
	return f, f.opened(now, synAck, wire.SYN|wire.ACK)
}

// OverIPv6 says that the connection is one of IPv6, whose headers are longer.
func (f *Follower) OverIPv6() { f.ep.ipv6 = true }

// FollowOptions is what was set on a socket before its connection began.
type FollowOptions []OptionValue

// OptionValue is a setting and its value.
type OptionValue struct {
	Option Option
	Value  int64
}

func newFollower(p *Profile, o FollowOptions, own *Segment) *Follower {
	tuned := *p
	tuned.WindowScale, tuned.SACK = own.Options.HasScale, own.Options.SACKPermitted
	tuned.Timestamps, tuned.MaxMSS = own.Options.HasTimestamps, 0
	mss := int(own.Options.MSS)
	if mss == 0 {
		mss = 536
	}
	f := &Follower{shut: -1, patience: patience{stamp: -1}, ep: NewEndpoint(EndpointConfig{Profile: &tuned, MSS: mss, ISN: own.Seq})}
	f.ep.follows = true
	f.tried, f.lost = own.Seq, own.Seq
	for _, x := range o {
		if x.Option != MaxSegment {
			f.ep.setOption(x.Option, x.Value)
		}
	}
	return f
}

// opened takes over the numbers of the first segment.
func (f *Follower) opened(now time.Duration, s *Segment, flags wire.Flags) *Refusal {
	f.owed = f.owed[:0]
	if s.Flags != flags || len(s.Payload) > 0 {
		return refuse(OpenActive, showSegment(s), "flags %v and no text", flags)
	}
	f.sends, f.heard = now, now
	f.ep.tsOffset = s.Options.TSVal - uint32(now/time.Millisecond)
	f.ep.tsFirst, f.ep.tsLast = s.Options.TSVal, s.Options.TSVal
	f.takeScale(s)
	f.ep.rcvWnd, f.ep.rcvWup = uint32(s.Window), f.ep.rcvNxt
	f.first = max(int(s.Window), 1)
	f.ep.memory.copiedBefore = f.first
	f.offered = f.ep.rcvNxt + uint32(s.Window)
	return nil
}

func (f *Follower) takeScale(s *Segment) {
	if f.ep.rcvScale = 0; s.Options.HasScale {
		f.ep.rcvScale = min(s.Options.Scale, 14)
	}
}
