package shrink

import (
	"slices"

	"rstlab/cases"
)

// Config limits the work. The zero value is good.
type Config struct {
	// MaxTries is how many scenarios are tried at most; 0 means 5000.
	MaxTries int
	// Stop is asked before each try, and ends the work when it says so; nil never
	// does.
	Stop func() bool
}

// Stats says what was done.
type Stats struct {
	Tries   int // scenarios that were tried
	Smaller int // of these, those that showed it too
}

// shrinker is the work in progress.
type shrinker struct {
	cfg   Config
	shows func(*cases.Scenario) bool
	best  *cases.Scenario
	seen  map[string]bool // texts that were tried
	stats Stats
}

// Scenario makes s smaller while shows says that it still shows what it shows. s
// does not change. shows is called with valid scenarios only.
func Scenario(s *cases.Scenario, shows func(*cases.Scenario) bool, cfg Config) (*cases.Scenario, Stats) {
	if cfg.MaxTries == 0 {
		cfg.MaxTries = 5000
	}
	k := &shrinker{cfg: cfg, shows: shows, seen: map[string]bool{}, best: s}
	if bound, err := s.Bind(nil); err == nil {
		plain := bound.Scenario.Clone()
		plain.Params, plain.Examples, plain.Source, plain.RFC = nil, nil, nil, nil
		plain.Claim, plain.Below = "", nil
		k.try(plain)
	}
	for k.round() {
	}
	return k.best, k.stats
}

// round tries everything once, and reports whether something helped.
func (k *shrinker) round() bool {
	before := k.stats.Smaller
	k.dropProcs()
	k.dropNodes()
	k.dropSteps()
	k.dropRules()
	k.dropBoxRules()
	k.dropSettings()
	k.simplifyValues()
	return k.stats.Smaller > before && !k.done()
}

func (k *shrinker) done() bool {
	return k.stats.Tries >= k.cfg.MaxTries || k.cfg.Stop != nil && k.cfg.Stop()
}

// try takes a candidate if it is valid and shows it.
func (k *shrinker) try(s *cases.Scenario) bool {
	if k.done() || s.Validate() != nil {
		return false
	}
	text := cases.Print(s)
	if k.seen[text] {
		return false
	}
	k.seen[text] = true
	k.stats.Tries++
	if !k.shows(s) {
		return false
	}
	k.best = s
	k.stats.Smaller++
	return true
}

// edit tries the best scenario with a change. The change gets a copy.
func (k *shrinker) edit(change func(*cases.Scenario)) bool {
	s := k.best.Clone()
	change(s)
	return k.try(s)
}

// dropSome leaves out elements of a list: halves of it, quarters, and so on to
// single ones (delta debugging). length is that of the list in the best scenario;
// drop leaves out those from the first to before the second index.
func (k *shrinker) dropSome(length func() int, drop func(s *cases.Scenario, from, to int)) {
	for size := length(); size > 0; size /= 2 {
		for to := length(); to > 0; {
			from := max(0, to-size)
			k.edit(func(s *cases.Scenario) { drop(s, from, to) })
			to = min(from, length())
		}
	}
}

// without is the list without some of its elements; it shares nothing with it.
func without[T any](list []T, from, to int) []T {
	return slices.Delete(slices.Clone(list), from, min(to, len(list)))
}

func (k *shrinker) dropProcs() {
	k.dropSome(
		func() int { return len(k.best.Procs) },
		func(s *cases.Scenario, from, to int) { s.Procs = without(s.Procs, from, to) },
	)
}

func (k *shrinker) dropRules() {
	k.dropSome(
		func() int { return len(k.best.Rules) },
		func(s *cases.Scenario, from, to int) { s.Rules = without(s.Rules, from, to) },
	)
}

// dropBoxRules leaves out what middleboxes are told, and what nodes know of their neighbours.
func (k *shrinker) dropBoxRules() {
	k.dropSome(
		func() int { return len(k.best.Filters) },
		func(s *cases.Scenario, from, to int) { s.Filters = without(s.Filters, from, to) },
	)
	k.dropSome(
		func() int { return len(k.best.Forges) },
		func(s *cases.Scenario, from, to int) { s.Forges = without(s.Forges, from, to) },
	)
	k.dropSome(
		func() int { return len(k.best.Knows) },
		func(s *cases.Scenario, from, to int) { s.Knows = without(s.Knows, from, to) },
	)
}

func (k *shrinker) dropSteps() {
	for i := len(k.best.Procs) - 1; i >= 0; i-- {
		k.dropSome(
			func() int { return len(k.best.Procs[i].Steps) },
			func(s *cases.Scenario, from, to int) { s.Procs[i].Steps = without(s.Procs[i].Steps, from, to) },
		)
	}
}
