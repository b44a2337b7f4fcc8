package registration

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"foyer/internal/clean"
)

// A Service runs registrations. It is safe for concurrent use.
type Service struct {
	Pools            PoolReader
	Users            UserStore
	SelfRegistration SelfRegistrar
	Activations      Activator
	Verifications    AddressVerifier
	Proofs           AddressProver
	Settings         Settings
	Logger           *slog.Logger
}

// Form reads the pool and its schemas and returns what to ask, again for a while when the tenant does not answer. A
// non-nil error is always a *Problem.
func (s *Service) Form(ctx context.Context) (*Form, error) {
	reference, start := NewReference(), time.Now()
	for attempt := 1; ; attempt++ {
		form, err := s.form(ctx)
		if err == nil {
			return form, nil
		}
		problem := s.report(AsProblem(err, reference), "read the form")
		wait, again := delay(problem, attempt, time.Since(start))
		if !again || sleep(ctx, wait) != nil {
			return nil, problem
		}
	}
}

func (s *Service) form(ctx context.Context) (*Form, error) {
	pool, err := s.Pools.Pool(ctx)
	if err != nil {
		return nil, err
	}
	if p := s.closed(pool); p != nil {
		return nil, p
	}
	payload, err := s.schema(ctx, pool.PayloadSchemaID)
	if err != nil {
		return nil, err
	}
	metadata, err := s.schema(ctx, pool.MetadataSchemaID)
	if err != nil {
		return nil, err
	}
	form, err := NewForm(pool, payload, metadata, s.Settings)
	if err != nil {
		return nil, &Problem{Kind: Misconfigured, Staff: clean.Line(err.Error(), longestStaff), Cause: err}
	}
	return form, nil
}

// closed is the problem of a pool that lets nobody register themselves; nil when it does, or when that is not our way in.
func (s *Service) closed(pool Pool) *Problem {
	if s.Settings.withDefaults().API != SelfRegister || pool.PublicRegistrationAllowed {
		return nil
	}
	return &Problem{
		Kind:  RegistrationClosed,
		Staff: "the pool does not allow self-registration; allow it there (public_registration_allowed), or set registration.api to create",
	}
}

// longestStaff bounds what is said to staff, in code points.
const longestStaff = 400

func (s *Service) schema(ctx context.Context, id SchemaID) (json.RawMessage, error) {
	if id == "" {
		return nil, nil
	}
	return s.Pools.Schema(ctx, id)
}

// report logs a problem that a person will see, and returns it.
func (s *Service) report(p *Problem, operation string) *Problem {
	s.log(p, operation)
	return p
}

func (s *Service) log(p *Problem, operation string) {
	s.Logger.Warn(operation, "problem", string(p.Kind), "reference", p.Reference, "field", p.Field, "staff", p.Staff, "cause", p.Cause)
}

// note logs what was reached. The id of a self-registration may be another person's and is nobody's business.
func (s *Service) note(r Receipt, operation string) {
	id := string(r.UserID)
	if r.Flow == string(SelfRegister) {
		id = ""
	}
	s.Logger.Info(operation, "reference", r.Reference, "flow", r.Flow, "status", r.Status, "next", string(r.Next), "user_id", id)
}
