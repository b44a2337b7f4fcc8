package sshserver

import (
	"slices"
	"time"
)

// durationBounds are the bounds of the classes that Durations count in: nobody registers within the first, and the last is
// longer than ssh.session_timeout is by default.
func durationBounds() []time.Duration {
	return []time.Duration{
		5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
		15 * time.Minute, 30 * time.Minute, time.Hour,
	}
}

// Durations are how long sessions have lasted. They are a value: a copy does not change.
type Durations struct {
	Count  uint64
	Sum    time.Duration
	counts [10]uint64 // by class of durationBounds
}

// add counts one of them.
func (d *Durations) add(lasted time.Duration) {
	d.Count++
	d.Sum += lasted
	if i := slices.IndexFunc(durationBounds(), func(bound time.Duration) bool { return lasted <= bound }); i >= 0 {
		d.counts[i]++
	}
}

// Within is how many have lasted so long and no longer, for each bound of the classes.
func (d *Durations) Within() map[time.Duration]uint64 {
	within, sum := make(map[time.Duration]uint64), uint64(0)
	for i, bound := range durationBounds() {
		sum += d.counts[i]
		within[bound] = sum
	}
	return within
}
