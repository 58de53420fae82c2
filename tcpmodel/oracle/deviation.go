package oracle

// Deviation is a way in which an engine is known to leave the model.
type Deviation struct {
	Engine string // "netstack"
	// Where is the place in the engine's source, with its version.
	Where string
	// What it does there.
	What    string
	matches func(*Disagreement) bool
}

var deviations []Deviation

// known is the deviation that explains a disagreement.
func known(d *Disagreement) *Deviation {
	for i := range deviations {
		if deviations[i].matches(d) {
			return &deviations[i]
		}
	}
	return nil
}
