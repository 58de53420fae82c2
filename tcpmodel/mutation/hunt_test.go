package mutation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rstlab/cases/fuzz"
	"rstlab/tcpmodel/mutation"
)

// The properties that are none of package cases/fuzz.
const (
	// likeProfile: the oracle of a process without a fault follows the runs on the
	// profile of netstack as it follows netstack.
	likeProfile = "like-profile"
	// likeNetstack: where the model gives the outcome that netstack gives, it still
	// does.
	likeNetstack = "like-netstack"
	// likeModel: every call gives what it gives on the model without a fault, and
	// at the same time. It compares with a recording of the model, so it knows nothing
	// better than the model, and counts apart.
	likeModel = "like-model"
	// crashed and hung: the process of the mutant came to an end, or to no end.
	crashed = "crash"
	hung    = "hang"
)

// patience is how long, in real time, a mutant may take for one scenario on one
// stack.
const patience = time.Minute

// finding is the first scenario in which a property does not hold. The zero value
// is none.
type finding struct {
	scenarios int // how many were run, this one included
	property  string
	stack     string
}

// verdict is what came of a mutant: what property found it first, and when likeModel
// did.
type verdict struct {
	mutant      mutation.Mutant
	found, like finding
}

// seen reports whether anything found it.
func (v *verdict) seen() bool { return v.found.scenarios > 0 || v.like.scenarios > 0 }

// foolable are the properties, without their cases, that forged segments break
// without a fault of the model, because they count as delivered what nobody sent.
// Under attack they find no mutant. endless is two ends that answer each other's
// ACKs for ever, on profiles that do not limit these. The oracle is given what was
// forged like anything else that arrives.
var foolable = []string{
	"ack-only-received", "econnreset-after-rst", fuzz.KindEndless, "eof-after-fin", "no-time-wait-after-reset",
	"state-follows", "state-has-cause", "window-not-shrunk",
}

// counts reports whether a property that a scenario breaks can prove a fault.
func (s *seen) counts(property string) bool {
	name, _, _ := strings.Cut(property, ":")
	return !s.Attacked || !slices.Contains(foolable, name)
}

// judge has what the model without a fault, and netstack, make of the scenarios.
type judge struct {
	whole bool // go on when likeModel alone has found it

	mu   sync.Mutex
	memo map[string]func() seen
}

func (j *judge) look(number int, stack string) seen {
	key := fmt.Sprint(number, stack)
	j.mu.Lock()
	if j.memo[key] == nil {
		j.memo[key] = sync.OnceValue(func() seen {
			s := look(number, stack)
			s.follow()
			return s
		})
	}
	get := j.memo[key]
	j.mu.Unlock()
	return get()
}

// broken is the strongest property that a mutant breaks in a scenario on a stack;
// "" is none. What the model breaks without a fault proves nothing.
func (j *judge) broken(got *seen) string {
	want := j.look(got.Scenario, got.Stack)
	for _, kind := range got.Broken {
		if got.counts(kind) && !slices.Contains(want.Broken, kind) {
			return kind
		}
	}
	if got.follow(); len(want.Unfollowed) == 0 && len(got.Unfollowed) > 0 {
		if kind := likeProfile + ":" + got.Unfollowed[0]; got.counts(kind) {
			return kind
		}
	}
	if got.Stack == netstackModel && got.Outcome != want.Outcome &&
		want.Outcome == j.look(got.Scenario, netstack).Outcome {
		return likeNetstack
	}
	if got.Calls != want.Calls {
		return likeModel
	}
	return ""
}

// hunt builds a mutant in a directory and runs scenarios until a property finds
// it.
func (j *judge) hunt(m mutation.Mutant, dir string) (verdict, error) {
	v := verdict{mutant: m}
	binary, err := build(m, dir)
	if err != nil {
		return v, err
	}
	return v, errors.Join(j.run(&v, binary, bound), os.Remove(binary))
}

// run runs the binary of a mutant for at most so many scenarios.
func (j *judge) run(v *verdict, binary string, limit int) error {
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), childVariable+"=1", "GOMAXPROCS=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	j.follow(v, out, limit, func() { cmd.Process.Kill() }) //nolint:errcheck // it may have ended
	cmd.Process.Kill()                                     //nolint:errcheck // it may have ended
	cmd.Wait()                                             //nolint:errcheck // it was killed
	return nil
}

// follow reads what a mutant's process sees until it is found. stop ends the
// process when nothing comes for too long.
func (j *judge) follow(v *verdict, out io.Reader, limit int, stop func()) {
	hangs := time.AfterFunc(patience, stop)
	in := json.NewDecoder(out)
	for number := range limit {
		for _, stack := range stacks() {
			got := seen{Scenario: number, Stack: stack}
			hangs.Reset(patience)
			err := in.Decode(&got)
			waiting := hangs.Stop()
			property := ""
			switch {
			case err != nil && !waiting:
				property = hung
			case err != nil:
				property = crashed
			default:
				property = j.broken(&got)
			}
			v.note(finding{number + 1, property, stack})
			if err != nil {
				return
			}
		}
		if v.found.scenarios > 0 || v.like.scenarios > 0 && !j.whole {
			return
		}
	}
}

// note takes what was found on one stack.
func (v *verdict) note(f finding) {
	first := &v.found
	if f.property == likeModel {
		first = &v.like
	}
	if f.property != "" && first.scenarios == 0 {
		*first = f
	}
}

// build compiles this test with the mutant in place of the model's own file.
func build(m mutation.Mutant, dir string) (string, error) {
	original, err := filepath.Abs(filepath.Join(modelDir, m.File))
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(original)
	if err != nil {
		return "", err
	}
	source, err = m.Apply(source)
	if err != nil {
		return "", err
	}
	changed, overlay := filepath.Join(dir, m.ID+".go"), filepath.Join(dir, m.ID+".json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err = errors.Join(err, os.WriteFile(changed, source, 0o600), os.WriteFile(overlay, replace, 0o600)); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, m.ID+".test")
	cmd := exec.Command("go", "test", "-c", "-ldflags=-s -w", "-overlay", overlay, "-o", binary, "rstlab/tcpmodel/mutation")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("mutant %s cannot be built: %w\n%s", m.ID, err, out)
	}
	return binary, nil
}
