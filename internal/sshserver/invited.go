package sshserver

import (
	"context"

	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui"
)

// invited is a service for whom an invitation lets in. The use is spent as soon as there is an account, also one that waits for
// its code: an invitation is for one account.
type invited struct {
	ui.Service
	door *door
}

// Register is ui.Service's.
func (i invited) Register(ctx context.Context, form *registration.Form, sub *registration.Submission, notify func(registration.Progress)) (registration.Receipt, error) {
	if err := i.door.begin(ctx, sub); err != nil {
		return registration.Receipt{}, err
	}
	return i.note(ctx, sub, func() (registration.Receipt, error) { return i.Service.Register(ctx, form, sub, notify) })
}

// Confirm is ui.Service's.
func (i invited) Confirm(ctx context.Context, form *registration.Form, sub *registration.Submission, code secret.Text, notify func(registration.Progress)) (registration.Receipt, error) {
	if err := i.door.begin(ctx, sub); err != nil {
		return registration.Receipt{}, err
	}
	return i.note(ctx, sub, func() (registration.Receipt, error) { return i.Service.Confirm(ctx, form, sub, code, notify) })
}

// note makes a call, and has the door note what became of it: also when an account was made and what comes after that failed. After
// a panic nobody knows.
func (i invited) note(ctx context.Context, sub *registration.Submission, call func() (registration.Receipt, error)) (receipt registration.Receipt, err error) {
	became := unclear
	defer func() { i.door.end(ctx, sub, became, err) }()
	receipt, err = call()
	became = fateOf(ctx, sub, receipt, err)
	return receipt, err
}
