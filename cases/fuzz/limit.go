package fuzz

import "rstlab/cases"

// StepLimit is how many steps of the simulator a generated scenario may take, beside
// [StepsPerPiece] for each piece of what it sends: many times what the longest of them
// needs.
const StepLimit = 200_000

// StepsPerPiece is how many more steps a run may take for each piece in which octets get
// through: a segment, its acknowledgment and a read are four.
const StepsPerPiece = 8

// smallPiece is how many octets get through at once where nothing keeps them apart: as
// many as fit into the smallest packet at least.
const smallPiece = 64

// stepLimit is how many steps a run of a scenario may take.
func stepLimit(s *cases.Scenario) uint64 {
	octets, piece := 0, smallPiece
	for _, p := range s.Procs {
		for i := range p.Steps {
			step := &p.Steps[i]
			switch step.Verb {
			case cases.VerbSend:
				octets += step.Bytes()
			case cases.VerbSet:
				if o := cases.Option(step.Option.Name); o == cases.OptionRcvBuf || o == cases.OptionSndBuf {
					piece = min(piece, step.Value.Int())
				}
			case cases.VerbRecvLoop:
				if step.Max.IsSet() {
					piece = min(piece, step.Max.Int())
				}
			}
		}
	}
	return StepLimit + StepsPerPiece*uint64(octets/max(piece, 1))
}
