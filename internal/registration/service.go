package registration

import (
	"context"
	"log/slog"
	"time"
)

// A Service runs registrations. It is safe for concurrent use.
type Service struct {
	Pools            PoolReader
	Users            UserStore
	SelfRegistration SelfRegistrar
	Activations      Activator
	Verifications    AddressVerifier
	Proofs           AddressProver
	Breaches         Breaches
	Settings         Settings
	Recorder         Recorder                // nil keeps no record
	Journal          Journal                 // nil keeps no intents
	FormAge          time.Duration           // how long a form is used before the tenant is asked again; 0 asks each time
	Operator         func() (Operator, bool) // the member of staff in whose name people are registered; nil for a client of its own
	Logger           *slog.Logger

	forms   formCache
	records recordState
}

// loggerOf is the logger, whose records name the session of ctx, if it is of one.
func (s *Service) loggerOf(ctx context.Context) *slog.Logger {
	if name := originOf(ctx).Session; name != "" {
		return s.Logger.With("session", name)
	}
	return s.Logger
}

// logger is the one for records of what was done: they name the operator, too, if there is one.
func (s *Service) logger(ctx context.Context) *slog.Logger {
	if s.Operator != nil {
		if who, ok := s.Operator(); ok {
			return s.loggerOf(ctx).With("operator", who.Subject, "operator_name", who.Name)
		}
	}
	return s.loggerOf(ctx)
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

// report logs a problem that a person will see, and returns it.
func (s *Service) report(ctx context.Context, p *Problem, operation string) *Problem {
	s.log(ctx, p, operation)
	return p
}

func (s *Service) log(ctx context.Context, p *Problem, operation string) {
	s.logger(ctx).WarnContext(ctx, operation, "problem", string(p.Kind), "reference", p.Reference, "field", p.Field, "staff", p.Staff, "cause", p.Cause)
}

// note logs what was reached. The id of a self-registration may be another person's and is nobody's business.
func (s *Service) note(ctx context.Context, r Receipt, operation string) {
	id := string(r.UserID)
	if r.Flow == string(SelfRegister) {
		id = ""
	}
	s.logger(ctx).InfoContext(ctx, operation, "reference", r.Reference, "flow", r.Flow, "status", r.Status, "next", string(r.Next), "user_id", id)
}
