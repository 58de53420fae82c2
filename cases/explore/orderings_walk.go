package explore

import (
	"slices"

	"rstlab/netsim"
)

// branch is a run to be made: choices to begin with, all of them, and what was
// asleep or had been tried before the last of these.
type branch struct {
	path  []uint16
	sleep []netsim.Choice
	from  stateID // before the last choice of the path
	via   moveID  // which that was
}

// visit is a state that a run has come to after its path.
type visit struct {
	sum     netsim.StateSum
	blind   error           // why there is no sum
	sleep   []netsim.Choice // on arrival
	offered []netsim.Choice
	asleep  []netsim.Choice // while the run goes on
	chosen  int             // of offered; less than 0 for none
	deep    bool            // too deep for other branches
}

// walker is the chooser of a branch: it follows the path, then takes the first
// thing that is to be tried, and notes where it has been.
type walker struct {
	branch
	depth   int
	known   *states // which nobody changes while the run goes on
	state   func() (netsim.StateSum, error)
	at      int
	offered []netsim.Choice
	last    netsim.Choice   // what has just happened, unless at is 0
	looked  []netsim.Choice // the deadlines at which that looked
	ended   bool            // no program is left, so that no branch has another outcome
	visits  []visit
	taken   []uint16 // after the path
	choices []int    // where there was a choice
	length  int      // of the run until its outcome was known
	stopped bool
	tooDeep bool   // counted already
	cut     bool   // more was sent again than may be
	outcome string // "" when it was stopped or cut
}

// Begin implements [netsim.Remembering].
func (w *walker) Begin(state func() (netsim.StateSum, error)) { w.state = state }

// Offer implements [netsim.Offered].
func (w *walker) Offer(choices []netsim.Choice) { w.offered = choices }

// Looked implements [netsim.Watching].
func (w *walker) Looked(at []netsim.Choice) { w.looked = at }

// Ended implements [netsim.Watching].
func (w *walker) Ended() { w.ended = true }

// Choose implements [Chooser].
func (w *walker) Choose(_ string, n int) int {
	i := w.choose()
	if i < 0 {
		w.stopped = true
		return i
	}
	w.at++
	if !w.ended {
		w.length = w.at
	}
	w.last = w.offered[i]
	if n > 1 {
		w.choices = append(w.choices, i)
	}
	return i
}

func (w *walker) choose() int {
	if w.at < len(w.path) {
		return int(w.path[w.at])
	}
	if w.ended {
		return 0 // the outcome is known, whatever comes
	}
	if w.at > 0 {
		w.sleep = awake(w.sleep, &w.last, w.looked)
	}
	v := visit{sleep: w.sleep, offered: slices.Clone(w.offered), chosen: -1, deep: w.at >= w.depth}
	visited, then := false, []netsim.Choice(nil)
	if w.known.on() {
		if v.sum, v.blind = w.state(); v.blind == nil {
			then, visited = w.known.asleep(v.sum)
		}
	}
	var try []netsim.Choice
	try, v.asleep = plan(v.offered, v.sleep, visited, then)
	if len(try) > 0 {
		v.chosen = slices.Index(v.offered, try[0])
		w.taken = append(w.taken, uint16(v.chosen))
		w.sleep = v.asleep
	}
	w.visits = append(w.visits, v)
	return v.chosen
}

// pathTo is the way to visit i, and then a choice.
func (w *walker) pathTo(i, choice int) []uint16 {
	path := make([]uint16, 0, len(w.path)+i+1)
	path = append(path, w.path...)
	path = append(path, w.taken[:i]...)
	return append(path, uint16(choice))
}
