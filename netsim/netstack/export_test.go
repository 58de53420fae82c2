package netstack

// The two tables of the package, for the tests that check them for
// completeness against gVisor's source.
var (
	ErrnoOf = errnoOf
	StateOf = stateOf
)
