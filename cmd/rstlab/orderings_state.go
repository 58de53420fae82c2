package main

import (
	"os"
	"time"

	"rstlab/cases/explore"
)

// keepEvery is the least time from when a search of orderings was kept until it is
// again.
var keepEvery = 3 * time.Second

// keepShare bounds what keeping a search takes: one part in so many of the time.
const keepShare = 10

// keepOrderings keeps a search in a file now and then while it goes on.
func keepOrderings(plan *explore.Orderings, name string) func(*explore.Ordered) error {
	next := time.Now().Add(keepEvery)
	return func(found *explore.Ordered) error {
		begun := time.Now()
		if begun.Before(next) {
			return nil
		}
		err := saveOrderings(plan, name, found)
		next = time.Now().Add(max(keepEvery, keepShare*time.Since(begun)))
		return err
	}
}

// saveOrderings keeps a search that can go on. What was in the file remains until all of
// this is on the disk.
func saveOrderings(plan *explore.Orderings, name string, found *explore.Ordered) error {
	file, err := createFile(name)
	if err != nil {
		return err
	}
	defer file.discard()
	if err := plan.Save(file, found); err != nil {
		return err
	}
	return file.commitSynced()
}

// loadOrderings is the search in a file.
func loadOrderings(plan *explore.Orderings, name string) (*explore.Ordered, error) {
	file, err := openOrderings(name, "leave --resume out to begin, or name another file")
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read from
	return plan.Load(name, file)
}

func openOrderings(name, remedy string) (*os.File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, wrong(remedy, "file %q cannot be read: %v", name, cause(err))
	}
	return file, nil
}
