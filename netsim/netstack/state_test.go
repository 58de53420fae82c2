//go:build !js

package netstack_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"

	"rstlab/netsim/netstack"
	"rstlab/netsim/wire"
)

// states has every endpoint state of gVisor's package tcp, by its name there.
var states = map[string]struct {
	state tcp.EndpointState
	want  wire.State
}{
	"StateInitial":     {tcp.StateInitial, wire.Closed},
	"StateBound":       {tcp.StateBound, wire.Closed},
	"StateListen":      {tcp.StateListen, wire.Listen},
	"StateConnecting":  {tcp.StateConnecting, wire.Closed},
	"StateSynSent":     {tcp.StateSynSent, wire.SynSent},
	"StateSynRecv":     {tcp.StateSynRecv, wire.SynReceived},
	"StateEstablished": {tcp.StateEstablished, wire.Established},
	"StateFinWait1":    {tcp.StateFinWait1, wire.FinWait1},
	"StateFinWait2":    {tcp.StateFinWait2, wire.FinWait2},
	"StateCloseWait":   {tcp.StateCloseWait, wire.CloseWait},
	"StateClosing":     {tcp.StateClosing, wire.Closing},
	"StateLastAck":     {tcp.StateLastAck, wire.LastAck},
	"StateTimeWait":    {tcp.StateTimeWait, wire.TimeWait},
	"StateError":       {tcp.StateError, wire.Closed},
	"StateClose":       {tcp.StateClose, wire.Closed},
}

func TestEveryEndpointStateIsAStateOfTheRFC(t *testing.T) {
	reached := map[wire.State]bool{}
	for name, c := range states {
		require.Equal(t, c.want, netstack.StateOf(c.state), name)
		reached[c.want] = true
	}
	require.Len(t, reached, wire.NumStates, "every state of RFC 9293 must be reported")
}

func TestTheStateTableHasEveryStateOfGVisorsSource(t *testing.T) {
	var source []string
	for _, f := range parseDir(t, gvisorDir(t, "gvisor.dev/gvisor/pkg/tcpip/transport/tcp")) {
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.GenDecl); ok && decl.Tok == token.CONST {
				source = append(source, endpointStates(decl)...)
			}
		}
	}
	var table []string
	for name := range states {
		table = append(table, name)
	}
	slices.Sort(source)
	slices.Sort(table)
	require.Equal(t, source, table)
}

// endpointStates are the names in a block of constants of type EndpointState.
func endpointStates(decl *ast.GenDecl) []string {
	var names []string
	typed := func(s *ast.ValueSpec) bool {
		typ, ok := s.Type.(*ast.Ident)
		return ok && typ.Name == "EndpointState"
	}
	if len(decl.Specs) == 0 || !typed(decl.Specs[0].(*ast.ValueSpec)) {
		return nil
	}
	for _, s := range decl.Specs {
		for _, n := range s.(*ast.ValueSpec).Names {
			if strings.HasPrefix(n.Name, "State") {
				names = append(names, n.Name)
			}
		}
	}
	return names
}
