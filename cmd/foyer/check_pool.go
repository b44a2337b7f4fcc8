package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"foyer/internal/registration"
)

func (c *checkup) pool(ctx context.Context) (finding, error) {
	pool, err := c.Pool(ctx)
	if err != nil {
		return finding{}, err
	}
	p := pool.PasswordPolicy
	return finding{text: fmt.Sprintf("%s; passwords of %d characters or more, strength %s", pool.Name, p.MinLength, p.Strength)}, nil
}

func (c *checkup) schema(ctx context.Context) (finding, error) {
	form, err := c.service.Form(ctx)
	if err != nil {
		return finding{}, err
	}
	text := fmt.Sprintf("%d questions", len(form.Questions(form.Draft())))
	if omitted := form.Omitted(); len(omitted) > 0 {
		text += "; not asked: " + strings.Join(omitted, ", ")
	}
	if unmatched := form.Unmatched(); len(unmatched) > 0 {
		text += "; registration.fields names what the payload schema does not have: " + strings.Join(unmatched, ", ")
	}
	return finding{text: text}, nil
}

func (c *checkup) users(ctx context.Context) (finding, error) {
	l, err := c.link(ctx)
	if err != nil {
		return finding{}, err
	}
	if _, err := l.client.ListUsers(ctx, 1); err != nil {
		return finding{}, err
	}
	return finding{text: "the client may read the pool's users"}, nil
}

// largestSkew is how far the clocks may be apart: tokens and codes that live for a minute have to work.
const largestSkew = 30 * time.Second

func (c *checkup) clock(context.Context) (finding, error) {
	skew, ok := c.seen.clock()
	switch {
	case !ok:
		return finding{text: "the tenant does not say its time"}, nil
	case skew.Abs() > largestSkew:
		return finding{}, failed(registration.Misconfigured, nil, "this machine's clock and the tenant's are %v apart; set the clock, for example with NTP", skew.Abs())
	}
	return finding{text: fmt.Sprintf("%v from the tenant's", skew.Abs())}, nil
}
