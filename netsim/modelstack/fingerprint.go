package modelstack

import (
	"rstlab/netsim/engine"
	"rstlab/netsim/fingerprint"
)

// AppendState implements [engine.Stated]: it writes the model and everything
// that can be reached from it, but what unwritten names.
func (e *Engine) AppendState(b []byte, held []engine.Socket, _ bool) ([]byte, error) {
	state := struct {
		engine *Engine
		held   []*Socket
	}{engine: e}
	for _, s := range held {
		state.held = append(state.held, s.(*Socket))
	}
	return plan.Append(b, state)
}

var plan = fingerprint.NewPlan(fingerprint.Rules{Skip: unwritten})

// unwritten is what has no part in what a stack does next, and why.
var unwritten = map[string]string{
	"modelstack.Engine.agenda":    "made once",
	"modelstack.Engine.fired":     "made once",
	"modelstack.Engine.alarm":     "set to the first deadline of the model",
	"modelstack.Engine.place":     "the place of that deadline",
	"modelstack.Engine.sockets":   "those that the caller holds, by their model",
	"modelstack.Engine.pending":   "empty when the engine has settled",
	"modelstack.Engine.out":       "what the last step came to",
	"modelstack.Socket.signalled": "false when the engine has settled",
	"tcpmodel.Profile":            "the same in all runs of a scenario",
	"tcpmodel.StackConfig.Places": "made once",
	"tcpmodel.timers.places":      "made once",
	"tcpmodel.clock.place":        "which clock is first is written itself",
	"tcpmodel.Stack.conns":        "the members of list, by their flow",
	"tcpmodel.Stack.out":          "what the last step came to",
	"tcpmodel.Endpoint.out":       "what the last step came to",
	"tcpmodel.Endpoint.room":      "where slices begin that are written themselves",
	"tcpmodel.ClauseSet":          "which rules were followed, for reports",
}
