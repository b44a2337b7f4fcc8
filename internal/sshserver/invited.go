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
	defer i.door.calls.Done()
	receipt, err := i.Service.Register(ctx, form, sub, notify)
	i.note(ctx, sub, receipt, err)
	return receipt, err
}

// Confirm is ui.Service's.
func (i invited) Confirm(ctx context.Context, form *registration.Form, sub *registration.Submission, code secret.Text, notify func(registration.Progress)) (registration.Receipt, error) {
	if err := i.door.begin(ctx, sub); err != nil {
		return registration.Receipt{}, err
	}
	defer i.door.calls.Done()
	receipt, err := i.Service.Confirm(ctx, form, sub, code, notify)
	i.note(ctx, sub, receipt, err)
	return receipt, err
}

// note spends the use if there is an account now: also when it was made, and what comes after that failed.
func (i invited) note(ctx context.Context, sub *registration.Submission, receipt registration.Receipt, err error) {
	switch became(ctx, sub, receipt, err) {
	case made:
		i.door.spend(ctx, sub)
	case unclear:
		i.door.doubt(sub)
	case nothing, proving:
	}
}
