// Package explore will search scenarios: sweeps, phase diagrams, bisection,
// orderings and shrinking. Nothing of it is here yet.
//
// What it will stand on is: a run is a function of scenario, parameters and
// seed alone ([rstlab/cases.Bound.Run]), it takes a quarter of a millisecond,
// and runs share nothing, so that many can go on at once.
package explore
