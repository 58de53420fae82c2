package tcpmodel_test

import (
	"fmt"

	"rstlab/netsim/wire"
	"rstlab/tcpmodel"
)

// A client opens a connection to nobody.
func Example() {
	client := tcpmodel.NewEndpoint(tcpmodel.EndpointConfig{Profile: &tcpmodel.Linux, MSS: 1460})
	_, out := client.Call(0, tcpmodel.Call{Op: tcpmodel.OpOpen})
	syn := out.Segments[0]
	at, _ := client.NextDeadline()
	fmt.Println(syn.Flags, "and again at", at)
	out = client.Expire(at)
	fmt.Println(out.Segments[0].Flags)
	out = client.Arrive(at, &tcpmodel.Segment{Flags: wire.RST | wire.ACK, Ack: syn.Seq + 1})
	fmt.Println(client.State(), client.Failure(), out.Clauses.Has(tcpmodel.SynSentReset))
	// Output:
	// S and again at 1s
	// S
	// CLOSED connection refused true
}
