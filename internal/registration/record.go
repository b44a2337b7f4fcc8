package registration

import (
	"context"
	"time"
)

// A Recorder keeps the record of who was registered, when, by whom and with what result. It is safe for concurrent use.
type Recorder interface {
	// Record adds e to the record, which is on the disk when it returns nil.
	Record(ctx context.Context, e Event) error
}

// An Event is what is recorded of one attempt: that it begins, and then what came of it.
type Event struct {
	At          time.Time
	Operation   string // "register", "confirm", "activate", or StaffExit
	Outcome     string // Begun, Done, Refused, or a ProblemKind
	Operator    string // the sub of the member of staff in whose name it is done; "" for none
	Origin      Origin
	Flow        string // of the receipt
	Status      string // likewise
	UserID      UserID
	Reference   string
	TraceID     string       // the tenant's name for the last exchange; "" for none
	Identifiers []Identifier // that were given, in clear: what is kept of them is the Recorder's to decide
}

// The outcomes that are no problem.
const (
	Begun   = "begun"
	Done    = "done"
	Refused = "refused" // of a StaffExit: it was not the passcode
)

// StaffExit is the operation by which staff leaves a locked kiosk.
const StaffExit = "staff_exit"

// An Origin is where a person is.
type Origin struct {
	Terminal string // of this machine; "" for none
	Remote   string // the address of a client; "" for none
	Session  string // of the client, as the log names it; "" for none
}

type originKey struct{}

// From returns ctx for what is done for a person at o.
func From(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// originOf is where the person is for whom something is done; the zero Origin when nobody says.
func originOf(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}

// recorded runs work for sub, and has the record say so before and after it. Where it cannot be recorded, nothing is done, as
// nobody would know of it; see Settings.RecordOptional.
func (s *Service) recorded(ctx context.Context, sub *Submission, operation string, work func(context.Context) (Receipt, *Problem)) (Receipt, *Problem) {
	if s.Recorder == nil {
		return work(ctx)
	}
	ctx, trace := traced(ctx)
	e := s.event(ctx, sub, operation)
	err := s.Recorder.Record(ctx, e)
	s.records.note(err, time.Now())
	if err != nil {
		s.logger(ctx).ErrorContext(ctx, "keep the audit record", "reference", sub.Reference, "error", err)
		if !s.Settings.RecordOptional {
			return Receipt{}, unrecorded(sub.Reference, err)
		}
	}
	ended := false
	defer func() {
		if !ended { // it panicked: what came of it nobody knows
			e.TraceID = trace.last()
			s.recordEnd(ctx, e, Receipt{}, &Problem{Kind: Unexpected})
		}
	}()
	receipt, problem := work(ctx)
	ended, e.TraceID = true, trace.last()
	s.recordEnd(ctx, e, receipt, problem)
	return receipt, problem
}

// recordEnd has the record say what came of e.
func (s *Service) recordEnd(ctx context.Context, e Event, receipt Receipt, problem *Problem) {
	e.At, e.Outcome = time.Now(), Done
	if problem != nil {
		e.Outcome = string(problem.Kind)
	} else {
		e.Flow, e.Status = receipt.Flow, receipt.Status
	}
	if receipt.Flow != string(SelfRegister) { // there it may be another person's
		e.UserID = receipt.UserID
	}
	// What was done stays done, and is recorded also when the person has gone meanwhile.
	if err := s.Recorder.Record(context.WithoutCancel(ctx), e); err != nil {
		s.logger(ctx).ErrorContext(ctx, "keep the audit record", "reference", e.Reference, "outcome", e.Outcome, "user_id", e.UserID, "error", err)
	}
}

// event says that an operation begins.
func (s *Service) event(ctx context.Context, sub *Submission, operation string) Event {
	e := Event{At: time.Now(), Operation: operation, Outcome: Begun, Reference: sub.Reference, Identifiers: sub.Draft.identifiers()}
	e.Origin = originOf(ctx)
	if s.Operator != nil {
		if who, ok := s.Operator(); ok {
			e.Operator = who.Subject
		}
	}
	return e
}
