package trace

// kindNames are the kinds by value; NDJSON, the text and the docs use them.
var kindNames = [...]string{
	Sent:        "sent",
	Forwarded:   "forwarded",
	Delivered:   "delivered",
	Dropped:     "dropped",
	Injected:    "injected",
	Call:        "call",
	Return:      "return",
	StateChange: "state",
	Fault:       "fault",
}

// String is the kind's name: "sent", "delivered", "call", "state"; and
// "kind-unknown" for a value that is no kind.
func (k Kind) String() string {
	if k.valid() {
		return kindNames[k]
	}
	return "kind-unknown"
}

// ParseKind is the inverse of [Kind.String]; ok is false for any other text.
func ParseKind(name string) (k Kind, ok bool) {
	for i := int(Sent); i < len(kindNames); i++ {
		if kindNames[i] == name {
			return Kind(i), true
		}
	}
	return 0, false
}

func (k Kind) valid() bool { return k >= Sent && int(k) < len(kindNames) }

// IsPacket reports whether an event of this kind has the packet fields.
func (k Kind) IsPacket() bool { return k >= Sent && k <= Injected }

// enters reports whether the packet comes into being with this event; the later
// ones of the same Number carry the same payload.
func (k Kind) enters() bool { return k == Sent || k == Injected }
