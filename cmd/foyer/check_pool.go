package main

import (
	"context"
	"fmt"
	"strings"
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
