package registration

import (
	"context"
	"sync"
	"time"
)

// A Foreteller is a Recorder that can tell beforehand whether it could record something.
type Foreteller interface {
	// Ready reports why it could not; nil when it could.
	Ready(ctx context.Context) error
}

// recordAge is how long it is believed that something can be recorded, since something was.
const recordAge = time.Minute

// A recordState is whether something could be recorded the last time.
type recordState struct {
	mu   sync.Mutex
	good time.Time // when it was last possible; zero when it was not since
}

// note notes what came of recording something at now.
func (r *recordState) note(err error, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.good = now; err != nil {
		r.good = time.Time{}
	}
}

// fresh reports whether something could be recorded a short while ago.
func (r *recordState) fresh(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Sub(r.good) < recordAge
}

// unrecordable is the problem that nobody could be registered since it could not be recorded, found out before they have typed
// everything; nil when there is none, or nobody can tell.
func (s *Service) unrecordable(ctx context.Context) *Problem {
	f, ok := s.Recorder.(Foreteller)
	if !ok || s.Settings.RecordOptional || s.records.fresh(time.Now()) {
		return nil
	}
	err := f.Ready(ctx)
	s.records.note(err, time.Now())
	if err == nil {
		return nil
	}
	return unrecorded(NewReference(), err)
}

// unrecorded is the problem that the record cannot be written.
func unrecorded(reference string, err error) *Problem {
	return &Problem{
		Kind: Misconfigured, Reference: reference, Cause: err,
		Staff: "the audit record cannot be written, so nobody is registered: " + err.Error(),
	}
}
