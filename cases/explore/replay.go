package explore

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"

	"rstlab/cases"
	"rstlab/netsim"
)

// replayFormat is the version of replay files.
const replayFormat = 2

// maxReplay is the longest replay file, in bytes.
const maxReplay = 8 << 20

// ReplayFile is a run with all its choices: everything that is needed to see it
// again.
type ReplayFile struct {
	Kind       string            `json:"rstlab"` // replay
	Format     int               `json:"format"`
	Name       string            `json:"name"`     // of the scenario
	Scenario   string            `json:"scenario"` // its text
	Params     map[string]string `json:"params"`
	Seed       uint64            `json:"seed"`
	Drops      int               `json:"drops"`
	Duplicates int               `json:"duplicates"`
	Overtaking int               `json:"overtaking,omitempty"`
	NoRACK     bool              `json:"no_rack,omitempty"`
	InOrder    bool              `json:"in_order"`
	Whole      bool              `json:"whole,omitempty"` // see [netsim.Choosing]
	Stacks     map[string]string `json:"stacks,omitempty"`
	Choices    []int             `json:"choices"` // where there was a choice
	Outcome    string            `json:"outcome"`
	Hash       string            `json:"hash"`
	Versions   Versions          `json:"versions"`
	Checksum   string            `json:"checksum"` // SHA-256 of the other fields
}

const replayKind = "replay"

// Record makes the replay file of an ordering that a search has found.
func (o *Orderings) Record(found Ordering) (*ReplayFile, error) {
	bound, err := o.Bind(nil)
	if err != nil {
		return nil, err
	}
	f := &ReplayFile{
		Kind: replayKind, Format: replayFormat, Name: o.Scenario.Name, Scenario: cases.Print(o.Scenario), Params: bound.Set(),
		Seed: o.Seed, Drops: o.Drops, Duplicates: o.Duplicates, Overtaking: o.Overtaking,
		NoRACK: o.NoRACK, InOrder: o.InOrder, Whole: o.Whole, Stacks: o.Stacks, Choices: found.Choices,
		Outcome: found.Outcome, Versions: CurrentVersions(),
	}
	if f.Choices == nil {
		f.Choices = []int{}
	}
	r, _, err := f.run(false)
	if err != nil {
		return nil, err
	}
	f.Hash = r.Hash.String()
	f.Seal()
	return f, nil
}

// Seal sets the checksum, after a change.
func (f *ReplayFile) Seal() { f.Checksum = f.checksum() }

func (f *ReplayFile) checksum() string {
	bare := *f
	bare.Checksum = ""
	text, err := json.Marshal(bare)
	if err != nil {
		panic("explore: unreachable: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Write writes the file.
func (f *ReplayFile) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(f)
}

// ReadReplay reads a replay file; the name is for messages. A file that is
// damaged, or was written by a version whose runs may differ, is refused with
// the reason.
func ReadReplay(name string, r io.Reader) (*ReplayFile, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxReplay+1))
	if err != nil {
		return nil, err
	}
	const again = "record it again with rstlab orderings -o DIR"
	var f ReplayFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	current := CurrentVersions()
	switch err := decoder.Decode(&f); {
	case len(text) > maxReplay:
		return nil, mistake(again, "%s: this is longer than %d MiB", name, maxReplay>>20)
	case err != nil:
		return nil, mistake(again, "%s: this is no replay file: %v", name, err)
	case f.Kind != replayKind:
		return nil, mistake(again, "%s: this is no replay file", name)
	case f.Format != replayFormat:
		return nil, mistake(again, "%s: format %d, and this rstlab knows %d", name, f.Format, replayFormat)
	case f.Checksum != f.checksum():
		return nil, mistake(again, "%s: the file is damaged or was changed: its checksum is wrong", name)
	case f.Versions.GVisor != current.GVisor || f.Versions.Trace != current.Trace:
		return nil, mistake(again+", or use the rstlab of that time", "%s: it is outdated: it was recorded with gVisor %s and trace format %d, this is gVisor %s and %d",
			name, f.Versions.GVisor, f.Versions.Trace, current.GVisor, current.Trace)
	}
	return &f, nil
}

// Run makes the run again. That it is not the same any more is an error with
// the reason: the simulator was changed since.
func (f *ReplayFile) Run() (*cases.Bound, *cases.Result, error) {
	r, bound, err := f.run(true)
	remedy := f.remedy()
	switch {
	case err != nil:
		return nil, nil, err
	case r.Outcome.String() != f.Outcome:
		return nil, nil, mistake(remedy, "the outcome was %s, and now is %s", f.Outcome, r.Outcome)
	case r.Hash.String() != f.Hash:
		return nil, nil, mistake(remedy, "the outcome is the same, but the hash of the trace was %s, and now is %s", f.Hash, r.Hash)
	}
	return bound, r, nil
}

// remedy is what to do about a run that is not the same any more.
func (f *ReplayFile) remedy() string {
	if f.Versions.Fused != netsim.FusesFloats() {
		return "it was recorded by a program that rounds x*y + z otherwise than this one: rstlab version tells how to build both alike"
	}
	return "rstlab was changed since: record it again with rstlab orderings -o DIR"
}

// run makes the run without a look at what is expected of it.
func (f *ReplayFile) run(keepTrace bool) (*cases.Result, *cases.Bound, error) {
	s, err := cases.Parse(f.Name, []byte(f.Scenario))
	if err != nil {
		return nil, nil, err
	}
	s.Name = f.Name
	space := Space{Scenario: s, Set: f.Params, Stacks: f.Stacks}
	bound, err := space.Bind(nil)
	if err != nil {
		return nil, nil, err
	}
	chooser := &Replay{Choices: f.Choices}
	r, err := bound.Run(cases.RunConfig{Seed: f.Seed, KeepTrace: keepTrace, Choosing: netsim.Choosing{
		Chooser: chooser, Drops: f.Drops, Duplicates: f.Duplicates, InOrder: f.InOrder, Overtaking: f.Overtaking, NoRACK: f.NoRACK, Whole: f.Whole,
	}})
	remedy := f.remedy()
	switch {
	case errors.Is(err, netsim.ErrStopped):
		return nil, nil, mistake(remedy, "%s", chooser.Wrong)
	case err != nil:
		return nil, nil, err
	case chooser.Left() > 0:
		return nil, nil, mistake(remedy, "the run ended before the last %d choices", chooser.Left())
	}
	return r, &bound, nil
}
