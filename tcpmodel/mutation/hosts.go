package mutation

// hosts are faults in what a host does with many connections: listeners, queues,
// ports.
var hosts = []Mutant{
	{
		ID: "listener-closed-silent", File: "listener.go",
		Fault: "Connections that wait to be accepted are not reset when the listener is closed.",
		Old:   "\t\tif c.ep.state != wire.Closed {\n\t\t\t_, o :=",
		New:   "\t\tif c.ep.state == wire.Closed {\n\t\t\t_, o :=",
	},
	{
		ID: "accept-not-woken", File: "listener.go",
		Fault: "A complete handshake does not wake who accepts.",
		Old:   "\ts.ready(c.parent)\n",
		New:   "",
	},
	{
		ID: "socket-not-woken", File: "stack.go",
		Fault: "A socket is not told that reading or writing has become possible.",
		Old:   "if o.Ready && c.socket != nil {",
		New:   "if o.Ready && c.socket != nil && len(o.Changes) > 0 {",
	},
	{
		ID: "listener-any-port", File: "demux.go",
		Fault: "A listener takes segments for the next port too.",
		Old:   "k.local.Port() != at.Port() ||",
		New:   "k.local.Port() != at.Port() && k.local.Port()+1 != at.Port() ||",
	},
	{
		ID: "buffers-not-doubled", File: "endpoint.go",
		Fault: "Linux: the size of a buffer is not doubled.",
		Old:   "\tif e.p.DoubleBuffers {\n\t\tv *= 2\n\t}\n",
		New:   "",
	},
}
