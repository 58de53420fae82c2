package main

import (
	"fmt"
	"io"

	"rstlab/cases/explore"
)

// orderingsObject is what orderings --json prints. Fields are added in later
// versions, but none is renamed or removed.
type orderingsObject struct {
	Scenario    string                `json:"scenario"`
	Exhaustive  bool                  `json:"exhaustive"` // within the bounds
	Drops       int                   `json:"drops"`
	Duplicates  int                   `json:"duplicates"`
	InOrder     bool                  `json:"in_order"`
	NoRACK      bool                  `json:"no_rack"`
	Overtaking  int                   `json:"overtaking"`            // 0 is any number
	Retransmits *int                  `json:"retransmits,omitempty"` // how many segments are sent again; left out for any number
	Shard       string                `json:"shard,omitempty"`       // of which this was found
	Depth       int                   `json:"depth"`
	MaxRuns     int                   `json:"max_runs"`
	MaxStates   int                   `json:"max_states"`
	Runs        int                   `json:"runs"`
	Pruned      int                   `json:"pruned"`
	Matched     int                   `json:"matched"` // ended in a state where another had been
	States      int                   `json:"states"`  // that are remembered
	Forgot      int                   `json:"forgot"`  // for which there was no room
	Blind       string                `json:"blind,omitempty"`
	Cut         int                   `json:"cut"` // ended where more segments were sent again
	Longest     int                   `json:"longest"`
	TooDeep     int                   `json:"too_deep"`
	Open        int                   `json:"open"`
	Shortest    bool                  `json:"shortest"` // no order is shorter than the examples
	Outcomes    []orderingOutcomeJSON `json:"outcomes"`
}

// orderingOutcomeJSON is an outcome with its shortest example.
type orderingOutcomeJSON struct {
	Outcome string              `json:"outcome"`
	Orders  int                 `json:"orders"` // runs that ended with it
	Length  int                 `json:"length"`
	Example *explore.ReplayFile `json:"example"`
}

func orderingsJSON(plan *explore.Orderings, found *explore.Ordered, records []*explore.ReplayFile) orderingsObject {
	o := orderingsObject{
		Scenario: plan.Scenario.Name, Exhaustive: found.Exhaustive(), Shard: found.Shard.String(),
		Drops: plan.Drops, Duplicates: plan.Duplicates, InOrder: plan.InOrder, Overtaking: plan.Overtaking, NoRACK: plan.NoRACK, Depth: plan.Depth, MaxRuns: plan.Runs, MaxStates: max(plan.States, 0),
		Runs: found.Runs, Pruned: found.Pruned, Matched: found.Matched, Cut: found.Cut, States: found.States, Forgot: found.Forgot,
		Blind: found.Blind, Shortest: found.Shortest, Longest: found.Longest, TooDeep: found.TooDeep, Open: found.Open,
		Outcomes: []orderingOutcomeJSON{},
	}
	if plan.Retransmits != 0 {
		most := max(plan.Retransmits, 0)
		o.Retransmits = &most
	}
	for i, x := range found.Outcomes {
		o.Outcomes = append(o.Outcomes, orderingOutcomeJSON{x.Outcome, x.Runs, x.Length, records[i]})
	}
	return o
}

func (f *orderingsFlags) text(w io.Writer, plan *explore.Orderings, found *explore.Ordered, records []*explore.ReplayFile) error {
	out := &section{on: screenOf(w)}
	out.add(out.on.paint(bold, plan.Scenario.Name))
	out.begin("")
	out.add(fmt.Sprintf("bounds     at most %d packets lost and %d duplicated, %s, %s; %d events deep, %d runs, %d states",
		f.drops, f.dups, f.overtakes(), sentAgain(plan), f.depth, f.runs, f.states))
	out.add("executions " + executions(found))
	out.add("states     " + remembered(found))
	out.add("result     " + completeness(found))
	out.begin("")
	rows := columns{{"", "  runs", "outcome"}}
	for i, o := range found.Outcomes {
		rows = append(rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("%6d", o.Runs), o.Outcome})
	}
	lines := rows.lines("  ")
	out.add(out.on.paint(dim, lines[0]))
	out.add(lines[1:]...)
	for i, r := range records {
		out.begin(fmt.Sprintf("%d: the shortest%s, of %d events", i+1, ofThoseRun(found), found.Outcomes[i].Length))
		out.add("   "+r.Outcome, "")
		_, result, err := r.Run()
		if err != nil {
			return err
		}
		if err := explore.Untimed(&out.b, result.Trace, out.on.width, out.on.color); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, out.b.String())
	return err
}

// overtakes says which packets may overtake which.
func (f *orderingsFlags) overtakes() string {
	switch {
	case f.inOrder:
		return "none overtakes another"
	case f.overtaking > 0:
		return fmt.Sprintf("at most %d overtake one", f.overtaking)
	}
	return "in any order"
}

// sentAgain says how many segments may be sent again.
func sentAgain(plan *explore.Orderings) string {
	text := "any number sent again"
	switch {
	case plan.Retransmits < 0:
		text = "none sent again"
	case plan.Retransmits > 0:
		text = fmt.Sprintf("at most %d sent again", plan.Retransmits)
	}
	if plan.NoRACK {
		text += ", netstack without RACK"
	}
	return text
}

// executions says how many runs there were and how they ended.
func executions(found *explore.Ordered) string {
	text := fmt.Sprintf("%d run: %d of them pruned, %d ended in a state that was known", found.Runs, found.Pruned, found.Matched)
	if found.Cut > 0 {
		text += fmt.Sprintf(", %d where more was sent again", found.Cut)
	}
	return text + fmt.Sprintf("; the longest has %d events", found.Longest)
}

// completeness says whether all orders were seen, and if not why.
func completeness(found *explore.Ordered) string {
	switch {
	case found.Exhaustive():
		return "exhaustive within these bounds"
	case found.Done() && found.TooDeep == 0:
		return fmt.Sprintf("shard %s is done within these bounds; rstlab merge puts all of them together", found.Shard)
	case found.Open > 0 && found.TooDeep > 0:
		return fmt.Sprintf("NOT exhaustive: %d branches were not taken, and %d runs were deeper than the bound", found.Open, found.TooDeep)
	case found.Open > 0:
		return fmt.Sprintf("NOT exhaustive: %d branches were not taken", found.Open)
	}
	return fmt.Sprintf("NOT exhaustive: %d runs were deeper than the bound", found.TooDeep)
}

// remembered says how many states were met, and which could not be compared.
func remembered(found *explore.Ordered) string {
	text := fmt.Sprintf("%d remembered", found.States)
	if found.Forgot > 0 {
		text += fmt.Sprintf(", and %d times there was no room for one more", found.Forgot)
	}
	if found.Blind != "" {
		text += "; not all can be compared: " + found.Blind
	}
	return text
}

// ofThoseRun says that an order that was not run may be shorter.
func ofThoseRun(found *explore.Ordered) string {
	if found.Shortest {
		return ""
	}
	return " that was run"
}
