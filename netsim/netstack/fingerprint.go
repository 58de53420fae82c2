package netstack

import (
	"errors"
	"maps"
	"reflect"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"rstlab/netsim/engine"
	"rstlab/netsim/fingerprint"
	"rstlab/netsim/vtime"
)

// AppendState implements [engine.Stated]: it writes the stack and everything
// that can be reached from it, but what unwritten names.
func (e *Engine) AppendState(b []byte, held []engine.Socket, opens bool) ([]byte, error) {
	if e.ipv6 {
		return b, errors.New("netstack: neighbour discovery of IPv6 keeps state of its own")
	}
	state := struct {
		engine *Engine
		held   []*Socket
	}{engine: e}
	for _, s := range held {
		state.held = append(state.held, s.(*Socket))
	}
	if opens {
		return plan.Append(b, state)
	}
	return drawn.Append(b, state)
}

// plan writes all of a stack, and drawn all but where its random generators are:
// when no port is drawn any more, only identifications of datagrams without DF are
// (network/ipv4/ipv4.go, getID), the hash that chooses a queue of the interface
// (transport/tcp/endpoint.go, txHash), and nothing that a host would notice.
var (
	plan  = newPlan(unwritten)
	drawn = newPlan(merged(unwritten, map[string]string{
		"stack.Stack.secureRNG":   "see above",
		"stack.Stack.insecureRNG": "see above",
		"tcp.Endpoint.txHash":     "see above",
	}))
)

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func newPlan(skip map[string]string) *fingerprint.Plan {
	return fingerprint.NewPlan(fingerprint.Rules{
		Skip: skip,
		Write: map[reflect.Type]func(*fingerprint.Encoder, reflect.Value){
			reflect.TypeFor[vtime.Event](): writeEvent,
			reflect.TypeFor[buffer.View](): writeView,
			timerType:                      writeTimer,
		},
		Keys: map[reflect.Type]func(*fingerprint.Encoder, reflect.Value){
			reflect.TypeFor[*tcp.Endpoint]():           writeID,
			reflect.TypeFor[stack.TransportEndpoint](): writeID,
		},
	})
}

// writeEvent writes whether a timer is set, and for when.
func writeEvent(e *fingerprint.Encoder, v reflect.Value) {
	set := v.FieldByName("place").Int() != 0
	e.Bool(set)
	if set {
		e.Value(v.FieldByName("at"))
	}
}

// timerType is the type of the timers of connections.
var timerType = func() reflect.Type {
	field, _ := reflect.TypeFor[tcp.Endpoint]().FieldByName("keepalive")
	timer, _ := field.Type.FieldByName("timer")
	return timer.Type
}()

// writeTimer writes of a connection's timer what has a meaning in its state
// (transport/tcp/timer.go): target "is only meaningful in the enabled state",
// clockTarget "is meaningful in the enabled and orphaned states".
func writeTimer(e *fingerprint.Encoder, v reflect.Value) {
	const enabled, orphaned = 2, 3
	state := v.FieldByName("state").Int()
	e.Uint(uint64(state))
	if state == enabled {
		e.Value(v.FieldByName("target"))
	}
	if state == enabled || state == orphaned {
		e.Value(v.FieldByName("clockTarget"))
	}
	e.Value(v.FieldByName("timer"))
}

// writeView writes the bytes of a buffer that are in use.
func writeView(e *fingerprint.Encoder, v reflect.Value) {
	if chunk := v.FieldByName("chunk"); !chunk.IsNil() {
		data := chunk.Elem().FieldByName("data").Bytes()
		e.Bytes(data[v.FieldByName("read").Int():v.FieldByName("write").Int()])
	}
	e.Value(v.FieldByName("ViewEntry").FieldByName("next"))
}

// writeID writes the addresses and ports of an endpoint, by which those of a stack
// differ.
func writeID(e *fingerprint.Encoder, v reflect.Value) {
	for v.Kind() != reflect.Struct {
		v = v.Elem()
	}
	e.Value(v.FieldByName("TransportEndpointInfo").FieldByName("ID"))
}

// unwritten is what has no part in what a stack does next, and why.
var unwritten = map[string]string{
	// Of this package.
	"netstack.Engine.clock":     "made once",
	"netstack.Engine.nic":       "made once; what is sent is taken when the engine settles",
	"netstack.Engine.recent":    "a cache",
	"netstack.Engine.touched":   "empty when the engine has settled",
	"netstack.Engine.arrived":   "empty when the engine has settled",
	"netstack.Engine.parting":   "empty when the engine has settled",
	"netstack.Engine.ready":     "empty when the engine has settled",
	"netstack.Engine.out":       "what the last step came to",
	"netstack.Engine.mu":        "a lock",
	"netstack.Socket.queue":     "made once",
	"netstack.Socket.entry":     "made once",
	"netstack.Socket.payload":   "used within a call only",
	"netstack.Socket.target":    "used within a call only",
	"netstack.Socket.signalled": "false when the engine has settled",
	"vtime.timer.clock":         "made once",
	"vtime.timer.f":             "given once; a timer is known by who holds it",
	"vtime.Clock":               "made once",

	// Locks, and what wakes goroutines: all of them wait when the engine has
	// settled.
	"sync.*":                  "locks",
	"tcp.Endpoint.drainDone":  "for saving a stack to disk",
	"tcp.Endpoint.undrain":    "for saving a stack to disk",
	"tcp.protocol.dispatcher": "its queues are empty when the engine has settled",
	"sleep.Waker":             "nobody sleeps in netstack's TCP",
	"waiter.Queue":            "each socket is told of everything from its beginning to its end",

	// What is below TCP, and configuration. Addresses, routes and options are set
	// before the first packet. Datagrams have DF, so that IPv4 puts none together
	// and counts none.
	"stack.Stack.networkProtocols": "IPv4 keeps nothing from one datagram to the next",
	"stack.Stack.nics":             "made once",
	"stack.nic":                    "made once",
	"stack.Stack.tables":           "empty filters, shared by all stacks",
	"stack.Stack.clock":            "made once",
	"stack.linkResolver":           "there are no link addresses",
	"stack.neighborEntry":          "there are no link addresses",

	// Statistics.
	"tcpip.Stats": "counts, which nothing reads",
	"tcp.Stats":   "counts, which nothing reads",

	"tcpip.SocketOptions.getSendBufferLimits":    "made once",
	"tcpip.SocketOptions.getReceiveBufferLimits": "made once",
	"stack.Route.localAddressEndpoint":           "the address, which the route has too",
	"btree.copyOnWriteContext":                   "the order of the tree, and memory management",
	"tcp.listenContext.hasher":                   "reset before each use",
	// References.
	"tcp.segmentRefs":            "memory management",
	"stack.packetBufferRefs":     "memory management",
	"tcp.protectedWriteList.set": "the members of writeList",
}
