package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
)

// Variables for more of the schedule, and for less.
const (
	onceSeeds = "FOYER_ONCE_SEEDS" // how many seeds there are
	onceSeed  = "FOYER_ONCE_SEED"  // the only one
)

// TestEachPersonIsRegisteredOnceWhateverFails runs the schedule of faults. In each run people register at the program as its
// commands are joined, over a network and with a clock that testing/synctest keeps, while the tenant misbehaves before and after its
// work, the network goes, and the process crashes as it writes. Afterwards the tenant's own store says who was told wrong.
func TestEachPersonIsRegisteredOnceWhateverFails(t *testing.T) {
	first, last := uint64(1), uint64(520)
	if raced {
		last = 60 // each takes ten times as long
	}
	if n, err := strconv.ParseUint(os.Getenv(onceSeeds), 10, 64); err == nil {
		last = n
	}
	if n, err := strconv.ParseUint(os.Getenv(onceSeed), 10, 64); err == nil {
		first, last = n, n
	}
	for seed := first; seed <= last; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			home := memory(t)
			synctest.Test(t, func(t *testing.T) { act(t, planned(seed), home) })
		})
	}
}

// act has everything happen that is planned.
func act(t *testing.T, p plan, home string) {
	t.Helper()
	w, end := openWorld(t, p, home)
	defer end()
	for i, g := range p.guests {
		w.party = append(w.party, &visit{world: w, guest: g, label: fmt.Sprintf("%s#%d", g.name, i), family: "Lee"})
	}
	var all sync.WaitGroup
	for _, v := range w.party {
		all.Go(v.live)
	}
	all.Wait()
	w.atFault(t)
	if os.Getenv(onceSeed) != "" {
		t.Logf("%s\n%s", p, w.trace)
	}
}

// memory is a folder that no disk has to be waited for, where there is such a thing.
func memory(t *testing.T) string {
	t.Helper()
	home, err := os.MkdirTemp("/dev/shm", "foyer-once-") //nolint:usetesting // which knows no other folder
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	return home
}
