package registration

import (
	"context"
	"encoding/json"
	"reflect"
	"sync"
	"time"

	"foyer/internal/clean"
)

// A formCache keeps the form that was made last, so that a new person is not kept waiting and an unchanged pool is not read
// into another form.
type formCache struct {
	mu   sync.Mutex
	form *Form // nil until one was made
	from formSource
	read time.Time
}

// A formSource is what a form is made of.
type formSource struct {
	pool              Pool
	payload, metadata string // documents
}

// fresh returns the form if it was read less than age ago.
func (c *formCache) fresh(age time.Duration, now time.Time) (*Form, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.form, c.form != nil && now.Sub(c.read) < age
}

// keep remembers that the tenant has from at now, and returns the form of it, which make makes where it is another one.
func (c *formCache) keep(from formSource, now time.Time, make func() (*Form, error)) (*Form, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.form == nil || !reflect.DeepEqual(c.from, from) {
		form, err := make()
		if err != nil {
			return nil, err
		}
		c.form, c.from = form, from
	}
	c.read = now
	return c.form, nil
}

// expire makes the next reader ask the tenant.
func (c *formCache) expire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = time.Time{}
}

// Form returns what to ask, from the pool and its schemas: as they were read up to FormAge ago, and else as they are now, with
// another try for a while when the tenant does not answer. While they are the same, so is the form. A non-nil error is always a
// *Problem; it also says that nobody could be registered, since that could not be recorded.
func (s *Service) Form(ctx context.Context) (*Form, error) {
	if p := s.unrecordable(ctx); p != nil {
		return nil, s.report(ctx, p, "keep the audit record")
	}
	if form, ok := s.forms.fresh(s.FormAge, time.Now()); ok {
		return form, nil
	}
	reference, start := NewReference(), time.Now()
	for attempt := 1; ; attempt++ {
		form, err := s.readForm(ctx)
		if err == nil {
			return form, nil
		}
		problem := s.report(ctx, AsProblem(err, reference), "read the form")
		wait, again := delay(problem, attempt, time.Since(start))
		if !again || sleep(ctx, wait) != nil {
			return nil, problem
		}
	}
}

func (s *Service) readForm(ctx context.Context) (*Form, error) {
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
	return s.forms.keep(formSource{pool, string(payload), string(metadata)}, time.Now(), func() (*Form, error) {
		form, err := NewForm(pool, payload, metadata, s.Settings)
		if err != nil {
			return nil, &Problem{Kind: Misconfigured, Staff: clean.Line(err.Error(), longestStaff), Cause: err}
		}
		return form, nil
	})
}

// longestStaff bounds what is said to staff, in code points.
const longestStaff = 400

func (s *Service) schema(ctx context.Context, id SchemaID) (json.RawMessage, error) {
	if id == "" {
		return nil, nil
	}
	return s.Pools.Schema(ctx, id)
}

// refusedByTenant notes a refusal that our own check did not foresee: the pool or its schema may be others by now.
func (s *Service) refusedByTenant(p *Problem) {
	if p.Kind == DetailsRejected || p.Kind == PasswordRejected || p.Kind == RegistrationClosed || p.Kind == Misconfigured {
		s.forms.expire()
	}
}
