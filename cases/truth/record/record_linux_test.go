package record_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rstlab/cases/truth"
	"rstlab/cases/truth/record"
)

// TestTheKernelDoesWhatWasRecordedOfIt records short scenarios again. Only what each
// call returned is compared, not when; and a machine that is busy may be late for a
// call, so that a scenario has some attempts.
func TestTheKernelDoesWhatWasRecordedOfIt(t *testing.T) {
	if err := record.Available(); err != nil {
		t.Skipf("%v", err)
	}
	const attempts = 5
	ids := []string{"1b", "9e", "13a", "7a"}
	differ := make([]string, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			for range attempts {
				if differ[i] = again(id); differ[i] == "" {
					return
				}
			}
		})
	}
	all.Wait()
	for i, id := range ids {
		require.Empty(t, differ[i], id)
	}
}

// again records a scenario, and says in which call it differs from what is
// recorded of it.
func again(id string) (differs string) {
	files, err := truth.ReadFile("../testdata/linux-6.18/" + id + ".txt")
	if err != nil {
		return err.Error()
	}
	r, err := record.Run(context.Background(), files[0])
	if err != nil {
		return err.Error()
	}
	f, err := r.File()
	if err != nil {
		return err.Error()
	}
	for i := range f.Calls {
		want, got := files[0].Calls[i].Result, f.Calls[i].Result
		if want != nil && (got == nil || got.Text != want.Text) {
			return fmt.Sprintf("%s: %+v, recorded was %+v", &f.Calls[i], got, want)
		}
	}
	return ""
}

func TestARecordingEndsWhenItIsCancelled(t *testing.T) {
	if err := record.Available(); err != nil {
		t.Skipf("%v", err)
	}
	files, err := truth.Read("x.txt", []byte("== x | a scenario of an hour\ndur 3600000\nest\n20 A c recv 10\n"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = record.Run(ctx, files[0])
	require.ErrorIs(t, err, context.Canceled)
}
